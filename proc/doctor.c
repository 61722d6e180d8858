/* proc/doctor.c - tries every source and says how it went. */
#include "proc/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "probes/abi.h"
#include "proc/backend.h"
#include "proc/procfile.h"
#include "proc/system.h"

extern const unsigned char bpf_argv[], bpf_argv_end[];

__attribute__((format(printf, 4, 5)))
static struct doctor_line *say(struct doctor *d, enum verdict v, const char *what, const char *fmt, ...)
{
	static struct doctor_line spare;
	struct doctor_line *l = d->n < DOCTOR_LINES ? &d->line[d->n++] : &spare;
	va_list ap;

	*l = (struct doctor_line){.verdict = v};
	snprintf(l->what, sizeof(l->what), "%s", what);
	va_start(ap, fmt);
	vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
	return l;
}

static void say_missing(struct doctor *d, const char *what, const struct diag *why)
{
	struct doctor_line *l = say(d, VERDICT_MISSING, what, "%s", why->what);

	snprintf(l->hint, sizeof(l->hint), "%s", why->hint);
}

/* A fact that is the whole text of a file, without its newline. */
static void say_file(struct doctor *d, const char *what, const char *path)
{
	char buf[128];
	struct bytes text;

	if (procfile_read_at(-1, path, buf, sizeof(buf), &text)) {
		say(d, VERDICT_FACT, what, "not readable (%s)", path);
		return;
	}
	while (text.n && text.p[text.n - 1] == '\n')
		text.n--;
	say(d, VERDICT_FACT, what, "%.*s", (int)text.n, (const char *)text.p);
}

static void say_kernel(struct doctor *d)
{
	struct utsname u;
	struct stat st;

	if (uname(&u) == 0)
		say(d, VERDICT_FACT, "kernel", "%s %s", u.release, u.machine);
	if (stat("/sys/kernel/btf/vmlinux", &st) == 0)
		say(d, VERDICT_FACT, "btf", "%lld bytes", (long long)st.st_size);
	else
		say(d, VERDICT_FACT, "btf", "none: the kernel was built without CONFIG_DEBUG_INFO_BTF, or /sys is not mounted");
}

/* CapEff of /proc/self/status, proc_pid_status(5). */
static void say_capabilities(struct doctor *d)
{
	static const struct {
		u8 bit;
		const char *name;
	} caps[] = {{38, "perfmon"}, {39, "bpf"}, {21, "sys_admin"}, {19, "sys_ptrace"}};
	char buf[4096], names[64] = "";
	struct bytes text;
	const char *at;
	u64 eff;

	if (procfile_read_at(-1, "/proc/self/status", buf, sizeof(buf) - 1, &text))
		return;
	buf[text.n] = '\0';
	at = strstr(buf, "CapEff:");
	eff = at ? strtoull(at + 7, NULL, 16) : 0;
	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		size_t n = strlen(names);

		if (eff >> caps[i].bit & 1)
			snprintf(names + n, sizeof(names) - n, " %s", caps[i].name);
	}
	say(d, VERDICT_FACT, "capabilities", "%s", *names ? names + 1 : "none that BPF needs");
}

static void try_backends(struct doctor *d)
{
	for (u32 id = 0; id < BACKEND_N; id++) {
		const struct backend_ops *ops = backends[id];
		struct task_request want = {0};
		struct task_table table;
		struct backend *b = NULL;
		struct diag why = {0};
		int err = task_table_init(&table, 65536);

		if (!err)
			err = ops->open(&b, table.cap, &why);
		if (!err)
			err = ops->sample(b, &want, &table);
		if (err) {
			if (!*why.what)
				snprintf(why.what, sizeof(why.what), "%s", strerror(-err));
			say_missing(d, backend_name[id], &why);
		} else {
			say(d, VERDICT_WORKS, backend_name[id], "%u processes in %llu us", table.n,
			    (unsigned long long)(table.walk_ns / NSEC_PER_USEC));
			d->best_backend |= id == 0;
		}
		ops->close(b);
		task_table_free(&table);
	}
}

static void try_argv(struct doctor *d)
{
	struct bytes elf = {bpf_argv, (size_t)(bpf_argv_end - bpf_argv)};
	struct object *o = NULL;
	struct diag why = {0};
	int err = object_open(&o, "argv", elf, &why);

	if (!err)
		err = object_load(o, &why);
	if (err)
		say_missing(d, "command lines", &why);
	else
		say(d, VERDICT_WORKS, "command lines", "from the kernel, %u in one call", ARGV_BATCH);
	object_close(o);
}

static void try_sources(struct doctor *d)
{
	static struct cpu_raw cpu[1024];
	struct snapshot snap = {.cpu = cpu, .cpu_cap = ARRAY_LEN(cpu)};
	struct system *s;

	if (system_open(&s))
		return;
	system_sample(s, UINT32_MAX, &snap);
	for (u32 src = SRC_STAT; src < SRC_N; src++) {
		const char *why = system_why(s, (enum source)src);

		if (why)
			say(d, VERDICT_MISSING, source_info[src].name, "%s", why);
		else
			say(d, VERDICT_WORKS, source_info[src].name, "%s", source_info[src].feeds);
	}
	system_close(s);
}

void doctor_examine(struct doctor *d)
{
	*d = (struct doctor){0};
	say_kernel(d);
	say_capabilities(d);
	say_file(d, "lockdown", "/sys/kernel/security/lockdown");
	say_file(d, "lsm", "/sys/kernel/security/lsm");
	say_file(d, "unprivileged bpf", "/proc/sys/kernel/unprivileged_bpf_disabled");
	try_backends(d);
	try_argv(d);
	try_sources(d);
}
