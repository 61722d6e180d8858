/* tests/bpf/bad_member.bpf.c - a map definition with a word that nobody knows. */
#include "tests/bpf/load.bpf.h"

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_UINT(colour, 3);
} odd SEC(".maps");

SEC("syscall")
int run(void *ctx)
{
	u32 key = 0;

	(void)ctx;
	return count(bpf_map_lookup_elem(&odd, &key) != 0);
}

LICENSE_GPL;
