/* tests/unit/test_model_tasks.c - the rows of a model: each task's rates, and
 * what all of them add up to. */
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"

enum { PAGE = WORLD_PAGE };

#define SEC		((u64)NSEC_PER_SEC)

/* Names for the columns below. */
enum { CPU = ROW_HAVE_CPU, FLT = ROW_HAVE_FAULTS, IO = ROW_HAVE_IO, OWN = ROW_HAVE_OWN };
enum {
	HAS_IO = TASK_HAVE_IO,
	HAS_OWN = TASK_HAVE_OWN,
	NO_FAULTS = 1 << 30,	/* the others have TASK_HAVE_FAULTS */
};

/* pid, at_ns in ms after the walk began, and what else a row is about.  Walks
 * began at 10 s and at 12.5 s. */
#define AT_PREV(ms)	.pid = 7, .start_boot_ns = 1, \
			.at_ns = 10 * SEC + (ms) * (u64)NSEC_PER_MSEC
#define AT_CUR(ms)	.pid = 7, .start_boot_ns = 1, \
			.at_ns = 12 * SEC + (500 + (ms)) * (u64)NSEC_PER_MSEC

static const struct {
	const char *what;
	struct task prev, cur;
	u32 have;
	u64 cpu_ppm, own_ppm, faults, read, write;	/* per second */
} rate_rows[] = {
	{"half a CPU", {AT_PREV(0)}, {AT_CUR(0), .runtime_ns = 5 * SEC / 4}, CPU | FLT,
	 500000, 0, 0, 0, 0},
	{"three CPUs", {AT_PREV(0), .runtime_ns = SEC}, {AT_CUR(0), .runtime_ns = 17 * SEC / 2},
	 CPU | FLT, 3 * PPM, 0, 0, 0, 0},
	{"read 0.5 s late", {AT_PREV(0)}, {AT_CUR(500), .runtime_ns = 3 * SEC}, CPU | FLT,
	 PPM, 0, 0, 0, 0},
	{"read 0.5 s late before", {AT_PREV(500)}, {AT_CUR(0), .runtime_ns = SEC}, CPU | FLT,
	 500000, 0, 0, 0, 0},
	{"at the same moment", {AT_PREV(2500)}, {AT_CUR(0), .runtime_ns = SEC}, FLT, 0, 0, 0, 0, 0},
	{"at an earlier one", {AT_PREV(2600)}, {AT_CUR(0), .runtime_ns = SEC}, FLT, 0, 0, 0, 0, 0},
	{"went back", {AT_PREV(0), .runtime_ns = 2}, {AT_CUR(0), .runtime_ns = 1}, FLT,
	 0, 0, 0, 0, 0},
	{"pid taken by another", {AT_PREV(0)},
	 {.pid = 7, .start_boot_ns = 2, .at_ns = 12 * SEC, .runtime_ns = SEC, .min_flt = 9,
	  .have = UINT32_MAX}, 0, 0, 0, 0, 0, 0},
	{"another pid", {AT_PREV(0)}, {.pid = 8, .start_boot_ns = 1, .at_ns = 12 * SEC}, 0,
	 0, 0, 0, 0, 0},
	{"faults of both kinds", {AT_PREV(0), .min_flt = 5, .maj_flt = 5},
	 {AT_CUR(0), .min_flt = 20, .maj_flt = 15}, CPU | FLT, 0, 0, 10, 0, 0},
	{"faults not wanted before", {AT_PREV(0), .have = NO_FAULTS}, {AT_CUR(0), .min_flt = 4}, CPU,
	 0, 0, 0, 0, 0},
	{"faults went back", {AT_PREV(0), .min_flt = 5}, {AT_CUR(0), .min_flt = 4}, CPU, 0, 0, 0, 0, 0},
	{"io", {AT_PREV(0), .have = HAS_IO, .read_bytes = 100, .write_bytes = 100},
	 {AT_CUR(0), .have = HAS_IO, .read_bytes = 150, .write_bytes = 350}, CPU | FLT | IO,
	 0, 0, 0, 20, 100},
	{"io not known before", {AT_PREV(0)}, {AT_CUR(0), .have = HAS_IO, .read_bytes = 9}, CPU | FLT,
	 0, 0, 0, 0, 0},
	{"io not known now", {AT_PREV(0), .have = HAS_IO}, {AT_CUR(0)}, CPU | FLT, 0, 0, 0, 0, 0},
	{"reads went back", {AT_PREV(0), .have = HAS_IO, .read_bytes = 9},
	 {AT_CUR(0), .have = HAS_IO, .write_bytes = 9}, CPU | FLT, 0, 0, 0, 0, 0},
	{"writes went back", {AT_PREV(0), .have = HAS_IO, .write_bytes = 9},
	 {AT_CUR(0), .have = HAS_IO, .read_bytes = 9}, CPU | FLT, 0, 0, 0, 0, 0},
	{"the main thread's own", {AT_PREV(0), .have = HAS_OWN},
	 {AT_CUR(0), .have = HAS_OWN, .own_runtime_ns = 5 * SEC / 2, .runtime_ns = 5 * SEC},
	 CPU | FLT | OWN, 2 * PPM, PPM, 0, 0, 0},
	{"own not known before", {AT_PREV(0)}, {AT_CUR(0), .have = HAS_OWN, .own_runtime_ns = 1},
	 CPU | FLT, 0, 0, 0, 0, 0},
	{"torn: no rate", {AT_PREV(0), .runtime_ns = SEC},
	 {.pid = 7, .start_boot_ns = 1, .at_ns = 10 * SEC, .runtime_ns = SEC, .torn = true},
	 0, 0, 0, 0, 0, 0},
	{"torn with a time of its own: no rate", {AT_PREV(0)},
	 {AT_CUR(0), .runtime_ns = SEC, .torn = true, .have = HAS_IO, .read_bytes = 9, .min_flt = 9},
	 0, 0, 0, 0, 0, 0},
	{"after torn: over the time since", {.pid = 7, .start_boot_ns = 1, .at_ns = 15 * SEC / 2,
	 .runtime_ns = SEC, .torn = true}, {AT_CUR(0), .runtime_ns = 7 * SEC / 2}, CPU,
	 500000, 0, 0, 0, 0},
	{"after torn: its counters lacked the ended threads'",
	 {AT_PREV(0), .torn = true, .min_flt = 10, .have = HAS_IO},
	 {AT_CUR(0), .min_flt = 1000, .have = HAS_IO, .read_bytes = 1000}, CPU, 0, 0, 0, 0, 0},
};

static void test_rates(void)
{
	static struct fake_world w;

	for (size_t i = 0; i < ARRAY_LEN(rate_rows); i++) {
		const struct task_row *r;

		fake_world_open(&w);
		fake_world_add(&w, 0, &rate_rows[i].prev);
		fake_world_add(&w, 1, &rate_rows[i].cur);
		if (!(rate_rows[i].prev.have & NO_FAULTS))
			w.table[0].task[0].have |= TASK_HAVE_FAULTS;
		w.table[1].task[0].have |= TASK_HAVE_FAULTS;
		fake_world_step(&w);
		r = &w.m.row[0];
		CHECK_ROW(i, r->t == &w.table[1].task[0]);
		CHECK_EQ_ROW(i, r->have, rate_rows[i].have);
		CHECK_EQ_ROW(i, r->cpu_ppm, rate_rows[i].cpu_ppm);
		CHECK_EQ_ROW(i, r->own_cpu_ppm, rate_rows[i].own_ppm);
		CHECK_EQ_ROW(i, r->faults_per_s, rate_rows[i].faults);
		CHECK_EQ_ROW(i, r->read_bytes_per_s, rate_rows[i].read);
		CHECK_EQ_ROW(i, r->write_bytes_per_s, rate_rows[i].write);
		fake_world_close(&w);
	}
}

/* Tasks end and start in the middle: who stays is found at another place. */
static void test_moved(void)
{
	static struct fake_world w;

	fake_world_open(&w);
	for (u32 pid = 1; pid <= 40; pid++)
		fake_world_add(&w, 0, &(struct task){.pid = pid, .at_ns = 10 * SEC});
	for (u32 pid = 60; pid >= 20; pid--)
		fake_world_add(&w, 1, &(struct task){.pid = pid, .at_ns = 11 * SEC, .runtime_ns = pid});
	fake_world_step(&w);
	CHECK_EQ(w.m.ntask, 41);
	for (u32 i = 0; i < w.m.ntask; i++) {
		const struct task_row *r = &w.m.row[i];

		CHECK_EQ_ROW(i, r->t->pid, 60 - i);
		CHECK_EQ_ROW(i, r->have & ROW_HAVE_CPU, r->t->pid <= 40 ? ROW_HAVE_CPU : 0);
	}
	fake_world_close(&w);
}

static const struct task census[] = {
	{.pid = 1, .threads = 1, .state = 'S'},
	{.pid = 2, .threads = 1, .state = 'I', .kernel = true},
	{.pid = 3, .threads = 1, .state = 'D', .kernel = true},
	{.pid = 4, .threads = 3, .state = 'R'},
	{.pid = 5, .threads = 2, .state = 'T'},
	{.pid = 6, .threads = 1, .state = 'Z'},
	{.pid = 7, .threads = 1, .state = 't'},
	{.pid = 41, .tgid = 4, .threads = 3, .state = 'R', .thread = true},
	{.pid = 42, .tgid = 4, .threads = 3, .state = 'D', .thread = true},
	{.pid = 51, .tgid = 5, .threads = 2, .state = 'T', .thread = true},
};

static void test_totals(void)
{
	enum { MAIN_ONLY = 7 };
	static const struct {
		u32 tasks, have;
		struct task_states told, want;
	} rows[] = {
		/* threads seen: what the table says is the truth */
		{ARRAY_LEN(census), WORLD_SOURCES, {2, 2, 1, 3, true, 4, true}, {2, 2, 1, 3, true, 4, true}},
		/* not seen, but counted by a backend that met them */
		{MAIN_ONLY, WORLD_SOURCES, {9, 8, 7, 6, true, 0, true}, {9, 8, 7, 6, true, 0, true}},
		/* not seen: the kernel counts the running; all threads stop together */
		{MAIN_ONLY, WORLD_SOURCES, {.frozen = 2, .frozen_known = true}, {5, 1, 1, 3, false, 2, true}},
		{MAIN_ONLY, WORLD_SOURCES & ~SRC_BIT(SRC_STAT), {0}, {1, 1, 1, 3, false, 0, false}},
	};
	static struct fake_world w;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		fake_world_open(&w);
		for (u32 t = 0; t < rows[i].tasks; t++)
			fake_world_add(&w, 1, &census[t]);
		w.table[1].states = rows[i].told;
		w.table[1].lost = 4;
		w.snap[1].have = rows[i].have;
		w.snap[1].stat.running = 5;
		fake_world_step(&w);
		CHECK_EQ_ROW(i, w.m.totals.processes, 5);
		CHECK_EQ_ROW(i, w.m.totals.threads, 8);
		CHECK_EQ_ROW(i, w.m.totals.kernel_threads, 2);
		CHECK_EQ_ROW(i, w.m.totals.states.running, rows[i].want.running);
		CHECK_EQ_ROW(i, w.m.totals.states.uninterruptible, rows[i].want.uninterruptible);
		CHECK_EQ_ROW(i, w.m.totals.states.zombie, rows[i].want.zombie);
		CHECK_EQ_ROW(i, w.m.totals.states.stopped, rows[i].want.stopped);
		CHECK_EQ_ROW(i, w.m.totals.states.frozen, rows[i].want.frozen);
		CHECK_EQ_ROW(i, w.m.totals.states.frozen_known, rows[i].want.frozen_known);
		CHECK_EQ_ROW(i, w.m.totals.states.known, rows[i].want.known);
		CHECK_EQ_ROW(i, w.m.tasks_lost, 4);
		fake_world_close(&w);
	}
}

static void test_room(void)
{
	static struct fake_world w;
	struct model small = {0};

	fake_world_open(&w);
	for (u32 i = 0; i < ARRAY_LEN(census); i++)
		fake_world_add(&w, 1, &census[i]);
	w.table[1].lost = 4;
	CHECK_EQ(model_reserve(&small, 3, 1), 0);
	model_step(&small, NULL, &w.snap[1], PAGE);
	CHECK_EQ(small.ntask, 3);
	CHECK_EQ(small.tasks_lost, 4 + ARRAY_LEN(census) - 3);
	CHECK_EQ(model_reserve(&small, 1, 0), 0);
	CHECK_EQ(small.row_cap, 3);
	model_free(&small);
	model_free(&small);
	fake_world_close(&w);
}

/* The screen is paused: new snapshots, the tasks of before. */
static void test_paused(void)
{
	static const struct task before = {AT_PREV(0), .threads = 1, .have = TASK_HAVE_FAULTS};
	static const struct task after = {AT_CUR(0), .threads = 1, .have = TASK_HAVE_FAULTS,
					  .runtime_ns = 5 * SEC / 4};
	static struct fake_world w;

	fake_world_open(&w);
	fake_world_add(&w, 0, &before);
	fake_world_add(&w, 1, &after);
	fake_world_step(&w);
	w.snap[0] = w.snap[1];
	w.snap[1].mono_ns += SEC;
	w.snap[1].real_ns = 99;
	w.snap[1].mem.total = 1000;
	w.snap[1].have &= ~SRC_BIT(SRC_TASKS);
	fake_world_step(&w);
	CHECK_EQ(w.m.window_ns, SEC);
	CHECK_EQ(w.m.real_ns, 99);
	CHECK_EQ(w.m.memory.total, 1000 * 1024);
	CHECK_EQ(w.m.ntask, 1);
	CHECK_EQ(w.m.totals.processes, 1);
	CHECK_EQ(w.m.row[0].have, CPU | FLT);
	CHECK_EQ(w.m.row[0].cpu_ppm, 500000);
	/* but a model that has no rows yet takes them all the same */
	model_free(&w.m);
	CHECK_EQ(model_reserve(&w.m, WORLD_TASKS, WORLD_CPUS), 0);
	fake_world_step(&w);
	CHECK_EQ(w.m.ntask, 1);
	fake_world_close(&w);
}

/* pitstop's own cost is its and its reader's together. */
static void test_cost(void)
{
	static const struct {
		u32 self, reader;
		bool known;
		u32 ppm;
		u64 rss;
	} rows[] = {
		{7, 8, true, 300000, 96}, {7, 0, true, 100000, 64}, {0, 8, true, 200000, 32},
		{7, 99, true, 100000, 64}, {9, 0, false, 0, 16}, {0, 0, false, 0, 0},
	};
	static const struct task tasks[] = {
		{.pid = 7, .at_ns = 12 * SEC, .runtime_ns = SEC / 5, .rss_bytes = 64},
		{.pid = 8, .at_ns = 12 * SEC, .runtime_ns = 2 * SEC / 5, .rss_bytes = 32},
		{.pid = 9, .at_ns = 12 * SEC, .rss_bytes = 16, .start_boot_ns = 5},
	};
	static struct fake_world w;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		fake_world_open(&w);
		for (u32 t = 0; t < ARRAY_LEN(tasks); t++) {
			fake_world_add(&w, 0, &(struct task){.pid = tasks[t].pid, .at_ns = 10 * SEC});
			fake_world_add(&w, 1, &tasks[t]);
		}
		w.snap[1].self_pid = rows[i].self;
		w.snap[1].reader_pid = rows[i].reader;
		w.snap[0].syscalls = 100;
		w.snap[1].syscalls = 107;
		w.snap[1].collect_ns = 5999;
		fake_world_step(&w);
		CHECK_EQ_ROW(i, w.m.self.cpu_known, rows[i].known);
		CHECK_EQ_ROW(i, w.m.self.cpu_ppm, rows[i].ppm);
		CHECK_EQ_ROW(i, w.m.self.rss_bytes, rows[i].rss);
		CHECK_EQ_ROW(i, w.m.self.syscalls, 7);
		CHECK_EQ_ROW(i, w.m.self.collect_us, 5);
		fake_world_close(&w);
	}
}

static void test_model_name(void)
{
	static const struct task t = {.pid = 7, .name = TASK_NONE};
	const struct task_row r = {.t = &t};
	struct model m = {0};
	const struct name *n = model_name(&m, &r);

	CHECK(n && n->state == NAME_NONE && !n->cmdline.n && !n->exe.n && !n->comm.n);
}

TESTS(model_tasks,
	{"rates", test_rates},
	{"moved", test_moved},
	{"totals", test_totals},
	{"more tasks than room", test_room},
	{"paused", test_paused},
	{"own cost", test_cost},
	{"name", test_model_name})
