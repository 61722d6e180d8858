/* tests/unit/test_columns.c - the table of columns has no holes, and cells look
 * as htop's users expect them. */
#include "proc/users.h"
#include "tests/unit/test.h"
#include "ui/columns_draw.h"

#include <stdlib.h>
#include <time.h>

static bool same_name(const char *a, const char *b)
{
	return column_find(a, strlen(a)) == column_find(b, strlen(b));
}

static void table_complete(void)
{
	for (u32 i = 0; i < COL_N; i++) {
		const struct column *c = &columns[i];

		CHECK_ROW(i, *c->name && *c->title && c->help && *c->help);
		CHECK_ROW(i, c->draw && c->json);
		CHECK_ROW(i, !c->key != !c->text);
		CHECK_ROW(i, !c->text || c->left);
		CHECK_ROW(i, c->width ? c->width >= strlen(c->title) : i == COL_CMDLINE || i == COL_PATH);
		CHECK_ROW(i, c->width <= 64);
		CHECK_ROW(i, strlen(c->name) + 4 <= 64);
		/* a row of the lists fits a terminal, and the manual ends sentences itself */
		CHECK_ROW(i, strlen(c->help) <= 72 && c->help[strlen(c->help) - 1] != '.');
	}
}

static void names_unique(void)
{
	for (u32 i = 0; i < COL_N; i++) {
		CHECK_EQ_ROW(i, column_find(columns[i].name, strlen(columns[i].name)), i);
		CHECK_EQ_ROW(i, column_find(columns[i].title, strlen(columns[i].title)), i);
		for (u32 j = 0; j < i; j++) {
			CHECK_ROW(i, strcmp(columns[i].name, columns[j].name) != 0);
			CHECK_ROW(i, !same_name(columns[i].title, columns[j].title));
		}
	}
}

static void finding(void)
{
	static const struct {
		const char *name;
		enum column_id id;
	} rows[] = {
		{"cpu", COL_CPU}, {"CPU%", COL_CPU}, {"cpu_percent", COL_CPU}, {"mem", COL_MEMORY},
		{"time", COL_CPU_TIME}, {"TIME+", COL_CPU_TIME}, {"command", COL_CMDLINE},
		{"cmdline", COL_CMDLINE}, {"res", COL_RSS}, {"Rss_Bytes", COL_RSS}, {"s", COL_STATE},
		{"PERCENT_CPU", COL_CPU}, {"percent_norm_cpu", COL_CPU_OF_ALL}, {"M_RESIDENT", COL_RSS},
		{"OOM", COL_OOM_SCORE}, {"io_rate", COL_IO_RATE}, {"M_PSS", COL_PSS}, {"CTXT", COL_SWITCHES},
		{"", COL_N}, {"%", COL_N}, {"cp", COL_N}, {"pid ", COL_N}, {"cpu%%", COL_N},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, column_find(rows[i].name, strlen(rows[i].name)), rows[i].id);
	CHECK_EQ(column_find("pid,ppid", 3), COL_PID);
}

static void lists(void)
{
	struct column_list io = {.n = 2, .id = {COL_READ, COL_OOM}};

	CHECK_EQ(columns_default.n, 12);
	CHECK_EQ(columns_default.id[0], COL_PID);
	CHECK_EQ(columns_default.id[11], COL_CMDLINE);
	CHECK_EQ(columns_extra(&columns_default), TASK_EXTRA_SHARED | TASK_EXTRA_FROZEN);
	CHECK_EQ(columns_extra(&io), TASK_EXTRA_IO | TASK_EXTRA_OOM);
}

/* ---- cells ----------------------------------------------------------------- */

enum { COLS = 40 };

static struct cell cells[COLS];
static struct task task;
static struct task_row row = {.t = &task};
static struct model model;
static struct cell_context context = {.model = &model};

static void reset(void)
{
	task = (struct task){.pid = 42, .tgid = 42, .state = 'S', .name = TASK_NONE, .priority = 20};
	row = (struct task_row){.t = &task};
	model = (struct model){.row = &row, .ntask = 1};
	context = (struct cell_context){.model = &model};
}

/* What the column shows, as text; width 0: the column's own. */
static const char *drawn(enum column_id id, u32 width, bool ascii)
{
	static char text[COLS * GLYPH_BYTES + 1];
	struct surface s = {.rows = 1, .cell = cells, .ascii = ascii};
	size_t n = 0;

	s.cols = s.stride = width ? width : columns[id].width;
	surface_clear(&s, STYLE_CURSOR);
	columns[id].draw(&s, &context, &row);
	for (u32 i = 0; i < s.cols; i++) {
		memcpy(text + n, cells[i].utf8, cells[i].len);
		n += cells[i].len;
	}
	text[n] = '\0';
	return text;
}

static void unknown_is_said(void)
{
	static const enum column_id ids[] = {
		COL_CPU, COL_START_TIME, COL_VSIZE, COL_RSS, COL_SHARED, COL_PRIVATE, COL_SWAP,
		COL_MEMORY, COL_FAULTS, COL_VOLUNTARY, COL_INVOLUNTARY, COL_READ, COL_WRITE,
		COL_READ_RATE, COL_WRITE_RATE, COL_CGROUP_ID, COL_OOM, COL_TTY, COL_EXE,
		COL_CPU_OF_ALL, COL_ELAPSED, COL_SWITCHES, COL_IO_RATE, COL_PSS, COL_USS, COL_SWAP_PSS,
		COL_FILES, COL_OOM_SCORE, COL_GPU_TIME, COL_GPU, COL_CWD, COL_LABEL, COL_WCHAN,
		COL_AUTOGROUP, COL_AUTOGROUP_NICE,
		COL_USER_TIME, COL_SYSTEM_TIME, COL_MINOR_FAULTS, COL_MAJOR_FAULTS,
	};

	reset();
	for (u32 i = 0; i < ARRAY_LEN(ids); i++) {
		const struct column *c = &columns[ids[i]];
		const char *word = ids[i] == COL_TTY ? "-" : "N/A";
		u32 at = c->left ? 0 : c->width - (u32)strlen(word);
		char want[65] = "";

		memset(want, ' ', c->width);
		memcpy(want + at, word, strlen(word));
		CHECK_STR_ROW(i, drawn(ids[i], 0, false), want);
		CHECK_EQ_ROW(i, cells[at].style, STYLE_DIM);
		if (c->key)
			CHECK_EQ_ROW(i, c->key(&model, &row), 0);
	}
}

static void numbers(void)
{
	reset();
	CHECK_STR(drawn(COL_PID, 0, false), "     42");
	task.have = TASK_HAVE_RSS | TASK_HAVE_SHARED | TASK_HAVE_OOM;
	task.rss_bytes = 5u << 20;
	task.shared_bytes = 1u << 20;
	task.oom_score_adj = -1000;
	CHECK_STR(drawn(COL_RSS, 0, false), " 5120");
	CHECK_EQ(cells[1].style, STYLE_MEGA);
	CHECK_EQ(cells[2].style, STYLE_TEXT);
	CHECK_STR(drawn(COL_PRIVATE, 0, false), " 4096");
	CHECK_STR(drawn(COL_OOM, 0, false), " -1000");
	task.shared_bytes = 6u << 20;		/* read at another moment */
	CHECK_STR(drawn(COL_PRIVATE, 0, false), "    0");
	row.have = ROW_HAVE_CPU;
	CHECK_STR(drawn(COL_CPU, 0, false), "  0.0");
	CHECK_EQ(cells[4].style, STYLE_DIM);
	row.cpu_ppm = 123456;
	CHECK_STR(drawn(COL_CPU, 0, false), " 12.3");
	CHECK_STR(drawn(COL_PRIORITY, 0, false), " 20");
	task.priority = -100;
	CHECK_STR(drawn(COL_PRIORITY, 0, false), " RT");
	task.nice = -20;
	CHECK_STR(drawn(COL_NICE, 0, false), "-20");
	CHECK_EQ(cells[0].style, STYLE_LOW_NICE);
	/* cut off at the edge of the screen, never beyond it */
	for (u32 width = 1; width < 5; width++)
		for (u32 id = 0; id < COL_N; id++)
			CHECK_ROW(id, *drawn((enum column_id)id, width, false));
}

static void states(void)
{
	static const struct {
		char state;
		enum style style;
	} rows[] = {
		{'R', STYLE_RUNNING}, {'D', STYLE_BLOCKED}, {'Z', STYLE_ZOMBIE},
		{'T', STYLE_STOPPED}, {'t', STYLE_STOPPED}, {'S', STYLE_DIM},
	};

	reset();
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		char want[2] = {rows[i].state};

		task.state = rows[i].state;
		CHECK_STR_ROW(i, drawn(COL_STATE, 0, false), want);
		CHECK_EQ_ROW(i, cells[0].style, rows[i].style);
	}
}

static void order_of_unknown(void)
{
	u64 known;

	reset();
	row.have = ROW_HAVE_CPU;
	known = columns[COL_CPU].key(&model, &row);	/* 0 %, and known */
	row.have = 0;
	CHECK(columns[COL_CPU].key(&model, &row) < known);
	task.nice = -5;
	known = columns[COL_NICE].key(&model, &row);
	task.nice = 5;
	CHECK(known < columns[COL_NICE].key(&model, &row));
}

static void terminals(void)
{
	static const struct {
		u32 nr;
		const char *want;
	} rows[] = {
		{0x8803, "pts/3   "}, {0x0401, "tty1    "}, {0x0440, "ttyS0   "},
		{0x10882c, "pts/300 "}, {0xcc40, "ttyAMA0 "}, {0x0501, "5:1     "},
		{0xe500, "hvc0    "}, {0xffffffff, "4095:104"}, {0, "-       "},
	};

	reset();
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		task.tty_nr = rows[i].nr;
		CHECK_STR_ROW(i, drawn(COL_TTY, 0, false), rows[i].want);
	}
}

static void start_times(void)
{
	const u64 now = 1795260305;	/* 2026-11-21 11:25:05 UTC */
	static const struct {
		u64 age;
		const char *want;
	} rows[] = {
		{0, "11:25"}, {3600, "10:25"}, {86399, "11:25"}, {86400, "Nov20"},
		{400ull * 86400, " 2025"},
	};
	char *old = getenv("TZ");
	char keep[128] = "";

	if (old)
		strncpy(keep, old, sizeof(keep) - 1);
	setenv("TZ", "UTC", 1);
	tzset();
	reset();
	model.real_ns = now * NSEC_PER_SEC;
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		model.boot_time_ns = (now - rows[i].age) * NSEC_PER_SEC;
		CHECK_STR_ROW(i, drawn(COL_START_TIME, 0, false), rows[i].want);
	}
	if (old)
		setenv("TZ", keep, 1);
	else
		unsetenv("TZ");
	tzset();
}

static void users(void)
{
	reset();
	task.uid = 4294967294u;			/* nobody has it */
	context.own_uid = 1;
	CHECK_STR(drawn(COL_USER, 0, false), "4294967294");
	CHECK_EQ(cells[0].style, STYLE_DIM);
	context.own_uid = task.uid;
	drawn(COL_USER, 0, false);
	CHECK_EQ(cells[0].style, STYLE_TEXT);
}

/* ---- the command ----------------------------------------------------------- */

static struct names *names;

static void name_is(const char *cmdline, size_t n)
{
	struct name what = {
		.state = NAME_KNOWN, .cmdline = {(const unsigned char *)cmdline, n},
	};

	names_free(names);
	names = NULL;
	reset();
	if (names_new(&names) || names_put(names, &task, &what))
		abort();
	model.names = names;
}

#define NAME_IS(lit)	name_is(lit, sizeof(lit) - 1)

/* Style of the cells that a command takes, one letter each. */
static const char *styles(u32 n)
{
	static char out[COLS + 1];

	for (u32 i = 0; i < n; i++)
		out[i] = cells[i].style == STYLE_BASENAME ? 'B' :
			 cells[i].style == STYLE_TREE ? '|' :
			 cells[i].style == STYLE_KERNEL ? 'K' :
			 cells[i].style == STYLE_THREAD ? 'T' :
			 cells[i].style == STYLE_CURSOR ? 'c' : '.';
	out[n] = '\0';
	return out;
}

static void commands(void)
{
	NAME_IS("/usr/bin/sh\0-c\0a b\0");
	CHECK_STR(drawn(COL_CMDLINE, 20, false), "/usr/bin/sh -c a b  ");
	CHECK_STR(styles(20), ".........BB.......cc");
	context.scroll = 7;
	CHECK_STR(drawn(COL_CMDLINE, 20, false), "n/sh -c a b         ");
	context.scroll = 4000;
	CHECK_STR(drawn(COL_CMDLINE, 20, false), "                    ");
	context.scroll = 0;
	context.selected = true;
	drawn(COL_CMDLINE, 20, false);
	CHECK_STR(styles(20), "cccccccccccccccccccc");

	NAME_IS("nginx: worker process\0\0\0\0\0");
	CHECK_STR(drawn(COL_CMDLINE, 24, false), "nginx: worker process   ");
	CHECK_STR(styles(8), "BBBBB...");
	NAME_IS("/opt/a b/run\0x\0");
	drawn(COL_CMDLINE, 24, false);
	CHECK_STR(styles(15), ".........BBB..c");
	NAME_IS("evil\033[2J\xc2\x9b\xff\0\xe2\x80\xae" "x\0");
	CHECK_STR(drawn(COL_CMDLINE, 20, false), "evil?[2J?? ?x       ");
	NAME_IS("\0\0\0");
	memcpy(task.comm, "fallback", 9);
	CHECK_STR(drawn(COL_CMDLINE, 10, false), "fallback  ");
	NAME_IS("\xe4\xb8\xad\xe4\xb8\xad\0");	/* wide: half of one scrolled away */
	context.scroll = 1;
	CHECK_STR(drawn(COL_CMDLINE, 5, false), " \xe4\xb8\xad  ");
	CHECK_STR(drawn(COL_CMDLINE, 2, false), "  ");
}

static void exe_is(const char *comm, const char *exe, const char *cmdline, size_t n)
{
	struct name what = {
		.state = NAME_KNOWN, .cmdline = {(const unsigned char *)cmdline, n},
		.exe = {(const unsigned char *)exe, strlen(exe)},
	};

	names_free(names);
	names = NULL;
	reset();
	memset(task.comm, 0, sizeof(task.comm));
	memcpy(task.comm, comm, strlen(comm));
	if (names_new(&names) || names_put(names, &task, &what))
		abort();
	model.names = names;
}

/* Paths off, merged, and both; and how wide that is. */
static void looks(void)
{
	static const struct {
		const char *comm, *exe, *cmdline;
		size_t n;
		const char *plain, *no_path, *merged, *both;
	} rows[] = {
#define CMD(lit)	lit, sizeof(lit) - 1
		{"sh", "/bin/sh", CMD("/bin/sh\0-c\0"), "/bin/sh -c", "sh -c", "/bin/sh -c", "sh -c"},
		{"worker", "/bin/sh", CMD("sh\0-c\0"), "sh -c", "sh -c", "/bin/sh|worker -c",
		 "sh|worker -c"},
		{"python3", "/bin/python3.11", CMD("python3\0/x/y\0"), "python3 /x/y",
		 "python3 /x/y", "/bin/python3.11|python3|python3 /x/y",
		 "python3.11|python3|python3 /x/y"},
		{"longer-than-fif", "/b/longer-than-fifteen", CMD("/b/longer-than-fifteen\0"),
		 "/b/longer-than-fifteen", "longer-than-fifteen", "/b/longer-than-fifteen",
		 "longer-than-fifteen"},
		{"sh", "", CMD("/bin/sh\0"), "/bin/sh", "sh", "/bin/sh", "sh"},
		{"sh", "/bin/sh (deleted)", CMD("/bin/sh\0"), "/bin/sh", "sh", "/bin/sh", "sh"},
		{"nothing", "/bin/sh", CMD(""), "nothing", "nothing", "/bin/sh|nothing", "sh|nothing"},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows) * 4; i++) {
		const char *const want[] = {rows[i / 4].plain, rows[i / 4].no_path, rows[i / 4].merged,
					    rows[i / 4].both};
		char padded[COLS + 1];

		exe_is(rows[i / 4].comm, rows[i / 4].exe, rows[i / 4].cmdline, rows[i / 4].n);
		context.look = (struct row_look){.no_path = i % 2, .merged = i % 4 / 2};
		memset(padded, ' ', COLS);
		padded[COLS] = 0;
		memcpy(padded, want[i % 4], strlen(want[i % 4]));
		CHECK_STR_ROW(i, drawn(COL_CMDLINE, COLS, true), padded);
		CHECK_EQ_ROW(i, cell_command_width(&context, &row, true), strlen(want[i % 4]));
	}
	exe_is("sh", "/bin/sh (deleted)", CMD("/bin/sh\0"));
	drawn(COL_CMDLINE, COLS, true);
	CHECK_EQ(cells[5].style, STYLE_DELETED);
	CHECK_STR(drawn(COL_EXE, 8, true), "sh      ");
	CHECK_EQ(cells[0].style, STYLE_DELETED);
	exe_is("x", "/bin/sh", CMD("sh\0"));
	context.look.merged = true;
	drawn(COL_CMDLINE, COLS, true);
	CHECK_EQ(cells[8].style, STYLE_COMM);
	names_free(names);
	names = NULL;
}

static void threads_and_kernel(void)
{
	NAME_IS("whole process\0");
	memcpy(task.comm, "worker", 7);
	task.thread = true;
	CHECK_STR(drawn(COL_CMDLINE, 8, false), "worker  ");
	CHECK_STR(styles(7), "TTTTTTc");
	task.thread = false;
	task.kernel = true;
	CHECK_STR(drawn(COL_COMM, 8, false), "worker  ");
	CHECK_STR(styles(7), "KKKKKKc");
	memset(task.comm, 'x', sizeof(task.comm));	/* never read past its end */
	CHECK_STR(drawn(COL_COMM, 20, false), "xxxxxxxxxxxxxxxx    ");
}

static void branches(void)
{
	static const struct {
		struct order_line line;
		const char *utf8, *ascii;
	} rows[] = {
		{{.depth = 0}, "sh      ", "sh      "},
		{{.depth = 0, .folded = true}, "+ sh    ", "+ sh    "},
		{{.depth = 1}, "├─ sh   ", "|- sh   "},
		{{.depth = 1, .last = true}, "└─ sh   ", "`- sh   "},
		{{.depth = 1, .last = true, .folded = true}, "└+ sh   ", "`+ sh   "},
		{{.depth = 2, .trunk = {2}}, "│  ├─ sh", "|  |- sh"},
		{{.depth = 2, .trunk = {1}}, "   ├─ sh", "   |- sh"},
	};
	struct order_line deep = {.depth = UINT16_MAX, .trunk = {~0u, ~0u, ~0u, ~0u}};
	char text[COLUMN_BRANCHES];

	NAME_IS("sh\0");
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		context.line = &rows[i].line;
		CHECK_STR_ROW(i, drawn(COL_CMDLINE, 8, false), rows[i].utf8);
		CHECK_STR_ROW(i, drawn(COL_CMDLINE, 8, true), rows[i].ascii);
	}
	CHECK_STR(styles(8), "||||||BB");
	CHECK(column_branches(text, &deep, false) <= sizeof(text));
	names_free(names);
	names = NULL;
}

TESTS(columns,
	{"table_complete", table_complete}, {"names_unique", names_unique}, {"finding", finding},
	{"lists", lists}, {"unknown_is_said", unknown_is_said}, {"numbers", numbers},
	{"states", states}, {"order_of_unknown", order_of_unknown}, {"terminals", terminals},
	{"start_times", start_times}, {"users", users}, {"commands", commands}, {"looks", looks},
	{"threads_and_kernel", threads_and_kernel}, {"branches", branches})
