/* proc/freeze.h - stops a cgroup and everything below it, and lets it go on;
 * the kernel's word is waited for, not taken for granted.
 *
 * A job is begun, then stepped until it is done: by a loop that sleeps until
 * freeze_fd() is readable or freeze_next_ns(), or by freeze_wait().  Nothing
 * here allocates, forks, or needs more than the two descriptors of the job. */
#ifndef PROC_FREEZE_H
#define PROC_FREEZE_H

#include "proc/cgroupfs.h"

enum { FREEZE_BUDGET_MS = 2000 };

struct freeze_job {
	int dir, state;			/* the cgroup, and the file that says how it is; -1 */
	bool v1, freeze;
	bool done;
	int err;			/* once it is done: 0; -ETIMEDOUT: not all of it is frozen, which
					 * goes on; or what the kernel said */
	u64 until_ns, next_ns;		/* CLOCK_MONOTONIC */
};

/* Writes, and looks for the first time.  What goes wrong at once is in
 * job->err, and the job is done.  -EOPNOTSUPP: this one cannot be frozen, as the
 * root; -EBUSY: a thaw below a frozen one. */
void freeze_begin(struct freeze_job *job, const struct hierarchy *h, const char *path, bool freeze, u32 budget_ms);
/* True when it is done. */
bool freeze_step(struct freeze_job *job);
/* Something is there to see when it has POLLPRI; -1: nothing ever will. */
int freeze_fd(const struct freeze_job *job);
u64 freeze_next_ns(const struct freeze_job *job);	/* UINT64_MAX when it is done */
/* Steps until it is done; its err. */
int freeze_wait(struct freeze_job *job);
/* On every way out. */
void freeze_end(struct freeze_job *job);

/* 1 effectively frozen, itself or by one above; 0 not; -errno, -EOPNOTSUPP for the root. */
int freeze_state(const struct hierarchy *h, const char *path);

/* The length of the nearest path above it that is frozen by itself; 0: none. */
size_t freeze_above(const struct hierarchy *h, const char *path);

/* Processes in it and below that run or are about to, against the job's will.
 * Writes at most cap; returns how many there are. */
u32 freeze_awake(const struct hierarchy *h, const char *path, u32 *pid, u32 cap);

/* Ends everybody in it and below: all at once where the kernel can (5.14), else
 * one by one through pidfds until none is left.  0, or -EAGAIN: some are left. */
int freeze_kill(const struct hierarchy *h, const char *path);

#endif
