/* proc/exited.h - processes that ended between two samples: what they used that
 * no row shows, by command and parent.
 *
 * The CPU time of a process belongs to its row as long as it has one; what it
 * used after the last sample that had it is counted here, once.  Pure: events
 * and two tables in, groups out; fixed memory, and what does not fit is one
 * group without a name. */
#ifndef PROC_EXITED_H
#define PROC_EXITED_H

#include "proc/task.h"

/* What a probe said of one process; see struct exit_rec in probes/abi.h. */
struct exit_event {
	u64 start_boot_ns;
	u64 runtime_ns;		/* all of it from its start, as far as known; exact in the last event */
	u64 cgroup_id;
	u32 pid, ppid, uid;
	u32 status;		/* as wait(2) has it */
	bool last;		/* nothing below pid, nor cgroup_id, is filled */
	bool kernel;
	char comm[TASK_COMM], parent_comm[TASK_COMM];	/* NUL-terminated; hostile */
};

/* Since the sample before; lost ones since the probe was attached. */
struct exits_raw {
	const struct exit_event *event;	/* in the order of what happened */
	u32 n;
	u64 lost;		/* processes without an event */
	u64 lost_ns;		/* their CPU time, as far as no row has shown it */
	bool still;		/* not looked at: what the window before had is still true */
};

enum { EXITED_GROUPS = 256, EXITED_OPEN = 8192 };

struct exited_group {
	char comm[TASK_COMM], parent_comm[TASK_COMM];
	u32 ppid, uid;
	bool kernel;
	bool rest;		/* all those without a group of their own: nothing above is known */
	bool mixed;		/* of several cgroups: cgroup_id is one of them */
	u32 count;		/* that ended; 0: more came to light of those of the window before */
	u32 failed;		/* of them, by a signal or with another status than 0 */
	u32 first;		/* for exited_pid() */
	u64 cpu_ns;
	u64 cgroup_id;
};

struct exited;		/* opaque */

/* 0 or -ENOMEM. */
int exited_new(struct exited **out) MUST_CHECK;
void exited_free(struct exited *e);	/* takes NULL */

/* One window.  prev is NULL where nothing before it is known: then nothing is
 * said of it either. */
void exited_step(struct exited *e, const struct task_table *prev, const struct task_table *cur,
		 const struct exits_raw *raw);

/* Of the last window.  n: how many. */
const struct exited_group *exited_groups(const struct exited *e, u32 *n);

/* Processes in it that left no event. */
u64 exited_lost(const struct exited *e);

/* A group's processes one by one: at begins as its first; 0 ends. */
u32 exited_pid(const struct exited *e, u32 *at);

#endif
