/* ui/deed.c - see ui/deed.h. */
#include "ui/deed.h"
#include "ui/view_processes.h"
#include "proc/act.h"
#include "ui/chosen.h"
#include "ui/menu.h"
#include "ui/meter.h"
#include "ui/sched_names.h"
#include "ui/signals.h"

#include <errno.h>

enum {
	UNREAD_MS = 300,	/* nobody answers a question faster than that */
	PID_COLS = 8, NAME_AT = PID_COLS + 1, RESULT_AT = NAME_AT + TASK_COMM + 1,
};

/* ---- who ---- */

/* A signal goes to a process: a thread's row stands for it. */
static const struct task *receiver(const struct frame *f, enum deed_kind kind, const struct task *t)
{
	u32 at;

	if (!t->thread || kind != DEED_SIGNAL || !f->model->tasks)
		return t;
	at = task_table_find(f->model->tasks, t->tgid, 0);
	return at == TASK_NONE ? NULL : &f->model->tasks->task[at];
}

static void add_target(struct deed *d, const struct task *t)
{
	struct deed_target *to;

	if (t && t->ended)
		return;
	for (u32 i = 0; t && i < d->n; i++)
		if (d->target[i].id.pid == t->pid)
			return;
	if (!t || d->n == ARRAY_LEN(d->target))
		return;
	to = &d->target[d->n++];
	*to = (struct deed_target){.id = task_id(t), .thread = t->thread};
	memcpy(to->comm, t->comm, sizeof(to->comm));
}

void deed_say_cgroup(struct ui_state *ui, const struct frame *f)
{
	const struct task_row *r = processes_row(f, ui->line);

	if (r && r->t->group)
		ui_state_say(ui, f->now_ns, "this is no process: f freezes, thaws or ends a cgroup");
}

bool deed_aim(struct ui_state *ui, const struct frame *f, enum deed_kind kind)
{
	struct deed *d = &ui->deed;
	const struct task_row *r;
	struct chosen c;

	d->n = d->top = 0;
	d->kind = kind;
	d->look = d->due = d->done = false;
	if (ui->read_only) {
		ui_state_say(ui, f->now_ns, "nothing is done to processes: pitstop was started with --read-only");
		return false;
	}
	c = chosen_begin(ui, f);
	while ((r = chosen_next(&c)))
		add_target(d, receiver(f, kind, r->t));
	if (!d->n)
		deed_say_cgroup(ui, f);
	return d->n;
}

/* ---- words ---- */

static void put_target(struct out *o, const struct deed_target *t)
{
	out_u64(o, t->id.pid);
	out_char(o, ' ');
	out_str(o, t->comm);
}

static void put_signal(struct out *o, const struct deed *d)
{
	char room[SIGNAL_NAME];
	const char *name = signal_name((u32)d->arg, room);

	out_str(o, name ? name : "signal");
}

static void put_nice(struct out *o, const struct deed *d)
{
	out_str(o, d->arg < 0 ? "nice -" : "nice +");
	out_u64(o, (u64)(d->arg < 0 ? -(s64)d->arg : d->arg));
}

static void put_autogroup(struct out *o, const struct deed *d)
{
	out_str(o, "session ");
	put_nice(o, d);
}

static void put_affinity(struct out *o, const struct deed *d)
{
	out_str(o, "CPUs ");
	cpus_write(o, &d->sched.cpus);
}

static void put_io_priority(struct out *o, const struct deed *d)
{
	out_str(o, "I/O priority ");
	io_priority_write(o, d->sched.io_priority);
}

static void put_policy(struct out *o, const struct deed *d)
{
	out_str(o, "policy ");
	out_str(o, policy_name(d->sched.policy));
	if (d->sched.policy == POLICY_FIFO || d->sched.policy == POLICY_RR) {
		out_char(o, ' ');
		out_u64(o, d->sched.priority);
	}
	if (d->sched.reset_on_fork)
		out_str(o, ", reset on fork");
}

/* ---- what ---- */

static int do_signal(struct deed *d, struct deed_target *t)
{
	return act_signal(t->id, d->arg);
}

static int do_nice(struct deed *d, struct deed_target *t)
{
	return act_nice(t->id, t->thread, d->arg);
}

static int do_affinity(struct deed *d, struct deed_target *t)
{
	return act_affinity(t->id, t->thread, &d->sched);
}

static int do_io_priority(struct deed *d, struct deed_target *t)
{
	return act_io_priority(t->id, t->thread, &d->sched);
}

static int do_policy(struct deed *d, struct deed_target *t)
{
	return act_policy(t->id, t->thread, &d->sched);
}

/* All are looked at before the first is told: several of one session have one
 * value, which is to change once. */
static int do_autogroup(struct deed *d, struct deed_target *t)
{
	for (u32 i = 0; t == d->target && i < d->n; i++)
		d->target[i].err = act_autogroup_look(d->target[i].id, &d->target[i].was);
	return t->err ? t->err : act_autogroup(t->id, t->was + d->arg);
}

static const struct deed_rule {
	void (*put)(struct out *o, const struct deed *d);
	int (*perform)(struct deed *d, struct deed_target *t);
	const char *ask, *whom, *done;	/* "Send X to these", "X sent to" */
	bool asks;		/* when it is for many */
	bool quiet;		/* when it is done: the table shows it */
} rules[DEED_N] = {
	[DEED_SIGNAL] = {put_signal, do_signal, "Send ", " to these ", " sent to ", .asks = true},
	[DEED_NICE] = {put_nice, do_nice, "Set ", " for these ", " set for ", .quiet = true},
	[DEED_AFFINITY] = {put_affinity, do_affinity, "Set ", " for these ", " set for ", .asks = true},
	[DEED_IO_PRIORITY] = {put_io_priority, do_io_priority, "Set ", " for these ", " set for ", .asks = true},
	[DEED_POLICY] = {put_policy, do_policy, "Set ", " for these ", " set for ", .asks = true},
	[DEED_AUTOGROUP] = {put_autogroup, do_autogroup, "Set ", " for these ", " set for ", .asks = false},
};

static void put_deed(struct out *o, const struct deed *d)
{
	rules[d->kind].put(o, d);
}

static const char *why_not(s32 err)
{
	if (err == -EDOM)
		return "the kernel or its cpuset does not allow it all of these";
	if (err == -EAGAIN)
		return "too soon after the last one";
	if (err == -EOPNOTSUPP)
		return "it is in no session that the kernel schedules as one";
	if (err == -ESRCH)
		return "it has ended";
	if (err == -EPERM || err == -EACCES)
		return "not permitted";
	if (err == -ENOENT)
		return "without /proc it is not sure which process that is";
	return strerror(-err);
}

static void say(struct ui_state *ui, u64 now_ns, const struct out *o)
{
	o->buf[MIN(o->len, o->cap)] = 0;
	ui_state_say(ui, now_ns, o->buf);
}

static void tell(struct ui_state *ui, u64 now_ns)
{
	const struct deed *d = &ui->deed;
	const struct deed_target *bad = NULL;
	char text[sizeof(ui->message)];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};
	u32 failed = 0;

	for (u32 i = 0; i < d->n; i++) {
		if (d->target[i].err) {
			failed++;
			bad = bad ? bad : &d->target[i];
		}
	}
	if (!failed && rules[d->kind].quiet)
		return;
	put_deed(&o, d);
	if (bad) {
		out_str(&o, ": ");
		if (d->n > 1) {
			out_u64(&o, d->n - failed);
			out_str(&o, " of ");
			out_u64(&o, d->n);
			out_str(&o, " done; ");
		}
		put_target(&o, bad);
		out_str(&o, ": ");
		out_str(&o, why_not(bad->err));
	} else {
		out_str(&o, rules[d->kind].done);
		if (d->n == 1) {
			put_target(&o, &d->target[0]);
		} else {
			out_u64(&o, d->n);
			out_str(&o, " processes");
		}
	}
	say(ui, now_ns, &o);
	if (failed > 1)
		ui->mode = MODE_RESULT;
}

/* ---- asking and doing ---- */

void deed_choose(struct ui_state *ui, const struct frame *f, s32 arg)
{
	struct deed *d = &ui->deed;

	d->arg = arg;
	ui->mode = ui_state_home(ui);
	if (rules[d->kind].asks && d->n > 1) {
		d->asked_ns = f->now_ns;
		ui->mode = MODE_ASK;
		return;
	}
	d->due = true;
}

void deed_confirm(struct ui_state *ui, const struct frame *f)
{
	if (f->now_ns - ui->deed.asked_ns < (u64)UNREAD_MS * NSEC_PER_MSEC)
		return;
	ui->deed.due = true;
	ui->mode = ui_state_home(ui);
}

void deed_close(struct ui_state *ui)
{
	ui->mode = ui_state_home(ui);
}

/* The menu shows what is in force for the first of them. */
static void look(struct ui_state *ui, u64 now_ns)
{
	struct deed *d = &ui->deed;
	char text[sizeof(ui->message)];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};
	int err = act_look(d->target[0].id, &d->sched);

	d->look = false;
	if (!err) {
		menu_open_sched(ui);
		return;
	}
	put_target(&o, &d->target[0]);
	out_str(&o, ": ");
	out_str(&o, why_not(err));
	say(ui, now_ns, &o);
}

void deed_perform(struct ui_state *ui, u64 now_ns)
{
	struct deed *d = &ui->deed;

	if (d->look)
		look(ui, now_ns);
	if (!d->due)
		return;
	for (u32 i = 0; i < d->n; i++)
		d->target[i].err = rules[d->kind].perform(d, &d->target[i]);
	d->due = false;
	d->done = true;
	if (d->kind == DEED_SIGNAL)
		ui->last_signal = (u32)d->arg;
	ui->resample = !ui->paused;
	tell(ui, now_ns);
}

/* ---- the list ---- */

static void draw_target(struct surface *s, u32 row, const struct deed *d, const struct deed_target *t)
{
	char text[24];
	struct out o = {.buf = text, .cap = sizeof(text)};

	out_u64(&o, t->id.pid);
	surface_text(s, row, PID_COLS - MIN((u32)o.len, (u32)PID_COLS), PID_COLS,
		     (struct bytes){(const u8 *)text, o.len}, STYLE_TEXT);
	surface_str(s, row, NAME_AT, t->comm, STYLE_BASENAME);
	if (d->done)
		surface_str(s, row, RESULT_AT, t->err ? why_not(t->err) : "done",
			    t->err ? STYLE_ERROR : STYLE_TEXT);
}

void deed_draw(struct surface *title, struct surface *body, struct ui_state *ui)
{
	const struct deed *d = &ui->deed;
	struct pen p = {title, 0, 0};
	char text[64];
	struct out o = {.buf = text, .cap = sizeof(text)};

	out_str(&o, d->done ? "What came of " : rules[d->kind].ask);
	put_deed(&o, d);
	if (!d->done) {
		out_str(&o, rules[d->kind].whom);
		out_u64(&o, d->n);
		out_str(&o, " processes?");
	}
	surface_clear(title, STYLE_HEADER);
	if (title->rows)
		pen_out(&p, &o, STYLE_HEADER);
	surface_clear(body, STYLE_TEXT);
	deed_scroll(ui, ui->deed.top, body->rows);
	for (u32 i = 0; i < body->rows && d->top + i < d->n; i++)
		draw_target(body, i, d, &d->target[d->top + i]);
}

void deed_scroll(struct ui_state *ui, s64 top, u32 rows)
{
	s64 most = (s64)ui->deed.n - rows;

	ui->deed.top = (u32)MAX(MIN(top, most), 0);
}
