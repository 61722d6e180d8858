/* ui/program_columns.c - see ui/program_columns.h. */
#include "ui/program_columns.h"

#include "proc/users.h"
#include "ui/fmt.h"

enum { TEN_PER_MILLI = 100 };

static void put_string(struct out *o, const char *text, size_t room)
{
	out_bytes(o, text, strnlen(text, room));
}

void program_put_type(struct out *o, u32 type)
{
	const char *name = program_type_name(type);

	if (name)
		out_str(o, name);
	else
		out_u64(o, type);
}

void program_put_tag(struct out *o, const struct program_row *r)
{
	static const char digit[] = "0123456789abcdef";

	for (u32 i = 0; i < PROGRAM_TAG; i++) {
		out_char(o, digit[r->more->tag[i] >> 4]);
		out_char(o, digit[r->more->tag[i] & 15]);
	}
}

void program_put_name(struct out *o, const struct program_row *r)
{
	if (*r->more->function)
		put_string(o, r->more->function, sizeof(r->more->function));
	else if (*r->more->name)
		put_string(o, r->more->name, sizeof(r->more->name));
	else
		program_put_tag(o, r);
	if (r->own)
		out_lit(o, " (own)");
}

void program_put_cost(struct out *o, const struct program_table *t)
{
	bool known = t && t->stats_cost_ns;

	out_char(o, known ? '+' : '~');
	out_u64(o, known ? t->stats_cost_ns : 20);
	out_lit(o, " ns a run");
}

/* iter/task hangs on "bpf_iter_task", and its link leads to "task". */
static bool ends_with(const char *text, const char *end)
{
	size_t n = strnlen(text, PROGRAM_SYMBOL), m = strlen(end);

	return n >= m && !memcmp(text + n - m, end, m);
}

void program_put_attach(struct out *o, const struct program_table *t, const struct program_row *r)
{
	u32 n;
	const struct program_link *l = program_links(t, r->rec->id, &n);
	const size_t begin = o->len;

	put_string(o, r->more->target, PROGRAM_SYMBOL);
	for (u32 i = 0; i < n; i++) {
		/* of many links to one place the first says it */
		if (!*l[i].text || (i && !strcmp(l[i].text, l[i - 1].text)) ||
		    ends_with(r->more->target, l[i].text))
			continue;
		if (o->len > begin)
			out_lit(o, ", ");
		out_str(o, l[i].text);
	}
}

/* ---- one function a column ------------------------------------------------------- */

static u64 rank_id(const struct program_cell *c)
{
	return c->row->rec->id;
}

static void put_id(struct out *o, const struct program_cell *c)
{
	if (c->row)
		out_u64(o, c->row->rec->id);
	else
		out_lit(o, "Total");
}

/* In the place of the sum: what looking costs. */
static void put_type(struct out *o, const struct program_cell *c)
{
	if (c->row)
		program_put_type(o, c->row->rec->type);
	else
		program_put_cost(o, c->model->programs.table);
}

static bool has_rates(const struct program_cell *c)
{
	return !c->row || c->row->have & PROGRAM_HAVE_RATES;
}

static u64 rank_events(const struct program_cell *c)
{
	return c->row ? c->row->events_milli : c->model->programs.events_milli;
}

static void put_events(struct out *o, const struct program_cell *c)
{
	if (has_rates(c))
		out_fixed(o, rank_events(c) / TEN_PER_MILLI, 1);
}

static u64 rank_cpu(const struct program_cell *c)
{
	return c->row ? c->row->cpu_ppm : c->model->programs.cpu_ppm;
}

static void put_cpu(struct out *o, const struct program_cell *c)
{
	if (has_rates(c))
		out_fixed(o, rank_cpu(c) / 10, 3);
}

static u64 rank_average(const struct program_cell *c)
{
	return c->row->average_ns;
}

static void put_average(struct out *o, const struct program_cell *c)
{
	if (c->row && c->row->have & PROGRAM_HAVE_AVERAGE)
		out_u64(o, c->row->average_ns);
}

static u64 rank_total_average(const struct program_cell *c)
{
	return c->row->total_average_ns;
}

static void put_total_average(struct out *o, const struct program_cell *c)
{
	if (c->row && c->row->rec->run_cnt)
		out_u64(o, c->row->total_average_ns);
}

static u64 rank_misses(const struct program_cell *c)
{
	return c->row->rec->misses;
}

static void put_misses(struct out *o, const struct program_cell *c)
{
	if (c->row)
		out_u64(o, c->row->rec->misses);
}

static u64 rank_memory(const struct program_cell *c)
{
	u64 pages = 0;

	for (u32 i = 0; !c->row && i < c->model->programs.n; i++)
		pages += c->model->programs.row[i].more->pages;
	return (c->row ? c->row->more->pages : pages) * (u64)page_size();
}

static void put_memory(struct out *o, const struct program_cell *c)
{
	char text[FMT_BYTES_WIDTH];

	fmt_bytes(text, rank_memory(c));
	out_trimmed(o, text, sizeof(text));
}

static u64 rank_maps(const struct program_cell *c)
{
	return c->row->more->nmap;
}

static void put_maps(struct out *o, const struct program_cell *c)
{
	if (c->row)
		out_u64(o, c->row->more->nmap);
}

static u64 rank_loaded(const struct program_cell *c)
{
	u64 age = 0;

	(void)counter_delta(c->row->rec->loaded_boot_ns, c->model->programs.table->boot_ns, &age);
	return age;
}

/* How long ago. */
static void put_loaded(struct out *o, const struct program_cell *c)
{
	char text[FMT_TIME_WIDTH];

	if (!c->row || c->row->rec->loaded_boot_ns > c->model->programs.table->boot_ns)
		return;
	fmt_time(text, rank_loaded(c));
	out_trimmed(o, text, sizeof(text));
}

static void put_user(struct out *o, const struct program_cell *c)
{
	struct bytes name;

	if (!c->row)
		return;
	name = users_name(c->row->more->uid);
	if (name.n)
		out_bytes(o, (const char *)name.p, name.n);
	else
		out_u64(o, c->row->more->uid);
}

static void put_name(struct out *o, const struct program_cell *c)
{
	if (c->row) {
		program_put_name(o, c->row);
		return;
	}
	out_u64(o, c->model->programs.n);
	out_lit(o, " programs");
}

static void put_attach(struct out *o, const struct program_cell *c)
{
	if (c->row)
		program_put_attach(o, c->model->programs.table, c->row);
}

void program_put_owner(struct out *o, const struct program_owner *w)
{
	if (w->path) {
		out_str(o, w->path);
		return;
	}
	put_string(o, w->comm, sizeof(w->comm));
	out_char(o, '(');
	out_u64(o, w->pid);
	out_char(o, ')');
}

static void put_owners(struct out *o, const struct program_cell *c)
{
	const struct program_owner *w;
	u32 n = 0;

	if (!c->row)
		return;
	w = program_owners(c->model->programs.table, c->row->rec->id, &n);
	for (u32 i = 0; i < n; i++) {
		if (i)
			out_char(o, ' ');
		program_put_owner(o, &w[i]);
	}
}

static u64 rank_runs(const struct program_cell *c)
{
	return c->row->rec->run_cnt;
}

static u64 rank_time(const struct program_cell *c)
{
	return c->row->rec->run_ns;
}

static u64 rank_insns(const struct program_cell *c)
{
	return c->row->more->xlated_insns;
}

static u64 rank_verified(const struct program_cell *c)
{
	return c->row->more->verified_insns;
}

static u64 rank_jited(const struct program_cell *c)
{
	return c->row->more->jited_bytes;
}

#define PUT_NUMBER(name, known) \
static void put_##name(struct out *o, const struct program_cell *c) \
{ \
	if (c->row && (known)) \
		out_u64(o, rank_##name(c)); \
}

PUT_NUMBER(runs, true)
PUT_NUMBER(time, true)
PUT_NUMBER(insns, true)
PUT_NUMBER(verified, c->row->more->verified_insns)
PUT_NUMBER(jited, true)

static void put_tag(struct out *o, const struct program_cell *c)
{
	if (c->row)
		program_put_tag(o, c->row);
}

#define NUMBER(json, title, width, name, scale, help) \
	{json, title, help, width, false, true, put_##name, rank_##name, scale}
#define WORDS(json, title, width, name, help)	{json, title, help, width, true, false, put_##name, NULL, 1}

const struct program_column program_columns[PROG_COLS] = {
	[PROG_COL_ID]            = {"id", "ID", "its number", 7, false, false, put_id, rank_id, 1},
	[PROG_COL_TYPE]          = WORDS("type", "TYPE", 14, type, "by the kernel's words"),
	[PROG_COL_NAME]          = WORDS("name", "NAME", 20, name, "its function by BTF, else its name, else its tag"),
	[PROG_COL_EVENTS]        = NUMBER("events_per_s", "EVENTS/s", 10, events, 1000, "runs a second"),
	[PROG_COL_AVERAGE]       = NUMBER("average_ns", "AVG ns", 8, average, 1, "time of a run, in the window"),
	[PROG_COL_CPU]           = NUMBER("cpu_percent", "CPU%", 7, cpu, 10000, "of one CPU"),
	[PROG_COL_TOTAL_AVERAGE] = NUMBER("total_average_ns", "TOTAL ns", 8, total_average, 1, "time of a run, of all that were counted"),
	[PROG_COL_MISSES]        = NUMBER("recursion_misses", "MISS", 5, misses, 1, "runs that recursion prevented"),
	[PROG_COL_MEMORY]        = NUMBER("memlock_bytes", "MEM", 5, memory, 1, "memory of its code"),
	[PROG_COL_MAPS]          = NUMBER("maps", "MAPS", 4, maps, 1, "how many it uses"),
	[PROG_COL_LOADED]        = {"age_ns", "AGE", "since it was loaded", 9, false, false, put_loaded, rank_loaded, 1},
	[PROG_COL_USER]          = WORDS("user", "USER", 8, user, "who loaded it"),
	[PROG_COL_ATTACH]        = WORDS("attach", "ATTACH", 24, attach, "function, tracepoint, cgroup, interface"),
	[PROG_COL_OWNERS]        = WORDS("owners", "OWNERS", 24, owners, "processes and pins that hold it"),
	[PROG_COL_TAG]           = WORDS("tag", "TAG", 16, tag, "of its instructions"),
	[PROG_COL_RUNS]          = NUMBER("run_count", "RUNS", 12, runs, 1, "all that were counted"),
	[PROG_COL_TIME]          = NUMBER("run_time_ns", "TIME ns", 14, time, 1, "of all these"),
	[PROG_COL_INSNS]         = NUMBER("xlated_insns", "INSNS", 7, insns, 1, "instructions"),
	[PROG_COL_VERIFIED]      = NUMBER("verified_insns", "VERIFIED", 8, verified, 1, "instructions that the verifier went through"),
	[PROG_COL_JITED]         = NUMBER("jited_bytes", "JITED", 7, jited, 1, "machine code"),
};
