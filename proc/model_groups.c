/* proc/model_groups.c - cgroups as rows: sums of the tasks, rates of what was read. */
#include "proc/cgroup_tree.h"
#include "proc/model.h"

#include <errno.h>
#include <stdlib.h>

int model_groups_reserve(struct model *m, u32 n)
{
	struct model_group *group;

	if (n <= m->group_cap)
		return 0;
	n += n / 4;
	group = reallocarray(m->group, n, sizeof(*group));
	if (!group)
		return -ENOMEM;
	m->group = group;
	m->group_cap = n;
	m->ngroup = 0;		/* their rows point to where they were */
	return 0;
}

int model_reserve_for(struct model *m, const struct snapshot *cur)
{
	int err = model_groups_reserve(m, cur->groups ? cur->groups->n : 0);

	if (!err)
		err = model_reserve(m, cur->tasks->cap, cur->cpu_cap);
	return err ? err : program_model_reserve(&m->programs, cur->programs ? cur->programs->n : 0);
}

u32 model_group_of(const struct model *m, const struct task *t)
{
	u32 at = m->groups ? cgroup_tree_find(m->groups, m->cgroups, t) : TASK_NONE;

	return at < m->ngroup ? at : TASK_NONE;
}

/* A name for good that no task can have, as that of what has ended. */
static void make_row(struct model *m, u32 i)
{
	const struct cgroup_node *node = &m->groups->node[i];
	struct model_group *g = &m->group[i];

	*g = (struct model_group){.node = node, .task = {
		.pid = 1u << 31 | (u32)(node->key >> 33), .start_boot_ns = node->key, .name = TASK_NONE, .state = '-',
		.have = node->cgroup.id ? TASK_HAVE_CGROUP : 0, .cgroup_id = node->cgroup.id, .cgroup = node->entry,
		.ended = 1, .group = i + 1,
	}};
	m->row[model_group_row(m, i)] = (struct task_row){.t = &g->task};
}

static void add_task(struct model *m, const struct task_row *r)
{
	const struct task *t = r->t;
	u32 i = t->thread ? TASK_NONE : model_group_of(m, t);
	struct model_group *g;

	if (i == TASK_NONE)
		return;
	g = &m->group[i];
	m->row[model_group_row(m, i)].cpu_ppm += r->have & ROW_HAVE_CPU ? r->cpu_ppm : 0;
	if (t->ended || t->kernel || r->have & ROW_GONE || (t->state == 'Z' && t->threads < 2))
		return;
	g->own++;
	g->task.threads += t->threads;
	g->task.runtime_ns += t->runtime_ns;
}

/* Whoever is above comes before: from the end, each adds to the one above. */
static void sum_up(struct model *m)
{
	for (u32 i = m->ngroup; i-- > 0;) {
		struct model_group *g = &m->group[i], *up = &m->group[g->node->up];
		u64 cpu_ppm = m->row[model_group_row(m, i)].cpu_ppm;

		g->processes += g->own;
		if (!i)
			return;
		up->processes += g->processes;
		up->task.threads += g->task.threads;
		up->task.runtime_ns += g->task.runtime_ns;
		m->row[model_group_row(m, g->node->up)].cpu_ppm += cpu_ppm;
	}
}

static bool rate(const struct cgroup_node *node, u32 value, u64 per, u64 *v)
{
	u32 both = node->before_have & node->now.have;
	u64 step;

	if (!(both >> value & 1) || !node->before_ns || node->now.at_ns <= node->before_ns ||
	    !counter_delta(node->before[value], node->now.value[value], &step))
		return false;
	*v = mul_div(step, per, node->now.at_ns - node->before_ns);
	return true;
}

static void put_rates(struct model *m, u32 i)
{
	struct task_row *r = &m->row[model_group_row(m, i)];
	struct model_group *g = &m->group[i];

	g->throttled_known = rate(g->node, CGV_THROTTLED, PPM, &g->throttled_ppm);
	if (rate(g->node, CGV_READ, NSEC_PER_SEC, &r->read_bytes_per_s) &&
	    rate(g->node, CGV_WRITE, NSEC_PER_SEC, &r->write_bytes_per_s))
		r->have |= ROW_HAVE_IO;
}

void model_groups_step(struct model *m, const struct snapshot *cur, bool rates)
{
	m->groups = cur->groups;
	m->ngroup = m->groups ? MIN(m->groups->n, m->group_cap) : 0;
	for (u32 i = 0; i < m->ngroup; i++)
		make_row(m, i);
	for (u32 i = 0; m->ngroup && i < m->ntask + m->nended; i++)
		add_task(m, &m->row[i]);
	if (m->ngroup)
		sum_up(m);
	for (u32 i = 0; i < m->ngroup; i++) {
		m->row[model_group_row(m, i)].have |= rates ? ROW_HAVE_CPU : 0;
		put_rates(m, i);
	}
	m->groups_age_ns = 0;
	if (m->ngroup && m->groups->all)
		m->groups_age_ns = m->groups->oldest_ns ? cur->mono_ns - MIN(cur->mono_ns, m->groups->oldest_ns) : UINT64_MAX;
}
