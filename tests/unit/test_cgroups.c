/* tests/unit/test_cgroups.c - the table of cgroups, and names out of JSON. */
#include "proc/cgroups.h"
#include "proc/container_name.h"
#include "tests/unit/test.h"

#include <stdio.h>
#include <unistd.h>

static struct bytes text(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

static bool is(struct bytes got, const char *want)
{
	return got.n == strlen(want) && (!got.n || !memcmp(got.p, want, got.n));
}

static void nobody(void)
{
	CHECK_EQ(cgroups_get(NULL, 0)->path.n, 0);
	CHECK_EQ(cgroups_get(NULL, 7)->runtime, RUNTIME_NONE);
}

/* What a path says is kept; one path is one entry. */
static void entries(void)
{
	struct cgroups *c;
	struct task t = {.pid = 1}, u = {.pid = 2};
	const struct cgroup *g;

	CHECK_EQ(cgroups_new(&c), 0);
	cgroups_put(c, &t, 17, text("/system.slice/a\\x2db.service"));
	cgroups_put(c, &u, 17, text("/system.slice/a\\x2db.service"));
	CHECK_EQ(t.cgroup, u.cgroup);
	CHECK(t.have & TASK_HAVE_CGROUP && t.cgroup_id == 17);
	g = cgroups_get(c, t.cgroup);
	CHECK(is(g->path, "/system.slice/a\\x2db.service") && is(g->unit, "a-b.service"));
	CHECK(is(g->compressed, "/[S]/a\\x2db") && !g->container.n && !g->name.n);
	cgroups_put(c, &u, 18, text("/lxc.payload.web"));
	g = cgroups_get(c, u.cgroup);
	CHECK(u.cgroup != t.cgroup && g->runtime == RUNTIME_LXC && is(g->name, "web"));
	CHECK_EQ(cgroups_get(c, CGROUPS_MAX)->path.n, 0);
	cgroups_free(c);
}

/* More than there is room for, twice over: the last find none, and those that
 * nobody is in any more make room again. */
static void room(void)
{
	enum { TASKS = 64 };
	struct cgroups *c;
	struct task_table table;
	char path[64];

	CHECK_EQ(cgroups_new(&c), 0);
	CHECK_EQ(task_table_init(&table, TASKS), 0);
	for (u32 round = 0; round < 3; round++) {
		struct task t = {0};
		u32 kept = 0;

		for (u32 i = 0; i < CGROUPS_MAX + 100; i++) {
			t.cgroup = 0;
			cgroups_put(c, &t, i, (struct bytes){(unsigned char *)path, (size_t)snprintf(path, sizeof(path),
				    "/round-%u/%u.service", round, i)});
			kept += t.cgroup && is(cgroups_get(c, t.cgroup)->path, path);
		}
		CHECK_ROW(round, kept >= CGROUPS_MAX - 300 && kept < CGROUPS_MAX);
		/* two refreshes in which nobody is in them */
		for (u32 i = 0; i < 3; i++)
			cgroups_update(c, &table, NULL, (struct cgroups_want){0});
	}
	task_table_free(&table);
	cgroups_free(c);
}

/* A process without an id is looked up by its own file. */
static void own(void)
{
	struct cgroups *c;
	struct task_table table;
	struct task *t;

	CHECK_EQ(cgroups_new(&c), 0);
	CHECK_EQ(task_table_init(&table, 4), 0);
	t = task_table_add(&table, (u32)getpid());
	t->tgid = t->pid;
	cgroups_update(c, &table, NULL, (struct cgroups_want){0});
	CHECK_EQ(t->cgroup, 0);
	cgroups_update(c, &table, NULL, (struct cgroups_want){.files = true, .each = true});
	CHECK(cgroups_get(c, t->cgroup)->path.n);
	CHECK_EQ(cgroups_get(c, t->cgroup)->path.p[0], '/');
	task_table_free(&table);
	cgroups_free(c);
}

static void json(void)
{
	static const struct {
		const char *text, *key;
		u32 depth;
		const char *want;
	} row[] = {
		{"{\"Name\":\"/web\"}", "Name", 1, "/web"},
		{"{\"Config\":{\"Name\":\"no\"},\"Args\":[\"Name\",\"x\"],\"Name\" : \"/web\"}", "Name", 1, "/web"},
		{"{\"Config\":{\"Labels\":{\"Name\":\"no\"}}}", "Name", 1, ""},
		{"{\"a\":\"Name\",\"b\":\"\\\"Name\\\":\\\"no\\\"\",\"Name\":\"yes\"}", "Name", 1, "yes"},
		{"{\"annotations\":{\n \"k\": \"v\"\n}}", "k", 2, "v"},
		{",\"names\":[\"web\",\"alias\"],\"x\":1},{\"names\":[\"other\"]", "names", 0, "web"},
		{",\"x\":1},{\"id\":\"2\",\"names\":[\"other\"]", "names", 0, ""},
		{"{\"Name\":\"a\\u0041\"}", "Name", 1, ""},
		{"{\"Name\":12,\"Name\":\"x\"}", "Name", 1, "x"},
		{"{\"Name\":null}", "Name", 1, ""}, {"{\"Name\":[]}", "Name", 1, ""},
		{"{\"Name\":\"cut", "Name", 1, ""}, {"{\"Name\":", "Name", 1, ""}, {"{\"Name\"", "Name", 1, ""},
		{"{\"Name\\", "Name", 1, ""}, {"\"\\", "", 0, ""}, {"", "Name", 0, ""}, {"}", "Name", 0, ""},
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++)
		CHECK_ROW(i, is(json_string_at(text(row[i].text), row[i].key, row[i].depth), row[i].want));
}

TESTS(cgroups, {"nobody", nobody}, {"entries", entries}, {"room", room}, {"own", own}, {"json", json});
