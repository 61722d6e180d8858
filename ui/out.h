/* ui/out.h - the bytes of one frame or one record: room brought by the caller,
 * no allocation, no stdio. */
#ifndef UI_OUT_H
#define UI_OUT_H

#include "loader/base.h"

struct out {
	char *buf;
	size_t cap, len;
	bool full;		/* something did not fit and was left out */
};

void out_bytes(struct out *o, const char *s, size_t n);
void out_char(struct out *o, char c);
void out_str(struct out *o, const char *s);
void out_u64(struct out *o, u64 v);
void out_s64(struct out *o, s64 v);
/* v / 10^digits with that many digits behind the point: 1234, 2 -> 12.34 */
void out_fixed(struct out *o, u64 v, unsigned digits);
void out_pad(struct out *o, char c, size_t n);
/* Without the blanks before it. */
void out_trimmed(struct out *o, const char *s, size_t n);
void out_goto(struct out *o, u32 row, u32 col);	/* counted from 0 */

#define out_lit(o, s)	out_bytes((o), "" s, sizeof(s) - 1)

#endif
