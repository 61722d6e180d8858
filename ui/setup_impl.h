/* ui/setup_impl.h - inside of the setup screen: its panels, and what is in them. */
#ifndef UI_SETUP_IMPL_H
#define UI_SETUP_IMPL_H

#include "ui/setup.h"

enum setup_category { SETUP_DISPLAY, SETUP_LAYOUT, SETUP_METERS, SETUP_TABS, SETUP_COLORS, SETUP_CATEGORIES };

enum panel_kind {
	PANEL_CATEGORIES, PANEL_OPTIONS, PANEL_LAYOUTS, PANEL_METERS, PANEL_METERS_FREE, PANEL_TABS,
	PANEL_COLUMNS, PANEL_COLUMNS_FREE, PANEL_THEMES, PANEL_KINDS
};

struct panel {
	u8 kind;		/* enum panel_kind */
	u8 at;			/* its place among the panels; of meters, the column is at - 1 */
	u32 n;			/* items */
};

/* The panels of the category, the categories themselves first. */
u32 setup_panels(const struct ui_state *ui, struct panel out[static SETUP_PANELS]);

/* An item as text. */
void setup_item(const struct ui_state *ui, const struct panel *p, u32 i, struct out *out);

/* Does it to the item under the cursor; false when it cannot be done. */
bool setup_do(struct ui_state *ui, enum setup_op op, u32 ncpu);

/* A setting that the display options show: the i-th, NULL past the last. */
const struct setting *setup_option(u32 i);

/* Sets a number from its digits, within its bounds. */
void setup_number(struct ui_state *ui, const struct setting *row, const char *digits);

/* Carries the item under the cursor: lines down, and panels to the right. */
bool setup_carry(struct ui_state *ui, s32 lines, s32 panels);

#endif
