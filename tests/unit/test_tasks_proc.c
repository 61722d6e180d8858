/* tests/unit/test_tasks_proc.c - the proc backend on this machine, looking at
 * children that the test made. */
#include "proc/backend.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CAP = 65536 };

/* A child that waits until it is killed; name, if any, becomes its comm. */
/* Watches one process for the length of one sample. */
static int add_watched(struct task_table *out, u32 pid, const struct task_request *want)
{
	struct proc_watch w;
	int err = proc_watch_open(&w, pid);

	if (err)
		return err;
	err = proc_watch_sample(&w, want, out);
	proc_watch_close(&w);
	return err;
}

static pid_t spawn(const char *name)
{
	int ready[2];
	pid_t pid;
	char c;

	if (pipe(ready) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (name)
			prctl(PR_SET_NAME, name);
		(void)!write(ready[1], "", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	(void)!read(ready[0], &c, 1);
	close(ready[0]);
	return pid;
}

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static const struct task *find(const struct task_table *t, pid_t pid)
{
	u32 at = task_table_find(t, (u32)pid, TASK_NONE);

	return at == TASK_NONE ? NULL : &t->task[at];
}

static u64 boot_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (u64)t.tv_sec * NSEC_PER_SEC + (u64)t.tv_nsec;
}

static struct backend *backend;
static struct task_table table;

static bool setup(void)
{
	struct diag why;

	if (backend_proc.open(&backend, CAP, true, &why)) {
		test_skip(why.what);
		return false;
	}
	CHECK_EQ(task_table_init(&table, CAP), 0);
	return true;
}

static void teardown(void)
{
	backend_proc.close(backend);
	backend_proc.close(NULL);
	task_table_free(&table);
}

/* Burns CPU until the kernel's ticks can have met it in both modes. */
static void burn(void)
{
	struct timespec t;

	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	while (t.tv_sec == 0 && t.tv_nsec < 30 * NSEC_PER_MSEC);
}

static void test_self(void)
{
	const struct task_request want = {.extra = UINT32_MAX};
	u64 before = boot_ns(), born, calls;
	const struct task *t;
	pid_t child;

	if (!setup())
		return;
	burn();
	child = spawn("a) R (\nb");
	born = boot_ns();
	/* the child is on its way to sleep */
	for (u32 i = 0; i < 1000; i++) {
		task_table_reset(&table);
		CHECK_EQ(backend_proc.sample(backend, &want, &table), 0);
		t = find(&table, child);
		if (!t || t->state == 'S')
			break;
		usleep(1000);
	}
	CHECK(table.mono_ns > 0);
	t = find(&table, getpid());
	CHECK(t != NULL);
	if (t) {
		CHECK_EQ(t->pid, getpid());
		CHECK_EQ(t->tgid, getpid());
		CHECK_EQ(t->ppid, getppid());
		CHECK_EQ(t->uid, geteuid());
		CHECK_EQ(t->state, 'R');
		CHECK_EQ(t->threads, 1);
		CHECK_EQ(t->name, TASK_NONE);
		CHECK(!t->kernel && !t->thread && t->exec_id);
		CHECK(t->have & TASK_HAVE_RSS);
		CHECK(t->rss_bytes > 4096 && t->vsize_bytes >= t->rss_bytes);
		CHECK((t->have & TASK_HAVE_SHARED) && t->shared_bytes <= t->rss_bytes);
		CHECK(t->have & TASK_HAVE_OOM);
		CHECK(t->oom_score_adj >= -1000 && t->oom_score_adj <= 1000);
		CHECK(t->have & TASK_HAVE_SWAP);
		CHECK(t->runtime_ns > 0 && t->runtime_ns == t->user_ns + t->system_ns);
		CHECK(t->at_ns >= table.mono_ns);
		CHECK(t->start_boot_ns < before);
	}
	t = find(&table, child);
	CHECK(t != NULL);
	if (t) {
		CHECK_STR(t->comm, "a) R (\nb");
		CHECK_EQ(t->ppid, getpid());
		CHECK_EQ(t->state, 'S');
		/* in ticks of 10 ms, cut off; the kernel's own clock may lead ours a little */
		CHECK(t->start_boot_ns <= born && t->start_boot_ns + 20 * NSEC_PER_MSEC >= before);
	}
	reap(child);

	task_table_reset(&table);
	calls = syscall_count;
	CHECK_EQ(backend_proc.sample(backend, &(struct task_request){0}, &table), 0);
	calls = syscall_count - calls;
	CHECK(!find(&table, child));
	t = find(&table, getpid());
	CHECK(t && t->have == (TASK_HAVE_RSS | TASK_HAVE_TIMES | TASK_HAVE_FAULTS | TASK_HAVE_POLICY));
	/* getdents64 on top, and those that ended under us */
	CHECK(calls >= 4 * (u64)table.n && calls < 5 * (u64)table.n + 64);
	teardown();
}

static void test_states(void)
{
	const struct task_request want = {0};
	pid_t zombie, stopped;
	const struct task *t;
	siginfo_t info;

	if (!setup())
		return;
	zombie = spawn(NULL);
	stopped = spawn(NULL);
	kill(zombie, SIGKILL);
	waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT);
	kill(stopped, SIGSTOP);
	waitid(P_PID, (id_t)stopped, &info, WSTOPPED | WNOWAIT);
	CHECK_EQ(backend_proc.sample(backend, &want, &table), 0);
	t = find(&table, zombie);
	CHECK(t && t->state == 'Z' && !(t->have & (TASK_HAVE_RSS | TASK_HAVE_SHARED)));
	t = find(&table, stopped);
	CHECK(t && t->state == 'T' && t->have & TASK_HAVE_RSS);
	t = find(&table, 2);		/* no kernel threads in a pid namespace */
	CHECK(!t || !t->kernel || !(t->have & TASK_HAVE_RSS));
	reap(zombie);
	reap(stopped);
	teardown();
}

/* Owned by root as files are, by the user as a directory. */
static void test_not_dumpable(void)
{
	const struct task_request want = {.extra = TASK_EXTRA_IO};
	int ready[2];
	const struct task *t;
	pid_t pid;
	char c;

	if (geteuid() != 0) {
		test_skip("needs root");
		return;
	}
	if (!setup())
		return;
	CHECK_EQ(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		if (setuid(12345))
			_exit(1);
		prctl(PR_SET_DUMPABLE, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)!write(ready[1], "", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	CHECK_EQ(read(ready[0], &c, 1), 1);
	close(ready[0]);
	CHECK_EQ(add_watched(&table, (u32)pid, &want), 0);
	t = find(&table, pid);
	CHECK(t && t->uid == 12345);
	reap(pid);
	teardown();
}

static void *wait_in_thread(void *arg)
{
	pthread_setname_np(pthread_self(), "second");
	pthread_barrier_wait(arg);
	pthread_barrier_wait(arg);
	return NULL;
}

/* The last of our threads but the main one; how many there are. */
static u32 other_threads(const struct task **t)
{
	u32 n = 0;

	for (u32 i = 0; i < table.n; i++) {
		if (table.task[i].tgid != (u32)getpid() || table.task[i].pid == (u32)getpid())
			continue;
		n++;
		*t = &table.task[i];
	}
	return n;
}

static void test_threads(void)
{
	const struct task_request want = {.threads = true};
	const struct task *t = NULL, *process;
	pthread_barrier_t barrier;
	pthread_t thread;
	u32 mine, tries = 0;

	if (!setup())
		return;
	pthread_barrier_init(&barrier, NULL, 2);
	if (pthread_create(&thread, NULL, wait_in_thread, &barrier)) {
		test_skip("no thread");
		teardown();
		return;
	}
	pthread_barrier_wait(&barrier);
	do {	/* it may not have gone to sleep yet */
		task_table_reset(&table);
		CHECK_EQ(backend_proc.sample(backend, &want, &table), 0);
		mine = other_threads(&t);
	} while (t && t->state == 'R' && ++tries < 1000);
	process = find(&table, getpid());
	CHECK_EQ(mine, 1);
	CHECK(process && process->threads == 2 && process->have & TASK_HAVE_OWN);
	CHECK(process && process->own_runtime_ns > 0);
	CHECK(process && process->own_runtime_ns <= process->runtime_ns);
	if (t && process) {
		CHECK(t > process);
		CHECK(t->thread);
		CHECK_STR(t->comm, "second");
		CHECK_EQ(t->uid, geteuid());
		CHECK_EQ(t->state, 'S');
		CHECK_EQ(t->have, TASK_HAVE_TIMES | TASK_HAVE_FAULTS | TASK_HAVE_POLICY);
		CHECK(t->runtime_ns < process->runtime_ns);
	}
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&barrier);
	teardown();
}

static void test_add_task(void)
{
	const struct task_request want = {0}, everything = {.threads = true, .extra = UINT32_MAX};
	struct task_table small;
	pid_t gone = spawn(NULL);

	reap(gone);
	CHECK_EQ(task_table_init(&small, 1), 0);
	CHECK_EQ(add_watched(&small, (u32)gone, &want), -ENOENT);
	CHECK_EQ(add_watched(&small, UINT32_MAX, &everything), -ENOENT);
	CHECK_EQ(small.n, 0);
	CHECK_EQ(add_watched(&small, (u32)getpid(), &want), 0);
	CHECK_EQ(small.n, 1);
	CHECK_EQ(small.task[0].ppid, getppid());
	CHECK_EQ(add_watched(&small, (u32)getppid(), &want), 0);	/* there, and no room */
	CHECK_EQ(small.n, 1);
	CHECK_EQ(small.lost, 1);
	task_table_free(&small);
}

/* Descriptors must not pile up, nor processes that come and go upset it. */
static void test_churn(void)
{
	const struct task_request want = {.threads = true, .extra = UINT32_MAX};
	int first, last;

	if (!setup())
		return;
	first = dup(0);
	close(first);
	for (u32 i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		task_table_reset(&table);
		CHECK_EQ_ROW(i, backend_proc.sample(backend, &want, &table), 0);
		CHECK_ROW(i, table.n > 0 && !table.lost);
		waitpid(pid, NULL, 0);
	}
	last = dup(0);
	close(last);
	CHECK_EQ(first, last);
	teardown();
}

TESTS(tasks_proc,
	{"own process and a child", test_self},
	{"zombie and stopped", test_states},
	{"not dumpable", test_not_dumpable},
	{"threads", test_threads},
	{"proc_watch", test_add_task},
	{"churn", test_churn})
