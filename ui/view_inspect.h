/* ui/view_inspect.h - a list about one process, in the place of the table: its
 * environment, open files, locks, command line. */
#ifndef UI_VIEW_INSPECT_H
#define UI_VIEW_INSPECT_H

#include "ui/view.h"

/* In a mode that shows such a list, typing into its search or filter included. */
bool inspect_mode(const struct ui_state *ui);

/* Wishes for the list of the process under the cursor; the session opens it. */
void inspect_begin(struct ui_state *ui, const struct frame *f, enum inspect_kind kind);
void inspect_end(struct ui_state *ui);

/* Lines from there on; ends at the last page. */
void inspect_scroll(struct ui_state *ui, const struct frame *f, s64 top, u32 rows);

/* Goes to the first line from there on, upwards or down, that has what is
 * searched for, going round once. */
void inspect_search(struct ui_state *ui, const struct frame *f, s64 from, s32 step, u32 rows);

void inspect_draw(struct surface *title, struct surface *body, struct ui_state *ui,
		  const struct frame *f);

#endif
