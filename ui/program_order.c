/* ui/program_order.c - which BPF programs are shown, and in which order: the
 * filter's language over their columns, and a sort without memory of its own. */
#include "proc/users.h"
#include "ui/filter_columns.h"
#include "ui/program_columns.h"

#include <strings.h>

enum {
	CELL = 512,		/* bytes of the longest text that is compared */
	HAYSTACK = 2048,
};

static struct bytes text_of(char *buf, size_t cap, u32 id, const struct program_cell *c)
{
	struct out o = {.buf = buf, .cap = cap};

	program_columns[id].put(&o, c);
	return (struct bytes){(unsigned char *)buf, o.len};
}

/* ---- by name ---- */

/* Without the unit: "average" and "cpu". */
static size_t bare(const char *name)
{
	const char *unit = strrchr(name, '_');

	return unit && (!strcmp(unit, "_ns") || !strcmp(unit, "_percent") || !strcmp(unit, "_bytes"))
		? (size_t)(unit - name) : strlen(name);
}

u32 program_column_find(const char *name, size_t len)
{
	for (u32 i = 0; i < PROG_COLS; i++) {
		const struct program_column *c = &program_columns[i];

		if ((len == strlen(c->name) || len == bare(c->name)) && !strncasecmp(name, c->name, len))
			return i;
		if (len == strlen(c->title) && !strncasecmp(name, c->title, len))
			return i;
	}
	return PROG_COLS;
}

u32 program_column_at(const struct program_spec *spec, u32 n)
{
	if (spec->ncolumn)
		return n < spec->ncolumn ? spec->column[n] : (u32)PROG_COLS;
	return n < PROG_COLS_SHOWN ? n : (u32)PROG_COLS;
}

/* ---- the filter ---- */

static u32 find(const char *name, size_t len)
{
	u32 id = program_column_find(name, len);

	return id == PROG_COLS ? (u32)FILTER_NO_FIELD : id;
}

static enum filter_kind kind(u32 field, const char *name, size_t len)
{
	const struct program_column *c = &program_columns[field];

	(void)name;
	return c->words ? FILTER_WORDS : filter_kind_of(c->name, len);
}

static bool value(u32 field, const struct model *m, const void *row, char room[static FILTER_ROOM],
		  struct filter_value *v)
{
	const struct program_column *c = &program_columns[field];
	const struct program_cell cell = {m, row};

	*v = (struct filter_value){.is_words = c->words, .words = text_of(room, FILTER_ROOM, field, &cell)};
	if (!v->words.n)	/* nothing is written where nothing is known */
		return false;
	if (!c->words)
		v->number = (double)c->rank(&cell) / c->scale;
	return true;
}

static bool contains(const struct model *m, const void *row, struct bytes what, filter_search *search)
{
	static const u8 looked_at[] = {PROG_COL_NAME, PROG_COL_TYPE, PROG_COL_ATTACH, PROG_COL_OWNERS};
	const struct program_cell cell = {m, row};
	char buf[HAYSTACK];

	for (u32 i = 0; i < ARRAY_LEN(looked_at); i++)
		if (search(text_of(buf, sizeof(buf), looked_at[i], &cell), what))
			return true;
	return false;
}

const struct filter_fields program_fields = {find, kind, value, contains};

bool program_match(const struct model *m, const struct program_row *r, const char *text)
{
	struct filter plain = {.fields = &program_fields};

	memcpy(plain.text, text, strnlen(text, sizeof(plain.text) - 1));
	return filter_pass(&plain, m, r);
}

/* ---- the order ---- */

/* Below 0: a stands before b when the order is upwards. */
static int compare(const struct program_spec *s, const struct model *m, u32 a, u32 b)
{
	const struct program_column *column = &program_columns[s->sort];
	const struct program_cell ca = {m, &m->programs.row[a]}, cb = {m, &m->programs.row[b]};
	char one[CELL], other[CELL];
	struct bytes x, y;
	int way;

	if (column->rank) {
		u64 left = column->rank(&ca), right = column->rank(&cb);

		return left < right ? -1 : left > right;
	}
	x = text_of(one, sizeof(one), s->sort, &ca);
	y = text_of(other, sizeof(other), s->sort, &cb);
	way = memcmp(x.p, y.p, MIN(x.n, y.n));
	return way ? way : x.n < y.n ? -1 : x.n > y.n;
}

/* Rows that were in order mostly still are: an insertion sort of the order there
 * was would be cheaper still, but rows have no identity across samples.  Equal
 * ones stay by id: nothing trembles. */
static bool before(const struct program_spec *s, const struct model *m, u32 a, u32 b)
{
	int way = compare(s, m, a, b);

	return way ? (way < 0) != s->descending : a < b;
}

/* Heap sort: no memory, no bad case. */
static void sift(const struct program_spec *s, const struct model *m, u32 at, u32 n)
{
	u32 *heap = m->programs.order;

	for (;;) {
		u32 child = 2 * at + 1, moved = heap[at];

		if (child >= n)
			return;
		if (child + 1 < n && before(s, m, heap[child], heap[child + 1]))
			child++;
		if (!before(s, m, moved, heap[child]))
			return;
		heap[at] = heap[child];
		heap[child] = moved;
		at = child;
	}
}

u32 program_order(const struct program_spec *s, const struct model *m)
{
	u32 *order = m->programs.order, n = 0;

	for (u32 i = 0; i < m->programs.n; i++)
		if (!*s->filter.text || filter_pass(&s->filter, m, &m->programs.row[i]))
			order[n++] = i;
	for (u32 i = n / 2; i-- > 0;)
		sift(s, m, i, n);
	for (u32 end = n; end-- > 1;) {
		u32 top = order[0];

		order[0] = order[end];
		order[end] = top;
		sift(s, m, 0, end);
	}
	return n;
}
