/* ui/view_detail.h - the page about one process: how it is, how it was, what it
 * belongs to.  It stays when the process ends, with what was known of it. */
#ifndef UI_VIEW_DETAIL_H
#define UI_VIEW_DETAIL_H

#include "ui/view.h"

/* The columns it shows as facts. */
extern const struct column_list detail_facts;

/* Opens it for a task, or for whom the cursor's line is about; who has ended is
 * said to have. */
void detail_open(struct ui_state *ui, const struct frame *f, struct task_id who);
/* Back to the table, with the cursor on the process. */
void detail_close(struct ui_state *ui, const struct frame *f);

/* The line under the cursor, the first line on the screen following it. */
void detail_move(struct ui_state *ui, s64 line, u32 rows);

/* Both by as many lines, so that the cursor keeps its place on the screen. */
void detail_scroll(struct ui_state *ui, s64 lines, u32 rows);

/* Whom the line under the cursor is about; pid 0: nobody. */
struct task_id detail_link(struct ui_state *ui, const struct frame *f, u32 cols);

void detail_draw(struct surface *title, struct surface *body, struct ui_state *ui, const struct frame *f);

#endif
