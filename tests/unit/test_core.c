/* tests/unit/test_core.c - CO-RE against made-up kernels.  Every expectation
 * is what libbpf does with the same pair of types. */
#include "loader/core.h"

#include <errno.h>

#include "loader/core_spec.h"
#include "tests/unit/btf_gen.h"
#include "tests/unit/test.h"

/* Local types l, target types t; then pair_open(). */
static struct pair {
	struct gen l, t;
	struct btf lb, tb;
	struct wanted names;
	struct core core;
} p;

static void pair_reset(void)
{
	static const char *const access[] = {"0", "0:0", "0:1", "0:2", "1", "0:0:0", "0:0:5",
					     "2:1", "0:1:1", "0:", "x", "0:9", "0:0:0:0", "9"};

	memset(&p, 0, sizeof(p));
	for (size_t i = 0; i < ARRAY_LEN(access); i++)
		gen_str(&p.l, access[i]);
}

static void pair_open(void)
{
	CHECK_EQ(btf_open(&p.lb, gen_blob(&p.l), NULL), 0);
	for (u32 id = 1; id < p.lb.n; id++) {
		struct core_relo r = {.type_id = id};

		CHECK_EQ(core_want(&p.names, &p.lb, &r), 0);
	}
	CHECK_EQ(btf_open(&p.tb, gen_blob(&p.t), &p.names), 0);
	CHECK_EQ(core_open(&p.core, &p.lb, &p.tb, &p.names), 0);
}

static void pair_close(void)
{
	core_close(&p.core);
	wanted_free(&p.names);
	btf_close(&p.lb);
	btf_close(&p.tb);
}

static struct core_relo record(u32 id, const char *access, u32 kind)
{
	struct core_relo r = {.type_id = id, .kind = kind};

	for (u32 off = 1; off < p.lb.strs.n; off += (u32)strlen(btf_str(&p.lb, off)) + 1)
		if (!strcmp(btf_str(&p.lb, off), access))
			r.access_off = off;
	return r;
}

static int resolve(u32 id, const char *access, u32 kind, struct core_result *res)
{
	struct core_relo r = record(id, access, kind);

	memset(res, 0, sizeof(*res));
	return core_resolve(&p.core, &r, res);
}

/* The value, or a mark for what is none. */
enum { POISONED = 0xdead, FAILED = 0xfa11 };

static u64 value(u32 id, const char *access, u32 kind)
{
	struct core_result res;

	if (resolve(id, access, kind, &res))
		return FAILED;
	return res.poison ? POISONED : res.new;
}

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
	CHECK_EQ(value(s, "x", CORE_BYTE_OFFSET), FAILED);
	CHECK_EQ(value(s, "0:0:0", CORE_BYTE_OFFSET), FAILED);
	CHECK_EQ(value(s, "0:0", CORE_KINDS), FAILED);
	CHECK_EQ(value(99, "0:0", CORE_BYTE_OFFSET), FAILED);
	pair_close();
}

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

/* ---- instructions ------------------------------------------------------------- */

enum {
	LDW = BPF_LDX | BPF_MEM | BPF_W,
	LDDW = BPF_LDX | BPF_MEM | BPF_DW,
	LDB = BPF_LDX | BPF_MEM | BPF_B,
	STW = BPF_STX | BPF_MEM | BPF_W,
	STDW = BPF_STX | BPF_MEM | BPF_DW,
	STI = BPF_ST | BPF_MEM | BPF_H,
	MOV = BPF_ALU64 | BPF_MOV | BPF_K,
	MOVX = BPF_ALU64 | BPF_MOV | BPF_X,
	WIDE = BPF_LD | BPF_IMM | BPF_DW,
	CALL = BPF_JMP | BPF_CALL,
};

static void test_patch(void)
{
	static const struct {
		struct bpf_insn in;
		struct core_result res;
		int err;
		struct bpf_insn out;
	} rows[] = {
		{{.code = LDW, .off = 4}, {4, 8, true, .old_size = 0}, 0, {.code = LDW, .off = 8}},
		{{.code = LDW, .off = 5}, {4, 8, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = LDW, .off = 5}, {4, 8, false, .old_size = 0}, 0, {.code = LDW, .off = 8}},
		{{.code = LDW, .off = 4}, {4, 32767, true, .old_size = 0}, 0,
		 {.code = LDW, .off = 32767}},
		{{.code = LDW, .off = 4}, {4, 32768, true, .old_size = 0}, -ERANGE, {0}},
		{{.code = LDW, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 8}, 0,
		 {.code = LDDW, .off = 8}},
		{{.code = LDDW, .off = 4}, {4, 8, true, .old_size = 8, .new_size = 1}, 0,
		 {.code = LDB, .off = 8}},
		{{.code = STW, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 8}, 0,
		 {.code = STDW, .off = 8}},
		{{.code = STI, .off = 4, .imm = 3}, {4, 6, true, .old_size = 0}, 0,
		 {.code = STI, .off = 6, .imm = 3}},
		{{.code = LDW, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 3}, -EINVAL, {0}},
		{{.code = LDB, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 8}, -EINVAL, {0}},
		{{.code = LDW, .off = 4},
		 {4, 8, true, .old_size = 4, .new_size = 8, .bad_resize = true}, 0,
		 {.code = CALL, .imm = CORE_POISON}},
		{{.code = MOV, .imm = -1},
		 {(u64)-1, 7, true, .old_size = 4, .new_size = 8, .bad_resize = true}, 0,
		 {.code = MOV, .imm = 7}},
		{{.code = MOV, .imm = 1}, {2, 7, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = MOVX}, {0, 7, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = CALL}, {0, 7, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = LDW, .off = 9, .dst_reg = 1, .src_reg = 2},
		 {4, 8, true, .poison = true}, 0,
		 {.code = CALL, .imm = CORE_POISON}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bpf_insn insn = rows[i].in;

		CHECK_EQ_ROW(i, core_patch(&insn, 1, &rows[i].res), rows[i].err);
		if (!rows[i].err)
			CHECK_ROW(i, !memcmp(&insn, &rows[i].out, sizeof(insn)));
	}
}

static void test_patch_wide(void)
{
	const struct core_result res = {7, 0x1122334455667788, true, .old_size = 0};
	const struct core_result gone = {.poison = true};
	struct bpf_insn insn[2] = {{.code = WIDE, .dst_reg = 1, .imm = 7}};

	CHECK_EQ(core_patch(insn, 1, &res), (u64)-EINVAL);
	CHECK_EQ(core_patch(insn, 0, &res), (u64)-EINVAL);
	CHECK_EQ(core_patch(insn, 2, &res), 0);
	CHECK_EQ(insn[0].imm, 0x55667788);
	CHECK_EQ(insn[1].imm, 0x11223344);
	CHECK_EQ(core_patch(insn, 2, &res), (u64)-EINVAL);	/* no longer 7 */
	CHECK_EQ(core_patch(insn, 2, &gone), 0);
	for (u32 i = 0; i < 2; i++) {
		CHECK_EQ_ROW(i, insn[i].code, CALL);
		CHECK_EQ_ROW(i, insn[i].imm, CORE_POISON);
		CHECK_EQ_ROW(i, insn[i].dst_reg | insn[i].src_reg | insn[i].off, 0);
	}
}

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

TESTS(core, {"fields", test_fields}, {"pruning", test_pruning}, {"ambiguous", test_ambiguous},
      {"flavours", test_flavours}, {"anonymous", test_anonymous},
      {"cyclic_anonymous", test_cyclic_anonymous}, {"cyclic_typedef", test_cyclic_typedef},
      {"arrays", test_arrays}, {"flexible_middle", test_flexible_middle},
      {"bitfields", test_bitfields}, {"compat", test_compat}, {"types", test_types},
      {"matches", test_matches}, {"enumvals", test_enumvals}, {"enumval_32", test_enumval_32},
      {"patch", test_patch}, {"patch_wide", test_patch_wide}, {"resize", test_resize},
      {"prototypes", test_prototypes}, {"words", test_words})
