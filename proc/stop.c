/* proc/stop.c - see proc/stop.h. */
#include "proc/stop.h"
#include "proc/act_impl.h"
#include "proc/procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* ---- doing ---- */

static void freeze_process(struct stop *s, const struct cgroupfs *fs, u32 budget_ms)
{
	for (u32 i = 0; i < HIERARCHIES; i++) {
		s->h = &fs->h[i];
		if (s->h->fd < 0)
			continue;
		alone_freeze(&s->job, s->h, s->who, s->path, budget_ms);
		if (!s->job.done || s->job.err != -ENOSYS)	/* else v2 without a freezer: before 5.2 */
			return;
	}
}

static void thaw_cgroup(struct stop *s, u32 budget_ms)
{
	struct alone a;

	s->moved = alone_parse(&a, s->path);
	if (s->moved)
		s->job.err = alone_thaw(s->h, s->path, &s->left);
	else
		freeze_begin(&s->job, s->h, s->path, false, budget_ms);
}

static bool count_one(void *arg, u32 pid)
{
	(void)pid;
	return ++*(u32 *)arg < 2;
}

static void thaw_process(struct stop *s, const struct cgroupfs *fs, u32 budget_ms)
{
	u32 people = 0;
	struct alone a;
	int err, dir;

	s->idle = true;
	s->job.err = act_check(s->who);
	for (u32 i = 0; !s->job.err && s->idle && i < HIERARCHIES; i++) {
		s->h = &fs->h[i];
		err = cgroup_of(s->h, s->who.pid, s->path);
		s->idle = err || (!alone_parse(&a, s->path) && freeze_state(s->h, s->path) != 1);
	}
	if (s->idle || s->job.err)
		return;
	dir = cgroup_open(s->h, s->path);
	cgroup_pids(dir, count_one, &people);
	if (dir >= 0)
		close(dir);
	if (people > 1 && !alone_parse(&a, s->path))
		s->job.err = -EXDEV;
	else
		thaw_cgroup(s, budget_ms);
}

void stop_begin(struct stop *s, const struct cgroupfs *fs, u32 budget_ms)
{
	s->job = (struct freeze_job){.dir = -1, .state = -1, .done = true, .err = -ENODEV};
	s->idle = s->moved = false;
	s->left = 0;
	if (s->deed == STOP_KILL)
		s->job.err = freeze_kill(s->h, s->path);
	else if (s->who.pid && s->deed == STOP_FREEZE)
		freeze_process(s, fs, budget_ms);
	else if (s->who.pid)
		thaw_process(s, fs, budget_ms);
	else if (s->deed == STOP_FREEZE)
		freeze_begin(&s->job, s->h, s->path, true, budget_ms);
	else
		thaw_cgroup(s, budget_ms);
	stop_step(s);
}

bool stop_step(struct stop *s)
{
	if (!freeze_step(&s->job))
		return false;
	s->err = s->job.err;
	freeze_end(&s->job);
	return true;
}

int stop_wait(struct stop *s)
{
	(void)!freeze_wait(&s->job);
	stop_step(s);
	return s->err;
}

void stop_end(struct stop *s)
{
	freeze_end(&s->job);
}

/* ---- words ---- */

struct words {
	char *to;
	size_t n;
};

static void put(struct words *w, const char *text, size_t len)
{
	len = MIN(len, STOP_WHY - 1 - w->n);
	memcpy(w->to + w->n, text, len);
	w->n += len;
	w->to[w->n] = 0;
}

static void put_str(struct words *w, const char *text)
{
	put(w, text, strlen(text));
}

static void put_number(struct words *w, u32 n)
{
	char digits[20];

	put(w, digits, put_u64(digits, n));
}

/* As one word of a shell's. */
static void put_word(struct words *w, const char *before, const char *path, const char *after)
{
	put_str(w, "'");
	put_str(w, before);
	for (const char *c = path; *c; c++)
		put(w, *c == '\'' ? "'\\''" : c, *c == '\'' ? 4 : 1);
	put_str(w, after);
	put_str(w, "'");
}

static void put_place(struct words *w, const struct hierarchy *h, const char *path, const char *file)
{
	put_word(w, h->place, path[1] ? path : "", file);
}

void stop_undo(const char *what, const char *path, char hint[static STOP_WHY])
{
	struct words w = {hint, 0};

	put_str(&w, what);
	put_str(&w, "pitstop --thaw ");
	put_word(&w, "cgroup:", path, "");
}

static void put_awake(struct words *w, const struct stop *s)
{
	u32 pid[STOP_AWAKE], n = freeze_awake(s->h, s->path, pid, STOP_AWAKE);

	put_str(w, "not all of it is frozen yet");
	for (u32 i = 0; i < MIN(n, (u32)STOP_AWAKE); i++) {
		char file[32] = "/proc/", comm[32];
		struct bytes text;

		memcpy(file + 6 + put_u64(file + 6, pid[i]), "/comm", 6);
		put_str(w, i ? ", " : ": ");
		put_number(w, pid[i]);
		if (!procfile_read_at(-1, file, comm, sizeof(comm), &text) && text.n > 1) {
			put_str(w, " ");
			put(w, comm, text.n - 1);
		}
	}
	if (n > STOP_AWAKE)
		put_str(w, " and others");
	put_str(w, n ? " still in the kernel" : "");
}

static void put_not_home(struct words *why, struct words *hint, const struct stop *s)
{
	char home[CGROUP_PATH];
	bool gone = alone_home(s->h, s->path, home) != 0;

	put_str(why, gone ? "the cgroup that it came from is gone" : strerror(-s->err));
	put_str(why, "; it goes on in ");
	put_str(why, s->path);
	if (gone) {
		memcpy(home, s->path, cgroup_parent(s->path));
		home[cgroup_parent(s->path)] = 0;
	}
	put_str(hint, gone ? "To put it elsewhere, with the directory of a cgroup for DIR: for p in $(cat "
			   : "To put it back: for p in $(cat ");
	put_place(hint, s->h, s->path, "/cgroup.procs");
	put_str(hint, "); do echo $p > ");
	if (gone)
		put_str(hint, "DIR/cgroup.procs");
	else
		put_place(hint, s->h, home, "/cgroup.procs");
	put_str(hint, "; done; rmdir ");
	put_place(hint, s->h, s->path, "");
}

/* Who has to be thawed before: one above, or where it belongs. */
static const char *held_by(const struct stop *s, char by[static CGROUP_PATH])
{
	size_t n = freeze_above(s->h, s->path);

	memcpy(by, s->path, n);
	by[n] = 0;
	if (n)
		return " above it is frozen";
	return s->moved && !alone_home(s->h, s->path, by) && freeze_state(s->h, by) == 1 ? ", where it belongs, is frozen"
											 : NULL;
}

static const char *plain(const struct stop *s)
{
	bool process = s->who.pid;

	switch (-s->err) {
	case ESRCH:
		return "it has ended";
	case ENOENT:
		return "the cgroup vanished";
	case EPERM:
	case EACCES:
		return "not permitted";
	case EROFS:
		return "cgroups are mounted read-only here";
	case ENODEV:
		return "no hierarchy of cgroups that can freeze is mounted";
	case EINVAL:
		return process ? "a kernel thread cannot be frozen alone" : strerror(EINVAL);
	case ENOSYS:
		return "this kernel's cgroups cannot freeze";
	case EXDEV:
		return s->deed == STOP_THAW ? "it is frozen with others of its cgroup"
					    : "its threads are in several cgroups";
	case EOPNOTSUPP:
		if (process)
			return "its cgroup is threaded: it cannot be moved";
		return s->path[1] ? "this cgroup cannot be frozen" : "the root cgroup cannot be frozen";
	case EAGAIN:
		return s->deed == STOP_KILL ? "some are left" : "no more cgroups are allowed there";
	default:
		return strerror(-s->err);
	}
}

void stop_why(const struct stop *s, char why[static STOP_WHY], char hint[static STOP_WHY])
{
	struct words w = {why, 0}, h = {hint, 0};
	char by[CGROUP_PATH];
	const char *held = s->deed == STOP_THAW && s->err == -EBUSY ? held_by(s, by) : NULL;

	*why = *hint = 0;
	if (s->deed == STOP_FREEZE && s->err == -ETIMEDOUT) {
		put_awake(&w, s);
	} else if (held) {
		put_str(&w, by);
		put_str(&w, held);
		stop_undo("Thaw that: ", by, hint);
	} else if (s->moved && s->left) {
		put_not_home(&w, &h, s);
	} else {
		put_str(&w, plain(s));
		if (s->deed == STOP_THAW && s->err == -EXDEV)
			stop_undo("To thaw them all: ", s->path, hint);
	}
}

const char *const leftover_words[LEFTOVERS] = {
	[LEFT_WHOLE] = "", [LEFT_EMPTY] = "nobody is in it", [LEFT_AWAKE] = "it is not frozen",
	[LEFT_HOMELESS] = "the cgroup that it came from is gone",
};

enum leftover stop_leftover(const struct hierarchy *h, const char *path)
{
	char home[CGROUP_PATH];
	u32 people = 0;
	int dir = cgroup_open(h, path);

	if (dir < 0)
		return LEFT_WHOLE;
	cgroup_pids(dir, count_one, &people);
	close(dir);
	if (!people)
		return LEFT_EMPTY;
	if (alone_home(h, path, home))
		return LEFT_HOMELESS;
	return freeze_state(h, path) == 1 ? LEFT_WHOLE : LEFT_AWAKE;
}
