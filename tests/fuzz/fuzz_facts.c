/* tests/fuzz/fuzz_facts.c - any bytes at all must be accepted or refused. */
#include "proc/facts.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

/* The first byte says whose file it is. */
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct facts f = {0};
	struct bytes text;
	u64 client, ns;
	int err = 0;

	if (!n)
		return 0;
	text = (struct bytes){p + 1, n - 1};
	switch (p[0] % 6) {
	case 0: err = smaps_rollup_parse(&f, text); break;
	case 1: err = autogroup_parse(&f, text); break;
	case 2: err = drm_fdinfo_parse(text, &client, &ns); break;
	case 3: err = fact_stat_parse(&f, text); break;
	case 4: err = fact_sizes_parse(&f, text, 4096); break;
	case 5: err = fact_calls_parse(&f, text); break;
	}
	if (err > 0 || (err && f.have))
		__builtin_trap();
	return 0;
}
