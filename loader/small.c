/* loader/small.c - functions of the C library of our own: its are made for speed
 * at any size of input, and 6 KB of the program more.  What is searched here has
 * a constant of a few bytes to be found, what is sorted hundreds of entries. */
#include "loader/base.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

u32 page_size(void)
{
	return (u32)getauxval(AT_PAGESZ);
}

u32 ticks_per_second(void)
{
	return (u32)getauxval(AT_CLKTCK);
}

/* The kernel's struct stat is the library's on both architectures: nothing is to be
 * copied from one into the other (<asm/stat.h>). */
_Static_assert(sizeof(struct stat) == (sizeof(nlink_t) == 8 ? 144 : 128), "struct stat of <asm/stat.h>");

int fstatat(int dir, const char *restrict path, struct stat *restrict st, int flags)
{
	return (int)syscall(SYS_newfstatat, dir, path, st, flags);
}

int fstat(int fd, struct stat *st)
{
	return (int)syscall(SYS_fstat, fd, st);
}

static size_t span(const char *s, const char *set, bool in)
{
	size_t n = 0;

	for (; s[n]; n++) {
		const char *c = set;

		while (*c && *c != s[n])
			c++;
		if (!*c == in)
			break;
	}
	return n;
}

size_t strspn(const char *s, const char *set)
{
	return span(s, set, true);
}

size_t strcspn(const char *s, const char *set)
{
	return span(s, set, false);
}

void *memmem(const void *hay, size_t n, const void *needle, size_t m)
{
	const char *at = hay, *first = needle;

	for (; n >= m; at++, n--)
		if (!m || (*at == *first && !memcmp(at, first, m)))
			return (void *)(uintptr_t)at;
	return NULL;
}

char *strstr(const char *hay, const char *needle)
{
	return memmem(hay, strlen(hay), needle, strlen(needle));
}

static void swap(unsigned char *a, unsigned char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		unsigned char was = *a;

		*a = *b;
		*b = was;
	}
}

/* A heap of the greatest is built from its last parent up to the first; then the
 * first goes to the end and leaves the heap, again and again. */
void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	unsigned char *p = base;

	for (size_t from = n / 2, end = n; end > 1;) {
		size_t up, child;

		if (from)
			from--;
		else
			swap(p, p + --end * size, size);
		for (up = from; (child = 2 * up + 1) < end; up = child) {
			if (child + 1 < end && compare(p + child * size, p + (child + 1) * size) < 0)
				child++;
			if (compare(p + up * size, p + child * size) >= 0)
				break;
			swap(p + up * size, p + child * size, size);
		}
	}
}

static u32 digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (u32)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? (u32)(c - 'a') + 10 : UINT_MAX;
}

/* Up to the greatest that is allowed for its sign. */
static u64 scan(const char *s, char **end, u32 base, u64 most, u64 least)
{
	const char *at = s, *stop = s;
	bool minus, over = false;
	u64 v = 0, limit;

	while (isspace((unsigned char)*at))
		at++;
	minus = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	limit = minus ? least : most;
	if ((!base || base == 16) && at[0] == '0' && (at[1] | 0x20) == 'x' && digit_of(at[2]) < 16) {
		at += 2;
		base = 16;
	} else if (!base) {
		base = *at == '0' ? 8 : 10;
	}
	for (u32 d; (d = digit_of(*at)) < base; stop = ++at) {
		over = over || v > (limit - d) / base;
		v = v * base + d;
	}
	if (end)
		*end = (char *)(uintptr_t)stop;
	if (over) {
		errno = ERANGE;
		v = limit;
		minus = minus && least != most;
	}
	return minus ? 0 - v : v;
}

unsigned long strtoul(const char *s, char **end, int base)
{
	return scan(s, end, (u32)base, ULONG_MAX, ULONG_MAX);
}

unsigned long long strtoull(const char *s, char **end, int base)
{
	return strtoul(s, end, base);
}

long strtol(const char *s, char **end, int base)
{
	return (long)scan(s, end, (u32)base, LONG_MAX, (u64)LONG_MAX + 1);
}

u64 mul_div(u64 a, u64 b, u64 c)
{
	unsigned __int128 r = (unsigned __int128)a * b;

	if (!c)
		return 0;
#if defined(__x86_64__)
	/* The processor divides 128 bits itself, when the result fits 64. */
	if ((u64)(r >> 64) < c) {
		u64 high = (u64)(r >> 64), low = (u64)r;

		__asm__("divq %2" : "+a"(low), "+d"(high) : "r"(c) : "cc");
		return low;
	}
	return UINT64_MAX;
#else
	r /= c;
	return r > UINT64_MAX ? UINT64_MAX : (u64)r;
#endif
}

size_t put_u64(char *dst, u64 v)
{
	char tmp[20];
	size_t n = 0;

	do {
		tmp[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	for (size_t i = 0; i < n; i++)
		dst[i] = tmp[n - 1 - i];
	return n;
}

u64 clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (u64)t.tv_sec * NSEC_PER_SEC + (u64)t.tv_nsec;
}
