/* tests/unit/test_meters.c - the table of meters, their modes, where they stand
 * in the header, and the history their graphs are drawn from. */
#include "proc/machine.h"
#include "tests/unit/fake_model.h"
#include "tests/unit/golden.h"
#include "tests/unit/test.h"
#include "ui/header.h"
#include "ui/meter_history.h"

#include <stdlib.h>

enum { ROWS = 200, COLS = 500 };

static struct cell cells[ROWS * COLS];
static struct fake fake;
static struct settings set;
static struct meter_history history;
static struct frame frame;

static void start(void)
{
	struct model *m = &fake.model;

	fake_init(&fake, 64);
	fake_server(&fake);
	settings_init(&set);
	memset(&history, 0, sizeof(history));
	m->disks = (struct rates_model){{1258291, 524288, 412, 99}, {0, 0, 412, 0}, 3, true};
	m->network = (struct rates_model){{2048, 12, 1048576, 900}, {0}, 2, true};
	m->battery = (struct battery_raw){853, 1000, 1, false, true};
	m->files = (struct files_raw){661, 2466170};
	m->irq_pressure.full = (struct pressure_line){{123, 45, 6}, 0, true};
	m->pressure[PRESSURE_IO].full = (struct pressure_line){{99, 50, 10}, 0, true};
	m->pressure[PRESSURE_MEMORY].full = (struct pressure_line){{0, 0, 0}, 0, true};
	m->systemd = (struct systemd_raw){"degraded", 2, 0, true};
	m->memory.zram_known = true;
	m->memory.zram = (struct zram_raw){2ull << 30, 500 << 20, 512 << 20, 1};
	m->memory.huge_total = 8ull << 30;
	m->memory.huge_free = 5ull << 30;
	m->memory.zswap = 100 << 20;
	m->memory.zswapped = 300 << 20;
	m->memory.arc = (struct arc_raw){4ull << 30, 1ull << 30, 8ull << 30, 3ull << 30, 6ull << 30};
	frame = (struct frame){.model = m, .order = &fake.order, .backend = "walk", .frame_us = 412,
			       .now_ns = NSEC_PER_SEC, .meter_history = &history};
}

static void put(u32 column, const char *name, enum meter_mode mode)
{
	struct meter_column *c = &set.meters[column];
	struct meter_setting *m = &c->meter[c->n++];

	strncpy(m->name, name, sizeof(m->name) - 1);
	m->mode = (u8)mode;
}

static struct surface draw(u32 rows, u32 cols, bool ascii)
{
	u32 high = header_rows(&set, frame.model, rows, cols);
	struct surface s = {cols, high, cols, cells, ascii};

	memset(cells, 0xff, sizeof(cells));
	surface_clear(&s, STYLE_TEXT);
	header_draw(&s, &set, &frame);
	return s;
}

/* ---- the table ---- */

static void table(void)
{
	for (u32 i = 0; i < meter_count; i++) {
		const struct meter *m = &meters[i];
		u32 cpu;

		CHECK_ROW(i, m->name[0] && m->help[0] && m->read);
		CHECK_ROW(i, meter_find(m->name, &cpu) == m && cpu == METER_ALL_CPUS);
		CHECK_ROW(i, m->modes & METER_BIT(m->own));
		CHECK_ROW(i, m->n <= METER_VALUES);
		CHECK_ROW(i, !(m->sources & (SRC_BIT(SRC_TASKS) | SRC_BIT(SRC_THREADS))));
	}
	CHECK(meter_count <= HISTORY_METERS);
}

static void names(void)
{
	static const struct {
		const char *name, *meter;
		u32 cpu;
	} rows[] = {
		{"memory", "Memory", METER_ALL_CPUS}, {"LEFTCPUS2", "LeftCPUs2", METER_ALL_CPUS},
		{"CPU(3)", "CPU", 2}, {"CPU(1)", "CPU", 0}, {"CPU(0)", "CPU", METER_ALL_CPUS},
		{"CPU(", "CPU", METER_ALL_CPUS}, {"CPU()", "CPU", METER_ALL_CPUS},
		{"CPU(99999999999)", "CPU", 9999998}, {"Memory(2)", "Memory", METER_ALL_CPUS},
		{"", NULL, METER_ALL_CPUS}, {"Mem", NULL, METER_ALL_CPUS}, {"(3)", NULL, METER_ALL_CPUS},
		{"GPU", NULL, METER_ALL_CPUS},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		u32 cpu;
		const struct meter *m = meter_find(rows[i].name, &cpu);

		CHECK_ROW(i, !m == !rows[i].meter);
		if (m && rows[i].meter)
			CHECK_STR_ROW(i, m->name, rows[i].meter);
		CHECK_EQ_ROW(i, cpu, rows[i].cpu);
	}
}

/* A mode that a meter lacks is its own. */
static void modes(void)
{
	u32 cpu;
	const struct meter *m = meter_find("Tasks", &cpu), *n = meter_find("Memory", &cpu);

	CHECK_EQ(meter_mode_of(m, METER_GRAPH), METER_TEXT);
	CHECK_EQ(meter_mode_of(m, METER_LED), METER_LED);
	CHECK_EQ(meter_mode_of(n, METER_AUTO), METER_BAR);
	CHECK_EQ(meter_mode_of(n, METER_GRAPH), METER_GRAPH);
	CHECK_EQ(meter_mode_of(n, 200), METER_BAR);
}

/* ---- each meter in each mode ---- */

static const char *const mode_name[METER_MODES] = {
	[METER_BAR] = "bar", [METER_TEXT] = "text", [METER_GRAPH] = "graph", [METER_LED] = "led",
};

/* Forty samples that go up and down. */
static void remember(void)
{
	for (u32 i = 0; i < 40; i++) {
		u32 wave = i < 20 ? i : 40 - i;

		fake.model.boot_ns += NSEC_PER_SEC;
		fake.model.cpu_total.ppm[SHARE_USER] = wave * 40000;
		fake.model.memory.used = (u64)wave << 29;
		fake.model.network.per_s[NET_RX_BYTES] = (u64)wave << 20;
		fake.model.network.known = i != 30;
		meter_history_take(&history, &set, &frame);
	}
}

static void each_mode(void)
{
	for (enum meter_mode mode = METER_BAR; mode < METER_MODES; mode++) {
		struct surface s;
		char name[32] = "meters_";
		u32 n = 0;

		start();
		set.layout = LAYOUT_THREE_33_34_33;
		for (u32 i = 0; i < meter_count; i++) {
			const struct meter *m = &meters[i];

			/* clocks are for the machine's time zone, names for its own */
			if (!(m->modes & METER_BIT(mode)) || !strcmp(m->caption, "Time") || strstr(m->name, "Date") ||
			    !strcmp(m->name, "Hostname") || !strcmp(m->name, "System"))
				continue;
			put(n++ % 3, m->name, mode);
		}
		remember();
		strcat(name, mode_name[mode]);
		s = draw(200, 150, false);
		golden_check(name, &s);
		if (mode == METER_GRAPH || mode == METER_LED) {
			strcat(name, "_ascii");
			s = draw(200, 150, true);
			golden_check(name, &s);
		}
		fake_free(&fake);
	}
}

static void unknown(void)
{
	struct surface s;

	start();
	fake.model.have = 0;
	fake.model.ntask = 0;
	fake.model.memory = (struct memory_model){0};
	fake.model.disks.known = fake.model.network.known = false;
	set.layout = LAYOUT_FOUR_25_25_25_25;
	for (u32 i = 0; i < meter_count; i++)
		if (meters[i].sources)
			put(i % 4, meters[i].name, i % 3 ? METER_TEXT : METER_BAR);
	s = draw(200, 120, false);
	golden_check("meters_unknown", &s);
	fake_free(&fake);
}

static void choices(void)
{
	struct surface s;

	start();
	set.detailed_cpu = set.cpus_from_one = true;
	set.memory = MEMORY_HTOP;
	set.layout = LAYOUT_TWO_67_33;
	put(0, "AllCPUs2", METER_BAR);
	put(0, "CPU", METER_TEXT);
	put(0, "Memory", METER_TEXT);
	put(1, "CPU(2)", METER_BAR);
	put(1, "CPU(9)", METER_BAR);
	put(1, "GPU", METER_BAR);		/* of a later htop: left out */
	put(1, "Blank", METER_AUTO);
	put(1, "Load", METER_BAR);
	s = draw(40, 100, false);
	golden_check("meters_choices", &s);
	fake_free(&fake);
}

/* ---- where they stand ---- */

/* Column i begins at the sum of the shares before it. */
static void layouts(void)
{
	for (u32 layout = 0; layout < LAYOUT_N; layout++) {
		struct surface s;
		u32 share = 0;

		start();
		set.layout = (u8)layout;
		for (u32 i = 0; i < HEADER_COLUMNS; i++)
			put(i, "Memory", METER_BAR);
		s = draw(24, 200, false);
		CHECK_EQ_ROW(layout, s.rows, 1);
		for (u32 i = 0; i < HEADER_COLUMNS && header_layout_share[layout][i]; i++) {
			u32 from = 200 * share / 100;

			share += header_layout_share[layout][i];
			CHECK_ROW(layout, cells[from].utf8[0] == 'M' && cells[from + 3].utf8[0] == '[');
			CHECK_ROW(layout, cells[200 * share / 100 - (share < 100) - 1].utf8[0] == ']');
		}
		CHECK_EQ_ROW(layout, share, 100);
		fake_free(&fake);
	}
}

/* What gives way, in its order. */
static void giving_way(void)
{
	static const struct {
		u32 cpus, rows, cols, high;
		const char *first, *second;	/* how the first two rows begin */
	} rows[] = {
		{2, 60, 80, 13, "  0[", "  1["},		/* room for all: 2 + 1 + 4 + 3 + 3 */
		{16, 60, 80, 27, "  0[", "  1["},
		{64, 60, 160, 27, "  0[", "  1["},		/* in 4 columns */
		{64, 21, 160, 12, "  0[", "  1["},		/* graph and digits are lines: 8 columns */
		{500, 24, 80, 5, "CPU[", "Mem["},		/* too many whatever is done: one */
		{500, 9, 80, 3, "CPU[", "Mem["},
		{500, 7, 80, 1, "CPU[", ""},
		{500, 5, 80, 1, "CPU[", ""},
		{500, 2, 80, 1, "CPU[", ""},
		{500, 1, 80, 0, "", ""},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		struct surface s;

		start();
		fake_cpus(&fake, rows[i].cpus);
		set.layout = LAYOUT_ONE_100;
		put(0, "AllCPUs", METER_BAR);
		put(0, "Memory", METER_BAR);
		put(0, "Load", METER_GRAPH);
		put(0, "Uptime", METER_LED);
		put(0, "Clock", METER_LED);
		s = draw(rows[i].rows, rows[i].cols, false);
		CHECK_EQ_ROW(i, s.rows, rows[i].high);
		for (u32 k = 0; k < 4 && rows[i].first[k]; k++)
			CHECK_ROW(i, cells[k].utf8[0] == rows[i].first[k]);
		for (u32 k = 0; k < 4 && rows[i].second[k]; k++)
			CHECK_ROW(i, cells[rows[i].cols + k].utf8[0] == rows[i].second[k]);
		fake_free(&fake);
	}
}

/* Where the machine's own answers would be in a golden frame. */
static void clocks(void)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		{"Clock", "06:00:00"}, {"Date", "2026-11-21"}, {"DateTime", "2026-11-21 06:00:00"},
	};
	struct meter_context c = {.f = &frame, .settings = &set};
	struct reading r;

	start();
	setenv("TZ", "TST-6", 1);
	tzset();
	fake.model.real_ns = 1795219200ull * NSEC_PER_SEC;
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		meter_read(meter_find(rows[i].name, &c.cpu), &c, &r);
		CHECK_STR_ROW(i, r.room, rows[i].text);
	}
	unsetenv("TZ");
	tzset();
	meter_read(meter_find("System", &c.cpu), &c, &r);
	CHECK(!strncmp(r.room, "Linux ", 6));
	meter_read(meter_find("Hostname", &c.cpu), &c, &r);
	CHECK(r.text.len > 0);
	fake_free(&fake);
}

static void os_release(void)
{
	static const struct {
		const char *text, *name;
	} rows[] = {
		{"NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n",
		 "Debian GNU/Linux 12 (bookworm)"},
		{"PRETTY_NAME=Arch", "Arch"}, {"PRETTY_NAME='a \\b'\n", "a b"}, {"PRETTY_NAME=", ""},
		{"NAME=x\n", ""}, {"", ""},
		{"PRETTY_NAME=0123456789012345678901234567890123456789012345678901234567890123456789\n",
		 "0123456789012345678901234567890123456789012345678901234567890123"},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		char name[65];

		os_release_parse(name, (struct bytes){(const u8 *)rows[i].text, strlen(rows[i].text)});
		CHECK_STR_ROW(i, name, rows[i].name);
	}
}

/* Any size, any meters: within its rows, and as high as was said. */
static void sizes(void)
{
	u32 seed = 1;

	for (u32 i = 0; i < 400; i++) {
		u32 rows = i % 7 ? i % 61 : 200, cols = i % 5 ? (i * 37) % 260 : 500, high;
		struct surface s;

		start();
		fake_cpus(&fake, i % 300);
		set.layout = (u8)(i % LAYOUT_N);
		for (u32 k = 0; k < i % 60; k++) {
			seed = seed * 1103515245 + 12345;
			put(k % 4 % 2 ? 3 - k % 4 : k % 4, meters[seed / 65536 % meter_count].name,
			    (enum meter_mode)(seed / 4096 % METER_MODES));
		}
		meter_history_take(&history, &set, &frame);
		s = draw(rows, cols, i % 2);
		high = header_rows(&set, frame.model, rows, cols);
		CHECK_EQ_ROW(i, s.rows, high);
		CHECK_ROW(i, high * 3 <= rows * 2 || high <= rows * 2 / 3);
		for (u32 k = 0; k < 8; k++)
			CHECK_ROW(i, (u8)cells[high * cols + k].utf8[0] == 0xff);
		fake_free(&fake);
	}
}

/* The list it shows of itself, taken over by name, shows the same. */
static void settled(void)
{
	for (u32 cpus = 0; cpus < 70; cpus++) {
		static struct cell before[50 * 160];
		struct surface s;

		start();
		fake_cpus(&fake, cpus);
		CHECK(header_is_auto(&set));
		s = draw(150, 160, false);
		memcpy(before, cells, s.rows * 160 * sizeof(*cells));
		CHECK_EQ(header_sources(&set), SRC_BIT(SRC_STAT) | SRC_BIT(SRC_MEMINFO) |
			 SRC_BIT(SRC_LOADAVG) | SRC_BIT(SRC_PRESSURE));
		header_settle(&set, cpus);
		CHECK(!header_is_auto(&set));
		s = draw(150, 160, false);
		CHECK_ROW(cpus, !memcmp(before, cells, s.rows * 160 * sizeof(*cells)));
		fake_free(&fake);
	}
}

/* ---- history ---- */

static void remembering(void)
{
	const struct meter *m;
	u32 cpu;

	start();
	m = meter_find("Memory", &cpu);
	put(0, "Memory", METER_BAR);		/* no graph: it is kept all the same */
	fake.model.memory.total = 1000;
	CHECK_EQ(meter_history_at(&history, m, cpu, 0), HISTORY_UNKNOWN);
	for (u32 i = 1; i <= 3; i++) {
		fake.model.boot_ns += NSEC_PER_SEC;
		fake.model.memory.used = i * 100;
		meter_history_take(&history, &set, &frame);
		meter_history_take(&history, &set, &frame);	/* once a model */
	}
	CHECK_EQ(meter_history_at(&history, m, cpu, 0), 300000);
	CHECK_EQ(meter_history_at(&history, m, cpu, 2), 100000);
	CHECK_EQ(meter_history_at(&history, m, cpu, 3), HISTORY_UNKNOWN);
	/* while it is not shown there is a gap */
	set.meters[0].n = 0;
	put(0, "Swap", METER_BAR);
	fake.model.boot_ns += NSEC_PER_SEC;
	meter_history_take(&history, &set, &frame);
	CHECK_EQ(meter_history_at(&history, m, cpu, 0), HISTORY_UNKNOWN);
	put(0, "Memory", METER_BAR);
	fake.model.boot_ns += NSEC_PER_SEC;
	meter_history_take(&history, &set, &frame);
	CHECK_EQ(meter_history_at(&history, m, cpu, 0), 300000);
	CHECK_EQ(meter_history_at(&history, m, cpu, 1), HISTORY_UNKNOWN);
	CHECK_EQ(meter_history_at(&history, m, cpu, 2), 300000);
	fake.model.memory.known = false;
	fake.model.boot_ns += NSEC_PER_SEC;
	meter_history_take(&history, &set, &frame);
	CHECK_EQ(meter_history_at(&history, m, cpu, 0), HISTORY_UNKNOWN);
	fake.model.memory.known = true;
	for (u32 i = 0; i < 3 * HISTORY_LEN; i++) {
		fake.model.boot_ns += NSEC_PER_SEC;
		fake.model.memory.used = i % 1000;
		meter_history_take(&history, &set, &frame);
	}
	CHECK_EQ(meter_history_at(&history, m, cpu, 0), (3 * HISTORY_LEN - 1) % 1000 * 1000);
	CHECK_EQ(meter_history_at(&history, m, cpu, 1000), (3 * HISTORY_LEN - 1001) % 1000 * 1000);
	CHECK_EQ(meter_history_at(&history, m, cpu, HISTORY_LEN), HISTORY_UNKNOWN);
	CHECK_EQ(meter_history_at(&history, m, HISTORY_CPUS, 0), HISTORY_UNKNOWN);
	CHECK_EQ(meter_history_at(NULL, m, cpu, 0), HISTORY_UNKNOWN);
	fake_free(&fake);
}

TESTS(meters,
	{"table", table}, {"names", names}, {"modes", modes}, {"each_mode", each_mode},
	{"unknown", unknown}, {"choices", choices}, {"layouts", layouts},
	{"giving_way", giving_way}, {"sizes", sizes}, {"settled", settled}, {"clocks", clocks}, {"os_release", os_release},
	{"remembering", remembering})
