/* tests/core/arrays.bpf.c - elements, bounds, arrays without a size. */
#include "tests/core/core.h"

struct arrays {
	u32 a[4];
	u32 m[2][3];
	struct { u32 x, y; } s[2];
	u32 shrunk[5];
	u32 tail[];
} CORE;

CASE(elements)
{
	struct arrays *p = ARG(struct arrays);

	use(p->a[2]);		/* = field_byte_offset | struct arrays | 0:0:2 | 16 */
	use(addr(p->m[1]));	/* = field_byte_offset | struct arrays | 0:1:1 | 72 */
	use(p->s[1].y);		/* = field_byte_offset | struct arrays | 0:2:1:1 | 136 */
	use(addr(p->s[1]));	/* = field_byte_offset | struct arrays | 0:2:1 | 128 */
	return 0;
}

/* Elements that have another width there.  Loads follow the element. */
struct widths { u32 wide[4]; s32 sign[2]; } CORE;

CASE(element_width)
{
	struct widths *p = ARG(struct widths);

	use(p->wide[1]);	/* = field_byte_offset | struct widths | 0:0:1 | 16 */
	use(p->sign[1]);	/* = field_byte_offset | struct widths | 0:1:1 | poison */
	return 0;
}

CASE(sizes)
{
	struct arrays *p = ARG(struct arrays);

	use(BYTE_SIZE(p->a));	/* = field_byte_size | struct arrays | 0:0 | 28 */
	use(BYTE_SIZE(p->m));	/* = field_byte_size | struct arrays | 0:1 | 60 */
	use(BYTE_SIZE(p->m[1]));	/* = field_byte_size | struct arrays | 0:1:1 | 20 */
	use(BYTE_SIZE(p->s[0]));	/* = field_byte_size | struct arrays | 0:2:0 | 16 */
	return 0;
}

CASE(bounds)
{
	struct arrays *p = ARG(struct arrays);

	use(p->shrunk[2]);	/* = field_byte_offset | struct arrays | 0:3:2 | 152 */
	use(p->shrunk[3]);	/* = field_byte_offset | struct arrays | 0:3:3 | poison */
	use(EXISTS(p->shrunk[4]));	/* = field_exists | struct arrays | 0:3:4 | 0 */
	return 0;
}

/* Without a size it has any number of elements, but only as the last member. */
CASE(flexible)
{
	use(ARG(struct arrays)->tail[7]);	/* = field_byte_offset | struct arrays | 0:4:7 | 188 */
	return 0;
}

struct middle { u32 a[4]; u32 end; } CORE;
struct last { u32 a[4]; } CORE;

CASE(zero_in_the_middle)
{
	use(EXISTS(ARG(struct middle)->a[1]));	/* = field_exists | struct middle | 0:0:1 | 0 */
	use(ARG(struct last)->a[3]);		/* = field_byte_offset | struct last | 0:0:3 | 20 */
	return 0;
}
