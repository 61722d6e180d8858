/* proc/dirscan.c - names in a directory, without allocation. */
#include "proc/dirscan.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* getdents(2): ino64, off64, then the length of the record, the type, the name. */
enum { DIRENT_RECLEN = 16, DIRENT_NAME = 19 };

void dirscan_rewind(struct dirscan *d, int fd)
{
	dirscan_begin(d, fd);
	++syscall_count;
	if (lseek(fd, 0, SEEK_SET) < 0)
		d->err = -errno;
}

static bool refill(struct dirscan *d)
{
	long n;

	++syscall_count;
	n = syscall(SYS_getdents64, d->fd, d->buf, sizeof(d->buf));
	if (n < 0)
		d->err = -errno;
	if (n <= 0)
		return false;
	d->at = 0;
	d->len = (u32)n;
	return true;
}

const char *dirscan_next(struct dirscan *d)
{
	const char *entry;
	u16 reclen;

	if (d->err || (d->at == d->len && !refill(d)))
		return NULL;
	entry = d->buf + d->at;
	memcpy(&reclen, entry + DIRENT_RECLEN, sizeof(reclen));
	d->at += reclen;
	return entry + DIRENT_NAME;
}
