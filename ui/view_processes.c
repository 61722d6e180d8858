/* ui/view_processes.c - the process table: titles, rows, and the cursor that
 * stays on its task. */
#include "ui/view_processes.h"
#include "ui/columns_draw.h"
#include "ui/chosen.h"
#include "ui/menu.h"

enum {
	REST = UINT32_MAX,	/* width of the last column when it takes what is left */
	MIDDLE = 20,		/* width of such a column elsewhere */
	PATH = 36,		/* and of a cgroup's name in the tree */
	SCRATCH = 64,		/* widest column that can be cut at an edge of the screen */
	ORDER_MS = 250,		/* with --ludicrous rows are sorted so often */
};

/* ---- order, cursor, scrolling ---- */

const struct task_row *processes_row(const struct frame *f, u32 line)
{
	u32 row;

	if (line >= f->order->n)
		return NULL;
	row = order_line(f->order, line)->row;
	return row < model_rows(f->model) ? &f->model->row[row] : NULL;
}

/* Where the cursor's task is now.  A thread that is no longer shown is stood
 * for by its process. */
static u32 find_cursor(const struct ui_state *ui, const struct frame *f)
{
	const struct model *m = f->model;
	u32 line = order_find(f->order, m, ui->cursor.pid, ui->cursor.start_boot_ns);
	const struct task *t;
	u32 at;

	if (line != TASK_NONE || !m->tasks)
		return line;
	at = task_table_find(m->tasks, ui->cursor.pid, 0);
	if (at == TASK_NONE)
		return TASK_NONE;
	t = &m->tasks->task[at];
	if (!t->thread || t->start_boot_ns != ui->cursor.start_boot_ns)
		return TASK_NONE;
	at = task_table_find(m->tasks, t->tgid, 0);
	if (at == TASK_NONE)
		return TASK_NONE;
	return order_find(f->order, m, t->tgid, m->tasks->task[at].start_boot_ns);
}

static void take(struct ui_state *ui, const struct frame *f, u32 line)
{
	const struct task_row *r = processes_row(f, line);

	ui->line = line;
	if (r)
		ui->cursor = task_id(r->t);
}

void processes_select(struct ui_state *ui, const struct frame *f, s64 line)
{
	s64 last = (s64)f->order->n - 1;

	take(ui, f, (u32)MAX(MIN(line, last), 0));
	ui->reveal = true;
}

static void place_cursor(struct ui_state *ui, const struct frame *f)
{
	u32 line;

	if (!f->order->n) {
		ui->line = 0;
		return;
	}
	if (!ui->cursor.pid) {
		ui->line = 0;	/* nobody chosen: whoever is first */
		return;
	}
	line = find_cursor(ui, f);
	if (line == TASK_NONE) {
		ui->follow = false;
		line = MIN(ui->line, f->order->n - 1);
	}
	take(ui, f, line);
}

static void place_top(struct ui_state *ui, u32 lines, u32 rows)
{
	u32 most = lines > rows ? lines - rows : 0;
	bool seen = ui->line >= ui->top && ui->line - ui->top < ui->body_rows;

	/* who was in sight stays so when the screen or its table gets smaller */
	if (ui->reveal || ui->follow || (seen && rows < ui->body_rows)) {
		ui->top = MIN(ui->top, ui->line);
		if (ui->line - ui->top >= rows)
			ui->top = ui->line - rows + 1;
	}
	ui->reveal = false;
	ui->body_rows = rows;
	ui->top = MIN(ui->top, most);
}

/* Nobody can read rows that change places with every frame of --ludicrous. */
static bool order_holds(const struct ui_state *ui, const struct model *m)
{
	u64 age = m->boot_ns - ui->order_boot_ns;

	return !age || (m->self.frames.on && !m->ngroup && ui->order_places == m->places &&
			age < (u64)ORDER_MS * NSEC_PER_MSEC);
}

void processes_sync(struct ui_state *ui, struct frame *f, u32 body_rows)
{
	if (ui->order_stale || !order_holds(ui, f->model)) {
		order_build(f->order, f->model, &ui->spec, ui_state_folded, ui);
		ui->order_stale = false;
		ui->order_boot_ns = f->model->boot_ns;
		ui->order_places = f->model->places;
		place_cursor(ui, f);
	}
	place_top(ui, f->order->n, MAX(body_rows, 1u));
}

/* ---- columns ---- */

static u32 column_width(const struct ui_state *ui, u32 i)
{
	u32 width = columns[ui->columns.id[i]].width;

	if (width)
		return width;
	if (i + 1u == ui->columns.n)
		return REST;
	return ui->columns.id[i] == COL_PATH ? PATH : MIDDLE;
}

/* Where the last column begins on an unscrolled line. */
static u32 last_column_at(const struct ui_state *ui)
{
	u32 x = 0;

	for (u32 i = 0; i + 1 < ui->columns.n; i++)
		x += column_width(ui, i) + 1;
	return x;
}

enum column_id processes_column_at(const struct ui_state *ui, u32 col)
{
	u32 x = 0;

	col += ui->hscroll;
	for (u32 i = 0; i < ui->columns.n; i++) {
		u32 width = column_width(ui, i);

		/* the gap behind it belongs to it: the arrow stands there */
		if (width == REST || col <= x + width)
			return (enum column_id)ui->columns.id[i];
		x += width + 1;
	}
	return COL_N;
}

u32 processes_scroll_end(const struct ui_state *ui, const struct frame *f, u32 cols)
{
	const struct task_row *r = processes_row(f, ui->line);
	struct cell_context c = {.model = f->model, .look = ui->look};
	u32 end = last_column_at(ui);
	enum column_id last;

	if (!r || !ui->columns.n)
		return 0;
	c.line = ui->spec.tree ? order_line(f->order, ui->line) : NULL;
	last = (enum column_id)ui->columns.id[ui->columns.n - 1];
	if (columns[last].width)
		end += columns[last].width;
	else
		end += cell_command_width(&c, r, ui->ascii);
	return end > cols ? end - cols : 0;
}

/* ---- one cell, wherever the edges of the screen cut it ---- */

/* What to draw: a title or a value. */
struct cell_source {
	const struct ui_state *ui;
	const struct task_row *row;	/* NULL: the title */
	struct cell_context context;
	enum style style;		/* of the whole line */
};

static void draw_title(struct surface *s, const struct ui_state *ui, enum column_id id, u32 skip)
{
	const struct column *c = &columns[id];
	bool sorted = id == ui->sort, down = ui->spec.descending;
	const char *arrow = down ? (s->ascii ? "v" : "\xe2\x96\xbd")
				 : (s->ascii ? "^" : "\xe2\x96\xb3");
	enum style style = sorted ? STYLE_HEADER_SORT : STYLE_HEADER;
	u32 len = (u32)strlen(c->title);
	u32 room = s->cols ? s->cols - 1 : 0;	/* the gap is the arrow's place */
	u32 at = c->left || len >= room ? 0 : room - len;

	if (skip >= len)
		return;
	surface_str(s, 0, at, c->title + skip, style);
	if (sorted)
		surface_str(s, 0, MIN(at + len - skip, room), arrow, style);
}

/* Into s, which covers the column and the gap behind it and is blank. */
static void draw_whole(struct surface *s, struct cell_source *d, enum column_id id, u32 skip)
{
	struct surface cell;

	if (!d->row) {
		draw_title(s, d->ui, id, skip);
		return;
	}
	cell = surface_part(s, 0, 0, 1, s->cols - 1);
	if (!cell.cols)
		return;
	d->context.scroll = skip;
	cell_draw(&cell, &d->context, id, d->row);
}

/* Copies columns [from, from + n) of a drawn cell; half a wide character is a
 * blank. */
static void copy_cells(struct surface *s, u32 col, const struct surface *cell, u32 from, u32 n)
{
	struct cell *to = s->cell + col;
	const struct cell blank = {.utf8 = " ", .len = 1, .width = 1, .style = cell->cell->style};

	memcpy(to, cell->cell + from, n * sizeof(*to));
	if (!to[0].len)
		to[0] = blank;
	if (to[n - 1].width == 2)
		to[n - 1] = blank;
}

/* A column of width columns at x of the unscrolled line. */
static void draw_cut(struct surface *s, struct cell_source *d, enum column_id id, u32 x, u32 width)
{
	struct cell room[SCRATCH];
	u32 scroll = d->ui->hscroll, n = MIN(width + 1, (u32)SCRATCH);
	struct surface cell = {n, 1, n, room, s->ascii};
	u32 from = scroll > x ? scroll - x : 0;
	u32 col = x > scroll ? x - scroll : 0;

	if (from >= n || col >= s->cols)
		return;
	if (!from && n <= s->cols - col) {
		cell = surface_part(s, 0, col, 1, n);
		draw_whole(&cell, d, id, 0);
		return;
	}
	memset(room, 0, sizeof(room));
	surface_clear(&cell, d->style);
	draw_whole(&cell, d, id, 0);
	copy_cells(s, col, &cell, from, MIN(n - from, s->cols - col));
}

/* The last column runs to the edge of the screen, and its text scrolls. */
static void draw_rest(struct surface *s, struct cell_source *d, enum column_id id, u32 x)
{
	u32 scroll = d->ui->hscroll;
	u32 col = x > scroll ? x - scroll : 0;
	struct surface cell = surface_part(s, 0, col, 1, s->cols);

	if (!cell.cols)
		return;
	d->context.scroll = scroll > x ? scroll - x : 0;
	if (d->row)
		cell_draw(&cell, &d->context, id, d->row);
	else
		draw_title(&cell, d->ui, id, d->context.scroll);
}

static void draw_line(struct surface *s, struct cell_source *d)
{
	const struct ui_state *ui = d->ui;
	u32 x = 0;

	if (d->style != STYLE_TEXT)
		surface_clear(s, d->style);
	for (u32 i = 0; i < ui->columns.n && x < ui->hscroll + s->cols; i++) {
		enum column_id id = (enum column_id)ui->columns.id[i];
		u32 width = column_width(ui, i);

		if (width == REST)
			draw_rest(s, d, id, x);
		else
			draw_cut(s, d, id, x, width);
		x += width + 1;
	}
}

/* ---- the table ---- */

void processes_titles(struct surface *titles, const struct ui_state *ui)
{
	struct cell_source d = {.ui = ui, .style = STYLE_HEADER};

	if (titles->rows)
		draw_line(titles, &d);
}

static enum style line_style(const struct ui_state *ui, u32 line)
{
	if (line != ui->line || ui->hide_cursor)
		return STYLE_TEXT;
	if (menu_is_open(ui))
		return STYLE_CURSOR_IDLE;
	return ui->follow ? STYLE_CURSOR_FOLLOW : STYLE_CURSOR;
}

/* An ancestor of what passes the filter, as a second sign with a dot in the gap. */
static void mark_context(struct surface *row, const struct ui_state *ui)
{
	u32 gap = ui->columns.n ? columns[ui->columns.id[0]].width : 0;

	surface_style(row, 0, 0, row->cols, STYLE_DIM);
	if (gap && gap >= ui->hscroll)
		surface_str(row, 0, gap - ui->hscroll, ".", STYLE_DIM);
}

/* Colour, and for those without it a star in the gap behind the first column. */
static void mark_tagged(struct surface *row, const struct ui_state *ui)
{
	u32 gap = ui->columns.n ? columns[ui->columns.id[0]].width : 0;

	surface_style(row, 0, 0, row->cols, STYLE_TAGGED);
	if (gap && gap >= ui->hscroll)
		surface_str(row, 0, gap - ui->hscroll, "*", STYLE_TAGGED);
}

/* Colour, and for those without it a sign in the gap behind the first column. */
static void mark_change(struct surface *row, const struct ui_state *ui, const struct model *m,
			const struct task_row *r)
{
	bool gone = r->have & ROW_GONE;
	u32 gap = ui->columns.n ? columns[ui->columns.id[0]].width : 0;
	u64 age = m->boot_ns - MIN(m->boot_ns, r->t->start_boot_ns);

	if (r->t->group || (!gone && age >= ui->look.changes_ns))
		return;
	surface_style(row, 0, 0, row->cols, gone ? STYLE_GONE : STYLE_NEW);
	if (gap && gap >= ui->hscroll)
		surface_str(row, 0, gap - ui->hscroll, gone ? "-" : "+", gone ? STYLE_GONE : STYLE_NEW);
}

void processes_body(struct surface *body, const struct ui_state *ui, const struct frame *f)
{
	struct cell_source d = {.ui = ui, .context = {.model = f->model, .own_uid = ui->own_uid,
								   .look = ui->look}};

	u32 first, last;

	chosen_range(ui, f, &first, &last);
	if (!f->order->n && f->model->ntask)
		surface_str(body, 0, 0, ui->spec.groups ? "no cgroup matches" : "no process matches", STYLE_DIM);
	for (u32 i = 0; i < body->rows; i++) {
		struct surface row = surface_part(body, i, 0, 1, body->cols);
		u32 line = ui->top + i;

		d.row = processes_row(f, line);
		if (!d.row)
			break;
		d.context.line = ui->spec.tree ? order_line(f->order, line) : NULL;
		d.context.selected = line >= first && line <= last && !ui->hide_cursor;
		d.style = line == ui->line || !d.context.selected ? line_style(ui, line)
								  : STYLE_CURSOR_IDLE;
		draw_line(&row, &d);
		if (d.row->t->ended && !d.row->t->group)
			surface_style(&row, 0, 0, row.cols, STYLE_DIM);
		if (order_line(f->order, line)->context)
			mark_context(&row, ui);
		if (ui->look.shadow && !d.row->t->group && d.row->t->uid != ui->own_uid)
			surface_style(&row, 0, 0, row.cols, STYLE_DIM);
		mark_change(&row, ui, f->model, d.row);
		if (idset_has(&ui->tagged, task_id(d.row->t)))
			mark_tagged(&row, ui);
		if (d.context.selected)	/* one style from edge to edge, whatever cells do */
			surface_style(&row, 0, 0, row.cols, d.style);
	}
}
