/* tests/fuzz/fuzz_text.c - any bytes as a process's name: what comes out is
 * harmless, well formed, and means itself when it goes in again. */
#include "ui/cells.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check_glyph(const struct glyph *g, bool ascii)
{
	struct bytes b = {(const unsigned char *)g->utf8, g->len};
	struct glyph again;

	require(g->len >= 1 && g->len <= GLYPH_BYTES && g->width >= 1 && g->width <= 2);
	for (size_t i = 0; i < b.n;) {
		u32 cp;
		size_t len = utf8_decode((struct bytes){b.p + i, b.n - i}, &cp);

		require(len && cp >= 0x20 && (cp < 0x7f || cp >= 0xa0));
		require(!(cp >= 0x200b && cp <= 0x200f) && !(cp >= 0x2028 && cp <= 0x202e));
		require(!(cp >= 0x2060 && cp <= 0x206f) && cp != 0xad && cp != 0xfeff && cp != 0x61c);
		require(!ascii || cp < 0x80);
		i += len;
	}
	require(text_next(b, ascii, &again) == b.n && again.len == g->len && again.width == g->width);
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct bytes text = {p, n};
	struct cell cells[40];

	for (int ascii = 0; ascii < 2; ascii++) {
		struct surface s = {ARRAY_LEN(cells), 1, ARRAY_LEN(cells), cells, ascii};
		u32 width = 0;

		for (size_t i = 0; i < n;) {
			struct bytes rest = {p + i, n - i};
			struct glyph g;
			size_t used = text_next(rest, ascii, &g);

			require(used >= 1 && used <= rest.n);
			check_glyph(&g, ascii);
			width += g.width;
			i += used;
		}
		require(text_width(text, ascii) == width);
		surface_clear(&s, STYLE_TEXT);
		surface_text(&s, 0, n % ARRAY_LEN(cells), UINT32_MAX, text, STYLE_BOLD);
		for (size_t i = 0; i < ARRAY_LEN(cells); i++)
			require(cells[i].len ? cells[i].width != 2 || !cells[i + 1].len : cells[i - 1].width == 2);
	}
	return 0;
}
