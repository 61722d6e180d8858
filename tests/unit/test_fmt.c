/* tests/unit/test_fmt.c - fields as htop shows them. */
#include "tests/unit/test.h"

#include "ui/fmt.h"

#define KIB	1024ull
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)
#define SEC	((u64)NSEC_PER_SEC)
#define DAY	(86400 * SEC)

struct row {
	u64 v;
	const char *want;
};

/* The field and nothing behind it. */
#define CHECK_FIELDS(rows, width, call) \
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) { \
		char f[40]; \
		u64 v = rows[i].v; \
		memset(f, '~', sizeof(f)); \
		call; \
		CHECK_ROW(i, f[width] == '~'); \
		f[width] = '\0'; \
		CHECK_STR_ROW(i, f, rows[i].want); \
	}

static void test_bytes(void)
{
	static const struct row rows[] = {
		{0, "    0"}, {1023, "    0"}, {1124 * KIB, " 1124"}, {99999 * KIB, "99999"},
		{100000 * KIB, "97.6M"}, {102399 * KIB, "99.9M"}, {100 * MIB, " 100M"},
		{265 * MIB, " 265M"}, {1000 * MIB, "1000M"}, {9999 * MIB, "9999M"},
		{10000 * MIB, "9.76G"}, {31 * GIB, "31.0G"}, {9999 * GIB, "9999G"},
		{10000 * GIB, "9.76T"}, {UINT64_MAX, "15.9E"},
	};

	CHECK_FIELDS(rows, FMT_BYTES_WIDTH, fmt_bytes(f, v))
}

static void test_percent(void)
{
	static const struct row rows[] = {
		{0, "  0.0"}, {499, "  0.0"}, {500, "  0.1"}, {384000, " 38.4"}, {999499, " 99.9"},
		{999500, "100.0"}, {1457000, "145.7"}, {9999499, "999.9"}, {9999500, " 1000"},
		{12800000, " 1280"}, {UINT64_MAX, "#####"},
	};

	CHECK_FIELDS(rows, FMT_PERCENT_WIDTH, fmt_percent(f, v))
}

static void test_time(void)
{
	static const struct row rows[] = {
		{0, "  0:00.00"}, {9999999, "  0:00.00"}, {1234567890, "  0:01.23"},
		{754 * SEC + SEC / 100 * 56, " 12:34.56"}, {3599 * SEC + SEC - 1, " 59:59.99"},
		{3723 * SEC, "  1h02:03"}, {86399 * SEC, " 23h59:59"}, {93784 * SEC, " 1d02h03m"},
		{10 * DAY - 1, " 9d23h59m"}, {12 * DAY + 7200 * SEC, "   12d02h"},
		{365 * DAY - 1, "  364d23h"}, {365 * DAY, "   1y000d"}, {400 * DAY, "   1y035d"},
		{UINT64_MAX, " 584y343d"},
	};

	CHECK_FIELDS(rows, FMT_TIME_WIDTH, fmt_time(f, v))
}

static void test_rate(void)
{
	static const struct row rows[] = {
		{0, "   0.00 B/s"}, {1023, "1023.00 B/s"}, {1024, "   1.00 K/s"},
		{MIB - 1, "1023.99 K/s"}, {3 * GIB / 2, "   1.50 G/s"}, {UINT64_MAX, "  15.99 E/s"},
	};

	CHECK_FIELDS(rows, FMT_RATE_WIDTH, fmt_rate(f, v))
}

static void test_integers(void)
{
	static const struct row rows[] = {
		{0, "    0"}, {12345, "12345"}, {123456, "#####"}, {(u64)-20, "  -20"},
		{(u64)-9999, "-9999"}, {(u64)-10000, "#####"},
	};
	char small[4] = "abc";

	CHECK_FIELDS(rows, 5, fmt_s64(f, 5, (s64)v))
	fmt_u64(small, 3, 7);
	CHECK_STR(small, "  7");
	fmt_u64(small, 3, 1000);
	CHECK_STR(small, "###");
}

static void test_size(void)
{
	static const struct row rows[] = {
		{0, "0K"}, {1023, "1K"}, {KIB, "1K"}, {123 * MIB, "123M"}, {1023 * KIB, "1023K"},
		{7 * GIB + 931 * MIB, "7.91G"}, {10 * GIB - MIB, "10.0G"}, {99 * GIB + 1000 * MIB, "100G"},
		{47 * GIB / 2, "23.5G"}, {8 * GIB, "8.00G"}, {MIB - 1, "1024K"}, {UINT64_MAX, "16.0E"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char f[9] = "";

		CHECK_EQ_ROW(i, fmt_size(f, rows[i].v), strlen(rows[i].want));
		CHECK_STR_ROW(i, f, rows[i].want);
	}
}

static void test_uptime(void)
{
	static const struct row rows[] = {
		{0, "00:00:00"}, {11647 * SEC, "03:14:07"}, {DAY, "1 day, 00:00:00"},
		{12 * DAY + 11647 * SEC, "12 days, 03:14:07"}, {UINT64_MAX, "213503 days, 23:34:33"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char f[33] = "";

		CHECK_EQ_ROW(i, fmt_uptime(f, rows[i].v), strlen(rows[i].want));
		CHECK_STR_ROW(i, f, rows[i].want);
	}
}

TESTS(fmt, {"bytes", test_bytes}, {"percent", test_percent}, {"time", test_time},
      {"rate", test_rate}, {"integers", test_integers}, {"size", test_size},
      {"uptime", test_uptime})
