/* proc/cgroups.c - see proc/cgroups.h. */
#include "proc/cgroups.h"
#include "proc/container_name.h"
#include "proc/procfile.h"
#include "proc/textstore.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
	CGROUP2_MAGIC = 0x63677270,	/* CGROUP2_SUPER_MAGIC, linux/magic.h */
	FILEID_KERNFS_ = 0xfe,		/* include/linux/exportfs.h; Linux 5.5 */
	SLOTS = 2 * CGROUPS_MAX,
	TEXT_FIRST = 1 << 18,
	PATH_ROOM = CGROUP_ROOM,	/* PATH_MAX bounds a path, and there are 14 lines */
	TRIES = 3,			/* to find a path, then it is left */
	IN_TURN = 16,			/* processes looked at again in each refresh */
	YOUNG_S = 3,			/* so long whoever starts a process moves it where it belongs */
	NAMES_AT_ONCE = 16,
	SPARE = 256,			/* entries of cgroups that nobody is in, kept for who comes back */
};

struct entry {
	struct cgroup cgroup;
	u64 key;		/* its id; by_path: a hash of the path */
	u32 seen;		/* round in which a process was last in it */
	u8 tries;
	bool used, by_path, name_asked;
	signed char frozen;		/* cgroup.events, in this round; < 0: not said */
};

struct cgroups {
	struct entry *entry;	/* [CGROUPS_MAX]; the first is nobody's */
	u32 *slot;		/* [SLOTS]: key -> index of entry, open addressing */
	u32 n;			/* entries ever used, from 1 */
	u32 used, live, round, turn;
	u32 name_budget;
	bool want_frozen;
	struct textstore text;
	int mount_fd;		/* root of v2, -1: none */
	struct bytes mount;	/* its place */
	bool by_handle;		/* until the kernel refuses */
	bool v1;		/* hierarchies of v1 are mounted as well */
	char buf[PATH_ROOM], path[PATH_ROOM];
};

/* ---- where v2 is mounted ---- */

/* systemd's two places, and so everybody's. */
static void find_mount(struct cgroups *c)
{
	static const char *const place[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	struct statfs fs;

	for (size_t i = 0; i < ARRAY_LEN(place); i++) {
		int fd = open(place[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (!fstatfs(fd, &fs) && fs.f_type == CGROUP2_MAGIC) {
			c->mount_fd = fd;
			c->mount = (struct bytes){(const unsigned char *)place[i], strlen(place[i])};
			return;
		}
		close(fd);
	}
}

/* The inode of a path below the mount, 0 without one. */
static u64 inode_of(struct cgroups *c, struct bytes path)
{
	struct stat st;

	if (c->mount_fd < 0 || path.n + 1 > sizeof(c->path))
		return 0;
	memcpy(c->path, ".", 2);
	if (path.n > 1) {
		memcpy(c->path, path.p + 1, path.n - 1);
		c->path[path.n - 1] = 0;
	}
	++syscall_count;
	return fstatat(c->mount_fd, c->path, &st, AT_SYMLINK_NOFOLLOW) ? 0 : st.st_ino;
}

/* In another namespace than the first, the paths of /proc are not those below
 * the mount, or it cannot be told whether they are. */
static bool first_namespace(void)
{
	static const char first[] = "cgroup:[4026531835]";	/* CGROUP_NS_INIT_INO, linux/nsfs.h */
	char link[sizeof(first)];

	return readlink("/proc/self/ns/cgroup", link, sizeof(link)) == sizeof(first) - 1 &&
	       !memcmp(link, first, sizeof(first) - 1);
}

/* What our own file says of the hierarchies.  Nor is a mount of use that shows a
 * part only: where our own place is not below it. */
static void learn_hierarchies(struct cgroups *c)
{
	struct bytes text, own;
	bool v1;

	if (procfile_read_at(-1, "/proc/self/cgroup", c->buf, sizeof(c->buf), &text))
		return;
	c->v1 = cgroup_has_v1(text);
	own = cgroup_line(text, &v1);
	if (c->mount_fd < 0 || (first_namespace() && (v1 || inode_of(c, own))))
		return;
	close(c->mount_fd);
	c->mount_fd = -1;
}

void cgroups_places(const struct cgroups *c, int *v2, int *v1)
{
	*v2 = c->mount_fd < 0 ? -1 : openat(c->mount_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*v1 = c->v1 && first_namespace() ? open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

/* ---- memory ---- */

static void *map_room(size_t n)
{
	void *m = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return m == MAP_FAILED ? NULL : m;
}

int cgroups_new(struct cgroups **out)
{
	struct cgroups *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (!c)
		return -ENOMEM;
	c->mount_fd = -1;
	c->entry = map_room(CGROUPS_MAX * sizeof(*c->entry));
	c->slot = map_room(SLOTS * sizeof(*c->slot));
	if (!c->entry || !c->slot || textstore_init(&c->text, TEXT_FIRST)) {
		cgroups_free(c);
		return -ENOMEM;
	}
	c->n = 1;
	c->by_handle = true;
	find_mount(c);
	learn_hierarchies(c);
	*out = c;
	return 0;
}

void cgroups_free(struct cgroups *c)
{
	if (!c)
		return;
	if (c->mount_fd >= 0)
		close(c->mount_fd);
	textstore_free(&c->text);
	if (c->entry)
		munmap(c->entry, CGROUPS_MAX * sizeof(*c->entry));
	if (c->slot)
		munmap(c->slot, SLOTS * sizeof(*c->slot));
	free(c);
}

void cgroup_keep(struct textstore_move *m, struct cgroup *g)
{
	struct bytes *const text[] = {&g->path, &g->compressed, &g->unit, &g->container, &g->name};

	for (size_t k = 0; k < ARRAY_LEN(text); k++)
		textstore_keep(m, text[k]);
}

static void keep_living(void *arg, struct textstore_move *m)
{
	struct cgroups *c = arg;

	for (u32 i = 1; i < c->n; i++)
		cgroup_keep(m, &c->entry[i].cgroup);
}

/* text must not lie in the store: it may move. */
static void set(void *arg, struct bytes *to, struct bytes text)
{
	struct cgroups *c = arg;

	textstore_set(&c->text, to, text, keep_living, c);
}

/* ---- entries ---- */

static u64 hash_of(struct bytes path)
{
	u64 h = 14695981039346656037ull;	/* FNV-1a */

	for (size_t i = 0; i < path.n; i++)
		h = (h ^ path.p[i]) * 1099511628211ull;
	return h;
}

/* Where the key is, or the free slot where it belongs.  path: NULL for an id. */
static u32 *slot_of(struct cgroups *c, u64 key, const struct bytes *path)
{
	u32 at = (u32)(key * 0x9e3779b97f4a7c15ull >> 32) % SLOTS;

	for (;; at = (at + 1) % SLOTS) {
		const struct entry *e = &c->entry[c->slot[at]];

		if (!c->slot[at])
			return &c->slot[at];
		if (e->key != key || e->by_path != !!path)
			continue;
		if (!path || (e->cgroup.path.n == path->n && !memcmp(e->cgroup.path.p, path->p, path->n)))
			return &c->slot[at];
	}
}

static void index_all(struct cgroups *c)
{
	memset(c->slot, 0, SLOTS * sizeof(*c->slot));
	for (u32 i = 1; i < c->n; i++)
		if (c->entry[i].used)
			*slot_of(c, c->entry[i].key, c->entry[i].by_path ? &c->entry[i].cgroup.path : NULL) = i;
}

/* Forgets those that nobody was in, in this round or the one before. */
static void sweep(struct cgroups *c)
{
	for (u32 i = 1; i < c->n; i++) {
		struct entry *e = &c->entry[i];

		if (!e->used || e->seen + 1 >= c->round)
			continue;
		memset(e, 0, sizeof(*e));
		c->used--;
	}
	while (c->n > 1 && !c->entry[c->n - 1].used)
		c->n--;
	index_all(c);
}

/* 0 when there is no room. */
static u32 entry_new(struct cgroups *c)
{
	u32 i = c->n;

	if (i == CGROUPS_MAX)
		for (i = 1; i < CGROUPS_MAX && c->entry[i].used; i++)
			;
	if (i == CGROUPS_MAX)
		return 0;
	c->n = MAX(c->n, i + 1);
	c->used++;
	c->entry[i] = (struct entry){.used = true, .seen = c->round};
	return i;
}

void cgroup_describe(struct cgroup *g, struct bytes path, char *room, cgroup_set_fn *set_text, void *arg)
{
	struct cgroup_owner owner;

	cgroup_owner_of(&owner, path);
	set_text(arg, &g->compressed, (struct bytes){(unsigned char *)room, cgroup_compress(path, room, CGROUP_ROOM)});
	set_text(arg, &g->unit, (struct bytes){(unsigned char *)room, unit_unescape(owner.unit, room)});
	set_text(arg, &g->container, (struct bytes){(unsigned char *)room, unit_unescape(owner.container, room)});
	if (owner.named)
		set_text(arg, &g->name, (struct bytes){(unsigned char *)room, unit_unescape(owner.container, room)});
	set_text(arg, &g->path, path);
	g->runtime = owner.runtime;
	g->monitor = owner.monitor;
}

/* All that the path says, once. */
static void set_path(struct cgroups *c, struct cgroup *g, struct bytes path, bool v1)
{
	cgroup_describe(g, path, c->path, set, c);
	g->v1 = v1;
}

/* ---- looking up ---- */

/* The directory of an id, from the kernel: kernfs encodes and decodes handles
 * (kernfs_fh_to_dentry()).  It takes CAP_DAC_READ_SEARCH.  n == 0: no. */
static struct bytes path_by_handle(struct cgroups *c, u64 id)
{
	struct {
		u32 bytes;
		s32 type;
		u64 id;
	} handle = {sizeof(id), FILEID_KERNFS_, id};
	char link[32] = "/proc/self/fd/";
	ssize_t n;
	int fd;

	if (c->mount_fd < 0 || !c->by_handle)
		return (struct bytes){0};
	++syscall_count;
	fd = (int)syscall(SYS_open_by_handle_at, c->mount_fd, &handle, O_PATH | O_CLOEXEC);
	if (fd < 0) {
		c->by_handle = errno == ESTALE;
		return (struct bytes){0};
	}
	link[14 + put_u64(link + 14, (u64)fd)] = 0;
	syscall_count += 2;
	n = readlink(link, c->buf, sizeof(c->buf));
	close(fd);
	if (n < (ssize_t)c->mount.n || n == sizeof(c->buf) || memcmp(c->buf, c->mount.p, c->mount.n))
		return (struct bytes){0};
	if ((size_t)n == c->mount.n)
		return BYTES_LIT("/");
	return (struct bytes){(unsigned char *)c->buf + c->mount.n, (size_t)n - c->mount.n};
}

/* From the process's own file, into c->buf.  n == 0: it cannot be read. */
static struct bytes path_of_process(struct cgroups *c, u32 pid, bool *v1)
{
	char file[32] = "/proc/";
	struct bytes text, path;

	memcpy(file + 6 + put_u64(file + 6, pid), "/cgroup", 8);
	if (procfile_read_at(-1, file, c->buf, sizeof(c->buf), &text))
		return (struct bytes){0};
	path = cgroup_line(text, v1);
	/* one that fills the kernel's buffer was cut, and is another cgroup's or none's */
	return path.n < PATH_MAX - 1 ? path : (struct bytes){0};
}

static void look_up(struct cgroups *c, struct entry *e, u32 pid)
{
	struct bytes path = path_by_handle(c, e->key);
	bool v1 = false;

	e->tries++;
	if (!path.n) {
		path = path_of_process(c, pid, &v1);
		/* it may have been moved since it was seen */
		if (path.n && c->mount_fd >= 0 && inode_of(c, path) != e->key)
			return;
	}
	if (path.n)
		set_path(c, &e->cgroup, path, v1);
}

static u32 by_id(struct cgroups *c, u64 id, u32 pid)
{
	u32 *slot = slot_of(c, id, NULL);
	struct entry *e;

	if (!*slot) {
		u32 i = entry_new(c);

		if (!i)
			return 0;
		*slot = i;
		c->entry[i].key = c->entry[i].cgroup.id = id;
	}
	e = &c->entry[*slot];
	if (!e->cgroup.path.n && e->tries < TRIES)
		look_up(c, e, pid);
	return *slot;
}

static u32 by_path(struct cgroups *c, struct bytes path, bool v1)
{
	u64 key = hash_of(path);
	u32 *slot = slot_of(c, key, &path), i = *slot;

	if (i)
		return i;
	i = entry_new(c);
	if (!i)
		return 0;
	*slot = i;
	c->entry[i].key = key;
	c->entry[i].by_path = true;
	/* before the parts, which take the room that it uses; who is told by v1 is in v2's root */
	c->entry[i].cgroup.id = inode_of(c, v1 ? BYTES_LIT("/") : path);
	set_path(c, &c->entry[i].cgroup, path, v1);
	return i;
}

/* ---- processes ---- */

static const struct task *task_before(const struct task_table *prev, const struct task *t)
{
	u32 at = prev ? task_table_find(prev, t->pid, t->before) : TASK_NONE;

	return at != TASK_NONE && prev->task[at].start_boot_ns == t->start_boot_ns ? &prev->task[at] : NULL;
}

static bool due(const struct cgroups *c, const struct task *t, const struct task *before, u32 at)
{
	u64 age = clock_ns(CLOCK_BOOTTIME) - t->start_boot_ns;

	return !before || !before->cgroup || before->exec_id != t->exec_id ||
	       age < (u64)YOUNG_S * NSEC_PER_SEC || at - c->turn < IN_TURN;
}

static u32 from_file(struct cgroups *c, struct task *t)
{
	bool v1;
	struct bytes path = path_of_process(c, t->pid, &v1);

	return path.n ? by_path(c, path, v1) : 0;
}

static void ask_name(struct cgroups *c, struct entry *e)
{
	char name[CONTAINER_NAME];
	size_t n;

	if (!c->name_budget)
		return;
	c->name_budget--;
	e->name_asked = true;
	n = container_name(e->cgroup.runtime, e->cgroup.container, name);
	if (n)
		set(c, &e->cgroup.name, (struct bytes){(unsigned char *)name, n});
}

/* The root has no such file; of one in v1 v2 says nothing. */
static signed char read_frozen(struct cgroups *c, const struct cgroup *g)
{
	static const char file[] = "/cgroup.events";
	struct bytes text;
	const u8 *at;

	if (c->mount_fd < 0 || g->v1 || g->path.n < 2 || g->path.n + sizeof(file) > sizeof(c->path))
		return -1;
	memcpy(c->path, g->path.p + 1, g->path.n - 1);
	memcpy(c->path + g->path.n - 1, file, sizeof(file));
	if (procfile_read_at(c->mount_fd, c->path, c->buf, sizeof(c->buf), &text))
		return -1;
	at = memmem(text.p, text.n, "frozen ", 7);
	return at && at + 7 < text.p + text.n ? at[7] == '1' : -1;
}

static void take_frozen(struct cgroups *c, struct entry *e, struct task *t)
{
	if (e->seen != c->round)
		e->frozen = read_frozen(c, &e->cgroup);
	if (e->frozen < 0)
		return;
	t->frozen = e->frozen;
	t->have |= TASK_HAVE_FROZEN;
}

static void see(struct cgroups *c, struct task *t)
{
	struct entry *e = &c->entry[t->cgroup];

	if (!t->cgroup)
		return;
	if (c->want_frozen)
		take_frozen(c, e, t);
	c->live += e->seen != c->round;
	e->seen = c->round;
	if (e->cgroup.runtime && !e->cgroup.name.n && !e->name_asked)
		ask_name(c, e);
	if (!(t->have & TASK_HAVE_CGROUP) && e->cgroup.id) {
		t->cgroup_id = e->cgroup.id;
		t->have |= TASK_HAVE_CGROUP;
	}
}

static void update_process(struct cgroups *c, struct task *t, const struct task *before, u32 at,
			   struct cgroups_want want)
{
	bool has_id = t->have & TASK_HAVE_CGROUP;

	if (has_id && !(c->v1 && t->cgroup_id == ROOT_CGROUP))
		t->cgroup = by_id(c, t->cgroup_id, t->pid);
	else if (!want.files)
		t->cgroup = 0;
	else if (want.each || due(c, t, before, at))
		t->cgroup = from_file(c, t);
	else
		t->cgroup = before->cgroup;
	see(c, t);
}

void cgroups_update(struct cgroups *c, struct task_table *cur, const struct task_table *prev,
		    struct cgroups_want want)
{
	c->round++;
	c->live = 0;
	c->want_frozen = want.frozen;
	c->name_budget = c->text.fixed ? 0 : want.names ? CGROUPS_MAX : NAMES_AT_ONCE;
	for (u32 i = 0; i < cur->n; i++) {
		struct task *t = &cur->task[i];
		const struct task *before;
		u32 at;

		if (t->thread) {	/* behind its process */
			at = task_table_find(cur, t->tgid, 0);
			t->cgroup = at == TASK_NONE ? 0 : cur->task[at].cgroup;
			if (at != TASK_NONE && want.frozen) {
				t->frozen = cur->task[at].frozen;
				t->have |= cur->task[at].have & TASK_HAVE_FROZEN;
			}
			continue;
		}
		before = task_before(prev, t);
		update_process(c, t, before, i, want);
	}
	c->turn = c->turn + IN_TURN < cur->n ? c->turn + IN_TURN : 0;
	if (c->used > 2 * c->live + SPARE)
		sweep(c);
}

const struct cgroup *cgroups_get(const struct cgroups *c, u32 index)
{
	static const struct cgroup none;

	return c && index && index < c->n ? &c->entry[index].cgroup : &none;
}

void cgroups_hold(struct cgroups *c, bool on)
{
	c->text.fixed = on;
}

void cgroups_put(struct cgroups *c, struct task *t, u64 id, struct bytes path)
{
	t->cgroup = by_path(c, path, false);
	c->entry[t->cgroup].cgroup.id = t->cgroup_id = id;
	t->have |= TASK_HAVE_CGROUP;
}
