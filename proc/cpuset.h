/* proc/cpuset.h - a set of CPUs, as large as any kernel's. */
#ifndef PROC_CPUSET_H
#define PROC_CPUSET_H

#include "loader/base.h"

enum { CPUSET_CPUS = 8192 };	/* NR_CPUS_RANGE_END of x86's Kconfig, MAXSMP */

struct cpuset {
	u64 bit[CPUSET_CPUS / 64];
};

static inline bool cpuset_has(const struct cpuset *s, u32 cpu)
{
	return cpu < CPUSET_CPUS && s->bit[cpu / 64] >> cpu % 64 & 1;
}

static inline void cpuset_flip(struct cpuset *s, u32 cpu)
{
	if (cpu < CPUSET_CPUS)
		s->bit[cpu / 64] ^= 1ull << cpu % 64;
}

static inline struct cpuset cpuset_and(const struct cpuset *a, const struct cpuset *b)
{
	struct cpuset both;

	for (u32 i = 0; i < ARRAY_LEN(both.bit); i++)
		both.bit[i] = a->bit[i] & b->bit[i];
	return both;
}

static inline bool cpuset_same(const struct cpuset *a, const struct cpuset *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* A list as the kernel writes it, "0-3,8" (cpumap_print_to_pagebuf()).  Pure;
 * 0, or -EBADMSG and s undefined.  CPUs beyond CPUSET_CPUS are passed over. */
int cpuset_parse(struct cpuset *s, struct bytes text) MUST_CHECK;

/* The next CPU of the set from there on; CPUSET_CPUS when there is none. */
u32 cpuset_next(const struct cpuset *s, u32 from);

#endif
