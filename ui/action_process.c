/* ui/action_process.c - what keys do to and about one process: tags, signals,
 * nice values, lists. */
#include "ui/action_impl.h"
#include "ui/chosen.h"
#include "ui/deed.h"
#include "ui/menu.h"
#include "ui/stop.h"
#include "ui/view_inspect.h"
#include "ui/view_processes.h"

/* ---- tags, and what is done to processes ---- */

void tag_task(struct action_context *c, const struct task *t)
{
	if (!idset_add(&c->ui->tagged, task_id(t)))
		ui_state_say(c->ui, c->f->now_ns, "too many tags to remember another");
}

void act_tag(struct action_context *c)
{
	const struct task_row *r = processes_row(c->f, c->ui->line);

	if (!r)
		return;
	if (idset_has(&c->ui->tagged, task_id(r->t)))
		idset_remove(&c->ui->tagged, task_id(r->t));
	else if (!r->t->ended || r->t->group)
		tag_task(c, r->t);
	processes_select(c->ui, c->f, (s64)c->ui->line + 1);
}

static struct idset branch;

/* Whoever has a parent in it, until a round finds no more. */
static void branch_grow(const struct model *m)
{
	u32 before;

	do {
		before = branch.n;
		for (u32 i = 0; m->tasks && i < m->ntask; i++) {
			const struct task *t = m->row[i].t;
			u32 at = t->thread ? TASK_NONE : task_table_find(m->tasks, t->ppid, i);

			if (at != TASK_NONE && idset_has(&branch, task_id(&m->tasks->task[at])))
				(void)!idset_add(&branch, task_id(t));
		}
	} while (branch.n > before);
}

const struct idset *branch_of(const struct model *m, const struct task *top)
{
	if (!m->tasks || top->ended)
		return NULL;
	branch.n = 0;
	(void)!idset_add(&branch, task_id(top));
	branch_grow(m);
	return &branch;
}

/* Of all of a range at once: branches in it are parts of each other. */
void act_tag_branch(struct action_context *c)
{
	const struct model *m = c->f->model;
	u32 line, last;

	branch.n = 0;
	for (chosen_range(c->ui, c->f, &line, &last); line <= last; line++) {
		const struct task_row *r = processes_row(c->f, line);

		if (r && !r->t->ended)
			(void)!idset_add(&branch, task_id(r->t));
	}
	branch_grow(m);
	for (u32 i = 0; i < m->ntask; i++)
		if (idset_has(&branch, task_id(m->row[i].t)))
			tag_task(c, m->row[i].t);
	if (c->ui->mode == MODE_VISUAL)
		act_visual_end(c);
}

void act_untag(struct action_context *c)
{
	c->ui->tagged.n = 0;
}

void act_renice(struct action_context *c)
{
	if (deed_aim(c->ui, c->f, DEED_NICE))
		deed_choose(c->ui, c->f, c->arg);
}

void act_signal_menu(struct action_context *c)
{
	if (deed_aim(c->ui, c->f, DEED_SIGNAL))
		menu_open_signal(c->ui);
}

/* What is in force is read before the menu shows it: by the loop. */
void act_sched_menu(struct action_context *c)
{
	if (deed_aim(c->ui, c->f, (enum deed_kind)c->arg))
		c->ui->deed.look = true;
}

void act_autogroup_nice(struct action_context *c)
{
	if (deed_aim(c->ui, c->f, DEED_AUTOGROUP))
		deed_choose(c->ui, c->f, c->arg);
}

void act_deed_confirm(struct action_context *c)
{
	deed_confirm(c->ui, c->f);
}

void act_deed_close(struct action_context *c)
{
	deed_close(c->ui);
}

void act_deed_move(struct action_context *c)
{
	deed_scroll(c->ui, (s64)c->ui->deed.top + c->arg, c->at->body_rows);
}

/* ---- freezing ---- */

void act_stop(struct action_context *c)
{
	(void)stop_ask(c->ui, c->f, c->arg);
}

void act_stop_confirm(struct action_context *c)
{
	stop_confirm(c->ui, c->f);
}

void act_stop_close(struct action_context *c)
{
	stop_close(c->ui);
}

void act_stop_choose(struct action_context *c)
{
	stop_choose(c->ui, c->f, c->arg);
}

void act_stop_move(struct action_context *c)
{
	stop_scroll(c->ui, (s64)c->ui->stop.top + c->arg, c->at->body_rows);
}

void act_stop_erase(struct action_context *c)
{
	stop_type(c->ui, c->f, 0);
}

/* ---- lists ---- */

void act_inspect(struct action_context *c)
{
	inspect_begin(c->ui, c->f, (enum inspect_kind)c->arg);
}

/* What is searched for and shown stays. */
void act_inspect_again(struct action_context *c)
{
	c->ui->inspect.wish = true;
	c->ui->inspect.has_hit = false;
}

void act_inspect_close(struct action_context *c)
{
	inspect_end(c->ui);
}

/* Of another list than that of system calls both mean nothing. */
void act_inspect_autoscroll(struct action_context *c)
{
	c->ui->inspect.still = !c->ui->inspect.still;
}

void act_inspect_stop(struct action_context *c)
{
	c->ui->inspect.stopped = !c->ui->inspect.stopped;
}

static void scroll_to(struct action_context *c, s64 top)
{
	c->ui->inspect.still = true;
	inspect_scroll(c->ui, c->f, top, c->at->body_rows);
}

void act_inspect_move(struct action_context *c)
{
	scroll_to(c, (s64)c->ui->inspect.top + c->arg);
}

void act_inspect_page(struct action_context *c)
{
	scroll_to(c, (s64)c->ui->inspect.top + (s64)c->arg * MAX(c->at->body_rows - 1, 1u));
}

void act_inspect_edge(struct action_context *c)
{
	scroll_to(c, c->arg < 0 ? 0 : UINT32_MAX);
	c->ui->inspect.still = c->arg < 0;
}

void act_inspect_hscroll(struct action_context *c)
{
	s64 to = (s64)c->ui->inspect.hscroll + c->arg;

	c->ui->inspect.hscroll = (u32)MAX(MIN(to, INT16_MAX), 0);
}

void act_inspect_search(struct action_context *c)
{
	field_open(c->ui, MODE_INSPECT_SEARCH);
	c->ui->inspect.search[0] = 0;
	c->ui->inspect.search_failed = c->ui->inspect.has_hit = false;
}

void act_inspect_next(struct action_context *c)
{
	struct inspect_view *v = &c->ui->inspect;
	s64 from = v->has_hit ? (s64)v->hit + c->arg : v->top;

	inspect_search(c->ui, c->f, from, c->arg, c->at->body_rows);
}

void act_inspect_filter(struct action_context *c)
{
	field_open(c->ui, MODE_INSPECT_FILTER);
	c->ui->inspect.has_hit = false;
}

void inspect_text_changed(struct action_context *c)
{
	struct inspect_view *v = &c->ui->inspect;

	v->has_hit = false;
	if (c->ui->mode == MODE_INSPECT_FILTER)
		v->top = 0;
	else
		inspect_search(c->ui, c->f, 0, 1, c->at->body_rows);
}
