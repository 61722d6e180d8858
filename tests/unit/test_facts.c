/* tests/unit/test_facts.c - what is known of a process only by asking: the
 * files it comes from, and the real ones of this very process. */
#include "proc/facts.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct bytes text_of(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

static void memory(void)
{
	static const char head[] = "55d0-7fff ---p 00000000 00:00 0 [rollup]\nRss: 900 kB\n";
	static const struct {
		const char *text;
		bool ok;
		u64 pss, uss, swap;	/* KiB */
	} rows[] = {
		{"Pss: 10 kB\nPss_Dirty: 9 kB\nPrivate_Clean: 3 kB\nPrivate_Dirty: 4 kB\n"
		 "Private_Hugetlb: 2048 kB\nSwapPss: 7 kB\n", true, 10, 2055, 7},
		{"Pss: 10 kB\nPrivate_Clean: 3 kB\nPrivate_Dirty: 4 kB\n", true, 10, 7, 0},
		{"Pss: 10 kB\nPrivate_Clean: 3 kB\n", false, 0, 0, 0},
		{"Pss: x kB\nPrivate_Clean: 3 kB\nPrivate_Dirty: 4 kB\n", false, 0, 0, 0},
		{"", false, 0, 0, 0},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		char text[512];

		snprintf(text, sizeof(text), "%s%s", head, rows[i].text);
		CHECK_EQ_ROW(i, smaps_rollup_parse(&f, text_of(text)) == 0, rows[i].ok);
		CHECK_EQ_ROW(i, !(f.have & FACT_MEMORY), !rows[i].ok);
		CHECK_EQ_ROW(i, f.pss_bytes, rows[i].pss * 1024);
		CHECK_EQ_ROW(i, f.uss_bytes, rows[i].uss * 1024);
		CHECK_EQ_ROW(i, f.swap_pss_bytes, rows[i].swap * 1024);
	}
}

static void autogroup(void)
{
	static const struct {
		const char *text;
		bool ok;
		u32 id;
		s32 nice;
	} rows[] = {
		{"/autogroup-25 nice 0\n", true, 25, 0}, {"/autogroup-1 nice -20\n", true, 1, -20},
		{"/autogroup-1 nice 19", true, 1, 19}, {"/autogroup-1 nice 20\n", false, 0, 0},
		{"/autogroup- nice 1\n", false, 0, 0}, {"/autogroup-1\n", false, 0, 0}, {"", false, 0, 0},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};

		CHECK_EQ_ROW(i, autogroup_parse(&f, text_of(rows[i].text)) == 0, rows[i].ok);
		CHECK_EQ_ROW(i, f.have, rows[i].ok ? FACT_AUTOGROUP : 0);
		CHECK_EQ_ROW(i, f.autogroup, rows[i].id);
		CHECK_EQ_ROW(i, f.autogroup_nice, rows[i].nice);
	}
}

/* Fields 4 to 17 told apart by their values; a name with everything in it. */
static void stat_sizes_calls(void)
{
	struct facts f = {0};

	CHECK(!fact_stat_parse(&f, text_of("42 (a) R 1) S 4 5 6 7 -8 9 10 11 12 13 14 15 16 17 18\n")));
	CHECK(f.pgrp == 5 && f.session == 6 && f.tpgid == -8);
	CHECK(f.children_min_flt == 11 && f.children_maj_flt == 13);
	CHECK(f.children_user_ns == 16 * 10000000ull && f.children_system_ns == 17 * 10000000ull);
	CHECK(fact_stat_parse(&f, text_of("42 (a) S 4 5 6 7 8 9 10 11 12 13 14 15 16")) < 0);
	CHECK(fact_stat_parse(&f, text_of("42 (a)")) < 0 && fact_stat_parse(&f, text_of("")) < 0);
	CHECK(!fact_sizes_parse(&f, text_of("100 20 10 3 0 44 0\n"), 4096));
	CHECK(f.code_bytes == 3 * 4096 && f.data_bytes == 44 * 4096);
	CHECK(!fact_calls_parse(&f, text_of("rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\n"
					    "write_bytes: 6\ncancelled_write_bytes: 7\n")));
	CHECK(f.io[IO_RCHAR] == 1 && f.io[IO_WCHAR] == 2 && f.io[IO_SYSCR] == 3 && f.io[IO_SYSCW] == 4 &&
	      f.io[IO_CANCELLED] == 7);
	CHECK_EQ(f.have, FACT_STAT | FACT_SIZES | FACT_CALLS);
	f = (struct facts){0};
	CHECK(!fact_sizes_parse(&f, text_of("0 0 0 0 0 0 0\n"), 4096) && !f.have);
	CHECK(fact_calls_parse(&f, text_of("rchar: 1\n")) < 0 && fact_sizes_parse(&f, text_of("1 2"), 1) < 0);
}

/* As Documentation/gpu/drm-usage-stats.rst shows them. */
static void gpu(void)
{
	static const char client[] = "pos:\t0\nflags:\t0100002\ndrm-driver:\ti915\ndrm-pdev:\t0000:00:02.0\n"
		"drm-client-id:\t7\n";
	u64 id, other, ns;
	char text[512];

	snprintf(text, sizeof(text), "%sdrm-engine-render:\t9288864723 ns\ndrm-engine-copy:\t2035071108 ns\n"
		 "drm-engine-capacity-video:\t2\ndrm-memory-system0:\t5 KiB\n", client);
	CHECK_EQ(drm_fdinfo_parse(text_of(text), &id, &ns), 0);
	CHECK_EQ(ns, 9288864723 + 2035071108);
	*strstr(text, "id:\t7") = 'i';
	strstr(text, "id:\t7")[4] = '8';
	CHECK_EQ(drm_fdinfo_parse(text_of(text), &other, &ns), 0);
	CHECK(id != other);
	CHECK(drm_fdinfo_parse(text_of("pos:\t0\nflags:\t02\n"), &id, &ns) < 0);
	CHECK(drm_fdinfo_parse(text_of("drm-engine-render\n"), &id, &ns) < 0);
	CHECK(drm_fdinfo_parse(text_of("drm-engine-a: 18446744073709551615 ns\ndrm-engine-b: 1 ns\n"),
			       &id, &ns) < 0);
}

/* This process: memory that it alone touches is its own, a file more is one
 * more descriptor. */
static void oneself(void)
{
	enum { MORE = 4 << 20 };
	static volatile char room[MORE];
	struct facts a, b;
	char cwd[4096];
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), more;

	facts_read(proc, (u32)getpid(), UINT32_MAX, &a);
	CHECK(a.have & FACT_CWD && getcwd(cwd, sizeof(cwd)) && a.text[FACT_TEXT_CWD].n == strlen(cwd) &&
	      !memcmp(a.text[FACT_TEXT_CWD].p, cwd, strlen(cwd)));
	CHECK(a.have & FACT_EXE && a.text[FACT_TEXT_EXE].n > 4);
	CHECK(a.have & FACT_OOM && a.have & FACT_FILES && !(a.have & FACT_GPU));
	CHECK(a.cost_ns && a.read_ns);
	more = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (u32 i = 0; i < MORE; i += 1024)
		room[i] = 1;
	facts_read(proc, (u32)getpid(), FACT_FILES | FACT_MEMORY, &b);
	CHECK_EQ(b.files, a.files + 1);
	CHECK_EQ(b.have & ~(u32)(FACT_FILES | FACT_MEMORY), 0);
	if (a.have & FACT_MEMORY)	/* Linux 4.14 */
		CHECK(b.uss_bytes >= a.uss_bytes + MORE / 2 && b.pss_bytes >= b.uss_bytes);
	close(more);
	close(proc);
}

TESTS(facts,
	{"memory", memory},
	{"autogroup", autogroup},
	{"stat, sizes, calls", stat_sizes_calls}, {"gpu", gpu},
	{"of oneself", oneself})
