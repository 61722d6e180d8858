/* loader/wanted.c - wanted names, open addressing over FNV-1a. */
#include "loader/wanted.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/uapi.h"

enum { FIRST_ROOM = 64 };

static bool flavour_at(const char *s)
{
	return s[0] == '_' && s[1] == '_' && s[2] == '_' && s[3] && s[3] != '_';
}

/* Hash and length of the essential part, in one walk over the name. */
static u32 essence(const char *name, u32 *len)
{
	u32 h = 2166136261u, cut_hash = 0;
	u32 n, cut = 0;

	for (n = 0; name[n] && n < NAME_LONGEST; n++) {
		if (name[n] == '_' && n && name[n - 1] != '_' && flavour_at(name + n)) {
			cut = n;
			cut_hash = h;
		}
		h = (h ^ (unsigned char)name[n]) * 16777619u;
	}
	*len = cut ? cut : n;
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
	size_t n;

	if (*a != *b)
		return false;
	n = name_essential_len(a);
	return !strncmp(a, b, n) && n == name_essential_len(b);
}

/* The slot of that name: its row, or the free one where it would go. */
static u32 find_slot(const struct wanted *n, const char *name, u32 len, u32 hash)
{
	u32 slots = 2 * n->room;
	u32 s = hash % slots;

	for (; n->slot[s]; s = (s + 1) % slots) {
		const struct name_want *w = &n->want[n->slot[s] - 1];

		if (w->hash == hash && w->len == len && !memcmp(w->name, name, len))
			break;
	}
	return s;
}

/* Twice the rows, and every name in its new slot. */
static int grow(struct wanted *n)
{
	u32 room = n->room ? 2 * n->room : FIRST_ROOM;
	struct name_want *want = realloc(n->want, room * sizeof(*want));
	u32 *slot;

	if (!want)
		return -ENOMEM;
	n->want = want;
	slot = calloc(2 * (size_t)room, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	free(n->slot);
	n->slot = slot;
	n->room = room;
	for (u32 i = 0; i < n->n; i++)
		slot[find_slot(n, want[i].name, want[i].len, want[i].hash)] = i + 1;
	return 0;
}

static u64 second_byte(char c)
{
	return 1ull << (c & 63);
}

int wanted_add(struct wanted *n, const char *name, u32 kinds)
{
	u32 len, hash = essence(name, &len);
	int err;
	u32 s;

	if (!*name)
		return 0;
	err = n->n == n->room ? grow(n) : 0;
	if (err)
		return err;
	s = find_slot(n, name, len, hash);
	if (!n->slot[s]) {
		n->want[n->n] = (struct name_want){.name = name, .len = len, .hash = hash};
		n->slot[s] = ++n->n;
	}
	n->want[n->slot[s] - 1].kinds |= kinds;
	n->kinds |= kinds;
	n->start[(unsigned char)*name] |= second_byte(name[1]);
	if (len == 1)	/* either side may end there, and the other have a flavour */
		n->start[(unsigned char)*name] |= second_byte(0) | second_byte('_');
	return 0;
}

void wanted_free(struct wanted *n)
{
	free(n->want);
	free(n->slot);
	free(n->hit);
	*n = (struct wanted){0};
}

const struct name_want *wanted_find(const struct wanted *n, const char *name)
{
	u32 len, hash = essence(name, &len);
	u32 s;

	if (!n->n)
		return NULL;
	s = find_slot(n, name, len, hash);
	return n->slot[s] ? &n->want[n->slot[s] - 1] : NULL;
}

int wanted_offer(struct wanted *n, u32 id, u32 kind, const char *name)
{
	u32 len, hash = essence(name, &len);
	struct name_want *w;
	u32 s;

	if (!n->n)
		return 0;
	s = find_slot(n, name, len, hash);
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
