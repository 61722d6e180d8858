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

#include "proc/cpuset.h"
#include "proc/task.h"

/* who is a process, not one of its threads. */
int act_signal(struct task_id who, int signo) MUST_CHECK;

/* Its descriptor, readable when it has ended. */
int act_pidfd(struct task_id who) MUST_CHECK;

/* Adds to the nice value; the kernel keeps it within -20 and 19.  Of a process:
 * of each of its threads, because to Linux every thread has its own, setpriority(2). */
int act_nice(struct task_id who, bool thread, int add) MUST_CHECK;

/* ---- who may run where, when, and read first: proc/act_sched.c ---- */

/* Numbers of include/uapi/linux/sched.h. */
enum { POLICY_OTHER, POLICY_FIFO, POLICY_RR, POLICY_BATCH, POLICY_IDLE = 5 };

/* Numbers of include/uapi/linux/ioprio.h; none: as the nice value says. */
enum { IO_CLASS_NONE, IO_CLASS_RT, IO_CLASS_BE, IO_CLASS_IDLE, IO_LEVELS = 8, IO_CLASS_SHIFT = 13 };

/* What of it is in force for a task: of a process, its main thread. */
struct act_sched {
	struct cpuset online;	/* CPUs there are now */
	struct cpuset cpus;	/* those of them that it may use */
	u32 policy;
	u32 priority;		/* of FIFO and RR: 1 to 99 */
	bool reset_on_fork;	/* children begin with OTHER */
	u32 io_priority;	/* class << IO_CLASS_SHIFT | level */
};

int act_look(struct task_id who, struct act_sched *out) MUST_CHECK;

/* Each of a process is of all its threads, as with act_nice().  -EDOM: it may
 * use fewer CPUs than it was told to, because its cpuset has no more.  All that
 * are online means any that will be, too. */
int act_affinity(struct task_id who, bool thread, const struct act_sched *want) MUST_CHECK;
int act_policy(struct task_id who, bool thread, const struct act_sched *want) MUST_CHECK;
int act_io_priority(struct task_id who, bool thread, const struct act_sched *want) MUST_CHECK;

/* The nice value that all processes of a session have among other sessions,
 * sched(7).  *nice is what it is now; -EOPNOTSUPP: this kernel has no such groups. */
int act_autogroup_look(struct task_id who, int *nice) MUST_CHECK;
/* -EAGAIN: the kernel takes ten a second from those without CAP_SYS_ADMIN. */
int act_autogroup(struct task_id who, int nice) MUST_CHECK;

#endif
