/* tests/unit/test_object.c - linking by hand-made images, words by made-up
 * facts, and the real thing: this program's own probes into this kernel. */
#include "loader/object.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/diag.h"
#include "loader/link.h"
#include "probes/abi.h"
#include "tests/unit/test.h"

extern const unsigned char bpf_tasks[], bpf_tasks_end[];

static struct bytes tasks_elf(void)
{
	return (struct bytes){bpf_tasks, (size_t)(bpf_tasks_end - bpf_tasks)};
}

/* ---- link --------------------------------------------------------------------- */

enum { TEXT = 1, MAPS = 2, DATA = 3, N_SEC = 4 };
enum { SYM_A = 1, SYM_MAP, SYM_DATA, SYM_NOWHERE, N_SYM };

static const Elf64_Shdr sections[N_SEC] = {
	[TEXT] = {.sh_type = SHT_PROGBITS, .sh_flags = SHF_EXECINSTR},
};

static const Elf64_Sym symbols[N_SYM] = {
	[SYM_A] = {.st_shndx = TEXT, .st_value = 3 * 8},
	[SYM_MAP] = {.st_shndx = MAPS, .st_value = 32},
	[SYM_DATA] = {.st_shndx = DATA, .st_value = 16},
	[SYM_NOWHERE] = {.st_shndx = TEXT, .st_value = 4 * 8},
};

static const unsigned char no_names[1];
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
			.symnames = {no_names, 1}},
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

/* ---- tables --------------------------------------------------------------------- */

static void test_words(void)
{
	static const struct diag_facts root = {.can_bpf = true}, user = {0},
		box = {.can_bpf = true, .in_userns = true},
		old = {.can_bpf = true, .charges_memlock = true, .memlock = 65536},
		lsm = {.can_bpf = true, .lsm = "lockdown,bpf"},
		locked = {.can_bpf = true, .confidential = true};
	static const struct {
		enum diag_stage stage;
		int err;
		const char *log;
		const struct diag_facts *facts;
		const char *what, *hint;	/* parts */
	} rows[] = {
		{STAGE_BTF, ENOENT, NULL, &root, "CONFIG_DEBUG_INFO_BTF", "BTF"},
		{STAGE_BTF, EPROTO, NULL, &root, "newer than this build", "newer release"},
		{STAGE_MAP, ENOSYS, NULL, &root, "not available", "seccomp"},
		{STAGE_PROG, EPERM, "", &user, "CAP_BPF", "setcap"},
		{STAGE_MAP, EPERM, NULL, &box, "user namespace", "container"},
		{STAGE_MAP, EPERM, NULL, &old, "RLIMIT_MEMLOCK", "ulimit"},
		{STAGE_PROG, EPERM, "", &lsm, "security module", "lockdown,bpf"},
		{STAGE_PROG, EINVAL, "1: unknown func bpf_probe_read_kernel#113", &locked,
		 "confidentiality", "integrity"},
		{STAGE_PROG, EINVAL, "program of this type cannot use helper x", &root, "helper",
		 "newer"},
		{STAGE_PROG, EINVAL, "invalid func unknown#195896080", &root, "lacks", "too old"},
		{STAGE_PROG, EACCES, "R1 invalid mem access", &root, "verifier", "report"},
		{STAGE_PROG, EINVAL, "", &root, "does not know", "newer"},
		{STAGE_ATTACH, 524, NULL, &root, "architecture", "newer"},
		{STAGE_ATTACH, EBUSY, NULL, &root, "busy", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct diag d;

		CHECK_EQ_ROW(i, diag_explain(&d, rows[i].stage, rows[i].err, "thing", rows[i].log,
					     rows[i].facts), -rows[i].err);
		CHECK_EQ_ROW(i, d.err, rows[i].err);
		CHECK_ROW(i, !strncmp(d.what, "thing: ", 7));
		CHECK_ROW(i, strstr(d.what, rows[i].what) != NULL);
		CHECK_ROW(i, strstr(d.hint, rows[i].hint) != NULL);
	}
}

/* The end of a log is what matters, from a whole line on. */
static void test_log_tail(void)
{
	static const struct diag_facts root = {.can_bpf = true};
	static char log[8192];
	struct diag d;

	for (u32 i = 0; i < sizeof(log) - 8; i += 8)
		memcpy(log + i, "1234567\n", 8);
	memcpy(log + sizeof(log) - 17, "the end", 8);
	diag_explain(&d, STAGE_PROG, EACCES, "p", log, &root);
	CHECK(strlen(d.log) < sizeof(d.log));
	CHECK(!strncmp(d.log, "1234567\n", 8));
	CHECK_STR(d.log + strlen(d.log) - 7, "the end");
}

/* ---- the object, without a kernel -------------------------------------------------- */

static void test_open(void)
{
	struct object *o;
	struct diag why;
	u32 one = 1;

	CHECK_EQ(object_open(&o, "tasks", tasks_elf(), &why), 0);
	CHECK_EQ(object_set_var(o, "no_probe_read", &one, sizeof(one)), 0);
	CHECK_EQ(object_set_var(o, "no_probe_read", &one, 2), (u64)-EINVAL);
	CHECK_EQ(object_set_var(o, "nothing", &one, 2), (u64)-ENOENT);
	CHECK_EQ(object_set_max_entries(o, "tasks", 64), 0);
	CHECK_EQ(object_set_max_entries(o, "tasks", 0), (u64)-EINVAL);
	CHECK_EQ(object_set_max_entries(o, ".rodata", 2), (u64)-EINVAL);
	CHECK_EQ(object_set_max_entries(o, "nothing", 2), (u64)-ENOENT);
	CHECK_EQ(object_want(o, "walk", false), 0);
	CHECK_EQ(object_want(o, "nothing", true), (u64)-ENOENT);
	CHECK_EQ(object_prog(o, "walk", &why), (u64)-ENODATA);
	CHECK_EQ(object_prog(o, "nothing", NULL), (u64)-ENOENT);
	CHECK_EQ(object_map(o, "tasks"), (u64)-ENODATA);
	CHECK_EQ(object_map(o, "nothing"), (u64)-ENOENT);
	object_close(o);
	object_close(NULL);
}

/* Every cut is refused, or is still an object: never a crash. */
static void test_open_cut(void)
{
	struct bytes elf = tasks_elf();
	unsigned char *copy = malloc(elf.n);
	struct object *o;
	struct diag why;

	CHECK(copy != NULL);
	for (size_t n = 0; copy && n < elf.n; n += 97) {
		memcpy(copy, elf.p, n);
		CHECK_ROW(n, object_open(&o, "cut", (struct bytes){copy, n}, &why) < 0);
		CHECK_ROW(n, !o && why.what[0]);
	}
	free(copy);
}

/* ---- the real thing ------------------------------------------------------------------ */

static u32 open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	u32 n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static bool loaded(struct object **o, const char *prog)
{
	static char reason[DIAG_TEXT];
	struct diag why;

	CHECK_EQ(object_open(o, "tasks", tasks_elf(), &why), 0);
	if (!object_load(*o, &why) && object_prog(*o, prog, &why) >= 0)
		return true;
	CHECK(why.what[0] != 0);
	memcpy(reason, why.what, sizeof(reason));
	test_skip(reason);
	object_close(*o);
	return false;
}

static void test_walk(void)
{
	u32 before = open_fds(), ret = 99;
	const struct task_rec *rec;
	struct task_walk *stat;
	struct object *o;
	struct diag why;
	u64 calls = syscall_count;
	void *mem;
	size_t len;

	if (!loaded(&o, "walk"))
		return;
	CHECK_EQ(object_var(o, "task_walk", &mem, &len), 0);
	CHECK_EQ(len, sizeof(*stat));
	stat = mem;
	CHECK_EQ(object_mmap(o, "tasks", &mem, &len), 0);
	CHECK(len >= 1024 * sizeof(*rec));
	rec = mem;
	*stat = (struct task_walk){0};
	CHECK_EQ(bpf_prog_run(object_prog(o, "walk", NULL), &ret), 0);
	CHECK_EQ(ret, 0);
	CHECK_EQ(syscall_count, calls + 1);
	CHECK(stat->seen >= 2 && stat->kept <= stat->seen);
	CHECK(rec[0].tid != 0);
	CHECK(object_prog_verified_insns(o, "walk") != 1);
	CHECK_EQ(object_attach(o, "walk", &why), (u64)-EOPNOTSUPP);
	CHECK_EQ(object_load(o, &why), (u64)-EBUSY);
	object_close(o);
	CHECK_EQ(open_fds(), before);
}

static void test_iter(void)
{
	u32 before = open_fds();
	struct task_walk *stat;
	struct object *o;
	struct diag why;
	int link, it;
	char buf[64];
	void *mem;
	size_t len;

	if (!loaded(&o, "iter"))
		return;
	CHECK_EQ(object_var(o, "task_walk", &mem, &len), 0);
	stat = mem;
	link = object_attach(o, "iter", &why);
	CHECK(link >= 0);
	CHECK_EQ(object_attach(o, "iter", &why), link);
	it = bpf_iter_create(link);
	CHECK(it >= 0);
	CHECK_EQ(read(it, buf, sizeof(buf)), 0);
	CHECK(stat->seen >= 2);
	close(it);
	object_close(o);
	CHECK_EQ(open_fds(), before);
}

/* What is not wanted is not loaded, and says so. */
static void test_want(void)
{
	struct object *o;
	struct diag why;

	CHECK_EQ(object_open(&o, "tasks", tasks_elf(), &why), 0);
	CHECK_EQ(object_want(o, "walk", false), 0);
	CHECK_EQ(object_want(o, "iter", false), 0);
	CHECK(object_load(o, &why) < 0);
	CHECK(why.err && why.what[0]);
	CHECK_EQ(object_prog(o, "walk", &why), (u64)-ENODATA);
	object_close(o);
}

/* Without privilege: the reason names the capabilities. */
static int load_naked(void)
{
	struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}, {0}};
	struct object *o;
	struct diag why;
	int err;

	if (syscall(SYS_capset, &h, none) || object_open(&o, "tasks", tasks_elf(), &why))
		return 2;
	err = object_load(o, &why);
	object_close(o);
	return err == -EPERM && strstr(why.what, "CAP_BPF") && why.hint[0] ? 0 : 1;
}

static void test_unprivileged(void)
{
	int status = -1;
	pid_t pid;

	if (access("/sys/kernel/btf/vmlinux", R_OK)) {
		test_skip("no BTF in this kernel");
		return;
	}
	pid = fork();
	if (!pid)
		_exit(load_naked());
	CHECK(pid > 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
}

TESTS(object, {"link", test_link}, {"link_broken", test_link_broken},
      {"words", test_words}, {"log_tail", test_log_tail},
      {"open", test_open}, {"open_cut", test_open_cut}, {"walk", test_walk},
      {"iter", test_iter}, {"want", test_want}, {"unprivileged", test_unprivileged})
