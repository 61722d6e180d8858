/* proc/procfile.c - small files of text, whole or not at all. */
#include "proc/procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int open_text(int dir_fd, const char *path)
{
	int fd;

	++syscall_count;
	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A buffer that is full may hold only the beginning. */
static int whole(ssize_t n, const char *buf, size_t cap, struct bytes *out)
{
	if ((size_t)n == cap)
		return -EFBIG;
	*out = (struct bytes){(const unsigned char *)buf, (size_t)n};
	return 0;
}

int procfile_read(struct procfile *f, char *buf, size_t cap, struct bytes *out)
{
	ssize_t n;

	if (f->fd < 0) {
		int fd = open_text(AT_FDCWD, f->path);

		if (fd < 0)
			return fd;
		f->fd = fd;
	}
	++syscall_count;
	n = pread(f->fd, buf, cap, 0);
	return n < 0 ? -errno : whole(n, buf, cap, out);
}

void procfile_close(struct procfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

int procfile_read_at(int dir_fd, const char *name, char *buf, size_t cap, struct bytes *out)
{
	int fd = open_text(dir_fd, name), err;
	ssize_t n;

	if (fd < 0)
		return fd;
	++syscall_count;
	n = read(fd, buf, cap);
	err = n < 0 ? -errno : whole(n, buf, cap, out);
	++syscall_count;
	close(fd);
	return err;
}
