/* ui/action_vi.c - what vi's users look for: jumps, folds, visual mode, yank. */
#include "ui/action_impl.h"
#include "ui/chosen.h"
#include "ui/view_processes.h"
#include "ui/yank.h"

/* ---- jumps ---- */

static struct task_id cursor_id(const struct action_context *c)
{
	const struct task_row *r = processes_row(c->f, c->ui->line);

	return r ? task_id(r->t) : (struct task_id){0};
}

void jump_mark(struct action_context *c)
{
	struct task_id id = cursor_id(c);

	if (id.pid)
		jumps_push(&c->ui->jumps, id);
}

static bool is_there(void *arg, struct task_id id)
{
	struct action_context *c = arg;

	return order_find(c->f->order, c->f->model, id.pid, id.start_boot_ns) != TASK_NONE;
}

void act_jump(struct action_context *c)
{
	struct jumps *j = &c->ui->jumps;
	struct task_id id;

	if (!jumps_go(j, c->arg, cursor_id(c), is_there, c)) {
		ui_state_say(c->ui, c->f->now_ns, c->arg < 0 ? "no older place to go back to"
							      : "no newer place to go to");
		return;
	}
	id = j->id[j->at];
	processes_select(c->ui, c->f, order_find(c->f->order, c->f->model, id.pid, id.start_boot_ns));
}

/* ---- folds ---- */

static void fold_task(struct action_context *c, const struct task *t, bool fold)
{
	if (!ui_state_fold(c->ui, t, fold))
		ui_state_say(c->ui, c->f->now_ns, "too many folded branches to remember another");
}

/* On what has no children, or hides them, the branch that it belongs to. */
static void close_one(struct action_context *c, u32 line)
{
	const struct order *o = c->f->order;

	if ((!o->line[line].parent || o->line[line].folded) && o->line[line].depth)
		line = order_above(o, line, o->line[line].depth - 1u);
	if (!o->line[line].parent)
		return;
	fold_task(c, processes_row(c->f, line)->t, true);
	processes_select(c->ui, c->f, line);
}

/* Itself and what it belongs to, but not all there is: init and kthreadd stay open. */
static void close_above(struct action_context *c, u32 line)
{
	const struct order *o = c->f->order;
	u32 top = line;

	for (u32 depth = o->line[line].depth + 1u; depth-- > 0;) {
		u32 at = order_above(o, line, depth);
		const struct task *t = processes_row(c->f, at)->t;

		if (t->pid <= 2)
			break;
		if (o->line[at].parent)
			fold_task(c, t, true);
		top = at;
	}
	processes_select(c->ui, c->f, top);
}

static void open_below(struct action_context *c, const struct task *t)
{
	const struct idset *branch = branch_of(c->f->model, t);
	const struct model *m = c->f->model;

	for (u32 i = 0; branch && i < m->ntask; i++)
		if (idset_has(branch, task_id(m->row[i].t)))
			fold_task(c, m->row[i].t, false);
}

void act_fold_vi(struct action_context *c)
{
	const struct order *o = c->f->order;
	u32 line = c->ui->line;
	const struct task_row *r = processes_row(c->f, line);
	bool closed;

	if (!c->ui->spec.tree || !r)
		return;
	closed = o->line[line].folded;
	switch (c->arg) {
	case 'o':
		fold_task(c, r->t, false);
		break;
	case 'a':
		if (closed)
			fold_task(c, r->t, false);
		else
			close_one(c, line);
		break;
	case 'c':
		close_one(c, line);
		break;
	case 'O':
		open_below(c, r->t);
		break;
	default:
		close_above(c, line);
		break;
	}
}

/* ---- visual mode ---- */

void act_visual(struct action_context *c)
{
	processes_select(c->ui, c->f, c->ui->line);	/* it may be that none was chosen yet */
	c->ui->anchor = c->ui->cursor;
	if (c->ui->anchor.pid)
		c->ui->mode = MODE_VISUAL;
}

void act_visual_end(struct action_context *c)
{
	c->ui->mode = MODE_NORMAL;
	c->ui->resample = !c->ui->paused;
}

void act_visual_tag(struct action_context *c)
{
	struct chosen range = chosen_begin(c->ui, c->f);
	const struct task_row *r;

	while ((r = chosen_next(&range)))
		tag_task(c, r->t);
	act_visual_end(c);
}

void act_yank(struct action_context *c)
{
	yank_take(c->ui, c->f, (char)c->arg);
	if (c->ui->mode == MODE_VISUAL)
		act_visual_end(c);
}
