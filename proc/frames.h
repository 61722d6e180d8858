/* proc/frames.h - frames that are due one after the other in equal slots, and how
 * long each took.  Pure: time is passed in.
 *
 * A frame's time is from the moment it was due until it is written.  Each slot has
 * a frame that was written within it, or one is missed: shown and missed together
 * are the slots gone by. */
#ifndef PROC_FRAMES_H
#define PROC_FRAMES_H

#include "loader/base.h"

enum {
	FRAMES_PARTS = 8,	/* buckets of each power of two: a percentile is at most 12.5 % too high */
	FRAMES_BUCKETS = 24 * FRAMES_PARTS,	/* of microseconds; the last has all beyond a minute */
};

struct frames {
	bool on;
	bool drawing;		/* between begin and end */
	u64 slot_ns, length_ns;	/* of the frame that is drawn, or was last; 0: none yet */
	u64 due_ns;		/* the next slot */
	u32 shown, missed;
	u32 bucket[FRAMES_BUCKETS];
};

/* A frame begins; returns when the one after it is due.  One before its time (a key
 * asked for it) counts for nothing.  anew: what happened since the last one is of no
 * interest, slots begin now.  While f is not on, the next is due length after now. */
u64 frames_begin(struct frames *f, u64 now_ns, u64 length_ns, bool anew);

/* It is written; returns when the next is due: at once where it came too late.  Of
 * one that counts for nothing: next_ns, or now where that is gone by. */
u64 frames_end(struct frames *f, u64 now_ns, u64 next_ns);

/* The time that so many per cent of the frames did not exceed, us; 0: there was none. */
u32 frames_percentile_us(const struct frames *f, u32 percent);

#endif
