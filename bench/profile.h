/* bench/profile.h - --profile: samples, one after the other, and what pitstop's
 * own BPF programs did in each. */
#ifndef BENCH_PROFILE_H
#define BENCH_PROFILE_H

#include "bench/measure.h"
#include "ui/profile.h"

/* PROFILE_SAMPLES of them in the time that the options say, told to out; with
 * --ludicrous one a frame.  0 or -errno of the one that failed. */
int profile_run(const struct measured *m, const struct options *opt, struct sink *out) MUST_CHECK;

#endif
