/* tests/unit/test_ring.c - the reading end of a BPF ring buffer, on memory that a
 * test has written. */
#include "proc/ring.h"
#include "tests/unit/test.h"

enum { SIZE = 64, BUSY = 1u << 31, DISCARDED = 1u << 30 };

struct fake_ring {
	_Alignas(8) unsigned char data[SIZE];
	u64 producer, consumer;
	struct ring ring;
};

static void ring_init(struct fake_ring *f, u64 at)
{
	memset(f, 0, sizeof(*f));
	f->producer = f->consumer = at;
	f->ring = (struct ring){.consumer = &f->consumer, .producer = &f->producer, .data = f->data,
				.at = at, .size = SIZE, .page = 4096};
}

static void write_rec(struct fake_ring *f, u32 flags, const char *text)
{
	u32 n = (u32)strlen(text), head = n | flags;

	for (u32 i = 0; i < 8 + n; i++) {
		unsigned char c = i < 4 ? (unsigned char)(head >> 8 * i) : i < 8 ? 0 : (unsigned char)text[i - 8];

		f->data[(f->producer + i) % SIZE] = c;
	}
	f->producer += (8 + n + 7) & ~7u;
}

static void check_next(struct fake_ring *f, const char *want)
{
	struct bytes b = ring_next(&f->ring);

	CHECK_EQ(b.n, want ? strlen(want) : 0);
	CHECK((b.p != NULL) == (want != NULL) && (!want || !memcmp(b.p, want, b.n)));
}

static void test_in_order(void)
{
	static struct fake_ring f;

	ring_init(&f, 0);
	check_next(&f, NULL);
	write_rec(&f, 0, "one");
	write_rec(&f, 0, "twotwotwo");
	check_next(&f, "one");
	check_next(&f, "twotwotwo");
	check_next(&f, NULL);
	CHECK_EQ(f.consumer, 0);
	ring_done(&f.ring);
	CHECK_EQ(f.consumer, f.producer);
}

static void test_around_the_end(void)
{
	static struct fake_ring f;

	for (u32 at = 0; at < SIZE; at += 8) {
		ring_init(&f, 10 * SIZE + at);
		write_rec(&f, 0, "sixteen and more");
		write_rec(&f, 0, "x");
		check_next(&f, "sixteen and more");
		check_next(&f, "x");
		check_next(&f, NULL);
	}
}

static void test_discarded_and_busy(void)
{
	static struct fake_ring f;
	u64 at;

	ring_init(&f, 0);
	write_rec(&f, DISCARDED, "no");
	write_rec(&f, 0, "yes");
	at = f.producer;
	write_rec(&f, BUSY, "not yet");
	write_rec(&f, 0, "later");
	check_next(&f, "yes");
	check_next(&f, NULL);
	ring_done(&f.ring);
	CHECK_EQ(f.consumer, at);
	f.data[at + 3] &= 0x7f;
	check_next(&f, "not yet");
	check_next(&f, "later");
}

TESTS(ring, {"in_order", test_in_order}, {"around_the_end", test_around_the_end},
      {"discarded_and_busy", test_discarded_and_busy})
