/* tests/bpf/load_externs.bpf.c - functions, variables and symbols of the kernel;
 * those that no kernel has are weak. */
#include "tests/bpf/load.bpf.h"

struct CORE rq {
	u8 far_away[3];
	u32 cpu;
};

extern const struct rq runqueues KSYM;			/* per-CPU */
extern const struct rq no_such_variable KSYM WEAK;
extern const void schedule KSYM;
extern const void no_such_symbol KSYM WEAK;
extern void bpf_rcu_read_lock(void) KSYM;		/* 6.2 */
extern void bpf_rcu_read_unlock(void) KSYM;
extern int bpf_no_such_function(int x) KSYM WEAK;

SEC("tp_btf/sched_process_fork")
int typed_variable(void *ctx)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);

	(void)ctx;
	return count(rq && rq->cpu == 0);
}

SEC("tp_btf/sched_process_fork")
int weak_variable(void *ctx)
{
	(void)ctx;
	return count(!&no_such_variable);
}

SEC("tp_btf/sched_process_fork")
int symbol(void *ctx)
{
	(void)ctx;
	return count((u64)&schedule >> 63);	/* half of the address space is the kernel's */
}

SEC("tp_btf/sched_process_fork")
int weak_symbol(void *ctx)
{
	(void)ctx;
	return count(!&no_such_symbol);
}

SEC("tp_btf/sched_process_fork")
int kernel_function(void *ctx)
{
	(void)ctx;
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	return count(1);
}

SEC("tp_btf/sched_process_fork")
int weak_function(void *ctx)
{
	(void)ctx;
	if (bpf_no_such_function)
		return count(bpf_no_such_function(1) == 2);
	return count(1);
}

LICENSE_GPL;
