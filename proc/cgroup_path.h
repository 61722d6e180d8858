/* proc/cgroup_path.h - what the path of a cgroup says of who lives there: the
 * systemd unit, the container.  Pure; any bytes at all.  Names in a path are
 * made by whoever may create cgroups: hostile, and no proof of anything. */
#ifndef PROC_CGROUP_PATH_H
#define PROC_CGROUP_PATH_H

#include "loader/base.h"

enum container_runtime {
	RUNTIME_NONE, RUNTIME_DOCKER, RUNTIME_PODMAN, RUNTIME_CONTAINERD, RUNTIME_CRIO, RUNTIME_LXC,
	RUNTIME_NSPAWN,
	RUNTIME_KUBERNETES,	/* a container of a pod, of a runtime that the path does not tell */
	RUNTIME_OCI,		/* the form of an id, and nothing else */
	RUNTIME_N
};

extern const char *const runtime_name[RUNTIME_N];	/* "docker" */

/* Everything points into the path, as it is written there: see unit_unescape(). */
struct cgroup_owner {
	struct bytes unit;	/* "nginx.service": the user's manager's where that has one; else a slice */
	enum container_runtime runtime;
	struct bytes container;	/* the id, whole; a name where named says so */
	struct bytes pod;	/* its uid or id */
	bool named;
	bool monitor;		/* who watches over the container, outside of it */
};

/* Of nested containers the innermost. */
void cgroup_owner_of(struct cgroup_owner *out, struct bytes path);

/* The shape that htop made known: "[S]/nginx", "[U:1000]/[U]/foo", "!docker:0123456789ab",
 * "[lxc:web]".  Writes at most cap bytes; returns how many. */
size_t cgroup_compress(struct bytes path, char *out, size_t cap);

/* "\x2d" to "-", and without the "_" that systemd puts before names that the
 * kernel has taken (cg_escape() in systemd's cgroup-util.c).  At most text.n bytes. */
size_t unit_unescape(struct bytes text, char *out);

/* The path to show, of /proc/PID/cgroup: that in cgroup v2, where it says
 * anything; else in the hierarchy of systemd, of another name, of memory or
 * pids (v1).  "/" where all are roots.  *v1 says which it was. */
struct bytes cgroup_line(struct bytes text, bool *v1);

/* Whether a hierarchy of v1 is mounted as well, from the same text. */
bool cgroup_has_v1(struct bytes text);

#endif
