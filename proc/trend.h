/* proc/trend.h - how fast an amount changes, from samples of it.  Pure.
 *
 * The rate is the slope of the least-squares line through the samples of the
 * last TREND_WINDOW_S, and through the last TREND_LEAST where those are older:
 * one sample out of line moves it little, and after a change it is right within
 * the window.  It is unknown from fewer samples, and from less time than
 * TREND_SPAN_MS, in which the kernel's own counters (vmstat, batched per CPU)
 * say nothing. */
#ifndef PROC_TREND_H
#define PROC_TREND_H

#include "loader/base.h"

enum { TREND_WINDOW_S = 5, TREND_LEAST = 3, TREND_SPAN_MS = 500, TREND_STEP_MS = 200, TREND_KEPT = 32 };

struct trend_point {
	u64 at_ns;		/* CLOCK_MONOTONIC, rising */
	u64 bytes;
};

/* The rate of n points, oldest first, in bytes per second.  False: unknown. */
bool trend_rate(const struct trend_point *p, u32 n, s64 *per_s) MUST_CHECK;

/* The last samples of one amount, no more often than each TREND_STEP_MS. */
struct trend {
	u32 n;
	struct trend_point point[TREND_KEPT];
};

void trend_add(struct trend *t, u64 at_ns, u64 bytes);

/* When what is left is used up at this rate; false: unknown, or it does not
 * shrink.  A time beyond 584 years is 584 years. */
bool trend_exhausted(const struct trend *t, u64 left, u64 *in_ns) MUST_CHECK;

#endif
