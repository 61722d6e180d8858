/* ui/deed.h - what the person wants done to processes: who it is for is settled
 * when the menu opens, then it may be asked for, done by the loop, and told.
 * Later the table may be sorted anew and its processes may end: the targets stay. */
#ifndef UI_DEED_H
#define UI_DEED_H

#include "ui/view.h"

/* Settles who (ui/chosen.h).  False, and it is said why, when there is nobody or nothing may be
 * done. */
bool deed_aim(struct ui_state *ui, const struct frame *f, enum deed_kind kind);

/* Where the cursor is on a cgroup: that it is no process. */
void deed_say_cgroup(struct ui_state *ui, const struct frame *f);

/* That is to be done to them.  What is for many is asked for first. */
void deed_choose(struct ui_state *ui, const struct frame *f, s32 arg);

/* The answer to the question.  Keys that were typed before it could be read do
 * not count. */
void deed_confirm(struct ui_state *ui, const struct frame *f);
void deed_close(struct ui_state *ui);

/* Reads what a menu is to show and opens it; does what is due, and tells.  For
 * the loop. */
void deed_perform(struct ui_state *ui, u64 now_ns);

/* The question or the results, in the place of the table. */
void deed_draw(struct surface *title, struct surface *body, struct ui_state *ui);
void deed_scroll(struct ui_state *ui, s64 top, u32 rows);

#endif
