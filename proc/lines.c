#include "proc/lines.h"

#include <fcntl.h>
#include <unistd.h>

static char text[LINES_ROOM + 1];

struct lines lines_open(int dir_fd, const char *name)
{
	return (struct lines){.fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC)};
}

char *lines_next(struct lines *l)
{
	for (;;) {
		char *line = text + l->at, *end = memchr(line, '\n', l->n - l->at);
		ssize_t got = 0;

		if (!end && l->n - l->at < LINES_ROOM) {
			l->n -= l->at;
			l->at = 0;
			memmove(text, line, l->n);
			line = text;
			got = l->fd < 0 ? 0 : read(l->fd, text + l->n, LINES_ROOM - l->n);
			if (got > 0) {
				l->n += (u32)got;
				continue;
			}
			if (!l->n)
				return NULL;
		}
		got = l->rest;
		l->rest = !end;
		if (!end)
			end = text + l->n;
		*end = 0;
		l->at = MIN((u32)(end + 1 - text), l->n);
		if (!got)
			return line;
	}
}

void lines_close(struct lines *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}
