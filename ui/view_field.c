/* ui/view_field.c - see ui/view_field.h. */
#include "ui/view_field.h"
#include "ui/keybar.h"
#include "ui/meter.h"
#include "ui/setup.h"
#include "ui/view_inspect.h"

static const char search_label[] = " Search: ", filter_label[] = " Filter: ";

bool field_is_search(const struct ui_state *ui)
{
	return ui->mode == MODE_SEARCH || ui->mode == MODE_INSPECT_SEARCH || ui->mode == MODE_PROGRAMS_SEARCH;
}

const char *field_typed(const struct ui_state *ui)
{
	if (setup_mode(ui))
		return ui->setup.text;
	if (inspect_mode(ui))
		return field_is_search(ui) ? ui->inspect.search : ui->inspect.filter;
	return field_is_search(ui) ? ui->search : ui->filter_typed;
}

const char *field_error(const struct ui_state *ui)
{
	return ui->mode == MODE_FILTER || ui->mode == MODE_PROGRAMS_FILTER ? ui->filter_error.why : NULL;
}

/* Where the text lies on the screen. */
struct place {
	u32 col, room;		/* of the part that is in sight */
	size_t first;		/* its first byte */
	size_t cursor;
	struct bytes text;
};

static u32 width(const struct place *p, size_t end, bool ascii)
{
	return text_width((struct bytes){p->text.p + p->first, MIN(end, p->text.n) - p->first}, ascii);
}

/* The cursor stays in sight, and with it what is before it. */
static struct place place_of(const struct ui_state *ui, u32 cols, u32 col)
{
	const char *text = field_typed(ui);
	struct place p = {.col = col + (u32)sizeof(search_label) - 1,
			  .text = {(const unsigned char *)text, strlen(text)}};
	struct glyph g;

	_Static_assert(sizeof(search_label) == sizeof(filter_label), "one width");
	p.room = cols > p.col ? cols - p.col : 0;
	p.cursor = MIN(ui->field_at, p.text.n);
	while (p.first < p.cursor && width(&p, p.cursor, ui->ascii) + 1 > p.room)
		p.first += text_next((struct bytes){p.text.p + p.first, p.text.n - p.first}, ui->ascii, &g);
	return p;
}

u32 field_byte_at(const struct ui_state *ui, u32 cols, u32 col)
{
	struct place p = place_of(ui, cols, keybar_field_col(ui, cols));
	size_t at = p.first;

	while (at < p.text.n) {
		struct glyph g;
		size_t n = text_next((struct bytes){p.text.p + at, p.text.n - at}, ui->ascii, &g);

		if (col < p.col + width(&p, at + n, ui->ascii))
			break;
		at += n;
	}
	return (u32)at;
}

/* Marks the character at a byte of the text; behind the last there is a blank. */
static void mark(struct surface *s, const struct place *p, size_t at, enum style style)
{
	struct glyph g = {.width = 1};

	if (at < p->first)
		return;
	if (at < p->text.n)
		text_next((struct bytes){p->text.p + at, p->text.n - at}, s->ascii, &g);
	surface_style(s, 0, p->col + width(p, at, s->ascii), g.width, style);
}

void field_draw(struct surface *s, u32 col, const struct ui_state *ui)
{
	bool search = field_is_search(ui), error = field_error(ui);
	bool lost = search && (inspect_mode(ui) ? ui->inspect.search_failed : ui->search_failed);
	enum style style = lost || error ? STYLE_FIELD_FAILED : STYLE_FIELD;
	struct place p = place_of(ui, s->cols, col);
	struct pen pen = {s, 0, p.col};

	surface_str(s, 0, col, search ? search_label : filter_label, STYLE_KEY_LABEL);
	surface_fill(s, 0, p.col, p.room, ' ', style);
	pen.col += surface_text(s, 0, p.col, p.room,
				(struct bytes){p.text.p + p.first, p.text.n - p.first}, style);
	if (p.cursor == p.text.n)
		pen_str(&pen, "_", style);
	else
		mark(s, &p, p.cursor, STYLE_HEADER);
	if (lost)		/* a second sign beside the colour */
		pen_str(&pen, "  not found", style);
	if (error)
		mark(s, &p, ui->filter_error.at, STYLE_ERROR);
}

void field_error_draw(struct surface *s, const struct ui_state *ui)
{
	struct place p = place_of(ui, s->cols, keybar_field_col(ui, s->cols));
	const char *why = field_error(ui), *down = s->ascii ? "v" : "\xe2\x96\xbc";
	u32 col = p.col + width(&p, MAX(p.first, ui->filter_error.at), s->ascii), len = (u32)strlen(why);

	col = MIN(col, s->cols - 1);
	surface_str(s, 0, col, down, STYLE_ERROR);
	/* where there is room, so that both can be read */
	surface_str(s, 0, col > len ? col - len - 1 : MIN(col + 2, s->cols - MIN(len, s->cols)), why, STYLE_ERROR);
}
