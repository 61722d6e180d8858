/* tests/bpf/refused.bpf.c - programs that a kernel refuses, each for another
 * reason: test_doctor.py wants to read which. */
typedef unsigned long long u64;

#define SEC(s)	__attribute__((section(s), used))

static long (*const no_such_helper)(void) = (void *)9999;
static long (*const set_retval)(int v) = (void *)187;	/* of cgroup programs alone */

SEC("raw_tp/sched_switch")
int unknown_helper(void *ctx)
{
	(void)ctx;
	return (int)no_such_helper();
}

SEC("raw_tp/sched_switch")
int forbidden_helper(void *ctx)
{
	(void)ctx;
	return (int)set_retval(0);
}

/* behind what a tracepoint passes, MAX_BPF_FUNC_ARGS in kernel/trace/bpf_trace.c */
SEC("raw_tp/sched_switch")
int outside(u64 *ctx)
{
	return (int)ctx[500];
}

struct task_struct {
	int no_such_field;
	int pid;
} __attribute__((preserve_access_index));

SEC("tp_btf/sched_process_exit")
int lacking_field(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[0];

	return t->no_such_field;
}

/* the same, asked for first */
SEC("tp_btf/sched_process_exit")
int guarded_field(u64 *ctx)
{
	struct task_struct *t = (void *)ctx[0];

	return __builtin_preserve_field_info(t->no_such_field, 2) ? t->no_such_field : t->pid;
}

SEC("tp_btf/no_such_tracepoint")
int lacking_tracepoint(u64 *ctx)
{
	(void)ctx;
	return 0;
}

SEC("iter/no_such_iterator")
int lacking_iterator(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("fentry/vfs_read")
int trampoline(u64 *ctx)
{
	(void)ctx;
	return 0;
}

SEC("no_such_section")
int lacking_section(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("raw_tp/no_such_tracepoint")
int lacking_raw_tracepoint(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("raw_tp/sched_switch")
int good(void *ctx)
{
	(void)ctx;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
