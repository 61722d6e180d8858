/* ui/report_batch.c - one sample as plain text: two lines of summary, the
 * columns' titles, a row for each process, an empty line.  No escapes, ever:
 * other people's bytes come through ui/text.h here as on the screen. */
#include "ui/columns_draw.h"
#include "ui/fmt.h"
#include "ui/program_columns.h"
#include "ui/report.h"

#include <time.h>

enum { BATCH_CELLS = 64 };	/* wider than any column with a width */

/* One line on its way out.  Blanks wait until something follows them, so that
 * no line ends in one. */
struct line {
	struct sink *sink;
	u32 width;		/* 0: endless */
	u32 col;
	u32 blanks;
	bool ascii;
};

static void line_blanks(struct line *l, u32 n)
{
	l->blanks += n;
}

static bool line_full(const struct line *l)
{
	return l->sink->err || (l->width && l->col + l->blanks >= l->width);
}

static void line_glyph(struct line *l, const char *utf8, u32 len, u32 width)
{
	if (l->width && l->col + l->blanks + width > l->width) {
		l->blanks = l->width;		/* nothing may follow what was cut */
		return;
	}
	for (; l->blanks; l->blanks--, l->col++)
		sink_char(l->sink, ' ');
	sink_bytes(l->sink, (struct bytes){(const unsigned char *)utf8, len});
	l->col += width;
}

/* Any bytes; the NULs between arguments are blanks. */
static void line_text(struct line *l, struct bytes text)
{
	struct glyph g;

	while (text.n && !line_full(l)) {
		size_t n = 1;

		if (*text.p == '\0' || *text.p == ' ') {
			line_blanks(l, 1);
		} else {
			n = text_next(text, l->ascii, &g);
			line_glyph(l, g.utf8, g.len, g.width);
		}
		text.p += n;
		text.n -= n;
	}
}

static void line_str(struct line *l, const char *text)
{
	line_text(l, (struct bytes){(const unsigned char *)text, strlen(text)});
}

static void line_chars(struct line *l, const char *text, size_t n)
{
	line_text(l, (struct bytes){(const unsigned char *)text, n});
}

static void line_u64(struct line *l, u64 v)
{
	char digits[20];

	line_chars(l, digits, put_u64(digits, v));
}

static void line_end(struct line *l)
{
	sink_char(l->sink, '\n');
	l->col = l->blanks = 0;
}

/* ---- summary --------------------------------------------------------------- */

static void put_clock(struct line *l, u64 real_ns)
{
	time_t now = (time_t)(real_ns / NSEC_PER_SEC);
	char text[] = "00:00:00";
	struct tm tm;

	if (!localtime_r(&now, &tm))
		return;
	for (u32 i = 0; i < 3; i++) {
		int v = i == 0 ? tm.tm_hour : i == 1 ? tm.tm_min : tm.tm_sec;

		text[i * 3] = (char)('0' + v / 10 % 10);
		text[i * 3 + 1] = (char)('0' + v % 10);
	}
	line_str(l, text);
}

static void put_load(struct line *l, const struct model *m)
{
	if (!(m->have & SRC_BIT(SRC_LOADAVG)))
		return;
	line_str(l, ", load");
	for (u32 i = 0; i < ARRAY_LEN(m->loadavg.load_centi); i++) {
		char text[32];
		struct out o = {.buf = text, .cap = sizeof(text)};

		out_fixed(&o, m->loadavg.load_centi[i], 2);
		line_blanks(l, 1);
		line_chars(l, text, o.len);
	}
}

/* pitstop 14:05:00, up 12 days, 03:14:07, load 1.92 1.44 0.98 */
static void put_machine(struct line *l, const struct model *m)
{
	char uptime[32];

	line_str(l, "pitstop ");
	put_clock(l, m->real_ns);
	line_str(l, ", up ");
	line_chars(l, uptime, fmt_uptime(uptime, m->boot_ns));
	put_load(l, m);
	line_end(l);
}

static void put_tasks(struct line *l, const struct model *m)
{
	line_str(l, "tasks ");
	line_u64(l, m->totals.processes);
	line_str(l, ", ");
	line_u64(l, m->totals.threads);
	line_str(l, " thr, ");
	line_u64(l, m->totals.kernel_threads);
	line_str(l, " kthr; ");
	line_u64(l, m->totals.states.running);
	line_str(l, " running");
	if (!m->tasks_lost)
		return;
	line_str(l, "; ");
	line_u64(l, m->tasks_lost);
	line_str(l, " for which there was no room");
}

static void put_share(struct line *l, const char *before, u64 ppm)
{
	char text[FMT_PERCENT_WIDTH];
	u32 from = 0;

	fmt_percent(text, ppm);
	while (from < sizeof(text) - 1 && text[from] == ' ')
		from++;
	line_str(l, before);
	line_chars(l, text + from, sizeof(text) - from);
}

static void put_size(struct line *l, const char *before, u64 bytes)
{
	char text[8];

	line_str(l, before);
	line_chars(l, text, fmt_size(text, bytes));
}

/* tasks 312, 1021 thr, 187 kthr; 3 running; cpu 12.3% (user ...); mem ...; swap ... */
static void put_usage(struct line *l, const struct model *m)
{
	const struct cpu_model *cpu = &m->cpu_total;

	put_tasks(l, m);
	if (cpu->known) {
		put_share(l, "; cpu user ", (u64)cpu->ppm[SHARE_USER] + cpu->ppm[SHARE_NICE]);
		put_share(l, " system ", cpu->ppm[SHARE_SYSTEM]);
		put_share(l, " iowait ", cpu->ppm[SHARE_IOWAIT]);
		put_share(l, " idle ", cpu->ppm[SHARE_IDLE]);
	}
	if (m->memory.known) {
		put_size(l, "; mem ", m->memory.used);
		put_size(l, "/", m->memory.total);
		put_size(l, "; swap ", m->memory.swap_used);
		put_size(l, "/", m->memory.swap_total);
	}
	line_end(l);
}

/* ---- table ----------------------------------------------------------------- */

/* Words without a width of their own, and in the last column, are written
 * whole; everything else as on the screen. */
static bool written_whole(const struct column *c, bool last)
{
	return c->text && (!c->width || last);
}

static void put_title(struct line *l, const struct column *c, bool last)
{
	u32 n = (u32)strlen(c->title), pad = c->width > n ? c->width - n : 0;

	if (!c->left)
		line_blanks(l, pad);
	line_str(l, c->title);
	if (c->left && !last)
		line_blanks(l, pad);
}

/* Draws into cells and copies their text. */
static void put_cell(struct line *l, const struct column *c, const struct cell_context *context,
		     const struct task_row *row)
{
	struct cell cell[BATCH_CELLS];
	struct surface s = {.rows = 1, .cell = cell, .ascii = l->ascii};

	s.cols = s.stride = MIN(c->width, BATCH_CELLS);
	surface_clear(&s, STYLE_TEXT);
	cell_draw(&s, context, (enum column_id)(c - columns), row);
	for (u32 i = 0; i < s.cols && !line_full(l); i++) {
		if (cell[i].len == 1 && cell[i].utf8[0] == ' ')
			line_blanks(l, 1);
		else if (cell[i].len)
			line_glyph(l, cell[i].utf8, cell[i].len, cell[i].width);
	}
}

static void put_whole(struct line *l, const struct column *c, const struct cell_context *context,
		      const struct task_row *row)
{
	struct bytes text = c->text(context->model, row);
	char branches[COLUMN_BRANCHES], ended[COLUMN_ENDED];

	if (!c->width)		/* the command: here the tree is drawn */
		line_chars(l, branches, column_branches(branches, context->line, l->ascii));
	if (row->t->group)
		text = column_group_name(context->model, row, context->line);
	if (row->t->ended && !row->t->group)
		line_chars(l, ended, column_ended(ended, context->model, row->t));
	else if (text.n)
		line_text(l, text);
	else
		put_cell(l, c, context, row);	/* knows what stands for nothing */
}

/* The process number comes first, and only there; a cgroup has none, and its path
 * comes last. */
static void arrange(struct column_list *out, const struct column_list *in, bool groups)
{
	const u8 moved = groups ? COL_PATH : COL_PID;
	bool had = memchr(in->id, moved, in->n);

	*out = (struct column_list){.n = !groups, .id = {COL_PID}};
	for (u32 i = 0; i < in->n && out->n < COLUMNS_MAX; i++)
		if (in->id[i] != moved)
			out->id[out->n++] = in->id[i];
	if (groups && had)
		out->id[out->n++] = COL_PATH;
}

static void put_row(struct line *l, const struct report *r, const struct column_list *list,
		    const struct order_line *at)
{
	const struct task_row *row = &r->model->row[at->row];
	struct cell_context context = {
		.model = r->model, .line = at, .own_uid = row->t->uid,
	};

	for (u32 i = 0; i < list->n && !line_full(l); i++) {
		const struct column *c = &columns[list->id[i]];

		line_blanks(l, i > 0);
		if (written_whole(c, i + 1 == list->n))
			put_whole(l, c, &context, row);
		else
			put_cell(l, c, &context, row);
	}
	line_end(l);
}

void report_batch_row(struct sink *s, const struct report *r, const struct column_list *list,
		      const struct order_line *at)
{
	struct line l = {.sink = s, .ascii = r->ascii};

	put_row(&l, r, list, at);
}

/* ---- BPF programs ----------------------------------------------------------- */

static void put_program_cell(struct line *l, u32 nth, u32 id, const char *text, u32 n)
{
	const struct program_column *c = &program_columns[id];
	u32 pad = c->width > n ? c->width - n : 0;

	line_blanks(l, nth > 0);
	if (!c->words)
		line_blanks(l, pad);
	line_chars(l, text, n);
	if (c->words)
		line_blanks(l, pad);
}

static void put_program(struct line *l, const struct program_spec *spec, const struct program_cell *cell)
{
	char text[4096];
	u32 id;

	for (u32 i = 0; (id = program_column_at(spec, i)) < PROG_COLS; i++) {
		struct out o = {.buf = text, .cap = sizeof(text)};

		program_columns[id].put(&o, cell);
		if (!o.len)
			out_char(&o, '-');
		put_program_cell(l, i, id, text, (u32)o.len);
	}
	line_end(l);
}

static void put_programs(struct line *l, const struct program_spec *spec, const struct model *m)
{
	u32 id, n = program_order(spec, m);

	for (u32 i = 0; (id = program_column_at(spec, i)) < PROG_COLS; i++)
		put_program_cell(l, i, id, program_columns[id].title, (u32)strlen(program_columns[id].title));
	line_end(l);
	for (u32 i = 0; i <= n && !l->sink->err; i++)
		put_program(l, spec, &(struct program_cell){m, i < n ? &m->programs.row[m->programs.order[i]] : NULL});
}

static void put_processes(struct line *l, const struct report *r)
{
	struct column_list list;

	arrange(&list, r->columns ? r->columns : r->model->groups ? &columns_groups : &columns_default, r->model->groups);
	for (u32 i = 0; i < list.n; i++) {
		line_blanks(l, i > 0);
		put_title(l, &columns[list.id[i]], i + 1 == list.n);
	}
	line_end(l);
	for (u32 i = 0; i < r->order->n && !l->sink->err; i++)
		put_row(l, r, &list, order_line(r->order, i));
}

bool report_batch(struct sink *s, const struct report *r, u32 width)
{
	struct line l = {.sink = s, .width = width, .ascii = r->ascii};

	put_machine(&l, r->model);
	put_usage(&l, r->model);
	if (r->model->programs.table)
		put_programs(&l, r->programs, r->model);
	else
		put_processes(&l, r);
	line_end(&l);
	return !s->err && s->flush(s);
}
