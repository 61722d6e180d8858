/* proc/task.h - one process or thread at one instant, as every backend gives
 * it: raw counters, no rates. */
#ifndef PROC_TASK_H
#define PROC_TASK_H

#include "loader/base.h"

enum { TASK_COMM = 16, TASK_NONE = UINT32_MAX };

/* Names a task for good: a number alone is given again. */
struct task_id {
	u32 pid;		/* of a thread: its tid */
	u64 start_boot_ns;	/* as in struct task */
};

/* Which fields of a task carry a value.  What is not here is always known. */
enum task_have {
	TASK_HAVE_RSS      = 1u << 0,	/* vsize_bytes, rss_bytes: not for kernel threads and zombies */
	TASK_HAVE_SHARED   = 1u << 1,	/* shared_bytes */
	TASK_HAVE_SWAP     = 1u << 2,	/* swap_bytes */
	TASK_HAVE_OOM      = 1u << 3,	/* oom_score_adj */
	TASK_HAVE_TIMES    = 1u << 4,	/* user_ns, system_ns */
	TASK_HAVE_FAULTS   = 1u << 5,	/* min_flt, maj_flt */
	TASK_HAVE_SWITCHES = 1u << 6,	/* nvcsw, nivcsw */
	TASK_HAVE_CGROUP   = 1u << 7,	/* cgroup_id */
	TASK_HAVE_IO       = 1u << 8,	/* read_bytes, write_bytes */
	TASK_HAVE_OWN      = 1u << 9,	/* own_runtime_ns: the main thread alone */
	TASK_HAVE_POLICY   = 1u << 12,	/* policy */
	TASK_HAVE_IO_PRIORITY = 1u << 13,	/* io_priority */
	TASK_HAVE_FROZEN   = 1u << 14,	/* frozen: not in the root cgroup */
};

/* What is looked at of every task in every sample stands first: thousands of them
 * do not fit the cache. */
struct task {
	u32 pid;		/* of a thread: its tid */
	u32 tgid;
	u32 have;		/* enum task_have */
	u32 before;		/* where it was in the table before, to be passed to
				 * task_table_find(); anything else: it was not */
	u64 start_boot_ns;	/* with pid, names a task for good; ns since boot, /proc gives it in 10 ms */
	u64 exec_id;		/* another value after execve; means nothing else */
	u64 at_ns;		/* CLOCK_MONOTONIC when the times below were true; 0: as its table's mono_ns */
	u64 runtime_ns;		/* on a CPU, all threads, ended ones too; lags by a tick at most
				 * (from /proc: +-20 ms, two counters of 10 ms) */
	u64 own_runtime_ns;	/* of the main thread alone */
	u32 name;		/* entry in the name table, TASK_NONE if there is none */
	char state;		/* R S D Z T t X I P, of the main thread */
	bool kernel : 1;	/* PF_KTHREAD */
	bool thread : 1;	/* one thread of a process that has its own entry */
	bool torn : 1;		/* threads ended while it was read: times carried over from before */
	bool frozen : 1;	/* its cgroup of v2, by itself or by one above */
	bool counted : 1;	/* user_ns or what follows it was written; else all of it is 0 */
	bool exact : 1;		/* runtime_ns counts nanoseconds: who has the same has not run */

	u32 ppid;
	u32 uid;		/* effective */
	u32 ended;		/* no task: so many of a command that are gone; see model.nended */
	u32 group;		/* no task: index in model.group + 1; ended is 1 then */
	u32 threads;		/* live ones */
	u32 last_cpu;
	s32 priority;		/* as top shows it: 20 is nice 0, below 0 real time */
	s32 nice;
	char comm[TASK_COMM];	/* NUL-terminated; hostile */
	u64 vsize_bytes;
	u64 rss_bytes;		/* file + anon + shmem */

	u64 shared_bytes;	/* file + shmem */
	u64 swap_bytes;
	u64 cgroup_id;		/* inode of its directory in cgroup v2 */
	u32 cgroup;		/* entry in the table of cgroups, 0: none */
	u32 tty_nr;		/* new_encode_dev() form, 0: none */
	s32 oom_score_adj;
	u32 policy;		/* include/uapi/linux/sched.h; of a process, its main thread's */
	u32 io_priority;	/* class << 13 | level, include/uapi/linux/ioprio.h; likewise */

	u64 user_ns, system_ns;	/* runtime_ns split as the kernel splits it for /proc */
	u64 min_flt, maj_flt;	/* page faults */
	u64 nvcsw, nivcsw;	/* voluntary and involuntary context switches */
	u64 read_bytes;		/* block I/O, as in /proc/PID/io */
	u64 write_bytes;
};

static inline struct task_id task_id(const struct task *t)
{
	return (struct task_id){t->pid, t->start_boot_ns};
}

/* How many tasks, threads counted one by one, are in a state. */
struct task_states {
	u32 running;		/* R */
	u32 uninterruptible;	/* D */
	u32 zombie;		/* Z */
	u32 stopped;		/* T and t */
	bool known;		/* false: only main threads were looked at */
	u32 frozen;		/* processes in frozen cgroups */
	bool frozen_known;	/* it was looked for */
};

/* All tasks of one instant.  A process comes before its threads. */
struct task_table {
	u64 mono_ns;		/* CLOCK_MONOTONIC when the walk began */
	u64 walk_ns;		/* time until the kernel had told all */
	u32 n, cap;
	u32 lost;		/* seen, and no room to keep */
	u32 walk;		/* number of the walk that filled it; 0: nobody says what changed */
	u32 moved;		/* the last walk that found processes in other places than the one before */
	u32 left;		/* what has not changed since that walk was left as it stood; 0: nothing was */
	struct task_states states;
	u32 index_mask;		/* slots of index, less one */
	struct task *task;	/* [cap] */
	u32 *changed;		/* [cap], the walk that last found something new about it; UINT32_MAX: this one */
	u32 *index;		/* pid -> position + 1, open addressing; behind the last slot, how
				 * many tasks are in it: the rest is added when somebody looks */
};

/* 0 or -ENOMEM; table_free() takes half-built ones. */
int task_table_init(struct task_table *t, u32 cap) MUST_CHECK;
void task_table_free(struct task_table *t);
void task_table_reset(struct task_table *t);

/* Adds one task in that state. */
void task_states_count(struct task_states *s, char state);

/* The next free entry, zeroed (so much of it as was written), pid set and indexed; NULL, and lost counted,
 * when the table is full. */
struct task *task_table_add(struct task_table *t, u32 pid);

/* The next entry, left as it stands. */
static inline void task_table_keep(struct task_table *t)
{
	t->n++;
}

/* Entries whose changed is at most that are the same in both, in the same place, and
 * have the name that they had; 0: none can be told to be. */
static inline u32 task_table_same(const struct task_table *t, const struct task_table *before)
{
	return before && before->walk >= t->moved ? MIN(before->walk, t->left) : 0;
}

/* When the times of one were true. */
static inline u64 task_at_ns(const struct task_table *t, const struct task *task)
{
	return task->at_ns ? task->at_ns : t->mono_ns;
}

/* Position of a pid, TASK_NONE if absent.  guess is looked at first: pass the
 * position it had in the other table. */
u32 task_table_find(const struct task_table *t, u32 pid, u32 guess);

/* Threads that end while their process is being read make its sum too small
 * for this once: then the older numbers stay, with the time when they were
 * true, p_at_ns, and the next rate is right again. */
void task_carry_over(struct task *t, const struct task *p, u64 p_at_ns);

#endif
