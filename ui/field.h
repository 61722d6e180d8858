/* ui/field.h - editing a line of text, as readline does. */
#ifndef UI_FIELD_H
#define UI_FIELD_H

#include "loader/base.h"

/* Where a key goes to; with FIELD_KILL it deletes on its way.  Words end at
 * blanks. */
enum field_move {
	FIELD_BACK, FIELD_ON, FIELD_WORD_BACK, FIELD_WORD_ON, FIELD_BEGIN, FIELD_END,
	FIELD_KILL = 8,
};

/* Both take a NUL-terminated UTF-8 text and the byte at which its cursor stands,
 * at most its length, and say whether the text changed. */
bool field_insert(char *text, size_t cap, u32 *at, u32 codepoint);	/* control characters: no */
bool field_move(char *text, u32 *at, u32 move);			/* enum field_move */

enum { FIELD_TEXT = 128, HISTORY_LINES = 16 };

/* What was typed before, the newest last; zeroed at the begin. */
struct line_history {
	u32 n;
	u32 back;			/* how far back we look; 0: not at all */
	char line[HISTORY_LINES][FIELD_TEXT];
	char typed[FIELD_TEXT];		/* what was there when we began to look back */
};

/* An empty text, and the newest one again, are not kept. */
void history_keep(struct line_history *h, const char *text);
/* Puts the line before (1) or behind (-1) into text, FIELD_TEXT bytes; false
 * when there is none. */
bool history_look(struct line_history *h, char *text, s32 back);

#endif
