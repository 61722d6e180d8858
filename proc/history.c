/* proc/history.c - the last samples of processes.
 *
 * Short ones lie sample by sample, not task by task: what a refresh writes is
 * one run of memory.  A task's slot is found by where the task stood in the
 * sample before, so there is no index to keep. */
#include "proc/history.h"
#include "proc/trend.h"

#include <sys/mman.h>

enum { UNKNOWN = UINT32_MAX };

/* All saturate: at 4294 CPUs, at 4 TiB. */
struct ring {
	u64 at_ns;
	u32 cpu_ppm[HISTORY_TASKS];
	u32 rss_kib[HISTORY_TASKS];
	u32 size_kib[HISTORY_TASKS];	/* with swap */
	u64 group_kib[CGROUPS_MAX];	/* of all in a cgroup, by its place in the table */
};

/* What a place in the table of cgroups is of: it may be given to another. */
struct group {
	u64 key;
	u32 born, seen;			/* as below */
};

struct history {
	const struct task_table *tasks;	/* of the newest model: slot_of[now] goes by its order */
	bool all;
	u32 tick;			/* steps so far; the newest sample is in ring[tick % HISTORY_SHORT] */
	u32 n;				/* slots ever used */
	u32 nfree;
	u32 now;			/* which slot_of is the newest model's */
	u32 nrow[2];
	struct task_id watched;
	u32 nlong;			/* samples ever taken of it */
	u32 free_slot[HISTORY_TASKS];
	u32 born[HISTORY_TASKS];	/* tick of a slot's first sample */
	u32 seen[HISTORY_TASKS];	/* and of its last */
	u32 slot_of[2][HISTORY_TASKS];	/* by row of a model; TASK_NONE */
	struct group group[CGROUPS_MAX];
	struct ring ring[HISTORY_SHORT];
	struct history_sample sample[HISTORY_LONG];
};

void history_free(struct history *h)
{
	if (h)
		munmap(h, sizeof(*h));
}

static void forget_all(struct history *h)
{
	h->n = h->nfree = h->nrow[0] = h->nrow[1] = 0;
	h->tasks = NULL;
}

static bool same_task(struct task_id a, struct task_id b)
{
	return a.pid == b.pid && a.start_boot_ns == b.start_boot_ns;
}

/* ---- keeping ---------------------------------------------------------- */

static u32 slot_new(struct history *h)
{
	u32 slot;

	if (h->nfree)
		slot = h->free_slot[--h->nfree];
	else if (h->n < HISTORY_TASKS)
		slot = h->n++;
	else
		return TASK_NONE;
	h->born[slot] = h->tick;
	return slot;
}

/* The slot that a task had in the step before. */
static u32 slot_before(const struct history *h, const struct task_table *prev, const struct task *t,
		       u32 guess)
{
	u32 at = prev ? task_table_find(prev, t->pid, guess) : TASK_NONE;

	if (at >= h->nrow[!h->now] || prev->task[at].start_boot_ns != t->start_boot_ns)
		return TASK_NONE;
	return h->slot_of[!h->now][at];
}

static u32 size_kib(const struct task *t)
{
	u64 swap = t->have & TASK_HAVE_SWAP ? t->swap_bytes : 0;

	return t->have & TASK_HAVE_RSS ? (u32)MIN((t->rss_bytes + swap) / 1024, UNKNOWN - 1) : UNKNOWN;
}

static u64 group_key(const struct model *m, const struct task *t)
{
	const struct cgroup *g = cgroups_get(m->cgroups, t->cgroup);

	return g->id * 31 + g->path.n;
}

/* One without processes in between begins anew. */
static void keep_group(struct history *h, struct ring *r, const struct model *m, const struct task *t)
{
	struct group *g = &h->group[t->cgroup];

	if (!t->cgroup || t->thread)
		return;
	if (g->seen != h->tick) {
		u64 key = group_key(m, t);

		if (g->key != key || g->seen + 1 != h->tick)
			*g = (struct group){.key = key, .born = h->tick};
		g->seen = h->tick;
		r->group_kib[t->cgroup] = 0;
	}
	if (t->have & TASK_HAVE_RSS)
		r->group_kib[t->cgroup] += size_kib(t);
}

static void keep_short(struct ring *r, u32 slot, const struct task_row *row)
{
	u64 rss_kib = row->t->rss_bytes / 1024;

	r->size_kib[slot] = size_kib(row->t);
	r->cpu_ppm[slot] = row->have & ROW_HAVE_CPU ? (u32)MIN(row->cpu_ppm, UNKNOWN - 1) : UNKNOWN;
	r->rss_kib[slot] = row->t->have & TASK_HAVE_RSS ? (u32)MIN(rss_kib, UNKNOWN - 1) : UNKNOWN;
}

static void free_ended(struct history *h)
{
	h->nfree = 0;
	for (u32 i = 0; i < h->n; i++)
		if (h->seen[i] != h->tick)
			h->free_slot[h->nfree++] = i;
}

static void step_all(struct history *h, const struct model *m, const struct task_table *prev)
{
	struct ring *r;
	u32 n = MIN(MIN(m->ntask, m->tasks->n), HISTORY_TASKS), *slot_of = h->slot_of[h->now];

	if (!prev) {
		forget_all(h);
		h->tick++;		/* a gap: no cgroup was there in the tick before */
	}
	r = &h->ring[h->tick % HISTORY_SHORT];
	r->at_ns = m->tasks->mono_ns;
	h->nrow[h->now] = n;
	for (u32 i = 0; i < n; i++) {
		u32 slot = slot_before(h, prev, m->row[i].t, i);

		keep_group(h, r, m, m->row[i].t);
		if (slot == TASK_NONE)
			slot = slot_new(h);
		slot_of[i] = slot;
		if (slot == TASK_NONE)
			continue;
		h->seen[slot] = h->tick;
		keep_short(r, slot, &m->row[i]);
	}
	free_ended(h);
}

static void step_watched(struct history *h, const struct model *m)
{
	u32 at = task_table_find(m->tasks, h->watched.pid, 0);
	const struct task_row *row;

	if (at >= MIN(m->ntask, m->tasks->n) || !same_task(task_id(m->row[at].t), h->watched))
		return;
	row = &m->row[at];
	h->sample[h->nlong++ % HISTORY_LONG] = (struct history_sample){
		.at_ns = m->tasks->mono_ns,
		.cpu_ppm = row->cpu_ppm,
		.rss_bytes = row->t->rss_bytes,
		.read_bytes_per_s = row->read_bytes_per_s,
		.write_bytes_per_s = row->write_bytes_per_s,
		.have = row->have,
		.rss_known = row->t->have & TASK_HAVE_RSS,
	};
}

void history_step(struct history *h, const struct model *m, const struct snapshot *prev)
{
	const struct task_table *before = prev ? prev->tasks : NULL;

	/* paused: nothing new to keep */
	if (!m->tasks || !(m->have & SRC_BIT(SRC_TASKS)))
		return;
	h->tick++;
	h->now = !h->now;
	if (h->all)
		step_all(h, m, before == h->tasks ? before : NULL);
	h->tasks = m->tasks;
	if (h->watched.pid)
		step_watched(h, m);
}

/* ---- looking ---------------------------------------------------------- */

static u32 get_short(const struct history *h, u32 row, struct history_sample *out, u32 n)
{
	u32 slot = row < h->nrow[h->now] ? h->slot_of[h->now][row] : TASK_NONE;
	u32 have;

	if (slot == TASK_NONE)
		return 0;
	have = MIN(h->tick - h->born[slot] + 1, HISTORY_SHORT);
	n = MIN(n, have);
	for (u32 i = 0; i < n; i++) {
		const struct ring *r = &h->ring[(h->tick - (n - 1 - i)) % HISTORY_SHORT];
		u32 cpu = r->cpu_ppm[slot], rss = r->rss_kib[slot];

		out[i] = (struct history_sample){
			.cpu_ppm = cpu == UNKNOWN ? 0 : cpu,
			.have = cpu == UNKNOWN ? 0 : ROW_HAVE_CPU,
			.rss_bytes = rss == UNKNOWN ? 0 : (u64)rss * 1024,
			.rss_known = rss != UNKNOWN,
		};
	}
	return n;
}

static u32 get_long(const struct history *h, struct history_sample *out, u32 n)
{
	n = MIN(n, MIN(h->nlong, HISTORY_LONG));
	for (u32 i = 0; i < n; i++)
		out[i] = h->sample[(h->nlong - n + i) % HISTORY_LONG];
	return n;
}

u32 history_get(const struct history *h, struct task_id who, struct history_sample *out, u32 n)
{
	u32 at;

	if (!h || !who.pid)
		return 0;
	if (same_task(who, h->watched))
		return get_long(h, out, n);
	at = h->all && h->tasks ? task_table_find(h->tasks, who.pid, 0) : TASK_NONE;
	if (at == TASK_NONE || h->tasks->task[at].start_boot_ns != who.start_boot_ns)
		return 0;
	return get_short(h, at, out, n);
}

/* The slot of one that was in the newest sample. */
static u32 slot_now(const struct history *h, const struct task *t)
{
	u32 at = h && h->all && h->tasks ? task_table_find(h->tasks, t->pid, 0) : TASK_NONE;

	if (at >= (h ? h->nrow[h->now] : 0) || !same_task(task_id(&h->tasks->task[at]), task_id(t)))
		return TASK_NONE;
	return h->slot_of[h->now][at];
}

bool history_growth(const struct history *h, const struct task *t, s64 *per_s)
{
	struct trend_point p[HISTORY_SHORT];
	u32 slot = slot_now(h, t), n = 0;

	if (slot == TASK_NONE)
		return false;
	for (u32 i = MIN(h->tick - h->born[slot] + 1, HISTORY_SHORT); i-- > 0;) {
		const struct ring *r = &h->ring[(h->tick - i) % HISTORY_SHORT];

		if (r->size_kib[slot] == UNKNOWN)
			n = 0;
		else
			p[n++] = (struct trend_point){r->at_ns, (u64)r->size_kib[slot] * 1024};
	}
	return trend_rate(p, n, per_s);
}

bool history_group_growth(const struct history *h, const struct task *t, s64 *per_s)
{
	struct trend_point p[HISTORY_SHORT];
	u32 n = 0;

	if (!h || !h->all || !t->cgroup || h->group[t->cgroup].seen != h->tick)
		return false;
	for (u32 i = MIN(h->tick - h->group[t->cgroup].born + 1, HISTORY_SHORT); i-- > 0;) {
		const struct ring *r = &h->ring[(h->tick - i) % HISTORY_SHORT];

		p[n++] = (struct trend_point){r->at_ns, r->group_kib[t->cgroup] * 1024};
	}
	return trend_rate(p, n, per_s);
}

static void touch(u32 *p, u32 n)
{
	enum { WORDS = 4096 / sizeof(u32) };	/* the smallest page there is */

	for (u32 i = 0; i < n; i += WORDS)
		*(volatile u32 *)&p[i] = p[i];
}

void history_prepare(struct history *h, u32 tasks)
{
	enum { GROUPS = 1 << 10 };	/* more cgroups than most have processes in */

	tasks = MIN(tasks + 1024, HISTORY_TASKS);	/* and what is left of a page */
	for (u32 i = 0; h && i < HISTORY_SHORT; i++) {
		touch(h->ring[i].cpu_ppm, tasks);
		touch(h->ring[i].rss_kib, tasks);
		touch(h->ring[i].size_kib, tasks);
		touch((u32 *)h->ring[i].group_kib, 2 * GROUPS);
	}
	if (!h)
		return;
	touch(h->free_slot, tasks);
	touch(h->born, tasks);
	touch(h->seen, tasks);
	touch(h->slot_of[0], tasks);
	touch(h->slot_of[1], tasks);
	touch((u32 *)h->group, GROUPS * sizeof(h->group[0]) / sizeof(u32));
}

/* ---- what is wanted --------------------------------------------------- */

/* What the short one knew is the beginning of the long one. */
static void watch(struct history *h, struct task_id who)
{
	struct history_sample known[HISTORY_SHORT];
	u32 n = history_get(h, who, known, HISTORY_SHORT);

	h->watched = who;
	memcpy(h->sample, known, n * sizeof(known[0]));
	h->nlong = n;
}

/* Pages that no task ever reaches are never touched. */
static struct history *map(void)
{
	void *h = mmap(NULL, sizeof(struct history), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return h == MAP_FAILED ? NULL : h;
}

void history_want(struct history **out, bool all, struct task_id watched)
{
	struct history *h = *out;

	if (!all && !watched.pid) {
		history_free(h);
		*out = NULL;
		return;
	}
	if (!h)
		h = *out = map();
	if (!h)
		return;
	if (!same_task(watched, h->watched))
		watch(h, watched);
	if (h->all != all)
		forget_all(h);
	h->all = all;
}
