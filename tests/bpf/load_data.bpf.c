/* tests/bpf/load_data.bpf.c - every kind of global data.  The values are read
 * where the compiler cannot know them. */
#include "tests/bpf/load.bpf.h"

const volatile u32 constant = 77;
const volatile char text[] = "literal";
static volatile u32 zeroed[5];
static volatile u64 initialised = 1234567890123ull;
u32 custom SEC(".data.custom") = 55;
const volatile u32 custom_constant SEC(".rodata.custom") = 66;
u8 behind[3] = {1, 2, 3};
static const u32 *volatile no_pointer;

SEC("tp_btf/sched_process_fork")
int read_data(void *ctx)
{
	u32 i = 2;

	(void)ctx;
	KEEP(i);
	zeroed[3]++;
	return count(constant == 77 && text[i & 7] == 't' && zeroed[4] == 0 && zeroed[3] &&
		     initialised == 1234567890123ull && custom == 55 && custom_constant == 66 &&
		     behind[i & 1] == 1 && !no_pointer);
}

/* A frozen constant is known to the verifier: what it switches off may be
 * anything, even a helper that does not exist. */
const volatile u32 off = 0;

SEC("tp_btf/sched_process_fork")
int dead_branch(void *ctx)
{
	void (*no_helper)(void) = (void *)99999;

	(void)ctx;
	if (off)
		no_helper();
	return count(1);
}

LICENSE_GPL;
