/* tests/bpf/load_maps.bpf.c - kinds of maps that Linux 5.8 has. */
#include "tests/bpf/load.bpf.h"

#define COUNTER_MAP(name, kind) \
	struct { \
		MAP_UINT(type, kind); \
		MAP_UINT(max_entries, 16); \
		MAP_TYPE(key, u32); \
		MAP_TYPE(value, u64); \
	} name SEC(".maps")

COUNTER_MAP(hash_map, MAP_HASH);
COUNTER_MAP(lru_map, MAP_LRU_HASH);
COUNTER_MAP(array_map, MAP_ARRAY);
COUNTER_MAP(percpu_hash_map, MAP_PERCPU_HASH);
COUNTER_MAP(percpu_array_map, MAP_PERCPU_ARRAY);

struct {
	MAP_UINT(type, MAP_RINGBUF);
	MAP_UINT(max_entries, 1000);	/* not even a page: the loader rounds it */
} ring SEC(".maps");

struct {
	MAP_UINT(type, MAP_PERF_EVENT_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 4);
} one_per_cpu SEC(".maps");		/* max_entries 0: possible CPUs */

struct {
	MAP_UINT(type, MAP_HASH);
	MAP_UINT(map_flags, 1);		/* BPF_F_NO_PREALLOC */
	MAP_UINT(max_entries, 4);
	MAP_UINT(key_size, 8);
	MAP_UINT(value_size, 24);
	MAP_UINT(pinning, 0);
} sizes_alone SEC(".maps");

INLINE int add(void *map)
{
	u64 one = 1, *n;
	u32 key = 0;

	n = bpf_map_lookup_elem(map, &key);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(map, &key, &one, 0);
	return 0;
}

#define ADDS(name) SEC("tp_btf/sched_process_fork") int name(void *ctx) { (void)ctx; return add(&name##_map); }

ADDS(hash)
ADDS(lru)
ADDS(array)
ADDS(percpu_hash)
ADDS(percpu_array)

SEC("tp_btf/sched_process_fork")
int ringbuf(void *ctx)
{
	u64 word = 7;

	(void)ctx;
	return count(!bpf_ringbuf_output(&ring, &word, sizeof(word), 0));
}

SEC("tp_btf/sched_process_fork")
int by_size(void *ctx)
{
	u64 key = 1, value[3] = {1, 2, 3}, *got;

	(void)ctx;
	bpf_map_update_elem(&sizes_alone, &key, value, 0);
	got = bpf_map_lookup_elem(&sizes_alone, &key);
	return count(got && got[2] == 3);
}

SEC("tp_btf/sched_process_fork")
int perf_array(void *ctx)
{
	void *map = &one_per_cpu;

	(void)ctx;
	KEEP(map);
	return count(map != 0);
}

LICENSE_GPL;
