/* tests/unit/test_model.c - two made-up snapshots in, rates, shares and totals
 * out. */
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"

#include <stdlib.h>

enum { CPUS = WORLD_CPUS, PAGE = WORLD_PAGE };

#define SEC		((u64)NSEC_PER_SEC)

/* ---- processors ------------------------------------------------------- */

struct cpu_row {
	const char *what;
	struct cpu_raw prev, cur;
	bool known;
	u32 ppm[CPU_SHARES];
};

#define TICKS(...)	{.tick = {__VA_ARGS__}, .online = true}

static const struct cpu_row cpu_rows[] = {
	{"half", TICKS([CPU_USER] = 100), TICKS([CPU_USER] = 150, [CPU_IDLE] = 50), true,
	 {[SHARE_USER] = 500000, [SHARE_IDLE] = 500000}},
	{"guest is in user", TICKS(0), TICKS([CPU_USER] = 60, [CPU_GUEST] = 20, [CPU_IDLE] = 40), true,
	 {[SHARE_USER] = 400000, [SHARE_GUEST] = 200000, [SHARE_IDLE] = 400000}},
	{"guest_nice is in nice", TICKS(0),
	 TICKS([CPU_NICE] = 30, [CPU_GUEST_NICE] = 10, [CPU_SYSTEM] = 10, [CPU_IDLE] = 60), true,
	 {[SHARE_NICE] = 200000, [SHARE_GUEST] = 100000, [SHARE_SYSTEM] = 100000,
	  [SHARE_IDLE] = 600000}},
	{"both guests", TICKS(0),
	 TICKS([CPU_USER] = 50, [CPU_NICE] = 50, [CPU_GUEST] = 50, [CPU_GUEST_NICE] = 50), true,
	 {[SHARE_GUEST] = PPM}},
	{"more guest than user", TICKS(0), TICKS([CPU_USER] = 5, [CPU_GUEST] = 10, [CPU_IDLE] = 10),
	 true, {[SHARE_GUEST] = 500000, [SHARE_IDLE] = 500000}},
	{"every column", TICKS(0), TICKS(20, 10, 10, 10, 10, 10, 10, 10, 10, 5), true,
	 {[SHARE_USER] = 111111, [SHARE_NICE] = 55555, [SHARE_SYSTEM] = 111111,
	  [SHARE_IOWAIT] = 111111, [SHARE_IRQ] = 111111, [SHARE_SOFTIRQ] = 111111,
	  [SHARE_STEAL] = 111111, [SHARE_GUEST] = 166668, [SHARE_IDLE] = 111111}},
	{"thirds: the rest goes to the largest", TICKS(0),
	 TICKS([CPU_USER] = 1, [CPU_SYSTEM] = 1, [CPU_IDLE] = 1), true,
	 {[SHARE_USER] = 333333, [SHARE_SYSTEM] = 333333, [SHARE_IDLE] = 333334}},
	{"no time passed", TICKS([CPU_USER] = 7), TICKS([CPU_USER] = 7), false, {0}},
	{"idle goes back", TICKS([CPU_IDLE] = 10), TICKS([CPU_USER] = 3, [CPU_IDLE] = 5), true,
	 {[SHARE_USER] = PPM}},
	{"iowait goes back", TICKS([CPU_IOWAIT] = 10), TICKS([CPU_USER] = 1, [CPU_IDLE] = 1), true,
	 {[SHARE_USER] = 500000, [SHARE_IDLE] = 500000}},
	{"all go back", TICKS(9, 9, 9, 9, 9, 9, 9, 9, 9, 9), TICKS(1, 2, 3, 4, 5, 6, 7, 8, 8, 8),
	 false, {0}},
	{"centuries", TICKS(0), TICKS([CPU_USER] = 1ull << 60, [CPU_IDLE] = 1ull << 60), true,
	 {[SHARE_USER] = 500000, [SHARE_IDLE] = 500000}},
	{"came online", {.online = false}, TICKS([CPU_USER] = 7), false, {0}},
	{"went offline", TICKS([CPU_USER] = 7), {.online = false}, false, {0}},
};

static u64 sum_of(const struct cpu_model *c)
{
	u64 sum = 0;

	for (u32 i = 0; i < CPU_SHARES; i++)
		sum += c->ppm[i];
	return sum;
}

static void check_cpu(size_t row, const struct cpu_model *got, const struct cpu_row *want)
{
	CHECK_EQ_ROW(row, got->known, want->known);
	CHECK_EQ_ROW(row, got->online, want->cur.online);
	CHECK_EQ_ROW(row, sum_of(got), want->known ? PPM : 0);
	for (u32 i = 0; i < CPU_SHARES; i++)
		CHECK_EQ_ROW(100 * row + i, got->ppm[i], want->ppm[i]);
}

static void test_cpu_shares(void)
{
	static struct fake_world w;

	for (size_t i = 0; i < ARRAY_LEN(cpu_rows); i++) {
		fake_world_open(&w);
		w.snap[0].ncpu = w.snap[1].ncpu = 1;
		w.cpu[0][0] = w.snap[0].stat.total = cpu_rows[i].prev;
		w.cpu[1][0] = w.snap[1].stat.total = cpu_rows[i].cur;
		fake_world_step(&w);
		check_cpu(i, &w.m.cpu[0], &cpu_rows[i]);
		check_cpu(i, &w.m.cpu_total, &cpu_rows[i]);
		CHECK_EQ_ROW(i, w.m.ncpu_online, cpu_rows[i].cur.online);
		fake_world_close(&w);
	}
}

static void test_cpu_random(void)
{
	static struct fake_world w;

	fake_world_open(&w);
	w.snap[0].ncpu = w.snap[1].ncpu = CPUS;
	srandom(1);
	for (u32 round = 0; round < 2000; round++) {
		for (u32 c = 0; c < CPUS; c++) {
			w.cpu[0][c].online = w.cpu[1][c].online = true;
			for (u32 t = 0; t < CPU_TIMES; t++) {
				w.cpu[0][c].tick[t] = (u64)random() % 1000;
				w.cpu[1][c].tick[t] = (u64)random() % 1000 + (u64)random() % 500;
			}
		}
		fake_world_step(&w);
		for (u32 c = 0; c < CPUS; c++)
			CHECK_EQ_ROW(round, sum_of(&w.m.cpu[c]), w.m.cpu[c].known ? PPM : 0);
	}
	fake_world_close(&w);
}

/* CPU 1 is taken out, CPU 2 put back in, CPU 3 is new. */
static void test_hotplug(void)
{
	static const bool before[] = {true, true, false}, after[] = {true, false, true, true};
	static struct fake_world w;

	fake_world_open(&w);
	w.snap[0].ncpu = ARRAY_LEN(before);
	w.snap[1].ncpu = ARRAY_LEN(after);
	for (u32 i = 0; i < ARRAY_LEN(before); i++)
		w.cpu[0][i].online = before[i];
	for (u32 i = 0; i < ARRAY_LEN(after); i++)
		w.cpu[1][i] = (struct cpu_raw){.online = after[i], .tick[CPU_USER] = 10};
	fake_world_step(&w);
	CHECK_EQ(w.m.ncpu, 4);
	CHECK_EQ(w.m.ncpu_online, 3);
	for (u32 i = 0; i < ARRAY_LEN(after); i++) {
		CHECK_EQ_ROW(i, w.m.cpu[i].online, after[i]);
		CHECK_EQ_ROW(i, w.m.cpu[i].known, i == 0);
	}
	/* and the highest ones go away again */
	w.snap[0].ncpu = CPUS;
	w.snap[1].ncpu = 1;
	fake_world_step(&w);
	CHECK_EQ(w.m.ncpu, 1);
	CHECK_EQ(w.m.ncpu_online, 1);
	fake_world_close(&w);
}

/* A machine with more CPUs than a snapshot or the model has room for. */
static void test_cpu_room(void)
{
	static const struct {
		u32 prev_ncpu, prev_cap, cur_ncpu, cur_cap, want;
	} rows[] = {
		{CPUS, CPUS, CPUS, CPUS, CPUS},
		{20, CPUS, 20, CPUS, CPUS},
		{CPUS, CPUS, CPUS, 3, 3},
		{CPUS, 3, CPUS, CPUS, CPUS},
	};
	static struct fake_world w;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cpu_raw *before = calloc(rows[i].prev_cap, sizeof(*before));

		fake_world_open(&w);
		for (u32 c = 0; c < CPUS; c++)
			w.cpu[1][c] = (struct cpu_raw){.online = true, .tick[CPU_IDLE] = 100};
		for (u32 c = 0; c < rows[i].prev_cap; c++)
			before[c].online = true;
		w.snap[0].cpu = before;	/* of its own, so that a sanitizer sees its end */
		w.snap[0].ncpu = rows[i].prev_ncpu;
		w.snap[0].cpu_cap = rows[i].prev_cap;
		w.snap[1].ncpu = rows[i].cur_ncpu;
		w.snap[1].cpu_cap = rows[i].cur_cap;
		fake_world_step(&w);
		CHECK_EQ_ROW(i, w.m.ncpu, rows[i].want);
		for (u32 c = 0; c < w.m.ncpu; c++)
			CHECK_EQ_ROW(i, w.m.cpu[c].known, c < rows[i].prev_cap);
		fake_world_close(&w);
		free(before);
	}
}

/* ---- time ------------------------------------------------------------- */

static void test_first(void)
{
	static const struct task one = {.pid = 7, .tgid = 7, .threads = 3, .have = UINT32_MAX,
					.at_ns = 1, .runtime_ns = SEC, .min_flt = 5};
	static struct fake_world w;

	fake_world_open(&w);
	fake_world_add(&w, 1, &one);
	w.snap[1].ncpu = 2;
	w.snap[1].real_ns = 3 * SEC;
	w.snap[1].boot_ns = 4 * SEC;
	w.snap[1].boot_time_ns = 5 * SEC;
	w.snap[1].mem.total = 100;
	w.cpu[1][0] = (struct cpu_raw)TICKS(50, 50, 50, 50);
	model_step(&w.m, NULL, &w.snap[1], PAGE);
	CHECK_EQ(w.m.window_ns, 0);
	CHECK_EQ(w.m.real_ns, 3 * SEC);
	CHECK_EQ(w.m.boot_ns, 4 * SEC);
	CHECK_EQ(w.m.boot_time_ns, 5 * SEC);
	CHECK_EQ(w.m.have, WORLD_SOURCES);
	CHECK(!w.m.cpu_total.known && !w.m.cpu[0].known && w.m.cpu[0].online);
	CHECK(w.m.memory.known && !w.m.memory.swap_rates_known);
	CHECK_EQ(w.m.ntask, 1);
	CHECK_EQ(w.m.row[0].have, 0);
	CHECK_EQ(w.m.row[0].t->runtime_ns, SEC);
	CHECK_EQ(w.m.totals.processes, 1);
	CHECK_EQ(w.m.totals.threads, 3);
	CHECK(!w.m.self.cpu_known && w.m.self.syscalls == 0);
	fake_world_close(&w);
}

static void test_window(void)
{
	static struct fake_world w;

	fake_world_open(&w);
	fake_world_step(&w);
	CHECK_EQ(w.m.window_ns, 5 * SEC / 2);
	w.snap[1].mono_ns = w.snap[0].mono_ns + 123;
	fake_world_step(&w);
	CHECK_EQ(w.m.window_ns, 123);
	w.snap[1].mono_ns = w.snap[0].mono_ns;
	fake_world_step(&w);
	CHECK_EQ(w.m.window_ns, 0);
	CHECK(!w.m.memory.swap_rates_known);
	/* a snapshot from another boot: as if there was none before */
	w.snap[1].mono_ns = w.snap[0].mono_ns - 1;
	w.snap[1].ncpu = w.snap[0].ncpu = 1;
	w.cpu[0][0] = (struct cpu_raw)TICKS(0);
	w.cpu[1][0] = (struct cpu_raw)TICKS(50);
	fake_world_step(&w);
	CHECK_EQ(w.m.window_ns, 0);
	CHECK(!w.m.cpu[0].known);
	fake_world_close(&w);
}

/* ---- memory ----------------------------------------------------------- */

static void test_memory(void)
{
	static const struct {
		const char *what;
		struct meminfo_raw in;
		u64 used, available, cached, swap_used;	/* KiB */
	} rows[] = {
		{"usual", {.total = 1000, .free = 100, .available = 600, .buffers = 50, .cached = 400,
			   .sreclaimable = 100, .shmem = 30, .swap_total = 500, .swap_free = 200,
			   .have_available = true}, 400, 600, 470, 300},
		{"before 3.14", {.total = 1000, .free = 100, .buffers = 50, .cached = 400,
				 .sreclaimable = 100, .shmem = 30}, 380, 620, 470, 0},
		{"available is 0, and known", {.total = 1000, .free = 100, .have_available = true},
		 1000, 0, 0, 0},
		{"more available than there is", {.total = 1000, .available = 2000,
						  .have_available = true}, 0, 1000, 0, 0},
		{"more free than there is", {.total = 1000, .free = 900, .buffers = 900}, 0, 1000, 0, 0},
		{"more shmem than cache", {.total = 1000, .free = 100, .cached = 10, .shmem = 500},
		 900, 100, 0, 0},
		{"more swap free than there is", {.total = 1000, .swap_total = 5, .swap_free = 6},
		 1000, 0, 0, 0},
		{"empty file", {0}, 0, 0, 0, 0},
	};
	static const struct task one = {.pid = 7, .have = TASK_HAVE_RSS, .rss_bytes = 250 * 1024};
	static struct fake_world w;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		fake_world_open(&w);
		fake_world_add(&w, 1, &one);
		w.snap[1].mem = rows[i].in;
		fake_world_step(&w);
		CHECK_ROW(i, w.m.memory.known);
		CHECK_EQ_ROW(i, w.m.memory.total, rows[i].in.total * 1024);
		CHECK_EQ_ROW(i, w.m.memory.used, rows[i].used * 1024);
		CHECK_EQ_ROW(i, w.m.memory.available, rows[i].available * 1024);
		CHECK_EQ_ROW(i, w.m.memory.cached, rows[i].cached * 1024);
		CHECK_EQ_ROW(i, w.m.memory.swap_used, rows[i].swap_used * 1024);
		CHECK_EQ_ROW(i, w.m.memory.free, rows[i].in.free * 1024);
		CHECK_EQ_ROW(i, w.m.row[0].mem_ppm, rows[i].in.total ? 250000 : 0);
		fake_world_close(&w);
	}
}

static void test_memory_absent(void)
{
	static struct fake_world w;

	fake_world_open(&w);
	w.snap[1].mem = (struct meminfo_raw){.total = 1000, .available = 1, .have_available = true};
	w.snap[1].zram = (struct zram_raw){3, 2, 1, 1};
	w.snap[1].have = SRC_BIT(SRC_ZRAM);
	fake_world_step(&w);
	CHECK(!w.m.memory.known && w.m.memory.total == 0);
	CHECK(w.m.memory.zram_known && w.m.memory.zram.original == 3);
	w.snap[1].have = SRC_BIT(SRC_MEMINFO);
	fake_world_step(&w);
	CHECK(w.m.memory.known && w.m.memory.total == 1000 * 1024);
	CHECK(!w.m.memory.zram_known && w.m.memory.zram.original == 0);
	fake_world_close(&w);
}

/* 30 MiB a second go, of what is available and of free swap together. */
static void test_exhaustion(void)
{
	static struct fake_world w;
	struct snapshot s[2] = {0};

	fake_world_open(&w);
	for (u32 i = 0; i < 12; i++) {
		u32 gone = MIN(i, 8u) * 10 * 1024;
		struct snapshot *cur = &s[i % 2];

		*cur = (struct snapshot){.mono_ns = (i + 1) * (u64)NSEC_PER_SEC, .have = SRC_BIT(SRC_MEMINFO)};
		cur->mem = (struct meminfo_raw){.total = 1024 * 1024, .available = 400 * 1024 - 2 * gone, .have_available = true,
						.swap_total = 200 * 1024, .swap_free = 100 * 1024 - gone};
		model_step(&w.m, i ? &s[(i + 1) % 2] : NULL, cur, PAGE);
		CHECK_EQ_ROW(i, w.m.memory.left, (500 * 1024 - 3 * (u64)gone) * 1024);
		if (i < 8) {
			CHECK_ROW(i, w.m.memory.exhaustion_known == (i >= 2));
			CHECK_ROW(i, i < 2 || w.m.memory.exhausted_in_ns / NSEC_PER_MSEC == (500 - 30 * i) * 1000 / 30);
		}
	}
	s[0].mono_ns = 20 * (u64)NSEC_PER_SEC;
	for (u32 i = 0; i < 3; i++, s[0].mono_ns += NSEC_PER_SEC)
		model_step(&w.m, &s[1], &s[0], PAGE);
	CHECK(!w.m.memory.exhaustion_known);		/* it stands still */
	fake_world_close(&w);
}

static void test_swap_rates(void)
{
	static const u32 both = SRC_BIT(SRC_VMSTAT) | SRC_BIT(SRC_MEMINFO);
	static const struct {
		struct vmstat_raw prev, cur;
		u32 prev_have, cur_have;
		bool known;
		u64 in, out;	/* bytes per second, over 2.5 s */
	} rows[] = {
		{{100, 200}, {110, 225}, both, both, true, 4 * PAGE, 10 * PAGE},
		{{0, 0}, {0, 0}, both, both, true, 0, 0},
		{{100, 200}, {99, 225}, both, both, false, 0, 0},
		{{100, 200}, {110, 199}, both, both, false, 0, 0},
		{{100, 200}, {110, 225}, SRC_BIT(SRC_MEMINFO), both, false, 0, 0},
		{{100, 200}, {110, 225}, both, SRC_BIT(SRC_MEMINFO), false, 0, 0},
	};
	static struct fake_world w;

	fake_world_open(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		w.snap[0].vmstat = rows[i].prev;
		w.snap[1].vmstat = rows[i].cur;
		w.snap[0].have = rows[i].prev_have;
		w.snap[1].have = rows[i].cur_have;
		fake_world_step(&w);
		CHECK_EQ_ROW(i, w.m.memory.swap_rates_known, rows[i].known);
		CHECK_EQ_ROW(i, w.m.memory.swap_in_per_s, rows[i].in);
		CHECK_EQ_ROW(i, w.m.memory.swap_out_per_s, rows[i].out);
	}
	fake_world_close(&w);
}

/* Known once, and not known in the next window: whatever else is sampled. */
static void test_swap_rates_go(void)
{
	static struct fake_world w;

	fake_world_open(&w);
	w.snap[0].have = w.snap[1].have = SRC_BIT(SRC_VMSTAT);
	w.snap[1].vmstat.swap_in_pages = 100;
	fake_world_step(&w);
	CHECK(w.m.memory.swap_rates_known && w.m.memory.swap_in_per_s == 40 * PAGE);
	w.snap[0].vmstat.swap_in_pages = 101;
	fake_world_step(&w);
	CHECK(!w.m.memory.swap_rates_known);
	fake_world_close(&w);
}

TESTS(model,
	{"cpu shares", test_cpu_shares},
	{"cpu shares sum up", test_cpu_random},
	{"cpu hotplug", test_hotplug},
	{"more cpus than room", test_cpu_room},
	{"first snapshot", test_first},
	{"window", test_window},
	{"memory", test_memory},
	{"memory absent", test_memory_absent},
	{"exhaustion", test_exhaustion},
	{"swap rates", test_swap_rates},
	{"swap rates go", test_swap_rates_go})
