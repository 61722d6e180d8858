/* tests/core/bitfields.bpf.c - bitfields move, grow, shrink, become integers
 * and come from integers. */
#include "tests/core/core.h"

struct bits {
	u32 a : 3, b : 7;
	s32 c : 5;
	u32 plain;
	u64 wide : 40;
	u8 flag : 1;
} CORE;

/* The smallest aligned integer that covers it, at least the declared one. */
CASE(cover)
{
	struct bits *p = ARG(struct bits);

	use(BYTE_OFFSET(p->a));	/* = field_byte_offset | struct bits | 0:0 | 16 */
	use(BYTE_SIZE(p->a));	/* = field_byte_size | struct bits | 0:0 | 8 */
	use(LSHIFT(p->a));	/* = field_lshift_u64 | struct bits | 0:0 | 29 */
	use(RSHIFT(p->a));	/* = field_rshift_u64 | struct bits | 0:0 | 57 */
	use(SIGNED(p->a));	/* = field_signed | struct bits | 0:0 | 0 */
	return 0;
}

CASE(signs)
{
	struct bits *p = ARG(struct bits);

	use(SIGNED(p->b));	/* = field_signed | struct bits | 0:1 | 1 */
	use(SIGNED(p->c));	/* = field_signed | struct bits | 0:2 | 0 */
	use(RSHIFT(p->b));	/* = field_rshift_u64 | struct bits | 0:1 | 55 */
	return 0;
}

CASE(to_integer)
{
	struct bits *p = ARG(struct bits);

	use(BYTE_OFFSET(p->c));	/* = field_byte_offset | struct bits | 0:2 | 24 */
	use(BYTE_SIZE(p->c));	/* = field_byte_size | struct bits | 0:2 | 2 */
	use(LSHIFT(p->c));	/* = field_lshift_u64 | struct bits | 0:2 | 48 */
	use(RSHIFT(p->c));	/* = field_rshift_u64 | struct bits | 0:2 | 48 */
	return 0;
}

CASE(from_integer)
{
	struct bits *p = ARG(struct bits);

	use(BYTE_OFFSET(p->plain));	/* = field_byte_offset | struct bits | 0:3 | 24 */
	use(BYTE_SIZE(p->plain));	/* = field_byte_size | struct bits | 0:3 | 8 */
	use(LSHIFT(p->plain));		/* = field_lshift_u64 | struct bits | 0:3 | 31 */
	use(RSHIFT(p->plain));		/* = field_rshift_u64 | struct bits | 0:3 | 51 */
	return 0;
}

/* A load of an integer cannot follow into a bitfield; that it is there, and
 * where, is still to be had. */
CASE(load_of_bits)
{
	use(ARG(struct bits)->plain);	/* = field_byte_offset | struct bits | 0:3 | poison */
	use(EXISTS(ARG(struct bits)->plain));	/* = field_exists | struct bits | 0:3 | 1 */
	return 0;
}

CASE(address_of_bits)
{
	use(addr(ARG(struct bits)->plain));	/* = field_byte_offset | struct bits | 0:3 | 24 */
	return 0;
}

CASE(wide)
{
	struct bits *p = ARG(struct bits);

	use(BYTE_OFFSET(p->wide));	/* = field_byte_offset | struct bits | 0:4 | 8 */
	use(LSHIFT(p->wide));		/* = field_lshift_u64 | struct bits | 0:4 | 1 */
	use(RSHIFT(p->wide));		/* = field_rshift_u64 | struct bits | 0:4 | 8 */
	return 0;
}

CASE(gone)
{
	struct bits *p = ARG(struct bits);

	use(EXISTS(p->flag));		/* = field_exists | struct bits | 0:5 | 0 */
	use(BYTE_OFFSET(p->flag));	/* = field_byte_offset | struct bits | 0:5 | poison */
	use(BYTE_SIZE(p->flag));	/* = field_byte_size | struct bits | 0:5 | poison */
	use(SIGNED(p->flag));		/* = field_signed | struct bits | 0:5 | poison */
	use(LSHIFT(p->flag));		/* = field_lshift_u64 | struct bits | 0:5 | poison */
	use(RSHIFT(p->flag));		/* = field_rshift_u64 | struct bits | 0:5 | poison */
	return 0;
}
