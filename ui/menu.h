/* ui/menu.h - the panel at the left: a column to sort by, a user to show, a
 * signal to send, CPUs to use. */
#ifndef UI_MENU_H
#define UI_MENU_H

#include "ui/view.h"

enum { MENU_ALL_USERS = UINT32_MAX };

/* Fill the list, point at what is in force, and take the keys. */
void menu_open_sort(struct ui_state *ui);
void menu_open_user(struct ui_state *ui, const struct model *m);
void menu_open_signal(struct ui_state *ui);
/* The menu of ui->deed.kind, about ui->deed.sched. */
void menu_open_sched(struct ui_state *ui);
bool menu_is_open(const struct ui_state *ui);

/* Columns it takes of that many; 0 when no menu is open. */
u32 menu_cols(const struct ui_state *ui, u32 cols);

/* The heading is one row, or none at all. */
void menu_draw(struct surface *title, struct surface *body, struct ui_state *ui);

void menu_move(struct ui_state *ui, s64 entry);

/* Jumps to the first entry that begins with what was typed. */
void menu_type(struct ui_state *ui, u32 key);

/* For entries with a box before them. */
void menu_toggle(struct ui_state *ui);
void menu_tick_all(struct ui_state *ui, bool tick);

/* Does what the entry under the cursor says, and closes. */
void menu_choose(struct ui_state *ui, const struct frame *f);
/* A click on the entry under the cursor: ticks or unticks, else chooses. */
void menu_click(struct ui_state *ui, const struct frame *f);
void menu_close(struct ui_state *ui);

#endif
