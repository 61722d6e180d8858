/* loader/core_types.c - do two types of one name mean the same?
 *
 * Two questions: "compat" asks for the shape of pointers, arrays and
 * prototypes only; "match" (TYPE_MATCHES) compares members and names. */
#include "loader/core_spec.h"

#include <errno.h>

enum { TYPE_DEPTH = 32 };

struct compare {
	const struct btf *lb, *tb;
	u64 *steps;		/* prototypes of prototypes grow without it */
};

static bool plain_int(const struct btf_type *t)
{
	return !BTF_INT_OFFSET(btf_int(t));
}

static int compat(struct compare *c, u32 lid, u32 tid, u32 level);

static int compat_params(struct compare *c, const struct btf_type *l, const struct btf_type *t,
			 u32 level)
{
	if (btf_vlen(l) != btf_vlen(t))
		return 0;
	for (u32 i = 0; i < btf_vlen(l); i++) {
		int ok = !level ? -EINVAL : compat(c, btf_params(l)[i].type,
						   btf_params(t)[i].type, level - 1);

		if (ok <= 0)
			return ok;
	}
	return 1;
}

static int compat(struct compare *c, u32 lid, u32 tid, u32 level)
{
	const u32 by_name = KIND_BIT(KIND_VOID) | COMPOSITES | ENUMS | KIND_BIT(KIND_FWD);

	for (u32 depth = 0; depth < TYPE_DEPTH; depth++) {
		const struct btf_type *l = btf_type(c->lb, btf_skip(c->lb, lid));
		const struct btf_type *t = btf_type(c->tb, btf_skip(c->tb, tid));

		if (!core_spend(c->steps, SKIP_STEPS))
			return -E2BIG;
		if (!core_same_kind(l, t))
			return 0;
		if (btf_is(l, by_name))
			return 1;
		if (btf_kind(l) == KIND_INT)
			return plain_int(l) && plain_int(t);
		if (btf_kind(l) == KIND_ARRAY) {
			lid = btf_array(l)->type;
			tid = btf_array(t)->type;
			continue;
		}
		if (btf_kind(l) == KIND_FUNC_PROTO) {
			int ok = compat_params(c, l, t, level);

			if (ok <= 0)
				return ok;
		} else if (btf_kind(l) != KIND_PTR) {
			return 0;
		}
		lid = l->type;
		tid = t->type;
	}
	return -EINVAL;
}

static int compat_roots(struct compare *c, u32 lid, u32 tid)
{
	/* before any typedef is skipped the kinds are those of the names */
	if (!core_same_kind(btf_type(c->lb, lid), btf_type(c->tb, tid)))
		return 0;
	return compat(c, lid, tid, TYPE_DEPTH);
}

int types_compat(struct core *core, u32 local_id, u32 target_id)
{
	return compat_roots(&(struct compare){core->local, core->target, &core->steps}, local_id,
			    target_id);
}

int core_types_compat(const struct btf *local, u32 local_id, const struct btf *target,
		      u32 target_id)
{
	u64 steps = SPEC_STEPS;

	return compat_roots(&(struct compare){local, target, &steps}, local_id, target_id);
}

/* ---- TYPE_MATCHES ---------------------------------------------------------- */

static int match(struct compare *c, u32 lid, u32 tid, bool behind_ptr, u32 level);

static bool names_agree(struct compare *c, u32 loff, u32 toff)
{
	return name_same_essence(btf_str(c->lb, loff), btf_str(c->tb, toff));
}

/* Values may differ: they are what ENUMVAL_VALUE relocates.  Each is looked for
 * from where the one before it was: mostly they stand in one order. */
static int match_enums(struct compare *c, const struct btf_type *l, const struct btf_type *t)
{
	u32 n = btf_vlen(t), at = 0;

	if (!btf_is(t, ENUMS) || l->size != t->size || btf_vlen(l) > n)
		return 0;
	for (u32 i = 0; i < btf_vlen(l); i++) {
		const char *name = btf_enumerator(c->lb, l, i).name;
		bool found = false;

		for (u32 j = 0; !found && j < n; j++) {
			if (!core_spend(c->steps, 1))
				return -E2BIG;
			found = name_same_essence(name, btf_enumerator(c->tb, t, at).name);
			at = at + 1 == n ? 0 : at + 1;
		}
		if (!found)
			return 0;
	}
	return 1;
}

static int match_composites(struct compare *c, const struct btf_type *l, const struct btf_type *t,
			    u32 level)
{
	if (btf_kind(l) != btf_kind(t) || btf_vlen(l) > btf_vlen(t))
		return 0;
	for (u32 i = 0; i < btf_vlen(l); i++) {
		const struct btf_member *lm = btf_members(l) + i;
		int found = 0;

		for (u32 j = 0; !found && j < btf_vlen(t); j++) {
			const struct btf_member *tm = btf_members(t) + j;

			if (!core_spend(c->steps, 1))
				return -E2BIG;
			if (names_agree(c, lm->name_off, tm->name_off))
				found = match(c, lm->type, tm->type, false, level);
		}
		if (found <= 0)
			return found;
	}
	return 1;
}

/* For a forward declaration kflag says union. */
static bool fwd_stands_for(const struct btf_type *fwd, const struct btf_type *t)
{
	return btf_kind(t) == (btf_kflag(fwd) ? KIND_UNION : KIND_STRUCT);
}

static bool match_fwd(const struct btf_type *l, const struct btf_type *t, bool behind_ptr)
{
	if (btf_kind(t) == KIND_FWD)
		return btf_kflag(l) == btf_kflag(t);
	return behind_ptr && fwd_stands_for(l, t);
}

static bool match_ints(const struct btf_type *l, const struct btf_type *t)
{
	return l->size == t->size && (BTF_INT_ENCODING(btf_int(l)) & BTF_INT_SIGNED) ==
				     (BTF_INT_ENCODING(btf_int(t)) & BTF_INT_SIGNED);
}

static int match_params(struct compare *c, const struct btf_type *l, const struct btf_type *t,
			bool behind_ptr, u32 level)
{
	if (btf_vlen(l) != btf_vlen(t))
		return 0;
	for (u32 i = 0; i < btf_vlen(l); i++) {
		int ok = match(c, btf_params(l)[i].type, btf_params(t)[i].type, behind_ptr, level);

		if (ok <= 0)
			return ok;
	}
	return 1;
}

/* The kinds that end a walk along pointers and arrays. */
static int match_last(struct compare *c, const struct btf_type *l, const struct btf_type *t,
		      bool behind_ptr, u32 level)
{
	if (btf_kind(l) == KIND_FWD)
		return match_fwd(l, t, behind_ptr);
	if (btf_is(l, ENUMS))
		return match_enums(c, l, t);
	if (btf_is(l, COMPOSITES)) {
		if (!behind_ptr)
			return match_composites(c, l, t, level);
		return btf_kind(l) == btf_kind(t) ||
		       (btf_kind(t) == KIND_FWD && fwd_stands_for(t, l));
	}
	if (btf_kind(l) != btf_kind(t))
		return 0;
	if (btf_kind(l) == KIND_INT)
		return match_ints(l, t);
	return btf_kind(l) == KIND_VOID;
}

static int match(struct compare *c, u32 lid, u32 tid, bool behind_ptr, u32 level)
{
	const u32 onward = KIND_BIT(KIND_PTR) | KIND_BIT(KIND_ARRAY) | KIND_BIT(KIND_FUNC_PROTO);

	if (!level--)
		return -EINVAL;
	for (u32 depth = 0; depth < TYPE_DEPTH; depth++) {
		const struct btf_type *l = btf_type(c->lb, btf_skip(c->lb, lid));
		const struct btf_type *t = btf_type(c->tb, btf_skip(c->tb, tid));
		int ok = 1;

		if (!core_spend(c->steps, SKIP_STEPS))
			return -E2BIG;
		if (!names_agree(c, l->name_off, t->name_off))
			return 0;
		if (!btf_is(l, onward))
			return match_last(c, l, t, behind_ptr, level);
		if (btf_kind(l) != btf_kind(t))
			return 0;
		lid = l->type;
		tid = t->type;
		if (btf_kind(l) == KIND_PTR) {
			behind_ptr = true;
		} else if (btf_kind(l) == KIND_ARRAY) {
			ok = btf_array(l)->nelems == btf_array(t)->nelems;
			lid = btf_array(l)->type;
			tid = btf_array(t)->type;
		} else {
			ok = match_params(c, l, t, behind_ptr, level);
		}
		if (ok <= 0)
			return ok;
	}
	return -EINVAL;
}

int types_match(struct core *core, u32 local_id, u32 target_id)
{
	struct compare c = {core->local, core->target, &core->steps};

	return match(&c, local_id, target_id, false, TYPE_DEPTH);
}
