/* ui/columns_group.c - the columns about a cgroup as a row of its own: what the
 * kernel's files say of it.  Of processes they are unknown. */
#include "proc/cgroup_tree.h"
#include "ui/columns_group.h"

enum { PPM_PER_CENTI = 100 };

static bool value_of(const struct model *m, const struct task_row *r, enum cgroup_value id, u64 *v)
{
	const struct model_group *g = model_group(m, r);

	if (!g || !(g->node->now.have >> id & 1))
		return false;
	*v = g->node->now.value[id];
	return true;
}

/* A process below its cgroup has here what is resident. */
static bool memory_of(const struct model *m, const struct task_row *r, u64 *v)
{
	*v = r->t->rss_bytes;
	return r->t->have & TASK_HAVE_RSS || value_of(m, r, CGV_MEMORY, v);
}

static bool pressure_of(const struct model *m, const struct task_row *r, enum pressure_kind kind, u64 *v)
{
	const struct model_group *g = model_group(m, r);

	if (!g || !(g->node->now.pressed >> kind & 1) || !g->node->now.pressure[kind].some.present)
		return false;
	*v = (u64)g->node->now.pressure[kind].some.avg_centi[0] * PPM_PER_CENTI;
	return true;
}

static bool throttled_of(const struct model *m, const struct task_row *r, u64 *v)
{
	const struct model_group *g = model_group(m, r);

	if (!g || !g->throttled_known)
		return false;
	*v = g->throttled_ppm;
	return true;
}

#define FACES(name, kind)									\
	u64 key_##name(const struct model *m, const struct task_row *r)				\
	{											\
		return number_key(m, r, get_##name, kind);					\
	}											\
	void draw_##name(struct surface *s, const struct cell_context *c, const struct task_row *r)	\
	{											\
		number_draw(s, c, r, get_##name, kind);						\
	}											\
	bool json_##name(struct sink *s, const struct model *m, const struct task_row *r)	\
	{											\
		return number_json(s, m, r, get_##name, kind);					\
	}
#define GETTER(name, kind, get)									\
	static bool get_##name(const struct model *m, const struct task_row *r, u64 *v)		\
	{											\
		return get;									\
	}											\
	FACES(name, kind)
#define VALUE(name, kind, id)	GETTER(name, kind, value_of(m, r, id, v))

GETTER(group_processes, NUMBER_COUNT, r->t->group && (*v = model_group(m, r)->processes, true))
GETTER(group_throttled, NUMBER_SHARE, throttled_of(m, r, v))
VALUE(group_throttles, NUMBER_TALLY, CGV_THROTTLES)
GETTER(group_memory, NUMBER_BYTES, memory_of(m, r, v))
VALUE(group_high, NUMBER_BYTES, CGV_HIGH)
VALUE(group_max, NUMBER_BYTES, CGV_MAX)
VALUE(group_swap, NUMBER_BYTES, CGV_SWAP)
VALUE(group_swap_max, NUMBER_BYTES, CGV_SWAP_MAX)
VALUE(group_oom_kills, NUMBER_TALLY, CGV_OOM_KILLS)
VALUE(group_pids, NUMBER_TALLY, CGV_PIDS)
VALUE(group_pids_max, NUMBER_TALLY, CGV_PIDS_MAX)
GETTER(group_cpu_pressure, NUMBER_SHARE, pressure_of(m, r, PRESSURE_CPU, v))
GETTER(group_memory_pressure, NUMBER_SHARE, pressure_of(m, r, PRESSURE_MEMORY, v))
GETTER(group_io_pressure, NUMBER_SHARE, pressure_of(m, r, PRESSURE_IO, v))
VALUE(group_weight, NUMBER_COUNT, CGV_CPU_WEIGHT)
VALUE(group_cpu_max, NUMBER_SHARE, CGV_QUOTA)
VALUE(group_io_weight, NUMBER_COUNT, CGV_IO_WEIGHT)

/* ---- its name --------------------------------------------------------------- */

struct bytes text_path(const struct model *m, const struct task_row *r)
{
	return r->t->group ? model_cgroup(m, r)->path : columns[COL_CMDLINE].text(m, r);
}

bool json_path(struct sink *s, const struct model *m, const struct task_row *r)
{
	if (r->t->group)
		sink_json_string(s, model_cgroup(m, r)->path);
	return r->t->group;
}

struct bytes column_group_name(const struct model *m, const struct task_row *r, const struct order_line *l)
{
	struct bytes path = model_cgroup(m, r)->path;

	while (l && l->depth && memchr(path.p, '/', path.n)) {
		path.p++;
		path.n--;
	}
	return path;
}

bool column_of_group(u32 id)
{
	static const u8 others[] = {
		COL_COMM, COL_CMDLINE, COL_FROZEN, COL_CPU, COL_CPU_OF_ALL, COL_CPU_TIME, COL_THREADS, COL_READ_RATE, COL_WRITE_RATE,
		COL_IO_RATE, COL_CGROUP_ID, COL_CGROUP, COL_CCGROUP, COL_UNIT, COL_CONTAINER, COL_IN_CONTAINER,
	};

	return (id >= COL_PATH && id <= COL_IO_WEIGHT) || memchr(others, (int)id, sizeof(others));
}

const struct column_list columns_groups = {
	.n = 18,
	.id = {COL_PROCESSES, COL_CPU, COL_GROUP_MEMORY, COL_GROUP_MAX, COL_FROZEN, COL_PATH, COL_THROTTLED, COL_GROUP_SWAP,
	       COL_READ_RATE, COL_WRITE_RATE, COL_PIDS, COL_CPU_PRESSURE, COL_MEMORY_PRESSURE, COL_IO_PRESSURE, COL_OOM_KILLS,
	       COL_GROUP_HIGH, COL_CPU_WEIGHT, COL_CPU_MAX},
};
