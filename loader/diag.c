/* loader/diag.c - from an errno and a verifier log to words. */
#include "loader/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
	CAP_NO_PERFMON = 38,	/* CAP_PERFMON, CAP_BPF: 5.8, include/uapi/linux/capability.h */
	CAP_NO_BPF = 39,
	ENOTSUPP_KERNEL = 524,	/* include/linux/errno.h, not meant for user space, yet seen */
	STAGE_CALLS = STAGE_MAP | STAGE_PROG | STAGE_ATTACH,
};

/* ---- facts ----------------------------------------------------------------- */

static void read_text(const char *path, char *buf, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, cap - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = 0;
	buf[strcspn(buf, "\n")] = 0;
}

static bool has_caps(void)
{
	struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct d[2] = {{0}, {0}};
	u64 eff;

	if (syscall(SYS_capget, &h, d) < 0)
		return true;	/* do not blame what is not known */
	eff = (u64)d[1].effective << 32 | d[0].effective;
	return eff >> CAP_SYS_ADMIN & 1 || (eff >> CAP_NO_BPF & 1 && eff >> CAP_NO_PERFMON & 1);
}

/* Only for words: what to do follows from trying, never from a version. */
static bool older_than(unsigned long major, unsigned long minor)
{
	struct utsname u;
	char *end;
	unsigned long v;

	if (uname(&u) < 0)
		return false;
	v = strtoul(u.release, &end, 10);
	if (v != major || *end != '.')
		return v < major;
	return strtoul(end + 1, NULL, 10) < minor;
}

void diag_facts_read(struct diag_facts *f)
{
	struct rlimit lim = {0};
	char text[128];

	*f = (struct diag_facts){.can_bpf = has_caps(), .charges_memlock = older_than(5, 11)};
	/* the initial user namespace maps everything to itself */
	read_text("/proc/self/uid_map", text, sizeof(text));
	f->in_userns = *text && !strstr(text, "4294967295");
	if (!getrlimit(RLIMIT_MEMLOCK, &lim))
		f->memlock = lim.rlim_cur;
	read_text("/sys/kernel/security/lockdown", text, sizeof(text));
	f->confidential = strstr(text, "[confidentiality]") != NULL;
	read_text("/sys/kernel/security/lsm", f->lsm, sizeof(f->lsm));
}

/* ---- the table ------------------------------------------------------------- */

static bool no_caps(const struct diag_facts *f)
{
	return !f->can_bpf;
}

static bool caps_in_userns(const struct diag_facts *f)
{
	return f->can_bpf && f->in_userns;
}

static bool memlock_small(const struct diag_facts *f)
{
	return f->charges_memlock && f->memlock != RLIM_INFINITY;
}

static bool confidential(const struct diag_facts *f)
{
	return f->confidential;
}

#define CAPS_HINT "run as root, or: setcap cap_bpf,cap_perfmon+ep on the binary"

/* The first row that applies speaks.  err 0: any; log NULL: any. */
static const struct row {
	unsigned stages;
	int err;
	const char *log;
	bool (*fact)(const struct diag_facts *f);
	const char *what, *hint;
} rows[] = {
	{STAGE_BTF, ENOENT, NULL, NULL,
	 "the kernel exposes no BTF (CONFIG_DEBUG_INFO_BTF, or /sys is masked)",
	 "boot a kernel with BTF, or make /sys/kernel/btf visible in the container"},
	{STAGE_BTF, EPROTO, NULL, NULL,
	 "the kernel's BTF format is newer than this build", "use a newer release of this program"},
	{STAGE_BTF, 0, NULL, NULL, "the kernel's BTF cannot be read", ""},
	{STAGE_CALLS, ENOSYS, NULL, NULL,
	 "bpf() is not available (CONFIG_BPF_SYSCALL, or a seccomp filter)",
	 "in a container: allow bpf() in its seccomp profile"},
	{STAGE_CALLS, EPERM, NULL, no_caps, "needs CAP_BPF and CAP_PERFMON", CAPS_HINT},
	{STAGE_CALLS, EPERM, NULL, caps_in_userns,
	 "capabilities inside a user namespace do not count for bpf()",
	 "run it outside of the rootless container"},
	{STAGE_CALLS, EPERM, NULL, memlock_small,
	 "RLIMIT_MEMLOCK is too small (before 5.11 BPF memory is charged to it)",
	 "raise it: ulimit -l unlimited"},
	{STAGE_CALLS, EPERM, "", NULL, "blocked by a security module or a seccomp filter",
	 "in a container, let its seccomp profile allow bpf(2); else ask the security policy"},
	{STAGE_PROG, 0, "cannot use helper", confidential,
	 "lockdown=confidentiality forbids a helper", "boot with lockdown=integrity"},
	{STAGE_PROG, 0, "unknown func bpf_probe_read", confidential,
	 "lockdown=confidentiality forbids a helper", "boot with lockdown=integrity"},
	{STAGE_PROG, 0, "unknown#195896080", NULL, "a kernel type lacks what the program reads",
	 "the kernel is too old, too new or changed for this probe"},
	{STAGE_PROG, 0, "cannot use helper", NULL, "this kernel lacks a helper, or forbids it here",
	 "a newer kernel has it"},
	{STAGE_PROG, 0, "unknown func", NULL, "this kernel lacks a helper, or forbids it here",
	 "a newer kernel has it"},
	{STAGE_PROG, 0, "calling kernel function", NULL,
	 "this kernel does not let such programs call one of its functions",
	 "a newer kernel does"},
	{STAGE_PROG, 0, "number of funcs in func_info", NULL,
	 "callbacks are not supported (before 5.13)", "a newer kernel has them"},
	{STAGE_PROG, 0, "Sleepable programs can only use", NULL,
	 "this kernel's sleepable programs cannot use such a map", "a newer kernel can"},
	{STAGE_PROG, EACCES, NULL, NULL, "the kernel's verifier refused it",
	 "please report it with the log"},
	{STAGE_PROG, E2BIG, NULL, NULL, "too large or too new for this kernel", ""},
	{STAGE_PROG, EAGAIN, NULL, NULL, "loading was interrupted by signals each time",
	 "try again"},
	{STAGE_PROG, EINVAL, "", NULL, "this kernel does not know such programs",
	 "a newer kernel does"},
	{STAGE_PROG, EINVAL, NULL, NULL, "the kernel's verifier refused it",
	 "please report it with the log"},
	{STAGE_ATTACH, ENOTSUPP_KERNEL, NULL, NULL,
	 "not supported on this kernel and architecture", "a newer kernel supports it"},
	{STAGE_ATTACH, EOPNOTSUPP, NULL, NULL, "such programs are run, not attached", ""},
	{STAGE_CALLS, ENOMEM, NULL, NULL, "the kernel is out of memory", ""},
};

static bool applies(const struct row *r, enum diag_stage stage, int err, const char *log,
		    const struct diag_facts *f)
{
	if (!(r->stages & stage) || (r->err && r->err != err) || (r->fact && !r->fact(f)))
		return false;
	if (!r->log)
		return true;
	return *r->log ? strstr(log, r->log) != NULL : !*log;
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
	log = log ? log : "";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];

		if (!applies(r, stage, err, log, f))
			continue;
		diag_say(d, err, "%s: %s", what, r->what);
		snprintf(d->hint, sizeof(d->hint), "%s", r->hint);
		if (err == EPERM && r->log && *f->lsm)
			snprintf(d->hint, sizeof(d->hint), "%s (active modules: %s)", r->hint, f->lsm);
		goto out;
	}
	diag_say(d, err, "%s: %s", what,
		 err == ENOTSUPP_KERNEL ? "not supported" : strerror(err));
out:
	keep_tail(d, log);
	return -err;
}
