/* bench/profile.h - --profile: samples, one after the other, and what pitstop's
 * own BPF programs did in each. */
#ifndef BENCH_PROFILE_H
#define BENCH_PROFILE_H

#include "bench/measure.h"
#include "ui/profile.h"

/* PROFILE_SAMPLES of them in that time, told to out; 0 or -errno of the one that
 * failed. */
int profile_run(const struct measured *m, u32 seconds, struct sink *out) MUST_CHECK;

#endif
