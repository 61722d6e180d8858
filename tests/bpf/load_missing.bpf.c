/* tests/bpf/load_missing.bpf.c - externs that cannot be had: each program is
 * refused with words of its own. */
#include "tests/bpf/load.bpf.h"

struct rq;

extern const struct rq no_such_strong_variable KSYM;
extern const void no_such_strong_symbol KSYM;
extern int bpf_no_such_strong_function(int x) KSYM;
extern int bpf_no_such_function(int x) KSYM WEAK;
extern int CONFIG_HZ __attribute__((section(".kconfig"))) WEAK;

SEC("tp_btf/sched_process_fork")
int strong_variable(void *ctx)
{
	(void)ctx;
	return count(!!bpf_per_cpu_ptr(&no_such_strong_variable, 0));
}

SEC("tp_btf/sched_process_fork")
int strong_symbol(void *ctx)
{
	(void)ctx;
	return count((u64)&no_such_strong_symbol >> 63);
}

SEC("tp_btf/sched_process_fork")
int strong_function(void *ctx)
{
	(void)ctx;
	return count(bpf_no_such_strong_function(1));
}

/* Weak, and yet called without asking. */
SEC("tp_btf/sched_process_fork")
int weak_unguarded(void *ctx)
{
	(void)ctx;
	return count(bpf_no_such_function(1) == 2);
}

SEC("tp_btf/sched_process_fork")
int kconfig(void *ctx)
{
	(void)ctx;
	return count(CONFIG_HZ == 250);
}

LICENSE_GPL;
