/* proc/history.h - the last samples of processes: short ones of all while a
 * column of graphs is shown, a long one of the process that a page is about.
 *
 * Memory is fixed, mapped when the first is wanted and given back with the
 * last.  history_step() is a part of model_step() and as pure: models in,
 * samples kept, no clock and no system call. */
#ifndef PROC_HISTORY_H
#define PROC_HISTORY_H

#include "proc/model.h"

enum {
	HISTORY_SHORT = 20,	/* samples kept of every task */
	HISTORY_LONG = 1024,	/* of the one that is watched */
	HISTORY_TASKS = 1 << 15,	/* tasks beyond these have no short history */
};

struct history_sample {
	u64 at_ns;		/* CLOCK_MONOTONIC; 0: not kept (short ones) */
	u64 cpu_ppm;		/* of one CPU, with ROW_HAVE_CPU */
	u64 rss_bytes;		/* with TASK_HAVE_RSS */
	u64 read_bytes_per_s, write_bytes_per_s;	/* with ROW_HAVE_IO; short ones have none */
	u32 have;		/* enum row_have */
	bool rss_known;
};

struct history;	/* opaque */

/* What is to be kept from the next step on; *h is made and freed here.  Samples
 * of a kind that nobody wants are forgotten: a gap would look like now.
 * watched.pid 0: none.  Without memory *h stays NULL, and nothing is known. */
void history_want(struct history **h, bool all, struct task_id watched);
void history_free(struct history *h);	/* takes NULL */

/* Takes what the model says now.  prev is what the model was made from, as in
 * model_step(): NULL after a stop, and short histories begin anew. */
void history_step(struct history *h, const struct model *m, const struct snapshot *prev);

/* The last samples of a task, oldest first; at most n.  Returns how many there
 * are: none is no error, and h may be NULL.  Of the one watched they are there
 * after it has ended, too. */
u32 history_get(const struct history *h, struct task_id who, struct history_sample *out, u32 n);

/* How fast a process's memory grows (RSS and what is known of its swap), in bytes
 * per second, from its short history as proc/trend.h defines it; and that of all
 * processes together that are in its cgroup (task.cgroup), whoever came and went
 * between.  False: unknown. */
bool history_growth(const struct history *h, const struct task *t, s64 *per_s) MUST_CHECK;
bool history_group_growth(const struct history *h, const struct task *t, s64 *per_s) MUST_CHECK;

/* Touches what samples of so many tasks take, so that none is the first to. */
void history_prepare(struct history *h, u32 tasks);

#endif
