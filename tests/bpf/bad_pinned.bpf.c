/* tests/bpf/bad_pinned.bpf.c - a map that wants to live in a file system. */
#include "tests/bpf/load.bpf.h"

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_UINT(pinning, 1);		/* LIBBPF_PIN_BY_NAME */
	MAP_TYPE(key, u32);
	MAP_TYPE(value, u64);
} pinned SEC(".maps");

SEC("syscall")
int run(void *ctx)
{
	u32 key = 0;

	(void)ctx;
	return count(bpf_map_lookup_elem(&pinned, &key) != 0);
}

LICENSE_GPL;
