/* proc/ring.h - the reading end of a BPF ring buffer (kernel/bpf/ringbuf.c): no
 * system call, and no copy but of the record that goes on at the start.  (Mapped
 * twice in a row, as the kernel allows, it would need none, and twice the memory.) */
#ifndef PROC_RING_H
#define PROC_RING_H

#include "loader/base.h"

enum { RING_RECORD_MAX = 512 };

struct ring {
	u64 *consumer;		/* NULL: not open */
	const u64 *producer;
	const unsigned char *data;
	u64 at;			/* how far ring_next() is */
	u32 size, page;
	unsigned char around[RING_RECORD_MAX];	/* a record in two parts */
};

/* size: bytes, as the map was created.  0 or -errno. */
int ring_open(struct ring *r, int map_fd, u32 size) MUST_CHECK;
void ring_close(struct ring *r);	/* takes one that is not open */

/* The next record, p == NULL when there is none or its writer has not finished;
 * valid until the next call.  One of more than RING_RECORD_MAX bytes may be cut there. */
struct bytes ring_next(struct ring *r);

/* Gives what ring_next() returned back to the writers. */
void ring_done(struct ring *r);

#endif
