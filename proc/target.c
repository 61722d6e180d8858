/* proc/target.c - see proc/target.h. */
#include "proc/target.h"
#include "proc/cgroup_path.h"
#include "proc/container_name.h"
#include "proc/pidfiles.h"
#include "proc/procfile.h"
#include "proc/scan.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

enum { STAT_ROOM = 1024, ID_LEAST = 4 };	/* shorter beginnings of an id are guesses */

const char *target_parse(struct target *t, const char *text)
{
	static const char *const kind[] = {"pid:", "unit:", "container:", "cgroup:"};
	struct scan s;
	u32 k = 0;

	t->ncandidates = t->candidates_len = 0;
	t->who = (struct task_id){0};
	t->h = NULL;
	while (k < ARRAY_LEN(kind) && strncmp(text, kind[k], strlen(kind[k])) != 0)
		k++;
	if (k == ARRAY_LEN(kind))
		return "neither pid:, unit:, container: nor cgroup:";
	text += strlen(kind[k]);
	t->kind = (enum target_kind)k;
	t->name = (struct bytes){(const u8 *)text, strlen(text)};
	s = scan_of(t->name);
	if (!t->name.n)
		return "nothing is named";
	if (k == TARGET_PID && (scan_is_blank(*t->name.p) || !scan_u32(&s, &t->who.pid) || scan_left(&s) ||
				!t->who.pid || t->who.pid > INT_MAX))
		return "not a process number";
	return k == TARGET_CGROUP && *t->name.p != '/' ? "a path begins with a slash" : NULL;
}

/* ---- names in paths ---- */

static size_t part_end(struct bytes path, const u8 *in)
{
	const u8 *slash = memchr(in, '/', (size_t)(path.p + path.n - in));

	return slash ? (size_t)(slash - path.p) : path.n;
}

size_t target_owner_path(struct bytes path, enum target_kind kind)
{
	struct cgroup_owner owner;
	struct bytes b;

	cgroup_owner_of(&owner, path);
	b = kind == TARGET_UNIT ? owner.unit : owner.monitor ? (struct bytes){0} : owner.container;
	return b.n ? part_end(path, b.p) : 0;
}

static bool same(struct bytes a, struct bytes b)
{
	return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

static bool contains(struct bytes text, struct bytes part)
{
	return part.n && memmem(text.p, text.n, part.p, part.n);
}

static void add_candidate(struct target *t, struct bytes name)
{
	if (t->ncandidates++ >= CANDIDATES || name.n + 1 > sizeof(t->candidates) - t->candidates_len)
		return;
	memcpy(t->candidates + t->candidates_len, name.p, name.n);
	t->candidates_len += name.n;
	t->candidates[t->candidates_len++] = 0;
}

/* ---- looking for them ---- */

enum match { MATCH_NONE, MATCH_LIKE, MATCH_IT };

struct search {
	struct target *t;
	u32 found;
	struct bytes shown;		/* of the last: what a candidate is called */
	char name[NAME_MAX + CONTAINER_NAME];
};

/* As systemctl does, a name without a type is a service's. */
static enum match match_unit(struct search *s, const struct cgroup_owner *o)
{
	struct bytes want = s->t->name, unit = {(u8 *)s->name, unit_unescape(o->unit, s->name)};

	s->shown = unit;
	if (same(unit, want) || same(o->unit, want) ||
	    (unit.n == want.n + 8 && !memcmp(unit.p, want.p, want.n) && !memcmp(unit.p + want.n, ".service", 8)))
		return MATCH_IT;
	return contains(unit, want) ? MATCH_LIKE : MATCH_NONE;
}

static bool id_begins(struct bytes id, struct bytes want)
{
	return want.n >= ID_LEAST && want.n <= id.n && !memcmp(id.p, want.p, want.n);
}

static enum match match_container(struct search *s, const struct cgroup_owner *o)
{
	struct bytes want = s->t->name, name = {(u8 *)s->name, 0}, tail;

	name.n = o->named ? unit_unescape(o->container, s->name) : container_name(o->runtime, o->container, s->name);
	s->shown = name.n ? name : o->container;
	tail = name;			/* of a pod's: "pod/container" */
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '/')
			tail = (struct bytes){name.p + i + 1, name.n - i - 1};
	if (same(name, want) || same(tail, want) || (!o->named && id_begins(o->container, want)))
		return MATCH_IT;
	return contains(name, want) ? MATCH_LIKE : MATCH_NONE;
}

/* Two of a name are told apart by their paths. */
static void found(struct search *s, struct bytes path)
{
	struct target *t = s->t;

	if (s->found++) {
		if (s->found == 2) {
			t->ncandidates = t->candidates_len = 0;
			add_candidate(t, (struct bytes){(u8 *)t->path, strlen(t->path)});
		}
		add_candidate(t, path);
		return;
	}
	memcpy(t->path, path.p, path.n);
	t->path[path.n] = 0;
}

static bool look(void *arg, int dir, const char *path)
{
	struct search *s = arg;
	struct bytes p = {(const u8 *)path, strlen(path)};
	bool unit = s->t->kind == TARGET_UNIT;
	struct cgroup_owner o;
	enum match m;

	(void)dir;
	if (target_owner_path(p, s->t->kind) != p.n)
		return true;
	cgroup_owner_of(&o, p);
	m = unit ? match_unit(s, &o) : match_container(s, &o);
	if (m == MATCH_IT)
		found(s, p);
	else if (m == MATCH_LIKE && !s->found)
		add_candidate(s->t, s->shown);
	return true;
}

static int find_named(struct target *t, const struct cgroupfs *fs)
{
	int err = -ENODEV;

	for (u32 i = 0; i < HIERARCHIES; i++) {
		struct search s = {.t = t};

		if (fs->h[i].fd < 0)
			continue;
		err = cgroup_walk(&fs->h[i], "/", look, &s);
		t->h = &fs->h[i];
		if (err || s.found)
			return err ? err : s.found > 1 ? -EEXIST : 0;
		err = -ENOENT;
	}
	return err;
}

static int find_path(struct target *t, const struct cgroupfs *fs)
{
	int err = -ENODEV;

	for (u32 i = 0; i < HIERARCHIES; i++) {
		int dir;

		if (fs->h[i].fd < 0)
			continue;
		t->h = &fs->h[i];
		err = cgroup_path(t->h, t->name, t->path);
		if (err)
			continue;
		dir = cgroup_open(t->h, t->path);
		if (dir >= 0)
			close(dir);
		err = dir < 0 ? dir : 0;
		if (!err)
			return 0;
	}
	return err;
}

static int find_pid(struct target *t)
{
	const struct proc_units units = {
		.page_size = page_size(), .ticks_per_s = ticks_per_second(),
	};
	char path[32] = "/proc/", buf[STAT_ROOM];
	struct task task = {0};
	struct bytes text;
	int err;

	memcpy(path + 6 + put_u64(path + 6, t->who.pid), "/stat", 6);
	err = procfile_read_at(-1, path, buf, sizeof(buf), &text);
	if (!err)
		err = pid_stat_parse(&task, text, &units);
	t->who.start_boot_ns = task.start_boot_ns;
	return err == -ENOENT ? -ESRCH : err;
}

int target_find(struct target *t, const struct cgroupfs *fs)
{
	if (t->kind == TARGET_PID)
		return find_pid(t);
	return t->kind == TARGET_CGROUP ? find_path(t, fs) : find_named(t, fs);
}

const struct hierarchy *target_cgroup(const struct cgroupfs *fs, u32 pid, char path[static CGROUP_PATH])
{
	for (u32 i = 0; i < HIERARCHIES; i++)
		if (!cgroup_of(&fs->h[i], pid, path) && path[1])
			return &fs->h[i];
	return NULL;
}
