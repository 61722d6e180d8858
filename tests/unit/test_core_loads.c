/* tests/unit/test_core_loads.c - CO-RE where loads and bitfields have another
 * size there. */
#include "tests/unit/core_pair.h"

/* A field that has another size there, by the signs of both sides. */
static void test_resize(void)
{
	static const struct {
		u32 from, from_enc, to, to_enc;
		bool bad;
	} rows[] = {
		{4, 0, 8, 0, false}, {8, 0, 4, 0, false}, {8, 0, 1, 0, false},
		{4, BTF_INT_SIGNED, 8, 0, true}, {4, 0, 8, BTF_INT_SIGNED, true},
		{4, BTF_INT_SIGNED, 4, 0, false}, {4, 0, 1, BTF_INT_BOOL, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct core_result res;
		u32 s, t;

		pair_reset();
		t = gen_int(&p.l, "a", rows[i].from, rows[i].from_enc);
		s = gen_struct1(&p.l, "s", 8, "m", t, 0);
		t = gen_int(&p.t, "b", rows[i].to, rows[i].to_enc);
		gen_struct1(&p.t, "s", 8, "m", t, 0);
		pair_open();
		CHECK_EQ_ROW(i, resolve(s, "0:0", CORE_BYTE_OFFSET, &res), 0);
		CHECK_EQ_ROW(i, res.bad_resize, rows[i].bad);
		CHECK_EQ_ROW(i, resolve(s, "0:0", CORE_BYTE_SIZE, &res), 0);
		CHECK_EQ_ROW(i, res.new, rows[i].to);
		CHECK_ROW(i, !res.bad_resize);
		pair_close();
	}
}

/* Of a bitfield there is no size: a load that meets one is never resized. */
static void test_resize_bits(void)
{
	struct core_result res;
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_struct1(&p.l, "s", 4, "m", i, 0);
	i = gen_int(&p.t, "u32", 4, 0);
	gen_type(&p.t, "s", KIND_STRUCT | GEN_KFLAG, 1, 8);
	gen_member(&p.t, "m", i, 5u << 24 | 40);
	pair_open();
	CHECK_EQ(resolve(s, "0:0", CORE_BYTE_OFFSET, &res), 0);
	CHECK_EQ(res.new, 4);
	CHECK(res.bad_resize);
	pair_close();
}

/* Of an array of arrays a load takes an element, of whatever row. */
static void test_resize_elements(void)
{
	struct core_result res;
	u32 s, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_struct1(&p.l, "s", 48, "m", gen_array(&p.l, gen_array(&p.l, i, 6), 2), 0);
	i = gen_int(&p.t, "u32", 4, 0);
	gen_struct1(&p.t, "s", 56, "m", gen_array(&p.t, gen_array(&p.t, i, 7), 2), 0);
	pair_open();
	CHECK_EQ(resolve(s, "0:0:0", CORE_BYTE_OFFSET, &res), 0);
	CHECK_EQ(res.old_size, res.new_size);
	CHECK(!res.bad_resize);
	CHECK_EQ(value(s, "0:0:0", CORE_BYTE_SIZE), 28);
	CHECK_EQ(value(s, "0:0", CORE_BYTE_SIZE), 56);
	pair_close();
}

static void test_pointers_32(void)
{
	struct core_result res;
	u32 s;

	pair_reset();
	s = gen_struct1(&p.l, "s", 8, "m", gen_ptr(&p.l, 0), 0);
	gen_int(&p.t, "unsigned int", 4, 0);
	gen_int(&p.t, "long unsigned int", 4, 0);
	gen_struct1(&p.t, "s", 8, "m", gen_ptr(&p.t, 0), 32);
	pair_open();
	CHECK_EQ(resolve(s, "0:0", CORE_BYTE_OFFSET, &res), 0);
	CHECK_EQ(res.old_size, 8);
	CHECK_EQ(res.new_size, 4);
	CHECK(!res.bad_resize);
	CHECK_EQ(value(s, "0:0", CORE_BYTE_SIZE), 4);
	pair_close();
}

/* Shifts are counted in 32 bits, as the compiler does. */
static void test_shift_32(void)
{
	u32 s, i;

	pair_reset();
	i = gen_type(&p.l, "big", KIND_STRUCT, 0, 100);
	s = gen_struct1(&p.l, "s", 100, "m", i, 0);
	i = gen_type(&p.t, "big", KIND_STRUCT, 0, 16);
	gen_struct1(&p.t, "s", 16, "m", i, 0);
	pair_open();
	CHECK_EQ(value(s, "0:0", CORE_RSHIFT), (u32)-64);
	CHECK_EQ(value(s, "0:0", CORE_LSHIFT), (u32)-64);
	pair_close();
}

static void test_bitfields(void)
{
	struct core_result res;
	u32 s, i, wide;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	s = gen_type(&p.l, "s", KIND_STRUCT | GEN_KFLAG, 1, 4);
	gen_member(&p.l, "b", i, 3u << 24 | 1);
	wide = gen_type(&p.l, "w", KIND_STRUCT | GEN_KFLAG, 1, 16);
	gen_member(&p.l, "b", i, 3u << 24 | 1);
	i = gen_int(&p.t, "int", 4, BTF_INT_SIGNED);
	gen_type(&p.t, "s", KIND_STRUCT | GEN_KFLAG, 1, 16);
	gen_member(&p.t, "b", i, 5u << 24 | (64 + 30));	/* crosses its u32 */
	gen_type(&p.t, "w", KIND_STRUCT | GEN_KFLAG, 1, 16);
	gen_member(&p.t, "b", i, 5u << 24 | 62);	/* crosses 8 bytes */
	pair_open();
	CHECK_EQ(value(s, "0:0", CORE_BYTE_OFFSET), 8);
	CHECK_EQ(value(s, "0:0", CORE_BYTE_SIZE), 8);
	CHECK_EQ(value(s, "0:0", CORE_LSHIFT), 64 - 35);
	CHECK_EQ(value(s, "0:0", CORE_RSHIFT), 59);
	CHECK_EQ(value(s, "0:0", CORE_SIGNED), 1);
	CHECK_EQ(resolve(s, "0:0", CORE_BYTE_OFFSET, &res), 0);
	CHECK(!res.validate);
	CHECK_EQ(resolve(s, "0:0", CORE_RSHIFT, &res), 0);
	CHECK(res.validate);
	CHECK_EQ(resolve(wide, "0:0", CORE_BYTE_OFFSET, &res), (u64)-EOVERFLOW);
	pair_close();
}

TESTS(core_loads, {"resize", test_resize}, {"resize_bits", test_resize_bits},
      {"resize_elements", test_resize_elements}, {"pointers_32", test_pointers_32},
      {"shift_32", test_shift_32}, {"bitfields", test_bitfields})
