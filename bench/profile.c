/* bench/profile.c - see bench/profile.h. */
#include "bench/profile.h"

int profile_run(const struct measured *m, const struct options *opt, struct sink *out)
{
	static struct profile p;
	u64 all = (u64)opt->profile_s * NSEC_PER_SEC, step = opt->walk_ppm ? opt->delay_ns : all / PROFILE_SAMPLES;
	int err = m->refresh(m->arg);
	u64 next;

	m->settle(m->arg);	/* with what is attached only now */
	next = clock_ns(CLOCK_MONOTONIC);
	for (u64 gone = 0; !err && gone + step <= all; gone += step) {
		next += step;
		names_wait(m->names, next, false);
		err = m->refresh(m->arg);
		if (!err)
			profile_add(&p, m->model);
	}
	if (!err)
		report_profile(out, &p);
	return err;
}
