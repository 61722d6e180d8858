/* ui/sched_names.c - see ui/sched_names.h. */
#include "ui/sched_names.h"

enum { CPUS_LONG = 40 };	/* characters of a list */

const char *policy_name(u32 policy)
{
	static const char *const name[] = {
		[POLICY_OTHER] = "OTHER", [POLICY_FIFO] = "FIFO", [POLICY_RR] = "RR",
		[POLICY_BATCH] = "BATCH", [POLICY_IDLE] = "IDLE", [6] = "DEADLINE", [7] = "EXT",
	};

	return policy < ARRAY_LEN(name) && name[policy] ? name[policy] : "?";
}

void io_priority_write(struct out *o, u32 io_priority)
{
	static const char *const class[] = {"None", "RT ", "BE ", "Idle"};
	u32 is = io_priority >> IO_CLASS_SHIFT;

	out_str(o, is < ARRAY_LEN(class) ? class[is] : "?");
	if (is == IO_CLASS_RT || is == IO_CLASS_BE)
		out_u64(o, io_priority & (IO_LEVELS - 1));
}

void cpus_write(struct out *o, const struct cpuset *cpus)
{
	size_t from = o->len;
	u32 cpu = cpuset_next(cpus, 0), last;

	for (; cpu < CPUSET_CPUS; cpu = cpuset_next(cpus, last + 1)) {
		if (o->len > from)
			out_char(o, ',');
		if (o->len - from > CPUS_LONG) {
			out_str(o, "...");
			return;
		}
		for (last = cpu; cpuset_has(cpus, last + 1); last++)
			;
		out_u64(o, cpu);
		if (last > cpu) {
			out_char(o, '-');
			out_u64(o, last);
		}
	}
}
