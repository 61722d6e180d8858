/* ui/jumps.h - the jump list: the processes that the cursor left by a leap, to go
 * back to and forward again, as vi's. */
#ifndef UI_JUMPS_H
#define UI_JUMPS_H

#include "proc/task.h"

enum { JUMPS_MAX = 100 };

struct jumps {
	u32 n;
	u32 at;			/* the one the cursor stands on; n: on none of them */
	struct task_id id[JUMPS_MAX];	/* oldest first, each once */
};

/* Remembers a process as the newest; the oldest makes room. */
void jumps_push(struct jumps *j, struct task_id id);

/* Whether the cursor can be put on it. */
typedef bool jumps_there_fn(void *arg, struct task_id id);

/* Goes to the nearest older (step -1) or newer (1) one that is there; false when
 * there is none.  now: the cursor's, to come back to; pid 0: nobody. */
bool jumps_go(struct jumps *j, s32 step, struct task_id now, jumps_there_fn *there, void *arg);

#endif
