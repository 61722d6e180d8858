/* proc/pidfiles.h - the text files of one process to numbers.  Pure: bytes in,
 * fields of a task out; 0 or -EBADMSG.  Any bytes at all. */
#ifndef PROC_PIDFILES_H
#define PROC_PIDFILES_H

#include "proc/task.h"

/* What the parsers must know of the machine to turn ticks and pages into
 * nanoseconds and bytes. */
struct proc_units {
	u32 page_size;
	u32 ticks_per_s;	/* sysconf(_SC_CLK_TCK): USER_HZ */
};

/* comm may hold anything, parentheses, spaces and newlines included. */
int pid_stat_parse(struct task *t, struct bytes text, const struct proc_units *u) MUST_CHECK;
int pid_statm_parse(struct task *t, struct bytes text, const struct proc_units *u) MUST_CHECK;
int pid_io_parse(struct task *t, struct bytes text) MUST_CHECK;
int pid_status_parse(struct task *t, struct bytes text) MUST_CHECK;	/* VmSwap */

#endif
