/* proc/program_places.c - where programs hang that no link leads to: perf events of
 * the processes that hold them, cgroups, interfaces.  Each is looked at only for
 * a program of a type that can hang there, and of which no place is known. */
#include "proc/programs_impl.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "loader/inventory.h"
#include "proc/dirscan.h"
#include "proc/program_net.h"

enum {
	ATTACHED = 64,		/* programs of a cgroup, of an interface */
	DEPTH = 16,		/* of cgroups */
	NAMES_MAX = 16384,	/* cgroups and descriptors looked at in all */
	PATH_ROOM = 4096,
};

/* ---- which ---- */

#define BIT(n)	(1ull << (n))

/* Program types, and the attach types of cgroups that they have. */
static const struct {
	u32 type;
	u64 attach;
} of_cgroups[] = {
	{BPF_PROG_TYPE_CGROUP_SKB, BIT(BPF_CGROUP_INET_INGRESS) | BIT(BPF_CGROUP_INET_EGRESS)},
	{BPF_PROG_TYPE_CGROUP_SOCK, BIT(BPF_CGROUP_INET_SOCK_CREATE) | BIT(BPF_CGROUP_INET_SOCK_RELEASE) |
	 BIT(BPF_CGROUP_INET4_POST_BIND) | BIT(BPF_CGROUP_INET6_POST_BIND)},
	{BPF_PROG_TYPE_SOCK_OPS, BIT(BPF_CGROUP_SOCK_OPS)},
	{BPF_PROG_TYPE_CGROUP_DEVICE, BIT(BPF_CGROUP_DEVICE)},
	{BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BIT(BPF_CGROUP_INET4_BIND) | BIT(BPF_CGROUP_INET6_BIND) |
	 BIT(BPF_CGROUP_INET4_CONNECT) | BIT(BPF_CGROUP_INET6_CONNECT) |
	 BIT(BPF_CGROUP_UDP4_SENDMSG) | BIT(BPF_CGROUP_UDP6_SENDMSG) |
	 BIT(BPF_CGROUP_UDP4_RECVMSG) | BIT(BPF_CGROUP_UDP6_RECVMSG) |
	 BIT(BPF_CGROUP_INET4_GETPEERNAME) | BIT(BPF_CGROUP_INET6_GETPEERNAME) |
	 BIT(BPF_CGROUP_INET4_GETSOCKNAME) | BIT(BPF_CGROUP_INET6_GETSOCKNAME)},
	{BPF_PROG_TYPE_CGROUP_SYSCTL, BIT(BPF_CGROUP_SYSCTL)},
	{BPF_PROG_TYPE_CGROUP_SOCKOPT, BIT(BPF_CGROUP_GETSOCKOPT) | BIT(BPF_CGROUP_SETSOCKOPT)},
};

enum {
	OF_PERF = 1 << BPF_PROG_TYPE_KPROBE | 1 << BPF_PROG_TYPE_TRACEPOINT,
	OF_TC = 1 << BPF_PROG_TYPE_SCHED_CLS | 1 << BPF_PROG_TYPE_SCHED_ACT,
	OF_XDP = 1 << BPF_PROG_TYPE_XDP,
};

/* Bits of the types of programs without a place; more than 64 there are not. */
static u64 lacking(const struct holders *h, const struct program_table *t)
{
	u64 types = 0;

	for (u32 i = 0; i < t->n; i++)
		if (t->rec[i].type < 64 && !(types & BIT(t->rec[i].type)) && !holders_linked(h, t->rec[i].id))
			types |= BIT(t->rec[i].type);
	return types;
}

/* ---- perf events ---- */

static void ask_event(struct holders *h, u32 pid, u32 fd)
{
	char name[PROGRAM_LINK_TEXT - 20], text[PROGRAM_LINK_TEXT];
	struct inventory_hook hook;

	if (inventory_task_fd(pid, fd, name, sizeof(name), &hook))
		return;
	if (!*name)
		snprintf(text, sizeof(text), "%#llx", (unsigned long long)hook.address);
	else if (hook.offset)
		snprintf(text, sizeof(text), "%s+%#llx", name, (unsigned long long)hook.offset);
	else
		snprintf(text, sizeof(text), "%s", name);
	holders_place(h, hook.prog_id, LINK_PERF_EVENT, text);
}

static void events_of(struct holders *h, u32 pid, u32 *names)
{
	static const char wanted[] = "anon_inode:[perf_event]";
	char path[32], link[sizeof(wanted)];
	struct dirscan dir;
	const char *name;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/fd", pid);
	++syscall_count;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	dirscan_begin(&dir, fd);
	while (*names < NAMES_MAX && (name = dirscan_next(&dir))) {
		struct scan s = scan_of((struct bytes){(const unsigned char *)name, strlen(name)});
		u32 number;

		++*names;
		++syscall_count;
		if (scan_u32(&s, &number) && readlinkat(fd, name, link, sizeof(link)) == sizeof(wanted) - 1 &&
		    !memcmp(link, wanted, sizeof(wanted) - 1))
			ask_event(h, pid, number);
	}
	close(fd);
}

/* Who holds such a program mostly holds the event, too. */
static void perf_events(struct holders *h, const struct program_table *t, u32 *names)
{
	u32 at = 0, last = 0;

	for (u32 i = 0; i < t->nowner; i++) {
		const struct program_owner *o = &t->owner[i];

		while (at < t->n && t->rec[at].id < o->prog_id)
			at++;
		if (at == t->n || t->rec[at].id != o->prog_id || o->via != VIA_FD || o->pid == last ||
		    t->rec[at].type >= 32 || !(OF_PERF & 1u << t->rec[at].type) || holders_linked(h, o->prog_id))
			continue;
		last = o->pid;		/* several programs of one process stand in a row, mostly */
		events_of(h, last, names);
	}
}

/* ---- cgroups ---- */

static void ask_cgroup(struct holders *h, int fd, const char *path, u64 attach)
{
	for (u32 type = 0; type < 64; type++) {
		u32 ids[ATTACHED], n = ATTACHED;

		if (!(attach & BIT(type)) || inventory_attached(fd, type, ids, &n))
			continue;
		for (u32 i = 0; i < MIN(n, (u32)ATTACHED); i++)
			holders_place(h, ids[i], LINK_CGROUP, path);
	}
}

/* path: the folder's, in a buffer of PATH_ROOM that is used for those below. */
static void walk_cgroups(struct holders *h, char *path, u32 depth, u64 attach, u32 *names)
{
	size_t n = strlen(path);
	struct dirscan dir;
	const char *name;
	int fd;

	++syscall_count;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	ask_cgroup(h, fd, path, attach);
	dirscan_begin(&dir, fd);
	while (depth && *names < NAMES_MAX && (name = dirscan_next(&dir))) {
		size_t len = strlen(name);

		if (dirscan_type(name) != DT_DIR || !strcmp(name, ".") || !strcmp(name, "..") ||
		    n + len + 2 > PATH_ROOM)
			continue;
		++*names;
		path[n] = '/';
		memcpy(path + n + 1, name, len + 1);
		walk_cgroups(h, path, depth - 1, attach, names);
		path[n] = '\0';
	}
	close(fd);
}

static void cgroups(struct holders *h, u64 types, u32 *names)
{
	char path[PATH_ROOM];
	u64 attach = 0;

	for (u32 i = 0; i < ARRAY_LEN(of_cgroups); i++)
		if (types & BIT(of_cgroups[i].type))
			attach |= of_cgroups[i].attach;
	if (attach && holders_cgroup_root(h, path, sizeof(path)))
		walk_cgroups(h, path, DEPTH, attach, names);
}

/* ---- interfaces ---- */

static void interfaces(struct holders *h, u64 types)
{
	static struct net_interface interface[NET_INTERFACES];
	char text[PROGRAM_LINK_TEXT];
	u32 ids[ATTACHED], n;
	int sock;

	if (!(types & (OF_XDP | OF_TC)))
		return;
	sock = net_open();
	n = sock < 0 ? 0 : net_interfaces(sock, interface);
	for (u32 i = 0; i < n; i++) {
		for (u32 k = 0; k < ARRAY_LEN(interface[i].xdp); k++)
			if (interface[i].xdp[k])
				holders_place(h, interface[i].xdp[k], LINK_XDP, interface[i].name);
		for (u32 egress = 0; types & OF_TC && egress < 2; egress++) {
			u32 found = net_filters(sock, interface[i].index, egress, ids, ATTACHED);

			snprintf(text, sizeof(text), "%s %s", interface[i].name, egress ? "egress" : "ingress");
			for (u32 k = 0; k < found; k++)
				holders_place(h, ids[k], LINK_TCX, text);
		}
	}
	if (sock >= 0)
		close(sock);
}

void holders_places(struct holders *h, struct program_table *t)
{
	u64 types = lacking(h, t);
	u32 names = 0;

	holders_show(h, t);		/* the owners */
	if (types & OF_PERF)
		perf_events(h, t, &names);
	cgroups(h, types, &names);
	interfaces(h, types);
	holders_sort(h);
}
