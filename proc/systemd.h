/* proc/systemd.h - how the service manager says it is, asked on the system bus
 * without waiting: a question now, its answer when it has come. */
#ifndef PROC_SYSTEMD_H
#define PROC_SYSTEMD_H

#include "proc/snapshot.h"

enum { SYSTEMD_ROOM = 2048, SYSTEMD_EVERY_S = 10 };

struct systemd {
	const char *socket;		/* of the bus */
	int fd;				/* -1: not connected */
	u64 asked_ns;			/* when it was last tried to ask; 0: never */
	u32 serial;			/* of the last question */
	u32 pending;			/* questions that wait for their answer */
	bool greeted;			/* the bus took us in */
	int err;			/* why there is no connection */
	struct systemd_raw now;
	size_t len;			/* of in[]: bytes that have come */
	u8 in[SYSTEMD_ROOM];
};

void systemd_init(struct systemd *s, const char *socket);
void systemd_close(struct systemd *s);

/* Asks when it is time, takes what has come; *out is the last answer there is.
 * 0, or -errno: -ENOENT no bus, -EPROTO no systemd on it, -ETIMEDOUT no answer. */
int systemd_sample(struct systemd *s, u64 mono_ns, struct systemd_raw *out) MUST_CHECK;

/* One message of the bus at the beginning of text: its length when it is whole,
 * 0 when more has to come, -EBADMSG.  D-Bus Specification, Message Protocol. */
struct bus_message {
	u8 type;			/* 2 an answer, 3 an error */
	u32 reply_to;			/* the question's serial */
	struct bytes string;		/* a variant's string in the body, or empty */
	u32 number;			/* its number */
	bool has_number;
};
s64 bus_message_parse(struct bus_message *m, struct bytes text);

#endif
