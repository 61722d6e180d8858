/* tests/unit/test_devices.c - disks, interfaces, batteries, zram: their texts by
 * table, their rates from made-up snapshots, and what this machine has. */
#include "proc/devices.h"
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"

#include <errno.h>

static struct bytes text_of(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

static void test_zram(void)
{
	struct zram_raw sum = {0};

	CHECK_EQ(zram_mm_stat_parse(&sum, text_of("    4096     74    12288        0    12288\n")), 0);
	CHECK_EQ(zram_mm_stat_parse(&sum, text_of("1 2 3")), 0);
	CHECK_EQ(sum.original, 4097);
	CHECK_EQ(sum.compressed, 76);
	CHECK_EQ(sum.used, 12291);
	CHECK_EQ(sum.devices, 2);
	CHECK_EQ(zram_mm_stat_parse(&sum, text_of("1 2\n")), -EBADMSG);
	CHECK_EQ(zram_mm_stat_parse(&sum, text_of("")), -EBADMSG);
	CHECK_EQ(zram_mm_stat_parse(&sum, text_of("1 2 18446744073709551615\n")), -EBADMSG);
	CHECK_EQ(sum.used, 12291);					/* none of it added */
	CHECK_EQ(sum.devices, 2);
}

static void test_disk_stat(void)
{
	static const struct {
		const char *text;
		int ret;
		u64 count[DEVICE_COUNTS];
	} rows[] = {
		{"    1200      3   9000   40      700      2   800   90   0   123   130\n", 0,
		 {9000 * 512, 800 * 512, 123, 1900}},
		/* columns of later kernels: discards, flushes */
		{"1 0 2 0 3 0 4 0 0 5 6 0 0 0 0 7 8\n", 0, {1024, 2048, 5, 4}},
		{"1 0 2 0 3 0 4 0 0\n", -EBADMSG, {7, 7, 7, 7}},
		{"1 0 36028797018963968 0 3 0 4 0 0 5\n", -EBADMSG, {7, 7, 7, 7}},	/* 2^64 bytes */
		{"1 0 x 0 3 0 4 0 0 5\n", -EBADMSG, {7, 7, 7, 7}},
		{"", -EBADMSG, {7, 7, 7, 7}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct device_raw d = {0, {7, 7, 7, 7}};

		CHECK_EQ_ROW(i, disk_stat_parse(&d, text_of(rows[i].text)), rows[i].ret);
		for (u32 k = 0; k < DEVICE_COUNTS && !rows[i].ret; k++)
			CHECK_EQ_ROW(i, d.count[k], rows[i].count[k]);
	}
}

#define BAT	"POWER_SUPPLY_NAME=BAT0\nPOWER_SUPPLY_TYPE=Battery\n"

static void test_power_supply(void)
{
	static const struct {
		const char *text;
		int ret;
		struct battery_raw b;	/* added to one that holds 10 of 20 */
	} rows[] = {
		{BAT "POWER_SUPPLY_STATUS=Discharging\nPOWER_SUPPLY_ENERGY_FULL=500\n"
		 "POWER_SUPPLY_ENERGY_NOW=250\nPOWER_SUPPLY_CAPACITY=50\n", 0,
		 {260, 520, 2, false, true}},
		{BAT "POWER_SUPPLY_STATUS=Charging\nPOWER_SUPPLY_CHARGE_FULL=500\n"
		 "POWER_SUPPLY_CHARGE_NOW=600\n", 0, {510, 520, 2, false, false}},
		{BAT "POWER_SUPPLY_CAPACITY=31\n", 0, {41, 120, 2, false, false}},
		{"POWER_SUPPLY_NAME=AC\nPOWER_SUPPLY_TYPE=Mains\nPOWER_SUPPLY_ONLINE=1\n", 0,
		 {10, 20, 1, true, false}},
		{"POWER_SUPPLY_TYPE=Mains\nPOWER_SUPPLY_ONLINE=0\n", 0, {10, 20, 1, false, false}},
		/* a mouse */
		{BAT "POWER_SUPPLY_SCOPE=Device\nPOWER_SUPPLY_STATUS=Discharging\n"
		 "POWER_SUPPLY_CAPACITY=5\n", 0, {10, 20, 1, false, false}},
		{BAT "POWER_SUPPLY_ENERGY_FULL=x\n", -EBADMSG, {10, 20, 1, false, false}},
		{BAT "POWER_SUPPLY_ENERGY_FULL=18446744073709551615\n", -EBADMSG,
		 {10, 20, 1, false, false}},
		{"", 0, {10, 20, 1, false, false}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct battery_raw b = {10, 20, 1, false, false};

		CHECK_EQ_ROW(i, power_supply_parse(&b, text_of(rows[i].text)), rows[i].ret);
		CHECK_EQ_ROW(i, b.now, rows[i].b.now);
		CHECK_EQ_ROW(i, b.full, rows[i].b.full);
		CHECK_EQ_ROW(i, b.batteries, rows[i].b.batteries);
		CHECK_EQ_ROW(i, b.mains, rows[i].b.mains);
		CHECK_EQ_ROW(i, b.discharging, rows[i].b.discharging);
	}
}

/* Over 2.5 s. */
static void test_rates(void)
{
	static const struct {
		struct devices_raw prev, cur;
		bool known;
		u64 sum, most;		/* of the first counter */
	} rows[] = {
		{{1, {{1, {100, 0, 0, 0}}}}, {1, {{1, {350, 0, 0, 0}}}}, true, 100, 100},
		/* in another order, and one that is new */
		{{2, {{1, {0}}, {2, {0}}}}, {3, {{3, {999999}}, {2, {1000}}, {1, {500}}}}, true, 600, 400},
		{{2, {{1, {0}}, {2, {0}}}}, {1, {{2, {250}}}}, true, 100, 100},	/* one was pulled out */
		{{1, {{1, {100}}}}, {1, {{1, {99}}}}, false, 0, 0},
		{{1, {{1, {0, 5}}}}, {1, {{1, {250, 4}}}}, false, 100, 100},
		{{0, {{0}}}, {0, {{0}}}, true, 0, 0},
	};
	static struct fake_world w;

	fake_world_open(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		w.snap[0].disks = w.snap[1].network = rows[i].prev;
		w.snap[1].disks = w.snap[0].network = rows[i].cur;
		fake_world_step(&w);
		CHECK_EQ_ROW(i, w.m.disks.known, rows[i].known);
		CHECK_EQ_ROW(i, w.m.disks.devices, rows[i].cur.n);
		CHECK_EQ_ROW(i, w.m.disks.per_s[0], rows[i].sum);
		CHECK_EQ_ROW(i, w.m.disks.most[0], rows[i].most);
		CHECK_EQ_ROW(i, w.m.network.devices, rows[i].prev.n);
	}
	/* not sampled the last time: no rate, whatever is in the array */
	w.snap[0].have &= ~SRC_BIT(SRC_DISKS);
	w.snap[0].disks = rows[0].prev;
	w.snap[1].disks = rows[0].cur;
	fake_world_step(&w);
	CHECK(!w.m.disks.known);
	fake_world_close(&w);
}

/* Loop devices and such are no disks, lo is no interface. */
static void test_this_machine(void)
{
	static char buf[65536];
	struct text_room room = {buf, sizeof(buf)};
	static struct snapshot snap = {.mono_ns = NSEC_PER_SEC};
	static struct devices d;
	int err;

	devices_init(&d);
	err = disks_sample(&d, room, &snap);
	CHECK(err == 0 || err == -ENOENT);
	err = network_sample(&d, room, &snap);
	CHECK(err == 0 || err == -ENOENT);
	CHECK_EQ(snap.network.n, d.net.n);
	err = battery_sample(&d, room, &snap);
	CHECK(err == 0 || err == -ENOENT);
	snap.mono_ns += NSEC_PER_SEC;
	CHECK_EQ(battery_sample(&d, room, &snap), err);
	CHECK(snap.battery.now <= snap.battery.full);
	devices_close(&d);
	CHECK(!d.disk.n && !d.net.n && !d.power.n && !d.zram.n);
}

TESTS(devices,
	{"zram_mm_stat_parse", test_zram},
	{"disk_stat_parse", test_disk_stat},
	{"power_supply_parse", test_power_supply},
	{"rates", test_rates},
	{"this machine", test_this_machine})
