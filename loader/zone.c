/* loader/zone.c - local time.  The C library's takes 6 KB, with locks, names and
 * leap seconds that nobody asks for here. */
#include "loader/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

enum {
	HEADER = 44,
	DAY = 86400,
	HOURS_MOST = 167,	/* of an hour in a rule, RFC 8536 */
};

/* ---- the calendar ------------------------------------------------------------ */

/* Days since 1970-01-01 of the first day of a year that begins in March, when
 * leap days are last; years are of the Gregorian calendar, whatever the time. */
static s64 march_first(s64 year)
{
	s64 era = year / 400 - (year % 400 < 0), y = year - era * 400;

	return era * 146097 + y * 365 + y / 4 - y / 100 - 719468;
}

static bool is_leap(s64 year)
{
	return year % 4 == 0 && (year % 100 || year % 400 == 0);
}

static s64 january_first(s64 year)
{
	return march_first(year - 1) + 306;
}

/* Days from the first of March to that of a month of the same year, March is 0. */
static int month_start(int month)
{
	return (153 * month + 2) / 5;
}

static void tm_of(s64 t, struct tm *tm)
{
	s64 days = t / DAY - (t % DAY < 0), year = days * 400 / 146097 + 1970;
	int second = (int)(t - days * DAY), day, month = 0;

	while (march_first(year) > days)
		year--;
	day = (int)(days - march_first(year));
	while (month < 11 && month_start(month + 1) <= day)
		month++;
	year += month > 9;
	tm->tm_mday = day - month_start(month) + 1;
	tm->tm_mon = (month + 2) % 12;
	tm->tm_year = (int)(year - 1900);
	tm->tm_yday = (int)(days - january_first(year));
	tm->tm_wday = (int)((days % 7 + 11) % 7);
	tm->tm_hour = second / 3600;
	tm->tm_min = second / 60 % 60;
	tm->tm_sec = second % 60;
}

/* ---- rules ------------------------------------------------------------------- */

static bool number(const char **s, int most, int *v)
{
	const char *at = *s;

	for (*v = 0; *at >= '0' && *at <= '9'; at++) {
		*v = *v * 10 + *at - '0';
		if (*v > most)
			return false;
	}
	if (at == *s)
		return false;
	*s = at;
	return true;
}

static bool take(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

/* "-3:30:00" */
static bool hours(const char **s, int *seconds)
{
	bool minus = take(s, '-');
	int v;

	if (!minus)
		(void)!take(s, '+');
	if (!number(s, HOURS_MOST, seconds))
		return false;
	*seconds *= 3600;
	for (int unit = 60; unit && take(s, ':'); unit /= 60) {
		if (!number(s, 59, &v))
			return false;
		*seconds += v * unit;
	}
	if (minus)
		*seconds = -*seconds;
	return true;
}

/* "CET", "<+03>" */
static bool zone_name(const char **s)
{
	const char *at = *s;

	if (take(&at, '<')) {
		while (*at && *at != '>')
			at++;
		if (!take(&at, '>'))
			return false;
	} else {
		while ((*at | 32) >= 'a' && (*at | 32) <= 'z')
			at++;
		if (at - *s < 3)
			return false;
	}
	*s = at;
	return true;
}

/* "Mm.w.d", "Jn" or "n", and "/time": the second of the year, on local clocks. */
static bool change(const char **s, s64 year, s64 *second)
{
	int month, week, day, time = 2 * 3600;
	s64 first = january_first(year);

	if (take(s, 'M')) {
		s64 next;

		if (!number(s, 12, &month) || !month || !take(s, '.') || !number(s, 5, &week) || !week ||
		    !take(s, '.') || !number(s, 6, &day))
			return false;
		month = (month + 9) % 12;
		next = march_first(year - (month > 9));
		first = next + month_start(month);
		/* That of the eleventh is wherever the next year begins. */
		next = month == 11 ? march_first(year) : next + month_start(month + 1);
		first += ((day - first - 4) % 7 + 7) % 7;
		for (first += (s64)(week - 1) * 7; first >= next;)
			first -= 7;
	} else if (take(s, 'J')) {
		if (!number(s, 365, &day) || !day)
			return false;
		first += day - 1 + (day > 59 && is_leap(year));
	} else {
		if (!number(s, 365, &day))
			return false;
		first += day;
	}
	if (take(s, '/') && !hours(s, &time))
		return false;
	*second = first * DAY + time;
	return true;
}

bool zone_of_rule(const char *rule, s64 at, s32 *east)
{
	int west, summer_west;
	s64 start, end;
	struct tm tm;

	if (!zone_name(&rule) || !hours(&rule, &west))
		return false;
	*east = -west;
	if (!zone_name(&rule))
		return true;
	summer_west = west - 3600;
	if (*rule && *rule != ',' && !hours(&rule, &summer_west))
		return false;
	if (!*rule)
		rule = ",M3.2.0,M11.1.0";	/* what all do when none is given */
	tm_of(at - west, &tm);
	if (!take(&rule, ',') || !change(&rule, tm.tm_year + 1900, &start) ||
	    !take(&rule, ',') || !change(&rule, tm.tm_year + 1900, &end))
		return false;
	start += west;
	end += summer_west;
	if (start < end ? at >= start && at < end : at >= start || at < end)
		*east = -summer_west;
	return true;
}

/* ---- files ------------------------------------------------------------------- */

static s64 big_endian(const unsigned char *p, u32 n)
{
	u64 v = *p & 0x80 ? UINT64_MAX : 0;

	while (n--)
		v = v << 8 | *p++;
	return (s64)v;
}

struct header {
	u32 isut, isstd, leaps, times, types, chars;
	u64 size;		/* of what follows */
};

static bool header_of(struct bytes file, u64 at, u32 word, struct header *h)
{
	const unsigned char *p = bytes_at(file, at, HEADER);
	u32 count[6];

	if (!p || memcmp(p, "TZif", 4) != 0)
		return false;
	for (u32 i = 0; i < ARRAY_LEN(count); i++) {
		count[i] = (u32)big_endian(p + 20 + i * 4, 4);
		if (count[i] > file.n)
			return false;
	}
	*h = (struct header){count[0], count[1], count[2], count[3], count[4], count[5], 0};
	h->size = (u64)h->times * (word + 1) + (u64)h->types * 6 + h->chars + (u64)h->leaps * (word + 4) +
		  h->isstd + h->isut;
	return h->types && bytes_at(file, at + HEADER, h->size);
}

bool zone_of_file(struct bytes file, s64 at, s32 *east)
{
	const unsigned char *p, *type, *footer, *end;
	u32 word = 4, low = 0, high;
	struct header h;
	u64 from = 0;

	if (!header_of(file, 0, word, &h))
		return false;
	if (file.p[4]) {
		from = HEADER + h.size;
		word = 8;
		if (!header_of(file, from, word, &h))
			return false;
	}
	p = file.p + from + HEADER;
	for (high = h.times; low < high;) {
		u32 mid = (low + high) / 2;

		if (big_endian(p + (size_t)mid * word, word) <= at)
			low = mid + 1;
		else
			high = mid;
	}
	footer = p + h.size;
	end = file.p + file.n;
	if (low == h.times && word == 8 && end - footer > 2 && *footer == '\n' && end[-1] == '\n') {
		char rule[96];
		size_t n = (size_t)(end - footer) - 2;

		if (n < sizeof(rule)) {
			memcpy(rule, footer + 1, n);
			rule[n] = 0;
			if (zone_of_rule(rule, at, east))
				return true;
		}
	}
	type = p + (size_t)h.times * word;
	low = low ? type[low - 1] : 0;
	if (low >= h.types)
		return false;
	*east = (s32)big_endian(type + h.times + (size_t)low * 6, 4);
	return *east > -100 * 3600 && *east < 100 * 3600;
}

/* ---- this machine's ---------------------------------------------------------- */

static struct {
	bool known;
	char tz[128];			/* TZ as it was when the file was read */
	unsigned char file[16 << 10];	/* the largest that there is has 5 KiB */
	size_t n;			/* 0: no file, or none that fits */
} zone;

static bool file_take(const char *folder, const char *name)
{
	char path[192];
	int fd;
	ssize_t n = -1;

	snprintf(path, sizeof(path), "%s%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		n = read(fd, zone.file, sizeof(zone.file));
		close(fd);
	}
	zone.n = n > 0 && (size_t)n < sizeof(zone.file) ? (size_t)n : 0;
	return zone.n;
}

static void zone_take(const char *tz)
{
	static const char *const folder[] = {"/usr/share/zoneinfo/", "/share/zoneinfo/", "/etc/zoneinfo/"};
	s32 east;

	zone.known = true;
	zone.n = 0;
	snprintf(zone.tz, sizeof(zone.tz), "%s", tz);
	if (*tz == ':')
		tz++;
	if (!*tz || strlen(tz) >= sizeof(zone.tz) - 1 || zone_of_rule(tz, 0, &east))
		return;
	if (*tz == '/') {
		/* With more rights than who started it, only what is the machine's own. */
		if (!getauxval(AT_SECURE) || !strcmp(tz, "/etc/localtime"))
			(void)!file_take("", tz);
		return;
	}
	if (*tz == '.' || strstr(tz, "/."))
		return;
	for (u32 i = 0; i < ARRAY_LEN(folder) && !file_take(folder[i], tz); i++)
		;
}

struct tm *localtime_r(const time_t *restrict t, struct tm *restrict tm)
{
	const char *tz = getenv("TZ");
	s32 east = 0;

	/* A year is an int. */
	if (*t > (s64)1 << 55 || *t < -((s64)1 << 55))
		return NULL;
	if (!tz)
		tz = "/etc/localtime";
	if (!zone.known || strncmp(tz, zone.tz, sizeof(zone.tz) - 1) != 0)
		zone_take(tz);
	if (zone.n ? !zone_of_file((struct bytes){zone.file, zone.n}, *t, &east)
		   : !zone_of_rule(tz + (*tz == ':'), *t, &east))
		east = 0;
	*tm = (struct tm){.tm_gmtoff = east};
	tm_of(*t + east, tm);
	return tm;
}
