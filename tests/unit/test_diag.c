/* Words for refusals: every row of the table, and what decides between rows. */
#include "tests/unit/test.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <sys/resource.h>

#include "loader/diag.h"

static const struct diag_facts root = {
	.kernel = KERNEL(6, 18), .can_bpf = true, .sysfs = true, .lsm = "lockdown,bpf", .exe = "/bin/p",
};
static const struct diag_facts user = {.kernel = KERNEL(6, 18), .sysfs = true, .exe = "/bin/p"};
static const struct diag_facts user_of_userns = {.kernel = KERNEL(6, 18), .in_userns = true};
static const struct diag_facts root_of_userns = {
	.kernel = KERNEL(6, 18), .can_bpf = true, .in_userns = true,
};
static const struct diag_facts filter = {
	.kernel = KERNEL(6, 18), .can_bpf = true, .filtered = true,
};
static const struct diag_facts bare = {.kernel = KERNEL(6, 18), .can_bpf = true};
static const struct diag_facts masked = {
	.kernel = KERNEL(6, 18), .can_bpf = true, .sysfs = true, .btf_dir = true,
};
static const struct diag_facts locked = {
	.kernel = KERNEL(6, 18), .can_bpf = true, .lockdown = LOCKDOWN_CONFIDENTIALITY,
};
static const struct diag_facts old = {
	.kernel = KERNEL(5, 10), .can_bpf = true, .charges_memlock = true, .memlock = 64 << 10,
};
static const struct diag_facts old_unlimited = {
	.kernel = KERNEL(5, 10), .can_bpf = true, .charges_memlock = true, .memlock = RLIM_INFINITY,
};

#define READ_KERNEL_510	"0: (85) call bpf_probe_read_kernel#113\nunknown func bpf_probe_read_kernel#113\n"
#define READ_KERNEL_612	"program of this type cannot use helper bpf_probe_read_kernel#113\n"

static const struct {
	enum diag_stage stage;
	int err;
	const char *log;
	const struct diag_facts *f;
	const char *what, *hint;
} rows[] = {
	{STAGE_BTF, ENOENT, NULL, &bare, "x: /sys is not mounted", "mount it: mount -t sysfs sysfs /sys"},
	{STAGE_BTF, ENOENT, NULL, &masked, "x: something hides the kernel's BTF from this process",
	 "make /sys/kernel/btf visible in the container"},
	{STAGE_BTF, ENOENT, NULL, &root, "x: the kernel exposes no BTF (CONFIG_DEBUG_INFO_BTF)",
	 "boot a kernel built with BTF, as most distributions' are"},
	{STAGE_BTF, EPROTO, NULL, &root, "x: the kernel's BTF format is newer than this build",
	 "use a newer release of this program"},
	{STAGE_BTF, EBADMSG, NULL, &root, "x: the kernel's BTF is malformed",
	 "what is mounted over /sys/kernel/btf? If nothing: please report this"},
	{STAGE_BTF, EACCES, NULL, &root, "x: the kernel's BTF may not be read",
	 "everybody may, unless a security module or a mount forbids it; modules: lockdown,bpf"},
	{STAGE_BTF, EFBIG, NULL, &root, "x: the kernel's BTF cannot be read: File too large", ""},
	{STAGE_MAP, ENOSYS, NULL, &filter,
	 "x: bpf() is not available (a seccomp filter, or no CONFIG_BPF_SYSCALL)",
	 "in a container: let its seccomp profile allow bpf(2)"},
	{STAGE_RUN, ENOSYS, NULL, &root, "x: this kernel has no bpf() (CONFIG_BPF_SYSCALL)",
	 "boot a kernel built with it"},
	{STAGE_MAP, EPERM, NULL, &user, "x: needs CAP_BPF and CAP_PERFMON",
	 "run as root, or: setcap cap_bpf,cap_perfmon+ep /bin/p"},
	{STAGE_MAP, EPERM, NULL, &user_of_userns,
	 "x: needs CAP_BPF and CAP_PERFMON, outside of a user namespace",
	 "run it as root outside of the container"},
	{STAGE_MAP, EPERM, NULL, &root_of_userns,
	 "x: capabilities inside a user namespace do not count for bpf()",
	 "run it as root outside of the rootless container"},
	{STAGE_MAP, EPERM, NULL, &old,
	 "x: RLIMIT_MEMLOCK is 64 KiB, and kernels before 5.11 charge BPF memory to it",
	 "raise it, as root: ulimit -l unlimited"},
	{STAGE_PROG, EPERM, NULL, &old,
	 "x: RLIMIT_MEMLOCK is 64 KiB, and kernels before 5.11 charge BPF memory to it",
	 "raise it, as root: ulimit -l unlimited"},
	{STAGE_PROG, EPERM, NULL, &old_unlimited, "x: blocked by a security module",
	 "its policy has to allow this; active modules: unknown, securityfs is not mounted"},
	{STAGE_PROG, EPERM, NULL, &filter, "x: blocked by a seccomp filter or a security module",
	 "in a container: let its seccomp profile allow bpf(2); active modules: unknown, securityfs is "
	 "not mounted"},
	{STAGE_ATTACH, EPERM, NULL, &root, "x: blocked by a security module",
	 "its policy has to allow this; active modules: lockdown,bpf"},
	{STAGE_PROG, EACCES, NULL, &root, "x: blocked by a security module",
	 "its policy has to allow this; active modules: lockdown,bpf"},
	{STAGE_PROG, EACCES, NULL, &filter, "x: blocked by a seccomp filter or a security module",
	 "in a container: let its seccomp profile allow bpf(2); active modules: unknown, securityfs is "
	 "not mounted"},
	{STAGE_PROG, EAGAIN, NULL, &root, "x: interrupted by signals each time", "try again"},
	{STAGE_PROG, ENOMEM, NULL, &root, "x: the kernel is out of memory", ""},
	{STAGE_MAP, E2BIG, NULL, &root, "x: larger than the kernel allows, or too new for it", ""},
	{STAGE_MAP, EINVAL, NULL, &root, "x: this kernel does not know such maps", "a newer kernel may"},
	{STAGE_PROG, EINVAL, "7: (85) call unknown#195896080\ninvalid func unknown#195896080\n", &root,
	 "x: a kernel type lacks what the program reads",
	 "the kernel is too old, too new or changed for this program"},
	{STAGE_PROG, EINVAL, "invalid func unknown#2002000003\n", &root,
	 "x: this kernel lacks a function that it calls", "a newer kernel has it"},
	{STAGE_PROG, EINVAL, READ_KERNEL_510, &locked,
	 "x: lockdown=confidentiality forbids bpf_probe_read_kernel",
	 "boot with lockdown=integrity, or without"},
	{STAGE_PROG, EINVAL, READ_KERNEL_612, &locked,
	 "x: lockdown=confidentiality forbids bpf_probe_read_kernel",
	 "boot with lockdown=integrity, or without"},
	{STAGE_PROG, EINVAL, READ_KERNEL_612, &root,
	 "x: this kernel does not let such programs use helper bpf_probe_read_kernel",
	 "a newer kernel may"},
	{STAGE_PROG, EINVAL, "invalid func unknown#191\n", &old,
	 "x: this kernel has no helper bpf_copy_from_user_task", "Linux 5.18 has it"},
	{STAGE_PROG, EINVAL, "invalid func unknown#9999\n", &root,
	 "x: this kernel does not let such programs use helper number 9999", "a newer kernel may"},
	{STAGE_PROG, EINVAL, "calling kernel function bpf_x is not allowed\n", &root,
	 "x: this kernel does not let such programs call one of its functions", "a newer kernel may"},
	{STAGE_PROG, EINVAL, "number of funcs in func_info doesn't match number of subprogs\n", &old,
	 "x: callbacks are not supported by this kernel", "Linux 5.13 has them"},
	{STAGE_PROG, EINVAL, "number of funcs in func_info doesn't match number of subprogs\n", &root,
	 "x: the kernel's verifier refused it", "please report this, with the log that --verbose shows"},
	{STAGE_PROG, EINVAL, "Sleepable programs can only use array and hash maps\n", &old,
	 "x: this kernel's sleepable programs cannot use such a map", "a newer kernel may"},
	{STAGE_PROG, EACCES, "R0 invalid mem access 'scalar'\n", &root, "x: the kernel's verifier refused it",
	 "please report this, with the log that --verbose shows"},
	{STAGE_PROG, E2BIG, NULL, &root, "x: too large or too new for this kernel",
	 "a newer kernel may take it"},
	{STAGE_PROG, 524, NULL, &root, "x: this kernel has no JIT that takes it (ENOTSUPP)",
	 "sysctl net.core.bpf_jit_enable=1, or a newer kernel"},
	{STAGE_PROG, EINVAL, NULL, &root, "x: this kernel does not know such programs",
	 "a newer kernel may"},
	{STAGE_PROG, EPERM, "not allowed\n", &root, "x: the kernel's verifier refused it",
	 "please report this, with the log that --verbose shows"},
	{STAGE_TARGET, ESRCH, "bpf_iter_cgroup", &old, "x: this kernel has no iterator cgroup",
	 "Linux 6.1 has it"},
	{STAGE_TARGET, ESRCH, "bpf_iter_task_new", &old, "x: this kernel has no function bpf_iter_task_new",
	 "Linux 6.7 has it"},
	{STAGE_TARGET, ESRCH, "btf_trace_sched_stat_iowait", &root,
	 "x: this kernel has no tracepoint sched_stat_iowait",
	 "a kernel of another version or configuration may have it"},
	{STAGE_TARGET, ESRCH, "vfs_read", &root, "x: this kernel has no function vfs_read",
	 "a kernel of another version or configuration may have it"},
	{STAGE_ATTACH, 524, NULL, &root, "x: not supported by this kernel and architecture (ENOTSUPP)",
	 "Linux 6.4 has it on arm64, with CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS"},
	{STAGE_RUN, 524, NULL, &root, "x: this kernel does not run such programs (ENOTSUPP)",
	 "a newer kernel may"},
	{STAGE_ATTACH, EOPNOTSUPP, NULL, &root, "x: such programs are run, not attached", ""},
	{STAGE_ATTACH, ENOENT, NULL, &root, "x: this kernel has no such place to attach to",
	 "a kernel of another version or configuration may have it"},
	{STAGE_ATTACH, EBUSY, NULL, &root, "x: another program holds this place", "end that program"},
	{STAGE_ATTACH, EINVAL, NULL, &root, "x: the kernel does not accept it in this form",
	 "a newer kernel may"},
	{STAGE_MAP, 524, NULL, &root, "x: not supported (ENOTSUPP)", ""},
	{STAGE_MAP, EFBIG, NULL, &root, "x: File too large", ""},
};

static void test_words(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct diag d;

		CHECK_EQ_ROW(i, diag_explain(&d, rows[i].stage, rows[i].err, "x", rows[i].log, rows[i].f),
			     -rows[i].err);
		CHECK_EQ_ROW(i, d.err, rows[i].err);
		CHECK_STR_ROW(i, d.what, rows[i].what);
		CHECK_STR_ROW(i, d.hint, rows[i].hint);
	}
}

/* Lines of any length neither cut the words short of their end nor run over. */
static void test_long_texts(void)
{
	struct diag_facts f = root;
	struct diag d;
	char log[4096];

	memset(f.lsm, 'm', sizeof(f.lsm) - 1);
	diag_explain(&d, STAGE_PROG, EPERM, "x", NULL, &f);
	CHECK(strlen(d.hint) < sizeof(d.hint) && strstr(d.hint, "mmm"));
	memset(log, 'h', sizeof(log) - 1);
	log[sizeof(log) - 1] = 0;
	memcpy(log, "unknown func ", 13);
	log[300] = '#';
	diag_explain(&d, STAGE_PROG, EINVAL, "x", log, &f);
	CHECK(strstr(d.what, "hhh") != NULL);
	memset(log, 'b', sizeof(log) - 1);
	diag_explain(&d, STAGE_TARGET, ESRCH, "x", log, &f);
	CHECK(strstr(d.what, "function bbb") != NULL);
	CHECK_STR(d.log, "");
}

/* The end of a log is what matters, from a whole line on. */
static void test_log_tail(void)
{
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

static const struct {
	const char *log, *last;
	u32 n;
} tails[] = {
	{"", "", 3},
	{"a\n", "a", 3},
	{"a", "a", 3},
	{"a\nb\nc\nd\n", "b\nc\nd", 3},
	{"a\nb\nc\nd", "c\nd", 2},
	{"a\nb\nprocessed 9 insns (limit 1000000) max_states_per_insn 0\n", "a\nb", 3},
	{"a\nverification time 5 usec\nstack depth 0\nprocessed 9 insns\n\n", "a", 3},
	{"processed 9 insns\n", "", 3},
	{"a\nb", "", 0},
};

static void test_last_lines(void)
{
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		struct diag d;
		struct bytes last;
		char text[64];

		diag_explain(&d, STAGE_PROG, EACCES, "x", tails[i].log, &root);
		last = diag_last_lines(&d, tails[i].n);
		snprintf(text, sizeof(text), "%.*s", (int)last.n, (const char *)last.p);
		CHECK_STR_ROW(i, text, tails[i].last);
	}
}

static char logged[256];

static void take_log(const char *what, const char *log)
{
	snprintf(logged, sizeof(logged), "%s|%zu|%.5s", what, strlen(log), log);
}

/* Whoever asks gets all of it, not the tail that is kept. */
static void test_whole_log(void)
{
	static char log[100000];
	struct diag d;

	for (size_t i = 0; i < sizeof(log) - 1; i++)
		log[i] = i % 10 ? 'a' : '\n';
	memcpy(log, "begin", 5);
	logged[0] = 0;
	diag_explain(&d, STAGE_PROG, EACCES, "program a", log, &root);
	CHECK_STR(logged, "");
	CHECK(strlen(d.log) < sizeof(d.log) && strlen(d.log) > sizeof(d.log) / 2);
	diag_log_to(take_log);
	diag_explain(&d, STAGE_PROG, EACCES, "program a", log, &root);
	CHECK_STR(logged, "program a|99999|begin");
	logged[0] = 0;
	diag_explain(&d, STAGE_PROG, EACCES, "program a", NULL, &root);
	CHECK_STR(logged, "");
	diag_log_to(NULL);
}

/* The numbers are those of the kernel's own header, as far as this one goes. */
static void test_helper_numbers(void)
{
#define NAME(n)	[BPF_FUNC_##n] = "bpf_" #n
	static const char *const names[] = {__BPF_FUNC_MAPPER(NAME)};
#undef NAME
	struct diag_facts ancient = root;
	u32 found = 0;

	ancient.kernel = KERNEL(5, 4);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char log[64], want[128];
		struct diag d;

		snprintf(log, sizeof(log), "invalid func unknown#%zu\n", i);
		diag_explain(&d, STAGE_PROG, EINVAL, "x", log, &ancient);
		if (strncmp(d.what, "x: this kernel has no helper", 28) != 0)
			continue;	/* not one of the table */
		snprintf(want, sizeof(want), "x: this kernel has no helper %s", names[i]);
		CHECK_STR_ROW(i, d.what, want);
		found++;
	}
	CHECK(found > 10);
}

/* Here and now: nothing crashes, and what has one answer has it. */
static void test_facts(void)
{
	struct diag_facts f;

	memset(&f, 0xff, sizeof(f));
	diag_facts_read(&f);
	CHECK(f.kernel > KERNEL(4, 0) && f.kernel < KERNEL(100, 0));
	CHECK(*f.exe && memchr(f.exe, 0, sizeof(f.exe)));
	CHECK(memchr(f.lsm, 0, sizeof(f.lsm)) != NULL);
	CHECK(f.can_bpf == (f.caps >> 21 & 1 || (f.caps >> 38 & 1 && f.caps >> 39 & 1)));
}

TESTS(diag, {"words", test_words}, {"long_texts", test_long_texts}, {"log_tail", test_log_tail}, {"last_lines", test_last_lines},
      {"whole_log", test_whole_log}, {"helper_numbers", test_helper_numbers}, {"facts", test_facts})
