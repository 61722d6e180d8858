/* tests/unit/test_core_choice.c - CO-RE: which of several types, and which of
 * several members, a record means. */
#include "tests/unit/core_pair.h"

/* Two kernel types of one name, each with one of two fields: after the first
 * access the second must not be served by the other type. */
static void test_pruning(void)
{
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_type(&p.l, "dev", KIND_STRUCT, 2, 8);
	gen_member(&p.l, "a", i, 0);
	gen_member(&p.l, "b", i, 32);
	i = gen_int(&p.t, "u32", 4, 0);
	gen_struct1(&p.t, "dev", 8, "a", i, 32);
	gen_struct1(&p.t, "dev", 99, "b", i, 64);
	pair_open();
	CHECK_EQ(value(s, "0:0", CORE_BYTE_OFFSET), 4);
	CHECK_EQ(value(s, "0:1", CORE_BYTE_OFFSET), POISONED);
	CHECK_EQ(value(s, "0:1", CORE_FIELD_EXISTS), 0);
	pair_close();
}

static void test_ambiguous(void)
{
	struct core_result res;
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_struct1(&p.l, "dev", 4, "a", i, 0);
	i = gen_int(&p.t, "u32", 4, 0);
	gen_struct1(&p.t, "dev", 8, "a", i, 32);
	gen_struct1(&p.t, "dev", 8, "a", i, 0);
	pair_open();
	CHECK_EQ(resolve(s, "0:0", CORE_BYTE_OFFSET, &res), (u64)-ENOTUNIQ);
	CHECK_EQ(value(s, "0", CORE_TYPE_SIZE), 8);
	CHECK_EQ(value(s, "0", CORE_TYPE_ID_TARGET), FAILED);
	pair_close();
}

/* What fails leaves the candidates as they were, in their order. */
static void test_undecided(void)
{
	struct core_result res;
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_type(&p.l, "dev", KIND_STRUCT, 3, 12);
	gen_member(&p.l, "first", i, 0);
	gen_member(&p.l, "both", i, 32);
	gen_member(&p.l, "third", i, 64);
	i = gen_int(&p.t, "u32", 4, 0);
	gen_struct1(&p.t, "dev", 8, "first", i, 8 * 8);
	gen_struct1(&p.t, "dev", 8, "both", i, 32);
	gen_type(&p.t, "dev", KIND_STRUCT, 2, 8);
	gen_member(&p.t, "both", i, 0);
	gen_member(&p.t, "third", i, 16 * 8);
	pair_open();
	CHECK_EQ(resolve(s, "0:1", CORE_BYTE_OFFSET, &res), (u64)-ENOTUNIQ);
	CHECK_EQ(value(s, "0:9", CORE_BYTE_OFFSET), FAILED);
	CHECK_EQ(value(s, "0:2", CORE_BYTE_OFFSET), 16);
	CHECK_EQ(value(s, "0:1", CORE_BYTE_OFFSET), 0);
	CHECK_EQ(value(s, "0:0", CORE_FIELD_EXISTS), 0);
	pair_close();

	pair_open();
	CHECK_EQ(resolve(s, "0:1", CORE_BYTE_OFFSET, &res), (u64)-ENOTUNIQ);
	CHECK_EQ(value(s, "0:0", CORE_BYTE_OFFSET), 8);
	pair_close();
}

static void test_dead_code(void)
{
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_type(&p.l, "dev", KIND_STRUCT, 2, 8);
	gen_member(&p.l, "a", i, 0);
	gen_member(&p.l, "b", i, 32);
	i = gen_int(&p.t, "u32", 4, 0);
	gen_struct1(&p.t, "dev", 8, "a", i, 0);
	gen_struct1(&p.t, "dev", 8, "b", i, 0);
	pair_open();
	p.core.keep = true;
	CHECK_EQ(value(s, "0:0", CORE_FIELD_EXISTS), 1);
	p.core.keep = false;
	CHECK_EQ(value(s, "0:1", CORE_FIELD_EXISTS), 1);
	CHECK_EQ(value(s, "0:0", CORE_FIELD_EXISTS), 0);
	pair_close();
}

/* The name decides in its own structure; the search goes on around it. */
static void test_duplicate_member(void)
{
	u32 s, i, in, ptr;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_struct1(&p.l, "s", 4, "x", i, 0);
	i = gen_int(&p.t, "u32", 4, 0);
	ptr = gen_ptr(&p.t, i);
	in = gen_type(&p.t, "", KIND_STRUCT, 2, 16);
	gen_member(&p.t, "x", ptr, 64);
	gen_member(&p.t, "x", i, 0);
	gen_type(&p.t, "s", KIND_STRUCT, 2, 40);
	gen_member(&p.t, "", in, 0);
	gen_member(&p.t, "x", i, 128);
	pair_open();
	CHECK_EQ(value(s, "0:0", CORE_BYTE_OFFSET), 16);
	pair_close();
}

static void test_flavours(void)
{
	u32 mine, fn, i, fwd;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	mine = gen_struct1(&p.l, "conn___mine", 4, "mark", i, 0);
	fn = gen_struct1(&p.l, "look", 4, "mark", i, 0);
	fwd = gen_struct1(&p.l, "opaque", 4, "mark", i, 0);
	i = gen_int(&p.t, "u32", 4, 0);
	gen_struct1(&p.t, "conn___init", 8, "mark", i, 32);
	gen_type(&p.t, "look", KIND_FUNC, 0, 0);	/* struct and function of one name */
	gen_type(&p.t, "opaque", KIND_FWD, 0, 0);
	pair_open();
	CHECK_EQ(value(mine, "0:0", CORE_BYTE_OFFSET), 4);
	CHECK_EQ(value(fn, "0:0", CORE_BYTE_OFFSET), POISONED);
	CHECK_EQ(value(fn, "0", CORE_TYPE_EXISTS), 0);
	CHECK_EQ(value(fwd, "0:0", CORE_FIELD_EXISTS), 0);
	pair_close();
}

static void test_anonymous(void)
{
	u32 s, i, in, deep;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	in = gen_struct1(&p.l, "", 8, "x", i, 32);
	s = gen_struct1(&p.l, "s", 8, "", in, 0);	/* local: s.<anon>.x */
	i = gen_int(&p.t, "u32", 4, 0);
	in = gen_struct1(&p.t, "", 8, "x", i, 32);
	deep = gen_type(&p.t, "", KIND_UNION, 2, 16);
	gen_member(&p.t, "y", i, 0);
	gen_member(&p.t, "", in, 64);
	gen_struct1(&p.t, "s", 32, "", deep, 64);	/* target: two levels down */
	pair_open();
	CHECK_EQ(value(s, "0:0:0", CORE_BYTE_OFFSET), 20);
	pair_close();
}

/* Anonymous members that contain themselves, twice: bounded, not 2^64 steps. */
static void test_cyclic_anonymous(void)
{
	struct core_result res;
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_struct1(&p.l, "s", 4, "x", i, 0);
	gen_type(&p.t, "s", KIND_STRUCT, 2, 4);
	gen_member(&p.t, "", 1, 0);
	gen_member(&p.t, "", 1, 0);
	pair_open();
	CHECK_EQ(resolve(s, "0:0", CORE_BYTE_OFFSET, &res), (u64)-E2BIG);
	pair_close();
}

static void test_cyclic_typedef(void)
{
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_struct1(&p.l, "s", 4, "x", i, 0);
	gen_struct1(&p.t, "s", 4, "x", 2, 0);
	gen_type(&p.t, "t", KIND_TYPEDEF, 0, 2);
	pair_open();
	CHECK_EQ(value(s, "0:0", CORE_BYTE_OFFSET), POISONED);
	pair_close();
}

/* Many typedefs in a row are still their type. */
static void test_long_chain(void)
{
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_struct1(&p.l, "s", 4, "x", i, 0);
	i = gen_int(&p.t, "u32", 4, 0);
	for (u32 k = 0; k < 100; k++)
		i = gen_type(&p.t, "t", KIND_TYPEDEF, 0, i);
	gen_struct1(&p.t, "s", 8, "x", i, 32);
	pair_open();
	CHECK_EQ(value(s, "0:0", CORE_BYTE_OFFSET), 4);
	pair_close();
}

TESTS(core_choice, {"pruning", test_pruning}, {"ambiguous", test_ambiguous},
      {"undecided", test_undecided}, {"dead_code", test_dead_code},
      {"duplicate_member", test_duplicate_member}, {"flavours", test_flavours},
      {"anonymous", test_anonymous}, {"cyclic_anonymous", test_cyclic_anonymous},
      {"cyclic_typedef", test_cyclic_typedef}, {"long_chain", test_long_chain})
