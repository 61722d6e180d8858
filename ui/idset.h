/* ui/idset.h - a set of tasks that the person has marked: folded, tagged. */
#ifndef UI_IDSET_H
#define UI_IDSET_H

#include "proc/task.h"

enum { IDSET_MAX = 4096 };

struct idset {
	u32 n;
	struct task_id id[IDSET_MAX];	/* by pid, each pid once */
};

bool idset_has(const struct idset *s, struct task_id id);

/* Puts it in, in the place of an earlier owner of its pid.  False: no room. */
bool idset_add(struct idset *s, struct task_id id);
void idset_remove(struct idset *s, struct task_id id);

#endif
