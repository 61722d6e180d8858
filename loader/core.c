/* loader/core.c - values of CO-RE records, and what they do to instructions. */
#include "loader/core.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "loader/core_spec.h"

struct core_candidates {
	u32 n;
	u32 id[];
};

/* What a record asks for, computed on one side: local, or a candidate. */
struct value {
	u64 v;
	u32 size;		/* of the element accessed; 0 does not matter */
	u32 type;		/* of the field */
	bool certain;		/* the compiler computed the same */
};

enum { NOT_THERE = 1 };		/* beside 0 and -errno: there is no such value, poison */

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
	*c = (struct core){.local = local, .target = target, .names = names};
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

/* ---- values ---------------------------------------------------------------- */

/* The smallest aligned integer that covers a bitfield, at least as large as
 * the declared one. */
static int cover_bits(u64 bit_off, u32 bits, u32 declared, u64 *byte_off, u32 *size)
{
	for (u32 n = declared; n && n <= sizeof(u64); n *= 2) {
		u64 start = bit_off / 8 / n * n;

		if (bit_off + bits - start * 8 <= n * 8) {
			*byte_off = start;
			*size = n;
			return 0;
		}
	}
	return -E2BIG;
}

static int element_size(const struct btf *b, u32 id, u32 *size)
{
	id = btf_skip(b, id);
	for (u32 depth = 0; depth < BTF_DEPTH && btf_kind(btf_type(b, id)) == KIND_ARRAY; depth++)
		id = btf_skip(b, btf_array(btf_type(b, id))->type);
	return btf_size(b, id, size);
}

static int array_value(u32 kind, const struct spec *s, struct value *out)
{
	u32 type = s->acc[s->nacc - 1].type;
	u32 size;
	int err = btf_size(s->btf, type, &size);

	if (err)
		return err;
	out->certain = true;
	if (kind == CORE_BYTE_SIZE) {
		out->v = size;
		return 0;
	}
	out->v = s->bit_off / 8;
	out->size = size;
	out->type = type;
	return kind == CORE_BYTE_OFFSET ? 0 : -EINVAL;
}

static bool is_signed(const struct btf_type *t)
{
	if (btf_is(t, ENUMS))
		return btf_kflag(t);
	return btf_kind(t) == KIND_INT && BTF_INT_ENCODING(btf_int(t)) & BTF_INT_SIGNED;
}

/* Where a named member lies in its root type, and the integer around it. */
struct place {
	u64 byte_off;
	u32 size, type;
	u32 bits;		/* as declared for a bitfield, else those of size */
	bool bitfield;
};

static int locate(const struct spec *s, struct place *p)
{
	const struct accessor *a = &s->acc[s->nacc - 1];
	const struct btf_type *in = btf_type(s->btf, a->type);
	const struct btf_type *t;
	u32 bits = btf_member_bits(in, a->idx);
	int err;

	p->type = btf_skip(s->btf, btf_members(in)[a->idx].type);
	p->bitfield = bits != 0;
	t = btf_type(s->btf, p->type);
	if (bits) {
		p->bits = bits;
		return btf_is(t, ENUMS | KIND_BIT(KIND_INT))
			       ? cover_bits(s->bit_off, bits, t->size, &p->byte_off, &p->size)
			       : -EINVAL;
	}
	p->byte_off = s->bit_off / 8;
	err = btf_size(s->btf, p->type, &p->size);
	if (!err)
		p->bits = p->size * 8;
	return err;
}

static int member_value(u32 kind, const struct spec *s, struct value *out)
{
	struct place p;
	int err = locate(s, &p);

	if (err)
		return err;
	/* where compiler and loader look for a bitfield is free to differ */
	out->certain = !p.bitfield || kind == CORE_SIGNED || kind == CORE_RSHIFT;
	switch (kind) {
	case CORE_BYTE_OFFSET:
		out->v = p.byte_off;
		out->type = p.type;
		return p.bitfield ? 0 : element_size(s->btf, p.type, &out->size);
	case CORE_BYTE_SIZE:
		out->v = p.size;
		return 0;
	case CORE_SIGNED:
		out->v = is_signed(btf_type(s->btf, p.type));
		return 0;
	case CORE_LSHIFT:	/* brings the top bit to bit 63, little endian */
		out->v = 64 - (s->bit_off + p.bits - p.byte_off * 8);
		return 0;
	case CORE_RSHIFT:
		out->v = 64 - (u64)p.bits;
		return 0;
	default:
		return -EINVAL;
	}
}

static int field_value(u32 kind, const struct spec *s, struct value *out)
{
	*out = (struct value){.v = s != NULL, .certain = true};
	if (kind == CORE_FIELD_EXISTS)
		return 0;
	if (!s)
		return NOT_THERE;
	return s->acc[s->nacc - 1].name ? member_value(kind, s, out) : array_value(kind, s, out);
}

static int type_value(u32 kind, const struct spec *s, struct value *out)
{
	u32 size;
	int err;

	*out = (struct value){.v = s != NULL, .certain = kind != CORE_TYPE_ID_TARGET};
	if (!s || kind == CORE_TYPE_EXISTS || kind == CORE_TYPE_MATCHES)
		return 0;
	if (kind == CORE_TYPE_ID_TARGET) {
		out->v = s->root;
		return 0;
	}
	err = btf_size(s->btf, s->root, &size);
	if (!err)
		out->v = size;
	return err;
}

static int enum_value(u32 kind, const struct spec *s, struct value *out)
{
	*out = (struct value){.v = s != NULL, .certain = true};
	if (kind == CORE_ENUMVAL_EXISTS)
		return 0;
	if (!s)
		return NOT_THERE;
	out->v = btf_enumerator(s->btf, btf_type(s->btf, s->acc[0].type), s->acc[0].idx).value;
	return 0;
}

static int value_of(u32 kind, const struct spec *s, struct value *out)
{
	if (core_is_field(kind))
		return field_value(kind, s, out);
	if (core_is_enumval(kind))
		return enum_value(kind, s, out);
	return type_value(kind, s, out);
}

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
	int err = value_of(kind, local, &l);

	if (err)
		return err;
	err = value_of(kind, target, &t);
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

int core_resolve(struct core *c, const struct core_relo *r, struct core_result *out)
{
	struct core_candidates *list;
	struct core_result first, res;
	struct spec local, target;
	u64 bit_off = 0;
	u32 kept = 0;
	int err = spec_parse(&local, c->local, r);

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
	for (u32 i = 0; i < list->n; i++) {
		err = spec_match(&target, &local, c->target, list->id[i], r->kind);
		if (!err)
			continue;
		if (err > 0)
			err = compute(c, r->kind, &local, &target, &res);
		if (err < 0)
			return err;
		if (!kept) {
			first = res;
			bit_off = target.bit_off;
		} else if (target.bit_off != bit_off || res.poison != first.poison ||
			   res.new != first.new) {
			return -EINVAL;	/* ambiguous */
		}
		list->id[kept++] = list->id[i];
	}
	if (kept) {
		list->n = kept;
		*out = first;
		return 0;
	}
	return compute(c, r->kind, &local, NULL, out);
}

/* ---- instructions ---------------------------------------------------------- */

static void poison(struct bpf_insn *insn)
{
	*insn = (struct bpf_insn){.code = INSN_CALL, .imm = CORE_POISON};
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

static const char *kind_word(const struct btf_type *t)
{
	if (btf_is(t, ENUMS))
		return "enum ";
	if (btf_kind(t) == KIND_STRUCT)
		return "struct ";
	return btf_kind(t) == KIND_UNION ? "union " : "";
}

void core_describe(const struct btf *local, const struct core_relo *r, char *text, size_t n)
{
	const struct btf_type *t = btf_type(local, r->type_id);
	const char *before;
	struct spec s;
	size_t at;

	at = (size_t)snprintf(text, n, "%s%s", kind_word(t), btf_name(local, t));
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
