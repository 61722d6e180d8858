/* ui/report_bench.c - the figures of --bench, for people and for scripts. */
#include "ui/bench.h"

#include <stdlib.h>

static const char *const stage_name[BENCH_STAGES] = {
	[BENCH_WALK] = "walk", [BENCH_COLLECT] = "collect", [BENCH_MODEL] = "model",
	[BENCH_SORT] = "sort", [BENCH_DRAW] = "draw", [BENCH_WRITE] = "write",
	[BENCH_TOTAL] = "total", [BENCH_REST] = "rest", [BENCH_KEY] = "key",
};

static const struct {
	const char *name, *field;
	u32 per_mille;		/* rank, nearest-rank method */
} ranks[] = {
	{"min", "min_us", 0}, {"p50", "p50_us", 500}, {"p95", "p95_us", 950},
	{"p99", "p99_us", 990}, {"max", "max_us", 1000},
};

static int compare(const void *a, const void *b)
{
	const u32 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static u32 ranked(const struct bench *b, u32 stage, u32 per_mille)
{
	u32 rank = (u32)(((u64)b->n * per_mille + 999) / 1000);

	return b->n ? b->ns[stage][rank ? rank - 1 : 0] : 0;
}

static u64 per_sample(const struct bench *b, u64 sum)
{
	return b->n ? sum / b->n : 0;
}

static void put_us(struct out *o, u64 ns)
{
	out_fixed(o, ns, 3);
}

/* Right-aligned in a column of the table. */
static void put_cell(struct out *o, u64 ns)
{
	char text[32];
	struct out cell = {.buf = text, .cap = sizeof(text)};

	put_us(&cell, ns);
	out_pad(o, ' ', cell.len < 11 ? 11 - cell.len : 1);
	out_bytes(o, text, cell.len);
}

static void put_table(struct out *o, const struct bench *b)
{
	out_pad(o, ' ', 10);
	for (u32 r = 0; r < ARRAY_LEN(ranks); r++) {
		out_pad(o, ' ', 11 - strlen(ranks[r].name));
		out_str(o, ranks[r].name);
	}
	out_lit(o, "   us\n");
	for (u32 i = 0; i < BENCH_STAGES; i++) {
		out_str(o, stage_name[i]);
		out_pad(o, ' ', 10 - strlen(stage_name[i]));
		for (u32 r = 0; r < ARRAY_LEN(ranks); r++)
			put_cell(o, ranked(b, i, ranks[r].per_mille));
		out_char(o, '\n');
	}
}

static void put_text(struct out *o, const struct bench *b, const struct report_host *host)
{
	out_str(o, host->backend);
	out_lit(o, ": ");
	out_u64(o, b->n);
	out_lit(o, " samples, ");
	out_u64(o, b->processes);
	out_lit(o, " processes, ");
	out_u64(o, b->tasks);
	out_lit(o, " tasks; screen 200x50\n");
	put_table(o, b);
	out_lit(o, "CPU time a refresh     ");
	put_us(o, per_sample(b, b->cpu_ns));
	out_lit(o, " us\nwalk, a task           ");
	put_us(o, b->tasks ? ranked(b, BENCH_WALK, 500) / b->tasks : 0);
	out_lit(o, " us\nsystem calls a refresh ");
	out_fixed(o, per_sample(b, b->syscalls * 100), 2);
	out_lit(o, "\nbytes a frame          ");
	out_u64(o, per_sample(b, b->frame_bytes));
	out_lit(o, "\nfirst frame            ");
	put_us(o, b->first_frame_ns);
	out_lit(o, " us after the start\n");
}

static void put_stage_json(struct out *o, const struct bench *b, u32 stage)
{
	out_char(o, '"');
	out_str(o, stage_name[stage]);
	out_lit(o, "\":{");
	for (u32 r = 0; r < ARRAY_LEN(ranks); r++) {
		out_str(o, r ? ",\"" : "\"");
		out_str(o, ranks[r].field);
		out_lit(o, "\":");
		put_us(o, ranked(b, stage, ranks[r].per_mille));
	}
	out_char(o, '}');
}

static void put_json(struct out *o, const struct bench *b, const struct report_host *host)
{
	out_lit(o, "{\"schema\":1,\"bench\":{\"backend\":\"");
	out_str(o, host->backend);
	out_lit(o, "\",\"samples\":");
	out_u64(o, b->n);
	out_lit(o, ",\"processes\":");
	out_u64(o, b->processes);
	out_lit(o, ",\"tasks\":");
	out_u64(o, b->tasks);
	out_lit(o, ",\"cpu_us\":");
	put_us(o, per_sample(b, b->cpu_ns));
	out_lit(o, ",\"syscalls\":");
	out_fixed(o, per_sample(b, b->syscalls * 100), 2);
	out_lit(o, ",\"frame_bytes\":");
	out_u64(o, per_sample(b, b->frame_bytes));
	out_lit(o, ",\"first_frame_us\":");
	put_us(o, b->first_frame_ns);
	out_lit(o, ",\"stages\":{");
	for (u32 i = 0; i < BENCH_STAGES; i++) {
		if (i)
			out_char(o, ',');
		put_stage_json(o, b, i);
	}
	out_lit(o, "}}}\n");
}

bool report_bench(struct sink *s, struct bench *b, const struct report_host *host, bool json)
{
	for (u32 i = 0; i < BENCH_STAGES; i++)
		qsort(b->ns[i], b->n, sizeof(b->ns[i][0]), compare);
	if (!sink_room(s, 4096))
		return false;
	if (json)
		put_json(&s->out, b, host);
	else
		put_text(&s->out, b, host);
	return s->flush(s);
}
