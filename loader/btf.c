/* loader/btf.c - type information of an object or of the running kernel. */
#include "loader/btf.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/wanted.h"

enum { BTF_KINDS = 128 };	/* 7 bits */

enum { NONE = 0xff };

/* Length of a record: struct btf_type, the fixed tail, vlen times each; and
 * what in it refers to something: btf_type.type, and in each of vlen. */
struct record {
	u8 fixed, each;
	bool known;
	bool ref;
	u8 name_at, type_at;	/* in each; NONE */
};

#define PLAIN(fixed)		{fixed, 0, true, false, NONE, NONE}
#define REFERS(fixed)		{fixed, 0, true, true, NONE, NONE}
#define EACH(s, name, type)	{0, sizeof(s), true, false, name, type}

static const struct record records[KIND_N] = {
	[KIND_INT]        = PLAIN(sizeof(u32)),
	[KIND_PTR]        = REFERS(0),
	[KIND_ARRAY]      = PLAIN(sizeof(struct btf_array)),
	[KIND_STRUCT]     = EACH(struct btf_member, 0, offsetof(struct btf_member, type)),
	[KIND_UNION]      = EACH(struct btf_member, 0, offsetof(struct btf_member, type)),
	[KIND_ENUM]       = EACH(struct btf_enum, 0, NONE),
	[KIND_FWD]        = PLAIN(0),
	[KIND_TYPEDEF]    = REFERS(0),
	[KIND_VOLATILE]   = REFERS(0),
	[KIND_CONST]      = REFERS(0),
	[KIND_RESTRICT]   = REFERS(0),
	[KIND_FUNC]       = REFERS(0),	/* vlen is its linkage */
	[KIND_FUNC_PROTO] = {0, sizeof(struct btf_param), true, true, 0,
			     offsetof(struct btf_param, type)},
	[KIND_VAR]        = REFERS(sizeof(struct btf_var)),
	[KIND_DATASEC]    = EACH(struct btf_var_secinfo, NONE, 0),
	[KIND_FLOAT]      = PLAIN(0),
	[KIND_DECL_TAG]   = REFERS(sizeof(u32)),
	[KIND_TYPE_TAG]   = REFERS(0),
	[KIND_ENUM64]     = EACH(struct uapi_enum64, 0, NONE),
};

static u64 record_len(const struct record *r, const struct btf_type *t)
{
	return sizeof(*t) + r->fixed + (u64)r->each * btf_vlen(t);
}

/* Since 7.1 a header may say how long records of each kind are. */
static int read_layout(struct record table[BTF_KINDS], struct bytes blob, u32 hdr_len)
{
	const u32 *loc = bytes_at(blob, BTF_HEADER_LEN, 2 * sizeof(u32));
	const struct uapi_btf_layout *l;
	u32 n;

	if (hdr_len < BTF_HEADER_LEN + 2 * sizeof(u32) || !loc || !loc[1])
		return 0;
	l = bytes_at(blob, (u64)hdr_len + loc[0], loc[1]);
	if (!l || loc[0] % sizeof(u32) || loc[1] % sizeof(*l))
		return -EBADMSG;
	n = MIN(loc[1] / (u32)sizeof(*l), (u32)BTF_KINDS);
	for (u32 k = 0; k < n; k++)
		if (!table[k].known)
			table[k] = (struct record){l[k].info_sz, l[k].elem_sz, true, false,
						   NONE, NONE};
	return 0;
}

static bool overlap(struct bytes a, struct bytes b)
{
	return a.n && b.n && a.p < b.p + b.n && b.p < a.p + a.n;
}

static int open_sections(struct btf *b, struct bytes blob, struct record table[BTF_KINDS])
{
	const struct btf_header *h = bytes_at(blob, 0, BTF_HEADER_LEN);

	if (!h || (uintptr_t)h % _Alignof(u32) || h->magic != BTF_MAGIC ||
	    h->version != BTF_VERSION || h->hdr_len < BTF_HEADER_LEN || h->hdr_len % sizeof(u32))
		return -EBADMSG;
	b->types = (struct bytes){bytes_at(blob, (u64)h->hdr_len + h->type_off, h->type_len),
				  h->type_len};
	b->strs = (struct bytes){bytes_at(blob, (u64)h->hdr_len + h->str_off, h->str_len),
				 h->str_len};
	if (!b->types.p || h->type_off % sizeof(u32) || !b->strs.p || overlap(b->types, b->strs))
		return -EBADMSG;
	/* offset 0 is the empty name; the last name is closed like the others */
	if (!b->strs.n || b->strs.p[0] || b->strs.p[b->strs.n - 1])
		return -EBADMSG;
	memcpy(table, records, sizeof(records));
	return read_layout(table, blob, h->hdr_len);
}

/* A 32-bit kernel is known by its long; compilers write the words in any order. */
static bool is_long(const char *name)
{
	static const char *const names[] = {
		"long", "long int", "int long",
		"unsigned long", "long unsigned",
		"unsigned long int", "unsigned int long", "long unsigned int",
		"long int unsigned", "int unsigned long", "int long unsigned",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void note_long(struct btf *b, const struct btf_type *t, const char *name)
{
	if (!b->ptr_size && (t->size == sizeof(u32) || t->size == sizeof(u64)) && is_long(name))
		b->ptr_size = t->size;
}

static int index_types(struct btf *b, const struct record table[BTF_KINDS], struct wanted *names)
{
	u32 id = 1, at = 0;

	while (at < b->types.n) {
		const struct btf_type *t = bytes_at(b->types, at, sizeof(*t));
		const struct record *r;
		const char *name;
		u64 len;

		if (!t)
			return -EBADMSG;
		r = &table[btf_kind(t)];
		if (!r->known)
			return -EPROTO;
		len = record_len(r, t);
		if ((r->fixed | r->each) % sizeof(u32) || len > b->types.n - at)
			return -EBADMSG;
		b->off[id] = at;
		name = btf_name(b, t);
		if (btf_kind(t) == KIND_INT)
			note_long(b, t, name);
		if (names && btf_kind(t) < KIND_N && wanted_maybe(names, btf_kind(t), name)) {
			int err = wanted_offer(names, id, btf_kind(t), name);

			if (err)
				return err;
		}
		at += (u32)len;
		id++;
	}
	b->n = id;
	if (!b->ptr_size)
		b->ptr_size = sizeof(u64);
	return 0;
}

int btf_open(struct btf *out, struct bytes blob, struct wanted *names)
{
	struct record table[BTF_KINDS] = {0};
	struct btf b = {0};
	int err;

	err = open_sections(&b, blob, table);
	if (err)
		return err;
	/* An upper bound: what is not used is never touched, so costs nothing. */
	b.off = malloc((b.types.n / sizeof(struct btf_type) + 1) * sizeof(*b.off));
	if (!b.off)
		return -ENOMEM;
	err = index_types(&b, table, names);
	if (err)
		btf_close(&b);
	else
		*out = b;
	return err;
}

void btf_close(struct btf *b)
{
	free(b->off);
	*b = (struct btf){0};
}

/* ---- references ------------------------------------------------------------ */

static bool refers_well(const struct btf *b, u32 id, const struct btf_type *t)
{
	return id < b->n && (btf_kind(t) != KIND_FUNC ||
			     btf_kind(btf_type(b, id)) == KIND_FUNC_PROTO);
}

static bool check_type(const struct btf *b, const struct btf_type *t)
{
	const struct record *r = &records[btf_kind(t)];
	const unsigned char *each = (const unsigned char *)(t + 1) + r->fixed;

	if (t->name_off >= b->strs.n || (r->ref && !refers_well(b, t->type, t)))
		return false;
	if (btf_kind(t) == KIND_ARRAY)
		return btf_array(t)->type < b->n && btf_array(t)->index_type < b->n;
	for (u32 i = 0; r->each && i < btf_vlen(t); i++, each += r->each) {
		u32 word;

		if (r->name_at != NONE) {
			memcpy(&word, each + r->name_at, sizeof(word));
			if (word >= b->strs.n)
				return false;
		}
		if (r->type_at != NONE) {
			memcpy(&word, each + r->type_at, sizeof(word));
			if (word >= b->n)
				return false;
		}
	}
	return true;
}

int btf_check(const struct btf *b, u32 *id)
{
	for (*id = 1; *id < b->n; ++*id) {
		const struct btf_type *t = btf_type(b, *id);

		if (btf_kind(t) < KIND_N ? !check_type(b, t) : t->name_off >= b->strs.n)
			return -EBADMSG;
	}
	return 0;
}

const struct btf_type *btf_type(const struct btf *b, u32 id)
{
	static const struct btf_type nothing;

	if (!id || id >= b->n)
		return &nothing;
	return (const struct btf_type *)(const void *)(b->types.p + b->off[id]);
}

const char *btf_str(const struct btf *b, u32 off)
{
	return off < b->strs.n ? (const char *)b->strs.p + off : "";
}

u32 btf_skip(const struct btf *b, u32 id)
{
	for (u32 depth = 0; depth < BTF_CHAIN; depth++) {
		const struct btf_type *t = btf_type(b, id);

		if (!btf_is(t, MODIFIERS))
			return id < b->n ? id : 0;
		id = t->type;
	}
	return 0;
}

int btf_size(const struct btf *b, u32 id, u32 *size)
{
	const u32 sized = COMPOSITES | ENUMS | KIND_BIT(KIND_INT) | KIND_BIT(KIND_FLOAT) |
			  KIND_BIT(KIND_DATASEC);
	const u32 onward = MODIFIERS | KIND_BIT(KIND_VAR) | KIND_BIT(KIND_DECL_TAG);
	u32 n = 1;

	for (u32 depth = 0; depth < BTF_DEPTH; depth++) {
		const struct btf_type *t = btf_type(b, id);

		if (btf_kind(t) == KIND_ARRAY) {
			if (__builtin_mul_overflow(n, btf_array(t)->nelems, &n))
				return -E2BIG;
			id = btf_array(t)->type;
		} else if (btf_is(t, onward)) {
			id = t->type;
		} else if (btf_kind(t) == KIND_PTR) {
			return __builtin_mul_overflow(n, b->ptr_size, size) ? -E2BIG : 0;
		} else {
			if (!btf_is(t, sized))
				return -EINVAL;
			return __builtin_mul_overflow(n, t->size, size) ? -E2BIG : 0;
		}
	}
	return -EINVAL;
}

struct enumerator btf_enumerator(const struct btf *b, const struct btf_type *t, u32 i)
{
	const struct uapi_enum64 *wide = (const struct uapi_enum64 *)(t + 1);
	const struct btf_enum *e = (const struct btf_enum *)(t + 1);

	if (btf_kind(t) == KIND_ENUM64)
		return (struct enumerator){btf_str(b, wide[i].name_off),
					   (u64)wide[i].hi << 32 | wide[i].lo};
	return (struct enumerator){btf_str(b, e[i].name_off), (u64)(s64)e[i].val};
}
