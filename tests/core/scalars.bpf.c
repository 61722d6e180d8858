/* tests/core/scalars.bpf.c - fields that have another type there: loads and
 * stores follow where no sign is involved, everything else is poison. */
#include "tests/core/core.h"

struct nums {
	u32 u, up, down, byte;
	s32 s, grown, to_signed, from_signed;
	_Bool flag;
	u64 word;
	void *ptr;
} CORE;

CASE(same_size)
{
	struct nums *n = ARG(struct nums);

	use(n->u);	/* = field_byte_offset | struct nums | 0:0 | 8 */
	use(n->s);	/* = field_byte_offset | struct nums | 0:4 | 12 */
	return 0;
}

CASE(loads_resized)
{
	struct nums *n = ARG(struct nums);

	use(n->up);	/* = field_byte_offset | struct nums | 0:1 | 16 */
	use(n->down);	/* = field_byte_offset | struct nums | 0:2 | 24 */
	use(n->byte);	/* = field_byte_offset | struct nums | 0:3 | 26 */
	use(n->word);	/* = field_byte_offset | struct nums | 0:9 | 28 */
	use(n->flag);	/* = field_byte_offset | struct nums | 0:8 | 32 */
	return 0;
}

CASE(stores_resized)
{
	struct nums *n = ARG(struct nums);

	n->up = (u32)(u64)ctx[1];	/* = field_byte_offset | struct nums | 0:1 | 16 */
	n->down = 5;			/* = field_byte_offset | struct nums | 0:2 | 24 */
	return 0;
}

/* Signed ones of another size: a load would read another number.  The size and
 * the sign are still to be had, and in the next case the address alone. */
CASE(signed_resize)
{
	struct nums *n = ARG(struct nums);

	use(n->grown);		/* = field_byte_offset | struct nums | 0:5 | poison */
	use(n->to_signed);	/* = field_byte_offset | struct nums | 0:6 | poison */
	use(n->from_signed);	/* = field_byte_offset | struct nums | 0:7 | poison */
	use(BYTE_SIZE(n->grown));	/* = field_byte_size | struct nums | 0:5 | 8 */
	use(SIGNED(n->from_signed));	/* = field_signed | struct nums | 0:7 | 0 */
	use(RSHIFT(n->grown));	/* = field_rshift_u64 | struct nums | 0:5 | 0 */
	use(LSHIFT(n->down));	/* = field_lshift_u64 | struct nums | 0:2 | 48 */
	return 0;
}

CASE(signed_address)
{
	use(addr(ARG(struct nums)->grown));	/* = field_byte_offset | struct nums | 0:5 | 40 */
	return 0;
}

/* Of the container nothing is asked, of the field everything. */
CASE(sign_of_the_field)
{
	struct nums *n = ARG(struct nums);

	use(SIGNED(n->s));	/* = field_signed | struct nums | 0:4 | 1 */
	use(SIGNED(n->u));	/* = field_signed | struct nums | 0:0 | 0 */
	use(SIGNED(n->from_signed));	/* = field_signed | struct nums | 0:7 | 0 */
	return 0;
}

enum color { RED };

struct kinds {
	u32 to_enum;		/* int there an enum: a shipped program broke on this */
	enum color to_int;
	u32 to_ptr;
	u32 to_struct;
	u32 to_array;
	u32 array[2];
	u32 *ptr;
	float real;
	struct { u32 a; } in;
	enum color one;
} CORE;

CASE(other_kind)
{
	struct kinds *k = ARG(struct kinds);

	use(EXISTS(k->to_enum));	/* = field_exists | struct kinds | 0:0 | 0 */
	use(k->to_enum);	/* = field_byte_offset | struct kinds | 0:0 | poison */
	use(k->to_int);		/* = field_byte_offset | struct kinds | 0:1 | poison */
	use(EXISTS(k->to_ptr));	/* = field_exists | struct kinds | 0:2 | 0 */
	use(EXISTS(k->to_struct));	/* = field_exists | struct kinds | 0:3 | 0 */
	use(EXISTS(k->to_array));	/* = field_exists | struct kinds | 0:4 | 0 */
	use(EXISTS(k->array));	/* = field_exists | struct kinds | 0:5 | 0 */
	use(EXISTS(k->ptr));	/* = field_exists | struct kinds | 0:6 | 0 */
	use(BYTE_SIZE(k->real));	/* = field_byte_size | struct kinds | 0:7 | 8 */
	use(BYTE_OFFSET(k->in));	/* = field_byte_offset | struct kinds | 0:8 | 64 */
	use(k->one);		/* = field_byte_offset | struct kinds | 0:9 | 72 */
	return 0;
}

struct far { u32 far, gone; } CORE;

/* The last offset that a load can hold. */
CASE(far_load)
{
	use(ARG(struct far)->far);	/* = field_byte_offset | struct far | 0:0 | 32764 */
	use(ARG(struct far)->gone);	/* = field_byte_offset | struct far | 0:1 | poison */
	return 0;
}

struct beyond { u32 far; } CORE;

/* What no load can hold an addition can. */
CASE(far_address)
{
	use(addr(ARG(struct beyond)->far));	/* = field_byte_offset | struct beyond | 0:0 | 40000 */
	return 0;
}
