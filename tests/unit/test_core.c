/* tests/unit/test_core.c - CO-RE against made-up kernels.  Every expectation
 * is what libbpf does with the same pair of types. */
#include "tests/unit/core_pair.h"

/* ---- fields ----------------------------------------------------------------- */

static void test_fields(void)
{
	u32 s, i, l;

	pair_reset();
	i = gen_int(&p.l, "unsigned int", 4, 0);
	s = gen_type(&p.l, "s", KIND_STRUCT, 3, 12);
	gen_member(&p.l, "a", i, 0);
	gen_member(&p.l, "gone", i, 32);
	gen_member(&p.l, "c", i, 64);

	i = gen_int(&p.t, "unsigned int", 4, 0);
	l = gen_int(&p.t, "long", 8, BTF_INT_SIGNED);
	gen_type(&p.t, "s", KIND_STRUCT, 2, 24);
	gen_member(&p.t, "c", l, 64);
	gen_member(&p.t, "a", i, 128);
	pair_open();
	CHECK_EQ(value(s, "0:0", CORE_BYTE_OFFSET), 16);
	CHECK_EQ(value(s, "2:1", CORE_BYTE_OFFSET), POISONED);
	CHECK_EQ(value(s, "0:1", CORE_FIELD_EXISTS), 0);
	CHECK_EQ(value(s, "0:2", CORE_FIELD_EXISTS), 1);
	CHECK_EQ(value(s, "0:2", CORE_BYTE_OFFSET), 8);
	CHECK_EQ(value(s, "0:2", CORE_BYTE_SIZE), 8);
	CHECK_EQ(value(s, "0:2", CORE_SIGNED), 1);
	CHECK_EQ(value(s, "0:0", CORE_SIGNED), 0);
	CHECK_EQ(value(s, "0:0", CORE_RSHIFT), 32);
	CHECK_EQ(value(s, "0:0", CORE_LSHIFT), 32);
	CHECK_EQ(value(s, "0:9", CORE_BYTE_OFFSET), FAILED);
	CHECK_EQ(value(s, "0:", CORE_BYTE_OFFSET), FAILED);
	CHECK_EQ(value(s, "2147483647:0", CORE_FIELD_EXISTS), 1);
	CHECK_EQ(value(s, "2147483648:0", CORE_FIELD_EXISTS), FAILED);
	CHECK_EQ(value(s, "x", CORE_BYTE_OFFSET), FAILED);
	CHECK_EQ(value(s, "0:0:0", CORE_BYTE_OFFSET), FAILED);
	CHECK_EQ(value(s, "0:0", CORE_KINDS), FAILED);
	CHECK_EQ(value(99, "0:0", CORE_BYTE_OFFSET), FAILED);
	pair_close();
}

static void test_arrays(void)
{
	u32 s, flex, i, a;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	a = gen_array(&p.l, i, 8);
	s = gen_struct1(&p.l, "s", 32, "m", a, 0);
	a = gen_array(&p.l, i, 0);
	flex = gen_struct1(&p.l, "f", 0, "m", a, 0);
	i = gen_int(&p.t, "u16", 2, 0);
	a = gen_array(&p.t, i, 5);
	gen_struct1(&p.t, "s", 32, "m", a, 64);
	a = gen_array(&p.t, i, 0);
	gen_struct1(&p.t, "f", 4, "m", a, 32);
	pair_open();
	CHECK_EQ(value(s, "0:0:0", CORE_BYTE_OFFSET), 8);
	CHECK_EQ(value(s, "0:0:0", CORE_BYTE_SIZE), 2);
	CHECK_EQ(value(s, "0:0", CORE_BYTE_SIZE), 10);
	CHECK_EQ(value(s, "0:0:5", CORE_BYTE_OFFSET), POISONED);	/* theirs has 5 */
	CHECK_EQ(value(s, "0:0:0", CORE_SIGNED), FAILED);
	CHECK_EQ(value(flex, "0:0:5", CORE_BYTE_OFFSET), 14);
	pair_close();
}

/* An array without a size in the middle is not flexible. */
static void test_flexible_middle(void)
{
	u32 s, i, a;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	a = gen_array(&p.l, i, 8);
	s = gen_struct1(&p.l, "s", 32, "m", a, 0);
	i = gen_int(&p.t, "u32", 4, 0);
	a = gen_array(&p.t, i, 0);
	gen_type(&p.t, "s", KIND_STRUCT, 2, 4);
	gen_member(&p.t, "m", a, 0);
	gen_member(&p.t, "n", i, 0);
	pair_open();
	CHECK_EQ(value(s, "0:0:5", CORE_BYTE_OFFSET), POISONED);
	pair_close();
}

/* Kinds of field types that stand for each other, and those that do not. */
static void test_compat(void)
{
	enum { INT, PTR, ENUM, STRUCT, ARRAY, FLOAT, N };
	static const bool want[N][N] = {
		[INT] = {[INT] = true}, [PTR] = {[PTR] = true}, [ENUM] = {[ENUM] = true},
		[STRUCT] = {[STRUCT] = true}, [ARRAY] = {[ARRAY] = true},
		[FLOAT] = {[FLOAT] = true},
	};
	u32 row[N], type[2][N];
	struct gen *side[2] = {&p.l, &p.t};

	pair_reset();
	for (u32 k = 0; k < 2; k++) {
		type[k][INT] = gen_int(side[k], k ? "int" : "u64", k ? 4 : 8, 0);
		type[k][PTR] = gen_ptr(side[k], type[k][INT]);
		type[k][ENUM] = gen_type(side[k], k ? "e" : "e___mine", KIND_ENUM, 0, 4);
		type[k][STRUCT] = gen_type(side[k], k ? "x" : "y", k ? KIND_UNION : KIND_STRUCT,
					   0, 8);
		type[k][ARRAY] = gen_array(side[k], type[k][INT], 3 + k);
		type[k][FLOAT] = gen_type(side[k], "float", KIND_FLOAT, 0, 4);
	}
	for (u32 i = 0; i < N; i++) {
		char name[2] = {(char)('A' + i), 0};

		row[i] = gen_type(&p.l, name, KIND_STRUCT, N, 8);
		gen_type(&p.t, name, KIND_STRUCT, N, 8);
		for (u32 k = 0; k < N; k++) {
			char member[2] = {(char)('a' + k), 0};

			gen_member(&p.l, member, type[0][i], 0);
			gen_member(&p.t, member, type[1][k], 0);
		}
		gen_str(&p.l, name);
	}
	for (u32 k = 0; k < N; k++) {
		char access[4] = {'0', ':', (char)('0' + k), 0};

		gen_str(&p.l, access);
	}
	pair_open();
	for (u32 i = 0; i < N; i++)
		for (u32 k = 0; k < N; k++) {
			char access[4] = {'0', ':', (char)('0' + k), 0};

			CHECK_EQ_ROW(i * 10 + k, value(row[i], access, CORE_FIELD_EXISTS),
				     want[i][k]);
		}
	pair_close();
}

/* ---- types and enumerators ------------------------------------------------------ */

static void test_types(void)
{
	struct core_result res;
	u32 here, gone, anon, tdef, pint;

	pair_reset();
	here = gen_type(&p.l, "here", KIND_STRUCT, 0, 8);
	gone = gen_type(&p.l, "gone", KIND_STRUCT, 0, 8);
	anon = gen_type(&p.l, "", KIND_STRUCT, 0, 8);
	pint = gen_ptr(&p.l, gen_int(&p.l, "int", 4, BTF_INT_SIGNED));
	tdef = gen_type(&p.l, "handler", KIND_TYPEDEF, 0, pint);
	gen_type(&p.t, "pad", KIND_STRUCT, 0, 4);
	gen_type(&p.t, "here", KIND_STRUCT, 0, 24);
	gen_type(&p.t, "handler", KIND_TYPEDEF, 0, 1);	/* no pointer */
	pair_open();
	CHECK_EQ(value(here, "0", CORE_TYPE_EXISTS), 1);
	CHECK_EQ(value(here, "0", CORE_TYPE_SIZE), 24);
	CHECK_EQ(value(here, "0", CORE_TYPE_ID_TARGET), 2);
	CHECK_EQ(value(here, "0", CORE_TYPE_ID_LOCAL), here);
	CHECK_EQ(value(anon, "0", CORE_TYPE_ID_LOCAL), anon);
	CHECK_EQ(value(anon, "0", CORE_TYPE_EXISTS), FAILED);
	CHECK_EQ(value(gone, "0", CORE_TYPE_EXISTS), 0);
	CHECK_EQ(value(gone, "0", CORE_TYPE_SIZE), 0);
	CHECK_EQ(value(gone, "0", CORE_TYPE_ID_TARGET), 0);
	CHECK_EQ(value(gone, "0", CORE_TYPE_MATCHES), 0);
	CHECK_EQ(value(here, "0", CORE_TYPE_MATCHES), 1);
	CHECK_EQ(value(here, "0:1", CORE_TYPE_EXISTS), FAILED);
	CHECK_EQ(value(tdef, "0", CORE_TYPE_EXISTS), 0);
	CHECK_EQ(resolve(here, "0", CORE_TYPE_SIZE, &res), 0);
	CHECK_EQ(res.old, 8);
	pair_close();
}

static void test_matches(void)
{
	u32 both, less, name, sign, ptr, i, u;

	pair_reset();
	i = gen_int(&p.l, "int", 4, BTF_INT_SIGNED);
	both = gen_struct1(&p.l, "both", 4, "x", i, 0);
	less = gen_type(&p.l, "less", KIND_STRUCT, 2, 8);
	gen_member(&p.l, "x", i, 0);
	gen_member(&p.l, "y", i, 32);
	name = gen_struct1(&p.l, "name", 4, "x", i, 0);
	sign = gen_struct1(&p.l, "sign", 4, "x", i, 0);
	i = gen_ptr(&p.l, gen_type(&p.l, "o", KIND_FWD, 0, 0));
	ptr = gen_struct1(&p.l, "ptr", 8, "x", i, 0);

	i = gen_int(&p.t, "int", 4, BTF_INT_SIGNED);
	u = gen_int(&p.t, "int", 4, 0);
	gen_type(&p.t, "both", KIND_STRUCT, 2, 8);
	gen_member(&p.t, "w", i, 0);
	gen_member(&p.t, "x", i, 32);
	gen_struct1(&p.t, "less", 4, "x", i, 0);
	gen_struct1(&p.t, "name", 4, "z", i, 0);
	gen_struct1(&p.t, "sign", 4, "x", u, 0);
	i = gen_ptr(&p.t, gen_type(&p.t, "o", KIND_STRUCT, 0, 4));
	gen_struct1(&p.t, "ptr", 8, "x", i, 0);
	pair_open();
	CHECK_EQ(value(both, "0", CORE_TYPE_MATCHES), 1);
	CHECK_EQ(value(less, "0", CORE_TYPE_MATCHES), 0);
	CHECK_EQ(value(name, "0", CORE_TYPE_MATCHES), 0);
	CHECK_EQ(value(sign, "0", CORE_TYPE_MATCHES), 0);
	CHECK_EQ(value(ptr, "0", CORE_TYPE_MATCHES), 1);
	pair_close();
}

static void test_enumvals(void)
{
	u32 e, gone;

	pair_reset();
	e = gen_type(&p.l, "e___mine", KIND_ENUM, 3, 4);
	gen_enumerator(&p.l, "MINUS", 1);
	gen_enumerator(&p.l, "WIDE___mine", 2);
	gen_enumerator(&p.l, "GONE", 3);
	gone = gen_type(&p.l, "nothing", KIND_ENUM, 1, 4);
	gen_enumerator(&p.l, "A", 7);
	gen_type(&p.t, "e", KIND_ENUM64 | GEN_KFLAG, 2, 8);
	gen_word(&p.t, gen_str(&p.t, "WIDE"));
	gen_word(&p.t, 1);
	gen_word(&p.t, 0x10);
	gen_word(&p.t, gen_str(&p.t, "MINUS"));
	gen_word(&p.t, (u32)-5);
	gen_word(&p.t, UINT32_MAX);
	pair_open();
	CHECK_EQ(value(e, "0", CORE_ENUMVAL_VALUE), (u64)-5);
	CHECK_EQ(value(e, "1", CORE_ENUMVAL_VALUE), 0x1000000001);
	CHECK_EQ(value(e, "1", CORE_ENUMVAL_EXISTS), 1);
	CHECK_EQ(value(e, "0:2", CORE_ENUMVAL_EXISTS), FAILED);
	CHECK_EQ(value(e, "9", CORE_ENUMVAL_EXISTS), FAILED);
	CHECK_EQ(value(gone, "0", CORE_ENUMVAL_EXISTS), 0);
	CHECK_EQ(value(gone, "0", CORE_ENUMVAL_VALUE), POISONED);
	pair_close();
}

static void test_enumval_32(void)
{
	u32 e;

	pair_reset();
	e = gen_type(&p.l, "e", KIND_ENUM, 1, 4);
	gen_enumerator(&p.l, "A", 0);
	gen_type(&p.t, "e", KIND_ENUM, 1, 4);
	gen_enumerator(&p.t, "A", INT32_MIN);
	pair_open();
	CHECK_EQ(value(e, "0", CORE_ENUMVAL_VALUE), 0xffffffff80000000);
	pair_close();
}

static void test_ids(void)
{
	struct core_result res;

	pair_reset();
	gen_int(&p.l, "u32", 4, 0);
	pair_open();
	CHECK_EQ(resolve(2, "0", CORE_TYPE_ID_LOCAL, &res), (u64)-EINVAL);
	CHECK_EQ(resolve(1, "0", CORE_KINDS, &res), (u64)-EOPNOTSUPP);
	CHECK_EQ(resolve(1, "x", CORE_TYPE_EXISTS, &res), (u64)-EINVAL);
	pair_close();
}

/* Structures that hold each other by value never end: an error, also when it
 * is found inside of a member. */
static void test_match_errors(void)
{
	struct core_result res;
	u32 s;

	pair_reset();
	s = gen_struct1(&p.l, "s", 4, "x", 2, 0);
	gen_struct1(&p.l, "in", 4, "x", 1, 0);
	gen_struct1(&p.t, "s", 4, "x", 2, 0);
	gen_struct1(&p.t, "in", 4, "x", 1, 0);
	pair_open();
	CHECK_EQ(resolve(s, "0", CORE_TYPE_MATCHES, &res), (u64)-EINVAL);
	pair_close();
}

/* ---- prototypes ---------------------------------------------------------------- */

static void test_prototypes(void)
{
	u32 l[2], t[3], i;

	pair_reset();
	i = gen_int(&p.l, "int", 4, BTF_INT_SIGNED);
	l[0] = gen_type(&p.l, "", KIND_FUNC_PROTO, 1, i);
	gen_word(&p.l, 0);
	gen_word(&p.l, i);
	l[1] = gen_type(&p.l, "", KIND_FUNC_PROTO, 1, 0);	/* of itself */
	gen_word(&p.l, 0);
	gen_word(&p.l, l[1]);
	i = gen_int(&p.t, "long", 8, BTF_INT_SIGNED);
	t[0] = gen_type(&p.t, "", KIND_FUNC_PROTO, 1, i);
	gen_word(&p.t, 0);
	gen_word(&p.t, i);
	t[1] = gen_type(&p.t, "", KIND_FUNC_PROTO, 0, i);
	t[2] = gen_type(&p.t, "", KIND_FUNC_PROTO, 1, 0);
	gen_word(&p.t, 0);
	gen_word(&p.t, t[2]);
	pair_open();
	CHECK_EQ(core_types_compat(&p.lb, l[0], &p.tb, t[0]), 1);
	CHECK_EQ(core_types_compat(&p.lb, l[0], &p.tb, t[1]), 0);
	CHECK_EQ(core_types_compat(&p.lb, l[0], &p.tb, i), 0);
	CHECK(core_types_compat(&p.lb, l[1], &p.tb, t[2]) < 0);
	pair_close();
}

static void test_words(void)
{
	struct core_relo r;
	char text[64];
	u32 s, e, i;

	pair_reset();
	i = gen_int(&p.l, "u32", 4, 0);
	i = gen_struct1(&p.l, "", 8, "x", i, 32);
	s = gen_struct1(&p.l, "s", 8, "in", i, 0);
	e = gen_type(&p.l, "e", KIND_ENUM, 1, 4);
	gen_enumerator(&p.l, "A", 0);
	pair_open();
	r = record(s, "0:0:0", CORE_BYTE_OFFSET);
	core_describe(&p.lb, &r, text, sizeof(text));
	CHECK_STR(text, "struct s has no usable field in.x");
	core_describe(&p.lb, &r, text, 12);
	CHECK_STR(text, "struct s ha");
	r = record(e, "0", CORE_ENUMVAL_VALUE);
	core_describe(&p.lb, &r, text, sizeof(text));
	CHECK_STR(text, "enum e has no value A");
	pair_close();
}

TESTS(core, {"fields", test_fields}, {"arrays", test_arrays},
      {"flexible_middle", test_flexible_middle}, {"compat", test_compat}, {"types", test_types},
      {"matches", test_matches}, {"enumvals", test_enumvals}, {"enumval_32", test_enumval_32},
      {"ids", test_ids}, {"match_errors", test_match_errors}, {"prototypes", test_prototypes},
      {"words", test_words})
