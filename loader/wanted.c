/* loader/wanted.c - wanted names, open addressing over FNV-1a. */
#include "loader/wanted.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/uapi.h"

static bool flavour_at(const char *s)
{
	return s[0] == '_' && s[1] == '_' && s[2] == '_' && s[3] && s[3] != '_';
}

/* Hash and length of the essential part, in one walk over the name. */
static u32 essence(const char *name, u32 *len)
{
	u32 h = 2166136261u, cut_hash = 0;
	size_t n, cut = 0;

	for (n = 0; name[n]; n++) {
		if (name[n] == '_' && n && name[n - 1] != '_' && flavour_at(name + n)) {
			cut = n;
			cut_hash = h;
		}
		h = (h ^ (unsigned char)name[n]) * 16777619u;
	}
	*len = (u32)(cut ? cut : n);
	return cut ? cut_hash : h;
}

size_t name_essential_len(const char *name)
{
	u32 len;

	essence(name, &len);
	return len;
}

bool name_same_essence(const char *a, const char *b)
{
	size_t n = name_essential_len(a);

	return n == name_essential_len(b) && !memcmp(a, b, n);
}

/* The slot of that name: its row, or the free one where it would go. */
static u32 find_slot(const struct wanted *n, const char *name, u32 len, u32 hash)
{
	u32 s = hash % NAMES_SLOTS;

	for (; n->slot[s]; s = (s + 1) % NAMES_SLOTS) {
		const struct name_want *w = &n->want[n->slot[s] - 1];

		if (w->hash == hash && w->len == len && !memcmp(w->name, name, len))
			break;
	}
	return s;
}

int wanted_add(struct wanted *n, const char *name, u32 kinds)
{
	u32 len, hash = essence(name, &len);
	u32 s = find_slot(n, name, len, hash);

	if (!n->slot[s]) {
		if (n->n == NAMES_MAX)
			return -E2BIG;
		n->want[n->n] = (struct name_want){.name = name, .len = len, .hash = hash};
		n->slot[s] = (u16)++n->n;
	}
	n->want[n->slot[s] - 1].kinds |= kinds;
	n->kinds |= kinds;
	n->first[(unsigned char)*name] = true;
	return 0;
}

void wanted_free(struct wanted *n)
{
	free(n->hit);
	n->hit = NULL;
	n->nhit = n->cap = 0;
}

const struct name_want *wanted_find(const struct wanted *n, const char *name)
{
	u32 len, hash = essence(name, &len);
	u32 s = find_slot(n, name, len, hash);

	return n->slot[s] ? &n->want[n->slot[s] - 1] : NULL;
}

int wanted_offer(struct wanted *n, u32 id, u32 kind, const char *name)
{
	u32 len, hash = essence(name, &len);
	u32 s = find_slot(n, name, len, hash);
	struct name_want *w;

	if (!n->slot[s])
		return 0;
	w = &n->want[n->slot[s] - 1];
	if (!(w->kinds & KIND_BIT(kind)))
		return 0;
	if (n->nhit == n->cap) {
		u32 cap = n->cap ? n->cap * 2 : 64;
		struct name_hit *grown = realloc(n->hit, cap * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		n->hit = grown;
		n->cap = cap;
	}
	n->hit[n->nhit] = (struct name_hit){.id = id, .next = w->hits};
	w->hits = ++n->nhit;
	return 0;
}
