/* ui/bench.h - what a refresh costs, stage by stage. */
#ifndef UI_BENCH_H
#define UI_BENCH_H

#include "ui/report.h"

enum bench_stage {
	BENCH_WALK,		/* until the kernel had told all tasks; part of collect */
	BENCH_COLLECT,		/* one snapshot from all sources of the process view */
	BENCH_MODEL,
	BENCH_SORT,		/* filter, sort */
	BENCH_DRAW,		/* draw, difference */
	BENCH_WRITE,
	BENCH_TOTAL,
	BENCH_REST,		/* of the total: all but the walk */
	BENCH_KEY,		/* from a key press to its frame; no part of a refresh */
	BENCH_STAGES
};

enum { BENCH_MAX = 10000, BENCH_ROWS = 50, BENCH_COLS = 200 };

struct bench {
	u32 n;				/* samples; at most BENCH_MAX */
	u32 ns[BENCH_STAGES][BENCH_MAX];
	u64 cpu_ns;			/* CPU time of all samples, the reader of names not counted */
	u64 syscalls;			/* in all samples */
	u64 first_frame_ns;		/* from the start of main() */
	u32 processes, tasks;		/* entries; entries and their threads */
	u64 frame_bytes;		/* written in all samples */
};

/* Sorts the samples of each stage.  A table, or one JSON object. */
bool report_bench(struct sink *s, struct bench *b, const struct report_host *host, bool json);

#endif
