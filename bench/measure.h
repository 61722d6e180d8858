/* bench/measure.h - --bench: refreshes as fast as they go, each stage timed. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "ui/bench.h"

/* What a refresh is made of; the same functions that the screen runs. */
struct measured {
	void *arg;
	int (*refresh)(void *arg);	/* samples and models; 0 or -errno */
	void (*draw)(void *arg);	/* filter, sort, draw, difference into out */
	void (*settle)(void *arg);	/* waits for what only a start needs */
	const struct out *out;
	const struct model *model;
};

/* Takes n samples (at most BENCH_MAX) after two that are not counted but for the
 * time of the first frame since started_ns (CLOCK_MONOTONIC); frames go to /dev/null.
 * 0 or -errno. */
int bench_measure(struct bench *b, const struct measured *m, u32 n, u64 started_ns) MUST_CHECK;

#endif
