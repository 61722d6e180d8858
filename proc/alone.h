/* proc/alone.h - one process frozen without its neighbours: moved into a cgroup
 * of its own beside theirs, and back at the thaw.
 *
 * Its cgroup is a sibling (in the root: a child) of the one it was in, named
 * "pitstop-alone.PID.START.HOME": who, since when, and the inode of the cgroup
 * that it belongs in, which no other has while it lives.  So whatever ends us in
 * between, the name says how to undo it. */
#ifndef PROC_ALONE_H
#define PROC_ALONE_H

#include "proc/freeze.h"
#include "proc/task.h"

struct alone {
	struct task_id who;		/* start: as /proc tells it */
	u64 home;			/* inode of a directory */
};

/* Pure: of the last part of a path.  False: none of ours. */
bool alone_parse(struct alone *a, const char *path);

/* Stops a process alone: path is where it is then, and job waits there.  Who has
 * its cgroup for itself is frozen where it is.  0, or -errno and nothing is moved:
 * -ESRCH; -EINVAL a kernel thread; -EXDEV its threads are in several cgroups;
 * -EOPNOTSUPP in a threaded one; -ENOSYS this kernel's v2 cannot freeze; or what the kernel said. */
int alone_freeze(struct freeze_job *job, const struct hierarchy *h, struct task_id who,
		 char path[static CGROUP_PATH], u32 budget_ms);

/* Everybody in such a cgroup goes home, and it is removed.  0; -EBUSY below a
 * frozen one, or the home is frozen: nobody is moved; -ENOENT: the home is gone; or what the kernel said.  Who could not
 * be moved goes on where it is; *left counts them. */
int alone_thaw(const struct hierarchy *h, const char *path, u32 *left);

/* Each such cgroup of the hierarchy. */
typedef void alone_fn(void *arg, const struct alone *a, const char *path);
int alone_each(const struct hierarchy *h, alone_fn *fn, void *arg);

/* Where its home is; -ENOENT. */
int alone_home(const struct hierarchy *h, const char *path, char home[static CGROUP_PATH]) MUST_CHECK;

#endif
