/* ui/chosen.c - see ui/chosen.h. */
#include "ui/chosen.h"
#include "ui/view_processes.h"

void chosen_range(const struct ui_state *ui, const struct frame *f, u32 *first, u32 *last)
{
	u32 anchor = ui->line;

	if (ui->mode == MODE_VISUAL)
		anchor = order_find(f->order, f->model, ui->anchor.pid, ui->anchor.start_boot_ns);
	if (anchor == TASK_NONE)
		anchor = ui->line;
	*first = MIN(anchor, ui->line);
	*last = MAX(anchor, ui->line);
}

const struct task_row *chosen_next(struct chosen *c)
{
	while (c->line < c->end) {
		const struct task_row *r = processes_row(c->f, c->line++);

		if (r && (!c->tagged || idset_has(&c->ui->tagged, task_id(r->t))))
			return r;
	}
	return NULL;
}

struct chosen chosen_begin(const struct ui_state *ui, const struct frame *f)
{
	struct chosen all = {ui, f, 0, f->order->n, true}, probe = all, here = all;
	u32 last;

	if (ui->mode != MODE_VISUAL && !ui->emergency.on && ui->tagged.n && chosen_next(&probe))
		return all;
	chosen_range(ui, f, &here.line, &last);
	here.end = last + 1;
	here.tagged = false;
	return here;
}
