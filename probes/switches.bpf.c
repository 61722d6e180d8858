/* probes/switches.bpf.c - which processes ran: each context switch marks the
 * process that leaves the CPU, and says which one is on it.
 *
 * A mark is the process's number and the epoch, which user space counts on
 * before it takes the list: who is marked in this epoch is listed already, and
 * that is all that most switches find out.
 *
 * The list is a ring of numbers, 0 where none is.  A number that finds its place
 * taken is counted: then only a walk of all tasks sees everything.
 *
 * Cost: 5 ns a switch; attached only with --ludicrous.  Linux 5.16
 * (thread_info.cpu).  Shared with user space: struct switches. */
#include "probes/kern.bpf.h"

struct switches switches = {};

/* By the low bits of the number; two that share a place are listed twice. */
u64 mark[SWITCH_MARKS] = {};

SEC("tp_btf/sched_switch")
int switched(u64 *ctx)
{
	struct task_struct *prev = (struct task_struct *)ctx[1];
	struct task_struct *next = (struct task_struct *)ctx[2];
	u32 pid = prev->tgid, at;
	u64 now = (u64)*(volatile u32 *)&switches.epoch << 32 | pid;
	u64 *place = &mark[pid % SWITCH_MARKS];
	u32 *entry;

	switches.on_cpu[next->thread_info.cpu % SWITCH_CPUS].pid = next->tgid;
	if (!pid || *place == now)	/* 0: the CPU was idle */
		return 0;
	*place = now;
	at = __sync_fetch_and_add(&switches.head, 1);
	entry = &switches.pid[at % SWITCH_LIST];
	if (*entry)
		__sync_fetch_and_add(&switches.lost, 1);
	else
		*(volatile u32 *)entry = pid;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
