/* proc/source.h - where numbers come from: one source, one row, one bit.
 * A value means nothing in a snapshot that lacks its source's bit. */
#ifndef PROC_SOURCE_H
#define PROC_SOURCE_H

#include "loader/base.h"

enum source {
	SRC_TASKS,	/* every process */
	SRC_THREADS,	/* every thread of it as well */
	SRC_STAT,	/* /proc/stat: CPU times, boot time */
	SRC_MEMINFO,
	SRC_LOADAVG,
	SRC_VMSTAT,	/* swap traffic */
	SRC_PRESSURE,	/* /proc/pressure: CPU, memory, I/O */
	SRC_ZRAM,
	SRC_IRQ_PRESSURE, /* /proc/pressure/irq */
	SRC_DISKS,
	SRC_NETWORK,
	SRC_BATTERY,
	SRC_FILES,	/* open file handles */
	SRC_SYSTEMD,
	SRC_EXITED,	/* processes that ended, by a probe; sampled with SRC_TASKS */
	SRC_N
};

#define SRC_BIT(s)	(1u << (s))

enum { SOURCE_WHY = 192 };

/* One row of the source table, for --doctor and "missing" in every output. */
struct source_info {
	const char *name;	/* "pressure" */
	const char *feeds;	/* what is lost without it */
};

extern const struct source_info source_info[SRC_N];

/* Groups of fields that a backend reads only if a column shows them: they cost
 * the BPF backends cache misses for every task, and proc a file for every
 * process where TASK_EXTRA_FILES says so. */
enum task_extra {
	TASK_EXTRA_SHARED = 1u << 0,	/* statm: also the exact RSS */
	TASK_EXTRA_IO     = 1u << 1,	/* io */
	TASK_EXTRA_SWAP   = 1u << 2,	/* status */
	TASK_EXTRA_OOM    = 1u << 3,	/* oom_score_adj */
	TASK_EXTRA_TIMES  = 1u << 4,	/* user and system time */
	TASK_EXTRA_EVENTS = 1u << 5,	/* page faults, context switches */
	TASK_EXTRA_TTY    = 1u << 6,
	TASK_EXTRA_CGROUP = 1u << 7,
	TASK_EXTRA_FROZEN = 1u << 13,	/* proc: only with TASK_EXTRA_CGROUP, a file a cgroup */
	TASK_EXTRA_SCHED  = 1u << 12,	/* scheduling policy, I/O priority; proc: a system call */
	/* whatever costs no file more: what JSON shows unasked */
	TASK_EXTRA_CHEAP  = 1u << 8,

	TASK_EXTRA_FILES  = TASK_EXTRA_SHARED | TASK_EXTRA_IO | TASK_EXTRA_SWAP | TASK_EXTRA_OOM,
};

/* The ways to learn of every task, in the order in which they are tried. */
enum backend_id { BACKEND_WALK, BACKEND_ITER, BACKEND_PROC, BACKEND_N };

extern const char *const backend_name[BACKEND_N];

#endif
