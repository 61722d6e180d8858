/* ui/header.c - the meters on top, laid out as htop lays out its own: CPUs in
 * both halves, memory below them at the left, texts at the right. */
#include "ui/header.h"
#include "ui/fmt.h"
#include "ui/meter.h"

enum {
	NARROW = 50,		/* columns below which there is one column of meters */
	LEFT_CPUS = 4,		/* up to here all CPUs stand at the left */
	LOWER_ROWS = 3,		/* Mem, Swp and the own cost, below the CPUs */
};

static const char unknown[] = "N/A";

/* ---- the plan ---- */

struct plan {
	u32 rows;
	u32 cpus;		/* bars; 0: one for all CPUs */
	u32 cpu_cols;		/* bars side by side */
	u32 cpu_rows;
	bool halves;		/* CPUs over both halves */
	bool narrow;
};

static u32 div_up(u32 a, u32 b)
{
	return a / b + (a % b != 0);
}

/* All CPUs over both halves in 2, 4, 8 or 16 columns; false: too many. */
static bool plan_halves(struct plan *p, u32 ncpu, u32 cols, u32 most)
{
	for (u32 n = 2; n <= 16 && cols / n >= BAR_MIN; n *= 2) {
		u32 rows = div_up(ncpu, n);

		if (rows + LOWER_ROWS > most)
			continue;
		p->halves = true;
		p->cpus = ncpu;
		p->cpu_cols = n;
		p->cpu_rows = rows;
		p->rows = MIN(rows + LOWER_ROWS + 1, most);	/* one more for PSI */
		return true;
	}
	return false;
}

static struct plan plan_header(const struct model *m, u32 cols, u32 most)
{
	struct plan p = {.cpu_cols = 1, .cpu_rows = 1};

	p.narrow = cols < NARROW;
	if (p.narrow) {
		p.rows = MIN(most, 6);	/* CPU, Mem, Swp, Tasks, Load, cost */
		return p;
	}
	if (m->ncpu && m->ncpu <= LEFT_CPUS && m->ncpu + 2 <= most) {
		p.cpus = p.cpu_rows = m->ncpu;
		p.rows = MIN(most, MAX(m->ncpu + 2, 5));
		return p;
	}
	if (m->ncpu > 1 && plan_halves(&p, m->ncpu, cols, most))
		return p;
	p.rows = MIN(most, 5);
	return p;
}

u32 header_rows(const struct model *m, u32 cols, u32 most)
{
	return plan_header(m, cols, most).rows;
}

/* ---- bars ---- */

static bool have(const struct model *m, enum source s)
{
	return m->have & SRC_BIT(s);
}

static void draw_unknown(struct surface *s, const char *label, const char *why)
{
	struct bar b = {.label = label, .text = why, .text_style = STYLE_DIM};

	bar_draw(s, &b);
}

static void draw_cpu(struct surface *s, const char *label, const struct cpu_model *c)
{
	const u32 *v = c->ppm;
	const struct bar_part part[] = {
		{v[SHARE_NICE], STYLE_BAR_NICE, '*'},
		{v[SHARE_USER], STYLE_BAR_USER, '|'},
		{v[SHARE_SYSTEM] + v[SHARE_IRQ] + v[SHARE_SOFTIRQ], STYLE_BAR_SYSTEM, '#'},
		{v[SHARE_STEAL] + v[SHARE_GUEST], STYLE_BAR_VIRTUAL, '@'},
	};
	char text[FMT_PERCENT_WIDTH + 2] = {0};
	struct bar b = {label, part, ARRAY_LEN(part), PPM, text, STYLE_VALUE};
	u64 busy = 0;

	if (!c->online || !c->known) {
		draw_unknown(s, label, c->online ? unknown : "offline");
		return;
	}
	for (u32 i = 0; i < ARRAY_LEN(part); i++)
		busy += part[i].value;
	fmt_percent(text, MIN(busy, (u64)PPM));
	text[FMT_PERCENT_WIDTH] = '%';
	bar_draw(s, &b);
}

static void draw_average(struct surface *s, const struct model *m)
{
	struct cpu_model c = m->cpu_total;

	c.known = c.known && have(m, SRC_STAT);
	c.online = true;
	draw_cpu(s, "CPU", &c);
}

/* Bar i of the plan stands at column i / cpu_rows, as in htop: numbers run down. */
static void draw_cpus(struct surface *s, const struct model *m, const struct plan *p)
{
	u32 cols = p->halves ? s->cols : s->cols / 2;

	if (!p->cpus) {
		struct surface at = surface_part(s, 0, 0, 1, p->narrow ? s->cols : cols - 1);

		draw_average(&at, m);
		return;
	}
	for (u32 i = 0; i < p->cpus; i++) {
		u32 col = i / p->cpu_rows;
		u32 from = (u32)mul_div(cols, col, p->cpu_cols);
		u32 to = (u32)mul_div(cols, col + 1, p->cpu_cols);
		bool last = p->halves && col + 1 == p->cpu_cols;
		struct surface at = surface_part(s, i % p->cpu_rows, from, 1,
						 to - from - !last);
		char label[24] = {0};

		put_u64(label, i);
		if (have(m, SRC_STAT))
			draw_cpu(&at, label, &m->cpu[i]);
		else
			draw_unknown(&at, label, unknown);
	}
}

/* "7.91G/31.2G" */
static void used_of(char text[static 24], u64 used, u64 total)
{
	size_t n = fmt_size(text, used);

	text[n++] = '/';
	n += fmt_size(text + n, total);
	text[n] = 0;
}

static void draw_memory(struct surface *s, const struct model *m)
{
	const struct memory_model *mem = &m->memory;
	u64 shared = MIN(mem->shmem, mem->used);	/* shared pages cannot be dropped: in use */
	const struct bar_part part[] = {
		{mem->used - shared, STYLE_MEM_USED, '|'},
		{mem->buffers, STYLE_MEM_BUFFERS, '#'},
		{shared, STYLE_MEM_SHARED, '*'},
		{mem->cached, STYLE_MEM_CACHE, '@'},
	};
	char text[24];
	struct bar b = {"Mem", part, ARRAY_LEN(part), mem->total, text, STYLE_VALUE};

	if (!mem->known) {
		draw_unknown(s, "Mem", unknown);
		return;
	}
	used_of(text, mem->used, mem->total);
	bar_draw(s, &b);
}

static void draw_swap(struct surface *s, const struct model *m)
{
	const struct memory_model *mem = &m->memory;
	const struct bar_part part[] = {{mem->swap_used, STYLE_SWAP_USED, '|'}};
	char text[24];
	struct bar b = {"Swp", part, ARRAY_LEN(part), mem->swap_total, text, STYLE_VALUE};

	if (!mem->known) {
		draw_unknown(s, "Swp", unknown);
		return;
	}
	used_of(text, mem->swap_used, mem->swap_total);
	bar_draw(s, &b);
}

/* ---- texts ---- */

/* Right-aligned in width columns, so that what follows keeps its place. */
static void pen_fixed(struct pen *p, u64 v, unsigned digits, size_t width)
{
	char buf[32], number[32];
	struct out n = {.buf = number, .cap = sizeof(number)};
	struct out o = {.buf = buf, .cap = sizeof(buf)};

	out_fixed(&n, v, digits);
	out_pad(&o, ' ', width > n.len ? width - n.len : 0);
	out_bytes(&o, n.buf, n.len);
	pen_out(p, &o, STYLE_VALUE);
}

static void pen_u64(struct pen *p, u64 v)
{
	char buf[24] = {0};

	put_u64(buf, v);
	pen_str(p, buf, STYLE_VALUE);
}

/* Three significant digits in width columns: 0.31 3.10 31.0 310 at width 4. */
static void pen_short(struct pen *p, u64 v, unsigned digits, size_t width)
{
	u64 limit = 1;

	for (size_t i = 1; i < width; i++)
		limit *= 10;
	for (; digits && v >= limit; digits--)
		v = (v + 5) / 10;
	pen_fixed(p, v, digits, width);
}

static void draw_tasks(struct pen *p, const struct frame *f)
{
	const struct model *m = f->model;
	const struct task_totals *t = &m->totals;

	pen_str(p, "Tasks: ", STYLE_LABEL);
	if (!have(m, SRC_TASKS)) {
		pen_str(p, unknown, STYLE_DIM);
		return;
	}
	pen_u64(p, t->processes);
	pen_str(p, ", ", STYLE_LABEL);
	/* htop's thr are the threads beyond the main ones */
	pen_u64(p, t->threads > t->processes ? t->threads - t->processes : 0);
	pen_str(p, " thr, ", STYLE_LABEL);
	pen_u64(p, t->kernel_threads);
	pen_str(p, " kthr; ", STYLE_LABEL);
	pen_u64(p, t->states.running);
	pen_str(p, " running", STYLE_LABEL);
	if (m->tasks_lost) {
		pen_str(p, "; ", STYLE_LABEL);
		pen_u64(p, m->tasks_lost);
		pen_str(p, " not shown", STYLE_WARNING);
	}
}

static void draw_load(struct pen *p, const struct frame *f)
{
	const struct model *m = f->model;

	pen_str(p, "Load average:", STYLE_LABEL);
	if (!have(m, SRC_LOADAVG)) {
		pen_str(p, " N/A", STYLE_DIM);
		return;
	}
	for (u32 i = 0; i < 3; i++) {
		pen_str(p, " ", STYLE_LABEL);
		pen_fixed(p, m->loadavg.load_centi[i], 2, 0);
	}
}

static void draw_uptime(struct pen *p, const struct frame *f)
{
	char text[32];
	size_t n = fmt_uptime(text, f->model->boot_ns);
	struct out o = {.buf = text, .cap = sizeof(text), .len = n};

	pen_str(p, "Uptime: ", STYLE_LABEL);
	pen_out(p, &o, STYLE_VALUE);
}

/* Share of the last 10 s in which some task waited for it. */
static void draw_pressure(struct pen *p, const struct frame *f)
{
	static const char *const label[PRESSURE_KINDS] = {
		[PRESSURE_CPU] = "cpu", [PRESSURE_MEMORY] = "mem", [PRESSURE_IO] = "io",
	};
	const struct model *m = f->model;

	pen_str(p, "PSI:", STYLE_LABEL);
	for (u32 i = 0; i < PRESSURE_KINDS; i++) {
		const struct pressure_line *some = &m->pressure[i].some;

		pen_str(p, " ", STYLE_LABEL);
		pen_str(p, label[i], STYLE_LABEL);
		pen_str(p, " ", STYLE_LABEL);
		if (have(m, SRC_PRESSURE) && some->present)
			pen_short(p, some->avg_centi[0] / 10, 1, 4);
		else
			pen_str(p, " N/A", STYLE_DIM);
		pen_str(p, " ", STYLE_LABEL);
	}
}

/* The reading and the share of a CPU first, the frame where there is room. */
void header_cost(struct surface *s, u32 row, u32 col, const struct frame *f)
{
	const struct self_model *self = &f->model->self;
	const char *dot = s->ascii ? " - " : " \xc2\xb7 ";
	struct pen p = {s, row, col};
	u32 room = s->cols > col ? s->cols - col : 0;

	pen_str(&p, f->backend ? f->backend : "read", STYLE_LABEL);
	pen_str(&p, " ", STYLE_LABEL);
	pen_short(&p, self->collect_us / 10, 2, 4);
	pen_str(&p, " ms", STYLE_LABEL);
	if (room >= COST_COLS) {
		pen_str(&p, dot, STYLE_LABEL);
		pen_str(&p, "frame ", STYLE_LABEL);
		pen_short(&p, (f->frame_us + 50) / 100, 1, 3);
		pen_str(&p, " ms", STYLE_LABEL);
	}
	if (room < 24)
		return;
	pen_str(&p, dot, STYLE_LABEL);
	if (self->cpu_known)
		pen_short(&p, (self->cpu_ppm + 500) / 1000, 1, 3);
	else
		pen_str(&p, unknown, STYLE_DIM);
	pen_str(&p, " % cpu", STYLE_LABEL);
}

static void draw_cost(struct pen *p, const struct frame *f)
{
	header_cost(p->s, p->row, p->col, f);
}

/* ---- putting them in place ---- */

/* In their order on the screen; with few rows those of the lowest rank stay. */
static const struct text_line {
	void (*draw)(struct pen *p, const struct frame *f);
	u8 rank;
} text_lines[] = {
	{draw_tasks, 1}, {draw_load, 2}, {draw_uptime, 3}, {draw_pressure, 4}, {draw_cost, 0},
};

static void draw_texts(struct surface *s, const struct frame *f, u32 most)
{
	u32 row = 0;

	for (u32 i = 0; i < ARRAY_LEN(text_lines); i++) {
		struct pen p = {s, row, 0};

		if (text_lines[i].rank >= most)
			continue;
		text_lines[i].draw(&p, f);
		row++;
	}
}

/* One column: a bar for all CPUs, memory, swap, then texts. */
static void draw_narrow(struct surface *s, const struct frame *f)
{
	struct surface mem = surface_part(s, 1, 0, 1, s->cols);
	struct surface swap = surface_part(s, 2, 0, 1, s->cols);
	struct surface texts = surface_part(s, 3, 0, s->rows, s->cols);

	draw_memory(&mem, f->model);
	draw_swap(&swap, f->model);
	draw_texts(&texts, f, texts.rows);
}

void header_draw(struct surface *s, const struct frame *f)
{
	struct plan p = plan_header(f->model, s->cols, s->rows);
	u32 half = s->cols / 2, cost = p.cpu_rows + 2;
	struct surface left, right, row;

	if (!s->rows)
		return;
	draw_cpus(s, f->model, &p);
	if (p.narrow) {
		draw_narrow(s, f);
		return;
	}
	left = surface_part(s, 0, 0, s->rows, half - 1);
	right = surface_part(s, p.halves ? p.cpu_rows : 0, half, s->rows, s->cols);
	row = surface_part(&left, p.cpu_rows, 0, 1, left.cols);
	draw_memory(&row, f->model);
	row = surface_part(&left, p.cpu_rows + 1, 0, 1, left.cols);
	draw_swap(&row, f->model);
	if (!p.halves) {
		draw_texts(&right, f, right.rows);
		return;
	}
	/* Every text but the cost at the right: it stands below the swap bar. */
	row = surface_part(&left, cost, 0, 1, left.cols);
	if (row.rows)
		header_cost(&row, 0, 0, f);
	for (u32 i = 0; i < MIN(right.rows, (u32)ARRAY_LEN(text_lines) - 1); i++)
		text_lines[i].draw(&(struct pen){&right, i, 0}, f);
}
