/* proc/model.c - two snapshots in, one model out. */
#include "proc/cgroup_tree.h"
#include "proc/model_devices.h"
#include "proc/ghosts.h"
#include "proc/history.h"

#include <errno.h>
#include <stdlib.h>

/* ---- memory of the model itself --------------------------------------- */

int model_reserve(struct model *m, u32 tasks, u32 cpus)
{
	if (!m->ended && (exited_new(&m->exited) || !(m->ended = calloc(EXITED_GROUPS, sizeof(*m->ended)))))
		return -ENOMEM;
	if (tasks > m->row_cap || m->row_room < m->row_cap + EXITED_GROUPS + m->group_cap) {
		u32 room = MAX(tasks, m->row_cap) + EXITED_GROUPS + m->group_cap;
		struct task_row *row = reallocarray(m->row, room, sizeof(*row));

		if (!row)
			return -ENOMEM;
		m->row = row;
		m->row_room = room;
		m->row_cap = MAX(tasks, m->row_cap);
	}
	if (cpus > m->cpu_cap) {
		struct cpu_model *cpu = reallocarray(m->cpu, cpus, sizeof(*cpu));

		if (!cpu)
			return -ENOMEM;
		m->cpu = cpu;
		m->cpu_cap = cpus;
	}
	return 0;
}

void model_free(struct model *m)
{
	free(m->row);
	free(m->cpu);
	history_free(m->history);
	free(m->ended);
	free(m->group);
	exited_free(m->exited);
	program_model_free(&m->programs);
	ghosts_free(m->ghosts);
	*m = (struct model){0};
}

/* ---- processors ------------------------------------------------------- */

/* Where each column of /proc/stat goes.  Guests' time is contained in user and
 * nice (proc_stat(5)): it is taken out of them and shown on its own. */
static const struct {
	enum cpu_share share;
	enum cpu_time minus;	/* CPU_TIMES: nothing */
} cpu_columns[CPU_TIMES] = {
	[CPU_USER]       = {SHARE_USER, CPU_GUEST},
	[CPU_NICE]       = {SHARE_NICE, CPU_GUEST_NICE},
	[CPU_SYSTEM]     = {SHARE_SYSTEM, CPU_TIMES},
	[CPU_IDLE]       = {SHARE_IDLE, CPU_TIMES},
	[CPU_IOWAIT]     = {SHARE_IOWAIT, CPU_TIMES},
	[CPU_IRQ]        = {SHARE_IRQ, CPU_TIMES},
	[CPU_SOFTIRQ]    = {SHARE_SOFTIRQ, CPU_TIMES},
	[CPU_STEAL]      = {SHARE_STEAL, CPU_TIMES},
	[CPU_GUEST]      = {SHARE_GUEST, CPU_TIMES},
	[CPU_GUEST_NICE] = {SHARE_GUEST, CPU_TIMES},
};

/* idle and iowait do go back a little on some kernels (proc_stat(5)): such a
 * step counts as none, and the others still make a whole. */
static u64 tick_delta(const struct cpu_raw *prev, const struct cpu_raw *cur, enum cpu_time t)
{
	u64 d = 0;

	(void)counter_delta(prev->tick[t], cur->tick[t], &d);
	return d;
}

/* Rounded down one by one, with the rest given to the largest: they sum to PPM. */
static void shares_of(u32 ppm[CPU_SHARES], const u64 tick[CPU_SHARES], u64 total)
{
	u32 sum = 0, largest = SHARE_IDLE;

	for (u32 i = 0; i < CPU_SHARES; i++) {
		ppm[i] = (u32)mul_div(tick[i], PPM, total);
		sum += ppm[i];
		if (tick[i] > tick[largest])
			largest = i;
	}
	ppm[largest] += PPM - sum;
}

static void cpu_step(struct cpu_model *m, const struct cpu_raw *prev, const struct cpu_raw *cur)
{
	u64 tick[CPU_SHARES] = {0}, total = 0;

	*m = (struct cpu_model){.online = cur->online};
	if (!prev || !prev->online || !cur->online)
		return;
	for (u32 i = 0; i < CPU_TIMES; i++) {
		enum cpu_time minus = cpu_columns[i].minus;
		u64 d = tick_delta(prev, cur, (enum cpu_time)i);
		u64 inside = minus == CPU_TIMES ? 0 : tick_delta(prev, cur, minus);

		tick[cpu_columns[i].share] += d > inside ? d - inside : 0;
	}
	for (u32 i = 0; i < CPU_SHARES; i++)
		total += tick[i];
	m->known = total > 0;
	if (m->known)
		shares_of(m->ppm, tick, total);
}

static void cpus_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur)
{
	bool rates = prev && prev->have & SRC_BIT(SRC_STAT);
	u32 before = rates ? MIN(prev->ncpu, prev->cpu_cap) : 0;

	m->ncpu = MIN(MIN(cur->ncpu, cur->cpu_cap), m->cpu_cap);
	m->ncpu_online = 0;
	cpu_step(&m->cpu_total, rates ? &prev->stat.total : NULL, &cur->stat.total);
	for (u32 i = 0; i < m->ncpu; i++) {
		cpu_step(&m->cpu[i], i < before ? &prev->cpu[i] : NULL, &cur->cpu[i]);
		m->ncpu_online += m->cpu[i].online;
	}
}

/* ---- memory ----------------------------------------------------------- */

static u64 kib(u64 n)
{
	return n * 1024;
}

/* MemAvailable came with Linux 3.14; before it, what can surely be given back.
 * Neither knows of ZFS's cache. */
static u64 available_kib(const struct meminfo_raw *r)
{
	u64 cache = r->cached + r->sreclaimable;
	u64 available = r->available;
	/* arc_available_memory() of OpenZFS may give back all but c_min */
	u64 arc_spare = r->arc.size > r->arc.min ? r->arc.size - r->arc.min : 0;

	if (!r->have_available)
		available = r->free + r->buffers + (cache > r->shmem ? cache - r->shmem : 0);
	return MIN(available + arc_spare / 1024, r->total);
}

static void memory_step(struct memory_model *m, const struct snapshot *cur)
{
	const struct meminfo_raw *r = &cur->mem;
	u64 cache = r->cached + r->sreclaimable;

	*m = (struct memory_model){0};
	m->known = cur->have & SRC_BIT(SRC_MEMINFO);
	m->zram_known = cur->have & SRC_BIT(SRC_ZRAM);
	if (m->zram_known)
		m->zram = cur->zram;
	if (!m->known)
		return;
	m->total = kib(r->total);
	m->available = kib(available_kib(r));
	m->used = m->total - m->available;
	m->free = kib(r->free);
	m->buffers = kib(r->buffers);
	m->shmem = kib(r->shmem);
	m->cached = cache > r->shmem ? kib(cache - r->shmem) : 0;
	m->arc = r->arc;
	m->zswap = kib(r->zswap);
	m->zswapped = kib(r->zswapped);
	m->huge_total = mul_div(r->huge_total, kib(r->huge_size), 1);
	m->huge_free = mul_div(r->huge_free, kib(r->huge_size), 1);
	m->swap_total = kib(r->swap_total);
	m->swap_used = r->swap_total > r->swap_free ? kib(r->swap_total - r->swap_free) : 0;
}

/* Available is what can be had without swapping: what swap can take comes on top. */
static void exhaustion_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur)
{
	struct memory_model *mem = &m->memory;

	if (!prev)
		m->memory_left.n = 0;
	if (!(cur->have & SRC_BIT(SRC_MEMINFO)))
		return;
	mem->left = mem->available + (mem->swap_total - mem->swap_used);
	trend_add(&m->memory_left, cur->mono_ns, mem->left);
	mem->exhaustion_known = trend_exhausted(&m->memory_left, mem->left, &mem->exhausted_in_ns);
}

static u64 per_second(u64 delta, u64 window_ns)
{
	return mul_div(delta, NSEC_PER_SEC, window_ns);
}

static void swap_rates_step(struct model *m, const struct snapshot *prev,
			    const struct snapshot *cur, u32 page_size)
{
	u64 in, out;

	m->memory.swap_rates_known = false;
	if (!prev || !(prev->have & cur->have & SRC_BIT(SRC_VMSTAT)) || !m->window_ns ||
	    !counter_delta(prev->vmstat.swap_in_pages, cur->vmstat.swap_in_pages, &in) ||
	    !counter_delta(prev->vmstat.swap_out_pages, cur->vmstat.swap_out_pages, &out))
		return;
	m->memory.swap_in_per_s = per_second(in * page_size, m->window_ns);
	m->memory.swap_out_per_s = per_second(out * page_size, m->window_ns);
	m->memory.swap_rates_known = true;
}

/* ---- tasks ------------------------------------------------------------ */

static void row_rates(const struct model *m, struct task_row *r, const struct task_table *prev, const struct task *p)
{
	const struct task *t = r->t;
	u64 d, e, cpu_window, window_ns = m->tasks->mono_ns - prev->mono_ns;

	/* a carried-over time is not of now: its window is not this one */
	if (!t->torn && counter_delta(task_at_ns(prev, p), task_at_ns(m->tasks, t), &cpu_window) && cpu_window &&
	    counter_delta(p->runtime_ns, t->runtime_ns, &d)) {
		r->cpu_ppm = mul_div(d, PPM, cpu_window);
		r->have |= ROW_HAVE_CPU;
	}
	if (t->have & p->have & TASK_HAVE_OWN && window_ns &&
	    counter_delta(p->own_runtime_ns, t->own_runtime_ns, &d)) {
		r->own_cpu_ppm = mul_div(d, PPM, window_ns);
		r->have |= ROW_HAVE_OWN;
	}
	/* the other counters of a torn one lack what the ended threads had */
	if (!window_ns || t->torn || p->torn)
		return;
	if (t->have & p->have & TASK_HAVE_FAULTS &&
	    counter_delta(p->min_flt + p->maj_flt, t->min_flt + t->maj_flt, &d)) {
		r->faults_per_s = per_second(d, window_ns);
		r->have |= ROW_HAVE_FAULTS;
	}
	if (t->have & p->have & TASK_HAVE_SWITCHES &&
	    counter_delta(p->nvcsw + p->nivcsw, t->nvcsw + t->nivcsw, &d)) {
		r->switches = d;
		r->have |= ROW_HAVE_SWITCHES;
	}
	if (t->have & p->have & TASK_HAVE_IO && counter_delta(p->read_bytes, t->read_bytes, &d) &&
	    counter_delta(p->write_bytes, t->write_bytes, &e)) {
		r->read_bytes_per_s = per_second(d, window_ns);
		r->write_bytes_per_s = per_second(e, window_ns);
		r->have |= ROW_HAVE_IO;
	}
}

/* Once for each row; what it was counted as before is taken back. */
static void count_task(struct task_totals *n, struct task_row *r, struct row_counted before)
{
	const struct task *t = r->t;

	r->counted.kernel = !t->thread && t->kernel;
	r->counted.process = !t->thread && !t->kernel;
	r->counted.threads = r->counted.process ? t->threads : 0;
	n->threads += r->counted.threads - before.threads;
	n->kernel_threads += (u32)r->counted.kernel - before.kernel;
	n->processes += (u32)r->counted.process - before.process;
}

/* Where only main threads were looked at: a stop signal stops all threads of a
 * process, a zombie has none left, and the kernel counts the running ones. */
static void guess_states(struct task_totals *n, const struct snapshot *cur)
{
	struct task_states s = {.frozen = n->states.frozen, .frozen_known = n->states.frozen_known};

	for (u32 i = 0; i < cur->tasks->n; i++) {
		const struct task *t = &cur->tasks->task[i];

		for (u32 k = t->state == 'T' || t->state == 't' ? MAX(t->threads, 1u) : 1; k; k--)
			task_states_count(&s, t->state);
	}
	n->states = s;
	if (cur->have & SRC_BIT(SRC_STAT))
		n->states.running = cur->stat.running;
}

static void row_step(struct model *m, struct task_row *r, const struct task_table *prev)
{
	const struct task *t = r->t;
	u32 at = prev ? task_table_find(prev, t->pid, t->before) : TASK_NONE;

	*r = (struct task_row){.t = t};
	if (m->memory.total && t->have & TASK_HAVE_RSS)
		r->mem_ppm = (u32)mul_div(t->rss_bytes, PPM, m->memory.total);
	if (at != TASK_NONE && prev->task[at].start_boot_ns == t->start_boot_ns)
		row_rates(m, r, prev, &prev->task[at]);
}

static void self_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur)
{
	const u32 pids[] = {cur->self_pid, cur->reader_pid};

	m->self.collect_us = cur->collect_ns / NSEC_PER_USEC;
	m->self.syscalls = prev ? cur->syscalls - MAX(prev->syscalls, cur->syscalls_before) : 0;
	m->self.walks = cur->walks;
	m->self.partial = cur->partial;
	m->self.cpu_ppm = 0;
	m->self.rss_bytes = 0;
	m->self.cpu_known = false;
	for (u32 i = 0; i < ARRAY_LEN(pids); i++) {
		u32 at = pids[i] ? task_table_find(m->tasks, pids[i], m->self.at[i]) : TASK_NONE;

		m->self.at[i] = at;
		if (at == TASK_NONE || at >= m->ntask)
			continue;
		m->self.cpu_ppm += (u32)m->row[at].cpu_ppm;
		m->self.rss_bytes += m->row[at].t->rss_bytes;
		m->self.cpu_known |= m->row[at].have & ROW_HAVE_CPU;
	}
}

/* A name for good that no task can have: PIDs end at 2^22 (linux/threads.h). */
static struct task_id ended_id(const struct exited_group *g)
{
	u64 part[2], h = (u64)g->ppid << 32 | g->uid;

	memcpy(part, g->comm, sizeof(part));
	h = (h ^ part[0] * 31 ^ part[1]) * 0x9E3779B97F4A7C15ull;
	return (struct task_id){1u << 31 | (u32)(h >> 33), h};
}

static void ended_row(struct model *m, const struct exited_group *g, u64 window_ns)
{
	struct task *t = &m->ended[m->nended];
	struct task_row *r = &m->row[m->ntask + m->nended++];
	struct task_id id = ended_id(g);

	*t = (struct task){
		.pid = id.pid, .start_boot_ns = id.start_boot_ns, .ppid = g->ppid, .uid = g->uid,
		.have = g->mixed || g->rest ? 0 : TASK_HAVE_CGROUP, .cgroup_id = g->cgroup_id,
		.runtime_ns = g->cpu_ns, .name = TASK_NONE, .state = 'X', .kernel = g->kernel, .ended = g->count,
	};
	memcpy(t->comm, g->comm, sizeof(t->comm));
	*r = (struct task_row){.t = t, .have = ROW_HAVE_CPU, .cpu_ppm = mul_div(g->cpu_ns, PPM, window_ns)};
}

static void ended_step(struct model *m, const struct task_table *before, const struct snapshot *cur)
{
	const struct exited_group *g;
	u32 n;

	m->nended = 0;
	if (!(cur->have & SRC_BIT(SRC_EXITED)) || !m->exited)
		return;
	if (!cur->exits.still)
		exited_step(m->exited, before, cur->tasks, &cur->exits);
	g = exited_groups(m->exited, &n);
	for (u32 i = 0; i < n; i++)
		if (g[i].count)
			ended_row(m, &g[i], cur->tasks->mono_ns - before->mono_ns);
}

/* Rows of tasks that have not changed since that walk are right as they are: they
 * had not in the step before either, so there is no rate in them. */
static u32 rows_same(struct model *m, const struct task_table *before, const struct task_table *cur)
{
	u32 same = task_table_same(cur, before), then = m->was.walk;
	bool alike = then >= cur->moved && m->was.tasks == cur->n && m->was.memory == m->memory.total;

	m->was.walk = same;
	m->was.tasks = cur->n;
	m->was.memory = m->memory.total;
	return alike ? MIN(same, then) : 0;
}

static void tasks_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur)
{
	const struct task_table *before = prev ? prev->tasks : NULL;
	u32 same;

	/* paused: not sampled, nothing changed */
	if (m->tasks == cur->tasks && !(cur->have & SRC_BIT(SRC_TASKS)))
		return;
	ghosts_collect(m, cur);
	same = rows_same(m, before, cur->tasks);
	m->tasks = cur->tasks;
	m->ntask = MIN(cur->tasks->n, m->row_cap);
	m->tasks_lost = cur->tasks->lost + (cur->tasks->n - m->ntask);
	if (!same)
		m->totals = (struct task_totals){0};
	m->totals.states = cur->tasks->states;
	for (u32 i = 0; i < m->ntask; i++) {
		struct task_row *r = &m->row[i];
		struct row_counted was = same ? r->counted : (struct row_counted){0};

		r->t = &cur->tasks->task[i];
		if (cur->tasks->changed[i] <= same)
			continue;
		row_step(m, r, before);
		count_task(&m->totals, r, was);
	}
	if (!m->totals.states.known)
		guess_states(&m->totals, cur);
	self_step(m, prev, cur);
	ghosts_append(m);
	ended_step(m, before, cur);
	m->places += cur->moved || m->ghosts || !cur->exits.still;
}

void model_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur,
		u32 page_size)
{
	m->window_ns = 0;
	if (prev && !counter_delta(prev->mono_ns, cur->mono_ns, &m->window_ns))
		prev = NULL;
	m->real_ns = cur->real_ns;
	m->boot_ns = cur->boot_ns;
	m->boot_time_ns = cur->boot_time_ns;
	m->have = cur->have;
	m->loadavg = cur->loadavg;
	memcpy(m->pressure, cur->pressure, sizeof(m->pressure));
	if (cur->have & SRC_BIT(SRC_STAT))
		cpus_step(m, prev, cur);
	if (cur->have & (SRC_BIT(SRC_MEMINFO) | SRC_BIT(SRC_ZRAM)))
		memory_step(&m->memory, cur);
	exhaustion_step(m, prev, cur);
	swap_rates_step(m, prev, cur, page_size);
	model_devices_step(m, prev, cur);
	if (cur->tasks)
		tasks_step(m, prev, cur);
	model_groups_step(m, cur, prev);
	if (m->history)
		history_step(m->history, m, prev);
	m->programs.why = cur->programs_why;
	if (cur->programs)
		program_model_step(&m->programs, cur->programs_before, cur->programs);
	else
		m->programs.table = NULL;
}

const struct name *model_name(const struct model *m, const struct task_row *r)
{
	static const struct name none = {.state = NAME_NONE};
	const struct name *n = names_get(m->names, r->t->name);

	/* that of one that ended may be another's now */
	if (n && r->have & ROW_GONE && n->start_boot_ns != r->t->start_boot_ns)
		n = NULL;
	return n ? n : &none;
}

const struct cgroup *model_cgroup(const struct model *m, const struct task_row *r)
{
	return r->t->group ? &m->group[r->t->group - 1].node->cgroup : cgroups_get(m->cgroups, r->t->cgroup);
}

bool model_contained(const struct model *m, const struct task_row *r)
{
	const struct cgroup *g = model_cgroup(m, r);

	return g->runtime != RUNTIME_NONE && !g->monitor;
}
