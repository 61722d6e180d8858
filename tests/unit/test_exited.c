/* tests/unit/test_exited.c - what ended between two samples, folded: made-up
 * events against made-up tables. */
#include "proc/exited.h"
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>

enum { MS = NSEC_PER_MSEC, EVENTS = 20000 };

/* Two windows at most: tables 0, 1, 2 and the events between them. */
struct scene {
	struct exited *e;
	struct task_table table[3];
	struct exit_event event[EVENTS];
	struct exits_raw raw;
};

static struct scene *scene_open(void)
{
	struct scene *s = calloc(1, sizeof(*s));

	if (!s || exited_new(&s->e))
		abort();
	for (u32 i = 0; i < 3; i++) {
		if (task_table_init(&s->table[i], 64))
			abort();
		s->table[i].mono_ns = (10 + i) * (u64)NSEC_PER_SEC;
	}
	s->raw.event = s->event;
	return s;
}

static void scene_close(struct scene *s)
{
	exited_free(s->e);
	for (u32 i = 0; i < 3; i++)
		task_table_free(&s->table[i]);
	free(s);
}

static void row(struct scene *s, u32 when, u32 pid, u64 ms, char state)
{
	struct task *t = task_table_add(&s->table[when], pid);

	t->start_boot_ns = pid * 1000ull;
	t->runtime_ns = ms * MS;
	t->state = state;
}

static struct exit_event *event(struct scene *s, const char *comm, u32 pid, u32 ppid, u64 ms)
{
	struct exit_event *ev = &s->event[s->raw.n++];

	*ev = (struct exit_event){.pid = pid, .ppid = ppid, .start_boot_ns = pid * 1000ull, .runtime_ns = ms * MS,
				  .last = !comm};
	if (comm) {
		snprintf(ev->comm, sizeof(ev->comm), "%s", comm);
		snprintf(ev->parent_comm, sizeof(ev->parent_comm), "sh");
	}
	return ev;
}

/* Window w lies between tables w and w + 1; its events are forgotten then. */
static void window(struct scene *s, u32 w)
{
	exited_step(s->e, &s->table[w], &s->table[w + 1], &s->raw);
	s->raw.n = 0;
}

static const struct exited_group *find(const struct scene *s, const char *comm)
{
	static const struct exited_group none;
	u32 n;
	const struct exited_group *g = exited_groups(s->e, &n);

	for (u32 i = 0; i < n; i++)
		if (comm ? !g[i].rest && !strcmp(g[i].comm, comm) : g[i].rest)
			return &g[i];
	return &none;
}

/* ---- one process -------------------------------------------------------------- */

enum { ABSENT = -1 };

/* What tables have of it, what events say, and what its group gets in either window. */
static const struct {
	const char *what;
	int row[3];		/* CPU time in each table, ms; ABSENT */
	char state[3];
	int first, last;	/* events of the first window; ABSENT */
	int first2, last2;	/* of the second */
	u32 count[2];
	u64 ms[2];
} lives[] = {
	{"came and went", {ABSENT, ABSENT, ABSENT}, "   ", 8, 10, ABSENT, ABSENT, {1, 0}, {10, 0}},
	{"the last word comes later", {ABSENT, ABSENT, ABSENT}, "   ", 8, ABSENT, ABSENT, 10, {1, 0}, {8, 2}},
	{"no last word", {ABSENT, ABSENT, ABSENT}, "   ", 8, ABSENT, ABSENT, ABSENT, {1, 0}, {8, 0}},
	{"ended before we looked", {ABSENT, ABSENT, ABSENT}, "   ", ABSENT, 10, ABSENT, ABSENT, {0, 0}, {0, 0}},
	{"had a row before", {100, ABSENT, ABSENT}, "S  ", 108, 110, ABSENT, ABSENT, {1, 0}, {10, 0}},
	{"had a row, the last word later", {100, ABSENT, ABSENT}, "S  ", 108, ABSENT, ABSENT, 110, {1, 0}, {8, 2}},
	{"had a row until the second window", {100, 150, ABSENT}, "SS ", ABSENT, ABSENT, 155, 160, {0, 1}, {0, 10}},
	{"went while the sample was taken", {ABSENT, 5, ABSENT}, " R ", 7, 9, ABSENT, ABSENT, {0, 1}, {0, 4}},
	{"the same, with a row before", {3, 5, ABSENT}, "RR ", 7, ABSENT, ABSENT, 9, {0, 1}, {0, 4}},
	{"the same, and nobody waits for it", {ABSENT, 5, 9}, " RZ", 7, ABSENT, ABSENT, ABSENT, {0, 1}, {0, 0}},
	{"a zombie that nobody saw alive", {ABSENT, 10, ABSENT}, " Z ", 8, ABSENT, ABSENT, 10, {1, 0}, {10, 0}},
	{"a zombie that had a row", {5, 10, ABSENT}, "SZ ", 8, ABSENT, ABSENT, 10, {1, 0}, {0, 0}},
	{"a zombie that stays", {ABSENT, 10, 10}, " ZZ", 8, ABSENT, ABSENT, ABSENT, {1, 0}, {10, 0}},
	{"its row knew more than the event", {ABSENT, ABSENT, ABSENT}, "   ", 10, 8, ABSENT, ABSENT, {1, 0}, {10, 0}},
	{"two threads were the last", {ABSENT, ABSENT, ABSENT}, "   ", 8, ABSENT, 9, 10, {1, 0}, {8, 2}},
};

static void test_lives(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lives); i++) {
		struct scene *s = scene_open();
		const int *said[2] = {&lives[i].first, &lives[i].first2};

		for (u32 k = 0; k < 3; k++)
			if (lives[i].row[k] != ABSENT)
				row(s, k, 7, (u64)lives[i].row[k], lives[i].state[k]);
		for (u32 w = 0; w < 2; w++) {
			if (said[w][0] != ABSENT)
				event(s, "awk", 7, 3, (u64)said[w][0]);
			if (said[w][1] != ABSENT)
				event(s, NULL, 7, 3, (u64)said[w][1]);
			window(s, w);
			CHECK_EQ_ROW(100 * i + w, find(s, "awk")->count, lives[i].count[w]);
			CHECK_EQ_ROW(100 * i + w, find(s, "awk")->cpu_ns, lives[i].ms[w] * MS);
		}
		scene_close(s);
	}
}

/* A row from /proc has its start in steps of 10 ms. */
static void test_coarse_start(void)
{
	struct scene *s = scene_open();

	row(s, 0, 7, 100, 'S');
	s->table[0].task[0].start_boot_ns = 120 * MS;
	event(s, "awk", 7, 3, 108)->start_boot_ns = 120 * MS + 7;
	window(s, 0);
	CHECK_EQ(find(s, "awk")->cpu_ns, 8 * MS);
	scene_close(s);
}

static void test_pid_taken_by_another(void)
{
	struct scene *s = scene_open();

	row(s, 0, 7, 100, 'S');
	event(s, "awk", 7, 3, 30)->start_boot_ns = 5;
	window(s, 0);
	CHECK_EQ(find(s, "awk")->count, 1);
	CHECK_EQ(find(s, "awk")->cpu_ns, 30 * MS);
	scene_close(s);
}

/* ---- groups --------------------------------------------------------------------- */

static void test_groups(void)
{
	struct scene *s = scene_open();
	const struct exited_group *g;
	u32 at, n;

	for (u32 i = 0; i < 200; i++) {
		event(s, "awk", 1000 + i, 3, 8)->cgroup_id = i & 1;
		event(s, NULL, 1000 + i, 3, 10);
	}
	event(s, "awk", 50, 4, 1)->uid = 9;	/* another parent */
	event(s, "sed", 51, 3, 1)->status = 256;
	event(s, "sed", 52, 3, 1)->status = 9;
	event(s, "sed", 53, 3, 1);
	window(s, 0);
	exited_groups(s->e, &n);
	CHECK_EQ(n, 3);
	g = find(s, "awk");
	CHECK_EQ(g->count, 200);
	CHECK_EQ(g->ppid, 3);
	CHECK_STR(g->parent_comm, "sh");
	CHECK_EQ(g->cpu_ns, 2000 * MS);
	CHECK(g->mixed);
	at = g->first;
	for (n = 0; exited_pid(s->e, &at); n++)
		;
	CHECK_EQ(n, 200);
	CHECK_EQ(find(s, "sed")->count, 3);
	CHECK_EQ(find(s, "sed")->failed, 2);
	window(s, 1);
	exited_groups(s->e, &n);
	CHECK_EQ(n, 0);
	scene_close(s);
}

/* More commands than groups: the last is of all others, and no time is lost. */
static void test_more_commands_than_groups(void)
{
	struct scene *s = scene_open();
	char comm[TASK_COMM];
	u64 sum = 0;
	u32 n, count = 0;

	for (u32 i = 0; i < 1000; i++) {
		snprintf(comm, sizeof(comm), "c%u", i);
		event(s, comm, 1000 + i, 3, 1);
	}
	window(s, 0);
	exited_groups(s->e, &n);
	CHECK_EQ(n, EXITED_GROUPS);
	CHECK_EQ(find(s, NULL)->count, 1000 - (EXITED_GROUPS - 1));
	for (u32 i = 0; i < n; i++) {
		count += exited_groups(s->e, &n)[i].count;
		sum += exited_groups(s->e, &n)[i].cpu_ns;
	}
	CHECK_EQ(count, 1000);
	CHECK_EQ(sum, 1000 * (u64)MS);
	scene_close(s);
}

/* Zombies may hold all entries: who comes then is counted without a name. */
static void test_more_ends_than_entries(void)
{
	struct scene *s = scene_open();

	for (u32 i = 0; i < EXITED_OPEN + 10; i++)
		event(s, "awk", 1000 + i, 3, 1);
	window(s, 0);
	CHECK_EQ(find(s, "awk")->count, EXITED_OPEN);
	CHECK_EQ(find(s, NULL)->count, 10);
	CHECK_EQ(find(s, NULL)->cpu_ns, 10 * MS);
	for (u32 i = 0; i < EXITED_OPEN; i++)
		event(s, NULL, 1000 + i, 3, 2);
	window(s, 1);
	CHECK_EQ(find(s, "awk")->count, 0);
	CHECK_EQ(find(s, "awk")->cpu_ns, EXITED_OPEN * (u64)MS);
	/* and all have been let go */
	event(s, "sed", 5, 3, 1);
	s->table[2].mono_ns += NSEC_PER_SEC;
	exited_step(s->e, &s->table[1], &s->table[2], &s->raw);
	CHECK_EQ(find(s, "sed")->count, 1);
	scene_close(s);
}

static void test_lost(void)
{
	struct scene *s = scene_open();

	s->raw.lost = 40;	/* before the first window: nobody's */
	s->raw.lost_ns = 40 * MS;
	exited_step(s->e, NULL, &s->table[0], &s->raw);
	CHECK_EQ(exited_lost(s->e), 0);
	s->raw.lost = 45;
	s->raw.lost_ns = 47 * MS;
	window(s, 0);
	CHECK_EQ(exited_lost(s->e), 5);
	CHECK_EQ(find(s, NULL)->count, 5);
	CHECK_EQ(find(s, NULL)->cpu_ns, 7 * MS);
	window(s, 1);
	CHECK_EQ(exited_lost(s->e), 0);
	CHECK(!find(s, NULL)->rest);
	scene_close(s);
}

/* After a stop there is no window: what ended in it is nobody's. */
static void test_no_sample_before(void)
{
	struct scene *s = scene_open();
	u32 n;

	event(s, "awk", 7, 3, 10);
	exited_step(s->e, NULL, &s->table[1], &s->raw);
	exited_groups(s->e, &n);
	CHECK_EQ(n, 0);
	s->raw.n = 0;
	event(s, NULL, 7, 3, 12);
	window(s, 1);
	exited_groups(s->e, &n);
	CHECK_EQ(n, 0);
	scene_close(s);
}

/* ---- in the model ------------------------------------------------------------------ */

static void test_rows_of_the_model(void)
{
	static struct fake_world w;
	struct exit_event ev[] = {
		{.pid = 70, .ppid = 7, .uid = 5, .start_boot_ns = 1, .runtime_ns = 250 * MS, .comm = "awk"},
		{.pid = 71, .ppid = 7, .uid = 5, .start_boot_ns = 2, .runtime_ns = 250 * MS, .comm = "awk"},
	};
	const struct task_row *r;

	fake_world_open(&w);
	fake_world_add(&w, 0, &(struct task){.pid = 7, .start_boot_ns = 1});
	fake_world_add(&w, 1, &(struct task){.pid = 7, .start_boot_ns = 1});
	w.snap[1].exits = (struct exits_raw){.event = ev, .n = 2};
	fake_world_step(&w);
	CHECK_EQ(w.m.ntask, 1);
	CHECK_EQ(w.m.nended, 1);
	CHECK_EQ(w.m.totals.processes, 1);
	r = &w.m.row[1];
	CHECK_EQ(r->t->ended, 2);
	CHECK_EQ(r->t->ppid, 7);
	CHECK_EQ(r->t->uid, 5);
	CHECK_EQ(r->cpu_ppm, 200000);	/* half a second of two and a half */
	CHECK(r->t->pid > 1u << 22);
	fake_world_close(&w);
}

TESTS(exited, {"lives", test_lives}, {"coarse_start", test_coarse_start},
      {"pid_taken_by_another", test_pid_taken_by_another}, {"groups", test_groups},
      {"more_commands_than_groups", test_more_commands_than_groups},
      {"more_ends_than_entries", test_more_ends_than_entries}, {"lost", test_lost},
      {"no_sample_before", test_no_sample_before}, {"rows_of_the_model", test_rows_of_the_model})
