/* loader/pack/squeeze.c - makes what loader/unpack.c reads.  The cheapest way to
 * each byte, by the lengths of the codes that the round before gave. */
#include "loader/pack/squeeze.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	ROUNDS = 5,
	TRIES = 4096,		/* earlier places that a match is looked for at */
	LONGEST = 128,		/* a longer one is two: every length of each is tried */
	PERIODS = PACK_MAX / PACK_PERIOD,
};

struct prices {
	unsigned char token[PACK_TOKENS];
	unsigned char distance[PACK_DISTANCES];
};

struct counts {
	u32 token[PACK_TOKENS];
	u32 distance[PACK_DISTANCES];
};

/* The cheapest way to a place: its last token, and the distance in use after it. */
struct step {
	u32 cost, from, next, length, distance;
	bool again;
};

struct match {
	u32 length, distance;
};

struct squeeze {
	const unsigned char *p;
	u32 n;
	u32 *chain;
	struct step *step;
	struct match *match;	/* of a place: longer and longer ones, ever farther */
	u32 *first;		/* index of a place's first match; of n: how many */
	struct prices prices[PERIODS];
	struct counts counts[PERIODS];
};

struct sink {
	unsigned char *p;
	size_t n, room;
	u64 held;
	u32 bits;
};

static void *get(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p) {
		fputs("pack: no memory\n", stderr);
		exit(1);
	}
	return p;
}

static u32 slot_of(u32 v, u32 *bits)
{
	u32 top;

	*bits = 0;
	if (v < 4)
		return v;
	top = 31 - (u32)__builtin_clz(v);
	*bits = top - 1;
	return 2 * top + (v >> *bits & 1);
}

static u32 same(const struct squeeze *q, u32 a, u32 b)
{
	u32 n = 0;

	while (b + n < q->n && n < LONGEST && q->p[a + n] == q->p[b + n])
		n++;
	return n;
}

/* Nearest first, so what is kept is the nearest of its length. */
static void find_matches(struct squeeze *q)
{
	u32 *head = get(1 << 16, sizeof(*head)), kept = 0, room = 1 << 16;

	q->match = get(room, sizeof(*q->match));
	for (u32 i = 0; i < q->n; i++) {
		u32 best = 1, tries = TRIES, at;
		u32 *h = i + 1 < q->n ? &head[q->p[i] | q->p[i + 1] << 8] : NULL;

		q->first[i] = kept;
		if (!h)
			continue;
		for (at = *h; at && tries; at = q->chain[at - 1], tries--) {
			u32 n = q->p[at - 1 + best] == q->p[i + best] ? same(q, at - 1, i) : 0;

			if (n <= best)
				continue;
			if (kept == room) {
				room *= 2;
				q->match = realloc(q->match, room * sizeof(*q->match));
				if (!q->match)
					exit(1);
			}
			best = n;
			q->match[kept++] = (struct match){n, i - (at - 1)};
			if (i + n == q->n || n == LONGEST)
				break;
		}
		q->chain[i] = *h;
		*h = i + 1;
	}
	q->first[q->n] = kept;
	free(head);
}

static void offer(struct squeeze *q, u32 at, u32 cost, struct match m, bool again)
{
	struct step *to = &q->step[at + m.length];

	if (cost < to->cost)
		*to = (struct step){.cost = cost, .from = at, .length = m.length, .distance = m.distance, .again = again};
}

static void offer_lengths(struct squeeze *q, u32 at, const struct prices *pr, u32 cost, u32 shortest,
			  struct match m, bool again)
{
	for (u32 n = shortest; n <= m.length; n++) {
		u32 bits, slot = slot_of(n - PACK_SHORTEST, &bits);

		offer(q, at, cost + pr->token[256 + slot] + bits, (struct match){n, m.distance}, again);
	}
}

static void find_way(struct squeeze *q)
{
	for (u32 i = 1; i <= q->n; i++)
		q->step[i].cost = UINT32_MAX;
	q->step[0] = (struct step){.distance = 1};
	for (u32 i = 0; i < q->n; i++) {
		const struct prices *pr = &q->prices[i / PACK_PERIOD];
		u32 cost = q->step[i].cost, last = q->step[i].distance, shortest = PACK_SHORTEST;

		offer(q, i, cost + pr->token[q->p[i]], (struct match){1, last}, false);
		if (last <= i)
			offer_lengths(q, i, pr, cost + pr->distance[PACK_AGAIN], PACK_SHORTEST,
				      (struct match){same(q, i - last, i), last}, true);
		for (u32 m = q->first[i]; m < q->first[i + 1]; m++) {
			u32 bits, slot = slot_of(q->match[m].distance - 1, &bits);

			offer_lengths(q, i, pr, cost + pr->distance[1 + slot] + bits, shortest, q->match[m], false);
			shortest = q->match[m].length + 1;
		}
	}
}

/* The steps lead back from the end: turned to lead on, from the start. */
static void turn(struct squeeze *q)
{
	for (u32 at = q->n; at; at = q->step[at].from)
		q->step[q->step[at].from].next = at;
}

/* Depth-first lengths of the Huffman tree of counts; counts are flattened until
 * none is longer than a code may be. */
static void lengths(const u32 *count, u32 n, unsigned char *length)
{
	u32 weight[2 * PACK_TOKENS], up[2 * PACK_TOKENS], flatten = 0;
	bool fits = false;

	for (; !fits; flatten++) {
		u32 nodes = n, open = 0;

		for (u32 i = 0; i < n; i++) {
			weight[i] = count[i] ? (count[i] >> flatten) + 1 : 0;
			open += weight[i] != 0;
		}
		for (; open > 1; open--, nodes++) {
			weight[nodes] = 0;
			for (u32 two = 0; two < 2; two++) {
				u32 least = UINT32_MAX;

				for (u32 i = 0; i < nodes; i++)
					if (weight[i] && (least == UINT32_MAX || weight[i] < weight[least]))
						least = i;
				up[least] = nodes;
				weight[nodes] += weight[least];
				weight[least] = 0;
			}
		}
		fits = true;
		for (u32 i = 0; i < n; i++) {
			u32 deep = 0;	/* one alone has no tree, and a bit */

			for (u32 at = i; count[i] && nodes > n && at != nodes - 1; at = up[at])
				deep++;
			length[i] = (unsigned char)(count[i] ? MAX(deep, 1) : 0);
			fits = fits && length[i] <= PACK_CODE_BITS;
		}
	}
}

/* What a token that the last way did not use would cost. */
static void set_prices(unsigned char *price, const unsigned char *length, u32 n)
{
	for (u32 i = 0; i < n; i++)
		price[i] = length[i] ? length[i] : 13;
}

static void count_tokens(struct squeeze *q)
{
	u32 period = 0, until = PACK_PERIOD;

	memset(q->counts, 0, sizeof(q->counts));
	for (u32 at = 0; at < q->n; at = q->step[at].next) {
		const struct step *s = &q->step[q->step[at].next];
		u32 bits;

		if (at >= until) {
			period++;
			until += PACK_PERIOD;
		}
		if (s->length == 1) {
			q->counts[period].token[q->p[at]]++;
			continue;
		}
		q->counts[period].token[256 + slot_of(s->length - PACK_SHORTEST, &bits)]++;
		q->counts[period].distance[s->again ? PACK_AGAIN : 1 + slot_of(s->distance - 1, &bits)]++;
	}
}

static void put(struct sink *s, u32 v, u32 n)
{
	s->held = s->held << n | v;
	for (s->bits += n; s->bits >= 8; s->bits -= 8)
		if (s->n++ < s->room)
			s->p[s->n - 1] = (unsigned char)(s->held >> (s->bits - 8));
}

static void put_code(struct sink *s, u16 *number, const unsigned char *length, u32 n)
{
	u32 next = 0;

	for (u32 i = 0; i < n; i++)
		put(s, length[i], 4);
	for (u32 bits = 1; bits <= PACK_CODE_BITS; bits++, next <<= 1)
		for (u32 i = 0; i < n; i++)
			if (length[i] == bits)
				number[i] = (u16)next++;
}

static void write_tokens(struct squeeze *q, struct sink *out)
{
	u32 period = 0, until = 0;
	u16 tokens[PACK_TOKENS], distances[PACK_DISTANCES];
	unsigned char token[PACK_TOKENS], distance[PACK_DISTANCES];

	for (u32 at = 0; at < q->n; at = q->step[at].next) {
		const struct step *s = &q->step[q->step[at].next];
		u32 bits, slot;

		if (at >= until) {
			lengths(q->counts[period].token, PACK_TOKENS, token);
			lengths(q->counts[period].distance, PACK_DISTANCES, distance);
			put_code(out, tokens, token, PACK_TOKENS);
			put_code(out, distances, distance, PACK_DISTANCES);
			period++;
			until += PACK_PERIOD;
		}
		if (s->length == 1) {
			put(out, tokens[q->p[at]], token[q->p[at]]);
			continue;
		}
		slot = 256 + slot_of(s->length - PACK_SHORTEST, &bits);
		put(out, tokens[slot], token[slot]);
		put(out, (s->length - PACK_SHORTEST) & ((1u << bits) - 1), bits);
		if (s->again) {
			put(out, distances[PACK_AGAIN], distance[PACK_AGAIN]);
			continue;
		}
		slot = 1 + slot_of(s->distance - 1, &bits);
		put(out, distances[slot], distance[slot]);
		put(out, (s->distance - 1) & ((1u << bits) - 1), bits);
	}
	put(out, 0, 7);
}

size_t squeeze(unsigned char *to, size_t room, struct bytes from)
{
	struct squeeze *q = get(1, sizeof(*q));
	struct sink out = {.p = to, .room = room};

	q->p = from.p;
	q->n = (u32)from.n;
	q->chain = get(from.n + 1, sizeof(*q->chain));
	q->first = get(from.n + 1, sizeof(*q->first));
	q->step = get(from.n + 1, sizeof(*q->step));
	find_matches(q);
	memset(q->prices, 8, sizeof(q->prices));
	for (u32 round = 0; round < ROUNDS; round++) {
		find_way(q);
		turn(q);
		count_tokens(q);
		for (u32 i = 0; i < PERIODS; i++) {
			unsigned char length[PACK_TOKENS];

			lengths(q->counts[i].token, PACK_TOKENS, length);
			set_prices(q->prices[i].token, length, PACK_TOKENS);
			lengths(q->counts[i].distance, PACK_DISTANCES, length);
			set_prices(q->prices[i].distance, length, PACK_DISTANCES);
		}
	}
	write_tokens(q, &out);
	free(q->chain);
	free(q->first);
	free(q->step);
	free(q->match);
	free(q);
	return out.n;
}
