/* ui/event.c - from an event of the terminal to an action: by the key table, by
 * the place of a click, or as a character of a text. */
#include "ui/keybar.h"
#include "ui/menu.h"
#include "ui/view_detail.h"
#include "ui/setup.h"
#include "ui/stop.h"
#include "ui/tabs.h"
#include "ui/view_inspect.h"
#include "ui/view_processes.h"
#include "ui/view_program.h"
#include "ui/view_programs.h"

enum { WHEEL = 10 };		/* lines, as in htop */

static bool typing(const struct ui_state *ui)
{
	return ui->mode == MODE_SEARCH || ui->mode == MODE_FILTER ||
	       ui->mode == MODE_INSPECT_SEARCH || ui->mode == MODE_INSPECT_FILTER ||
	       ui->mode == MODE_SETUP_TEXT || ui->mode == MODE_PROGRAMS_FILTER ||
	       ui->mode == MODE_PROGRAMS_SEARCH;
}

/* The table is not on the screen: clicks and the wheel are not for it. */
static bool in_dialog(const struct ui_state *ui)
{
	return ui->mode == MODE_STOP || ui->mode == MODE_ASK || ui->mode == MODE_RESULT || ui->mode == MODE_DETAIL ||
	       ui->mode == MODE_PROGRAM || inspect_mode(ui) || setup_mode(ui);
}

static void run(struct action_context *c, const struct binding *b)
{
	if (b->action != ACT_PID_DIGIT)
		c->ui->pid_typed = 0;
	c->ui->hide_cursor = false;
	c->ui->clicked.pid = 0;
	c->arg = b->arg;
	action_run(b->action, c);
}

/* ---- keys ---- */

/* Those with a meaning for a table alone end the typing and act. */
static bool ends_typing(u32 key)
{
	return key == KEY_PGUP || key == KEY_PGDN ||
	       (key >= KEY_F1 && key <= KEY_F12);
}

/* A key without a row in the table: what that means depends on who has it. */
static bool unbound_key(struct action_context *c, const struct event *ev)
{
	struct ui_state *ui = c->ui;
	bool plain = ev->key < KEY_FIRST && !(ev->mods & (MOD_ALT | MOD_CTRL));
	const struct binding *b;

	if (typing(ui) && plain) {
		action_type(c, ev->key);
	} else if (typing(ui) && ends_typing(ev->key) && !setup_mode(ui)) {
		ui->mode = inspect_mode(ui) ? MODE_INSPECT : ui_state_home(ui);
		b = keymap_find(ui_state_keys(ui), 0, ev);
		if (b)
			run(c, b);
	} else if (ui->mode == MODE_STOP && plain) {
		stop_type(ui, c->f, ev->key);
	} else if (menu_is_open(ui) && plain) {
		menu_type(ui, ev->key);
	} else if (ui->mode == MODE_HELP && ev->key != KEY_UNKNOWN) {
		ui->mode = ui_state_home(ui);
	} else {
		return false;
	}
	return true;
}

static bool key_event(struct action_context *c, const struct event *ev)
{
	struct ui_state *ui = c->ui;
	const struct binding *b = NULL;
	bool typed = ui->pid_typed || ui->prefix || ui->hide_cursor;

	/* A second key that completes nothing is a key of its own. */
	if (ui->prefix)
		b = keymap_find(ui_state_keys(ui), ui->prefix, ev);
	ui->prefix = 0;
	if (!b)
		b = keymap_find(ui_state_keys(ui), 0, ev);
	if (b) {
		run(c, b);
		return true;
	}
	ui->pid_typed = 0;
	ui->hide_cursor = false;
	if (keymap_prefix(ui_state_keys(ui), ev)) {
		ui->prefix = ev->key;
		return true;
	}
	return unbound_key(c, ev) || typed;
}

/* ---- mouse ---- */

static bool wheel_event(struct action_context *c, s32 lines)
{
	c->arg = lines > 0 ? 1 : -1;
	if (menu_is_open(c->ui)) {
		action_run(ACT_MENU_MOVE, c);
	} else if (c->ui->mode == MODE_HELP) {
		c->arg = lines;
		action_run(ACT_HELP_MOVE, c);
	} else if (setup_mode(c->ui)) {
		action_run(ACT_SETUP_MOVE, c);
	} else if (c->ui->mode == MODE_DETAIL) {
		detail_scroll(c->ui, lines, c->at->body_rows);
	} else if (c->ui->mode == MODE_PROGRAM) {
		program_scroll(c->ui, (s64)c->ui->program.top + lines, c->at->body_rows);
	} else if (in_dialog(c->ui)) {
		c->arg = lines;
		action_run(inspect_mode(c->ui) ? ACT_INSPECT_MOVE :
			   c->ui->mode == MODE_STOP ? ACT_STOP_MOVE : ACT_DEED_MOVE, c);
	} else if (programs_mode(c->ui)) {
		c->arg = lines;
		action_run(ACT_PROGRAMS_MOVE, c);
	} else {
		action_wheel(c, lines);
	}
	return true;
}

static void click_title(struct action_context *c, u32 col)
{
	enum column_id id = processes_column_at(c->ui, col);

	if (id == COL_N)
		return;
	c->arg = (s32)id;
	action_run(id == c->ui->sort ? ACT_INVERT : ACT_SORT, c);
}

static void click_menu(struct action_context *c, u32 row)
{
	struct menu *menu = &c->ui->menu;

	if (row >= menu->n - MIN(menu->top, menu->n))
		return;
	menu_move(c->ui, (s64)menu->top + row);
	menu_click(c->ui, c->f);
}

/* As in the table: it selects, and on what is selected it acts. */
static void click_detail(struct action_context *c, u32 row)
{
	s64 line = (s64)c->ui->detail.top + row;

	if (line == c->ui->detail.line)
		action_run(ACT_DETAIL_GO, c);
	else
		detail_move(c->ui, line, c->at->body_rows);
}

/* Titles and body.  Whoever has the keys loses them to a click elsewhere. */
static void click_table(struct action_context *c, const struct event *ev)
{
	const struct layout *at = c->at;
	u32 titles = at->header_rows + at->tab_rows, body = titles + at->title_rows;

	if (ev->row < titles && ev->row >= at->header_rows) {
		c->ui->mode = ui_state_home(c->ui);
		tabs_go(c->ui, tabs_at(c->ui, ev->col));
		return;
	}
	if (programs_mode(c->ui)) {
		c->ui->mode = MODE_PROGRAMS;
		if (ev->row >= body)
			programs_click(c, c->ui->programs.top + ev->row - body);
		else if (ev->row >= titles)
			programs_click_title(c, ev->col);
		return;
	}
	if (ev->col < at->menu_cols && !c->ui->emergency.on) {
		if (ev->row >= body)
			click_menu(c, ev->row - body);
		return;
	}
	if (c->ui->mode != MODE_VISUAL)
		c->ui->mode = ui_state_home(c->ui);
	if (ev->row >= body)
		action_click(c, c->ui->top + ev->row - body);
	else if (ev->row >= titles)
		click_title(c, ev->col - MIN(ev->col, at->menu_cols));
}

static bool click_event(struct action_context *c, const struct event *ev)
{
	const struct layout *at = c->at;
	u32 below = at->header_rows + at->tab_rows + at->title_rows + at->body_rows;

	if (ev->row >= at->rows || ev->col >= at->cols)
		return false;
	if (at->bar_rows && ev->row == at->rows - 1) {
		const struct binding *b = keybar_at(c->ui, ev->col);

		if (typing(c->ui) && ev->col >= keybar_field_col(c->ui, at->cols)) {
			action_click_field(c, ev->col);
			return true;
		}
		if (b)
			run(c, b);
		return b;
	}
	if (c->ui->mode == MODE_DETAIL && ev->row < below && ev->row >= at->title_rows) {
		click_detail(c, ev->row - at->title_rows);
		return true;
	}
	if (setup_mode(c->ui) && ev->row < below)
		return setup_click(c, ev);
	if (ev->row >= below || c->ui->mode == MODE_HELP || in_dialog(c->ui))
		return false;
	click_table(c, ev);
	return true;
}

static bool mouse_event(struct action_context *c, const struct event *ev)
{
	c->ui->prefix = 0;
	c->ui->pid_typed = 0;
	c->ui->hide_cursor = false;
	if (ev->button == MOUSE_WHEEL_UP)
		return wheel_event(c, -WHEEL);
	if (ev->button == MOUSE_WHEEL_DOWN)
		return wheel_event(c, WHEEL);
	return ev->button == MOUSE_LEFT && click_event(c, ev);
}

/* Pasted text is text: it never acts as keys. */
static bool paste_event(struct action_context *c, const struct event *ev)
{
	if (!typing(c->ui))
		return false;
	action_type(c, ev->key);
	return true;
}

bool view_event(struct ui_state *ui, struct frame *f, const struct event *ev, u32 rows, u32 cols)
{
	struct layout at = view_layout(ui, f, rows, cols);
	struct action_context c = {.ui = ui, .f = f, .at = &at, .key = ev->key};

	if (programs_mode(ui))
		programs_sync(ui, f, at.body_rows);
	else if (ui->mode != MODE_HELP && ui->mode != MODE_PROGRAM)	/* its body is not the table's */
		processes_sync(ui, f, at.body_rows);
	switch (ev->kind) {
	case EVENT_KEY:
		return key_event(&c, ev);
	case EVENT_MOUSE:
		return mouse_event(&c, ev);
	case EVENT_PASTE:
		return paste_event(&c, ev);
	case EVENT_NONE:
	case EVENT_PASTE_END:
	case EVENT_SIZE:
		break;
	}
	return false;
}
