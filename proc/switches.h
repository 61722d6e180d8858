/* proc/switches.h - which processes left a CPU, as a probe on every context
 * switch lists them.  Only --ludicrous has it attached. */
#ifndef PROC_SWITCHES_H
#define PROC_SWITCHES_H

#include "loader/object.h"
#include "probes/abi.h"

struct switch_list;		/* opaque: owns the program and its memory */

/* Attaches the probe; it is gone with its descriptors, however pitstop ends.
 * 0 or -errno with the reason. */
int switches_open(struct switch_list **out, struct diag *why) MUST_CHECK;
void switches_close(struct switch_list *s);	/* takes NULL */

/* Who left a CPU since the call before or is on one, numbers of the initial pid
 * namespace; some may stand there twice.  False: there were more, and who they are is not known. */
bool switches_take(struct switch_list *s, struct task_ask *out) MUST_CHECK;

/* The same on memory that a test made: where the ring was read to, what was lost by
 * then, and how many CPUs there are. */
struct switch_reader {
	u32 tail, lost, cpus;
};

bool switches_drain(struct switches *from, struct switch_reader *r, struct task_ask *out) MUST_CHECK;

#endif
