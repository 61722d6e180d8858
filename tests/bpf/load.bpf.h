/* tests/bpf/load.bpf.h - what the objects share that tests/tools/attach.c loads.
 *
 * Each program counts in "events", and only where what it is about has worked:
 * a relocation, a call or a map that is skipped or wrong leaves it at zero.  A
 * program NAME whose object has a map NAME_map counts in the values of key 0.
 *
 * They are valid from Linux 5.10 on where their feature is as old: no fetching
 * atomics, helpers by number. */
#ifndef TESTS_BPF_LOAD_BPF_H
#define TESTS_BPF_LOAD_BPF_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

#define SEC(s)		__attribute__((section(s), used))
#define INLINE		static inline __attribute__((always_inline))
#define NOINLINE	__attribute__((noinline))
#define HIDDEN		__attribute__((visibility("hidden")))
#define WEAK		__attribute__((weak))
#define KSYM		__attribute__((section(".ksyms")))
#define CORE		__attribute__((preserve_access_index))
#define MAP_UINT(n, v)	int (*n)[v]
#define MAP_TYPE(n, t)	__typeof__(t) *n
#define KEEP(v)		__asm__ volatile("" : "+r"(v))
#define LICENSE_GPL	char LICENSE[] SEC("license") = "GPL"

#define HELPER(name, number, result, ...) static result (*const name)(__VA_ARGS__) = (void *)(number)

HELPER(bpf_map_lookup_elem, 1, void *, void *map, const void *key);
HELPER(bpf_map_update_elem, 2, long, void *map, const void *key, const void *value, u64 flags);
HELPER(bpf_get_smp_processor_id, 8, u32, void);
HELPER(bpf_get_current_pid_tgid, 14, u64, void);
HELPER(bpf_get_current_task, 35, u64, void);
HELPER(bpf_probe_read_kernel, 113, long, void *dst, u32 size, const void *src);
HELPER(bpf_ringbuf_output, 130, long, void *ring, void *data, u64 size, u64 flags);
HELPER(bpf_per_cpu_ptr, 153, void *, const void *var, u32 cpu);
HELPER(bpf_task_storage_get, 156, void *, void *map, void *task, void *value, u64 flags);
HELPER(bpf_for_each_map_elem, 164, long, void *map, void *fn, void *ctx, u64 flags);
HELPER(bpf_loop, 181, long, u32 n, void *fn, void *ctx, u64 flags);

enum map_type {
	MAP_HASH = 1, MAP_ARRAY = 2, MAP_PERF_EVENT_ARRAY = 4, MAP_PERCPU_HASH = 5,
	MAP_PERCPU_ARRAY = 6, MAP_LRU_HASH = 9, MAP_RINGBUF = 27, MAP_TASK_STORAGE = 29,
};

u64 events = 0;

INLINE int count(int ok)
{
	if (ok)
		__sync_fetch_and_add(&events, 1);
	return 0;
}

/* Members in an order that no kernel has: without relocation they are wrong. */
struct CORE task_struct {
	u8 far_away[3];
	u32 tgid, pid;
};

#endif
