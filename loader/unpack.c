/* loader/unpack.c - see loader/unpack.h.  It runs before any pointer in memory is
 * right and any constant is there. */
#include "loader/unpack.h"

enum { CELL_SHIFT = 16 - PACK_CELL_BITS, ONE = 1 << PACK_CELL_BITS, EVEN = 1 << 15 };

/* The number lies from low to high, as far as its bytes tell. */
struct stream {
	struct bytes from;
	size_t at;
	u32 low, high, number;
	struct pack_model *m;
};

/* The mean of n bits and of a half that counts for one and a half. */
void pack_model_init(struct pack_model *m)
{
	u16 *cell = (u16 *)m;

	for (size_t i = 0; i < sizeof(*m) / sizeof(*cell); i++)
		cell[i] = EVEN;
	for (u32 n = 0; n < PACK_SEEN; n++)
		m->step[n] = (u16)(131072 / (2 * n + 3));
}

u16 pack_learn(const struct pack_model *m, u16 cell, u32 bit)
{
	u32 seen = cell % PACK_SEEN;
	s32 p = cell >> CELL_SHIFT;

	p += (((bit ? ONE - 1 : 1) - p) * m->step[seen]) >> 16;
	return (u16)(p << CELL_SHIFT | (s32)(seen + (seen < PACK_SEEN - 1)));
}

/* Of bytes that are equal in low and high, no later one changes them. */
static u32 bit(struct stream *s, u16 *a, u16 *b)
{
	u32 p = (*a >> CELL_SHIFT) + (*b >> CELL_SHIFT);
	u32 middle = s->low + (u32)((u64)(s->high - s->low) * p >> (PACK_CELL_BITS + 1));
	u32 v = s->number <= middle;

	*a = pack_learn(s->m, *a, v);
	if (a != b)
		*b = pack_learn(s->m, *b, v);
	if (v)
		s->high = middle;
	else
		s->low = middle + 1;
	for (; !((s->low ^ s->high) >> 24); s->at++) {
		s->low <<= 8;
		s->high = s->high << 8 | 255;
		s->number = s->number << 8 | (s->at < s->from.n ? s->from.p[s->at] : 0);
	}
	return v;
}

/* The next bits, from the highest; a cell for each way to each of them. */
static u32 tree(struct stream *s, u16 *a, u16 *b, u32 bits)
{
	u32 way = 1;

	for (u32 i = 0; i < bits; i++)
		way = 2 * way + bit(s, a + way, b + way);
	return way - (1u << bits);
}

static u32 number(struct stream *s, struct pack_number *n)
{
	u32 slot = tree(s, n->slot, n->slot, PACK_SLOT_BITS), bits = (slot >> 1) - 1, v = 2 | (slot & 1);
	u16 *low = n->low[MIN(slot, PACK_LOW_SLOTS - 1)];

	if (slot < 4)
		return slot;
	for (; bits > PACK_LOW_BITS; bits--) {
		u16 even = EVEN;

		v = 2 * v + bit(s, &even, &even);
	}
	return v << bits | tree(s, low, low, bits);
}

static u32 before(const struct pack_place *at, u32 distance)
{
	return distance <= at->at ? at->p[at->at - distance] : 0;
}

struct pack_byte pack_byte_cells(struct pack_model *m, const struct pack_place *at)
{
	u32 last = before(at, 1), among = before(at, 2) >> 5 << 3 | last >> 5;

	if (at->since & 1)
		among = 64 + (before(at, at->distance[0]) >> 2);
	return (struct pack_byte){m->after[last >> 2], m->among[among]};
}

/* recent: its index, or PACK_RECENT for a new one. */
void pack_place_used(struct pack_place *at, u32 recent, u32 distance)
{
	for (u32 i = MIN(recent, PACK_RECENT - 1); i; i--)
		at->distance[i] = at->distance[i - 1];
	at->distance[0] = distance;
}

/* The length of the match that stands next; its distance becomes the last. */
static u32 match(struct stream *s, struct pack_place *at)
{
	struct pack_model *m = s->m;
	u32 since = at->since, recent = 0, length;
	u16 *again = &m->recent[since];

	if (!bit(s, again, again)) {
		length = number(s, &m->length[0][at->at & 3]) + PACK_SHORTEST;
		pack_place_used(at, PACK_RECENT, number(s, &m->distance[pack_length_class(length)]) + 1);
		return length;
	}
	while (recent < PACK_RECENT - 1 && bit(s, &m->older[recent][since], &m->older[recent][since]))
		recent++;
	pack_place_used(at, recent, at->distance[recent]);
	return number(s, &m->length[1][at->at & 3]) + 1;
}

bool unpack(unsigned char *dst, size_t n, struct bytes from, struct pack_model *m)
{
	struct stream s = {.from = from, .high = UINT32_MAX, .m = m};
	struct pack_place at = {.p = dst};

	pack_model_init(m);
	for (; s.at < 4; s.at++)
		s.number = s.number << 8 | (s.at < from.n ? from.p[s.at] : 0);
	while (at.at < n) {
		u16 *kind = &m->match[at.since][at.at & 3];
		u32 is_match = bit(&s, kind, kind), length;

		if (!is_match) {
			struct pack_byte cells = pack_byte_cells(m, &at);

			dst[at.at++] = (unsigned char)tree(&s, cells.after, cells.among, 8);
		} else {
			length = match(&s, &at);
			if (at.distance[0] - 1 >= at.at || length - 1 >= n - at.at)
				return false;	/* 0: no distance yet, or too large for 32 bits */
			for (; length; length--, at.at++)
				dst[at.at] = dst[at.at - at.distance[0]];
		}
		at.since = (at.since << 1 | is_match) & 3;
	}
	return s.at == from.n;
}
