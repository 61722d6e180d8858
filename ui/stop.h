/* ui/stop.h - freezing, thawing and ending from the keyboard: whom, asked with
 * everybody who stops, done a piece at a time by the loop, and told. */
#ifndef UI_STOP_H
#define UI_STOP_H

#include "ui/view.h"

/* Opens the dialog for those chosen (ui/chosen.h): who is not frozen is frozen, who is,
 * is thawed; where cgroups are among them, these, with everybody in them.  now: no dialog, and only who is frozen.  False, and it is said why. */
bool stop_ask(struct ui_state *ui, const struct frame *f, bool now);

/* In an emergency: freezes at once what the dialog would by default, but the process
 * alone where that is guarded; and asks only where that is guarded as well.  Never
 * thaws: a key that is pressed twice must not. */
bool stop_at_once(struct ui_state *ui, const struct frame *f, const struct task *t);

void stop_choose(struct ui_state *ui, const struct frame *f, s32 step);
void stop_confirm(struct ui_state *ui, const struct frame *f);
void stop_close(struct ui_state *ui);
/* A letter of the word that a guarded one takes; 0 takes them back. */
void stop_type(struct ui_state *ui, const struct frame *f, u32 key);
void stop_scroll(struct ui_state *ui, s64 top, u32 rows);

/* For the loop: reads what the dialog is to show, does the next piece.  True when
 * something changed that must be drawn. */
bool stop_perform(struct ui_state *ui, u64 now_ns);
/* The kernel's word is waited for: readable with POLLPRI, -1: nothing; and when to
 * look without it. */
int stop_fd(void);
u64 stop_next_ns(const struct ui_state *ui);

/* What an earlier run left in the middle is offered to be undone, once. */
void stop_offer(struct ui_state *ui, u64 now_ns);

void stop_draw(struct surface *title, struct surface *body, struct ui_state *ui, const struct frame *f);

#endif
