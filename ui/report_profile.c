/* ui/report_profile.c - what pitstop's own programs cost, as the kernel counts
 * and times them. */
#include "ui/profile.h"

static void put_number(struct sink *s, u64 v, u32 width)
{
	char digits[20];
	size_t n = put_u64(digits, v);

	for (size_t i = n; i < width; i++)
		sink_char(s, ' ');
	sink_bytes(s, (struct bytes){(unsigned char *)digits, n});
}

static struct profile_probe *probe_of(struct profile *p, const struct program_row *r)
{
	for (u32 i = 0; i < p->n; i++)
		if (p->probe[i].id == r->rec->id)
			return &p->probe[i];
	if (p->n == PROFILE_PROBES)
		return NULL;
	p->probe[p->n] = (struct profile_probe){.id = r->rec->id};
	memcpy(p->probe[p->n].name, r->more->name, sizeof(r->more->name));
	return &p->probe[p->n++];
}

void profile_add(struct profile *p, const struct model *m)
{
	p->samples++;
	p->window_ns += m->boot_ns - p->boot_ns;
	p->boot_ns = m->boot_ns;
	p->stats_cost_ns = m->programs.table->stats_cost_ns;
	for (u32 i = 0; i < m->programs.n; i++) {
		const struct program_row *r = &m->programs.row[i];
		struct profile_probe *probe = r->own ? probe_of(p, r) : NULL;

		if (!probe || !(r->have & PROGRAM_HAVE_AVERAGE))
			continue;
		probe->runs += r->runs;
		probe->ns += r->ns;
		probe->by_log2[63 - __builtin_clzll(r->average_ns | 1)] += r->runs;
	}
}

static void put_histogram(struct sink *s, const struct profile_probe *probe)
{
	static const char bar[] = "****************************************";

	for (u32 b = 0; b < PROFILE_BUCKETS; b++) {
		u64 n = probe->by_log2[b];

		if (!n)
			continue;
		put_number(s, 1ull << b, 24);
		sink_str(s, " ns");
		put_number(s, n, 10);
		sink_str(s, "  ");
		sink_str(s, bar + sizeof(bar) - 1 - (1 + mul_div(n, sizeof(bar) - 2, probe->runs)));
		sink_char(s, '\n');
	}
}

static void put_probe(struct sink *s, const struct profile *p, const struct profile_probe *probe)
{
	size_t n = strnlen(probe->name, sizeof(probe->name));

	sink_bytes(s, (struct bytes){(const unsigned char *)probe->name, n});
	put_number(s, probe->runs, 24 - (u32)n);
	put_number(s, probe->runs ? probe->ns / probe->runs : 0, 13);
	sink_str(s, "    ");
	sink_fixed(s, mul_div(probe->ns, 1000000, p->window_ns), 4);
	sink_char(s, '\n');
	put_histogram(s, probe);
}

bool report_profile(struct sink *s, const struct profile *p)
{
	u64 runs = 0;

	sink_u64(s, p->samples);
	sink_str(s, " samples in ");
	sink_fixed(s, p->window_ns / (10 * NSEC_PER_MSEC), 2);
	sink_str(s, " s\n\nPROGRAM             RUNS      MEAN ns    CPU%   below: runs by the mean of their sample, "
		    "from each power of two\n");
	for (u32 i = 0; i < p->n; i++) {
		put_probe(s, p, &p->probe[i]);
		runs += p->probe[i].runs;
	}
	sink_str(s, "\nRun statistics, on while BPF programs are shown, add ");
	if (p->stats_cost_ns) {
		sink_u64(s, p->stats_cost_ns);
		sink_str(s, " ns to each run of any program (measured): to those above ");
		sink_fixed(s, mul_div(runs * p->stats_cost_ns, 1000000, p->window_ns), 4);
		sink_str(s, " % of a CPU.\n");
	} else {
		sink_str(s, "some ns to each run of any program; how many, cannot be measured\n"
			    "here: they were on already, or may not be switched on.\n");
	}
	return !s->err && s->flush(s);
}
