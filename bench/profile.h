/* bench/profile.h - --profile: samples, one after the other, and what pitstop's
 * own BPF programs did in each. */
#ifndef BENCH_PROFILE_H
#define BENCH_PROFILE_H

#include "bench/measure.h"
#include "proc/names.h"
#include "ui/profile.h"

/* PROFILE_SAMPLES of them in that time; 0 or -errno of the one that failed. */
int profile_measure(struct profile *p, const struct measured *m, struct names *names, u32 seconds) MUST_CHECK;

#endif
