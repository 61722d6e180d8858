/* bench/profile.c - see bench/profile.h. */
#include "bench/profile.h"

int profile_run(const struct measured *m, u32 seconds, struct sink *out)
{
	static struct profile p;
	u64 next = clock_ns(CLOCK_MONOTONIC);
	int err = m->refresh(m->arg);

	for (u32 i = 0; !err && i < PROFILE_SAMPLES; i++) {
		next += (u64)seconds * NSEC_PER_SEC / PROFILE_SAMPLES;
		names_wait(m->names, next, false);
		err = m->refresh(m->arg);
		if (!err)
			profile_add(&p, m->model);
	}
	if (!err)
		report_profile(out, &p);
	return err;
}
