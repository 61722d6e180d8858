/* tests/unit/test_settle.c - what a task has from the sample before, against the
 * plain definition, on made-up histories. */
#include "proc/settle.h"
#include "tests/unit/test.h"

#include <stdlib.h>

enum { MOST = 300, ROUNDS = 400 };

static struct task_table table[2];
static struct names *names;

/* One living task of the history. */
struct life {
	u32 pid, tgid;
	u64 start, runtime;
};

static struct life life[MOST];
static u32 nlife;

static u32 below(u32 n)
{
	return (u32)random() % n;
}

static bool lives(u32 pid, u32 n)
{
	for (u32 i = 0; i < n; i++)
		if (life[i].pid == pid)
			return true;
	return false;
}

/* Some end (a number is free when all of its process are gone), some begin, at times with the number of one that has just ended; now
 * and then the walk goes another way. */
static void live(u64 now)
{
	u32 kept = 0, gone = 0;

	for (u32 i = 0; i < nlife; i++) {
		bool ends = below(100) < 5;

		gone = ends ? life[i].pid : gone;
		if (!ends)
			life[kept++] = life[i];
	}
	nlife = kept;
	for (u32 i = kept = 0; i < nlife; i++)
		if (lives(life[i].tgid, nlife))
			life[kept++] = life[i];
	nlife = kept;
	for (u32 n = below(20); n && nlife < MOST; n--) {
		struct life new = {.pid = 1 + below(100000), .start = now};

		new.pid = gone && below(2) ? gone : new.pid;
		new.tgid = nlife && below(4) == 0 ? life[nlife - 1].tgid : new.pid;
		if (!lives(new.pid, nlife))
			life[nlife++] = new;
	}
	for (u32 i = 0; below(10) == 0 && i + 1 < nlife; i++) {
		struct life x = life[i];
		u32 k = i + below(nlife - i);

		life[i] = life[k];
		life[k] = x;
	}
}

/* Processes first, then threads of those that are there. */
static void walk(struct task_table *t)
{
	task_table_reset(t);
	for (u32 pass = 0; pass < 2; pass++) {
		for (u32 i = 0; i < nlife; i++) {
			struct life *l = &life[i];
			struct task *task;

			if ((l->tgid != l->pid) != pass)
				continue;
			task = task_table_add(t, l->pid);
			l->runtime += below(3);
			task->tgid = l->tgid;
			task->thread = pass;
			task->start_boot_ns = l->start;
			task->runtime_ns = l->runtime;
			if (below(20) == 0)	/* read while threads ended */
				task->runtime_ns /= 2;
			task->user_ns = 0;
		}
	}
}

/* By looking at all, one by one. */
static const struct task *plain_find(const struct task_table *t, u32 pid)
{
	for (u32 i = 0; t && i < t->n; i++)
		if (t->task[i].pid == pid)
			return &t->task[i];
	return NULL;
}

static bool plain_moved(const struct task_table *cur, const struct task_table *prev)
{
	bool moved = !prev || cur->n != prev->n;

	for (u32 i = 0; !moved && i < cur->n; i++)
		moved = cur->task[i].pid != prev->task[i].pid || cur->task[i].start_boot_ns != prev->task[i].start_boot_ns;
	return moved;
}

static u32 wrong_of(const struct task_table *cur, const struct task_table *prev, const u64 *read)
{
	u32 wrong = 0;

	for (u32 i = 0; i < cur->n; i++) {
		const struct task *t = &cur->task[i], *p = plain_find(prev, t->pid), *process;
		const struct name *name = names_get(names, t->name);
		bool same = p && p->start_boot_ns == t->start_boot_ns, torn = same && read[i] < p->runtime_ns;

		wrong += t->before != (p ? (u32)(p - prev->task) : TASK_NONE);
		wrong += t->torn != torn || t->runtime_ns != (torn ? p->runtime_ns : read[i]);
		if (t->thread) {
			process = plain_find(cur, t->tgid);
			wrong += t->name != (process ? process->name : TASK_NONE);
			continue;
		}
		wrong += !name || name->pid != t->pid || name->start_boot_ns != t->start_boot_ns;
		wrong += same && !p->thread && t->name != p->name;
		for (u32 k = 0; k < i; k++)
			wrong += !cur->task[k].thread && cur->task[k].name == t->name;
	}
	return wrong;
}

static void test_histories(void)
{
	static u64 read[MOST];
	u32 wrong = 0, at = 0;
	bool moved;

	srandom(3);
	nlife = 0;
	CHECK(!names_new(&names) && !task_table_init(&table[0], MOST) && !task_table_init(&table[1], MOST));
	for (u32 round = 0; round < ROUNDS; round++, at = !at) {
		const struct task_table *prev = round ? &table[!at] : NULL;

		live(round + 1);
		walk(&table[at]);
		for (u32 i = 0; i < table[at].n; i++)
			read[i] = table[at].task[i].runtime_ns;
		CHECK_EQ_ROW(round, settle_tasks(&table[at], prev, names, &moved), 0);
		wrong += wrong_of(&table[at], prev, read);
		CHECK_EQ_ROW(round, moved, plain_moved(&table[at], prev));
		/* once more over what is settled, as after a few were refreshed in place */
		for (u32 i = 0; i < table[at].n; i++)
			read[i] = table[at].task[i].runtime_ns, table[at].task[i].torn = false;
		CHECK_EQ_ROW(round, settle_tasks(&table[at], &table[at], names, &moved), 0);
		wrong += moved + wrong_of(&table[at], &table[at], read);
	}
	CHECK_EQ(wrong, 0);
	names_free(names);
	task_table_free(&table[0]);
	task_table_free(&table[1]);
}

TESTS(settle,
	{"histories", test_histories})
