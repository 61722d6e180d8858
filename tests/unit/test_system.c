/* tests/unit/test_system.c - the system's files: their parsers by table, their
 * reading on this machine. */
#include "proc/procfile.h"
#include "proc/scan.h"
#include "proc/system.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static struct bytes text_of(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

#define SCALARS "btime 1795245600\nprocesses 4711\nprocs_running 3\nprocs_blocked 0\n"

static void test_stat(void)
{
	static const struct {
		const char *text;
		int ret;
		u32 ncpu, online;	/* a bit for each */
		u64 user, idle, steal;
	} rows[] = {
		{"cpu  1049 1 1275 211662 331 0 32 7 5 6\ncpu0 296 0 389 106480 5 0 15 1 0 0\n"
		 "cpu1 753 0 886 105181 326 0 17 6 0 0\nintr 117997 0 0 1 15\nctxt 99\n" SCALARS
		 "softirq 1 2 3\n", 0, 2, 0x3, 1049, 211662, 7},
		/* CPU 1 is offline, 3 is one too many for the room */
		{"cpu  8 0 0 9 0 0 0 0 0 0\ncpu0 4 0 0 3 0 0 0 0 0 0\ncpu2 1 0 0 3 0 0 0 0 0 0\n"
		 "cpu3 3 0 0 3 0 0 0 0 0 0\n" SCALARS, 0, 4, 0x5, 8, 9, 0},
		{"cpu 1 2 3 4\n" SCALARS, 0, 0, 0, 1, 4, 0},		/* 2.4: four columns */
		{"cpu 1 2 3 4 5 6 7 8\ncpu0 1 2 3 4 5 6 7 8\n" SCALARS, 0, 1, 0x1, 1, 4, 8},
		/* columns of tomorrow */
		{"cpu 1 2 3 4 5 6 7 8 9 10 11 12\n" SCALARS, 0, 0, 0, 1, 4, 8},
		{"cpu 18446744073709551615 2 3 4\n" SCALARS, 0, 0, 0, UINT64_MAX, 4, 0},
		{"cpu 18446744073709551616 2 3 4\n" SCALARS, -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu 1 2 3\n" SCALARS, -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu0 1 2 3 4\n" SCALARS, -EBADMSG, 0, 0, 0, 0, 0},	/* no total */
		{"cpu 1 2 3 4\ncpux 1 2 3 4\n" SCALARS, -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu 1 2 3 4\ncpu4294967296 1 2 3 4\n" SCALARS, -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu 1 2 3 4\ncpu-1 1 2 3 4\n" SCALARS, -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu 1 2 3 4\nbtime 1\nprocesses 1\n", -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu 1 2 3 4\nbtime 1\nprocesses 1\nprocs_running 4294967296\n",
		 -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu 1 2 3 4\nbtime \nprocesses 1\nprocs_running 1\n", -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu", -EBADMSG, 0, 0, 0, 0, 0},
		{"cpu ", -EBADMSG, 0, 0, 0, 0, 0},
		{"", -EBADMSG, 0, 0, 0, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cpu_raw cpu[3] = {{.online = true}, {.online = true}, {.online = true}};
		struct snapshot s = {.cpu = cpu, .cpu_cap = ARRAY_LEN(cpu), .ncpu = 3};

		CHECK_EQ_ROW(i, stat_parse(&s, text_of(rows[i].text)), rows[i].ret);
		if (rows[i].ret)
			continue;
		CHECK_EQ_ROW(i, s.ncpu, rows[i].ncpu);
		for (u32 k = 0; k < ARRAY_LEN(cpu); k++)
			CHECK_EQ_ROW(i, cpu[k].online, rows[i].online >> k & 1);
		CHECK_EQ_ROW(i, s.stat.total.tick[CPU_USER], rows[i].user);
		CHECK_EQ_ROW(i, s.stat.total.tick[CPU_IDLE], rows[i].idle);
		CHECK_EQ_ROW(i, s.stat.total.tick[CPU_STEAL], rows[i].steal);
		CHECK_EQ_ROW(i, s.stat.boot_time_s, 1795245600);
		CHECK_EQ_ROW(i, s.stat.forks, 4711);
		CHECK_EQ_ROW(i, s.stat.running, 3);
	}
}

static void test_meminfo(void)
{
	static const struct {
		const char *text;
		int ret;
		struct meminfo_raw m;
	} rows[] = {
		{"MemTotal:       24689152 kB\nMemFree:        21000000 kB\nMemAvailable: "
		 "  23000000 kB\n"
		 "Buffers:           1000 kB\nCached:          2000 kB\nSwapCached:       "
		 "    3 kB\n"
		 "Active:            5 kB\nActive(anon): 6 kB\nSwapTotal:      4 "
		 "kB\nSwapFree:       2 kB\n"
		 "Zswap: 9 kB\nZswapped: 27 kB\nShmem:  7 kB\nKReclaimable: 99 kB\nSlab: 9 "
		 "kB\nSReclaimable:  11 kB\n"
		 "ShmemHugePages: 77 kB\nHugePages_Total: 5\nHugePages_Free: 2\n"
		 "HugePages_Rsvd: 9\nHugepagesize: 2048 kB\n", 0,
		 {24689152, 21000000, 23000000, 1000, 2000, 11, 7, 4, 2, 3, true, 9, 27, 5, 2, 2048, {0}}},
		{"MemTotal: 8 kB\nMemFree: 4 kB", 0, {.total = 8, .free = 4}},	/* before 3.14 */
		{"MemFree: 4 kB\nMemTotal: 8 kB\n", 0, {.total = 8, .free = 4}},
		{"MemTotal: 8 kB\n", -EBADMSG, {0}},
		{"MemTotal: x kB\nMemFree: 4 kB\n", -EBADMSG, {0}},
		{"MemTotal:\n8 kB\nMemFree: 4 kB\n", -EBADMSG, {0}},
		{"MemTotal: 99999999999999999999 kB\nMemFree: 4 kB\n", -EBADMSG, {0}},
		{"", -EBADMSG, {0}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct meminfo_raw m;

		memset(&m, 0, sizeof(m));
		CHECK_EQ_ROW(i, meminfo_parse(&m, text_of(rows[i].text)), rows[i].ret);
		CHECK_EQ_ROW(i, m.total, rows[i].m.total);
		CHECK_EQ_ROW(i, m.free, rows[i].m.free);
		CHECK_EQ_ROW(i, m.available, rows[i].m.available);
		CHECK_EQ_ROW(i, m.buffers, rows[i].m.buffers);
		CHECK_EQ_ROW(i, m.cached, rows[i].m.cached);
		CHECK_EQ_ROW(i, m.sreclaimable, rows[i].m.sreclaimable);
		CHECK_EQ_ROW(i, m.shmem, rows[i].m.shmem);
		CHECK_EQ_ROW(i, m.swap_total, rows[i].m.swap_total);
		CHECK_EQ_ROW(i, m.swap_free, rows[i].m.swap_free);
		CHECK_EQ_ROW(i, m.swap_cached, rows[i].m.swap_cached);
		CHECK_EQ_ROW(i, m.have_available, rows[i].m.have_available);
		CHECK_EQ_ROW(i, m.zswap, rows[i].m.zswap);
		CHECK_EQ_ROW(i, m.zswapped, rows[i].m.zswapped);
		CHECK_EQ_ROW(i, m.huge_total, rows[i].m.huge_total);
		CHECK_EQ_ROW(i, m.huge_free, rows[i].m.huge_free);
		CHECK_EQ_ROW(i, m.huge_size, rows[i].m.huge_size);
	}
}

static void test_loadavg(void)
{
	static const struct {
		const char *text;
		int ret;
		struct loadavg_raw l;
	} rows[] = {
		{"0.00 0.01 0.05 1/83 3460\n", 0, {{0, 1, 5}, 1, 83}},
		{"192.07 12.34 1.00 210/4410 99999", 0, {{19207, 1234, 100}, 210, 4410}},
		{"42949672.95 0.00 0.00 4294967295/4294967295 1\n",
		 0, {{UINT32_MAX, 0, 0}, UINT32_MAX, UINT32_MAX}},
		{"42949672.96 0.00 0.00 1/1 1\n", -EBADMSG, {{0}, 0, 0}},
		{"42949673.00 0.00 0.00 1/1 1\n", -EBADMSG, {{0}, 0, 0}},
		{"0.00 0.01 0.05 1/4294967296 1\n", -EBADMSG, {{0}, 0, 0}},
		{"0.00 0.01 0.05 1\n", -EBADMSG, {{0}, 0, 0}},
		{"0.0 0.01 0.05 1/2 3\n", -EBADMSG, {{0}, 0, 0}},
		{"1. 0.01 0.05 1/2 3\n", -EBADMSG, {{0}, 0, 0}},
		{"-1.00 0.01 0.05 1/2 3\n", -EBADMSG, {{0}, 0, 0}},
		{"1.0", -EBADMSG, {{0}, 0, 0}},
		{"", -EBADMSG, {{0}, 0, 0}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct loadavg_raw l = {{0}, 0, 0};

		CHECK_EQ_ROW(i, loadavg_parse(&l, text_of(rows[i].text)), rows[i].ret);
		CHECK_ROW(i, memcmp(&l, &rows[i].l, sizeof(l)) == 0);
	}
}

static void test_arcstats(void)
{
	static const struct {
		const char *text;
		int ret;
		struct arc_raw arc;
	} rows[] = {
		{"13 1 0x01 98 26656 4 1\nname type data\nhits 4 9\nc 4 99\nc_min 4 1048576\n"
		 "c_max 4 8\nsize 4 5242880\ncompressed_size 4 77\nuncompressed_size 4 99\n", 0,
		 {5242880, 1048576, 8, 77, 99}},
		{"size 4 100\nc_min 4 1048576\n", 0, {.size = 100, .min = 1048576}},
		{"size 4 100\n", -EBADMSG, {.size = 7}},
		{"size 4\nc_min 4 1\n", -EBADMSG, {.size = 7}},
		{"size 4 99999999999999999999999\nc_min 4 1\n", -EBADMSG, {.size = 7}},
		{"", -EBADMSG, {.size = 7}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arc_raw arc = {.size = 7};

		CHECK_EQ_ROW(i, arcstats_parse(&arc, text_of(rows[i].text)), rows[i].ret);
		CHECK_ROW(i, memcmp(&arc, &rows[i].arc, sizeof(arc)) == 0);
	}
}

static void test_vmstat(void)
{
	static const struct {
		const char *text;
		int ret;
		u64 in, out;
	} rows[] = {
		{"nr_free_pages 7\npgpgin 1\npgpgout 2\npswpin 30\npswpout "
		 "40\npswpin_zero 9\n", 0, 30, 40},
		{"pswpout 4\npswpin 3", 0, 3, 4},
		{"pswpin 3\n", -EBADMSG, 0, 0},
		{"pswpin 3\npswpout -4\n", -EBADMSG, 0, 0},
		{"pswpinx 3\npswpoutx 4\n", -EBADMSG, 0, 0},
		{"", -EBADMSG, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct vmstat_raw v = {0};

		CHECK_EQ_ROW(i, vmstat_parse(&v, text_of(rows[i].text)), rows[i].ret);
		CHECK_EQ_ROW(i, v.swap_in_pages, rows[i].in);
		CHECK_EQ_ROW(i, v.swap_out_pages, rows[i].out);
	}
}

#define NOTHING	{.some = {{0}, 0, false}}

static void test_pressure(void)
{
	static const struct {
		const char *text;
		int ret;
		struct pressure_raw p;
	} rows[] = {
		{"some avg10=0.01 avg60=1.18 avg300=100.00 total=2650920\n"
		 "full avg10=0.00 avg60=0.00 avg300=0.07 total=5\n",
		 0, {{{1, 118, 10000}, 2650920, true}, {{0, 0, 7}, 5, true}}},
		/* cpu before 5.13, irq, words of tomorrow */
		{"some avg10=0.00 avg60=0.00 avg300=0.00 total=9\n", 0, {.some = {{0}, 9, true}}},
		{"full avg10=0.00 avg60=0.00 avg300=0.00 total=9", 0, {.full = {{0}, 9, true}}},
		{"odd stuff\nsome avg10=0.00 avg60=0.00 avg300=0.00 total=9 more=1\n",
		 0, {.some = {{0}, 9, true}}},
		{"some avg10=0.00 avg60=0.00 total=9\n", -EBADMSG, NOTHING},
		{"some avg10=0.00 avg60=0.00 avg300=0.00 total=99999999999999999999\n",
		 -EBADMSG, NOTHING},
		{"some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull\n", -EBADMSG, NOTHING},
		{"some\n", -EBADMSG, NOTHING},
		{"some avg10=0.0", -EBADMSG, NOTHING},
		{"", -EBADMSG, NOTHING},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct pressure_line *want[] = {&rows[i].p.some, &rows[i].p.full};
		struct pressure_raw p = {0};
		const struct pressure_line *got[] = {&p.some, &p.full};

		CHECK_EQ_ROW(i, pressure_parse(&p, text_of(rows[i].text)), rows[i].ret);
		for (u32 k = 0; k < 2; k++) {
			CHECK_EQ_ROW(i, got[k]->present, want[k]->present);
			CHECK_EQ_ROW(i, got[k]->total_us, want[k]->total_us);
			CHECK_ROW(i, !memcmp(got[k]->avg_centi, want[k]->avg_centi,
					     sizeof(got[k]->avg_centi)));
		}
	}
}

static void test_scan(void)
{
	static const struct {
		const char *text;
		bool ok;
		s64 v;
		size_t left;
	} rows[] = {
		{"0", true, 0, 0}, {" \t-5 x", true, -5, 2}, {"", false, 0, 0},
		{"9223372036854775807", true, INT64_MAX, 0}, {"9223372036854775808", false, 0, 19},
		{"-9223372036854775808", true, INT64_MIN, 0},
		{"-9223372036854775809", false, 0, 20},
		{"-", false, 0, 1}, {"--1", false, 0, 3}, {"- 1", false, 0, 3},
		{"\n1", false, 0, 2}, {"+1", false, 0, 2},
		{"0000000000000000000000000000001", true, 1, 0},
	};
	struct scan s;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		s64 v = 0;

		s = scan_of(text_of(rows[i].text));
		CHECK_EQ_ROW(i, scan_s64(&s, &v), rows[i].ok);
		CHECK_EQ_ROW(i, v, rows[i].v);
		CHECK_EQ_ROW(i, scan_left(&s), rows[i].left);
	}
}

static void test_file_nr(void)
{
	static const struct {
		const char *text;
		int ret;
		u64 used, most;
	} rows[] = {
		{"661\t0\t2466170\n", 0, 661, 2466170},
		{"700\t39\t9223372036854775807\n", 0, 661, INT64_MAX},
		{"1\t2\t3\n", -EBADMSG, 7, 7},		/* more spare than there are */
		{"661\t0\n", -EBADMSG, 7, 7},
		{"-1\t0\t3\n", -EBADMSG, 7, 7},
		{"", -EBADMSG, 7, 7},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct files_raw f = {7, 7};

		CHECK_EQ_ROW(i, file_nr_parse(&f, text_of(rows[i].text)), rows[i].ret);
		CHECK_EQ_ROW(i, f.used, rows[i].used);
		CHECK_EQ_ROW(i, f.most, rows[i].most);
	}
}

static void test_procfile(void)
{
	struct procfile f = PROCFILE("/proc/self/stat"), none = PROCFILE("/proc/no such file");
	struct bytes text = {0};
	char buf[4096];
	int dir;

	CHECK_EQ(procfile_read(&none, buf, sizeof(buf), &text), -ENOENT);
	CHECK_EQ(procfile_read(&f, buf, sizeof(buf), &text), 0);
	CHECK(text.n > 20 && (const char *)text.p == buf && text.p[text.n - 1] == '\n');
	CHECK_EQ(procfile_read(&f, buf, 16, &text), -EFBIG);
	CHECK_EQ(procfile_read(&f, buf, 0, &text), -EFBIG);
	/* from the beginning again */
	CHECK_EQ(procfile_read(&f, buf, sizeof(buf), &text), 0);
	CHECK(text.n > 20);
	procfile_close(&f);
	procfile_close(&f);
	dir = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK_EQ(procfile_read_at(dir, "stat", buf, sizeof(buf), &text), 0);
	CHECK_EQ(procfile_read_at(dir, "stat", buf, 16, &text), -EFBIG);
	CHECK_EQ(procfile_read_at(dir, "nothing", buf, sizeof(buf), &text), -ENOENT);
	CHECK_EQ(procfile_read_at(dir, "task", buf, sizeof(buf), &text), -EISDIR);
	close(dir);
}

static void test_source_info(void)
{
	for (u32 i = 0; i < SRC_N; i++)
		CHECK_ROW(i, source_info[i].name && source_info[i].feeds);
}

/* Every source either answers or says why. */
static void test_this_machine(void)
{
	enum { ROUNDS = 3 };
	static struct cpu_raw cpu[1024];
	struct snapshot snap = {.cpu = cpu, .cpu_cap = ARRAY_LEN(cpu), .mono_ns = NSEC_PER_SEC};
	u32 mine = ((1u << SRC_N) - 1) & ~(SRC_BIT(SRC_TASKS) | SRC_BIT(SRC_THREADS) | SRC_BIT(SRC_EXITED));
	struct system *s;
	u64 calls;

	CHECK_EQ(system_open(&s), 0);
	CHECK(!system_why(s, SRC_STAT));	/* not tried yet */
	system_sample(s, SRC_BIT(SRC_MEMINFO), &snap);
	CHECK_EQ(snap.have, SRC_BIT(SRC_MEMINFO));
	system_sample(s, mine, &snap);
	for (u32 src = SRC_STAT; src < SRC_EXITED; src++)
		CHECK_ROW(src, !(snap.have & SRC_BIT(src)) == !!system_why(s, (enum source)src));
	CHECK(snap.have & SRC_BIT(SRC_STAT) && snap.ncpu > 0 && snap.stat.boot_time_s > 1000000000);
	CHECK(snap.have & SRC_BIT(SRC_LOADAVG) && snap.loadavg.total > 0);
	CHECK(snap.mem.total > snap.mem.free && snap.mem.free > 0);
	/* one pread a file: 5, and those of pressure, and of devices; batteries every 10 s */
	calls = syscall_count;
	for (u32 i = 0; i < ROUNDS; i++)
		system_sample(s, mine, &snap);
	mine = snap.have;
	calls = syscall_count;
	for (u32 i = 0; i < ROUNDS; i++)
		system_sample(s, mine, &snap);
	CHECK_EQ(syscall_count - calls, ROUNDS * (5u + (mine & SRC_BIT(SRC_PRESSURE) ? PRESSURE_KINDS : 0) +
		 !!(mine & SRC_BIT(SRC_IRQ_PRESSURE)) + snap.zram.devices + snap.disks.n +
		 snap.network.n * DEVICE_COUNTS));
	snap.mono_ns += 31ull * NSEC_PER_SEC;	/* time to look for devices again */
	calls = snap.zram.devices;
	system_sample(s, SRC_BIT(SRC_ZRAM), &snap);
	CHECK_EQ(snap.zram.devices, calls);
	system_close(s);
	system_close(NULL);
}

TESTS(system,
	{"scan_s64", test_scan},
	{"stat_parse", test_stat},
	{"meminfo_parse", test_meminfo},
	{"loadavg_parse", test_loadavg},
	{"arcstats_parse", test_arcstats},
	{"vmstat_parse", test_vmstat},
	{"pressure_parse", test_pressure},
	{"file_nr_parse", test_file_nr},
	{"procfile", test_procfile},
	{"source_info", test_source_info},
	{"this machine", test_this_machine})
