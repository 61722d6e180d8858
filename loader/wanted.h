/* loader/wanted.h - the names that the loader wants from a BTF, and where they
 * are in it.  Wanted first, offered during the one pass over the types: the
 * cost of the pass does not depend on how much is wanted.
 *
 * Names meet in their essential form, without the flavour (the part from the
 * last "___" on), because either side may carry one: a kernel has names like
 * nf_conn___init.  Who needs the exact name compares it. */
#ifndef LOADER_WANTED_H
#define LOADER_WANTED_H

#include "loader/base.h"

/* What is behind this many characters of a name is not looked at: kernels end
 * theirs at 512, and a hostile BTF may point any number of types at one. */
enum { NAME_LONGEST = 4096 };

struct name_hit {
	u32 id;
	u32 next;		/* index of an earlier hit of that name + 1; 0 ends */
};

struct name_want {
	const char *name;
	u32 len, hash;
	u32 kinds;		/* KIND_BIT()s */
	u32 hits;		/* the latest hit + 1; 0 for none */
};

/* Begins as zeros. */
struct wanted {
	struct name_want *want;	/* owned */
	u32 n, room;
	u32 *slot;		/* owned, 2 * room: index into want + 1, 0 empty */
	u32 kinds;		/* union of all wanted */
	u64 start[256];		/* by first byte: bits of the second ones, modulo 64 */
	struct name_hit *hit;	/* owned */
	u32 nhit, cap;
};

/* Length of a name without its flavour: up to the last X___Y, X and Y not '_'. */
size_t name_essential_len(const char *name);
bool name_same_essence(const char *a, const char *b);

/* name must outlive the table; the empty one is never found. */
int wanted_add(struct wanted *n, const char *name, u32 kinds) MUST_CHECK;
void wanted_free(struct wanted *n);	/* what it owns; the struct is the caller's */

/* The wanted row of that name's essence, NULL when nobody asked for it. */
const struct name_want *wanted_find(const struct wanted *n, const char *name);

int wanted_offer(struct wanted *n, u32 id, u32 kind, const char *name) MUST_CHECK;

/* Called for every type of a BTF, so the common refusal is inline.  Nothing
 * wanted begins with NUL: of the empty name only the first byte is read. */
static inline bool wanted_maybe(const struct wanted *n, u32 kind, const char *name)
{
	u64 second;

	if (!(n->kinds >> kind & 1))
		return false;
	second = n->start[(unsigned char)*name];
	return second && second >> (name[1] & 63) & 1;
}

#endif
