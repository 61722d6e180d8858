/* proc/act.h - what is done to a process.
 *
 * A task is named by its number and its start, and both are checked against
 * /proc right before the act: one that has been given the number meanwhile is
 * never hit.  A signal goes through a pidfd (5.3), so nothing can come in
 * between; elsewhere what is left is the time between two system calls.
 *
 * Results: 0; -ESRCH: it has ended; -ENOENT: /proc is not there to check with;
 * or what the kernel said, -errno. */
#ifndef PROC_ACT_H
#define PROC_ACT_H

#include "proc/task.h"

/* who is a process, not one of its threads. */
int act_signal(struct task_id who, int signo) MUST_CHECK;

/* Adds to the nice value; the kernel keeps it within -20 and 19.  Of a process:
 * of each of its threads, because to Linux every thread has its own, setpriority(2). */
int act_nice(struct task_id who, bool thread, int add) MUST_CHECK;

#endif
