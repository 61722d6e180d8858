/* ui/setup.c - the setup screen: panels side by side, and the keys in them. */
#include "ui/action_impl.h"
#include "ui/header.h"
#include "ui/setup_impl.h"

enum { ITEM_ROOM = 192, CATEGORIES_COLS = 17, TABS_COLS = 16, COLUMNS_COLS = 16, METERS_LEAST = 20 };

bool setup_mode(const struct ui_state *ui)
{
	return ui->mode == MODE_SETUP || ui->mode == MODE_SETUP_TEXT;
}

/* ---- what keys are called ---- */

#define OP(op)	(1u << (op))

/* Which operations a panel has. */
static const u16 panel_ops[PANEL_KINDS] = {
	[PANEL_CATEGORIES] = 0,
	[PANEL_OPTIONS] = OP(SETUP_ENTER) | OP(SETUP_UP) | OP(SETUP_DOWN),
	[PANEL_LAYOUTS] = OP(SETUP_ENTER),
	[PANEL_METERS] = OP(SETUP_ENTER) | OP(SETUP_STYLE) | OP(SETUP_LEFT) | OP(SETUP_RIGHT) |
			 OP(SETUP_UP) | OP(SETUP_DOWN) | OP(SETUP_REMOVE),
	[PANEL_METERS_FREE] = OP(SETUP_LEFT) | OP(SETUP_RIGHT),
	[PANEL_TABS] = OP(SETUP_ENTER) | OP(SETUP_RENAME) | OP(SETUP_LEFT) | OP(SETUP_UP) |
		       OP(SETUP_DOWN) | OP(SETUP_REMOVE),
	[PANEL_COLUMNS] = OP(SETUP_ENTER) | OP(SETUP_UP) | OP(SETUP_DOWN) | OP(SETUP_REMOVE),
	[PANEL_COLUMNS_FREE] = OP(SETUP_LEFT),
	[PANEL_THEMES] = OP(SETUP_ENTER),
};

const char *setup_label(const struct ui_state *ui, enum setup_op op)
{
	static const char *const names[SETUP_OPS] = {
		[SETUP_ENTER] = "Choose", [SETUP_RENAME] = "Rename", [SETUP_STYLE] = "Style",
		[SETUP_LEFT] = "Left", [SETUP_RIGHT] = "Right", [SETUP_UP] = "Up",
		[SETUP_DOWN] = "Down", [SETUP_REMOVE] = "Delete", [SETUP_LEAVE] = "Done",
	};
	struct panel panel[SETUP_PANELS];
	u8 kind;

	setup_panels(ui, panel);
	kind = panel[ui->setup.focus].kind;
	if (op != SETUP_LEAVE && !(panel_ops[kind] & OP(op)))
		return NULL;
	if (kind == PANEL_OPTIONS && (op == SETUP_UP || op == SETUP_DOWN))
		return op == SETUP_UP ? "Less" : "More";
	if (op == SETUP_ENTER && panel_ops[kind] & OP(SETUP_REMOVE))
		return ui->setup.moving ? "Drop" : "Move";
	if (op == SETUP_LEFT && kind != PANEL_METERS && kind != PANEL_METERS_FREE)
		return kind == PANEL_TABS ? "New" : "Add";
	return names[op];
}

/* ---- where panels are ---- */

static u32 wish(u8 kind, u32 n, u32 cols)
{
	if (kind == PANEL_CATEGORIES)
		return CATEGORIES_COLS;
	if (kind == PANEL_METERS)
		return MAX((cols - MIN(cols, (u32)CATEGORIES_COLS)) / n, (u32)METERS_LEAST);
	if (kind == PANEL_TABS)
		return TABS_COLS;
	return kind == PANEL_COLUMNS ? COLUMNS_COLS : METERS_LEAST;
}

/* Columns [x, x + width) of each panel, width 0: not on the screen.  The one with
 * the keys is, and as many as fit, those at its left first; the last of them
 * takes what is left. */
struct place {
	u32 x, width;
};

static u32 place_panels(const struct ui_state *ui, u32 cols, struct panel panel[static SETUP_PANELS],
			struct place at[static SETUP_PANELS])
{
	u32 n = setup_panels(ui, panel), first = ui->setup.focus, sum, x = 0, last = first;

	memset(at, 0, SETUP_PANELS * sizeof(*at));
	sum = wish(panel[first].kind, n, cols);
	while (first && sum + wish(panel[first - 1].kind, n, cols) <= cols)
		sum += wish(panel[--first].kind, n, cols);
	for (u32 i = first; i < n && x < cols; i++) {
		u32 want = wish(panel[i].kind, n, cols), width = MIN(want, cols - x);

		if (i > ui->setup.focus && width < MIN(want, (u32)METERS_LEAST))
			break;
		at[i] = (struct place){x, width};
		x += width;
		last = i;
	}
	at[last].width = cols - at[last].x;
	return n;
}

/* ---- drawing ---- */

static void draw_title(struct surface *s, const struct ui_state *ui, const struct panel *p)
{
	static const char *const titles[PANEL_KINDS] = {
		[PANEL_CATEGORIES] = "Setup", [PANEL_OPTIONS] = "Display options",
		[PANEL_LAYOUTS] = "Header layout", [PANEL_METERS] = "Column ",
		[PANEL_METERS_FREE] = "Available meters", [PANEL_TABS] = "Screens",
		[PANEL_COLUMNS] = "Active columns", [PANEL_COLUMNS_FREE] = "Available columns",
		[PANEL_THEMES] = "Colors",
	};
	enum style style = p->at == ui->setup.focus ? STYLE_HEADER_SORT : STYLE_HEADER;
	char number[2] = {(char)('0' + p->at), 0};
	u32 col;

	if (!s->rows)
		return;
	surface_fill(s, 0, 0, s->cols, ' ', style);
	col = surface_str(s, 0, 0, titles[p->kind], style);
	if (p->kind == PANEL_METERS)
		surface_str(s, 0, col, number, style);
}

static void draw_item(struct surface *s, u32 row, const struct ui_state *ui, const struct panel *p, u32 i)
{
	bool here = i == ui->setup.cursor[p->at], focus = p->at == ui->setup.focus;
	bool typing = here && focus && ui->mode == MODE_SETUP_TEXT;
	enum style style = !here ? STYLE_TEXT : !focus ? STYLE_CURSOR_IDLE
			   : ui->setup.moving ? STYLE_CURSOR_FOLLOW : STYLE_CURSOR;
	char room[ITEM_ROOM];
	struct out o = {.buf = room, .cap = sizeof(room)};

	if (here && focus && ui->setup.moving)
		out_str(&o, "> ");	/* for those without colours */
	if (typing) {
		style = STYLE_FIELD;
		out_str(&o, ui->setup.text);
	} else {
		setup_item(ui, p, i, &o);
	}
	surface_fill(s, row, 0, s->cols, ' ', style);
	surface_text(s, row, 0, s->cols, (struct bytes){(const u8 *)room, o.len}, style);
	if (typing)
		surface_style(s, row, text_width((struct bytes){(const u8 *)room, MIN(o.len, ui->field_at)},
						 s->ascii), 1, STYLE_CURSOR);
}

static void draw_panel(struct surface *s, struct ui_state *ui, const struct panel *p)
{
	u32 *top = &ui->setup.top[p->at], *cursor = &ui->setup.cursor[p->at];

	*cursor = MIN(*cursor, p->n ? p->n - 1 : 0);
	*top = MIN(*top, *cursor);
	if (*cursor - *top >= s->rows)
		*top = *cursor - s->rows + 1;
	if (p->n >= s->rows)
		*top = MIN(*top, p->n - s->rows);
	for (u32 i = 0; i < s->rows && *top + i < p->n; i++)
		draw_item(s, i, ui, p, *top + i);
}

void setup_draw(struct surface *titles, struct surface *body, struct ui_state *ui)
{
	struct panel panel[SETUP_PANELS];
	struct place at[SETUP_PANELS];
	u32 n = place_panels(ui, body->cols, panel, at);

	surface_clear(body, STYLE_TEXT);
	for (u32 i = 0; i < n && body->rows; i++) {
		bool gap = at[i].x + at[i].width < body->cols;
		struct surface s = surface_part(titles, 0, at[i].x, 1, at[i].width);

		if (!at[i].width)
			continue;
		draw_title(&s, ui, &panel[i]);
		s = surface_part(body, 0, at[i].x, body->rows, at[i].width - gap);
		draw_panel(&s, ui, &panel[i]);
	}
}

/* ---- moving about ---- */

static u32 *cursor_of(struct ui_state *ui)
{
	return &ui->setup.cursor[ui->setup.focus];
}

/* What has been looked at only is as it was. */
static void unsettle(struct ui_state *ui)
{
	for (u32 i = 0; i < HEADER_COLUMNS && ui->setup.settled; i++)
		ui->settings.meters[i].n = 0;
	ui->setup.settled = false;
}

static void enter_category(struct ui_state *ui, const struct frame *f, u32 category)
{
	unsettle(ui);
	memset(ui->setup.cursor + 1, 0, sizeof(ui->setup.cursor) - sizeof(ui->setup.cursor[0]));
	ui->setup.category = (u8)category;
	if (category == SETUP_METERS) {
		ui->setup.settled = header_is_auto(&ui->settings);
		header_settle(&ui->settings, f->model->ncpu);
	}
	if (category == SETUP_LAYOUT)
		ui->setup.cursor[1] = ui->settings.layout;
	if (category == SETUP_COLORS)
		ui->setup.cursor[1] = ui->setup.theme;
	if (category == SETUP_TABS)
		ui->setup.cursor[1] = ui->tab;
}

/* The theme under the cursor is shown while its panel has the keys. */
static void preview(struct ui_state *ui)
{
	bool themes = ui->setup.category == SETUP_COLORS && ui->setup.focus == 1;
	u8 theme = themes ? (u8)ui->setup.cursor[1] : ui->setup.theme;

	ui->restyle |= theme != ui->settings.theme;
	ui->settings.theme = theme;
}

static void move_to(struct action_context *c, s64 line)
{
	struct panel panel[SETUP_PANELS];
	struct ui_state *ui = c->ui;
	u32 focus = ui->setup.focus;

	setup_panels(ui, panel);
	line = MAX(MIN(line, (s64)panel[focus].n - 1), 0);
	if (focus && *cursor_of(ui) != line && panel[focus].kind == PANEL_TABS)
		ui->setup.cursor[2] = 0;
	*cursor_of(ui) = (u32)line;
	if (!focus)
		enter_category(ui, c->f, (u32)line);
	preview(ui);
}

static void focus_on(struct ui_state *ui, u32 panel_at)
{
	ui->setup.focus = (u8)panel_at;
	ui->setup.moving = false;
	preview(ui);
}

void act_setup_open(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	ui_state_settings(ui, &ui->settings);
	ui->setup = (struct setup_view){.theme = ui->settings.theme};
	ui->mode = MODE_SETUP;
}

void act_setup_move(struct action_context *c)
{
	if (!c->ui->setup.moving)
		move_to(c, (s64)*cursor_of(c->ui) + c->arg);
	else
		(void)!setup_carry(c->ui, c->arg, 0);
}

void act_setup_page(struct action_context *c)
{
	move_to(c, (s64)*cursor_of(c->ui) + (s64)c->arg * MAX(c->at->body_rows - 1, 1u));
}

void act_setup_edge(struct action_context *c)
{
	move_to(c, c->arg < 0 ? 0 : INT32_MAX);
}

void act_setup_side(struct action_context *c)
{
	struct panel panel[SETUP_PANELS];
	struct ui_state *ui = c->ui;
	s64 to = (s64)ui->setup.focus + c->arg;

	if (ui->setup.moving) {
		(void)!setup_carry(ui, 0, c->arg);
		return;
	}
	if (to >= 0 && to < setup_panels(ui, panel))
		focus_on(ui, (u32)to);
}

/* ---- typing ---- */

static void type(struct ui_state *ui, const char *text)
{
	size_t n = strnlen(text, sizeof(ui->setup.text) - 1);

	memcpy(ui->setup.text, text, n);
	ui->setup.text[n] = 0;
	field_open(ui, MODE_SETUP_TEXT);
}

/* The setting of a number under the cursor, or NULL. */
static const struct setting *number_here(const struct ui_state *ui)
{
	const struct setting *row = ui->setup.category == SETUP_DISPLAY && ui->setup.focus == 1 ?
				    setup_option(ui->setup.cursor[1]) : NULL;

	return row && (row->kind == SETTING_TIME || row->kind == SETTING_NUMBER) ? row : NULL;
}

void setup_typed(struct ui_state *ui, bool take)
{
	const struct setting *row = number_here(ui);
	char *name = ui->settings.tab[MIN(ui->setup.cursor[1], ui->settings.ntab - 1)].name;
	size_t n = strlen(ui->setup.text);

	ui->mode = MODE_SETUP;
	if (!take || !n)
		return;
	if (row) {
		setup_number(ui, row, ui->setup.text);
		return;
	}
	/* cut between characters */
	n = MIN(n, (size_t)SETTINGS_NAME - 1);
	while (n && ((u8)ui->setup.text[n] & 0xc0) == 0x80)
		n--;
	memset(name, 0, SETTINGS_NAME);
	memcpy(name, ui->setup.text, n);
}

void act_setup_digit(struct action_context *c)
{
	char digit[2] = {(char)c->key, 0};

	if (number_here(c->ui))
		type(c->ui, digit);
}

/* ---- doing ---- */

static void leave(struct ui_state *ui)
{
	unsettle(ui);
	ui->setup.focus = 0;
	preview(ui);
	ui->mode = MODE_NORMAL;
}

/* What Enter and Esc do whatever is in the panel; true: that was it. */
static bool common_op(struct ui_state *ui, enum setup_op op, u8 kind, u32 n)
{
	bool movable = panel_ops[kind] & OP(SETUP_REMOVE);

	if (op == SETUP_LEAVE && ui->setup.moving) {
		ui->setup.moving = false;
	} else if (op == SETUP_LEAVE) {
		leave(ui);
	} else if (kind == PANEL_CATEGORIES) {
		if (op == SETUP_ENTER || op == SETUP_SPACE)
			focus_on(ui, 1);
	} else if (op == SETUP_ENTER && movable) {
		ui->setup.moving = !ui->setup.moving && n;
	} else if (op == SETUP_ENTER && number_here(ui)) {
		type(ui, "");
	} else if (op == SETUP_RENAME && kind == PANEL_TABS) {
		type(ui, ui->settings.tab[*cursor_of(ui)].name);
	} else {
		return false;
	}
	return true;
}

void act_setup_do(struct action_context *c)
{
	enum setup_op op = (enum setup_op)c->arg;
	struct panel panel[SETUP_PANELS];
	struct ui_state *ui = c->ui;
	const struct panel *p;

	setup_panels(ui, panel);
	p = &panel[ui->setup.focus];
	if (common_op(ui, op, p->kind, p->n))
		return;
	if (!setup_do(ui, op, c->f->model->ncpu)) {
		if (op == SETUP_LEFT && panel_ops[p->kind] & OP(op) && p->kind != PANEL_METERS)
			ui_state_say(ui, c->f->now_ns, "it is there already, or there is no room");
		return;
	}
	if (p->kind == PANEL_TABS && op == SETUP_LEFT)
		type(ui, "");
	setup_panels(ui, panel);
	*cursor_of(ui) = MIN(*cursor_of(ui), MAX(panel[ui->setup.focus].n, 1u) - 1);
}

bool setup_click(struct action_context *c, const struct event *ev)
{
	u32 body = c->at->header_rows + c->at->tab_rows + c->at->title_rows;
	struct panel panel[SETUP_PANELS];
	struct place at[SETUP_PANELS];
	struct ui_state *ui = c->ui;
	u32 n = place_panels(ui, c->at->cols, panel, at), i = 0, line;

	while (i < n && !(at[i].width && ev->col >= at[i].x && ev->col - at[i].x < at[i].width))
		i++;
	if (i == n || ev->row < body || ui->mode != MODE_SETUP)
		return false;
	line = ui->setup.top[i] + ev->row - body;
	if (line >= panel[i].n)
		return false;
	if (i == ui->setup.focus && line == *cursor_of(ui)) {
		c->arg = panel[i].kind == PANEL_METERS ? SETUP_SPACE : SETUP_ENTER;
		act_setup_do(c);
		return true;
	}
	focus_on(ui, i);
	move_to(c, line);
	return true;
}
