/* proc/program_history.c - see proc/program_history.h. */
#include "proc/program_history.h"

#include <sys/mman.h>

enum { NO_SLOT = UINT32_MAX };

struct program_history {
	u32 tick;		/* steps so far */
	u32 n;			/* slots ever used */
	u32 now;		/* which of the two below is the newest step's */
	u32 nrow[2];
	u32 slot_of[2][PROGRAM_HISTORY_MAX];	/* by row of a model: sorted by id */
	struct program_id held;
	struct program_id who[PROGRAM_HISTORY_MAX];
	u32 born[PROGRAM_HISTORY_MAX], seen[PROGRAM_HISTORY_MAX];	/* first and last step */
	u64 at_ns[PROGRAM_HISTORY];
	struct program_sample sample[PROGRAM_HISTORY_MAX][PROGRAM_HISTORY];
};

_Static_assert(sizeof(struct program_sample[PROGRAM_HISTORY]) == 4096, "a page each");

/* Pages that no program ever reaches are never touched. */
struct program_history *program_history_new(void)
{
	void *h = mmap(NULL, sizeof(struct program_history), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return h == MAP_FAILED ? NULL : h;
}

void program_history_free(struct program_history *h)
{
	if (h)
		munmap(h, sizeof(*h));
}

void program_history_hold(struct program_history *h, struct program_id who)
{
	h->held = who;
}

/* One that nobody has, or whose program is gone for longer than any other's. */
static u32 slot_new(struct program_history *h, struct program_id who)
{
	u32 slot = NO_SLOT;

	for (u32 i = 0; i < h->n; i++) {
		if (program_same(h->who[i], who)) {	/* it had been overlooked */
			h->born[i] = h->tick;
			return i;
		}
		if (h->seen[i] + 1 < h->tick && !program_same(h->who[i], h->held) &&
		    (slot == NO_SLOT || h->seen[i] < h->seen[slot]))
			slot = i;
	}
	/* what went a while ago makes room before memory grows */
	if (h->n < PROGRAM_HISTORY_MAX && (slot == NO_SLOT || h->tick - h->seen[slot] < PROGRAM_HISTORY))
		slot = h->n++;
	if (slot != NO_SLOT) {
		h->who[slot] = who;
		h->born[slot] = h->tick;
	}
	return slot;
}

/* Both models are sorted by id: *at only grows. */
static u32 slot_before(const struct program_history *h, struct program_id who, u32 *at)
{
	const u32 *slot_of = h->slot_of[!h->now];

	for (; *at < h->nrow[!h->now]; ++*at) {
		u32 slot = slot_of[*at];

		if (slot == NO_SLOT || h->who[slot].id < who.id)
			continue;
		return program_same(h->who[slot], who) ? slot : (u32)NO_SLOT;
	}
	return NO_SLOT;
}

void program_history_step(struct program_history *h, const struct program_model *m)
{
	u32 n = MIN(m->n, PROGRAM_HISTORY_MAX), at = 0;

	if (h->tick && h->at_ns[h->tick % PROGRAM_HISTORY] == m->table->mono_ns)
		return;
	h->tick++;
	h->at_ns[h->tick % PROGRAM_HISTORY] = m->table->mono_ns;
	h->now = !h->now;
	h->nrow[h->now] = n;
	for (u32 i = 0; i < n; i++) {
		const struct program_row *r = &m->row[i];
		struct program_id who = program_id(r->rec);
		u32 slot = slot_before(h, who, &at);

		if (slot == NO_SLOT)
			slot = slot_new(h, who);
		h->slot_of[h->now][i] = slot;
		if (slot == NO_SLOT)
			continue;
		h->seen[slot] = h->tick;
		h->sample[slot][h->tick % PROGRAM_HISTORY] = (struct program_sample){
			r->events_milli,
			r->have & PROGRAM_HAVE_RATES ? (u32)MIN(r->cpu_ppm, PROGRAM_UNKNOWN - 1) : PROGRAM_UNKNOWN,
			r->have & PROGRAM_HAVE_AVERAGE ? (u32)MIN(r->average_ns, PROGRAM_UNKNOWN - 1) : PROGRAM_UNKNOWN,
		};
	}
}

static u32 slot_find(const struct program_history *h, struct program_id who)
{
	for (u32 i = 0; h && i < h->n; i++)
		if (program_same(h->who[i], who))
			return i;
	return NO_SLOT;
}

u32 program_history_last(const struct program_history *h, struct program_id who)
{
	u32 slot = slot_find(h, who);

	return slot == NO_SLOT ? 0 : h->seen[slot];
}

u32 program_history_get(const struct program_history *h, struct program_id who, u32 end,
			struct program_sample out[static PROGRAM_HISTORY])
{
	u32 slot = slot_find(h, who), n;

	if (slot == NO_SLOT || end < h->born[slot])
		return 0;
	n = MIN(end - h->born[slot] + 1, (u32)PROGRAM_HISTORY);
	for (u32 i = 0; i < n; i++) {
		u32 tick = end - (n - 1 - i);

		/* a later step has taken the place of one that is too old */
		out[i] = tick <= h->seen[slot] && tick + PROGRAM_HISTORY > h->seen[slot]
			? h->sample[slot][tick % PROGRAM_HISTORY]
			: (struct program_sample){0, PROGRAM_UNKNOWN, PROGRAM_UNKNOWN};
	}
	return n;
}

u64 program_history_span(const struct program_history *h, u32 end, u32 n)
{
	u32 first = end - (n - 1);

	if (!h || !n || end < n || first + PROGRAM_HISTORY <= h->tick)
		return 0;
	return h->at_ns[end % PROGRAM_HISTORY] - h->at_ns[first % PROGRAM_HISTORY];
}
