/* proc/ring.c - the reading end of a BPF ring buffer. */
#include "proc/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sys/mman.h>

enum { HEADER = 8 };	/* BPF_RINGBUF_HDR_SZ: length and two flags, page offset */

int ring_open(struct ring *r, int map_fd, u32 size)
{
	u32 page = page_size();
	void *consumer, *rest;

	*r = (struct ring){.size = (size + page - 1) / page * page, .page = page};
	consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (consumer == MAP_FAILED)
		return -errno;
	rest = mmap(NULL, page + (size_t)r->size, PROT_READ, MAP_SHARED, map_fd, page);
	if (rest == MAP_FAILED) {
		int err = -errno;

		munmap(consumer, page);
		return err;
	}
	r->consumer = consumer;
	r->producer = rest;
	r->data = (const unsigned char *)rest + page;
	r->at = *r->consumer;
	return 0;
}

void ring_close(struct ring *r)
{
	if (!r->consumer)
		return;
	munmap(r->consumer, r->page);
	munmap((void *)(uintptr_t)r->producer, r->page + (size_t)r->size);
	r->consumer = NULL;
}

/* at: less than the size, and of a header, which is never in two parts. */
static struct bytes record_at(struct ring *r, u32 at, u32 n)
{
	u32 rest;

	at += HEADER;
	rest = r->size - at;
	if (n <= rest)
		return (struct bytes){r->data + at, n};
	n = MIN(n, (u32)RING_RECORD_MAX);
	rest = MIN(n, rest);
	memcpy(r->around, r->data + at, rest);
	memcpy(r->around + rest, r->data, n - rest);
	return (struct bytes){r->around, n};
}

struct bytes ring_next(struct ring *r)
{
	while (r->consumer && r->at < __atomic_load_n(r->producer, __ATOMIC_ACQUIRE)) {
		u32 at = (u32)r->at & (r->size - 1);
		u32 len = __atomic_load_n((const u32 *)(const void *)(r->data + at), __ATOMIC_ACQUIRE);
		u32 n = len & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

		if (len & BPF_RINGBUF_BUSY_BIT)
			break;
		r->at += (n + HEADER + 7) & ~7u;
		if (!(len & BPF_RINGBUF_DISCARD_BIT))
			return record_at(r, at, n);
	}
	return (struct bytes){NULL, 0};
}

void ring_done(struct ring *r)
{
	if (r->consumer)
		__atomic_store_n(r->consumer, r->at, __ATOMIC_RELEASE);
}
