/* tests/unit/test_btf.c - types from small blobs, good and hostile; names. */
#include <errno.h>

#include "loader/ext.h"
#include "loader/wanted.h"
#include "tests/unit/btf_gen.h"
#include "tests/unit/test.h"

static struct gen g;

static void test_sizes(void)
{
	struct btf b;
	u32 size, u16_id, array, tdef, st, ptr, proto;

	memset(&g, 0, sizeof(g));
	u16_id = gen_int(&g, "u16", 2, 0);
	array = gen_array(&g, u16_id, 10);
	tdef = gen_type(&g, "row", KIND_TYPEDEF, 0, array);
	array = gen_array(&g, tdef, 3);
	st = gen_struct1(&g, "s", 64, "m", array, 32);
	ptr = gen_ptr(&g, st);
	proto = gen_type(&g, "", KIND_FUNC_PROTO, 0, 0);
	CHECK_EQ(btf_open(&b, gen_blob(&g), NULL), 0);
	CHECK_EQ(b.n, 8);
	CHECK_EQ(btf_size(&b, array, &size), 0);
	CHECK_EQ(size, 60);
	CHECK_EQ(btf_skip(&b, tdef), 2);
	CHECK_EQ(btf_size(&b, st, &size), 0);
	CHECK_EQ(size, 64);
	CHECK_EQ(btf_size(&b, ptr, &size), 0);
	CHECK_EQ(size, 8);
	CHECK_EQ(btf_size(&b, proto, &size), (u64)-EINVAL);
	CHECK_EQ(btf_size(&b, 0, &size), (u64)-EINVAL);
	CHECK_EQ(btf_kind(btf_type(&b, 99)), KIND_VOID);
	CHECK_STR(btf_str(&b, 1u << 30), "");
	CHECK_EQ(btf_member_bit_off(btf_type(&b, st), 0), 32);
	btf_close(&b);
}

static void test_cycles(void)
{
	struct btf b;
	u32 size, a, arr, big, t;

	memset(&g, 0, sizeof(g));
	a = gen_type(&g, "a", KIND_TYPEDEF, 0, 2);
	gen_type(&g, "b", KIND_CONST, 0, 1);
	arr = gen_array(&g, 3, 2);	/* of itself */
	t = gen_int(&g, "u64", 8, 0);
	big = gen_array(&g, gen_array(&g, t, UINT32_MAX), 2);
	CHECK_EQ(btf_open(&b, gen_blob(&g), NULL), 0);
	CHECK_EQ(btf_skip(&b, a), 0);
	CHECK(btf_size(&b, a, &size) < 0);
	CHECK(btf_size(&b, arr, &size) < 0);
	CHECK_EQ(btf_size(&b, big, &size), (u64)-E2BIG);
	btf_close(&b);
}

static void test_enums(void)
{
	struct btf b;
	u32 e, e64;

	memset(&g, 0, sizeof(g));
	e = gen_type(&g, "e", KIND_ENUM | GEN_KFLAG, 1, 4);
	gen_enumerator(&g, "MINUS", -3);
	e64 = gen_type(&g, "e64", KIND_ENUM64, 1, 8);
	gen_word(&g, gen_str(&g, "WIDE"));
	gen_word(&g, 5);
	gen_word(&g, 0x80000000u);
	CHECK_EQ(btf_open(&b, gen_blob(&g), NULL), 0);
	CHECK_EQ(btf_enumerator(&b, btf_type(&b, e), 0).value, (u64)-3);
	CHECK(btf_kflag(btf_type(&b, e)));
	CHECK_EQ(btf_kind(btf_type(&b, e)), KIND_ENUM);
	CHECK_EQ(btf_enumerator(&b, btf_type(&b, e64), 0).value, 0x8000000000000005);
	CHECK_STR(btf_enumerator(&b, btf_type(&b, e64), 0).name, "WIDE");
	btf_close(&b);
}

/* One 32-bit word of a good blob, overwritten. */
static const struct {
	size_t at;
	u32 value;
	int want;
} broken[] = {
	{0, 0x0001eb9e, -EBADMSG},		/* magic */
	{0, 0x0002eb9f, -EBADMSG},		/* version */
	{4, 20, -EBADMSG},			/* header too short */
	{4, 26, -EBADMSG},
	{4, UINT32_MAX - 3, -EBADMSG},
	{8, 2, -EBADMSG},			/* types not aligned */
	{8, UINT32_MAX - 3, -EBADMSG},
	{12, UINT32_MAX, -EBADMSG},
	{12, 10, -EBADMSG},			/* in the middle of a record */
	{16, UINT32_MAX, -EBADMSG},
	{16, 2, -EBADMSG},			/* strings within the types */
	{20, 0, -EBADMSG},			/* no strings */
	{20, 3, -EBADMSG},			/* not closed */
	{28, 20u << 24, -EPROTO},		/* a kind of the future */
	{28, 0, -EPROTO},
	{28, KIND_STRUCT << 24 | 0xffff, -EBADMSG},
};

static void test_broken(void)
{
	struct bytes blob;
	struct btf b;

	memset(&g, 0, sizeof(g));
	gen_int(&g, "int", 4, 1);
	blob = gen_blob(&g);
	CHECK_EQ(btf_open(&b, blob, NULL), 0);
	btf_close(&b);
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		gen_blob(&g);
		memcpy((char *)g.blob + broken[i].at, &broken[i].value, 4);
		CHECK_EQ_ROW(i, btf_open(&b, blob, NULL), broken[i].want);
	}
	gen_blob(&g);
	for (size_t n = 0; n < blob.n; n++)
		CHECK_ROW(n, btf_open(&b, (struct bytes){blob.p, n}, NULL) < 0);
}

/* A 7.1 header tells how to step over kinds that are not known here. */
static void test_layout(void)
{
	static const struct {
		u32 header[8];
		u32 types[3 + 2 + 4];
		char strs[8];
		struct uapi_btf_layout layout[21];
	} blob = {
		.header = {BTF_VERSION << 16 | BTF_MAGIC, 32, 0, 36, 36, 8, 44,
			   sizeof(blob.layout)},
		.types = {0, 20u << 24 | 1, 0, 7, 7,	/* kind 20: 4 fixed, 4 each */
			  1, KIND_INT << 24, 4, 32},
		.strs = "\0int\0\0\0",
		.layout = {[20] = {4, 4, 0}},
	};
	struct btf b;

	CHECK_EQ(btf_open(&b, (struct bytes){(const unsigned char *)&blob, sizeof(blob)}, NULL), 0);
	CHECK_EQ(b.n, 3);
	CHECK_STR(btf_name(&b, btf_type(&b, 2)), "int");
	btf_close(&b);
}

/* References are checked on request. */
static void test_references(void)
{
	static const struct {
		u32 kind, size, word[3];
		bool good;
	} rows[] = {
		{KIND_PTR, 1, {0}, true}, {KIND_PTR, 3, {0}, false},
		{KIND_TYPEDEF, 2, {0}, true}, {KIND_TYPEDEF, 1 << 20, {0}, false},
		{KIND_FUNC, 1, {0}, false},
		{KIND_ARRAY, 0, {1, 1, 4}, true}, {KIND_ARRAY, 0, {3, 1, 4}, false},
		{KIND_ARRAY, 0, {1, 3, 4}, false},
		{KIND_STRUCT | 1 << 20, 4, {1, 1, 0}, true},
		{KIND_STRUCT | 1 << 20, 4, {99, 1, 0}, false},
		{KIND_STRUCT | 1 << 20, 4, {1, 3, 0}, false},
		{KIND_ENUM64 | 1 << 20, 8, {99, 1, 0}, false},
		{KIND_DATASEC | 1 << 20, 8, {1, 99, 99}, true},
		{KIND_DATASEC | 1 << 20, 8, {3, 0, 4}, false},
	};
	const u32 words[KIND_N] = {[KIND_ARRAY] = 3, [KIND_STRUCT] = 3, [KIND_ENUM64] = 3,
				   [KIND_DATASEC] = 3};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		u32 kind = rows[i].kind & 0xff, id;
		struct btf b;

		memset(&g, 0, sizeof(g));
		gen_int(&g, "int", 4, 1);
		gen_type(&g, "x", kind, rows[i].kind >> 20, rows[i].size);
		for (u32 k = 0; k < words[kind]; k++)
			gen_word(&g, rows[i].word[k]);
		CHECK_EQ_ROW(i, btf_open(&b, gen_blob(&g), NULL), 0);
		CHECK_EQ_ROW(i, btf_check(&b, &id), rows[i].good ? 0 : -EBADMSG);
		if (!rows[i].good)
			CHECK_EQ_ROW(i, id, 2);
		btf_close(&b);
	}
}

static void test_essence(void)
{
	static const struct {
		const char *name;
		size_t len;
	} rows[] = {
		{"task_struct", 11}, {"task_struct___old", 11}, {"a___b___c", 5},
		{"nf_conn___init", 7}, {"foo__bar", 8}, {"foo____bar", 10}, {"___x", 4},
		{"x___", 4}, {"", 0}, {"a___b", 1}, {"foo___b___", 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, name_essential_len(rows[i].name), rows[i].len);
	CHECK(name_same_essence("a___x", "a___y"));
	CHECK(!name_same_essence("a___x", "ab"));
}

static void test_names(void)
{
	static struct wanted n;
	const struct name_want *w;
	struct btf b;

	memset(&g, 0, sizeof(g));
	memset(&n, 0, sizeof(n));
	gen_type(&g, "s", KIND_STRUCT, 0, 8);
	gen_type(&g, "s", KIND_FUNC, 0, 0);		/* another kind of the same name */
	gen_type(&g, "s___init", KIND_STRUCT, 0, 16);
	gen_type(&g, "t", KIND_STRUCT, 0, 8);
	CHECK_EQ(wanted_add(&n, "s___mine", KIND_BIT(KIND_STRUCT)), 0);
	CHECK_EQ(wanted_add(&n, "s", KIND_BIT(KIND_STRUCT)), 0);
	CHECK_EQ(n.n, 1);
	CHECK_EQ(btf_open(&b, gen_blob(&g), &n), 0);
	CHECK(!wanted_find(&n, "t"));
	w = wanted_find(&n, "s___other");
	CHECK(w != NULL);
	CHECK_EQ(n.nhit, 2);
	CHECK_EQ(n.hit[w->hits - 1].id, 3);
	CHECK_EQ(n.hit[n.hit[w->hits - 1].next - 1].id, 1);
	wanted_free(&n);
	btf_close(&b);
}

/* Any number of names: the table grows, and finds what it had before. */
static void test_names_many(void)
{
	enum { MANY = 5000 };
	static struct wanted n;
	static char text[MANY][8];

	memset(&n, 0, sizeof(n));
	CHECK(!wanted_find(&n, "n1"));
	for (u32 i = 0; i < MANY; i++) {
		text[i][0] = 'n';
		put_u64(text[i] + 1, i);
		CHECK_EQ_ROW(i, wanted_add(&n, text[i], 1), 0);
	}
	for (u32 i = 0; i < MANY; i++)
		CHECK_ROW(i, wanted_find(&n, text[i])->name == text[i]);
	CHECK(!wanted_find(&n, "n5000"));
	wanted_free(&n);
}

static void test_ext(void)
{
	u32 blob[] = {0x0001eb9f, 32, 0, 20, 20, 0, 20, 28,	/* header */
		      8, 1, 1, 0, 1,				/* func_info of one section */
		      16, 1, 1, 8, 1, 1, 0};			/* core_relo */
	struct ext_run run;
	struct btf b;
	struct ext e;
	u32 at = 0;

	memset(&g, 0, sizeof(g));
	gen_int(&g, "int", 4, 1);
	CHECK_EQ(btf_open(&b, gen_blob(&g), NULL), 0);
	CHECK_EQ(ext_open(&e, &b, (struct bytes){(unsigned char *)blob, sizeof(blob)}), 0);
	CHECK(ext_next(&e, EXT_CORE, &at, &run));
	CHECK_STR(run.section, "int");
	CHECK_EQ(run.n, 1);
	CHECK(!ext_next(&e, EXT_CORE, &at, &run));
	at = 0;
	CHECK(!ext_next(&e, EXT_LINE, &at, &run));
	for (size_t n = 0; n < sizeof(blob); n++)
		CHECK_ROW(n, ext_open(&e, &b, (struct bytes){(unsigned char *)blob, n}) < 0);
	blob[0] |= 1u << 24;	/* a flag nobody has defined */
	CHECK_EQ(ext_open(&e, &b, (struct bytes){(unsigned char *)blob, sizeof(blob)}),
		 (u64)-EBADMSG);
	blob[0] &= ~(1u << 24);
	blob[15] = 2;	/* more records than there are bytes */
	CHECK_EQ(ext_open(&e, &b, (struct bytes){(unsigned char *)blob, sizeof(blob)}),
		 (u64)-EBADMSG);
	btf_close(&b);
}

/* The filter before the table must let pass whatever the table would find. */
static void test_names_filter(void)
{
	static const struct {
		const char *want, *offered;
		bool pass;
	} rows[] = {
		{"s", "s", true}, {"s", "s___mine", true}, {"s___mine", "s", true},
		{"s___mine", "s___other", true}, {"st", "st___x", true}, {"st___x", "st", true},
		{"s", "t", false}, {"s", "st", false}, {"s", "", false}, {"", "", false},
		{"", "s", false}, {"st", "sx", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		static struct wanted n;

		memset(&n, 0, sizeof(n));
		CHECK_EQ_ROW(i, wanted_add(&n, rows[i].want, KIND_BIT(KIND_STRUCT)), 0);
		CHECK_EQ_ROW(i, wanted_maybe(&n, KIND_STRUCT, rows[i].offered), rows[i].pass);
		CHECK_ROW(i, !wanted_maybe(&n, KIND_FUNC, rows[i].offered));
		wanted_free(&n);
	}
}

TESTS(btf, {"sizes", test_sizes}, {"cycles", test_cycles}, {"enums", test_enums},
      {"broken", test_broken}, {"layout", test_layout}, {"references", test_references},
      {"essence", test_essence},
      {"names", test_names}, {"names_many", test_names_many},
      {"names_filter", test_names_filter}, {"ext", test_ext})
