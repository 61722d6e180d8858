/* ui/action_detail.c - what keys do on the page about one process. */
#include "ui/action_impl.h"
#include "ui/view_detail.h"
#include "ui/view_processes.h"

void act_detail(struct action_context *c)
{
	const struct task_row *r = processes_row(c->f, c->ui->line);

	if (r && r->t->group)
		ui_state_enter(c->ui, model_cgroup(c->f->model, r));
	else if (r)
		detail_open(c->ui, c->f, task_id(r->t));
}

void act_detail_close(struct action_context *c)
{
	detail_close(c->ui, c->f);
}

static void move_to(struct action_context *c, s64 line)
{
	detail_move(c->ui, line, c->at->body_rows);
}

void act_detail_move(struct action_context *c)
{
	move_to(c, (s64)c->ui->detail.line + c->arg);
}

void act_detail_page(struct action_context *c)
{
	detail_scroll(c->ui, (s64)c->arg * MAX(c->at->body_rows - 1, 1u), c->at->body_rows);
}

void act_detail_edge(struct action_context *c)
{
	move_to(c, c->arg < 0 ? 0 : UINT32_MAX);
}

void act_detail_go(struct action_context *c)
{
	struct task_id to = detail_link(c->ui, c->f, c->at->cols);

	if (to.pid)
		detail_open(c->ui, c->f, to);
}

void act_detail_again(struct action_context *c)
{
	c->ui->detail.wish = true;
	c->ui->resample = !c->ui->paused;
}
