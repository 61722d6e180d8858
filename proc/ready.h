/* proc/ready.h - ready before memory runs out: everything that a refresh and a
 * freeze need is taken, touched and locked, and nothing grows from then on. */
#ifndef PROC_READY_H
#define PROC_READY_H

#include "proc/model.h"
#include "proc/resident.h"
#include "proc/sample.h"

struct ready {
	u64 since_ns;		/* CLOCK_MONOTONIC when it was first wanted; 0: it is not */
	struct resident resident;	/* .on: ready */
};

/* After every sample.  It takes a few, or READY_WAIT_MS, until all names are read
 * and all tables grown: from then on they stay as they are. */
void ready_step(struct ready *r, bool wanted, struct sampler *s, const struct model *m);

#endif
