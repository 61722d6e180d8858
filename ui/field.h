/* ui/field.h - editing the end of a line of text, as readline does. */
#ifndef UI_FIELD_H
#define UI_FIELD_H

#include "loader/base.h"

/* All take a NUL-terminated UTF-8 text with room for cap bytes in all, and say
 * whether it changed. */
bool field_insert(char *text, size_t cap, u32 codepoint);	/* control characters: no */
bool field_erase(char *text);		/* the last character */
bool field_erase_word(char *text);	/* the last word and the blanks behind it */

#endif
