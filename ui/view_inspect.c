/* ui/view_inspect.c - see ui/view_inspect.h. */
#include "ui/view_inspect.h"
#include "ui/deed.h"
#include "ui/meter.h"
#include "ui/view_processes.h"

static const struct {
	const char *title;	/* before "of PID 1 init" */
	const char *heading;	/* of its columns */
	const char *none;
} kinds[INSPECT_KINDS] = {
	[INSPECT_ENVIRONMENT] = {"Environment", NULL, "it has no environment"},
	[INSPECT_FILES] = {"Open files",
			   "   FD TYPE RW          SIZE        OFFSET NAME", "it has no open files"},
	[INSPECT_LOCKS] = {"File locks",
			   "   FD KIND   STRICT    MODE         START          END NAME",
			   "it holds no locks"},
	[INSPECT_COMMAND] = {"Arguments", NULL, "it has no command line"},
	[INSPECT_CALLS] = {"System calls", "TIME             THREAD CALL", "none yet"},
};

static const char *const states[] = {
	[INSPECT_READING] = "reading ...", [INSPECT_DONE] = NULL,
	[INSPECT_REFUSED] = "not permitted", [INSPECT_GONE] = "it has ended",
	[INSPECT_FAILED] = "this kernel does not tell",
	[INSPECT_STUCK] = "given up: reading it has blocked for 5 s",
};

bool inspect_mode(const struct ui_state *ui)
{
	return ui->mode == MODE_INSPECT || ui->mode == MODE_INSPECT_SEARCH ||
	       ui->mode == MODE_INSPECT_FILTER;
}

void inspect_begin(struct ui_state *ui, const struct frame *f, enum inspect_kind kind)
{
	const struct task_row *r = processes_row(f, ui->line);
	struct inspect_view *v = &ui->inspect;
	const struct task *t;

	deed_say_cgroup(ui, f);
	if (!r || r->t->ended)
		return;
	t = r->t;
	if (kind == INSPECT_CALLS) {
		u32 at = t->thread ? task_table_find(f->model->tasks, t->tgid, 0) : TASK_NONE;

		if (ui->read_only) {
			ui_state_say(ui, f->now_ns, "no system calls are traced: pitstop was started with --read-only");
			return;
		}
		t = at == TASK_NONE ? t : &f->model->tasks->task[at];
	}
	*v = (struct inspect_view){.wish = true, .kind = kind, .who = task_id(t)};
	memcpy(v->comm, t->comm, sizeof(v->comm));
	ui->mode = MODE_INSPECT;
}

void inspect_end(struct ui_state *ui)
{
	ui->inspect.leave = true;
	ui->mode = MODE_NORMAL;
}

/* ---- which lines ---- */

static bool shown(const struct ui_state *ui, const struct frame *f, u32 line)
{
	return filter_match(inspect_line(f->inspect, line), ui->inspect.filter);
}

static u32 count_shown(const struct ui_state *ui, const struct frame *f)
{
	u32 all = f->inspect ? inspect_lines(f->inspect) : 0, n = 0;

	if (!ui->inspect.filter[0])
		return all;
	for (u32 i = 0; i < all; i++)
		n += shown(ui, f, i);
	return n;
}

void inspect_scroll(struct ui_state *ui, const struct frame *f, s64 top, u32 rows)
{
	s64 most = (s64)count_shown(ui, f) - rows;

	ui->inspect.top = (u32)MAX(MIN(top, most), 0);
}

void inspect_search(struct ui_state *ui, const struct frame *f, s64 from, s32 step, u32 rows)
{
	struct inspect_view *v = &ui->inspect;
	u32 all = f->inspect ? inspect_lines(f->inspect) : 0;
	s64 n = count_shown(ui, f), at = 0;
	s64 best = -1, first = -1, last = -1;

	if (!v->search[0])
		return;
	for (u32 i = 0; i < all; i++) {
		if (!shown(ui, f, i))
			continue;
		if (filter_match(inspect_line(f->inspect, i), v->search)) {
			first = first < 0 ? at : first;
			last = at;
			if ((step > 0 && at >= from && best < 0) || (step < 0 && at <= from))
				best = at;
		}
		at++;
	}
	if (best < 0)
		best = step > 0 ? first : last;
	v->search_failed = best < 0;
	if (best < 0)
		return;
	v->hit = (u32)best;
	v->has_hit = true;
	if (best < v->top || best >= (s64)v->top + rows)
		inspect_scroll(ui, f, MIN(best - rows / 2, n), rows);
}

/* ---- drawing ---- */

/* What there is to say of a list that goes on: nothing when all is well. */
static const char *calls_state(const struct ui_state *ui, const struct frame *f, struct out *o)
{
	u64 lost = f->inspect ? inspect_lost(f->inspect) : 0;

	if (ui->inspect.stopped)
		out_lit(o, "stopped ");
	if (ui->inspect.still)
		out_lit(o, "standing still ");
	if (lost) {
		out_u64(o, lost);
		out_lit(o, " lost");
	}
	out_char(o, 0);
	return o->buf;
}

static void draw_title(struct surface *s, const struct ui_state *ui, const struct frame *f)
{
	const struct inspect_view *v = &ui->inspect;
	const char *state = f->inspect ? states[inspect_state(f->inspect)] : states[INSPECT_READING];
	struct pen p = {s, 0, 0};
	char text[64];
	struct out o = {.buf = text, .cap = sizeof(text)};
	char more[64];
	struct out going = {.buf = more, .cap = sizeof(more)};

	if (v->kind == INSPECT_CALLS && f->inspect && inspect_state(f->inspect) == INSPECT_READING)
		state = calls_state(ui, f, &going);
	surface_clear(s, STYLE_HEADER);
	out_str(&o, kinds[v->kind].title);
	out_str(&o, " of ");
	out_u64(&o, v->who.pid);
	out_char(&o, ' ');
	pen_out(&p, &o, STYLE_HEADER);
	pen_str(&p, v->comm, STYLE_HEADER);
	if (f->inspect && inspect_cut(f->inspect))
		pen_str(&p, "  (cut: more than can be shown)", STYLE_HEADER_SORT);
	if (state) {
		pen_str(&p, "  ", STYLE_HEADER);
		pen_str(&p, state, STYLE_HEADER_SORT);
	}
}

static void draw_line(struct surface *s, u32 row, struct bytes line, u32 skip, enum style style)
{
	/* scrolled by bytes of ASCII and by characters of the rest: good enough to read on */
	while (skip && line.n) {
		struct glyph g;
		size_t n = text_next(line, s->ascii, &g);

		skip -= MIN((u32)g.width, skip);
		line.p += n;
		line.n -= n;
	}
	surface_fill(s, row, 0, s->cols, ' ', style);
	surface_text(s, row, 0, s->cols, line, style);
}

/* What one reads stays in its place.  With a filter that is not known, and the
 * view moves. */
static void keep_place(struct inspect_view *v, const struct frame *f)
{
	u64 dropped = f->inspect ? inspect_dropped(f->inspect) : 0;
	u32 moved = dropped > v->dropped ? (u32)(dropped - v->dropped) : 0;

	v->dropped = dropped;
	if (v->filter[0])
		return;
	v->top -= MIN(v->top, moved);
	v->has_hit &= v->hit >= moved;
	v->hit -= MIN(v->hit, moved);
}

void inspect_draw(struct surface *title, struct surface *body, struct ui_state *ui,
		  const struct frame *f)
{
	const struct inspect_view *v = &ui->inspect;
	u32 all = f->inspect ? inspect_lines(f->inspect) : 0, at = 0, row = 0;
	const char *heading = kinds[v->kind].heading;

	keep_place(&ui->inspect, f);
	if (title->rows)
		draw_title(title, ui, f);
	surface_clear(body, STYLE_TEXT);
	if (heading && body->rows > 2) {
		struct bytes text = {(const u8 *)heading, strlen(heading)};

		draw_line(body, row++, text, v->hscroll, STYLE_LABEL);
	}
	inspect_scroll(ui, f, v->kind == INSPECT_CALLS && !v->still ? UINT32_MAX : v->top, body->rows - row);
	for (u32 i = 0; i < all && row < body->rows; i++) {
		if (!shown(ui, f, i) || at++ < v->top)
			continue;
		draw_line(body, row++, inspect_line(f->inspect, i), v->hscroll,
			  v->has_hit && at - 1 == v->hit ? STYLE_CURSOR : STYLE_TEXT);
	}
	if (!all && f->inspect && (inspect_state(f->inspect) == INSPECT_DONE || v->kind == INSPECT_CALLS))
		surface_str(body, row, 0, kinds[v->kind].none, STYLE_DIM);
	else if (all && !at)
		surface_str(body, row, 0, "no line matches", STYLE_DIM);
}
