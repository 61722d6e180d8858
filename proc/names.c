/* proc/names.c - the table of names: who is known, who must be asked, and the
 * strings.  The asking itself is proc/reader.c. */
#include "proc/names_impl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proc/procfile.h"

enum {
	BUDGET_MS = 250,	/* for one step of the child, which may read 64 processes */
	START_MS = 5000,	/* for its start: it loads a program first */
	DEATHS_MAX = 3,		/* so many without an answer between, and no more are started */
	SINGLE_STEPS = 2 * 64,	/* requests asked one by one after it got stuck in a batch */
	TEXT_FIRST = 1 << 20,
	TEXT_AMPLE = 64 << 20,	/* beyond this much text, names are cut: */
	NAME_CUT = 4096,
	LAST_WAIT_MS = 20,	/* for the child to die, on the way out */
	STUCK_CHILDREN = 8,	/* so many that cannot be killed, and no more are started */
};

int names_new(struct names **out)
{
	struct names *n = calloc(1, sizeof(*n));

	*out = NULL;
	if (!n)
		return -ENOMEM;
	n->reader.fd = -1;
	if (textstore_init(&n->text, TEXT_FIRST)) {
		names_free(n);
		return -ENOMEM;
	}
	*out = n;
	return 0;
}

/* Waits a little: where pid 1 is no init (containers), nobody else would take
 * the zombie. */
static void end_child(struct names *n)
{
	bool had = n->reader.pid > 0;
	u32 gone = reader_stop(&n->reader);

	for (u32 ms = 0; had && !gone && ms < LAST_WAIT_MS; ms++) {
		poll(NULL, 0, 1);
		gone = reader_reap();
	}
}

void names_free(struct names *n)
{
	if (!n)
		return;
	end_child(n);
	reader_unmap(&n->reader);
	textstore_free(&n->text);
	free(n->entry);
	free(n->free_id);
	free(n->normal.id);
	free(n->urgent.id);
	free(n->fact.id);
	free(n->facts);
	free(n);
}

int names_start(struct names *n, u32 want)
{
	int err = reader_map(&n->reader);

	if (!err)
		err = reader_start(&n->reader);
	if (!err)
		n->want = want;
	return err;
}

/* ---- strings ---------------------------------------------------------- */

static void keep_living(void *arg, struct textstore_move *m)
{
	struct names *n = arg;

	for (u32 i = 0; i < n->n; i++) {
		struct name *name = &n->entry[i].name;

		if (!n->entry[i].used)
			continue;
		textstore_keep(m, &name->cmdline);
		textstore_keep(m, &name->exe);
		textstore_keep(m, &name->comm);
		for (u32 k = 0; n->facts && k < FACT_TEXTS; k++)
			textstore_keep(m, &n->facts[i].text[k]);
	}
}

static bool same_bytes(struct bytes a, struct bytes b)
{
	return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

bool names_set_string(struct names *n, struct bytes *to, struct bytes s)
{
	if (same_bytes(*to, s))
		return false;
	textstore_set(&n->text, to, s, keep_living, n);
	return true;
}

/* ---- entries ---------------------------------------------------------- */

static int grow_u32(u32 **p, u32 cap)
{
	u32 *q = reallocarray(*p, cap, sizeof(**p));

	if (!q)
		return -ENOMEM;
	*p = q;
	return 0;
}

/* A ring that wraps cannot simply get longer: unroll it into the new one. */
static int grow_queue(struct queue *q, u32 old, u32 cap)
{
	u32 *id = malloc(cap * sizeof(*id));

	if (!id)
		return -ENOMEM;
	for (u32 i = 0; i < q->n; i++)
		id[i] = q->id[(q->head + i) % old];
	free(q->id);
	q->id = id;
	q->head = 0;
	return 0;
}

static int entries_reserve(struct names *n, u32 want)
{
	u32 cap = n->cap ? n->cap : 256;
	struct entry *e;

	if (want <= n->cap)
		return 0;
	if (n->held)
		return -ENOMEM;
	while (cap < want)
		cap *= 2;
	e = reallocarray(n->entry, cap, sizeof(*e));
	if (!e)
		return -ENOMEM;
	n->entry = e;
	if (grow_u32(&n->free_id, cap) || grow_queue(&n->normal, n->cap, cap) ||
	    grow_queue(&n->urgent, n->cap, cap) || grow_queue(&n->fact, n->cap, cap) ||
	    (n->facts && facts_reserve(n, cap)))
		return -ENOMEM;
	n->cap = cap;
	return 0;
}

/* TASK_NONE without memory. */
static u32 entry_new(struct names *n, const struct task *t)
{
	u32 id;

	if (n->nfree)
		id = n->free_id[--n->nfree];
	else if (entries_reserve(n, n->n + 1))
		return TASK_NONE;
	else
		id = n->n++;
	n->entry[id] = (struct entry){
		.name = {.pid = t->pid, .start_boot_ns = t->start_boot_ns, .exec_id = t->exec_id},
		.used = true,
		.kernel = t->kernel,
		.seen = n->round,
	};
	if (n->facts)
		n->facts[id] = (struct facts){0};
	return id;
}

int names_put(struct names *n, struct task *t, const struct name *what)
{
	u32 id = entry_new(n, t);
	struct name *name;

	if (id == TASK_NONE)
		return -ENOMEM;
	name = &n->entry[id].name;
	names_set_string(n, &name->cmdline, what->cmdline);
	names_set_string(n, &name->exe, what->exe);
	names_set_string(n, &name->comm, what->comm);
	name->state = what->state;
	t->name = id;
	return 0;
}

const struct name *names_get(const struct names *n, u32 id)
{
	return n && id < n->n && n->entry[id].used ? &n->entry[id].name : NULL;
}

bool names_living(const struct names *n, const struct entry *e)
{
	return e->used && n->round - e->seen <= n->round - n->all_seen;
}

/* ---- questions -------------------------------------------------------- */

void names_push(struct names *n, struct queue *q, u32 id)
{
	q->id[(q->head + q->n) % n->cap] = id;
	q->n++;
}

u32 names_pop(struct names *n, struct queue *q)
{
	u32 id = q->id[q->head];

	q->head = (q->head + 1) % n->cap;
	q->n--;
	return id;
}

static void ask(struct names *n, u32 id)
{
	if (!n->want || n->entry[id].queued)
		return;
	n->entry[id].queued = true;
	names_push(n, &n->normal, id);
}

void names_refresh(struct names *n, const struct task *t)
{
	u32 id = t->name;
	struct entry *e;

	if (!n->want || id >= n->n || !n->entry[id].used)
		return;
	e = &n->entry[id];
	if (e->urgent || e->name.state == NAME_STUCK || (t->exact && !t->thread && e->asked_ns == t->runtime_ns))
		return;
	if (e->kernel && e->name.state == NAME_NONE && memcmp(t->comm, "kworker", 7))
		return;		/* of kernel threads, only a worker's tells what it does just now */
	e->urgent = true;
	e->asked_ns = t->runtime_ns;
	names_push(n, &n->urgent, id);
}

/* What there is to learn of a task; 0 for a zombie, whose memory is gone. */
static u32 wants_of(const struct names *n, const struct task *t)
{
	if (t->kernel)
		return n->want & NAMES_COMM;
	return t->state == 'Z' || t->state == 'X' ? 0 : n->want & ~(u32)NAMES_COMM;
}

static void update_one(struct names *n, const struct task *t, struct entry *e)
{
	e->seen = n->round;
	if (e->name.exec_id != t->exec_id) {
		e->name.exec_id = t->exec_id;
		e->name.state = NAME_UNKNOWN;
		e->name.exe = (struct bytes){0};
		if (n->facts)
			n->facts[e - n->entry] = (struct facts){0};
	}
	if (e->name.state != NAME_UNKNOWN)
		return;
	e->asked_ns = t->runtime_ns;
	if (wants_of(n, t))
		ask(n, (u32)(e - n->entry));
	else
		e->name.state = NAME_NONE;
}

/* lived: the last round in which all who lived were seen, before this one. */
static void forget_ended(struct names *n, u32 lived)
{
	for (u32 i = 0; i < n->n; i++) {
		struct entry *e = &n->entry[i];

		/* who ended just now may have been passed over for long */
		if (n->round - e->seen - 1 < n->round - lived)
			e->seen = n->round - 1;
		/* one still queued is let go when its turn comes */
		if (!e->used || n->round - e->seen <= n->linger || e->queued || e->urgent || e->facts)
			continue;
		e->used = false;
		n->free_id[n->nfree++] = i;
	}
}

void names_hold(struct names *n, bool on, u32 processes)
{
	if (on && !n->held)
		(void)!entries_reserve(n, processes);
	n->held = on;
	n->text.fixed = on;
	n->progress_ns = 0;	/* a child in the middle of its work was not asked meanwhile */
}

void names_linger(struct names *n, u32 rounds)
{
	n->linger = rounds;
}

bool names_begin(struct names *n)
{
	n->round++;
	n->living = n->without = 0;
	return n->whole;
}

int names_step(struct names *n, struct task *t)
{
	struct entry *e = t->name < n->n ? &n->entry[t->name] : NULL;

	if (!e || !e->used || e->name.pid != t->pid || e->name.start_boot_ns != t->start_boot_ns)
		t->name = entry_new(n, t);
	if (t->name == TASK_NONE) {
		n->without++;
		return n->held ? 0 : -ENOMEM;
	}
	update_one(n, t, &n->entry[t->name]);
	n->living++;
	return 0;
}

void names_end(struct names *n, u32 same)
{
	u32 used = n->n - n->nfree, lived = n->all_seen;

	n->whole = n->living + same == used && !n->without;
	if (same)
		return;
	n->all_seen = n->round;
	if (n->living < used)
		forget_ended(n, lived);
}

/* Takes the next living entry off a queue; TASK_NONE when it is empty. */
static u32 next_of(struct names *n, struct queue *q)
{
	while (q->n) {
		u32 id = names_pop(n, q);
		struct entry *e = &n->entry[id];

		if (q == &n->urgent)
			e->urgent = false;
		else
			e->queued = false;
		if (names_living(n, e))
			return id;
	}
	return TASK_NONE;
}

static void fill_request(struct names *n, struct reader_request *r, u32 id)
{
	const struct entry *e = &n->entry[id];

	*r = (struct reader_request){
		.id = id,
		.pid = e->name.pid,
		.exec_id = e->name.exec_id,
		.want = e->kernel ? n->want & NAMES_COMM : n->want & ~(u32)NAMES_COMM,
		.max = n->text.len > TEXT_AMPLE ? NAME_CUT : READER_NAME_MAX,
	};
}

/* Fills the batch: the rows on the screen first.  Only a batch with somebody
 * unknown is worth waking us for; that titles are still the same can wait for
 * the next sample. */
static void fill_batch_names(struct names *n, struct reader_share *s)
{
	u32 limit = n->singles ? 1 : READER_REQUESTS, id;

	while (s->nreq < limit) {
		id = next_of(n, &n->urgent);
		if (id == TASK_NONE)
			id = next_of(n, &n->normal);
		if (id == TASK_NONE)
			return;
		s->notify |= n->entry[id].name.state == NAME_UNKNOWN;
		fill_request(n, &s->req[s->nreq++], id);
	}
}

static void fill_batch(struct names *n, struct reader_share *s)
{
	s->nreq = s->notify = 0;
	s->facts = false;
	fill_batch_names(n, s);
	if (!s->nreq)
		facts_fill(n, s);
}

static bool waiting(const struct names *n)
{
	return n->urgent.n || n->normal.n || (n->fact.n && n->budget_ns);
}

void names_send(struct names *n)
{
	struct reader_share *s = n->reader.share;

	if (n->busy || n->held || n->reader.fd < 0 || !waiting(n))
		return;
	fill_batch(n, s);
	if (!s->nreq)
		return;
	n->singles -= n->singles > 0;
	s->first = s->last = s->done = s->finished = 0;
	++syscall_count;
	/* one that is dead will make no progress: names_receive() replaces it */
	(void)!send(n->reader.fd, "", 1, MSG_NOSIGNAL);
	n->busy = true;
	n->progress = 0;
	n->progress_ns = clock_ns(CLOCK_MONOTONIC);
}

/* ---- answers ---------------------------------------------------------- */

struct bytes reader_bytes(const struct reader_share *s, struct reader_string str)
{
	struct bytes all = {(const unsigned char *)s->text, READER_TEXT};
	const void *p = bytes_at(all, str.at, str.len);

	return p ? (struct bytes){p, str.len} : (struct bytes){0};
}

bool names_still_asked(const struct names *n, u32 i)
{
	const struct reader_request *r = &n->reader.share->req[i];

	return r->id < n->n && n->entry[r->id].used && n->entry[r->id].name.pid == r->pid &&
	       n->entry[r->id].name.exec_id == r->exec_id;
}

static bool take_answer(struct names *n, u32 i)
{
	const struct reader_share *s = n->reader.share;
	const struct reader_answer *a = &s->answer[i];
	u32 id = s->req[i].id;
	struct name *name;
	bool changed;

	if (!names_still_asked(n, i))
		return false;
	name = &n->entry[id].name;
	changed = s->req[i].want & NAMES_EXE && names_set_string(n, &name->exe, reader_bytes(s, a->exe));
	changed |= names_set_string(n, &name->comm, reader_bytes(s, a->comm));
	if (a->state == NAME_UNKNOWN) {	/* busy: the next names_step() or names_refresh() asks again */
		n->entry[id].asked_ns = UINT64_MAX;
		n->whole = false;
		return changed;
	}
	changed |= name->state != a->state;
	name->state = a->state;
	return names_set_string(n, &name->cmdline, reader_bytes(s, a->cmdline)) || changed;
}

static void ask_again(struct names *n, u32 i)
{
	const struct reader_request *r = &n->reader.share->req[i];

	if (r->facts)
		facts_again(n, i);
	else
		ask(n, r->id);
}

/* The child died or was killed in the middle of its work: what it had not
 * answered is asked again, but for the one process that is surely at fault. */
static void give_up(struct names *n, u32 done)
{
	struct reader_share *s = n->reader.share;
	u32 first = __atomic_load_n(&s->first, __ATOMIC_ACQUIRE);
	u32 last = __atomic_load_n(&s->last, __ATOMIC_ACQUIRE);
	bool certain = last == first + 1;

	for (u32 i = done; i < MIN(s->nreq, READER_REQUESTS); i++) {
		u32 id = s->req[i].id;

		if (!names_still_asked(n, i))
			continue;
		if (certain && i == first && s->facts)
			facts_stuck(n, i);
		else if (certain && i == first)
			n->entry[id].name.state = NAME_STUCK;
		else
			ask_again(n, i);
	}
	if (!certain)
		n->singles = SINGLE_STEPS;
}

static u64 budget_ns(const struct names *n)
{
	bool starting = n->reader.share->method == READER_NOT_YET;

	return (u64)(starting ? START_MS : BUDGET_MS) * NSEC_PER_MSEC;
}

static void replace_child(struct names *n)
{
	u32 gone = reader_stop(&n->reader);

	n->stuck_children++;
	n->stuck_children -= MIN(n->stuck_children, gone);
	n->busy = false;
	if (n->stuck_children > STUCK_CHILDREN || n->deaths > DEATHS_MAX || reader_start(&n->reader))
		n->want = 0;
}

static bool take_answers(struct names *n, u32 done)
{
	const struct reader_share *s = n->reader.share;
	bool changed = false;

	for (u32 i = 0; i < MIN(done, MIN(s->nreq, READER_REQUESTS)); i++)
		changed |= s->facts ? facts_take(n, i) : take_answer(n, i);
	return changed;
}

/* What the child wrote is trusted no more than the processes it read. */
static u32 answered(const struct names *n)
{
	return MIN(__atomic_load_n(&n->reader.share->done, __ATOMIC_ACQUIRE), READER_REQUESTS);
}

/* Takes what a child that has gone through its batch answered. */
static bool finish_batch(struct names *n)
{
	struct reader_share *s = n->reader.share;
	u32 done = answered(n);
	bool changed = take_answers(n, done);
	u32 nreq = MIN(s->nreq, READER_REQUESTS);

	n->deaths = 0;
	n->busy = false;
	for (u32 i = done; i < nreq; i++)
		if (names_still_asked(n, i))
			ask_again(n, i);
	if (!n->budget_ns)
		names_facts_budget(n, 0);
	names_send(n);
	return changed;
}

/* Takes the byte that woke us, before anybody looks whether the batch is
 * finished: one left behind would make poll(2) return at once all through the
 * next.  True when the child's end is closed, which poll(2) reports for ever. */
static bool reader_died(const struct names *n)
{
	char bytes[8];

	if (!n->reader.share->notify)
		return false;
	++syscall_count;
	return recv(n->reader.fd, bytes, sizeof(bytes), MSG_DONTWAIT) == 0;
}

/* A child that could run and was not let is not at fault, and neither is the
 * process it was about to look at. */
static bool reader_runnable(const struct names *n)
{
	char path[32] = "/proc/", buf[512];
	size_t at = 6 + put_u64(path + 6, (u64)n->reader.pid);
	struct bytes text;
	const char *paren;

	memcpy(path + at, "/stat", 6);
	if (procfile_read_at(-1, path, buf, sizeof(buf), &text))
		return false;
	paren = memrchr(text.p, ')', text.n);
	return paren && bytes_at(text, (u64)(paren + 2 - buf), 1) && paren[2] == 'R';
}

bool names_receive(struct names *n, u64 now_ns)
{
	u32 done, progress;
	bool changed, died;

	if (!n->busy || n->held)
		return false;
	died = reader_died(n);
	if (__atomic_load_n(&n->reader.share->finished, __ATOMIC_ACQUIRE))
		return finish_batch(n);
	done = answered(n);
	progress = __atomic_load_n(&n->reader.share->last, __ATOMIC_ACQUIRE) + done;
	if (!n->progress_ns || progress != n->progress) {
		n->progress = progress;
		n->progress_ns = now_ns;
	}
	if (now_ns - n->progress_ns < budget_ns(n) && !died)
		return false;
	if (!died && reader_runnable(n)) {
		n->progress_ns = now_ns;
		return false;
	}
	changed = take_answers(n, done);
	give_up(n, done);
	n->deaths += died;
	replace_child(n);
	names_send(n);
	return changed;
}

u64 names_deadline(const struct names *n)
{
	if (!n->busy || n->held || !n->reader.share->notify)
		return UINT64_MAX;
	return n->progress_ns ? n->progress_ns + budget_ns(n) : 0;
}

int names_fd(const struct names *n)
{
	return n->busy && !n->held && n->reader.share->notify ? n->reader.fd : -1;
}

bool names_idle(const struct names *n)
{
	return !n->busy && (n->reader.fd < 0 || !waiting(n));
}

void names_wait(struct names *n, u64 end_ns, bool until_idle)
{
	u64 now;

	while ((now = clock_ns(CLOCK_MONOTONIC)) < end_ns && !(until_idle && names_idle(n))) {
		struct pollfd p = {.fd = names_fd(n), .events = POLLIN};
		u64 wake = MIN(end_ns, names_deadline(n));

		if (until_idle && p.fd < 0)	/* the end of this batch wakes nobody */
			wake = MIN(wake, now);
		++syscall_count;
		poll(&p, 1, wake >= now ? (int)((wake - now) / NSEC_PER_MSEC) + 1 : 0);
		names_receive(n, clock_ns(CLOCK_MONOTONIC));
	}
}

u32 names_child(const struct names *n)
{
	return (u32)n->reader.pid;
}

const char *names_method(const struct names *n)
{
	static const char *const method[] = {"not yet known", "kernel", "/proc"};

	return n->reader.share ? method[MIN(n->reader.share->method, 2u)] : "none";
}
