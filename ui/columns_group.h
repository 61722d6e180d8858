/* ui/columns_group.h - the columns about cgroups as rows. */
#ifndef UI_COLUMNS_GROUP_H
#define UI_COLUMNS_GROUP_H

#include "proc/cgroup_files.h"
#include "ui/columns_impl.h"

/* The bit in column.facts that stands for a file of a cgroup; and back: 1 << enum cgroup_file. */
#define FACT_GROUP(file)	(1u << (FACT_GROUPS + (file)))
static inline u32 group_files(u32 facts)
{
	return facts >> FACT_GROUPS;
}

DECLARE_NUMBER(group_processes)
DECLARE_NUMBER(group_throttled)
DECLARE_NUMBER(group_throttles)
DECLARE_NUMBER(group_memory)
DECLARE_NUMBER(group_high)
DECLARE_NUMBER(group_max)
DECLARE_NUMBER(group_swap)
DECLARE_NUMBER(group_swap_max)
DECLARE_NUMBER(group_oom_kills)
DECLARE_NUMBER(group_pids)
DECLARE_NUMBER(group_pids_max)
DECLARE_NUMBER(group_cpu_pressure)
DECLARE_NUMBER(group_memory_pressure)
DECLARE_NUMBER(group_io_pressure)
DECLARE_NUMBER(group_weight)
DECLARE_NUMBER(group_cpu_max)
DECLARE_NUMBER(group_io_weight)
DECLARE_NUMBER(frozen)
order_text_fn text_path;
bool json_path(struct sink *s, const struct model *m, const struct task_row *r);

#endif
