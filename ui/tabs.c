/* ui/tabs.c - the line of tabs: "  [Main] [I/O] [Programs]".  Those of the
 * processes come first and are the settings', as in htop; one for each other view
 * is behind them. */
#include "ui/tabs.h"
#include "ui/text.h"

enum { FIRST = 2 };		/* column of the first */

/* The view of a tab, the processes' one past the last. */
static enum view view_of(const struct ui_state *ui, u32 tab)
{
	u32 left = tab - ui->settings.ntab;

	if (tab < ui->settings.ntab)
		return VIEW_PROCESSES;
	for (u32 v = VIEW_PROCESSES + 1; v < VIEWS; v++)
		if (ui->views & 1u << v && !left--)
			return (enum view)v;
	return VIEW_PROCESSES;
}

static struct bytes name_of(const struct ui_state *ui, u32 tab)
{
	const char *name = tab < ui->settings.ntab ? ui->settings.tab[tab].name : view_name[view_of(ui, tab)];

	return (struct bytes){(const unsigned char *)name, strlen(name)};
}

static u32 count(const struct ui_state *ui)
{
	return ui->settings.ntab + (u32)__builtin_popcount(ui->views);
}

static u32 current(const struct ui_state *ui)
{
	u32 tab = ui->settings.ntab;

	if (ui->view == VIEW_PROCESSES)
		return ui->tab;
	while (tab < count(ui) && view_of(ui, tab) != ui->view)
		tab++;
	return tab;
}

bool tabs_shown(const struct ui_state *ui)
{
	return ui->settings.show_tabs && count(ui) > 1;
}

void tabs_draw(struct surface *s, const struct ui_state *ui)
{
	u32 col = FIRST;

	for (u32 i = 0; s->rows && i < count(ui); i++) {
		enum style style = i == current(ui) ? STYLE_TAB_ACTIVE : STYLE_TAB;

		col += surface_str(s, 0, col, "[", style);
		col += surface_text(s, 0, col, s->cols, name_of(ui, i), style);
		col += surface_str(s, 0, col, "]", style) + 1;
	}
}

u32 tabs_at(const struct ui_state *ui, u32 col)
{
	u32 from = FIRST;

	for (u32 i = 0; i < count(ui); i++) {
		u32 width = text_width(name_of(ui, i), ui->ascii) + 2;

		if (col >= from && col < from + width)
			return i;
		from += width + 1;
	}
	return UINT32_MAX;
}

void tabs_go(struct ui_state *ui, u32 tab)
{
	if (tab < ui->settings.ntab)
		ui_state_tab(ui, tab);
	else if (tab < count(ui))
		ui_state_view(ui, view_of(ui, tab));
}

void tabs_step(struct ui_state *ui, s32 by)
{
	u32 n = count(ui);

	tabs_go(ui, (current(ui) + n + (u32)by) % n);
}
