/* loader/diag.c - from an errno and a verifier log to words.
 *
 * Messages of the verifier are those of kernel/bpf/verifier.c, 5.8 to 7.2. */
#include "loader/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum {
	ENOTSUPP_KERNEL = 524,	/* include/linux/errno.h, not meant for user space, yet seen */
	STAGE_CALLS = STAGE_MAP | STAGE_PROG | STAGE_ATTACH | STAGE_RUN,
};

static diag_log_fn *log_fn;

void diag_log_to(diag_log_fn *fn)
{
	log_fn = fn;
}

/* ---- which helper, and since when ---------------------------------------------- */

/* Numbers of include/uapi/linux/bpf.h: a kernel that does not know a helper has
 * no name for it either. */
static const struct helper {
	u16 id;
	const char *name;
	u32 since;
} helpers[] = {
	{112, "bpf_probe_read_user", KERNEL(5, 5)},
	{113, "bpf_probe_read_kernel", KERNEL(5, 5)},
	{114, "bpf_probe_read_user_str", KERNEL(5, 5)},
	{115, "bpf_probe_read_kernel_str", KERNEL(5, 5)},
	{120, "bpf_get_ns_current_pid_tgid", KERNEL(5, 7)},
	{125, "bpf_ktime_get_boot_ns", KERNEL(5, 8)},
	{127, "bpf_seq_write", KERNEL(5, 8)},
	{130, "bpf_ringbuf_output", KERNEL(5, 8)},
	{131, "bpf_ringbuf_reserve", KERNEL(5, 8)},
	{147, "bpf_d_path", KERNEL(5, 10)},
	{148, "bpf_copy_from_user", KERNEL(5, 10)},
	{153, "bpf_per_cpu_ptr", KERNEL(5, 10)},
	{154, "bpf_this_cpu_ptr", KERNEL(5, 10)},
	{156, "bpf_task_storage_get", KERNEL(5, 11)},
	{157, "bpf_task_storage_delete", KERNEL(5, 11)},
	{158, "bpf_get_current_task_btf", KERNEL(5, 11)},
	{164, "bpf_for_each_map_elem", KERNEL(5, 13)},
	{165, "bpf_snprintf", KERNEL(5, 13)},
	{173, "bpf_get_func_ip", KERNEL(5, 15)},
	{174, "bpf_get_attach_cookie", KERNEL(5, 15)},
	{175, "bpf_task_pt_regs", KERNEL(5, 15)},
	{180, "bpf_find_vma", KERNEL(5, 17)},
	{181, "bpf_loop", KERNEL(5, 17)},
	{183, "bpf_get_func_arg", KERNEL(5, 17)},
	{191, "bpf_copy_from_user_task", KERNEL(5, 18)},
	{195, "bpf_map_lookup_percpu_elem", KERNEL(5, 19)},
	{210, "bpf_cgrp_storage_get", KERNEL(6, 2)},
};

/* What a program may be attached to and what it may call, as BTF names it. */
static const struct target {
	const char *name;
	u32 since;
} targets[] = {
	{"bpf_iter_task", KERNEL(5, 8)},
	{"bpf_iter_task_file", KERNEL(5, 8)},
	{"bpf_iter_bpf_map", KERNEL(5, 8)},
	{"bpf_iter_tcp", KERNEL(5, 9)},
	{"bpf_iter_udp", KERNEL(5, 9)},
	{"bpf_iter_bpf_prog", KERNEL(5, 9)},
	{"bpf_iter_task_vma", KERNEL(5, 12)},
	{"bpf_iter_unix", KERNEL(5, 15)},
	{"bpf_iter_bpf_link", KERNEL(5, 19)},
	{"bpf_iter_cgroup", KERNEL(6, 1)},
	{"bpf_rcu_read_lock", KERNEL(6, 2)},
	{"bpf_rcu_read_unlock", KERNEL(6, 2)},
	{"bpf_task_acquire", KERNEL(6, 2)},
	{"bpf_task_from_pid", KERNEL(6, 2)},
	{"bpf_task_release", KERNEL(6, 2)},
	{"bpf_cgroup_from_id", KERNEL(6, 2)},
	{"bpf_iter_num_new", KERNEL(6, 4)},
	{"bpf_iter_task_new", KERNEL(6, 7)},
	{"bpf_iter_css_new", KERNEL(6, 7)},
	{"bpf_iter_task_vma_new", KERNEL(6, 7)},
};

u32 diag_since(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(targets); i++)
		if (!strcmp(targets[i].name, name))
			return targets[i].since;
	return 0;
}

/* One refusal, with what can be read out of it. */
struct refusal {
	enum diag_stage stage;
	int err;
	const char *log;
	const struct diag_facts *f;
	char name[64];		/* helper or target; empty: the log names none */
	u32 since;		/* the first kernel that has it, 0 when not known here */
};

/* "unknown func bpf_loop#181", since 6.10 "program of this type cannot use
 * helper bpf_loop#181"; the name is "unknown" where the kernel has none. */
static void find_helper(struct refusal *r)
{
	static const char *const before[] = {"cannot use helper ", "unknown func ", "invalid func "};
	const char *at = NULL;
	unsigned long id;
	size_t len;

	for (size_t i = 0; !at && i < ARRAY_LEN(before); i++) {
		at = strstr(r->log, before[i]);
		at = at ? at + strlen(before[i]) : NULL;
	}
	len = at ? strcspn(at, "#\n") : 0;
	if (!at || at[len] != '#')
		return;
	id = strtoul(at + len + 1, NULL, 10);
	snprintf(r->name, sizeof(r->name), "%.*s", (int)len, at);
	if (!strcmp(r->name, "unknown"))
		snprintf(r->name, sizeof(r->name), "number %lu", id);
	for (size_t i = 0; i < ARRAY_LEN(helpers); i++) {
		if (helpers[i].id != id)
			continue;
		snprintf(r->name, sizeof(r->name), "%s", helpers[i].name);
		r->since = helpers[i].since;
	}
}

static void find_target(struct refusal *r)
{
	static const struct {
		const char *prefix, *noun;
	} kinds[] = {{"bpf_iter_", "iterator"}, {"btf_trace_", "tracepoint"}, {"", "function"}};
	size_t k = 0, len = strlen(r->log);

	/* bpf_iter_num_new() is an iterator that is called, no target */
	if (len > 4 && !strcmp(r->log + len - 4, "_new"))
		k = ARRAY_LEN(kinds) - 1;

	while (strncmp(r->log, kinds[k].prefix, strlen(kinds[k].prefix)) != 0)
		k++;
	snprintf(r->name, sizeof(r->name), "%s %s", kinds[k].noun, r->log + strlen(kinds[k].prefix));
	r->since = diag_since(r->log);
}

/* ---- the table ------------------------------------------------------------------- */

static bool no_caps(const struct refusal *r)
{
	return !r->f->can_bpf;
}

static bool no_caps_in_userns(const struct refusal *r)
{
	return !r->f->can_bpf && r->f->in_userns;
}

static bool caps_in_userns(const struct refusal *r)
{
	return r->f->can_bpf && r->f->in_userns;
}

static bool memlock_small(const struct refusal *r)
{
	return r->f->charges_memlock && r->f->memlock != RLIM_INFINITY;
}

static bool filtered(const struct refusal *r)
{
	return r->f->filtered;
}

static bool no_sysfs(const struct refusal *r)
{
	return !r->f->sysfs;
}

static bool btf_hidden(const struct refusal *r)
{
	return r->f->btf_dir;
}

static bool probe_read_locked(const struct refusal *r)
{
	return r->f->lockdown == LOCKDOWN_CONFIDENTIALITY && strstr(r->name, "probe_read");
}

static bool too_old(const struct refusal *r)
{
	return *r->name && r->since && r->f->kernel && r->f->kernel < r->since;
}

static bool named(const struct refusal *r)
{
	return *r->name;
}

static bool before_callbacks(const struct refusal *r)
{
	return r->f->kernel && r->f->kernel < KERNEL(5, 13);
}

static bool confidential(const struct refusal *r)
{
	return r->f->lockdown == LOCKDOWN_CONFIDENTIALITY;
}

#define NEWER	"a newer kernel may"
#define REPORT	"please report this, with the log that --verbose shows"
#define OTHER	"a kernel of another version or configuration may have it"
#define POLICY	"its policy has to allow this; active modules: {lsm}"

/* The first row that applies speaks.  err 0: any; log NULL: any, "": none.
 * {name} stands for what words[] makes of it. */
static const struct row {
	unsigned stages;
	int err;
	const char *log;
	bool (*fact)(const struct refusal *r);
	const char *what, *hint;
} rows[] = {
	/* reading the kernel's types */
	{STAGE_BTF, ENOENT, NULL, no_sysfs, "/sys is not mounted",
	 "mount it: mount -t sysfs sysfs /sys"},
	{STAGE_BTF, ENOENT, NULL, btf_hidden, "something hides the kernel's BTF from this process",
	 "make /sys/kernel/btf visible in the container"},
	{STAGE_BTF, ENOENT, NULL, NULL, "the kernel exposes no BTF (CONFIG_DEBUG_INFO_BTF)",
	 "boot a kernel built with BTF, as most distributions' are"},
	{STAGE_BTF, EPROTO, NULL, NULL, "the kernel's BTF format is newer than this build",
	 "use a newer release of this program"},
	{STAGE_BTF, EBADMSG, NULL, NULL, "the kernel's BTF is malformed",
	 "what is mounted over /sys/kernel/btf? If nothing: please report this"},
	{STAGE_BTF, EACCES, NULL, NULL, "the kernel's BTF may not be read",
	 "everybody may, unless a security module or a mount forbids it; modules: {lsm}"},
	{STAGE_BTF, 0, NULL, NULL, "the kernel's BTF cannot be read: {error}", ""},

	/* any use of bpf(2) */
	{STAGE_CALLS, ENOSYS, NULL, filtered,
	 "bpf() is not available (a seccomp filter, or no CONFIG_BPF_SYSCALL)",
	 "in a container: let its seccomp profile allow bpf(2)"},
	{STAGE_CALLS, ENOSYS, NULL, NULL, "this kernel has no bpf() (CONFIG_BPF_SYSCALL)",
	 "boot a kernel built with it"},
	{STAGE_CALLS, EPERM, NULL, no_caps_in_userns,
	 "needs CAP_BPF and CAP_PERFMON, outside of a user namespace",
	 "run it as root outside of the container"},
	{STAGE_CALLS, EPERM, NULL, no_caps, "needs CAP_BPF and CAP_PERFMON",
	 "run as root, or: setcap cap_bpf,cap_perfmon+ep {exe}"},
	{STAGE_CALLS, EPERM, NULL, caps_in_userns,
	 "capabilities inside a user namespace do not count for bpf()",
	 "run it as root outside of the rootless container"},
	{STAGE_MAP | STAGE_PROG, EPERM, NULL, memlock_small,
	 "RLIMIT_MEMLOCK is {memlock}, and kernels before 5.11 charge BPF memory to it",
	 "raise it, as root: ulimit -l unlimited"},
	{STAGE_CALLS, EPERM, "", filtered, "blocked by a seccomp filter or a security module",
	 "in a container: let its seccomp profile allow bpf(2); active modules: {lsm}"},
	{STAGE_CALLS, EPERM, "", NULL, "blocked by a security module", POLICY},
	/* SELinux and others say EACCES; the verifier does not without a log */
	{STAGE_CALLS, EACCES, "", filtered, "blocked by a seccomp filter or a security module",
	 "in a container: let its seccomp profile allow bpf(2); active modules: {lsm}"},
	{STAGE_CALLS, EACCES, "", NULL, "blocked by a security module", POLICY},
	{STAGE_CALLS, EAGAIN, NULL, NULL, "interrupted by signals each time", "try again"},
	{STAGE_CALLS, ENOMEM, NULL, NULL, "the kernel is out of memory", ""},

	/* maps */
	{STAGE_MAP, E2BIG, NULL, NULL, "larger than the kernel allows, or too new for it", ""},
	{STAGE_MAP, EINVAL, NULL, NULL, "this kernel does not know such maps", NEWER},

	/* programs */
	{STAGE_PROG, 0, "unknown#195896080", NULL, "a kernel type lacks what the program reads",
	 "the kernel is too old, too new or changed for this program"},
	{STAGE_PROG, 0, "unknown#2002", NULL, "this kernel lacks a function that it calls",
	 "a newer kernel has it"},
	{STAGE_PROG, 0, NULL, probe_read_locked, "lockdown=confidentiality forbids {name}",
	 "boot with lockdown=integrity, or without"},
	{STAGE_PROG, 0, NULL, too_old, "this kernel has no helper {name}", "Linux {since} has it"},
	{STAGE_PROG, 0, NULL, named, "this kernel does not let such programs use helper {name}", NEWER},
	{STAGE_PROG, 0, "calling kernel function", NULL,
	 "this kernel does not let such programs call one of its functions", NEWER},
	{STAGE_PROG, 0, "number of funcs in func_info", before_callbacks,
	 "callbacks are not supported by this kernel", "Linux 5.13 has them"},
	{STAGE_PROG, 0, "Sleepable programs can only use", NULL,
	 "this kernel's sleepable programs cannot use such a map", NEWER},
	{STAGE_PROG, EACCES, NULL, NULL, "the kernel's verifier refused it", REPORT},
	{STAGE_PROG, E2BIG, NULL, NULL, "too large or too new for this kernel",
	 "a newer kernel may take it"},
	{STAGE_PROG, ENOTSUPP_KERNEL, NULL, NULL, "this kernel has no JIT that takes it (ENOTSUPP)",
	 "sysctl net.core.bpf_jit_enable=1, or a newer kernel"},
	{STAGE_PROG, EINVAL, "", NULL, "this kernel does not know such programs", NEWER},
	{STAGE_PROG, EINVAL, NULL, NULL, "the kernel's verifier refused it", REPORT},
	{STAGE_PROG, EPERM, NULL, NULL, "the kernel's verifier refused it", REPORT},

	/* attaching and running */
	{STAGE_TARGET, 0, NULL, too_old, "this kernel has no {name}", "Linux {since} has it"},
	{STAGE_TARGET, 0, NULL, NULL, "this kernel has no {name}", OTHER},
	{STAGE_ATTACH, ENOTSUPP_KERNEL, NULL, NULL,
	 "not supported by this kernel and architecture (ENOTSUPP)",
	 "Linux 6.4 has it on arm64, with CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS"},
	{STAGE_RUN, ENOTSUPP_KERNEL, NULL, NULL, "this kernel does not run such programs (ENOTSUPP)",
	 NEWER},
	{STAGE_ATTACH, EOPNOTSUPP, NULL, NULL, "such programs are run, not attached", ""},
	{STAGE_ATTACH, ENOENT, NULL, NULL, "this kernel has no such place to attach to", OTHER},
	{STAGE_ATTACH, EPERM, NULL, confidential, "lockdown=confidentiality forbids it",
	 "boot with lockdown=integrity, or without"},
	{STAGE_ATTACH, EBUSY, NULL, NULL, "another program holds this place", "end that program"},
	{STAGE_ATTACH | STAGE_RUN, EINVAL, NULL, NULL, "the kernel does not accept it in this form", NEWER},
};

static bool applies(const struct row *row, const struct refusal *r)
{
	if (!(row->stages & r->stage) || (row->err && row->err != r->err))
		return false;
	if (row->log && (*row->log ? !strstr(r->log, row->log) : *r->log))
		return false;
	return !row->fact || row->fact(r);
}

/* ---- words ------------------------------------------------------------------------- */

static const char *error_text(int err)
{
	return err == ENOTSUPP_KERNEL ? "not supported (ENOTSUPP)" : strerror(err);
}

static void put_memlock(const struct refusal *r, char *to, size_t n)
{
	snprintf(to, n, "%llu KiB", (unsigned long long)(r->f->memlock >> 10));
}

static void put_lsm(const struct refusal *r, char *to, size_t n)
{
	snprintf(to, n, "%s", *r->f->lsm ? r->f->lsm : "unknown, securityfs is not mounted");
}

static void put_exe(const struct refusal *r, char *to, size_t n)
{
	snprintf(to, n, "%s", r->f->exe);
}

static void put_name(const struct refusal *r, char *to, size_t n)
{
	snprintf(to, n, "%s", r->name);
}

static void put_since(const struct refusal *r, char *to, size_t n)
{
	snprintf(to, n, "%u.%u", r->since >> 16, r->since & 0xffff);
}

static void put_error(const struct refusal *r, char *to, size_t n)
{
	snprintf(to, n, "%s", error_text(r->err));
}

static const struct {
	const char *token;
	void (*put)(const struct refusal *r, char *to, size_t n);
} words[] = {
	{"{memlock}", put_memlock}, {"{lsm}", put_lsm}, {"{exe}", put_exe},
	{"{name}", put_name}, {"{since}", put_since}, {"{error}", put_error},
};

/* text with its (at most one) token replaced. */
static void expand(const struct refusal *r, const char *text, char *to, size_t n)
{
	char word[DIAG_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const char *at = strstr(text, words[i].token);

		if (!at)
			continue;
		words[i].put(r, word, sizeof(word));
		snprintf(to, n, "%.*s%s%s", (int)(at - text), text, word, at + strlen(words[i].token));
		return;
	}
	snprintf(to, n, "%s", text);
}

static void keep_tail(struct diag *d, const char *log)
{
	size_t n = strlen(log), room = sizeof(d->log) - 1;

	if (n > room) {
		const char *nl = strchr(log + (n - room), '\n');

		log = nl ? nl + 1 : log + (n - room);
	}
	snprintf(d->log, sizeof(d->log), "%s", log);
}

int diag_say(struct diag *d, int err, const char *fmt, ...)
{
	va_list ap;

	d->err = err;
	d->hint[0] = d->log[0] = 0;
	va_start(ap, fmt);
	vsnprintf(d->what, sizeof(d->what), fmt, ap);
	va_end(ap);
	return -err;
}

int diag_explain(struct diag *d, enum diag_stage stage, int err, const char *what, const char *log,
		 const struct diag_facts *f)
{
	struct refusal r = {.stage = stage, .err = err, .log = log ? log : "", .f = f};
	const struct row *row = rows, *end = rows + ARRAY_LEN(rows);
	char text[DIAG_TEXT];

	if (stage == STAGE_PROG)
		find_helper(&r);
	if (stage == STAGE_TARGET)
		find_target(&r);
	while (row < end && !applies(row, &r))
		row++;
	expand(&r, row < end ? row->what : "{error}", text, sizeof(text));
	diag_say(d, err, "%s: %s", what, text);
	if (row < end)
		expand(&r, row->hint, d->hint, sizeof(d->hint));
	if (stage == STAGE_TARGET)
		return -err;
	keep_tail(d, r.log);
	if (log_fn && *r.log)
		log_fn(what, r.log);
	return -err;
}

/* ---- the end of a log ------------------------------------------------------------ */

/* What the verifier adds to every log, print_verification_stats(). */
static bool is_statistics(const char *line)
{
	static const char *const begin[] = {"processed ", "verification time ", "stack depth "};

	for (size_t i = 0; i < ARRAY_LEN(begin); i++)
		if (!strncmp(line, begin[i], strlen(begin[i])))
			return true;
	return *line == '\n' || !*line;
}

/* Where the line that ends at end (its newline is before end) begins. */
static const char *line_start(const char *text, const char *end)
{
	if (end > text)
		end--;
	while (end > text && end[-1] != '\n')
		end--;
	return end;
}

struct bytes diag_last_lines(const struct diag *d, u32 n)
{
	const char *end = d->log + strlen(d->log), *from;

	while (end > d->log && is_statistics(line_start(d->log, end)))
		end = line_start(d->log, end);
	for (from = end; n && from > d->log; n--)
		from = line_start(d->log, from);
	if (end > from && end[-1] == '\n')
		end--;
	return (struct bytes){(const unsigned char *)from, (size_t)(end - from)};
}
