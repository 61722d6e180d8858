/* tests/bpf/load_beside.bpf.c - a static function beside its caller, in one section:
 * the compiler resolves the call and leaves no relocation.  libbpf refuses it. */
#include "tests/bpf/load.bpf.h"

static SEC("raw_tp/sched_process_exec") NOINLINE int beside(u64 x)
{
	KEEP(x);
	return (int)x + 1;
}

SEC("raw_tp/sched_process_exec")
int same_section(void *ctx)
{
	u64 x = 41;

	(void)ctx;
	KEEP(x);
	return count(beside(x) == 42);
}

LICENSE_GPL;
