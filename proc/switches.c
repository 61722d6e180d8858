/* proc/switches.c - see proc/switches.h. */
#include "proc/switches.h"
#include "proc/backend.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/maptype.h"

extern const unsigned char bpf_switches[], bpf_switches_end[];

struct switch_list {
	struct object *object;
	struct switches *shared;
	struct switch_reader reader;
};

void switches_close(struct switch_list *s)
{
	if (!s)
		return;
	object_close(s->object);
	free(s);
}

static int load(struct switch_list *s, struct diag *why)
{
	struct bytes elf = {bpf_switches, (size_t)(bpf_switches_end - bpf_switches)};
	int err = object_open(&s->object, "switches", elf, why);

	if (!err)
		err = object_load(s->object, why);
	if (!err)
		err = object_var(s->object, "switches", sizeof(*s->shared), &s->shared);
	s->reader.cpus = MIN(map_possible_cpus(), (u32)SWITCH_CPUS);
	if (!err)
		err = object_attach(s->object, "switched", why);
	return err < 0 ? err : 0;
}

int switches_open(struct switch_list **out, struct diag *why)
{
	int err = bpf_reader_new(out, sizeof(**out), why);

	if (err)
		return err;
	err = load(*out, why);
	if (err) {
		switches_close(*out);
		*out = NULL;
	}
	return err;
}

/* The epoch first: who leaves a CPU from then on is listed anew, and whose mark of
 * before made the probe pass on has its time counted before we look at it. */
bool switches_drain(struct switches *from, struct switch_reader *r, struct task_ask *out)
{
	u32 head, missed, listed;
	bool full;

	__atomic_add_fetch(&from->epoch, 1, __ATOMIC_SEQ_CST);
	head = __atomic_load_n(&from->head, __ATOMIC_SEQ_CST);
	missed = __atomic_load_n(&from->lost, __ATOMIC_RELAXED);
	/* of a number that was lost a place may be left where nobody writes any more */
	full = head - r->tail > SWITCH_LIST || missed != r->lost;
	r->lost = missed;
	if (head - r->tail > SWITCH_LIST)
		r->tail = head - SWITCH_LIST;
	out->n = 0;
	for (; r->tail != head; r->tail++) {
		u32 *entry = &from->pid[r->tail % SWITCH_LIST];
		u32 pid = __atomic_load_n(entry, __ATOMIC_RELAXED);

		if (!pid && !full)	/* another CPU is about to write it: the next call has it */
			break;
		__atomic_store_n(entry, 0, __ATOMIC_RELAXED);
		if (pid)
			out->pid[out->n++] = pid;
	}
	listed = out->n;
	for (u32 i = 0; i < r->cpus; i++) {
		u32 pid = __atomic_load_n(&from->on_cpu[i].pid, __ATOMIC_RELAXED), at = listed;

		/* one process may be on all of them: each time its threads are gone through */
		while (at < out->n && out->pid[at] != pid)
			at++;
		out->pid[at] = pid;
		out->n += pid && at == out->n;
	}
	return !full;
}

bool switches_take(struct switch_list *s, struct task_ask *out)
{
	return switches_drain(s->shared, &s->reader, out);
}
