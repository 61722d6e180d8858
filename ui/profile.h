/* ui/profile.h - --profile: the cost of pitstop's own BPF programs, summed up
 * over some samples. */
#ifndef UI_PROFILE_H
#define UI_PROFILE_H

#include "proc/model.h"
#include "ui/sink.h"

enum { PROFILE_PROBES = 16, PROFILE_BUCKETS = 64, PROFILE_SAMPLES = 50 };

struct profile_probe {
	u32 id;
	char name[PROGRAM_NAME];
	u64 runs, ns;
	/* The kernel keeps sums: of one run a sample, as the walk of tasks has it,
	 * this is each run; of many, their mean. */
	u64 by_log2[PROFILE_BUCKETS];
};

struct profile {
	u32 n, samples;
	u32 stats_cost_ns;
	u64 window_ns;
	u64 boot_ns;		/* when the last sample began */
	struct profile_probe probe[PROFILE_PROBES];
};

void profile_add(struct profile *p, const struct model *m);
bool report_profile(struct sink *s, const struct profile *p);

#endif
