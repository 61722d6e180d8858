/* tests/unit/test_upload.c - an object's BTF in the words of older kernels: what
 * each step rewrites, and what it leaves alone. */
#include "loader/upload.h"

#include <errno.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "tests/unit/btf_gen.h"
#include "tests/unit/test.h"

enum { SEC_DATA = 1, SEC_ASK, SEC_EMPTY, N_SEC, SYM_LATE = 1, SYM_EARLY, SYM_HIDDEN, N_SYM };

static const char names[] = "\0.data.late\0?ask\0.bss.none\0late\0early\0hidden";

static const Elf64_Shdr sections[N_SEC] = {
	[SEC_DATA] = {.sh_name = 1, .sh_size = 8},
	[SEC_ASK] = {.sh_name = 12, .sh_size = 4},
	[SEC_EMPTY] = {.sh_name = 17, .sh_size = 0},
};

static const Elf64_Sym symbols[N_SYM] = {
	[SYM_LATE] = {.st_name = 27, .st_shndx = SEC_DATA, .st_value = 4},
	[SYM_EARLY] = {.st_name = 32, .st_shndx = SEC_DATA, .st_value = 0},
	[SYM_HIDDEN] = {.st_name = 38, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			.st_other = STV_HIDDEN},
};

/* Ids of what everything() writes, in its order. */
enum {
	T_U32 = 1, T_PTR, T_FLOAT, T_TYPE_TAG, T_TYPE_ATTR, T_DECL_TAG, T_DECL_ATTR, T_ENUM64,
	T_SIGNED, T_PLAIN, T_PROTO, T_GLOBAL, T_STATIC, T_HIDDEN, T_EXTERN, T_LATE, T_EARLY,
	T_DATA, T_EMPTY, T_ASK, T_KSYM_VAR, T_KSYMS, T_STRUCT, T_END
};

static void secinfo(struct gen *g, u32 var, u32 off, u32 size)
{
	gen_word(g, var);
	gen_word(g, off);
	gen_word(g, size);
}

static u32 var(struct gen *g, const char *name, u32 linkage)
{
	u32 id = gen_type(g, name, KIND_VAR, 0, T_U32);

	gen_word(g, linkage);
	return id;
}

static struct bytes everything(struct gen *g)
{
	memset(g, 0, sizeof(*g));
	gen_int(g, "u32", 4, 0);
	gen_ptr(g, T_U32);
	gen_type(g, "double", KIND_FLOAT, 0, 8);
	gen_type(g, "user", KIND_TYPE_TAG, 0, T_U32);
	gen_type(g, "attr", KIND_TYPE_TAG | GEN_KFLAG, 0, T_U32);
	gen_type(g, "decl", KIND_DECL_TAG, 0, T_STRUCT);
	gen_word(g, UINT32_MAX);
	gen_type(g, "attr", KIND_DECL_TAG | GEN_KFLAG, 0, T_STRUCT);
	gen_word(g, UINT32_MAX);
	gen_type(g, "wide", KIND_ENUM64, 1, 8);
	gen_member(g, "HUGE", 1, 1);
	gen_type(g, "signed_e", KIND_ENUM | GEN_KFLAG, 1, 4);
	gen_enumerator(g, "MINUS", -1);
	gen_type(g, "plain_e", KIND_ENUM, 1, 4);
	gen_enumerator(g, "ONE", 1);
	gen_type(g, "", KIND_FUNC_PROTO, 0, T_U32);
	gen_type(g, "global", KIND_FUNC, LINKAGE_GLOBAL, T_PROTO);
	gen_type(g, "local", KIND_FUNC, LINKAGE_STATIC, T_PROTO);
	gen_type(g, "hidden", KIND_FUNC, LINKAGE_GLOBAL, T_PROTO);
	gen_type(g, "outside", KIND_FUNC, LINKAGE_EXTERN, T_PROTO);
	var(g, "late", LINKAGE_GLOBAL);
	var(g, "early", LINKAGE_GLOBAL);
	gen_type(g, ".data.late", KIND_DATASEC, 2, 0);
	secinfo(g, T_LATE, 0, 4);
	secinfo(g, T_EARLY, 0, 4);
	gen_type(g, ".bss.none", KIND_DATASEC, 0, 0);
	gen_type(g, "?ask", KIND_DATASEC, 1, 4);
	secinfo(g, T_EARLY, 0, 4);
	var(g, "ksym", LINKAGE_EXTERN);
	gen_type(g, ".ksyms", KIND_DATASEC, 1, 0);
	secinfo(g, T_KSYM_VAR, 0, 4);
	gen_struct1(g, "s", 8, "m", T_FLOAT, 0);
	return gen_blob(g);
}

static struct gen g;

static bool open_image(struct image *img, struct bytes blob)
{
	*img = (struct image){
		.elf = {.sec = sections, .nsec = N_SEC, .sym = symbols, .nsym = N_SYM,
			.secnames = {(const unsigned char *)names, sizeof(names)},
			.symnames = {(const unsigned char *)names, sizeof(names)}},
	};
	return !btf_open(&img->btf, blob, NULL);
}

/* The draft as a kernel would read it: ids and lengths are those of the object. */
static void reread(const struct draft *d, struct btf *b)
{
	CHECK_EQ(btf_open(b, (struct bytes){d->blob, d->len}, NULL), 0);
	CHECK_EQ(b->n, T_END + 1);
	for (u32 id = 1; id < T_END; id++)
		CHECK_EQ_ROW(id, b->off[id], d->img->btf.off[id]);
	CHECK_EQ(btf_kind(btf_type(b, T_END)), KIND_INT);
}

/* What no kernel takes as the compiler writes it. */
static void test_draft(void)
{
	const struct btf_var_secinfo *v;
	struct image img;
	struct draft d;
	struct btf b;

	CHECK(open_image(&img, everything(&g)));
	CHECK_EQ(draft_open(&d, &img), 0);
	reread(&d, &b);
	CHECK_EQ(btf_type(&b, T_DATA)->size, 8);
	v = btf_secinfos(btf_type(&b, T_DATA));
	CHECK_EQ(v[0].type, T_EARLY);
	CHECK_EQ(v[1].type, T_LATE);
	CHECK_EQ(v[1].offset, 4);
	CHECK_EQ(btf_kind(btf_type(&b, T_KSYMS)), KIND_UNION);
	CHECK_EQ(btf_type(&b, T_KSYMS)->name_off, 0);
	CHECK_EQ(btf_linkage_of_var(btf_type(&b, T_KSYM_VAR)), LINKAGE_GLOBAL);
	CHECK_EQ(btf_kind(btf_type(&b, T_EXTERN)), KIND_TYPEDEF);
	CHECK_EQ(btf_vlen(btf_type(&b, T_HIDDEN)), LINKAGE_STATIC);
	CHECK_EQ(btf_vlen(btf_type(&b, T_GLOBAL)), LINKAGE_GLOBAL);
	btf_close(&b);
	draft_close(&d);
	btf_close(&img.btf);
}

/* Each step changes its types and no others. */
static void test_steps(void)
{
	static const struct {
		const char *since;
		u32 id, kind, size;	/* a type, and what becomes of it */
		const char *name;
		bool kflag;
	} rows[] = {
		{"6.15", T_TYPE_ATTR, KIND_TYPE_TAG, T_U32, "attr", false},
		{"6.15", T_DECL_ATTR, KIND_DECL_TAG, T_STRUCT, "attr", false},
		{"6.9", T_ASK, KIND_DATASEC, 4, "_ask", false},
		{"6.0", T_ENUM64, KIND_UNION, 8, "wide", false},
		{"6.0", T_SIGNED, KIND_ENUM, 4, "signed_e", false},
		{"5.17", T_TYPE_TAG, KIND_CONST, T_U32, "", false},
		{"5.17", T_TYPE_ATTR, KIND_CONST, T_U32, "", false},
		{"5.16", T_DECL_TAG, KIND_INT, 1, "", false},
		{"5.16", T_DECL_ATTR, KIND_INT, 1, "", false},
		{"5.13", T_FLOAT, KIND_STRUCT, 8, "", false},
		{"5.12", T_EMPTY, KIND_STRUCT, 0, "", false},
		{"5.6", T_GLOBAL, KIND_FUNC, T_PROTO, "global", false},
	};
	bool touched[T_END + 1] = {false};
	struct image img;
	struct draft d;
	struct btf b;
	u32 row = 0;

	CHECK(open_image(&img, everything(&g)));
	CHECK_EQ(draft_open(&d, &img), 0);
	for (u32 step = 0; step < DRAFT_STEPS; step++) {
		unsigned char before[sizeof(g.blob)];
		u32 first = row;

		memcpy(before, d.blob, d.len);
		CHECK_ROW(step, draft_rewrite(&d, step));
		CHECK_ROW(step, !draft_rewrite(&d, step));	/* nothing is left of it */
		reread(&d, &b);
		memset(touched, 0, sizeof(touched));
		for (; row < ARRAY_LEN(rows) && !strcmp(rows[row].since, draft_since(step)); row++) {
			const struct btf_type *t = btf_type(&b, rows[row].id);

			touched[rows[row].id] = true;
			CHECK_EQ_ROW(row, btf_kind(t), rows[row].kind);
			CHECK_EQ_ROW(row, t->size, rows[row].size);
			CHECK_STR_ROW(row, btf_name(&b, t), rows[row].name);
			CHECK_EQ_ROW(row, btf_kflag(t), rows[row].kflag);
		}
		CHECK_ROW(step, row > first);
		for (u32 id = 1; id < T_END; id++) {
			size_t at = sizeof(struct btf_header) + b.off[id];

			CHECK_ROW(id, touched[id] || !memcmp(before + at, d.blob + at,
							     b.off[id + 1] - b.off[id]));
		}
		btf_close(&b);
	}
	CHECK_EQ(row, ARRAY_LEN(rows));
	draft_close(&d);
	btf_close(&img.btf);
}

/* Enumerators become members that lie inside of their union. */
static void test_members(void)
{
	const struct btf_member *m;
	struct image img;
	struct draft d;
	struct btf b;

	CHECK(open_image(&img, everything(&g)));
	CHECK_EQ(draft_open(&d, &img), 0);
	for (u32 step = 0; step < DRAFT_STEPS; step++)
		if (!strcmp(draft_since(step), "6.0"))
			CHECK(draft_rewrite(&d, step));
	reread(&d, &b);
	m = btf_members(btf_type(&b, T_ENUM64));
	CHECK_EQ(m->offset, 0);
	CHECK_EQ(btf_type(&b, m->type)->size, 1);
	btf_close(&b);
	draft_close(&d);
	btf_close(&img.btf);
}

/* A header with a layout section (7.1) is not passed on. */
static void test_layout(void)
{
	static u32 blob[ARRAY_LEN(g.blob) + 2];
	struct bytes plain = everything(&g);
	struct btf_header h;
	struct image img;
	struct draft d;

	memcpy(&h, plain.p, sizeof(h));
	h.hdr_len += 8;
	memcpy(blob, &h, sizeof(h));
	blob[sizeof(h) / 4] = blob[sizeof(h) / 4 + 1] = 0;
	memcpy(blob + sizeof(h) / 4 + 2, plain.p + sizeof(h), plain.n - sizeof(h));
	CHECK(open_image(&img, (struct bytes){(unsigned char *)blob, plain.n + 8}));
	CHECK_EQ(draft_open(&d, &img), 0);
	memcpy(&h, d.blob, sizeof(h));
	CHECK_EQ(h.hdr_len, sizeof(h));
	draft_close(&d);
	btf_close(&img.btf);
}

/* This kernel takes the draft as it is, and in the form for the oldest. */
static void test_kernel(void)
{
	char log[4096] = "";
	struct image img;
	struct draft d;
	int fd;

	CHECK(open_image(&img, everything(&g)));
	fd = btf_upload(&img);
	if (fd == -EPERM || fd == -ENOSYS) {
		test_skip("this kernel lets nobody load BTF here");
		btf_close(&img.btf);
		return;
	}
	CHECK(fd >= 0);
	if (fd >= 0)
		close(fd);
	CHECK_EQ(draft_open(&d, &img), 0);
	for (u32 step = 0; step < DRAFT_STEPS; step++)
		CHECK(draft_rewrite(&d, step));
	fd = bpf_btf_load((struct bytes){d.blob, d.len}, log, sizeof(log));
	CHECK_STR(fd < 0 ? log : "", "");
	CHECK(fd >= 0);
	if (fd >= 0)
		close(fd);
	draft_close(&d);
	btf_close(&img.btf);
}

TESTS(upload, {"draft", test_draft}, {"steps", test_steps}, {"members", test_members},
      {"layout", test_layout}, {"kernel", test_kernel})
