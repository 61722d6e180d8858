/* tests/unit/test_pidfiles.c - /proc/PID texts of several kernels, and what no
 * kernel would write. */
#include "proc/pidfiles.h"
#include "tests/unit/test.h"

#include <errno.h>

enum { IN_EVERY_STAT = TASK_HAVE_TIMES | TASK_HAVE_FAULTS | TASK_HAVE_POLICY };

static const struct proc_units units = {4096, 100};

static struct bytes text_of(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

/* What follows a name, from a 6.18 kernel: 52 fields. */
#define REST_6_18 " S 1 612 612 34817 700 4194560 850 100 3 1 250 75 9 8 20 0 4 0 12345 8192000 300" \
	" 18446744073709551615 94506715480064 94506715499945 140735929527440 0 0 0 0 4096 81920" \
	" 1 0 0 17 3 0 0 0 0 0 94506715515952 94506715517568 94507411873792 140735929535104" \
	" 140735929535124 140735929535124 140735929536491 0\n"

static void test_stat_fields(void)
{
	struct task t = {.tgid = 612, .uid = 33};

	CHECK_EQ(pid_stat_parse(&t, text_of("612 (bash)" REST_6_18), &units), 0);
	CHECK_EQ(t.pid, 612);
	CHECK_STR(t.comm, "bash");
	CHECK_EQ(t.state, 'S');
	CHECK_EQ(t.ppid, 1);
	CHECK_EQ(t.tty_nr, 34817);		/* 136:1 */
	CHECK_EQ(t.min_flt, 850);
	CHECK_EQ(t.maj_flt, 3);
	CHECK_EQ(t.user_ns, 2500000000u);
	CHECK_EQ(t.system_ns, 750000000u);
	CHECK_EQ(t.runtime_ns, 3250000000u);
	CHECK_EQ(t.priority, 20);
	CHECK_EQ(t.nice, 0);
	CHECK_EQ(t.threads, 4);
	CHECK_EQ(t.start_boot_ns, 123450000000u);
	CHECK_EQ(t.vsize_bytes, 8192000);
	CHECK_EQ(t.rss_bytes, 300 * 4096);
	CHECK_EQ(t.last_cpu, 3);
	CHECK_EQ(t.have, TASK_HAVE_RSS | IN_EVERY_STAT);
	CHECK_EQ(t.policy, 0);
	CHECK(!t.kernel && !t.thread);
	CHECK_EQ(t.tgid, 612);			/* the caller's stay */
	CHECK_EQ(t.uid, 33);
}

/* Captured: kernel threads, zombies, real time, fewer fields. */
static void test_stat_kinds(void)
{
	static const struct {
		const char *text, *comm;
		char state;
		bool kernel;
		s32 priority, nice;
		u32 have;
	} rows[] = {
		{"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 2 0 0 "
		 "18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 0 1 0 0 0 0 0 0 0 "
		 "0 0 0 0 0 0\n",
		 "kthreadd", 'S', true, 20, 0, 0},			/* 6.1 */
		{"19 (migration/0) S 2 0 0 0 -1 69238848 0 0 0 0 0 1 0 0 -100 0 1 0 3 0 0 "
		 "18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 17 0 99 1 0 0 0 0 "
		 "0 0 0 0 0 0 0\n",
		 "migration/0", 'S', true, -100, 0, 0},			/* 5.10 */
		{"31 (kworker/u8:2-events_unbound) I 2 0 0 0 -1 69238880 0 0 0 0 0 12 0 0 "
		 "0 -20 1 0 4 0 0 "
		 "18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 17 1 0 0 0 0 0 0 "
		 "0 0 0 0 0 0 0\n",
		 "kworker/u8:2-ev", 'I', true, 0, -20, 0},
		{"4242 (sh) Z 4241 4241 4241 0 -1 4228100 60 0 0 0 0 0 0 0 20 0 1 0 555 0 0 "
		 "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
		 "sh", 'Z', false, 20, 0, 0},
		{"77 (rtkit) S 1 77 77 0 -1 4194368 60 0 0 0 0 0 0 0 -51 0 1 0 555 4096 1 "
		 "18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 50 1 0\n",
		 "rtkit", 'S', false, -51, 0, TASK_HAVE_RSS},		/* 41 fields: 2.6.18 */
		{"88 (vi) t 1 88 88 1025 88 0 0 0 0 0 0 0 0 0 39 19 1 0 1 10 0 "
		 "18446744073709551615 1 1 0 0 0 "
		 "0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 5 5\n",
		 "vi", 't', false, 39, 19, TASK_HAVE_RSS},		/* fields of tomorrow */
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct task t = {0};

		CHECK_EQ_ROW(i, pid_stat_parse(&t, text_of(rows[i].text), &units), 0);
		CHECK_STR_ROW(i, t.comm, rows[i].comm);
		CHECK_EQ_ROW(i, t.state, rows[i].state);
		CHECK_EQ_ROW(i, t.kernel, rows[i].kernel);
		CHECK_EQ_ROW(i, t.priority, rows[i].priority);
		CHECK_EQ_ROW(i, t.nice, rows[i].nice);
		CHECK_EQ_ROW(i, t.have, rows[i].have | IN_EVERY_STAT);
	}
}

static void test_stat_names(void)
{
	static const struct {
		const char *text, *comm;
	} rows[] = {
		{"612 ()" REST_6_18, ""},
		{"612 (a b)" REST_6_18, "a b"},
		{"612 (a) S 1 1)" REST_6_18, "a) S 1 1"},
		{"612 ()))))" REST_6_18, "))))"},
		{"612 ((sd-pam))" REST_6_18, "(sd-pam)"},
		{"612 (a\nb)" REST_6_18, "a\nb"},
		{"612 (\033[2J\xff)" REST_6_18, "\033[2J\xff"},
		{"612 (fifteen.bytes.x)" REST_6_18, "fifteen.bytes.x"},
		{"612 (sixteen.bytes.xy)" REST_6_18, "sixteen.bytes.x"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct task t = {.comm = "what was before"};

		CHECK_EQ_ROW(i, pid_stat_parse(&t, text_of(rows[i].text), &units), 0);
		CHECK_STR_ROW(i, t.comm, rows[i].comm);
		CHECK_EQ_ROW(i, t.ppid, 1);
	}
}

/* 38 fields after the state, so that a row can spoil one. */
#define TAIL " 0 0 0 0 17 0 0 0 0\n"

static void test_stat_refused(void)
{
	static const char unspoilt[] =
		"1 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 1 1 0 0 0 0 0 0" TAIL;
	static const char *const rows[] = {
		"", "\n", "612", "612 ", "612 (", "612 (bash", "612 (bash)", "612 (bash) ",
		"612 (bash) S", "612 (bash) S\n", "612 (bash) S 1 2 3\n",
		"612 )bash( S 1", ")", "()", "(bash) S 1", "x (bash)" REST_6_18,
		"0 (bash)" REST_6_18, "4294967296 (bash)" REST_6_18, "-1 (bash)" REST_6_18,
		"612(bash)" REST_6_18, "612 bash)" REST_6_18,
		/* no newline: the last number may be cut */
		"1 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 1 1 0 0 0 0 0 0 0 "
		"0 0 0 17 0 0 0 0",
		/* too large, not a number, state not a letter */
		"1 (a) S 1 1 1 0 -1 18446744073709551616 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 "
		"1 1 1 0 0 0 0 0 0" TAIL,
		"1 (a) S 1 1 1 0 -9223372036854775809 0 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 "
		"1 1 0 0 0 0 0 0" TAIL,
		"1 (a) S 1 1 1 0 - 1 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 1 1 0 0 0 0 0 0" TAIL,
		"1 (a) S 1 1 1 0 -1 0 0x0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 1 1 0 0 0 0 0 0" TAIL,
		"1 (a) S -1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 1 1 0 0 0 0 0 0" TAIL,
		"1 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 2147483648 0 1 0 1 10 0 1 1 1 0 0 0 "
		"0 0 0" TAIL,
		"1 (a) ? 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 1 1 0 0 0 0 0 0" TAIL,
		"1 (a) SS 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 10 0 1 1 1 0 0 0 0 0 0" TAIL,
	};
	struct task t;

	memset(&t, 0, sizeof(t));
	CHECK_EQ(pid_stat_parse(&t, text_of(unspoilt), &units), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct task before;

		memset(&t, 0x5a, sizeof(t));
		before = t;
		CHECK_EQ_ROW(i, pid_stat_parse(&t, text_of(rows[i]), &units), -EBADMSG);
		CHECK_ROW(i, memcmp(&t, &before, sizeof(t)) == 0);
	}
}

static void test_stat_extremes(void)
{
	static const char text[] =
		"1 (a) S 1 1 1 -2147483648 -1 18446744073709551615 18446744073709551615 0 0 0 "
		"18446744073709551615 18446744073709551615 0 0 -2147483648 -2147483648 1 0 "
		"18446744073709551615 18446744073709551615 18446744073709551615 1 1 1 0 0 "
		"0 0 0 0" TAIL;
	struct task t = {0};

	CHECK_EQ(pid_stat_parse(&t, text_of(text), &units), 0);
	CHECK_EQ(t.runtime_ns, UINT64_MAX);	/* saturated, not wrapped */
	CHECK_EQ(t.start_boot_ns, UINT64_MAX);
	CHECK_EQ(t.rss_bytes, UINT64_MAX);
	CHECK_EQ(t.tty_nr, 0x80000000u);
	CHECK_EQ(t.priority, INT32_MIN);
}

/* A line with what execve(2) changes; mid: what time changes. */
#define EXEC(comm, mid, code_to_stack, arg) "9 (" comm ") " mid " 1 10 0 1 " code_to_stack \
	" 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 " arg " 5 6 0 0 0\n"
#define EARLY	"S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0"
#define LATE	"R 2 1 1 0 -1 4 9 0 9 0 9 9 0 0 39 9 3 0"

static void test_exec_id(void)
{
	static const char *const same[] = {
		EXEC("a", EARLY, "7 8 9", "3"), EXEC("a", LATE, "7 8 9", "3"),
	};
	static const char *const other[] = {
		EXEC("a", EARLY, "6 8 9", "3"), EXEC("a", EARLY, "7 9 9", "3"),
		EXEC("a", EARLY, "7 8 8", "3"), EXEC("a", EARLY, "7 8 9", "4"),
		EXEC("b", EARLY, "7 8 9", "3"),
		/* hidden from us: the name alone, to its last byte */
		EXEC("aaaaaaaaaaaaaaa", EARLY, "1 1 0", "0"),
		EXEC("aaaaaaaaaaaaaab", EARLY, "1 1 0", "0"),
	};
	struct task a = {0}, b = {0};
	u64 seen[ARRAY_LEN(other) + 1];

	CHECK_EQ(pid_stat_parse(&a, text_of(same[0]), &units), 0);
	CHECK_EQ(pid_stat_parse(&b, text_of(same[1]), &units), 0);
	CHECK_EQ(a.exec_id, b.exec_id);
	seen[0] = a.exec_id;
	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		CHECK_EQ_ROW(i, pid_stat_parse(&a, text_of(other[i]), &units), 0);
		for (size_t k = 0; k <= i; k++)
			CHECK_ROW(i, seen[k] != a.exec_id);
		seen[i + 1] = a.exec_id;
	}
}

static void test_statm(void)
{
	enum { BOTH = TASK_HAVE_RSS | TASK_HAVE_SHARED };
	static const struct {
		const char *text;
		int ret;
		u64 vsize, rss, shared;
		u32 have;
	} rows[] = {
		{"765 417 388 5 0 123 0\n", 0, 765 * 4096, 417 * 4096, 388 * 4096, BOTH},
		{"0 0 0 0 0 0 0\n", 0, 0, 0, 0, 0},
		{"1 2 3", 0, 4096, 8192, 12288, BOTH},
		{"18446744073709551615 1 1 0\n", 0, UINT64_MAX, 4096, 4096, BOTH},
		{"18446744073709551616 1 1 0\n", -EBADMSG, 0, 0, 0, 0},
		{"1 2\n3", -EBADMSG, 0, 0, 0, 0},
		{"1 -2 3", -EBADMSG, 0, 0, 0, 0},
		{"", -EBADMSG, 0, 0, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct task t = {0};

		CHECK_EQ_ROW(i, pid_statm_parse(&t, text_of(rows[i].text), &units), rows[i].ret);
		CHECK_EQ_ROW(i, t.vsize_bytes, rows[i].vsize);
		CHECK_EQ_ROW(i, t.rss_bytes, rows[i].rss);
		CHECK_EQ_ROW(i, t.shared_bytes, rows[i].shared);
		CHECK_EQ_ROW(i, t.have, rows[i].have);
	}
}

static void test_io(void)
{
	static const struct {
		const char *text;
		int ret;
		u64 rd, wr;
	} rows[] = {
		{"rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 4096\nwrite_bytes: 8192\n"
		 "cancelled_write_bytes: 5\n", 0, 4096, 8192},
		{"read_bytes: 1\nwrite_bytes: 2", 0, 1, 2},
		{"write_bytes: 2\nread_bytes: 1\n", 0, 1, 2},
		{"cancelled_write_bytes: 5\nread_bytes: 1\n", -EBADMSG, 0, 0},
		/* no CONFIG_TASK_IO_ACCOUNTING */
		{"rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\n", -EBADMSG, 0, 0},
		{"read_bytes: -1\nwrite_bytes: 1\n", -EBADMSG, 0, 0},
		{"read_bytes:\n7\nwrite_bytes: 1\n", -EBADMSG, 0, 0},
		{"", -EBADMSG, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct task t = {0};

		CHECK_EQ_ROW(i, pid_io_parse(&t, text_of(rows[i].text)), rows[i].ret);
		CHECK_EQ_ROW(i, t.have, rows[i].ret ? 0 : TASK_HAVE_IO);
		if (rows[i].ret)
			continue;
		CHECK_EQ_ROW(i, t.read_bytes, rows[i].rd);
		CHECK_EQ_ROW(i, t.write_bytes, rows[i].wr);
	}
}

static void test_status(void)
{
	static const struct {
		const char *text;
		int ret;
		u64 swap;
		u32 have;
	} rows[] = {
		{"Name:\tbash\nUmask:\t0022\nVmPTE:\t      60 kB\nVmSwap:\t      12 "
		 "kB\nThreads:\t1\n",
		 0, 12288, TASK_HAVE_SWAP},
		{"Name:\tkthreadd\nThreads:\t1\n", 0, 0, 0},
		{"Name:\tVmSwap: 7 kB\nVmSwap:\t0 kB\n", 0, 0, TASK_HAVE_SWAP},
		{"VmSwap:\t18446744073709551615 kB\n", 0, UINT64_MAX, TASK_HAVE_SWAP},
		{"VmSwap:\tx kB\n", -EBADMSG, 0, 0},
		{"VmSwap:", -EBADMSG, 0, 0},
		{"", 0, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct task t = {0};

		CHECK_EQ_ROW(i, pid_status_parse(&t, text_of(rows[i].text)), rows[i].ret);
		CHECK_EQ_ROW(i, t.swap_bytes, rows[i].swap);
		CHECK_EQ_ROW(i, t.have, rows[i].have);
	}
}

TESTS(pidfiles,
	{"stat: every field", test_stat_fields},
	{"stat: kinds of task", test_stat_kinds},
	{"stat: names", test_stat_names},
	{"stat: refused", test_stat_refused},
	{"stat: extremes", test_stat_extremes},
	{"stat: exec_id", test_exec_id},
	{"statm", test_statm},
	{"io", test_io},
	{"status", test_status})
