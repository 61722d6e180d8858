/* ui/meter_table.c - THE table of meters, and what each reads from the model. */
#include "ui/meter.h"
#include "ui/fmt.h"
#include "proc/machine.h"

#include <strings.h>

/* Places in meter_values[]. */
enum { V_CPU, V_DETAILED = V_CPU + 4, V_MEMORY = V_DETAILED + 8, V_SWAP = V_MEMORY + 5, V_USED, V_POOL,
       V_PRESSURE = V_POOL + 2, V_BUSY = V_PRESSURE + 3, V_LOAD = V_BUSY + 4, V_LEVEL, V_END };

const struct meter_value meter_values[] = {
	[V_CPU] = {"nice", '*', STYLE_BAR_NICE, UNIT_PPM}, {"user", '|', STYLE_BAR_USER, UNIT_PPM},
	{"sys", '#', STYLE_BAR_SYSTEM, UNIT_PPM}, {"virt", '@', STYLE_BAR_VIRTUAL, UNIT_PPM},
	[V_DETAILED] = {"nice", '*', STYLE_BAR_NICE, UNIT_PPM}, {"user", '|', STYLE_BAR_USER, UNIT_PPM},
	{"sys", '#', STYLE_BAR_SYSTEM, UNIT_PPM}, {"irq", '!', STYLE_MEM_CACHE, UNIT_PPM},
	{"soft", '%', STYLE_MEM_SHARED, UNIT_PPM}, {"steal", '@', STYLE_BAR_VIRTUAL, UNIT_PPM},
	{"guest", '&', STYLE_BAR_VIRTUAL, UNIT_PPM}, {"iowait", 'w', STYLE_BAR_IOWAIT, UNIT_PPM},
	[V_MEMORY] = {"used", '|', STYLE_MEM_USED, UNIT_BYTES}, {"buffers", '#', STYLE_MEM_BUFFERS, UNIT_BYTES},
	{"shared", '*', STYLE_MEM_SHARED, UNIT_BYTES}, {"cache", '@', STYLE_MEM_CACHE, UNIT_BYTES},
	{"avail", 0, 0, UNIT_BYTES},
	[V_SWAP] = {"", '|', STYLE_SWAP_USED, UNIT_BYTES},
	[V_USED] = {"", '|', STYLE_MEM_USED, UNIT_BYTES},
	[V_POOL] = {"", '|', STYLE_MEM_USED, UNIT_BYTES}, {"holds", 0, 0, UNIT_BYTES},
	[V_PRESSURE] = {"", '|', STYLE_BAR_SYSTEM, UNIT_PPM}, {"1m", 0, 0, UNIT_PPM}, {"5m", 0, 0, UNIT_PPM},
	[V_BUSY] = {"", '|', STYLE_BAR_SYSTEM, UNIT_PPM}, {"read", 0, 0, UNIT_RATE}, {"write", 0, 0, UNIT_RATE},
	{"disks", 0, 0, UNIT_COUNT},
	[V_LOAD] = {"", '|', STYLE_BAR_USER, UNIT_COUNT},
	[V_LEVEL] = {"", '|', STYLE_BAR_USER, UNIT_COUNT},
};

_Static_assert(ARRAY_LEN(meter_values) == V_END, "the places above");

static bool have(const struct meter_context *c, enum source s)
{
	return c->f->model->have & SRC_BIT(s);
}

/* ---- text ---- */

/* "41.2%" */
static void put_percent(struct out *o, u64 ppm)
{
	out_fixed(o, (ppm + 500) / 1000, 1);
	out_char(o, '%');
}

static void put_size(struct out *o, u64 bytes)
{
	char text[8];

	out_bytes(o, text, fmt_size(text, bytes));
}

/* "7.91G/31.2G" */
static void put_used_of(struct out *o, u64 used, u64 total)
{
	put_size(o, used);
	out_char(o, '/');
	put_size(o, total);
}

static void put_rate(struct out *o, u64 bytes_per_s)
{
	put_size(o, bytes_per_s);
	out_str(o, "/s");
}

/* Right-aligned in width columns, so that what follows keeps its place. */
static void put_fixed(struct out *o, u64 v, unsigned digits, size_t width)
{
	char number[32];
	struct out n = {.buf = number, .cap = sizeof(number)};

	out_fixed(&n, v, digits);
	out_pad(o, ' ', width > n.len ? width - n.len : 0);
	out_bytes(o, n.buf, n.len);
}

/* Three significant digits in width columns: 0.31 3.10 31.0 310 at width 4. */
static void put_short(struct out *o, u64 v, unsigned digits, size_t width)
{
	u64 limit = 1;

	for (size_t i = 1; i < width; i++)
		limit *= 10;
	for (; digits && v >= limit; digits--)
		v = (v + 5) / 10;
	put_fixed(o, v, digits, width);
}

/* ---- processors ---- */

static void read_cpu(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	static const u8 shares[] = {		/* in the order of V_DETAILED */
		SHARE_NICE, SHARE_USER, SHARE_SYSTEM, SHARE_IRQ, SHARE_SOFTIRQ, SHARE_STEAL,
		SHARE_GUEST, SHARE_IOWAIT,
	};
	const struct model *model = c->f->model;
	const struct cpu_model *cpu = &model->cpu_total;
	const u32 *v = cpu->ppm;

	(void)m;
	r->known = have(c, SRC_STAT);
	if (c->cpu != METER_ALL_CPUS) {
		cpu = c->cpu < model->ncpu ? &model->cpu[c->cpu] : NULL;
		r->why = r->known && !cpu ? "absent" : r->known && !cpu->online ? "offline" : NULL;
		r->known &= cpu && cpu->online;
		v = cpu ? cpu->ppm : v;
	}
	r->known &= cpu && cpu->known;
	r->full = PPM;
	r->value[0] = v[SHARE_NICE];
	r->value[1] = v[SHARE_USER];
	r->value[2] = v[SHARE_SYSTEM] + v[SHARE_IRQ] + v[SHARE_SOFTIRQ];
	r->value[3] = v[SHARE_STEAL] + v[SHARE_GUEST];
	for (u32 i = 0; i < 4; i++)
		r->level += r->value[i];
	put_percent(&r->text, MIN(r->level, (u64)PPM));
	if (!c->settings->detailed_cpu)
		return;
	r->first = V_DETAILED;
	r->n = ARRAY_LEN(shares);
	for (u32 i = 0; i < ARRAY_LEN(shares); i++)
		r->value[i] = v[shares[i]];
}

/* ---- memory ---- */

static void read_memory(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct memory_model *mem = &c->f->model->memory;
	u64 rest = mem->free + mem->buffers + mem->cached, used = mem->used;
	u64 shared;

	(void)m;
	if (c->settings->memory == MEMORY_HTOP)
		used = mem->total > rest ? mem->total - rest : 0;
	shared = MIN(mem->shmem, used);		/* shared pages cannot be dropped: in use */
	r->known = mem->known;
	r->full = mem->total;
	r->level = used;
	r->value[0] = used - shared;
	r->value[1] = mem->buffers;
	r->value[2] = shared;
	r->value[3] = mem->cached;
	r->value[4] = mem->available;
	put_used_of(&r->text, used, mem->total);
}

/* One number of a whole. */
static void read_part(struct reading *r, u64 used, u64 full)
{
	r->value[0] = r->level = used;
	r->full = MAX(full, 1ull);
	put_used_of(&r->text, used, full);
}

static void read_swap(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct memory_model *mem = &c->f->model->memory;

	(void)m;
	r->known = mem->known;
	read_part(r, mem->swap_used, mem->swap_total);
}

/* What a pool takes, of what it would take without compression. */
static void read_pool(struct reading *r, u64 pool, u64 holds)
{
	read_part(r, pool, holds);
	if (!pool)
		return;
	out_str(&r->text, " x");
	out_fixed(&r->text, mul_div(holds, 10, pool), 1);
}

static void read_zram(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct memory_model *mem = &c->f->model->memory;

	(void)m;
	r->known = mem->zram_known && mem->zram.devices;
	r->why = mem->zram_known ? "no device" : NULL;
	read_pool(r, mem->zram.used, mem->zram.original);
}

static void read_zswap(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct memory_model *mem = &c->f->model->memory;

	(void)m;
	r->known = mem->known;
	read_pool(r, mem->zswap, mem->zswapped);
}

static void read_huge(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct memory_model *mem = &c->f->model->memory;

	(void)m;
	r->known = mem->known && mem->huge_total;
	r->why = mem->known ? "none reserved" : NULL;
	read_part(r, mem->huge_total - MIN(mem->huge_free, mem->huge_total), mem->huge_total);
}

static void read_arc(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct memory_model *mem = &c->f->model->memory;

	(void)m;
	r->known = mem->known && mem->arc.size;
	r->why = mem->known ? "no ZFS" : NULL;
	read_part(r, mem->arc.size, MAX(mem->arc.max, mem->arc.size));
	r->value[1] = mem->arc.uncompressed;
}

/* ---- tasks and load ---- */

static void read_tasks(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct model *model = c->f->model;
	const struct task_totals *t = &model->totals;

	(void)m;
	r->known = have(c, SRC_TASKS) || model->ntask;
	out_u64(&r->text, t->processes);
	/* htop's thr are the threads beyond the main ones */
	out_str(&r->text, ", ");
	out_u64(&r->text, t->threads > t->processes ? t->threads - t->processes : 0);
	out_str(&r->text, " thr, ");
	out_u64(&r->text, t->kernel_threads);
	out_str(&r->text, " kthr; ");
	out_u64(&r->text, t->states.running);
	out_str(&r->text, " running");
	if (!model->tasks_lost)
		return;
	out_str(&r->text, "; ");
	out_u64(&r->text, model->tasks_lost);
	out_str(&r->text, " not shown");
}

/* arg: how many averages the text has. */
static void read_load(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct model *model = c->f->model;

	r->known = have(c, SRC_LOADAVG);
	r->value[0] = r->level = model->loadavg.load_centi[0];
	r->full = 100ull * MAX(model->ncpu_online, 1u);
	for (u32 i = 0; i < m->arg; i++) {
		if (i)
			out_char(&r->text, ' ');
		out_fixed(&r->text, model->loadavg.load_centi[i], 2);
	}
}

/* arg: enum pressure_kind or PRESSURE_IRQ, and whether all tasks stall. */
enum { PRESSURE_IRQ = PRESSURE_KINDS, PRESSURE_FULL = 8 };

static void read_stall(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	u32 kind = m->arg & ~PRESSURE_FULL;
	const struct pressure_raw *p = kind == PRESSURE_IRQ ? &c->f->model->irq_pressure
							    : &c->f->model->pressure[kind];
	const struct pressure_line *line = m->arg & PRESSURE_FULL ? &p->full : &p->some;

	r->known = have(c, kind == PRESSURE_IRQ ? SRC_IRQ_PRESSURE : SRC_PRESSURE) && line->present;
	r->full = PPM;
	for (u32 i = 0; i < 3; i++)
		r->value[i] = line->avg_centi[i] * 100ull;
	put_percent(&r->text, r->value[0]);
}

/* Share of the last 10 s in which some task waited for it. */
static void read_pressure(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	static const char label[PRESSURE_KINDS][4] = {
		[PRESSURE_CPU] = "cpu", [PRESSURE_MEMORY] = "mem", [PRESSURE_IO] = "io",
	};

	(void)m;
	r->known = true;
	for (u32 i = 0; i < PRESSURE_KINDS; i++) {
		const struct pressure_line *some = &c->f->model->pressure[i].some;

		out_str(&r->text, label[i]);
		out_char(&r->text, ' ');
		if (have(c, SRC_PRESSURE) && some->present)
			put_short(&r->text, some->avg_centi[0] / 10, 1, 4);
		else
			out_str(&r->text, " N/A");
		out_str(&r->text, i + 1 < PRESSURE_KINDS ? "  " : "");
	}
}

/* ---- time and name ---- */

static void read_uptime(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	char text[32];

	(void)m;
	r->known = true;
	out_bytes(&r->text, text, fmt_uptime(text, c->f->model->boot_ns));
}

enum { CLOCK_DATE = 1, CLOCK_TIME = 2 };

static void put_two(struct out *o, char before, int v)
{
	if (before)
		out_char(o, before);
	out_char(o, (char)('0' + v / 10 % 10));
	out_char(o, (char)('0' + v % 10));
}

static void read_clock(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	time_t now = (time_t)(c->f->model->real_ns / NSEC_PER_SEC);
	struct tm tm;

	r->known = localtime_r(&now, &tm);
	if (!r->known)
		return;
	if (m->arg & CLOCK_DATE) {
		out_u64(&r->text, (u64)tm.tm_year + 1900);
		put_two(&r->text, '-', tm.tm_mon + 1);
		put_two(&r->text, '-', tm.tm_mday);
	}
	if (m->arg & CLOCK_TIME) {
		put_two(&r->text, m->arg & CLOCK_DATE ? ' ' : 0, tm.tm_hour);
		put_two(&r->text, ':', tm.tm_min);
		put_two(&r->text, ':', tm.tm_sec);
	}
}

static void read_host(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	(void)m;
	(void)c;
	r->known = true;
	out_str(&r->text, machine_get()->host);
}

static void read_system(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct machine *machine = machine_get();

	(void)m;
	(void)c;
	r->known = true;
	out_str(&r->text, "Linux ");
	out_str(&r->text, machine->kernel);
	out_str(&r->text, " [");
	out_str(&r->text, machine->arch);
	out_str(&r->text, machine->system[0] ? "] @ " : "]");
	out_str(&r->text, machine->system);
}

static void read_blank(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	(void)m;
	(void)c;
	r->known = true;
}

/* ---- devices ---- */

/* The busiest disk: of many, one that is always busy is what people wait for. */
static void read_disk(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct rates_model *d = &c->f->model->disks;

	r->known = d->known;
	r->full = PPM;
	r->value[0] = MIN(d->most[DISK_BUSY_MS] * (PPM / 1000), (u64)PPM);
	r->value[1] = d->per_s[DISK_READ_BYTES];
	r->value[2] = d->per_s[DISK_WRITE_BYTES];
	r->value[3] = d->devices;
	put_percent(&r->text, r->value[0]);
	if (m->n > 1)
		out_str(&r->text, " busy");
}

static void read_disk_rate(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct rates_model *d = &c->f->model->disks;

	(void)m;
	r->known = d->known;
	r->level = d->per_s[DISK_READ_BYTES] + d->per_s[DISK_WRITE_BYTES];
	out_str(&r->text, "read ");
	put_rate(&r->text, d->per_s[DISK_READ_BYTES]);
	out_str(&r->text, " write ");
	put_rate(&r->text, d->per_s[DISK_WRITE_BYTES]);
}

static void put_packets(struct out *o, u64 per_s)
{
	out_str(o, " (");
	out_u64(o, per_s);
	out_str(o, " pkt/s)");
}

static void read_network(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct rates_model *n = &c->f->model->network;

	(void)m;
	r->known = n->known;
	r->level = n->per_s[NET_RX_BYTES] + n->per_s[NET_TX_BYTES];
	out_str(&r->text, "rx ");
	put_rate(&r->text, n->per_s[NET_RX_BYTES]);
	put_packets(&r->text, n->per_s[NET_RX_PACKETS]);
	out_str(&r->text, " tx ");
	put_rate(&r->text, n->per_s[NET_TX_BYTES]);
	put_packets(&r->text, n->per_s[NET_TX_PACKETS]);
}

static void read_battery(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct battery_raw *b = &c->f->model->battery;

	(void)m;
	r->known = have(c, SRC_BATTERY) && b->full;
	r->why = have(c, SRC_BATTERY) ? "none" : NULL;
	r->full = PPM;
	r->value[0] = mul_div(b->now, PPM, b->full);
	put_percent(&r->text, r->value[0]);
	out_str(&r->text, b->discharging ? " on battery" : b->mains ? " on mains" : "");
}

static void read_files(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct files_raw *f = &c->f->model->files;
	bool bound = f->most < (u64)1 << 40;	/* 9223372036854775807: none, fs/file_table.c */

	(void)m;
	r->known = have(c, SRC_FILES);
	r->value[0] = f->used;
	r->full = MAX(f->most, 1ull);
	out_u64(&r->text, f->used);
	if (!bound)
		return;
	out_char(&r->text, '/');
	out_u64(&r->text, f->most);
}

static void read_systemd(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct systemd_raw *s = &c->f->model->systemd;

	(void)m;
	r->known = have(c, SRC_SYSTEMD) && s->known;
	r->why = have(c, SRC_SYSTEMD) ? "asked" : NULL;
	out_str(&r->text, s->state);
	out_str(&r->text, " (");
	out_u64(&r->text, s->failed);
	out_str(&r->text, " failed, ");
	out_u64(&r->text, s->jobs);
	out_str(&r->text, " jobs)");
}

/* ---- the own cost ---- */

/* With --ludicrous: the time that half of the frames and 99 % did not exceed. */
static void put_frames(struct out *o, const struct frames *f, const char *dot)
{
	put_short(o, (frames_percentile_us(f, 50) + 50) / 100, 1, 3);
	out_char(o, '/');
	put_short(o, (frames_percentile_us(f, 99) + 50) / 100, 1, 3);
	out_str(o, " ms");
	out_str(o, dot);
	put_short(o, mul_div(f->missed, 1000, MAX(f->shown + f->missed, 1u)), 1, 3);
	out_str(o, " % missed");
}

/* The reading and the share of a CPU first, the frame where there is room. */
static void put_cost(struct out *o, const struct meter_context *c)
{
	enum { FRAMES_COLS = 58, FRAME_COLS = 39, CPU_COLS = 24 };
	const struct self_model *self = &c->f->model->self;
	const char *dot = c->ascii ? " - " : " \xc2\xb7 ";

	if (!self->frames.on || c->cols >= FRAMES_COLS) {
		out_str(o, c->f->backend ? c->f->backend : "read");
		out_char(o, ' ');
		put_short(o, self->collect_us / 10, 2, 4);
		out_str(o, " ms");
		out_str(o, c->cols >= FRAME_COLS ? dot : "");
	}
	if (self->frames.on ? c->cols >= FRAMES_COLS : c->cols >= FRAME_COLS)
		out_str(o, "frame ");
	if (self->frames.on) {
		put_frames(o, &self->frames, dot);
	} else if (c->cols >= FRAME_COLS) {
		put_short(o, (c->f->frame_us + 50) / 100, 1, 3);
		out_str(o, " ms");
	}
	if (c->cols < CPU_COLS)
		return;
	out_str(o, dot);
	if (self->cpu_known)
		put_short(o, (self->cpu_ppm + 500) / 1000, 1, 3);
	else
		out_str(o, "N/A");
	out_str(o, " % cpu");
}

static void read_cost(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	const struct self_model *self = &c->f->model->self;

	(void)m;
	r->known = true;
	r->full = self->cpu_known ? PPM : 0;
	r->value[0] = self->cpu_ppm;
	put_cost(&r->text, c);
}

/* ---- the table ---- */

#define BAR	METER_BIT(METER_BAR)
#define TEXT	METER_BIT(METER_TEXT)
#define GRAPH	METER_BIT(METER_GRAPH)
#define LED	METER_BIT(METER_LED)
#define EVERY	(BAR | TEXT | GRAPH | LED)
#define WORDS	(TEXT | LED)

#define SET(name, help, half, cols) \
	{name, "CPU", help, EVERY, METER_BAR, 0, V_CPU, 4, CPU_SET(half, cols), SRC_BIT(SRC_STAT), read_cpu}
#define STALL(name, caption, help, kind, source) \
	{name, caption, help, EVERY, METER_TEXT, 8, V_PRESSURE, 3, kind, SRC_BIT(source), read_stall}

const struct meter meters[] = {
	{"CPU", "CPU", "all CPUs in one; CPU(3): the third", EVERY, METER_BAR, 0, V_CPU, 4, 0, SRC_BIT(SRC_STAT),
	 read_cpu},
	SET("AllCPUs", "each CPU", CPU_HALF_ALL, 1),
	SET("AllCPUs2", "each CPU, in 2 columns", CPU_HALF_ALL, 2),
	SET("AllCPUs4", "each CPU, in 4 columns", CPU_HALF_ALL, 4),
	SET("AllCPUs8", "each CPU, in 8 columns", CPU_HALF_ALL, 8),
	SET("LeftCPUs", "first half of the CPUs", CPU_HALF_LEFT, 1),
	SET("RightCPUs", "second half of the CPUs", CPU_HALF_RIGHT, 1),
	SET("LeftCPUs2", "first half, in 2 columns", CPU_HALF_LEFT, 2),
	SET("RightCPUs2", "second half, in 2 columns", CPU_HALF_RIGHT, 2),
	SET("LeftCPUs4", "first half, in 4 columns", CPU_HALF_LEFT, 4),
	SET("RightCPUs4", "second half, in 4 columns", CPU_HALF_RIGHT, 4),
	SET("LeftCPUs8", "first half, in 8 columns", CPU_HALF_LEFT, 8),
	SET("RightCPUs8", "second half, in 8 columns", CPU_HALF_RIGHT, 8),
	{"Memory", "Mem", "memory in use", EVERY, METER_BAR, 1, V_MEMORY, 5, 0, SRC_BIT(SRC_MEMINFO), read_memory},
	{"Swap", "Swp", "swap in use", EVERY, METER_BAR, 2, V_SWAP, 1, 0, SRC_BIT(SRC_MEMINFO), read_swap},
	{"Zram", "Zrm", "compressed swap, of what it holds", EVERY, METER_BAR, 8, V_USED, 1, 0, SRC_BIT(SRC_ZRAM),
	 read_zram},
	{"Zswap", "Zsw", "compressed pool before the swap", EVERY, METER_BAR, 8, V_USED, 1, 0, SRC_BIT(SRC_MEMINFO),
	 read_zswap},
	{"HugePages", "HP", "huge pages in use, of those reserved", EVERY, METER_BAR, 8, V_USED, 1, 0,
	 SRC_BIT(SRC_MEMINFO), read_huge},
	{"ZFSARC", "ARC", "cache of ZFS, of its most", EVERY, METER_BAR, 8, V_POOL, 2, 0, SRC_BIT(SRC_MEMINFO), read_arc},
	{"Tasks", "Tasks", "processes, threads, running", WORDS, METER_TEXT, 4, 0, 0, 0, 0, read_tasks},
	{"LoadAverage", "Load average", "over 1, 5 and 15 minutes", EVERY, METER_TEXT, 5, V_LOAD, 1, 3,
	 SRC_BIT(SRC_LOADAVG), read_load},
	{"Load", "Load", "over 1 minute", EVERY, METER_TEXT, 8, V_LOAD, 1, 1, SRC_BIT(SRC_LOADAVG), read_load},
	{"Uptime", "Uptime", "since the machine was started", WORDS, METER_TEXT, 6, 0, 0, 0, 0, read_uptime},
	{"Clock", "Time", "time of day", WORDS, METER_TEXT, 8, 0, 0, CLOCK_TIME, 0, read_clock},
	{"Date", "Date", "date", WORDS, METER_TEXT, 8, 0, 0, CLOCK_DATE, 0, read_clock},
	{"DateTime", "Date & time", "date and time of day", WORDS, METER_TEXT, 8, 0, 0, CLOCK_DATE | CLOCK_TIME, 0,
	 read_clock},
	{"Hostname", "Hostname", "name of this machine", WORDS, METER_TEXT, 8, 0, 0, 0, 0, read_host},
	{"System", "System", "kernel and distribution", TEXT, METER_TEXT, 8, 0, 0, 0, 0, read_system},
	{"Pressure", "PSI", "tasks stalled for CPU, memory, I/O", TEXT, METER_TEXT, 7, 0, 0, 0, SRC_BIT(SRC_PRESSURE),
	 read_pressure},
	STALL("PressureStallCPUSome", "PSI some CPU", "some tasks wait for a CPU", PRESSURE_CPU, SRC_PRESSURE),
	STALL("PressureStallIOSome", "PSI some IO", "some tasks wait for I/O", PRESSURE_IO, SRC_PRESSURE),
	STALL("PressureStallIOFull", "PSI full IO", "all tasks wait for I/O", PRESSURE_IO | PRESSURE_FULL, SRC_PRESSURE),
	STALL("PressureStallMemorySome", "PSI some memory", "some tasks wait for memory", PRESSURE_MEMORY, SRC_PRESSURE),
	STALL("PressureStallMemoryFull", "PSI full memory", "all tasks wait for memory",
	      PRESSURE_MEMORY | PRESSURE_FULL, SRC_PRESSURE),
	STALL("PressureStallIRQFull", "PSI full IRQ", "tasks held up by interrupts", PRESSURE_IRQ | PRESSURE_FULL,
	      SRC_IRQ_PRESSURE),
	{"DiskIO", "Disk IO", "the busiest disk; all read and write", EVERY, METER_TEXT, 8, V_BUSY, 4, 0,
	 SRC_BIT(SRC_DISKS), read_disk},
	{"DiskIORate", "Disk rate", "what all disks read and write", TEXT | GRAPH | LED, METER_TEXT, 8, 0, 0, 0,
	 SRC_BIT(SRC_DISKS), read_disk_rate},
	{"DiskIOTime", "Dsk", "how busy the busiest disk is", EVERY, METER_BAR, 8, V_BUSY, 1, 0, SRC_BIT(SRC_DISKS),
	 read_disk},
	{"NetworkIO", "Network", "what all interfaces receive and send", TEXT | GRAPH | LED, METER_TEXT, 8, 0, 0, 0,
	 SRC_BIT(SRC_NETWORK), read_network},
	{"Battery", "Battery", "how full it is", EVERY, METER_TEXT, 8, V_LEVEL, 1, 0, SRC_BIT(SRC_BATTERY), read_battery},
	{"FileDescriptors", "Files", "open file handles", EVERY, METER_TEXT, 8, V_LEVEL, 1, 0, SRC_BIT(SRC_FILES),
	 read_files},
	{"Systemd", "Systemd", "its state, and failed units", WORDS, METER_TEXT, 8, 0, 0, 0, SRC_BIT(SRC_SYSTEMD),
	 read_systemd},
	{"Cost", "", "what pitstop itself takes", TEXT | GRAPH, METER_TEXT, 3, V_LEVEL, 1, 0, 0, read_cost},
	{"Blank", "", "an empty line", TEXT, METER_TEXT, 9, 0, 0, 0, 0, read_blank},
};

const u32 meter_count = ARRAY_LEN(meters);

const struct meter *meter_find(const char *name, u32 *cpu)
{
	size_t n = strcspn(name, "(");
	u32 number = 0;

	*cpu = METER_ALL_CPUS;
	for (const char *p = name + n + (name[n] != 0); *p >= '0' && *p <= '9' && number < 1 << 20; p++)
		number = number * 10 + (u32)(*p - '0');
	for (u32 i = 0; i < meter_count; i++) {
		if (strncasecmp(meters[i].name, name, n) || meters[i].name[n])
			continue;
		if (number && meters[i].read == read_cpu && !meters[i].arg)
			*cpu = number - 1;
		return &meters[i];
	}
	return NULL;
}

enum cpu_half meter_cpu_half(const struct meter *m)
{
	return m->read == read_cpu ? (enum cpu_half)(m->arg >> 4) : CPU_HALF_NONE;
}

enum meter_mode meter_mode_of(const struct meter *m, u8 wish)
{
	return wish < METER_MODES && m->modes & METER_BIT(wish) ? (enum meter_mode)wish : (enum meter_mode)m->own;
}

void meter_read(const struct meter *m, const struct meter_context *c, struct reading *r)
{
	memset(r, 0, offsetof(struct reading, room));
	r->text = (struct out){.buf = r->room, .cap = sizeof(r->room) - 1};
	r->first = m->first;
	r->n = m->n;
	m->read(m, c, r);
	r->room[r->text.len] = 0;
	if (!r->level)
		r->level = r->value[0];
}
