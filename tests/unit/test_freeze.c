/* tests/unit/test_freeze.c - cgroups of our own, with children of our own in them. */
#include "proc/freeze.h"
#include "tests/unit/own.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct cgroupfs fs;
static u64 *counter;		/* shared with the child */

static u64 count(void)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

struct counted {
	char path[64];
	pid_t pid;
};

/* A cgroup below the root with a child in it that counts; false: not here. */
static bool counted_new(struct counted *c, const struct hierarchy *h)
{
	size_t n = strlen("/unit-freeze-");
	int dir;

	memcpy(c->path, "/unit-freeze-", n);
	c->path[n + put_u64(c->path + n, (u64)getpid())] = 0;
	if (h->fd < 0 || mkdirat(h->fd, c->path + 1, 0755)) {
		test_skip("no cgroup can be made here");
		return false;
	}
	counter = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	c->pid = fork();
	while (!c->pid)
		__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
	dir = cgroup_open(h, c->path);
	CHECK(dir >= 0);
	CHECK_EQ(cgroup_put_pid(dir, (u32)c->pid), 0);
	close(dir);
	return true;
}

static void counted_free(struct counted *c, const struct hierarchy *h)
{
	CHECK_EQ(freeze_kill(h, c->path), 0);
	CHECK_EQ(waitpid(c->pid, NULL, 0), c->pid);
	for (u32 i = 0; i < 1000 && unlinkat(h->fd, c->path + 1, AT_REMOVEDIR) && errno == EBUSY; i++)
		usleep(1000);
	CHECK_EQ(faccessat(h->fd, c->path + 1, F_OK, 0), -1);
	munmap(counter, 4096);
}

static int freeze_one(const struct hierarchy *h, const char *path, bool freeze)
{
	struct freeze_job job;
	int err;

	freeze_begin(&job, h, path, freeze, 60000);
	err = freeze_wait(&job);
	freeze_end(&job);
	return err;
}

static void stands_still(const struct hierarchy *h)
{
	struct counted c;
	u32 pid[2];
	u64 was;

	if (!counted_new(&c, h))
		return;
	while (!count())
		usleep(1000);
	CHECK_EQ(freeze_state(h, c.path), 0);
	CHECK_EQ(freeze_awake(h, c.path, pid, 2), 1);
	CHECK_EQ(pid[0], c.pid);
	CHECK_EQ(freeze_one(h, c.path, true), 0);
	was = count();
	CHECK_EQ(freeze_state(h, c.path), 1);
	CHECK_EQ(freeze_awake(h, c.path, pid, 2), 0);
	usleep(50000);
	CHECK_EQ(count(), was);
	CHECK_EQ(freeze_one(h, c.path, false), 0);
	for (u32 i = 0; i < 10000 && count() == was; i++)
		usleep(1000);
	CHECK(count() > was);
	CHECK_EQ(freeze_one(h, c.path, true), 0);
	counted_free(&c, h);		/* who is frozen is ended, too */
}

static void v2(void)
{
	cgroupfs_open(&fs);
	stands_still(&fs.h[HIERARCHY_V2]);
	cgroupfs_close(&fs);
}

static void v1(void)
{
	cgroupfs_open(&fs);
	stands_still(&fs.h[HIERARCHY_FREEZER]);
	cgroupfs_close(&fs);
}

/* v1 lets nobody end who is frozen, further below, too. */
static void frozen_below_is_ended(void)
{
	const struct hierarchy *h = &fs.h[HIERARCHY_FREEZER];
	char below[CGROUP_PATH];
	struct counted c;
	int dir;

	cgroupfs_open(&fs);
	if (!counted_new(&c, h))
		return;
	memcpy(below, c.path, strlen(c.path));
	memcpy(below + strlen(c.path), "/b", 3);
	CHECK_EQ(mkdirat(h->fd, below + 1, 0755), 0);
	dir = cgroup_open(h, below);
	CHECK_EQ(cgroup_put_pid(dir, (u32)c.pid), 0);
	close(dir);
	CHECK_EQ(freeze_one(h, below, true), 0);
	CHECK_EQ(freeze_kill(h, c.path), 0);
	CHECK_EQ(freeze_one(h, below, false), 0);	/* else its end would be waited for in vain */
	for (u32 i = 0; i < 1000 && unlinkat(h->fd, below + 1, AT_REMOVEDIR) && errno == EBUSY; i++)
		usleep(1000);
	counted_free(&c, h);
	cgroupfs_close(&fs);
}

static void ancestors(void)
{
	static const char *const below[] = {"/a", "/a/b"};
	const struct hierarchy *h = &fs.h[HIERARCHY_V2];
	char path[2][CGROUP_PATH];
	struct counted c;
	size_t n;

	cgroupfs_open(&fs);
	if (!counted_new(&c, h))
		return;
	n = strlen(c.path);
	for (u32 i = 0; i < 2; i++) {
		memcpy(path[i], c.path, n);
		memcpy(path[i] + n, below[i], strlen(below[i]) + 1);
		CHECK_EQ(mkdirat(h->fd, path[i] + 1, 0755), 0);
	}
	CHECK_EQ(freeze_above(h, path[1]), 0);
	CHECK_EQ(freeze_one(h, c.path, true), 0);
	CHECK_EQ(freeze_state(h, path[1]), 1);
	CHECK_EQ(freeze_above(h, path[1]), n);
	CHECK_EQ(freeze_one(h, path[1], false), -EBUSY);
	CHECK_EQ(freeze_one(h, c.path, false), 0);
	CHECK_EQ(freeze_state(h, path[1]), 0);
	for (u32 i = 2; i-- > 0;)
		CHECK_EQ(unlinkat(h->fd, path[i] + 1, AT_REMOVEDIR), 0);
	CHECK_EQ(freeze_one(h, path[0], true), -ENOENT);
	CHECK_EQ(freeze_one(h, "/", true), -EOPNOTSUPP);
	CHECK_EQ(freeze_state(h, "/"), -EOPNOTSUPP);
	counted_free(&c, h);
	cgroupfs_close(&fs);
}

static void paths(void)
{
	static const struct hierarchy whole = {.place = "/sys/fs/cgroup/unified", .root = "/"};
	static const struct hierarchy part = {.place = "/sys/fs/cgroup", .root = "/docker/ab"};
	static const struct {
		const struct hierarchy *h;
		const char *text, *path;
		int err;
	} row[] = {
		{&whole, "/", "/", 0}, {&whole, "/a/b", "/a/b", 0}, {&whole, "//a///b/", "/a/b", 0},
		{&whole, "/sys/fs/cgroup/unified/a", "/a", 0}, {&whole, "/sys/fs/cgroup/unified", "/", 0},
		{&whole, "/sys/fs/cgroup/unifiedx", "/sys/fs/cgroup/unifiedx", 0},
		{&whole, "a", "", -EINVAL}, {&whole, "", "", -EINVAL}, {&whole, "/a/../b", "", -ENOENT},
		{&whole, "/a/./b", "/a/b", 0}, {&whole, "/..a/b..", "/..a/b..", 0},
		{&part, "/docker/ab/x", "/x", 0}, {&part, "/docker/ab", "/", 0}, {&part, "/docker/abc", "", -ENOENT},
		{&part, "/", "", -ENOENT}, {&part, "/sys/fs/cgroup/x", "/x", 0}, {&part, "/../x", "", -ENOENT},
	};
	char path[CGROUP_PATH], long_one[CGROUP_PATH + 8];

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		struct bytes text = {(const u8 *)row[i].text, strlen(row[i].text)};

		CHECK_EQ_ROW(i, cgroup_path(row[i].h, text, path), row[i].err);
		if (!row[i].err)
			CHECK_STR_ROW(i, path, row[i].path);
	}
	memset(long_one, 'x', sizeof(long_one));
	long_one[0] = '/';
	CHECK_EQ(cgroup_path(&whole, (struct bytes){(u8 *)long_one, sizeof(long_one)}, path), -ENAMETOOLONG);
	CHECK_EQ(cgroup_parent("/a/b"), 2);
	CHECK_EQ(cgroup_parent("/a"), 1);
	CHECK(cgroup_within("/a/b", "/a") && cgroup_within("/a", "/a") && cgroup_within("/a", "/"));
	CHECK(!cgroup_within("/ab", "/a") && !cgroup_within("/", "/a"));
}

TESTS(freeze, {"v2", v2}, {"v1", v1}, {"frozen_below_is_ended", frozen_below_is_ended}, {"ancestors", ancestors}, {"paths", paths});
