/* ui/idset.c - a sorted array. */
#include "ui/idset.h"

/* The first entry that is not below the pid. */
static u32 slot_of(const struct idset *s, u32 pid)
{
	u32 low = 0, high = s->n;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (s->id[mid].pid < pid)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_at(const struct idset *s, u32 slot, struct task_id id)
{
	return slot < s->n && s->id[slot].pid == id.pid &&
	       s->id[slot].start_boot_ns == id.start_boot_ns;
}

bool idset_has(const struct idset *s, struct task_id id)
{
	return is_at(s, slot_of(s, id.pid), id);
}

bool idset_add(struct idset *s, struct task_id id)
{
	u32 slot = slot_of(s, id.pid);
	struct task_id *at = &s->id[slot];

	if (slot == s->n || at->pid != id.pid) {
		if (s->n == IDSET_MAX)
			return false;
		memmove(at + 1, at, (s->n - slot) * sizeof(*at));
		s->n++;
	}
	*at = id;
	return true;
}

void idset_remove(struct idset *s, struct task_id id)
{
	u32 slot = slot_of(s, id.pid);
	struct task_id *at = &s->id[slot];

	if (!is_at(s, slot, id))
		return;
	memmove(at, at + 1, (s->n - slot - 1) * sizeof(*at));
	s->n--;
}
