/* proc/privilege.h - after loading, pitstop gives up what it does not need. */
#ifndef PROC_PRIVILEGE_H
#define PROC_PRIVILEGE_H

#include "loader/base.h"

/* What capabilities are held for.  Only the process that acts keeps those. */
enum privilege_use {
	PRIVILEGE_READ = 1 << 0,	/* files of other users' processes, each refresh */
	PRIVILEGE_LOAD = 1 << 1,	/* BPF programs again: tasks outgrew the array */
	PRIVILEGE_ACT  = 1 << 2,	/* on other users' processes */
	PRIVILEGE_PROGRAMS = 1 << 3,	/* links and programs of others, between load_begin and _end */
	PRIVILEGE_EMERGENCY = 1 << 4,	/* locked memory, a low oom_score_adj: likewise */
	PRIVILEGE_CGROUP = 1 << 5,	/* changes in cgroups that a user was given: likewise */
	PRIVILEGE_ACTS = PRIVILEGE_ACT | PRIVILEGE_CGROUP,
};

/* Drops all capabilities but those for the uses named, for good: nothing that
 * is executed gets them back.  Those for loading stay out of effect while
 * nothing is loaded, where the kernel runs what is loaded without them; where
 * it does not, what running takes stays in effect.  A kernel that refuses
 * leaves things as they are. */
void privilege_drop(u32 uses);

/* Whether capabilities for all these uses are permitted now. */
bool privilege_has(u32 uses);

/* Around loading: puts into effect what privilege_drop() put out of it, and
 * back.  Before privilege_drop(): nothing. */
void privilege_load_begin(void);
void privilege_load_end(void);

/* Around touching files that the person names: with no more rights than the
 * person has, whatever the program was given. */
void privilege_own_begin(void);
void privilege_own_end(void);

#endif
