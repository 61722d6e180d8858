/* tests/unit/test_key.c - what terminals send, whole and in pieces. */
#include "tests/unit/test.h"

#include "ui/key.h"

struct row {
	const char *in;
	u32 key;
	u8 mods;
};

static const struct row rows[] = {
	{"a", 'a', 0}, {" ", ' ', 0}, {"\t", KEY_TAB, 0}, {"\r", KEY_ENTER, 0}, {"\n", KEY_ENTER, 0},
	{"\x03", KEY_CTRL('C'), 0}, {"\x7f", KEY_BACKSPACE, 0}, {"\b", KEY_BACKSPACE, 0},
	{"\xc3\xa9", 0xe9, 0}, {"\xe6\xbc\xa2", 0x6f22, 0}, {"\xf0\x9f\x98\x80", 0x1f600, 0},
	{"\xff", KEY_UNKNOWN, 0}, {"\x80", KEY_UNKNOWN, 0}, {"\xed\xa0\x80", KEY_UNKNOWN, 0},
	{"\033a", 'a', MOD_ALT}, {"\033\x7f", KEY_BACKSPACE, MOD_ALT},
	{"\033\xc3\xa9", 0xe9, MOD_ALT}, {"\033\r", KEY_ENTER, MOD_ALT},
	{"\033\t", KEY_BACKTAB, 0},				/* Linux console */
	{"\033[Z", KEY_BACKTAB, 0}, {"\033[1;2Z", KEY_BACKTAB, MOD_SHIFT},
	{"\033[A", KEY_UP, 0}, {"\033OB", KEY_DOWN, 0}, {"\033[1;5C", KEY_RIGHT, MOD_CTRL},
	{"\033[1;2D", KEY_LEFT, MOD_SHIFT}, {"\033[1;8A", KEY_UP, MOD_SHIFT | MOD_ALT | MOD_CTRL},
	{"\033[1;9A", KEY_UP, MOD_ALT},				/* Meta */
	{"\033[a", KEY_UP, MOD_SHIFT}, {"\033Od", KEY_LEFT, MOD_CTRL},	/* rxvt */
	{"\033\033[A", KEY_UP, MOD_ALT}, {"\033\033OA", KEY_UP, MOD_ALT},
	{"\033[H", KEY_HOME, 0}, {"\033OH", KEY_HOME, 0},
	{"\033[1~", KEY_HOME, 0}, {"\033[7~", KEY_HOME, 0},
	{"\033[F", KEY_END, 0}, {"\033OF", KEY_END, 0}, {"\033[4~", KEY_END, 0}, {"\033[8~", KEY_END, 0},
	{"\033[2~", KEY_INSERT, 0}, {"\033[3~", KEY_DELETE, 0}, {"\033[5~", KEY_PGUP, 0},
	{"\033[6~", KEY_PGDN, 0}, {"\033[3;5~", KEY_DELETE, MOD_CTRL},
	{"\033[3$", KEY_DELETE, MOD_SHIFT}, {"\033[3^", KEY_DELETE, MOD_CTRL},	/* rxvt */
	{"\033[3@", KEY_DELETE, MOD_SHIFT | MOD_CTRL},
	{"\033OP", KEY_F1, 0}, {"\033OS", KEY_F4, 0},
	{"\033[P", KEY_F1, 0},
	{"\033O5P", KEY_F1, MOD_CTRL},
	{"\033[1;2P", KEY_F1, MOD_SHIFT}, {"\033[1;5R", KEY_F3, MOD_CTRL}, {"\033OR", KEY_F3, 0},
	{"\033[11~", KEY_F1, 0}, {"\033[14~", KEY_F4, 0},
	{"\033[15~", KEY_F5, 0}, {"\033[17~", KEY_F6, 0},
	{"\033[18~", KEY_F7, 0}, {"\033[19~", KEY_F8, 0},
	{"\033[20~", KEY_F9, 0}, {"\033[21~", KEY_F10, 0},
	{"\033[23~", KEY_F11, 0}, {"\033[24~", KEY_F12, 0}, {"\033[24;5~", KEY_F12, MOD_CTRL},
	{"\033[25~", KEY_F1, MOD_SHIFT}, {"\033[[A", KEY_F1, 0}, {"\033[[E", KEY_F5, 0},
	{"\033Ok", '+', 0}, {"\033OM", KEY_ENTER, 0}, {"\033Oy", '9', 0},
	{"\033[97;5u", KEY_CTRL('a'), 0}, {"\033[27u", KEY_ESC, 0}, {"\033[107;3u", 'k', MOD_ALT},
	{"\033[[Z", KEY_UNKNOWN, 0}, {"\033[99~", KEY_UNKNOWN, 0}, {"\033[9999999999999~", KEY_UNKNOWN, 0},
	{"\033[E", KEY_UNKNOWN, 0}, {"\033[I", KEY_UNKNOWN, 0}, {"\033Oz", KEY_UNKNOWN, 0},
	{"\033[1;2;3;4;5;6;7A", KEY_UP, MOD_SHIFT},
	/* what was cut off is gone, what came after counts */
	{"\xe2\x82k", 'k', 0}, {"\033[1;\033[B", KEY_DOWN, 0}, {"\033[12\x03", KEY_CTRL('C'), 0},
	/* answers and reports: no part of them is a key */
	{"\033]11;rgb:0000/k/q\033\\j", 'j', 0}, {"\033]0;kkk\aj", 'j', 0},
	{"\033P1$r0m\033\\j", 'j', 0}, {"\033[?2026;1$yj", 'j', 0}, {"\033[?64;1;22cj", 'j', 0},
	{"\033[>0;276;0cj", 'j', 0}, {"\033_Gi=1;OK\033\\j", 'j', 0}, {"\033]0;k\033[Aj", KEY_UP, 0},
	{"\033[M k9j", 'j', 0},					/* X10 mouse */
	{"\033[<0;10;5mj", 'j', 0},				/* SGR release */
	{"\033[<35;10;5Mj", 'j', 0},				/* motion */
	{"\033[201~j", 'j', 0},					/* no paste to end */
};

/* The first event of s; *left: the bytes behind it. */
static struct event feed_all(struct key_parser *p, const char *s, size_t *left)
{
	struct event ev = {0};
	size_t n = strlen(s);

	*left = 0;
	for (size_t i = 0; i < n; i++) {
		if (key_feed(p, (u8)s[i], &ev)) {
			*left = n - i - 1;
			return ev;
		}
	}
	return ev;
}

static void test_keys(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct key_parser p = {0};
		size_t left;
		struct event ev = feed_all(&p, rows[i].in, &left);

		CHECK_EQ_ROW(i, ev.kind, EVENT_KEY);
		CHECK_EQ_ROW(i, ev.key, rows[i].key);
		CHECK_EQ_ROW(i, ev.mods, rows[i].mods);
		CHECK_ROW(i, !key_waiting(&p));
		CHECK_ROW(i, left == 0 || rows[i].key == KEY_UP);
	}
}

static void test_timeout(void)
{
	static const struct {
		const char *in;
		bool event;
		u32 key;
		u8 mods;
	} cut[] = {
		{"\033", true, KEY_ESC, 0}, {"\033\033", true, KEY_ESC, 0}, {"\033[", true, '[', MOD_ALT},
		{"\033O", true, 'O', MOD_ALT}, {"\033P", true, 'P', MOD_ALT},
		{"\033[1;", true, KEY_UNKNOWN, 0},
		{"\033\xc3", true, KEY_UNKNOWN, 0}, {"\xc3", false, 0, 0}, {"", false, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(cut); i++) {
		struct key_parser p = {0};
		struct event ev;
		size_t left;

		ev = feed_all(&p, cut[i].in, &left);
		CHECK_EQ_ROW(i, ev.kind, EVENT_NONE);
		CHECK_ROW(i, key_waiting(&p) == (*cut[i].in != '\0'));
		CHECK_ROW(i, key_timeout(&p, &ev) == cut[i].event);
		CHECK_EQ_ROW(i, ev.key, cut[i].key);
		CHECK_EQ_ROW(i, ev.mods, cut[i].mods);
		ev = feed_all(&p, "x", &left);
		CHECK_EQ_ROW(i, ev.key, 'x');
	}
}

static void test_mouse(void)
{
	static const struct {
		const char *in;
		u8 button, mods;
		u32 row, col;
	} presses[] = {
		{"\033[<0;10;5M", MOUSE_LEFT, 0, 4, 9}, {"\033[<1;1;1M", MOUSE_MIDDLE, 0, 0, 0},
		{"\033[<2;500;300M", MOUSE_RIGHT, 0, 299, 499}, {"\033[<64;3;2M", MOUSE_WHEEL_UP, 0, 1, 2},
		{"\033[<65;3;2M", MOUSE_WHEEL_DOWN, 0, 1, 2}, {"\033[<66;3;2M", MOUSE_OTHER, 0, 1, 2},
		{"\033[<128;3;2M", MOUSE_OTHER, 0, 1, 2},
		{"\033[<20;3;2M", MOUSE_LEFT, MOD_SHIFT | MOD_CTRL, 1, 2},
	};

	for (size_t i = 0; i < ARRAY_LEN(presses); i++) {
		struct key_parser p = {0};
		size_t left;
		struct event ev = feed_all(&p, presses[i].in, &left);

		CHECK_EQ_ROW(i, ev.kind, EVENT_MOUSE);
		CHECK_EQ_ROW(i, ev.button, presses[i].button);
		CHECK_EQ_ROW(i, ev.mods, presses[i].mods);
		CHECK_EQ_ROW(i, ev.row, presses[i].row);
		CHECK_EQ_ROW(i, ev.col, presses[i].col);
	}
}

static void test_size(void)
{
	struct key_parser p = {0};
	size_t left;
	struct event ev = feed_all(&p, "\033[24;80R", &left);

	CHECK_EQ(ev.kind, EVENT_SIZE);
	CHECK_EQ(ev.row, 24);
	CHECK_EQ(ev.col, 80);
	ev = feed_all(&p, "\033[1;80R", &left);
	CHECK_EQ(ev.kind, EVENT_SIZE);
}

/* Nothing inside a paste is a key, whatever it looks like. */
static void test_paste(void)
{
	static const char in[] = "\033[200~k\r\033[A\033OP\033\xc3\xa9\033]0;q\a"
				 "\033[<0;1;1M\xe6\xbc\xa2\033[201~";
	static const u32 want[] = {'k', '\r', 0x6f22};
	struct key_parser p = {0};
	struct event ev;
	size_t n = 0, ends = 0, left;

	for (size_t i = 0; i + 1 < sizeof(in); i++) {
		if (!key_feed(&p, (u8)in[i], &ev))
			continue;
		CHECK(ev.kind == EVENT_PASTE || ev.kind == EVENT_PASTE_END);
		ends += ev.kind == EVENT_PASTE_END;
		if (ev.kind == EVENT_PASTE && n < ARRAY_LEN(want))
			CHECK_EQ_ROW(n, ev.key, want[n]);
		n += ev.kind == EVENT_PASTE;
	}
	CHECK_EQ(n, ARRAY_LEN(want));
	CHECK_EQ(ends, 1);
	ev = feed_all(&p, "k", &left);
	CHECK_EQ(ev.kind, EVENT_KEY);
	/* its end was lost: Escape brings the keys back */
	ev = feed_all(&p, "\033[200~k", &left);
	CHECK_EQ(ev.kind, EVENT_PASTE);
	ev = feed_all(&p, "\033", &left);
	CHECK(key_timeout(&p, &ev));
	CHECK_EQ(ev.kind, EVENT_PASTE_END);
	CHECK(!p.pasting);
}

static void test_overlong(void)
{
	static const char *const begin[] = {
		"\033[1", "\033O1", "\033]k", "\033P", "\033[?1", "\033[<1;1",
	};

	for (size_t i = 0; i < ARRAY_LEN(begin); i++) {
		struct key_parser p = {0};
		struct event ev;
		size_t left;

		CHECK_EQ_ROW(i, feed_all(&p, begin[i], &left).kind, EVENT_NONE);
		for (int n = 0; n < 1000; n++)
			CHECK_ROW(i, !key_feed(&p, '1', &ev));
		if (i == 2 || i == 3) {
			CHECK_ROW(i, !key_feed(&p, 0x1b, &ev));
			CHECK_ROW(i, !key_feed(&p, '\\', &ev));
		} else {
			CHECK_ROW(i, key_feed(&p, 'A', &ev));
			CHECK_EQ_ROW(i, ev.key, KEY_UNKNOWN);
		}
		CHECK_EQ_ROW(i, feed_all(&p, "x", &left).key, 'x');
	}
}

TESTS(key, {"keys", test_keys}, {"timeout", test_timeout}, {"mouse", test_mouse},
      {"size", test_size}, {"paste", test_paste}, {"overlong", test_overlong})
