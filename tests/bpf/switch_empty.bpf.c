/* tests/bpf/switch_empty.bpf.c - what any program on a context switch costs: one
 * that does nothing. */
#include "probes/kern.bpf.h"

SEC("tp_btf/sched_switch")
int empty(u64 *ctx)
{
	(void)ctx;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
