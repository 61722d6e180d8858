/* tests/fuzz/fuzz_htoprc.c - any bytes as htop's file: what it gives can be written
 * as a configuration, and comes back from it the same. */
#include "ui/htoprc.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	static char text[65536], again[65536];
	static struct config_log conf_log;
	static struct settings s;
	static struct yaml y;
	struct out one = {.buf = text, .cap = sizeof(text)}, two = {.buf = again, .cap = sizeof(again)};
	struct config_result r;

	config_log_init(&conf_log);
	settings_init(&s);
	htoprc_read(&s, (struct bytes){p, n}, "rc", &conf_log);
	for (size_t i = 0; i < conf_log.out.len; i++)
		must((u8)conf_log.text[i] >= ' ' || conf_log.text[i] == '\n');
	config_write(&one, &s);
	must(!one.full);
	config_log_init(&conf_log);
	settings_init(&s);
	r = config_read(&s, &y, (struct bytes){(unsigned char *)text, one.len}, "f", &conf_log);
	must(!r.broken && !r.bad && !r.unknown);
	config_write(&two, &s);
	must(one.len == two.len && !memcmp(text, again, one.len));
	return 0;
}
