/* tests/unit/test_cgroup_files.c - the kernel's files about a cgroup, as it writes
 * them and as it never would. */
#include "proc/cgroup_files.h"
#include "tests/unit/test.h"

static struct bytes text_of(const char *text)
{
	return (struct bytes){(const unsigned char *)text, strlen(text)};
}

static void test_values(void)
{
	static const struct {
		u8 file, value;
		bool known;
		u64 want;
		const char *text;
	} rows[] = {
		{CGF_EVENTS, CGV_FROZEN, true, 0, "populated 1\nfrozen 0\n"},
		{CGF_EVENTS, CGV_FROZEN, true, 1, "populated 0\nfrozen 1\n"},
		{CGF_EVENTS, CGV_FROZEN, false, 0, "populated 1\n"},		/* Linux 5.1 */
		{CGF_EVENTS, CGV_FROZEN, true, 1, "FROZEN\n"}, {CGF_EVENTS, CGV_FROZEN, true, 0, "THAWED\n"},
		{CGF_EVENTS, CGV_FROZEN, true, 0, "FREEZING\n"},
		{CGF_CPU, CGV_USAGE, true, 5000, "usage_usec 5\nuser_usec 3\nsystem_usec 2\n"},
		{CGF_CPU, CGV_THROTTLED, false, 0, "usage_usec 5\nuser_usec 3\nsystem_usec 2\n"},
		{CGF_CPU, CGV_THROTTLED, true, 7000, "usage_usec 5\nnr_periods 9\nnr_throttled 4\nthrottled_usec 7\nnr_bursts 0\n"},
		{CGF_CPU, CGV_THROTTLES, true, 4, "nr_periods 9\nnr_throttled 4\nthrottled_usec 7\n"},
		{CGF_CPU, CGV_THROTTLED, true, 7, "nr_periods 9\nnr_throttled 4\nthrottled_time 7\n"},
		{CGF_MEMORY, CGV_MEMORY, true, 123456, "123456\n"}, {CGF_MEMORY, CGV_MEMORY, false, 0, "-1\n"},
		{CGF_MEMORY, CGV_MEMORY, false, 0, ""}, {CGF_MEMORY, CGV_MEMORY, false, 0, "99999999999999999999\n"},
		{CGF_MAX, CGV_MAX, true, CGROUP_NO_LIMIT, "max\n"}, {CGF_MAX, CGV_MAX, true, 4096, "4096"},
		{CGF_MAX, CGV_MAX, true, CGROUP_NO_LIMIT, "9223372036854771712\n"},	/* v1 */
		{CGF_HIGH, CGV_HIGH, true, 0, "0\n"}, {CGF_PIDS_MAX, CGV_PIDS_MAX, true, 33, "33\n"},
		{CGF_SWAP, CGV_SWAP, true, 8192, "8192\n"}, {CGF_SWAP_MAX, CGV_SWAP_MAX, true, CGROUP_NO_LIMIT, "max\n"},
		{CGF_MEMORY_EVENTS, CGV_OOM_KILLS, true, 3, "low 0\nhigh 1\nmax 2\noom 4\noom_kill 3\noom_group_kill 9\n"},
		{CGF_MEMORY_EVENTS, CGV_OOM_KILLS, true, 2, "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"},
		{CGF_MEMORY_EVENTS, CGV_OOM_KILLS, false, 0, "oom_kill x\n"},
		{CGF_IO, CGV_READ, true, 11, "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n8:16 rbytes=10 wbytes=0\n"},
		{CGF_IO, CGV_WRITE, true, 2, "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n8:16 rbytes=10 wbytes=0\n"},
		{CGF_IO, CGV_READ, true, 0, ""}, {CGF_IO, CGV_READ, true, 0, "8:0 \n"},
		{CGF_IO, CGV_READ, true, 5, "8:0 Read 5\n8:0 Write 6\n8:0 Sync 11\n8:0 Total 11\nTotal 11\n"},
		{CGF_IO, CGV_WRITE, true, 6, "8:0 Read 5\n8:0 Write 6\n8:0 Sync 11\n8:0 Total 11\nTotal 11\n"},
		{CGF_IO, CGV_READ, false, 0, "8:0 rbytes=\n"}, {CGF_IO, CGV_READ, false, 0, "8:0 Read\n"},
		{CGF_IO, CGV_WRITE, false, 0, "8:0 wbytes=18446744073709551615\n8:1 wbytes=1\n"},
		{CGF_CPU_WEIGHT, CGV_CPU_WEIGHT, true, 100, "100\n"}, {CGF_IO_WEIGHT, CGV_IO_WEIGHT, true, 200, "default 200\n8:0 50\n"},
		{CGF_CPU_MAX, CGV_QUOTA, true, CGROUP_NO_LIMIT, "max 100000\n"}, {CGF_CPU_MAX, CGV_QUOTA, true, 500000, "50000 100000\n"},
		{CGF_CPU_MAX, CGV_QUOTA, false, 0, "50000 0\n"}, {CGF_CPU_MAX, CGV_QUOTA, false, 0, "max\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cgroup_reading r = {.have = UINT32_MAX};
		int err = cgroup_file_parse(rows[i].file, text_of(rows[i].text), &r);

		CHECK_EQ_ROW(i, r.have >> rows[i].value & 1, rows[i].known);
		CHECK_ROW(i, rows[i].known ? !err : true);
		if (rows[i].known)
			CHECK_EQ_ROW(i, r.value[rows[i].value], rows[i].want);
		CHECK_ROW(i, r.have & 1u << (rows[i].file == CGF_PIDS ? CGV_MEMORY : CGV_PIDS));
	}
}

static void test_pressure(void)
{
	static const char text[] = "some avg10=1.25 avg60=0.00 avg300=0.00 total=12\n"
				   "full avg10=0.50 avg60=0.00 avg300=0.00 total=3\n";
	struct cgroup_reading r = {0};

	CHECK_EQ(cgroup_file_parse(CGF_PRESSURE + PRESSURE_IO, text_of(text), &r), 0);
	CHECK_EQ(r.pressed, 1u << PRESSURE_IO);
	CHECK_EQ(r.pressure[PRESSURE_IO].some.avg_centi[0], 125);
	CHECK_EQ(r.pressure[PRESSURE_IO].full.total_us, 3);
	CHECK(cgroup_file_parse(CGF_PRESSURE + PRESSURE_IO, text_of("none\n"), &r) < 0 && !r.pressed);
}

TESTS(cgroup_files, {"values", test_values}, {"pressure", test_pressure})
