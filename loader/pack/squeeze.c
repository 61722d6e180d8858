/* loader/pack/squeeze.c - makes what loader/unpack.c reads.  The cheapest way to
 * each byte, by what the model had learnt there in the round before. */
#include "loader/pack/squeeze.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	ROUNDS = 6,
	TRIES = 4096,		/* earlier places that a match is looked for at */
	LONGEST = 256,		/* a longer one is two: every length of each is tried */
	PERIOD = 2048,		/* bytes for which one state of the model tells the prices */
	PERIODS = PACK_MAX / PERIOD + 1,
	PRICE_SHIFT = 6,	/* a bit costs 64 */
	HALVES = 2 << PACK_CELL_BITS,	/* two cells, added */
	FRESH = PACK_RECENT,	/* a match that is of no distance used before */
	BYTE,			/* no match */
};

/* The cheapest way to a place: its last token, and the state after it. */
struct step {
	u32 cost, from, next, length, kind;	/* kind: a recent distance's index, FRESH, BYTE */
	u32 since, distance[PACK_RECENT];
};

struct match {
	u32 length, distance;
};

struct sink {
	unsigned char *p;
	size_t n, room;
	u32 low, high;
};

/* Bits go to the sink and teach the model; without one, only their price counts. */
struct coder {
	struct pack_model *m;
	struct sink *out;
	u32 cost;
};

struct squeeze {
	const unsigned char *p;
	u32 n;
	u32 *chain;
	struct step *step;
	struct match *match;	/* of a place: longer and longer ones, ever farther */
	u32 *first;		/* index of a place's first match; of n: how many */
	struct pack_model *learnt;	/* of each period, at its end */
	u32 price[HALVES + 1];	/* of a bit that is so probable */
	u32 length_price[2][4][LONGEST + 1];	/* in this period: by whether recent, place */
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

/* The logarithm, digit by digit: without a library's, which may round another way. */
static void set_prices(struct squeeze *q)
{
	for (u32 i = 1; i <= HALVES; i++) {
		u64 v = (u64)i << 16;
		u32 log = 0;

		for (u32 digit = 0; digit <= PRICE_SHIFT; digit++) {
			log <<= 1;
			for (; v >= 2u << 16; v >>= 1)
				log++;
			v = v * v >> 16;
		}
		q->price[i] = ((PACK_CELL_BITS + 1) << PRICE_SHIFT) - log;
	}
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

static void put_byte(struct sink *s, u32 v)
{
	if (s->n++ < s->room)
		s->p[s->n - 1] = (unsigned char)v;
}

static void narrow(struct sink *s, u32 p, u32 v)
{
	u32 middle = s->low + (u32)((u64)(s->high - s->low) * p >> (PACK_CELL_BITS + 1));

	if (v)
		s->high = middle;
	else
		s->low = middle + 1;
	for (; !((s->low ^ s->high) >> 24); s->low <<= 8, s->high = s->high << 8 | 255)
		put_byte(s, s->high >> 24);
}

static void code_bit(const struct squeeze *q, struct coder *c, u16 *a, u16 *b, u32 v)
{
	u32 p = (*a >> (16 - PACK_CELL_BITS)) + (*b >> (16 - PACK_CELL_BITS));
	u16 learnt;

	c->cost += q->price[v ? p : HALVES - p];
	if (!c->out)
		return;
	narrow(c->out, p, v);
	learnt = pack_learn(c->m, *a, v);
	*b = pack_learn(c->m, *b, v);
	*a = learnt;
}

static void code_tree(const struct squeeze *q, struct coder *c, u16 *a, u16 *b, u32 v, u32 bits)
{
	for (u32 way = 1; bits--; way = 2 * way + (v >> bits & 1))
		code_bit(q, c, a + way, b + way, v >> bits & 1);
}

static void code_number(const struct squeeze *q, struct coder *c, struct pack_number *n, u32 v)
{
	u32 bits, slot = slot_of(v, &bits);
	u16 *low = n->low[MIN(slot, PACK_LOW_SLOTS - 1)];

	code_tree(q, c, n->slot, n->slot, slot, PACK_SLOT_BITS);
	for (; bits > PACK_LOW_BITS; bits--) {
		u16 even = 1 << 15;

		code_bit(q, c, &even, &even, v >> (bits - 1) & 1);
	}
	code_tree(q, c, low, low, v, bits);
}

static void code_kind(const struct squeeze *q, struct coder *c, const struct step *s, u32 at, u32 kind)
{
	u16 *match = &c->m->match[s->since][at & 3], *recent = &c->m->recent[s->since];

	code_bit(q, c, match, match, kind != BYTE);
	if (kind == BYTE)
		return;
	code_bit(q, c, recent, recent, kind != FRESH);
	for (u32 i = 0; kind != FRESH && i < PACK_RECENT - 1 && i <= kind; i++) {
		u16 *older = &c->m->older[i][s->since];

		code_bit(q, c, older, older, kind != i);
	}
}

static void code_length(const struct squeeze *q, struct coder *c, u32 at, u32 kind, u32 length)
{
	bool again = kind != FRESH;

	code_number(q, c, &c->m->length[again][at & 3], length - (again ? 1 : PACK_SHORTEST));
}

static void code_byte(const struct squeeze *q, struct coder *c, const struct step *s, u32 at)
{
	struct pack_place place = {.p = q->p, .at = at, .since = s->since, .distance = {s->distance[0]}};
	struct pack_byte cells = pack_byte_cells(c->m, &place);

	code_tree(q, c, cells.after, cells.among, q->p[at], 8);
}

static void offer(struct squeeze *q, u32 at, u32 cost, struct match m, u32 kind)
{
	const struct step *s = &q->step[at];
	struct step *to = &q->step[at + m.length];
	struct pack_place place;

	if (cost >= to->cost)
		return;
	memcpy(place.distance, s->distance, sizeof(place.distance));
	if (kind != BYTE)
		pack_place_used(&place, kind, m.distance);
	*to = (struct step){.cost = cost, .from = at, .length = m.length, .kind = kind,
			    .since = (s->since << 1 | (kind != BYTE)) & 3};
	memcpy(to->distance, place.distance, sizeof(to->distance));
}

static void set_length_prices(struct squeeze *q, struct pack_model *m)
{
	for (u32 at = 0; at < 4; at++)
		for (u32 n = 1; n <= LONGEST; n++) {
			struct coder again = {.m = m}, fresh = {.m = m};

			code_length(q, &again, at, 0, n);
			q->length_price[1][at][n] = again.cost;
			if (n < PACK_SHORTEST)
				continue;
			code_length(q, &fresh, at, FRESH, n);
			q->length_price[0][at][n] = fresh.cost;
		}
}

static void offer_recent(struct squeeze *q, u32 at, struct pack_model *m)
{
	const struct step *s = &q->step[at];

	for (u32 kind = 0; kind < PACK_RECENT; kind++) {
		struct coder c = {.m = m, .cost = s->cost};
		u32 longest = s->distance[kind] - 1 < at ? same(q, at - s->distance[kind], at) : 0;

		code_kind(q, &c, s, at, kind);
		for (u32 n = 1; n <= longest; n++)
			offer(q, at, c.cost + q->length_price[1][at & 3][n], (struct match){n, s->distance[kind]}, kind);
	}
}

static void offer_fresh(struct squeeze *q, u32 at, struct pack_model *m)
{
	struct coder c = {.m = m, .cost = q->step[at].cost};
	u32 n = PACK_SHORTEST;

	code_kind(q, &c, &q->step[at], at, FRESH);
	for (const struct match *o = &q->match[q->first[at]]; o < &q->match[q->first[at + 1]]; o++) {
		struct coder d[ARRAY_LEN(m->distance)] = {c, c, c};

		for (u32 i = 0; i < ARRAY_LEN(d); i++)
			code_number(q, &d[i], &m->distance[i], o->distance - 1);
		for (; n <= o->length; n++)
			offer(q, at, d[pack_length_class(n)].cost + q->length_price[0][at & 3][n],
			      (struct match){n, o->distance}, FRESH);
	}
}

static void find_way(struct squeeze *q)
{
	for (u32 i = 1; i <= q->n; i++)
		q->step[i].cost = UINT32_MAX;
	q->step[0] = (struct step){0};
	for (u32 i = 0; i < q->n; i++) {
		struct coder c = {.m = &q->learnt[i / PERIOD], .cost = q->step[i].cost};

		if (i % PERIOD == 0)
			set_length_prices(q, c.m);
		code_kind(q, &c, &q->step[i], i, BYTE);
		code_byte(q, &c, &q->step[i], i);
		offer(q, i, c.cost, (struct match){1, 0}, BYTE);
		offer_recent(q, i, c.m);
		offer_fresh(q, i, c.m);
	}
}

/* The steps lead back from the end: turned to lead on, from the start. */
static void turn(struct squeeze *q)
{
	for (u32 at = q->n; at; at = q->step[at].from)
		q->step[q->step[at].from].next = at;
}

static void write_tokens(struct squeeze *q, struct sink *out)
{
	struct pack_model *m = get(1, sizeof(*m));
	u32 period = 0;

	pack_model_init(m);
	for (u32 at = 0; at < q->n; at = q->step[at].next) {
		const struct step *s = &q->step[at], *to = &q->step[s->next];
		struct coder c = {.m = m, .out = out};

		for (; period < at / PERIOD; period++)
			q->learnt[period] = *m;
		code_kind(q, &c, s, at, to->kind);
		if (to->kind == BYTE) {
			code_byte(q, &c, s, at);
			continue;
		}
		code_length(q, &c, at, to->kind, to->length);
		if (to->kind == FRESH)
			code_number(q, &c, &m->distance[pack_length_class(to->length)], to->distance[0] - 1);
	}
	for (; period < PERIODS; period++)
		q->learnt[period] = *m;
	for (u32 i = 0; i < 4; i++)
		put_byte(out, out->low >> (24 - 8 * i) & 255);
	free(m);
}

size_t squeeze(unsigned char *to, size_t room, struct bytes from)
{
	struct squeeze *q = get(1, sizeof(*q));
	struct sink out = {0};

	q->p = from.p;
	q->n = (u32)from.n;
	q->chain = get(from.n + 1, sizeof(*q->chain));
	q->first = get(from.n + 1, sizeof(*q->first));
	q->step = get(from.n + 1, sizeof(*q->step));
	q->learnt = get(PERIODS, sizeof(*q->learnt));
	set_prices(q);
	find_matches(q);
	for (u32 i = 0; i < PERIODS; i++)
		pack_model_init(&q->learnt[i]);
	for (u32 round = 0; round < ROUNDS; round++) {
		find_way(q);
		turn(q);
		out = (struct sink){.p = to, .room = room, .high = UINT32_MAX};
		write_tokens(q, &out);
	}
	free(q->chain);
	free(q->first);
	free(q->step);
	free(q->match);
	free(q->learnt);
	free(q);
	return out.n;
}
