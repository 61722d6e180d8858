/* ui/cells.c - writing into a rectangle of cells without ever leaving it. */
#include "ui/cells.h"

static const struct cell blank = {.utf8 = " ", .len = 1, .width = 1};

static struct cell *cell_at(const struct surface *s, u32 row, u32 col)
{
	return &s->cell[(size_t)row * s->stride + col];
}

static void put_blank(struct cell *c, u16 style)
{
	*c = blank;
	c->style = style;
}

/* Half a wide character cannot be shown: whoever writes [col, end) of a row
 * blanks the halves that would be left on either side. */
static void cut_wide(const struct surface *s, u32 row, u32 col, u32 end)
{
	struct cell *c = cell_at(s, row, 0);

	if (col > 0 && !c[col].len && c[col - 1].width == 2)
		put_blank(&c[col - 1], c[col - 1].style);
	if (end < s->cols && !c[end].len)
		put_blank(&c[end], c[end].style);
}

struct surface surface_part(const struct surface *s, u32 row, u32 col, u32 rows, u32 cols)
{
	struct surface part = *s;

	row = MIN(row, s->rows);
	col = MIN(col, s->cols);
	part.rows = MIN(rows, s->rows - row);
	part.cols = MIN(cols, s->cols - col);
	if (!part.rows || !part.cols)
		part.rows = part.cols = 0;
	else
		part.cell = cell_at(s, row, col);
	return part;
}

void surface_clear(struct surface *s, enum style style)
{
	for (u32 row = 0; row < s->rows; row++)
		surface_fill(s, row, 0, s->cols, ' ', style);
}

void surface_fill(struct surface *s, u32 row, u32 col, u32 n, char c, enum style style)
{
	struct cell fill = blank, *at;

	if (row >= s->rows || col >= s->cols || !n)
		return;
	n = MIN(n, s->cols - col);
	fill.utf8[0] = c >= 0x20 && c < 0x7f ? c : '?';
	fill.style = (u16)style;
	cut_wide(s, row, col, col + n);
	at = cell_at(s, row, col);
	for (u32 i = 0; i < n; i++)
		at[i] = fill;
}

static void put_glyph(const struct surface *s, u32 row, u32 col, const struct glyph *g, u16 style)
{
	struct cell *c = cell_at(s, row, col);

	cut_wide(s, row, col, col + g->width);
	memcpy(c->utf8, g->utf8, sizeof(c->utf8));
	c->len = g->len;
	c->width = g->width;
	c->style = style;
	if (g->width == 2)
		c[1] = (struct cell){.style = style};
}

u32 surface_text(struct surface *s, u32 row, u32 col, u32 max, struct bytes text, enum style style)
{
	u32 used = 0;

	if (row >= s->rows || col >= s->cols)
		return 0;
	max = MIN(max, s->cols - col);
	for (size_t i = 0; i < text.n && used < max;) {
		struct bytes rest = {text.p + i, text.n - i};
		struct glyph g = {.utf8 = {(char)*rest.p}, .len = 1, .width = 1};

		i += text_plain(rest) ? 1 : text_next(rest, s->ascii, &g);
		if (g.width > max - used)
			g = (struct glyph){.utf8 = " ", .len = 1, .width = 1};
		put_glyph(s, row, col + used, &g, (u16)style);
		used += g.width;
	}
	return used;
}

u32 surface_str(struct surface *s, u32 row, u32 col, const char *text, enum style style)
{
	struct bytes b = {(const unsigned char *)text, strlen(text)};

	return surface_text(s, row, col, s->cols, b, style);
}

void surface_style(struct surface *s, u32 row, u32 col, u32 n, enum style style)
{
	if (row >= s->rows || col >= s->cols)
		return;
	n = MIN(n, s->cols - col);
	for (u32 i = 0; i < n; i++)
		cell_at(s, row, col + i)->style = (u16)style;
}
