/* tests/unit/test_changed.c - what is passed over because nothing about it has
 * changed is what it would be if all of it were done anew, whatever happens to
 * a process or is done to it by others. */
#include "proc/backend.h"
#include "proc/model.h"
#include "proc/sample.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PUPPETS = 12, ROOM = 32768, PATIENCE = 2000 };

static const struct task_request plain = {.extra = TASK_EXTRA_FROZEN};
static const struct sample_want wanted = {SRC_BIT(SRC_TASKS) | SRC_BIT(SRC_MEMINFO), TASK_EXTRA_FROZEN, .fresh = false};

static struct puppet {
	pid_t pid;
	int to, from;
} puppet[PUPPETS];

static struct task_table turns[2], anew;
static u32 cur;
static struct backend *backend;
static struct sampler *sampler;
static struct model model;

/* ---- processes that do what they are told ------------------------------ */

static void *forever(void *arg)
{
	(void)arg;
	for (;;)
		pause();
}

static void obey(char what)
{
	pthread_t thread;

	switch (what) {
	case 'c':
		prctl(PR_SET_NAME, "another");
		break;
	case 'm':
		(void)!mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		break;
	case 'u':
		(void)!setuid(54321);
		break;
	case 't':
		(void)!pthread_create(&thread, NULL, forever, NULL);
		break;
	case 'f':
		if (fork() == 0)
			forever(NULL);
		break;
	case 'e':
		execlp("sleep", "sleep", "100000", NULL);
		break;
	}
}

static void puppet_main(int from, int to)
{
	char what;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "puppet");
	while (read(from, &what, 1) == 1) {
		obey(what);
		(void)!write(to, &what, 1);
	}
	_exit(0);
}

static void start(struct puppet *p)
{
	int in[2], out[2];

	CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	p->pid = fork();
	if (p->pid == 0)
		puppet_main(in[0], out[1]);
	close(in[0]);
	close(out[1]);
	p->to = in[1];
	p->from = out[0];
}

static void end(struct puppet *p)
{
	if (!p->pid)
		return;
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	close(p->to);
	close(p->from);
	p->pid = 0;
}

/* The answer of who has become another program is the end of its pipe. */
static void tell(struct puppet *p, char what)
{
	char said;

	CHECK(write(p->to, &what, 1) == 1);
	CHECK(read(p->from, &said, 1) == (what != 'e'));
}

/* ---- against all of it done anew --------------------------------------- */

static const struct task *find(const struct task_table *t, pid_t pid)
{
	u32 at = task_table_find(t, (u32)pid, TASK_NONE);

	return at == TASK_NONE ? NULL : &t->task[at];
}

/* Of what the walk has told. */
static bool alike(const struct task *a, const struct task *b)
{
	struct task x = *a, y = *b;

	x.before = y.before = 0;
	x.name = y.name = 0;
	return !memcmp(&x, &y, sizeof(x));
}

static void walk(const struct backend_ops *ops, struct backend *b, struct task_table *t)
{
	task_table_reset(t);
	CHECK_EQ(ops->sample(b, &plain, t), 0);
}

static u32 unlike(void)
{
	u32 n = 0;

	for (u32 i = 0; i < PUPPETS; i++) {
		const struct task *a = find(&turns[cur], puppet[i].pid), *b = find(&anew, puppet[i].pid);

		n += puppet[i].pid && (!a || !b || !alike(a, b));
	}
	return n;
}

/* By a probe without a past, too.  Who is just falling asleep may do so between the
 * two walks; a wrong entry stays wrong. */
static void check_tables(size_t row, const struct backend_ops *ops)
{
	struct backend *new;
	struct diag why = {0};
	u32 tries = 0;

	CHECK_EQ_ROW(row, ops->open(&new, ROOM, true, &why), 0);
	do {
		walk(ops, backend, &turns[cur ^= 1]);
		anew.walk = 0;
		walk(ops, new, &anew);
		usleep(tries ? 1000 : 0);
	} while (unlike() && ++tries < PATIENCE);
	CHECK_EQ_ROW(row, unlike(), 0);
	ops->close(new);
}

static u32 wrong_rows(const struct model *a, const struct model *b)
{
	u32 n = a->ntask != b->ntask;

	for (u32 i = 0; i < MIN(a->ntask, b->ntask); i++) {
		const struct task_row *x = &a->row[i], *y = &b->row[i];

		n += x->t != y->t || x->have != y->have || x->mem_ppm != y->mem_ppm || x->cpu_ppm != y->cpu_ppm ||
		     x->own_cpu_ppm != y->own_cpu_ppm;
	}
	return n;
}

/* Each of a process's own. */
static u32 wrong_names(const struct task_table *t, const struct names *names)
{
	u32 n = 0;

	for (u32 i = 0; i < t->n; i++) {
		const struct name *name = names_get(names, t->task[i].name);

		n += !name || name->pid != t->task[i].pid || name->start_boot_ns != t->task[i].start_boot_ns;
	}
	return n;
}

/* The same two snapshots, by a model with a past and by one without. */
static void check_model(size_t row)
{
	static struct model bare;
	const struct snapshot *now;

	CHECK_EQ_ROW(row, sampler_sample(sampler, &wanted), 0);
	now = sampler_cur(sampler);
	CHECK_EQ_ROW(row, model_reserve_for(&model, now), 0);
	CHECK_EQ_ROW(row, model_reserve_for(&bare, now), 0);
	model_step(&model, sampler_prev(sampler), now, 4096);
	model_step(&bare, sampler_prev(sampler), now, 4096);
	CHECK_EQ_ROW(row, wrong_rows(&model, &bare), 0);
	CHECK_EQ_ROW(row, model.totals.processes, bare.totals.processes);
	CHECK_EQ_ROW(row, model.totals.threads, bare.totals.threads);
	CHECK_EQ_ROW(row, model.totals.kernel_threads, bare.totals.kernel_threads);
	CHECK_EQ_ROW(row, wrong_names(now->tasks, sampler_names(sampler)), 0);
	model_free(&bare);
}

/* How many of the puppets have not changed since the walk before. */
static u32 unchanged(void)
{
	const struct task_table *t = &turns[cur];
	u32 n = 0;

	for (u32 i = 0; i < PUPPETS; i++) {
		const struct task *task = puppet[i].pid ? find(t, puppet[i].pid) : NULL;

		n += task && t->changed[task - t->task] < t->walk;
	}
	return n;
}

/* ---- what happens ------------------------------------------------------ */

static void stop(u32 who)
{
	kill(puppet[who].pid, SIGSTOP);
	waitpid(puppet[who].pid, NULL, WUNTRACED);
}

static void go_on(u32 who)
{
	kill(puppet[who].pid, SIGCONT);
}

static void renice(u32 who)
{
	CHECK_EQ(setpriority(PRIO_PROCESS, (id_t)puppet[who].pid, 7), 0);
}

static void finish(u32 who)
{
	end(&puppet[who]);
}

static void begin(u32 who)
{
	start(&puppet[who]);
}

static const struct {
	char told;		/* or it is done to it: */
	void (*done)(u32 who);
	u32 who, times;		/* so many samples follow */
} events[] = {
	{0, renice, 3, 3}, {'c', NULL, 4, 1}, {'m', NULL, 5, 2}, {0, stop, 6, 3}, {0, go_on, 6, 2},
	{'f', NULL, 7, 2}, {'t', NULL, 8, 4}, {0, finish, 2, 1}, {0, finish, 9, 3}, {'m', NULL, 0, 1},
	{0, begin, 9, 2}, {0, begin, 2, 3}, {'e', NULL, 10, 3}, {'u', NULL, 11, 3}, {0, finish, 7, 3},
	{0, finish, 8, 1}, {'c', NULL, 0, 1}, {'c', NULL, 1, 2}, {0, finish, 11, 2},
};

static void all_events(size_t row, const struct backend_ops *ops)
{
	for (u32 i = 0; i < PUPPETS; i++)
		start(&puppet[i]);
	for (size_t e = 0; e < ARRAY_LEN(events); e++) {
		if (events[e].told)
			tell(&puppet[events[e].who], events[e].told);
		else
			events[e].done(events[e].who);
		for (u32 i = 0; i < events[e].times; i++) {
			check_tables(100 * row + e, ops);
			check_model(100 * row + e);
		}
	}
	for (u32 i = 0; i < 3; i++)
		check_tables(100 * row + 99, ops);
	CHECK_ROW(row, unchanged() > 0);
	for (u32 i = 0; i < PUPPETS; i++)
		end(&puppet[i]);
	for (u32 i = 0; i < anew.n; i++)	/* whom puppet 7 left behind */
		if (anew.task[i].ppid == (u32)getpid() && !kill((pid_t)anew.task[i].pid, SIGKILL))
			waitpid((pid_t)anew.task[i].pid, NULL, 0);
}

static bool setup(const struct backend_ops *ops)
{
	static char reason[DIAG_TEXT];
	struct diag why = {0};
	const struct sampler_options o = {.backend = ops == &backend_walk ? BACKEND_WALK : BACKEND_ITER};

	if (ops->open(&backend, ROOM, true, &why) || sampler_open(&sampler, &o, &why)) {
		snprintf(reason, sizeof(reason), "%s", why.what);
		test_skip(reason);
		return false;
	}
	return !task_table_init(&turns[0], ROOM) && !task_table_init(&turns[1], ROOM) && !task_table_init(&anew, ROOM);
}

static void teardown(const struct backend_ops *ops)
{
	ops->close(backend);
	sampler_close(sampler);
	model_free(&model);
	task_table_free(&turns[0]);
	task_table_free(&turns[1]);
	task_table_free(&anew);
}

static void test_events(void)
{
	static const struct backend_ops *const both[] = {&backend_walk, &backend_iter};

	if (geteuid() != 0) {
		test_skip("needs root");
		return;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (size_t b = 0; b < ARRAY_LEN(both) && setup(both[b]); b++) {
		all_events(b, both[b]);
		teardown(both[b]);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TESTS(changed,
	{"events", test_events})
