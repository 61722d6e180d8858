/* proc/devset.c - see proc/devset.h. */
#include "proc/devset.h"
#include "proc/dirscan.h"
#include "proc/procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PATH_ROOM = 128 };

/* FNV-1a: names are few and short, and nobody gains by making two collide. */
static u64 name_key(const char *name)
{
	u64 h = 0xcbf29ce484222325;

	while (*name)
		h = (h ^ (unsigned char)*name++) * 0x100000001b3;
	return h;
}

static void device_close(struct device *d)
{
	for (u32 i = 0; i < DEVSET_FILES; i++) {
		if (d->fd[i] >= 0)
			close(d->fd[i]);
		d->fd[i] = -1;
	}
}

void devset_close(struct devset *s)
{
	for (u32 i = 0; i < s->n; i++)
		device_close(&s->dev[i]);
	s->n = 0;
	s->looked = false;
}

/* All files or none: a device that vanishes meanwhile is none. */
static bool device_open(struct device *d, const struct devset_kind *kind, int dir_fd, const char *name)
{
	size_t n = strlen(name);
	char path[PATH_ROOM];

	d->key = name_key(name);
	for (u32 i = 0; i < DEVSET_FILES; i++)
		d->fd[i] = -1;
	for (u32 i = 0; i < DEVSET_FILES && kind->file[i]; i++) {
		size_t len = strlen(kind->file[i]);

		if (n + len + 2 > sizeof(path))
			return false;
		memcpy(path, name, n);
		path[n] = '/';
		memcpy(path + n + 1, kind->file[i], len + 1);
		++syscall_count;
		d->fd[i] = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
		if (d->fd[i] < 0) {
			device_close(d);
			return false;
		}
	}
	return true;
}

static int look(struct devset *s)
{
	struct dirscan dir;
	const char *name;
	int fd, err = 0;

	++syscall_count;
	fd = open(s->kind->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	dirscan_begin(&dir, fd);
	while (!err && (name = dirscan_next(&dir))) {
		if (name[0] == '.' || !s->kind->want(fd, name))
			continue;
		if (s->n == DEVICES_MAX)
			err = -E2BIG;
		else
			s->n += device_open(&s->dev[s->n], s->kind, fd, name);
	}
	++syscall_count;
	close(fd);
	return err ? err : dir.err;
}

int devset_refresh(struct devset *s, u64 mono_ns)
{
	if (s->looked && mono_ns - s->looked_ns < (u64)DEVSET_LOOK_S * NSEC_PER_SEC)
		return s->err;
	devset_close(s);
	s->err = look(s);
	s->looked = true;
	s->looked_ns = mono_ns;
	return s->err;
}

int devset_read(struct devset *s, u32 i, u32 file, char *buf, size_t cap, struct bytes *out)
{
	struct procfile f = {s->kind->dir, s->dev[i].fd[file]};
	int err = procfile_read(&f, buf, cap, out);

	if (err != -ENODEV && err != -ENOENT)
		return err;
	s->looked = false;
	return -ENODEV;
}
