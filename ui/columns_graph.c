/* ui/columns_graph.c - the last samples of a process, in one cell of the table. */
#include "proc/history.h"
#include "ui/columns_impl.h"
#include "ui/graph.h"

enum { LEVELS = 4 };		/* dots of a braille pattern, one above the other */

/* What of a sample is drawn; false: unknown. */
typedef bool sample_fn(const struct history_sample *h, u64 *v);

static bool sample_cpu(const struct history_sample *h, u64 *v)
{
	*v = h->cpu_ppm;
	return h->have & ROW_HAVE_CPU;
}

static bool sample_rss(const struct history_sample *h, u64 *v)
{
	*v = h->rss_bytes;
	return h->rss_known;
}

/* What is drawn at the foot and at full height. */
struct scale {
	u64 foot, full;
	u32 least;		/* dots of what is at the foot */
};

/* Anything above the foot shows. */
static u32 level(u64 v, const struct scale *s)
{
	u64 most = LEVELS - s->least, span = s->full - s->foot;
	u64 dots = mul_div(v - s->foot, most, span);

	return s->least + (u32)MIN(dots + (dots * span < (v - s->foot) * most), most);
}

static void draw_pair(struct surface *s, u32 col, u32 left, u32 right)
{
	static const char plain[] = " .:|#";
	const char text[] = {plain[MAX(left, right)], 0};

	if (s->ascii)
		surface_str(s, 0, col, text, s->cell[col].style);
	else
		graph_dots(s, 0, col, left, right, s->cell[col].style);
}

/* A whole CPU is full height, or the most there was when that is more. */
static struct scale scale_cpu(u64 least, u64 most)
{
	(void)least;
	return (struct scale){0, MAX(most, PPM), 0};
}

/* What changes shows: a line at the foot when nothing does. */
static struct scale scale_rss(u64 least, u64 most)
{
	enum { SPAN = 16 };		/* full height is a 16th of it at least */

	return (struct scale){least, MAX(most, least + most / SPAN + 1), 1};
}

/* Two samples a cell, the newest at the right. */
static void draw_graph(struct surface *s, const struct cell_context *c, const struct task_row *r,
		       sample_fn *sample, struct scale (*scale_of)(u64 least, u64 most))
{
	struct history_sample h[HISTORY_SHORT];
	u32 cols = MIN(s->cols, HISTORY_SHORT / 2), n, at, dots[HISTORY_SHORT] = {0};
	u64 least = UINT64_MAX, most = 0, v;
	struct scale scale;

	n = history_get(c->model->history, task_id(r->t), h, 2 * cols);
	for (u32 i = 0; i < n; i++) {
		if (!sample(&h[i], &v))
			continue;
		least = MIN(least, v);
		most = MAX(most, v);
	}
	scale = scale_of(MIN(least, most), most);
	at = 2 * cols - n;
	for (u32 i = 0; i < n; i++)
		if (sample(&h[i], &v))
			dots[at + i] = level(v, &scale);
	if (!c->selected)
		surface_style(s, 0, 0, s->cols, STYLE_GRAPH);
	for (u32 i = 0; i < cols; i++)
		draw_pair(s, s->cols - cols + i, dots[2 * i], dots[2 * i + 1]);
}

/* Oldest first, and nothing from before one that is unknown. */
static bool put_graph(struct sink *s, const struct model *m, const struct task_row *r,
		      sample_fn *sample, void (*put)(struct sink *s, u64 v))
{
	struct history_sample h[HISTORY_SHORT];
	u32 n = history_get(m->history, task_id(r->t), h, HISTORY_SHORT), from = n;
	u64 v;

	while (from && sample(&h[from - 1], &v))
		from--;
	for (u32 i = from; i < n; i++) {
		sink_char(s, i > from ? ',' : '[');
		(void)!sample(&h[i], &v);	/* known, as was just seen */
		put(s, v);
	}
	if (from < n)
		sink_char(s, ']');
	return from < n;
}

void draw_cpu_history(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	draw_graph(s, c, r, sample_cpu, scale_cpu);
}

bool json_cpu_history(struct sink *s, const struct model *m, const struct task_row *r)
{
	return put_graph(s, m, r, sample_cpu, sink_percent);
}

void draw_rss_history(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	draw_graph(s, c, r, sample_rss, scale_rss);
}

bool json_rss_history(struct sink *s, const struct model *m, const struct task_row *r)
{
	return put_graph(s, m, r, sample_rss, sink_u64);
}
