/* ui/columns_growth.c - how fast memory grows: of a process, of its cgroup, and
 * who is to blame first when it runs out. */
#include "proc/history.h"
#include "ui/columns_impl.h"
#include "ui/fmt.h"

/* Slower than that nobody fills a machine while somebody looks. */
enum { GROWS_BYTES_PER_S = 64 << 10 };

/* Shrinking counts, too, but in no order: what is given back is no trouble. */
static void draw_rate(struct surface *s, const struct cell_context *c, bool known, s64 per_s)
{
	char text[FMT_RATE_WIDTH];
	u32 at = 0;

	if (!known) {
		cell_unknown(s, c);
	} else if (per_s >= 0) {
		cell_rate(s, c, (u64)per_s);
	} else {
		fmt_rate(text, (u64)-per_s);
		while (at + 1 < sizeof(text) && text[at + 1] == ' ')
			at++;
		if (text[at] == ' ')
			text[at] = '-';
		cell_text(s, c, (struct bytes){(const unsigned char *)text, sizeof(text)}, STYLE_DIM);
	}
}

#define RATE_FACES(name, get)								\
	void draw_##name(struct surface *s, const struct cell_context *c, const struct task_row *r) \
	{										\
		s64 per_s = 0;								\
		bool known = get(c->model->history, r->t, &per_s);			\
											\
		draw_rate(s, c, known, per_s);						\
	}										\
	bool json_##name(struct sink *s, const struct model *m, const struct task_row *r) \
	{										\
		s64 per_s;								\
											\
		if (!get(m->history, r->t, &per_s))					\
			return false;							\
		sink_s64(s, per_s);							\
		return true;								\
	}

RATE_FACES(growth, history_growth)
RATE_FACES(group_growth, history_group_growth)

/* Whoever grows, by how fast; then all others, by their size.  One too young to
 * have a trend stands by what it has taken since it began, as far as its cgroup
 * grows: of those that fork without an end nobody gets old. */
u64 key_growth(const struct model *m, const struct task_row *r)
{
	const struct task *t = r->t;
	u64 size = t->have & TASK_HAVE_RSS ? t->rss_bytes + (t->have & TASK_HAVE_SWAP ? t->swap_bytes : 0) + 1 : 0;
	u64 age = MAX(m->boot_ns - MIN(m->boot_ns, t->start_boot_ns), (u64)NSEC_PER_SEC);
	s64 per_s;

	if (!history_growth(m->history, t, &per_s)) {
		if (!history_group_growth(m->history, t, &per_s))
			return size;
		per_s = MIN(per_s, (s64)mul_div(size, NSEC_PER_SEC, age));
	}
	return per_s >= GROWS_BYTES_PER_S ? 1ull << 63 | (u64)per_s : size;
}

u64 key_group_growth(const struct model *m, const struct task_row *r)
{
	s64 per_s;

	return history_group_growth(m->history, r->t, &per_s) ? (u64)per_s ^ 1ull << 63 : 0;
}
