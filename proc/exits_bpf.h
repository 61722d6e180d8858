/* proc/exits_bpf.h - the probe that sees processes end, attached, and what it
 * has seen. */
#ifndef PROC_EXITS_BPF_H
#define PROC_EXITS_BPF_H

#include "loader/object.h"
#include "proc/exited.h"

struct exits;		/* opaque: owns the programs and the events taken */

/* Attaches it.  0 or -errno with the reason. */
int exits_open(struct exits **out, struct diag *why) MUST_CHECK;
void exits_close(struct exits *e);	/* takes NULL */

/* Takes what has come.  After the walk: who is missing there has left its event.
 * since_boot_ns: CLOCK_BOOTTIME when that walk began.  Events are valid until
 * the next call. */
void exits_take(struct exits *e, u64 since_boot_ns, struct exits_raw *out);

/* What one event of each kind costs, by ending processes of its own with the
 * kernel's statistics switched on, ns; 0: not known.  For --doctor. */
void exits_cost(struct exits *e, u32 *ended_ns, u32 *freed_ns);

#endif
