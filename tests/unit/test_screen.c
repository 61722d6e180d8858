/* tests/unit/test_screen.c - what a frame costs in bytes, and that a terminal
 * which gets them shows that frame. */
#include "tests/unit/test.h"

#include "ui/screen.h"

/* --- golden bytes ---------------------------------------------------------- */

static void golden_check(long row, const struct screen *s, const char *want)
{
	char got[512];

	CHECK_ROW(row, s->out.len < sizeof(got));
	memcpy(got, s->out.buf, MIN(s->out.len, sizeof(got) - 1));
	got[MIN(s->out.len, sizeof(got) - 1)] = '\0';
	for (char *c = got; *c; c++)		/* legible when it fails */
		*c = *c == '\033' ? '^' : *c == '\r' ? '<' : *c == '\n' ? '/' : *c;
	CHECK_STR_ROW(row, got, want);
}

static void test_golden(void)
{
	/* One after the other on 5 rows of 20 columns; ^ is ESC, </ is CR LF. */
	static const struct {
		u32 row, col;
		const char *text;
		enum style style;
		const char *want;
	} rows[] = {
		{0, 0, "abc", STYLE_TEXT, "^[H^[mabc"},
		{0, 0, "abc", STYLE_TEXT, ""},				/* nothing changed */
		{0, 0, "xbz", STYLE_TEXT, "^[H^[mxbz"},			/* b is shorter than a move */
		{4, 19, "!", STYLE_TEXT, "^[5;20H^[m!"},
		{1, 0, "f", STYLE_BOLD, "^[2H^[0;1mf"},
		{2, 0, "g", STYLE_BOLD, "^[3H^[0;1mg"},
		{2, 0, "h", STYLE_BASENAME, "^[3H^[0;1;36mh"},
		{3, 4, "\xe6\xbc\xa2\xe5\xad\x97", STYLE_TEXT, "^[4;5H^[m\xe6\xbc\xa2\xe5\xad\x97"},
		{3, 5, "x", STYLE_TEXT, "^[4;5H^[m x"},			/* half of it goes too */
		{3, 4, "      ", STYLE_TEXT, "^[4;6H^[m   "},		/* too few for an EL */
		{0, 10, "a        b", STYLE_TEXT, "^[1;11H^[ma^[8Cb"},
		{0, 10, "          ", STYLE_TEXT, "^[1;11H^[m^[K"},
		{0, 0, "\xf0\x9f\x98\x80Z\xf0\x9f\x98\x80z", STYLE_TEXT,	/* disputed widths */
		 "^[H^[m\xf0\x9f\x98\x80^[1;3HZ\xf0\x9f\x98\x80^[1;6Hz"},
	};
	struct screen s = {0};

	palette_make(&s.palette, THEME_DEFAULT, NULL, COLOR_16);
	CHECK(!screen_resize(&s, 5, 20));
	screen_diff(&s);
	golden_check(-1, &s, "^[H^[m^[K</^[K</^[K</^[K</^[K");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		surface_str(&s.back, rows[i].row, rows[i].col, rows[i].text, rows[i].style);
		screen_diff(&s);
		golden_check((long)i, &s, rows[i].want);
	}
	screen_free(&s);
}

static void test_golden_rows(void)
{
	struct screen s = {.sync = true};

	palette_make(&s.palette, THEME_DEFAULT, NULL, COLOR_NONE);
	CHECK(!screen_resize(&s, 3, 8));
	screen_diff(&s);
	screen_diff(&s);
	CHECK_EQ(s.out.len, 0);
	surface_str(&s.back, 0, 2, "one", STYLE_BOLD);
	surface_str(&s.back, 1, 0, "two", STYLE_BOLD);
	surface_str(&s.back, 2, 5, "end", STYLE_CURSOR);
	screen_diff(&s);
	golden_check(0, &s, "^[?2026h^[1;3H^[0;1mone</two</^[5C^[0;7mend^[?2026l");
	screen_free(&s);
}

/* From one style to the next only what differs, and none for a blank. */
static void test_golden_styles(void)
{
	static const struct {
		enum theme theme;
		const char *want;
	} rows[] = {
		{THEME_DEFAULT, "^[H^[0;36ma^[1mb c^[0;32md^[me^[30;46m ^[mf"},
		{THEME_GRUVBOX_DARK,
		 "^[H^[0;38;2;142;192;124;48;2;40;40;40ma^[1mb c^[22;38;2;184;187;38md"
		 "^[38;2;235;219;178me^[38;2;40;40;40;48;2;142;192;124m ^[38;2;235;219;178;48;2;40;40;40mf"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct screen s = {0};

		palette_make(&s.palette, rows[i].theme, NULL, COLOR_TRUE);
		CHECK(!screen_resize(&s, 1, 10));
		screen_diff(&s);
		surface_str(&s.back, 0, 0, "a", STYLE_LABEL);
		surface_str(&s.back, 0, 1, "b", STYLE_BASENAME);
		surface_str(&s.back, 0, 2, " ", STYLE_DIM);
		surface_str(&s.back, 0, 3, "c", STYLE_BASENAME);
		surface_str(&s.back, 0, 4, "d", STYLE_RUNNING);
		surface_str(&s.back, 0, 5, "e", STYLE_TEXT);
		surface_str(&s.back, 0, 6, " ", STYLE_CURSOR);
		surface_str(&s.back, 0, 7, "f", STYLE_TEXT);
		screen_diff(&s);
		golden_check((long)i, &s, rows[i].want);
		surface_str(&s.back, 0, 2, " ", STYLE_RUNNING);
		screen_diff(&s);
		CHECK_EQ(s.out.len, 0);		/* it looks the same */
		screen_free(&s);
	}
}

static void test_limits(void)
{
	struct screen s = {0};

	palette_make(&s.palette, THEME_DEFAULT, NULL, COLOR_256);
	CHECK(!screen_resize(&s, 0, 5000));
	CHECK_EQ(s.back.rows, 1);
	CHECK_EQ(s.back.cols, 1000);
	screen_diff(&s);
	CHECK(s.out.len > 0 && !s.repaint);
	CHECK(!screen_resize(&s, 1, 1000));
	CHECK(s.repaint);
	s.out.cap = 3;
	screen_diff(&s);
	CHECK(s.repaint);			/* it did not fit: once more */
	screen_free(&s);
	screen_free(&s);
	screen_diff(&s);
	CHECK_EQ(s.out.len, 0);
}

/* Every element of every theme at every depth: one sequence, of that depth. */
static void check_style(const struct palette *p, int from, int style, int depth)
{
	char buf[64];
	struct out o = {buf, sizeof(buf), 0, false};
	bool rgb, many;

	style_put(&o, p, (enum style)from, (enum style)style);
	if (!o.len) {
		CHECK_ROW(style, !memcmp(&p->look[from], &p->look[style], sizeof(p->look[from])));
		return;
	}
	buf[o.len] = 0;
	rgb = strstr(buf, "38;2;") || strstr(buf, "48;2;");
	many = strstr(buf, "38;5;") || strstr(buf, "48;5;");
	CHECK_ROW(style, o.len >= 3 && o.len <= STYLE_PUT_MAX);
	CHECK_ROW(style, !memcmp(buf, "\033[", 2) && buf[o.len - 1] == 'm');
	CHECK_ROW(style, !rgb || depth == COLOR_TRUE);
	CHECK_ROW(style, !many || depth >= COLOR_256);
	CHECK_ROW(style, depth >= COLOR_16 || (!strstr(buf, ";9") && !strstr(buf, ";10")));
	for (size_t at = 2; depth == COLOR_NONE && at + 1 < o.len; at++)
		CHECK_ROW(style, strchr("0147;", buf[at]));
}

static void test_styles(void)
{
	struct palette p;

	for (int depth = COLOR_NONE; depth <= COLOR_TRUE; depth++) {
		for (int theme = 0; theme < THEME_N; theme++) {
			palette_make(&p, (enum theme)theme, NULL, (enum color_depth)depth);
			for (int i = 0; i < STYLE_N; i++)
				for (int from = 0; from <= STYLE_N; from++)
					check_style(&p, from, i, depth);
		}
	}
	for (int i = 0; i < STYLE_N; i++)
		CHECK_ROW(i, style_name((enum style)i));
}

/* What a person's own colour becomes where there are fewer. */
static void test_nearest_colour(void)
{
	static const struct {
		struct look look;
		enum color_depth depth;
		const char *want;
	} rows[] = {
		{{INK_RGB | 0xff0000, 0, 0, true}, COLOR_TRUE, "0;38;2;255;0;0"},
		{{INK_RGB | 0xff0000, 0, 0, true}, COLOR_256, "0;38;5;196"},
		{{INK_RGB | 0xff0000, 0, 0, true}, COLOR_16, "0;91"},
		{{INK_RGB | 0xff0000, 0, 0, true}, COLOR_8, "0;1;31"},
		{{INK_RGB | 0xff0000, 0, 0, true}, COLOR_NONE, ""},
		{{INK_RGB | 0x121212, INK_RGB | 0xeeeeee, 0, true}, COLOR_256, "0;38;5;233;48;5;255"},
		{{INK_RGB | 0x121212, INK_RGB | 0xeeeeee, 0, true}, COLOR_16, "0;30;47"},
		{{INK_INDEX | 244, 0, 0, true}, COLOR_256, "0;38;5;244"},
		{{INK_INDEX | 244, 0, 0, true}, COLOR_16, "0;90"},
		{{INK_INDEX | 244, 0, 0, true}, COLOR_8, "0;1;30"},
		{{INK_INDEX | 12, INK_INDEX | 9, 0, true}, COLOR_16, "0;94;101"},
		{{INK_INDEX | 12, INK_INDEX | 9, 0, true}, COLOR_8, "0;1;34;41"},
		{{INK_INDEX | 3, 0, ATTR_BOLD | ATTR_UNDERLINE | ATTR_REVERSE, true}, COLOR_8, "0;1;4;7;33"},
		{{INK_INDEX | 3, 0, ATTR_BOLD, true}, COLOR_NONE, "0;1"},
	};
	struct look own[STYLE_N] = {0};
	struct palette p;
	char got[STYLE_PUT_MAX + 1];
	struct out o = {.buf = got, .cap = STYLE_PUT_MAX};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		own[STYLE_BAR_USER] = rows[i].look;
		palette_make(&p, THEME_DEFAULT, own, rows[i].depth);
		o.len = 0;
		style_put(&o, &p, STYLE_N, STYLE_BAR_USER);
		got[o.len - 1] = 0;
		CHECK_STR_ROW(i, got + 2, rows[i].want);
	}
}

/* --- a terminal that reads along -------------------------------------------- */

enum { MAX_CELLS = 200 * 50, LOOK_UNKNOWN = 0x80 };

struct seen {
	char utf8[GLYPH_BYTES];
	struct look look;
	u8 len, width;			/* 0, 0: right half; len 0xff: garbage */
};

static struct {
	struct seen cell[MAX_CELLS];
	u32 rows, cols, row, col;
	bool lost;			/* width was disputed: nobody knows where the cursor is */
	struct look look;
	const char *wrong;
} vt;

static struct seen *vt_cell(u32 row, u32 col)
{
	return &vt.cell[row * vt.cols + col];
}

static void vt_reset(u32 rows, u32 cols)
{
	memset(&vt, 0xff, sizeof(vt));
	vt.rows = rows;
	vt.cols = cols;
	vt.row = vt.col = 0;
	vt.lost = false;
	vt.wrong = NULL;
	vt.look = (struct look){.attr = LOOK_UNKNOWN};
}

static void vt_spoil(struct seen *c)
{
	c->len = 0xff;
}

/* Writing over half of a wide character leaves garbage in the other. */
static void vt_put(const struct glyph *g)
{
	struct seen *c = vt_cell(vt.row, vt.col);

	if (vt.lost)
		vt.wrong = "text without a position";
	if (vt.col + g->width > vt.cols) {
		vt.wrong = "past the last column";
		return;
	}
	if (vt.col > 0 && c->len == 0 && c[-1].width == 2)
		vt_spoil(&c[-1]);
	if (vt.col + g->width < vt.cols && c[g->width].len == 0)
		vt_spoil(&c[g->width]);
	memcpy(c->utf8, g->utf8, sizeof(c->utf8));
	c->len = g->len;
	c->width = g->width;
	c->look = vt.look;
	if (g->width == 2)
		c[1].len = c[1].width = 0;
	vt.col += g->width;
	vt.lost = g->len > 3 || vt.col == vt.cols || (g->width == 2 && (u8)g->utf8[0] == 0xe2);
}

static void vt_erase_line(void)
{
	struct seen blank = {.utf8 = " ", .len = 1, .width = 1};

	if (vt.lost || vt.look.bg || vt.look.attr & ~ATTR_BOLD)
		vt.wrong = "erased somewhere, or in a colour";
	if (vt.col > 0 && vt_cell(vt.row, vt.col)->len == 0)
		vt_spoil(vt_cell(vt.row, vt.col - 1));
	for (u32 col = vt.col; col < vt.cols; col++)
		*vt_cell(vt.row, col) = blank;
}

/* 38 and 48 and their numbers; how many those are. */
static size_t vt_ink(u32 *ink, const u32 *v, size_t n)
{
	if (n >= 3 && v[1] == 5) {
		*ink = INK_INDEX | v[2];
		return 3;
	}
	if (n >= 5 && v[1] == 2) {
		*ink = INK_RGB | v[2] << 16 | v[3] << 8 | v[4];
		return 5;
	}
	vt.wrong = "half a colour";
	return n;
}

static void vt_attribute(u32 v)
{
	struct look *l = &vt.look;

	if (v == 0)
		*l = (struct look){0};
	else if (v == 1 || v == 4 || v == 7)
		l->attr |= v == 1 ? ATTR_BOLD : v == 4 ? ATTR_UNDERLINE : ATTR_REVERSE;
	else if (v == 22 || v == 24 || v == 27)
		l->attr &= (u8)~(v == 22 ? ATTR_BOLD : v == 24 ? ATTR_UNDERLINE : ATTR_REVERSE);
	else if ((v >= 30 && v <= 37) || (v >= 90 && v <= 97))
		l->fg = INK_INDEX | (v < 40 ? v - 30 : v - 90 + 8);
	else if ((v >= 40 && v <= 47) || (v >= 100 && v <= 107))
		l->bg = INK_INDEX | (v < 50 ? v - 40 : v - 100 + 8);
	else if (v == 39)
		l->fg = 0;
	else if (v == 49)
		l->bg = 0;
	else
		vt.wrong = "unknown attribute";
}

static void vt_sgr(const char *s, size_t n)
{
	u32 v[16] = {0};
	size_t nv = 1;

	for (size_t i = 0; i < n && nv < ARRAY_LEN(v); i++) {
		if (s[i] == ';')
			nv++;
		else
			v[nv - 1] = v[nv - 1] * 10 + (u32)(s[i] - '0');
	}
	for (size_t i = 0; i < nv;) {
		if (v[i] == 38 || v[i] == 48) {
			i += vt_ink(v[i] == 38 ? &vt.look.fg : &vt.look.bg, &v[i], nv - i);
		} else {
			vt_attribute(v[i++]);
		}
	}
}

static void vt_csi(const char *s, size_t n, char final)
{
	u32 v[2] = {0, 0}, i = 0;

	for (size_t at = 0; at < n && final != 'm' && *s != '?'; at++) {
		if (s[at] == ';')
			i = 1;
		else
			v[i] = v[i] * 10 + (u32)(s[at] - '0');
	}
	switch (final) {
	case 'H':
		vt.row = (v[0] ? v[0] : 1) - 1;
		vt.col = (v[1] ? v[1] : 1) - 1;
		vt.lost = vt.row >= vt.rows || vt.col >= vt.cols;
		break;
	case 'C':
		vt.col += v[0] ? v[0] : 1;
		if (vt.lost || vt.col >= vt.cols)
			vt.wrong = "CUF from or to nowhere";
		break;
	case 'K':
		vt_erase_line();
		break;
	case 'm':
		vt_sgr(s, n);
		break;
	default:
		if (n < 5 || memcmp(s, "?2026", 5) != 0)
			vt.wrong = "unknown sequence";
	}
}

static void vt_feed(struct bytes b)
{
	for (size_t i = 0; i < b.n && !vt.wrong;) {
		const char *s = (const char *)b.p + i;
		struct glyph g;
		size_t n = 2;

		if (*s == '\r' && s[1] == '\n') {
			if (vt.lost || ++vt.row >= vt.rows)
				vt.wrong = "line feed scrolls";
			vt.col = 0;
			i += 2;
		} else if (*s == '\033') {
			while (i + n < b.n && (u8)s[n] < 0x40)
				n++;
			vt_csi(s + 2, n - 2, s[n]);
			i += n + 1;
		} else {
			i += text_next((struct bytes){b.p + i, b.n - i}, false, &g);
			vt_put(&g);
		}
	}
}

/* Of a blank nobody sees bold, nor a colour of letters without a line or reverse. */
static bool vt_looks(const struct seen *c, struct look want)
{
	struct look got = c->look;

	if (c->len == 1 && c->utf8[0] == ' ') {
		got.attr &= (u8)~ATTR_BOLD;
		want.attr &= (u8)~ATTR_BOLD;
		if (!got.attr && !want.attr)
			got.fg = want.fg = 0;
	}
	return got.attr == want.attr && got.fg == want.fg && got.bg == want.bg;
}

static bool vt_shows(const struct screen *s)
{
	for (u32 i = 0; i < vt.rows * vt.cols; i++) {
		const struct cell *c = &s->back.cell[i];

		if (vt.cell[i].len != c->len)
			return false;
		if (c->len && (memcmp(vt.cell[i].utf8, c->utf8, c->len) ||
			       !vt_looks(&vt.cell[i], s->palette.look[c->style])))
			return false;
	}
	return true;
}

/* --- property: whatever is drawn is what stands there ------------------------ */

static u32 random_below(u32 n)
{
	static u64 seed = 88172645463325252u;	/* xorshift64 */

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (u32)(seed >> 32) % n;
}

static void draw_something(struct surface *s)
{
	static const char *const texts[] = {
		"postgres: writer", " ", "                    ", "\xe6\xbc\xa2\xe5\xad\x97",
		"\xf0\x9f\x98\x80", "e\xcc\x81t\xc3\xa9", "a\xe6\xbc\xa2", "\xe2\x9a\xa1 \xe2\x94\x82",
		"0.0", "\033[2J", "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",
	};
	u32 row = random_below(s->rows), col = random_below(s->cols), n = 1 + random_below(s->cols);
	enum style style = random_below(3) ? STYLE_TEXT : (enum style)random_below(STYLE_N);
	struct surface part;

	switch (random_below(16)) {
	case 0:
		surface_fill(s, row, col, n, random_below(2) ? ' ' : '|', style);
		break;
	case 1:
		surface_style(s, row, col, n, style);
		break;
	case 2:			/* a view that gets it wrong */
		s->cell[row * s->stride + col] = (struct cell){.len = (u8)random_below(2), .width = 2};
		break;
	case 3:
		part = surface_part(s, row, col, 3, n);
		surface_clear(&part, style);
		break;
	case 4:
		if (!random_below(20))
			surface_clear(s, style);
		break;
	default:
		surface_str(s, row, col, texts[random_below(ARRAY_LEN(texts))], style);
	}
}

static void play(u32 rows, u32 cols, u32 frames, enum color_depth depth, enum theme theme)
{
	struct screen s = {0};
	u32 bad = 0;

	palette_make(&s.palette, theme, NULL, depth);
	vt_reset(rows, cols);
	CHECK(!screen_resize(&s, rows, cols));
	for (u32 frame = 0; frame < frames && !bad; frame++) {
		for (u32 n = random_below(12); n > 0; n--)
			draw_something(&s.back);
		if (!random_below(50)) {	/* something else wrote on it */
			vt_reset(rows, cols);
			s.repaint = true;
		}
		s.sync = random_below(2);
		screen_diff(&s);
		vt.lost = true;			/* no frame relies on the one before */
		vt.look.attr |= LOOK_UNKNOWN;
		vt_feed((struct bytes){(const unsigned char *)s.out.buf, s.out.len});
		bad += s.out.full || vt.wrong || !vt_shows(&s);
		screen_diff(&s);
		bad += s.out.len != 0;
	}
	CHECK_STR(vt.wrong ? vt.wrong : "", "");
	CHECK_EQ(bad, 0);
	screen_free(&s);
}

static void test_terminal_agrees(void)
{
	static const struct {
		u32 rows, cols, frames;
		enum color_depth depth;
		enum theme theme;
	} sizes[] = {
		{1, 1, 2000, COLOR_16, THEME_DEFAULT}, {1, 2, 2000, COLOR_8, THEME_DEFAULT},
		{2, 3, 4000, COLOR_NONE, THEME_DEFAULT}, {5, 20, 6000, COLOR_256, THEME_DEFAULT},
		{24, 80, 2000, COLOR_16, THEME_MC}, {5, 20, 2000, COLOR_TRUE, THEME_GRUVBOX_DARK},
		{5, 20, 4000, COLOR_16, THEME_MONO}, {50, 200, 600, COLOR_256, THEME_DEFAULT},
	};

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		play(sizes[i].rows, sizes[i].cols, sizes[i].frames, sizes[i].depth, sizes[i].theme);
}

TESTS(screen, {"golden", test_golden}, {"golden_rows", test_golden_rows},
      {"golden_styles", test_golden_styles}, {"limits", test_limits},
      {"styles", test_styles},
      {"nearest_colour", test_nearest_colour}, {"terminal_agrees", test_terminal_agrees})
