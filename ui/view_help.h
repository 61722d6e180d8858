/* ui/view_help.h - the help screen, made from the key table. */
#ifndef UI_VIEW_HELP_H
#define UI_VIEW_HELP_H

#include "ui/view.h"

void help_draw(struct surface *s, const struct ui_state *ui);

/* Scrolls to a line, or to the nearest that leaves the screen full. */
void help_scroll(struct ui_state *ui, s64 top, u32 rows);

#endif
