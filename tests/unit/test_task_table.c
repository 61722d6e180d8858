/* tests/unit/test_task_table.c - the table of tasks and its index. */
#include "proc/backend.h"
#include "proc/task.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <stdlib.h>

static void test_add_find(void)
{
	struct task_table t;
	u32 at;

	CHECK_EQ(task_table_init(&t, 4), 0);
	CHECK_EQ(task_table_find(&t, 1, 0), TASK_NONE);
	for (u32 pid = 10; pid < 14; pid++) {
		struct task *task = task_table_add(&t, pid);

		CHECK_ROW(pid, task && task->pid == pid && !task->tgid && !task->have);
	}
	CHECK(!task_table_add(&t, 14));
	CHECK(!task_table_add(&t, 15));
	CHECK_EQ(t.n, 4);
	CHECK_EQ(t.lost, 2);
	for (u32 guess = 0; guess < 6; guess++)		/* right, wrong, outside */
		CHECK_EQ_ROW(guess, task_table_find(&t, 12, guess), 2);
	at = task_table_find(&t, 14, TASK_NONE);
	CHECK_EQ(at, TASK_NONE);
	task_table_reset(&t);
	CHECK_EQ(t.n, 0);
	CHECK_EQ(t.lost, 0);
	CHECK_EQ(task_table_find(&t, 12, 2), TASK_NONE);
	t.task[0].uid = 7;				/* what the last round left */
	CHECK_EQ(task_table_add(&t, 12)->uid, 0);
	task_table_free(&t);
	task_table_free(&t);
}

/* An entry is all zero whatever the one before it there held. */
static void test_zeroed(void)
{
	static const struct task zero;
	struct task_table t;
	u32 wrong = 0;

	srandom(5);
	CHECK_EQ(task_table_init(&t, 64), 0);
	for (u32 round = 0; round < 200; round++) {
		task_table_reset(&t);
		for (u32 n = (u32)random() % 65; n; n--) {
			struct task *task = task_table_add(&t, n), seen = *task;
			bool counted = random() % 2;

			seen.pid = 0;
			wrong += memcmp(&seen, &zero, sizeof(seen)) != 0;
			memset(task, 0xff, counted ? sizeof(*task) : offsetof(struct task, user_ns));
			task->pid = n;
			task->counted = counted;
		}
	}
	CHECK_EQ(wrong, 0);
	task_table_free(&t);
}

/* Found at any time while tasks are added. */
static void test_add_while_looking(void)
{
	struct task_table t;
	u32 wrong = 0;

	srandom(6);
	CHECK_EQ(task_table_init(&t, 1000), 0);
	for (u32 round = 0; round < 50; round++) {
		task_table_reset(&t);
		for (u32 i = 0; i < 1000; i++) {
			u32 look = (u32)random() % 1500;

			task_table_add(&t, 7 * i + round);
			if (random() % 8 == 0)
				wrong += task_table_find(&t, 7 * look + round, 0) != (look <= i ? look : TASK_NONE);
		}
	}
	CHECK_EQ(wrong, 0);
	task_table_free(&t);
}

/* Two dense ranges that coincide modulo every power of two up to 64 Ki, and
 * numbers far apart: all are found, again after a reset with fewer. */
static void test_many(void)
{
	enum { N = 4096 };
	struct task_table t;
	bool all = true, none = true, empty = true;

	CHECK_EQ(task_table_init(&t, 3 * N), 0);
	for (u32 round = 0; round < 3; round++) {
		u32 n = N >> round;

		task_table_reset(&t);
		for (u32 i = 0; i <= t.index_mask; i++)
			empty &= !t.index[i];
		for (u32 i = 0; i < n; i++) {
			all &= task_table_add(&t, 1 + i) != NULL;
			all &= task_table_add(&t, 65537 + i) != NULL;
			all &= task_table_add(&t, 200000 + i * 1021) != NULL;
		}
		for (u32 i = 0; i < n; i++) {
			all &= task_table_find(&t, 1 + i, 0) == 3 * i;
			all &= task_table_find(&t, 65537 + i, TASK_NONE) == 3 * i + 1;
			all &= task_table_find(&t, 200000 + i * 1021, i) == 3 * i + 2;
			none &= task_table_find(&t, 20000 + i, i) == TASK_NONE;
		}
	}
	CHECK(all);
	CHECK(none);
	CHECK(empty);
	task_table_free(&t);
}

static void test_odd_sizes(void)
{
	static const struct {
		u32 cap;
		int ret;
	} rows[] = {
		{0, 0}, {1, 0}, {2, 0}, {3, 0}, {65536, 0},
		{1u << 31, -ENOMEM}, {UINT32_MAX, -ENOMEM},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct task_table t;

		CHECK_EQ_ROW(i, task_table_init(&t, rows[i].cap), rows[i].ret);
		if (!rows[i].ret) {
			CHECK_EQ_ROW(i, task_table_find(&t, 1, 0), TASK_NONE);
			CHECK_ROW(i, !rows[i].cap == !task_table_add(&t, UINT32_MAX - 1));
			CHECK_EQ_ROW(i, t.lost, !rows[i].cap);
		}
		task_table_free(&t);
	}
}

static void test_state_char(void)
{
	static const struct {
		u32 state;
		char letter;
	} rows[] = {
		{0x0, 'R'}, {0x1, 'S'}, {0x2, 'D'}, {0x4, 'T'}, {0x8, 't'}, {0x40, 'P'},
		{0x10, 'X'}, {0x20, 'Z'}, {0x30, 'Z'},
		{0x80 | 0x20, 'Z'},	/* what a zombie really has: TASK_DEAD, EXIT_ZOMBIE */
		{0x80 | 0x10, 'X'},
		{0x80, 'R'},		/* TASK_DEAD alone has no letter */
		{0x40 | 0x20, 'Z'}, {0x402 | 0x20, 'Z'}, {0x8000 | 0x20, 'Z'}, {0x8 | 0x10, 'X'},
		{0x402, 'I'}, {0x2402, 'I'},
		{0x102, 'D'},		/* TASK_KILLABLE */
		{0x2001, 'S'}, {0x6001, 'S'},	/* freezable */
		{0x104, 'T'}, {0x108, 't'}, {0x200, 'R'}, {0x800, 'R'},
		{0x1000, 'D'}, {0x8000, 'D'}, {0x8402, 'D'},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, task_state_char(rows[i].state), rows[i].letter);
}

static void test_cputime(void)
{
	static const struct {
		u64 runtime, utime, stime, user, system;
	} rows[] = {
		{1000, 30, 10, 750, 250},
		{1000, 0, 0, 1000, 0},		/* never met by a tick */
		{1000, 5, 0, 1000, 0},
		{1000, 0, 5, 0, 1000},
		{0, 5, 5, 0, 0},
		{10, 3, 3, 5, 5},
		{7, 1, 2, 3, 4},		/* nothing is lost by rounding */
		{UINT64_MAX, 1, 1, UINT64_MAX / 2 + 1, UINT64_MAX / 2},
		{1000, UINT64_MAX, UINT64_MAX, 500, 500},
		{1000, UINT64_MAX, 1, 1000, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		u64 user = 1, system = 1;

		cputime_scale(rows[i].runtime, rows[i].utime, rows[i].stime, &user, &system);
		CHECK_EQ_ROW(i, user, rows[i].user);
		CHECK_EQ_ROW(i, system, rows[i].system);
	}
}

TESTS(task_table,
	{"add, find, reset", test_add_find},
	{"zeroed", test_zeroed},
	{"add while looking", test_add_while_looking},
	{"many", test_many},
	{"odd sizes", test_odd_sizes},
	{"state letters", test_state_char},
	{"cputime_scale", test_cputime})
