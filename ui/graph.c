/* ui/graph.c - see ui/graph.h. */
#include "ui/graph.h"

u32 graph_room(u32 cols, bool ascii)
{
	return ascii ? cols : 2 * cols;
}

static u32 height(u64 v, u64 full, u32 steps)
{
	u64 h = full ? mul_div(MIN(v, full), steps, full) : 0;

	return v ? MAX((u32)h, 1u) : 0;
}

/* Of a column of steps, those that lie in a cell with as many above its bottom. */
static u32 within(u32 h, u32 below, u32 steps)
{
	return h > below ? MIN(h - below, steps) : 0;
}

void graph_dots(struct surface *s, u32 row, u32 col, u32 left, u32 right, enum style style)
{
	/* dots from the bottom up, Unicode 16.0, section 21.1 */
	static const u8 dots[2][5] = {{0, 0x40, 0x44, 0x46, 0x47}, {0, 0x80, 0xa0, 0xb0, 0xb8}};
	u8 bits = dots[0][MIN(left, 4u)] | dots[1][MIN(right, 4u)];
	const u8 utf8[] = {0xe2, (u8)(0xa0 | bits >> 6), (u8)(0x80 | (bits & 0x3f))};

	if (bits)
		surface_text(s, row, col, 1, (struct bytes){utf8, sizeof(utf8)}, style);
}

void graph_draw(struct surface *s, const struct graph *g, u32 from)
{
	u32 each = s->ascii ? 1 : 2, steps = s->ascii ? 2 : 4;
	u32 room = graph_room(s->cols, s->ascii), skip = g->n > room ? g->n - room : 0;
	u32 first = room - (g->n - skip);	/* the first place with a sample */

	for (u32 row = 0; row < s->rows && from + row < g->rows; row++) {
		u32 below = (g->rows - 1 - from - row) * steps;

		for (u32 at = first - first % each; at < room; at += each) {
			u32 h[2] = {0};

			for (u32 k = at < first; k < each; k++)
				h[k] = within(height(g->v[skip + at + k - first], g->full, g->rows * steps),
					      below, steps);
			if (!s->ascii)
				graph_dots(s, row, at / each, h[0], h[1], g->style);
			else if (h[0])
				surface_fill(s, row, at, 1, h[0] == 1 ? '.' : ':', g->style);
		}
	}
}
