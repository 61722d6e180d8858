/* tests/fuzz/fuzz_options.c - any words on the command line: what comes back is
 * in bounds, and what is wrong is said in safe characters. */
#include "ui/options.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

enum { WORDS = 32, BYTES = 4096 };

static void must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static void check_values(const struct options *o)
{
	const u64 least = 10 * NSEC_PER_MSEC, most = 3600ull * NSEC_PER_SEC;

	must(o->delay_ns >= least && o->delay_ns <= most);
	must(o->sort < COL_N && o->backend <= BACKEND_N && o->bench_samples);
	must(o->columns.n && o->columns.n <= COLUMNS_MAX);
	for (u32 i = 0; i < o->columns.n; i++)
		must(o->columns.id[i] < COL_N);
	must(o->npid <= FILTER_PIDS && memchr(o->filter, '\0', FILTER_TEXT));
	must(o->output_set || o->output == OUTPUT_SCREEN);
}

/* Words end at a NUL byte. */
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	static char text[OPTIONS_TEXT], copy[BYTES + 1], self[] = "pitstop";
	struct out out = {.buf = text, .cap = sizeof(text)};
	char *argv[WORDS + 1] = {self};
	enum options_result result;
	struct options o;
	int argc = 1;

	n = MIN(n, (size_t)BYTES);
	if (n)
		memcpy(copy, p, n);
	copy[n] = '\0';
	for (size_t at = 0; at < n && argc < WORDS; at += strlen(copy + at) + 1)
		argv[argc++] = copy + at;
	result = options_parse(&o, argc, argv, &out);
	must(!out.full);
	if (result == OPTIONS_RUN) {
		must(!out.len);
		check_values(&o);
		return 0;
	}
	must(out.len && text[out.len - 1] == '\n');
	must(result == OPTIONS_DONE || !strncmp(text, "pitstop: ", 9));
	for (size_t i = 0; i < out.len; i++)
		must((unsigned char)text[i] >= 0x20 || text[i] == '\n');
	return 0;
}
