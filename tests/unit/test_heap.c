/* loader/heap.c: blocks of every size keep what is in them, whatever is made,
 * resized and freed around them. */
#include "tests/unit/test.h"

#include <errno.h>
#include <stdlib.h>

struct block {
	unsigned char *p;
	size_t n;
	unsigned char fill;
};

static bool whole(const unsigned char *p, size_t n, unsigned char fill)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != fill)
			return false;
	return true;
}

static size_t some_size(u32 seed)
{
	return (seed >> 8) % ((size_t)1 << (seed >> 4) % 20);
}

static void any_order(void)
{
	struct block block[64] = {0};
	u32 seed = 7;

	for (u32 i = 0; i < 20000; i++) {
		struct block *b = &block[(seed >> 26) % ARRAY_LEN(block)];
		size_t n;

		seed = seed * 1664525 + 1013904223;
		n = some_size(seed);
		if (!whole(b->p, b->n, b->fill)) {
			CHECK(!"a block has lost what was in it");
			break;
		}
		if (seed >> 30 == 0) {
			free(b->p);
			*b = (struct block){0};
			continue;
		}
		if (seed >> 30 == 1 || !b->p) {
			free(b->p);
			b->p = calloc(n, 1);
			b->fill = 0;
		} else {
			b->p = realloc(b->p, n + 1);
			if (b->p && !whole(b->p, MIN(b->n, n), b->fill))
				CHECK(!"realloc has lost what was in it");
		}
		if (!b->p || (uintptr_t)b->p % 16 || (!b->fill && !whole(b->p, MIN(n, b->n), 0))) {
			CHECK(!"no block, or no aligned one");
			break;
		}
		b->n = n;
		b->fill = (unsigned char)seed;
		memset(b->p, b->fill, n);
	}
	for (size_t i = 0; i < ARRAY_LEN(block); i++) {
		CHECK_ROW(i, whole(block[i].p, block[i].n, block[i].fill));
		free(block[i].p);
	}
}

static void zeroed(void)
{
	for (size_t n = 1; n < 1 << 20; n = n * 3 + 1) {
		unsigned char *p = malloc(n);

		CHECK_ROW(n, p);
		if (!p)
			return;
		memset(p, 0xee, n);
		free(p);
		p = calloc(n, 1);
		CHECK_ROW(n, p && whole(p, n, 0));
		free(p);
	}
}

/* A compiler may take it that an unused malloc() succeeds. */
static void *(*volatile ask)(size_t) = malloc;
static void *(*volatile ask_zeroed)(size_t, size_t) = calloc;

static void too_much(void)
{
#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
	test_skip("the sanitizer has an allocator of its own, which ends the program");
	return;
#endif
	volatile size_t huge = SIZE_MAX;
	char *p = malloc(40), *big = malloc(1 << 20);

	CHECK(p && big);
	if (p && big) {
		p[0] = 'p';
		big[0] = 'b';
	}
	for (int i = 0; i < 3; i++, huge = huge / 2 + 1) {
		errno = 0;
		CHECK_ROW(i, !ask(huge - 1) && errno == ENOMEM);
		CHECK_ROW(i, !realloc(p, huge - 1) && p[0] == 'p');
		CHECK_ROW(i, !realloc(big, huge - 1) && big[0] == 'b');
		CHECK_ROW(i, !ask_zeroed(huge / 2, 4));
	}
	free(p);
	free(big);
	free(NULL);
	p = realloc(NULL, 5);
	CHECK(p);
	free(p);
}

TESTS(heap, {"any_order", any_order}, {"zeroed", zeroed}, {"too_much", too_much})
