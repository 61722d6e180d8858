/* loader/core_spec.h - inside of CO-RE: one access to a type, spelled out.
 * Only core*.c and their test include it. */
#ifndef LOADER_CORE_SPEC_H
#define LOADER_CORE_SPEC_H

#include "loader/core.h"

enum {
	SPEC_DEPTH = 64,
	/* How many members, names and references one object may look at: a limit
	 * on depth alone does not bound types that contain each other twice. */
	SPEC_STEPS = 1 << 27,
	SKIP_STEPS = 8,		/* for the typedefs and qualifiers before a type */
};

struct accessor {
	u32 type;		/* holds the member, or is the array's element */
	u32 idx;
	const char *name;	/* of the member or enumerator; NULL: array element */
};

struct spec {
	const struct btf *btf;
	u32 root;
	struct accessor acc[SPEC_DEPTH];
	u32 nacc;
	u32 raw[SPEC_DEPTH];	/* as written, anonymous members included */
	u32 nraw;
	u64 bit_off;
};

/* What a record asks for, computed on one side: local, or a candidate. */
struct value {
	u64 v;
	u32 size;		/* of the element accessed; 0 does not matter */
	u32 type;		/* of the field */
	bool certain;		/* the compiler computed the same */
};

enum { NOT_THERE = 1 };		/* beside 0 and -errno: there is no such value, poison */

static inline bool core_is_field(u32 kind)
{
	return kind <= CORE_RSHIFT;
}

static inline bool core_is_enumval(u32 kind)
{
	return kind == CORE_ENUMVAL_EXISTS || kind == CORE_ENUMVAL_VALUE;
}

static inline bool core_same_kind(const struct btf_type *a, const struct btf_type *b)
{
	return btf_kind(a) == btf_kind(b) || (btf_is(a, ENUMS) && btf_is(b, ENUMS));
}

/* Takes n from what is left; false when that is not enough. */
static inline bool core_spend(u64 *steps, u64 n)
{
	if (*steps < n)
		return false;
	*steps -= n;
	return true;
}

int spec_parse(struct spec *s, const struct btf *btf, const struct core_relo *r) MUST_CHECK;
/* 1: *out is the same access to candidate id; 0: it has none; or -errno. */
int spec_match(struct core *c, const struct spec *local, u32 id, u32 kind,
	       struct spec *out) MUST_CHECK;
/* s is NULL when no candidate matched. */
int spec_value(u32 kind, const struct spec *s, struct value *out) MUST_CHECK;

/* As core_types_compat(), and for TYPE_MATCHES. */
int types_compat(struct core *c, u32 local_id, u32 target_id) MUST_CHECK;
int types_match(struct core *c, u32 local_id, u32 target_id) MUST_CHECK;

#endif
