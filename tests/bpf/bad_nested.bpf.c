/* tests/bpf/bad_nested.bpf.c - a map of maps. */
#include "tests/bpf/load.bpf.h"

struct inner {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, u32);
	MAP_TYPE(value, u64);
};

struct {
	MAP_UINT(type, 12);		/* BPF_MAP_TYPE_ARRAY_OF_MAPS */
	MAP_UINT(max_entries, 2);
	MAP_TYPE(key, u32);
	__typeof__(struct inner) *values[];
} outer SEC(".maps");

SEC("syscall")
int run(void *ctx)
{
	u32 key = 0;

	(void)ctx;
	return count(bpf_map_lookup_elem(&outer, &key) != 0);
}

LICENSE_GPL;
