/* ui/setup.h - the screen on which settings are changed.  What is changed holds
 * at once; saving it is another key. */
#ifndef UI_SETUP_H
#define UI_SETUP_H

#include "ui/action.h"

/* What a key does to the item under the cursor; what that is depends on its panel. */
enum setup_op {
	SETUP_ENTER, SETUP_SPACE, SETUP_RENAME, SETUP_STYLE, SETUP_LEFT, SETUP_RIGHT, SETUP_UP,
	SETUP_DOWN, SETUP_REMOVE, SETUP_LEAVE, SETUP_OPS
};

bool setup_mode(const struct ui_state *ui);

/* How the function bar calls it here; NULL: it does nothing here. */
const char *setup_label(const struct ui_state *ui, enum setup_op op);

void setup_draw(struct surface *titles, struct surface *body, struct ui_state *ui);

/* The first click selects, the second does what Enter does. */
bool setup_click(struct action_context *c, const struct event *ev);

/* The text that was being typed is taken, or not. */
void setup_typed(struct ui_state *ui, bool take);

#endif
