/* tests/unit/test_batch.c - plain frames: exact, cut where asked, and free of
 * escapes whatever the names are. */
#include "tests/unit/test.h"
#include "ui/report.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static char text[1 << 16];
static size_t text_len;
static char small[SINK_MIN];

static bool keep(struct sink *s)
{
	if (s->out.full || text_len + s->out.len >= sizeof(text)) {
		s->err = ENOSPC;
		return false;
	}
	memcpy(text + text_len, s->out.buf, s->out.len);
	text_len += s->out.len;
	text[text_len] = '\0';
	s->out.len = 0;
	return true;
}

static struct task tasks[2];
static struct task_row rows[2];
static struct order_line lines[2];
static struct order order;
static struct model m;
static struct report r;
static struct names *names;

static void name_is(struct task *t, struct bytes cmdline)
{
	struct name what = {.state = NAME_KNOWN, .cmdline = cmdline};

	if (names_put(names, t, &what))
		abort();
}

static void set_up(void)
{
	names_free(names);
	if (names_new(&names))
		abort();
	setenv("TZ", "UTC", 1);
	tzset();
	memset(rows, 0, sizeof(rows));
	memset(lines, 0, sizeof(lines));
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		tasks[i] = (struct task){
			.pid = 7 + i, .tgid = 7 + i, .uid = 4294967294u, .priority = 20, .state = 'S',
			.comm = "comm", .runtime_ns = 61 * (u64)NSEC_PER_SEC, .have = TASK_HAVE_RSS,
			.rss_bytes = 1u << 20,
		};
		rows[i].t = &tasks[i];
		lines[i].row = i;
	}
	rows[0].have = ROW_HAVE_CPU;
	rows[0].cpu_ppm = 125000;
	name_is(&tasks[0], BYTES_LIT("/bin/sh\0-c\0true\0"));
	name_is(&tasks[1], BYTES_LIT("x\033[31m\xc2\x9b\xff\0\n\0"));
	m = (struct model){
		.real_ns = 1795260305ull * NSEC_PER_SEC, .boot_ns = 11647 * (u64)NSEC_PER_SEC,
		.have = SRC_BIT(SRC_LOADAVG), .loadavg = {.load_centi = {5, 120, 1234}},
		.totals = {.processes = 2, .threads = 3, .kernel_threads = 4, .states = {.running = 1}},
		.row = rows, .ntask = 2, .names = names,
	};
	order = (struct order){.n = 2, .cap = 2, .line = lines};
	r = (struct report){.model = &m, .order = &order};
}

static bool write_frame(u32 width)
{
	struct sink s = {.out = {.buf = small, .cap = sizeof(small)}, .flush = keep};

	text_len = 0;
	return report_batch(&s, &r, width);
}

static void default_frame(void)
{
	set_up();
	CHECK(write_frame(0));
	CHECK_STR(text,
		"pitstop 11:25:05, up 03:14:07, load 0.05 1.20 12.34\n"
		"tasks 2, 3 thr, 4 kthr; 1 running\n"
		"    PID USER       PRI  NI  VIRT   RES  PRIV S  CPU%  MEM%     TIME+ Command\n"
		"      7 4294967294  20   0     0  1024   N/A S  12.5   N/A   1:01.00 /bin/sh -c true\n"
		"      8 4294967294  20   0     0  1024   N/A S   N/A   N/A   1:01.00 x?[31m?? ?\n"
		"\n");
}

static void summary(void)
{
	set_up();
	m.tasks_lost = 9;
	m.cpu_total = (struct cpu_model){
		.ppm = {[SHARE_USER] = 100000, [SHARE_NICE] = 23000, [SHARE_IDLE] = 877000},
		.known = true,
	};
	m.memory = (struct memory_model){.total = 1ull << 34, .used = 1u << 29, .known = true};
	CHECK(write_frame(0));
	CHECK(strstr(text, "tasks 2, 3 thr, 4 kthr; 1 running; 9 for which there was no room; "
			   "cpu user 12.3 system 0.0 iowait 0.0 idle 87.7; mem "));
	CHECK(strstr(text, "; swap "));
}

/* The process number stands first, whatever was asked for. */
static void pid_first(void)
{
	static const struct column_list rows_of[] = {
		{.n = 2, .id = {COL_COMM, COL_PID}}, {.n = 1, .id = {COL_COMM}},
		{.n = 2, .id = {COL_PID, COL_COMM}},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows_of); i++) {
		set_up();
		r.columns = &rows_of[i];
		CHECK_ROW(i, write_frame(0));
		CHECK_ROW(i, strstr(text, "\n    PID COMM\n      7 comm\n      8 comm\n\n") != NULL);
	}
}

/* A command in the middle is whole, and what follows still follows. */
static void command_in_the_middle(void)
{
	static const struct column_list list = {.n = 3, .id = {COL_PID, COL_CMDLINE, COL_TTY}};

	set_up();
	r.columns = &list;
	CHECK(write_frame(0));
	CHECK(strstr(text, "      7 /bin/sh -c true -\n"));
}

static void long_command(void)
{
	static unsigned char arg[20000];
	const char *at;

	set_up();
	memset(arg, 'y', sizeof(arg));
	name_is(&tasks[0], (struct bytes){arg, sizeof(arg)});
	CHECK(write_frame(0));
	at = strstr(text, "yyy");
	CHECK_EQ(at ? strspn(at, "y") : 0, sizeof(arg));
	for (u32 width = 1; width < 200; width += 7) {
		CHECK_ROW(width, write_frame(width));
		for (at = text; *at; at += strcspn(at, "\n") + 1)
			CHECK_ROW(width, strcspn(at, "\n") <= width);
	}
}

/* Half of a wide character is not written, nor what comes after it. */
static void wide_at_the_edge(void)
{
	static const struct column_list list = {.n = 1, .id = {COL_CMDLINE}};

	set_up();
	name_is(&tasks[0], BYTES_LIT("a\xe4\xb8\xad" "b\0"));
	r.columns = &list;
	CHECK(write_frame(10));
	CHECK(strstr(text, "      7 a\n"));
	CHECK(write_frame(11));
	CHECK(strstr(text, "      7 a\xe4\xb8\xad\n"));
	r.ascii = true;
	CHECK(write_frame(0));
	CHECK(strstr(text, "      7 a?b\n"));
}

static void tree(void)
{
	static const struct column_list list = {.n = 1, .id = {COL_CMDLINE}};

	set_up();
	name_is(&tasks[1], BYTES_LIT("child\0"));
	lines[1].depth = 1;
	lines[1].last = true;
	r.columns = &list;
	CHECK(write_frame(0));
	CHECK(strstr(text, "      8 \u2514\u2500 child\n"));
	r.ascii = true;
	CHECK(write_frame(0));
	CHECK(strstr(text, "      8 `- child\n"));
}

static void nothing_dangerous(void)
{
	static unsigned char all[256];

	set_up();
	for (u32 i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	name_is(&tasks[0], (struct bytes){all, sizeof(all)});
	memcpy(tasks[1].comm, "\033]0;x\a\n\r\t\x7f\xe2\x80\xae", 13);
	name_is(&tasks[1], (struct bytes){NULL, 0});
	CHECK(write_frame(0));
	for (const char *c = text; *c; c++)
		CHECK_ROW(c - text, ((unsigned char)*c >= 0x20 && *c != 0x7f) || *c == '\n');
	CHECK(!strstr(text, "\xe2\x80\xae"));
	CHECK_EQ(rows[0].t->pid, 7);
}

/* All columns at once, and lines that end in no blank. */
static void every_column(void)
{
	struct column_list all = {.n = COL_N};

	for (u32 i = 0; i < COL_N; i++)
		all.id[i] = (u8)i;
	set_up();
	r.columns = &all;
	CHECK(write_frame(0));
	for (u32 i = 0; i < COL_N; i++)
		CHECK_ROW(i, strstr(text, columns[i].title) != NULL);
	CHECK(!strstr(text, " \n"));
	names_free(names);
	names = NULL;
}

TESTS(batch,
	{"default_frame", default_frame}, {"summary", summary}, {"pid_first", pid_first},
	{"command_in_the_middle", command_in_the_middle}, {"long_command", long_command},
	{"wide_at_the_edge", wide_at_the_edge}, {"tree", tree},
	{"nothing_dangerous", nothing_dangerous}, {"every_column", every_column})
