/* loader/btf.c - type information of an object or of the running kernel. */
#include "loader/btf.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/wanted.h"

enum { BTF_KINDS = 128 };	/* 7 bits */

/* Length of a record: struct btf_type, the fixed tail, vlen times each. */
struct record {
	u8 fixed, each;
	bool known;
};

static const struct record records[KIND_N] = {
	[KIND_INT]        = {sizeof(u32), 0, true},
	[KIND_PTR]        = {0, 0, true},
	[KIND_ARRAY]      = {sizeof(struct btf_array), 0, true},
	[KIND_STRUCT]     = {0, sizeof(struct btf_member), true},
	[KIND_UNION]      = {0, sizeof(struct btf_member), true},
	[KIND_ENUM]       = {0, sizeof(struct btf_enum), true},
	[KIND_FWD]        = {0, 0, true},
	[KIND_TYPEDEF]    = {0, 0, true},
	[KIND_VOLATILE]   = {0, 0, true},
	[KIND_CONST]      = {0, 0, true},
	[KIND_RESTRICT]   = {0, 0, true},
	[KIND_FUNC]       = {0, 0, true},	/* vlen is its linkage */
	[KIND_FUNC_PROTO] = {0, sizeof(struct btf_param), true},
	[KIND_VAR]        = {sizeof(struct btf_var), 0, true},
	[KIND_DATASEC]    = {0, sizeof(struct btf_var_secinfo), true},
	[KIND_FLOAT]      = {0, 0, true},
	[KIND_DECL_TAG]   = {sizeof(u32), 0, true},
	[KIND_TYPE_TAG]   = {0, 0, true},
	[KIND_ENUM64]     = {0, sizeof(struct uapi_enum64), true},
};

static u64 record_len(const struct record *r, const struct btf_type *t)
{
	return sizeof(*t) + r->fixed + (u64)r->each * btf_vlen(t);
}

/* Since 7.1 a header may say how long records of each kind are, behind the
 * fields of struct btf_header: u32 layout_off, layout_len. */
static int read_layout(struct record table[BTF_KINDS], struct bytes blob, u32 hdr_len)
{
	const u32 *loc = bytes_at(blob, sizeof(struct btf_header), 2 * sizeof(u32));
	const struct uapi_btf_layout *l;
	u32 n;

	if (hdr_len < sizeof(struct btf_header) + 2 * sizeof(u32) || !loc || !loc[1])
		return 0;
	l = bytes_at(blob, (u64)hdr_len + loc[0], loc[1]);
	if (!l || loc[0] % sizeof(u32))
		return -EBADMSG;
	n = MIN(loc[1] / (u32)sizeof(*l), (u32)BTF_KINDS);
	for (u32 k = KIND_N; k < n; k++)
		table[k] = (struct record){l[k].info_sz, l[k].elem_sz, true};
	return 0;
}

static int open_sections(struct btf *b, struct bytes blob, struct record table[BTF_KINDS])
{
	const struct btf_header *h = bytes_at(blob, 0, sizeof(*h));

	if (!h || (uintptr_t)h % _Alignof(u32) || h->magic != BTF_MAGIC ||
	    h->version != BTF_VERSION || h->hdr_len < sizeof(*h) || h->hdr_len % sizeof(u32))
		return -EBADMSG;
	b->types = (struct bytes){bytes_at(blob, (u64)h->hdr_len + h->type_off, h->type_len),
				  h->type_len};
	b->strs = (struct bytes){bytes_at(blob, (u64)h->hdr_len + h->str_off, h->str_len),
				 h->str_len};
	if (!b->types.p || h->type_off % sizeof(u32))
		return -EBADMSG;
	/* offset 0 is the empty name; the last name is closed like the others */
	if (!b->strs.p || !b->strs.n || b->strs.p[0] || b->strs.p[b->strs.n - 1])
		return -EBADMSG;
	memcpy(table, records, sizeof(records));
	return read_layout(table, blob, h->hdr_len);
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
		if (len % sizeof(u32) || len > b->types.n - at)
			return -EBADMSG;
		b->off[id] = at;
		name = btf_name(b, t);
		if (names && btf_kind(t) < KIND_N && wanted_maybe(names, btf_kind(t), name)) {
			int err = wanted_offer(names, id, btf_kind(t), name);

			if (err)
				return err;
		}
		at += (u32)len;
		id++;
	}
	b->n = id;
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
	for (u32 depth = 0; depth < BTF_DEPTH; depth++) {
		const struct btf_type *t = btf_type(b, id);

		if (!btf_is(t, MODIFIERS))
			return id < b->n ? id : 0;
		id = t->type;
	}
	return 0;
}

int btf_size(const struct btf *b, u32 id, u32 *size)
{
	const u32 sized = COMPOSITES | ENUMS | KIND_BIT(KIND_INT) | KIND_BIT(KIND_FLOAT);
	u32 n = 1;

	for (u32 depth = 0; depth < BTF_DEPTH; depth++) {
		const struct btf_type *t = btf_type(b, btf_skip(b, id));
		u32 one = t->size;

		if (btf_kind(t) == KIND_ARRAY) {
			if (__builtin_mul_overflow(n, btf_array(t)->nelems, &n))
				return -E2BIG;
			id = btf_array(t)->type;
			continue;
		}
		if (btf_kind(t) == KIND_PTR)
			one = sizeof(u64);	/* BPF, and every kernel that runs it here */
		else if (!btf_is(t, sized))
			return -EINVAL;
		return __builtin_mul_overflow(n, one, size) ? -E2BIG : 0;
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
