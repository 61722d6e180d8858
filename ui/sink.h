/* ui/sink.h - an out with an end: whatever is written is flushed in pieces, so
 * that no size of machine and no length of a string needs a buffer of its own. */
#ifndef UI_SINK_H
#define UI_SINK_H

#include "ui/out.h"

#include <signal.h>

enum { SINK_MIN = 256 };	/* the least room a sink's buffer may have */

struct sink {
	struct out out;
	/* Takes out.len bytes and sets it to 0; false: stop, err says why. */
	bool (*flush)(struct sink *s);
	int fd;
	int err;		/* errno of the write that failed, 0 */
	/* Set by a signal that ends the program: then an interrupted write is
	 * given up, as a reader that stands still must not keep us.  May be NULL. */
	const volatile sig_atomic_t *stop;
};

/* Room for n (at most half of the buffer) more bytes, flushing if need be;
 * false once writing has failed. */
bool sink_room(struct sink *s, size_t n);

/* Any number of bytes. */
void sink_bytes(struct sink *s, struct bytes b);
void sink_str(struct sink *s, const char *text);

void sink_char(struct sink *s, char c);
void sink_u64(struct sink *s, u64 v);
void sink_s64(struct sink *s, s64 v);
void sink_fixed(struct sink *s, u64 v, unsigned digits);	/* as out_fixed() */
/* Parts per million as a percentage: 12.5, at most four decimals, no idle zeros. */
void sink_percent(struct sink *s, u64 ppm);

/* A JSON string: quoted, escaped, valid UTF-8 whatever the bytes are
 * (RFC 8259; what is no UTF-8 becomes U+FFFD; DEL and C1 are escaped too). */
void sink_json_string(struct sink *s, struct bytes text);

/* One that collects in buf and writes to fd. */
struct sink sink_to(int fd, char *buf, size_t cap);

/* The flush that writes to s->fd until all is out. */
bool sink_flush_fd(struct sink *s);

#endif
