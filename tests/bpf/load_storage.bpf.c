/* tests/bpf/load_storage.bpf.c - storage of a task (5.11), which must have types. */
#include "tests/bpf/load.bpf.h"

struct stored {
	u64 n;
};

struct {
	MAP_UINT(type, MAP_TASK_STORAGE);
	MAP_UINT(map_flags, 1);		/* BPF_F_NO_PREALLOC */
	MAP_TYPE(key, int);
	MAP_TYPE(value, struct stored);
} storage SEC(".maps");

SEC("tp_btf/sched_process_fork")
int task_storage(u64 *ctx)
{
	struct task_struct *parent = (void *)ctx[0];
	struct stored *s = bpf_task_storage_get(&storage, parent, 0, 1);

	if (s)
		s->n++;
	return count(s && s->n);
}

LICENSE_GPL;
