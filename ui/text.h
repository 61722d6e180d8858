/* ui/text.h - text from other processes, made safe to show.
 *
 * The one funnel for foreign bytes on their way to a screen or a plain frame:
 * control characters (C0, DEL, C1), bidirectional overrides and isolates,
 * invisible format characters, broken UTF-8 and unassigned planes come out as
 * '?'; everything else as itself with the width a terminal gives it. */
#ifndef UI_TEXT_H
#define UI_TEXT_H

#include "loader/base.h"

enum { GLYPH_BYTES = 12 };

/* One screen position's worth of text: a character and the combining marks
 * that fit behind it. */
struct glyph {
	char utf8[GLYPH_BYTES];
	u8 len;
	u8 width;		/* 1 or 2 columns */
};

/* Whether s (n > 0) begins with what nearly all text is: printable ASCII, no mark
 * behind it. */
static inline bool text_plain(struct bytes s)
{
	return s.p[0] >= 0x20 && s.p[0] < 0x7f && (s.n == 1 || s.p[1] < 0x80);
}

/* Reads the next glyph of s (n > 0); returns how many bytes it took, at least
 * one.  ascii: whatever is not ASCII becomes '?'. */
size_t text_next(struct bytes s, bool ascii, struct glyph *g);

/* Columns that all of s takes. */
u32 text_width(struct bytes s, bool ascii);

/* Decodes one well-formed UTF-8 sequence; its length, 0 when there is none.
 * Overlong forms, surrogates and values past U+10FFFF are not well formed. */
size_t utf8_decode(struct bytes s, u32 *codepoint);

#endif
