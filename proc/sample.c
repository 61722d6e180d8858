/* proc/sample.c - one snapshot from every source that is needed. */
#include "proc/sample.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proc/between.h"
#include "proc/exits_bpf.h"
#include "proc/hidden.h"
#include "proc/privilege.h"
#include "proc/settle.h"
#include "proc/system.h"

enum { GROUPS_MS = 150 };	/* faster frames show a cgroup as it was so long ago */

enum {
	ROOM_LEAST = 512,	/* tasks more than there are, so that a burst fits */
	CPUS_FIRST = 64,
	GROW_TRIES = 4,
	SNAPSHOTS = 4,		/* two do, but with --ludicrous */
	FEW = 2000,		/* processes: /proc lists so many in a few ms */
	SLOW_S = 2,
};

/* The kernel averages pressure every 2 s (PSI_FREQ, kernel/sched/psi.c) and load
 * every 5 s (LOAD_FREQ, include/linux/sched/loadavg.h): between, reading them
 * tells a screen nothing new. */
static const u32 slow_sources = SRC_BIT(SRC_PRESSURE) | SRC_BIT(SRC_LOADAVG) |
				SRC_BIT(SRC_IRQ_PRESSURE);

struct sampler {
	const struct backend_ops *ops;	/* NULL until one is open */
	enum backend_id id;
	struct backend *backend;
	struct system *system;
	struct names *names;
	bool no_bpf;			/* asked for without it */
	struct exits *exits;		/* NULL: nobody sees processes end */
	struct programs *programs;		/* NULL: nobody wants them, or they cannot be had */
	char no_programs[DIAG_TEXT];		/* why they cannot */
	struct cgroups *cgroups;
	struct cgroup_tree *groups;	/* NULL: nobody looks */
	struct between between;
	struct task_table table[SNAPSHOTS];
	struct snapshot snap[SNAPSHOTS];
	u32 room;			/* tasks that backend and tables are ready for */
	bool extra;			/* the backend also for what only some columns want */
	bool full;			/* the backend cannot be had larger, */
	bool plain;			/* nor for more: until nobody wants it any more */
	bool held;			/* see sampler_hold() */
	u32 cur;			/* index of the current snapshot */
	u32 prev;			/* of the one that it is compared with */
	u32 next_prev;			/* of the one that takes its place when it is old enough */
	u32 taken;			/* samples that the next one can be compared with */
	bool prev_valid, forget;	/* whether prev is of use now; not after the next */
	bool turn;			/* this sample has another prev than the one before */
	u64 boot_time_ns;
	u64 slow_read_ns;		/* when slow_sources were last read */
	u32 self_pid;
	struct hidden hidden;		/* processes that BPF is not shown */
	char refused[BACKEND_N][2 * DIAG_TEXT];	/* why and hint; empty: not tried, or in use */
	char notice[3 * DIAG_TEXT];		/* empty: none */
	char no_room[2 * DIAG_TEXT];		/* why full or plain; before the notice */
	char no_exits[2 * DIAG_TEXT];		/* why exits is NULL; empty: not tried */
};

/* ---- room ------------------------------------------------------------- */

/* Tasks there are now, from /proc/loadavg; a guess without it. */
static u32 count_tasks(struct sampler *s)
{
	struct snapshot probe = {0};

	system_sample(s->system, SRC_BIT(SRC_LOADAVG), &probe);
	return probe.have & SRC_BIT(SRC_LOADAVG) ? probe.loadavg.total : 4096;
}

static u32 room_for(u32 tasks)
{
	return tasks + tasks / 4 + ROOM_LEAST;
}

/* The table anew, ready for s->room tasks. */
static int table_resize(const struct sampler *s, struct task_table *t)
{
	task_table_free(t);
	return task_table_init(t, s->room);
}

static u32 snapshots(const struct sampler *s)
{
	return s->between.on ? SNAPSHOTS : 2;
}

static int cpus_resize(struct sampler *s, u32 cpus)
{
	for (u32 i = 0; i < snapshots(s); i++) {
		struct cpu_raw *cpu = calloc(cpus, sizeof(*cpu));

		if (!cpu)
			return -ENOMEM;
		free(s->snap[i].cpu);
		s->snap[i].cpu = cpu;
		s->snap[i].cpu_cap = cpus;
	}
	return 0;
}

/* ---- open and close --------------------------------------------------- */

static void put_diag(char *to, size_t cap, const struct diag *d)
{
	snprintf(to, cap, *d->hint ? "%s; %s" : "%s", d->what, d->hint);
}

/* The same of a failure, which may be without words. */
static void put_error(char *to, size_t cap, int err, struct diag *why)
{
	if (!*why->what)
		snprintf(why->what, sizeof(why->what), "%s", strerror(-err));
	put_diag(to, cap, why);
}

/* Whether the backend has to be ready for more than what every sample has. */
static bool extras(u32 extra)
{
	return extra & (TASK_WANT_MORE | TASK_EXTRA_CHEAP);
}

static int backend_try(struct sampler *s, enum backend_id id, struct diag *why)
{
	const struct backend_ops *ops = id == BACKEND_WALK && s->between.on ? &backend_walk_refresh : backends[id];
	int err = ops->open(&s->backend, s->room, s->extra, why);

	if (err) {
		why->err = -err;
		put_error(s->refused[id], sizeof(s->refused[id]), err, why);
		return err;
	}
	if (*why->what)		/* it works, but does not see all */
		put_diag(s->notice, sizeof(s->notice), why);
	s->ops = ops;
	s->id = id;
	return 0;
}

static int backend_choose(struct sampler *s, enum backend_id wanted, struct diag *why)
{
	int err = -ENOSYS;

	if (wanted != BACKEND_N)
		return backend_try(s, wanted, why);
	for (u32 id = 0; id < BACKEND_N && err; id++)
		err = backend_try(s, (enum backend_id)id, why);
	if (!err && s->id != BACKEND_WALK)
		snprintf(s->notice, sizeof(s->notice), "%s instead of %s (slower%s): %s",
			 backend_name[s->id], backend_name[BACKEND_WALK],
			 s->id == BACKEND_PROC ? ", coarser CPU times" : "",
			 s->refused[BACKEND_WALK]);
	return err;
}

int sampler_open(struct sampler **out, const struct sampler_options *o, struct diag *why)
{
	struct sampler *s = calloc(1, sizeof(*s));
	int err = -ENOMEM;

	*out = NULL;
	*why = (struct diag){0};
	if (!s)
		return err;
	s->no_bpf = o->backend == BACKEND_PROC;
	s->extra = extras(o->extra);
	s->between.on = o->walk_ppm;
	s->between.pace.share_ppm = o->walk_ppm;
	s->self_pid = (u32)getpid();
	s->boot_time_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
	/* whole steps of /proc's start times: the sum is the same for every backend */
	s->boot_time_ns -= s->boot_time_ns % (10 * NSEC_PER_MSEC);
	err = system_open(&s->system);
	if (!err)
		err = cpus_resize(s, CPUS_FIRST);
	if (!err) {
		s->room = room_for(count_tasks(s));
		for (u32 i = 0; !err && i < snapshots(s); i++)
			err = table_resize(s, &s->table[i]);
	}
	if (!err)
		err = backend_choose(s, o->backend, why);
	if (!err)
		err = names_new(&s->names);
	if (!err)
		err = cgroups_new(&s->cgroups);
	if (!err && o->names)
		(void)!names_start(s->names, o->names);	/* without it, comm is what there is */
	if (err) {
		sampler_close(s);
		return err;
	}
	*out = s;
	return 0;
}

void sampler_close(struct sampler *s)
{
	if (!s)
		return;
	names_free(s->names);
	exits_close(s->exits);
	programs_close(s->programs);
	cgroup_tree_close(s->groups);
	cgroups_free(s->cgroups);
	hidden_close(&s->hidden);
	between_close(&s->between);
	if (s->ops)
		s->ops->close(s->backend);
	system_close(s->system);
	for (u32 i = 0; i < SNAPSHOTS; i++) {
		task_table_free(&s->table[i]);
		free(s->snap[i].cpu);
	}
	free(s);
}

void sampler_watch_exits(struct sampler *s)
{
	struct diag why = {0};
	int err;

	between_attach(&s->between, s->ops);
	if (s->no_bpf || s->exits || *s->no_exits)
		return;
	privilege_load_begin();
	err = exits_open(&s->exits, &why);
	privilege_load_end();
	if (err)
		put_error(s->no_exits, sizeof(s->no_exits), err, &why);
}

/* ---- tasks ------------------------------------------------------------ */

static struct task_request request_of(const struct sample_want *want)
{
	return (struct task_request){.threads = want->sources & SRC_BIT(SRC_THREADS), .extra = want->extra};
}

/* Opens the backend once more, ready for more.  False, and the one there is
 * stays, when that cannot be had: then tasks are lost, and counted, or what was
 * wanted of them is not known. */
static bool outgrow(struct sampler *s, u32 room, bool extra)
{
	struct backend *bigger;
	struct diag why = {0};
	int err;

	privilege_load_begin();
	err = s->ops->open(&bigger, room, extra, &why);
	privilege_load_end();
	if (err) {
		put_error(s->no_room, sizeof(s->no_room), err, &why);
		return false;
	}
	s->ops->close(s->backend);
	s->backend = bigger;
	s->room = room;
	s->extra = extra;
	return true;
}

/* JSON that asked for no columns has what costs no file a process. */
static void update_cgroups(struct sampler *s, const struct sample_want *want, struct task_table *t,
			   const struct task_table *prev)
{
	struct cgroups_want how = {
		.files = want->extra & TASK_EXTRA_CGROUP,
		.each = s->ops == &backend_proc,
		.names = want->fresh,
		.frozen = s->ops == &backend_proc && want->extra & TASK_EXTRA_FROZEN,
	};

	if (want->extra & (TASK_EXTRA_CGROUP | TASK_EXTRA_CHEAP))
		cgroups_update(s->cgroups, t, prev, how);
}

/* The walk has counted them; from /proc it is the cgroups that told. */
static void count_frozen(struct sampler *s, struct task_table *t, u32 extra)
{
	bool proc = s->ops == &backend_proc;

	if (!(extra & (TASK_EXTRA_FROZEN | TASK_EXTRA_CHEAP)))
		return;
	t->states.frozen_known = !proc || extra & TASK_EXTRA_CGROUP;
	for (u32 i = 0; proc && i < t->n; i++)
		t->states.frozen += t->task[i].frozen && !t->task[i].thread;
}

/* One that neither the model shows nor a snapshot needs. */
static struct task_table *free_table(struct sampler *s)
{
	struct task_table *t = s->table;

	while (t == s->snap[s->cur].tasks ||
	       (s->between.on && (t == s->snap[s->prev].tasks || t == s->snap[s->next_prev].tasks)))
		t++;
	return t;
}

/* Most never ask for what only some columns want.  What was refused is asked for
 * once more when it is wanted anew. */
static void widen(struct sampler *s, bool wanted)
{
	if (!wanted) {
		if (s->plain && !s->full)
			*s->no_room = 0;
		s->plain = false;
	} else if (!s->extra && !s->plain && !s->held && s->ops != &backend_proc) {
		s->plain = !outgrow(s, s->room, true);
	}
}

/* All tasks, with room for them. */
static int walk_tasks(struct sampler *s, const struct task_request *req, struct task_table *t)
{
	int err = t->cap < s->room && !s->held ? table_resize(s, t) : 0;

	widen(s, extras(req->extra));
	between_walk_begins(&s->between);
	for (u32 tries = 0; !err; tries++) {
		task_table_reset(t);
		err = s->ops->sample(s->backend, req, t);
		if (err || !t->lost || tries == GROW_TRIES || s->full || s->held)
			break;
		/* the room, not t->n: threads fill it too, and have no entry of their own */
		s->full = !outgrow(s, room_for(s->room + t->lost + t->lost / 2), s->extra);
		if (s->full)
			break;
		/* the other tables, one of which the model still shows, grow when their turn comes */
		err = table_resize(s, t);
	}
	return err;
}

static int sample_all(struct sampler *s, const struct sample_want *want, const struct task_request *req,
		      struct snapshot *cur)
{
	const struct task_table *last = s->taken ? s->snap[s->cur].tasks : NULL;
	struct task_table *t = free_table(s);
	u64 began = clock_ns(CLOCK_MONOTONIC);
	int err = walk_tasks(s, req, t);

	if (err)
		return err;
	if (s->ops != &backend_proc) {
		/* the first frame of a screen waits for no long list */
		if (!s->hidden.looked && (want->fresh || s->taken || t->n < FEW))
			hidden_look(&s->hidden, t);
		hidden_add(&s->hidden, req, t);
	}
	err = settle_tasks(t, last, s->names, &cur->moved);
	update_cgroups(s, want, t, last);
	count_frozen(s, t, want->extra);
	cur->tasks = t;
	between_walked(&s->between, req, began, clock_ns(CLOCK_MONOTONIC));
	return err;
}

/* In the table that the model shows: what has not run stays as it is. */
static int sample_some(struct sampler *s, const struct sample_want *want, const struct task_request *req,
		       struct snapshot *cur)
{
	struct task_table *t = cur->tasks;
	int what = between_refresh(&s->between, s->ops, s->backend, req, t);
	bool moved;

	cur->moved = what > 0 && what & REFRESH_NAMES;
	if (!cur->moved)
		return 0;
	update_cgroups(s, want, t, t);
	return settle_tasks(t, t, s->names, &moved);
}

static int sample_tasks(struct sampler *s, const struct sample_want *want, enum between_how how,
			struct snapshot *cur)
{
	struct task_request req = request_of(want);

	cur->exits.still = !s->turn;
	cur->have |= s->exits ? SRC_BIT(SRC_EXITED) : 0;
	cur->have |= SRC_BIT(SRC_TASKS) | (req.threads ? SRC_BIT(SRC_THREADS) : 0);
	return how == TASKS_WALK ? sample_all(s, want, &req, cur)
				 : how == TASKS_REFRESH ? sample_some(s, want, &req, cur) : 0;
}

/* ---- all of it --------------------------------------------------------- */

static void sample_system(struct sampler *s, const struct sample_want *want, struct snapshot *cur)
{
	const struct snapshot *last = &s->snap[s->cur];
	u32 kept = 0;

	if (!want->fresh && s->taken && cur->mono_ns - s->slow_read_ns < (u64)SLOW_S * NSEC_PER_SEC)
		kept = slow_sources & want->sources & last->have;
	else
		s->slow_read_ns = cur->mono_ns;
	cur->have = kept;
	cur->loadavg = last->loadavg;
	cur->irq_pressure = last->irq_pressure;
	memcpy(cur->pressure, last->pressure, sizeof(cur->pressure));
	system_sample(s->system, want->sources & ~kept, cur);
}

int sampler_open_programs(struct sampler *s, struct diag *why)
{
	return s->programs ? 0 : programs_open(&s->programs, why);
}

static void drop_programs(struct sampler *s, const char *why)
{
	programs_close(s->programs);
	s->programs = NULL;
	snprintf(s->no_programs, sizeof(s->no_programs), "%s", why);
}

/* Without them everything else goes on; they are tried again when they are wanted
 * anew. */
static void sample_programs(struct sampler *s, const struct sample_want *want, struct snapshot *cur)
{
	struct diag why;
	int err;

	cur->programs = cur->programs_before = NULL;
	cur->programs_why = NULL;
	if (!want->programs) {
		drop_programs(s, "");
		return;
	}
	if (!*s->no_programs && sampler_open_programs(s, &why))
		drop_programs(s, *why.what ? why.what : strerror(why.err));
	/* while the tasks stand still, so do they; they stay open */
	if (s->programs && (want->sources & SRC_BIT(SRC_TASKS) || !programs_cur(s->programs)->mono_ns)) {
		err = programs_sample(s->programs, want->program, want->fresh);
		if (err)
			drop_programs(s, strerror(-err));
	}
	cur->programs_why = s->programs ? programs_missing(s->programs, 0) : s->no_programs;
	if (!s->programs)
		return;
	cur->programs = programs_cur(s->programs);
	if (!s->forget)
		cur->programs_before = programs_prev(s->programs);
}

static int sample_groups(struct sampler *s, const struct sample_want *want, struct snapshot *cur)
{
	const struct cgroup_tree_want how = {
		.all = want->group_files, .fresh = want->fresh,
		.young_ns = want->fresh ? 0 : GROUPS_MS * (u64)NSEC_PER_MSEC,
		.still = !(want->sources & SRC_BIT(SRC_TASKS)),
	};
	struct cgroup_places at;
	int err = 0;

	cur->groups = NULL;
	if (!want->groups) {
		cgroup_tree_close(s->groups);
		s->groups = NULL;
		return 0;
	}
	if (!s->groups) {
		cgroups_places(s->cgroups, &at.v2, &at.v1);
		err = cgroup_tree_open(&s->groups, at);
	}
	if (!err)
		err = cgroup_tree_sample(s->groups, s->cgroups, cur->tasks, &how);
	cur->groups = s->groups;
	return err;
}

/* Of the other snapshots, the first that is not needed. */
static u32 free_snapshot(const struct sampler *s)
{
	u32 at = 0;

	while (at == s->cur || (s->between.on && (at == s->prev || at == s->next_prev)))
		at++;
	return at;
}

static enum between_how choose_how(struct sampler *s, const struct sample_want *want, u64 now_ns)
{
	const struct task_table *last = s->snap[s->cur].tasks;
	struct task_request req = request_of(want);

	return between_choose(&s->between, &req, now_ns, s->prev_valid && last != s->snap[s->prev].tasks &&
			      last != s->snap[s->next_prev].tasks);
}

/* What a sample is compared with: the one before, or, where that is a frame ago, one
 * that is at least BETWEEN_WINDOW_MS old.  Its table must not be refreshed any more. */
static bool turns(const struct sampler *s, u64 now_ns, bool new_table)
{
	return !s->between.on || !s->prev_valid || s->forget ||
	       (new_table && now_ns - s->snap[s->next_prev].mono_ns >= (u64)BETWEEN_WINDOW_MS * NSEC_PER_MSEC);
}

static void turn(struct sampler *s, u32 at)
{
	if (s->turn) {
		s->prev = s->between.on && s->prev_valid ? s->next_prev : s->cur;
		s->next_prev = s->cur;
	}
	s->cur = at;
	s->prev_valid = s->taken && !s->forget;
	s->forget = false;
	s->taken++;
}

int sampler_sample(struct sampler *s, const struct sample_want *want)
{
	u32 at = free_snapshot(s);
	struct snapshot *cur = &s->snap[at];
	u64 began = clock_ns(CLOCK_MONOTONIC);
	bool tasks = want->sources & SRC_BIT(SRC_TASKS);
	enum between_how how = choose_how(s, want, began);
	int err = 0;

	s->turn = turns(s, began, how == TASKS_WALK || !tasks);
	cur->mono_ns = began;
	cur->real_ns = clock_ns(CLOCK_REALTIME);
	cur->boot_ns = clock_ns(CLOCK_BOOTTIME);
	cur->boot_time_ns = s->boot_time_ns;
	cur->tasks = s->snap[s->cur].tasks;
	cur->moved = false;
	cur->exits = (struct exits_raw){0};
	sample_system(s, want, cur);
	if (cur->ncpu > cur->cpu_cap) {
		err = cpus_resize(s, cur->ncpu * 2);
		if (!err)
			system_sample(s->system, SRC_BIT(SRC_STAT), cur);
		s->taken = 0;
	}
	if (!err && tasks)
		err = sample_tasks(s, want, how, cur);
	if (!err && tasks && s->exits && s->turn)
		exits_take(s->exits, cur->boot_ns, &cur->exits);
	if (!err)
		err = sample_groups(s, want, cur);
	if (err)
		return err;
	sample_programs(s, want, cur);
	cur->self_pid = s->self_pid;
	cur->reader_pid = names_child(s->names);
	cur->walks = s->between.walks;
	cur->partial = s->between.partial;
	cur->syscalls = syscall_count;
	cur->syscalls_before = s->snap[s->cur].syscalls;
	cur->collect_ns = clock_ns(CLOCK_MONOTONIC) - began;
	turn(s, at);
	return 0;
}

void sampler_head_room(struct sampler *s)
{
	const struct task_table *t = s->snap[s->cur].tasks;

	if (t && !s->full && s->room < t->n + t->n / 8 + ROOM_LEAST / 2)
		s->full = !outgrow(s, room_for(t->n), s->extra);
}

bool sampler_settled(const struct sampler *s)
{
	bool settled = s->taken > 1 && names_idle(s->names);

	for (u32 i = 0; i < snapshots(s); i++)
		settled &= s->table[i].cap >= s->room;
	return settled;
}

void sampler_hold(struct sampler *s, bool on)
{
	s->held = on;
	names_hold(s->names, on, s->room);
	cgroups_hold(s->cgroups, on);
}

u32 sampler_room(const struct sampler *s)
{
	return s->room;
}

/* ---- what others may know --------------------------------------------- */

const struct snapshot *sampler_cur(const struct sampler *s)
{
	return &s->snap[s->cur];
}

const struct snapshot *sampler_prev(const struct sampler *s)
{
	return s->prev_valid ? &s->snap[s->prev] : NULL;
}

void sampler_forget(struct sampler *s)
{
	s->forget = true;
}

struct names *sampler_names(struct sampler *s)
{
	return s->names;
}

const struct cgroups *sampler_cgroups(const struct sampler *s)
{
	return s->cgroups;
}

struct cgroup_tree *sampler_groups(struct sampler *s)
{
	return s->groups;
}

const char *sampler_backend(const struct sampler *s)
{
	return backend_name[s->id];
}

const char *sampler_notice(const struct sampler *s)
{
	return *s->no_room ? s->no_room : *s->notice ? s->notice : NULL;
}

bool sampler_missing(const struct sampler *s, u32 i, const char **source, const char **why)
{
	for (u32 b = 0; b < BACKEND_N; b++) {
		if (!*s->refused[b] || i--)
			continue;
		*source = backend_name[b];
		*why = s->refused[b];
		return true;
	}
	for (u32 src = SRC_STAT; src < SRC_N; src++) {
		const char *w = system_why(s->system, (enum source)src);

		if (!w || i--)
			continue;
		*source = source_info[src].name;
		*why = w;
		return true;
	}
	if (*s->no_exits && !i--) {
		*source = source_info[SRC_EXITED].name;
		*why = s->no_exits;
		return true;
	}
	if (*s->between.why && !i--) {
		*source = "between walks";
		*why = s->between.why;
		return true;
	}
	*source = "programs";
	*why = s->programs ? programs_missing(s->programs, i) : *s->no_programs && !i ? s->no_programs : NULL;
	return *why;
}
