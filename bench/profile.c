/* bench/profile.c - see bench/profile.h. */
#include "bench/profile.h"

int profile_run(const struct measured *m, const struct options *opt, struct sink *out)
{
	static struct profile p;
	u64 all = (u64)opt->profile_s * NSEC_PER_SEC, step = opt->walk_ppm ? opt->delay_ns : all / PROFILE_SAMPLES;
	u64 next;
	int err;

	m->settle(m->arg);	/* what a screen attaches behind its first frame is to be seen, too */
	next = clock_ns(CLOCK_MONOTONIC);
	err = m->refresh(m->arg);
	p.boot_ns = m->model->boot_ns;
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
