/* loader/unpack.c - see loader/unpack.h.  It runs before any pointer in memory is
 * right and any constant is there. */
#include "loader/unpack.h"

/* Most codes are as short, and found by one look. */
enum { QUICK_BITS = 9 };

struct stream {
	struct bytes from;
	size_t at;
	u64 held;	/* the next bits, from the highest */
	u32 bits;
	bool bad;
};

/* For each length of a code: what the bits to come are below, if it is that long
 * or shorter; and the index of its first symbol less its first number. */
struct code {
	u32 below[PACK_CODE_BITS + 1];
	s32 index[PACK_CODE_BITS + 1];
	u16 symbol[PACK_TOKENS];
	u16 quick[1 << QUICK_BITS];	/* by the bits to come: symbol << 4 | length; 0: longer */
};

/* The next n of 1 to 32 bits.  Zeros follow the end. */
static inline u32 look(struct stream *s, u32 n)
{
	if (s->bits < n)
		for (u32 i = 0; i < 4; i++, s->at++, s->bits += 8)
			if (s->at < s->from.n)
				s->held |= (u64)s->from.p[s->at] << (56 - s->bits);
	return (u32)(s->held >> (64 - n));
}

static inline void skip(struct stream *s, u32 n)
{
	s->held <<= n;
	s->bits -= n;
}

static inline u32 take(struct stream *s, u32 n)
{
	u32 v = look(s, n);

	skip(s, n);
	return v;
}

static void code_read(struct stream *s, struct code *c, u32 n)
{
	unsigned char length[PACK_TOKENS];
	u32 first = 0, index = 0;

	for (u32 i = 0; i < n; i++)
		length[i] = (unsigned char)take(s, 4);
	for (u32 i = 0; i < ARRAY_LEN(c->quick); i++)
		c->quick[i] = 0;
	for (u32 bits = 1; bits <= PACK_CODE_BITS; bits++) {
		c->index[bits] = (s32)index - (s32)first;
		for (u32 i = 0; i < n; i++)
			if (length[i] == bits) {
				for (u32 k = 0; bits <= QUICK_BITS && k < 1u << (QUICK_BITS - bits); k++)
					c->quick[((first << (QUICK_BITS - bits)) + k) % ARRAY_LEN(c->quick)] = (u16)(i << 4 | bits);
				c->symbol[index++] = (u16)i;
				first++;
			}
		c->below[bits] = first << (PACK_CODE_BITS - bits);
		first <<= 1;
	}
	if (c->below[PACK_CODE_BITS] > 1u << PACK_CODE_BITS)
		s->bad = true;	/* more codes than there are numbers */
}

/* Codes of a length are consecutive numbers, after those of the length before. */
static inline u32 symbol(struct stream *s, const struct code *c)
{
	u32 next = look(s, PACK_CODE_BITS), bits = QUICK_BITS + 1;
	u32 quick = c->quick[next >> (PACK_CODE_BITS - QUICK_BITS)];

	if (quick) {
		skip(s, quick & 15);
		return quick >> 4;
	}
	while (next >= c->below[bits])
		if (++bits > PACK_CODE_BITS) {
			s->bad = true;
			return 0;
		}
	skip(s, bits);
	return c->symbol[(s32)(next >> (PACK_CODE_BITS - bits)) + c->index[bits]];
}

static inline u32 in_slot(struct stream *s, u32 slot)
{
	u32 bits = (slot >> 1) - 1;

	return slot < 4 ? slot : ((2 | (slot & 1)) << bits) | take(s, bits);
}

bool unpack(unsigned char *dst, size_t n, struct bytes from)
{
	struct stream s = {.from = from};
	struct code tokens, distances;
	size_t until = 0, distance = 1;

	for (size_t at = 0; at < n;) {
		u32 token, length, way;

		if (at >= until) {
			code_read(&s, &tokens, PACK_TOKENS);
			code_read(&s, &distances, PACK_DISTANCES);
			until += PACK_PERIOD;
			if (s.bad)
				return false;
		}
		token = symbol(&s, &tokens);
		if (s.bad)
			return false;
		if (token < 256) {
			dst[at++] = (unsigned char)token;
			continue;
		}
		length = in_slot(&s, token - 256) + PACK_SHORTEST;
		way = symbol(&s, &distances);
		if (way != PACK_AGAIN)
			distance = in_slot(&s, way - 1) + 1;
		if (s.bad || distance > at || length > n - at)
			return false;
		for (; length; length--, at++)
			dst[at] = dst[at - distance];
	}
	return s.at - s.bits / 8 <= from.n;
}
