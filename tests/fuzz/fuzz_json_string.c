/* tests/fuzz/fuzz_json_string.c - any bytes give a JSON string: quoted, plain
 * inside, well-formed UTF-8, and all well-formed input is still there. */
#include "ui/sink.h"
#include "ui/text.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static unsigned char text[1 << 16];
static size_t text_len;

static bool keep(struct sink *s)
{
	if (s->out.full || s->out.len > sizeof(text) - text_len) {
		s->err = ENOSPC;
		return false;
	}
	memcpy(text + text_len, s->out.buf, s->out.len);
	text_len += s->out.len;
	s->out.len = 0;
	return true;
}

static void must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

/* One character of the string's inside; its length. */
static size_t character(struct bytes s, u32 *code)
{
	static const char named[] = "\"\\bfnrt", meant[] = "\"\\\b\f\n\r\t";
	const char *at;
	size_t n = utf8_decode(s, code);

	must(n && *code >= 0x20 && *code != '"' && !(*code >= 0x7f && *code < 0xa0));
	if (*code != '\\')
		return n;
	must(s.n >= 2 && s.p[1]);
	at = strchr(named, s.p[1]);
	if (at) {
		*code = (unsigned char)meant[at - named];
		return 2;
	}
	must(s.n >= 6 && s.p[1] == 'u' && s.p[2] == '0' && s.p[3] == '0');
	*code = 0;
	for (int i = 4; i < 6; i++) {
		must((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'));
		*code = *code * 16 + (s.p[i] <= '9' ? s.p[i] - '0' : s.p[i] - 'a' + 10u);
	}
	return 6;
}

/* Whether more bytes could make a character of the first k; told by trying. */
static bool could_go_on(struct bytes s, size_t k)
{
	unsigned char whole[4] = {0x80, 0x80, 0x80, 0x80};
	u32 code;

	memcpy(whole, s.p, k);
	for (size_t n = k + 1; n <= sizeof(whole); n++)
		if (utf8_decode((struct bytes){whole, n}, &code) == n)
			return true;
	return false;
}

/* Bytes of s, ill-formed at its beginning, that one U+FFFD stands for. */
static size_t replaced(struct bytes s)
{
	size_t n = 1;

	for (size_t k = 2; k < 4 && k <= s.n; k++)
		if (could_go_on(s, k))
			n = k;
	return n;
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	char buf[SINK_MIN];
	struct sink s = {.out = {.buf = buf, .cap = sizeof(buf)}, .flush = keep};
	struct bytes in = {p, n}, out;

	if (n > sizeof(text) / 8)
		return 0;
	text_len = 0;
	sink_json_string(&s, in);
	must(s.flush(&s) && !s.err);
	must(text_len >= 2 && text[0] == '"' && text[text_len - 1] == '"');
	out = (struct bytes){text + 1, text_len - 2};
	while (out.n && in.n) {
		u32 got, want;
		size_t took = character(out, &got), was = utf8_decode(in, &want);

		must(got == (was ? want : 0xfffd));
		if (!was)
			was = replaced(in);
		out = (struct bytes){out.p + took, out.n - took};
		in = (struct bytes){in.p + was, in.n - was};
	}
	must(!out.n && !in.n);
	return 0;
}
