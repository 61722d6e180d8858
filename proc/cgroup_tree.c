/* proc/cgroup_tree.c - see proc/cgroup_tree.h. */
#include "proc/cgroup_reader.h"
#include "proc/dirscan.h"
#include "proc/textstore.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	FIRST = 256,
	TEXT_FIRST = 1 << 16,
	WANTS = 512,		/* rows on a screen */
	LIST_FEW = 2,		/* directories of a sample while nothing has changed, */
	LIST_MORE = 32,		/* and where nothing tells whether it has */
	LIST_MS = 8,		/* time for them after a change */
	ALL_AT_ONCE = 256,	/* rows that are read in turn, a sample */
	SLOT_NONE = 0,
};

struct wish {
	u64 key;
	u32 files;
};

/* What a tree keeps to itself; t is the first, so that one pointer is both. */
struct inside {
	struct cgroup_tree t;
	u32 *slot;		/* [4 * cap]: by key, and behind them by id: index + 1 */
	u32 *moved;		/* [cap]: index after a removal */
	struct textstore text;
	u32 pass, at;		/* listing: which, and the next to list; at == n: it is over */
	u64 told;		/* nr_descendants when a listing of all began */
	bool hurry, failed;	/* list as many as time allows; something could not be listed */
	bool dead;		/* some node has pass 0: it is gone */
	u32 turn;		/* the next row, when all are read */
	u32 nwish;
	struct wish wish[WANTS];
	struct dirscan dir;
	char path[PATH_MAX + NAME_MAX + 2], room[CGROUP_ROOM];
};

static struct inside *inside_of(struct cgroup_tree *t)
{
	return (struct inside *)t;
}

/* ---- memory ---------------------------------------------------------------- */

static void keep_living(void *arg, struct textstore_move *m)
{
	struct inside *in = arg;

	for (u32 i = 0; i < in->t.n; i++)
		cgroup_keep(m, &in->t.node[i].cgroup);
}

static void set_text(void *arg, struct bytes *to, struct bytes text)
{
	struct inside *in = arg;

	textstore_set(&in->text, to, text, keep_living, in);
}

/* FNV-1a, never 0. */
static u64 hash_of(struct bytes path)
{
	u64 h = 14695981039346656037ull;

	for (size_t i = 0; i < path.n; i++)
		h = (h ^ path.p[i]) * 1099511628211ull;
	return h | 1;
}

/* Where a key is, or belongs: half 0 by key, half 1 by id. */
static u32 *slot_of(const struct inside *in, u32 half, u64 key)
{
	u32 mask = 2 * in->t.cap - 1, at = (u32)(key * 0x9e3779b97f4a7c15ull >> 32) & mask;
	u32 *slot = in->slot + half * (mask + 1);

	for (;; at = (at + 1) & mask) {
		const struct cgroup_node *node = slot[at] ? &in->t.node[slot[at] - 1] : NULL;

		if (!node || (half ? node->cgroup.id : node->key) == key)
			return &slot[at];
	}
}

static void index_node(struct inside *in, u32 i)
{
	const struct cgroup_node *node = &in->t.node[i];

	*slot_of(in, 0, node->key) = i + 1;
	if (node->cgroup.id)
		*slot_of(in, 1, node->cgroup.id) = i + 1;
}

static void index_all(struct inside *in)
{
	memset(in->slot, 0, 4 * (size_t)in->t.cap * sizeof(*in->slot));
	for (u32 i = 0; i < in->t.n; i++)
		index_node(in, i);
}

static bool grow(struct inside *in)
{
	u32 cap = in->t.cap ? 2 * in->t.cap : FIRST;
	struct cgroup_node *node = reallocarray(in->t.node, cap, sizeof(*node));
	u32 *slot, *moved;

	if (!node)
		return false;
	in->t.node = node;
	slot = reallocarray(in->slot, cap, 4 * sizeof(*slot));
	if (!slot)
		return false;
	in->slot = slot;
	moved = reallocarray(in->moved, cap, sizeof(*moved));
	if (!moved)
		return false;
	in->moved = moved;
	in->t.cap = cap;
	index_all(in);
	return true;
}

/* ---- nodes ------------------------------------------------------------------ */

static u32 find_path(const struct inside *in, struct bytes path)
{
	u32 i = *slot_of(in, 0, hash_of(path));

	return i ? i - 1 : TASK_NONE;
}

/* path is no part of the store. */
static u32 node_add(struct inside *in, u32 up, struct bytes path, u64 id)
{
	struct cgroup_node *node;
	u32 i = in->t.n;

	if (i == CGROUPS_MAX || (i == in->t.cap && !grow(in))) {
		in->t.lost++;
		return TASK_NONE;
	}
	node = &in->t.node[in->t.n++];
	*node = (struct cgroup_node){.key = hash_of(path), .up = up, .pass = in->pass, .cgroup.id = id};
	node->cgroup.v1 = in->t.by_path;
	cgroup_describe(&node->cgroup, path, in->room, set_text, in);
	index_node(in, i);
	return i;
}

static void set_id(struct inside *in, u32 i, u64 id)
{
	if (in->t.by_path || in->t.node[i].cgroup.id == id)
		return;
	in->t.node[i].cgroup.id = id;	/* made anew by the same name */
	in->t.node[i].now = (struct cgroup_reading){0};
	index_all(in);
}

/* And all above it that is not there. */
static u32 add_path(struct inside *in, struct bytes path, u64 id)
{
	u32 up = 0;

	for (size_t n = 1; n <= path.n && up != TASK_NONE; n++) {
		struct bytes part = {path.p, n};
		u32 at;

		if (n < path.n ? path.p[n] != '/' : n == 1)
			continue;
		at = find_path(in, part);
		up = at != TASK_NONE ? at : node_add(in, up, part, n == path.n ? id : 0);
	}
	if (up != TASK_NONE && id)
		set_id(in, up, id);
	return up;
}

/* Those that this listing has not met, or that are known to be gone; and what is
 * below them. */
static void remove_lost(struct inside *in, bool unmet)
{
	u32 n = 0, at = 0;

	for (u32 i = 0; i < in->t.n; i++) {
		struct cgroup_node *node = &in->t.node[i];
		bool gone = i && (!node->pass || (unmet && node->pass != in->pass) ||
				  in->moved[node->up] == TASK_NONE);

		in->moved[i] = gone ? TASK_NONE : n;
		if (gone)
			continue;
		at += i < in->at;
		if (n != i)
			in->t.node[n] = *node;
		in->t.node[n].up = i ? in->moved[node->up] : 0;
		n++;
	}
	in->at = at;
	if (n == in->t.n)
		return;
	in->t.n = n;
	index_all(in);
}

/* ---- listing ---------------------------------------------------------------- */

static void take_child(struct inside *in, u32 up, const char *name)
{
	struct bytes above = in->t.node[up].cgroup.path;
	size_t n = above.n > 1 ? above.n : 0, len = strlen(name);
	struct bytes path = {(unsigned char *)in->path, n + 1 + len};
	u64 id = dirscan_inode(name);
	u32 i;

	if (path.n >= PATH_MAX)
		return;
	memcpy(in->path, above.p, n);
	in->path[n] = '/';
	memcpy(in->path + n + 1, name, len);
	i = find_path(in, path);
	if (i == TASK_NONE) {
		node_add(in, up, path, in->t.by_path ? 0 : id);
		return;
	}
	in->t.node[i].pass = in->pass;
	set_id(in, i, id);
}

static void list_one(struct inside *in, u32 i)
{
	int fd = cgroup_reader_dir(in->t.reader, in->t.node[i].cgroup.path);
	const char *name;

	if (fd < 0) {
		/* what is gone is not met by whoever lists the one above */
		in->failed |= fd != -ENOENT && fd != -ENODEV;
		return;
	}
	dirscan_begin(&in->dir, fd);
	while ((name = dirscan_next(&in->dir)))
		if (dirscan_type(name) == DT_DIR && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			take_child(in, i, name);
	in->failed |= in->dir.err && in->dir.err != -ENOENT;
	++syscall_count;
	close(fd);
}

static void begin_pass(struct inside *in)
{
	in->pass++;
	in->at = 0;
	in->failed = false;
	in->t.node[0].pass = in->pass;
}

/* Whoever lists in a hurry has seen a change, and looks at all from the begin. */
static void list_some(struct inside *in, bool fresh)
{
	u64 now = 0, until = clock_ns(CLOCK_MONOTONIC) + LIST_MS * (u64)NSEC_PER_MSEC;
	bool told = cgroup_reader_count(in->t.reader, &now), changed = told && now != in->told;
	u32 few = told ? LIST_FEW : LIST_MORE;

	if (!cgroup_reader_lists(in->t.reader)) {	/* what is left are the tasks' */
		remove_lost(in, true);
		begin_pass(in);
		return;
	}
	if (changed || fresh || in->hurry) {
		if (changed || fresh || in->at >= in->t.n)
			begin_pass(in);
		in->hurry = true;
		in->told = now;
	} else if (in->at >= in->t.n) {
		begin_pass(in);
	}
	while (in->at < in->t.n && (in->hurry ? fresh || clock_ns(CLOCK_MONOTONIC) < until : few--))
		list_one(in, in->at++);
	if (in->at < in->t.n)
		return;
	in->hurry = false;
	if (!in->failed)
		remove_lost(in, true);
}

/* ---- tasks ------------------------------------------------------------------ */

u32 cgroup_tree_find(const struct cgroup_tree *t, const struct cgroups *c, const struct task *task)
{
	const struct inside *in = (const struct inside *)t;
	u32 i = 0;

	if (!t->by_path && task->have & TASK_HAVE_CGROUP)
		i = *slot_of(in, 1, task->cgroup_id);
	else if (t->by_path && task->cgroup)
		return find_path(in, cgroups_get(c, task->cgroup)->path);
	return i ? i - 1 : TASK_NONE;
}

/* Cgroups that were not listed yet, and who is in which. */
static void take_tasks(struct inside *in, const struct cgroups *c, const struct task_table *tasks)
{
	for (u32 i = 0; i < tasks->n; i++) {
		const struct task *t = &tasks->task[i];
		u32 at = t->thread ? TASK_NONE : cgroup_tree_find(&in->t, c, t);
		const struct cgroup *g = cgroups_get(c, t->cgroup);

		if (t->thread)
			continue;
		if (at == TASK_NONE && g->path.n && (in->t.by_path || !g->v1))
			at = add_path(in, g->path, in->t.by_path ? 0 : t->cgroup_id);
		if (at == TASK_NONE)
			continue;
		in->t.node[at].entry = t->cgroup;
		for (; in->t.node[at].pass != in->pass; at = in->t.node[at].up)
			in->t.node[at].pass = in->pass;
	}
}

/* ---- reading ---------------------------------------------------------------- */

void cgroup_tree_want_none(struct cgroup_tree *t)
{
	inside_of(t)->nwish = 0;
}

bool cgroup_tree_want(struct cgroup_tree *t, const struct cgroup_node *node, u32 files)
{
	struct inside *in = inside_of(t);

	if (in->nwish == WANTS)
		return false;
	in->wish[in->nwish++] = (struct wish){node->key, files};
	return !node->now.at_ns;
}

static void read_node(struct inside *in, u32 i, u32 files, bool keep)
{
	struct cgroup_node *node = &in->t.node[i];

	if (cgroup_reader_read(in->t.reader, node, files, keep))
		return;
	node->pass = 0;
	in->dead = true;
}

static void read_wishes(struct inside *in, const struct cgroup_tree_want *want, u64 now_ns)
{
	for (u32 k = 0; k < in->nwish; k++) {
		u32 i = *slot_of(in, 0, in->wish[k].key);
		u64 at_ns = i ? in->t.node[i - 1].now.at_ns : 0;

		if (i && !(at_ns && (want->still || now_ns - at_ns <= want->young_ns)))
			read_node(in, i - 1, in->wish[k].files | want->all, true);
		else if (i)
			cgroup_reader_keep(in->t.reader, in->t.node[i - 1].key);
	}
	in->nwish = 0;
}

/* Those of the screen have just been read. */
static void read_all(struct inside *in, u32 files, bool fresh, u64 began_ns)
{
	u32 n = fresh ? in->t.n : MIN(in->t.n, (u32)ALL_AT_ONCE);

	in->t.all = files;
	in->t.oldest_ns = UINT64_MAX;
	for (; files && n; n--, in->turn++) {
		in->turn = in->turn < in->t.n ? in->turn : 0;
		if (in->t.node[in->turn].now.at_ns < began_ns)
			read_node(in, in->turn, files, false);
	}
	for (u32 i = 0; files && i < in->t.n; i++)
		in->t.oldest_ns = MIN(in->t.oldest_ns, in->t.node[i].now.at_ns);
}

int cgroup_tree_sample(struct cgroup_tree *t, const struct cgroups *c, const struct task_table *tasks,
		       const struct cgroup_tree_want *want)
{
	struct inside *in = inside_of(t);
	u64 began_ns = clock_ns(CLOCK_MONOTONIC);

	cgroup_reader_begin(t->reader);
	if (!want->still) {
		list_some(in, want->fresh || !in->pass);
		take_tasks(in, c, tasks);
	}
	read_wishes(in, want, began_ns);
	if (!want->still)
		read_all(in, want->all, want->fresh, began_ns - want->young_ns);
	cgroup_reader_end(t->reader);
	if (in->dead)
		remove_lost(in, false);
	in->dead = false;
	return 0;
}

/* ---- begin and end ---------------------------------------------------------- */

int cgroup_tree_open(struct cgroup_tree **out, struct cgroup_places places)
{
	struct inside *in = calloc(1, sizeof(*in));
	int err = in ? cgroup_reader_new(&in->t.reader, places) : -ENOMEM;

	*out = (struct cgroup_tree *)in;
	if (!err && (textstore_init(&in->text, TEXT_FIRST) || !grow(in)))
		err = -ENOMEM;
	if (err) {
		cgroup_tree_close(*out);
		*out = NULL;
		return err;
	}
	in->t.by_path = places.v2 < 0;
	node_add(in, 0, BYTES_LIT("/"), in->t.by_path ? 0 : ROOT_CGROUP);
	return 0;
}

void cgroup_tree_close(struct cgroup_tree *t)
{
	struct inside *in = inside_of(t);

	if (!t)
		return;
	cgroup_reader_free(t->reader);
	textstore_free(&in->text);
	free(t->node);
	free(in->slot);
	free(in->moved);
	free(in);
}
