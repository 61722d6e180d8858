/* loader/core.c - which types a CO-RE record means, what follows from all of
 * them, and what that does to an instruction. */
#include "loader/core.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "loader/core_spec.h"

struct core_candidates {
	u32 n;
	u32 id[];
};

enum {
	MATCHES = 1u << 31,	/* on an id, while a record looks through its candidates */
	CANDIDATE_COST = 16,	/* steps: bounds the memory that hostile names can take */
};

/* ---- candidates ------------------------------------------------------------ */

static u32 same_name_kinds(const struct btf_type *t)
{
	if (btf_is(t, ENUMS))
		return ENUMS;
	return btf_kind(t) && btf_kind(t) < KIND_N ? KIND_BIT(btf_kind(t)) : 0;
}

int core_want(struct wanted *names, const struct btf *local, const struct core_relo *r)
{
	const struct btf_type *t = btf_type(local, r->type_id);

	if (r->kind == CORE_TYPE_ID_LOCAL || !*btf_name(local, t))
		return 0;
	return wanted_add(names, btf_name(local, t), same_name_kinds(t));
}

int core_open(struct core *c, const struct btf *local, const struct btf *target,
	      const struct wanted *names)
{
	*c = (struct core){.local = local, .target = target, .names = names,
			   .steps = SPEC_STEPS};
	c->list = calloc(local->n, sizeof(struct core_candidates *));
	return c->list ? 0 : -ENOMEM;
}

void core_close(struct core *c)
{
	for (u32 i = 0; c->list && i < c->local->n; i++)
		free(c->list[i]);
	free(c->list);
	c->list = NULL;
}

/* Types of the target with the name and the kind of a local one, by id. */
static int candidates(struct core *c, u32 root, struct core_candidates **out)
{
	const struct btf_type *l = btf_type(c->local, root);
	const struct name_want *w = wanted_find(c->names, btf_name(c->local, l));
	struct core_candidates *list = c->list[root];
	u32 n = 0;

	*out = list;
	if (list)
		return 0;
	for (u32 h = w ? w->hits : 0; h; h = c->names->hit[h - 1].next)
		n += core_same_kind(l, btf_type(c->target, c->names->hit[h - 1].id));
	if (!core_spend(&c->steps, (u64)n * CANDIDATE_COST))
		return -E2BIG;
	list = malloc(sizeof(*list) + n * sizeof(list->id[0]));
	if (!list)
		return -ENOMEM;
	list->n = n;
	/* hits are chained from the last to the first */
	for (u32 h = w ? w->hits : 0; h; h = c->names->hit[h - 1].next)
		if (core_same_kind(l, btf_type(c->target, c->names->hit[h - 1].id)))
			list->id[--n] = c->names->hit[h - 1].id;
	*out = c->list[root] = list;
	return 0;
}

/* ---- decisions ------------------------------------------------------------- */

/* A load may grow or shrink with its field where the new bits are zero: that
 * of a pointer or of an unsigned integer. */
static bool resizable(const struct btf *lb, u32 lid, const struct btf *tb, u32 tid)
{
	const struct btf_type *l = btf_type(lb, btf_skip(lb, lid));
	const struct btf_type *t = btf_type(tb, btf_skip(tb, tid));

	if (btf_kind(l) == KIND_PTR)
		return btf_kind(t) == KIND_PTR;
	return btf_kind(l) == KIND_INT && btf_kind(t) == KIND_INT &&
	       BTF_INT_ENCODING(btf_int(l)) != BTF_INT_SIGNED &&
	       BTF_INT_ENCODING(btf_int(t)) != BTF_INT_SIGNED;
}

/* target is NULL when no candidate matched. */
static int compute(struct core *c, u32 kind, const struct spec *local, const struct spec *target,
		   struct core_result *out)
{
	struct value l, t;
	int err = spec_value(kind, local, &l);

	if (err)
		return err;
	err = spec_value(kind, target, &t);
	if (err < 0)
		return err;
	*out = (struct core_result){
		.old = l.v,
		.new = t.v,
		.validate = l.certain,
		.poison = err == NOT_THERE,
	};
	if (out->poison || l.size == t.size)
		return 0;
	out->old_size = l.size;
	out->new_size = t.size;
	out->bad_resize = !resizable(c->local, l.type, c->target, t.type);
	return 0;
}

static bool agree(const struct core_result *a, const struct core_result *b)
{
	return a->poison == b->poison && a->new == b->new;
}

/* Marks the candidates that match and leaves in *out what all of them say:
 * how many they are, or -errno. */
static int ask(struct core *c, u32 kind, const struct spec *local, struct core_candidates *list,
	       struct core_result *out)
{
	struct core_result res;
	struct spec target;
	u64 bit_off = 0;
	int kept = 0;

	for (u32 i = 0; i < list->n; i++) {
		int err = spec_match(c, local, list->id[i], kind, &target);

		if (!err)
			continue;
		if (err > 0)
			err = compute(c, kind, local, &target, &res);
		if (err < 0)
			return err;
		if (!kept) {
			*out = res;
			bit_off = target.bit_off;
		} else if (target.bit_off != bit_off || !agree(&res, out)) {
			return -ENOTUNIQ;
		}
		list->id[i] |= MATCHES;
		kept++;
	}
	return kept;
}

/* The candidates that were marked, or all of them, without their marks. */
static void narrow(struct core_candidates *list, bool marked_only)
{
	u32 kept = 0;

	for (u32 i = 0; i < list->n; i++)
		if (!marked_only || list->id[i] & MATCHES)
			list->id[kept++] = list->id[i] & ~(u32)MATCHES;
	list->n = kept;
}

int core_resolve(struct core *c, const struct core_relo *r, struct core_result *out)
{
	struct core_candidates *list;
	struct spec local;
	int kept, err = spec_parse(&local, c->local, r);

	if (err)
		return err;
	if (r->kind == CORE_TYPE_ID_LOCAL) {
		*out = (struct core_result){.old = r->type_id, .new = r->type_id};
		return 0;
	}
	if (!*btf_name(c->local, btf_type(c->local, r->type_id)))
		return -EOPNOTSUPP;	/* nothing to search by */
	err = candidates(c, r->type_id, &list);
	if (err)
		return err;
	kept = ask(c, r->kind, &local, list, out);
	narrow(list, kept > 0 && !c->keep);
	if (kept)
		return MIN(kept, 0);
	return compute(c, r->kind, &local, NULL, out);
}

/* ---- instructions ---------------------------------------------------------- */

static void poison(struct bpf_insn *insn)
{
	*insn = (struct bpf_insn){.code = INSN_CALL, .imm = CORE_POISON};
}

bool core_poisoned(const struct bpf_insn *insn)
{
	return insn->code == INSN_CALL && insn->imm == CORE_POISON;
}

static int size_code(u32 size)
{
	switch (size) {
	case 1: return BPF_B;
	case 2: return BPF_H;
	case 4: return BPF_W;
	case 8: return BPF_DW;
	default: return -EINVAL;
	}
}

static int patch_memory(struct bpf_insn *insn, const struct core_result *res)
{
	int old_code, new_code;

	if (res->validate && (u64)(s64)insn->off != res->old)
		return -EINVAL;
	if (res->new > INT16_MAX)
		return -ERANGE;
	if (res->bad_resize) {
		poison(insn);
		return 0;
	}
	if (res->new_size != res->old_size) {
		old_code = size_code(res->old_size);
		new_code = size_code(res->new_size);
		if (old_code < 0 || new_code < 0 || BPF_SIZE(insn->code) != old_code)
			return -EINVAL;
		insn->code = (u8)(BPF_CLASS(insn->code) | (insn->code & 0xe0) | new_code);
	}
	insn->off = (int16_t)res->new;
	return 0;
}

static int patch_wide(struct bpf_insn *insn, const struct core_result *res)
{
	u64 imm = (u64)(u32)insn[1].imm << 32 | (u32)insn[0].imm;

	if (insn[0].src_reg || insn[0].off || insn[1].code || insn[1].dst_reg ||
	    insn[1].src_reg || insn[1].off || (res->validate && imm != res->old))
		return -EINVAL;
	insn[0].imm = (s32)res->new;
	insn[1].imm = (s32)(res->new >> 32);
	return 0;
}

int core_patch(struct bpf_insn *insn, u32 left, const struct core_result *res)
{
	bool wide;

	if (!left)
		return -EINVAL;
	wide = insn->code == INSN_LD_IMM64;
	if (wide && left < 2)
		return -EINVAL;
	if (res->poison) {
		/* an opcode 0 left behind would be refused even as dead code */
		if (wide)
			poison(insn + 1);
		poison(insn);
		return 0;
	}
	if (wide)
		return patch_wide(insn, res);
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		if (BPF_SRC(insn->code) != BPF_K ||
		    (res->validate && (u64)(s64)insn->imm != res->old))
			return -EINVAL;
		insn->imm = (s32)res->new;
		return 0;
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		return patch_memory(insn, res);
	default:
		return -EINVAL;
	}
}

/* ---- words ----------------------------------------------------------------- */

const char *core_kind_word(const struct btf_type *t)
{
	if (btf_is(t, ENUMS))
		return "enum ";
	if (btf_kind(t) == KIND_UNION || (btf_kind(t) == KIND_FWD && btf_kflag(t)))
		return "union ";
	return btf_is(t, COMPOSITES | KIND_BIT(KIND_FWD)) ? "struct " : "";
}

void core_describe(const struct btf *local, const struct core_relo *r, char *text, size_t n)
{
	const struct btf_type *t = btf_type(local, r->type_id);
	const char *before;
	struct spec s;
	size_t at;

	at = (size_t)snprintf(text, n, "%s%s", core_kind_word(t), btf_name(local, t));
	if (spec_parse(&s, local, r))
		return;
	before = core_is_enumval(r->kind) ? " has no value " : " has no usable field ";
	for (u32 i = 0; i < s.nacc && at < n; i++) {
		if (!s.acc[i].name)
			continue;
		at += (size_t)snprintf(text + at, n - at, "%s%s", before, s.acc[i].name);
		before = ".";
	}
}
