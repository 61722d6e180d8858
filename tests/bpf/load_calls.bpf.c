/* tests/bpf/load_calls.bpf.c - shapes of subprograms.  What they compute is
 * compared: a call to the wrong place counts nothing. */
#include "tests/bpf/load.bpf.h"

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 4);
	MAP_TYPE(key, u32);
	MAP_TYPE(value, u64);
} four SEC(".maps");

u64 step = 10;

/* A diamond: top calls left and right, both call bottom. */
static NOINLINE u64 bottom(u64 x)
{
	KEEP(x);
	return x + step;
}

static NOINLINE u64 left(u64 x)
{
	return bottom(x) * 2;
}

static NOINLINE u64 right(u64 x)
{
	return bottom(x + 1) * 3;
}

NOINLINE u64 global_sum(u64 a, u64 b)
{
	KEEP(a);
	return a + b;
}

HIDDEN NOINLINE u64 hidden_twice(u64 a)
{
	KEEP(a);
	return bottom(a) + bottom(a);
}

WEAK NOINLINE u64 weak_minus(u64 a)
{
	KEEP(a);
	return a - 1;
}

SEC("tp_btf/sched_process_fork")
int diamond(void *ctx)
{
	u64 x = 5;

	(void)ctx;
	KEEP(x);
	return count(left(x) + right(x) == 30 + 48);
}

/* The same functions in another order: every program has its own copies. */
SEC("tp_btf/sched_process_fork")
int diamond_mirrored(void *ctx)
{
	u64 x = 5;

	(void)ctx;
	KEEP(x);
	return count(right(x) - left(x) == 48 - 30);
}

SEC("tp_btf/sched_process_fork")
int linkages(void *ctx)
{
	u64 x = 5;

	(void)ctx;
	KEEP(x);
	return count(global_sum(x, 2) == 7 && hidden_twice(x) == 30 && weak_minus(x) == 4);
}

/* The relocation is in the subprogram. */
static NOINLINE u32 tgid_of(struct task_struct *t)
{
	return t->tgid;
}

SEC("tp_btf/sched_process_fork")
int core_in_call(u64 *ctx)
{
	struct task_struct *parent = (void *)ctx[0];

	return count(tgid_of(parent) == bpf_get_current_pid_tgid() >> 32);
}

struct sum {
	u64 last;
};

static u64 add_elem(void *map, u32 *key, u64 *value, struct sum *s)
{
	(void)map;
	s->last = bottom(*key + *value);
	return 0;
}

static u64 add_step(u32 i, struct sum *s)
{
	s->last = bottom(i);
	return 0;
}

/* Addresses of functions as arguments: 5.13 */
SEC("tp_btf/sched_process_fork")
int callback(void *ctx)
{
	struct sum s = {0};

	(void)ctx;
	bpf_for_each_map_elem(&four, add_elem, &s, 0);
	return count(s.last == 13);
}

/* bpf_loop(): 5.17 */
SEC("tp_btf/sched_process_fork")
int callbacks_and_calls(void *ctx)
{
	struct sum s = {0};
	u64 x = 1;

	(void)ctx;
	KEEP(x);
	bpf_loop(4, add_step, &s, 0);
	return count(s.last == 13 && left(x) == 22);
}

LICENSE_GPL;
