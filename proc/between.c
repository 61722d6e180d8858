/* proc/between.c - see proc/between.h. */
#include "proc/between.h"

#include <stdio.h>

#include "proc/privilege.h"

static void give_up(struct between *b, const char *why, const char *hint)
{
	switches_close(b->list);
	b->list = NULL;
	snprintf(b->why, sizeof(b->why), *hint ? "%s; %s" : "%s", why, hint);
}

void between_attach(struct between *b, const struct backend_ops *ops)
{
	struct diag why = {0};
	int err;

	if (!b->on || b->list || *b->why)
		return;
	if (!ops->refresh) {
		give_up(b, "only the backend walk can look at some processes alone", "");
		return;
	}
	privilege_load_begin();
	err = switches_open(&b->list, &why);
	privilege_load_end();
	if (err)
		give_up(b, *why.what ? why.what : strerror(-err), why.hint);
}

void between_close(struct between *b)
{
	switches_close(b->list);
	b->list = NULL;
}

enum between_how between_choose(struct between *b, const struct task_request *want, u64 now_ns, bool fresh)
{
	bool same = b->walked.threads == want->threads && b->walked.extra == want->extra;

	if (!b->on || !fresh || !same || pace_due(&b->pace, now_ns))
		return TASKS_WALK;
	return b->list ? TASKS_REFRESH : TASKS_STAND;
}

/* Who ran before it is in it. */
void between_walk_begins(struct between *b)
{
	if (b->list)
		(void)!switches_take(b->list, &b->ask);
}

void between_walked(struct between *b, const struct task_request *want, u64 began_ns, u64 now_ns)
{
	if (!b->on)
		return;
	b->walks++;
	b->walked = *want;
	b->walked_ns = now_ns;
	pace_took(&b->pace, began_ns, now_ns - began_ns);
}

int between_refresh(struct between *b, const struct backend_ops *ops, struct backend *backend,
		    const struct task_request *want, struct task_table *t)
{
	bool all = switches_take(b->list, &b->ask);
	int what = ops->refresh(backend, want, &b->ask, t);

	if (what < 0)
		give_up(b, "the program refresh does not run here", strerror(-what));
	else
		b->partial += !all || what & REFRESH_MORE;
	if (what > 0 && what & REFRESH_MORE)	/* nothing but a walk makes room */
		b->pace.next_ns = MIN(b->pace.next_ns, b->walked_ns + NSEC_PER_SEC);
	return what;
}
