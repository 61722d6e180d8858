/* ui/field.c - see ui/field.h. */
#include "ui/field.h"

/* RFC 3629; 0 for what is no character to be typed. */
static size_t encode(u32 c, char dst[static 4])
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return 0;
	if (c < 0x80) {
		dst[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		dst[0] = (char)(0xc0 | c >> 6);
		dst[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		dst[0] = (char)(0xe0 | c >> 12);
		dst[1] = (char)(0x80 | (c >> 6 & 0x3f));
		dst[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	dst[0] = (char)(0xf0 | c >> 18);
	dst[1] = (char)(0x80 | (c >> 12 & 0x3f));
	dst[2] = (char)(0x80 | (c >> 6 & 0x3f));
	dst[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

bool field_insert(char *text, size_t cap, u32 *at, u32 codepoint)
{
	char utf8[4];
	size_t n = encode(codepoint, utf8), len = strlen(text);

	if (!n || len + n >= cap)
		return false;
	memmove(text + *at + n, text + *at, len + 1 - *at);
	memcpy(text + *at, utf8, n);
	*at += (u32)n;
	return true;
}

static bool inside(const char *text, size_t at)
{
	return ((unsigned char)text[at] & 0xc0) == 0x80;
}

static size_t word_back(const char *text, size_t at)
{
	while (at && text[at - 1] == ' ')
		at--;
	while (at && text[at - 1] != ' ')
		at--;
	return at;
}

static size_t goes_to(const char *text, size_t at, u32 move)
{
	size_t len = strlen(text);

	switch (move & ~(u32)FIELD_KILL) {
	case FIELD_BACK:
		for (at -= at > 0; at && inside(text, at); at--)
			;
		return at;
	case FIELD_ON:
		for (at += at < len; inside(text, at); at++)
			;
		return at;
	case FIELD_WORD_BACK:
		return word_back(text, at);
	case FIELD_WORD_ON:
		at += strspn(text + at, " ");
		return at + strcspn(text + at, " ");
	case FIELD_BEGIN:
		return 0;
	default:
		return len;
	}
}

bool field_move(char *text, u32 *at, u32 move)
{
	size_t from = *at, to = goes_to(text, from, move);

	if (!(move & FIELD_KILL)) {
		*at = (u32)to;
		return false;
	}
	*at = (u32)MIN(from, to);
	to = MAX(from, to);
	memmove(text + *at, text + to, strlen(text + to) + 1);
	return to != *at;
}

/* ---- history ---- */

void history_keep(struct line_history *h, const char *text)
{
	h->back = 0;
	if (!*text || (h->n && !strcmp(text, h->line[h->n - 1])))
		return;
	if (h->n == HISTORY_LINES)
		memmove(h->line, h->line + 1, (size_t)--h->n * sizeof(h->line[0]));
	memcpy(h->line[h->n++], text, strlen(text) + 1);
}

bool history_look(struct line_history *h, char *text, s32 back)
{
	s64 to = (s64)h->back + back;

	if (to < 0 || to > h->n)
		return false;
	if (!h->back)
		memcpy(h->typed, text, FIELD_TEXT);
	h->back = (u32)to;
	memcpy(text, to ? h->line[h->n - to] : h->typed, FIELD_TEXT);
	return true;
}
