/* ui/action_impl.h - inside of the actions: those that action.c's table names and
 * another file has. */
#ifndef UI_ACTION_IMPL_H
#define UI_ACTION_IMPL_H

#include "ui/action.h"

typedef void action_fn(struct action_context *c);

/* First line from there on that matches the search, going round once; the
 * cursor goes to it. */
bool search_from(struct action_context *c, s64 from, s32 step);

/* action_field.c */
void field_open(struct ui_state *ui, enum mode mode);
action_fn act_filter, act_field_done, act_field_cancel, act_field_move, act_field_history;

/* action_process.c */
action_fn act_tag, act_tag_branch, act_untag, act_renice,
	act_signal_menu, act_sched_menu, act_autogroup_nice, act_deed_confirm, act_deed_close, act_deed_move,
	act_stop, act_stop_confirm, act_stop_close, act_stop_choose, act_stop_move, act_stop_erase;
action_fn act_inspect, act_inspect_again, act_inspect_close,
	act_inspect_move, act_inspect_page, act_inspect_edge,
	act_inspect_hscroll, act_inspect_search, act_inspect_next,
	act_inspect_filter, act_inspect_autoscroll, act_inspect_stop;

/* action_vi.c */
action_fn act_jump, act_fold_vi, act_visual, act_visual_end, act_visual_tag, act_yank;

/* action_detail.c */
action_fn act_detail, act_detail_close, act_detail_move, act_detail_page, act_detail_edge,
	act_detail_go, act_detail_again;

/* The cursor is about to leap: where it stands is remembered. */
void jump_mark(struct action_context *c);

/* The line's ancestor at a depth, or the line itself. */
u32 order_above(const struct order *o, u32 line, u32 depth);

void tag_task(struct action_context *c, const struct task *t);

/* The process, its children, theirs, and so on; NULL when that is not known.  Valid until
 * the next call. */
const struct idset *branch_of(const struct model *m, const struct task *t);
/* setup.c */
action_fn act_setup_open, act_setup_move, act_setup_page, act_setup_edge, act_setup_side, act_setup_do,
	act_setup_digit;

/* The search or the filter of a list is another now. */
void inspect_text_changed(struct action_context *c);

#endif
