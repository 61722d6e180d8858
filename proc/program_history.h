/* proc/program_history.h - the last samples of every BPF program, shown or not.
 *
 * Memory is bounded, a page for each program that was ever seen, mapped with the
 * first program and given back when nobody looks at programs any more.  Pure, as
 * proc/history.h is. */
#ifndef PROC_PROGRAM_HISTORY_H
#define PROC_PROGRAM_HISTORY_H

#include "proc/program.h"

enum {
	PROGRAM_HISTORY = 256,		/* samples kept of each */
	PROGRAM_HISTORY_MAX = 4096,	/* programs beyond these have none */
	PROGRAM_UNKNOWN = UINT32_MAX,
};

struct program_sample {
	u64 events_milli;	/* a second; known when cpu_ppm is */
	u32 cpu_ppm;		/* of one CPU; PROGRAM_UNKNOWN */
	u32 average_ns;		/* PROGRAM_UNKNOWN: it did not run, or nobody knows */
};

struct program_history;	/* opaque */

/* NULL without memory. */
struct program_history *program_history_new(void);
void program_history_free(struct program_history *h);	/* takes NULL */

/* Takes what the model says now; the same instant twice counts once. */
void program_history_step(struct program_history *h, const struct program_model *m);

/* Of the programs that are gone, only this one's samples are sure to be kept. */
void program_history_hold(struct program_history *h, struct program_id who);

/* Steps are counted from 1.  The last in which a program was there, 0: none. */
u32 program_history_last(const struct program_history *h, struct program_id who);

/* Its samples up to step end, oldest first; what is not known of it between its
 * first and that step is said to be unknown.  Returns how many.  h may be NULL. */
u32 program_history_get(const struct program_history *h, struct program_id who, u32 end,
			struct program_sample out[static PROGRAM_HISTORY]);

/* Time from the first to the last of n steps, 0: not known any more. */
u64 program_history_span(const struct program_history *h, u32 end, u32 n);

#endif
