/* proc/pace.h - how often something may be done whose cost is to stay below a
 * share of one CPU.  Pure: time is passed in. */
#ifndef PROC_PACE_H
#define PROC_PACE_H

#include "loader/base.h"

struct pace {
	u32 share_ppm;		/* of one CPU; 0: as often as one likes */
	u64 next_ns;		/* not before */
};

static inline bool pace_due(const struct pace *p, u64 now_ns)
{
	return now_ns >= p->next_ns;
}

/* It began then and took that long: its cost is that share of the time until the
 * next one may begin. */
static inline void pace_took(struct pace *p, u64 began_ns, u64 cost_ns)
{
	p->next_ns = p->share_ppm ? began_ns + mul_div(cost_ns, 1000000, p->share_ppm) : 0;
}

#endif
