/* tests/bpf/load_newtypes.bpf.c - types that older kernels have never heard of:
 * FLOAT (5.13), DECL_TAG (5.16), TYPE_TAG (5.17).  The global function cannot be
 * verified without BTF, so it must be rewritten, not left out. */
#include "tests/bpf/load.bpf.h"

#define TYPE_TAG(s) __attribute__((btf_type_tag(s)))
#define DECL_TAG(s) __attribute__((btf_decl_tag(s)))

struct odd {
	double d;
	float f;
	int TYPE_TAG("user") *p;
	u32 n DECL_TAG("member");
} DECL_TAG("struct");

struct odd odd = {.n = 3};

DECL_TAG("function") NOINLINE u32 global_of(u32 x)
{
	KEEP(x);
	return odd.n + x;
}

SEC("tp_btf/sched_process_fork")
int needs_types(void *ctx)
{
	(void)ctx;
	return count(global_of(4) == 7);
}

LICENSE_GPL;
