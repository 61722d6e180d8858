/* proc/resident.h - what pitstop needs stays in memory, and pitstop alive, when
 * memory runs out: its pages are touched and locked (mlock(2)), and its
 * oom_score_adj is lowered; each as far as it is allowed.
 *
 * Bounds: RLIMIT_MEMLOCK without CAP_IPC_LOCK; and touching takes no more than
 * the caller can spare, because it may be late already. */
#ifndef PROC_RESIDENT_H
#define PROC_RESIDENT_H

#include "loader/base.h"

struct resident {
	bool on;
	u64 locked;		/* bytes that are in memory, and stay there */
	u64 wanted;		/* of so many */
	int lock_err;		/* why not all: 0, -errno; -ENOSPC: more than could be spared */
	int oom_err;		/* why oom_score_adj is as it was, or 0 */
	s32 oom_score_adj;	/* in force, */
	s32 oom_before;		/* and before */
};

/* spare: bytes that touching may take.  sparse: a mapping most of which is never
 * touched, or NULL; of it what is in use is locked. */
void resident_begin(struct resident *r, u64 spare, const void *sparse);
/* Unlocks all, and oom_score_adj is what it was. */
void resident_end(struct resident *r);

/* In a child: the score it would have had. */
void resident_child(void);

#endif
