/* bench/measure.h - --bench: refreshes as fast as they go, each stage timed. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "proc/names.h"
#include "ui/bench.h"
#include "ui/options.h"
#include "ui/report.h"
#include "ui/screen.h"
#include "ui/view.h"

/* What a refresh is made of; the same functions that the screen runs. */
struct measured {
	void *arg;
	int (*refresh)(void *arg);	/* samples and models; 0 or -errno */
	struct frame (*frame)(void *arg);	/* what is there to be drawn */
	void (*draw)(void *arg);	/* filter and sort if need be, draw, difference into out */
	void (*settle)(void *arg);	/* waits for what only a start needs */
	struct ui_state *ui;
	const struct out *out;
	const struct model *model;
	struct names *names;
	u64 started_ns;			/* CLOCK_MONOTONIC when pitstop was */
};

/* Takes as many samples as the options say (at most BENCH_MAX) after two that are
 * not counted but for the time of the first frame; frames go to /dev/null, the
 * figures to out.  0 or -errno. */
int bench_run(const struct measured *m, struct screen *screen, const struct options *opt,
	      const struct report_host *host, struct sink *out) MUST_CHECK;

#endif
