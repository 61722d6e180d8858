/* tests/unit/test_object.c - words by made-up facts, and the real thing: this
 * program's own probes into this kernel. */
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
#include "loader/elf.h"
#include "probes/abi.h"
#include "tests/unit/test.h"

extern const unsigned char bpf_tasks[], bpf_tasks_end[];

static struct bytes tasks_elf(void)
{
	return (struct bytes){bpf_tasks, (size_t)(bpf_tasks_end - bpf_tasks)};
}

/* ---- tables --------------------------------------------------------------------- */

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
	static const struct object_hook forms = {"tasks", {"walk", "iter"}},
		no_form = {"tasks", {"walk", "nothing"}};
	struct object_map_shape shape;
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
	CHECK_EQ(object_set_hooks(o, &no_form, 1), (u64)-ENOENT);
	CHECK_EQ(object_set_hooks(o, &forms, 1), 0);
	CHECK(!object_hook_form(o, "tasks", &why) && why.err == ENODATA);
	CHECK(!object_hook_form(o, "nothing", &why) && why.err == ENOENT);
	CHECK_EQ(object_detach(o, "walk"), 0);
	CHECK_EQ(object_detach(o, "nothing"), (u64)-ENOENT);
	CHECK(!object_attached_as(o, "iter") && !object_attached_as(o, "nothing"));
	CHECK_EQ(object_map_shape(o, "tasks", &shape), (u64)-ENODATA);
	CHECK_EQ(object_map_shape(o, "nothing", &shape), (u64)-ENOENT);
	CHECK_EQ(object_prog(o, "walk", &why), (u64)-ENODATA);
	CHECK_EQ(object_prog(o, "nothing", NULL), (u64)-ENOENT);
	CHECK_EQ(object_map(o, "tasks"), (u64)-ENODATA);
	CHECK_EQ(object_map(o, "nothing"), (u64)-ENOENT);
	object_close(o);
	object_close(NULL);
}

/* Code that no symbol claims is an overridden weak function: what refers to it
 * and from it, relocations and records, is left alone. */
static void test_gap(void)
{
	struct bytes elf = tasks_elf();
	unsigned char *copy = malloc(elf.n);
	struct object *o = NULL;
	struct elf e;
	struct diag why;
	u32 gaps = 0;

	CHECK(copy && !elf_open(&e, elf));
	if (!copy)
		return;
	memcpy(copy, elf.p, elf.n);
	for (u32 s = 1; s < e.nsym; s++) {
		Elf64_Sym *sym = (Elf64_Sym *)(void *)(copy + ((const unsigned char *)&e.sym[s] -
								elf.p));

		if (strcmp(elf_symbol_name(&e, s), "iter") != 0)
			continue;
		sym->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
		gaps++;
	}
	CHECK_EQ(gaps, 1);
	CHECK_EQ(object_open(&o, "gap", (struct bytes){copy, elf.n}, &why), 0);
	if (o) {
		CHECK_EQ(object_want(o, "iter", true), (u64)-ENOENT);
		CHECK_EQ(object_want(o, "walk", true), 0);
		if (object_load(o, &why))
			test_skip(why.what);
		else
			CHECK(object_prog(o, "walk", NULL) >= 0);
	}
	object_close(o);
	free(copy);
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

	if (!loaded(&o, "walk"))
		return;
	CHECK_EQ(object_var(o, "task_walk", sizeof(*stat), &stat), 0);
	CHECK_EQ(object_var(o, "task_walk", sizeof(*stat) - 1, &stat), (u64)-EINVAL);
	CHECK_EQ(object_mmap(o, "tasks", 1024 * sizeof(*rec), &rec), 0);
	CHECK_EQ(object_mmap(o, "tasks", 1 << 30, &rec), (u64)-EINVAL);
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

	if (!loaded(&o, "iter"))
		return;
	CHECK_EQ(object_var(o, "task_walk", sizeof(*stat), &stat), 0);
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

/* walk loads and has nothing to attach to: iter takes the hook, and is left. */
static void test_hook(void)
{
	static const struct object_hook hook = {"tasks", {"walk", "iter"}};
	u32 before = open_fds();
	struct object_map_shape shape;
	struct object *o;
	struct diag why;

	CHECK_EQ(object_open(&o, "tasks", tasks_elf(), &why), 0);
	CHECK_EQ(object_set_hooks(o, &hook, 1), 0);
	if (object_load(o, &why)) {
		test_skip(why.what);
		object_close(o);
		return;
	}
	CHECK_STR(object_hook_form(o, "tasks", &why), "iter");
	CHECK_STR(object_attached_as(o, "iter"), "link");
	CHECK_EQ(object_prog(o, "walk", &why), (u64)-EOPNOTSUPP);
	CHECK_EQ(object_set_hooks(o, &hook, 1), (u64)-EBUSY);
	CHECK_EQ(object_detach(o, "iter"), 0);
	CHECK(!object_attached_as(o, "iter"));
	CHECK_STR(object_hook_form(o, "tasks", NULL), "iter");
	CHECK(object_attach(o, "iter", &why) >= 0);
	CHECK_EQ(object_map_shape(o, "tasks", &shape), 0);
	CHECK_EQ(shape.value_size, sizeof(struct task_rec));
	CHECK_EQ(shape.cpus, 1);
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
	CHECK_EQ(object_want(o, "refresh", false), 0);
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

TESTS(object, {"log_tail", test_log_tail},
      {"open", test_open}, {"gap", test_gap}, {"open_cut", test_open_cut}, {"walk", test_walk},
      {"iter", test_iter}, {"hook", test_hook}, {"want", test_want},
      {"unprivileged", test_unprivileged})
