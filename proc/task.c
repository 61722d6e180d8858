/* proc/task.c - the table of tasks: an array in the order they were met, and
 * an index over it by pid. */
#include "proc/task.h"

#include <errno.h>
#include <stdlib.h>

enum { TASK_CAP_MAX = 1 << 24 };	/* four times the highest pid_max, PID_MAX_LIMIT */

/* The top bits of a product by 2^32 / golden ratio.  The bare pid would do for
 * one dense range; two that coincide modulo the slots would make one run. */
static u32 home(const struct task_table *t, u32 pid)
{
	return (pid * 0x9e3779b1u) >> __builtin_clz(t->index_mask);
}

int task_table_init(struct task_table *t, u32 cap)
{
	u32 slots = 2;

	*t = (struct task_table){0};
	if (cap > TASK_CAP_MAX)
		return -ENOMEM;
	while (slots < 2 * cap)		/* at most half full: runs stay short */
		slots *= 2;
	/* Pages that no task ever reaches are never touched. */
	t->task = calloc(MAX(cap, 1), sizeof(*t->task));
	t->changed = calloc(MAX(cap, 1), sizeof(*t->changed));
	t->index = calloc(slots + 1, sizeof(*t->index));
	if (!t->task || !t->index || !t->changed) {
		task_table_free(t);
		return -ENOMEM;
	}
	t->cap = cap;
	t->index_mask = slots - 1;
	return 0;
}

void task_table_free(struct task_table *t)
{
	free(t->task);
	free(t->changed);
	free(t->index);
	*t = (struct task_table){0};
}

void task_table_reset(struct task_table *t)
{
	if (t->index[t->index_mask + 1])
		memset(t->index, 0, ((size_t)t->index_mask + 2) * sizeof(*t->index));
	t->n = 0;
	t->lost = 0;
	t->mono_ns = 0;
	t->states = (struct task_states){0};
}

struct task *task_table_add(struct task_table *t, u32 pid)
{
	struct task *task;

	if (t->n == t->cap) {
		t->lost++;
		return NULL;
	}
	__builtin_prefetch(&t->task[MIN(t->n + AHEAD, t->cap - 1)], 1);
	t->changed[t->n] = UINT32_MAX;
	task = &t->task[t->n++];
	if (task->counted)
		memset(&task->user_ns, 0, sizeof(*task) - offsetof(struct task, user_ns));
	memset(task, 0, offsetof(struct task, user_ns));
	task->pid = pid;
	return task;
}

static void index_rest(const struct task_table *t)
{
	u32 *n = &t->index[t->index_mask + 1], at;

	for (; *n < t->n; t->index[at] = ++*n)
		for (at = home(t, t->task[*n].pid); t->index[at]; at = (at + 1) & t->index_mask)
			;
}

u32 task_table_find(const struct task_table *t, u32 pid, u32 guess)
{
	if (guess < t->n && t->task[guess].pid == pid)
		return guess;
	if (!t->n)
		return TASK_NONE;
	index_rest(t);
	for (u32 at = home(t, pid); t->index[at]; at = (at + 1) & t->index_mask)
		if (t->task[t->index[at] - 1].pid == pid)
			return t->index[at] - 1;
	return TASK_NONE;
}

void task_states_count(struct task_states *s, char state)
{
	s->running += state == 'R';
	s->uninterruptible += state == 'D';
	s->zombie += state == 'Z';
	s->stopped += state == 'T' || state == 't';
}

void task_carry_over(struct task *t, const struct task *p, u64 p_at_ns)
{
	if (t->runtime_ns < p->runtime_ns) {
		t->runtime_ns = p->runtime_ns;
		t->counted |= p->counted;
		t->have &= p->have | ~(u32)TASK_HAVE_TIMES;
		t->user_ns = p->user_ns;
		t->system_ns = p->system_ns;
		t->at_ns = p_at_ns;
		t->torn = true;
		return;
	}
	if (!(t->have & p->have & TASK_HAVE_TIMES))
		return;
	/* neither part may go back, and both must sum up: cputime_adjust() */
	if (t->system_ns < p->system_ns) {
		t->system_ns = p->system_ns;
		t->user_ns = t->runtime_ns - t->system_ns;
	}
	if (t->user_ns < p->user_ns) {
		t->user_ns = p->user_ns;
		t->system_ns = t->runtime_ns - t->user_ns;
	}
}
