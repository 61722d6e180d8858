/* ui/page.c - see ui/page.h. */
#include "ui/page.h"

struct surface page_lines(struct page *p, u32 n, u32 *cut)
{
	u32 line = p->line, top = p->top;

	p->line += n;
	*cut = line < top ? MIN(top - line, n) : 0;
	return surface_part(p->s, line < top ? 0 : line - top, 0, n - *cut, p->s->cols);
}

struct surface page_line(struct page *p)
{
	u32 cut;

	return page_lines(p, 1, &cut);
}

void page_text(struct page *p, const char *text, enum style style)
{
	struct surface s = page_line(p);

	surface_str(&s, 0, 0, text, style);
}

void page_heading(struct page *p, const char *text)
{
	page_line(p);
	page_text(p, text, STYLE_LABEL);
}

void page_wrapped(struct page *p, struct bytes text, enum style style)
{
	do {
		struct surface s = page_line(p);
		u32 cols = p->s->cols, col = 0;

		while (text.n) {
			struct glyph g = {.utf8 = " ", .len = 1, .width = 1};
			size_t n = *text.p ? text_next(text, p->s->ascii, &g) : 1;

			if (col && col + g.width > cols)
				break;
			surface_text(&s, 0, col, g.width, (struct bytes){(const u8 *)g.utf8, g.len}, style);
			col += g.width;
			text.p += n;
			text.n -= n;
		}
	} while (text.n);
}
