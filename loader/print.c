/* loader/print.c - snprintf and vsnprintf of our own: the C library's bring
 * floating point and all of stdio's output, ten times this file.
 *
 * Of C's conversions there are d i u x o c s and %, with - 0 # flags, width,
 * precision, "*" for both, and h hh l ll z j t.  Any other is a mistake in the
 * program, and ends it. */
#include "loader/base.h"

#include <stdarg.h>
#include <stdio.h>

_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(size_t), "LP64");

/* Text that ends with NUL when there is any room at all. */
struct print {
	char *buf;
	size_t cap, n;		/* n: as long as all of it is */
	va_list args;
};

struct spec {
	bool left, zero, hash;
	bool cut;		/* a precision is given */
	char length;		/* 0, 'h', 'H' (hh), 'l' (as all of 64 bits) */
	size_t width, precision;
};

static void put(struct print *p, char c)
{
	if (p->n + 1 < p->cap)
		p->buf[p->n] = c;
	p->n++;
}

static void put_blanks(struct print *p, size_t n)
{
	while (n--)
		put(p, ' ');
}

static void put_text(struct print *p, const struct spec *s, const char *text, size_t n)
{
	size_t blanks = s->width > n ? s->width - n : 0;

	if (!s->left)
		put_blanks(p, blanks);
	for (size_t i = 0; i < n; i++)
		put(p, text[i]);
	if (s->left)
		put_blanks(p, blanks);
}

static void put_number(struct print *p, const struct spec *s, u64 v, bool negative, u32 base)
{
	char room[64], *end = room + sizeof(room), *at = end;
	const bool prefix = s->hash && base == 16 && v;
	const size_t before = negative + 2u * prefix;
	size_t least = 1;

	if (s->cut)
		least = s->precision;
	else if (s->zero && !s->left && s->width > before)
		least = s->width - before;
	least = MIN(least, sizeof(room) - 3);	/* more than any number has */
	for (; v || (size_t)(end - at) < least; v /= base)
		*--at = "0123456789abcdef"[v % base];
	if (prefix) {
		*--at = 'x';
		*--at = '0';
	}
	if (negative)
		*--at = '-';
	put_text(p, s, at, (size_t)(end - at));
}

static s64 take_signed(struct print *p, char length)
{
	s64 v = length == 'l' ? va_arg(p->args, long) : va_arg(p->args, int);

	return length == 'h' ? (short)v : length == 'H' ? (signed char)v : v;
}

static u64 take_unsigned(struct print *p, char length)
{
	u64 v = length == 'l' ? va_arg(p->args, unsigned long) : va_arg(p->args, unsigned int);

	return length == 'h' ? (unsigned short)v : length == 'H' ? (unsigned char)v : v;
}

/* A width or a precision; of one in the arguments *negative says its sign. */
static const char *take_size(struct print *p, const char *f, size_t *size, bool *negative)
{
	*size = 0;
	if (*f == '*') {
		int n = va_arg(p->args, int);

		*negative = n < 0;
		*size = *negative ? 0 - (size_t)n : (size_t)n;
		return f + 1;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		*size = *size * 10 + (size_t)(*f - '0');
	return f;
}

/* What stands between "%" and the letter of the conversion; returns the letter. */
static const char *take_spec(struct print *p, const char *f, struct spec *s)
{
	bool negative = false;

	*s = (struct spec){0};
	for (;; f++) {
		if (*f == '-')
			s->left = true;
		else if (*f == '0')
			s->zero = true;
		else if (*f == '#')
			s->hash = true;
		else
			break;
	}
	f = take_size(p, f, &s->width, &negative);
	s->left |= negative;
	if (*f == '.') {
		negative = false;
		f = take_size(p, f + 1, &s->precision, &negative);
		s->cut = !negative;
	}
	for (; *f && strchr("hlzjt", *f); f++)
		s->length = *f != 'h' ? 'l' : s->length ? 'H' : 'h';
	return f;
}

static void convert(struct print *p, const struct spec *s, char letter)
{
	const char *text;
	char c;
	s64 v;

	switch (letter) {
	case 'd':
	case 'i':
		v = take_signed(p, s->length);
		put_number(p, s, v < 0 ? 0 - (u64)v : (u64)v, v < 0, 10);
		break;
	case 'u':
	case 'x':
	case 'o':
		put_number(p, s, take_unsigned(p, s->length), false, letter == 'x' ? 16 : letter == 'o' ? 8 : 10);
		break;
	case 'c':
		c = (char)va_arg(p->args, int);
		put_text(p, s, &c, 1);
		break;
	case 's':
		text = va_arg(p->args, const char *);
		put_text(p, s, text, !s->cut ? strlen(text) : s->precision ? strnlen(text, s->precision) : 0);
		break;
	case '%':
		put(p, '%');
		break;
	default:
		__builtin_trap();
	}
}

int vsnprintf(char *restrict buf, size_t cap, const char *restrict format, va_list args)
{
	struct print p = {.buf = buf, .cap = cap};
	struct spec s;

	va_copy(p.args, args);
	for (const char *f = format; *f; f++) {
		if (*f != '%') {
			put(&p, *f);
			continue;
		}
		f = take_spec(&p, f + 1, &s);
		convert(&p, &s, *f);
	}
	va_end(p.args);
	if (cap)
		buf[MIN(p.n, cap - 1)] = '\0';
	return (int)p.n;
}

int snprintf(char *restrict buf, size_t cap, const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(buf, cap, format, args);
	va_end(args);
	return n;
}
