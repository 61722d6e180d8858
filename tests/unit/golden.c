/* tests/unit/golden.c - see tests/unit/golden.h. */
#include "tests/unit/golden.h"
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT = 200 * (500 * GLYPH_BYTES / 4 + 1) };

static char got[TEXT], want[TEXT];

/* A row without the blanks at its end. */
static size_t row_text(const struct surface *s, u32 row, char *to)
{
	size_t n = 0, end = 0;

	for (u32 col = 0; col < s->cols; col++) {
		const struct cell *c = &s->cell[row * s->stride + col];

		memcpy(to + n, c->utf8, c->len);
		n += c->len;
		if (c->len && (c->len != 1 || c->utf8[0] != ' '))
			end = n;
	}
	to[end++] = '\n';
	return end;
}

static bool read_file(const char *path)
{
	FILE *f = fopen(path, "r");

	want[0] = 0;
	if (!f)
		return false;
	want[fread(want, 1, TEXT - 1, f)] = 0;
	return fclose(f) == 0;
}

void golden_check(const char *name, const struct surface *s)
{
	char path[128];
	size_t n = 0;
	FILE *f;

	for (u32 row = 0; row < s->rows; row++)
		n += row_text(s, row, got + n);
	got[n] = 0;
	snprintf(path, sizeof(path), "tests/golden/%s.txt", name);
	if (getenv("GOLDEN_WRITE")) {
		f = fopen(path, "w");
		CHECK(f && fputs(got, f) >= 0);
		CHECK(f && fclose(f) == 0);
	}
	CHECK(read_file(path));
	if (strcmp(got, want))
		printf("# %s differs:\n%s", path, got);
	CHECK(!strcmp(got, want));
}
