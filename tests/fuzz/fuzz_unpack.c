/* tests/fuzz/fuzz_unpack.c - any bytes as packed constants: whatever comes of
 * them, it stays inside what was asked for. */
#include "loader/unpack.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	static struct pack_model model;
	size_t want = n ? (size_t)1 << p[n - 1] % 18 : 0;
	unsigned char *dst = malloc(want + 1);
	bool ok = dst && unpack(dst, want, (struct bytes){p, n}, &model);

	free(dst);
	return ok && !n && want;
}
