/* ui/view_programs.c - see ui/view_programs.h. */
#include "ui/view_programs.h"
#include "ui/action_impl.h"

#include <stdlib.h>

#include "ui/program_columns.h"
#include "ui/view_program.h"

enum {
	FIXED = PROG_COL_NAME + 1,	/* columns that do not scroll away */
	CELL = 512,			/* bytes of the longest text that a cell is made of */
	HAYSTACK = 2048,
};

bool programs_mode(const struct ui_state *ui)
{
	return ui->mode == MODE_PROGRAMS || ui->mode == MODE_PROGRAMS_FILTER;
}

static struct bytes text_of(char *buf, size_t cap, enum program_column_id id, const struct program_cell *c)
{
	struct out o = {.buf = buf, .cap = cap};

	program_columns[id].put(&o, c);
	return (struct bytes){(unsigned char *)buf, o.len};
}

/* ---- which, and in which order --------------------------------------------------- */

static bool shown(const struct programs_view *v, const struct model *m, const struct program_row *r)
{
	static const u8 looked_at[] = {PROG_COL_NAME, PROG_COL_TYPE, PROG_COL_ATTACH, PROG_COL_OWNERS};
	const struct program_cell c = {m, r};
	char buf[HAYSTACK];

	for (u32 i = 0; v->filter[0] && i < ARRAY_LEN(looked_at); i++)
		if (filter_match(text_of(buf, sizeof(buf), looked_at[i], &c), v->filter))
			return true;
	return !v->filter[0];
}

/* Below 0: a stands before b when the order is upwards. */
static int compare(const struct programs_view *v, const struct model *m, u32 a, u32 b)
{
	const struct program_column *column = &program_columns[v->sort];
	const struct program_cell ca = {m, &m->programs.row[a]}, cb = {m, &m->programs.row[b]};
	char one[CELL], other[CELL];
	struct bytes x, y;
	int way;

	if (column->rank) {
		u64 left = column->rank(&ca), right = column->rank(&cb);

		return left < right ? -1 : left > right;
	}
	x = text_of(one, sizeof(one), (enum program_column_id)v->sort, &ca);
	y = text_of(other, sizeof(other), (enum program_column_id)v->sort, &cb);
	way = memcmp(x.p, y.p, MIN(x.n, y.n));
	return way ? way : x.n < y.n ? -1 : x.n > y.n;
}

/* Rows that were in order mostly still are: an insertion sort of the order there
 * was would be cheaper still, but rows have no identity across samples.  Equal
 * ones stay by id: nothing trembles. */
static bool before(const struct programs_view *v, const struct model *m, u32 a, u32 b)
{
	int way = compare(v, m, a, b);

	return way ? (way < 0) != v->descending : a < b;
}

/* Heap sort: no memory, no bad case. */
static void sift(const struct programs_view *v, const struct model *m, u32 *heap, u32 at, u32 n)
{
	for (;;) {
		u32 child = 2 * at + 1, moved = heap[at];

		if (child >= n)
			return;
		if (child + 1 < n && before(v, m, heap[child], heap[child + 1]))
			child++;
		if (!before(v, m, moved, heap[child]))
			return;
		heap[at] = heap[child];
		heap[child] = moved;
		at = child;
	}
}

static void build(struct programs_view *v, const struct model *m)
{
	u32 *order = m->programs.order;

	v->n = 0;
	for (u32 i = 0; i < m->programs.n; i++)
		if (shown(v, m, &m->programs.row[i]))
			order[v->n++] = i;
	for (u32 i = v->n / 2; i-- > 0;)
		sift(v, m, order, i, v->n);
	for (u32 end = v->n; end-- > 1;) {
		u32 top = order[0];

		order[0] = order[end];
		order[end] = top;
		sift(v, m, order, 0, end);
	}
}

const struct program_row *programs_row(const struct ui_state *ui, const struct model *m)
{
	const struct programs_view *v = &ui->programs;

	return v->line < v->n ? &m->programs.row[m->programs.order[v->line]] : NULL;
}

static u32 id_at(const struct programs_view *v, const struct model *m, u32 line)
{
	return line < v->n ? m->programs.row[m->programs.order[line]].rec->id : 0;
}

/* One line of the body is the sum. */
static u32 lines_of(u32 body_rows)
{
	return MAX(body_rows, 2u) - 1;
}

static void keep_in_sight(struct programs_view *v, u32 lines)
{
	if (v->line < v->top)
		v->top = v->line;
	if (v->line >= v->top + lines)
		v->top = v->line - lines + 1;
	v->top = MIN(v->top, v->n > lines ? v->n - lines : 0);
}

void programs_sync(struct ui_state *ui, const struct frame *f, u32 body_rows)
{
	struct programs_view *v = &ui->programs;
	u32 line = 0;

	if (!f->model->programs.table) {
		v->n = 0;
		return;
	}
	if (v->stale || v->built_boot_ns != f->model->boot_ns) {
		build(v, f->model);
		v->stale = false;
		v->built_boot_ns = f->model->boot_ns;
		while (line < v->n && id_at(v, f->model, line) != v->cursor)
			line++;
		/* of one that is gone, or filtered out, its place */
		v->line = line < v->n ? line : MIN(v->line, v->n ? v->n - 1 : 0);
		v->cursor = id_at(v, f->model, v->line);
	}
	keep_in_sight(v, lines_of(body_rows));
}

static void select_line(struct action_context *c, s64 line)
{
	struct programs_view *v = &c->ui->programs;

	v->line = (u32)MAX(MIN(line, (s64)v->n - 1), 0);
	v->cursor = id_at(v, c->f->model, v->line);
}

/* ---- keys -------------------------------------------------------------------------- */

void act_programs_move(struct action_context *c)
{
	select_line(c, (s64)c->ui->programs.line + c->arg);
}

void act_programs_page(struct action_context *c)
{
	select_line(c, (s64)c->ui->programs.line + (s64)c->arg * lines_of(c->at->body_rows));
}

void act_programs_edge(struct action_context *c)
{
	select_line(c, c->arg < 0 ? 0 : UINT32_MAX);
}

void act_programs_scroll(struct action_context *c)
{
	s64 to = (s64)c->ui->programs.scroll + c->arg;

	c->ui->programs.scroll = (u8)MAX(MIN(to, PROG_COLS - FIXED - 1), 0);
}

static void sort_by(struct programs_view *v, u32 column)
{
	if (v->sort == column)
		v->descending = !v->descending;
	else
		v->descending = program_columns[column].big_first;
	v->sort = (u8)column;
	v->stale = true;
}

void act_programs_sort(struct action_context *c)
{
	sort_by(&c->ui->programs, (c->ui->programs.sort + PROG_COLS + (u32)c->arg) % PROG_COLS);
}

void act_programs_invert(struct action_context *c)
{
	sort_by(&c->ui->programs, c->ui->programs.sort);
}

void act_programs_filter(struct action_context *c)
{
	field_open(c->ui, MODE_PROGRAMS_FILTER);
}

void programs_click(struct action_context *c, u32 line)
{
	if (line < c->ui->programs.n)
		select_line(c, line);
}

void programs_click_title(struct action_context *c, u32 col)
{
	u32 id = programs_column_at(c->ui, col);

	if (id < PROG_COLS)
		sort_by(&c->ui->programs, id);
}

/* ---- drawing ----------------------------------------------------------------------- */

/* The column after this one on the screen. */
static u32 next_column(const struct programs_view *v, u32 i)
{
	return i + 1 == FIXED ? FIXED + v->scroll : i + 1;
}

u32 programs_column_at(const struct ui_state *ui, u32 col)
{
	u32 at = 0;

	for (u32 i = 0; i < PROG_COLS; i = next_column(&ui->programs, i)) {
		at += program_columns[i].width + 1u;
		if (col < at || i == PROG_COLS - 1)
			return i;
	}
	return PROG_COLS;
}

static void draw_cell(struct surface *s, u32 col, u32 id, struct bytes text, enum style style)
{
	const struct program_column *c = &program_columns[id];
	u32 room = id == PROG_COLS - 1 ? s->cols : c->width, width = text_width(text, s->ascii);

	if (!c->words && width < room)
		col += room - width;
	if (col < s->cols)
		surface_text(s, 0, col, room, text, style);
}

static void draw_line(struct surface *s, const struct ui_state *ui, const struct program_cell *c, enum style style)
{
	char buf[CELL];
	u32 col = 0;

	surface_clear(s, style);
	for (u32 i = 0; i < PROG_COLS && col < s->cols; i = next_column(&ui->programs, i)) {
		struct bytes text = text_of(buf, sizeof(buf), (enum program_column_id)i, c);

		if (!text.n && c->row)
			text = BYTES_LIT("-");
		draw_cell(s, col, i, text, style);
		col += program_columns[i].width + 1u;
	}
}

void programs_titles(struct surface *s, const struct ui_state *ui)
{
	const struct programs_view *v = &ui->programs;
	const char *arrow = v->descending ? (s->ascii ? "v" : "\xe2\x96\xbd") : (s->ascii ? "^" : "\xe2\x96\xb3");
	u32 col = 0;

	if (!s->rows)
		return;
	surface_clear(s, STYLE_HEADER);
	for (u32 i = 0; i < PROG_COLS && col < s->cols; i = next_column(v, i)) {
		const struct program_column *c = &program_columns[i];
		struct bytes title = {(const unsigned char *)c->title, strlen(c->title)};

		draw_cell(s, col, i, title, i == v->sort ? STYLE_HEADER_SORT : STYLE_HEADER);
		if (i == v->sort)	/* in the gap, or behind a short word */
			surface_str(s, 0, col + (c->words ? (u32)title.n : c->width), arrow, STYLE_HEADER_SORT);
		col += c->width + 1u;
	}
}

/* The mark stands in the gap behind the number. */
static void draw_tag(struct surface *row, bool cursor)
{
	if (!cursor)
		surface_style(row, 0, 0, row->cols, STYLE_TAGGED);
	surface_str(row, 0, program_columns[PROG_COL_ID].width, "*", cursor ? STYLE_CURSOR : STYLE_TAGGED);
}

void programs_body(struct surface *body, const struct ui_state *ui, const struct frame *f)
{
	const struct programs_view *v = &ui->programs;
	u32 lines = body->rows > 1 ? body->rows - 1 : body->rows;
	struct program_cell cell = {.model = f->model};
	struct surface row;

	surface_clear(body, STYLE_TEXT);
	if (!v->n)
		surface_str(body, 0, 0, f->model->programs.table ? "no program matches" : "BPF programs cannot be seen",
			    STYLE_DIM);
	for (u32 i = 0; i < lines && v->top + i < v->n; i++) {
		u32 line = v->top + i;

		cell.row = &f->model->programs.row[f->model->programs.order[line]];
		row = surface_part(body, i, 0, 1, body->cols);
		draw_line(&row, ui, &cell, line == v->line ? STYLE_CURSOR : cell.row->own ? STYLE_DIM : STYLE_TEXT);
		if (programs_tagged(ui, program_id(cell.row->rec)))
			draw_tag(&row, line == v->line);
	}
	cell.row = NULL;
	row = surface_part(body, lines, 0, body->rows > lines, body->cols);
	if (row.rows && f->model->programs.table)
		draw_line(&row, ui, &cell, STYLE_BOLD);
}
