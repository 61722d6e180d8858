/* tests/bpf/floor.bpf.c - the loop of the probe walk with nothing in it: what
 * the kernel takes to go through its tasks, whoever asks. */
#include "probes/kern.bpf.h"

u32 floor_tasks = 0;

SEC("syscall")
int floor_walk(void *ctx)
{
	struct bpf_iter_task it;
	u32 n = 0;

	(void)ctx;
	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, 0, BPF_TASK_ITER_ALL_THREADS);
	while (bpf_iter_task_next(&it))
		n++;
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	floor_tasks = n;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
