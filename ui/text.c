/* ui/text.c - what is safe to show, and how wide a terminal makes it.
 *
 * The ranges come from Unicode 14 (general category and East Asian Width) with
 * the emoji of 15 to 16 added: libc's tables lag behind and depend on a locale.
 * A row covers code points that are unassigned when both neighbours are of its
 * kind; that keeps the table at 3.4 KB. */
#include "ui/text.h"

enum kind {
	N,	/* one column */
	W,	/* two: East Asian wide and full width, emoji */
	M,	/* mark: shares the column of what stands before it */
	D,	/* variation selector: goes unseen, or widths would differ by terminal */
	H,	/* invisible, or turns the order of reading: never let through */
};

struct range {
	u32 first;
	u16 more;	/* behind the first */
	u16 kind;
};

static const struct range ranges[] = {
	{0x00ad, 0, H}, {0x0300, 78, M}, {0x034f, 0, H}, {0x0350, 31, M}, {0x0483, 6, M},
	{0x0591, 44, M}, {0x05bf, 0, M}, {0x05c1, 1, M}, {0x05c4, 1, M}, {0x05c7, 0, M},
	{0x0600, 5, H}, {0x0610, 10, M}, {0x061c, 0, H}, {0x064b, 20, M}, {0x0670, 0, M},
	{0x06d6, 6, M}, {0x06dd, 0, H}, {0x06df, 5, M}, {0x06e7, 1, M}, {0x06ea, 3, M},
	{0x070f, 0, H}, {0x0711, 0, M}, {0x0730, 26, M}, {0x07a6, 10, M}, {0x07eb, 8, M},
	{0x07fd, 0, M}, {0x0816, 3, M}, {0x081b, 8, M}, {0x0825, 2, M}, {0x0829, 4, M},
	{0x0859, 2, M}, {0x0890, 1, H}, {0x0898, 7, M}, {0x08ca, 23, M}, {0x08e2, 0, H},
	{0x08e3, 31, M}, {0x093a, 0, M}, {0x093c, 0, M}, {0x0941, 7, M}, {0x094d, 0, M},
	{0x0951, 6, M}, {0x0962, 1, M}, {0x0981, 0, M}, {0x09bc, 0, M}, {0x09c1, 3, M},
	{0x09cd, 0, M}, {0x09e2, 1, M}, {0x09fe, 4, M}, {0x0a3c, 0, M}, {0x0a41, 16, M},
	{0x0a70, 1, M}, {0x0a75, 0, M}, {0x0a81, 1, M}, {0x0abc, 0, M}, {0x0ac1, 7, M},
	{0x0acd, 0, M}, {0x0ae2, 1, M}, {0x0afa, 7, M}, {0x0b3c, 0, M}, {0x0b3f, 0, M},
	{0x0b41, 3, M}, {0x0b4d, 9, M}, {0x0b62, 1, M}, {0x0b82, 0, M}, {0x0bc0, 0, M},
	{0x0bcd, 0, M}, {0x0c00, 0, M}, {0x0c04, 0, M}, {0x0c3c, 0, M}, {0x0c3e, 2, M},
	{0x0c46, 16, M}, {0x0c62, 1, M}, {0x0c81, 0, M}, {0x0cbc, 0, M}, {0x0cbf, 0, M},
	{0x0cc6, 0, M}, {0x0ccc, 1, M}, {0x0ce2, 1, M}, {0x0d00, 1, M}, {0x0d3b, 1, M},
	{0x0d41, 3, M}, {0x0d4d, 0, M}, {0x0d62, 1, M}, {0x0d81, 0, M}, {0x0dca, 0, M},
	{0x0dd2, 4, M}, {0x0e31, 0, M}, {0x0e34, 6, M}, {0x0e47, 7, M}, {0x0eb1, 0, M},
	{0x0eb4, 8, M}, {0x0ec8, 5, M}, {0x0f18, 1, M}, {0x0f35, 0, M}, {0x0f37, 0, M},
	{0x0f39, 0, M}, {0x0f71, 13, M}, {0x0f80, 4, M}, {0x0f86, 1, M}, {0x0f8d, 47, M},
	{0x0fc6, 0, M}, {0x102d, 3, M}, {0x1032, 5, M}, {0x1039, 1, M}, {0x103d, 1, M},
	{0x1058, 1, M}, {0x105e, 2, M}, {0x1071, 3, M}, {0x1082, 0, M}, {0x1085, 1, M},
	{0x108d, 0, M}, {0x109d, 0, M}, {0x1100, 94, W}, {0x115f, 1, H}, {0x1161, 158, M},
	{0x135d, 2, M}, {0x1712, 2, M}, {0x1732, 2, M}, {0x1752, 1, M}, {0x1772, 1, M},
	{0x17b4, 1, H}, {0x17b7, 6, M}, {0x17c6, 0, M}, {0x17c9, 10, M}, {0x17dd, 0, M},
	{0x180b, 2, D}, {0x180e, 0, H}, {0x180f, 0, D}, {0x1885, 1, M}, {0x18a9, 0, M},
	{0x1920, 2, M}, {0x1927, 1, M}, {0x1932, 0, M}, {0x1939, 2, M}, {0x1a17, 1, M},
	{0x1a1b, 0, M}, {0x1a56, 0, M}, {0x1a58, 8, M}, {0x1a62, 0, M}, {0x1a65, 7, M},
	{0x1a73, 12, M}, {0x1ab0, 30, M}, {0x1b00, 3, M}, {0x1b34, 0, M}, {0x1b36, 4, M},
	{0x1b3c, 0, M}, {0x1b42, 0, M}, {0x1b6b, 8, M}, {0x1b80, 1, M}, {0x1ba2, 3, M},
	{0x1ba8, 1, M}, {0x1bab, 2, M}, {0x1be6, 0, M}, {0x1be8, 1, M}, {0x1bed, 0, M},
	{0x1bef, 2, M}, {0x1c2c, 7, M}, {0x1c36, 1, M}, {0x1cd0, 2, M}, {0x1cd4, 12, M},
	{0x1ce2, 6, M}, {0x1ced, 0, M}, {0x1cf4, 0, M}, {0x1cf8, 1, M}, {0x1dc0, 63, M},
	{0x200b, 4, H}, {0x2028, 6, H}, {0x2060, 15, H}, {0x20d0, 32, M}, {0x231a, 1, W},
	{0x2329, 1, W}, {0x23e9, 3, W}, {0x23f0, 0, W}, {0x23f3, 0, W}, {0x25fd, 1, W},
	{0x2614, 1, W}, {0x2648, 11, W}, {0x267f, 0, W}, {0x2693, 0, W}, {0x26a1, 0, W},
	{0x26aa, 1, W}, {0x26bd, 1, W}, {0x26c4, 1, W}, {0x26ce, 0, W}, {0x26d4, 0, W},
	{0x26ea, 0, W}, {0x26f2, 1, W}, {0x26f5, 0, W}, {0x26fa, 0, W}, {0x26fd, 0, W},
	{0x2705, 0, W}, {0x270a, 1, W}, {0x2728, 0, W}, {0x274c, 0, W}, {0x274e, 0, W},
	{0x2753, 2, W}, {0x2757, 0, W}, {0x2795, 2, W}, {0x27b0, 0, W}, {0x27bf, 0, W},
	{0x2b1b, 1, W}, {0x2b50, 0, W}, {0x2b55, 0, W}, {0x2cef, 2, M}, {0x2d7f, 0, M},
	{0x2de0, 31, M}, {0x2e80, 425, W}, {0x302a, 3, M}, {0x302e, 16, W}, {0x3041, 85, W},
	{0x3099, 1, M}, {0x309b, 200, W}, {0x3164, 0, H}, {0x3165, 226, W}, {0x3250, 7023, W},
	{0x4e00, 22214, W}, {0xa66f, 3, M}, {0xa674, 9, M}, {0xa69e, 1, M}, {0xa6f0, 1, M},
	{0xa802, 0, M}, {0xa806, 0, M}, {0xa80b, 0, M}, {0xa825, 1, M}, {0xa82c, 0, M},
	{0xa8c4, 1, M}, {0xa8e0, 17, M}, {0xa8ff, 0, M}, {0xa926, 7, M}, {0xa947, 10, M},
	{0xa960, 28, W}, {0xa980, 2, M}, {0xa9b3, 0, M}, {0xa9b6, 3, M}, {0xa9bc, 1, M},
	{0xa9e5, 0, M}, {0xaa29, 5, M}, {0xaa31, 1, M}, {0xaa35, 1, M}, {0xaa43, 0, M},
	{0xaa4c, 0, M}, {0xaa7c, 0, M}, {0xaab0, 0, M}, {0xaab2, 2, M}, {0xaab7, 1, M},
	{0xaabe, 1, M}, {0xaac1, 0, M}, {0xaaec, 1, M}, {0xaaf6, 0, M}, {0xabe5, 0, M},
	{0xabe8, 0, M}, {0xabed, 0, M}, {0xac00, 11171, W}, {0xd7b0, 75, M}, {0xf900, 473, W},
	{0xfb1e, 0, M}, {0xfdd0, 31, H}, {0xfe00, 15, D}, {0xfe10, 9, W}, {0xfe20, 15, M},
	{0xfe30, 59, W}, {0xfeff, 0, H}, {0xff01, 95, W}, {0xffa0, 0, H}, {0xffe0, 6, W},
	{0xfff0, 11, H}, {0x101fd, 0, M}, {0x102e0, 0, M}, {0x10376, 4, M}, {0x10a01, 14, M},
	{0x10a38, 7, M}, {0x10ae5, 1, M}, {0x10d24, 3, M}, {0x10eab, 1, M}, {0x10f46, 10, M},
	{0x10f82, 3, M}, {0x11001, 0, M}, {0x11038, 14, M}, {0x11070, 0, M}, {0x11073, 1, M},
	{0x1107f, 2, M}, {0x110b3, 3, M}, {0x110b9, 1, M}, {0x110bd, 0, H}, {0x110c2, 0, M},
	{0x110cd, 0, H}, {0x11100, 2, M}, {0x11127, 4, M}, {0x1112d, 7, M}, {0x11173, 0, M},
	{0x11180, 1, M}, {0x111b6, 8, M}, {0x111c9, 3, M}, {0x111cf, 0, M}, {0x1122f, 2, M},
	{0x11234, 0, M}, {0x11236, 1, M}, {0x1123e, 0, M}, {0x112df, 0, M}, {0x112e3, 7, M},
	{0x11300, 1, M}, {0x1133b, 1, M}, {0x11340, 0, M}, {0x11366, 14, M}, {0x11438, 7, M},
	{0x11442, 2, M}, {0x11446, 0, M}, {0x1145e, 0, M}, {0x114b3, 5, M}, {0x114ba, 0, M},
	{0x114bf, 1, M}, {0x114c2, 1, M}, {0x115b2, 3, M}, {0x115bc, 1, M}, {0x115bf, 1, M},
	{0x115dc, 1, M}, {0x11633, 7, M}, {0x1163d, 0, M}, {0x1163f, 1, M}, {0x116ab, 0, M},
	{0x116ad, 0, M}, {0x116b0, 5, M}, {0x116b7, 0, M}, {0x1171d, 2, M}, {0x11722, 3, M},
	{0x11727, 4, M}, {0x1182f, 8, M}, {0x11839, 1, M}, {0x1193b, 1, M}, {0x1193e, 0, M},
	{0x11943, 0, M}, {0x119d4, 7, M}, {0x119e0, 0, M}, {0x11a01, 9, M}, {0x11a33, 5, M},
	{0x11a3b, 3, M}, {0x11a47, 0, M}, {0x11a51, 5, M}, {0x11a59, 2, M}, {0x11a8a, 12, M},
	{0x11a98, 1, M}, {0x11c30, 13, M}, {0x11c3f, 0, M}, {0x11c92, 21, M}, {0x11caa, 6, M},
	{0x11cb2, 1, M}, {0x11cb5, 1, M}, {0x11d31, 20, M}, {0x11d47, 0, M}, {0x11d90, 1, M},
	{0x11d95, 0, M}, {0x11d97, 0, M}, {0x11ef3, 1, M}, {0x13430, 8, H}, {0x16af0, 4, M},
	{0x16b30, 6, M}, {0x16f4f, 0, M}, {0x16f8f, 3, M}, {0x16fe0, 3, W}, {0x16fe4, 0, M},
	{0x16ff0, 7397, W}, {0x18d00, 8, W}, {0x1aff0, 306, W}, {0x1b150, 427, W}, {0x1bc9d, 1, M},
	{0x1bca0, 3, H}, {0x1cf00, 70, M}, {0x1d167, 2, M}, {0x1d173, 7, H}, {0x1d17b, 7, M},
	{0x1d185, 6, M}, {0x1d1aa, 3, M}, {0x1d242, 2, M}, {0x1da00, 54, M}, {0x1da3b, 49, M},
	{0x1da75, 0, M}, {0x1da84, 0, M}, {0x1da9b, 20, M}, {0x1e000, 42, M}, {0x1e130, 6, M},
	{0x1e2ae, 0, M}, {0x1e2ec, 3, M}, {0x1e8d0, 6, M}, {0x1e944, 6, M}, {0x1f004, 0, W},
	{0x1f0cf, 0, W}, {0x1f18e, 0, W}, {0x1f191, 9, W}, {0x1f200, 101, W}, {0x1f300, 32, W},
	{0x1f32d, 8, W}, {0x1f337, 69, W}, {0x1f37e, 21, W}, {0x1f3a0, 42, W}, {0x1f3cf, 4, W},
	{0x1f3e0, 16, W}, {0x1f3f4, 0, W}, {0x1f3f8, 70, W}, {0x1f440, 0, W}, {0x1f442, 186, W},
	{0x1f4ff, 62, W}, {0x1f54b, 3, W}, {0x1f550, 23, W}, {0x1f57a, 0, W}, {0x1f595, 1, W},
	{0x1f5a4, 0, W}, {0x1f5fb, 84, W}, {0x1f680, 69, W}, {0x1f6cc, 0, W}, {0x1f6d0, 2, W},
	{0x1f6d5, 10, W}, {0x1f6eb, 1, W}, {0x1f6f4, 8, W}, {0x1f7e0, 16, W}, {0x1f90c, 46, W},
	{0x1f93c, 9, W}, {0x1f947, 184, W}, {0x1fa70, 136, W}, {0x20000, 65535, W},
	{0x30000, 65535, W}, {0xe0000, 255, H}, {0xe0100, 239, D}, {0xe01f0, 3599, H},
};

enum {
	MARKS_MAX = 3,		/* stacks of marks would paint over other rows */
	SKIN_FIRST = 0x1f3fb, SKIN_LAST = 0x1f3ff,
};

size_t utf8_decode(struct bytes s, u32 *codepoint)
{
	static const u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len;
	u32 v;

	if (!s.n)
		return 0;
	if (s.p[0] < 0x80) {
		*codepoint = s.p[0];
		return 1;
	}
	if (s.p[0] < 0xc2 || s.p[0] > 0xf4)
		return 0;
	len = s.p[0] >= 0xf0 ? 4 : s.p[0] >= 0xe0 ? 3 : 2;
	if (len > s.n)
		return 0;
	v = s.p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (s.p[i] & 0x3f);
	}
	if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 0;
	*codepoint = v;
	return len;
}

static enum kind kind_of(u32 cp)
{
	size_t lo = 0, hi = ARRAY_LEN(ranges);

	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		return H;				/* C0, DEL, C1 */
	if (cp < ranges[0].first)
		return N;
	if ((cp & 0xfffe) == 0xfffe || (cp >= 0x40000 && cp < 0xe0000))
		return H;				/* noncharacters, unassigned planes */
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (cp < ranges[mid].first)
			hi = mid;
		else if (cp - ranges[mid].first > ranges[mid].more)
			lo = mid + 1;
		else
			return (enum kind)ranges[mid].kind;
	}
	return N;
}

/* Takes what belongs to the glyph before it: marks that fit are kept, the rest
 * and everything that only changes its look is left out. */
static size_t take_marks(struct bytes s, struct glyph *g)
{
	unsigned marks = 0;
	size_t used = 0;

	while (used < s.n && s.p[used] >= 0x80) {
		struct bytes rest = {s.p + used, s.n - used};
		u32 cp;
		size_t len = utf8_decode(rest, &cp);
		enum kind kind = len ? kind_of(cp) : H;

		if (kind == M && marks < MARKS_MAX && g->len + len <= GLYPH_BYTES) {
			memcpy(g->utf8 + g->len, rest.p, len);
			g->len = (u8)(g->len + len);
			marks++;
		} else if (kind != M && kind != D &&
			   !(g->width == 2 && cp >= SKIN_FIRST && cp <= SKIN_LAST && len)) {
			break;
		}
		used += len;
	}
	return used;
}

static void replacement(struct glyph *g)
{
	g->utf8[0] = '?';
	g->len = 1;
	g->width = 1;
}

size_t text_next(struct bytes s, bool ascii, struct glyph *g)
{
	enum kind kind;
	size_t len;
	u32 cp = 0;

	memset(g, 0, sizeof(*g));
	if (text_plain(s)) {
		g->utf8[0] = (char)s.p[0];
		g->len = g->width = 1;
		return 1;
	}
	len = utf8_decode(s, &cp);
	kind = len ? kind_of(cp) : H;
	if (kind == H || kind == M || kind == D || (ascii && cp >= 0x80)) {
		replacement(g);
		return len ? len : 1;
	}
	memcpy(g->utf8, s.p, len);
	g->len = (u8)len;
	g->width = kind == W ? 2 : 1;
	if (ascii || len == s.n || s.p[len] < 0x80)
		return len;
	return len + take_marks((struct bytes){s.p + len, s.n - len}, g);
}

u32 text_width(struct bytes s, bool ascii)
{
	u32 width = 0;
	struct glyph g;

	for (size_t i = 0; i < s.n; width += g.width)
		i += text_next((struct bytes){s.p + i, s.n - i}, ascii, &g);
	return width;
}
