/* loader/core_value.c - what a record asks of one type: offsets, sizes, ids. */
#include "loader/core_spec.h"

#include <errno.h>

/* The smallest aligned integer that covers a bitfield, at least as large as
 * the declared one. */
static int cover_bits(u64 bit_off, u32 bits, u32 declared, u64 *byte_off, u32 *size)
{
	for (u32 n = declared; n; n *= 2) {
		u64 start = bit_off / 8 / n * n;

		if (bit_off + bits - start * 8 <= (u64)n * 8) {
			*byte_off = start;
			*size = n;
			return 0;
		}
		if (n >= sizeof(u64))
			break;
	}
	return -EOVERFLOW;
}

static int element_size(const struct btf *b, u32 id, u32 *size)
{
	id = btf_skip(b, id);
	for (u32 depth = 0; depth < BTF_DEPTH && btf_kind(btf_type(b, id)) == KIND_ARRAY; depth++)
		id = btf_skip(b, btf_array(btf_type(b, id))->type);
	return btf_size(b, id, size);
}

/* a[n]: what it is of is known by the array alone. */
static int array_value(u32 kind, const struct spec *s, struct value *out)
{
	u32 type = s->acc[s->nacc - 1].type;
	u32 size;
	int err;

	out->certain = true;
	switch (kind) {
	case CORE_BYTE_OFFSET:
		out->v = s->bit_off / 8;
		out->type = type;
		return element_size(s->btf, type, &out->size);
	case CORE_BYTE_SIZE:
		err = btf_size(s->btf, type, &size);
		out->v = err ? 0 : size;
		return err;
	default:
		return -EDOM;
	}
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
	u32 bits = btf_member_bits(in, a->idx);
	int err;

	p->type = btf_skip(s->btf, btf_members(in)[a->idx].type);
	p->bitfield = bits != 0;
	if (bits) {
		p->bits = bits;
		return cover_bits(s->bit_off, bits, btf_type(s->btf, p->type)->size, &p->byte_off,
				  &p->size);
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
		if (p.bitfield)		/* no size: never a load that could be resized */
			return 0;
		out->type = p.type;
		return element_size(s->btf, p.type, &out->size);
	case CORE_BYTE_SIZE:
		out->v = p.size;
		return 0;
	case CORE_SIGNED:
		out->v = is_signed(btf_type(s->btf, p.type));
		return 0;
	case CORE_LSHIFT:	/* brings the top bit to bit 63, little endian */
		out->v = 64 - (u32)(s->bit_off + p.bits - p.byte_off * 8);
		return 0;
	case CORE_RSHIFT:	/* of 32 bits for what is wider than 8 bytes */
		out->v = 64 - p.bits;
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

int spec_value(u32 kind, const struct spec *s, struct value *out)
{
	if (core_is_field(kind))
		return field_value(kind, s, out);
	if (core_is_enumval(kind))
		return enum_value(kind, s, out);
	return type_value(kind, s, out);
}
