/* tests/fuzz/seed/kernel.c - the other kernel: only its BTF is wanted. */
#define SEED_OLD
#include "tests/fuzz/seed/kernel.h"

struct other {
	struct other *next;
	struct task t;
};

/* a second type of that name is added by the mutator */
struct task *seed_task;
struct other *seed_other;
handler seed_handler;

typedef void (*btf_trace_sched)(void *data, struct task *t);
btf_trace_sched seed_trace;

int seed_kfunc(struct task *t, u32 n)
{
	return t->c == RED ? (int)n : 0;
}

int bpf_iter_task(void *meta, struct task *t)
{
	return meta ? seed_kfunc(t, 0) : 0;
}
