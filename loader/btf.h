/* loader/btf.h - type information of an object or of the running kernel.
 *
 * btf_open() checks once that every record lies inside the type section.
 * References between types are checked by btf_check() only, which the kernel's
 * own BTF does not need: an id that does not exist reads as void, a bad string
 * offset as "", and everything that follows references has a limit, so hostile
 * input ends in "does not match".
 * Format: Documentation/bpf/btf.rst in the kernel tree. */
#ifndef LOADER_BTF_H
#define LOADER_BTF_H

#include "loader/uapi.h"

enum {
	BTF_DEPTH = 32,		/* references on the way to a size: the kernel's limit */
	BTF_HEADER_LEN = 24,	/* as of 4.18; 7.1 put two more words behind it, and the host's
				 * struct may have either length */
	BTF_CHAIN = 128,	/* qualifiers and typedefs in a row; compilers write a few */
};

struct wanted;

struct btf {
	struct bytes types;
	struct bytes strs;
	u32 *off;		/* owned: where type id begins in types; off[0] unused */
	u32 n;			/* ids are 1 .. n - 1; 0 is void */
	u32 ptr_size;		/* that of the type "long", 8 where there is none */
};

/* Points into blob, which must be 4-aligned and outlive *out.  names, when not
 * NULL, collects its hits in the same pass.  -EBADMSG: malformed; -EPROTO: a
 * kind of record that is newer than this program. */
int btf_open(struct btf *out, struct bytes blob, struct wanted *names) MUST_CHECK;
void btf_close(struct btf *b);
/* -EBADMSG: *id refers to a type or a name that does not exist, or is a function
 * without a prototype. */
int btf_check(const struct btf *b, u32 *id) MUST_CHECK;

const struct btf_type *btf_type(const struct btf *b, u32 id);	/* never NULL */
const char *btf_str(const struct btf *b, u32 off);

/* The type behind typedefs, qualifiers and tags; void if they never end. */
u32 btf_skip(const struct btf *b, u32 id);
/* Bytes that an object of that type takes.  -EINVAL: it has no size. */
int btf_size(const struct btf *b, u32 id, u32 *size) MUST_CHECK;

/* Since 7.1 the count has 24 bits and the kind 7; older headers keep those
 * bits zero. */
static inline u32 btf_kind(const struct btf_type *t)
{
	return t->info >> 24 & 0x7f;
}

static inline u32 btf_vlen(const struct btf_type *t)
{
	return t->info & 0xffffff;
}

static inline bool btf_kflag(const struct btf_type *t)
{
	return t->info >> 31;
}

static inline bool btf_is(const struct btf_type *t, u32 kinds)
{
	return btf_kind(t) < KIND_N && kinds >> btf_kind(t) & 1;
}

enum {
	COMPOSITES = KIND_BIT(KIND_STRUCT) | KIND_BIT(KIND_UNION),
	ENUMS = KIND_BIT(KIND_ENUM) | KIND_BIT(KIND_ENUM64),
	MODIFIERS = KIND_BIT(KIND_TYPEDEF) | KIND_BIT(KIND_VOLATILE) | KIND_BIT(KIND_CONST) |
		    KIND_BIT(KIND_RESTRICT) | KIND_BIT(KIND_TYPE_TAG),
};

static inline const char *btf_name(const struct btf *b, const struct btf_type *t)
{
	return btf_str(b, t->name_off);
}

static inline const struct btf_member *btf_members(const struct btf_type *t)
{
	return (const struct btf_member *)(t + 1);
}

static inline const struct btf_array *btf_array(const struct btf_type *t)
{
	return (const struct btf_array *)(t + 1);
}

static inline const struct btf_param *btf_params(const struct btf_type *t)
{
	return (const struct btf_param *)(t + 1);
}

static inline const struct btf_var_secinfo *btf_secinfos(const struct btf_type *t)
{
	return (const struct btf_var_secinfo *)(t + 1);
}

static inline u32 btf_linkage_of_var(const struct btf_type *t)
{
	return ((const struct btf_var *)(t + 1))->linkage;
}

/* The u32 behind an INT: encoding, offset, bits. */
static inline u32 btf_int(const struct btf_type *t)
{
	return *(const u32 *)(t + 1);
}

static inline u32 btf_member_bit_off(const struct btf_type *t, u32 i)
{
	u32 off = btf_members(t)[i].offset;

	return btf_kflag(t) ? BTF_MEMBER_BIT_OFFSET(off) : off;
}

static inline u32 btf_member_bits(const struct btf_type *t, u32 i)
{
	return btf_kflag(t) ? BTF_MEMBER_BITFIELD_SIZE(btf_members(t)[i].offset) : 0;
}

struct enumerator {
	const char *name;
	u64 value;		/* sign-extended from 32 bits, as libbpf does */
};

/* i < btf_vlen(t), t an ENUM or ENUM64. */
struct enumerator btf_enumerator(const struct btf *b, const struct btf_type *t, u32 i);

#endif
