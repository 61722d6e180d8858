/* proc/model.h - all that an output may know: rates, shares, totals.
 *
 * model_step() is pure: two snapshots in, one model out, no system call and no
 * clock.  From then on the model is const; every output reads the same one. */
#ifndef PROC_MODEL_H
#define PROC_MODEL_H

#include "proc/cgroups.h"
#include "proc/frames.h"
#include "proc/names.h"
#include "proc/snapshot.h"
#include "proc/trend.h"

enum { PPM = 1000000 };		/* parts per million: 100 % of whatever it is a share of */

/* Shares of a CPU's time in the window; they sum to PPM. */
enum cpu_share {
	SHARE_USER, SHARE_NICE, SHARE_SYSTEM, SHARE_IOWAIT, SHARE_IRQ, SHARE_SOFTIRQ,
	SHARE_STEAL, SHARE_GUEST, SHARE_IDLE, CPU_SHARES
};

struct cpu_model {
	u32 ppm[CPU_SHARES];	/* guest holds guest_nice too; user and nice hold neither */
	bool online;
	bool known;		/* false: no time passed */
};

/* Which rates of a row are known.  Unknown in the window in which a task is
 * first seen: its totals are not a rate. */
enum row_have {
	ROW_HAVE_CPU    = 1u << 0,
	ROW_HAVE_FAULTS = 1u << 1,
	ROW_HAVE_IO     = 1u << 2,
	ROW_HAVE_OWN    = 1u << 3,
	ROW_HAVE_SWITCHES = 1u << 4,
	ROW_GONE = 1u << 31,	/* it has ended: what it was last */
};

/* What a row adds to the totals. */
struct row_counted {
	u32 threads;
	bool kernel, process;
};

struct task_row {
	const struct task *t;	/* lives as long as this model */
	u32 have;		/* enum row_have */
	u32 mem_ppm;		/* rss / MemTotal; valid with TASK_HAVE_RSS and memory.known */
	u64 cpu_ppm;		/* of one CPU; PPM = 100 %, can pass it */
	u64 own_cpu_ppm;	/* of the main thread alone */
	u64 faults_per_s;
	u64 switches;		/* context switches in the window */
	u64 read_bytes_per_s, write_bytes_per_s;
	struct row_counted counted;
};

struct memory_model {
	u64 total, used, available, free, buffers, cached, shmem;	/* bytes */
	u64 swap_total, swap_used;
	u64 swap_in_per_s, swap_out_per_s;				/* bytes */
	struct zram_raw zram;
	struct arc_raw arc;
	u64 zswap, zswapped, huge_total, huge_free;			/* bytes */
	u64 left;		/* available, and swap that is free */
	u64 exhausted_in_ns;	/* at the rate of the last seconds, proc/trend.h; */
	bool exhaustion_known;	/* false: it does not shrink, or too little is known */
	bool known, swap_rates_known, zram_known;
};

/* Devices of one kind in the window; index: which counter, of their snapshot. */
struct rates_model {
	u64 per_s[DEVICE_COUNTS];	/* of all together */
	u64 most[DEVICE_COUNTS];	/* of the device that has the most */
	u32 devices;
	bool known;
};

struct task_totals {
	u32 processes;		/* of users */
	u32 threads;		/* theirs, main ones included */
	u32 kernel_threads;
	struct task_states states;	/* not .known: uninterruptible is not to be shown */
};

struct self_model {
	u64 collect_us, model_us, output_us;	/* time taken; output is of the frame before */
	u64 syscalls;		/* in the last refresh */
	u32 cpu_ppm;		/* of one CPU */
	u64 rss_bytes;
	bool cpu_known;
	u32 at[2];		/* where pitstop and its reader were, to be found there again */
	struct frames frames;	/* on: with --ludicrous, and what follows */
	u32 walks, partial;	/* as in struct between */
};

/* A cgroup.  It has a row as a task has, so that what is shown of tasks, how they
 * are sorted, found and filtered, holds for it as well.  Sums are over it and all
 * that is below it. */
struct model_group {
	struct task task;		/* what its row shows: .group says that it is none */
	const struct cgroup_node *node;	/* valid until the next sample; the root is the first */
	u32 processes;			/* of users, zombies left out; from the tasks */
	u32 own;			/* those right in it */
	u64 throttled_ppm;		/* of the time between its last two readings; */
	bool throttled_known;		/* with several CPUs it can pass PPM */
};

struct history;
struct ghosts;

struct model {
	u64 window_ns;		/* measured; 0 in the first model */
	u64 real_ns, boot_ns;
	u64 boot_time_ns;	/* Unix time of boot; the same in every model of a run */
	u32 have;		/* SRC_BIT, present in this snapshot */
	u32 ncpu, ncpu_online;
	struct cpu_model cpu_total;
	struct cpu_model *cpu;	/* [ncpu] */
	struct memory_model memory;
	struct trend memory_left;
	struct loadavg_raw loadavg;
	struct pressure_raw pressure[PRESSURE_KINDS];
	struct pressure_raw irq_pressure;
	struct rates_model disks, network;
	struct battery_raw battery;
	struct files_raw files;
	struct systemd_raw systemd;
	struct task_totals totals;
	struct self_model self;
	struct program_model programs;
	u32 ntask, row_cap, row_room, cpu_cap;
	u32 nended;		/* rows behind those of the tasks: groups of struct exited, see task.ended */
	u32 ngroup, group_cap;	/* rows of cgroups, behind all others: those of group[] */
	struct model_group *group;
	const struct cgroup_tree *groups;	/* NULL: nobody asked for cgroups */
	u64 groups_age_ns;	/* of the oldest reading, where all are read; UINT64_MAX: some never were */
	u32 tasks_lost;
	u32 places;		/* another number: other rows than before, or in other places */
	struct task_row *row;	/* [model_rows()], in the order of the snapshot; ntask counts ghosts too */
	struct exited *exited;	/* NULL until there is room */
	struct task *ended;	/* [EXITED_GROUPS], what the rows behind show */
	const struct names *names;
	const struct cgroups *cgroups;
	const struct task_table *tasks;
	struct {
		u32 walk, tasks;
		u64 memory;
	} was;			/* in the step before: the walk compared with, how many tasks, MemTotal */
	u64 linger_ns;			/* how long ended tasks stay among the rows; 0: they do not */
	struct ghosts *ghosts;		/* proc/ghosts.h; NULL: none */
	struct history *history;	/* proc/history.h: history_want(); NULL: none is kept */
};

/* All lines that there could be. */
static inline u32 model_rows(const struct model *m)
{
	return m->ntask + m->nended + m->ngroup;
}

/* The cgroup that a row is of, NULL: none. */
static inline const struct model_group *model_group(const struct model *m, const struct task_row *r)
{
	return r->t->group ? &m->group[r->t->group - 1] : NULL;
}

/* The row of a cgroup. */
static inline u32 model_group_row(const struct model *m, u32 group)
{
	return m->ntask + m->nended + group;
}

/* Its index in group[] of a task, TASK_NONE where that is not known. */
u32 model_group_of(const struct model *m, const struct task *t);

/* Rooms for that many; grows, never shrinks.  0 or -ENOMEM. */
int model_reserve(struct model *m, u32 tasks, u32 cpus) MUST_CHECK;
/* The same for cgroups; before it. */
int model_groups_reserve(struct model *m, u32 n) MUST_CHECK;
/* All of that for a snapshot. */
int model_reserve_for(struct model *m, const struct snapshot *cur) MUST_CHECK;
void model_free(struct model *m);
/* A part of model_step(). */
void model_groups_step(struct model *m, const struct snapshot *cur, bool rates);

/* prev may be NULL: then no rate is known.  Room must have been reserved. */
void model_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur,
		u32 page_size);

/* The name of a row, never NULL; without an entry all its parts are empty. */
const struct name *model_name(const struct model *m, const struct task_row *r);

/* The cgroup of a row, never NULL; empty where it is not known. */
const struct cgroup *model_cgroup(const struct model *m, const struct task_row *r);
/* Whether a row is inside of a container, as far as is known. */
bool model_contained(const struct model *m, const struct task_row *r);

#endif
