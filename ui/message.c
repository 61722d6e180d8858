/* ui/message.c - what goes to standard error. */
#include "ui/message.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ui/text.h"

void message_words(struct out *o, struct bytes words)
{
	while (words.n) {
		struct glyph g;
		size_t took = text_next(words, false, &g);

		out_bytes(o, g.utf8, g.len);
		words.p += took;
		words.n -= took;
	}
}

static void put_words(struct out *o, const char *words)
{
	message_words(o, (struct bytes){(const unsigned char *)words, strlen(words)});
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

void complain_lines(struct bytes lines)
{
	enum { PART = 1024 };
	char buf[8 * PART];
	struct sink s = sink_to(STDERR_FILENO, buf, sizeof(buf));

	while (lines.n) {
		const unsigned char *nl = memchr(lines.p, '\n', lines.n);
		size_t n = nl ? (size_t)(nl - lines.p) : lines.n;

		/* in parts: a character may be longer once it is made harmless */
		out_lit(&s.out, "| ");
		for (size_t at = 0; at < n && sink_room(&s, 4 * PART); at += PART)
			message_words(&s.out, (struct bytes){lines.p + at, MIN(n - at, (size_t)PART)});
		sink_char(&s, '\n');
		lines.p += n + !!nl;
		lines.n -= n + !!nl;
	}
	s.flush(&s);
}

void complain_log(const char *what, const char *log)
{
	complain(what, "the verifier's log:", NULL);
	complain_lines((struct bytes){(const unsigned char *)log, strlen(log)});
}

int sink_status(const struct sink *s)
{
	if (!s->err || s->err == EPIPE)
		return EXIT_SUCCESS;
	return complain("standard output", strerror(s->err), NULL);
}
