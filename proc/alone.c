/* proc/alone.c - see proc/alone.h. */
#include "proc/alone.h"
#include "proc/act_impl.h"
#include "proc/pidfiles.h"
#include "proc/privilege.h"
#include "proc/procfile.h"
#include "proc/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PREFIX "pitstop-alone."

enum {
	TYPE_ROOM = 32, NAME_ROOM = 96, STAT_ROOM = 1024,
	ROUNDS = 8,			/* who is moved may have had children on the way */
	REMOVE_TRIES = 20, REMOVE_MS = 1,	/* the dying are gone a moment after they were moved */
};

bool alone_parse(struct alone *a, const char *path)
{
	const char *last = strrchr(path, '/');
	struct scan s;

	last = last ? last + 1 : path;
	s = scan_of((struct bytes){(const u8 *)last, strlen(last)});
	return SCAN_LIT(&s, PREFIX) && scan_u32(&s, &a->who.pid) && scan_byte(&s, '.') &&
	       scan_u64(&s, &a->who.start_boot_ns) && scan_byte(&s, '.') && scan_u64(&s, &a->home) &&
	       !scan_left(&s) && a->who.pid && a->home;
}

static void name_write(char room[static NAME_ROOM], const struct alone *a)
{
	size_t n = strlen(PREFIX);

	memcpy(room, PREFIX, n);
	n += put_u64(room + n, a->who.pid);
	room[n++] = '.';
	n += put_u64(room + n, a->who.start_boot_ns);
	room[n++] = '.';
	n += put_u64(room + n, a->home);
	room[n] = 0;
}

/* ---- may it be moved? ---- */

/* v2 alone has types; the root has no file of it. */
static bool type_has(int dir, const char *word)
{
	struct bytes text;
	char buf[TYPE_ROOM];

	return !cgroup_read(dir, "cgroup.type", buf, sizeof(buf), &text) &&
	       memmem(text.p, text.n, word, strlen(word));
}

/* The start as /proc gives it, and that it is no kernel thread. */
static int learn(struct task_id *who)
{
	const struct proc_units units = {
		.page_size = page_size(), .ticks_per_s = ticks_per_second(),
	};
	char path[ACT_PATH], buf[STAT_ROOM];
	struct task t = {0};
	struct bytes text;
	int err = procfile_read_at(-1, act_path(path, who->pid, "/stat"), buf, sizeof(buf), &text), same;

	if (!err)
		err = pid_stat_parse(&t, text, &units);
	same = act_check(*who);		/* last: then it was the same when its file was read */
	err = same ? same : err;
	who->start_boot_ns = t.start_boot_ns;
	return err ? err : t.kernel ? -EINVAL : 0;
}

struct together {
	const struct hierarchy *h;
	const char *path;
};

static int thread_together(u32 tid, const void *arg)
{
	const struct together *t = arg;
	char path[CGROUP_PATH];
	int err = cgroup_of(t->h, tid, path);

	return err ? err : strcmp(path, t->path) ? -EXDEV : 0;
}

struct company {
	u32 pid, others;
};

static bool is_company(void *arg, u32 pid)
{
	struct company *c = arg;

	c->others += pid != c->pid;
	return !c->others;
}

static bool company_in(void *arg, int dir, const char *path)
{
	struct company *c = arg;

	(void)path;
	if (!c->others && cgroup_pids(dir, is_company, c))
		c->others = 1;		/* it cannot be told */
	return !c->others;
}

static bool has_company(const struct hierarchy *h, const char *path, u32 pid)
{
	struct company c = {pid, 0};

	return !path[1] || cgroup_walk(h, path, company_in, &c) || c.others;
}

/* ---- there ---- */

static int remove_empty(int above, const char *name)
{
	const struct timespec pause = {0, REMOVE_MS * NSEC_PER_MSEC};
	int err = 0;

	for (u32 i = 0; i < REMOVE_TRIES; i++) {
		privilege_load_begin();
		err = unlinkat(above, name, AT_REMOVEDIR) && errno != ENOENT ? -errno : 0;
		privilege_load_end();
		if (err != -EBUSY)
			break;
		nanosleep(&pause, NULL);
	}
	return err;
}

struct move {
	int to;
	u32 moved, left;
	int err;
};

static bool move_one(void *arg, u32 pid)
{
	struct move *m = arg;
	int err = cgroup_put_pid(m->to, pid);

	m->moved += !err;
	if (err && err != -ESRCH) {
		m->left++;
		m->err = m->err ? m->err : err;
	}
	return true;
}

static int move_all(int from, int to, u32 *left)
{
	struct move m = {.to = to};

	for (u32 i = 0; i < ROUNDS; i++) {
		m.moved = m.left = 0;
		m.err = 0;
		cgroup_pids(from, move_one, &m);
		if (!m.moved)
			break;
	}
	*left = m.left;
	return m.err;
}

/* The directory is there, and frozen, before the process is in it: whom it has
 * as a child from then on is born frozen. */
static int move_into(int dir, const struct hierarchy *h, struct task_id who, int home)
{
	bool v1 = h->id == HIERARCHY_FREEZER;
	u32 left;
	int err;

	if (type_has(dir, "invalid"))
		return -EOPNOTSUPP;
	err = v1 ? cgroup_write(dir, "freezer.state", "FROZEN", 6) : cgroup_write(dir, "cgroup.freeze", "1", 1);
	/* the C library's own is 640 bytes, for a flag not used here */
	if (err == -ENOENT && !syscall(SYS_faccessat, dir, "cgroup.procs", F_OK))
		return -ENOSYS;
	if (!err)
		err = cgroup_put_pid(dir, who.pid);
	if (!err && act_check(who)) {	/* it ended, and somebody else was given the number */
		move_all(dir, home, &left);
		err = -ESRCH;
	}
	return err == -ENODEV ? -ENOENT : err;
}

/* Beside home, whose inode is in the name. */
static int make_and_move(const struct hierarchy *h, struct task_id who, int home, char path[static CGROUP_PATH])
{
	struct alone a = {who, 0};
	char name[NAME_ROOM];
	size_t n = cgroup_parent(path), len;
	struct stat st;
	int above, dir, err;

	if (fstat(home, &st))
		return -errno;
	a.home = st.st_ino;
	name_write(name, &a);
	len = strlen(name);
	if (n + len + 2 > CGROUP_PATH)
		return -ENAMETOOLONG;
	path[n] = 0;
	above = cgroup_open(h, path);
	if (above < 0)
		return above;
	n -= n == 1;			/* the root's own slash */
	path[n] = '/';
	memcpy(path + n + 1, name, len + 1);
	/* it may be there: left by one that was ended before it had moved anybody */
	privilege_load_begin();
	err = mkdirat(above, name, 0755) && errno != EEXIST ? -errno : 0;
	privilege_load_end();
	dir = err ? err : cgroup_open(h, path);
	err = dir < 0 ? dir : move_into(dir, h, who, home);
	if (dir >= 0)
		close(dir);
	if (err)
		(void)!remove_empty(above, name);
	close(above);
	return err;
}

int alone_freeze(struct freeze_job *job, const struct hierarchy *h, struct task_id who,
		 char path[static CGROUP_PATH], u32 budget_ms)
{
	struct together t = {h, path};
	struct alone a;
	int err, home;

	*job = (struct freeze_job){.dir = -1, .state = -1, .done = true};
	err = learn(&who);
	err = err ? err : cgroup_of(h, who.pid, path);
	err = err ? err : act_on(who, false, thread_together, &t);
	if (!err && !alone_parse(&a, path) && has_company(h, path, who.pid)) {
		home = cgroup_open(h, path);
		if (home < 0)
			return job->err = home;
		err = type_has(home, "threaded") && !type_has(home, "domain") ? -EOPNOTSUPP
									      : make_and_move(h, who, home, path);
		close(home);
	}
	if (err)
		return job->err = err;
	freeze_begin(job, h, path, true, budget_ms);
	if (job->err == -EOPNOTSUPP)
		job->err = -ENOSYS;
	return job->done ? job->err : 0;
}

/* ---- and back ---- */

/* The one of a directory's that has the inode, its name behind path's n bytes. */
static bool find_inode(int above, u64 inode, char *path, size_t n)
{
	struct dirscan d;
	struct stat st;
	const char *name;

	dirscan_begin(&d, above);
	while ((name = dirscan_next(&d))) {
		size_t len = strlen(name);

		if (*name == '.' || n + len + 2 > CGROUP_PATH || fstatat(above, name, &st, AT_SYMLINK_NOFOLLOW) ||
		    st.st_ino != inode || !S_ISDIR(st.st_mode))
			continue;
		path[n] = '/';
		memcpy(path + n + 1, name, len + 1);
		return true;
	}
	return false;
}

int alone_home(const struct hierarchy *h, const char *path, char home[static CGROUP_PATH])
{
	size_t n = cgroup_parent(path);
	struct stat st;
	struct alone a;
	int above;
	bool found;

	if (!alone_parse(&a, path))
		return -EINVAL;
	memcpy(home, path, n);
	home[n] = 0;
	above = cgroup_open(h, home);
	if (above < 0)
		return above;
	found = (!fstat(above, &st) && st.st_ino == a.home) || find_inode(above, a.home, home, n - (n == 1));
	close(above);
	return found ? 0 : -ENOENT;
}

/* Who could not go home goes on where it is. */
static int let_go(const struct hierarchy *h, const char *path, int err)
{
	struct freeze_job job;

	freeze_begin(&job, h, path, false, FREEZE_BUDGET_MS);
	(void)!freeze_wait(&job);
	freeze_end(&job);
	return err;
}

static bool count_one(void *arg, u32 pid)
{
	(void)pid;
	++*(u32 *)arg;
	return true;
}

int alone_thaw(const struct hierarchy *h, const char *path, u32 *left)
{
	char home[CGROUP_PATH];
	int from = cgroup_open(h, path), to, err;

	*left = 0;
	if (from < 0)
		return from;
	cgroup_pids(from, count_one, left);
	err = *left ? alone_home(h, path, home) : 0;	/* nobody is in it: nowhere to go */
	if (freeze_above(h, path) || (*left && !err && freeze_state(h, home) == 1)) {
		close(from);
		return -EBUSY;
	}
	to = err ? err : *left ? cgroup_open(h, home) : -1;
	if (!err && *left)
		err = to < 0 ? to : move_all(from, to, left);
	if (to >= 0)
		close(to);
	close(from);
	if (err)
		return let_go(h, path, err);
	return remove_empty(h->fd, path + 1);
}

struct each {
	alone_fn *fn;
	void *arg;
};

static bool see(void *arg, int dir, const char *path)
{
	struct each *e = arg;
	struct alone a;

	(void)dir;
	if (alone_parse(&a, path))
		e->fn(e->arg, &a, path);
	return true;
}

int alone_each(const struct hierarchy *h, alone_fn *fn, void *arg)
{
	struct each e = {fn, arg};

	return cgroup_walk(h, "/", see, &e);
}
