/* tests/unit/test_programs.c - rates of BPF programs from made-up tables, their
 * words, and the switch of the statistics on a file that stands for the sysctl. */
#include "proc/program_history.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/program_stats.h"
#include "proc/program_text.h"
#include "tests/unit/test.h"
#include "ui/program_columns.h"
#include "ui/report.h"
#include "ui/json.h"

enum { MAX = 8 };

static const u64 second = NSEC_PER_SEC;

struct world {
	struct program_run rec[2][MAX];
	u32 slot[MAX];
	struct program_facts more[MAX];
	struct program_table table[2];
	struct model m;
};

/* Two instants two seconds apart; what is in them is for the test to say. */
static void begin(struct world *w)
{
	*w = (struct world){0};
	for (u32 i = 0; i < 2; i++)
		w->table[i] = (struct program_table){
			.mono_ns = (10 + 2 * i) * second, .timed = true, .owners_known = true,
			.rec = w->rec[i], .slot = w->slot, .more = w->more,
		};
	for (u32 i = 0; i < MAX; i++)
		w->slot[i] = i;
}

static void step(struct world *w)
{
	CHECK_EQ(program_model_reserve(&w->m.programs, MAX), 0);
	program_model_step(&w->m.programs, &w->table[0], &w->table[1]);
}

static void rates(void)
{
	static const struct {
		struct program_run before, now;	/* id 0: not there */
		u32 have;
		u64 events_milli, cpu_ppm, average_ns, total_average_ns;
	} rows[] = {
		/* 3000 runs of 100 ns in 2 s */
		{{1, 1, 5, 1000, 50000, 0}, {1, 1, 5, 4000, 350000, 0},
		 PROGRAM_HAVE_RATES | PROGRAM_HAVE_AVERAGE, 1500000, 150, 100, 87},
		{{2, 1, 5, 9, 90, 0}, {2, 1, 5, 9, 90, 0}, PROGRAM_HAVE_RATES, 0, 0, 0, 10},
		/* two CPUs, all the time */
		{{3, 1, 5, 0, 0, 0}, {3, 1, 5, 4, 4000000000ull, 0},
		 PROGRAM_HAVE_RATES | PROGRAM_HAVE_AVERAGE, 2000, 2000000, 1000000000, 1000000000},
		/* fewer runs, less time, another program of that number, a new one */
		{{4, 1, 5, 10, 100, 0}, {4, 1, 5, 9, 200, 0}, 0, 0, 0, 0, 22},
		{{5, 1, 5, 10, 100, 0}, {5, 1, 5, 11, 99, 0}, 0, 0, 0, 0, 9},
		{{6, 1, 5, 10, 100, 0}, {6, 1, 6, 20, 300, 0}, 0, 0, 0, 0, 15},
		{{0, 0, 0, 0, 0, 0}, {7, 1, 9, 20, 300, 0}, 0, 0, 0, 0, 15},
		{{8, 1, 5, 0, 0, 0}, {8, 1, 5, UINT64_MAX, UINT64_MAX, 0},
		 PROGRAM_HAVE_RATES | PROGRAM_HAVE_AVERAGE, UINT64_MAX, 9223372036854775ull, 1, 1},
	};
	static struct world w;

	_Static_assert(ARRAY_LEN(rows) == MAX, "all fit");
	begin(&w);
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].before.id)
			w.rec[0][w.table[0].n++] = rows[i].before;
		w.rec[1][w.table[1].n++] = rows[i].now;
	}
	step(&w);
	CHECK_EQ(w.m.programs.n, MAX);
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		const struct program_row *r = &w.m.programs.row[i];

		CHECK_EQ_ROW(i, r->have, rows[i].have);
		CHECK_EQ_ROW(i, r->events_milli, rows[i].events_milli);
		CHECK_EQ_ROW(i, r->cpu_ppm, rows[i].cpu_ppm);
		CHECK_EQ_ROW(i, r->average_ns, rows[i].average_ns);
		CHECK_EQ_ROW(i, r->total_average_ns, rows[i].total_average_ns);
	}
	program_model_free(&w.m.programs);
}

static void no_rates(void)
{
	static struct world w;

	begin(&w);
	w.rec[0][w.table[0].n++] = (struct program_run){.id = 1, .run_cnt = 1, .run_ns = 1};
	w.rec[1][w.table[1].n++] = (struct program_run){.id = 1, .run_cnt = 9, .run_ns = 9};
	step(&w);
	CHECK_EQ(w.m.programs.events_milli, 4000);
	w.table[1].timed = false;	/* statistics may be off */
	step(&w);
	CHECK_EQ(w.m.programs.row[0].have, 0);
	w.table[1].timed = true;
	w.table[1].mono_ns = w.table[0].mono_ns;
	step(&w);
	CHECK_EQ(w.m.programs.row[0].have, 0);
	program_model_step(&w.m.programs, NULL, &w.table[1]);
	CHECK_EQ(w.m.programs.row[0].have, 0);
	CHECK_EQ(w.m.programs.row[0].total_average_ns, 1);
	program_model_free(&w.m.programs);
}

/* ---- what is kept ----------------------------------------------------------- */

/* A tick later; the programs with a bit are loaded, each id runs id times. */
static void tick(struct world *w, u32 bits)
{
	static struct program_run kept[MAX];

	memcpy(kept, w->rec[1], sizeof(kept));
	memcpy(w->rec[0], kept, sizeof(kept));
	w->table[0].n = w->table[1].n;
	w->table[0].mono_ns = w->table[1].mono_ns;
	w->table[1].mono_ns += second;
	w->table[1].n = 0;
	for (u32 id = 1; id < MAX; id++) {
		struct program_run *r = &w->rec[1][w->table[1].n];

		if (!(bits & 1u << id))
			continue;
		*r = (struct program_run){.id = id, .loaded_boot_ns = id};
		for (u32 i = 0; i < w->table[0].n; i++)
			if (kept[i].id == id)
				*r = kept[i];
		r->run_cnt += id;
		r->run_ns += 100 * id;
		w->table[1].n++;
	}
	step(w);
}

static u32 get(struct world *w, u32 id, u32 end, struct program_sample *s)
{
	return program_history_get(w->m.programs.history, (struct program_id){id, id}, end, s);
}

static void kept_samples(void)
{
	static struct program_sample s[PROGRAM_HISTORY];
	static struct world w;
	struct program_history *h;

	begin(&w);
	w.m.programs.keep = true;
	for (u32 i = 0; i < 10; i++)
		tick(&w, 1u << 2 | 1u << 5);
	h = w.m.programs.history;
	CHECK(h);
	CHECK_EQ(program_history_last(h, (struct program_id){2, 2}), 10);
	CHECK_EQ(program_history_last(h, (struct program_id){2, 3}), 0);	/* another of that number */
	CHECK_EQ(get(&w, 5, 10, s), 10);
	CHECK_EQ(s[0].cpu_ppm, PROGRAM_UNKNOWN);
	CHECK_EQ(s[9].events_milli, 5000);
	CHECK_EQ(s[9].average_ns, 100);
	CHECK_EQ(program_history_span(h, 10, 10), 9 * second);
	step(&w);				/* the same instant */
	CHECK_EQ(program_history_last(h, (struct program_id){2, 2}), 10);
	/* one goes, one comes, between them in order */
	program_history_hold(h, (struct program_id){2, 2});
	for (u32 i = 0; i < 3; i++)
		tick(&w, 1u << 3 | 1u << 5);
	CHECK_EQ(program_history_last(h, (struct program_id){2, 2}), 10);
	CHECK_EQ(get(&w, 2, 10, s), 10);
	CHECK_EQ(s[9].events_milli, 2000);
	CHECK_EQ(get(&w, 2, 13, s), 13);	/* beside others that go on */
	CHECK_EQ(s[12].cpu_ppm, PROGRAM_UNKNOWN);
	CHECK_EQ(s[9].events_milli, 2000);
	CHECK_EQ(get(&w, 3, 13, s), 3);
	CHECK_EQ(get(&w, 3, 10, s), 0);
	CHECK_EQ(get(&w, 7, 13, s), 0);
	program_model_free(&w.m.programs);
	CHECK(!w.m.programs.history);
}

/* For hours: the newest stay, memory does not grow, the one held is never lost. */
static void kept_for_long(void)
{
	static struct program_sample s[PROGRAM_HISTORY];
	static struct world w;
	struct program_history *h;

	begin(&w);
	w.m.programs.keep = true;
	tick(&w, 1u << 1 | 1u << 4);
	h = w.m.programs.history;
	program_history_hold(h, (struct program_id){1, 1});
	for (u32 i = 0; i < 5 * PROGRAM_HISTORY; i++)
		tick(&w, 1u << 4 | (i % 2 ? 1u << 6 : 0));
	CHECK_EQ(get(&w, 4, 5 * PROGRAM_HISTORY + 1, s), PROGRAM_HISTORY);
	CHECK_EQ(s[0].events_milli, 4000);
	CHECK_EQ(program_history_span(h, 5 * PROGRAM_HISTORY + 1, PROGRAM_HISTORY),
		 (PROGRAM_HISTORY - 1) * second);
	CHECK_EQ(get(&w, 1, 1, s), 1);
	CHECK_EQ(program_history_span(h, 1, 1), 0);	/* nobody knows when that was */
	CHECK_EQ(get(&w, 6, 5 * PROGRAM_HISTORY + 1, s), 1);	/* anew each time: it comes and goes */
	w.table[1].n = 0;
	CHECK_EQ(program_model_reserve(&w.m.programs, 0), 0);
	CHECK(!w.m.programs.history);
	program_model_free(&w.m.programs);
}

static const struct program_owner owners[] = {
	{.prog_id = 3, .via = VIA_FD, .pid = 40, .comm = "a"},
	{.prog_id = 3, .via = VIA_PIN, .path = "/sys/fs/bpf/\x1b[2J"},
	{.prog_id = 5, .via = VIA_LINK, .pid = 41, .comm = "fifteen-letters", .self = true},
};
static const struct program_link links[] = {
	{.prog_id = 3, .id = 1, .text = "eth0"}, {.prog_id = 3, .id = 2, .text = "eth0"},
	{.prog_id = 3, .id = 4, .text = ""}, {.prog_id = 3, .id = 9, .text = "eth1"},
	{.prog_id = 5, .id = 5, .text = "sched_switch"},
};

static void give_holders(struct world *w)
{
	w->table[1].owner = owners;
	w->table[1].nowner = ARRAY_LEN(owners);
	w->table[1].link = links;
	w->table[1].nlink = ARRAY_LEN(links);
}

static void holders(void)
{
	static const struct {
		u32 prog_id, owners, links;
	} rows[] = {{1, 0, 0}, {3, 2, 4}, {4, 0, 0}, {5, 1, 1}, {UINT32_MAX, 0, 0}};
	static struct world w;

	begin(&w);
	give_holders(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		u32 n, k;
		const struct program_owner *o = program_owners(&w.table[1], rows[i].prog_id, &n);
		const struct program_link *l = program_links(&w.table[1], rows[i].prog_id, &k);

		CHECK_EQ_ROW(i, n, rows[i].owners);
		CHECK_EQ_ROW(i, k, rows[i].links);
		CHECK_ROW(i, !n || o->prog_id == rows[i].prog_id);
		CHECK_ROW(i, !k || l->prog_id == rows[i].prog_id);
	}
}

static struct out text_of(char *buf, size_t cap, const struct program_cell *c, enum program_column_id id)
{
	struct out o = {.buf = buf, .cap = cap - 1};

	program_columns[id].put(&o, c);
	buf[o.len] = '\0';
	return o;
}

static void words(void)
{
	static const struct {
		u32 row;
		enum program_column_id id;
		const char *want;
	} rows[] = {
		{0, PROG_COL_ID, "3"}, {0, PROG_COL_TYPE, "xdp"}, {0, PROG_COL_NAME, "0001020304050607"},
		{0, PROG_COL_ATTACH, "eth0, eth1"}, {0, PROG_COL_EVENTS, "1500.0"},
		{0, PROG_COL_CPU, "0.015"}, {0, PROG_COL_LOADED, "1:01.50"}, {1, PROG_COL_LOADED, ""}, {0, PROG_COL_AVERAGE, "100"}, {0, PROG_COL_MAPS, "2"},
		{0, PROG_COL_OWNERS, "a(40) /sys/fs/bpf/\x1b[2J"},
		{1, PROG_COL_TYPE, "4000000000"}, {1, PROG_COL_NAME, "a_whole_function_name (own)"},
		{1, PROG_COL_ATTACH, "btf_sched_switch"}, {1, PROG_COL_OWNERS, "fifteen-letters(41)"},
		{1, PROG_COL_EVENTS, ""}, {1, PROG_COL_AVERAGE, ""}, {1, PROG_COL_TOTAL_AVERAGE, ""},
		{2, PROG_COL_ID, "Total"}, {2, PROG_COL_NAME, "2 programs"}, {2, PROG_COL_EVENTS, "1500.0"},
		{2, PROG_COL_TYPE, "~20 ns a run"}, {2, PROG_COL_OWNERS, ""},
	};
	static struct world w;

	begin(&w);
	give_holders(&w);
	w.rec[0][w.table[0].n++] = (struct program_run){.id = 3, .type = 6, .run_cnt = 1000, .run_ns = 50000};
	w.rec[1][w.table[1].n++] = (struct program_run){.id = 3, .type = 6, .run_cnt = 4000, .run_ns = 350000};
	w.rec[1][w.table[1].n++] = (struct program_run){.id = 5, .type = 4000000000u};
	w.rec[0][0].loaded_boot_ns = w.rec[1][0].loaded_boot_ns = 2 * second + second / 2;
	w.rec[1][1].loaded_boot_ns = 99 * second;	/* after the sample */
	w.table[1].boot_ns = 64 * second;
	w.more[0] = (struct program_facts){.nmap = 2, .tag = {0, 1, 2, 3, 4, 5, 6, 7}};
	w.more[1] = (struct program_facts){.name = "a_whole_functio", .function = "a_whole_function_name",
				       .target = "btf_sched_switch"};
	step(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct program_cell c = {&w.m, rows[i].row < 2 ? &w.m.programs.row[rows[i].row] : NULL};
		char buf[256];

		(void)text_of(buf, sizeof(buf), &c, rows[i].id);
		CHECK_STR_ROW(i, buf, rows[i].want);
	}
	CHECK_EQ(w.m.programs.own, 1);
	program_model_free(&w.m.programs);
}

static bool never(struct sink *s)
{
	(void)s;
	return false;
}

static void as_json(void)
{
	static const char want[] =
		"\"programs\":[{\"id\":3,\"type\":\"99\",\"name\":\"\\u001b[31m\",\"tag\":\"0000000000000000\",\"uid\":7,"
		"\"loaded_at\":12.50,\"run_count\":0,\"run_time_ns\":0,\"recursion_misses\":0,\"jited_bytes\":0,"
		"\"xlated_bytes\":16,\"memlock_bytes\":0,\"maps\":[8,9],\"attach\":\"eth0, eth1\",\"owners\":["
		"{\"pid\":40,\"comm\":\"a\",\"via\":\"fd\"},{\"path\":\"/sys/fs/bpf/\\u001b[2J\",\"via\":\"pin\"}]}]";
	static const struct program_spec spec;
	static struct world w;
	char buf[4096] = "";
	struct sink s = {.out = {.buf = buf, .cap = sizeof(buf)}, .flush = never};
	struct json j = {.sink = &s};

	begin(&w);
	give_holders(&w);
	w.m.boot_time_ns = 10 * second;
	report_json_programs(&j, &spec, &w.m);
	CHECK_EQ(s.out.len, 0);			/* nobody asked for them */
	w.rec[1][w.table[1].n++] = (struct program_run){.id = 3, .type = 99, .loaded_boot_ns = 5 * second / 2};
	w.more[0] = (struct program_facts){.name = "\x1b[31m", .uid = 7, .xlated_insns = 2, .nmap = 2, .map = {8, 9}};
	step(&w);
	report_json_programs(&j, &spec, &w.m);
	CHECK_STR(buf, want);
	program_model_free(&w.m.programs);
}

/* ---- texts ----------------------------------------------------------------- */

static void texts(void)
{
	static const struct {
		const char *text, *key;
		u64 want;		/* 0: none */
	} rows[] = {
		{"pos:\t0\nprog_id:\t77\nx:\t1\n", "prog_id:", 77}, {"prog_id:\t5", "prog_id:", 5},
		{"link_prog_id:\t5\n", "prog_id:", 0}, {"prog_id:\t\n9\n", "prog_id:", 0},
		{"prog_id:\t99999999999999999999\n", "prog_id:", 0}, {"", "prog_id:", 0},
	};
	char mounts[] = "bpf /sys/fs/bpf bpf rw 0 0\nproc /proc proc rw 0 0\nx /a\\040b\\134\\0 bpf rw 0 0\n"
			"y /c\\9\\777 bpf";
	struct scan s = scan_of((struct bytes){(const unsigned char *)mounts, sizeof(mounts) - 1});

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bytes text = {(const unsigned char *)rows[i].text, strlen(rows[i].text)};
		u64 v = 0;

		CHECK_EQ_ROW(i, fdinfo_number(text, rows[i].key, &v), rows[i].want != 0);
		CHECK_EQ_ROW(i, v, rows[i].want);
	}
	CHECK_STR(mounts_next(&s, "bpf"), "/sys/fs/bpf");
	CHECK_STR(mounts_next(&s, "bpf"), "/a b\\\\0");
	CHECK_STR(mounts_next(&s, "bpf"), "/c\\9\xff");
	CHECK(!mounts_next(&s, "bpf"));
}

/* ---- the switch ---------------------------------------------------------------- */

static char sysctl[] = "/tmp/pitstop-sysctl-XXXXXX";

static char read_sysctl(void)
{
	int fd = open(sysctl, O_RDONLY | O_CLOEXEC);
	char c = 0;

	if (fd < 0 || read(fd, &c, 1) != 1)
		c = 0;
	close(fd);
	return c;
}

static void write_sysctl(char c)
{
	int fd = open(sysctl, O_WRONLY | O_CLOEXEC);

	CHECK(fd >= 0 && write(fd, &c, 1) == 1);
	close(fd);
}

/* Ends by a signal while it holds the switch. */
static void die_holding(int sig)
{
	struct program_stats s;

	if (program_stats_hold_sysctl(&s, sysctl) || read_sysctl() != '1')
		_exit(1);
	raise(sig);
	_exit(1);
}

static void switch_put_back(void)
{
	static const int ends[] = {SIGKILL, SIGTERM, SIGABRT, SIGHUP};
	struct program_stats s;
	int fd = mkstemp(sysctl);

	CHECK(fd >= 0);
	close(fd);
	write_sysctl('0');
	CHECK_EQ(program_stats_hold_sysctl(&s, sysctl), 0);
	CHECK_EQ(read_sysctl(), '1');
	program_stats_release(&s);
	CHECK_EQ(read_sysctl(), '0');
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		pid_t pid = fork();
		int status = 0;

		if (!pid)
			die_holding(ends[i]);
		CHECK_EQ_ROW(i, waitpid(pid, &status, 0), pid);
		CHECK_EQ_ROW(i, WIFSIGNALED(status) ? WTERMSIG(status) : 0, ends[i]);
		while (read_sysctl() != '0')	/* by a process that outlives it a little */
			usleep(1000);
	}
	write_sysctl('1');
	CHECK_EQ(program_stats_hold_sysctl(&s, sysctl), 0);
	program_stats_release(&s);
	CHECK_EQ(read_sysctl(), '1');		/* it was on before */
	unlink(sysctl);
	CHECK(program_stats_hold_sysctl(&s, sysctl) < 0);
}

TESTS(programs, {"rates", rates}, {"no_rates", no_rates}, {"holders", holders}, {"words", words},
      {"as_json", as_json}, {"texts", texts}, {"kept_samples", kept_samples}, {"kept_for_long", kept_for_long}, {"switch_put_back", switch_put_back});
