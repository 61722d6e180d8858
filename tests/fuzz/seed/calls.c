/* tests/fuzz/seed/calls.c - functions that call, maps, data of every section. */
#define SEED_ATTR __attribute__((preserve_access_index))
#include "tests/fuzz/seed/kernel.h"

#define NOINLINE	__attribute__((noinline))
#define KSYM		__attribute__((section(".ksyms"), weak))

extern int seed_kfunc(struct task *t, u32 n) KSYM;
extern const int seed_gone KSYM;

const volatile u32 option = 1;
static u32 counts[4];
u64 total = 7;

struct {
	int (*type)[1];
	int (*map_flags)[1];
	int (*max_entries)[16];
	u32 *key;
	u64 *value;
} table __attribute__((section(".maps")));

struct {
	int (*type)[1];
	int (*key_size)[4];
	int (*value_size)[8];
	int (*map_extra)[5];
	int (*max_entries)[3];
} sized __attribute__((section(".maps")));

struct {
	int (*type)[27];
	int (*max_entries)[4096];
} ring __attribute__((section(".maps")));

static void *(*const lookup)(void *map, const void *key) = (void *)1;
static long (*const loop)(u32 n, void *fn, void *ctx, u64 flags) = (void *)181;

static NOINLINE int leaf(struct task *t, u32 n)
{
	counts[n & 3] += (u32)t->in[1].b;
	return (int)counts[1];
}

NOINLINE int branch(struct task *t)
{
	return leaf(t, 1) + (int)total;
}

static int turn(u32 i, void *ctx)
{
	return leaf(ctx, i);
}

__attribute__((section("syscall"))) int first(struct task *t)
{
	u32 key = option;
	u64 *v = lookup(&table, &key);

	total += v ? *v : (u64)(long)lookup(&ring, "literal");
	loop(3, turn, t, 0);
	lookup(&sized, &key);
	if (&seed_gone)
		total++;
	return branch(t) + leaf(t, 2);
}

__attribute__((section("tp_btf/sched"))) int second(struct task *t)
{
	return seed_kfunc ? seed_kfunc(t, 1) : branch(t);
}

char LICENSE[] __attribute__((section("license"))) = "GPL";
