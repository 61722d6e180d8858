/* proc/hidden.h - processes that a BPF iterator is not shown although /proc has
 * them: found once, then read from /proc with every walk. */
#ifndef PROC_HIDDEN_H
#define PROC_HIDDEN_H

#include "proc/backend.h"

enum {
	HIDDEN_MAX = 64,
	HIDDEN_CHECKS = 2,	/* walks in which they are looked for: that takes the index of all tasks */
};

struct hidden {
	u32 n, checks;
	bool looked;
	struct proc_watch watch[HIDDEN_MAX];
};

/* Reads /proc's own list once and remembers whom the walk did not show. */
void hidden_look(struct hidden *h, const struct task_table *t);
/* Adds them to the table. */
void hidden_add(struct hidden *h, const struct task_request *req, struct task_table *t);
void hidden_close(struct hidden *h);

#endif
