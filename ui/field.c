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

bool field_insert(char *text, size_t cap, u32 codepoint)
{
	char utf8[4];
	size_t n = encode(codepoint, utf8), len = strlen(text);

	if (!n || len + n >= cap)
		return false;
	memcpy(text + len, utf8, n);
	text[len + n] = 0;
	return true;
}

bool field_erase(char *text)
{
	size_t len = strlen(text);

	if (!len)
		return false;
	do
		len--;
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80);
	text[len] = 0;
	return true;
}

bool field_erase_word(char *text)
{
	size_t len = strlen(text), n = len;

	while (n && text[n - 1] == ' ')
		n--;
	while (n && text[n - 1] != ' ')
		n--;
	text[n] = 0;
	return n != len;
}
