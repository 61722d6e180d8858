/* ui/graph.h - values over time as a graph of dots: braille, two samples and four
 * steps a cell, or ASCII, one sample and two steps. */
#ifndef UI_GRAPH_H
#define UI_GRAPH_H

#include "ui/cells.h"

/* Samples that fit into as many columns. */
u32 graph_room(u32 cols, bool ascii);

/* One cell of braille: how high its halves are filled from below, 0 to 4; nothing
 * is drawn for nothing. */
void graph_dots(struct surface *s, u32 row, u32 col, u32 left, u32 right, enum style style);

struct graph {
	const u64 *v;		/* n values, the newest last: at the right edge */
	u32 n;
	u64 full;		/* what reaches the top; what is above 0 shows at least a dot */
	u32 rows;		/* of all of it */
	enum style style;
};

/* The rows from one on, as many as s has. */
void graph_draw(struct surface *s, const struct graph *g, u32 from);

#endif
