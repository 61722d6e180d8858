/* tests/core/fields.bpf.c - where fields are: flavours, nesting, qualifiers,
 * pointers as arrays, names of several kinds. */
#include "tests/core/core.h"

struct conn___mine { u32 mark; } CORE;
struct conn { u32 mark; } CORE;

/* Flavours on both sides: the kernel has conn___init alone. */
CASE(flavour_both)
{
	/* = field_byte_offset | struct conn___mine | 0:0 | 8 */
	return ARG(struct conn___mine)->mark;
}

CASE(flavour_target)
{
	/* = field_byte_offset | struct conn | 0:0 | 8 */
	return ARG(struct conn)->mark;
}

/* Two underscores make no flavour. */
struct iter__safe { u32 a; } CORE;

CASE(no_flavour)
{
	/* = field_exists | struct iter__safe | 0:0 | 0 */
	return EXISTS(ARG(struct iter__safe)->a);
}

struct nest {
	struct { u32 x; } in;
	union {
		u32 up;
		struct { u32 deep; };
	};
} CORE;

/* x went into an anonymous union, up and deep came out of theirs; in is a union. */
CASE(nesting)
{
	struct nest *n = ARG(struct nest);

	use(n->in.x);		/* = field_byte_offset | struct nest | 0:0:0 | 24 */
	use(n->up);		/* = field_byte_offset | struct nest | 0:1:0 | 4 */
	use(n->deep);		/* = field_byte_offset | struct nest | 0:1:1:0 | 40 */
	return 0;
}

typedef const volatile u32 odd_u32;
typedef odd_u32 *odd_ptr;

struct mods {
	const u32 a;
	odd_u32 b;
	odd_ptr c;
	void (*fn)(void);
	struct conn *p;
} CORE;

CASE(mods)
{
	struct mods *m = ARG(struct mods);

	use(m->a);		/* = field_byte_offset | struct mods | 0:0 | 44 */
	use(m->b);		/* = field_byte_offset | struct mods | 0:1 | 40 */
	use(m->c);		/* = field_byte_offset | struct mods | 0:2 | 32 */
	use(m->fn);		/* = field_byte_offset | struct mods | 0:3 | 24 */
	use(m->p);		/* = field_byte_offset | struct mods | 0:4 | 16 */
	return 0;
}

struct row { u32 a; } CORE;

/* The first index counts whole objects, and theirs are 24 bytes. */
CASE(ptr_as_arr)
{
	use(addr(ARG(struct row)[3].a));	/* = field_byte_offset | struct row | 3:0 | 80 */
	return 0;
}

/* Of these names the target has a function, a typedef and a declaration. */
struct a_func { u32 a; } CORE;
struct a_typedef { u32 a; } CORE;
struct a_decl { u32 a; } CORE;

CASE(other_kinds)
{
	use(ARG(struct a_func)->a);	/* = field_byte_offset | struct a_func | 0:0 | poison */
	use(EXISTS(ARG(struct a_func)->a));	/* = field_exists | struct a_func | 0:0 | 0 */
	use(EXISTS(ARG(struct a_typedef)->a));	/* = field_exists | struct a_typedef | 0:0 | 0 */
	use(EXISTS(ARG(struct a_decl)->a));	/* = field_exists | struct a_decl | 0:0 | 0 */
	return 0;
}

/* A typedef of a structure without a name is found by the typedef. */
typedef struct { u32 first, second; } CORE named;

CASE(by_typedef)
{
	use(ARG(named)->second);	/* = field_byte_offset | named | 0:1 | 0 */
	return 0;
}

struct store { u32 a; u64 b; u16 c; } CORE;

CASE(stores)
{
	struct store *s = ARG(struct store);

	s->a = 7;		/* = field_byte_offset | struct store | 0:0 | 20 */
	s->b = (u64)ctx[1];	/* = field_byte_offset | struct store | 0:1 | 8 */
	s->c = (u16)(u64)ctx[2];	/* = field_byte_offset | struct store | 0:2 | 4 */
	return 0;
}
