/* ui/meter.c - bars and values of the header. */
#include "ui/meter.h"

void pen_str(struct pen *p, const char *text, enum style style)
{
	p->col += surface_str(p->s, p->row, p->col, text, style);
}

void pen_out(struct pen *p, const struct out *text, enum style style)
{
	struct bytes b = {(const unsigned char *)text->buf, text->len};

	p->col += surface_text(p->s, p->row, p->col, p->s->cols, b, style);
}

/* Parts end where the rounded running sum does, so that the length of the whole
 * bar never depends on how it is divided. */
static void draw_parts(struct surface *s, const struct bar *b)
{
	u64 sum = 0;
	u32 from = 0;

	for (u32 i = 0; i < b->parts; i++) {
		u32 end;

		sum = MIN(sum + b->part[i].value, b->full);
		end = (u32)mul_div(sum, s->cols, b->full);
		if (mul_div(sum, (u64)s->cols * 2, b->full) & 1)
			end = MIN(end + 1, s->cols);
		surface_fill(s, 0, from, end - from, b->part[i].c, b->part[i].style);
		from = end;
	}
}

void bar_draw(struct surface *s, const struct bar *b)
{
	u32 label = (u32)strlen(b->label), text = (u32)strlen(b->text);
	struct surface in;

	if (s->cols < BAR_LABEL + 3)
		return;
	surface_str(s, 0, label < BAR_LABEL ? BAR_LABEL - label : 0, b->label, STYLE_LABEL);
	surface_str(s, 0, BAR_LABEL, "[", STYLE_BAR_EDGE);
	surface_str(s, 0, s->cols - 1, "]", STYLE_BAR_EDGE);
	in = surface_part(s, 0, BAR_LABEL + 1, 1, s->cols - BAR_LABEL - 2);
	draw_parts(&in, b);
	if (text <= in.cols)
		surface_str(&in, 0, in.cols - text, b->text, b->text_style);
}
