/* loader/core_spec.h - inside of CO-RE: one access to a type, spelled out.
 * Only core*.c and their test include it. */
#ifndef LOADER_CORE_SPEC_H
#define LOADER_CORE_SPEC_H

#include "loader/core.h"

enum {
	SPEC_DEPTH = 64,
	/* How many members one search may look at.  The depth alone does not
	 * bound a search through types that contain each other twice. */
	SPEC_STEPS = 1 << 16,
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

int spec_parse(struct spec *s, const struct btf *btf, const struct core_relo *r) MUST_CHECK;
/* 1: *out is the same access to candidate id; 0: it has none; or -errno. */
int spec_match(struct spec *out, const struct spec *local, const struct btf *target, u32 id,
	       u32 kind) MUST_CHECK;

int core_types_match(const struct btf *local, u32 local_id, const struct btf *target,
		     u32 target_id) MUST_CHECK;

#endif
