/* proc/program_stats.h - the kernel's switch for counting and timing runs of BPF
 * programs, on as long as somebody looks. */
#ifndef PROC_PROGRAM_STATS_H
#define PROC_PROGRAM_STATS_H

#include "loader/base.h"

#include <sys/types.h>

#define PROGRAM_STATS_SYSCTL "/proc/sys/kernel/bpf_stats_enabled"

struct program_stats {
	int fd;			/* closing it ends what we switched on; -1: nothing */
	pid_t child;		/* that puts the sysctl back; 0: none */
	u32 cost_ns;		/* what they add to a run here, measured; 0: unknown, or they were on */
};

/* By a descriptor of the kernel's (Linux 5.8): nothing can leave them on.  Else
 * by the sysctl: a child puts it back as soon as we end, in whatever way.  0 when
 * they are on now, or -errno.  Statistics that were on are left alone. */
int program_stats_hold(struct program_stats *s, const char *sysctl) MUST_CHECK;
/* Only the second way; for hold, and for tests. */
int program_stats_hold_sysctl(struct program_stats *s, const char *sysctl) MUST_CHECK;
void program_stats_release(struct program_stats *s);

#endif
