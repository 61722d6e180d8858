/* proc/systemd.c - see proc/systemd.h.
 *
 * There is no file that says how many units have failed; the bus does, for
 * everyone.  Of D-Bus this is what three questions need: every number is of this
 * machine's order, which is little-endian on all that pitstop is built for. */
#include "proc/systemd.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { CALL = 1, ANSWER = 2, NO_AUTO_START = 2 };
enum { FIELD_PATH = 1, FIELD_INTERFACE = 2, FIELD_MEMBER = 3, FIELD_REPLY_SERIAL = 5, FIELD_DESTINATION = 6,
       FIELD_SIGNATURE = 8 };

/* Questions in the order of their serials, the first is the greeting. */
enum { ASK_HELLO = 1, ASK_STATE, ASK_FAILED, ASK_JOBS, ASK_END };

#define ASKS	(ASK_END - ASK_STATE)

/* ---- writing ---- */

struct writer {
	u8 buf[1024];
	size_t len;
};

static void align(struct writer *w, size_t to)
{
	while (w->len % to)
		w->buf[w->len++] = 0;
}

static void put_u32(struct writer *w, u32 v)
{
	align(w, 4);
	memcpy(w->buf + w->len, &v, 4);
	w->len += 4;
}

static void put_string(struct writer *w, const char *s)
{
	size_t n = strlen(s);

	put_u32(w, (u32)n);
	memcpy(w->buf + w->len, s, n + 1);
	w->len += n + 1;
}

static void put_field(struct writer *w, u8 code, char type, const char *value)
{
	const u8 head[] = {code, 1, (u8)type, 0};

	align(w, 8);
	memcpy(w->buf + w->len, head, sizeof(head));
	w->len += sizeof(head);
	put_string(w, value);
}

/* A call; with a property, of Properties.Get. */
static void put_call(struct writer *all, u32 serial, const char *property)
{
	const u8 signature[] = {FIELD_SIGNATURE, 1, 'g', 0, 2, 's', 's', 0};
	struct writer w = {.buf = {'l', CALL, NO_AUTO_START, 1}, .len = 4};
	u32 fields, body;

	put_u32(&w, 0);
	put_u32(&w, serial);
	put_u32(&w, 0);
	put_field(&w, FIELD_PATH, 'o', property ? "/org/freedesktop/systemd1" : "/org/freedesktop/DBus");
	put_field(&w, FIELD_INTERFACE, 's', property ? "org.freedesktop.DBus.Properties" : "org.freedesktop.DBus");
	put_field(&w, FIELD_MEMBER, 's', property ? "Get" : "Hello");
	put_field(&w, FIELD_DESTINATION, 's', property ? "org.freedesktop.systemd1" : "org.freedesktop.DBus");
	if (property) {
		align(&w, 8);
		memcpy(w.buf + w.len, signature, sizeof(signature));
		w.len += sizeof(signature);
	}
	fields = (u32)w.len - 16;
	memcpy(w.buf + 12, &fields, 4);
	align(&w, 8);
	body = (u32)w.len;
	if (property) {
		put_string(&w, "org.freedesktop.systemd1.Manager");
		put_string(&w, property);
	}
	body = (u32)w.len - body;
	memcpy(w.buf + 4, &body, 4);
	memcpy(all->buf + all->len, w.buf, w.len);
	all->len += w.len;
}

/* ---- reading ---- */

struct reader {
	struct bytes b;
	size_t at;
	bool bad;
};

static const u8 *take(struct reader *r, size_t to, size_t n)
{
	size_t from = (r->at + to - 1) / to * to;
	const u8 *p = bytes_at(r->b, from, n);

	r->bad |= !p;
	if (p)
		r->at = from + n;
	return p;
}

static u32 take_u32(struct reader *r)
{
	const u8 *p = take(r, 4, 4);
	u32 v = 0;

	if (p)
		memcpy(&v, p, 4);
	return v;
}

/* Its length stands before it in 4 bytes (s, o) or in one (g); a NUL behind it. */
static struct bytes take_string(struct reader *r, bool short_length)
{
	const u8 *one = short_length ? take(r, 1, 1) : NULL;
	u32 n = one ? *one : short_length ? 0 : take_u32(r);
	const u8 *p = take(r, 1, (size_t)n + 1);

	return p ? (struct bytes){p, n} : (struct bytes){0};
}

/* A type of one letter, and what it is of. */
static void take_variant(struct reader *r, struct bytes *string, u32 *number, bool *has_number)
{
	struct bytes type = take_string(r, true);

	*has_number = false;
	if (type.n != 1 || r->bad) {
		r->bad = true;
	} else if (type.p[0] == 'u') {
		*number = take_u32(r);
		*has_number = true;
	} else if (type.p[0] == 's' || type.p[0] == 'o') {
		*string = take_string(r, false);
	} else if (type.p[0] == 'g') {
		*string = take_string(r, true);
	} else {
		r->bad = true;
	}
}

static void take_fields(struct reader *r, size_t end, struct bus_message *m)
{
	struct bytes string;
	bool has_number;

	while (!r->bad && r->at < end) {
		const u8 *code = take(r, 8, 1);
		u32 number = 0;

		take_variant(r, &string, &number, &has_number);
		if (code && *code == FIELD_REPLY_SERIAL && has_number)
			m->reply_to = number;
	}
}

s64 bus_message_parse(struct bus_message *m, struct bytes text)
{
	struct reader r = {.b = text};
	const u8 *head;
	u32 body, fields;
	u64 begin, all;

	*m = (struct bus_message){0};
	if (text.n < 16)
		return 0;
	head = take(&r, 1, 4);
	body = take_u32(&r);
	take_u32(&r);
	fields = take_u32(&r);
	begin = (16 + (u64)fields + 7) / 8 * 8;
	all = begin + body;
	if (head[0] != 'l' || head[3] != 1 || all > SYSTEMD_ROOM)
		return -EBADMSG;
	if (text.n < all)
		return 0;
	m->type = head[1];
	r.b.n = 16 + fields;
	take_fields(&r, r.b.n, m);
	if (r.bad)
		return -EBADMSG;
	/* what a Get answers; other bodies are none of ours */
	r = (struct reader){.b = {text.p, all}, .at = begin};
	if (m->type == ANSWER && body)
		take_variant(&r, &m->string, &m->number, &m->has_number);
	return (s64)all;
}

/* ---- the conversation ---- */

void systemd_init(struct systemd *s, const char *socket_path)
{
	memset(s, 0, sizeof(*s));
	s->socket = socket_path;
	s->fd = -1;
}

void systemd_close(struct systemd *s)
{
	if (s->fd >= 0)
		close(s->fd);
	systemd_init(s, s->socket);
}

/* "\0AUTH EXTERNAL", our uid as text, that text in hexadecimal; then at once the
 * first questions: the bus reads them when it has said yes. */
static void put_greeting(struct writer *w)
{
	static const char auth[] = "\0AUTH EXTERNAL ", begin[] = "\r\nBEGIN\r\n";
	char uid[20];
	size_t n = put_u64(uid, geteuid());

	memcpy(w->buf, auth, sizeof(auth) - 1);
	w->len = sizeof(auth) - 1;
	for (size_t i = 0; i < n; i++) {
		w->buf[w->len++] = '3';
		w->buf[w->len++] = (u8)uid[i];
	}
	memcpy(w->buf + w->len, begin, sizeof(begin) - 1);
	w->len += sizeof(begin) - 1;
	put_call(w, ASK_HELLO, NULL);
}

static int reach(struct systemd *s)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(s->socket);

	if (n >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	memcpy(to.sun_path, s->socket, n);
	syscall_count += 2;
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&to, sizeof(to)))
		return -errno;
	return 0;
}

static int ask(struct systemd *s)
{
	static const char *const property[ASKS] = {"SystemState", "NFailedUnits", "NJobs"};
	bool greet = s->fd < 0;
	struct writer w = {.len = 0};
	int err = greet ? reach(s) : 0;

	if (err)
		return err;
	if (greet) {
		put_greeting(&w);
		s->serial = ASK_STATE - ASKS;
	}
	/* serials go up by as many as there are: which was asked is told from them */
	s->serial += ASKS;
	for (u32 i = 0; i < ASKS; i++)
		put_call(&w, s->serial + i, property[i]);
	++syscall_count;
	if (send(s->fd, w.buf, w.len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)w.len)
		return -EIO;
	s->pending = ASKS;
	return 0;
}

/* A word of small letters, so that nothing else comes on the screen. */
static void take_state(struct systemd_raw *raw, struct bytes word)
{
	size_t n = 0;

	while (n < word.n && n < sizeof(raw->state) - 1 && word.p[n] >= 'a' && word.p[n] <= 'z') {
		raw->state[n] = (char)word.p[n];
		n++;
	}
	raw->state[n] = 0;
}

static int take_answer(struct systemd *s, const struct bus_message *m)
{
	u32 which = m->reply_to - s->serial + ASK_STATE;

	if (m->reply_to < s->serial || which >= ASK_END)
		return m->type == ANSWER || !m->reply_to ? 0 : -EPROTO;	/* the greeting's; a signal */
	if (m->type != ANSWER || (which == ASK_STATE ? !m->string.n : !m->has_number))
		return -EPROTO;
	if (which == ASK_STATE)
		take_state(&s->now, m->string);
	else if (which == ASK_FAILED)
		s->now.failed = m->number;
	else
		s->now.jobs = m->number;
	s->pending -= s->pending > 0;
	return 0;
}

/* "OK", its id and a line's end come before the first message. */
static s64 skip_greeting(struct systemd *s)
{
	const u8 *end = memmem(s->in, s->len, "\r\n", 2);

	if (s->len >= 2 && memcmp(s->in, "OK", 2))
		return -EACCES;
	if (!end)
		return 0;
	s->greeted = true;
	return end + 2 - s->in;
}

static int take_messages(struct systemd *s)
{
	struct bus_message m;
	s64 n;
	int err = 0;

	for (;;) {
		bool greeted = s->greeted;

		n = greeted ? bus_message_parse(&m, (struct bytes){s->in, s->len}) : skip_greeting(s);
		if (n <= 0)
			return n ? (int)n : 0;
		if (greeted)
			err = take_answer(s, &m);
		if (err)
			return err;
		s->len -= (size_t)n;
		memmove(s->in, s->in + n, s->len);
	}
}

static int receive(struct systemd *s)
{
	ssize_t n;

	++syscall_count;
	n = recv(s->fd, s->in + s->len, sizeof(s->in) - s->len, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -EPIPE;
	s->len += (size_t)n;
	return take_messages(s);
}

int systemd_sample(struct systemd *s, u64 mono_ns, struct systemd_raw *out)
{
	int err = 0;

	if (!s->asked_ns || mono_ns - s->asked_ns >= (u64)SYSTEMD_EVERY_S * NSEC_PER_SEC) {
		/* the last questions have had their time */
		err = s->pending ? -ETIMEDOUT : ask(s);
		s->asked_ns = mono_ns;
	}
	if (!err && s->fd >= 0 && s->pending)
		err = receive(s);
	if (err) {
		systemd_close(s);
		s->asked_ns = mono_ns;		/* not before its time again */
		s->err = err;
	}
	s->now.known |= s->fd >= 0 && !s->pending;
	*out = s->now;
	return s->fd < 0 ? s->err : 0;
}
