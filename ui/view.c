/* ui/view.c - a frame: where its parts lie, and who draws them. */
#include "ui/deed.h"
#include "ui/emergency.h"
#include "ui/header.h"
#include "ui/keybar.h"
#include "ui/menu.h"
#include "ui/view_detail.h"
#include "ui/setup.h"
#include "ui/stop.h"
#include "ui/view_field.h"
#include "ui/tabs.h"
#include "ui/view_help.h"
#include "ui/view_inspect.h"
#include "ui/view_processes.h"
#include "ui/view_program.h"
#include "ui/view_programs.h"

/* Rows of the screen below which a part makes room for the table. */
enum { ROWS_TITLES = 3, ROWS_BAR = 4, ROWS_NOTICE = 7, ROWS_TABS = 10 };

static const char *notice(const struct ui_state *ui, const struct frame *f)
{
	const char *programs = ui->view == VIEW_PROGRAMS ? f->model->programs.why : NULL;

	return ui->message[0] && f->now_ns < ui->message_until_ns ? ui->message : programs ? programs : f->notice;
}

struct layout view_layout(const struct ui_state *ui, const struct frame *f, u32 rows, u32 cols)
{
	struct layout at = {.rows = rows, .cols = cols};
	bool typing = ui->mode == MODE_SEARCH || ui->mode == MODE_FILTER ||
		      ui->mode == MODE_PROGRAMS_FILTER || ui->mode == MODE_PROGRAMS_SEARCH || (inspect_mode(ui) && ui->mode != MODE_INSPECT);
	u32 taken;

	at.bar_rows = (rows >= ROWS_BAR && (ui->settings.show_function_bar || ui->mode != MODE_NORMAL)) ||
		      (typing && rows > 1);
	if (ui->mode != MODE_HELP) {
		at.title_rows = rows >= ROWS_TITLES;
		at.tab_rows = rows >= ROWS_TABS && tabs_shown(ui) && !ui->emergency.on && !setup_mode(ui) &&
			      ui->mode != MODE_DETAIL && ui->mode != MODE_PROGRAM;
		at.notice_rows = field_error(ui) ? rows > ROWS_BAR : rows >= ROWS_NOTICE && notice(ui, f);
		if (ui->emergency.on)
			at.header_rows = rows > 2 * EMERGENCY_ROWS ? EMERGENCY_ROWS : 0;
		else if (!ui->no_header && ui->mode != MODE_DETAIL && ui->mode != MODE_PROGRAM && rows > ROWS_BAR)
			at.header_rows = header_rows(&ui->settings, f->model, rows, cols);
		at.menu_cols = ui->mode == MODE_EMERGENCY ? EMERGENCY_COLS : menu_cols(ui, cols);
	}
	taken = at.bar_rows + at.title_rows + at.tab_rows + at.notice_rows + at.header_rows;
	at.body_rows = rows > taken ? rows - taken : 1;
	return at;
}

static void draw_table(struct surface *s, struct ui_state *ui, struct frame *f,
		       const struct layout *at)
{
	u32 row = at->header_rows + at->tab_rows, left = at->menu_cols;
	struct surface part = surface_part(s, row, left, at->title_rows, s->cols);
	struct surface menu = surface_part(s, row, 0, at->title_rows, left);
	struct surface body;

	if (ui->mode == MODE_PROGRAM) {
		body = surface_part(s, row + at->title_rows, 0, at->body_rows, s->cols);
		program_draw(&part, &body, ui, f);
		return;
	}
	if (programs_mode(ui)) {
		programs_sync(ui, f, at->body_rows);
		programs_titles(&part, ui);
		part = surface_part(s, row + at->title_rows, 0, at->body_rows, s->cols);
		programs_body(&part, ui, f);
		return;
	}
	processes_sync(ui, f, at->body_rows);
	if (inspect_mode(ui)) {
		body = surface_part(s, row + at->title_rows, 0, at->body_rows, s->cols);
		inspect_draw(&part, &body, ui, f);
		return;
	}
	if (ui->mode == MODE_DETAIL) {
		body = surface_part(s, row + at->title_rows, 0, at->body_rows, s->cols);
		detail_draw(&part, &body, ui, f);
		return;
	}
	if (setup_mode(ui)) {
		body = surface_part(s, row + at->title_rows, 0, at->body_rows, s->cols);
		setup_draw(&part, &body, ui);
		return;
	}
	if (ui->mode == MODE_STOP) {
		body = surface_part(s, row + at->title_rows, 0, at->body_rows, s->cols);
		stop_draw(&part, &body, ui, f);
		return;
	}
	if (ui->mode == MODE_ASK || ui->mode == MODE_RESULT) {
		body = surface_part(s, row + at->title_rows, 0, at->body_rows, s->cols);
		deed_draw(&part, &body, ui);
		return;
	}
	processes_titles(&part, ui);
	part = surface_part(s, row + at->title_rows, left, at->body_rows, s->cols);
	processes_body(&part, ui, f);
	body = surface_part(s, row + at->title_rows, 0, at->body_rows, left);
	if (ui->mode == MODE_EMERGENCY)
		emergency_keys(&body, ui, f);
	else
		menu_draw(&menu, &body, ui);
}

void view_sort(struct ui_state *ui, struct frame *f, u32 rows, u32 cols)
{
	if (!programs_mode(ui))
		processes_sync(ui, f, view_layout(ui, f, rows, cols).body_rows);
}

void view_draw(struct surface *s, struct ui_state *ui, struct frame *f)
{
	struct layout at = view_layout(ui, f, s->rows, s->cols);
	u32 row = at.header_rows + at.tab_rows + at.title_rows + at.body_rows;
	struct surface part;

	if (!s->rows || !s->cols)
		return;
	surface_clear(s, STYLE_TEXT);
	if (ui->mode == MODE_HELP) {
		part = surface_part(s, 0, 0, at.body_rows, s->cols);
		help_scroll(ui, ui->help_top, at.body_rows);
		help_draw(&part, ui);
	} else {
		part = surface_part(s, 0, 0, at.header_rows, s->cols);
		if (ui->emergency.on)
			emergency_header(&part, ui, f);
		else
			header_draw(&part, &ui->settings, f);
		part = surface_part(s, at.header_rows, 0, at.tab_rows, s->cols);
		tabs_draw(&part, ui);
		draw_table(s, ui, f, &at);
	}
	part = surface_part(s, row, 0, at.notice_rows, s->cols);
	if (part.rows && field_error(ui))
		field_error_draw(&part, ui);
	else if (part.rows)
		surface_str(s, row, 0, notice(ui, f), STYLE_WARNING);
	part = surface_part(s, s->rows - at.bar_rows, 0, at.bar_rows, s->cols);
	if (part.rows)
		keybar_draw(&part, ui, f);
}
