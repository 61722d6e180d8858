/* tests/unit/test_cgroup_tree.c - a made-up cgroupfs: what is listed, what is read,
 * what that costs, and how it is shown. */
#include "proc/cgroup_tree.h"
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"
#include "ui/columns.h"
#include "ui/filter_columns.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];
static struct cgroup_tree *tree;
static struct cgroups *cgroups;
static struct task_table tasks;

static const char *place(const char *path)
{
	static char at[512];

	snprintf(at, sizeof(at), "%s/%s", root, path);
	return at;
}

static void put(const char *path, const char *text)
{
	int fd = open(place(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void make(const char *path)
{
	CHECK_EQ(mkdir(place(path), 0700), 0);
	if (strncmp(path, "v1", 2)) {
		char file[256];

		snprintf(file, sizeof(file), "%s/cgroup.events", path);
		put(file, "populated 1\nfrozen 0\n");
	}
}

static int gone(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

static void take_away(const char *path)
{
	CHECK_EQ(nftw(place(path), gone, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static int folder(const char *path)
{
	return open(place(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void begin(bool v1)
{
	snprintf(root, sizeof(root), "/tmp/pt-cgroups-XXXXXX");
	CHECK(mkdtemp(root));
	put("cgroup.stat", "nr_descendants 4\nnr_dying_descendants 0\n");
	if (v1) {
		make("v1");
		make("v1/systemd");
	}
	CHECK_EQ(cgroups_new(&cgroups), 0);
	CHECK_EQ(task_table_init(&tasks, 64), 0);
	CHECK_EQ(cgroup_tree_open(&tree, (struct cgroup_places){v1 ? -1 : folder(""), v1 ? folder("v1") : -1}), 0);
}

static void end(void)
{
	cgroup_tree_close(tree);
	cgroups_free(cgroups);
	task_table_free(&tasks);
	take_away("");
}

static u32 sample(u32 all, bool fresh)
{
	u64 before = syscall_count;

	CHECK_EQ(cgroup_tree_sample(tree, cgroups, &tasks, &(struct cgroup_tree_want){.all = all, .fresh = fresh}), 0);
	return (u32)(syscall_count - before);
}

static u32 find(const char *path)
{
	for (u32 i = 0; i < tree->n; i++)
		if (tree->node[i].cgroup.path.n == strlen(path) &&
		    !memcmp(tree->node[i].cgroup.path.p, path, strlen(path)))
			return i;
	return TASK_NONE;
}

static u64 value(const char *path, u32 id)
{
	const struct cgroup_reading *now = &tree->node[find(path)].now;

	return now->have >> id & 1 ? now->value[id] : UINT64_MAX - 1;
}

static void want(const char *path, u32 files)
{
	(void)!cgroup_tree_want(tree, &tree->node[find(path)], files);
}

static void test_listing(void)
{
	static const char *const names[] = {"a", "a/b", "a/\x1b[2J\xff", "c"};

	begin(false);
	for (u32 i = 0; i < ARRAY_LEN(names); i++)
		make(names[i]);
	put("a/file", "1");
	CHECK_EQ(symlink("/", place("c/link")), 0);
	sample(0, false);
	CHECK_EQ(tree->n, 5);
	CHECK(find("/") == 0 && find("/a/b") != TASK_NONE && find("/a/\x1b[2J\xff") != TASK_NONE);
	for (u32 i = 1; i < tree->n; i++)
		CHECK_ROW(i, tree->node[i].up < i && tree->node[i].cgroup.id);
	/* nothing has changed: the number of all, and a few directories in turn */
	for (u32 i = 0; i < 20; i++)
		CHECK_ROW(i, sample(0, false) <= 12);
	make("c/d");
	put("cgroup.stat", "nr_descendants 5\n");
	sample(0, false);
	CHECK(tree->n == 6 && tree->node[find("/c/d")].up == find("/c"));
	take_away("a");
	put("cgroup.stat", "nr_descendants 2\n");
	sample(0, false);
	CHECK(tree->n == 3 && find("/a") == TASK_NONE && find("/c/d") == 2 && tree->node[2].up == 1);
	/* as many as before, and others: seen when their turn comes */
	take_away("c/d");
	make("e");
	for (u32 i = 0; i < 5 && (find("/e") == TASK_NONE || find("/c/d") != TASK_NONE); i++)
		sample(0, false);
	CHECK(tree->n == 3 && find("/e") != TASK_NONE && find("/c/d") == TASK_NONE);
	end();
}

static void test_reading(void)
{
	const u32 files = 1u << CGF_EVENTS | 1u << CGF_CPU | 1u << CGF_MEMORY | 1u << CGF_IO | 1u << CGF_MAX;
	u32 calls;

	begin(false);
	make("a");
	make("b");
	put("a/cpu.stat", "usage_usec 10\nnr_throttled 1\nthrottled_usec 5\n");
	put("a/memory.current", "4096\n");
	put("a/memory.max", "max\n");
	put("b/memory.current", "1\n");
	sample(0, false);
	CHECK(cgroup_tree_want(tree, &tree->node[find("/a")], files));
	sample(0, false);
	CHECK(!cgroup_tree_want(tree, &tree->node[find("/a")], files));
	CHECK(value("/a", CGV_MEMORY) == 4096 && value("/a", CGV_MAX) == CGROUP_NO_LIMIT);
	CHECK(value("/a", CGV_THROTTLED) == 5000 && value("/a", CGV_FROZEN) == 0);
	CHECK(value("/a", CGV_READ) == UINT64_MAX - 1 && !tree->node[find("/b")].now.at_ns);
	put("a/cpu.stat", "usage_usec 30\nthrottled_usec 25\n");
	put("a/memory.current", "x\n");
	calls = sample(0, false);
	/* three files that are open, and nothing else of it */
	CHECK(calls <= 3 + 12);
	CHECK(tree->node[find("/a")].before[CGV_THROTTLED] == 5000 && value("/a", CGV_THROTTLED) == 25000);
	CHECK(value("/a", CGV_MEMORY) == UINT64_MAX - 1);
	/* of all, where the order needs it; what is off the screen is closed */
	sample(1u << CGF_MEMORY, false);
	CHECK(value("/b", CGV_MEMORY) == 1 && tree->oldest_ns);
	/* gone before anybody lists it */
	want("/a", files);
	take_away("a");
	make("a2");
	sample(0, false);
	want("/b", files);
	sample(0, false);
	CHECK(find("/a") == TASK_NONE && find("/b") != TASK_NONE);
	end();
}

static void test_v1(void)
{
	begin(true);
	for (u32 i = 0; i < 3; i++) {
		static const char *const at[] = {"v1/systemd/x", "v1/memory", "v1/memory/x"};

		make(at[i]);
	}
	put("v1/memory/x/memory.usage_in_bytes", "77\n");
	put("v1/memory/x/memory.limit_in_bytes", "9223372036854771712\n");
	sample(0, false);
	CHECK(tree->by_path && tree->n == 2);
	want("/x", 1u << CGF_MEMORY | 1u << CGF_MAX | 1u << CGF_PIDS | 1u << CGF_EVENTS);
	sample(0, false);
	CHECK(value("/x", CGV_MEMORY) == 77 && value("/x", CGV_MAX) == CGROUP_NO_LIMIT);
	CHECK(value("/x", CGV_PIDS) == UINT64_MAX - 1 && value("/x", CGV_FROZEN) == UINT64_MAX - 1);
	end();
}

/* ---- as rows ------------------------------------------------------------------ */

static char shown[4096];

/* "/2 a/1 100": a cgroup with its processes, a process with its pid; a blank more
 * for each level, F for folded. */
static const char *show(struct fake *f, const struct order_spec *s, order_folded_fn *folded)
{
	size_t n = 0;

	order_build(&f->order, &f->model, s, folded, NULL);
	shown[0] = 0;
	for (u32 i = 0; i < f->order.n; i++) {
		const struct order_line *l = order_line(&f->order, i);
		const struct task_row *r = &f->model.row[l->row];
		const struct model_group *g = model_group(&f->model, r);
		struct bytes name = g ? column_group_name(&f->model, r, s->tree ? l : NULL) : (struct bytes){0};

		n += (size_t)snprintf(shown + n, sizeof(shown) - n, "%s%.*s", i ? " " : "", (int)l->depth, ">>>>>");
		if (g)
			n += (size_t)snprintf(shown + n, sizeof(shown) - n, "%.*s:%u%s%s", (int)name.n, (const char *)name.p,
					      g->processes, l->folded ? "F" : "", l->context ? "C" : "");
		else
			n += (size_t)snprintf(shown + n, sizeof(shown) - n, "%u", r->t->pid);
	}
	return shown;
}

static bool fold_a(const void *arg, const struct task *t)
{
	(void)arg;
	return t->group && tree->node[t->group - 1].cgroup.path.n == 2 && tree->node[t->group - 1].cgroup.path.p[1] == 'a';
}

static void add(struct fake *f, u32 pid, const char *path, u32 cpu_centi)
{
	struct task_row *r = fake_add(f, &(struct fake_task){.pid = pid, .state = 'S', .cpu_centi = cpu_centi, .comm = "x"});
	struct task *t = &f->tasks.task[r - f->model.row];

	t->cgroup_id = tree->node[find(path)].cgroup.id;
	t->have |= TASK_HAVE_CGROUP;
	r->have |= ROW_HAVE_CPU;
}

static void test_rows(void)
{
	struct order_spec s = {.groups = true, .tree = true, .text = columns[COL_PATH].text};
	struct snapshot cur = {.mono_ns = 1};
	struct parse_error e;
	static struct fake f;
	struct filter filter;

	begin(false);
	make("a");
	make("a/b");
	make("a/b/deep");
	make("c");
	sample(0, false);
	fake_init(&f, 64);
	add(&f, 100, "/a", 100);
	add(&f, 101, "/a/b/deep", 250);
	add(&f, 102, "/a/b/deep", 0);
	f.tasks.task[2].state = 'Z';
	add(&f, 103, "/c", 5000);
	CHECK_EQ(model_groups_reserve(&f.model, tree->n), 0);
	cur.groups = tree;
	model_groups_step(&f.model, &cur, true);
	CHECK_STR(show(&f, &s, NULL), "/:3 >a:2 >>b:1 >>>deep:1 >c:1");
	CHECK_EQ(f.model.row[model_group_row(&f.model, 0)].cpu_ppm, 535000);
	CHECK_EQ(f.model.row[model_group_row(&f.model, find("/a"))].cpu_ppm, 35000);
	CHECK_STR(show(&f, &s, fold_a), "/:3 >a:2F >c:1");
	s.inside = true;
	CHECK_STR(show(&f, &s, NULL), "/:3 >a:2 >>b:1 >>>deep:1 >>>>101 >>>>102 >>100 >c:1 >>103");
	CHECK_STR(show(&f, &s, fold_a), "/:3 >a:2F >c:1 >>103");
	s.inside = false;
	/* the language of the filter, with what is below kept in its place */
	CHECK(filter_compile(&filter, "processes = 1 and cpu < 10", &filter_columns, &e));
	s.program = &filter;
	CHECK_STR(show(&f, &s, NULL), "/:3C >a:2C >>b:1 >>>deep:1");
	CHECK(filter_compile(&filter, "path ~ eep$ or frozen = yes", &filter_columns, &e));
	CHECK_STR(show(&f, &s, NULL), "/:3C >a:2C >>b:1C >>>deep:1");
	s.program = NULL;
	memcpy(s.filter, "c", 2);
	CHECK_STR(show(&f, &s, NULL), "/:3C >c:1");
	/* sorted, all paths in full; the unknown last */
	s = (struct order_spec){.groups = true, .key = columns[COL_CPU].key, .descending = true};
	CHECK_STR(show(&f, &s, NULL), "/:3 /c:1 /a:2 /a/b:1 /a/b/deep:1");
	s.key = columns[COL_GROUP_MEMORY].key;
	put("c/memory.current", "9\n");
	want("/c", 1u << CGF_MEMORY);
	sample(0, false);
	model_groups_step(&f.model, &cur, true);
	CHECK_STR(show(&f, &s, NULL), "/c:1 /:3 /a:2 /a/b:1 /a/b/deep:1");
	/* and back among processes, no cgroup is in sight */
	s = (struct order_spec){.key = columns[COL_PID].key};
	CHECK_STR(show(&f, &s, NULL), "100 101 102 103");
	free(f.model.group);
	fake_free(&f);
	end();
}

TESTS(cgroup_tree, {"listing", test_listing}, {"reading", test_reading}, {"v1", test_v1}, {"rows", test_rows})
