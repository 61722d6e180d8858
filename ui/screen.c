/* ui/screen.c - what has to be written so that the terminal shows a frame.
 *
 * Row by row, cells that already stand there are skipped, and the cursor goes
 * to the next one by the fewest bytes: staying, writing over what is between,
 * CR LF, CUF or CUP.  Nothing relies on how a terminal wraps or on the width it
 * gives to characters that terminals disagree about. */
#include "ui/screen.h"

#include <errno.h>
#include <sys/mman.h>

enum {
	MAX_SIDE = 1000,
	/* CUP at 1000;1000, a style and a glyph for every cell */
	CELL_OUT_MAX = 12 + STYLE_PUT_MAX + GLYPH_BYTES,
	FRAME_OUT_MAX = 64,		/* synchronized output around it all */
	ERASE_MIN = 4,			/* fewer blanks are not worth an EL */
	UNKNOWN = UINT16_MAX,
};

/* Where the terminal stands while a frame is put together. */
struct pen {
	struct screen *s;
	const struct cell *line;	/* of back */
	u32 row, col;			/* UNKNOWN row: anywhere */
	enum style style;		/* STYLE_N: anything */
};

static size_t frame_bytes(u32 rows, u32 cols)
{
	size_t cells = (size_t)rows * cols;

	return cells * (2 * sizeof(struct cell) + CELL_OUT_MAX) + FRAME_OUT_MAX;
}

int screen_resize(struct screen *s, u32 rows, u32 cols)
{
	bool ascii = s->back.ascii;
	struct cell *cells;
	size_t n;

	rows = MIN(MAX(rows, 1u), (u32)MAX_SIDE);
	cols = MIN(MAX(cols, 1u), (u32)MAX_SIDE);
	s->repaint = true;
	if (s->back.cell && rows == s->back.rows && cols == s->back.cols)
		return 0;
	cells = mmap(NULL, frame_bytes(rows, cols), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (cells == MAP_FAILED)
		return -ENOMEM;
	screen_free(s);
	n = (size_t)rows * cols;
	s->back = (struct surface){
		.cols = cols, .rows = rows, .stride = cols, .cell = cells, .ascii = ascii,
	};
	s->front = s->back;
	s->front.cell = cells + n;
	s->out = (struct out){.buf = (char *)(cells + 2 * n), .cap = n * CELL_OUT_MAX + FRAME_OUT_MAX};
	surface_clear(&s->back, STYLE_TEXT);
	surface_clear(&s->front, STYLE_TEXT);
	s->repaint = true;
	return 0;
}

void screen_free(struct screen *s)
{
	if (s->back.cell)
		munmap(s->back.cell, frame_bytes(s->back.rows, s->back.cols));
	s->back.cell = s->front.cell = NULL;
	s->back.rows = s->front.rows = s->back.cols = s->front.cols = 0;
	s->out = (struct out){0};
}

/* A constant size becomes two compares; musl's memcmp() goes byte by byte. */
static bool same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool same_run(const struct cell *a, const struct cell *b, u32 n)
{
	for (u32 i = 0; i < n; i++)
		if (!same(&a[i], &b[i]))
			return false;
	return true;
}

static bool is_blank(const struct cell *c)
{
	return c->len == 1 && c->utf8[0] == ' ';
}

/* Whether a cell comes out right in the style in force. */
static bool suits(const struct pen *p, const struct cell *c)
{
	return c->style == p->style ||
	       (is_blank(c) && p->style < STYLE_N && c->style == p->s->palette.blank[p->style]);
}

static unsigned digits(u32 v)
{
	return v < 10 ? 1 : v < 100 ? 2 : v < 1000 ? 3 : 4;
}

/* Bytes that writing [from, to) once more would take; more than limit when it
 * is not worth it, or would mean another style. */
static unsigned rewrite_cost(const struct pen *p, u32 from, u32 to, unsigned limit)
{
	unsigned cost = 0;

	for (u32 col = from; col < to && cost <= limit; col++) {
		const struct cell *c = &p->line[col];

		if (c->len != 1 || !suits(p, c))
			return limit + 1;
		cost++;
	}
	return cost;
}

/* CUF, ECMA-48 8.3.20; its bytes are 3, and the digits of a number above 1. */
static void forward(struct out *o, u32 n)
{
	if (!n)
		return;
	out_lit(o, "\033[");
	if (n > 1)
		out_u64(o, n);
	out_char(o, 'C');
}

static unsigned forward_cost(u32 n)
{
	return n == 0 ? 0 : n == 1 ? 3 : 3 + digits(n);
}

static void move_to(struct pen *p, u32 row, u32 col)
{
	struct out *o = &p->s->out;

	if (p->row == row && p->col <= col) {
		unsigned skip = forward_cost(col - p->col);

		if (rewrite_cost(p, p->col, col, skip) <= skip)
			for (u32 i = p->col; i < col; i++)
				out_char(o, p->line[i].utf8[0]);
		else
			forward(o, col - p->col);
	} else if (p->row != UNKNOWN && p->row + 1 == row) {
		/* CR, LF: ECMA-48 8.3.15, 8.3.74.  Never below the last row; at
		 * most as long as a CUP. */
		out_lit(o, "\r\n");
		forward(o, col);
	} else {
		out_goto(o, row, col);
	}
	p->row = row;
	p->col = col;
}

static void set_style(struct pen *p, const struct cell *c)
{
	if (suits(p, c))
		return;
	style_put(&p->s->out, &p->s->palette, p->style, (enum style)c->style);
	p->style = (enum style)c->style;
}

/* Terminals differ on emoji, on symbols that Unicode made wide later, and on
 * marks.  Behind those the cursor is placed anew. */
static bool width_disputed(const struct cell *c)
{
	u8 lead = (u8)c->utf8[0];
	u8 first = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	return c->len != first || first == 4 || (c->width == 2 && lead == 0xe2);
}

static void put_cell(struct pen *p, u32 row, u32 col)
{
	const struct cell *c = &p->line[col];

	move_to(p, row, col);
	set_style(p, c);
	out_bytes(&p->s->out, c->utf8, c->len);
	p->col += c->width;
	/* In the last column the cursor stays, or hangs behind it. */
	if (p->col >= p->s->back.cols || width_disputed(c))
		p->row = UNKNOWN;
}

/* Makes a row whole whatever a view wrote into it: both halves of a wide
 * character, nothing that sends the cursor off; blanks that look the same are
 * the same.  What stands there already was mended when it came.  True when
 * something is different. */
static bool mend_row(struct cell *c, const struct cell *front, u32 cols, const struct palette *p)
{
	bool changed = false;

	for (u32 col = 0; col < cols; col++) {
		struct cell *at = &c[col];
		bool halved = at->width == 2 && (col + 1 == cols || at[1].len);
		bool text = at->len && at->len <= GLYPH_BYTES && (u8)at->utf8[0] >= ' ';

		if (at->width == 1 && same(at, &front[col]))
			continue;
		at->style = at->style < STYLE_N ? at->style : STYLE_TEXT;
		if (!text || !at->width || at->width > 2 || halved) {
			*at = (struct cell){.utf8 = " ", .len = 1, .width = 1, .style = at->style};
		} else if (at->width == 2) {
			at[1] = (struct cell){.style = at->style};
			col++;
		}
		if (is_blank(at))
			at->style = p->blank[at->style];
		changed |= !same_run(at, &front[at - c], at->width);
	}
	return changed;
}

/* Where to erase the rest of a row from, when what has to be blanked behind its
 * text is longer than an EL; else cols. */
static u32 erase_from(const struct cell *back, const struct cell *front, u32 cols)
{
	u32 first = cols, last = cols;

	for (u32 col = cols; col > 0; col--) {
		if (!is_blank(&back[col - 1]) || back[col - 1].style != STYLE_TEXT)
			break;
		if (same(&back[col - 1], &front[col - 1]))
			continue;
		last = first == cols ? col : last;
		first = col - 1;
	}
	return first < cols && last - first >= ERASE_MIN ? first : cols;
}

static void diff_row(struct pen *p, u32 row)
{
	struct surface *b = &p->s->back;
	struct cell *back = &b->cell[(size_t)row * b->stride];
	struct cell *front = &p->s->front.cell[(size_t)row * b->stride];
	size_t size = b->cols * sizeof(*back);
	u32 end;

	if (!mend_row(back, front, b->cols, &p->s->palette))
		return;
	p->line = back;
	/* not every terminal erases to the background in force */
	end = p->s->palette.ground ? b->cols : erase_from(back, front, b->cols);
	for (u32 col = 0; col < end; col += back[col].width)
		if (!same_run(&back[col], &front[col], back[col].width))
			put_cell(p, row, col);
	if (end < b->cols) {
		move_to(p, row, end);
		set_style(p, &back[end]);	/* what is erased takes the background */
		out_lit(&p->s->out, "\033[K");	/* EL, ECMA-48 8.3.41 */
	}
	memcpy(front, back, size);
}

void screen_diff(struct screen *s)
{
	struct pen p = {.s = s, .row = UNKNOWN, .style = STYLE_N};
	size_t begun;

	s->out.len = 0;
	s->out.full = false;
	if (!s->back.cell)
		return;
	if (s->repaint)		/* no cell looks like this */
		memset(s->front.cell, 0xff, (size_t)s->front.rows * s->front.cols * sizeof(struct cell));
	if (s->sync)		/* synchronized output, DEC private mode 2026 */
		out_lit(&s->out, "\033[?2026h");
	begun = s->out.len;
	for (u32 row = 0; row < s->back.rows; row++)
		diff_row(&p, row);
	if (s->out.len == begun)
		s->out.len = 0;
	else if (s->sync)
		out_lit(&s->out, "\033[?2026l");
	s->repaint = s->out.full;
}
