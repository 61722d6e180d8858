/* ui/emergency.c - see ui/emergency.h. */
#include "ui/emergency.h"
#include "ui/fmt.h"
#include "ui/meter.h"
#include "ui/stop.h"
#include "ui/view_processes.h"

#include <errno.h>

enum {
	DAY_S = 86400, LITTLE_PPM = 50000, SOON_S = 60,
	SETTLE_MS = 300,	/* nobody sees that a line is another's in less */
};

static const struct column_list emergency_columns = {
	.n = 10,
	.id = {COL_PID, COL_GROWTH, COL_GROUP_GROWTH, COL_RSS, COL_SWAP, COL_STATE, COL_COMM, COL_FROZEN, COL_UNIT, COL_CMDLINE},
};

/* ---- in and out ---- */

static void show(struct ui_state *ui, const struct shown *s)
{
	ui->spec = s->spec;
	ui->columns = s->columns;
	ui->other_sort = s->other_sort;
	ui_state_sort(ui, s->sort, s->spec.descending);
	ui->hscroll = ui->top = 0;
	ui->cursor = (struct task_id){0};
	ui->follow = ui->paused = false;
	ui->resample = true;
}

void emergency_enter(struct ui_state *ui)
{
	struct emergency *e = &ui->emergency;
	struct shown now = {.columns = emergency_columns, .sort = COL_GROWTH, .spec = {.descending = true}};
	enum view view = ui->view;

	if (e->on)
		return;
	ui_state_view(ui, VIEW_PROCESSES);
	memset(e, 0, sizeof(*e));
	e->view = view;
	e->before = (struct shown){ui->spec, ui->columns, ui->sort, ui->other_sort};
	e->on = true;
	show(ui, &now);
	ui->mode = ui_state_home(ui);
}

void emergency_leave(struct ui_state *ui)
{
	if (!ui->emergency.on)
		return;
	ui->emergency.on = false;
	show(ui, &ui->emergency.before);
	ui_state_view(ui, ui->emergency.view);
}

/* ---- the header ---- */

static void put_size(struct out *o, u64 bytes)
{
	char text[8];

	out_bytes(o, text, fmt_size(text, bytes));
}

static void put_centi(struct out *o, u64 centi)
{
	out_fixed(o, centi, 2);
	out_str(o, " %");
}

static void put_time(struct out *o, u64 s)
{
	if (s >= 3600) {
		out_u64(o, s / 3600);
		out_str(o, " h ");
		s %= 3600;
	}
	if (s >= 60) {
		out_u64(o, s / 60);
		out_str(o, " min ");
	}
	out_u64(o, s % 60);
	out_str(o, " s");
}

/* What is left of memory and swap, and until when. */
static void draw_left(struct surface *s, const struct model *m)
{
	const struct memory_model *mem = &m->memory;
	char text[160];
	struct out o = {.buf = text, .cap = sizeof(text)};
	struct pen p = {s, 0, 0};
	u64 all = mem->total + mem->swap_total, in_s = mem->exhausted_in_ns / NSEC_PER_SEC;
	u64 ppm = mul_div(mem->left, PPM, all);

	pen_str(&p, "EMERGENCY  ", STYLE_ERROR);
	if (!mem->known) {
		pen_str(&p, "memory: unknown", STYLE_WARNING);
		return;
	}
	put_size(&o, mem->left);
	out_str(&o, " of ");
	put_size(&o, all);
	out_str(&o, " left, ");
	put_centi(&o, ppm / (PPM / 10000));
	out_str(&o, mem->swap_total ? " (swap included)" : " (no swap)");
	pen_out(&p, &o, ppm < LITTLE_PPM ? STYLE_ERROR : STYLE_BOLD);
	o.len = 0;
	if (!mem->exhaustion_known) {
		out_str(&o, "   not shrinking");
	} else if (in_s >= DAY_S) {
		out_str(&o, "   used up in more than a day");
	} else {
		out_str(&o, "   used up in ");
		put_time(&o, in_s);
	}
	pen_out(&p, &o, mem->exhaustion_known && in_s < SOON_S ? STYLE_ERROR : STYLE_TEXT);
}

static void draw_waiting(struct surface *s, const struct model *m)
{
	const struct pressure_raw *p = &m->pressure[PRESSURE_MEMORY], *io = &m->pressure[PRESSURE_IO];
	char text[160];
	struct out o = {.buf = text, .cap = sizeof(text)};
	struct pen pen = {s, 1, 0};

	if (!(m->have & SRC_BIT(SRC_PRESSURE))) {
		pen_str(&pen, "PSI: none (pitstop --doctor says why)", STYLE_DIM);
		return;
	}
	out_str(&o, "PSI of 10 s: memory some ");
	put_centi(&o, p->some.avg_centi[0]);
	out_str(&o, " full ");
	put_centi(&o, p->full.avg_centi[0]);
	out_str(&o, ", I/O some ");
	put_centi(&o, io->some.avg_centi[0]);
	pen_out(&pen, &o, STYLE_TEXT);
}

static const char *why_not_locked(int err)
{
	if (err == -EPERM || err == -ENOMEM)
		return "RLIMIT_MEMLOCK or CAP_IPC_LOCK";
	return err == -ENOSPC ? "no memory to spare" : strerror(-err);
}

static void draw_ready(struct surface *s, const struct frame *f)
{
	const struct resident *r = f->resident;
	char text[192];
	struct out o = {.buf = text, .cap = sizeof(text)};
	struct pen p = {s, 2, 0};
	bool all;

	if (!r || !r->on) {
		pen_str(&p, "pitstop: getting ready", STYLE_DIM);
		return;
	}
	all = !r->lock_err && !r->oom_err && !f->model->tasks_lost;
	out_str(&o, "pitstop: ");
	put_size(&o, r->locked);
	if (r->lock_err) {
		out_str(&o, " of ");
		put_size(&o, r->wanted);
	}
	out_str(&o, " locked");
	if (r->lock_err) {
		out_str(&o, " (");
		out_str(&o, why_not_locked(r->lock_err));
		out_char(&o, ')');
	}
	out_str(&o, ", oom_score_adj ");
	if (r->oom_score_adj < 0)
		out_char(&o, '-');
	out_u64(&o, (u64)(r->oom_score_adj < 0 ? -r->oom_score_adj : r->oom_score_adj));
	if (r->oom_err) {
		out_str(&o, " (lower: ");
		out_str(&o, r->oom_err == -EACCES ? "CAP_SYS_RESOURCE" : strerror(-r->oom_err));
		out_char(&o, ')');
	}
	if (f->model->tasks_lost) {
		out_str(&o, ", no room for ");
		out_u64(&o, f->model->tasks_lost);
		out_str(&o, " tasks");
	}
	pen_out(&p, &o, all ? STYLE_DIM : STYLE_WARNING);
}

void emergency_header(struct surface *s, const struct ui_state *ui, const struct frame *f)
{
	(void)ui;
	if (s->rows < EMERGENCY_ROWS)
		return;
	draw_left(s, f->model);
	draw_waiting(s, f->model);
	draw_ready(s, f);
}

/* ---- the keys ---- */

void emergency_keys(struct surface *s, struct ui_state *ui, const struct frame *f)
{
	struct emergency *e = &ui->emergency;

	for (u32 i = 0; i < EMERGENCY_KEYS; i++) {
		const struct task_row *r = i < s->rows ? processes_row(f, ui->top + i) : NULL;
		struct task_id who = r ? task_id(r->t) : (struct task_id){0};
		char key[] = {(char)('1' + i), 0};

		if (who.pid != e->line[i].who.pid || who.start_boot_ns != e->line[i].who.start_boot_ns) {
			e->line[i].who = who;
			e->line[i].since_ns = f->now_ns;
		}
		if (who.pid)
			surface_str(s, i, 0, key, STYLE_KEY);
	}
}

void emergency_freeze(struct ui_state *ui, const struct frame *f, u32 line)
{
	const struct emergency *e = &ui->emergency;
	struct task_id who = line ? e->line[line - 1].who : ui->cursor;
	u32 at = who.pid && f->model->tasks ? task_table_find(f->model->tasks, who.pid, 0) : TASK_NONE;
	const struct task *t = at == TASK_NONE ? NULL : &f->model->tasks->task[at];

	if (!t || t->start_boot_ns != who.start_boot_ns)
		ui_state_say(ui, f->now_ns, "nobody is there any more");
	else if (line && f->now_ns - e->line[line - 1].since_ns < (u64)SETTLE_MS * NSEC_PER_MSEC)
		ui_state_say(ui, f->now_ns, "that line is another's since just now: press it again");
	else if (stop_at_once(ui, f, t))
		ui->cursor = who;
}
