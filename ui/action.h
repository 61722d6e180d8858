/* ui/action.h - what keys and clicks do: changes of the state, nothing else. */
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include "ui/view.h"

enum action {
	ACT_NONE,
	ACT_MOVE,		/* arg: lines */
	ACT_PAGE,		/* arg: pages */
	ACT_HALF_PAGE,
	ACT_EDGE,		/* arg: -1 first, 1 last line */
	ACT_HSCROLL,		/* arg: columns */
	ACT_HEDGE,		/* arg: -1 begin, 1 end of the line */
	ACT_PID_DIGIT,
	ACT_SEARCH,
	ACT_SEARCH_NEXT,	/* arg: 1 next, -1 previous */
	ACT_FILTER,
	ACT_FOLLOW,
	ACT_PAUSE,
	ACT_THREADS,
	ACT_KERNEL,
	ACT_ENDED,
	ACT_LOOK,		/* arg: enum look_switch */
	ACT_CONTAINERS,
	ACT_UNITS,
	ACT_INSIDE,
	ACT_USER_MENU,
	ACT_HEADER,
	ACT_TAB,		/* arg: how many further; 0: the digit says which */
	ACT_SAVE,
	ACT_EMERGENCY,
	ACT_EMERGENCY_FREEZE,	/* arg: 0 the line of the digit, 1 the cursor's */
	ACT_SORT_MENU,
	ACT_SORT,		/* arg: enum column_id */
	ACT_INVERT,
	ACT_TREE,
	ACT_FOLD,
	ACT_FOLD_ALL,
	ACT_PARENT,
	ACT_FOLD_VI,		/* arg: the letter behind z */
	ACT_FOLD_EVERY,		/* arg: 1 fold, 0 unfold */
	ACT_FOLD_OR_SORT,
	ACT_PAN,		/* arg: lines */
	ACT_JUMP,		/* arg: -1 back, 1 forward */
	ACT_VISUAL,
	ACT_VISUAL_END,
	ACT_VISUAL_TAG,
	ACT_YANK,		/* arg: the letter behind y */
	ACT_TAG,
	ACT_TAG_BRANCH,
	ACT_UNTAG,
	ACT_NICE,		/* arg: what to add */
	ACT_SIGNAL_MENU,
	ACT_SCHED_MENU,		/* arg: enum deed_kind */
	ACT_AUTOGROUP,		/* arg: what to add */
	ACT_DEED_CONFIRM,
	ACT_DEED_CLOSE,
	ACT_DEED_MOVE,		/* arg: lines */
	ACT_STOP,		/* arg: 1 thaw at once */
	ACT_STOP_CONFIRM,
	ACT_STOP_CLOSE,
	ACT_STOP_CHOOSE,	/* arg: entries */
	ACT_STOP_MOVE,		/* arg: lines */
	ACT_STOP_ERASE,
	ACT_INSPECT,		/* arg: enum inspect_kind */
	ACT_INSPECT_AGAIN,
	ACT_INSPECT_CLOSE,
	ACT_INSPECT_MOVE,	/* arg: lines */
	ACT_INSPECT_PAGE,
	ACT_INSPECT_EDGE,
	ACT_INSPECT_HSCROLL,	/* arg: columns */
	ACT_INSPECT_SEARCH,
	ACT_INSPECT_NEXT,	/* arg: 1 next, -1 previous */
	ACT_INSPECT_FILTER,
	ACT_DETAIL,
	ACT_DETAIL_CLOSE,
	ACT_DETAIL_MOVE,	/* arg: lines */
	ACT_DETAIL_PAGE,
	ACT_DETAIL_EDGE,
	ACT_DETAIL_GO,
	ACT_DETAIL_AGAIN,
	ACT_SETUP_OPEN,
	ACT_SETUP_MOVE,		/* arg: lines */
	ACT_SETUP_PAGE,
	ACT_SETUP_EDGE,
	ACT_SETUP_SIDE,		/* arg: panels */
	ACT_SETUP_DO,		/* arg: enum setup_op */
	ACT_SETUP_DIGIT,
	ACT_INSPECT_SCROLL,
	ACT_INSPECT_STOP,
	ACT_PROGRAMS_MOVE,	/* arg: lines */
	ACT_PROGRAMS_PAGE,
	ACT_PROGRAMS_EDGE,
	ACT_PROGRAMS_SCROLL,	/* arg: columns of the table */
	ACT_PROGRAMS_SORT,	/* arg: 1 next column, -1 the one before */
	ACT_PROGRAMS_INVERT,
	ACT_PROGRAMS_FILTER,
	ACT_PROGRAMS_SEARCH,
	ACT_PROGRAMS_NEXT,	/* arg: 1 next, -1 previous */
	ACT_PROGRAM,
	ACT_PROGRAM_TAG,	/* arg: 1 the cursor's, 0 no more tags */
	ACT_PROGRAM_CLOSE,
	ACT_PROGRAM_MOVE,	/* arg: lines */
	ACT_PROGRAM_PAGE,
	ACT_PROGRAM_EDGE,
	ACT_HELP,
	ACT_REDRAW,
	ACT_CANCEL,
	ACT_SUSPEND,
	ACT_INTERRUPT,
	ACT_QUIT,
	ACT_FIELD_DONE,
	ACT_FIELD_CANCEL,
	ACT_FIELD_MOVE,		/* arg: enum field_move */
	ACT_FIELD_HISTORY,	/* arg: 1 back, -1 forward */
	ACT_MENU_MOVE,		/* arg: lines */
	ACT_MENU_PAGE,
	ACT_MENU_EDGE,
	ACT_MENU_CHOOSE,
	ACT_MENU_TOGGLE,
	ACT_MENU_ALL,		/* arg: 1 all, 0 none */
	ACT_MENU_CANCEL,
	ACT_HELP_MOVE,		/* arg: lines */
	ACT_HELP_PAGE,
	ACT_HELP_EDGE,
	ACT_HELP_CLOSE,
	ACT_N
};

/* What of struct row_look a key turns. */
enum look_switch { LOOK_PATH, LOOK_MERGED, LOOK_CHANGES };

struct action_context {
	struct ui_state *ui;
	struct frame *f;
	const struct layout *at;
	u32 key;		/* the key that was pressed */
	s32 arg;		/* from its row of the key table */
};

void action_run(enum action a, struct action_context *c);

/* A character for the search or the filter that is being typed. */
void action_type(struct action_context *c, u32 codepoint);

/* A click on its text: there goes the cursor. */
void action_click_field(struct action_context *c, u32 col);

/* The wheel: view and cursor move together, as in htop. */
void action_wheel(struct action_context *c, s32 lines);

/* A click on a line of the body: selects; on the selected one folds. */
void action_click(struct action_context *c, u32 line);

#endif
