/* loader/print.c against what C says of the same conversions. */
#include "tests/unit/test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define TRY(want, cap, ...)								\
	do {										\
		char got[64] = "#";							\
		int n = snprintf(got, (cap), __VA_ARGS__);				\
											\
		CHECK_EQ((size_t)n, strlen(want));					\
		CHECK((cap) == 0 ? *got == '#' : !strncmp(got, want, (cap) - 1) &&	\
						 strlen(got) == MIN(strlen(want), (size_t)(cap) - 1)); \
	} while (0)

static void numbers(void)
{
	TRY("0 -1 2147483647 -2147483648", 64, "%d %i %d %d", 0, -1, INT_MAX, INT_MIN);
	TRY("-9223372036854775808", 64, "%lld", LLONG_MIN);
	TRY("18446744073709551615", 64, "%zu", SIZE_MAX);
	TRY("ffffffff 0 0x1f 0xffffffffffffffff", 64, "%x %#x %#x %#llx", UINT_MAX, 0u, 31u, ULLONG_MAX);
	TRY("640 0640 0", 64, "%o 0%o %o", 0640u, 0640u, 0u);
	TRY("-1 255 -1 65535", 64, "%hhd %hhu %hd %hu", (signed char)-1, (u8)255, (s16)-1, (u16)65535);
	TRY("00042|-0042|   42|42   |  007|     ", 64, "%05d|%05d|%5d|%-5d|%5.3d|%5.0d", 42, -42, 42, 42, 7, 0);
	TRY("   7|7   ", 64, "%*d|%*d", 4, 7, -4, 7);
}

static void words(void)
{
	static const char open[3] = {'a', 'b', 'c'};

	TRY("x  ab|ab  |ab|", 64, "%c%4s|%-4s|%.*s|%.0s", 'x', "ab", "ab", 2, open, "zz");
	TRY("100%abc", 64, "%d%%%.*s", 100, -1, "abc");
}

static void room(void)
{
	TRY("hello", 64, "%s", "hello");
	TRY("hello", 6, "%s", "hello");
	TRY("hello", 5, "%s", "hello");
	TRY("hello", 1, "%s", "hello");
	TRY("hello", 0, "%s", "hello");
	CHECK_EQ(snprintf(NULL, 0, "%u", 12345u), 5);
}

TESTS(print, {"numbers", numbers}, {"words", words}, {"room", room})
