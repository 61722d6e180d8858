/* ui/columns_draw.h - how values look in a cell of the process table.
 *
 * All draw into a rectangle one row high, in their own style unless the row is
 * selected; numbers stand at the right, text at the left. */
#ifndef UI_COLUMNS_DRAW_H
#define UI_COLUMNS_DRAW_H

#include "ui/columns.h"

void cell_unknown(struct surface *s, const struct cell_context *c);
void cell_no_limit(struct surface *s, const struct cell_context *c);

/* Signed values travel as (u64)(s64)v. */
void cell_number(struct surface *s, const struct cell_context *c, u64 v);
void cell_signed(struct surface *s, const struct cell_context *c, u64 v);
void cell_tally(struct surface *s, const struct cell_context *c, u64 v);
void cell_bytes(struct surface *s, const struct cell_context *c, u64 bytes);
void cell_rate(struct surface *s, const struct cell_context *c, u64 bytes_per_s);
void cell_percent(struct surface *s, const struct cell_context *c, u64 ppm);
void cell_time(struct surface *s, const struct cell_context *c, u64 ns);
void cell_priority(struct surface *s, const struct cell_context *c, u64 v);
void cell_nice(struct surface *s, const struct cell_context *c, u64 v);
/* Unix time: 14:05 within a day, Nov21 within a year, else 2025. */
void cell_start(struct surface *s, const struct cell_context *c, u64 unix_ns);

void cell_text(struct surface *s, const struct cell_context *c, struct bytes text,
	       enum style style);
void cell_state(struct surface *s, const struct cell_context *c, char state);
void cell_user(struct surface *s, const struct cell_context *c, u32 uid);
/* A row's cell in a column; of what has ended most is not known. */
void cell_draw(struct surface *s, const struct cell_context *c, enum column_id id,
	       const struct task_row *r);
void cell_command(struct surface *s, const struct cell_context *c, const struct task_row *r);
/* Columns that all of it takes. */
u32 cell_command_width(const struct cell_context *c, const struct task_row *r, bool ascii);

#endif
