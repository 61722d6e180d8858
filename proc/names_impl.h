/* proc/names_impl.h - what proc/names.c and proc/names_facts.c share. */
#ifndef PROC_NAMES_IMPL_H
#define PROC_NAMES_IMPL_H

#include "proc/names.h"
#include "proc/reader.h"
#include "proc/textstore.h"

struct entry {
	u32 seen;		/* round in which its process was last there */
	bool used, queued, urgent, kernel;
	u32 facts;		/* enum fact: queued for them */
	struct name name;	/* its texts last: every sample looks at what is before them */
	u64 asked_ns;		/* its runtime when it was last asked about */
};

/* Ids waiting to be asked.  No id is in it twice, so cap is enough. */
struct queue {
	u32 *id;
	u32 head, n;
};

struct names {
	struct entry *entry;	/* [cap] */
	u32 cap, n;		/* entries in use or free below n */
	u32 *free_id;		/* [cap] */
	u32 nfree, round, linger;
	u32 living, without;	/* in this round: with a step and an entry, without an entry */
	bool whole;		/* the round before: an entry for each, and none for anybody else */
	u32 all_seen;		/* the last round in which all had a step */
	struct queue normal, urgent;
	struct queue fact;
	struct facts *facts;	/* [cap], by entry; NULL until somebody wants some */
	u64 budget_ns;		/* left for facts */
	struct textstore text;
	struct name none;
	struct reader reader;
	u32 want;		/* enum names_want; 0: nobody to ask */
	bool busy;
	bool held;		/* see names_hold() */
	u64 progress_ns;	/* when the child last got on */
	u32 progress;		/* and how far it was */
	u32 singles, stuck_children, deaths;
};

/* A question at the end of a queue with room for it, the one at its head. */
void names_push(struct names *n, struct queue *q, u32 id);
u32 names_pop(struct names *n, struct queue *q);

/* Keeps a copy of s in *to; false when it was the same already. */
bool names_set_string(struct names *n, struct bytes *to, struct bytes s);

/* Its process was there in the last round, as far as that tells. */
bool names_living(const struct names *n, const struct entry *e);

struct bytes reader_bytes(const struct reader_share *s, struct reader_string str);

/* Whether request i is still of the entry that it was made for. */
bool names_still_asked(const struct names *n, u32 i);

/* Facts: room for that many entries, the next batch, one answer of it, one that
 * was not answered, one that blocks whoever reads it. */
int facts_reserve(struct names *n, u32 cap) MUST_CHECK;
void facts_fill(struct names *n, struct reader_share *s);
bool facts_take(struct names *n, u32 i);
void facts_again(struct names *n, u32 i);
void facts_stuck(struct names *n, u32 i);

#endif
