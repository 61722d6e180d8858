/* bench/measure.c - --bench: refreshes as fast as they go, each stage timed. */
#include "bench/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Inverts the order: all rows are sorted, and nearly every cell differs. */
static void press(const struct measured *m)
{
	static const struct event invert = {.kind = EVENT_KEY, .key = 'I'};
	struct frame f = m->frame(m->arg);

	view_event(m->ui, &f, &invert, BENCH_ROWS, BENCH_COLS);
	m->draw(m->arg);
}

static int measure_one(struct bench *b, const struct measured *m, int null)
{
	u64 cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), calls = syscall_count;
	u64 began = clock_ns(CLOCK_MONOTONIC), modelled, sorted, drawn, written;
	int err = m->refresh(m->arg);
	u32 i = b->n, collect;
	struct frame f;

	if (err)
		return err;
	modelled = clock_ns(CLOCK_MONOTONIC);
	collect = (u32)m->model->self.collect_us * NSEC_PER_USEC;
	f = m->frame(m->arg);
	view_sort(m->ui, &f, BENCH_ROWS, BENCH_COLS);
	sorted = clock_ns(CLOCK_MONOTONIC);
	m->draw(m->arg);
	drawn = clock_ns(CLOCK_MONOTONIC);
	if (m->out->len) {
		++syscall_count;
		(void)!write(null, m->out->buf, m->out->len);
	}
	written = clock_ns(CLOCK_MONOTONIC);
	b->cpu_ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	b->syscalls += syscall_count - calls;
	b->frame_bytes += m->out->len;
	b->ns[BENCH_WALK][i] = (u32)m->model->tasks->walk_ns;
	b->ns[BENCH_COLLECT][i] = collect;
	b->ns[BENCH_MODEL][i] = (u32)(modelled - began) - collect;
	b->ns[BENCH_SORT][i] = (u32)(sorted - modelled);
	b->ns[BENCH_DRAW][i] = (u32)(drawn - sorted);
	b->ns[BENCH_WRITE][i] = (u32)(written - drawn);
	b->ns[BENCH_TOTAL][i] = (u32)(written - began);
	b->ns[BENCH_REST][i] = b->ns[BENCH_TOTAL][i] - b->ns[BENCH_WALK][i];
	written = clock_ns(CLOCK_MONOTONIC);
	press(m);
	b->ns[BENCH_KEY][i] = (u32)(clock_ns(CLOCK_MONOTONIC) - written);
	press(m);		/* and all is as before */
	b->n++;
	return 0;
}

static int measure(struct bench *b, const struct measured *m, u32 n)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int err = null < 0 ? -errno : m->refresh(m->arg);

	if (!err) {
		m->draw(m->arg);
		b->first_frame_ns = clock_ns(CLOCK_MONOTONIC) - m->started_ns;
		m->settle(m->arg);
		err = m->refresh(m->arg);	/* the second looks once for what BPF does not show */
	}
	while (!err && b->n < n)
		err = measure_one(b, m, null);
	if (null >= 0)
		close(null);
	if (err)
		return err;
	b->processes = m->model->totals.processes;
	b->tasks = m->model->totals.threads + m->model->totals.kernel_threads;
	return 0;
}

int bench_run(const struct measured *m, struct screen *screen, const struct options *opt,
	      const struct report_host *host, struct sink *out)
{
	static struct bench b;
	int err = screen_resize(screen, BENCH_ROWS, BENCH_COLS);

	palette_make(&screen->palette, THEME_DEFAULT, NULL, COLOR_256);
	if (!err)
		err = measure(&b, m, opt->bench_samples);
	if (!err)
		report_bench(out, &b, host, opt->json);
	return err;
}
