/* proc/inspect_detail.c - what the page about one process says beyond its
 * numbers: read in the child of proc/inspect.c. */
#include "proc/inspect_impl.h"
#include "proc/lines.h"
#include "proc/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NOTE_ROOM = 1 << 14, VALUE_ROOM = 128, NAMES_ROOM = 1024 };

static void heading(struct child *c, const char *text)
{
	child_line(c, "%c%s", DETAIL_HEADING, text);
}

static void fact(struct child *c, const char *name, const char *value)
{
	child_line(c, "%c%-16s %s", DETAIL_TEXT, name, value);
}

/* ---- files ---- */

static void tell_links(struct child *c)
{
	static const char *const links[] = {"exe", "cwd", "root"};
	char target[PATH_ROOM];

	heading(c, "Files");
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		ssize_t n = readlinkat(c->dir, links[i], target, sizeof(target) - 1);

		target[MAX(n, 0)] = 0;
		if (n > 0)
			fact(c, links[i], target);
		else
			fact(c, links[i], errno == ENOENT ? "none" : "not permitted");
	}
}

/* ---- the cgroup and what limits it ---- */

/* Where the hierarchies are mounted.  A controller is in one of version 1 or in
 * version 2, never in both (cgroup-v2.rst, "Mounting"); "" stands for version 2. */
struct hierarchy {
	char mount[256];	/* "": not mounted */
	char path[PATH_ROOM];	/* the process's, below it */
};

/* Whether a name is in a list with commas between. */
static bool listed(struct bytes list, const char *name)
{
	const size_t n = strlen(name);

	for (;;) {
		const unsigned char *comma = memchr(list.p, ',', list.n);
		size_t len = comma ? (size_t)(comma - list.p) : list.n;

		if (len == n && !memcmp(list.p, name, n))
			return true;
		if (!comma)
			return false;
		list.p += len + 1;
		list.n -= len + 1;
	}
}

/* "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid" in /proc/mounts, proc_pid_mounts(5) */
static void find_mount(struct hierarchy *h, const char *controller)
{
	struct lines mounts = lines_open(AT_FDCWD, "/proc/self/mounts");
	char *line;

	h->mount[0] = 0;
	while (!h->mount[0] && (line = lines_next(&mounts))) {
		struct scan s = scan_of((struct bytes){(unsigned char *)line, strlen(line)});
		struct bytes mount, options;

		if (!scan_skip(&s, 1) || !scan_field(&s, &mount) || !SCAN_LIT(&s, " cgroup"))
			continue;
		if (*controller ? SCAN_LIT(&s, " ") && scan_field(&s, &options) && listed(options, controller)
				: SCAN_LIT(&s, "2 "))
			snprintf(h->mount, sizeof(h->mount), "%.*s", (int)mount.n, (const char *)mount.p);
	}
	lines_close(&mounts);
}

/* The process's path in a hierarchy: "0::/a/b", "4:cpu,cpuacct:/a", cgroups(7). */
static bool find_path(struct hierarchy *h, const char *cgroups, const char *controller)
{
	for (const char *at = cgroups; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		const char *list = strchr(at, ':'), *path = list ? strchr(list + 1, ':') : NULL;

		if (!path)
			break;
		if (!listed((struct bytes){(const unsigned char *)list + 1, (size_t)(path - list - 1)}, controller))
			continue;
		snprintf(h->path, sizeof(h->path), "%.*s", (int)strcspn(path + 1, "\n"), path + 1);
		return true;
	}
	return false;
}

enum unit { UNIT_BYTES, UNIT_COUNT, UNIT_CPU };

static const struct {
	const char *name;		/* in version 2, and what it is called here */
	const char *controller, *v1;	/* its file in version 1 */
	enum unit unit;
	bool limit;			/* one that holds for all below */
} values[] = {
	{"memory.current", "memory", "memory.usage_in_bytes", UNIT_BYTES, false},
	{"memory.max", "memory", "memory.limit_in_bytes", UNIT_BYTES, true},
	{"memory.high", "memory", NULL, UNIT_BYTES, true},
	{"cpu.max", "cpu", "cpu.cfs_quota_us", UNIT_CPU, true},
	{"pids.current", "pids", "pids.current", UNIT_COUNT, false},
	{"pids.max", "pids", "pids.max", UNIT_COUNT, true},
};

static bool read_value(const struct hierarchy *h, u32 path_n, const char *file, char out[static VALUE_ROOM])
{
	char path[PATH_ROOM + 512];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s%.*s/%s", h->mount, (int)path_n, h->path, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, out, VALUE_ROOM - 1);
	close(fd);
	out[MAX(n, 0)] = 0;
	out[strcspn(out, "\n")] = 0;
	return n > 0;
}

static void put_bytes(char *out, size_t cap, u64 v)
{
	static const char unit[] = "KMGTPE";
	u32 i = 0;

	for (v /= 1024; v >= 10 * 1024 && i < sizeof(unit) - 2; v /= 1024)
		i++;
	snprintf(out, cap, "%" PRIu64 "%c", v, unit[i]);
}

/* False when it says that there is no limit: version 1 has numbers for that. */
static bool in_words(enum unit unit, const char *value, u64 v1_period, char out[static VALUE_ROOM])
{
	u64 v, period;
	char *end;

	if (*value < '0' || *value > '9')
		return false;
	v = strtoull(value, &end, 10);
	if (unit == UNIT_BYTES && v >= 1ull << 62)
		return false;
	period = v1_period ? v1_period : strtoull(end, NULL, 10);
	if (unit == UNIT_BYTES)
		put_bytes(out, VALUE_ROOM, v);
	else if (unit == UNIT_CPU && period)
		snprintf(out, VALUE_ROOM, "%" PRIu64 "%% of one CPU", v * 100 / period);
	else
		snprintf(out, VALUE_ROOM, "%" PRIu64, v);
	return true;
}

/* The process's own cgroup, and those above it that set a limit. */
static void tell_value(struct child *c, const struct hierarchy *h, u32 i, bool v1)
{
	char value[VALUE_ROOM], words[VALUE_ROOM], text[VALUE_ROOM + PATH_ROOM];
	u32 n = (u32)strlen(h->path);
	bool own = true;

	for (;; own = false) {
		u64 period = 0;

		if (!read_value(h, n == 1 ? 0 : n, v1 ? values[i].v1 : values[i].name, value))
			break;
		if (v1 && values[i].unit == UNIT_CPU && read_value(h, n == 1 ? 0 : n, "cpu.cfs_period_us", words))
			period = strtoull(words, NULL, 10);
		if (!in_words(values[i].unit, value, period, words)) {
			if (own)
				fact(c, values[i].name, "no limit");
		} else {
			snprintf(text, sizeof(text), "%s%s%.*s", words, own ? "" : "  by ", own ? 0 : (int)n, h->path);
			fact(c, values[i].name, text);
		}
		while (n && h->path[n - 1] != '/')
			n--;
		if (!values[i].limit || n <= 1)
			break;
		n--;
	}
}

static void tell_cgroup(struct child *c)
{
	static struct hierarchy h[2];	/* version 2, and 1's of a controller */
	static char cgroups[NOTE_ROOM];

	heading(c, "Control group");
	if (!child_read(c, "cgroup", cgroups, sizeof(cgroups))) {
		fact(c, "cgroup", "unknown");
		return;
	}
	find_mount(&h[0], "");
	if (find_path(&h[0], cgroups, ""))
		fact(c, "cgroup", h[0].path);
	for (u32 i = 0; i < ARRAY_LEN(values); i++) {
		bool v1 = find_path(&h[1], cgroups, values[i].controller);

		if (v1)
			find_mount(&h[1], values[i].controller);
		if (h[v1].mount[0] && (!v1 || values[i].v1))
			tell_value(c, &h[v1], i, v1);
	}
}

/* ---- limits of the process: the file's own table ---- */

static void tell_limits(struct child *c)
{
	static char text[NOTE_ROOM];
	char *line = text, *next;

	heading(c, "Limits");
	if (!child_read(c, "limits", text, sizeof(text)))
		return;
	for (; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = 0;
		child_line(c, "%c%s", DETAIL_TEXT, line);
	}
}

/* ---- capabilities ---- */

/* By number, linux/capability.h */
static const char *const capabilities[] = {
	"chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid",
	"setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw",
	"ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
	"sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod",
	"lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog",
	"wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
};

/* The shorter of the names that are there and those that are not. */
static void tell_capabilities(struct child *c)
{
	static char status[NOTE_ROOM];
	const u64 all = (1ull << ARRAY_LEN(capabilities)) - 1;
	char names[NAMES_ROOM] = "none";
	const char *at;
	size_t n = 0;
	bool without;
	u64 mask;

	if (!child_read(c, "status", status, sizeof(status)) || !(at = strstr(status, "\nCapEff:")))
		return;
	mask = strtoull(at + sizeof("\nCapEff:") - 1, NULL, 16) & all;
	without = (u32)__builtin_popcountll(mask) > ARRAY_LEN(capabilities) / 2;
	if (without)
		n = (size_t)snprintf(names, sizeof(names), "all%s", mask == all ? "" : " but");
	for (u32 i = 0; i < ARRAY_LEN(capabilities); i++)
		if ((mask >> i & 1) != without && n < sizeof(names))
			n += (size_t)snprintf(names + n, sizeof(names) - n, n ? " %s" : "%s", capabilities[i]);
	heading(c, "Capabilities in effect");
	child_line(c, "%c%s", DETAIL_TEXT, names);
}

/* ---- namespaces ---- */

static void tell_namespaces(struct child *c)
{
	static const char *const kinds[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};
	char path[32], its[64], ours[64], same[NAMES_ROOM] = "";
	size_t n = 0;

	heading(c, "Namespaces");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		ssize_t a, b;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		b = readlink(path, ours, sizeof(ours) - 1);
		a = readlinkat(c->dir, path + sizeof("/proc/self/") - 1, its, sizeof(its) - 1);
		its[MAX(a, 0)] = 0;
		if (a > 0 && a == b && !memcmp(its, ours, (size_t)a))
			n += (size_t)snprintf(same + n, sizeof(same) - n, n ? " %s" : "%s", kinds[i]);
		else if (b > 0)
			fact(c, kinds[i], a > 0 ? its : "not permitted");
	}
	if (n)
		fact(c, "as pitstop's", same);
}

void tell_detail(struct child *c)
{
	tell_links(c);
	tell_cgroup(c);
	tell_limits(c);
	tell_capabilities(c);
	tell_namespaces(c);
}
