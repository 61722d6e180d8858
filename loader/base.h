/* loader/base.h - the floor that every room stands on: sizes, checked bytes,
 * saturating deltas, decimal text, clocks.  Nothing here allocates or does I/O. */
#ifndef LOADER_BASE_H
#define LOADER_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))
#define MUST_CHECK	__attribute__((warn_unused_result))
#define MIN(a, b)	((a) < (b) ? (a) : (b))
#define MAX(a, b)	((a) > (b) ? (a) : (b))

enum { NSEC_PER_USEC = 1000, NSEC_PER_MSEC = 1000000, NSEC_PER_SEC = 1000000000 };

/* A read-only run of bytes that somebody else owns. */
struct bytes {
	const unsigned char *p;
	size_t n;
};

#define BYTES_LIT(s)	((struct bytes){(const unsigned char *)("" s), sizeof(s) - 1})

/* The only way to step into untrusted bytes: NULL when [off, off + len) does
 * not lie inside b.  Written so that no sum can wrap. */
static inline const void *bytes_at(struct bytes b, u64 off, u64 len)
{
	if (off > b.n || len > b.n - off)
		return NULL;
	return b.p + off;
}

/* Counters may be reset under us; a step backwards is unknown, not zero. */
static inline bool counter_delta(u64 prev, u64 cur, u64 *step)
{
	if (cur < prev)
		return false;
	*step = cur - prev;
	return true;
}

/* a * b / c without overflow in between; the largest u64 when the result does
 * not fit, 0 when c is 0. */
u64 mul_div(u64 a, u64 b, u64 c);

/* Records further on that are asked of memory while one is looked at. */
enum { AHEAD = 8 };

/* Writes v in decimal, at most 20 digits and no NUL; returns how many. */
size_t put_u64(char *dst, u64 v);

/* Bytes in a page of memory, and ticks in a second as files of /proc count them:
 * what the kernel told at the start (getauxval(3), AT_PAGESZ and AT_CLKTCK). */
u32 page_size(void);
u32 ticks_per_second(void);

/* Nanoseconds of a clock.  The vDSO answers for CLOCK_MONOTONIC, CLOCK_REALTIME
 * and CLOCK_BOOTTIME: no system call. */
u64 clock_ns(clockid_t clock);

/* How many system calls this process has made in the refresh path.  Every
 * wrapper that enters the kernel there adds one; --bench and the own-cost
 * display read it, and a test compares it with strace. */
extern u64 syscall_count;

#endif
