/* proc/inspect_impl.h - inside of the child of proc/inspect.c: how its parts
 * read and talk. */
#ifndef PROC_INSPECT_IMPL_H
#define PROC_INSPECT_IMPL_H

#include "proc/inspect_child.h"

enum { PATH_ROOM = 4096, OUT_ROOM = 1 << 16 };

struct child {
	int fd;
	int dir;			/* /proc/PID */
	size_t len;
	char out[OUT_ROOM];
};

__attribute__((format(printf, 2, 3)))
void child_line(struct child *c, const char *fmt, ...);

/* A file below /proc/PID, NUL-terminated; false when there is none. */
bool child_read(struct child *c, const char *file, char *buf, size_t cap);

/* inspect_detail.c: INSPECT_DETAIL */
void tell_detail(struct child *c);

#endif
