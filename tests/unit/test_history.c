/* tests/unit/test_history.c - the last samples of processes that come, go and
 * change places, against a list kept the plain way. */
#include "proc/history.h"
#include "tests/unit/test.h"

#include <stdlib.h>

enum { TASKS = 48, STEPS = 300, PIDS = 64, MIB = 1 << 20 };

#define SEC	((u64)NSEC_PER_SEC)

/* A process as the test knows it; rss tells the samples apart. */
static struct life {
	bool lives;
	u64 start;
	u32 n;				/* samples so far */
	u64 rss[STEPS], runtime, cpu[STEPS], at[STEPS];
	bool cpu_known[STEPS];
} life[PIDS];

static struct task_table table[2];
static struct snapshot snap[2];
static struct model model;
static u32 step;

static void open_world(void)
{
	memset(life, 0, sizeof(life));
	memset(snap, 0, sizeof(snap));
	step = 0;
	CHECK(!task_table_init(&table[0], TASKS) && !task_table_init(&table[1], TASKS));
	CHECK(!model_reserve(&model, TASKS, 1));
	srandom(7);
}

static void close_world(void)
{
	model_free(&model);
	task_table_free(&table[0]);
	task_table_free(&table[1]);
}

static void come_and_go(void)
{
	for (u32 pid = 1; pid < PIDS; pid++) {
		struct life *l = &life[pid];

		if (random() % 16)
			continue;
		/* one that ends may be followed at once by another with its pid */
		l->lives = !l->lives || random() % 4 == 0;
		l->start = step + 1;
		l->n = 0;
		l->runtime = 0;
	}
}

static void take_sample(struct task_table *t, u32 pid)
{
	struct life *l = &life[pid];
	struct task *task = task_table_add(t, pid);
	u64 ran = (u64)random() % SEC;

	if (!task) {			/* no room: it is not in this sample */
		l->lives = false;
		return;
	}
	l->runtime += ran;
	l->rss[l->n] = (u64)(random() % 1000 + 1) * MIB;
	l->cpu[l->n] = ran / 1000;	/* in one second, in ppm */
	l->cpu_known[l->n] = l->n > 0;
	l->at[l->n] = t->mono_ns;
	task->start_boot_ns = l->start;
	task->at_ns = t->mono_ns;
	task->have = TASK_HAVE_RSS;
	task->rss_bytes = l->rss[l->n++];
	task->runtime_ns = l->runtime;
}

/* One more sample; rows stand in another order each time. */
static void next_sample(void)
{
	struct task_table *t = &table[step % 2];
	struct snapshot *cur = &snap[step % 2], *prev = step ? &snap[!(step % 2)] : NULL;
	u32 first = (u32)random() % PIDS;

	come_and_go();
	task_table_reset(t);
	t->mono_ns = (step + 1) * SEC;
	*cur = (struct snapshot){.mono_ns = t->mono_ns, .have = SRC_BIT(SRC_TASKS), .tasks = t};
	for (u32 i = 0; i < PIDS; i++)
		if ((first + i) % PIDS && life[(first + i) % PIDS].lives)
			take_sample(t, (first + i) % PIDS);
	model_step(&model, prev, cur, 4096);
	step++;
}

static void check_life(u32 pid, u32 most)
{
	static struct history_sample got[HISTORY_LONG];
	const struct life *l = &life[pid];
	u32 n = history_get(model.history, (struct task_id){pid, l->start}, got, HISTORY_LONG);

	CHECK_EQ_ROW(pid, n, l->lives ? MIN(l->n, most) : 0);
	for (u32 i = 0; i < n; i++) {
		u32 k = l->n - n + i;

		CHECK_EQ_ROW(pid, got[i].rss_bytes, l->rss[k]);
		CHECK_ROW(pid, got[i].rss_known && !(got[i].have & ROW_HAVE_CPU) == !l->cpu_known[k]);
		if (l->cpu_known[k])
			CHECK_EQ_ROW(pid, got[i].cpu_ppm, l->cpu[k]);
	}
}

static void all_tasks(void)
{
	open_world();
	for (u32 i = 0; i < STEPS; i++) {
		history_want(&model.history, true, (struct task_id){0});
		next_sample();
		for (u32 pid = 1; pid < PIDS; pid++)
			check_life(pid, HISTORY_SHORT);
	}
	/* nobody wants them: they are gone, and begin anew */
	history_want(&model.history, false, (struct task_id){0});
	CHECK(!model.history);
	history_want(&model.history, true, (struct task_id){0});
	next_sample();
	for (u32 pid = 1; pid < PIDS; pid++)
		check_life(pid, 1);
	close_world();
}

static void fewer_asked(void)
{
	struct history_sample got[2];

	open_world();
	history_want(&model.history, true, (struct task_id){0});
	life[5] = (struct life){.lives = true, .start = 1};
	do
		next_sample();
	while (!life[5].lives || life[5].n < 4);
	CHECK_EQ(history_get(model.history, (struct task_id){5, life[5].start}, got, 2), 2);
	CHECK_EQ(got[1].rss_bytes, life[5].rss[life[5].n - 1]);
	CHECK_EQ(got[0].rss_bytes, life[5].rss[life[5].n - 2]);
	CHECK_EQ(history_get(model.history, (struct task_id){5, life[5].start + 1}, got, 2), 0);
	CHECK_EQ(history_get(NULL, (struct task_id){5, life[5].start}, got, 2), 0);
	close_world();
}

/* Longer than a short one, from what that knew on, and there after the end. */
static void watched(void)
{
	static struct history_sample got[HISTORY_LONG];
	struct task_id who;
	u32 n, before;
	struct life *l;

	open_world();
	history_want(&model.history, true, (struct task_id){0});
	for (u32 i = 0; i < 8; i++)
		next_sample();
	for (l = life; !l->lives || l->n < 4;)
		l++;
	who = (struct task_id){(u32)(l - life), l->start};
	before = l->n;
	history_want(&model.history, false, who);
	while (l->lives && l->start == who.start_boot_ns && step < STEPS)
		next_sample();
	for (u32 i = 0; i < 3; i++)
		next_sample();
	n = history_get(model.history, who, got, HISTORY_LONG);
	CHECK(n >= before);
	CHECK(!got[0].at_ns);			/* the short one's */
	if (n > before) {
		CHECK(got[before].at_ns && got[before].have & ROW_HAVE_CPU);
		CHECK_EQ(history_get(model.history, who, got, 1), 1);
		CHECK(got[0].at_ns > 8 * SEC);
	}
	close_world();
}

static void paused_and_stopped(void)
{
	struct history_sample got[HISTORY_SHORT];
	struct task t = {.pid = 9, .start_boot_ns = 1};
	struct snapshot *s = snap;
	struct task_id who = {9, 1};

	open_world();
	history_want(&model.history, true, (struct task_id){0});
	for (u32 i = 0; i < 2; i++) {
		*task_table_add(&table[i], 9) = t;
		s[i] = (struct snapshot){.mono_ns = (i + 1) * SEC, .tasks = &table[i],
					 .have = SRC_BIT(SRC_TASKS)};
	}
	model_step(&model, NULL, &s[0], 4096);
	model_step(&model, &s[0], &s[1], 4096);
	CHECK_EQ(history_get(model.history, who, got, HISTORY_SHORT), 2);
	s[0].tasks = &table[1];			/* paused: the same tasks once more */
	s[0].have = 0;
	s[0].mono_ns = 3 * SEC;
	model_step(&model, &s[1], &s[0], 4096);
	CHECK_EQ(history_get(model.history, who, got, HISTORY_SHORT), 2);
	s[1] = (struct snapshot){.mono_ns = 9 * SEC, .tasks = &table[0], .have = SRC_BIT(SRC_TASKS)};
	model_step(&model, &s[0], &s[1], 4096);
	CHECK_EQ(history_get(model.history, who, got, HISTORY_SHORT), 3);
	s[0] = (struct snapshot){.mono_ns = 99 * SEC, .tasks = &table[1], .have = SRC_BIT(SRC_TASKS)};
	model_step(&model, NULL, &s[0], 4096);	/* it slept */
	CHECK_EQ(history_get(model.history, who, got, HISTORY_SHORT), 1);
	close_world();
}

/* Two processes of one cgroup, one of them grows and the other is followed by a
 * bigger one each time. */
static void growth(void)
{
	struct cgroups *cgroups;
	struct task t = {.have = TASK_HAVE_RSS | TASK_HAVE_SWAP}, *leak = NULL;
	s64 per_s;

	open_world();
	CHECK(!cgroups_new(&cgroups));
	model.cgroups = cgroups;
	for (u32 i = 0; i < 30; i++) {
		struct task_table *table_now = &table[i % 2];

		history_want(&model.history, true, (struct task_id){0});
		task_table_reset(table_now);
		table_now->mono_ns = (i + 1) * SEC;
		for (u32 k = 0; k < 2; k++) {
			struct task *to = task_table_add(table_now, 5 + k);

			t.pid = 5 + k;
			t.start_boot_ns = k ? i : 1;
			t.rss_bytes = (u64)MIB * (100 + (k ? i : 2 * i));
			t.swap_bytes = k ? 0 : (u64)MIB * i;
			cgroups_put(cgroups, &t, 7, BYTES_LIT("/a.service"));
			*to = t;
			leak = k ? leak : to;
		}
		snap[i % 2] = (struct snapshot){.mono_ns = table_now->mono_ns, .have = SRC_BIT(SRC_TASKS),
						.tasks = table_now};
		model_step(&model, i ? &snap[(i + 1) % 2] : NULL, &snap[i % 2], 4096);
		CHECK_ROW(i, history_growth(model.history, leak, &per_s) == (i >= 2));
		CHECK_ROW(i, i < 2 || per_s == 3 * MIB);
		CHECK_ROW(i, history_group_growth(model.history, leak, &per_s) == (i >= 2));
		CHECK_ROW(i, i < 2 || per_s == 4 * MIB);
		CHECK_ROW(i, !history_growth(model.history, leak + 1, &per_s));	/* another each time */
	}
	history_prepare(model.history, TASKS);
	CHECK(history_growth(model.history, leak, &per_s) && per_s == 3 * MIB);
	model_step(&model, NULL, &snap[1], 4096);	/* it slept */
	CHECK(!history_growth(model.history, leak, &per_s) && !history_group_growth(model.history, leak, &per_s));
	CHECK(!history_growth(NULL, leak, &per_s) && !history_group_growth(NULL, leak, &per_s));
	close_world();
	cgroups_free(cgroups);
}

TESTS(history,
	{"growth", growth},
	{"all tasks", all_tasks},
	{"fewer than there are", fewer_asked},
	{"the one watched", watched},
	{"paused and stopped", paused_and_stopped})
