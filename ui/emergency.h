/* ui/emergency.h - memory is running out: who takes it stands on top, what is
 * left of it above, and a key freezes each.  The table is that of processes. */
#ifndef UI_EMERGENCY_H
#define UI_EMERGENCY_H

#include "ui/view.h"

/* Columns, order and filters of the table change places with those of an
 * emergency, which shows everybody; and back. */
void emergency_enter(struct ui_state *ui);
void emergency_leave(struct ui_state *ui);

/* One key: freezes at once who was drawn in that line, 1 to 9; 0: who is under
 * the cursor.  A line that has just become another's does not count. */
void emergency_freeze(struct ui_state *ui, const struct frame *f, u32 line);

enum { EMERGENCY_ROWS = 3, EMERGENCY_COLS = 2 };

/* In the place of the meters: what is left, who waits for it, how ready we are. */
void emergency_header(struct surface *s, const struct ui_state *ui, const struct frame *f);

/* The keys of the first lines, at the left of the table; and who is in them. */
void emergency_keys(struct surface *s, struct ui_state *ui, const struct frame *f);

#endif
