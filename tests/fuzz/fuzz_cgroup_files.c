/* tests/fuzz/fuzz_cgroup_files.c - any bytes at all must be accepted or refused. */
#include "proc/cgroup_files.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

/* The first byte says which file it is; what was known of the others stays. */
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct cgroup_reading r = {.have = UINT32_MAX, .pressed = UINT32_MAX}, before = r;
	int err;

	if (!n)
		return 0;
	err = cgroup_file_parse(p[0] % CGF_N, (struct bytes){p + 1, n - 1}, &r);
	if (err > 0 || (err && !memcmp(&r, &before, sizeof(r))))
		__builtin_trap();
	return 0;
}
