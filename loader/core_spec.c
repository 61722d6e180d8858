/* loader/core_spec.c - finds in a candidate what an access names locally. */
#include "loader/core_spec.h"

#include <errno.h>

/* "0:1:2": what the compiler wrote, member by member. */
static int parse_raw(struct spec *s, const char *text)
{
	do {
		u32 v = 0;

		if (*text < '0' || *text > '9')
			return -EINVAL;
		for (; *text >= '0' && *text <= '9'; text++)
			if (__builtin_mul_overflow(v, 10, &v) ||
			    __builtin_add_overflow(v, (u32)(*text - '0'), &v) || v > INT32_MAX)
				return -EINVAL;
		if (s->nraw == SPEC_DEPTH)
			return -E2BIG;
		s->raw[s->nraw++] = v;
	} while (*text++ == ':');
	return text[-1] ? -EINVAL : 0;
}

static int add_elements(struct spec *s, u32 type, u32 idx)
{
	u32 size;
	u64 bits;
	int err = btf_size(s->btf, type, &size);

	if (err)
		return err;
	if (__builtin_mul_overflow((u64)size * 8, idx, &bits) ||
	    __builtin_add_overflow(s->bit_off, bits, &s->bit_off))
		return -E2BIG;
	return 0;
}

/* An array without a size stands for any number of elements only as the last
 * member of a structure. */
static bool in_bounds(const struct spec *s, const struct btf_array *a, u32 idx)
{
	const struct accessor *in = &s->acc[s->nacc - 1];

	if (idx < a->nelems)
		return true;
	return !a->nelems && in->name && in->idx == btf_vlen(btf_type(s->btf, in->type)) - 1;
}

static int parse_step(struct spec *s, u32 *id, u32 idx)
{
	const struct btf_type *t = btf_type(s->btf, *id = btf_skip(s->btf, *id));

	if (btf_is(t, COMPOSITES)) {
		const struct btf_member *m = btf_members(t) + idx;

		if (idx >= btf_vlen(t))
			return -EINVAL;
		s->bit_off += btf_member_bit_off(t, idx);
		if (m->name_off && !*btf_str(s->btf, m->name_off))
			return -EINVAL;
		if (m->name_off)
			s->acc[s->nacc++] = (struct accessor){
				*id, idx, btf_str(s->btf, m->name_off)};
		*id = m->type;
		return 0;
	}
	if (btf_kind(t) == KIND_ARRAY) {
		if (!in_bounds(s, btf_array(t), idx))
			return -EINVAL;
		*id = btf_skip(s->btf, btf_array(t)->type);
		s->acc[s->nacc++] = (struct accessor){*id, idx, NULL};
		return add_elements(s, *id, idx);
	}
	return -EINVAL;
}

int spec_parse(struct spec *s, const struct btf *btf, const struct core_relo *r)
{
	const char *text = btf_str(btf, r->access_off);
	const struct btf_type *t;
	u32 id;
	int err;

	s->btf = btf;
	s->root = r->type_id;
	s->nacc = s->nraw = 0;
	s->bit_off = 0;
	if (r->kind >= CORE_KINDS)
		return -EOPNOTSUPP;
	if (r->type_id >= btf->n)
		return -EINVAL;
	err = parse_raw(s, text);
	if (err)
		return err;
	if (!core_is_field(r->kind) && !core_is_enumval(r->kind))
		return strcmp(text, "0") ? -EINVAL : 0;

	t = btf_type(btf, id = btf_skip(btf, r->type_id));
	s->acc[s->nacc++] = (struct accessor){id, s->raw[0], NULL};
	if (core_is_enumval(r->kind)) {
		if (!btf_is(t, ENUMS) || s->nraw > 1 || s->raw[0] >= btf_vlen(t))
			return -EINVAL;
		s->acc[0].name = btf_enumerator(btf, t, s->raw[0]).name;
		return 0;
	}
	/* the first index counts whole objects, as in p[2].field */
	err = add_elements(s, id, s->raw[0]);
	for (u32 i = 1; !err && i < s->nraw; i++)
		err = parse_step(s, &id, s->raw[i]);
	return err;
}

/* ---- field types ----------------------------------------------------------- */

static bool optional_name_same(const char *a, const char *b)
{
	return !*a || !*b || name_same_essence(a, b);
}

/* Whether an access made for one field type still means something on another. */
static bool fields_compat(const struct btf *lb, u32 lid, const struct btf *tb, u32 tid)
{
	for (u32 depth = 0; depth < BTF_DEPTH; depth++) {
		const struct btf_type *l = btf_type(lb, btf_skip(lb, lid));
		const struct btf_type *t = btf_type(tb, btf_skip(tb, tid));

		if (btf_is(l, COMPOSITES) && btf_is(t, COMPOSITES))
			return true;
		if (!core_same_kind(l, t))
			return false;
		if (btf_is(l, ENUMS | KIND_BIT(KIND_FWD)))
			return optional_name_same(btf_name(lb, l), btf_name(tb, t));
		if (btf_is(l, KIND_BIT(KIND_PTR) | KIND_BIT(KIND_FLOAT)))
			return true;
		if (btf_kind(l) == KIND_INT)	/* no bitfields of the oldest form */
			return !BTF_INT_OFFSET(btf_int(l)) && !BTF_INT_OFFSET(btf_int(t));
		if (btf_kind(l) != KIND_ARRAY)
			return false;
		lid = btf_array(l)->type;
		tid = btf_array(t)->type;
	}
	return false;
}

/* ---- search in a candidate ------------------------------------------------- */

struct search {
	struct spec *spec;		/* grows along the way found */
	const struct btf *local;
	const struct accessor *want;
	u32 want_type;			/* of the wanted member */
	u32 found_type;
	u64 *steps;
	u64 cost;			/* of one comparison */
};

enum { NOT_HERE, FOUND };

static bool named_member(struct search *f, u32 id, u32 i, const struct btf_member *m)
{
	struct spec *s = f->spec;

	if (!fields_compat(f->local, f->want_type, s->btf, m->type))
		return false;
	s->acc[s->nacc++] = (struct accessor){id, i, f->want->name};
	f->found_type = m->type;
	return true;
}

/* Looks for a member by name, through anonymous members.  In one structure the
 * name decides: of another type it is not looked for further.  Depth is bounded
 * by the room in spec->raw. */
static int find_member(struct search *f, u32 id)
{
	struct spec *s = f->spec;
	const struct btf_type *t = btf_type(s->btf, id = btf_skip(s->btf, id));

	if (!btf_is(t, COMPOSITES))
		return NOT_HERE;
	for (u32 i = 0; i < btf_vlen(t); i++) {
		const struct btf_member *m = btf_members(t) + i;
		const char *name = btf_str(s->btf, m->name_off);
		u64 bit_off = s->bit_off;
		int found = NOT_HERE;

		if (s->nraw == SPEC_DEPTH || !core_spend(f->steps, f->cost))
			return -E2BIG;
		if (*name && strcmp(name, f->want->name) != 0)
			continue;
		s->bit_off += btf_member_bit_off(t, i);
		s->raw[s->nraw++] = i;
		if (*name)
			found = named_member(f, id, i, m);
		else	/* a chain of typedefs before it is no free ride */
			found = core_spend(f->steps, SKIP_STEPS) ? find_member(f, m->type) : -E2BIG;
		if (found)
			return found;
		s->bit_off = bit_off;
		s->nraw--;
		if (*name)
			return NOT_HERE;
	}
	return NOT_HERE;
}

static int match_element(struct spec *s, const struct accessor *want, u32 *id)
{
	const struct btf_type *t = btf_type(s->btf, *id = btf_skip(s->btf, *id));

	/* the first accessor counts whole objects: there is no array around */
	if (s->nacc) {
		if (btf_kind(t) != KIND_ARRAY || !in_bounds(s, btf_array(t), want->idx))
			return 0;
		*id = btf_skip(s->btf, btf_array(t)->type);
	}
	if (s->nraw == SPEC_DEPTH)
		return -E2BIG;
	s->acc[s->nacc++] = (struct accessor){*id, want->idx, NULL};
	s->raw[s->nraw++] = want->idx;
	return add_elements(s, *id, want->idx) ?: FOUND;
}

static int match_enumerator(struct spec *s, const char *name, u32 id, u64 *steps)
{
	const struct btf_type *t = btf_type(s->btf, id = btf_skip(s->btf, id));

	if (!btf_is(t, ENUMS))
		return 0;
	for (u32 i = 0; i < btf_vlen(t); i++) {
		const char *theirs = btf_enumerator(s->btf, t, i).name;

		if (!core_spend(steps, 1))
			return -E2BIG;
		if (!name_same_essence(name, theirs))
			continue;
		s->acc[s->nacc++] = (struct accessor){id, i, theirs};
		s->raw[s->nraw++] = i;
		return 1;
	}
	return 0;
}

static int match_field(struct core *c, const struct spec *local, u32 id, struct spec *out)
{
	struct search f = {.spec = out, .local = local->btf, .steps = &c->steps};

	for (u32 i = 0; i < local->nacc; i++) {
		const struct accessor *a = &local->acc[i];
		int found;

		if (a->name) {
			f.want = a;
			f.want_type = btf_members(btf_type(local->btf, a->type))[a->idx].type;
			f.cost = 1 + strlen(a->name) / 32;
			found = find_member(&f, id);
			id = f.found_type;
		} else {
			found = match_element(out, a, &id);
		}
		if (found != FOUND)
			return MIN(found, 0);
	}
	return 1;
}

int spec_match(struct core *c, const struct spec *local, u32 id, u32 kind, struct spec *out)
{
	out->btf = c->target;
	out->root = id;
	out->nacc = out->nraw = 0;
	out->bit_off = 0;
	if (kind == CORE_TYPE_MATCHES)
		return types_match(c, local->root, id);
	if (core_is_enumval(kind))
		return match_enumerator(out, local->acc[0].name, id, &c->steps);
	if (core_is_field(kind))
		return match_field(c, local, id, out);
	return types_compat(c, local->root, id);
}
