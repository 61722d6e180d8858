/* tests/unit/test_link.c - linking by hand-made images: code, externs, records. */
#include "loader/link.h"

#include <errno.h>

#include "loader/diag.h"
#include "loader/ksym.h"
#include "tests/unit/btf_gen.h"
#include "tests/unit/test.h"

enum { TEXT = 1, MAPS = 2, DATA = 3, N_SEC = 4 };
enum { SYM_A = 1, SYM_MAP, SYM_DATA, SYM_NOWHERE, SYM_EXTERN, N_SYM };

static const Elf64_Shdr sections[N_SEC] = {
	[TEXT] = {.sh_type = SHT_PROGBITS, .sh_flags = SHF_EXECINSTR},
};

static Elf64_Sym symbols[N_SYM] = {
	[SYM_A] = {.st_shndx = TEXT, .st_value = 3 * 8},
	[SYM_MAP] = {.st_shndx = MAPS, .st_value = 32},
	[SYM_DATA] = {.st_shndx = DATA, .st_value = 16},
	[SYM_NOWHERE] = {.st_shndx = TEXT, .st_value = 4 * 8},
	[SYM_EXTERN] = {.st_name = 1, .st_shndx = SHN_UNDEF},
};

static const char names[] = "\0thing";
static unsigned char data_init[64];

/* main calls a and b, both call c: c comes once, behind a. */
static const struct bpf_insn code[] = {
	/* 0 main */
	{.code = INSN_CALL, .src_reg = CALL_SUBPROG, .imm = -1},	/* SYM_A */
	{.code = INSN_CALL, .src_reg = CALL_SUBPROG, .imm = 3},		/* 1 + 3 + 1 = b */
	{.code = BPF_JMP | BPF_EXIT},
	/* 3 a */
	{.code = INSN_CALL, .src_reg = CALL_SUBPROG, .imm = 9},		/* c */
	{.code = BPF_JMP | BPF_EXIT},
	/* 5 b */
	{.code = INSN_CALL, .src_reg = CALL_SUBPROG, .imm = 7},		/* c */
	{.code = INSN_LD_IMM64, .imm = 0}, {0},				/* SYM_MAP */
	{.code = INSN_LD_IMM64, .imm = 4}, {0},				/* SYM_DATA + 4 */
	{.code = INSN_LD_IMM64, .imm = 0}, {0},				/* SYM_A */
	{.code = BPF_JMP | BPF_EXIT},
	/* 13 c */
	{.code = BPF_JMP | BPF_EXIT},
};

static struct image hand_made(struct func func[4], struct map_spec map[2], struct bpf_insn *insn,
			      u32 *sym)
{
	static const struct {
		const char *name;
		u32 start, n;
	} parts[4] = {{"main", 0, 3}, {"a", 3, 2}, {"b", 5, 8}, {"c", 13, 1}};

	memcpy(insn, code, sizeof(code));
	memset(sym, 0, ARRAY_LEN(code) * sizeof(*sym));
	sym[0] = SYM_A;
	sym[6] = SYM_MAP;
	sym[8] = SYM_DATA;
	sym[10] = SYM_A;
	for (u32 i = 0; i < 4; i++)
		func[i] = (struct func){
			.name = parts[i].name,
			.section = ".text",
			.sec = TEXT,
			.start = parts[i].start,
			.n = parts[i].n,
			.insn = insn + parts[i].start,
			.sym = sym + parts[i].start,
		};
	map[0] = (struct map_spec){.name = "m", .sec = MAPS, .sec_off = 32};
	map[1] = (struct map_spec){.name = ".data", .sec = DATA, .init = data_init};
	return (struct image){
		.name = "hand",
		.elf = {.sec = sections, .nsec = N_SEC, .sym = symbols, .nsym = N_SYM,
			.symnames = {(const unsigned char *)names, sizeof(names)}},
		.func = func, .nfunc = 4, .map = map, .nmap = 2,
		.insn = insn, .sym = sym, .ninsn = ARRAY_LEN(code),
	};
}

static void test_link(void)
{
	static const int map_fd[2] = {71, 72};
	struct bpf_insn insn[ARRAY_LEN(code)];
	u32 sym[ARRAY_LEN(code)];
	struct func func[4];
	struct map_spec map[2];
	struct image img = hand_made(func, map, insn, sym);
	struct link in = {.img = &img, .map_fd = map_fd};
	struct program p;
	struct diag why;

	CHECK_EQ(link_program(&p, &in, &func[0], &why), 0);
	CHECK_EQ(p.ninsn, ARRAY_LEN(code));
	CHECK_EQ(p.nfunc, 4);
	CHECK_STR(p.func[1]->name, "a");
	CHECK_STR(p.func[2]->name, "c");
	CHECK_STR(p.func[3]->name, "b");
	CHECK_EQ(p.insn[0].imm, 2);	/* a at 3 */
	CHECK_EQ(p.insn[1].imm, 4);	/* b at 6 */
	CHECK_EQ(p.insn[3].imm, 1);	/* c at 5 */
	CHECK_EQ(p.insn[6].imm, -2);
	CHECK_EQ(p.insn[7].src_reg, LD_MAP_FD);
	CHECK_EQ(p.insn[7].imm, 71);
	CHECK_EQ(p.insn[9].src_reg, LD_MAP_VALUE);
	CHECK_EQ(p.insn[9].imm, 72);
	CHECK_EQ(p.insn[10].imm, 20);
	CHECK_EQ(p.insn[11].src_reg, LD_FUNC);
	CHECK_EQ(p.insn[11].imm, 3 - 11 - 1);
	CHECK_EQ(p.nfunc_info, 0);	/* no .BTF.ext */
	program_free(&p);

	/* another program from the same masters has another order */
	CHECK_EQ(link_program(&p, &in, &func[2], &why), 0);
	CHECK_EQ(p.nfunc, 3);
	CHECK_EQ(p.insn[0].imm, 7);	/* c at 8 */
	program_free(&p);
}

static void test_link_broken(void)
{
	struct bpf_insn insn[ARRAY_LEN(code)];
	u32 sym[ARRAY_LEN(code)];
	struct func func[4];
	struct map_spec map[2];
	struct image img = hand_made(func, map, insn, sym);
	struct link in = {.img = &img, .map_fd = (const int[2]){0}};
	struct program p;
	struct diag why;

	insn[1].imm = 4;	/* into the middle of b */
	CHECK_EQ(link_program(&p, &in, &func[0], &why), (u64)-EBADMSG);
	insn[1].imm = INT32_MIN;
	CHECK_EQ(link_program(&p, &in, &func[0], &why), (u64)-EBADMSG);
	insn[1].imm = 3;
	sym[0] = SYM_NOWHERE;
	CHECK_EQ(link_program(&p, &in, &func[0], &why), (u64)-EBADMSG);
	CHECK_STR(why.what, "function main calls into nowhere");
	sym[0] = SYM_A;
	func[2].n = 2;		/* ends within a wide load */
	CHECK_EQ(link_program(&p, &in, &func[0], &why), (u64)-EBADMSG);
	func[2].n = 8;
	func[3].err = -ERANGE;
	CHECK_EQ(link_program(&p, &in, &func[0], &why), (u64)-ERANGE);
}

/* ---- externs ------------------------------------------------------------------ */

static struct gen g;

/* What the object says that "thing" is. */
enum thing { THING_FUNC, THING_VAR, THING_VOID, THING_CONFIG, THING_UNKNOWN };

static struct bytes types_of(enum thing thing)
{
	u32 id, proto;

	memset(&g, 0, sizeof(g));
	id = gen_int(&g, "int", 4, 1);
	proto = gen_type(&g, "", KIND_FUNC_PROTO, 0, id);
	if (thing == THING_FUNC)
		gen_type(&g, "thing", KIND_FUNC, LINKAGE_EXTERN, proto);
	if (thing == THING_VAR || thing == THING_VOID || thing == THING_CONFIG) {
		id = gen_type(&g, "", KIND_CONST, 0, thing == THING_VOID ? 0 : id);
		id = gen_type(&g, "thing", KIND_VAR, 0, id);
		gen_word(&g, LINKAGE_EXTERN);
		gen_type(&g, thing == THING_CONFIG ? ".kconfig" : ".ksyms", KIND_DATASEC, 1, 0);
		gen_word(&g, id);
		gen_word(&g, 0);
		gen_word(&g, 4);
	}
	return gen_blob(&g);
}

struct resolved {
	int err;
	struct bpf_insn call, wide[2];	/* what became of code[0] and code[10], code[11] */
	struct diag why;
};

/* "thing" called and its address taken; the kernel has the types of kernel. */
static struct resolved resolve(enum thing thing, bool weak, const struct btf *kernel,
			       const struct wanted *wanted, u64 address)
{
	u64 ksym[N_SYM] = {[SYM_EXTERN] = address};
	struct bpf_insn insn[ARRAY_LEN(code)];
	u32 sym[ARRAY_LEN(code)];
	struct func func[4];
	struct map_spec map[2];
	struct image img = hand_made(func, map, insn, sym);
	struct link in = {.img = &img, .kernel = kernel, .names = wanted,
			  .map_fd = (const int[2]){0}, .ksym = ksym};
	struct resolved r = {0};
	struct program p;

	symbols[SYM_EXTERN].st_info = ELF64_ST_INFO(weak ? STB_WEAK : STB_GLOBAL, STT_NOTYPE);
	sym[thing == THING_FUNC ? 5 : 10] = SYM_EXTERN;
	r.err = btf_open(&img.btf, types_of(thing), NULL);
	CHECK_EQ(r.err, 0);
	r.err = link_program(&p, &in, &func[2], &r.why);
	if (!r.err) {
		r.call = p.insn[0];
		memcpy(r.wide, p.insn + 5, sizeof(r.wide));
		program_free(&p);
	}
	btf_close(&img.btf);
	return r;
}

static void test_extern_address(void)
{
	struct resolved r = resolve(THING_VOID, false, NULL, NULL, 0xffffffff81234567);

	CHECK_EQ(r.err, 0);
	CHECK_EQ(r.wide[0].src_reg, 0);
	CHECK_EQ((u32)r.wide[0].imm, 0x81234567);
	CHECK_EQ((u32)r.wide[1].imm, 0xffffffff);
	r = resolve(THING_VOID, true, NULL, NULL, KSYM_MISSING);
	CHECK_EQ(r.err, 0);
	CHECK_EQ(r.wide[0].imm, 0);
	r = resolve(THING_VOID, false, NULL, NULL, KSYM_MISSING);
	CHECK_EQ(r.err, -ESRCH);
	CHECK_STR(r.why.what, "this kernel shows no symbol thing");
	CHECK(strstr(r.why.hint, "CONFIG_KALLSYMS_ALL") != NULL);
	r = resolve(THING_VOID, true, NULL, NULL, KSYM_AMBIGUOUS);
	CHECK_EQ(r.err, -EINVAL);
	CHECK_STR(r.why.what, "this kernel has several symbols thing");
}

static void test_extern_missing(void)
{
	struct resolved r = resolve(THING_FUNC, true, NULL, NULL, 0);

	CHECK_EQ(r.err, 0);
	CHECK_EQ(r.call.src_reg, 0);
	CHECK_EQ(r.call.imm, KFUNC_POISON + SYM_EXTERN);
	r = resolve(THING_FUNC, false, NULL, NULL, 0);
	CHECK_STR(r.why.what, "this kernel has no function thing");
	r = resolve(THING_VAR, false, NULL, NULL, 0);
	CHECK_STR(r.why.what, "this kernel has no variable thing");
	r = resolve(THING_VAR, true, NULL, NULL, 0);
	CHECK_EQ(r.err, 0);
	CHECK_EQ(r.wide[0].src_reg, 0);
	CHECK_EQ(r.wide[0].imm, 0);
	for (u32 weak = 0; weak < 2; weak++) {
		r = resolve(THING_CONFIG, weak, NULL, NULL, 0);
		CHECK_EQ(r.err, -EOPNOTSUPP);
		CHECK(strstr(r.why.what, ".kconfig") != NULL);
		CHECK_EQ(resolve(THING_UNKNOWN, weak, NULL, NULL, 0).err, -EINVAL);
	}
}

/* The kernel's id, when name, kind and type agree; how const it is does not matter. */
static void test_extern_typed(void)
{
	static struct gen other;
	struct wanted *names_wanted = calloc(1, sizeof(*names_wanted));
	u32 id, func, var;
	struct resolved r;
	struct btf kernel;

	CHECK(names_wanted && !wanted_add(names_wanted, "thing", KIND_BIT(KIND_FUNC) |
					  KIND_BIT(KIND_VAR)));
	gen_type(&other, "thing", KIND_STRUCT, 0, 4);
	id = gen_int(&other, "int", 4, 1);
	func = gen_type(&other, "thing", KIND_FUNC, 0,
			gen_type(&other, "", KIND_FUNC_PROTO, 0, id));
	var = gen_type(&other, "thing", KIND_VAR, 0, id);
	gen_word(&other, LINKAGE_GLOBAL);
	CHECK_EQ(btf_open(&kernel, gen_blob(&other), names_wanted), 0);
	r = resolve(THING_FUNC, false, &kernel, names_wanted, 0);
	CHECK_EQ(r.err, 0);
	CHECK_EQ(r.call.src_reg, CALL_KFUNC);
	CHECK_EQ(r.call.imm, func);
	r = resolve(THING_VAR, false, &kernel, names_wanted, 0);
	CHECK_EQ(r.err, 0);
	CHECK_EQ(r.wide[0].src_reg, LD_BTF_ID);
	CHECK_EQ(r.wide[0].imm, var);
	CHECK_EQ(r.wide[1].imm, 0);
	btf_close(&kernel);
	wanted_free(names_wanted);

	/* the same names for other types */
	memset(&other, 0, sizeof(other));
	CHECK_EQ(wanted_add(names_wanted, "thing", KIND_BIT(KIND_FUNC)), 0);
	id = gen_ptr(&other, 0);
	gen_type(&other, "thing", KIND_FUNC, 0, gen_type(&other, "", KIND_FUNC_PROTO, 0, id));
	CHECK_EQ(btf_open(&kernel, gen_blob(&other), names_wanted), 0);
	r = resolve(THING_FUNC, false, &kernel, names_wanted, 0);
	CHECK_EQ(r.err, -ESRCH);
	CHECK_STR(r.why.what, "this kernel has no function thing of the type that the program "
		  "expects");
	CHECK_EQ(resolve(THING_FUNC, true, &kernel, names_wanted, 0).call.imm,
		 KFUNC_POISON + SYM_EXTERN);
	btf_close(&kernel);
	wanted_free(names_wanted);
	free(names_wanted);
}

/* ---- records of .BTF.ext ------------------------------------------------------------- */

enum { FUNC_WORDS = 3, LINE_WORDS = 4 };

/* One run for .text: a header, then rows of words. */
static struct bytes run_of(u32 *out, u32 section, const u32 *rows, u32 n, u32 words)
{
	out[0] = section;
	out[1] = n;
	memcpy(out + 2, rows, (size_t)n * words * sizeof(*rows));
	return (struct bytes){(const unsigned char *)out, (2 + (size_t)n * words) * sizeof(*out)};
}

/* Links main with n function and m line records; insn_off is in instructions. */
static struct program link_records(const u32 (*funcs)[FUNC_WORDS], u32 n,
				   const u32 (*lines)[LINE_WORDS], u32 m)
{
	u32 func_row[8 * FUNC_WORDS], line_row[8 * LINE_WORDS], func_run[32], line_run[48];
	struct bpf_insn insn[ARRAY_LEN(code)];
	u32 sym[ARRAY_LEN(code)], section;
	struct func func[4];
	struct map_spec map[2];
	struct image img = hand_made(func, map, insn, sym);
	const struct link in = {.img = &img, .map_fd = (const int[2]){0}};
	struct program p = {0};
	struct diag why;

	memset(&g, 0, sizeof(g));
	section = gen_str(&g, ".text");
	CHECK_EQ(btf_open(&img.btf, gen_blob(&g), NULL), 0);
	memcpy(func_row, funcs, n * sizeof(*funcs));
	memcpy(line_row, lines, m * sizeof(*lines));
	for (u32 i = 0; i < n; i++)
		func_row[i * FUNC_WORDS] *= (u32)sizeof(struct bpf_insn);
	for (u32 i = 0; i < m; i++)
		line_row[i * LINE_WORDS] *= (u32)sizeof(struct bpf_insn);
	img.ext = (struct ext){
		.btf = &img.btf,
		.part = {[EXT_FUNC] = run_of(func_run, section, func_row, n, FUNC_WORDS),
			 [EXT_LINE] = run_of(line_run, section, line_row, m, LINE_WORDS)},
		.stride = {FUNC_WORDS * 4, LINE_WORDS * 4, 16},
	};
	CHECK_EQ(link_program(&p, &in, &func[0], &why), 0);
	btf_close(&img.btf);
	return p;
}

/* At 0 main, 3 a, 5 b, 13 c; a record may be longer than what we know of it. */
static const u32 all_funcs[4][FUNC_WORDS] = {{0, 70, 9}, {3, 71, 9}, {5, 72, 9}, {13, 73, 9}};
static const u32 all_lines[6][LINE_WORDS] = {
	{0, 1, 1, 10}, {2, 1, 1, 11}, {3, 1, 1, 12}, {5, 1, 1, 13}, {6, 1, 1, 14}, {13, 1, 1, 15},
};

static void test_info(void)
{
	static const u32 at[4] = {0, 3, 5, 6}, type[4] = {70, 71, 73, 72};
	static const u32 line_at[6] = {0, 2, 3, 5, 6, 7}, col[6] = {10, 11, 12, 15, 13, 14};
	struct program p = link_records(all_funcs, 4, all_lines, 6);

	CHECK_EQ(p.nfunc_info, 4);
	for (u32 i = 0; i < p.nfunc_info; i++) {
		CHECK_EQ_ROW(i, p.func_info[i].insn_off, at[i]);
		CHECK_EQ_ROW(i, p.func_info[i].type_id, type[i]);
	}
	CHECK_EQ(p.nline_info, 6);
	for (u32 i = 0; i < p.nline_info; i++) {
		CHECK_EQ_ROW(i, p.line_info[i].insn_off, line_at[i]);
		CHECK_EQ_ROW(i, p.line_info[i].line_col, col[i]);
	}
	program_free(&p);
}

/* The kernel counts: all functions or none; lines only as it would take them. */
static void test_info_missing(void)
{
	static const u32 within[][LINE_WORDS] = {{0, 1, 1, 1}, {3, 1, 1, 1}, {5, 1, 1, 1},
						 {7, 1, 1, 1}, {13, 1, 1, 1}};
	static const u32 twice[][LINE_WORDS] = {{0, 1, 1, 1}, {0, 1, 1, 1}, {3, 1, 1, 1},
						{5, 1, 1, 1}, {13, 1, 1, 1}};
	static const u32 late[][LINE_WORDS] = {{0, 1, 1, 1}, {4, 1, 1, 1}, {5, 1, 1, 1},
					       {13, 1, 1, 1}};
	static const struct {
		const u32 (*line)[LINE_WORDS];
		u32 n, kept;
	} rows[] = {{within, 5, 0}, {twice, 5, 0}, {late, 4, 0}, {all_lines, 5, 0},
		    {all_lines, 6, 6}};
	struct program p = link_records(all_funcs, 3, all_lines, 6);

	CHECK_EQ(p.nfunc_info, 0);
	CHECK_EQ(p.nline_info, 0);
	program_free(&p);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		p = link_records(all_funcs, 4, rows[i].line, rows[i].n);
		CHECK_EQ_ROW(i, p.nfunc_info, 4);
		CHECK_EQ_ROW(i, p.nline_info, rows[i].kept);
		program_free(&p);
	}
}

TESTS(link, {"code", test_link}, {"broken", test_link_broken},
      {"extern_address", test_extern_address}, {"extern_missing", test_extern_missing},
      {"extern_typed", test_extern_typed}, {"info", test_info},
      {"info_missing", test_info_missing})
