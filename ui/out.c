/* ui/out.c - bytes, one after the other; what does not fit is left out whole,
 * so that no escape sequence is ever cut. */
#include "ui/out.h"

void out_bytes(struct out *o, const char *s, size_t n)
{
	if (!n)
		return;
	if (n > o->cap - o->len) {
		o->full = true;
		return;
	}
	memcpy(o->buf + o->len, s, n);
	o->len += n;
}

void out_char(struct out *o, char c)
{
	out_bytes(o, &c, 1);
}

void out_str(struct out *o, const char *s)
{
	out_bytes(o, s, strlen(s));
}

void out_u64(struct out *o, u64 v)
{
	char tmp[20];

	out_bytes(o, tmp, put_u64(tmp, v));
}

void out_s64(struct out *o, s64 v)
{
	char tmp[21] = "-";
	u64 size = v < 0 ? -(u64)v : (u64)v;

	if (v < 0)
		out_bytes(o, tmp, 1 + put_u64(tmp + 1, size));
	else
		out_bytes(o, tmp, put_u64(tmp, size));
}

void out_fixed(struct out *o, u64 v, unsigned digits)
{
	char tmp[20], text[2 + 2 * sizeof(tmp)];
	size_t n = put_u64(tmp, v), whole, at = 0;

	digits = MIN(digits, (unsigned)sizeof(tmp));
	whole = n > digits ? n - digits : 0;
	if (!whole)
		text[at++] = '0';
	memcpy(text + at, tmp, whole);
	at += whole;
	if (digits) {
		text[at++] = '.';
		memset(text + at, '0', digits);
		memcpy(text + at + digits - (n - whole), tmp + whole, n - whole);
		at += digits;
	}
	out_bytes(o, text, at);
}

void out_pad(struct out *o, char c, size_t n)
{
	if (!n)
		return;
	if (n > o->cap - o->len) {
		o->full = true;
		return;
	}
	memset(o->buf + o->len, c, n);
	o->len += n;
}

/* CUP, ECMA-48 8.3.21: both numbers count from 1, and 1 may be left out. */
void out_trimmed(struct out *o, const char *s, size_t n)
{
	while (n && *s == ' ') {
		s++;
		n--;
	}
	out_bytes(o, s, n);
}

void out_goto(struct out *o, u32 row, u32 col)
{
	char seq[2 + 20 + 1 + 20 + 1] = "\033[";
	size_t n = 2;

	if (row || col)
		n += put_u64(seq + n, (u64)row + 1);
	if (col) {
		seq[n++] = ';';
		n += put_u64(seq + n, (u64)col + 1);
	}
	seq[n++] = 'H';
	out_bytes(o, seq, n);
}
