/* tests/core/prune.bpf.c - two kernel types of one name are never mixed, over
 * all programs of the object and their subprograms. */
#include "tests/core/core.h"

struct dev { u32 a, b, both; } CORE;
struct dev___two { u32 b; } CORE;
struct sub { u32 pad, a; } CORE;

/* One of the two devices has a, the other b.  Once a was read from the first,
 * there is no b any more, and both means that of the first. */
CASE(prune_1)
{
	use(ARG(struct dev)->a);	/* = field_byte_offset | struct dev | 0:0 | 8 */
	use(ARG(struct dev)->b);	/* = field_byte_offset | struct dev | 0:1 | poison */
	return 0;
}

CASE(prune_2)
{
	use(EXISTS(ARG(struct dev)->b));	/* = field_exists | struct dev | 0:1 | 0 */
	use(ARG(struct dev)->both);		/* = field_byte_offset | struct dev | 0:2 | 12 */
	return 0;
}

/* Each local type has its own candidates. */
CASE(prune_3)
{
	use(ARG(struct dev___two)->b);	/* = field_byte_offset | struct dev___two | 0:0 | 20 */
	return 0;
}

/* Not loaded by default, and yet a part of the object. */
__attribute__((section("?raw_tp/optional"), used)) int optional(void **ctx)
{
	use(ARG(struct dev)->a);	/* = field_byte_offset | struct dev | 0:0 | 8 */
	return 0;
}

/* .text: a subprogram's own record. */
__attribute__((noinline, used)) int subprogram(struct sub *s)
{
	return s->a;	/* = field_byte_offset | struct sub | 0:1 | 40 */
}

static __attribute__((noinline)) int local_subprogram(struct sub *s)
{
	use(EXISTS(s->pad));	/* = field_exists | struct sub | 0:0 | 0 */
	return s->a;		/* = field_byte_offset | struct sub | 0:1 | 40 */
}

CASE(calls)
{
	return subprogram(ARG(struct sub)) + local_subprogram(ARG(struct sub));
}
