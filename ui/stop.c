/* ui/stop.c - see ui/stop.h.  The hierarchies are opened at the first wish, and
 * stay open: the worst minute is not the time to look for them. */
#include "ui/stop.h"
#include "proc/guard.h"
#include "proc/stop.h"
#include "proc/target.h"
#include "ui/chosen.h"
#include "ui/meter.h"

#include <errno.h>

enum { UNREAD_MS = 300, BUDGET_MS = 1000 };

/* Without a word of data, which would be 5 KB of the program: learn() and stop_begin()
 * make them, before anything asks them. */
static struct cgroupfs fs;
static struct guard guard;
static struct stop stop;
static struct scope scope;
static bool learned;

static void learn(void)
{
	if (learned)
		return;
	learned = true;
	cgroupfs_open(&fs);
	guard_learn(&guard);
}

static bool unread(const struct ui_state *ui, const struct frame *f)
{
	return f->now_ns - ui->stop.asked_ns < (u64)UNREAD_MS * NSEC_PER_MSEC;
}

/* ---- whom ---- */

static bool begin(struct ui_state *ui, const struct frame *f, bool now)
{
	struct stop_view *v = &ui->stop;

	if (ui->read_only)
		ui_state_say(ui, f->now_ns, "nothing is frozen: pitstop was started with --read-only");
	if (v->busy)
		ui_state_say(ui, f->now_ns, "the one before is not done yet");
	if (ui->read_only || v->busy)
		return false;
	memset(v, 0, offsetof(struct stop_view, text));
	v->wish = now ? STOP_AT_ONCE : STOP_LOOK;
	v->fresh = true;
	return true;
}

/* A thread's row stands for its process. */
static void add_who(struct stop_view *v, const struct frame *f, const struct task *t)
{
	u32 at = t->thread && f->model->tasks ? task_table_find(f->model->tasks, t->tgid, 0) : TASK_NONE;

	t = at == TASK_NONE ? t : &f->model->tasks->task[at];
	if (t->ended)
		return;
	for (u32 i = 0; i < v->nwho; i++)
		if (v->who[i].pid == t->pid)
			return;
	if (v->nwho < STOP_TARGETS)
		v->who[v->nwho++] = task_id(t);
	else
		v->rows_lost++;
}

static u32 keep_path(struct stop_view *v, const char *path, size_t n)
{
	u32 at = v->used;

	if (n + 1 > sizeof(v->text) - at)
		return STOP_TEXT;
	memcpy(v->text + at, path, n);
	v->text[at + n] = 0;
	v->used += (u32)n + 1;
	return at;
}

/* A cgroup's own row. */
static void add_cgroup(struct stop_view *v, const struct cgroup *g)
{
	const struct hierarchy *h;
	char path[CGROUP_PATH];

	learn();
	h = &fs.h[g->v1 ? HIERARCHY_FREEZER : HIERARCHY_V2];
	if (h->fd < 0 || cgroup_path(h, g->path, path) || keep_path(v, path, strlen(path)) == STOP_TEXT) {
		v->rows_lost++;
		return;
	}
	v->v1 = g->v1;
	v->own = v->used;
}

bool stop_ask(struct ui_state *ui, const struct frame *f, bool now)
{
	struct stop_view *v = &ui->stop;
	const struct task_row *r;
	struct chosen c;

	if (!begin(ui, f, now))
		return false;
	c = chosen_begin(ui, f);
	while ((r = chosen_next(&c))) {
		if (r->t->group)
			add_cgroup(v, model_cgroup(f->model, r));
		else
			add_who(v, f, r->t);
	}
	if (v->own || v->nwho)
		return true;
	v->wish = STOP_NOTHING;
	if (v->rows_lost)
		ui_state_say(ui, f->now_ns, "this cgroup is in no hierarchy that can freeze it");
	return false;
}

bool stop_at_once(struct ui_state *ui, const struct frame *f, const struct task *t)
{
	if (!begin(ui, f, false))
		return false;
	ui->stop.wish = STOP_FIRST_AID;
	add_who(&ui->stop, f, t);
	return true;
}

static void add_target(struct stop_view *v, const struct hierarchy *h, const char *path, size_t n, enum stop_deed deed)
{
	u32 at;

	for (u32 i = 0; i < v->n; i++) {
		const char *had = v->text + v->target[i].path;

		if (!v->target[i].who.pid && v->target[i].hierarchy == h->id && strlen(had) == n && !memcmp(had, path, n))
			return;
	}
	at = v->n < STOP_TARGETS ? keep_path(v, path, n) : STOP_TEXT;
	if (at == STOP_TEXT) {
		v->lost++;
		return;
	}
	v->target[v->n++] = (struct stop_target){.path = (u16)at, .hierarchy = (u8)h->id, .deed = (u8)deed};
}

/* ---- what ---- */

/* The path that has to be thawed for who is at path to go on; 0: it is not frozen. */
static size_t frozen_at(const struct hierarchy *h, char path[static CGROUP_PATH])
{
	struct alone a;
	size_t n;

	if (freeze_state(h, path) != 1 && !alone_parse(&a, path))
		return 0;
	while ((n = freeze_above(h, path)))
		path[n] = 0;
	return strlen(path);
}

/* True when it is frozen, and is to be thawed. */
static bool look_frozen(struct stop_view *v, u32 pid)
{
	char path[CGROUP_PATH];

	for (u32 i = 0; i < HIERARCHIES; i++) {
		size_t n = cgroup_of(&fs.h[i], pid, path) ? 0 : frozen_at(&fs.h[i], path);

		if (!n)
			continue;
		add_target(v, &fs.h[i], path, n, STOP_THAW);
		return true;
	}
	return false;
}

static void look_process(struct stop_view *v, struct task_id who)
{
	char path[CGROUP_PATH];
	const struct hierarchy *h = target_cgroup(&fs, who.pid, path);
	struct bytes text = {(const u8 *)path, h ? strlen(path) : 0};
	size_t owner = target_owner_path(text, TARGET_CONTAINER);

	owner = owner ? owner : target_owner_path(text, TARGET_UNIT);
	if (owner > 6 && !memcmp(path + owner - 6, ".slice", 6))	/* of many: nobody's own */
		owner = 0;
	v->choices |= (u8)((owner ? 1u << STOP_OWNER : 0) | (text.n && owner != text.n ? 1u << STOP_CGROUP : 0) |
			   (text.n ? 1u << STOP_END : 0));
	if (v->choice == STOP_END && text.n) {
		add_target(v, h, path, owner ? owner : text.n, STOP_KILL);
		return;
	}
	if (look_frozen(v, who.pid))
		return;
	v->choices |= 1u << STOP_ALONE;
	if (v->fresh && !owner)		/* one that is nobody's: not all of it by default */
		v->choice = STOP_ALONE;
	if (v->choice == STOP_ALONE || !text.n) {
		if (v->n < STOP_TARGETS)
			v->target[v->n++] = (struct stop_target){.who = who, .deed = STOP_FREEZE};
		else
			v->lost++;
	} else {
		add_target(v, h, path, v->choice == STOP_OWNER && owner ? owner : text.n, STOP_FREEZE);
	}
}

/* Those that were chosen themselves: of one that is frozen the one to thaw may be
 * above it, and only to thaw. */
static void look_cgroups(struct stop_view *v)
{
	const struct hierarchy *h = &fs.h[v->v1 ? HIERARCHY_FREEZER : HIERARCHY_V2];
	char path[CGROUP_PATH];

	v->n = 0;
	v->used = v->own;
	v->choices = 1u << STOP_OWNER | 1u << STOP_END;
	for (u32 at = 0; at < v->own; at += (u32)strlen(v->text + at) + 1) {
		enum stop_deed deed = STOP_KILL;

		memcpy(path, v->text + at, strlen(v->text + at) + 1);
		if (v->choice != STOP_END)
			deed = frozen_at(h, path) ? STOP_THAW : STOP_FREEZE;
		add_target(v, h, path, strlen(path), deed);
	}
}

static void look_target(struct stop_view *v, const struct stop_target *t)
{
	char path[CGROUP_PATH];
	const struct hierarchy *h = &fs.h[fs.h[HIERARCHY_V2].fd < 0];

	if (!t->who.pid) {
		(void)!guard_cgroup(&guard, &fs.h[t->hierarchy], v->text + t->path, &scope);
	} else {
		if (cgroup_of(h, t->who.pid, path))
			path[0] = 0;
		guard_process(&guard, t->who.pid, path, &scope);
	}
	v->processes += scope.processes;
	for (u32 i = 0; i < MIN(scope.processes, (u32)SCOPE_PIDS) && v->npid < STOP_PIDS; i++)
		v->pid[v->npid++] = scope.pid[i];
	if (v->guarded || !scope.guarded || t->deed == STOP_THAW)
		return;
	v->guarded = true;
	memcpy(v->why, scope.why, sizeof(v->why));
}

_Static_assert(sizeof(((struct stop_view *)0)->why) == GUARD_WHY, "a reason is copied whole");

/* A choice that is the default may be found out on the way, from the last of them. */
static void look_processes(struct stop_view *v)
{
	enum stop_choice was = (enum stop_choice)v->choice;
	u32 thaws = 0;

	v->n = v->used = 0;
	v->choices = v->fresh ? 0 : v->choices;
	for (u32 i = 0; i < v->nwho; i++)
		look_process(v, v->who[i]);
	for (u32 i = 0; i < v->n; i++)
		thaws += v->target[i].deed == STOP_THAW;
	if (thaws && thaws == v->n) {	/* nothing to choose */
		v->choices &= 1u << STOP_END;
		v->choices |= 1u << STOP_OWNER;
		v->choice = STOP_OWNER;
	} else if (v->fresh && v->choice != was) {
		v->fresh = false;
		look_processes(v);
	}
}

static void look(struct stop_view *v)
{
	learn();
	v->lost = v->rows_lost;
	v->processes = v->npid = v->top = 0;
	v->guarded = false;
	v->typed = 0;
	if (v->own)
		look_cgroups(v);
	else if (v->nwho)
		look_processes(v);
	for (u32 i = 0; i < v->n; i++)
		look_target(v, &v->target[i]);
	/* nobody ends others by a slip of the finger */
	if (v->choice == STOP_END && !v->guarded) {
		v->guarded = true;
		memcpy(v->why, "who is ended does not come back", 32);
	}
	v->fresh = false;
}

/* ---- keys ---- */

void stop_choose(struct ui_state *ui, const struct frame *f, s32 step)
{
	struct stop_view *v = &ui->stop;
	s32 to = v->choice;

	if (unread(ui, f) || v->done || v->busy)
		return;
	do
		to += step;
	while (to >= 0 && to < STOP_CHOICES && !(v->choices & 1u << to));
	if (to < 0 || to >= STOP_CHOICES)
		return;
	v->choice = (u8)to;
	v->wish = STOP_LOOK;
}

void stop_type(struct ui_state *ui, const struct frame *f, u32 key)
{
	struct stop_view *v = &ui->stop;

	if (unread(ui, f) || !v->guarded || v->done)
		return;
	if (!key)
		v->typed = 0;
	else if (v->typed < 3)
		v->typed = key == (u32)"yes"[v->typed] ? v->typed + 1u : 0;
}

void stop_confirm(struct ui_state *ui, const struct frame *f)
{
	struct stop_view *v = &ui->stop;

	if (v->done) {
		stop_close(ui);
		return;
	}
	if (unread(ui, f) || v->busy)
		return;
	if (v->guarded && v->typed < 3) {
		ui_state_say(ui, f->now_ns, "not done: it takes the word yes");
		return;
	}
	v->wish = STOP_GO;
	ui->mode = ui_state_home(ui);
}

void stop_close(struct ui_state *ui)
{
	ui->mode = ui_state_home(ui);
}

void stop_scroll(struct ui_state *ui, s64 top, u32 rows)
{
	s64 most = (s64)ui->stop.lines - rows;

	ui->stop.top = (u32)MAX(MIN(top, most), 0);
}

/* ---- doing ---- */

static void put_whom(struct out *o, const struct stop_view *v, const struct stop_target *t)
{
	if (!t->who.pid) {
		out_str(o, v->text + t->path);
		return;
	}
	out_str(o, "process ");
	out_u64(o, t->who.pid);
}

static void note_result(struct stop_view *v)
{
	static char why[STOP_WHY], hint[STOP_WHY];
	const struct stop_target *t = &v->target[v->at];
	struct out o = {.buf = v->told + v->told_n, .cap = sizeof(v->told) - v->told_n};

	if (!stop.err) {
		v->nthawed += t->deed == STOP_THAW;
		v->nfrozen += t->deed != STOP_THAW;
		return;
	}
	v->nfailed++;
	stop_why(&stop, why, hint);
	put_whom(&o, v, t);
	out_str(&o, ": ");
	out_str(&o, why);
	out_char(&o, '\n');
	if (*hint) {
		out_str(&o, hint);
		out_char(&o, '\n');
	}
	v->told_n += (u32)MIN(o.len, o.cap);
}

static void tell(struct ui_state *ui, u64 now_ns)
{
	struct stop_view *v = &ui->stop;
	char text[sizeof(ui->message)];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};
	bool ended = v->target[0].deed == STOP_KILL;

	if (v->nfrozen)
		out_str(&o, ended ? "ended: " : "frozen: ");
	else
		out_str(&o, v->nthawed ? "thawed: " : "not done: ");
	if (v->n == 1) {
		put_whom(&o, v, &v->target[0]);
	} else {
		out_u64(&o, v->nfrozen ? v->nfrozen : v->nthawed);
		if (v->nfrozen && v->nthawed) {
			out_str(&o, ", thawed: ");
			out_u64(&o, v->nthawed);
		}
		out_str(&o, v->nfailed ? "; not done: " : "");
		if (v->nfailed)
			out_u64(&o, v->nfailed);
	}
	text[MIN(o.len, o.cap)] = 0;
	ui_state_say(ui, now_ns, text);
	ui->resample = !ui->paused;
	if (!v->nfailed)
		return;
	v->done = true;
	v->top = 0;
	ui->mode = MODE_STOP;
}

static void begin_next(struct stop_view *v)
{
	const struct stop_target *t = &v->target[v->at];

	stop.deed = (enum stop_deed)t->deed;
	stop.who = t->who;
	stop.h = &fs.h[t->hierarchy];
	memcpy(stop.path, v->text + t->path, t->who.pid ? 0 : strlen(v->text + t->path) + 1);
	stop_begin(&stop, &fs, BUDGET_MS);
}

static bool go_on(struct ui_state *ui, u64 now_ns)
{
	struct stop_view *v = &ui->stop;

	while (v->at < v->n && stop_step(&stop)) {
		note_result(v);
		if (++v->at < v->n)
			begin_next(v);
	}
	v->busy = v->at < v->n;
	if (!v->busy)
		tell(ui, now_ns);
	return !v->busy;
}

static void keep_thaws(struct stop_view *v)
{
	u32 n = 0;

	for (u32 i = 0; i < v->n; i++)
		if (v->target[i].deed == STOP_THAW)
			v->target[n++] = v->target[i];
	v->n = n;
}

/* What is to be done next. */
static enum stop_wish first_aid(struct ui_state *ui, u64 now_ns)
{
	struct stop_view *v = &ui->stop;

	look(v);
	if (v->guarded && v->choices & 1u << STOP_ALONE && v->choice != STOP_ALONE) {
		v->choice = STOP_ALONE;
		look(v);
	}
	if (v->n && v->target[0].deed != STOP_THAW)
		return v->guarded ? STOP_LOOK : STOP_GO;
	ui_state_say(ui, now_ns, v->n ? "it is frozen already; Alt-f thaws it" : "it has ended");
	return STOP_NOTHING;
}

bool stop_perform(struct ui_state *ui, u64 now_ns)
{
	struct stop_view *v = &ui->stop;
	enum stop_wish wish = v->wish;

	v->wish = STOP_NOTHING;
	if (v->busy)
		return go_on(ui, now_ns);
	if (wish == STOP_NOTHING)
		return false;
	if (wish == STOP_FIRST_AID)
		wish = first_aid(ui, now_ns);
	else if (wish != STOP_GO)
		look(v);
	if (wish == STOP_NOTHING)
		return true;
	if (wish == STOP_AT_ONCE) {
		keep_thaws(v);
		ui->mode = ui_state_home(ui);
		if (!v->n)
			ui_state_say(ui, now_ns, "nothing is frozen there");
	}
	if (wish == STOP_LOOK) {
		if (ui->mode != MODE_STOP)
			v->asked_ns = now_ns;
		ui->mode = MODE_STOP;
		return true;
	}
	if (!v->n)
		return true;
	v->at = 0;
	begin_next(v);
	go_on(ui, now_ns);
	return true;
}

int stop_fd(void)
{
	return freeze_fd(&stop.job);
}

u64 stop_next_ns(const struct ui_state *ui)
{
	return ui->stop.busy ? freeze_next_ns(&stop.job) : UINT64_MAX;
}

/* ---- what an earlier run left ---- */

struct offer {
	struct stop_view *v;
	const struct hierarchy *h;
};

static void see_leftover(void *arg, const struct alone *a, const char *path)
{
	const struct offer *o = arg;

	(void)a;
	/* an empty one may be in the making, and one without a home has nowhere to go */
	if (stop_leftover(o->h, path) == LEFT_AWAKE)
		add_target(o->v, o->h, path, strlen(path), STOP_THAW);
}

void stop_offer(struct ui_state *ui, u64 now_ns)
{
	struct stop_view *v = &ui->stop;

	if (ui->read_only)
		return;
	learn();
	for (u32 i = 0; i < HIERARCHIES; i++) {
		struct offer o = {v, &fs.h[i]};

		if (o.h->fd >= 0)
			alone_each(o.h, see_leftover, &o);
	}
	if (!v->n)
		return;
	v->offered = true;
	v->choices = 1u << STOP_OWNER;
	look(v);
	v->asked_ns = now_ns;
	ui->mode = MODE_STOP;
}
