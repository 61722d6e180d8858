/* proc/cgroup_reader.c - see proc/cgroup_reader.h. */
#include "proc/cgroup_reader.h"
#include "proc/procfile.h"
#include "proc/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	KEPT_ROWS = 256,
	KEPT_FILES = 768,	/* and no more than half of what the process may have open */
	SLOW_MS = 5000,		/* so long limits are not read again */
	AGAIN = 64,		/* readings after which it is looked whether files have come to be */
	TEXT = 1 << 15,		/* io.stat has a line a device */
};

/* Files of one row. */
struct kept {
	u64 key;		/* 0: free */
	u32 round;
	int fd[CGF_N];
};

struct cgroup_reader {
	struct cgroup_places at;
	int list;		/* directories are listed from here, -1: nothing is */
	int count_fd;
	u32 round, files, files_max;
	struct kept kept[KEPT_ROWS];
	char path[PATH_MAX + 64];
	char text[TEXT];
};

static int open_dir(int at, const char *path)
{
	int fd;

	++syscall_count;
	fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

/* Of v1 that which cgroup_line() goes by. */
static int open_list(struct cgroup_places at)
{
	static const char *const name[] = {"systemd", "memory", "pids"};
	int fd = at.v2;

	for (size_t i = 0; fd < 0 && at.v1 >= 0 && i < ARRAY_LEN(name); i++)
		fd = open_dir(at.v1, name[i]);
	return MAX(fd, -1);
}

int cgroup_reader_new(struct cgroup_reader **out, struct cgroup_places places)
{
	struct cgroup_reader *r = calloc(1, sizeof(*r));
	struct rlimit most;

	*out = r;
	if (!r)
		return -ENOMEM;
	r->at = places;
	r->list = open_list(places);
	r->count_fd = places.v2 < 0 ? -1 : openat(places.v2, "cgroup.stat", O_RDONLY | O_CLOEXEC);
	r->files_max = KEPT_FILES;
	if (!prlimit(0, RLIMIT_NOFILE, NULL, &most) && most.rlim_cur / 2 < KEPT_FILES)
		r->files_max = (u32)most.rlim_cur / 2;
	return 0;
}

static void let_go(struct cgroup_reader *r, struct kept *k)
{
	for (u32 i = 0; k->key && i < CGF_N; i++) {
		if (k->fd[i] < 0)
			continue;
		++syscall_count;
		close(k->fd[i]);
		r->files--;
	}
	k->key = 0;
}

void cgroup_reader_free(struct cgroup_reader *r)
{
	const int fds[] = {r ? r->at.v2 : -1, r ? r->at.v1 : -1, r ? r->count_fd : -1,
			   r && r->list != r->at.v2 ? r->list : -1};

	for (u32 i = 0; r && i < KEPT_ROWS; i++)
		let_go(r, &r->kept[i]);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(r);
}

void cgroup_reader_begin(struct cgroup_reader *r)
{
	r->round++;
}

void cgroup_reader_end(struct cgroup_reader *r)
{
	for (u32 i = 0; i < KEPT_ROWS; i++)
		if (r->kept[i].key && r->kept[i].round != r->round)
			let_go(r, &r->kept[i]);
}

bool cgroup_reader_count(struct cgroup_reader *r, u64 *n)
{
	struct scan s, line;
	ssize_t len;

	if (r->count_fd < 0)
		return false;
	++syscall_count;
	len = pread(r->count_fd, r->text, sizeof(r->text), 0);
	s = scan_of((struct bytes){(unsigned char *)r->text, (size_t)MAX(len, 0)});
	while (scan_line(&s, &line))
		if (SCAN_LIT(&line, "nr_descendants "))
			return scan_u64(&line, n);
	return false;
}

/* "a/b" of "/a/b", behind what stands before it; where, or NULL: too long. */
static char *put_path(struct cgroup_reader *r, const char *before, struct bytes path)
{
	size_t n = strlen(before);

	if (n + path.n + 32 > sizeof(r->path))
		return NULL;
	memcpy(r->path, before, n);
	memcpy(r->path + n, path.p + 1, path.n - 1);
	n += path.n - 1;
	if (!n)
		r->path[n++] = '.';
	r->path[n] = 0;
	return r->path + n;
}

bool cgroup_reader_lists(const struct cgroup_reader *r)
{
	return r->list >= 0;
}

int cgroup_reader_dir(struct cgroup_reader *r, struct bytes path)
{
	if (r->list < 0)
		return -ENODEV;
	return put_path(r, "", path) ? open_dir(r->list, r->path) : -ENAMETOOLONG;
}

/* ---- one file --------------------------------------------------------------- */

static int open_file(struct cgroup_reader *r, int at, const char *before, const struct cgroup_node *node,
		     const char *name)
{
	char *end = put_path(r, before, node->cgroup.path);
	int fd;

	if (!end)
		return -ENAMETOOLONG;
	*end = '/';
	memcpy(end + 1, name, strlen(name) + 1);
	++syscall_count;
	fd = openat(at, r->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

/* Beside v2, a path of v1 is the same cgroup only where systemd keeps both. */
static bool same_in_v1(struct cgroup_reader *r, const struct cgroup_node *node)
{
	struct stat st;

	if (r->at.v1 < 0)
		return false;
	if (r->at.v2 < 0)
		return true;
	++syscall_count;
	return node->cgroup.path.n > 1 && put_path(r, "systemd/", node->cgroup.path) &&
	       !fstatat(r->at.v1, r->path, &st, 0);
}

static int open_any(struct cgroup_reader *r, const struct cgroup_node *node, enum cgroup_file file)
{
	const struct cgroup_file_info *info = &cgroup_files[file];
	char before[sizeof(info->controller) + 1] = "";
	int fd = r->at.v2 < 0 ? -ENOENT : open_file(r, r->at.v2, "", node, info->name);

	if (fd != -ENOENT || !*info->controller || !same_in_v1(r, node))
		return fd;
	memcpy(before, info->controller, sizeof(info->controller));
	before[strlen(before)] = '/';
	return open_file(r, r->at.v1, before, node, info->v1);
}

static struct kept *kept_of(struct cgroup_reader *r, u64 key)
{
	struct kept *room = NULL;

	for (u32 i = 0; i < KEPT_ROWS; i++) {
		if (r->kept[i].key == key) {
			r->kept[i].round = r->round;
			return &r->kept[i];
		}
		if (!r->kept[i].key && !room)
			room = &r->kept[i];
	}
	if (!room || r->files >= r->files_max)
		return NULL;
	*room = (struct kept){.key = key, .round = r->round};
	for (u32 i = 0; i < CGF_N; i++)
		room->fd[i] = -1;
	return room;
}

void cgroup_reader_keep(struct cgroup_reader *r, u64 key)
{
	for (u32 i = 0; i < KEPT_ROWS; i++)
		if (r->kept[i].key == key)
			r->kept[i].round = r->round;
}

/* k: NULL: it is not kept. */
static int read_file(struct cgroup_reader *r, struct kept *k, struct cgroup_node *node, enum cgroup_file file)
{
	int fd = k && k->fd[file] >= 0 ? k->fd[file] : open_any(r, node, file), err = 0;
	ssize_t n;

	if (fd < 0)
		return fd;
	++syscall_count;
	n = pread(fd, r->text, sizeof(r->text), 0);
	if (n < 0)
		err = -errno;
	if (k && !err && k->fd[file] < 0 && r->files < r->files_max) {
		k->fd[file] = fd;
		r->files++;
	}
	if (!k || k->fd[file] < 0) {
		++syscall_count;
		close(fd);
	}
	if (!err && (size_t)n < sizeof(r->text))
		err = cgroup_file_parse(file, (struct bytes){(unsigned char *)r->text, (size_t)n}, &node->now);
	return err;
}

/* ---- one row ---------------------------------------------------------------- */

/* A counter that is not read now has no rate next time. */
static void begin_reading(struct cgroup_node *node, u32 files, u64 now_ns)
{
	node->before_ns = node->now.at_ns;
	node->before_have = node->now.have;
	memcpy(node->before, node->now.value, sizeof(node->before));
	node->now.at_ns = now_ns;
	for (u32 i = 0; i < CGF_N; i++)
		if (!(files & ~(u32)CGF_SLOW & 1u << i))
			cgroup_file_forget((enum cgroup_file)i, &node->now, false);
}

bool cgroup_reader_read(struct cgroup_reader *r, struct cgroup_node *node, u32 files, bool keep)
{
	u64 now_ns = clock_ns(CLOCK_MONOTONIC);
	bool slow = !node->slow_ns || now_ns - node->slow_ns > SLOW_MS * (u64)NSEC_PER_MSEC;
	struct kept *k = keep ? kept_of(r, node->key) : NULL;

	if ((r->round + (u32)node->key) % AGAIN == 0)
		node->absent = 0;
	begin_reading(node, files, now_ns);
	files &= ~node->absent;
	if (!slow)
		files &= ~(u32)CGF_SLOW | ~node->asked;
	if (slow)
		node->slow_ns = now_ns;
	node->asked |= files;
	for (u32 i = 0; i < CGF_N; i++) {
		int err = files >> i & 1 ? read_file(r, k, node, (enum cgroup_file)i) : 0;

		/* every cgroup of v2 has this one, but for the root */
		if (err == -ENODEV || (err == -ENOENT && i == CGF_EVENTS && r->at.v2 >= 0 && node->cgroup.path.n > 1))
			return false;
		if (!err)
			continue;
		cgroup_file_forget((enum cgroup_file)i, &node->now, true);
		if (err == -ENOENT || err == -EOPNOTSUPP)
			node->absent |= 1u << i;
	}
	return true;
}
