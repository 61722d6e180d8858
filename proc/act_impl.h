/* proc/act_impl.h - inside of the acts: whom they hit. */
#ifndef PROC_ACT_IMPL_H
#define PROC_ACT_IMPL_H

#include "proc/act.h"

enum { ACT_PATH = 32 };

/* "/proc/PID" and what follows. */
const char *act_path(char room[static ACT_PATH], u32 pid, const char *rest);

/* 0 when the number still names the same task. */
int act_check(struct task_id who) MUST_CHECK;

/* What is done to one thread: 0 or -errno. */
typedef int act_thread_fn(u32 tid, const void *arg);

/* To the thread, or to every thread of the process: then the first thing that
 * went wrong; a thread that has ended meanwhile is nothing wrong. */
int act_on(struct task_id who, bool thread, act_thread_fn *fn, const void *arg) MUST_CHECK;

#endif
