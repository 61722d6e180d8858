/* proc/calls.h - the system calls of one process as they happen, a line each. */
#ifndef PROC_CALLS_H
#define PROC_CALLS_H

#include "loader/object.h"

struct calls;		/* opaque: owns the probe */

enum { CALLS_LINE = 640 };

typedef void calls_line_fn(void *arg, const char *line, size_t n);

/* Attaches the probe to all threads of a process.  0 or -errno with the reason. */
int calls_open(struct calls **out, u32 tgid, struct diag *why) MUST_CHECK;
void calls_close(struct calls *c);	/* takes NULL */

/* Says a line for each call that has returned since. */
void calls_take(struct calls *c, calls_line_fn *line, void *arg);

/* The calls that threads are in now.  A line is valid until the next is asked for. */
u32 calls_waiting(const struct calls *c);
struct bytes calls_waiting_line(struct calls *c, u32 i);

/* While it is stopped nothing is taken down. */
void calls_stop(struct calls *c, bool stop);

/* Beginnings and ends that found no room. */
u64 calls_lost(const struct calls *c);

#endif
