/* proc/scan.h - a cursor over text that somebody else wrote.
 *
 * Every function looks at the end before it looks at a byte, and leaves the
 * cursor where it was when it fails.  Blanks are space and tab; a newline ends
 * a field but is only stepped over by scan_line(). */
#ifndef PROC_SCAN_H
#define PROC_SCAN_H

#include "loader/base.h"

#include <errno.h>

struct scan {
	const unsigned char *at, *end;
};

static inline struct scan scan_of(struct bytes text)
{
	return (struct scan){text.p, text.p + text.n};
}

static inline size_t scan_left(const struct scan *s)
{
	return (size_t)(s->end - s->at);
}

static inline bool scan_is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static inline void scan_blanks(struct scan *s)
{
	while (s->at < s->end && scan_is_blank(*s->at))
		s->at++;
}

/* Decimal digits after any blanks; false for none, or for more than fit. */
static inline bool scan_u64(struct scan *s, u64 *v)
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

static inline bool scan_u32(struct scan *s, u32 *v)
{
	struct scan c = *s;
	u64 n;

	if (!scan_u64(&c, &n) || n > UINT32_MAX)
		return false;
	*s = c;
	*v = (u32)n;
	return true;
}

static inline bool scan_s64(struct scan *s, s64 *v)
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

/* Steps over one byte if it is c. */
static inline bool scan_byte(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != (unsigned char)c)
		return false;
	s->at++;
	return true;
}

/* Steps over a literal text. */
static inline bool scan_text(struct scan *s, const char *text, size_t n)
{
	if (scan_left(s) < n || memcmp(s->at, text, n) != 0)
		return false;
	s->at += n;
	return true;
}

#define SCAN_LIT(s, lit)	scan_text((s), "" lit, sizeof(lit) - 1)

/* Steps over n fields, blanks before each. */
static inline bool scan_skip(struct scan *s, unsigned n)
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

/* The next field, blanks before it. */
static inline bool scan_field(struct scan *s, struct bytes *field)
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

/* Hexadecimal digits right here; false for none, or for more than fit. */
static inline bool scan_hex(struct scan *s, u32 *v)
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

/* The next line without its newline, which the last one may lack; false at
 * the end of the text. */
static inline bool scan_line(struct scan *s, struct scan *line)
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

/* A file of lines "key number": one row says where the number, a u64, goes.
 * The key holds the byte that ends it, so that it is no one's prefix. */
struct scan_key {
	const char *key;
	u32 len;
	u32 offset;
};

#define SCAN_KEY(key, type, field)	{key, sizeof(key) - 1, offsetof(type, field)}
#define SCAN_ALL_KEYS(n)		((1u << (n)) - 1)	/* n < 32 */

/* Stores the numbers of the lines that some row names and says in *found which
 * rows were met (bit i: keys[i]); stops when it has them all. */
static inline int scan_keys(struct scan text, const struct scan_key *keys, u32 n, void *out,
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

#endif
