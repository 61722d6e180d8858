/* proc/cgroupfs.h - the hierarchies of cgroups that can freeze, as directories:
 * v2, and v1's freezer.  Nothing here allocates; a path is a text of ours, "/a/b",
 * from the directory that is mounted, and opened without following links. */
#ifndef PROC_CGROUPFS_H
#define PROC_CGROUPFS_H

#include "proc/dirscan.h"

enum { CGROUP_PATH = 4096, CGROUP_DEPTH = 200, CGROUP_PLACE = 256 };
enum hierarchy_id { HIERARCHY_V2, HIERARCHY_FREEZER, HIERARCHIES };

struct hierarchy {
	int fd;				/* the mounted directory, -1: none */
	enum hierarchy_id id;
	char place[CGROUP_PLACE];	/* where it is mounted */
	char root[CGROUP_PLACE];	/* what of the hierarchy, mountinfo's 4th field */
};

struct cgroupfs {
	struct hierarchy h[HIERARCHIES];
};

/* From /proc/self/mountinfo; what is not there has fd -1. */
void cgroupfs_open(struct cgroupfs *fs);
void cgroupfs_close(struct cgroupfs *fs);

/* Of a path as in /proc/PID/cgroup, or one of the file system.  -EINVAL: no path;
 * -ENOENT: outside of what is mounted, as from within a cgroup namespace; -ENAMETOOLONG. */
int cgroup_path(const struct hierarchy *h, struct bytes text, char out[static CGROUP_PATH]) MUST_CHECK;

/* Where a process is.  -ESRCH: it has ended; -ENODEV: no such hierarchy. */
int cgroup_of(const struct hierarchy *h, u32 pid, char out[static CGROUP_PATH]) MUST_CHECK;

/* The directory, or -errno. */
int cgroup_open(const struct hierarchy *h, const char *path) MUST_CHECK;

/* The length of the path without its last part, that of "/" at the end. */
size_t cgroup_parent(const char *path);
/* at or below: "/a/b" in "/a", not in "/aa" */
bool cgroup_within(const char *path, const char *above);

/* Writes to a file of a cgroup's directory: 0 or -errno. */
int cgroup_write(int dir, const char *file, const char *text, size_t n) MUST_CHECK;
/* A small file of it, into buf. */
int cgroup_read(int dir, const char *file, char *buf, size_t cap, struct bytes *out) MUST_CHECK;
int cgroup_put_pid(int dir, u32 pid) MUST_CHECK;

/* Its processes, in as many reads as it takes; of a threaded one its threads.
 * Stops when fn says false.  0 or -errno. */
typedef bool cgroup_pid_fn(void *arg, u32 pid);
int cgroup_pids(int dir, cgroup_pid_fn *fn, void *arg);

/* It and everything below it.  fn gets a directory and the path; false: not
 * into what is below.  The first thing that went wrong, or 0. */
typedef bool cgroup_dir_fn(void *arg, int dir, const char *path);
int cgroup_walk(const struct hierarchy *h, const char *path, cgroup_dir_fn *fn, void *arg);

#endif
