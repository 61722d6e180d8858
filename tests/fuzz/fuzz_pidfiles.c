/* tests/fuzz/fuzz_pidfiles.c - any bytes at all must be accepted or refused. */
#include "proc/pidfiles.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

/* The first byte says whose file it is. */
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	static const struct proc_units units = {4096, 100};
	struct task t = {0};
	struct bytes text;
	int err = 0;

	if (!n)
		return 0;
	text = (struct bytes){p + 1, n - 1};
	switch (p[0] % 4) {
	case 0: err = pid_stat_parse(&t, text, &units); break;
	case 1: err = pid_statm_parse(&t, text, &units); break;
	case 2: err = pid_io_parse(&t, text); break;
	case 3: err = pid_status_parse(&t, text); break;
	}
	if (err > 0 || t.comm[TASK_COMM - 1])
		__builtin_trap();
	return 0;
}
