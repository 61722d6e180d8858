/* ui/menu_impl.h - inside of the menus: what a kind of menu is, and those that
 * ui/menu_sched.c has. */
#ifndef UI_MENU_IMPL_H
#define UI_MENU_IMPL_H

#include "ui/menu.h"

enum { LABEL_ROOM = 24, BOX_COLS = 4 };

/* Before an entry, or behind it: "now", what is in force. */
enum menu_mark { MARK_NONE, MARK_OFF, MARK_ON, MARK_NOW };

typedef struct bytes menu_label_fn(u32 value, char room[static LABEL_ROOM]);
typedef void menu_choose_fn(struct ui_state *ui, const struct frame *f, u32 value);
typedef enum menu_mark menu_mark_fn(const struct ui_state *ui, u32 value);

/* A kind of menu is a row. */
struct menu_kind {
	const char *title;
	u32 cols;		/* with the gap to the table */
	menu_label_fn *label;
	menu_choose_fn *choose;
	menu_mark_fn *mark;	/* NULL: none */
	void (*toggle)(struct ui_state *ui, u32 value);	/* NULL: no boxes */
};

/* An empty one, to be filled. */
void menu_begin(struct ui_state *ui, enum mode mode);
void menu_add(struct menu *menu, u32 value);
void menu_point(struct menu *menu, u32 value);

/* ui/menu_sched.c */
menu_label_fn cpu_label, io_label, policy_label, priority_label;
menu_choose_fn choose_cpus, choose_io, choose_policy, choose_priority;
menu_mark_fn cpu_mark, io_mark, policy_mark, priority_mark;
void toggle_cpu(struct ui_state *ui, u32 cpu);
void toggle_reset(struct ui_state *ui, u32 value);

#endif
