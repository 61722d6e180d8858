/* ui/value.c - numbers and durations as people write them. */
#include "ui/value.h"

static const struct unit {
	char name[4];
	u64 ns;
} units[] = {
	{"", NSEC_PER_MSEC}, {"ms", NSEC_PER_MSEC}, {"s", NSEC_PER_SEC},
	{"m", 60ull * NSEC_PER_SEC}, {"h", 3600ull * NSEC_PER_SEC},
};

bool parse_number(const char *s, u64 max, u64 *v)
{
	u64 n = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		if (__builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (u64)(*s - '0'), &n))
			return false;
	}
	*v = n;
	return n <= max;
}

struct decimal {
	u64 whole, part, scale;
};

/* What is behind it; NULL when there is none. */
static const char *parse_decimal(const char *s, struct decimal *d)
{
	const char *begin = s;

	*d = (struct decimal){.scale = 1};
	for (; *s >= '0' && *s <= '9'; s++)
		d->whole = MIN(d->whole * 10 + (u64)(*s - '0'), (u64)UINT32_MAX);
	if (s == begin || *s != '.')
		return s == begin ? NULL : s;
	begin = ++s;
	for (; *s >= '0' && *s <= '9'; s++) {
		if (d->scale >= NSEC_PER_SEC)
			continue;	/* finer than any use */
		d->part = d->part * 10 + (u64)(*s - '0');
		d->scale *= 10;
	}
	return s == begin ? NULL : s;
}

static u64 decimal_times(const struct decimal *d, u64 unit)
{
	return d->whole * unit + mul_div(d->part, unit, d->scale);
}

bool parse_duration(const char *s, u64 *ns)
{
	struct decimal d;

	s = parse_decimal(s, &d);
	for (u32 i = 0; s && i < ARRAY_LEN(units); i++) {
		if (strcmp(s, units[i].name) != 0)
			continue;
		*ns = decimal_times(&d, units[i].ns);
		return true;
	}
	return false;
}

bool parse_percent(const char *s, u32 *ppm)
{
	struct decimal d;
	u64 v;

	s = parse_decimal(s, &d);
	if (!s || (*s && strcmp(s, "%") != 0))
		return false;
	v = decimal_times(&d, 10000);
	*ppm = (u32)v;
	return v >= 10 && v <= 1000000;
}

size_t duration_write(char out[static DURATION_TEXT], u64 ns)
{
	u32 unit = ARRAY_LEN(units) - 1;
	size_t n, len;

	while (unit > 1 && ns % units[unit].ns)
		unit--;
	n = put_u64(out, ns / units[unit].ns);
	len = strlen(units[unit].name);
	memcpy(out + n, units[unit].name, len);
	return n + len;
}
