/* loader/zone.c: local time by rules and by files, and what is neither. */
#include "loader/zone.h"
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct rule_row {
	const char *rule;
	s64 at;
	s32 east;
	bool ok;
} rules[] = {
	{"UTC0", 0, 0, true},
	{"TST-6", 0, 6 * 3600, true},
	{"<+03>-3:30:15", 0, 12615, true},
	/* 2024: summer time from March 31 to October 27, 01:00 UTC. */
	{"CET-1CEST,M3.5.0,M10.5.0/3", 1711846799, 3600, true},
	{"CET-1CEST,M3.5.0,M10.5.0/3", 1711846800, 7200, true},
	{"CET-1CEST,M3.5.0,M10.5.0/3", 1729990799, 7200, true},
	{"CET-1CEST,M3.5.0,M10.5.0/3", 1729990800, 3600, true},
	/* Over the new year. */
	{"AEST-10AEDT,M10.1.0,M4.1.0/3", 1704067200, 11 * 3600, true},
	{"AEST-10AEDT,M10.1.0,M4.1.0/3", 1720000000, 10 * 3600, true},
	{"EST5EDT", 1720000000, -4 * 3600, true},
	/* The 60th day but never February 29, and the 59th from 0, which may be. */
	{"AAA0BBB,J60/0,J61/0", 1709251200, 3600, true},
	{"AAA0BBB,J60/0,J61/0", 1709251199, 0, true},
	{"AAA0BBB,59/0,60/0", 1709164800, 3600, true},
	{"AAA0BBB,59/0,60/0", 1709164799, 0, true},
	{"", 0, 0, false},
	{"UTC", 0, 0, false},
	{"CE-1", 0, 0, false},
	{"<CET-1", 0, 0, false},
	{"CET-999", 0, 0, false},
	{"CET-99999999999", 0, 0, false},
	{"CET-1CEST,M13.1.0,M10.5.0", 0, 0, false},
	{"CET-1CEST,M3.6.0,M10.5.0", 0, 0, false},
	{"CET-1CEST,M3.5.0", 0, 0, false},
	{"CET-1CEST,J0,J1", 0, 0, false},
};

static void by_rule(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		s32 east = 0;

		CHECK_EQ_ROW(i, zone_of_rule(rules[i].rule, rules[i].at, &east), rules[i].ok);
		if (rules[i].ok)
			CHECK_EQ_ROW(i, (s64)east, (s64)rules[i].east);
	}
}

/* Two types and one change at second 1000, in the first form and in the second. */
#define ZERO15	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define COUNTS	"\0\0\0\0" "\0\0\0\0" "\0\0\0\0" "\0\0\0\1" "\0\0\0\2" "\0\0\0\4"
#define TYPES	"\1" "\0\0\0\x3c\0\0" "\xff\xff\xff\xc4\1\0" "ABC\0"
static const char first_form[] = "TZif\0" ZERO15 COUNTS "\0\0\3\xe8" TYPES;
static const char second_form[] = "TZif2" ZERO15 COUNTS "\0\0\0\0" TYPES
	"TZif2" ZERO15 COUNTS "\0\0\0\0\0\0\3\xe8" TYPES "\nABC-2\n";

static void by_file(void)
{
	const struct bytes one = {(const unsigned char *)first_form, sizeof(first_form) - 1};
	const struct bytes two = {(const unsigned char *)second_form, sizeof(second_form) - 1};
	s32 east = 0;

	CHECK(zone_of_file(one, 999, &east) && east == 60);
	CHECK(zone_of_file(one, 1000, &east) && east == -60);
	CHECK(zone_of_file(two, 999, &east) && east == 60);
	CHECK(zone_of_file(two, 1000, &east) && east == 7200);
}

/* No cut and no changed byte makes it read outside or say what is no offset. */
static void broken_files(void)
{
	const size_t n = sizeof(second_form) - 1;
	s32 east;

	for (size_t i = 0; i < n; i++) {
		unsigned char *cut = malloc(i + 1), *changed = malloc(n);

		CHECK(cut && changed);
		if (cut && changed) {
			memcpy(cut, second_form, i);
			CHECK_ROW(i, i >= n - 7 || !zone_of_file((struct bytes){cut, i}, 1000, &east));
			for (int v = 0; v < 256; v += 17) {
				memcpy(changed, second_form, n);
				changed[i] = (unsigned char)v;
				if (zone_of_file((struct bytes){changed, n}, 1000, &east))
					CHECK_ROW(i, east > -168 * 3600 && east < 168 * 3600);
			}
		}
		free(cut);
		free(changed);
	}
}

static void calendar(void)
{
	static const struct {
		time_t t;
		int year, month, day, yearday, weekday, second;
	} rows[] = {
		{0, 1970, 1, 1, 0, 4, 0}, {-1, 1969, 12, 31, 364, 3, 59}, {951782400, 2000, 2, 29, 59, 2, 0},
		{951868800, 2000, 3, 1, 60, 3, 0}, {4107542400, 2100, 3, 1, 59, 1, 0},
		{1735689599, 2024, 12, 31, 365, 2, 59}, {-62135596800, 1, 1, 1, 0, 1, 0},
	};
	const time_t never = INT64_MAX;
	const char *was = getenv("TZ");
	char keep[128];
	struct tm tm;

	if (was)
		snprintf(keep, sizeof(keep), "%s", was);
	setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_ROW(i, localtime_r(&rows[i].t, &tm));
		CHECK_EQ_ROW(i, tm.tm_year + 1900, rows[i].year);
		CHECK_EQ_ROW(i, tm.tm_mon + 1, rows[i].month);
		CHECK_EQ_ROW(i, tm.tm_mday, rows[i].day);
		CHECK_EQ_ROW(i, tm.tm_yday, rows[i].yearday);
		CHECK_EQ_ROW(i, tm.tm_wday, rows[i].weekday);
		CHECK_EQ_ROW(i, tm.tm_sec, rows[i].second);
	}
	CHECK(!localtime_r(&never, &tm));
	if (was)
		setenv("TZ", keep, 1);
	else
		unsetenv("TZ");
}

TESTS(zone, {"by_rule", by_rule}, {"by_file", by_file}, {"broken_files", broken_files}, {"calendar", calendar})
