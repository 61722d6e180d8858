/* proc/cputime.c - what the kernel does to a task's times and state before it
 * shows them in /proc, done here for those that BPF hands over raw. */
#include "proc/backend.h"

/* include/linux/sched.h, the bits that a state is reported from; 4.14 to 7.x.
 * Numbers, because no UAPI header has them. */
enum {
	TASK_INTERRUPTIBLE   = 0x1,
	TASK_UNINTERRUPTIBLE = 0x2,
	EXIT_DEAD            = 0x10,
	EXIT_ZOMBIE          = 0x20,
	TASK_REPORT          = 0x7f,	/* every bit that has a letter */
	TASK_IDLE            = 0x402,	/* TASK_UNINTERRUPTIBLE | TASK_NOLOAD */
	TASK_RTLOCK_WAIT     = 0x1000,
	TASK_FROZEN          = 0x8000,
};

/* __task_state_index() and task_index_to_char().  The kernel looks at the
 * highest bit alone; exit_state goes first here, because after the OR nothing
 * else keeps a stale bit of __state from hiding that the task has ended. */
char task_state_char(u32 state)
{
	static const char letter[] = "RSDTtXZP";	/* by the highest bit, 0: none */
	u32 bits = state & TASK_REPORT;

	if (state & (EXIT_ZOMBIE | EXIT_DEAD))
		return state & EXIT_ZOMBIE ? 'Z' : 'X';
	if (state & (TASK_RTLOCK_WAIT | TASK_FROZEN))
		return 'D';
	if ((state & TASK_IDLE) == TASK_IDLE)
		return 'I';
	return letter[bits ? 32 - __builtin_clz(bits) : 0];
}

void cputime_scale(u64 runtime_ns, u64 utime, u64 stime, u64 *user_ns, u64 *system_ns)
{
	u64 sum, system;

	if (__builtin_add_overflow(utime, stime, &sum)) {
		stime /= 2;
		sum = utime / 2 + stime;
	}
	/* No tick fell into one of the two: all of it counts as the other, and
	 * as user time if none fell at all. */
	system = stime ? mul_div(runtime_ns, stime, sum) : 0;
	*system_ns = system;
	*user_ns = runtime_ns - system;
}
