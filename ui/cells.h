/* ui/cells.h - a rectangle of character cells that views write into. */
#ifndef UI_CELLS_H
#define UI_CELLS_H

#include "ui/style.h"
#include "ui/text.h"

/* 16 bytes, no padding: cells are compared as memory.  A wide character takes
 * two cells; the second has len 0. */
struct cell {
	char utf8[GLYPH_BYTES];
	u8 len;			/* 0: right half of the cell before; a blank is " " */
	u8 width;
	u16 style;		/* enum style */
};

_Static_assert(sizeof(struct cell) == 16, "cells are compared with memcmp");

struct surface {
	u32 cols, rows, stride;
	struct cell *cell;
	bool ascii;		/* nothing but ASCII may be written */
};

/* The part of s that lies in the rectangle; empty where there is nothing. */
struct surface surface_part(const struct surface *s, u32 row, u32 col, u32 rows, u32 cols);

/* Blanks in one style. */
void surface_clear(struct surface *s, enum style style);
void surface_fill(struct surface *s, u32 row, u32 col, u32 n, char c, enum style style);

/* Writes foreign or own text from a position, clipped at the right edge and at
 * max columns; returns the columns used.  A wide character that does not fit
 * becomes a blank. */
u32 surface_text(struct surface *s, u32 row, u32 col, u32 max, struct bytes text, enum style style);
u32 surface_str(struct surface *s, u32 row, u32 col, const char *text, enum style style);

/* Gives n cells another style and leaves their text. */
void surface_style(struct surface *s, u32 row, u32 col, u32 n, enum style style);

#endif
