/* proc/guard.h - what must not be stopped by mistake: whatever pitstop runs
 * under, process 1, the service manager's and the container runtimes' own.
 *
 * Nothing here allocates.  Names in the words are hostile, as everywhere. */
#ifndef PROC_GUARD_H
#define PROC_GUARD_H

#include "proc/cgroupfs.h"

enum { GUARD_WHY = 192, GUARD_CHAIN = 32, SCOPE_PIDS = 256 };

/* pitstop, its parent, and so on to process 1. */
struct guard {
	u32 n;
	u32 pid[GUARD_CHAIN];
	bool tmux;		/* its server is among them: whoever is its client is guarded, too */
};

void guard_learn(struct guard *g);

/* Who stops with a cgroup. */
struct scope {
	u32 processes, cgroups;
	u32 pid[SCOPE_PIDS];		/* the first of them */
	bool guarded;
	char why[GUARD_WHY];		/* and why: a sentence without its end */
};

/* 0 or -errno; the root is guarded without a look. */
int guard_cgroup(const struct guard *g, const struct hierarchy *h, const char *path, struct scope *out);

/* The same of a process alone; path: where it is. */
void guard_process(const struct guard *g, u32 pid, const char *path, struct scope *out);

/* Pure: whether a part of a cgroup's path is of the service manager or of a
 * runtime, that is, neither somebody's service nor in a container.  *part is it. */
bool guard_name(struct bytes path, struct bytes *part);

#endif
