/* ui/report_groups.c - the cgroups, as a field of the JSON line. */
#include "proc/cgroup_tree.h"
#include "ui/report.h"

static void put_group(struct json *j, const struct model *m, const struct model_group *g)
{
	static const u8 fields[] = {
		COL_UNIT, COL_CONTAINER, COL_PROCESSES, COL_FROZEN, COL_CPU, COL_THROTTLED, COL_THROTTLES, COL_GROUP_MEMORY,
		COL_GROUP_HIGH, COL_GROUP_MAX, COL_GROUP_SWAP, COL_GROUP_SWAP_MAX, COL_OOM_KILLS, COL_READ_RATE,
		COL_WRITE_RATE, COL_PIDS, COL_PIDS_MAX, COL_CPU_WEIGHT, COL_CPU_MAX, COL_IO_WEIGHT,
	};
	const struct task_row *r = &m->row[model_group_row(m, (u32)(g - m->group))];
	const struct cgroup_reading *now = &g->node->now;

	json_open(j, NULL, '{');
	json_bytes(j, "path", g->node->cgroup.path);
	if (g->node->cgroup.id)
		json_u64(j, "id", g->node->cgroup.id);
	for (u32 i = 0; i < ARRAY_LEN(fields); i++)
		report_json_field(j, (enum column_id)fields[i], m, r);
	if (now->have >> CGV_USAGE & 1)
		json_u64(j, "cpu_usage_ns", now->value[CGV_USAGE]);
	if (now->pressed)
		report_json_pressure(j, now->pressure, now->pressed);
	json_close(j, '}');
}

void report_json_groups(struct json *j, const struct report *r)
{
	const struct model *m = r->model;

	if (!m->groups)
		return;
	json_open(j, "cgroups", '[');
	for (u32 i = 0; i < m->ngroup && !j->sink->err; i++)
		if (!r->spec || order_passes(r->spec, m, &m->row[model_group_row(m, i)]))
			put_group(j, m, &m->group[i]);
	json_close(j, ']');
}
