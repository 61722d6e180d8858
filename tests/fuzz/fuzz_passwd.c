/* tests/fuzz/fuzz_passwd.c - any bytes at all; names stay inside the text. */
#include "proc/users.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct user u[8];
	u32 lost, all, kept = passwd_parse((struct bytes){p, n}, u, ARRAY_LEN(u), &lost);

	for (u32 i = 0; i < kept; i++)
		if (u[i].name.p < p || !u[i].name.n || u[i].name.n > n - (size_t)(u[i].name.p - p))
			__builtin_trap();
	passwd_parse((struct bytes){p, n}, NULL, 0, &all);
	if (all != kept + lost)
		__builtin_trap();
	return 0;
}
