/* proc/procfile.h - a small file of text, opened once and read many times. */
#ifndef PROC_PROCFILE_H
#define PROC_PROCFILE_H

#include "loader/base.h"

struct procfile {
	const char *path;
	int fd;			/* -1 until it is first read */
};

#define PROCFILE(p)	((struct procfile){.path = (p), .fd = -1})

/* One pread(2) from the beginning into buf.  0 and *out inside buf; -EFBIG
 * when the file does not fit: never a silent cut. */
int procfile_read(struct procfile *f, char *buf, size_t cap, struct bytes *out) MUST_CHECK;
void procfile_close(struct procfile *f);

/* The same for dir/name, opened and closed: three system calls. */
int procfile_read_at(int dir_fd, const char *name, char *buf, size_t cap, struct bytes *out) MUST_CHECK;

#endif
