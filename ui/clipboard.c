/* ui/clipboard.c - see ui/clipboard.h. */
#include "ui/clipboard.h"

/* Base64 characters in one string: GNU screen keeps 768 bytes (MAXSTR). */
enum { SCREEN_CHUNK = 600 };

enum clipboard_via clipboard_via(const char *term, const char *tmux, const char *sty)
{
	if (*tmux || !strncmp(term, "tmux", 4))
		return CLIPBOARD_TMUX;
	return *sty || !strncmp(term, "screen", 6) ? CLIPBOARD_SCREEN : CLIPBOARD_DIRECT;
}

/* RFC 4648, section 4; between is written after every so many characters, 0: never. */
static void put_base64(struct out *o, struct bytes text, u32 chunk, const char *between)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	u32 written = 0;

	for (size_t i = 0; i < text.n; i += 3) {
		size_t n = MIN(text.n - i, (size_t)3);
		u32 v = (u32)text.p[i] << 16;

		if (n > 1)
			v |= (u32)text.p[i + 1] << 8;
		if (n > 2)
			v |= text.p[i + 2];
		if (chunk && written && written % chunk == 0)
			out_str(o, between);
		for (u32 k = 0; k < 4; k++)
			out_char(o, k <= n ? digit[v >> (18 - 6 * k) & 63] : '=');
		written += 4;
	}
}

void clipboard_put(struct out *o, enum clipboard_via via, struct bytes text)
{
	if (via == CLIPBOARD_SCREEN) {
		/* a DCS goes to the terminal as it is; one string spans several */
		out_lit(o, "\033P\033]52;c;");
		put_base64(o, text, SCREEN_CHUNK, "\033\\\033P");
		out_lit(o, "\a\033\\");
		return;
	}
	/* tmux keeps it as a buffer of its own, and hands it on, with set-clipboard on; */
	out_lit(o, "\033]52;c;");
	put_base64(o, text, 0, "");
	out_char(o, '\a');
	if (via != CLIPBOARD_TMUX)
		return;
	/* with another setting only what passes through it gets out (allow-passthrough) */
	out_lit(o, "\033Ptmux;\033\033]52;c;");
	put_base64(o, text, 0, "");
	out_lit(o, "\a\033\\");
}
