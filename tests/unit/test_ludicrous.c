/* tests/unit/test_ludicrous.c - frames in slots, walks at a share of a CPU, and the
 * list of those that ran. */
#include "probes/abi.h"
#include "proc/frames.h"
#include "proc/pace.h"
#include "proc/switches.h"
#include "tests/unit/test.h"
#include "ui/value.h"

#include <stdlib.h>

#define US	((u64)NSEC_PER_USEC)
#define MS	((u64)NSEC_PER_MSEC)
#define SLOT	(16 * MS)

/* ---- frames ------------------------------------------------------------------- */

static void test_slots(void)
{
	static const struct {
		u64 begin_ms, end_ms;	/* of a frame, since the first slot */
		u32 shown, missed;	/* so far */
		u64 due_ms;
	} row[] = {
		{0, 1, 1, 0, 16},
		{17, 31, 2, 0, 32},	/* begun late, written in time */
		{32, 48, 2, 1, 48},	/* written when the next is due */
		{48, 49, 3, 1, 64},
		{64, 120, 3, 4, 112},	/* and two are left out: the slot it ends in is still there */
		{120, 127, 4, 4, 128},
		{300, 301, 4, 14, 288},	/* nobody came for a while */
		{301, 302, 5, 14, 304},
	};
	struct frames f = {.on = true};
	u64 t0 = 5 * (u64)NSEC_PER_SEC, due;

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		due = frames_begin(&f, t0 + row[i].begin_ms * MS, SLOT, false);
		CHECK_ROW(i, due > f.slot_ns && f.slot_ns <= t0 + row[i].begin_ms * MS);
		due = frames_end(&f, t0 + row[i].end_ms * MS, 0);
		CHECK_EQ_ROW(i, due, t0 + row[i].due_ms * MS);
		CHECK_EQ_ROW(i, f.shown, row[i].shown);
		CHECK_EQ_ROW(i, f.missed, row[i].missed);
		/* each slot is one or the other */
		CHECK_EQ_ROW(i, (f.shown + f.missed) * SLOT, due - t0);
	}
}

static void test_frames_out_of_turn(void)
{
	struct frames f = {.on = true};

	CHECK_EQ(frames_begin(&f, 100 * MS, SLOT, false), 116 * MS);
	CHECK_EQ(frames_end(&f, 101 * MS, 0), 116 * MS);
	/* a key asked for it */
	CHECK_EQ(frames_begin(&f, 105 * MS, SLOT, false), 116 * MS);
	CHECK_EQ(frames_end(&f, 106 * MS, 116 * MS), 116 * MS);
	CHECK_EQ(f.shown + f.missed, 1);
	/* after a stop there is no past */
	CHECK_EQ(frames_begin(&f, 9000 * MS, SLOT, true), 9016 * MS);
	CHECK_EQ(frames_end(&f, 9001 * MS, 0), 9016 * MS);
	CHECK_EQ(f.shown, 2);
	CHECK_EQ(f.missed, 0);
	/* not on: as ever, and nothing is counted */
	f = (struct frames){0};
	CHECK_EQ(frames_begin(&f, 100 * MS, SLOT, false), 116 * MS);
	CHECK_EQ(frames_end(&f, 200 * MS, 116 * MS), 200 * MS);
	CHECK_EQ(frames_end(&f, 101 * MS, 116 * MS), 116 * MS);
	CHECK_EQ(f.shown + f.missed, 0);
	CHECK_EQ(frames_percentile_us(&f, 50), 0);
}

static void test_percentiles(void)
{
	struct frames f = {.on = true};
	u64 now = 1;

	/* 1 us .. 10 ms, each once */
	for (u64 us = 1; us <= 10000; us++) {
		now = frames_begin(&f, now, SLOT, false) - SLOT;
		now = frames_end(&f, now + us * US, 0);
	}
	CHECK_EQ(f.shown, 10000);
	CHECK_EQ(f.missed, 0);
	for (u32 percent = 1; percent <= 100; percent++) {
		u32 us = frames_percentile_us(&f, percent);

		CHECK_ROW(percent, us >= percent * 100 && us <= percent * 100 + percent * 100 / 8 + 1);
	}
	/* longer than any bucket */
	frames_begin(&f, now, SLOT, false);
	frames_end(&f, now + 100 * (u64)NSEC_PER_SEC, 0);
	CHECK_EQ(f.missed, 100 * 1000 / 16);
	CHECK(frames_percentile_us(&f, 100) > 50000000);
}

/* ---- pace --------------------------------------------------------------------- */

static void test_pace(void)
{
	static const struct {
		u32 share_ppm;
		u64 cost, next;
	} row[] = {
		{100000, 2 * MS, 20 * MS}, {1000000, 2 * MS, 2 * MS}, {10, 1 * MS, 100000 * MS},
		{100000, 0, 0}, {0, 5 * MS, 0},
		{10, UINT64_MAX / 2, UINT64_MAX},	/* it saturates */
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		struct pace p = {.share_ppm = row[i].share_ppm};

		CHECK_ROW(i, pace_due(&p, 0));
		pace_took(&p, 0, row[i].cost);
		CHECK_EQ_ROW(i, p.next_ns, row[i].next);
		CHECK_ROW(i, pace_due(&p, row[i].next));
		CHECK_ROW(i, !row[i].next || !pace_due(&p, row[i].next - 1));
	}
}

static void test_percent(void)
{
	static const struct {
		const char *text;
		u32 ppm;		/* 0: it is none */
	} row[] = {
		{"10", 100000}, {"10%", 100000}, {"0.5", 5000}, {"0.001%", 10}, {"100", 1000000}, {"12.5%", 125000},
		{"0", 0}, {"0.0009", 0}, {"100.1", 0}, {"-1", 0}, {"", 0}, {"%", 0}, {"1s", 0}, {"1 %", 0}, {".5", 0},
		{"99999999999999999999", 0},
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		u32 ppm = 0;

		CHECK_EQ_ROW(i, parse_percent(row[i].text, &ppm), row[i].ppm > 0);
		CHECK_ROW(i, !row[i].ppm || ppm == row[i].ppm);
	}
}

/* ---- the list ----------------------------------------------------------------- */

static struct switches *list;
static struct task_ask ask;

/* As probes/switches.bpf.c does. */
static void left(u32 pid)
{
	u32 *entry = &list->pid[list->head++ % SWITCH_LIST];

	if (*entry)
		list->lost++;
	else
		*entry = pid;
}

static void test_list(void)
{
	struct switch_reader r = {.cpus = 3};

	list = calloc(1, sizeof(*list));
	list->head = r.tail = UINT32_MAX - 1;	/* it wraps */
	for (u32 pid = 1; pid <= 5; pid++)
		left(pid);
	list->on_cpu[1].pid = 77;
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(list->epoch, 1);
	CHECK_EQ(ask.n, 6);
	for (u32 i = 0; i < 5; i++)
		CHECK_EQ(ask.pid[i], i + 1);
	CHECK_EQ(ask.pid[5], 77);
	list->on_cpu[1].pid = 0;
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, 0);
	/* one that another CPU is about to write: it is there the next time */
	left(8);
	list->head++;
	left(9);
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, 1);
	CHECK_EQ(ask.pid[0], 8);
	list->pid[(list->head - 2) % SWITCH_LIST] = 10;
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, 2);
	CHECK_EQ(ask.pid[0], 10);
	CHECK_EQ(ask.pid[1], 9);
	free(list);
}

static void test_full_list(void)
{
	struct switch_reader r = {.cpus = SWITCH_CPUS};

	list = calloc(1, sizeof(*list));
	for (u32 i = 0; i < SWITCH_CPUS; i++)
		list->on_cpu[i].pid = i + 1;
	for (u32 pid = 1; pid <= SWITCH_LIST; pid++)
		left(pid);
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, SWITCH_LIST + SWITCH_CPUS);
	for (u32 pid = 1; pid <= SWITCH_LIST + 7; pid++)
		left(pid);
	CHECK(!switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, SWITCH_LIST + SWITCH_CPUS);
	CHECK_EQ(list->lost, 7);
	/* and all is well again */
	left(5);
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, 1 + SWITCH_CPUS);
	CHECK_EQ(ask.pid[0], 5);
	/* one was lost while the list was taken: nobody writes at its place any more */
	list->head++;
	list->lost++;
	left(6);
	CHECK(!switches_drain(list, &r, &ask));
	CHECK_EQ(ask.pid[0], 6);
	left(7);
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, 1 + SWITCH_CPUS);
	CHECK_EQ(ask.pid[0], 7);
	free(list);
}

/* A process of many threads is on many CPUs. */
static void test_on_many_cpus(void)
{
	struct switch_reader r = {.cpus = 6};

	list = calloc(1, sizeof(*list));
	for (u32 i = 0; i < r.cpus; i++)
		list->on_cpu[i].pid = (const u32[]){9, 0, 9, 4, 9, 4}[i];
	left(9);
	CHECK(switches_drain(list, &r, &ask));
	CHECK_EQ(ask.n, 3);	/* who left one, and each that is on one */
	CHECK(ask.pid[0] == 9 && ask.pid[1] == 9 && ask.pid[2] == 4);
	free(list);
}

TESTS(ludicrous,
      {"slots", test_slots},
      {"frames out of turn", test_frames_out_of_turn},
      {"percentiles", test_percentiles},
      {"pace", test_pace},
      {"percent", test_percent},
      {"list", test_list},
      {"full list", test_full_list},
      {"on many CPUs", test_on_many_cpus})
