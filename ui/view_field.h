/* ui/view_field.h - the search or the filter that is being typed, at the right
 * of the line of keys, and what is wrong with it. */
#ifndef UI_VIEW_FIELD_H
#define UI_VIEW_FIELD_H

#include "ui/view.h"

/* The text that is being typed. */
const char *field_typed(const struct ui_state *ui);
bool field_is_search(const struct ui_state *ui);

/* s: the line of keys; col: where the field begins. */
void field_draw(struct surface *s, u32 col, const struct ui_state *ui);

/* Why the text is no filter, or NULL. */
const char *field_error(const struct ui_state *ui);

/* Says it in the line above, with a mark over the character. */
void field_error_draw(struct surface *s, const struct ui_state *ui);

/* The byte of the text that stands in a column of the screen, or the last one
 * before it. */
u32 field_byte_at(const struct ui_state *ui, u32 cols, u32 col);

#endif
