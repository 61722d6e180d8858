/* proc/settle.c - see proc/settle.h. */
#include "proc/settle.h"

#include <errno.h>

/* Threads that end while their process is being read make its sum too small
 * for this once: then the older numbers stay, with the time when they were
 * true, and the next rate is right again. */
static void carry_over(struct task *t, const struct task *p)
{
	if (t->runtime_ns < p->runtime_ns) {
		t->runtime_ns = p->runtime_ns;
		t->have &= p->have | ~(u32)TASK_HAVE_TIMES;
		t->user_ns = p->user_ns;
		t->system_ns = p->system_ns;
		t->at_ns = p->at_ns;
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

/* Both walks go the same way: whoever follows another did so before, but for those
 * between that have ended. */
int settle_tasks(struct task_table *cur, const struct task_table *prev, struct names *names)
{
	u32 next = 0, process = 0;
	int err = 0;

	names_begin(names);
	for (u32 i = 0; i < cur->n; i++) {
		struct task *t = &cur->task[i];
		u32 at = prev ? task_table_find(prev, t->pid, next) : TASK_NONE;
		const struct task *p = at == TASK_NONE ? NULL : &prev->task[at];

		__builtin_prefetch(&cur->task[MIN(i + AHEAD, cur->n - 1)]);
		if (p)
			__builtin_prefetch(&prev->task[MIN(at + AHEAD, prev->n - 1)]);
		next = p ? at + 1 : next;
		t->before = at;
		t->name = TASK_NONE;
		if (p && p->start_boot_ns == t->start_boot_ns) {
			carry_over(t, p);
			t->name = p->thread ? TASK_NONE : p->name;
		}
		if (t->thread) {
			process = task_table_find(cur, t->tgid, process);
			t->name = process == TASK_NONE ? TASK_NONE : cur->task[process].name;
		} else if (names_step(names, t)) {
			err = -ENOMEM;
		}
	}
	names_end(names);
	return err;
}
