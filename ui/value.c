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

/* 500, 500ms, 1.5s, 2m, 1h; saturates.  False when it is no duration. */
bool parse_duration(const char *s, u64 *ns)
{
	u64 whole = 0, part = 0, scale = 1;
	const char *begin = s;

	for (; *s >= '0' && *s <= '9'; s++)
		whole = MIN(whole * 10 + (u64)(*s - '0'), (u64)UINT32_MAX);
	if (s == begin)
		return false;
	if (*s == '.') {
		begin = ++s;
		for (; *s >= '0' && *s <= '9'; s++) {
			if (scale >= NSEC_PER_SEC)
				continue;	/* finer than any use */
			part = part * 10 + (u64)(*s - '0');
			scale *= 10;
		}
		if (s == begin)
			return false;
	}
	for (u32 i = 0; i < ARRAY_LEN(units); i++) {
		if (strcmp(s, units[i].name) != 0)
			continue;
		*ns = whole * units[i].ns + mul_div(part, units[i].ns, scale);
		return true;
	}
	return false;
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
