/* proc/freeze.c - see proc/freeze.h. */
#include "proc/freeze.h"
#include "proc/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	AGAIN_MS = 10,			/* v1 tells nobody when it is frozen */
	STATE_ROOM = 512,
	KILL_ROUNDS = 64,		/* each ends whom the one before had as a child */
	KILL_PAUSE_MS = 2,
	NR_PIDFD_SEND_SIGNAL = 424, NR_PIDFD_OPEN = 434,
};

static const char *state_file(bool v1)
{
	return v1 ? "freezer.state" : "cgroup.events";
}

/* "populated 1\nfrozen 0\n"; "FROZEN\n" of v1, FREEZING is not yet.  -EOPNOTSUPP: nothing is said. */
static int state_in(struct bytes text, bool v1)
{
	struct scan s = scan_of(text), line;
	u64 on;

	if (v1)
		return SCAN_LIT(&s, "FROZEN");
	while (scan_line(&s, &line))
		if (SCAN_LIT(&line, "frozen") && scan_u64(&line, &on))
			return on != 0;
	return -EOPNOTSUPP;
}

static int read_state(int fd, bool v1)
{
	char buf[STATE_ROOM];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);

	return n < 0 ? -errno : state_in((struct bytes){(u8 *)buf, (size_t)n}, v1);
}

int freeze_state(const struct hierarchy *h, const char *path)
{
	bool v1 = h->id == HIERARCHY_FREEZER;
	char buf[STATE_ROOM];
	struct bytes text;
	int dir = cgroup_open(h, path), err;

	if (dir < 0)
		return dir;
	err = cgroup_read(dir, state_file(v1), buf, sizeof(buf), &text);
	close(dir);
	return err == -ENOENT ? -EOPNOTSUPP : err ? err : state_in(text, v1);
}

/* Whether it was told to, whatever those above were. */
static bool frozen_itself(const struct hierarchy *h, const char *path)
{
	const char *file = h->id == HIERARCHY_FREEZER ? "freezer.self_freezing" : "cgroup.freeze";
	struct bytes text = {0};
	char buf[8];
	int dir = cgroup_open(h, path), err;

	if (dir < 0)
		return false;
	err = cgroup_read(dir, file, buf, sizeof(buf), &text);
	close(dir);
	return !err && text.n && *text.p == '1';
}

size_t freeze_above(const struct hierarchy *h, const char *path)
{
	char above[CGROUP_PATH];
	size_t n = strlen(path);

	memcpy(above, path, n + 1);
	while ((n = cgroup_parent(above)) > 1) {
		above[n] = 0;
		if (frozen_itself(h, above))
			return n;
	}
	return 0;
}

/* ---- a job ---- */

static void finish(struct freeze_job *job, int err)
{
	job->done = true;
	job->err = err;
}

/* A directory without the file is one that vanished, or cannot be frozen. */
static int not_there(int dir)
{
	struct stat st;

	return fstatat(dir, "cgroup.procs", &st, 0) || fstat(dir, &st) || !st.st_nlink ? -ENOENT : -EOPNOTSUPP;
}

void freeze_begin(struct freeze_job *job, const struct hierarchy *h, const char *path, bool freeze, u32 budget_ms)
{
	bool v1 = h->id == HIERARCHY_FREEZER;
	const char *word = v1 ? (freeze ? "FROZEN" : "THAWED") : (freeze ? "1" : "0");
	int err;

	*job = (struct freeze_job){.dir = cgroup_open(h, path), .state = -1, .v1 = v1, .freeze = freeze};
	job->until_ns = clock_ns(CLOCK_MONOTONIC) + (u64)budget_ms * NSEC_PER_MSEC;
	if (job->dir < 0) {
		finish(job, job->dir);
		return;
	}
	if (!freeze && freeze_above(h, path)) {
		finish(job, -EBUSY);
		return;
	}
	err = cgroup_write(job->dir, v1 ? "freezer.state" : "cgroup.freeze", word, strlen(word));
	if (!err) {
		job->state = openat(job->dir, state_file(v1), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		err = job->state < 0 ? -errno : 0;
	}
	if (err)
		finish(job, err == -ENOENT ? not_there(job->dir) : err == -ENODEV ? -ENOENT : err);
	else
		freeze_step(job);
}

bool freeze_step(struct freeze_job *job)
{
	u64 now = clock_ns(CLOCK_MONOTONIC);
	int is;

	if (job->done)
		return true;
	is = read_state(job->state, job->v1);
	if (is < 0)
		finish(job, is == -ENODEV ? -ENOENT : is);
	else if (is == (int)job->freeze)
		finish(job, 0);
	else if (now >= job->until_ns)
		finish(job, -ETIMEDOUT);
	job->next_ns = MIN(job->until_ns, job->v1 ? now + (u64)AGAIN_MS * NSEC_PER_MSEC : UINT64_MAX);
	return job->done;
}

int freeze_fd(const struct freeze_job *job)
{
	return job->done || job->v1 ? -1 : job->state;
}

u64 freeze_next_ns(const struct freeze_job *job)
{
	return job->done ? UINT64_MAX : job->next_ns;
}

int freeze_wait(struct freeze_job *job)
{
	while (!freeze_step(job)) {
		struct pollfd p = {.fd = freeze_fd(job), .events = POLLPRI};
		u64 now = clock_ns(CLOCK_MONOTONIC);

		poll(&p, 1, job->next_ns > now ? (int)((job->next_ns - now) / NSEC_PER_MSEC) + 1 : 0);
	}
	return job->err;
}

void freeze_end(struct freeze_job *job)
{
	if (job->dir >= 0)
		close(job->dir);
	if (job->state >= 0)
		close(job->state);
	job->dir = job->state = -1;
	job->done = true;
}

/* ---- who did not ---- */

struct awake {
	u32 *pid;
	u32 n, cap;
};

/* R, or D that is not v1's own: who is frozen by v2 sleeps as anybody. */
static bool thread_awake(int task, const char *tid)
{
	char name[32], buf[1024];
	struct bytes text;
	const u8 *p;
	size_t n = strlen(tid);

	if (n + 6 > sizeof(name))
		return false;
	memcpy(name, tid, n);
	memcpy(name + n, "/stat", 6);
	if (cgroup_read(task, name, buf, sizeof(buf), &text))
		return false;
	p = memrchr(text.p, ')', text.n);
	if (!p || p + 2 >= text.p + text.n || (p[2] != 'R' && p[2] != 'D'))
		return false;
	memcpy(name + n, "/wchan", 7);
	return p[2] == 'R' || cgroup_read(task, name, buf, sizeof(buf), &text) ||
	       text.n != strlen("__refrigerator") || memcmp(text.p, "__refrigerator", text.n) != 0;
}

static bool see_awake(void *arg, u32 pid)
{
	struct awake *a = arg;
	char path[32] = "/proc/";
	struct dirscan d;
	const char *tid;
	bool awake = false;
	int fd;

	memcpy(path + 6 + put_u64(path + 6, pid), "/task", 6);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return true;
	dirscan_begin(&d, fd);
	while (!awake && (tid = dirscan_next(&d)))
		awake = *tid != '.' && thread_awake(fd, tid);
	close(fd);
	if (awake && a->n < a->cap)
		a->pid[a->n] = pid;
	a->n += awake;
	return true;
}

static bool awake_in(void *arg, int dir, const char *path)
{
	(void)path;
	cgroup_pids(dir, see_awake, arg);
	return true;
}

u32 freeze_awake(const struct hierarchy *h, const char *path, u32 *pid, u32 cap)
{
	struct awake a = {pid, 0, cap};

	cgroup_walk(h, path, awake_in, &a);
	return a.n;
}

/* ---- ending them ---- */

/* Checked by its file between the two: a pidfd is of whoever had the number
 * then, and only who is in the cgroup is hit. */
struct killing {
	const struct hierarchy *h;
	const char *path;
	u32 met;
	int err;
};

static bool kill_one(void *arg, u32 pid)
{
	struct killing *k = arg;
	char now[CGROUP_PATH];
	int fd = (int)syscall(NR_PIDFD_OPEN, pid, 0);

	if (fd < 0 && errno == ESRCH)
		return true;
	if (!cgroup_of(k->h, pid, now) && cgroup_within(now, k->path)) {
		k->met++;
		if (fd >= 0 ? syscall(NR_PIDFD_SEND_SIGNAL, fd, SIGKILL, NULL, 0) : kill((pid_t)pid, SIGKILL))
			k->err = k->err || errno == ESRCH ? k->err : -errno;
	}
	if (fd >= 0)
		close(fd);
	return true;
}

static bool kill_in(void *arg, int dir, const char *path)
{
	const struct killing *k = arg;

	(void)path;
	cgroup_pids(dir, kill_one, arg);
	/* v1 lets nobody end who is frozen */
	if (k->h->id == HIERARCHY_FREEZER)
		(void)!cgroup_write(dir, "freezer.state", "THAWED", 6);
	return true;
}

int freeze_kill(const struct hierarchy *h, const char *path)
{
	const struct timespec pause = {0, KILL_PAUSE_MS * NSEC_PER_MSEC};
	struct killing k = {h, path, 0, 0};
	int dir = cgroup_open(h, path), err;

	if (dir < 0)
		return dir;
	err = path[1] ? cgroup_write(dir, "cgroup.kill", "1", 1) : -EOPNOTSUPP;
	close(dir);
	if (err != -ENOENT)
		return err;
	for (u32 i = 0; i < KILL_ROUNDS; i++) {
		k.met = 0;
		k.err = 0;
		err = cgroup_walk(h, path, kill_in, &k);
		if (err || k.err || !k.met)
			return err ? err : k.err;
		nanosleep(&pause, NULL);
	}
	return -EAGAIN;
}
