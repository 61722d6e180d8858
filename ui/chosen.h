/* ui/chosen.h - whom an action is for: in visual mode the range, else the tagged
 * ones that are in the table, else, and always in an emergency, the one under the
 * cursor. */
#ifndef UI_CHOSEN_H
#define UI_CHOSEN_H

#include "ui/view.h"

struct chosen {
	const struct ui_state *ui;
	const struct frame *f;
	u32 line, end;		/* those still to look at */
	bool tagged;		/* only such */
};

/* The range of visual mode; first and last are the cursor's outside of it. */
void chosen_range(const struct ui_state *ui, const struct frame *f, u32 *first, u32 *last);

/* From the first to the last by line: NULL ends. */
struct chosen chosen_begin(const struct ui_state *ui, const struct frame *f);
const struct task_row *chosen_next(struct chosen *c);

#endif
