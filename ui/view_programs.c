/* ui/view_programs.c - see ui/view_programs.h. */
#include "ui/view_programs.h"
#include "ui/action_impl.h"

#include <stdlib.h>

#include "ui/program_columns.h"
#include "ui/view_program.h"

enum {
	FIXED = PROG_COL_NAME + 1,	/* columns that do not scroll away */
	CELL = 512,			/* bytes of the longest text that a cell is made of */
};

bool programs_mode(const struct ui_state *ui)
{
	return ui->mode == MODE_PROGRAMS || ui->mode == MODE_PROGRAMS_FILTER || ui->mode == MODE_PROGRAMS_SEARCH;
}

static struct bytes text_of(char *buf, size_t cap, u32 id, const struct program_cell *c)
{
	struct out o = {.buf = buf, .cap = cap};

	program_columns[id].put(&o, c);
	return (struct bytes){(unsigned char *)buf, o.len};
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
		v->n = program_order(&v->spec, f->model);
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

static u32 columns_n(const struct programs_view *v)
{
	return v->spec.ncolumn ? v->spec.ncolumn : (u32)PROG_COLS_SHOWN;
}

void act_programs_scroll(struct action_context *c)
{
	s64 to = (s64)c->ui->programs.scroll + c->arg;

	c->ui->programs.scroll = (u8)MAX(MIN(to, (s64)columns_n(&c->ui->programs) - FIXED - 1), 0);
}

static void sort_by(struct programs_view *v, u32 column)
{
	if (v->spec.sort == column)
		v->spec.descending = !v->spec.descending;
	else
		v->spec.descending = program_columns[column].big_first;
	v->spec.sort = (u8)column;
	v->stale = true;
}

/* The column beside the one that is sorted by; the first where that is hidden. */
void act_programs_sort(struct action_context *c)
{
	struct programs_view *v = &c->ui->programs;
	u32 n = columns_n(v), at = 0;

	while (at < n && program_column_at(&v->spec, at) != v->spec.sort)
		at++;
	sort_by(v, program_column_at(&v->spec, at < n ? (at + n + (u32)c->arg) % n : 0));
}

void act_programs_invert(struct action_context *c)
{
	sort_by(&c->ui->programs, c->ui->programs.spec.sort);
}

void act_programs_filter(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	memcpy(ui->filter_typed, ui->programs.spec.filter.text, sizeof(ui->filter_typed));
	ui->filter_error.why = NULL;
	field_open(ui, MODE_PROGRAMS_FILTER);
}

bool programs_filter(struct programs_view *v, const char *text, struct parse_error *e)
{
	static struct filter f;

	if (!filter_compile(&f, text, &program_fields, e))
		return false;
	v->spec.filter = f;
	v->stale = true;
	return true;
}

bool programs_search(struct action_context *c, s64 from, s32 step)
{
	const struct programs_view *v = &c->ui->programs;
	s64 n = v->n;

	for (s64 i = 0; i < n; i++) {
		s64 line = ((from + step * i) % n + n) % n;

		if (!program_match(c->f->model, &c->f->model->programs.row[c->f->model->programs.order[line]],
				   c->ui->search))
			continue;
		select_line(c, line);
		return true;
	}
	return false;
}

void act_programs_search(struct action_context *c)
{
	c->ui->search[0] = 0;
	c->ui->search_failed = false;
	field_open(c->ui, MODE_PROGRAMS_SEARCH);
}

void act_programs_next(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	if (!ui->search[0])
		return;
	ui->search_failed = !programs_search(c, (s64)ui->programs.line + c->arg, c->arg);
	if (ui->search_failed && ui->mode == MODE_PROGRAMS)
		ui_state_say(ui, c->f->now_ns, "search: nothing found");
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

/* The place among the columns after this one on the screen. */
static u32 next_column(const struct programs_view *v, u32 i)
{
	return i + 1 == FIXED ? FIXED + v->scroll : i + 1;
}

u32 programs_column_at(const struct ui_state *ui, u32 col)
{
	const struct programs_view *v = &ui->programs;
	u32 at = 0, n = columns_n(v);

	for (u32 i = 0; i < n; i = next_column(v, i)) {
		u32 id = program_column_at(&v->spec, i);

		at += program_columns[id].width + 1u;
		if (col < at || i == n - 1)
			return id;
	}
	return PROG_COLS;
}

static void draw_cell(struct surface *s, u32 col, u32 id, bool last, struct bytes text, enum style style)
{
	const struct program_column *c = &program_columns[id];
	u32 room = last && c->words ? s->cols : c->width, width = text_width(text, s->ascii);

	if (!c->words && width < room)
		col += room - width;
	if (col < s->cols)
		surface_text(s, 0, col, room, text, style);
}

static void draw_line(struct surface *s, const struct ui_state *ui, const struct program_cell *c, enum style style)
{
	const struct programs_view *v = &ui->programs;
	u32 col = 0, n = columns_n(v);
	char buf[CELL];

	surface_clear(s, style);
	for (u32 i = 0; i < n && col < s->cols; i = next_column(v, i)) {
		u32 id = program_column_at(&v->spec, i);
		struct bytes text = text_of(buf, sizeof(buf), id, c);

		if (!text.n && c->row)
			text = BYTES_LIT("-");
		draw_cell(s, col, id, i == n - 1, text, style);
		col += program_columns[id].width + 1u;
	}
}

void programs_titles(struct surface *s, const struct ui_state *ui)
{
	const struct programs_view *v = &ui->programs;
	const char *arrow = v->spec.descending ? (s->ascii ? "v" : "\xe2\x96\xbd") : (s->ascii ? "^" : "\xe2\x96\xb3");
	u32 col = 0, n = columns_n(v);

	if (!s->rows)
		return;
	surface_clear(s, STYLE_HEADER);
	for (u32 i = 0; i < n && col < s->cols; i = next_column(v, i)) {
		u32 id = program_column_at(&v->spec, i);
		const struct program_column *c = &program_columns[id];
		struct bytes title = {(const unsigned char *)c->title, strlen(c->title)};

		draw_cell(s, col, id, i == n - 1, title, id == v->spec.sort ? STYLE_HEADER_SORT : STYLE_HEADER);
		if (id == v->spec.sort)	/* in the gap, or behind a short word */
			surface_str(s, 0, col + (c->words ? (u32)title.n : c->width), arrow, STYLE_HEADER_SORT);
		col += c->width + 1u;
	}
}

/* The mark stands in the gap behind the first column. */
static void draw_tag(struct surface *row, const struct programs_view *v, bool cursor)
{
	if (!cursor)
		surface_style(row, 0, 0, row->cols, STYLE_TAGGED);
	surface_str(row, 0, program_columns[program_column_at(&v->spec, 0)].width, "*", cursor ? STYLE_CURSOR : STYLE_TAGGED);
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
			draw_tag(&row, v, line == v->line);
	}
	cell.row = NULL;
	row = surface_part(body, lines, 0, body->rows > lines, body->cols);
	if (row.rows && f->model->programs.table)
		draw_line(&row, ui, &cell, STYLE_BOLD);
}
