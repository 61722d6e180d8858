/* proc/cgroupfs.c - see proc/cgroupfs.h. */
#include "proc/cgroupfs.h"
#include "proc/privilege.h"
#include "proc/procfile.h"
#include "proc/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINES_ROOM = 1 << 14,		/* of /proc/PID/cgroup: PATH_MAX and 14 lines; of mountinfo at a time */
};

static char room[LINES_ROOM];

static bool is(struct bytes t, const char *what)
{
	return t.n == strlen(what) && !memcmp(t.p, what, t.n);
}

/* Whether a word is in a list with commas. */
static bool listed(struct bytes list, const char *word)
{
	size_t n = strlen(word);

	for (size_t at = 0; at + n <= list.n; at++) {
		bool begins = !at || list.p[at - 1] == ',', ends = at + n == list.n || list.p[at + n] == ',';

		if (begins && ends && !memcmp(list.p + at, word, n))
			return true;
	}
	return false;
}

/* ---- mounts ---- */

/* mountinfo writes blanks, newlines and backslashes as "\040". */
static bool copy_field(char out[static CGROUP_PLACE], struct bytes f)
{
	size_t n = 0;

	for (size_t i = 0; i < f.n && n + 1 < CGROUP_PLACE; i++) {
		bool escaped = f.p[i] == '\\' && i + 3 < f.n;

		out[n++] = escaped ? (char)((f.p[i + 1] - '0') << 6 | (f.p[i + 2] - '0') << 3 | (f.p[i + 3] - '0'))
				   : (char)f.p[i];
		i += escaped ? 3 : 0;
	}
	out[n] = 0;
	return n + 1 < CGROUP_PLACE;
}

/* "36 35 98:0 /root /place opts tags - cgroup2 source superopts" */
static void take_mount(struct cgroupfs *fs, struct scan s)
{
	struct bytes root, place, type = {0}, options = {0};
	struct hierarchy *h;

	if (!scan_skip(&s, 3) || !scan_field(&s, &root) || !scan_field(&s, &place))
		return;
	while (scan_field(&s, &type) && !is(type, "-"))
		;
	if (!scan_field(&s, &type) || !scan_skip(&s, 1) || !scan_field(&s, &options))
		return;
	if (is(type, "cgroup2"))
		h = &fs->h[HIERARCHY_V2];
	else if (is(type, "cgroup") && listed(options, "freezer"))
		h = &fs->h[HIERARCHY_FREEZER];
	else
		return;
	/* mounted twice: the one that shows all of it */
	if (h->fd >= 0 && (!strcmp(h->root, "/") || !is(root, "/")))
		return;
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
	if (copy_field(h->root, root) && copy_field(h->place, place))
		h->fd = open(h->place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Lines that have come whole; returns the bytes that are left. */
static size_t take_lines(struct cgroupfs *fs, size_t len)
{
	size_t at = 0;

	for (;;) {
		char *end = memchr(room + at, '\n', len - at);

		if (!end)
			break;
		take_mount(fs, scan_of((struct bytes){(u8 *)room + at, (size_t)(end - room) - at}));
		at = (size_t)(end - room) + 1;
	}
	if (!at && len == sizeof(room))		/* no line of ours is so long */
		return 0;
	memmove(room, room + at, len - at);
	return len - at;
}

void cgroupfs_open(struct cgroupfs *fs)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	for (u32 i = 0; i < HIERARCHIES; i++) {
		fs->h[i].fd = -1;
		fs->h[i].id = (enum hierarchy_id)i;
	}
	while (fd >= 0 && (n = read(fd, room + len, sizeof(room) - len)) > 0)
		len = take_lines(fs, len + (size_t)n);
	if (fd >= 0)
		close(fd);
}

void cgroupfs_close(struct cgroupfs *fs)
{
	for (u32 i = 0; i < HIERARCHIES; i++) {
		if (fs->h[i].fd >= 0)
			close(fs->h[i].fd);
		fs->h[i].fd = -1;
	}
}

/* ---- paths ---- */

static bool strip(struct bytes *t, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!strcmp(prefix, "/") || t->n < n || memcmp(t->p, prefix, n) || (t->n > n && t->p[n] != '/'))
		return false;
	t->p += n;
	t->n -= n;
	return true;
}

int cgroup_path(const struct hierarchy *h, struct bytes text, char out[static CGROUP_PATH])
{
	size_t n = 0;

	if (!text.n || *text.p != '/' || memchr(text.p, 0, text.n))
		return -EINVAL;
	if (!strip(&text, h->place) && strcmp(h->root, "/") != 0 && !strip(&text, h->root))
		return -ENOENT;
	for (size_t at = 0; at < text.n;) {
		size_t from, len;

		while (at < text.n && text.p[at] == '/')
			at++;
		for (from = at; at < text.n && text.p[at] != '/';)
			at++;
		len = at - from;
		if (!len || (len == 1 && text.p[from] == '.'))
			continue;
		if (len == 2 && !memcmp(text.p + from, "..", 2))
			return -ENOENT;
		if (n + len + 2 > CGROUP_PATH)
			return -ENAMETOOLONG;
		out[n++] = '/';
		memcpy(out + n, text.p + from, len);
		n += len;
	}
	memcpy(out + n, n ? "" : "/", n ? 1 : 2);
	return 0;
}

size_t cgroup_parent(const char *path)
{
	const char *last = strrchr(path, '/');

	return last && last != path ? (size_t)(last - path) : 1;
}

bool cgroup_within(const char *path, const char *above)
{
	size_t n = strlen(above);

	return n == 1 || (!strncmp(path, above, n) && (!path[n] || path[n] == '/'));
}

/* "ID:controllers:path"; v2 has id 0 and none. */
static bool path_in_line(struct scan line, bool v1, struct bytes *path)
{
	struct bytes list;
	const u8 *colon;
	u64 id;

	if (!scan_u64(&line, &id) || !scan_byte(&line, ':'))
		return false;
	list = (struct bytes){line.at, scan_left(&line)};
	colon = list.n ? memchr(list.p, ':', list.n) : NULL;
	if (!colon)
		return false;
	*path = (struct bytes){colon + 1, (size_t)(list.p + list.n - colon) - 1};
	list.n = (size_t)(colon - list.p);
	return v1 ? listed(list, "freezer") : !id && !list.n;
}

int cgroup_of(const struct hierarchy *h, u32 pid, char out[static CGROUP_PATH])
{
	char file[32] = "/proc/";
	struct bytes text, path;
	struct scan s, line;
	int err;

	if (h->fd < 0)
		return -ENODEV;
	memcpy(file + 6 + put_u64(file + 6, pid), "/cgroup", 8);
	err = procfile_read_at(-1, file, room, sizeof(room), &text);
	if (err)
		return err == -ENOENT ? -ESRCH : err;
	s = scan_of(text);
	while (scan_line(&s, &line))
		if (path_in_line(line, h->id == HIERARCHY_FREEZER, &path))
			return cgroup_path(h, path, out);
	return -ENODEV;
}

int cgroup_open(const struct hierarchy *h, const char *path)
{
	int fd;

	if (h->fd < 0)
		return -ENODEV;
	fd = openat(h->fd, path[1] ? path + 1 : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* ---- files ---- */

int cgroup_write(int dir, const char *file, const char *text, size_t n)
{
	int fd, err;

	privilege_load_begin();
	fd = openat(dir, file, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	err = fd < 0 || write(fd, text, n) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	privilege_load_end();
	return err;
}

int cgroup_put_pid(int dir, u32 pid)
{
	char digits[20];

	return cgroup_write(dir, "cgroup.procs", digits, put_u64(digits, pid));
}

int cgroup_read(int dir, const char *file, char *buf, size_t cap, struct bytes *out)
{
	return procfile_read_at(dir, file, buf, cap, out);
}

static int pids_in(int dir, const char *file, cgroup_pid_fn *fn, void *arg)
{
	int fd = openat(dir, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), err;
	bool more = true;
	char buf[2048];
	ssize_t n;
	u32 pid = 0;

	if (fd < 0)
		return -errno;
	while (more && (n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; more && i < n; i++) {
			if (buf[i] != '\n') {
				pid = pid * 10 + (u32)(buf[i] - '0');
				continue;
			}
			more = !pid || fn(arg, pid);	/* 0: in no namespace of ours */
			pid = 0;
		}
	}
	err = more && n < 0 ? -errno : 0;
	close(fd);
	return err;
}

/* Of a threaded one threads are told, not processes. */
int cgroup_pids(int dir, cgroup_pid_fn *fn, void *arg)
{
	int err = pids_in(dir, "cgroup.procs", fn, arg);

	return err == -EOPNOTSUPP ? pids_in(dir, "cgroup.threads", fn, arg) : err;
}

/* ---- everything below ---- */

struct walk {
	cgroup_dir_fn *fn;
	void *arg;
	int err;
	char path[CGROUP_PATH];
};

static void walk_into(struct walk *w, int dir, size_t len, u32 depth)
{
	struct dirscan d;
	struct stat st;
	const char *name;
	int below;

	/* a cgroup without any below has no links but its own two */
	if (!w->fn(w->arg, dir, len ? w->path : "/") || depth == CGROUP_DEPTH || fstat(dir, &st) || st.st_nlink == 2)
		return;
	dirscan_begin(&d, dir);
	while ((name = dirscan_next(&d))) {
		size_t n = strlen(name);

		if (*name == '.' && (n == 1 || (n == 2 && name[1] == '.')))
			continue;
		if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISDIR(st.st_mode) || len + n + 2 > CGROUP_PATH)
			continue;
		below = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0)
			continue;
		w->path[len] = '/';
		memcpy(w->path + len + 1, name, n + 1);
		walk_into(w, below, len + 1 + n, depth + 1);
		w->path[len] = 0;
		close(below);
	}
}

int cgroup_walk(const struct hierarchy *h, const char *path, cgroup_dir_fn *fn, void *arg)
{
	static struct walk w;		/* never two at a time */
	int dir = cgroup_open(h, path);
	size_t len = path[1] ? strlen(path) : 0;

	if (dir < 0)
		return dir;
	w.fn = fn;
	w.arg = arg;
	memcpy(w.path, path, len);
	w.path[len] = 0;
	walk_into(&w, dir, len, 0);
	close(dir);
	return 0;
}
