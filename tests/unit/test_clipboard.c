/* tests/unit/test_clipboard.c - what is written to set the clipboard, byte by byte. */
#include "tests/unit/test.h"
#include "ui/clipboard.h"

static char buf[CLIPBOARD_ROOM];

static struct out put(enum clipboard_via via, struct bytes text)
{
	struct out o = {.buf = buf, .cap = sizeof(buf) - 1};

	clipboard_put(&o, via, text);
	CHECK(!o.full);
	buf[o.len] = 0;
	return o;
}

/* RFC 4648, section 10 */
static void base64(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"f", "\033]52;c;Zg==\a"}, {"fo", "\033]52;c;Zm8=\a"}, {"foo", "\033]52;c;Zm9v\a"},
		{"foob", "\033]52;c;Zm9vYg==\a"}, {"fooba", "\033]52;c;Zm9vYmE=\a"},
		{"foobar", "\033]52;c;Zm9vYmFy\a"}, {"\xff\xef\xbe", "\033]52;c;/+++\a"},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		put(CLIPBOARD_DIRECT, (struct bytes){(const u8 *)rows[i].text, strlen(rows[i].text)});
		CHECK_STR_ROW(i, buf, rows[i].want);
	}
}

static void through_tmux(void)
{
	put(CLIPBOARD_TMUX, BYTES_LIT("foo"));
	CHECK_STR(buf, "\033]52;c;Zm9v\a\033Ptmux;\033\033]52;c;Zm9v\a\033\\");
}

/* Without the wrapping it is the sequence as it is, and no string is longer than
 * what screen keeps. */
static void through_screen(void)
{
	static u8 text[CLIPBOARD_TEXT];
	static char plain[sizeof(buf)];
	struct bytes all = {text, sizeof(text)};
	struct out o;
	size_t at = 0, n = 0, last = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (u8)(i * 7);
	put(CLIPBOARD_SCREEN, BYTES_LIT("foo"));
	CHECK_STR(buf, "\033P\033]52;c;Zm9v\a\033\\");
	o = put(CLIPBOARD_SCREEN, all);
	while (at < o.len) {
		const char *end = strstr(buf + at, "\033\\");

		CHECK(!strncmp(buf + at, "\033P", 2) && end);
		if (!end)
			return;
		last = (size_t)(end - (buf + at)) - 2;
		CHECK(last < 768);
		memcpy(plain + n, buf + at + 2, last);
		n += last;
		at = (size_t)(end - buf) + 2;
	}
	o = put(CLIPBOARD_DIRECT, all);
	CHECK_EQ(n, o.len);
	CHECK(!memcmp(plain, buf, n));
	CHECK(o.len < 74994);
}

static void the_largest_fits(void)
{
	static u8 text[CLIPBOARD_TEXT];

	for (u32 via = CLIPBOARD_DIRECT; via <= CLIPBOARD_SCREEN; via++)
		put((enum clipboard_via)via, (struct bytes){text, sizeof(text)});
}

static void what_is_in_between(void)
{
	static const struct {
		const char *term, *tmux, *sty;
		enum clipboard_via want;
	} rows[] = {
		{"xterm-256color", "", "", CLIPBOARD_DIRECT},
		{"tmux-256color", "/tmp/tmux,1,0", "", CLIPBOARD_TMUX},
		{"tmux-256color", "", "", CLIPBOARD_TMUX},	/* over ssh */
		{"screen-256color", "/tmp/tmux,1,0", "", CLIPBOARD_TMUX},
		{"screen-256color", "", "", CLIPBOARD_SCREEN},
		{"xterm", "", "1.pts-0.host", CLIPBOARD_SCREEN},
		{"", "", "", CLIPBOARD_DIRECT},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, clipboard_via(rows[i].term, rows[i].tmux, rows[i].sty), rows[i].want);
}

TESTS(clipboard, {"base64", base64}, {"through_tmux", through_tmux}, {"through_screen", through_screen},
      {"the_largest_fits", the_largest_fits}, {"what_is_in_between", what_is_in_between})
