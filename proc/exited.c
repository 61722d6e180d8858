/* proc/exited.c - processes that ended between two samples. */
#include "proc/exited.h"

#include <errno.h>
#include <stdlib.h>

enum {
	SLOTS = 2 * EXITED_OPEN,
	REST = EXITED_GROUPS - 1,
	LAST_WORD_S = 30,	/* the kernel frees a task long before: one that is not heard of is forgotten */
};

#define NONE	UINT32_MAX

_Static_assert((SLOTS & (SLOTS - 1)) == 0, "a mask");

/* One that has ended and of which there may be more to come, or which is still
 * in the list because nobody has waited for it. */
struct open_end {
	u64 start_boot_ns;
	u64 total_ns, told_ns;	/* CPU time it used; and what a row or a group has shown of it */
	u64 cgroup_id;
	u32 pid, ppid, uid;
	u32 slot_next;		/* of the same hash */
	u32 group_next;		/* of the same group, in this window */
	u32 group;		/* in this window, or NONE */
	u64 counted_ns;		/* CLOCK_MONOTONIC of the sample in which it was counted, or 0 */
	bool used, kernel, failed, last;
	bool rated;		/* the sample before had it: its row shows what it used since */
	char comm[TASK_COMM], parent_comm[TASK_COMM];
};

struct exited {
	struct open_end end[EXITED_OPEN];
	u32 top;		/* entries in use are below */
	u32 free_head;		/* free ones below top, by slot_next */
	u32 slot[SLOTS];	/* index + 1 */
	struct exited_group group[EXITED_GROUPS];	/* the one at REST is of all others */
	u32 hash[EXITED_GROUPS];
	u32 ngroup;
	u64 mono_ns;
	u64 lost_before, lost_ns_before, lost;
};

int exited_new(struct exited **out)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	(*out)->free_head = NONE;
	return 0;
}

void exited_free(struct exited *e)
{
	free(e);
}

/* ---- those that have ended --------------------------------------------- */

static u32 slot_of(u32 pid, u64 start)
{
	return (u32)((start ^ (u64)pid * 0x9E3779B97F4A7C15ull) * 0xD6E8FEB86659FD93ull >> 40) & (SLOTS - 1);
}

static u32 end_find(const struct exited *e, u32 pid, u64 start)
{
	u32 at = e->slot[slot_of(pid, start)];

	while (at && (e->end[at - 1].pid != pid || e->end[at - 1].start_boot_ns != start))
		at = e->end[at - 1].slot_next;
	return at ? at - 1 : NONE;
}

/* NONE when there is no room. */
static u32 end_new(struct exited *e, const struct exit_event *ev)
{
	u32 *slot = &e->slot[slot_of(ev->pid, ev->start_boot_ns)], at = e->free_head;

	if (at != NONE)
		e->free_head = e->end[at].slot_next;
	else if (e->top < EXITED_OPEN)
		at = e->top++;
	else
		return NONE;
	e->end[at] = (struct open_end){
		.start_boot_ns = ev->start_boot_ns, .total_ns = ev->runtime_ns, .cgroup_id = ev->cgroup_id,
		.pid = ev->pid, .ppid = ev->ppid, .uid = ev->uid, .slot_next = *slot, .group = NONE,
		.used = true, .kernel = ev->kernel, .failed = ev->status != 0,
	};
	memcpy(e->end[at].comm, ev->comm, TASK_COMM);
	memcpy(e->end[at].parent_comm, ev->parent_comm, TASK_COMM);
	*slot = at + 1;
	return at;
}

static void end_drop(struct exited *e, u32 at)
{
	struct open_end *x = &e->end[at];
	u32 *link = &e->slot[slot_of(x->pid, x->start_boot_ns)];

	while (*link != at + 1)
		link = &e->end[*link - 1].slot_next;
	*link = x->slot_next;
	x->used = false;
	x->slot_next = e->free_head;
	e->free_head = at;
}

/* ---- groups ------------------------------------------------------------ */

static u32 group_hash(const struct open_end *x)
{
	u64 part[4], h = (u64)x->ppid << 32 | x->uid;

	memcpy(part, x->comm, sizeof(x->comm));
	memcpy(part + 2, x->parent_comm, sizeof(x->parent_comm));
	for (u32 i = 0; i < ARRAY_LEN(part); i++)
		h = (h ^ part[i]) * 0x9E3779B97F4A7C15ull;
	return (u32)(h >> 32);
}

static bool same_group(const struct exited_group *g, const struct open_end *x)
{
	return g->ppid == x->ppid && g->uid == x->uid && g->kernel == x->kernel &&
	       !memcmp(g->comm, x->comm, TASK_COMM) && !memcmp(g->parent_comm, x->parent_comm, TASK_COMM);
}

static u32 group_of(struct exited *e, const struct open_end *x)
{
	u32 hash = group_hash(x), i;
	struct exited_group *g;

	for (i = 0; i < e->ngroup; i++)
		if (e->hash[i] == hash && same_group(&e->group[i], x))
			return i;
	if (i == REST)
		return REST;
	g = &e->group[e->ngroup++];
	*g = (struct exited_group){.ppid = x->ppid, .uid = x->uid, .kernel = x->kernel,
				   .cgroup_id = x->cgroup_id, .first = NONE};
	memcpy(g->comm, x->comm, TASK_COMM);
	memcpy(g->parent_comm, x->parent_comm, TASK_COMM);
	e->hash[i] = hash;
	return i;
}

/* Those of which only a sum is known. */
static void charge_rest(struct exited *e, u64 count, u64 ns)
{
	struct exited_group *g = &e->group[REST];

	g->count += (u32)MIN(count, UINT32_MAX - g->count);
	g->cpu_ns += ns;
}

static struct exited_group *charge(struct exited *e, struct open_end *x)
{
	struct exited_group *g;

	if (x->group == NONE)
		x->group = group_of(e, x);
	g = &e->group[x->group];
	g->mixed |= g->cgroup_id != x->cgroup_id;
	if (x->total_ns > x->told_ns) {
		g->cpu_ns += x->total_ns - x->told_ns;
		x->told_ns = x->total_ns;
	}
	return g;
}

static void count(struct exited *e, u32 at)
{
	struct open_end *x = &e->end[at];
	struct exited_group *g = charge(e, x);

	x->counted_ns = e->mono_ns;
	g->count++;
	g->failed += x->failed;
	x->group_next = g->first;
	g->first = at;
}

/* ---- one window -------------------------------------------------------- */

enum { TICK_NS = 10 * NSEC_PER_MSEC };	/* start times from /proc are rounded down to it */

/* Its row in a table, or NULL. */
static const struct task *row_of(const struct task_table *t, u32 pid, u64 start)
{
	u32 at = task_table_find(t, pid, 0);
	u64 row;

	if (at == TASK_NONE)
		return NULL;
	row = t->task[at].start_boot_ns;
	return row == start || row == start - start % TICK_NS ? &t->task[at] : NULL;
}

static void take_event(struct exited *e, const struct task_table *prev, const struct exit_event *ev)
{
	u32 at = end_find(e, ev->pid, ev->start_boot_ns);
	const struct task *before;
	u64 told;

	if (at == NONE && ev->last)	/* it ended before anybody looked */
		return;
	before = row_of(prev, ev->pid, ev->start_boot_ns);
	told = before ? before->runtime_ns : 0;
	if (at == NONE)
		at = end_new(e, ev);
	if (at == NONE) {
		charge_rest(e, 1, ev->runtime_ns > told ? ev->runtime_ns - told : 0);
		return;
	}
	e->end[at].total_ns = MAX(e->end[at].total_ns, ev->runtime_ns);
	e->end[at].told_ns = MAX(e->end[at].told_ns, told);
	e->end[at].rated |= before != NULL;
	e->end[at].last |= ev->last;
}

/* It has a row still: a zombie, or the sample was taken while it went.  The row
 * shows what it used, but not in the first sample that has it: no rate is known
 * there, and of one that is dead there will be none. */
static void settle_row(struct exited *e, u32 at, const struct task *row)
{
	struct open_end *x = &e->end[at];
	bool dead = row->state == 'Z' || row->state == 'X';

	if (dead && !x->rated)
		x->total_ns = MAX(x->total_ns, row->runtime_ns);
	else
		x->told_ns = MAX(x->told_ns, row->runtime_ns);
	if (dead && !x->counted_ns)
		count(e, at);
	x->rated = true;
}

static void settle(struct exited *e, const struct task_table *cur)
{
	for (u32 i = 0; i < e->top; i++) {
		struct open_end *x = &e->end[i];
		const struct task *row;

		if (!x->used)
			continue;
		row = row_of(cur, x->pid, x->start_boot_ns);
		if (row)
			settle_row(e, i, row);
		else if (!x->counted_ns)
			count(e, i);
		else if (x->total_ns > x->told_ns)
			charge(e, x);
	}
}

/* Not before the next window: the numbers of a group's processes are part of it. */
static bool done_with(const struct exited *e, const struct open_end *x)
{
	return x->counted_ns &&
	       (x->last || e->mono_ns - x->counted_ns > (u64)LAST_WORD_S * NSEC_PER_SEC);
}

static void begin(struct exited *e, const struct task_table *prev, const struct task_table *cur)
{
	e->ngroup = 0;
	e->group[REST] = (struct exited_group){.rest = true, .first = NONE};
	e->mono_ns = cur->mono_ns;
	for (u32 i = 0; i < e->top; i++) {
		e->end[i].group = NONE;
		if (e->end[i].used && (!prev || done_with(e, &e->end[i])))
			end_drop(e, i);
	}
}

static void take_lost(struct exited *e, const struct exits_raw *raw, bool known)
{
	u64 n = 0, ns = 0;

	if (known) {
		(void)counter_delta(e->lost_before, raw->lost, &n);
		(void)counter_delta(e->lost_ns_before, raw->lost_ns, &ns);
	}
	e->lost_before = raw->lost;
	e->lost_ns_before = raw->lost_ns;
	e->lost = n;
	charge_rest(e, n, ns);
}

void exited_step(struct exited *e, const struct task_table *prev, const struct task_table *cur,
		 const struct exits_raw *raw)
{
	const struct exited_group *rest = &e->group[REST];

	begin(e, prev, cur);
	for (u32 i = 0; prev && i < raw->n; i++)
		take_event(e, prev, &raw->event[i]);
	settle(e, cur);
	take_lost(e, raw, prev);
	if (rest->count || rest->cpu_ns) {
		e->group[e->ngroup] = *rest;
		e->ngroup++;
	}
}

const struct exited_group *exited_groups(const struct exited *e, u32 *n)
{
	*n = e->ngroup;
	return e->group;
}

u64 exited_lost(const struct exited *e)
{
	return e ? e->lost : 0;
}

u32 exited_pid(const struct exited *e, u32 *at)
{
	u32 i = *at;

	if (i == NONE)
		return 0;
	*at = e->end[i].group_next;
	return e->end[i].pid;
}
