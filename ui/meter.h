/* ui/meter.h - one line of the header: a bar, or labels and values. */
#ifndef UI_METER_H
#define UI_METER_H

#include "ui/cells.h"

/* Writes along one row. */
struct pen {
	struct surface *s;
	u32 row, col;
};

void pen_str(struct pen *p, const char *text, enum style style);
void pen_out(struct pen *p, const struct out *text, enum style style);

/* One colour of a bar.  Its character is the second sign, for those without
 * colours. */
struct bar_part {
	u64 value;
	enum style style;
	char c;
};

struct bar {
	const char *label;	/* right-aligned in BAR_LABEL columns */
	const struct bar_part *part;
	u32 parts;
	u64 full;		/* value of a full bar; 0: unknown */
	const char *text;	/* at the right end, inside */
	enum style text_style;
};

enum { BAR_LABEL = 3, BAR_MIN = 12 };	/* BAR_MIN: room for "100.0%" and edges */

/* Over the full width of row 0 of s. */
void bar_draw(struct surface *s, const struct bar *b);

#endif
