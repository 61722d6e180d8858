/* loader/heap.c - malloc() and its kin, an eighth of the C library's.  What
 * pitstop asks for are a few tables that grow by doubling, and small things made
 * at the start: small blocks are of a power of two or one and a half, a list of
 * free ones each, large ones are mappings of their own, which the kernel moves
 * when they grow.  No thread and no signal handler allocates.
 *
 * The sanitizers bring their own. */
#include "loader/base.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#if !defined(__SANITIZE_ADDRESS__) && !(defined(__has_feature) && __has_feature(address_sanitizer))

enum {
	SMALLEST = 32,		/* with its head */
	CLASSES = 24,		/* the largest takes 96 KiB */
	CHUNK = 256 << 10,	/* mapped at a time, for small ones */
	LIVE = 0x6576696c, FREE = 0x65657266,
};

/* Before every block; keeps what follows aligned to 16. */
struct head {
	u32 state;		/* a block that is freed twice, or is none, ends the program */
	u32 class;		/* CLASSES: a mapping of its own */
	union {
		size_t room;		/* with the head */
		struct head *next;	/* while it is free */
	};
};

static struct head *free_list[CLASSES];
static unsigned char *fresh;
static size_t fresh_left;
static bool untouched;		/* of what take() returned last, all but the head is zero */

static struct head *head_of(void *p)
{
	struct head *h = (struct head *)p - 1;

	if (h->state != LIVE)
		__builtin_trap();
	return h;
}

static void *map(size_t n)
{
	return mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static size_t pages(size_t n)
{
	return (n + 65535) & ~(size_t)65535;
}

static struct head *carve(size_t room)
{
	struct head *h;

	if (fresh_left < room) {
		void *more = map(CHUNK);

		if (more == MAP_FAILED)
			return NULL;
		fresh = more;
		fresh_left = CHUNK;
	}
	h = (struct head *)(void *)fresh;
	fresh += room;
	fresh_left -= room;
	return h;
}

static struct head *take(size_t n)
{
	size_t room = SMALLEST;
	struct head *h = NULL;
	u32 class = 0;

	untouched = true;
	if (n <= PTRDIFF_MAX - CHUNK) {
		n += sizeof(*h);
		for (; room < n && class < CLASSES; class++)
			room = class & 1 ? room / 3 * 4 : room / 2 * 3;
		if (class == CLASSES) {
			room = pages(n);
			h = map(room);
			if (h == MAP_FAILED)
				h = NULL;
		} else if (free_list[class]) {
			h = free_list[class];
			free_list[class] = h->next;
			untouched = false;
		} else {
			h = carve(room);
		}
	}
	if (!h) {
		errno = ENOMEM;
		return NULL;
	}
	*h = (struct head){.state = LIVE, .class = class, .room = room};
	return h + 1;
}

void *malloc(size_t n)
{
	return take(n);
}

void free(void *p)
{
	struct head *h;

	if (!p)
		return;
	h = head_of(p);
	if (h->class == CLASSES) {
		int was = errno;

		munmap(h, h->room);
		errno = was;
		return;
	}
	h->state = FREE;
	h->next = free_list[h->class];
	free_list[h->class] = h;
}

void *calloc(size_t n, size_t size)
{
	struct head *h;

	if (__builtin_mul_overflow(n, size, &n))
		n = SIZE_MAX;
	h = take(n);
	return h && !untouched ? memset(h, 0, n) : h;
}

void *realloc(void *p, size_t n)
{
	struct head *h, *moved;
	size_t room;

	if (!p)
		return take(n);
	h = head_of(p);
	room = h->room - sizeof(*h);
	if (h->class == CLASSES && n <= PTRDIFF_MAX - CHUNK) {
		size_t want = pages(n + sizeof(*h));

		moved = mremap(h, h->room, want, MREMAP_MAYMOVE);
		if (moved == MAP_FAILED)
			return NULL;
		moved->room = want;
		return moved + 1;
	}
	if (n <= room)
		return p;
	moved = take(n);
	if (!moved)
		return NULL;
	memcpy(moved, p, room);
	free(p);
	return moved;
}

#endif
