/* ui/tabs.c - the line of tabs: "  [Main] [I/O]", as in htop. */
#include "ui/tabs.h"
#include "ui/text.h"

enum { FIRST = 2 };		/* column of the first */

static struct bytes name_of(const struct ui_state *ui, u32 tab)
{
	const char *name = ui->settings.tab[tab].name;

	return (struct bytes){(const unsigned char *)name, strlen(name)};
}

bool tabs_shown(const struct ui_state *ui)
{
	return ui->settings.show_tabs && ui->settings.ntab > 1;
}

void tabs_draw(struct surface *s, const struct ui_state *ui)
{
	u32 col = FIRST;

	for (u32 i = 0; s->rows && i < ui->settings.ntab; i++) {
		enum style style = i == ui->tab ? STYLE_TAB_ACTIVE : STYLE_TAB;

		col += surface_str(s, 0, col, "[", style);
		col += surface_text(s, 0, col, s->cols, name_of(ui, i), style);
		col += surface_str(s, 0, col, "]", style) + 1;
	}
}

u32 tabs_at(const struct ui_state *ui, u32 col)
{
	u32 from = FIRST;

	for (u32 i = 0; i < ui->settings.ntab; i++) {
		u32 width = text_width(name_of(ui, i), ui->ascii) + 2;

		if (col >= from && col < from + width)
			return i;
		from += width + 1;
	}
	return UINT32_MAX;
}
