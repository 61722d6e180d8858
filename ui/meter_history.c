/* ui/meter_history.c - see ui/meter_history.h. */
#include "ui/meter_history.h"
#include "ui/header.h"

/* HISTORY_ROWS: nothing is kept of it. */
static u32 row_of(const struct meter *m, u32 cpu)
{
	u32 at = (u32)(m - meters);

	if (cpu != METER_ALL_CPUS)
		return cpu < HISTORY_CPUS ? HISTORY_METERS + cpu : (u32)HISTORY_ROWS;
	return at < HISTORY_METERS ? at : (u32)HISTORY_ROWS;
}

static void take(struct meter_history *h, const struct meter *m, const struct meter_context *c)
{
	u32 row = row_of(m, c->cpu), level = HISTORY_UNKNOWN;
	struct reading r;
	u32 gap;

	if (row == HISTORY_ROWS || h->last[row] == h->taken)
		return;
	meter_read(m, c, &r);
	if (r.known && r.full)
		level = (u32)MIN(mul_div(r.level, PPM, r.full), (u64)PPM);
	else if (r.known)
		level = (u32)MIN(r.level / 1024, (u64)HISTORY_UNKNOWN - 1);
	/* while it was away from the header nothing was taken; a new row is written
	 * all over at once, so that memory does not grow with every sample */
	gap = h->last[row] ? MIN(h->taken - h->last[row], (u32)HISTORY_LEN) : (u32)HISTORY_LEN;
	for (u32 i = 1; i < gap; i++)
		h->level[row][(h->taken - i) % HISTORY_LEN] = HISTORY_UNKNOWN;
	h->level[row][h->taken % HISTORY_LEN] = level;
	h->last[row] = h->taken;
}

void meter_history_take(struct meter_history *h, const struct settings *s, const struct frame *f)
{
	const struct model *m = f->model;
	struct header_item item[HEADER_ITEMS];
	u32 n;

	if (h->boot_ns == m->boot_ns)
		return;
	h->boot_ns = m->boot_ns;
	h->taken++;
	n = header_items(s, m->ncpu, item);
	for (u32 i = 0; i < n; i++) {
		struct meter_context c = {.f = f, .settings = s, .cpu = item[i].cpu};
		bool set = meter_cpu_half(item[i].meter);
		u32 cpus = set ? MIN(m->ncpu, (u32)HISTORY_CPUS) : 0;

		if (!set)
			take(h, item[i].meter, &c);
		for (c.cpu = 0; c.cpu < cpus; c.cpu++)
			take(h, item[i].meter, &c);
	}
}

u32 meter_history_at(const struct meter_history *h, const struct meter *m, u32 cpu, u32 ago)
{
	u32 row = row_of(m, cpu);

	if (!h || row == HISTORY_ROWS || ago >= HISTORY_LEN || ago >= h->taken ||
	    h->taken - ago > h->last[row])
		return HISTORY_UNKNOWN;
	return h->level[row][(h->taken - ago) % HISTORY_LEN];
}
