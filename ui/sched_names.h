/* ui/sched_names.h - scheduling policies and I/O priorities in words. */
#ifndef UI_SCHED_NAMES_H
#define UI_SCHED_NAMES_H

#include "proc/act.h"
#include "ui/out.h"

/* "OTHER" as ps(1) and chrt(1) call them; "?" for one that is unknown. */
const char *policy_name(u32 policy);

/* "BE 4", "RT 0", "Idle", "None" from class << IO_CLASS_SHIFT | level. */
void io_priority_write(struct out *o, u32 io_priority);

/* "0-3,8", as taskset(1) takes it; "..." where it gets long. */
void cpus_write(struct out *o, const struct cpuset *cpus);

#endif
