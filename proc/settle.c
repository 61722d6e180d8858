/* proc/settle.c - see proc/settle.h. */
#include "proc/settle.h"

#include <errno.h>

/* Both walks go the same way: whoever follows another did so before, but for those
 * between that have ended. */
int settle_tasks(struct task_table *cur, const struct task_table *prev, struct names *names, bool *moved)
{
	u32 next = 0, process = 0, left_out = 0, same = names_begin(names) ? task_table_same(cur, prev) : 0;
	int err = 0;

	*moved = !prev || cur->n != prev->n;
	for (u32 i = 0; i < cur->n; i++) {
		struct task *t = &cur->task[i];
		const struct task *p;
		u32 at;

		if (cur->changed[i] <= same) {
			left_out++;
			next = i + 1;
			continue;
		}
		at = prev ? task_table_find(prev, t->pid, next) : TASK_NONE;
		p = at == TASK_NONE ? NULL : &prev->task[at];
		__builtin_prefetch(&cur->task[MIN(i + AHEAD, cur->n - 1)]);
		next = p ? at + 1 : next;
		*moved |= at != i;
		t->before = at;
		if (p && p->start_boot_ns == t->start_boot_ns) {
			task_carry_over(t, p, task_at_ns(prev, p));
			t->name = p->thread ? TASK_NONE : p->name;
		} else {
			t->name = TASK_NONE;
			*moved = true;
		}
		if (t->thread) {
			process = task_table_find(cur, t->tgid, process);
			t->name = process == TASK_NONE ? TASK_NONE : cur->task[process].name;
		} else if (names_step(names, t)) {
			err = -ENOMEM;
		}
	}
	names_end(names, left_out);
	return err;
}
