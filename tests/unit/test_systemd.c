/* tests/unit/test_systemd.c - the conversation with the system bus: messages by
 * table, and a whole one with a server that a test plays. */
#include "proc/systemd.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* An answer to question serial with a variant: "s", "u" or "b". */
static size_t answer(u8 *to, u8 type, u32 serial, char kind, const char *word, u32 number)
{
	u8 head[] = {'l', type, 1, 1, 0, 0, 0, 0, 9, 0, 0, 0, 8, 0, 0, 0, 5, 1, 'u', 0};
	size_t n = sizeof(head), body;
	u32 len;

	memcpy(to, head, n);
	memcpy(to + n, &serial, 4);
	n += 4;
	body = n;
	to[n++] = 1;
	to[n++] = (u8)kind;
	to[n++] = 0;
	to[n++] = 0;
	len = kind == 's' ? (u32)strlen(word) : number;
	memcpy(to + n, &len, 4);
	n += 4;
	if (kind == 's') {
		memcpy(to + n, word, len + 1);
		n += len + 1;
	}
	len = (u32)(n - body);
	memcpy(to + 4, &len, 4);
	return n;
}

static void messages(void)
{
	u8 text[256];
	struct bus_message m;
	size_t n = answer(text, 2, 77, 's', "degraded", 0);

	CHECK_EQ(bus_message_parse(&m, (struct bytes){text, n}), n);
	CHECK(m.type == 2 && m.reply_to == 77 && !m.has_number);
	CHECK(m.string.n == 8 && !memcmp(m.string.p, "degraded", 8));
	for (size_t i = 0; i < n; i++)		/* not whole yet */
		CHECK_EQ_ROW(i, bus_message_parse(&m, (struct bytes){text, i}), 0);
	n = answer(text, 2, 78, 'u', NULL, 12);
	CHECK_EQ(bus_message_parse(&m, (struct bytes){text, n}), n);
	CHECK(m.has_number && m.number == 12 && m.reply_to == 78);
	n = answer(text, 3, 79, 's', "org.freedesktop.DBus.Error.ServiceUnknown", 0);
	CHECK_EQ(bus_message_parse(&m, (struct bytes){text, n}), n);
	CHECK(m.type == 3 && m.reply_to == 79);
}

/* Byte at gets that value. */
static void malformed(void)
{
	static const struct {
		u32 at;
		u8 value;
		s64 want;	/* 1: whatever is in it, the message is whole */
	} rows[] = {
		{0, 'B', -EBADMSG},		/* the other order */
		{3, 2, -EBADMSG},		/* another protocol */
		{7, 0x10, -EBADMSG},		/* longer than there is room for */
		{15, 0x80, -EBADMSG},
		{17, 9, -EBADMSG},		/* a signature that is cut */
		{18, 'x', -EBADMSG},		/* a type no field has */
		{12, 7, -EBADMSG},		/* fields that end within one */
		{24, 200, 1}, {25, 'z', 1}, {28, 255, 1},	/* the same in the body: no value */
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		u8 text[256];
		struct bus_message m;
		size_t n = answer(text, 2, 77, 's', "degraded", 0);
		s64 got;

		text[rows[i].at] = rows[i].value;
		got = bus_message_parse(&m, (struct bytes){text, n});
		CHECK_EQ_ROW(i, got, rows[i].want > 0 ? (s64)n : rows[i].want);
		if (rows[i].want > 0)
			CHECK_ROW(i, !m.string.n && !m.has_number);
	}
}

/* ---- a server ---- */

static char path[64];
static int listener;

static void listen_here(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	snprintf(path, sizeof(path), "/tmp/pitstop-bus-%d", (int)getpid());
	unlink(path);
	memcpy(at.sun_path, path, strlen(path));
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(!bind(listener, (struct sockaddr *)&at, sizeof(at)) && !listen(listener, 4));
}

static void stop_listening(void)
{
	close(listener);
	unlink(path);
}

/* What the client wrote must begin and end as the protocol wants it. */
static void check_questions(int fd, bool greeting)
{
	char text[2048], want[64];
	ssize_t n = recv(fd, text, sizeof(text), 0);
	int len = snprintf(want, sizeof(want), "%cAUTH EXTERNAL ", 0);

	CHECK(n > 100 && n < 1024);
	if (greeting)
		CHECK(!memcmp(text, want, (size_t)len) && memmem(text, (size_t)n, "\r\nBEGIN\r\nl\1\2\1", 13));
	CHECK(!!memmem(text, (size_t)n, "Hello", 6) == greeting);
	CHECK(memmem(text, (size_t)n, "SystemState", 12) && memmem(text, (size_t)n, "NJobs", 6));
	/* every message is one: none is cut, none is too long */
	for (ssize_t at = greeting ? (char *)memmem(text, (size_t)n, "BEGIN\r\n", 7) + 7 - text : 0; at < n;) {
		struct bus_message m;
		s64 one = bus_message_parse(&m, (struct bytes){(u8 *)text + at, (size_t)(n - at)});

		CHECK(one > 0 && m.type == 1);
		if (one <= 0)
			return;
		at += one;
	}
}

static void conversation(void)
{
	static struct systemd s;
	struct systemd_raw raw;
	u64 now = 50ull * NSEC_PER_SEC;
	u8 text[1024];
	size_t n;
	int fd;

	listen_here();
	systemd_init(&s, path);
	CHECK_EQ(systemd_sample(&s, now, &raw), 0);
	CHECK(!raw.known);
	fd = accept(listener, NULL, NULL);
	check_questions(fd, true);
	CHECK_EQ(systemd_sample(&s, now + 1, &raw), 0);	/* nothing has come: nobody waits */
	CHECK(!raw.known);
	n = (size_t)snprintf((char *)text, sizeof(text), "OK 0123456789abcdef\r\n");
	n += answer(text + n, 2, 1, 's', ":1.42", 0);
	n += answer(text + n, 4, 0, 's', ":1.42", 0);	/* NameAcquired */
	n += answer(text + n, 2, 2, 's', "degraded", 0);
	n += answer(text + n, 2, 3, 'u', NULL, 2);
	n += answer(text + n, 2, 4, 'u', NULL, 7);
	for (size_t i = 0; i < n; i++) {		/* byte by byte */
		CHECK(write(fd, text + i, 1) == 1);
		CHECK_EQ_ROW(i, systemd_sample(&s, now + 2, &raw), 0);
		CHECK_ROW(i, raw.known == (i + 1 == n));
	}
	CHECK_STR(raw.state, "degraded");
	CHECK_EQ(raw.failed, 2);
	CHECK_EQ(raw.jobs, 7);
	/* asked again after its time, and what was known stays until then */
	now += 11ull * NSEC_PER_SEC;
	CHECK_EQ(systemd_sample(&s, now, &raw), 0);
	CHECK(raw.known);
	check_questions(fd, false);
	n = answer(text, 2, 5, 's', "run\033[ning", 0);
	n += answer(text + n, 2, 6, 'u', NULL, 0);
	n += answer(text + n, 2, 7, 'u', NULL, 0);
	CHECK(write(fd, text, n) == (ssize_t)n);
	CHECK_EQ(systemd_sample(&s, now, &raw), 0);
	CHECK_STR(raw.state, "run");
	CHECK_EQ(raw.failed, 0);
	/* no answer within its time: gone, and tried anew */
	now += 11ull * NSEC_PER_SEC;
	CHECK_EQ(systemd_sample(&s, now, &raw), 0);
	now += 11ull * NSEC_PER_SEC;
	CHECK_EQ(systemd_sample(&s, now, &raw), -ETIMEDOUT);
	CHECK(!raw.known);
	now += 11ull * NSEC_PER_SEC;
	CHECK_EQ(systemd_sample(&s, now, &raw), 0);
	close(fd);
	systemd_close(&s);
	stop_listening();
}

/* What ends it, and with which reason. */
static void refusals(void)
{
	static const struct {
		const char *hello;
		u8 type;
		char kind;
		int want;
	} rows[] = {
		{"REJECTED EXTERNAL\r\n", 2, 's', -EACCES},
		{"OK 1\r\n", 3, 's', -EPROTO},		/* no such service */
		{"OK 1\r\n", 2, 'u', -EPROTO},		/* a number for a state */
		{"OK 1\r\n", 2, 'b', -EPROTO},
	};

	listen_here();
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		static struct systemd s;
		struct systemd_raw raw;
		u8 text[512];
		size_t n;
		int fd;

		systemd_init(&s, path);
		CHECK_EQ_ROW(i, systemd_sample(&s, 1, &raw), 0);
		fd = accept(listener, NULL, NULL);
		n = (size_t)snprintf((char *)text, sizeof(text), "%s", rows[i].hello);
		n += answer(text + n, rows[i].type, 2, rows[i].kind, "x", 1);
		CHECK(write(fd, text, n) == (ssize_t)n);
		CHECK_EQ_ROW(i, systemd_sample(&s, 2, &raw), rows[i].want);
		CHECK_EQ_ROW(i, systemd_sample(&s, 3, &raw), rows[i].want);	/* not tried again at once */
		CHECK_ROW(i, !raw.known);
		close(fd);
		systemd_close(&s);
	}
	stop_listening();
	{
		static struct systemd s;
		struct systemd_raw raw;

		systemd_init(&s, path);
		CHECK_EQ(systemd_sample(&s, 1, &raw), -ENOENT);
		systemd_close(&s);
	}
}

TESTS(systemd, {"messages", messages}, {"malformed", malformed}, {"conversation", conversation},
      {"refusals", refusals})
