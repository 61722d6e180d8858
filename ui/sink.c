/* ui/sink.c - see ui/sink.h. */
#include "ui/sink.h"
#include "ui/text.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { NUMBER_BYTES = 32 };	/* sign, 20 digits, point; and to spare */

bool sink_room(struct sink *s, size_t n)
{
	if (s->err)
		return false;
	if (n <= s->out.cap - s->out.len)
		return true;
	if (!s->flush(s)) {
		if (!s->err)
			s->err = EIO;
		return false;
	}
	if (n <= s->out.cap - s->out.len)
		return true;
	s->err = ENOBUFS;	/* a buffer below SINK_MIN: never a silent cut */
	return false;
}

void sink_bytes(struct sink *s, struct bytes b)
{
	while (b.n && sink_room(s, 1)) {
		size_t n = MIN(b.n, s->out.cap - s->out.len);

		out_bytes(&s->out, (const char *)b.p, n);
		b.p += n;
		b.n -= n;
	}
}

void sink_str(struct sink *s, const char *text)
{
	sink_bytes(s, (struct bytes){(const unsigned char *)text, strlen(text)});
}

void sink_char(struct sink *s, char c)
{
	if (sink_room(s, 1))
		out_char(&s->out, c);
}

void sink_u64(struct sink *s, u64 v)
{
	if (sink_room(s, NUMBER_BYTES))
		out_u64(&s->out, v);
}

void sink_s64(struct sink *s, s64 v)
{
	if (sink_room(s, NUMBER_BYTES))
		out_s64(&s->out, v);
}

void sink_fixed(struct sink *s, u64 v, unsigned digits)
{
	if (sink_room(s, NUMBER_BYTES))
		out_fixed(&s->out, v, digits);
}

void sink_percent(struct sink *s, u64 ppm)
{
	unsigned digits = 4;

	while (digits && ppm % 10 == 0) {
		ppm /= 10;
		digits--;
	}
	if (digits)
		sink_fixed(s, ppm, digits);
	else
		sink_u64(s, ppm);
}

/* How many bytes one U+FFFD stands for, s beginning with something ill-formed:
 * the longest beginning of a well-formed sequence, as Unicode 16 (3.9, U+FFFD
 * substitution of maximal subparts) and every browser have it. */
static size_t ill_formed(struct bytes s)
{
	unsigned char lead = s.p[0], low = 0x80, high = 0xbf;
	size_t want, i;

	if (lead < 0xc2 || lead > 0xf4)
		return 1;
	want = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	for (i = 1; i < want && i < s.n && s.p[i] >= low && s.p[i] <= high; i++) {
		low = 0x80;
		high = 0xbf;
	}
	return i;
}

static bool json_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void json_escape(struct sink *s, u32 c)
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *named = c ? memchr(from, (int)c, sizeof(from) - 1) : NULL;

	if (!sink_room(s, 6))
		return;
	out_char(&s->out, '\\');
	if (named) {
		out_char(&s->out, to[named - from]);
		return;
	}
	out_lit(&s->out, "u00");	/* nothing above U+009F comes here */
	out_char(&s->out, hex[c >> 4 & 15]);
	out_char(&s->out, hex[c & 15]);
}

/* One character that is not plain; returns how many bytes it was. */
static size_t json_char(struct sink *s, struct bytes text)
{
	u32 c;
	size_t n = utf8_decode(text, &c);

	if (!n) {
		sink_str(s, "\xef\xbf\xbd");
		return ill_formed(text);
	}
	if (c < 0xa0)
		json_escape(s, c);
	else
		sink_bytes(s, (struct bytes){text.p, n});
	return n;
}

void sink_json_string(struct sink *s, struct bytes text)
{
	sink_char(s, '"');
	while (text.n && !s->err) {
		size_t n = 0;

		while (n < text.n && json_plain(text.p[n]))
			n++;
		if (n)
			sink_bytes(s, (struct bytes){text.p, n});
		else
			n = json_char(s, text);
		text.p += n;
		text.n -= n;
	}
	sink_char(s, '"');
}

/* Whether to try again after errno e. */
static bool may_retry(const struct sink *s, int e)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};

	if (s->stop && *s->stop)
		return false;
	if (e == EINTR)
		return true;
	if (e != EAGAIN)
		return false;
	/* Somebody who shares the file made it non-blocking: wait as if it were not. */
	syscall_count++;
	(void)poll(&p, 1, -1);
	return true;
}

bool sink_flush_fd(struct sink *s)
{
	size_t done = 0;

	while (done < s->out.len && !s->err) {
		ssize_t n = write(s->fd, s->out.buf + done, s->out.len - done);

		int e = n < 0 ? errno : EIO;	/* nothing taken and no reason given: do not spin */

		syscall_count++;
		if (n > 0)
			done += (size_t)n;
		else if (!may_retry(s, e))
			s->err = e;
	}
	s->out.len = 0;
	return !s->err;
}

struct sink sink_to(int fd, char *buf, size_t cap)
{
	return (struct sink){.out = {.buf = buf, .cap = cap}, .flush = sink_flush_fd, .fd = fd};
}
