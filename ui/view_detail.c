/* ui/view_detail.c - see ui/view_detail.h. */
#include "ui/view_detail.h"
#include "proc/history.h"
#include "ui/fmt.h"
#include "ui/graph.h"
#include "ui/meter.h"
#include "ui/page.h"
#include "ui/view_processes.h"

enum {
	PAIR_LABEL = 7, PAIR_COLS = 20,	/* a title and its value */
	GRAPH_ROWS = 3, GRAPHS_BESIDE = 120,	/* from as many columns on they stand side by side */
	ANCESTORS_MAX = 64,
};

const struct column_list detail_facts = {
	.n = 21,
	.id = {COL_STATE, COL_PPID, COL_USER, COL_THREADS, COL_CPU, COL_CPU_TIME, COL_USER_TIME, COL_SYSTEM_TIME,
	       COL_MEMORY, COL_VSIZE, COL_RSS, COL_SHARED, COL_SWAP, COL_PRIORITY, COL_NICE, COL_LAST_CPU,
	       COL_TTY, COL_OOM, COL_MAJOR_FAULTS, COL_READ, COL_WRITE},
};

/* Of a parent, a child, a thread. */
static const struct column_list relation = {
	.n = 7, .id = {COL_PID, COL_USER, COL_STATE, COL_CPU, COL_MEMORY, COL_CPU_TIME, COL_CMDLINE},
};

/* ---- opening, moving ---- */

/* What is known of it now, to be kept when it ends. */
static void look(struct ui_state *ui, const struct frame *f)
{
	struct detail *d = &ui->detail;
	const struct model *m = f->model;
	u32 at = m->tasks ? task_table_find(m->tasks, d->who.pid, 0) : TASK_NONE;
	struct bytes cmdline;

	d->gone = at >= m->ntask || m->row[at].t->start_boot_ns != d->who.start_boot_ns;
	d->row.t = &d->task;
	if (d->gone)
		return;
	d->task = *m->row[at].t;
	d->row = m->row[at];
	d->row.t = &d->task;
	d->seen_boot_ns = m->boot_ns;
	cmdline = model_name(m, &m->row[at])->cmdline;
	d->cmdline_n = (u32)MIN(cmdline.n, sizeof(d->cmdline));
	if (cmdline.n)
		memcpy(d->cmdline, cmdline.p, d->cmdline_n);
	while (d->cmdline_n && !d->cmdline[d->cmdline_n - 1])
		d->cmdline_n--;
}

void detail_open(struct ui_state *ui, const struct frame *f, struct task_id who)
{
	const struct model *m = f->model;
	u32 at = m->tasks ? task_table_find(m->tasks, who.pid, 0) : TASK_NONE;
	const struct task *t = at == TASK_NONE ? NULL : &m->tasks->task[at];

	if (t && t->thread)
		at = task_table_find(m->tasks, t->tgid, 0);
	if (!t || at == TASK_NONE || t->start_boot_ns != who.start_boot_ns) {
		ui_state_say(ui, f->now_ns, "it has ended");
		return;
	}
	t = &m->tasks->task[at];
	memset(&ui->detail, 0, sizeof(ui->detail));
	ui->detail.wish = true;
	ui->detail.who = ui->watched = task_id(t);
	ui->mode = MODE_DETAIL;
	look(ui, f);
	ui->resample = !ui->paused;	/* its threads, its history */
}

void detail_close(struct ui_state *ui, const struct frame *f)
{
	struct task_id who = ui->detail.who;
	u32 line = order_find(f->order, f->model, who.pid, who.start_boot_ns);

	ui->detail.leave = true;
	ui->watched = (struct task_id){0};
	ui->mode = MODE_NORMAL;
	if (line != TASK_NONE)
		processes_select(ui, f, line);
}

void detail_move(struct ui_state *ui, s64 line, u32 rows)
{
	struct detail *d = &ui->detail;

	rows = MAX(rows, 1u);
	d->line = (u32)MAX(MIN(line, (s64)d->lines - 1), 0);
	d->top = MIN(d->top, d->lines > rows ? d->lines - rows : 0);
	d->top = MIN(d->top, d->line);
	if (d->line - d->top >= rows)
		d->top = d->line - rows + 1;
}

void detail_scroll(struct ui_state *ui, s64 lines, u32 rows)
{
	struct detail *d = &ui->detail;

	d->top = (u32)MAX(MIN((s64)d->top + lines, (s64)d->lines - rows), 0);
	detail_move(ui, d->line + lines, rows);
}

/* ---- lines ---- */

static void draw_value(struct page *p, struct surface *s, enum column_id id, const struct task_row *r)
{
	struct cell_context context = {.model = p->f->model, .own_uid = r->t->uid};

	surface_clear(s, STYLE_TEXT);
	if (s->cols)
		columns[id].draw(s, &context, r);
}

/* A task in a line, which leads to it. */
static void put_relation(struct page *p, const struct task_row *r)
{
	struct surface s, cell;
	u32 col = 0;

	if (p->line == p->ui->detail.line)
		p->link = task_id(r->t);
	s = page_line(p);
	for (u32 i = 0; s.rows && i < relation.n; i++) {
		enum column_id id = (enum column_id)relation.id[i];
		u32 width = columns[id].width ? columns[id].width : s.cols;

		cell = surface_part(&s, 0, col, 1, width);
		draw_value(p, &cell, id, r);
		col += width + 1;
	}
}

/* ---- parts ---- */

static void put_facts(struct page *p)
{
	const struct detail *d = &p->ui->detail;
	u32 each = MAX(p->s->cols / PAIR_COLS, 1u);

	for (u32 i = 0; i < detail_facts.n; i += each) {
		struct surface s = page_line(p);

		for (u32 k = 0; k < each && i + k < detail_facts.n; k++) {
			enum column_id id = (enum column_id)detail_facts.id[i + k];
			struct surface cell = surface_part(&s, 0, k * PAIR_COLS + PAIR_LABEL, 1,
							   PAIR_COLS - PAIR_LABEL - 2);

			surface_str(&s, 0, k * PAIR_COLS, columns[id].title, STYLE_LABEL);
			cell = surface_part(&cell, 0, 0, 1, columns[id].width);
			draw_value(p, &cell, id, &d->row);
		}
	}
}

enum graph_kind { GRAPH_CPU, GRAPH_MEMORY, GRAPH_IO, GRAPHS };

static bool sample_value(const struct history_sample *s, u32 kind, u64 *v)
{
	switch (kind) {
	case GRAPH_CPU:
		*v = s->cpu_ppm;
		return s->have & ROW_HAVE_CPU;
	case GRAPH_MEMORY:
		*v = s->rss_bytes;
		return s->rss_known;
	default:
		*v = s->read_bytes_per_s + s->write_bytes_per_s;
		return s->have & ROW_HAVE_IO;
	}
}

static void out_value(struct out *o, u32 kind, u64 v)
{
	char text[FMT_RATE_WIDTH];
	size_t n, at = 0;

	if (kind == GRAPH_CPU) {
		fmt_percent(text, v);
		n = FMT_PERCENT_WIDTH;
	} else if (kind == GRAPH_MEMORY) {
		n = fmt_size(text, v);
	} else {
		fmt_rate(text, v);
		n = FMT_RATE_WIDTH;
	}
	while (at < n && text[at] == ' ')
		at++;
	out_bytes(o, text + at, n - at);
	out_str(o, kind == GRAPH_CPU ? "%" : "");
}

/* "CPU 38.4%, at most 97.0%" */
static void draw_legend(struct surface *s, u32 kind, bool known, u64 now, u64 peak)
{
	static const char *const names[] = {"CPU", "Memory", "Block I/O"};
	char text[64];
	struct out o = {.buf = text, .cap = sizeof(text)};
	struct pen pen = {s, 0, 0};

	out_str(&o, known ? " " : "  unknown so far");
	if (known) {
		out_value(&o, kind, now);
		out_str(&o, ", at most ");
		out_value(&o, kind, peak);
	}
	pen_str(&pen, names[kind], STYLE_LABEL);
	pen_out(&pen, &o, STYLE_TEXT);
}

/* Into s, its legend above; cut: how many of its lines are above the screen. */
static void draw_graph(struct surface *s, const struct history_sample *h, u32 n, u32 kind, u32 cut)
{
	static const enum style styles[] = {STYLE_BAR_USER, STYLE_MEM_USED, STYLE_BAR_SYSTEM};
	static u64 v[HISTORY_LONG];
	struct surface part = surface_part(s, !cut, 0, s->rows, s->cols - (s->cols > 1));
	struct graph g = {.v = v, .n = n, .rows = GRAPH_ROWS, .style = styles[kind]};
	bool known = false;
	u64 peak = 0;

	for (u32 i = 0; i < n; i++) {
		if (sample_value(&h[i], kind, &v[i]))
			known = true;
		else
			v[i] = 0;
		peak = MAX(peak, v[i]);
	}
	if (!cut)
		draw_legend(s, kind, known, n ? v[n - 1] : 0, peak);
	g.full = kind == GRAPH_CPU ? MAX(peak, (u64)PPM) : peak;
	graph_draw(&part, &g, cut ? cut - 1 : 0);
}

static void put_graphs(struct page *p)
{
	static struct history_sample h[HISTORY_LONG];
	u32 beside = p->s->cols >= GRAPHS_BESIDE ? GRAPHS : 1;
	u32 cols = p->s->cols / beside;
	u32 n = history_get(p->f->model->history, p->ui->detail.who, h, HISTORY_LONG);

	page_line(p);
	for (u32 i = 0; i < GRAPHS; i += beside) {
		u32 cut;
		struct surface s = page_lines(p, 1 + GRAPH_ROWS, &cut);

		for (u32 k = 0; k < beside && s.rows; k++) {
			struct surface part = surface_part(&s, 0, k * cols, s.rows, cols);

			draw_graph(&part, h, n, i + k, cut);
		}
	}
}

static void put_parents(struct page *p)
{
	const struct model *m = p->f->model;
	u32 pid = p->ui->detail.task.ppid;

	if (!m->tasks || !pid || p->ui->detail.gone)
		return;
	page_heading(p, "Parents");
	for (u32 i = 0; pid && i < ANCESTORS_MAX; i++) {
		u32 at = task_table_find(m->tasks, pid, 0);

		if (at == TASK_NONE || at >= m->ntask)
			break;
		put_relation(p, &m->row[at]);
		pid = m->row[at].t->ppid;
	}
}

static void put_below(struct page *p, const char *heading, bool threads)
{
	const struct model *m = p->f->model;
	u32 pid = p->ui->detail.who.pid;
	bool any = false;

	for (u32 i = 0; !p->ui->detail.gone && i < m->ntask; i++) {
		const struct task *t = m->row[i].t;

		if (t->thread != threads || (threads ? t->tgid : t->ppid) != pid)
			continue;
		if (!any)
			page_heading(p, heading);
		any = true;
		put_relation(p, &m->row[i]);
	}
}

/* What the child has read. */
static void put_report(struct page *p)
{
	static const char *const states[] = {
		[INSPECT_READING] = "reading ...", [INSPECT_DONE] = NULL,
		[INSPECT_REFUSED] = "its files may not be read", [INSPECT_GONE] = NULL,
		[INSPECT_FAILED] = "its files cannot be read",
		[INSPECT_STUCK] = "its files: given up, reading them has blocked for 5 s",
	};
	const struct inspect *in = p->f->inspect;
	const char *state = states[in ? inspect_state(in) : INSPECT_READING];

	for (u32 i = 0; in && inspect_kind(in) == INSPECT_DETAIL && i < inspect_lines(in); i++) {
		struct bytes line = inspect_line(in, i);
		struct bytes text = {line.p + 1, line.n - (line.n > 0)};

		if (line.n && *line.p == DETAIL_HEADING) {
			page_line(p);
			page_wrapped(p, text, STYLE_LABEL);
		} else {
			page_wrapped(p, text, STYLE_TEXT);
		}
	}
	if (state) {
		page_line(p);
		page_text(p, state, STYLE_DIM);
	}
}

static void put_all(struct page *p)
{
	const struct detail *d = &p->ui->detail;

	put_facts(p);
	put_graphs(p);
	if (d->cmdline_n) {
		page_heading(p, "Command line");
		page_wrapped(p, (struct bytes){(const u8 *)d->cmdline, d->cmdline_n}, STYLE_TEXT);
	}
	put_parents(p);
	put_below(p, "Children", false);
	put_below(p, "Threads", true);
	put_report(p);
}

struct task_id detail_link(struct ui_state *ui, const struct frame *f, u32 cols)
{
	struct surface none = {.cols = cols};
	struct page p = {.s = &none, .ui = ui, .f = f};

	put_all(&p);
	return p.link;
}

/* ---- drawing ---- */

static void draw_title(struct surface *s, const struct detail *d, const struct model *m)
{
	struct cell_context context = {.model = m, .own_uid = d->task.uid, .selected = true};
	char text[64], span[FMT_TIME_WIDTH];
	struct out o = {.buf = text, .cap = sizeof(text)};
	struct pen p = {s, 0, 0};
	struct surface start;
	u32 at = 0;

	surface_clear(s, STYLE_HEADER);
	out_str(&o, "Process ");
	out_u64(&o, d->who.pid);
	out_char(&o, ' ');
	pen_out(&p, &o, STYLE_HEADER);
	pen_str(&p, d->task.comm, STYLE_HEADER);
	fmt_time(span, d->seen_boot_ns - MIN(d->seen_boot_ns, d->task.start_boot_ns));
	while (at < sizeof(span) && span[at] == ' ')
		at++;
	o.len = 0;
	out_str(&o, d->gone ? ": HAS ENDED, ran for " : ": runs for ");
	out_bytes(&o, span + at, sizeof(span) - at);
	out_str(&o, ", since ");
	pen_out(&p, &o, d->gone ? STYLE_HEADER_SORT : STYLE_HEADER);
	start = surface_part(s, 0, p.col, 1, columns[COL_START_TIME].width);
	if (start.cols)
		columns[COL_START_TIME].draw(&start, &context, &d->row);
	surface_style(s, 0, p.col, s->cols - MIN(p.col, s->cols), STYLE_HEADER);
}

void detail_draw(struct surface *title, struct surface *body, struct ui_state *ui, const struct frame *f)
{
	struct detail *d = &ui->detail;
	struct page p = {.s = body, .ui = ui, .f = f, .top = d->top};

	look(ui, f);
	if (title->rows)
		draw_title(title, d, f->model);
	surface_clear(body, STYLE_TEXT);
	put_all(&p);
	if (p.line != d->lines) {	/* it may have got shorter */
		d->lines = p.line;
		detail_move(ui, d->line, body->rows);
		surface_clear(body, STYLE_TEXT);
		p.top = d->top;
		p.line = 0;
		put_all(&p);
	}
	if (d->line >= d->top && d->line - d->top < body->rows)
		surface_style(body, d->line - d->top, 0, body->cols, STYLE_CURSOR);
}
