/* loader/attach.c - one row for each kind of program.
 *
 * A program is judged by attaching it, not by loading it: on aarch64 before 6.4
 * fentry loads and then gets ENOTSUPP (2aa6ac03516d made it attach). */
#include "loader/attach.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/bpf.h"

enum { TARGET_MAX = 128 };	/* KSYM_NAME_LEN was 128 before 6.1: kernel names fit */

static int done(struct attached *out, int fd, const char *form)
{
	if (fd < 0)
		return fd;
	out->fd = fd;
	out->form = form;
	return 0;
}

static int fail(struct attached *out, int err, const char *why, const char *hint)
{
	out->why = why;
	out->hint = hint;
	return -err;
}

/* ---- links and raw tracepoints ---------------------------------------------------- */

static int attach_iter(int prog_fd, const struct attach_row *row, const char *target,
		       struct attached *out)
{
	/* the walk over cgroups has no order of its own: bpf_iter_attach_cgroup()
	 * in kernel/bpf/cgroup_iter.c refuses 0 */
	const struct uapi_iter_cgroup all = {.order = ITER_DESCENDANTS_PRE};
	const bool cgroup = !strcmp(target, "cgroup");

	return done(out, bpf_link_create(&(struct bpf_link_args){
			.prog_fd = prog_fd,
			.attach_type = row->attach_type,
			.iter_info = cgroup ? &all : NULL,
			.iter_info_len = cgroup ? sizeof(all) : 0,
		}), "link");
}

/* The program has named its place at load.  BPF_LINK_CREATE makes the same link,
 * but only since 5.19 (df86ca0d2f0f). */
static int attach_loaded(int prog_fd, const struct attach_row *row, const char *target,
			 struct attached *out)
{
	(void)row;
	(void)target;
	return done(out, bpf_raw_tracepoint_open(prog_fd, NULL), "raw_tp open");
}

static int attach_named(int prog_fd, const struct attach_row *row, const char *target,
			struct attached *out)
{
	int err;

	(void)row;
	err = done(out, bpf_raw_tracepoint_open(prog_fd, target), "raw_tp open");
	return err == -ENOENT ? fail(out, ENOENT, "this kernel has no such tracepoint", "") : err;
}

/* ---- perf events ------------------------------------------------------------------- */

/* A short file of sysfs or tracefs; -errno. */
static int read_short(const char *path, char *buf, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, cap - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	buf[n > 0 ? n : 0] = 0;
	return n < 0 ? (int)n : 0;
}

static int read_number(const char *path, u32 *v)
{
	char text[32], *end;
	int err = read_short(path, text, sizeof(text));
	unsigned long n;

	if (err)
		return err;
	n = strtoul(text, &end, 10);
	if (end == text || n > UINT32_MAX)
		return -EBADMSG;
	*v = (u32)n;
	return 0;
}

/* Any CPU stands for all: the events of tracepoints and kprobes that carry a
 * program run it wherever they happen (perf_trace_run_bpf_submit()). */
static int perf_open(struct perf_event_attr *attr)
{
	long fd;

	attr->size = sizeof(*attr);
	fd = syscall(SYS_perf_event_open, attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

/* Takes perf_fd.  A link (5.15, b89fbfbb854c) keeps the event itself; before,
 * the event keeps the program. */
static int attach_perf(int prog_fd, int perf_fd, struct attached *out)
{
	int link = bpf_link_create(&(struct bpf_link_args){
		.prog_fd = prog_fd,
		.target_fd = perf_fd,
		.attach_type = ATTACH_PERF_EVENT,
	});
	int err = 0;

	if (link < 0 && link != -EINVAL)
		err = link;
	else if (link < 0 && ioctl(perf_fd, PERF_EVENT_IOC_SET_BPF, prog_fd))
		err = -errno;
	if (!err && ioctl(perf_fd, PERF_EVENT_IOC_ENABLE, 0))
		err = -errno;
	if (link >= 0 || err)
		close(perf_fd);
	if (err && link >= 0)
		close(link);
	if (err)
		return err;
	return link >= 0 ? done(out, link, "perf link") : done(out, perf_fd, "perf ioctl");
}

static bool plain_name(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || (c == '.' && i)))
			return false;
	}
	return n > 0;
}

/* "sched/sched_switch": the kernel numbers its tracepoints only in tracefs. */
static int tracepoint_id(const char *target, u32 *id, struct attached *out)
{
	static const char *const roots[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};
	size_t category = strcspn(target, "/");
	bool mounted = false;
	char path[64 + TARGET_MAX];
	int err = 0;

	if (strlen(target) >= TARGET_MAX || !target[category] || !plain_name(target, category) ||
	    !plain_name(target + category + 1, strlen(target + category + 1)))
		return fail(out, EINVAL, "its section does not name CATEGORY/NAME", "");
	for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
		snprintf(path, sizeof(path), "%s/events/%s/id", roots[i], target);
		err = read_number(path, id);
		if (err != -ENOENT)
			break;
		snprintf(path, sizeof(path), "%s/events", roots[i]);
		mounted |= !access(path, F_OK);
	}
	if (!err)
		return 0;
	if (err != -ENOENT)
		return fail(out, -err, "tracefs cannot be read", "run as root");
	if (mounted)
		return fail(out, ENOENT, "this kernel has no such tracepoint", "");
	return fail(out, ENOENT, "tracefs is not mounted, and only there tracepoints have numbers",
		    "mount -t tracefs tracefs /sys/kernel/tracing");
}

static int attach_tracepoint(int prog_fd, const struct attach_row *row, const char *target,
			     struct attached *out)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_TRACEPOINT};
	u32 id = 0;
	int fd = tracepoint_id(target, &id, out);

	(void)row;
	if (fd)
		return fd;
	attr.config = id;
	fd = perf_open(&attr);
	return fd < 0 ? fd : attach_perf(prog_fd, fd, out);
}

int attach_config_bit(const char *text)
{
	static const char prefix[] = "config:";
	char *end;
	unsigned long bit;

	if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
		return -EBADMSG;
	text += sizeof(prefix) - 1;
	bit = strtoul(text, &end, 10);
	return end == text || bit > 63 ? -EBADMSG : (int)bit;
}

int attach_function(const char *target, char *name, size_t cap, u64 *off)
{
	size_t n = strcspn(target, "+");
	char *end = NULL;

	*off = 0;
	if (n >= cap || !plain_name(target, n))
		return -EINVAL;
	memcpy(name, target, n);
	name[n] = 0;
	if (target[n])
		*off = strtoull(target + n + 1, &end, 0);
	return end && (*end || end == target + n + 1) ? -EINVAL : 0;
}

#define KPROBE_PMU "/sys/bus/event_source/devices/kprobe/"

/* The PMU is as old as 4.17 and comes with the same option as kprobe_events of
 * tracefs (CONFIG_KPROBE_EVENTS): where it is missing, so are those. */
static int attach_kprobe(int prog_fd, bool ret, const char *target, struct attached *out)
{
	struct perf_event_attr attr = {0};
	char name[TARGET_MAX], text[32];
	u64 off;
	int fd, bit = 0;

	if (attach_function(target, name, sizeof(name), &off) || (ret && off))
		return fail(out, EINVAL, "its section does not name a kernel function", "");
	if (read_number(KPROBE_PMU "type", &attr.type))
		return fail(out, ENODEV, "this kernel has no kprobes (CONFIG_KPROBE_EVENTS)",
			    "a kernel with CONFIG_KPROBE_EVENTS has them");
	if (ret) {
		fd = read_short(KPROBE_PMU "format/retprobe", text, sizeof(text));
		bit = fd ? fd : attach_config_bit(text);
		if (bit < 0)
			return bit;
		attr.config = 1ull << bit;
	}
	attr.config1 = (u64)(uintptr_t)name;
	attr.config2 = off;
	fd = perf_open(&attr);
	if (fd == -ENOENT)
		return fail(out, ENOENT, "this kernel has no such function to probe", "");
	return fd < 0 ? fd : attach_perf(prog_fd, fd, out);
}

static int attach_kprobe_entry(int prog_fd, const struct attach_row *row, const char *target,
			       struct attached *out)
{
	(void)row;
	return attach_kprobe(prog_fd, false, target, out);
}

static int attach_kprobe_return(int prog_fd, const struct attach_row *row, const char *target,
				struct attached *out)
{
	(void)row;
	return attach_kprobe(prog_fd, true, target, out);
}

/* ---- the table ---------------------------------------------------------------------- */

#define TRACING(section, type, flags, prefix, kind, fn) \
	{section, BPF_PROG_TYPE_TRACING, type, flags, prefix, kind, fn}
#define PLAIN(section, type, fn) \
	{section, type, 0, 0, "", KIND_VOID, fn}

static const struct attach_row rows[] = {
	TRACING("iter/", BPF_TRACE_ITER, 0, "bpf_iter_", KIND_FUNC, attach_iter),
	TRACING("iter.s/", BPF_TRACE_ITER, BPF_F_SLEEPABLE, "bpf_iter_", KIND_FUNC, attach_iter),
	TRACING("tp_btf/", BPF_TRACE_RAW_TP, 0, "btf_trace_", KIND_TYPEDEF, attach_loaded),
	TRACING("fentry/", BPF_TRACE_FENTRY, 0, "", KIND_FUNC, attach_loaded),
	TRACING("fentry.s/", BPF_TRACE_FENTRY, BPF_F_SLEEPABLE, "", KIND_FUNC, attach_loaded),
	TRACING("fexit/", BPF_TRACE_FEXIT, 0, "", KIND_FUNC, attach_loaded),
	TRACING("fexit.s/", BPF_TRACE_FEXIT, BPF_F_SLEEPABLE, "", KIND_FUNC, attach_loaded),
	PLAIN("raw_tp/", BPF_PROG_TYPE_RAW_TRACEPOINT, attach_named),
	PLAIN("raw_tracepoint/", BPF_PROG_TYPE_RAW_TRACEPOINT, attach_named),
	PLAIN("tp/", BPF_PROG_TYPE_TRACEPOINT, attach_tracepoint),
	PLAIN("tracepoint/", BPF_PROG_TYPE_TRACEPOINT, attach_tracepoint),
	PLAIN("kprobe/", BPF_PROG_TYPE_KPROBE, attach_kprobe_entry),
	PLAIN("kretprobe/", BPF_PROG_TYPE_KPROBE, attach_kprobe_return),
	/* the kernel takes them only as sleepable: they run in their caller's context */
	{"syscall", PROG_SYSCALL, 0, BPF_F_SLEEPABLE, "", KIND_VOID, NULL},
};

const struct attach_row *attach_find(const char *section, const char **target)
{
	if (*section == '?')	/* not loaded unless asked for */
		section++;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t n = strlen(rows[i].section);
		bool prefix = rows[i].section[n - 1] == '/';

		if (strncmp(section, rows[i].section, n) != 0 || prefix != !!section[n])
			continue;
		*target = section + n;
		return &rows[i];
	}
	return NULL;
}
