/* proc/facts.h - what is known of a process only by asking for it, one by one:
 * each costs a file or more, and some make the process itself wait.
 *
 * smaps_rollup walks its page tables under its mmap lock, descriptors are
 * listed under theirs.  So facts are read only of rows on the screen, while a
 * column shows them, by the child that reads names (proc/names.h), with a
 * budget; they have an age. */
#ifndef PROC_FACTS_H
#define PROC_FACTS_H

#include "loader/base.h"

/* What can be asked for, and whether it is known. */
enum fact {
	FACT_EXE       = 1u << 0,	/* the name's exe (struct name) */
	FACT_CWD       = 1u << 1,
	FACT_MEMORY    = 1u << 2,	/* pss_bytes, uss_bytes, swap_pss_bytes */
	FACT_OOM       = 1u << 3,	/* oom_score */
	FACT_FILES     = 1u << 4,	/* files */
	FACT_GPU       = 1u << 5,	/* gpu_ns; a process that uses none has none */
	FACT_LABEL     = 1u << 6,
	FACT_WCHAN     = 1u << 7,
	FACT_AUTOGROUP = 1u << 8,	/* autogroup, autogroup_nice */
	FACT_GPU_RATE  = 1u << 9,	/* gpu_ppm: known from the second reading on */
	FACT_STAT      = 1u << 10,	/* what struct task leaves out of /proc/PID/stat */
	FACT_SIZES     = 1u << 11,	/* code_bytes, data_bytes */
	FACT_CALLS     = 1u << 12,	/* io[] */

	FACT_GROUPS    = 14,		/* bits from here on are a cgroup's files (ui/columns_group.h) */
	FACT_OF_TASKS  = (1u << FACT_GROUPS) - 1,

	/* what a kernel thread has */
	FACT_KERNEL    = FACT_OOM | FACT_LABEL | FACT_WCHAN | FACT_STAT,
};

enum fact_text { FACT_TEXT_EXE, FACT_TEXT_CWD, FACT_TEXT_LABEL, FACT_TEXT_WCHAN, FACT_TEXTS };

/* Of its system calls: /proc/PID/io, proc_pid_io(5). */
enum fact_io { IO_RCHAR, IO_WCHAR, IO_SYSCR, IO_SYSCW, IO_CANCELLED, FACT_IOS };

struct facts {
	u32 have;		/* enum fact */
	u32 asked;		/* of these it is known whether they are */
	u32 files;		/* open descriptors */
	s32 oom_score;		/* 0 to 2000; who is killed first has the highest */
	u32 autogroup;
	s32 autogroup_nice;
	s32 pgrp, session;
	s32 tpgid;		/* in the foreground of its terminal, -1 without one */
	u64 children_min_flt, children_maj_flt;		/* those that were waited for */
	u64 children_user_ns, children_system_ns;	/* in steps of 10 ms */
	u64 code_bytes, data_bytes;	/* data and stack, as mapped */
	u64 io[FACT_IOS];	/* bytes, but for the calls */
	u64 pss_bytes;		/* each page shared by n processes counts 1/n */
	u64 uss_bytes;		/* pages that nobody else maps: what its end would free */
	u64 swap_pss_bytes;
	u64 gpu_ns;		/* of all engines, as DRM drivers count it */
	u64 gpu_ppm;		/* of one engine, between the last two readings */
	u64 read_ns;		/* CLOCK_MONOTONIC */
	u64 cost_ns;		/* that reading took */
	struct bytes text[FACT_TEXTS];
};

/* Reads them, in the child: may block for as long as the process likes.  Texts
 * are valid until the next call. */
void facts_read(int proc_fd, u32 pid, u32 want, struct facts *f);

/* Pure: bytes in, numbers out; 0 or -EBADMSG. */
int smaps_rollup_parse(struct facts *f, struct bytes text) MUST_CHECK;
int fact_stat_parse(struct facts *f, struct bytes text) MUST_CHECK;
int fact_sizes_parse(struct facts *f, struct bytes text, u32 page_size) MUST_CHECK;
int fact_calls_parse(struct facts *f, struct bytes text) MUST_CHECK;
int autogroup_parse(struct facts *f, struct bytes text) MUST_CHECK;

/* One descriptor of a DRM device (Documentation/gpu/drm-usage-stats.rst): the
 * time of its engines, and what tells duplicates of it apart. */
int drm_fdinfo_parse(struct bytes text, u64 *client, u64 *ns) MUST_CHECK;

#endif
