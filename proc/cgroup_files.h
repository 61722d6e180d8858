/* proc/cgroup_files.h - what the kernel says of one cgroup, file by file.  Pure:
 * bytes in, numbers out.  v1's files serve where they mean the same. */
#ifndef PROC_CGROUP_FILES_H
#define PROC_CGROUP_FILES_H

#include "proc/snapshot.h"

enum cgroup_file {
	CGF_EVENTS, CGF_CPU, CGF_MEMORY, CGF_SWAP, CGF_MEMORY_EVENTS, CGF_IO, CGF_PIDS,
	CGF_PRESSURE,		/* and the two behind it: enum pressure_kind */
	CGF_HIGH = CGF_PRESSURE + PRESSURE_KINDS,
	CGF_MAX, CGF_SWAP_MAX, CGF_PIDS_MAX, CGF_CPU_WEIGHT, CGF_CPU_MAX, CGF_IO_WEIGHT, CGF_N
};

/* Limits and weights: whoever sets them does not do so every second. */
enum { CGF_SLOW = ((1u << CGF_N) - 1) & ~((1u << CGF_HIGH) - 1) };

enum cgroup_value {
	/* counters, of which there are rates */
	CGV_USAGE,		/* ns */
	CGV_THROTTLED,		/* ns */
	CGV_READ, CGV_WRITE,	/* bytes */
	CGV_COUNTERS,
	CGV_FROZEN = CGV_COUNTERS,	/* 1: effectively */
	CGV_THROTTLES,
	CGV_MEMORY, CGV_SWAP,	/* bytes */
	CGV_OOM_KILLS, CGV_PIDS,
	/* limits: CGROUP_NO_LIMIT where there is none */
	CGV_HIGH, CGV_MAX, CGV_SWAP_MAX, CGV_PIDS_MAX,
	CGV_QUOTA,		/* CPU time, ppm of one CPU */
	CGV_CPU_WEIGHT, CGV_IO_WEIGHT,
	CGV_N
};

#define CGROUP_NO_LIMIT	UINT64_MAX

struct cgroup_reading {
	u64 at_ns;		/* CLOCK_MONOTONIC; 0: never */
	u32 have;		/* 1 << enum cgroup_value */
	u32 pressed;		/* 1 << enum pressure_kind: of pressure[] */
	u64 value[CGV_N];
	struct pressure_raw pressure[PRESSURE_KINDS];
};

struct cgroup_file_info {
	char name[20];
	char controller[8];	/* of v1; empty: it has no such file */
	char v1[32];
};

extern const struct cgroup_file_info cgroup_files[CGF_N];

/* Takes what a file says into r, and its bits; 0 or -EBADMSG: then r is as it was
 * but for those bits, which are off. */
int cgroup_file_parse(enum cgroup_file file, struct bytes text, struct cgroup_reading *r) MUST_CHECK;

/* What it said is not known any more; only what there are rates of, but for all. */
void cgroup_file_forget(enum cgroup_file file, struct cgroup_reading *r, bool all);

#endif
