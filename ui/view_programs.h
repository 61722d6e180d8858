/* ui/view_programs.h - the table of BPF programs, in the place of that of
 * processes.  The cursor stays on its program, whatever is loaded or sorted. */
#ifndef UI_VIEW_PROGRAMS_H
#define UI_VIEW_PROGRAMS_H

#include "ui/action.h"

/* In a mode of this view, typing into its filter included. */
bool programs_mode(const struct ui_state *ui);

/* The cursor's, NULL: there is none. */
const struct program_row *programs_row(const struct ui_state *ui, const struct model *m);

/* Brings order, cursor and first line in step with the model. */
void programs_sync(struct ui_state *ui, const struct frame *f, u32 body_rows);

/* Both after programs_sync(); the last line of the body is the sum of all. */
void programs_titles(struct surface *titles, const struct ui_state *ui);
void programs_body(struct surface *body, const struct ui_state *ui, const struct frame *f);

/* The column whose title is there, PROG_COLS when there is none. */
u32 programs_column_at(const struct ui_state *ui, u32 col);

void act_programs_move(struct action_context *c);	/* arg: lines */
void act_programs_page(struct action_context *c);	/* arg: pages */
void act_programs_edge(struct action_context *c);	/* arg: -1 first, 1 last */
void act_programs_scroll(struct action_context *c);	/* arg: columns of the table */
void act_programs_sort(struct action_context *c);	/* arg: to the next column, or back */
void act_programs_invert(struct action_context *c);
void act_programs_filter(struct action_context *c);
void act_programs_search(struct action_context *c);
void act_programs_next(struct action_context *c);	/* arg: 1 next match, -1 previous */

/* Puts a filter in force.  False, and *e says why, when it does not parse: then
 * the one before stays. */
bool programs_filter(struct programs_view *v, const char *text, struct parse_error *e) MUST_CHECK;
/* As search_from() of ui/action_impl.h. */
bool programs_search(struct action_context *c, s64 from, s32 step);

/* A click on a line of the body, on a title. */
void programs_click(struct action_context *c, u32 line);
void programs_click_title(struct action_context *c, u32 col);

#endif
