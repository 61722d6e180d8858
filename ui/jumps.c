/* ui/jumps.c - see ui/jumps.h. */
#include "ui/jumps.h"

static bool same_task(struct task_id a, struct task_id b)
{
	return a.pid == b.pid && a.start_boot_ns == b.start_boot_ns;
}

static void drop(struct jumps *j, u32 at)
{
	j->n--;
	memmove(&j->id[at], &j->id[at + 1], (j->n - at) * sizeof(j->id[0]));
}

void jumps_push(struct jumps *j, struct task_id id)
{
	for (u32 i = 0; i < j->n; i++)
		if (same_task(j->id[i], id))
			drop(j, i);
	if (j->n == JUMPS_MAX)
		drop(j, 0);
	j->id[j->n++] = id;
	j->at = j->n;
}

bool jumps_go(struct jumps *j, s32 step, struct task_id now, jumps_there_fn *there, void *arg)
{
	struct jumps old = *j;
	s64 at;

	if (j->at == j->n && step < 0 && now.pid) {
		jumps_push(j, now);	/* the way forward ends here */
		j->at = j->n - 1;
	}
	for (at = (s64)j->at + step; at >= 0 && at < j->n; at += step) {
		if (!same_task(j->id[at], now) && there(arg, j->id[at])) {
			j->at = (u32)at;
			return true;
		}
	}
	*j = old;
	return false;
}
