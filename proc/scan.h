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

void scan_blanks(struct scan *s);

/* Decimal digits after any blanks; false for none, or for more than fit. */
bool scan_u64(struct scan *s, u64 *v);

bool scan_u32(struct scan *s, u32 *v);

bool scan_s64(struct scan *s, s64 *v);

/* Steps over one byte if it is c. */
bool scan_byte(struct scan *s, char c);

/* Steps over a literal text. */
bool scan_text(struct scan *s, const char *text, size_t n);

#define SCAN_LIT(s, lit)	scan_text((s), "" lit, sizeof(lit) - 1)

/* Steps over n fields, blanks before each. */
bool scan_skip(struct scan *s, unsigned n);

/* The next field, blanks before it. */
bool scan_field(struct scan *s, struct bytes *field);

/* Hexadecimal digits right here; false for none, or for more than fit. */
bool scan_hex(struct scan *s, u32 *v);

/* The next line without its newline, which the last one may lack; false at
 * the end of the text. */
bool scan_line(struct scan *s, struct scan *line);

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
int scan_keys(struct scan text, const struct scan_key *keys, u32 n, void *out,
			    u32 *found);

#endif
