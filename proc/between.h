/* proc/between.h - what a sample does about the tasks when samples come faster than
 * all tasks can be walked (--ludicrous): the full walk as often as its share of a
 * CPU allows, and between walks only who ran, as a probe on context switches tells. */
#ifndef PROC_BETWEEN_H
#define PROC_BETWEEN_H

#include "proc/backend.h"
#include "proc/pace.h"
#include "proc/switches.h"

/* Rates are worked out over at least that, and a walk's pace more: over one frame a
 * task that runs would have 0 % or 100 %. */
enum { BETWEEN_WINDOW_MS = 500 };

enum between_how {
	TASKS_WALK,		/* all */
	TASKS_REFRESH,		/* those that ran */
	TASKS_STAND,		/* none: they are as they were in the walk before */
};

struct between {
	bool on;
	struct pace pace;		/* of walks */
	struct switch_list *list;	/* NULL: not attached */
	struct task_ask ask;
	struct task_request walked;	/* what the last walk was asked for, */
	u64 walked_ns;			/* and when it was done */
	u32 walks;			/* so far */
	u32 partial;			/* refreshes that did not learn of everybody who ran */
	char why[2 * DIAG_TEXT];	/* why nobody is refreshed between walks; empty: not so */
};

/* Attaches the probe, once; without it why says what is missing.  ops: the backend
 * in use. */
void between_attach(struct between *b, const struct backend_ops *ops);
void between_close(struct between *b);

/* fresh: the tables that rates are worked out from are others than the last one. */
enum between_how between_choose(struct between *b, const struct task_request *want, u64 now_ns, bool fresh) MUST_CHECK;

/* Around a walk. */
void between_walk_begins(struct between *b);
void between_walked(struct between *b, const struct task_request *want, u64 began_ns, u64 now_ns);

/* Refreshes the table; enum refreshed, or -errno, and then it is not tried again. */
int between_refresh(struct between *b, const struct backend_ops *ops, struct backend *backend,
		    const struct task_request *want, struct task_table *t) MUST_CHECK;

#endif
