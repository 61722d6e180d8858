/* ui/keybar.h - the line of keys at the bottom, what is being typed, and what
 * is in force: PAUSED, FILTER, FOLLOW. */
#ifndef UI_KEYBAR_H
#define UI_KEYBAR_H

#include "ui/keymap.h"

void keybar_draw(struct surface *s, const struct ui_state *ui, const struct frame *f);

/* The row of the key table whose label stands there, or NULL. */
const struct binding *keybar_at(const struct ui_state *ui, u32 col);

/* Where the text being typed has its field. */
u32 keybar_field_col(const struct ui_state *ui, u32 cols);

#endif
