/* bench/profile.c - see bench/profile.h. */
#include "bench/profile.h"

int profile_measure(struct profile *p, const struct measured *m, struct names *names, u32 seconds)
{
	u64 next = clock_ns(CLOCK_MONOTONIC);
	int err = m->refresh(m->arg);

	for (u32 i = 0; !err && i < PROFILE_SAMPLES; i++) {
		next += (u64)seconds * NSEC_PER_SEC / PROFILE_SAMPLES;
		names_wait(names, next, false);
		err = m->refresh(m->arg);
		if (!err)
			profile_add(p, m->model);
	}
	return err;
}
