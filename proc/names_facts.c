/* proc/names_facts.c - facts: who is to be asked, when again, and what came. */
#include "proc/names_impl.h"

#include <errno.h>
#include <stdlib.h>

enum {
	OLD_S = 3,		/* facts are old after so long, */
	OLD_EXE_S = 20,		/* the executable alone, which is another after an execve, and then asked for, */
	OLD_COST = 100,		/* and after so many times what they cost */
	STUCK = -1,		/* facts.asked of one that blocks whoever reads it */
};

int facts_reserve(struct names *n, u32 cap)
{
	struct facts *f = calloc(cap, sizeof(*f));

	if (!f)
		return -ENOMEM;
	if (n->facts)
		memcpy(f, n->facts, n->n * sizeof(*f));
	free(n->facts);
	n->facts = f;
	return 0;
}

void names_facts_budget(struct names *n, u64 budget_ns)
{
	while (n->fact.n)
		n->entry[names_pop(n, &n->fact)].facts = 0;
	n->budget_ns = budget_ns;
}

/* CLOCK_MONOTONIC from which on it is worth reading them again. */
static u64 old_from(const struct facts *f, u32 want)
{
	u32 seconds = want == FACT_EXE ? OLD_EXE_S : OLD_S;

	return f->read_ns + MAX((u64)seconds * NSEC_PER_SEC, OLD_COST * f->cost_ns);
}

void names_want_facts(struct names *n, u32 id, u32 want, bool again)
{
	struct entry *e;
	struct facts *f;

	if (!n->want || id >= n->n || !n->entry[id].used)
		return;
	if (!n->facts && facts_reserve(n, n->cap))
		return;
	e = &n->entry[id];
	f = &n->facts[id];
	if (e->kernel)
		want &= FACT_KERNEL;
	if (!(want & ~f->asked) && (!again || clock_ns(CLOCK_MONOTONIC) < old_from(f, want)))
		return;
	if (!want || e->facts || f->asked == (u32)STUCK)
		return;
	e->facts = want;
	names_push(n, &n->fact, id);
}

const struct facts *names_facts(const struct names *n, u32 id)
{
	static const struct facts none;

	return n && n->facts && id < n->n && n->entry[id].used ? &n->facts[id] : &none;
}

void facts_fill(struct names *n, struct reader_share *s)
{
	while (n->budget_ns && n->fact.n && s->nreq < READER_REQUESTS) {
		u32 id = names_pop(n, &n->fact), want = n->entry[id].facts;
		struct entry *e = &n->entry[id];

		e->facts = 0;
		if (!names_living(n, e))
			continue;
		/* a report waits for every one, a screen for those it knows nothing of */
		s->notify |= n->budget_ns == UINT64_MAX || want & ~n->facts[id].asked;
		s->req[s->nreq++] = (struct reader_request){.id = id, .pid = e->name.pid, .facts = want,
							   .exec_id = e->name.exec_id};
	}
	s->facts = s->nreq;
	s->budget_ns = n->budget_ns;
}

/* Time of a GPU's engines between two readings, in that time. */
static void gpu_rate(struct facts *f, const struct facts *before)
{
	u64 ns, window;

	if (!(f->have & before->have & FACT_GPU) || !counter_delta(before->gpu_ns, f->gpu_ns, &ns) ||
	    !counter_delta(before->read_ns, f->read_ns, &window) || !window)
		return;
	f->gpu_ppm = mul_div(ns, 1000000, window);
	f->have |= FACT_GPU_RATE;
}

/* Its texts are pointers of the child's: those there were take their place. */
bool facts_take(struct names *n, u32 i)
{
	const struct reader_answer *a = &n->reader.share->answer[i];
	struct facts *f, before;
	u32 id = n->reader.share->req[i].id;

	if (n->budget_ns != UINT64_MAX)
		n->budget_ns -= MIN(n->budget_ns, a->facts.cost_ns);
	if (!names_still_asked(n, i))
		return false;
	f = &n->facts[id];
	before = *f;
	*f = a->facts;
	memcpy(f->text, before.text, sizeof(f->text));
	gpu_rate(f, &before);
	for (u32 k = 0; k < FACT_TEXTS; k++) {
		struct bytes text = reader_bytes(n->reader.share, a->text[k]);

		if (k != FACT_TEXT_EXE)
			names_set_string(n, &f->text[k], text);
		else if (f->have & FACT_EXE)
			names_set_string(n, &n->entry[id].name.exe, text);
	}
	return true;
}

void facts_again(struct names *n, u32 i)
{
	const struct reader_request *r = &n->reader.share->req[i];

	/* without budget they are left to be asked for */
	if (!n->budget_ns || n->entry[r->id].facts)
		return;
	n->entry[r->id].facts = r->facts;
	names_push(n, &n->fact, r->id);
}

void facts_stuck(struct names *n, u32 i)
{
	n->facts[n->reader.share->req[i].id] = (struct facts){.asked = (u32)STUCK};
}
