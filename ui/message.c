/* ui/message.c - what goes to standard error. */
#include "ui/message.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ui/text.h"

/* Words may quote a name or an argument: they are made harmless like any. */
static void put_words(struct out *o, const char *words)
{
	struct bytes left = {(const unsigned char *)words, strlen(words)};

	while (left.n) {
		struct glyph g;
		size_t took = text_next(left, false, &g);

		out_bytes(o, g.utf8, g.len);
		left.p += took;
		left.n -= took;
	}
}

int complain(const char *what, const char *why, const char *hint)
{
	char buf[2048];
	struct out o = {.buf = buf, .cap = sizeof(buf) - 1};

	out_lit(&o, "pitstop: ");
	put_words(&o, what);
	out_lit(&o, ": ");
	put_words(&o, why);
	if (hint && *hint) {
		out_char(&o, '\n');
		put_words(&o, hint);
	}
	buf[o.len++] = '\n';
	(void)!write(STDERR_FILENO, buf, o.len);
	return EXIT_FAILURE;
}

int sink_status(const struct sink *s)
{
	if (!s->err || s->err == EPIPE)
		return EXIT_SUCCESS;
	return complain("standard output", strerror(s->err), NULL);
}
