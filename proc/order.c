/* proc/order.c - which rows are shown and in which order. */
#include "proc/cgroup_tree.h"
#include "proc/order.h"

#include <errno.h>
#include <stdlib.h>

/* Stands before another if its key is smaller, then its tie. */
struct item {
	u64 key;	/* smaller is first, whatever the direction; UINT64_MAX: unknown */
	u64 tie;	/* pid, or number of the cgroup, and row */
};

/* One allocation, arrays of cap each. */
struct order_scratch {
	struct item *a, *b;	/* merge sort takes turns; a: the heap of those without a line */
	u32 *parent, *child, *sibling;	/* by row; TASK_NONE ends */
	u8 *shown;		/* by row: enum shown */
};

enum shown {
	HIDDEN,			/* or in the tree already */
	MATCH,
	CONTEXT,		/* passes no filter, and somebody below does */
	FILTERED,		/* only the filter hides it */
};

void order_free(struct order *o)
{
	free(o->line);
	free(o->scratch);
	*o = (struct order){0};
}

int order_reserve(struct order *o, u32 tasks)
{
	size_t per_task = 2 * sizeof(struct item) + 3 * sizeof(u32) + sizeof(u8);
	struct order_scratch *s;
	struct order_line *line;

	if (tasks <= o->cap)
		return 0;
	line = malloc(tasks * sizeof(*line));
	s = malloc(sizeof(*s) + tasks * per_task);
	if (!line || !s) {
		free(line);
		free(s);
		return -ENOMEM;
	}
	s->a = (struct item *)(s + 1);
	s->b = s->a + tasks;
	s->parent = (u32 *)(s->b + tasks);
	s->child = s->parent + tasks;
	s->sibling = s->child + tasks;
	s->shown = (u8 *)(s->sibling + tasks);
	order_free(o);
	*o = (struct order){.cap = tasks, .line = line, .scratch = s};
	return 0;
}

/* ---- who is shown ----------------------------------------------------- */

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 'a' - 'A') : c;
}

static bool pid_listed(const struct order_spec *s, u32 tgid)
{
	for (u32 i = 0; i < s->npid; i++)
		if (s->pid[i] == tgid)
			return true;
	return !s->npid;
}

bool order_passes(const struct order_spec *s, const struct model *m, const struct task_row *r)
{
	if (s->program)
		return filter_pass(s->program, m, r);
	return !*s->filter || filter_command(m, r, s->filter);
}

/* All but the root, in which everybody is. */
static bool is_within(const struct order_spec *s, const struct model *m, const struct task_row *r)
{
	const struct cgroup *g = model_cgroup(m, r);
	struct bytes in = s->within, path = g->path;

	return g->v1 == s->within_v1 && path.n >= in.n && !memcmp(path.p, in.p, in.n) &&
	       (path.n == in.n || path.p[in.n] == '/');
}

static enum shown selected(const struct model *m, const struct order_spec *s,
			   const struct task_row *r)
{
	const struct task *t = r->t;

	if (t->group ? !s->groups : s->groups && !s->inside)
		return HIDDEN;
	if (t->group)
		return order_passes(s, m, r) ? MATCH : FILTERED;
	if ((t->thread && !s->threads) || (t->kernel && !s->kernel) || (t->ended && !s->ended) ||
	    (s->by_user && t->uid != s->uid) || !pid_listed(s, t->tgid) ||
	    (s->no_containers && model_contained(m, r)) || (s->within.n > 1 && !s->groups && !is_within(s, m, r)))
		return HIDDEN;
	return order_passes(s, m, r) ? MATCH : FILTERED;
}

/* ---- sort ------------------------------------------------------------- */

/* By text; NULL where the key is all there is. */
struct sort {
	const struct model *m;
	const struct order_spec *s;
};

/* The first eight bytes of a text, as a number that sorts like it. */
static u64 text_key(struct bytes text)
{
	u64 key = 0;

	for (size_t i = 0; i < 8; i++)
		key = key << 8 | (i < text.n ? lower(text.p[i]) : 0);
	return key;
}

static int text_compare(struct bytes a, struct bytes b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return lower(a.p[i]) < lower(b.p[i]) ? -1 : 1;
	return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

static u32 row_of(const struct item *i)
{
	return (u32)i->tie;
}

/* Unknown is last in either direction. */
static u64 sort_key(const struct order_spec *s, u64 key)
{
	return s->descending ? ~key : key - 1;
}

static bool precedes(const struct item *a, const struct item *b)
{
	return a->key != b->key ? a->key < b->key : a->tie < b->tie;
}

/* Whether a stands before b.  Equal ones stand by pid in either direction. */
static bool in_order(const struct sort *s, const struct item *a, const struct item *b)
{
	int c;

	if (a->key != b->key || !s)
		return precedes(a, b);
	c = text_compare(s->s->text(s->m, &s->m->row[row_of(a)]), s->s->text(s->m, &s->m->row[row_of(b)]));
	if (!c)
		return a->tie < b->tie;
	return s->s->descending ? c > 0 : c < 0;
}

static void merge(const struct sort *s, const struct item *from, struct item *to, u32 mid, u32 n)
{
	u32 a = 0, b = mid;

	/* rows mostly stand as they stood: two runs in order are copied whole */
	if (mid >= n || in_order(s, &from[mid - 1], &from[mid])) {
		memcpy(to, from, n * sizeof(*to));
		return;
	}
	for (u32 i = 0; i < n; i++) {
		bool first = b >= n || (a < mid && in_order(s, &from[a], &from[b]));

		to[i] = first ? from[a++] : from[b++];
	}
}

static void sort_run(const struct sort *s, struct item *v, u32 n)
{
	for (u32 i = 1; i < n; i++) {
		struct item x = v[i];
		u32 k = i;

		for (; k && !in_order(s, &v[k - 1], &x); k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
}

/* Bottom-up merge sort; the result is in the array returned. */
static struct item *sort_items(const struct sort *s, struct item *a, struct item *b, u32 n)
{
	enum { RUN = 8 };

	for (u32 i = 0; i < n; i += RUN)
		sort_run(s, a + i, MIN(n - i, (u32)RUN));
	for (u32 width = RUN; width < n; width *= 2) {
		struct item *swap = a;

		for (u32 i = 0; i < n; i += 2 * width)
			merge(s, a + i, b + i, MIN(width, n - i), MIN(2 * width, n - i));
		a = b;
		b = swap;
	}
	return a;
}

/* A thread hangs below its process, a process below its parent if that is
 * shown; rows and tasks have the same positions. */
static u32 parent_row(const struct order *o, const struct model *m, u32 row)
{
	const struct task *t = m->row[row].t;
	u32 pid = t->thread ? t->tgid : t->ppid;
	u32 at;

	if (t->group || (o->groups && !t->thread)) {
		at = t->group > 1 ? m->group[t->group - 1].node->up : t->group ? TASK_NONE : model_group_of(m, t);
		at = at == TASK_NONE ? at : model_group_row(m, at);
		return at < o->cap && o->scratch->shown[at] ? at : TASK_NONE;
	}
	at = pid && pid != t->pid ? task_table_find(m->tasks, pid, row) : TASK_NONE;
	return at < MIN(m->ntask, o->cap) && o->scratch->shown[at] ? at : TASK_NONE;
}

/* Who passes the filter is seen below whom it hangs: those come back whom nothing
 * but the filter hides. */
static void keep_ancestors(struct order *o, const struct model *m, u32 rows)
{
	u8 *shown = o->scratch->shown;

	for (u32 i = 0; i < rows; i++) {
		u32 up = shown[i] == MATCH ? parent_row(o, m, i) : TASK_NONE;

		for (; up != TASK_NONE && shown[up] == FILTERED; up = parent_row(o, m, up))
			shown[up] = CONTEXT;
	}
}

static void add_item(struct order *o, const struct model *m, const struct order_spec *s, u32 row)
{
	const struct task_row *r = &m->row[row];
	u64 first = r->t->group ? r->t->group : r->t->pid;

	o->scratch->a[o->left++] = (struct item){
		.key = sort_key(s, s->text ? text_key(s->text(m, r)) : s->key(m, r)),
		.tie = first << 32 | row,
	};
}

static void collect(struct order *o, const struct model *m, const struct order_spec *s)
{
	u32 rows = MIN(model_rows(m), o->cap);
	u8 *shown = o->scratch->shown;

	for (u32 i = 0; i < rows; i++) {
		enum shown how;

		__builtin_prefetch(m->row[MIN(i + AHEAD, rows - 1)].t);
		how = selected(m, s, &m->row[i]);
		if (s->tree)
			shown[i] = (u8)how;
		else if (how == MATCH)
			add_item(o, m, s, i);
	}
	if (!s->tree)
		return;
	keep_ancestors(o, m, rows);
	for (u32 i = 0; i < rows; i++) {
		if (shown[i] == FILTERED)
			shown[i] = HIDDEN;
		if (shown[i])
			add_item(o, m, s, i);
	}
}

/* ---- as far as it is looked at ---------------------------------------- */

/* Puts x where a heap of n items has a hole. */
static void sift(struct item *v, u32 n, u32 hole, struct item x)
{
	u32 k;

	while ((k = 2 * hole + 1) < n) {
		k += k + 1 < n && precedes(&v[k + 1], &v[k]);
		if (precedes(&x, &v[k]))
			break;
		v[hole] = v[k];
		hole = k;
	}
	v[hole] = x;
}

/* All at once is cheaper than one by one, but for the first of them. */
static void put_lines(struct order *o, const struct item *v)
{
	for (u32 i = 0; i < o->left; i++)
		o->line[o->n - o->left + i] = (struct order_line){.row = row_of(&v[i])};
	o->left = 0;
}

const struct order_line *order_line(struct order *o, u32 line)
{
	enum { ONE_BY_ONE = 256 };
	struct item *v = o->left ? o->scratch->a : NULL;

	if (o->left && line >= MAX(o->n - o->left, (u32)ONE_BY_ONE))
		put_lines(o, sort_items(NULL, v, o->scratch->b, o->left));
	while (o->left && line >= o->n - o->left) {
		o->line[o->n - o->left] = (struct order_line){.row = row_of(v)};
		o->left--;
		sift(v, o->left, 0, v[o->left]);
	}
	return &o->line[line];
}

/* ---- tree ------------------------------------------------------------- */

/* Links children in the order of the items; returns the first root. */
static u32 link_tree(struct order *o, const struct model *m, const struct item *item, u32 n)
{
	struct order_scratch *s = o->scratch;
	u32 root = TASK_NONE;

	for (u32 i = 0; i < n; i++)
		s->child[row_of(&item[i])] = TASK_NONE;
	for (u32 i = n; i-- > 0;) {
		u32 row = row_of(&item[i]), parent = parent_row(o, m, row);
		u32 *first = parent == TASK_NONE ? &root : &s->child[parent];

		s->parent[row] = parent;
		s->sibling[row] = *first;
		*first = row;
	}
	return root;
}

static void trunk_set(struct order_line *l, const struct order_line *above, bool above_last)
{
	u32 bits = 32 * ARRAY_LEN(l->trunk), d = above->depth;

	memcpy(l->trunk, above->trunk, sizeof(l->trunk));
	if (d < bits && !above_last)
		l->trunk[d / 32] |= 1u << d % 32;
}

struct walk {
	struct order *o;
	const struct model *m;
	order_folded_fn *folded;
	const void *arg;
};

static struct order_line *tree_line(struct walk *w, u32 row, u32 up)
{
	struct order_scratch *s = w->o->scratch;
	struct order_line *l = &w->o->line[w->o->n++];

	*l = (struct order_line){.row = row, .last = s->sibling[row] == TASK_NONE,
				 .context = s->shown[row] == CONTEXT};
	s->shown[row] = HIDDEN;
	if (up != TASK_NONE) {
		const struct order_line *above = &w->o->line[up];

		l->depth = (u16)MIN(above->depth + 1u, UINT16_MAX);
		trunk_set(l, above, above->last);
	}
	l->parent = s->child[row] != TASK_NONE;
	l->folded = l->parent && w->folded && w->folded(w->arg, w->m->row[row].t);
	return l;
}

/* Children that are hidden are in the tree all the same. */
static void hide_below(struct order_scratch *s, u32 top)
{
	u32 row = s->child[top];

	while (row != TASK_NONE) {
		s->shown[row] = HIDDEN;
		if (s->child[row] != TASK_NONE) {
			row = s->child[row];
			continue;
		}
		while (row != top && s->sibling[row] == TASK_NONE)
			row = s->parent[row];
		row = row == top ? TASK_NONE : s->sibling[row];
	}
}

/* Depth first, without a stack: the way back up is the parents'.  The line of
 * each row on the way is kept in its place in scratch b, which is free now. */
static void tree_from(struct walk *w, u32 root)
{
	struct order_scratch *s = w->o->scratch;
	u32 row = root;

	while (row != TASK_NONE) {
		u32 parent = s->parent[row];
		u32 up = parent == TASK_NONE ? TASK_NONE : row_of(&s->b[parent]);
		const struct order_line *l = tree_line(w, row, up);

		s->b[row].tie = w->o->n - 1;
		if (l->parent && !l->folded) {
			row = s->child[row];
			continue;
		}
		if (l->folded)
			hide_below(s, row);
		while (row != TASK_NONE && s->sibling[row] == TASK_NONE)
			row = s->parent[row];
		row = row == TASK_NONE ? TASK_NONE : s->sibling[row];
	}
}

/* ---- all of it -------------------------------------------------------- */

void order_build(struct order *o, const struct model *m, const struct order_spec *s,
		 order_folded_fn *folded, const void *arg)
{
	struct sort sort = {m, s};
	struct sort *by = s->text ? &sort : NULL;
	struct walk w = {o, m, folded, arg};
	struct item *item;
	u32 n, root;

	o->n = o->left = 0;
	o->groups = s->groups;
	if (!o->cap)
		return;
	collect(o, m, s);
	n = o->left;
	if (!s->tree) {
		o->n = n;
		if (by)
			put_lines(o, sort_items(by, o->scratch->a, o->scratch->b, n));
		for (u32 i = o->left / 2; i-- > 0;)
			sift(o->scratch->a, n, i, o->scratch->a[i]);
		return;
	}
	o->left = 0;
	item = sort_items(by, o->scratch->a, o->scratch->b, n);
	root = link_tree(o, m, item, n);
	tree_from(&w, root);
	/* parents read at different moments can form a ring: nobody gets lost */
	for (u32 i = 0; i < MIN(model_rows(m), o->cap) && o->n < n; i++)
		if (o->scratch->shown[i])
			tree_line(&w, i, TASK_NONE);
}

static bool is_task(const struct model *m, u32 row, u32 pid, u64 start_boot_ns)
{
	const struct task *t = row < model_rows(m) ? m->row[row].t : NULL;

	return t && t->pid == pid && t->start_boot_ns == start_boot_ns;
}

/* Among those without a line: whoever is before it will have one before it. */
static u32 find_left(const struct order *o, const struct model *m, u32 pid, u64 start_boot_ns)
{
	const struct item *v = o->left ? o->scratch->a : NULL, *found = NULL;
	u32 line = o->n - o->left;

	for (u32 i = 0; i < o->left && !found; i++)
		if ((v[i].tie >> 32 == pid || o->groups) && is_task(m, row_of(&v[i]), pid, start_boot_ns))
			found = &v[i];
	for (u32 i = 0; i < o->left && found; i++)
		line += precedes(&v[i], found);
	return found && line < o->n ? line : TASK_NONE;
}

u32 order_find(const struct order *o, const struct model *m, u32 pid, u64 start_boot_ns)
{
	for (u32 i = 0; i < o->n - o->left; i++)
		if (is_task(m, o->line[i].row, pid, start_boot_ns))
			return i;
	return find_left(o, m, pid, start_boot_ns);
}
