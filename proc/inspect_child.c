/* proc/inspect_child.c - reads what a person asks about one process. */
#include "proc/inspect_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/dirscan.h"
#include "proc/lines.h"
#include "proc/pidfiles.h"
#include "proc/procfile.h"
#include "proc/scan.h"
#include "proc/sockets.h"

/* ---- talking ---- */

static void flush(struct child *c)
{
	for (size_t at = 0; at < c->len;) {
		ssize_t n = write(c->fd, c->out + at, c->len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0);		/* nobody listens */
		at += (size_t)n;
	}
	c->len = 0;
}

static void put(struct child *c, const char *text, size_t n)
{
	while (n) {
		size_t part = MIN(n, sizeof(c->out) - c->len);

		memcpy(c->out + c->len, text, part);
		c->len += part;
		text += part;
		n -= part;
		if (c->len == sizeof(c->out))
			flush(c);
	}
}

void child_line(struct child *c, const char *fmt, ...)
{
	char line[2 * PATH_ROOM];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	put(c, line, MIN((size_t)MAX(n, 0), sizeof(line) - 1));
	put(c, "", 1);
}

static _Noreturn void finish(struct child *c, enum inspect_state state)
{
	const char last[] = {INSPECT_END, (char)state, 0};

	put(c, last, sizeof(last));
	flush(c);
	_exit(0);
}

static _Noreturn void finish_err(struct child *c, int err)
{
	finish(c, err == EACCES || err == EPERM ? INSPECT_REFUSED
		: err == ENOENT || err == ESRCH ? INSPECT_GONE : INSPECT_FAILED);
}

/* ---- words of the process's own memory ---- */

/* Strings, a NUL behind each.  An empty one would be no line: a blank stands for it. */
static void tell_words(struct child *c, const char *file)
{
	static char buf[1 << 16];
	int fd = openat(c->dir, file, O_RDONLY | O_CLOEXEC);
	bool inside = false;
	ssize_t n;

	if (fd < 0)
		finish_err(c, errno);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (!buf[i] && !inside)
				put(c, " ", 1);
			put(c, buf[i] == INSPECT_END && !inside ? " " : &buf[i], 1);
			inside = buf[i];
		}
		flush(c);
	}
	if (n < 0)
		finish_err(c, errno);
	if (inside)
		put(c, "", 1);
	finish(c, INSPECT_DONE);
}

/* ---- open files ---- */

static const char *type_word(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return "REG";
	case S_IFDIR: return "DIR";
	case S_IFCHR: return "CHR";
	case S_IFBLK: return "BLK";
	case S_IFIFO: return "FIFO";
	case S_IFSOCK: return "SOCK";
	default: return "anon";
	}
}

/* A number in fdinfo, "pos:\t123". */
static bool info_number(const char *info, const char *key, int base, u64 *v)
{
	const char *at = strstr(info, key);

	if (!at)
		return false;
	*v = strtoull(at + strlen(key), NULL, base);
	return true;
}

static const char *access_word(const char *info)
{
	static const char *const words[] = {"r", "w", "rw", "-"};
	u64 flags;

	return info_number(info, "flags:", 8, &flags) ? words[flags & O_ACCMODE] : "-";
}

bool child_read(struct child *c, const char *file, char *buf, size_t cap)
{
	struct bytes text;

	if (procfile_read_at(c->dir, file, buf, cap - 1, &text))
		return false;
	buf[text.n] = 0;
	return true;
}

static void number_or_blank(char room[static 24], bool known, u64 v)
{
	room[0] = 0;
	if (known)
		snprintf(room, 24, "%" PRIu64, v);
}

/* link: below /proc/PID, "fd/3", "cwd". */
static void tell_file(struct child *c, const struct sockets *sockets, const char *what,
		      const char *link, const char *info)
{
	char target[PATH_ROOM], room[SOCKET_TEXT], size[24], pos[24];
	const char *name = target;
	struct stat st = {0};
	bool known;
	u64 at = 0;
	ssize_t n = readlinkat(c->dir, link, target, sizeof(target) - 1);

	if (n <= 0)
		return;
	target[n] = 0;
	known = fstatat(c->dir, link, &st, 0) == 0;
	if (known && S_ISSOCK(st.st_mode) && sockets_find(sockets, st.st_ino, room))
		name = room;
	number_or_blank(size, known && S_ISREG(st.st_mode), (u64)st.st_size);
	number_or_blank(pos, info_number(info, "pos:", 10, &at) && known && S_ISREG(st.st_mode), at);
	child_line(c, "%5s %-4s %-2s %13s %13s %s", what, known ? type_word(st.st_mode) : "?",
		 access_word(info), size, pos, name);
}

typedef void fd_fn(struct child *c, const struct sockets *s, const char *fd, const char *info);

static void tell_fd(struct child *c, const struct sockets *s, const char *fd, const char *info)
{
	char link[32];

	snprintf(link, sizeof(link), "fd/%s", fd);
	tell_file(c, s, fd, link, info);
}

#define FIELD(b)	(int)(b).n, (const char *)(b).p

/* "1: POSIX  ADVISORY  WRITE 1234 fd:01:5678 0 EOF", proc_pid_fdinfo(5) */
static void tell_lock(struct child *c, const char *fd, const char *lock, const char *target)
{
	struct scan line = scan_of((struct bytes){(const unsigned char *)lock, strlen(lock)});
	struct bytes kind, strict, mode, start, end;

	if (scan_skip(&line, 1) && scan_field(&line, &kind) && scan_field(&line, &strict) &&
	    scan_field(&line, &mode) && scan_skip(&line, 2) && scan_field(&line, &start) &&
	    scan_field(&line, &end))
		child_line(c, "%5s %-6.*s %-9.*s %-5.*s %12.*s %12.*s %s", fd, FIELD(kind),
			 FIELD(strict), FIELD(mode), FIELD(start), FIELD(end), target);
}

static void tell_locks(struct child *c, const struct sockets *s, const char *fd, const char *info)
{
	char link[32], target[PATH_ROOM];
	ssize_t n;

	(void)s;
	snprintf(link, sizeof(link), "fd/%s", fd);
	n = readlinkat(c->dir, link, target, sizeof(target) - 1);
	target[MAX(n, 0)] = 0;
	for (const char *at = info; (at = strstr(at, "lock:\t")); at++)
		tell_lock(c, fd, at + strlen("lock:\t"), target);
}

static int by_number(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return (x > y) - (x < y);
}

/* All descriptors, in order; -errno when they cannot be listed. */
static int each_fd(struct child *c, const struct sockets *s, fd_fn *fn)
{
	static struct dirscan dir;
	u32 n = 0, cap = 0, *list = NULL;
	const char *name;
	int fd = openat(c->dir, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	dirscan_begin(&dir, fd);
	while ((name = dirscan_next(&dir))) {
		if (*name < '0' || *name > '9')
			continue;
		if (n == cap) {
			u32 *grown = realloc(list, (cap = cap ? 2 * cap : 256) * sizeof(*list));

			if (!grown)
				break;
			list = grown;
		}
		list[n++] = (u32)strtoul(name, NULL, 10);
	}
	close(fd);
	qsort(list, n, sizeof(*list), by_number);
	for (u32 i = 0; i < n; i++) {
		char number[16], path[32], info[8192];

		snprintf(number, sizeof(number), "%u", list[i]);
		snprintf(path, sizeof(path), "fdinfo/%u", list[i]);
		if (!child_read(c, path, info, sizeof(info)))
			info[0] = 0;
		fn(c, s, number, info);
		flush(c);
	}
	free(list);
	return 0;
}

/* Files in its address space, each once: those of one file stand together. */
static void tell_maps(struct child *c)
{
	struct lines maps = lines_open(c->dir, "maps");
	char before[PATH_ROOM] = "", *line;
	struct stat st;

	while ((line = lines_next(&maps))) {
		char *path = strchr(line, '/');

		if (!path)
			continue;
		if (!strcmp(path, before))
			continue;
		snprintf(before, sizeof(before), "%s", path);
		if (stat(path, &st))
			child_line(c, "%5s %-4s %-2s %13s %13s %s", "mem", "REG", "-", "", "", path);
		else
			child_line(c, "%5s %-4s %-2s %13" PRIu64 " %13s %s", "mem", type_word(st.st_mode),
				 "-", (u64)st.st_size, "", path);
	}
	lines_close(&maps);
}

static _Noreturn void tell_files(struct child *c)
{
	static const char *const links[] = {"cwd", "root", "exe"};
	struct sockets *s = sockets_read(c->dir);
	int err;

	for (size_t i = 0; i < ARRAY_LEN(links); i++)
		tell_file(c, s, links[i], links[i], "");
	err = each_fd(c, s, tell_fd);
	if (err)
		finish_err(c, -err);
	tell_maps(c);
	finish(c, INSPECT_DONE);
}

/* ---- whose ---- */

/* The directory is opened first: what it holds after the check is of the same
 * process, whoever gets the number later. */
static void open_process(struct child *c, struct task_id who)
{
	const struct proc_units units = {.page_size = 4096, .ticks_per_s = ticks_per_second()};
	u64 tick_ns = NSEC_PER_SEC / units.ticks_per_s;
	char path[32], buf[1024];
	struct bytes text;
	struct task t = {0};

	snprintf(path, sizeof(path), "/proc/%u", who.pid);
	c->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0)
		finish_err(c, errno);
	if (procfile_read_at(c->dir, "stat", buf, sizeof(buf), &text) ||
	    pid_stat_parse(&t, text, &units) ||
	    t.start_boot_ns / tick_ns != who.start_boot_ns / tick_ns)
		finish(c, INSPECT_GONE);
}

void inspect_child(int fd, enum inspect_kind kind, struct task_id who)
{
	static struct child child;
	struct child *c = &child;
	int err;

	c->fd = fd;
	open_process(c, who);
	switch (kind) {
	case INSPECT_ENVIRONMENT:
		tell_words(c, "environ");
		break;
	case INSPECT_COMMAND:
		tell_words(c, "cmdline");
		break;
	case INSPECT_FILES:
		tell_files(c);
		break;
	case INSPECT_LOCKS:
		err = each_fd(c, NULL, tell_locks);
		if (err)
			finish_err(c, -err);
		break;
	case INSPECT_DETAIL:
		tell_detail(c);
		break;
	case INSPECT_CALLS:
	case INSPECT_KINDS:
		break;
	}
	finish(c, INSPECT_DONE);
}
