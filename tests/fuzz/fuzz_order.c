/* tests/fuzz/fuzz_order.c - any bytes as tasks and as a wish: whoever is
 * selected stands in the list once, in order, or below somebody folded. */
#include <stdlib.h>

#include "tests/unit/fake_model.h"

enum { TASKS = 64, SPEC_BYTES = 8, TASK_BYTES = 6 };

static struct fake fake;

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static u64 key_cpu(const struct model *m, const struct task_row *r)
{
	(void)m;
	return r->cpu_ppm;
}

static struct bytes text_comm(const struct model *m, const struct task_row *r)
{
	(void)m;
	return (struct bytes){(const unsigned char *)r->t->comm, strlen(r->t->comm)};
}

static struct order_spec make_spec(const unsigned char *p)
{
	struct order_spec s = {
		.key = p[0] & 1 ? key_cpu : NULL, .text = p[0] & 1 ? NULL : text_comm,
		.descending = p[0] & 2, .tree = p[0] & 4, .threads = p[0] & 8, .kernel = p[0] & 16,
		.by_user = p[0] & 32, .uid = p[1] % 4, .npid = p[2] % 3, .pid = {p[3], p[4]},
	};

	memcpy(s.filter, p + 5, p[0] & 64 ? 3 : 0);
	return s;
}

static void make_tasks(const unsigned char *p, size_t n)
{
	fake_step(&fake);
	for (; n >= TASK_BYTES && fake.model.ntask < TASKS; p += TASK_BYTES, n -= TASK_BYTES) {
		char comm[] = {(char)p[3], "abcdefgh"[p[4] % 8], (char)p[4], 0};
		struct fake_task t = {.pid = p[0], .ppid = p[1], .uid = p[2] % 4, .cpu_centi = p[3],
				      .comm = comm, .kernel = p[5] % 5 == 0,
				      .thread_of = p[5] % 3 == 0 ? p[1] : 0};

		if (t.pid && task_table_find(&fake.tasks, t.pid, 0) == TASK_NONE)
			fake_add(&fake, &t);
	}
}

/* arg: the spec's bytes. */
static bool folded(const void *arg, const struct task *t)
{
	const unsigned char *p = arg;

	return (t->pid ^ p[7]) % 4 == 0 && p[0] & 128;
}

/* But for the filter. */
static bool chosen(const struct order_spec *s, const struct task *t)
{
	bool listed = !s->npid;

	for (u32 i = 0; i < s->npid; i++)
		listed |= s->pid[i] == t->tgid;
	return listed && (s->threads || !t->thread) && (s->kernel || !t->kernel) &&
	       (!s->by_user || s->uid == t->uid);
}

static bool matches(const struct order_spec *s, u32 row)
{
	const struct task_row *r = &fake.model.row[row];

	return chosen(s, r->t) && filter_command(&fake.model, r, s->filter);
}

static u32 above(const struct order_spec *s, u32 row)
{
	const struct task *t = fake.model.row[row].t;
	u32 pid = t->thread ? t->tgid : t->ppid, at;

	if (!pid || pid == t->pid)
		return TASK_NONE;
	at = task_table_find(&fake.tasks, pid, 0);
	return at != TASK_NONE && chosen(s, fake.model.row[at].t) ? at : TASK_NONE;
}

/* Passes, or in a tree has somebody below who does. */
static bool wanted(const struct order_spec *s, const struct task_row *r)
{
	u32 row = (u32)(r - fake.model.row);

	if (matches(s, row))
		return true;
	for (u32 i = 0; s->tree && chosen(s, r->t) && i < fake.model.ntask; i++) {
		u32 steps = 0, up = matches(s, i) ? above(s, i) : TASK_NONE;

		for (; up != TASK_NONE && up != row && steps < TASKS; steps++)
			up = above(s, up);
		if (up == row)
			return true;
	}
	return false;
}

static u32 parent_of(const struct order_spec *s, u32 row)
{
	const struct task *t = fake.model.row[row].t;
	u32 pid = t->thread ? t->tgid : t->ppid, at;

	if (!pid || pid == t->pid)
		return TASK_NONE;
	at = task_table_find(&fake.tasks, pid, 0);
	return at != TASK_NONE && wanted(s, &fake.model.row[at]) ? at : TASK_NONE;
}

/* Somebody above it is folded. */
static bool is_hidden(const struct order_spec *s, u32 row, const void *arg)
{
	u32 steps = 0;

	for (row = parent_of(s, row); row != TASK_NONE && steps < TASKS; steps++) {
		if (folded(arg, fake.model.row[row].t))
			return true;
		row = parent_of(s, row);
	}
	return false;
}

static void check_each(const struct order_spec *s, const void *arg)
{
	u32 seen[TASKS] = {0};

	for (u32 i = 0; i < fake.order.n; i++)
		seen[order_line(&fake.order, i)->row]++;
	for (u32 i = 0; i < fake.order.n; i++)
		require(order_line(&fake.order, i)->context == !matches(s, order_line(&fake.order, i)->row));
	for (u32 i = 0; i < fake.model.ntask; i++) {
		bool want = wanted(s, &fake.model.row[i]);

		require(seen[i] <= want);
		require(!want || seen[i] || (s->tree && is_hidden(s, i, arg)));
	}
}

static int text_order(const char *a, const char *b)
{
	for (; *a || *b; a++, b++) {
		unsigned char x = (unsigned char)*a, y = (unsigned char)*b;

		x = x >= 'A' && x <= 'Z' ? x + 32 : x;
		y = y >= 'A' && y <= 'Z' ? y + 32 : y;
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

static void check_pair(const struct order_spec *s, u32 above, u32 below)
{
	const struct task_row *a = &fake.model.row[above], *b = &fake.model.row[below];
	int c = s->text ? text_order(a->t->comm, b->t->comm) :
		a->cpu_ppm < b->cpu_ppm ? -1 : a->cpu_ppm > b->cpu_ppm;

	require(c ? (c < 0) != s->descending : a->t->pid < b->t->pid);
}

/* Rings are the exception: who is in one, or below, is put at the end, a root
 * each.  They are told by a parent that is shown and not the one above. */
static bool in_ring(const struct order_spec *s, u32 row)
{
	u32 steps = 0;

	while (row != TASK_NONE && steps++ < TASKS)
		row = parent_of(s, row);
	return row != TASK_NONE;
}

static void check_tree(const struct order_spec *s)
{
	u32 last_at[TASKS + 1];		/* the row last seen at a depth */
	u32 depth = 0;

	for (u32 i = 0; i < fake.order.n; i++) {
		const struct order_line *l = order_line(&fake.order, i);
		u32 parent = parent_of(s, l->row);

		if (in_ring(s, l->row)) {
			require(l->depth == 0);
			continue;
		}
		require(l->depth <= depth);
		require(l->depth ? parent == last_at[l->depth - 1] : parent == TASK_NONE);
		if (i && l->depth <= order_line(&fake.order, i - 1)->depth)
			check_pair(s, last_at[l->depth], l->row);
		require(!l->folded || l->parent);
		last_at[l->depth] = l->row;
		depth = l->depth + (l->parent && !l->folded);
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct order_spec s;

	if (n < SPEC_BYTES)
		return 0;
	if (!fake.names)
		fake_init(&fake, TASKS);
	s = make_spec(p);
	make_tasks(p + SPEC_BYTES, n - SPEC_BYTES);
	order_build(&fake.order, &fake.model, &s, folded, p);
	check_each(&s, p);
	if (s.tree)
		check_tree(&s);
	for (u32 i = 1; !s.tree && i < fake.order.n; i++)
		check_pair(&s, order_line(&fake.order, i - 1)->row, order_line(&fake.order, i)->row);
	for (u32 i = 0; i < fake.order.n; i++) {
		const struct task *t = fake.model.row[order_line(&fake.order, i)->row].t;

		require(order_find(&fake.order, &fake.model, t->pid, t->start_boot_ns) == i);
	}
	return 0;
}
