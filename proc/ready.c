/* proc/ready.c - see proc/ready.h. */
#include "proc/ready.h"
#include "proc/history.h"

enum {
	READY_WAIT_MS = 2000,
	SPARE_PART = 4,		/* of what is available: locking must not be what fills it */
};

void ready_step(struct ready *r, bool wanted, struct sampler *s, const struct model *m)
{
	u64 now = clock_ns(CLOCK_MONOTONIC);

	if (!wanted) {
		if (r->since_ns)
			sampler_hold(s, false);
		resident_end(&r->resident);
		r->since_ns = 0;
		return;
	}
	if (!r->since_ns) {
		r->since_ns = now;
		sampler_head_room(s);
	}
	if (r->resident.on ||
	    (!sampler_settled(s) && now - r->since_ns < (u64)READY_WAIT_MS * NSEC_PER_MSEC))
		return;
	sampler_hold(s, true);
	history_prepare(m->history, sampler_room(s));
	resident_begin(&r->resident, m->memory.available / SPARE_PART, m->history);
}
