/* ui/action_field.c - typing a search or a filter. */
#include "ui/action_impl.h"
#include "ui/setup.h"
#include "ui/view_field.h"
#include "ui/view_inspect.h"
#include "ui/view_programs.h"

static char *typed(struct ui_state *ui)
{
	return (char *)(uintptr_t)field_typed(ui);	/* the state is ours to change */
}

static struct line_history *history_of(struct ui_state *ui)
{
	return field_is_search(ui) ? &ui->searches : &ui->filters;
}

void field_open(struct ui_state *ui, enum mode mode)
{
	ui->mode = mode;
	ui->field_at = UINT32_MAX;	/* the end, wherever that is */
	ui->searches.back = ui->filters.back = 0;
}

void act_filter(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	memcpy(ui->filter_typed, ui->spec.filter, sizeof(ui->filter_typed));
	ui->filter_error.why = NULL;
	field_open(ui, MODE_FILTER);
}

/* Searches begin at the top with every change, as in htop. */
static void text_changed(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	if (setup_mode(ui))
		return;
	if (inspect_mode(ui)) {
		inspect_text_changed(c);
	} else if (ui->mode == MODE_PROGRAMS_FILTER) {
		if (programs_filter(&ui->programs, ui->filter_typed, &ui->filter_error))
			ui->filter_error.why = NULL;
	} else if (ui->mode == MODE_PROGRAMS_SEARCH) {
		ui->search_failed = ui->search[0] && !programs_search(c, 0, 1);
	} else if (ui->mode == MODE_FILTER) {
		if (ui_state_filter(ui, ui->filter_typed, &ui->filter_error))
			ui->filter_error.why = NULL;
	} else {
		ui->search_failed = ui->search[0] && !search_from(c, 0, 1);
	}
}

static char *typed_at(struct ui_state *ui)
{
	char *text = typed(ui);

	ui->field_at = MIN(ui->field_at, (u32)strlen(text));
	return text;
}

void action_type(struct action_context *c, u32 codepoint)
{
	char *text = typed_at(c->ui);

	if (field_insert(text, FILTER_TEXT, &c->ui->field_at, codepoint))
		text_changed(c);
}

void act_field_move(struct action_context *c)
{
	char *text = typed_at(c->ui);

	if (field_move(text, &c->ui->field_at, (u32)c->arg))
		text_changed(c);
}

void act_field_history(struct action_context *c)
{
	if (!history_look(history_of(c->ui), typed(c->ui), c->arg))
		return;
	c->ui->field_at = UINT32_MAX;
	text_changed(c);
}

void action_click_field(struct action_context *c, u32 col)
{
	c->ui->field_at = field_byte_at(c->ui, c->at->cols, col);
}

/* A filter with an error is no filter to keep: it stays to be mended. */
void act_field_done(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	if (field_error(ui))
		return;
	if (setup_mode(ui)) {
		setup_typed(ui, true);
		return;
	}
	history_keep(history_of(ui), typed(ui));
	if (ui->mode == MODE_SEARCH && ui->search[0] && !ui->search_failed)
		ui->follow = true;
	ui->mode = inspect_mode(ui) ? MODE_INSPECT : ui_state_home(ui);
}

void act_field_cancel(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	if (setup_mode(ui)) {
		setup_typed(ui, false);
		return;
	}
	typed(ui)[0] = 0;
	text_changed(c);
	if (!inspect_mode(ui))
		ui->follow &= ui->settings.follow_sticky;
	ui->mode = inspect_mode(ui) ? MODE_INSPECT : ui_state_home(ui);
}
