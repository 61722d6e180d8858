/* ui/config_file.c - the configuration on disk. */
#include "ui/config_edit.h"
#include "ui/config_file.h"
#include "ui/message.h"
#include "proc/privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>	/* renameat() */
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static const char system_file[] = "/etc/pitstop/config.yaml";
static const char new_file[] = "# Configuration of pitstop; all there is to set: pitstop --generate-config\n";

/* Startup and saving only; nothing here runs while frames are drawn. */
static char text[CONFIG_MAX], edited[CONFIG_MAX];
static struct yaml tree;

/* ---- reading ---- */

static s64 read_all(int fd, char *buf, size_t cap)
{
	size_t n = 0;

	for (;;) {
		ssize_t got = n < cap ? read(fd, buf + n, cap - n) : -1;

		if (n == cap)
			return read(fd, &(char){0}, 1) ? -EFBIG : (s64)n;
		if (got < 0)
			return -errno;
		if (!got)
			return (s64)n;
		n += (size_t)got;
	}
}

/* No FIFO makes it wait, and no terminal becomes ours. */
static s64 slurp(int dir, const char *path, int flags, char *buf, size_t cap, struct stat *st)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
	s64 n;

	if (fd < 0)
		return -errno;
	if (fstat(fd, st))
		n = -errno;
	else if (S_ISDIR(st->st_mode))
		n = -EISDIR;
	else if (!S_ISREG(st->st_mode) && !S_ISCHR(st->st_mode))
		n = -EINVAL;
	else
		n = read_all(fd, buf, cap);
	close(fd);
	return n;
}

s64 config_slurp(const char *path, char *buf, size_t cap)
{
	struct stat st;
	s64 n;

	privilege_own_begin();
	n = slurp(AT_FDCWD, path, 0, buf, cap, &st);
	privilege_own_end();
	return n;
}

static const char *why(s64 err)
{
	return err == -EINVAL ? "not a regular file" : strerror((int)-err);
}

bool config_place(char path[static CONFIG_PATH], const char *dir_env, const char *rest, const char *home_rest)
{
	const char *dir = getenv(dir_env), *home = getenv("HOME");
	struct out o = {.buf = path, .cap = CONFIG_PATH - 1};

	/* a path that is not absolute is to be ignored: XDG Base Directory Specification */
	if (!dir || *dir != '/') {
		dir = home;
		rest = home_rest;
	}
	if (!dir || *dir != '/')
		return false;
	out_str(&o, dir);
	out_str(&o, rest);
	path[o.len] = 0;
	return !o.full;
}

static void remember(struct config_file *f, const struct stat *st)
{
	f->found = true;
	f->dev = st->st_dev;
	f->ino = st->st_ino;
	f->size = (u64)st->st_size;
	f->mtime_ns = (u64)st->st_mtim.tv_sec * NSEC_PER_SEC + (u64)st->st_mtim.tv_nsec;
}

static bool changed_since(const struct config_file *f, const struct stat *st)
{
	struct config_file now = {.found = false};

	remember(&now, st);
	return now.dev != f->dev || now.ino != f->ino || now.size != f->size || now.mtime_ns != f->mtime_ns;
}

/* False when it is there and of no use. */
static bool load(struct settings *s, const char *path, struct config_log *log, struct stat *st)
{
	s64 n = slurp(AT_FDCWD, path, 0, text, sizeof(text), st);

	if (n < 0) {
		config_say(log, path, 0, why(n), NULL);
		return false;
	}
	return !config_read(s, &tree, (struct bytes){(unsigned char *)text, (size_t)n}, path, log).broken;
}

static bool load_if_there(struct settings *s, const char *path, struct config_log *log, struct stat *st)
{
	if (stat(path, st))	/* nor is what lies in a folder that is closed to us */
		return false;
	load(s, path, log, st);
	return true;
}

bool config_load(struct config_file *f, struct settings *s, const char *named, struct config_log *log)
{
	struct stat st;
	bool ok = true;

	*f = (struct config_file){.found = false};
	privilege_own_begin();
	if (named) {
		ok = strlen(named) < sizeof(f->path) && load(s, named, log, &st);
		if (ok) {
			memcpy(f->path, named, strlen(named) + 1);
			remember(f, &st);
		}
	} else {
		load_if_there(s, system_file, log, &st);
		if (!config_place(f->path, "XDG_CONFIG_HOME", "/pitstop/config.yaml",
				  "/.config/pitstop/config.yaml"))
			f->path[0] = 0;
		else if (load_if_there(s, f->path, log, &st))
			remember(f, &st);
	}
	privilege_own_end();
	return ok;
}

/* ---- saving ---- */

/* The file to write, with every link followed. */
struct place {
	int dir;			/* -1: none yet */
	char path[PATH_MAX];
	const char *name;		/* within dir */
	mode_t mode;
	gid_t group;
	bool there;
};

/* The folders of a configuration that is to be the first: 0, or errno. */
static int make_folders(const char *path)
{
	char folder[CONFIG_PATH];
	const char *slash = strrchr(path, '/');
	size_t last = slash ? (size_t)(slash - path) : 0, before = last;
	int wrong = 0;

	if (!last)
		return 0;
	memcpy(folder, path, last);
	while (before && folder[before - 1] != '/')
		before--;
	if (before > 1) {
		folder[before - 1] = 0;
		wrong = mkdir(folder, 0700) ? errno : 0;
		folder[before - 1] = '/';
	}
	folder[last] = 0;
	if (!mkdir(folder, 0700) || errno == EEXIST)
		return 0;
	return wrong && wrong != EEXIST ? wrong : errno;	/* the first says why */
}

static const char *split(struct place *p)
{
	char *slash = strrchr(p->path, '/');

	if (!slash)
		return "no folder";
	*slash = 0;
	p->name = slash + 1;
	return NULL;
}

/* Where links lead, of what is there: as realpath() says it. */
static bool real_path(const char *path, char real[static PATH_MAX])
{
	char link[40] = "/proc/self/fd/";
	int fd = open(path, O_PATH | O_CLOEXEC), err;
	ssize_t n;

	if (fd < 0)
		return false;
	link[14 + put_u64(link + 14, (u64)fd)] = 0;
	n = readlink(link, real, PATH_MAX);
	err = n == PATH_MAX ? ENAMETOOLONG : errno;
	close(fd);
	errno = err;
	if (n <= 0 || n == PATH_MAX)
		return false;
	real[n] = 0;
	return true;
}

/* Of a path whose last part may not be there yet. */
static const char *resolve(struct place *p, const char *path)
{
	char own[PATH_MAX];
	struct stat st;
	size_t n = strlen(path);
	int wrong;

	if (real_path(path, p->path))
		return split(p);
	if (!lstat(path, &st))
		return S_ISLNK(st.st_mode) ? "a symbolic link that leads nowhere" : strerror(errno);
	wrong = make_folders(path);
	while (n && path[n - 1] != '/')
		n--;
	memcpy(own, path, n);
	memcpy(own + n, ".", 2);
	if (!real_path(own, p->path))
		return strerror(wrong ? wrong : errno);
	p->name = path + n;
	return NULL;
}

/* Only what is the person's own is written, in a folder where nobody else can
 * put something in its place. */
static const char *examine(struct place *p)
{
	uid_t own = getuid();
	struct stat st;

	p->dir = open(*p->path ? p->path : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (p->dir < 0 || fstat(p->dir, &st))
		return strerror(errno);
	if ((st.st_uid != own && st.st_uid) || (st.st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
		return "its folder is not yours alone";
	p->mode = 0644;
	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? NULL : strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	if (st.st_uid != own)
		return "it is not yours";
	p->there = true;
	p->mode = st.st_mode & 07777;
	p->group = st.st_gid;
	return NULL;
}

static bool write_all(int fd, const char *buf, size_t n)
{
	while (n) {
		ssize_t put = write(fd, buf, n);

		if (put <= 0)
			return false;
		buf += put;
		n -= (size_t)put;
	}
	return true;
}

static void temporary_name(char name[static 32])
{
	u64 random = 0;
	size_t n;

	(void)!getrandom(&random, sizeof(random), 0);
	memcpy(name, ".config-", 8);
	n = 8 + put_u64(name + 8, random);
	name[n] = 0;
}

/* The whole new text under another name, on disk, then in its place. */
static const char *put_in_place(const struct place *p, const char *buf, size_t n)
{
	char name[32];
	int fd, err = 0;

	temporary_name(name);
	fd = openat(p->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, p->there ? 0600 : p->mode);
	if (fd < 0)
		return strerror(errno);
	if ((p->there && ((p->group != getegid() && fchown(fd, (uid_t)-1, p->group)) || fchmod(fd, p->mode))) ||
	    !write_all(fd, buf, n) || fsync(fd))
		err = errno;
	if (close(fd) && !err)
		err = errno;
	if (!err && renameat(p->dir, name, p->dir, p->name))
		err = errno;
	if (err)
		unlinkat(p->dir, name, 0);
	else
		(void)!fsync(p->dir);
	return err ? strerror(err) : NULL;
}

/* What was changed must be what the new text says. */
static bool proven(size_t n, const struct settings *base, const struct settings *now)
{
	static struct settings back;
	static struct config_log log;
	struct config_result r;

	config_log_init(&log);
	back = *base;
	r = config_read(&back, &tree, (struct bytes){(unsigned char *)edited, n}, "", &log);
	return !r.broken && !r.bad && config_agrees(base, now, &back);
}

static const char *save(struct config_file *f, const struct settings *now, struct place *p, struct out *said)
{
	static struct settings there;
	static struct config_log log;
	struct out o = {.buf = edited, .cap = sizeof(edited)};
	struct config_result r;
	const char *wrong = NULL;
	struct stat st;
	s64 n = 0;

	if (config_agrees(&f->base, now, &f->base)) {
		out_lit(said, "nothing to save: no setting was changed");
		return NULL;
	}
	wrong = f->path[0] ? resolve(p, f->path) : "neither XDG_CONFIG_HOME nor HOME is set";
	if (!wrong)
		wrong = examine(p);
	if (wrong)
		return wrong;
	if (p->there)
		n = slurp(p->dir, p->name, O_NOFOLLOW, text, sizeof(text), &st);
	if (n < 0)
		return why(n);
	if (!p->there) {
		n = sizeof(new_file) - 1;
		memcpy(text, new_file, (size_t)n);
	}
	config_log_init(&log);
	settings_init(&there);
	r = config_read(&there, &tree, (struct bytes){(unsigned char *)text, (size_t)n}, p->name, &log);
	if (r.broken || r.bad) {
		out_str(said, log.first);
		return "to be mended first";
	}
	if (config_edit(&o, &tree, &f->base, now) < 0)
		return "its tabs are not those that were read";
	if (!proven(o.len, &f->base, now))
		return "it cannot be changed in place";
	wrong = put_in_place(p, edited, o.len);
	if (wrong)
		return wrong;
	out_lit(said, "saved to ");
	out_str(said, f->path);
	if (p->there && f->found && changed_since(f, &st))
		out_lit(said, ", which had changed meanwhile: that was kept");
	return NULL;
}

bool config_save(struct config_file *f, const struct settings *now, struct out *said)
{
	static struct place p;
	struct stat st;
	const char *wrong;

	p = (struct place){.dir = -1};
	privilege_own_begin();
	wrong = save(f, now, &p, said);
	if (!wrong) {
		f->base = *now;
		if (p.dir >= 0 && !fstatat(p.dir, p.name, &st, 0))
			remember(f, &st);
	}
	if (p.dir >= 0)
		close(p.dir);
	privilege_own_end();
	if (!wrong)
		return true;
	if (said->len)
		out_lit(said, ": ");
	out_str(said, wrong);
	out_lit(said, "; nothing is saved in ");
	out_str(said, f->path);
	return false;
}
