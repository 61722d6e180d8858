/* proc/settle.h - what a task has from the sample before. */
#ifndef PROC_SETTLE_H
#define PROC_SETTLE_H

#include "proc/names.h"

/* Gives each task of cur its place in prev (NULL: there is none; it may be cur, of which
 * some are new), its name, and what may not go back: in one pass, at one look into prev
 * each while both have the same order, and one into its index for each that is new.
 * *moved: not all are the same in the same places.  0, or -ENOMEM when names found no
 * room; then those tasks have none. */
int settle_tasks(struct task_table *cur, const struct task_table *prev, struct names *names,
		 bool *moved) MUST_CHECK;

#endif
