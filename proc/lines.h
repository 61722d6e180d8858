/* proc/lines.h - a file of text, line by line, without stdio. */
#ifndef PROC_LINES_H
#define PROC_LINES_H

#include "loader/base.h"

enum { LINES_ROOM = 64 << 10 };

struct lines {
	int fd;			/* -1: it could not be opened, and has no lines */
	u32 at, n;
	bool rest;		/* what follows belongs to a line that was too long */
};

/* One file at a time: all share a buffer. */
struct lines lines_open(int dir_fd, const char *name);
/* The next line without its end, valid until the next call; of one that is longer
 * than LINES_ROOM its beginning.  NULL after the last. */
char *lines_next(struct lines *l);
void lines_close(struct lines *l);

#endif
