/* ui/action.c - what keys and clicks do. */
#include "ui/action_impl.h"
#include "ui/emergency.h"
#include "ui/menu.h"
#include "ui/setup.h"
#include "ui/tabs.h"
#include "ui/view_help.h"
#include "ui/view_inspect.h"
#include "ui/view_processes.h"
#include "ui/view_program.h"
#include "ui/view_programs.h"

enum { HSCROLL_MOST = 1 << 16, PID_MOST = 1 << 22 };	/* PID_MAX_LIMIT, linux/threads.h */
enum { DOUBLE_CLICK_MS = 400 };

/* ---- moving ---- */

static void move_to(struct action_context *c, s64 line)
{
	processes_select(c->ui, c->f, line);
}

static void act_move(struct action_context *c)
{
	move_to(c, (s64)c->ui->line + c->arg);
}

/* View and cursor together, so that the cursor keeps its place on the screen. */
static void move_both(struct action_context *c, s64 lines)
{
	struct ui_state *ui = c->ui;
	s64 most = (s64)c->f->order->n - c->at->body_rows;

	ui->top = (u32)MAX(MIN((s64)ui->top + lines, most), 0);
	move_to(c, (s64)ui->line + lines);
}

/* The view alone, as far as the cursor stays in sight. */
static void act_pan(struct action_context *c)
{
	struct ui_state *ui = c->ui;
	s64 rows = c->at->body_rows, most = MIN((s64)c->f->order->n - rows, (s64)ui->line);
	s64 least = MAX((s64)ui->line - rows + 1, 0), top = (s64)ui->top + c->arg;

	ui->top = (u32)MAX(MIN(top, most), least);
}

/* A line of the page before stays in sight. */
static void act_page(struct action_context *c)
{
	jump_mark(c);
	move_both(c, (s64)c->arg * MAX(c->at->body_rows - 1, 1u));
}

static void act_half_page(struct action_context *c)
{
	jump_mark(c);
	move_both(c, (s64)c->arg * MAX(c->at->body_rows / 2, 1u));
}

static void act_edge(struct action_context *c)
{
	jump_mark(c);
	move_to(c, c->arg < 0 ? 0 : (s64)c->f->order->n - 1);
}

static void act_hscroll(struct action_context *c)
{
	s64 to = (s64)c->ui->hscroll + c->arg;

	c->ui->hscroll = (u32)MAX(MIN(to, HSCROLL_MOST), 0);
}

static void act_hedge(struct action_context *c)
{
	u32 end = processes_scroll_end(c->ui, c->f, c->at->cols);

	c->ui->hscroll = c->arg < 0 ? 0 : MIN(end, (u32)HSCROLL_MOST);
}

static void act_follow(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	ui->follow = !ui->follow;
	if (ui->follow)
		move_to(c, ui->line);	/* it may be that none was chosen yet */
}

void action_wheel(struct action_context *c, s32 lines)
{
	move_both(c, lines);
}

/* ---- finding ---- */

bool search_from(struct action_context *c, s64 from, s32 step)
{
	const struct ui_state *ui = c->ui;
	s64 n = c->f->order->n;

	for (s64 i = 0; i < n; i++) {
		s64 line = ((from + step * i) % n + n) % n;
		const struct task_row *r = processes_row(c->f, (u32)line);

		if (r && filter_command(c->f->model, r, ui->search)) {
			move_to(c, line);
			return true;
		}
	}
	return false;
}

static void act_search(struct action_context *c)
{
	jump_mark(c);
	field_open(c->ui, MODE_SEARCH);
	c->ui->search[0] = 0;
	c->ui->search_failed = false;
}

static void act_search_next(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	if (!ui->search[0])
		return;
	if (ui->mode == MODE_NORMAL)
		jump_mark(c);
	ui->search_failed = !search_from(c, (s64)ui->line + c->arg, c->arg);
	if (ui->search_failed && ui->mode == MODE_NORMAL)
		ui_state_say(ui, c->f->now_ns, "search: nothing found");
}

static void act_pid_digit(struct action_context *c)
{
	struct ui_state *ui = c->ui;
	u32 typed = ui->pid_typed * 10 + (c->key - '0');

	ui->pid_typed = typed > PID_MOST ? c->key - '0' : typed;
	for (u32 line = 0; line < c->f->order->n; line++) {
		const struct task_row *r = processes_row(c->f, line);

		if (r && r->t->pid == ui->pid_typed) {
			move_to(c, line);
			return;
		}
	}
}

/* ---- what is shown ---- */

static void act_pause(struct action_context *c)
{
	c->ui->paused = !c->ui->paused;
	c->ui->resample = !c->ui->paused;
}

static void act_threads(struct action_context *c)
{
	c->ui->spec.threads = !c->ui->spec.threads;
	c->ui->order_stale = true;
	c->ui->resample = c->ui->spec.threads;
}

static void act_kernel(struct action_context *c)
{
	c->ui->spec.kernel = !c->ui->spec.kernel;
	c->ui->order_stale = true;
}

static void act_ended(struct action_context *c)
{
	struct ui_state *ui = c->ui;

	ui->spec.ended = !ui->spec.ended;
	ui->order_stale = true;
	if (ui->spec.ended && !(c->f->model->have & SRC_BIT(SRC_EXITED)))
		ui_state_say(ui, c->f->now_ns, "nobody sees processes end here: pitstop --doctor says why");
}

static void act_row_look(struct action_context *c)
{
	struct row_look *look = &c->ui->look;

	switch ((enum look_switch)c->arg) {
	case LOOK_PATH:
		look->no_path = !look->no_path;
		break;
	case LOOK_MERGED:
		look->merged = !look->merged;
		break;
	case LOOK_CHANGES:
		look->changes_ns = look->changes_ns ? 0 : c->ui->settings.highlight_seconds * (u64)NSEC_PER_SEC;
		break;
	}
}

static void act_containers(struct action_context *c)
{
	c->ui->spec.no_containers = !c->ui->spec.no_containers;
	c->ui->order_stale = c->ui->resample = true;
}

static void act_inside(struct action_context *c)
{
	c->ui->spec.inside = !c->ui->spec.inside;
	c->ui->order_stale = c->ui->resample = true;
}

static void act_units(struct action_context *c)
{
	ui_state_units(c->ui);
	c->ui->resample = true;
}

static void act_user_menu(struct action_context *c)
{
	menu_open_user(c->ui, c->f->model);
	if (c->ui->menu.lost)
		ui_state_say(c->ui, c->f->now_ns, "more users than the menu can hold");
}

static void act_header(struct action_context *c)
{
	c->ui->no_header = !c->ui->no_header;
	c->ui->resample = !c->ui->no_header;
}

static void act_tab(struct action_context *c)
{
	if (c->arg)
		tabs_step(c->ui, c->arg);
	else
		tabs_go(c->ui, c->key - '1');
}

static void act_save(struct action_context *c)
{
	c->ui->save = true;
}

static void act_emergency(struct action_context *c)
{
	if (c->ui->emergency.on)
		emergency_leave(c->ui);
	else
		emergency_enter(c->ui);
}

static void act_emergency_freeze(struct action_context *c)
{
	if (c->arg || c->key != '0')
		emergency_freeze(c->ui, c->f, c->arg ? 0 : c->key - '0');
}

static void act_sort_menu(struct action_context *c)
{
	menu_open_sort(c->ui);
}

static void act_sort(struct action_context *c)
{
	enum column_id id = ui_state_column(c->ui, (enum column_id)c->arg);

	ui_state_sort(c->ui, id, columns[id].big_first);
}

static void act_invert(struct action_context *c)
{
	c->ui->spec.descending = !c->ui->spec.descending;
	c->ui->order_stale = true;
}

/* ---- the tree ---- */

static void act_tree(struct action_context *c)
{
	ui_state_tree(c->ui);
}

u32 order_above(const struct order *o, u32 line, u32 depth)
{
	while (line && o->line[line].depth > depth)
		line--;
	return line;
}

static void fold_line(struct action_context *c, u32 line, bool fold)
{
	const struct task_row *r = processes_row(c->f, line);

	if (r && order_line(c->f->order, line)->parent && !ui_state_fold(c->ui, r->t, fold))
		ui_state_say(c->ui, c->f->now_ns, "too many folded branches to remember another");
}

/* htop's + - = all do both. */
static void act_fold(struct action_context *c)
{
	u32 line = c->ui->line;

	if (c->ui->spec.tree && line < c->f->order->n)
		fold_line(c, line, !order_line(c->f->order, line)->folded);
}

static void fold_every(struct action_context *c, bool fold)
{
	struct ui_state *ui = c->ui;
	const struct order *o = c->f->order;
	const struct task_row *root;
	u32 line;

	if (!ui->spec.tree || !o->n)
		return;
	ui->fold_all = fold;
	ui->folded.n = 0;
	ui->order_stale = true;
	if (!ui->fold_all || !ui->cursor.pid)
		return;
	/* the cursor goes up to what stays in sight */
	line = order_above(o, ui->line, 0);
	root = processes_row(c->f, line);
	move_to(c, root && root->t->pid <= 2 ? order_above(o, ui->line, 1) : line);
}

static void act_fold_all(struct action_context *c)
{
	fold_every(c, !c->ui->fold_all);
}

static void act_fold_every(struct action_context *c)
{
	fold_every(c, c->arg);
}

/* htop's Shift-F6. */
static void act_fold_or_sort(struct action_context *c)
{
	if (c->ui->spec.tree)
		act_fold(c);
	else
		act_sort_menu(c);
}

static void act_parent(struct action_context *c)
{
	const struct order *o = c->f->order;
	u32 line = c->ui->line;

	if (!c->ui->spec.tree || line >= o->n || !o->line[line].depth)
		return;
	line = order_above(o, line, o->line[line].depth - 1u);
	fold_line(c, line, true);
	move_to(c, line);
}

/* The second of two quick clicks opens the page; what the first has done to a
 * fold is undone. */
void action_click(struct action_context *c, u32 line)
{
	struct ui_state *ui = c->ui;
	const struct task_row *r = processes_row(c->f, line);
	bool folds = line == ui->line && ui->cursor.pid && ui->mode == MODE_NORMAL;
	bool twice;

	if (!r)
		return;
	twice = ui->clicked.pid == r->t->pid && ui->clicked.start_boot_ns == r->t->start_boot_ns &&
		c->f->now_ns - ui->clicked_ns < (u64)DOUBLE_CLICK_MS * NSEC_PER_MSEC;
	if (folds && (!twice || ui->click_folded))
		act_fold(c);
	else
		move_to(c, line);
	if (twice && ui->mode == MODE_NORMAL)
		act_detail(c);
	ui->clicked = twice ? (struct task_id){0} : task_id(r->t);
	ui->clicked_ns = c->f->now_ns;
	ui->click_folded = folds;
}

/* ---- the program ---- */

static void act_help(struct action_context *c)
{
	c->ui->mode = MODE_HELP;
	c->ui->help_top = 0;
}

static void act_redraw(struct action_context *c)
{
	c->ui->redraw_all = c->ui->resample = true;
}

static void act_cancel(struct action_context *c)
{
	if (c->ui->spec.within.n) {
		ui_state_view(c->ui, VIEW_CGROUPS);
		return;
	}
	c->ui->hide_cursor = !c->ui->follow;
	c->ui->follow &= c->ui->settings.follow_sticky;
	c->ui->message_until_ns = 0;
}

static void act_suspend(struct action_context *c)
{
	c->ui->suspend = true;
}

static void act_quit(struct action_context *c)
{
	c->ui->quit = true;
}

static void act_interrupt(struct action_context *c)
{
	c->ui->quit = c->ui->interrupt = true;
}

/* ---- menus and help ---- */

static void act_menu_move(struct action_context *c)
{
	menu_move(c->ui, (s64)c->ui->menu.cursor + c->arg);
}

static void act_menu_page(struct action_context *c)
{
	menu_move(c->ui, (s64)c->ui->menu.cursor + (s64)c->arg * MAX(c->at->body_rows - 1, 1u));
}

static void act_menu_edge(struct action_context *c)
{
	menu_move(c->ui, c->arg < 0 ? 0 : MENU_MAX);
}

static void act_menu_choose(struct action_context *c)
{
	menu_choose(c->ui, c->f);
}

static void act_menu_toggle(struct action_context *c)
{
	menu_toggle(c->ui);
}

static void act_menu_all(struct action_context *c)
{
	menu_tick_all(c->ui, c->arg);
}

static void act_menu_cancel(struct action_context *c)
{
	menu_close(c->ui);
}

static void act_help_move(struct action_context *c)
{
	help_scroll(c->ui, (s64)c->ui->help_top + c->arg, c->at->body_rows);
}

static void act_help_page(struct action_context *c)
{
	s64 page = MAX(c->at->body_rows - 1, 1u);

	help_scroll(c->ui, (s64)c->ui->help_top + c->arg * page, c->at->body_rows);
}

static void act_help_edge(struct action_context *c)
{
	help_scroll(c->ui, c->arg < 0 ? 0 : INT32_MAX, c->at->body_rows);
}

static void act_help_close(struct action_context *c)
{
	c->ui->mode = ui_state_home(c->ui);
}

static action_fn *const actions[ACT_N] = {
	[ACT_MOVE] = act_move, [ACT_PAGE] = act_page, [ACT_HALF_PAGE] = act_half_page,
	[ACT_EDGE] = act_edge, [ACT_HSCROLL] = act_hscroll, [ACT_HEDGE] = act_hedge,
	[ACT_PID_DIGIT] = act_pid_digit, [ACT_SEARCH] = act_search,
	[ACT_SEARCH_NEXT] = act_search_next, [ACT_FILTER] = act_filter,
	[ACT_FOLLOW] = act_follow, [ACT_PAUSE] = act_pause, [ACT_THREADS] = act_threads,
	[ACT_KERNEL] = act_kernel, [ACT_ENDED] = act_ended, [ACT_USER_MENU] = act_user_menu, [ACT_HEADER] = act_header,
	[ACT_TAB] = act_tab, [ACT_SAVE] = act_save,
	[ACT_LOOK] = act_row_look, [ACT_EMERGENCY] = act_emergency,
	[ACT_CONTAINERS] = act_containers, [ACT_UNITS] = act_units, [ACT_INSIDE] = act_inside,
	[ACT_EMERGENCY_FREEZE] = act_emergency_freeze,
	[ACT_SORT_MENU] = act_sort_menu, [ACT_SORT] = act_sort, [ACT_INVERT] = act_invert,
	[ACT_TREE] = act_tree, [ACT_FOLD] = act_fold, [ACT_FOLD_ALL] = act_fold_all,
	[ACT_TAG] = act_tag, [ACT_TAG_BRANCH] = act_tag_branch, [ACT_UNTAG] = act_untag,
	[ACT_NICE] = act_renice, [ACT_SIGNAL_MENU] = act_signal_menu,
	[ACT_SCHED_MENU] = act_sched_menu, [ACT_AUTOGROUP] = act_autogroup_nice,
	[ACT_DEED_CONFIRM] = act_deed_confirm, [ACT_DEED_CLOSE] = act_deed_close,
	[ACT_DEED_MOVE] = act_deed_move, [ACT_INSPECT] = act_inspect,
	[ACT_STOP] = act_stop, [ACT_STOP_CONFIRM] = act_stop_confirm, [ACT_STOP_CLOSE] = act_stop_close,
	[ACT_STOP_CHOOSE] = act_stop_choose, [ACT_STOP_MOVE] = act_stop_move, [ACT_STOP_ERASE] = act_stop_erase,
	[ACT_INSPECT_AGAIN] = act_inspect_again, [ACT_INSPECT_CLOSE] = act_inspect_close,
	[ACT_INSPECT_MOVE] = act_inspect_move, [ACT_INSPECT_PAGE] = act_inspect_page,
	[ACT_INSPECT_EDGE] = act_inspect_edge, [ACT_INSPECT_HSCROLL] = act_inspect_hscroll,
	[ACT_INSPECT_SEARCH] = act_inspect_search, [ACT_INSPECT_NEXT] = act_inspect_next,
	[ACT_INSPECT_FILTER] = act_inspect_filter, [ACT_PARENT] = act_parent,
	[ACT_FOLD_VI] = act_fold_vi, [ACT_FOLD_EVERY] = act_fold_every, [ACT_FOLD_OR_SORT] = act_fold_or_sort,
	[ACT_PAN] = act_pan, [ACT_JUMP] = act_jump, [ACT_VISUAL] = act_visual,
	[ACT_VISUAL_END] = act_visual_end, [ACT_VISUAL_TAG] = act_visual_tag, [ACT_YANK] = act_yank,
	[ACT_DETAIL] = act_detail, [ACT_DETAIL_CLOSE] = act_detail_close,
	[ACT_DETAIL_MOVE] = act_detail_move, [ACT_DETAIL_PAGE] = act_detail_page,
	[ACT_DETAIL_EDGE] = act_detail_edge, [ACT_DETAIL_GO] = act_detail_go,
	[ACT_DETAIL_AGAIN] = act_detail_again,
	[ACT_SETUP_OPEN] = act_setup_open, [ACT_SETUP_MOVE] = act_setup_move, [ACT_SETUP_PAGE] = act_setup_page,
	[ACT_SETUP_EDGE] = act_setup_edge, [ACT_SETUP_SIDE] = act_setup_side, [ACT_SETUP_DO] = act_setup_do,
	[ACT_SETUP_DIGIT] = act_setup_digit,
	[ACT_HELP] = act_help, [ACT_REDRAW] = act_redraw,
	[ACT_INSPECT_SCROLL] = act_inspect_autoscroll, [ACT_INSPECT_STOP] = act_inspect_stop,
	[ACT_PROGRAMS_MOVE] = act_programs_move, [ACT_PROGRAMS_PAGE] = act_programs_page,
	[ACT_PROGRAMS_EDGE] = act_programs_edge, [ACT_PROGRAMS_SCROLL] = act_programs_scroll,
	[ACT_PROGRAMS_SORT] = act_programs_sort, [ACT_PROGRAMS_INVERT] = act_programs_invert,
	[ACT_PROGRAMS_FILTER] = act_programs_filter, [ACT_PROGRAM] = act_program,
	[ACT_PROGRAMS_SEARCH] = act_programs_search, [ACT_PROGRAMS_NEXT] = act_programs_next,
	[ACT_PROGRAM_TAG] = act_program_tag, [ACT_PROGRAM_CLOSE] = act_program_close,
	[ACT_PROGRAM_MOVE] = act_program_move, [ACT_PROGRAM_PAGE] = act_program_page,
	[ACT_PROGRAM_EDGE] = act_program_edge,
	[ACT_CANCEL] = act_cancel, [ACT_SUSPEND] = act_suspend,
	[ACT_INTERRUPT] = act_interrupt, [ACT_QUIT] = act_quit,
	[ACT_FIELD_DONE] = act_field_done, [ACT_FIELD_CANCEL] = act_field_cancel,
	[ACT_FIELD_MOVE] = act_field_move, [ACT_FIELD_HISTORY] = act_field_history,
	[ACT_MENU_MOVE] = act_menu_move,
	[ACT_MENU_PAGE] = act_menu_page, [ACT_MENU_EDGE] = act_menu_edge,
	[ACT_MENU_TOGGLE] = act_menu_toggle, [ACT_MENU_ALL] = act_menu_all,
	[ACT_MENU_CHOOSE] = act_menu_choose, [ACT_MENU_CANCEL] = act_menu_cancel,
	[ACT_HELP_MOVE] = act_help_move, [ACT_HELP_PAGE] = act_help_page,
	[ACT_HELP_EDGE] = act_help_edge, [ACT_HELP_CLOSE] = act_help_close,
};

void action_run(enum action a, struct action_context *c)
{
	if (actions[a])
		actions[a](c);
}
