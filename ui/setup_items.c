/* ui/setup_items.c - what stands in the panels of the setup screen, and what is
 * done to it: every change is one of ui->settings. */
#include "ui/header.h"
#include "ui/setup_impl.h"

#include <stddef.h>

/* ---- lists that items are moved in ---- */

struct list {
	char *at;
	u32 size, n, most, least;
};

static struct tab_setting *tab_of(struct ui_state *ui)
{
	return &ui->settings.tab[MIN(ui->setup.cursor[1], ui->settings.ntab - 1)];
}

/* The list behind a panel; false when its items stay where they are. */
static bool list_of(struct ui_state *ui, const struct panel *p, struct list *l)
{
	struct settings *s = &ui->settings;
	struct meter_column *c = &s->meters[p->kind == PANEL_METERS ? p->at - 1 : 0];
	struct column_list *columns_of = &tab_of(ui)->columns;

	if (p->kind == PANEL_METERS)
		*l = (struct list){(char *)c->meter, sizeof(c->meter[0]), c->n, SETTINGS_METERS, 0};
	else if (p->kind == PANEL_TABS)
		*l = (struct list){(char *)s->tab, sizeof(s->tab[0]), s->ntab, SETTINGS_TABS, 1};
	else if (p->kind == PANEL_COLUMNS)
		*l = (struct list){(char *)columns_of->id, 1, columns_of->n, COLUMNS_MAX, 1};
	else
		return false;
	return true;
}

static void list_resize(struct ui_state *ui, const struct panel *p, u32 n)
{
	if (p->kind == PANEL_METERS)
		ui->settings.meters[p->at - 1].n = n;
	else if (p->kind == PANEL_TABS)
		ui->settings.ntab = n;
	else
		tab_of(ui)->columns.n = (u8)n;
}

static bool insert(struct ui_state *ui, const struct panel *p, u32 at, const void *item)
{
	struct list l;

	if (!list_of(ui, p, &l) || l.n == l.most)
		return false;
	at = MIN(at, l.n);
	memmove(l.at + (at + 1) * l.size, l.at + at * l.size, (l.n - at) * l.size);
	memcpy(l.at + at * l.size, item, l.size);
	list_resize(ui, p, l.n + 1);
	return true;
}

static bool take_out(struct ui_state *ui, const struct panel *p, u32 at)
{
	struct list l;

	if (!list_of(ui, p, &l) || at >= l.n || l.n <= l.least)
		return false;
	memmove(l.at + at * l.size, l.at + (at + 1) * l.size, (l.n - at - 1) * l.size);
	list_resize(ui, p, l.n - 1);
	return true;
}

static bool swap(struct ui_state *ui, const struct panel *p, u32 a, u32 b)
{
	struct list l;

	if (!list_of(ui, p, &l) || a >= l.n || b >= l.n)
		return false;
	for (u32 i = 0; i < l.size; i++) {
		char c = l.at[a * l.size + i];

		l.at[a * l.size + i] = l.at[b * l.size + i];
		l.at[b * l.size + i] = c;
	}
	return true;
}

/* ---- panels ---- */

static u32 layout_columns(const struct settings *s)
{
	u32 n = 0;

	while (n < HEADER_COLUMNS && header_layout_share[s->layout][n])
		n++;
	return n;
}

static u32 words_in(const struct setting *row)
{
	u32 n = 0;

	while (setting_word(row, n).n)
		n++;
	return n;
}

static const struct setting *theme_row(void)
{
	return setting_find("theme", 5);
}

const struct setting *setup_option(u32 i)
{
	for (u32 k = 0; k < settings_count; k++) {
		const struct setting *row = &settings_table[k];

		if (row->kind > SETTING_CHOICE || row->at == offsetof(struct settings, layout) ||
		    row->at == offsetof(struct settings, theme))
			continue;
		if (!i--)
			return row;
	}
	return NULL;
}

static u32 count(const struct ui_state *ui, const struct panel *p)
{
	u32 n = 0;

	switch ((enum panel_kind)p->kind) {
	case PANEL_CATEGORIES:
		return SETUP_CATEGORIES;
	case PANEL_OPTIONS:
		while (setup_option(n))
			n++;
		return n;
	case PANEL_LAYOUTS:
		return LAYOUT_N;
	case PANEL_METERS:
		return ui->settings.meters[p->at - 1].n;
	case PANEL_METERS_FREE:
		return meter_count;
	case PANEL_TABS:
		return ui->settings.ntab;
	case PANEL_COLUMNS:
		return ui->settings.tab[MIN(ui->setup.cursor[1], ui->settings.ntab - 1)].columns.n;
	case PANEL_COLUMNS_FREE:
		return COL_N;
	case PANEL_THEMES:
		return words_in(theme_row());
	case PANEL_KINDS:
		break;
	}
	return 0;
}

u32 setup_panels(const struct ui_state *ui, struct panel out[static SETUP_PANELS])
{
	static const u8 kinds[SETUP_CATEGORIES][3] = {
		[SETUP_DISPLAY] = {PANEL_OPTIONS}, [SETUP_LAYOUT] = {PANEL_LAYOUTS},
		[SETUP_METERS] = {PANEL_METERS_FREE},
		[SETUP_TABS] = {PANEL_TABS, PANEL_COLUMNS, PANEL_COLUMNS_FREE},
		[SETUP_COLORS] = {PANEL_THEMES},
	};
	u32 n = 1;

	out[0] = (struct panel){.kind = PANEL_CATEGORIES};
	for (u32 i = 0; ui->setup.category == SETUP_METERS && i < layout_columns(&ui->settings); i++)
		out[n++].kind = PANEL_METERS;
	for (u32 i = 0; i < 3 && kinds[ui->setup.category][i]; i++)
		out[n++].kind = kinds[ui->setup.category][i];
	for (u32 i = 0; i < n; i++) {
		out[i].at = (u8)i;
		out[i].n = count(ui, &out[i]);
	}
	return n;
}

/* ---- as text ---- */

static void put_mark(struct out *o, bool on)
{
	out_str(o, on ? "(*) " : "( ) ");
}

static void put_option(const struct ui_state *ui, const struct setting *row, struct out *o)
{
	const char *at = (const char *)&ui->settings + row->at;
	struct bytes word;
	u64 number = 0;

	out_char(o, '[');
	if (row->kind == SETTING_BOOL) {
		out_char(o, *at ? 'x' : ' ');
	} else if (row->kind == SETTING_CHOICE) {
		word = setting_word(row, *(const u8 *)at);
		out_bytes(o, (const char *)word.p, word.n);
	} else if (row->kind == SETTING_TIME) {
		memcpy(&number, at, sizeof(u64));
		out_u64(o, number / NSEC_PER_MSEC);
		out_str(o, " ms");
	} else {
		memcpy(&number, at, sizeof(u32));
		out_u64(o, (u32)number);
	}
	out_str(o, "] ");
	out_str(o, row->help);
}

static void put_layout(u32 layout, struct out *o)
{
	const u8 *share = header_layout_share[layout];
	u32 n = 0;

	while (n < HEADER_COLUMNS && share[n])
		n++;
	out_u64(o, n);
	out_str(o, n == 1 ? " column " : " columns");
	for (u32 i = 0; i < n; i++) {
		out_char(o, i ? '/' : ' ');
		out_u64(o, share[i]);
	}
}

static void put_padded(struct out *o, const char *text, size_t width)
{
	size_t n = strlen(text);

	out_bytes(o, text, n);
	out_pad(o, ' ', n < width ? width - n : 1);
}

static void put_meter(const struct meter_setting *m, struct out *o)
{
	u32 cpu;
	const struct meter *row = meter_find(m->name, &cpu);

	out_bytes(o, m->name, strnlen(m->name, sizeof(m->name)));
	out_str(o, " [");
	out_str(o, row ? meter_mode_name[meter_mode_of(row, m->mode)] : "not known");
	out_char(o, ']');
}

void setup_item(const struct ui_state *ui, const struct panel *p, u32 i, struct out *o)
{
	static const char *const categories[SETUP_CATEGORIES] = {
		"Display options", "Header layout", "Meters", "Screens", "Colors",
	};
	const struct settings *s = &ui->settings;
	struct bytes word;

	switch ((enum panel_kind)p->kind) {
	case PANEL_CATEGORIES:
		out_str(o, categories[i]);
		break;
	case PANEL_OPTIONS:
		put_option(ui, setup_option(i), o);
		break;
	case PANEL_LAYOUTS:
		put_mark(o, i == s->layout);
		put_layout(i, o);
		break;
	case PANEL_METERS:
		put_meter(&s->meters[p->at - 1].meter[i], o);
		break;
	case PANEL_METERS_FREE:
		put_padded(o, meters[i].name, SETTINGS_NAME);
		out_str(o, meters[i].help);
		break;
	case PANEL_TABS:
		out_bytes(o, s->tab[i].name, strnlen(s->tab[i].name, SETTINGS_NAME));
		break;
	case PANEL_COLUMNS:
		out_str(o, columns[s->tab[MIN(ui->setup.cursor[1], s->ntab - 1)].columns.id[i]].title);
		break;
	case PANEL_COLUMNS_FREE:
		put_padded(o, columns[i].title, 12);
		out_str(o, columns[i].help);
		break;
	case PANEL_THEMES:
		put_mark(o, i == ui->setup.theme);
		word = setting_word(theme_row(), i);
		out_bytes(o, (const char *)word.p, word.n);
		break;
	case PANEL_KINDS:
		break;
	}
}

/* ---- settings of one value ---- */

static void set_number(struct ui_state *ui, const struct setting *row, u64 v)
{
	char *at = (char *)&ui->settings + row->at;
	u64 wide;
	u32 narrow;

	v = MAX(MIN(v, (u64)row->most), (u64)row->least);
	wide = v * NSEC_PER_MSEC;
	narrow = (u32)v;
	memcpy(at, row->kind == SETTING_TIME ? (void *)&wide : (void *)&narrow,
	       row->kind == SETTING_TIME ? sizeof(wide) : sizeof(narrow));
	ui_state_apply(ui);
}

void setup_number(struct ui_state *ui, const struct setting *row, const char *digits)
{
	u64 v = 0;

	if (!*digits)
		return;
	for (; *digits >= '0' && *digits <= '9'; digits++)
		v = MIN(v * 10 + (u64)(*digits - '0'), (u64)UINT32_MAX);
	set_number(ui, row, v);
}

/* On and off, the next or the last choice, so much more or less. */
static bool change_option(struct ui_state *ui, const struct setting *row, s32 by)
{
	char *at = (char *)&ui->settings + row->at;
	u32 words = row->kind == SETTING_CHOICE ? words_in(row) : 0, step = 1, number;
	u64 time;

	if (row->kind == SETTING_BOOL) {
		*(bool *)at = !*(bool *)at;
	} else if (words) {
		*(u8 *)at = (u8)((*(u8 *)at + words + (u32)by) % words);
	} else {
		memcpy(&time, at, row->kind == SETTING_TIME ? sizeof(time) : 0);
		memcpy(&number, at, sizeof(number));
		if (row->kind == SETTING_TIME) {
			number = (u32)(time / NSEC_PER_MSEC);
			step = 100;
		}
		set_number(ui, row, (u64)MAX((s64)number + by * (s64)step, 0));
	}
	ui_state_apply(ui);
	return true;
}

/* Meters of columns that are no more go to the last one. */
static bool choose_layout(struct ui_state *ui, u32 layout, u32 ncpu)
{
	struct settings *s = &ui->settings;
	u32 last;

	header_settle(s, ncpu);
	s->layout = (u8)layout;
	last = layout_columns(s) - 1;
	for (u32 i = last + 1; i < HEADER_COLUMNS; i++) {
		struct panel to = {.kind = PANEL_METERS, .at = (u8)(last + 1)};

		for (u32 k = 0; k < s->meters[i].n; k++)
			(void)!insert(ui, &to, s->meters[last].n, &s->meters[i].meter[k]);
		s->meters[i].n = 0;
	}
	return true;
}

/* ---- meters, tabs, columns ---- */

static bool next_style(struct meter_setting *m)
{
	u32 cpu;
	const struct meter *row = meter_find(m->name, &cpu);
	u32 mode;

	if (!row)
		return false;
	mode = meter_mode_of(row, m->mode);
	do
		mode = mode + 1 < METER_MODES ? mode + 1 : METER_BAR;
	while (!(row->modes & METER_BIT(mode)));
	m->mode = (u8)mode;
	return true;
}

static bool add_meter(struct ui_state *ui, const struct meter *m, u32 column)
{
	struct panel to = {.kind = PANEL_METERS, .at = (u8)(column + 1)};
	struct meter_setting item = {.mode = m->own};
	u32 n = ui->settings.meters[column].n;

	memcpy(item.name, m->name, sizeof(item.name));
	if (!insert(ui, &to, n, &item))
		return false;
	ui->setup.cursor[to.at] = n;
	return true;
}

static bool add_tab(struct ui_state *ui, const struct panel *p, u32 at)
{
	struct tab_setting t = {.name = "New", .columns = columns_default,
				.sort = {COL_CPU, columns[COL_CPU].big_first},
				.tree_sort = {COL_PID, columns[COL_PID].big_first}};

	if (!insert(ui, p, at + 1, &t))
		return false;
	ui->setup.cursor[p->at] = at + 1;
	ui->tab += ui->tab > at;
	return true;
}

static bool add_column(struct ui_state *ui, u32 id)
{
	struct panel to = {.kind = PANEL_COLUMNS, .at = 2};
	u8 column = (u8)id;

	if (memchr(tab_of(ui)->columns.id, column, tab_of(ui)->columns.n))
		return false;
	return insert(ui, &to, ui->setup.cursor[2], &column);
}

static bool remove_item(struct ui_state *ui, const struct panel *p, u32 at)
{
	if (!take_out(ui, p, at))
		return false;
	if (p->kind == PANEL_TABS && (ui->tab > at || ui->tab == ui->settings.ntab))
		ui->tab--;
	return true;
}

bool setup_carry(struct ui_state *ui, s32 lines, s32 panels)
{
	struct panel panel[SETUP_PANELS], *p;
	u32 n = setup_panels(ui, panel), at, to;
	struct list l;

	p = &panel[ui->setup.focus];
	at = ui->setup.cursor[p->at];
	to = at + (u32)lines;
	if (lines && swap(ui, p, at, to)) {
		if (p->kind == PANEL_TABS && (ui->tab == at || ui->tab == to))
			ui->tab = ui->tab == at ? to : at;
		ui->setup.cursor[p->at] = to;
	} else if (panels && p->at + panels > 0 && (u32)(p->at + panels) < n && p->kind == PANEL_METERS &&
		   p[panels].kind == PANEL_METERS && list_of(ui, p, &l) && at < l.n) {
		to = MIN(at, p[panels].n);
		if (!insert(ui, &p[panels], to, l.at + at * l.size))
			return false;
		(void)!take_out(ui, p, at);
		ui->setup.focus = (u8)(p->at + panels);
		ui->setup.cursor[p->at + panels] = to;
	} else {
		return false;
	}
	ui->setup.settled = false;
	ui_state_apply(ui);
	return true;
}

/* ---- what keys do ---- */

static bool do_meters(struct ui_state *ui, enum setup_op op, const struct panel *p, u32 at)
{
	if (op == SETUP_SPACE || op == SETUP_STYLE)
		return at < p->n && next_style(&ui->settings.meters[p->at - 1].meter[at]);
	if (op == SETUP_LEFT || op == SETUP_RIGHT)
		return setup_carry(ui, 0, op == SETUP_LEFT ? -1 : 1);
	return false;
}

static bool do_free(struct ui_state *ui, enum setup_op op, const struct panel *p, u32 at)
{
	bool left = op == SETUP_LEFT;

	if (p->kind == PANEL_METERS_FREE && (left || op == SETUP_RIGHT || op == SETUP_ENTER))
		return add_meter(ui, &meters[at], left ? 0 : layout_columns(&ui->settings) - 1);
	return p->kind == PANEL_COLUMNS_FREE && (left || op == SETUP_ENTER) && add_column(ui, at);
}

static bool do_one_value(struct ui_state *ui, enum setup_op op, const struct panel *p, u32 at, u32 ncpu)
{
	if (p->kind == PANEL_OPTIONS && op != SETUP_STYLE)
		return change_option(ui, setup_option(at), op == SETUP_UP ? -1 : 1);
	if (op != SETUP_ENTER && op != SETUP_SPACE)
		return false;
	if (p->kind == PANEL_LAYOUTS)
		return choose_layout(ui, at, ncpu);
	ui->setup.theme = ui->settings.theme = (u8)at;
	return true;
}

static bool run(struct ui_state *ui, enum setup_op op, const struct panel *p, u32 ncpu)
{
	u32 at = ui->setup.cursor[p->at];

	switch ((enum panel_kind)p->kind) {
	case PANEL_OPTIONS:
	case PANEL_LAYOUTS:
	case PANEL_THEMES:
		return do_one_value(ui, op, p, at, ncpu);
	case PANEL_METERS_FREE:
	case PANEL_COLUMNS_FREE:
		return do_free(ui, op, p, at);
	case PANEL_METERS:
	case PANEL_TABS:
	case PANEL_COLUMNS:
		if (op == SETUP_REMOVE)
			return remove_item(ui, p, at);
		if (op == SETUP_UP || op == SETUP_DOWN)
			return setup_carry(ui, op == SETUP_UP ? -1 : 1, 0);
		if (p->kind == PANEL_TABS)
			return op == SETUP_LEFT && add_tab(ui, p, at);
		return p->kind == PANEL_METERS && do_meters(ui, op, p, at);
	case PANEL_CATEGORIES:
	case PANEL_KINDS:
		break;
	}
	return false;
}

bool setup_do(struct ui_state *ui, enum setup_op op, u32 ncpu)
{
	struct panel panel[SETUP_PANELS];

	setup_panels(ui, panel);
	if (!run(ui, op, &panel[ui->setup.focus], ncpu))
		return false;
	ui->setup.settled = false;
	ui_state_apply(ui);
	return true;
}
