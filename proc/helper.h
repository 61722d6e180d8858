/* proc/helper.h - a child process for what may block without an end: reading
 * another process's memory, a file on a dead mount.  Nobody waits for it. */
#ifndef PROC_HELPER_H
#define PROC_HELPER_H

#include <sys/types.h>

/* In the child, first of all: it dies with its parent, runs none of its signal
 * handlers (they would restore its terminal), and holds none of its files but
 * fd, which is moved to the number returned. */
int helper_settle(int fd, pid_t parent, const char *name);

/* A connection and a child at its other end.  0 in the child, the pid in the
 * parent, -errno; *fd is each one's own end, the parent's does not block. */
pid_t helper_fork(int *fd);

#endif
