/* proc/scan.c - one copy of each: inlined they were 5 KB of the program. */
#include "proc/scan.h"

void scan_blanks(struct scan *s)
{
	while (s->at < s->end && scan_is_blank(*s->at))
		s->at++;
}

bool scan_u64(struct scan *s, u64 *v)
{
	struct scan c = *s;
	u64 n = 0;

	scan_blanks(&c);
	if (c.at == c.end || *c.at < '0' || *c.at > '9')
		return false;
	for (; c.at < c.end && *c.at >= '0' && *c.at <= '9'; c.at++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (u64)(*c.at - '0'), &n))
			return false;
	*s = c;
	*v = n;
	return true;
}

bool scan_u32(struct scan *s, u32 *v)
{
	struct scan c = *s;
	u64 n;

	if (!scan_u64(&c, &n) || n > UINT32_MAX)
		return false;
	*s = c;
	*v = (u32)n;
	return true;
}

bool scan_s64(struct scan *s, s64 *v)
{
	struct scan c = *s;
	bool negative;
	u64 n;

	scan_blanks(&c);
	negative = c.at < c.end && *c.at == '-';
	c.at += negative;
	/* "- 5" is no number */
	if (c.at < c.end && scan_is_blank(*c.at))
		return false;
	if (!scan_u64(&c, &n) || n > (u64)INT64_MAX + negative)
		return false;
	*s = c;
	*v = negative ? (s64)(0 - n) : (s64)n;
	return true;
}

bool scan_byte(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != (unsigned char)c)
		return false;
	s->at++;
	return true;
}

bool scan_text(struct scan *s, const char *text, size_t n)
{
	if (scan_left(s) < n || memcmp(s->at, text, n) != 0)
		return false;
	s->at += n;
	return true;
}

bool scan_skip(struct scan *s, unsigned n)
{
	struct scan c = *s;

	while (n--) {
		const unsigned char *from;

		scan_blanks(&c);
		from = c.at;
		while (c.at < c.end && !scan_is_blank(*c.at) && *c.at != '\n')
			c.at++;
		if (c.at == from)
			return false;
	}
	*s = c;
	return true;
}

bool scan_field(struct scan *s, struct bytes *field)
{
	struct scan c = *s;

	scan_blanks(&c);
	*field = (struct bytes){c.at, 0};
	if (!scan_skip(&c, 1))
		return false;
	field->n = (size_t)(c.at - field->p);
	*s = c;
	return true;
}

bool scan_hex(struct scan *s, u32 *v)
{
	struct scan c = *s;
	u64 n = 0;

	for (; c.at < c.end && n <= UINT32_MAX; c.at++) {
		unsigned char low = *c.at | 0x20;

		if (*c.at >= '0' && *c.at <= '9')
			n = n << 4 | (u64)(*c.at - '0');
		else if (low >= 'a' && low <= 'f')
			n = n << 4 | (u64)(low - 'a' + 10);
		else
			break;
	}
	if (c.at == s->at || n > UINT32_MAX)
		return false;
	*s = c;
	*v = (u32)n;
	return true;
}

bool scan_line(struct scan *s, struct scan *line)
{
	const unsigned char *nl;

	if (s->at == s->end)
		return false;
	nl = memchr(s->at, '\n', scan_left(s));
	line->at = s->at;
	line->end = nl ? nl : s->end;
	s->at = nl ? nl + 1 : s->end;
	return true;
}

int scan_keys(struct scan text, const struct scan_key *keys, u32 n, void *out,
			    u32 *found)
{
	const u32 all = SCAN_ALL_KEYS(n);
	struct scan line;

	*found = 0;
	while (*found != all && scan_line(&text, &line)) {
		for (u32 i = 0; i < n; i++) {
			u64 v;

			if (*found & 1u << i || !scan_text(&line, keys[i].key, keys[i].len))
				continue;
			if (!scan_u64(&line, &v))
				return -EBADMSG;
			memcpy((char *)out + keys[i].offset, &v, sizeof(v));
			*found |= 1u << i;
			break;
		}
	}
	return 0;
}
