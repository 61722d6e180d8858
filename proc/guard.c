/* proc/guard.c - see proc/guard.h. */
#include "proc/guard.h"
#include "proc/cgroup_path.h"
#include "proc/pidfiles.h"
#include "proc/procfile.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { STAT_ROOM = 1024 };

/* ---- names ---- */

static const char *const own_units[] = {
	"init.scope", "dbus.service", "dbus-broker.service", "docker.service", "containerd.service",
	"cri-docker.service", "crio.service", "podman.service", "kubelet.service", "k3s.service",
	"k3s-agent.service", "lxc.service", "lxd.service", "incus.service", "snap.docker.dockerd.service",
};

static bool starts(struct bytes t, const char *with)
{
	size_t n = strlen(with);

	return t.n >= n && !memcmp(t.p, with, n);
}

static bool ends(struct bytes t, const char *with)
{
	size_t n = strlen(with);

	return t.n >= n && !memcmp(t.p + t.n - n, with, n);
}

/* nspawn's containers are systemd-nspawn@name.service, with what runs in them below. */
static bool own_part(struct bytes part)
{
	for (size_t i = 0; i < ARRAY_LEN(own_units); i++)
		if (starts(part, own_units[i]) && part.n == strlen(own_units[i]))
			return true;
	if (starts(part, "systemd-nspawn@"))
		return false;
	return (starts(part, "systemd-") && ends(part, ".service")) || starts(part, "libpod-conmon-") ||
	       starts(part, "crio-conmon-");
}

bool guard_name(struct bytes path, struct bytes *part)
{
	struct cgroup_owner owner;
	size_t at = 0;

	cgroup_owner_of(&owner, path);
	if (owner.runtime && !owner.monitor)
		return false;
	while (at < path.n) {
		const u8 *slash;

		at += path.p[at] == '/';
		slash = at < path.n ? memchr(path.p + at, '/', path.n - at) : NULL;
		*part = (struct bytes){path.p + at, slash ? (size_t)(slash - path.p) - at : path.n - at};
		if (own_part(*part))
			return true;
		at += part->n;
	}
	return false;
}

/* ---- processes ---- */

static bool stat_of(u32 pid, struct task *t)
{
	const struct proc_units units = {
		.page_size = page_size(), .ticks_per_s = ticks_per_second(),
	};
	char path[32] = "/proc/", buf[STAT_ROOM];
	struct bytes text;

	memset(t, 0, sizeof(*t));
	memcpy(path + 6 + put_u64(path + 6, pid), "/stat", 6);
	return !procfile_read_at(-1, path, buf, sizeof(buf), &text) && !pid_stat_parse(t, text, &units);
}

void guard_learn(struct guard *g)
{
	struct task t;

	g->n = 0;
	g->tmux = false;
	for (u32 pid = (u32)getpid(); pid && g->n < GUARD_CHAIN; pid = t.ppid) {
		g->pid[g->n++] = pid;
		if (!stat_of(pid, &t))
			break;
		g->tmux |= !strncmp(t.comm, "tmux", 4) || !strncmp(t.comm, "screen", 6);
	}
}

static void put(struct scope *s, size_t *n, const char *text, size_t len)
{
	len = MIN(len, sizeof(s->why) - 1 - *n);
	memcpy(s->why + *n, text, len);
	*n += len;
	s->why[*n] = 0;
}

static void put_str(struct scope *s, size_t *n, const char *text)
{
	put(s, n, text, strlen(text));
}

/* What a process is to pitstop; NULL: nothing. */
static const char *role(const struct guard *g, u32 pid, struct task *t)
{
	t->comm[0] = 0;
	if (pid == 1)
		return "process 1";
	for (u32 i = 0; i < g->n; i++) {
		if (g->pid[i] != pid)
			continue;
		if (i)
			stat_of(pid, t);
		return i ? "pitstop runs under" : "pitstop itself";
	}
	if (g->tmux && stat_of(pid, t) && (!strcmp(t->comm, "tmux: client") || !strcmp(t->comm, "screen")))
		return "the terminal is a client of";
	return NULL;
}

static bool guard_pid(const struct guard *g, u32 pid, struct scope *s, const char *behind)
{
	char digits[20];
	struct task t;
	const char *what = role(g, pid, &t);
	size_t n = 0;

	if (!what)
		return false;
	s->guarded = true;
	put_str(s, &n, what);
	if (*t.comm) {
		put_str(s, &n, " ");
		put(s, &n, digits, put_u64(digits, pid));
		put_str(s, &n, " ");
		put_str(s, &n, t.comm);
		put_str(s, &n, *behind ? ", which is in it" : "");
	} else {
		put_str(s, &n, behind);
	}
	return true;
}

static void guard_part(struct scope *s, struct bytes path)
{
	struct bytes part;
	size_t n = 0;

	if (s->guarded || !guard_name(path, &part))
		return;
	s->guarded = true;
	put(s, &n, (const char *)part.p, part.n);
	put_str(s, &n, " is the service manager's or a container runtime's own");
}

struct look {
	const struct guard *g;
	struct scope *s;
};

static bool look_at_pid(void *arg, u32 pid)
{
	struct look *l = arg;

	if (l->s->processes < SCOPE_PIDS)
		l->s->pid[l->s->processes] = pid;
	l->s->processes++;
	if (!l->s->guarded)
		guard_pid(l->g, pid, l->s, " is in it");
	return true;
}

static bool look_at_dir(void *arg, int dir, const char *path)
{
	struct look *l = arg;

	l->s->cgroups++;
	guard_part(l->s, (struct bytes){(const u8 *)path, strlen(path)});
	cgroup_pids(dir, look_at_pid, arg);
	return true;
}

int guard_cgroup(const struct guard *g, const struct hierarchy *h, const char *path, struct scope *out)
{
	struct look l = {g, out};
	size_t n = 0;

	out->processes = out->cgroups = 0;
	out->guarded = false;
	out->why[0] = 0;
	if (path[1])
		return cgroup_walk(h, path, look_at_dir, &l);
	out->guarded = true;
	put_str(out, &n, "the root: everything would stop");
	return 0;
}

void guard_process(const struct guard *g, u32 pid, const char *path, struct scope *out)
{
	out->processes = 1;
	out->cgroups = 0;
	out->pid[0] = pid;
	out->guarded = false;
	out->why[0] = 0;
	if (!guard_pid(g, pid, out, ""))
		guard_part(out, (struct bytes){(const u8 *)path, strlen(path)});
}
