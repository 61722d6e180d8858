/* ui/view_program.h - the page about one BPF program: its last minutes as graphs,
 * others laid over them, and all that is known of it.  It stays when the program
 * is unloaded, with what was known. */
#ifndef UI_VIEW_PROGRAM_H
#define UI_VIEW_PROGRAM_H

#include "ui/action.h"

/* Drawn in the place of the table. */
void program_draw(struct surface *title, struct surface *body, struct ui_state *ui, const struct frame *f);

/* From there on it is the page's first line. */
void program_scroll(struct ui_state *ui, s64 top, u32 rows);

void act_program(struct action_context *c);		/* opens it, for the cursor's program */
void act_program_close(struct action_context *c);
void act_program_move(struct action_context *c);	/* arg: lines */
void act_program_page(struct action_context *c);	/* arg: pages */
void act_program_edge(struct action_context *c);	/* arg: -1 first, 1 last line */
void act_program_tag(struct action_context *c);		/* arg: 1 the cursor's, 0 no more tags */

bool programs_tagged(const struct ui_state *ui, struct program_id who);

#endif
