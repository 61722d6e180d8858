/* tests/unit/test_text.c - foreign bytes made safe, and cells that stay whole. */
#include "tests/unit/test.h"

#include "ui/cells.h"

#define MAN_SHRUG "\xf0\x9f\xa4\xb7"

static const struct {
	const char *in, *utf8, *ascii;
	u32 width;
} rows[] = {
	{"kworker/0:1", "kworker/0:1", "kworker/0:1", 11},
	{"a\033[2Jb", "a?[2Jb", "a?[2Jb", 6},
	{"a\tb\177c\r\n", "a?b?c??", "a?b?c??", 7},
	{"\xc2\x9b" "31m", "?31m", "?31m", 4},			/* C1 CSI */
	{"\x9b" "31m", "?31m", "?31m", 4},				/* the same in 8 bits */
	{"na\xc3\xafve", "na\xc3\xafve", "na?ve", 5},
	{"\xc0\xaf", "??", "??", 2},					/* overlong */
	{"\xe0\x80\xaf", "???", "???", 3},
	{"\xf0\x80\x80\xaf", "????", "????", 4},
	{"\xed\xa0\x80", "???", "???", 3},				/* surrogate */
	{"\xf4\x90\x80\x80", "????", "????", 4},			/* past U+10FFFF */
	{"cut\xe2\x82", "cut??", "cut??", 5},
	{"\xe2\x80\xae" "exe", "?exe", "?exe", 4},			/* right-to-left override */
	{"\xe2\x81\xa6" "a\xe2\x81\xa9", "?a?", "?a?", 3},		/* isolates */
	{"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "???", "???", 3},	/* LRM RLM ALM */
	{"\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf", "???", "???", 3},	/* ZWSP ZWJ BOM */
	{"\xe2\x80\xa8\xe2\x80\xa9", "??", "??", 2},			/* line, paragraph separator */
	{"\xc2\xad\xe1\xa0\x8e\xe3\x85\xa4", "???", "???", 3},	/* soft hyphen, fillers */
	{"\xf3\xa0\x81\x81", "?", "?", 1},				/* tag */
	{"\xef\xb7\x90\xef\xbf\xbf", "??", "??", 2},			/* noncharacters */
	{"\xf1\x80\x80\x80", "?", "?", 1},				/* unassigned plane */
	{"\xee\x82\xb0", "\xee\x82\xb0", "?", 1},			/* private use: powerline */
	{"\xe6\xbc\xa2\xe5\xad\x97", "\xe6\xbc\xa2\xe5\xad\x97", "??", 4},
	{"\xef\xbc\xa1", "\xef\xbc\xa1", "?", 2},			/* full width A */
	{"\xf0\xa0\x80\x80", "\xf0\xa0\x80\x80", "?", 2},		/* CJK extension B */
	{"e\xcc\x81", "e\xcc\x81", "e?", 1},				/* combining acute */
	{"\xcc\x81" "e", "?e", "?e", 2},				/* on nothing */
	{"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81x", "e\xcc\x81\xcc\x81\xcc\x81x", "e?????x", 2},
	{"\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4", "??", 1},	/* heart, VS16 */
	{MAN_SHRUG "\xf0\x9f\x8f\xbd", MAN_SHRUG, "??", 2},		/* skin tone */
	{MAN_SHRUG "\xe2\x80\x8d\xe2\x99\x82", MAN_SHRUG "?\xe2\x99\x82", "???", 4},
	{"\xf0\x9f\x8f\xbd", "\xf0\x9f\x8f\xbd", "?", 2},
	{"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "???", 2},
	{"\xe2\x94\x9c\xe2\x94\x80", "\xe2\x94\x9c\xe2\x94\x80", "??", 2},
};

static struct bytes bytes_of(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

static void show(const char *in, bool ascii, char *out, u32 *width)
{
	struct bytes b = bytes_of(in);
	struct glyph g;
	size_t n = 0;

	*width = 0;
	for (size_t i = 0; i < b.n;) {
		i += text_next((struct bytes){b.p + i, b.n - i}, ascii, &g);
		memcpy(out + n, g.utf8, g.len);
		n += g.len;
		*width += g.width;
	}
	out[n] = '\0';
}

static void test_foreign(void)
{
	char got[256];
	u32 width;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		show(rows[i].in, false, got, &width);
		CHECK_STR_ROW(i, got, rows[i].utf8);
		CHECK_EQ_ROW(i, width, rows[i].width);
		CHECK_EQ_ROW(i, text_width(bytes_of(rows[i].in), false), width);
		show(rows[i].in, true, got, &width);
		CHECK_STR_ROW(i, got, rows[i].ascii);
		CHECK_EQ_ROW(i, width, strlen(rows[i].ascii));
	}
}

static void test_nul(void)
{
	struct glyph g;

	CHECK_EQ(text_next(BYTES_LIT("\0a"), false, &g), 1);
	CHECK(g.len == 1 && g.utf8[0] == '?');
}

/* Every code point: one step forward, no more columns than two, nothing below
 * U+0020 let through. */
static void test_all_codepoints(void)
{
	u32 bad = 0, wide = 0;

	for (u32 cp = 0; cp <= 0x10ffff; cp++) {
		u8 s[4] = {(u8)(0xf0 | cp >> 18), (u8)(0x80 | (cp >> 12 & 63)),
			   (u8)(0x80 | (cp >> 6 & 63)), (u8)(0x80 | (cp & 63))};
		struct bytes b = {s, 4};
		struct glyph g;
		u32 got = 0;

		if (cp < 0x10000) {
			s[1] = (u8)(0xe0 | cp >> 12);
			b = (struct bytes){s + 1, 3};
		}
		if (cp < 0x800) {
			s[2] = (u8)(0xc0 | cp >> 6);
			b = (struct bytes){s + 2, 2};
		}
		if (cp < 0x80) {
			s[3] = (u8)cp;
			b = (struct bytes){s + 3, 1};
		}
		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		bad += utf8_decode(b, &got) != b.n || got != cp;
		bad += text_next(b, false, &g) != b.n || g.len < 1 || g.width < 1 || g.width > 2;
		bad += (u8)g.utf8[0] < 0x20;
		wide += g.width == 2;
	}
	CHECK_EQ(bad, 0);
	CHECK(wide > 180000 && wide < 190000);		/* Unicode 14: 182 thousand */
}

static void row_text(const struct surface *s, u32 row, char *out)
{
	for (u32 col = 0; col < s->cols; col++) {
		const struct cell *c = &s->cell[row * s->stride + col];

		memcpy(out, c->utf8, c->len);
		out += c->len;
	}
	*out = '\0';
}

static void test_cells(void)
{
	struct cell cells[2 * 8];
	struct surface s = {.cols = 8, .rows = 2, .stride = 8, .cell = cells}, part;
	char got[128];

	surface_clear(&s, STYLE_TEXT);
	CHECK_EQ(surface_str(&s, 0, 6, "a\xe6\xbc\xa2", STYLE_BOLD), 2);	/* does not fit: blank */
	CHECK_EQ(surface_str(&s, 0, 1, "\xe6\xbc\xa2\xe6\xbc\xa2", STYLE_BOLD), 4);
	row_text(&s, 0, got);
	CHECK_STR(got, " \xe6\xbc\xa2\xe6\xbc\xa2 a ");
	CHECK_EQ(surface_str(&s, 0, 2, "xy", STYLE_TEXT), 2);		/* cuts both */
	row_text(&s, 0, got);
	CHECK_STR(got, "  xy  a ");
	CHECK_EQ(surface_text(&s, 1, 0, 3, BYTES_LIT("abcdef"), STYLE_TEXT), 3);
	CHECK_EQ(surface_str(&s, 2, 0, "out", STYLE_TEXT), 0);
	CHECK_EQ(surface_str(&s, 0, 8, "out", STYLE_TEXT), 0);
	part = surface_part(&s, 1, 2, 9, 9);
	CHECK_EQ(part.rows, 1);
	CHECK_EQ(part.cols, 6);
	surface_fill(&part, 0, 0, 99, '#', STYLE_TEXT);
	surface_style(&part, 0, 5, 99, STYLE_BOLD);
	row_text(&s, 1, got);
	CHECK_STR(got, "ab######");
	CHECK_EQ(cells[15].style, STYLE_BOLD);
	CHECK_EQ(cells[14].style, STYLE_TEXT);
	part = surface_part(&s, 5, 1, 1, 1);
	CHECK_EQ(part.rows + part.cols, 0);
	surface_clear(&part, STYLE_BOLD);
	s.ascii = true;
	surface_str(&s, 0, 0, "\xe6\xbc\xa2\033", STYLE_TEXT);
	row_text(&s, 0, got);
	CHECK_STR(got, "??xy  a ");
}

TESTS(text, {"foreign", test_foreign}, {"nul", test_nul}, {"all_codepoints", test_all_codepoints},
      {"cells", test_cells})
