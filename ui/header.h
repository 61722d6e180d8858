/* ui/header.h - the meters on top. */
#ifndef UI_HEADER_H
#define UI_HEADER_H

#include "ui/view.h"

/* How many rows it takes of at most that many; it never takes more. */
u32 header_rows(const struct model *m, u32 cols, u32 most);

/* Draws into s, as many rows high as header_rows() said. */
void header_draw(struct surface *s, const struct frame *f);

/* What pitstop itself costs, as it fits into the columns from col of a row. */
void header_cost(struct surface *s, u32 row, u32 col, const struct frame *f);

/* Columns that header_cost() likes to have. */
enum { COST_COLS = 39 };

#endif
