/* tests/unit/test_sample.c - the sampler on this machine: it grows, it sees
 * whom the kernel hides from BPF, and times never go back. */
#include "proc/sample.h"
#include "tests/unit/test.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct sample_want tasks_only = {SRC_BIT(SRC_TASKS), TASK_EXTRA_CHEAP, .fresh = false};
static const struct sample_want with_threads = {SRC_BIT(SRC_TASKS) | SRC_BIT(SRC_THREADS),
						TASK_EXTRA_CHEAP, .fresh = false};

/* False where the backend is not to be had, which must come with a reason.  The
 * others, proc at the least, are tested all the same: so nothing is skipped. */
static bool open_with(struct sampler **s, enum backend_id id)
{
	const struct sampler_options o = {.backend = id};
	struct diag why;

	if (!sampler_open(s, &o, &why))
		return true;
	CHECK_ROW(id, id != BACKEND_PROC && *why.what && !*s);
	return false;
}

static const struct task *find(const struct sampler *s, u32 pid)
{
	const struct task_table *t = sampler_cur(s)->tasks;
	u32 at = task_table_find(t, pid, TASK_NONE);

	return at == TASK_NONE ? NULL : &t->task[at];
}

static pid_t start_sleeper(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static void end_all(const pid_t *pid, u32 n)
{
	for (u32 i = 0; i < n; i++)
		if (pid[i] > 0)
			kill(pid[i], SIGKILL);
	for (u32 i = 0; i < n; i++)
		if (pid[i] > 0)
			waitpid(pid[i], NULL, 0);
}

static void test_snapshots(void)
{
	struct sampler *s;
	const struct snapshot *first;

	for (u32 id = 0; id < BACKEND_N; id++) {
		if (!open_with(&s, (enum backend_id)id))
			continue;
		CHECK_STR_ROW(id, sampler_backend(s), backend_name[id]);
		CHECK_ROW(id, !sampler_prev(s));
		CHECK_EQ_ROW(id, sampler_sample(s, &tasks_only), 0);
		first = sampler_cur(s);
		CHECK_ROW(id, !sampler_prev(s) && first->tasks->n > 0);
		CHECK_EQ_ROW(id, first->have, SRC_BIT(SRC_TASKS));
		CHECK_EQ_ROW(id, first->self_pid, getpid());
		CHECK_EQ_ROW(id, sampler_sample(s, &with_threads), 0);
		CHECK_ROW(id, sampler_prev(s) == first && sampler_cur(s) != first);
		CHECK_ROW(id, sampler_cur(s)->mono_ns > first->mono_ns);
		CHECK_EQ_ROW(id, sampler_cur(s)->boot_time_ns, first->boot_time_ns);
		CHECK_EQ_ROW(id, sampler_cur(s)->have, SRC_BIT(SRC_TASKS) | SRC_BIT(SRC_THREADS));
		/* tasks are not wanted: the same table in both */
		CHECK_EQ_ROW(id, sampler_sample(s, &(struct sample_want){SRC_BIT(SRC_STAT), 0, .fresh = false}), 0);
		CHECK_ROW(id, sampler_cur(s)->tasks == sampler_prev(s)->tasks);
		CHECK_EQ_ROW(id, sampler_cur(s)->have, SRC_BIT(SRC_STAT));
		sampler_close(s);
	}
	sampler_close(NULL);
}

static bool knows_oom(const struct sampler *s)
{
	const struct task *t = find(s, (u32)getpid());

	CHECK(t);
	return t && t->have & TASK_HAVE_OOM;
}

/* What nobody wanted when the backend was opened has no room in it until somebody
 * does; in an emergency it does not grow. */
static void test_extras(void)
{
	static const struct sample_want plain = {SRC_BIT(SRC_TASKS), TASK_EXTRA_FROZEN, .fresh = false};
	static const struct sample_want oom = {SRC_BIT(SRC_TASKS), TASK_EXTRA_OOM, .fresh = false};
	struct sampler *s;

	for (u32 id = 0; id < BACKEND_N; id++) {
		if (!open_with(&s, (enum backend_id)id))
			continue;
		CHECK_EQ_ROW(id, sampler_sample(s, &plain), 0);
		CHECK_ROW(id, !knows_oom(s));
		sampler_hold(s, true);
		CHECK_EQ_ROW(id, sampler_sample(s, &oom), 0);
		CHECK_EQ_ROW(id, knows_oom(s), id == BACKEND_PROC);
		sampler_hold(s, false);
		CHECK_EQ_ROW(id, sampler_sample(s, &oom), 0);
		CHECK_ROW(id, knows_oom(s));
		CHECK_EQ_ROW(id, sampler_sample(s, &plain), 0);
		CHECK_ROW(id, !knows_oom(s));
		sampler_close(s);
	}
}

static void test_grow(void)
{
	enum { MANY = 1500 };
	static pid_t child[MANY];
	struct sampler *s[BACKEND_N] = {NULL};
	u32 unseen = 0;

	for (u32 id = 0; id < BACKEND_N; id++)
		if (open_with(&s[id], (enum backend_id)id))
			CHECK_EQ_ROW(id, sampler_sample(s[id], &tasks_only), 0);
	for (u32 i = 0; i < MANY; i++)
		child[i] = start_sleeper();
	for (u32 id = 0; id < BACKEND_N; id++) {
		if (!s[id])
			continue;
		CHECK_EQ_ROW(id, sampler_sample(s[id], &with_threads), 0);
		CHECK_EQ_ROW(id, sampler_cur(s[id])->tasks->lost, 0);
		for (u32 i = 0; i < MANY; i++)
			unseen += !find(s[id], (u32)child[i]);
		CHECK_EQ_ROW(id, unseen, 0);
		/* only the array that was filled is new: rates go on */
		CHECK_ROW(id, sampler_prev(s[id]) && sampler_prev(s[id])->tasks->n);
		CHECK_EQ_ROW(id, sampler_sample(s[id], &with_threads), 0);
		CHECK_ROW(id, sampler_prev(s[id]) && find(s[id], (u32)child[MANY - 1]));
	}
	end_all(child, MANY);
	for (u32 id = 0; id < BACKEND_N; id++) {
		if (s[id])
			CHECK_EQ_ROW(id, sampler_sample(s[id], &with_threads), 0);
		CHECK_ROW(id, !s[id] || !find(s[id], (u32)child[MANY - 1]));
		sampler_close(s[id]);
	}
}

/* Whoever is in /proc before and after a sample must be in it. */
static u32 list_proc(u32 *pid, u32 cap)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	u32 n = 0;

	while (dir && (e = readdir(dir)) && n < cap) {
		u32 id = (u32)strtoul(e->d_name, NULL, 10);

		if (id)
			pid[n++] = id;
	}
	if (dir)
		closedir(dir);
	return n;
}

static bool still_there(u32 pid)
{
	return kill((pid_t)pid, 0) == 0 || errno == EPERM;
}

static void test_hidden(void)
{
	enum { MANY = 32768 };
	static u32 pid[MANY];
	struct sampler *s;

	for (u32 id = 0; id < BACKEND_N; id++) {
		u32 n = list_proc(pid, MANY), missing = 0;

		if (!open_with(&s, (enum backend_id)id))
			continue;
		CHECK_EQ_ROW(id, sampler_sample(s, &tasks_only), 0);
		CHECK_EQ_ROW(id, sampler_sample(s, &tasks_only), 0);
		CHECK_EQ_ROW(id, sampler_sample(s, &with_threads), 0);
		for (u32 i = 0; i < n; i++)
			missing += !find(s, pid[i]) && still_there(pid[i]);
		CHECK_EQ_ROW(id, missing, 0);
		CHECK_ROW(id, find(s, 1) && find(s, 1)->tgid == 1 && !find(s, 1)->kernel);
		CHECK_ROW(id, find(s, 1) && find(s, 1)->threads >= 1 && find(s, 1)->rss_bytes);
		sampler_close(s);
	}
}

/* ---- a busy process, with threads that come and go --------------------- */

static volatile u64 sink;

static void burn(u32 turns)
{
	for (u32 i = 0; i < turns; i++)
		sink = sink * 6364136223846793005ull + 1;
}

static void *burn_for_ever(void *arg)
{
	for (;;)
		burn(100000);
	return arg;
}

static void *burn_a_little(void *arg)
{
	burn(500000);
	return arg;
}

static _Noreturn void busy_main(void)
{
	pthread_t t[4];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)!pthread_create(&t[0], NULL, burn_for_ever, NULL);
	for (;;) {
		bool started[ARRAY_LEN(t)];

		for (size_t i = 1; i < ARRAY_LEN(t); i++)
			started[i] = !pthread_create(&t[i], NULL, burn_a_little, NULL);
		for (size_t i = 1; i < ARRAY_LEN(t); i++)
			if (started[i])
				pthread_join(t[i], NULL);
	}
}

/* Of all tasks, with what they had before. */
static void check_times(size_t row, const struct sampler *s)
{
	const struct task_table *now = sampler_cur(s)->tasks;
	const struct snapshot *prev = sampler_prev(s);
	u32 back = 0, unequal = 0;

	for (u32 i = 0; i < now->n; i++) {
		const struct task *t = &now->task[i], *p;
		u32 at = prev ? task_table_find(prev->tasks, t->pid, i) : TASK_NONE;

		unequal += t->user_ns + t->system_ns != t->runtime_ns;
		if (at == TASK_NONE || prev->tasks->task[at].start_boot_ns != t->start_boot_ns)
			continue;
		p = &prev->tasks->task[at];
		back += t->user_ns < p->user_ns || t->system_ns < p->system_ns ||
			t->runtime_ns < p->runtime_ns || t->at_ns < p->at_ns;
	}
	CHECK_EQ_ROW(row, back, 0);
	CHECK_EQ_ROW(row, unequal, 0);
}

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 10 * NSEC_PER_MSEC}, NULL);
}

static void test_times(void)
{
	struct sampler *s;
	pid_t pid = fork();

	if (pid == 0)
		busy_main();
	for (u32 id = 0; id < BACKEND_N; id++) {
		u64 first = 0, last = 0;

		if (!open_with(&s, (enum backend_id)id))
			continue;
		for (u32 i = 0; i < 50; i++) {
			CHECK_EQ_ROW(i, sampler_sample(s, i % 10 < 5 ? &tasks_only : &with_threads), 0);
			check_times(100 * id + i, s);
			CHECK_ROW(i, find(s, (u32)pid) != NULL);
			last = find(s, (u32)pid) ? find(s, (u32)pid)->runtime_ns : 0;
			first = i ? first : last;
			nap();
		}
		CHECK_ROW(id, last > first);
		sampler_close(s);
	}
	end_all(&pid, 1);
}

TESTS(sample,
	{"snapshots", test_snapshots},
	{"extras", test_extras},
	{"grow", test_grow},
	{"hidden", test_hidden},
	{"times", test_times})
