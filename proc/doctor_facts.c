/* proc/doctor_facts.c - what decides about BPF on this machine, in words.  What
 * cannot be read is unknown, which is not the same as absent. */
#include "proc/doctor_impl.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/btf.h"
#include "loader/diag.h"
#include "loader/kbtf.h"
#include "proc/procfile.h"
#include "proc/stop.h"

static bool is_mounted(const char *path, long magic)
{
	struct statfs s;

	return !statfs(path, &s) && (long)s.f_type == magic;
}

/* Why path could not be read, in as few words as possible. */
static void say_unknown(struct doctor *d, const char *what, const char *path, int err)
{
	if (!is_mounted("/proc", PROC_SUPER_MAGIC))
		doctor_say(d, VERDICT_FACT, what, "unknown: /proc is not mounted");
	else
		doctor_say(d, VERDICT_FACT, what, "unknown: %s: %s", path, strerror(err));
}

__attribute__((format(printf, 3, 4)))
static void append(char *text, size_t cap, const char *fmt, ...)
{
	size_t n = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + n, cap - n, fmt, ap);
	va_end(ap);
}

static void say_kernel(struct doctor *d)
{
	u32 page = page_size();
	struct utsname u;
	struct doctor_line *l;

	if (uname(&u) < 0)
		return;
	l = doctor_say(d, VERDICT_FACT, "kernel", "%s %s", u.release, u.machine);
	if (page != 4096)
		append(l->text, sizeof(l->text), ", pages of %u KiB", page >> 10);
}

static void say_btf(struct doctor *d, const struct diag_facts *f)
{
	struct diag why;
	struct kbtf k;
	struct btf b;
	int err = kbtf_open(&k, KBTF_PATH);

	if (err) {
		diag_explain(&why, STAGE_BTF, -err, "none", NULL, f);
		doctor_say(d, VERDICT_FACT, "btf", "%s", why.what);
		return;
	}
	err = btf_open(&b, k.blob, NULL);
	if (err)
		doctor_say(d, VERDICT_FACT, "btf", "%zu bytes, which %s", k.len,
			   err == -EPROTO ? "are newer than this build" : "are malformed");
	else
		doctor_say(d, VERDICT_FACT, "btf", "%zu bytes, %u types, %s", k.len, b.n - 1,
			   k.mapped ? "mapped" : "read (Linux 6.16 lets it be mapped)");
	if (!err)
		btf_close(&b);
	kbtf_close(&k);
}

/* Those that pitstop has a use for; numbers of include/uapi/linux/capability.h. */
static void say_capabilities(struct doctor *d, const struct diag_facts *f)
{
	static const struct {
		u8 bit;
		const char *name;
	} caps[] = {{39, "bpf"}, {38, "perfmon"}, {21, "sys_admin"}, {19, "sys_ptrace"},
		    {2, "dac_read_search"}, {24, "sys_resource"}, {5, "kill"}, {23, "sys_nice"}};
	struct doctor_line *l = doctor_say(d, VERDICT_FACT, "capabilities", "%s", "");

	for (size_t i = 0; i < ARRAY_LEN(caps); i++)
		if (f->caps >> caps[i].bit & 1)
			append(l->text, sizeof(l->text), "%s%s", *l->text ? " " : "", caps[i].name);
	if (!*l->text)
		append(l->text, sizeof(l->text), "none of use here");
	else if (f->in_userns)
		append(l->text, sizeof(l->text), ", which do not count for bpf() in a user namespace");
}

static void say_security(struct doctor *d, const struct diag_facts *f)
{
	static const char *const lockdown[] = {
		[LOCKDOWN_UNKNOWN] = "unknown: securityfs is not mounted",
		[LOCKDOWN_ABSENT] = "this kernel has none",
		[LOCKDOWN_NONE] = "none",
		[LOCKDOWN_INTEGRITY] = "integrity (stops nothing that is used here)",
		[LOCKDOWN_CONFIDENTIALITY] = "confidentiality (no reading of kernel memory by address, no kprobes)",
	};

	doctor_say(d, VERDICT_FACT, "lockdown", "%s", lockdown[f->lockdown]);
	doctor_say(d, VERDICT_FACT, "security modules", "%s",
		   *f->lsm ? f->lsm : lockdown[LOCKDOWN_UNKNOWN]);
	doctor_say(d, VERDICT_FACT, "seccomp", "%s", f->filtered ? "a filter is active" : "no filter");
}

/* Tried with no memory at all allowed: -EPERM where maps are charged to the
 * limit, which the version of a kernel with patches would not tell. */
static bool memlock_is_charged(const struct diag_facts *f)
{
	const struct bpf_map_args one = {.name = "pitstop_try", .type = BPF_MAP_TYPE_ARRAY, .key_size = 4,
					 .value_size = 4, .max_entries = 1, .btf_fd = -1};
	struct rlimit was, none;
	int with, without;

	if (prlimit(0, RLIMIT_MEMLOCK, NULL, &was))
		return f->charges_memlock;
	none = was;
	none.rlim_cur = 0;
	with = bpf_map_create(&one);
	if (with < 0 || prlimit(0, RLIMIT_MEMLOCK, &none, NULL)) {
		if (with >= 0)
			close(with);
		return f->charges_memlock;
	}
	close(with);
	without = bpf_map_create(&one);
	prlimit(0, RLIMIT_MEMLOCK, &was, NULL);
	if (without >= 0)
		close(without);
	return without == -EPERM;
}

static void say_memlock(struct doctor *d, const struct diag_facts *f)
{
	const char *how = memlock_is_charged(f) ? "BPF memory counts towards it"
						: "BPF memory does not count towards it";

	if (f->memlock == RLIM_INFINITY)
		doctor_say(d, VERDICT_FACT, "memlock", "no limit");
	else
		doctor_say(d, VERDICT_FACT, "memlock", "%llu KiB; %s",
			   (unsigned long long)(f->memlock >> 10), how);
}

/* A number in a file and what it means; the words are those of proc_sys_kernel(5)
 * and Documentation/admin-guide/sysctl/kernel.rst. */
struct setting {
	const char *what, *path;
	int first;
	const char *const *means;	/* of first, first + 1, ...; NULL ends */
};

static void say_setting(struct doctor *d, const struct setting *s)
{
	char buf[32], *end;
	struct bytes text;
	long v, n = 0;
	int err = procfile_read_at(-1, s->path, buf, sizeof(buf) - 1, &text);

	if (err) {
		say_unknown(d, s->what, s->path, -err);
		return;
	}
	buf[text.n] = '\0';
	v = strtol(buf, &end, 10);
	while (s->means[n] && n < v - s->first)
		n++;
	if (v < s->first)
		n = 0;
	doctor_say(d, VERDICT_FACT, s->what, "%ld: %s", v, s->means[n] ? s->means[n] : s->means[n - 1]);
}

static const char *const unprivileged[] = {
	"allowed, for programs that filter sockets",
	"not allowed, until the next boot",
	"not allowed, until an administrator changes it",
	NULL
};

static const char *const paranoid[] = {
	"everybody may count kernel events",
	"everybody may count kernel events, without raw data",
	"kernel events of one's own processes; others need perfmon",
	"kernel events need perfmon",
	"any event needs perfmon, or on some kernels sys_admin",
	NULL
};

static const struct setting settings[] = {
	{"unprivileged bpf", "/proc/sys/kernel/unprivileged_bpf_disabled", 0, unprivileged},
	{"perf events", "/proc/sys/kernel/perf_event_paranoid", -1, paranoid},
};

/* The initial namespaces have fixed numbers, include/linux/proc_ns.h. */
static void say_namespaces(struct doctor *d)
{
	static const struct {
		const char *what, *path;
		ino_t initial;
		const char *other;
	} ns[] = {
		{"user namespace", "/proc/self/ns/user", 0xEFFFFFFDu,
		 "not the initial one: capabilities do not count for bpf()"},
		{"pid namespace", "/proc/self/ns/pid", 0xEFFFFFFCu,
		 "not the initial one: only its processes are seen, from /proc"},
	};

	for (size_t i = 0; i < ARRAY_LEN(ns); i++) {
		struct stat st;

		if (stat(ns[i].path, &st))
			say_unknown(d, ns[i].what, ns[i].path, errno);
		else
			doctor_say(d, VERDICT_FACT, ns[i].what, "%s",
				   st.st_ino == ns[i].initial ? "the initial one" : ns[i].other);
	}
}

static void say_tracefs(struct doctor *d)
{
	static const char *const places[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (!is_mounted(places[i], TRACEFS_MAGIC))
			continue;
		doctor_say(d, VERDICT_FACT, "tracefs", "%s%s", places[i],
			   access(places[i], R_OK | X_OK) ? ", which may not be read" : "");
		return;
	}
	doctor_say(d, VERDICT_FACT, "tracefs", "%s",
		   access("/sys/kernel/debug", X_OK) && errno == EACCES
		   ? "not mounted, unless below /sys/kernel/debug, which may not be read" : "not mounted");
}

/* pid 1 is there, whatever /proc says. */
static void say_proc(struct doctor *d)
{
	if (!is_mounted("/proc", PROC_SUPER_MAGIC))
		doctor_say(d, VERDICT_FACT, "/proc", "not mounted");
	else if (access("/proc/1", F_OK) && (!kill(1, 0) || errno == EPERM))
		doctor_say(d, VERDICT_FACT, "/proc", "hides the processes of others (mount option hidepid)");
}

struct leftovers {
	struct doctor_line *line;
	const struct hierarchy *h;
	u32 alone, wrong;
};

static void see_alone(void *arg, const struct alone *a, const char *path)
{
	struct leftovers *l = arg;
	enum leftover wrong = stop_leftover(l->h, path);
	char hint[STOP_WHY];

	(void)a;
	l->alone += wrong == LEFT_WHOLE;
	if (wrong == LEFT_WHOLE || l->wrong++)
		return;
	append(l->line->text, sizeof(l->line->text), "; left by a pitstop that was interrupted: %s, %s", path,
	       leftover_words[wrong]);
	stop_undo("", path, hint);
	append(l->line->hint, sizeof(l->line->hint), "%s", hint);
}

/* Where cgroups can be frozen, and what an earlier run left. */
static void say_freezing(struct doctor *d)
{
	static struct cgroupfs fs;
	struct leftovers l = {0};

	cgroupfs_open(&fs);
	l.h = &fs.h[fs.h[HIERARCHY_V2].fd < 0];
	if (l.h->fd < 0) {
		doctor_say(d, VERDICT_FACT, "freezing", "no hierarchy of cgroups that can freeze is mounted");
		return;
	}
	l.line = doctor_say(d, VERDICT_FACT, "freezing", "%s at %s", l.h->id == HIERARCHY_V2 ? "cgroup v2" : "the freezer of v1",
			    l.h->place);
	alone_each(l.h, see_alone, &l);
	if (l.alone)
		append(l.line->text, sizeof(l.line->text), "; frozen alone: %u", l.alone);
	cgroupfs_close(&fs);
}

void doctor_facts(struct doctor *d)
{
	struct diag_facts f;

	diag_facts_read(&f);
	say_kernel(d);
	say_btf(d, &f);
	say_capabilities(d, &f);
	say_security(d, &f);
	say_memlock(d, &f);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		say_setting(d, &settings[i]);
	say_namespaces(d);
	say_tracefs(d);
	say_proc(d);
	say_freezing(d);
}
