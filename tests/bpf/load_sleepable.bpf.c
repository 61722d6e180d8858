/* tests/bpf/load_sleepable.bpf.c - a map that sleepable programs may use since
 * Linux 5.12 (ba90c2cc0231). */
#include "tests/bpf/load.bpf.h"

struct {
	MAP_UINT(type, MAP_RINGBUF);
	MAP_UINT(max_entries, 4096);
} ring SEC(".maps");

SEC("iter.s/task")
int sleepable_ring(void *ctx)
{
	u64 one = 1;

	(void)ctx;
	bpf_ringbuf_output(&ring, &one, sizeof(one), 0);
	return count(1);
}

LICENSE_GPL;
