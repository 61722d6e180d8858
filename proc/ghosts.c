/* proc/ghosts.c - tasks that have ended, as they were last. */
#include "proc/ghosts.h"

#include <stdlib.h>

struct ghost {
	struct task task;
	struct task_row row;
	u64 since_ns;		/* CLOCK_MONOTONIC when it was missed */
};

struct ghosts {
	u32 n;
	struct ghost ghost[GHOSTS_MAX];
};

void ghosts_free(struct ghosts *g)
{
	free(g);
}

static void let_go(struct ghosts *g, u64 now_ns, u64 linger_ns)
{
	u32 kept = 0;

	for (u32 i = 0; i < g->n; i++)
		if (now_ns - g->ghost[i].since_ns < linger_ns)
			g->ghost[kept++] = g->ghost[i];
	g->n = kept;
}

/* *next: where it is if it follows whoever was asked for before; then, behind it. */
static bool is_in(const struct task_table *t, const struct task *task, u32 *next)
{
	u32 at = task_table_find(t, task->pid, *next);

	*next = at == TASK_NONE ? *next : at + 1;
	return at != TASK_NONE && t->task[at].start_boot_ns == task->start_boot_ns;
}

/* Threads that are merely no longer asked for have not ended. */
static void keep_ended(struct model *m, const struct snapshot *cur)
{
	bool threads = cur->have & SRC_BIT(SRC_THREADS);
	u32 n = MIN(m->ntask, m->tasks->n);
	struct ghosts *g = m->ghosts;
	u32 next = 0;

	for (u32 i = 0; i < n && g->n < GHOSTS_MAX; i++) {
		const struct task *t = m->row[i].t;
		struct ghost *ghost = &g->ghost[g->n];

		if (is_in(cur->tasks, t, &next) || (t->thread && !threads))
			continue;
		*ghost = (struct ghost){*t, m->row[i], cur->mono_ns};
		ghost->row.have |= ROW_GONE;
		g->n++;
	}
}

void ghosts_collect(struct model *m, const struct snapshot *cur)
{
	if (!m->linger_ns) {
		ghosts_free(m->ghosts);
		m->ghosts = NULL;
		return;
	}
	if (!m->ghosts)
		m->ghosts = calloc(1, sizeof(*m->ghosts));
	if (!m->ghosts)
		return;
	let_go(m->ghosts, cur->mono_ns, m->linger_ns);
	if (m->tasks && m->tasks != cur->tasks)
		keep_ended(m, cur);
}

void ghosts_append(struct model *m)
{
	for (u32 i = 0; m->ghosts && i < m->ghosts->n && m->ntask < m->row_cap; i++) {
		struct ghost *g = &m->ghosts->ghost[i];

		m->row[m->ntask] = g->row;
		m->row[m->ntask++].t = &g->task;
	}
}
