/* proc/ghosts.h - tasks that have ended, kept for a while as they were last, so
 * that a screen can show who went. */
#ifndef PROC_GHOSTS_H
#define PROC_GHOSTS_H

#include "proc/model.h"

enum { GHOSTS_MAX = 256 };	/* of more, the latest are not kept */

/* Before the rows of m are made anew: keeps those that are not in cur any more,
 * and lets go those that were kept for m->linger_ns.  m->ghosts is made when it
 * is first needed and freed when nobody lingers; a pure function otherwise. */
void ghosts_collect(struct model *m, const struct snapshot *cur);
/* After that: rows for them behind those of the living. */
void ghosts_append(struct model *m);
void ghosts_free(struct ghosts *g);	/* takes NULL */

#endif
