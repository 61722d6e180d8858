/* ui/header.c - where the meters on top stand, and what gives way where there is
 * too little room: first CPUs go side by side, then graphs and big digits become
 * lines, then one bar stands for all CPUs, then those of the highest rank go. */
#include "ui/header.h"

enum {
	NARROW = 50,		/* columns below which there is one column of meters */
	NARROW_ROWS = 6,
	LEFT_CPUS = 4,		/* up to here all CPUs stand at the left */
	AUTO_SHARE = 3,		/* of the screen, where nobody chose */
	ROWS_BELOW = 6,		/* titles, keys, and some of the table */
	SIDE_MOST = 16,		/* columns of CPUs */
};

/* ---- which meters ---- */

/* A column of names; the next begins behind "|". */
static const char auto_few[] = "AllCPUs Memory Swap|Tasks LoadAverage Uptime Pressure Cost";
static const char auto_many[] = "LeftCPUs Memory Swap Cost|RightCPUs Tasks LoadAverage Uptime Pressure";

bool header_is_auto(const struct settings *s)
{
	u32 n = 0;

	for (u32 i = 0; i < HEADER_COLUMNS; i++)
		n += s->meters[i].n;
	return !n;
}

static void auto_columns(struct meter_column *column, u32 ncpu)
{
	const char *at = ncpu > LEFT_CPUS ? auto_many : auto_few;

	column->n = 0;
	while (*at) {
		size_t n = strcspn(at, " |");
		struct meter_setting *m = &column->meter[column->n++];

		memset(m, 0, sizeof(*m));
		memcpy(m->name, at, n);
		at += n;
		if (*at == '|')
			(++column)->n = 0;
		at += *at != 0;
	}
}

void header_settle(struct settings *s, u32 ncpu)
{
	if (!header_is_auto(s))
		return;
	s->layout = LAYOUT_TWO_50_50;
	auto_columns(s->meters, ncpu);
}

static u32 layout_columns(u8 layout)
{
	u32 n = 0;

	while (n < HEADER_COLUMNS && header_layout_share[layout][n])
		n++;
	return n;
}

u32 header_items(const struct settings *s, u32 ncpu, struct header_item out[static HEADER_ITEMS])
{
	struct meter_column own[2];
	const struct meter_column *column = s->meters;
	u32 columns_n = layout_columns(s->layout), n = 0;

	if (header_is_auto(s)) {
		auto_columns(own, ncpu);
		column = own;
		columns_n = ARRAY_LEN(own);
	}
	for (u32 i = 0; i < columns_n; i++) {
		for (u32 k = 0; k < MIN(column[i].n, (u32)SETTINGS_METERS); k++) {
			struct header_item *it = &out[n];

			it->meter = meter_find(column[i].meter[k].name, &it->cpu);
			it->column = (u8)i;
			if (!it->meter)
				continue;
			it->mode = (u8)meter_mode_of(it->meter, column[i].meter[k].mode);
			n++;
		}
	}
	return n;
}

u32 header_sources(const struct settings *s)
{
	struct header_item item[HEADER_ITEMS];
	u32 n = header_items(s, 0, item), sources = 0;

	for (u32 i = 0; i < n; i++)
		sources |= item[i].meter->sources;
	return sources;
}

/* ---- the plan ---- */

struct plan {
	const struct settings *settings;
	u32 ncpu;
	u32 rows;
	u32 columns_n;
	u32 from[HEADER_COLUMNS + 1];	/* columns of the screen; a gap ends all but the last */
	u32 side;			/* times as many CPUs side by side as asked for */
	bool compact;			/* graphs and big digits as lines */
	bool average;			/* one bar for all CPUs */
	u8 layout;
	u32 n;
	struct header_item item[HEADER_ITEMS];
};

static u32 div_up(u32 a, u32 b)
{
	return a / b + (a % b != 0);
}

static u32 column_width(const struct plan *p, u32 column)
{
	u32 width = p->from[column + 1] - p->from[column];

	return width - (column + 1 < p->columns_n && width);
}

/* CPUs of a set: [first, first + n). */
static u32 set_cpus(const struct meter *m, u32 ncpu, u32 *first)
{
	u32 left = div_up(ncpu, 2);

	*first = meter_cpu_half(m) == CPU_HALF_RIGHT ? left : 0;
	switch (meter_cpu_half(m)) {
	case CPU_HALF_LEFT:
		return left;
	case CPU_HALF_RIGHT:
		return ncpu - left;
	case CPU_HALF_ALL:
	case CPU_HALF_NONE:
		break;
	}
	return ncpu;
}

static u32 set_side(const struct plan *p, const struct header_item *it)
{
	u32 side = (it->meter->arg & 0xf) * p->side;
	u32 room = (column_width(p, it->column) + 1) / BAR_MIN;

	return MAX(MIN(side, room), 1u);
}

/* Whether a set of CPUs is drawn as their average.  The right half is then none:
 * the left one has it. */
static bool is_average(const struct plan *p, const struct header_item *it)
{
	return meter_cpu_half(it->meter) && (p->average || !p->ncpu);
}

static enum meter_mode mode_of(const struct plan *p, const struct header_item *it)
{
	enum meter_mode mode = (enum meter_mode)it->mode;

	if (!p->compact || meter_mode_rows(mode) == 1)
		return mode;
	return it->meter->modes & METER_BIT(METER_BAR) ? METER_BAR : METER_TEXT;
}

static u32 item_rows(const struct plan *p, const struct header_item *it)
{
	u32 rows = meter_mode_rows(mode_of(p, it)), first;

	if (!meter_cpu_half(it->meter))
		return rows;
	if (is_average(p, it))
		return meter_cpu_half(it->meter) == CPU_HALF_RIGHT ? 0 : rows;
	return rows * div_up(set_cpus(it->meter, p->ncpu, &first), set_side(p, it));
}

static u32 column_rows(const struct plan *p, u32 column)
{
	u32 rows = 0;

	for (u32 i = 0; i < p->n; i++)
		if (p->item[i].column == column)
			rows += item_rows(p, &p->item[i]);
	return rows;
}

static u32 plan_rows(const struct plan *p)
{
	u32 rows = 0;

	for (u32 i = 0; i < p->columns_n; i++)
		rows = MAX(rows, column_rows(p, i));
	return rows;
}

/* Takes the last of the highest rank from a column. */
static void drop_one(struct plan *p, u32 column)
{
	u32 worst = p->n;

	for (u32 i = 0; i < p->n; i++)
		if (p->item[i].column == column &&
		    (worst == p->n || p->item[i].meter->rank >= p->item[worst].meter->rank))
			worst = i;
	if (worst == p->n)
		return;
	p->n--;
	memmove(&p->item[worst], &p->item[worst + 1], (p->n - worst) * sizeof(p->item[0]));
}

static bool fits(struct plan *p, u32 most)
{
	p->rows = plan_rows(p);
	return p->rows <= most;
}

static void fit(struct plan *p, u32 most)
{
	for (u32 compact = 0; compact < 2; compact++) {
		p->compact = compact;
		for (p->side = 1; p->side <= SIDE_MOST; p->side *= 2)
			if (fits(p, most))
				return;
	}
	p->side = 1;
	p->average = true;
	for (u32 i = 0; i < p->columns_n; i++)
		while (column_rows(p, i) > most)
			drop_one(p, i);
	p->rows = plan_rows(p);
}

static void plan_columns(struct plan *p, u32 cols)
{
	u32 share = 0;

	p->columns_n = layout_columns(p->layout);
	if (cols < NARROW) {
		p->columns_n = 1;
		p->average = true;
		for (u32 i = 0; i < p->n; i++)
			p->item[i].column = 0;
	}
	for (u32 i = 0; i < p->columns_n; i++) {
		p->from[i] = cols * share / 100;
		share += header_layout_share[p->layout][i];
	}
	p->from[p->columns_n] = cols;
}

static void plan_header(struct plan *p, const struct settings *s, u32 ncpu, u32 most, u32 cols)
{
	memset(p, 0, offsetof(struct plan, item));
	p->settings = s;
	p->ncpu = ncpu;
	p->layout = header_is_auto(s) ? (u8)LAYOUT_TWO_50_50 : s->layout;
	p->n = header_items(s, ncpu, p->item);
	plan_columns(p, cols);
	fit(p, most);
}

u32 header_rows(const struct settings *s, const struct model *m, u32 rows, u32 cols)
{
	bool chosen = !header_is_auto(s);
	u32 most = chosen ? MIN(rows * 2 / 3, rows > ROWS_BELOW ? rows - ROWS_BELOW : 1) : rows / AUTO_SHARE;
	struct plan p;

	if (!chosen && cols < NARROW)
		most = MIN(most, (u32)NARROW_ROWS);
	plan_header(&p, s, m->ncpu, most, cols);
	return p.rows;
}

/* ---- drawing ---- */

/* The CPUs of a set in columns, numbers running down, as in htop. */
static void draw_set(struct surface *s, const struct plan *p, const struct header_item *it,
		     const struct frame *f)
{
	struct meter_context c = {.f = f, .settings = p->settings};
	enum meter_mode mode = mode_of(p, it);
	u32 first, n = set_cpus(it->meter, p->ncpu, &first), side = set_side(p, it);
	u32 high = meter_mode_rows(mode), down = div_up(n, side);

	for (u32 i = 0; i < n; i++) {
		u32 from = (s->cols + 1) * (i / down) / side;
		u32 to = (s->cols + 1) * (i / down + 1) / side;
		struct surface at = surface_part(s, i % down * high, from, high, to - from - 1);

		c.cpu = first + i;
		meter_draw(&at, it->meter, &c, mode);
	}
}

static void draw_item(struct surface *s, const struct plan *p, const struct header_item *it,
		      const struct frame *f)
{
	struct meter_context c = {.f = f, .settings = p->settings, .cpu = it->cpu};

	if (!meter_cpu_half(it->meter) || is_average(p, it))
		meter_draw(s, it->meter, &c, mode_of(p, it));
	else
		draw_set(s, p, it, f);
}

void header_draw(struct surface *s, const struct settings *set, const struct frame *f)
{
	u32 row[HEADER_COLUMNS] = {0};
	struct plan p;

	if (!s->rows)
		return;
	plan_header(&p, set, f->model->ncpu, s->rows, s->cols);
	for (u32 i = 0; i < p.n; i++) {
		const struct header_item *it = &p.item[i];
		u32 rows = item_rows(&p, it), col = it->column;
		struct surface at = surface_part(s, row[col], p.from[col], rows, column_width(&p, col));

		draw_item(&at, &p, it, f);
		row[col] += rows;
	}
}
