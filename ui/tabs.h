/* ui/tabs.h - the line of tabs. */
#ifndef UI_TABS_H
#define UI_TABS_H

#include "ui/state.h"

/* Whether there is one. */
bool tabs_shown(const struct ui_state *ui);

/* Into one row, or none. */
void tabs_draw(struct surface *s, const struct ui_state *ui);

/* The tab at a column of the line, UINT32_MAX between them. */
u32 tabs_at(const struct ui_state *ui, u32 col);

/* To a tab, to one so many further; nothing past the last. */
void tabs_go(struct ui_state *ui, u32 tab);
void tabs_step(struct ui_state *ui, s32 by);

#endif
