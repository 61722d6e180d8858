/* ui/view_processes.h - the process table. */
#ifndef UI_VIEW_PROCESSES_H
#define UI_VIEW_PROCESSES_H

#include "ui/view.h"

/* Brings the order, the cursor's line and the first line shown in step with
 * the model and the choices, for a body of that many rows.  Cheap when neither
 * changed. */
void processes_sync(struct ui_state *ui, struct frame *f, u32 body_rows);

/* Both after processes_sync() and into blanks; titles is one row. */
void processes_titles(struct surface *titles, const struct ui_state *ui);
void processes_body(struct surface *body, const struct ui_state *ui, const struct frame *f);

/* Puts the cursor on a line, or on the nearest there is. */
void processes_select(struct ui_state *ui, const struct frame *f, s64 line);

/* What a line shows, NULL when there is no such line. */
const struct task_row *processes_row(const struct frame *f, u32 line);

/* The column at a place on the screen, COL_N when there is none. */
enum column_id processes_column_at(const struct ui_state *ui, u32 col);

/* How far to scroll so that the end of the cursor's line is within cols. */
u32 processes_scroll_end(const struct ui_state *ui, const struct frame *f, u32 cols);

#endif
