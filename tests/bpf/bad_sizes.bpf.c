/* tests/bpf/bad_sizes.bpf.c - a map definition that contradicts itself. */
#include "tests/bpf/load.bpf.h"

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_UINT(value_size, 4);
	MAP_TYPE(key, u32);
	MAP_TYPE(value, u64);
} odd SEC(".maps");

SEC("syscall")
int run(void *ctx)
{
	u32 key = 0;

	(void)ctx;
	return count(bpf_map_lookup_elem(&odd, &key) != 0);
}

LICENSE_GPL;
