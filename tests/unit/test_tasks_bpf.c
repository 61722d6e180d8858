/* tests/unit/test_tasks_bpf.c - the backends walk and iter on this machine,
 * looking at threads and children that the test made. */
#include "probes/abi.h"
#include "proc/backend.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 32768 };

static const struct backend_ops *const both[] = {&backend_walk, &backend_iter};
static const struct task_request everything = {.threads = true, .extra = UINT32_MAX};

static struct backend *backend;
static struct task_table table;

static bool setup_for(const struct backend_ops *ops, u32 room, u32 cap, bool extra)
{
	struct diag why = {0};
	static char reason[DIAG_TEXT];

	if (ops->open(&backend, room, extra, &why)) {
		snprintf(reason, sizeof(reason), "%s", why.what);
		test_skip(reason);
		return false;
	}
	CHECK_EQ(task_table_init(&table, cap), 0);
	return true;
}

static bool setup(const struct backend_ops *ops, u32 room, u32 cap)
{
	return setup_for(ops, room, cap, true);
}

static void teardown(const struct backend_ops *ops)
{
	ops->close(backend);
	ops->close(NULL);
	task_table_free(&table);
}

static void sample(const struct backend_ops *ops, const struct task_request *want)
{
	task_table_reset(&table);
	CHECK_EQ(ops->sample(backend, want, &table), 0);
	CHECK(table.mono_ns > 0 && table.walk_ns > 0);
}

static const struct task *find(const struct task_table *t, u32 pid)
{
	u32 at = task_table_find(t, pid, TASK_NONE);

	return at == TASK_NONE ? NULL : &t->task[at];
}

/* ---- threads ---------------------------------------------------------- */

enum { THREADS = 8, ENDED = 3 };	/* the first three end before the sample */

static struct worker {
	pthread_t thread;
	u32 number, tid;
	u64 burned_ns;
} worker[THREADS];

static pthread_barrier_t burned, seen;

static void *work(void *arg)
{
	struct worker *w = arg;
	char name[16];

	snprintf(name, sizeof(name), "worker %u", w->number);
	prctl(PR_SET_NAME, name);
	w->tid = (u32)syscall(SYS_gettid);
	do
		w->burned_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	while (w->burned_ns < (w->number + 1) * 3 * (u64)NSEC_PER_MSEC);
	if (w->number < ENDED)
		return NULL;
	pthread_barrier_wait(&burned);
	pthread_barrier_wait(&seen);
	return NULL;
}

static bool start_workers(void)
{
	u32 started = 0;

	pthread_barrier_init(&burned, NULL, THREADS - ENDED + 1);
	pthread_barrier_init(&seen, NULL, THREADS - ENDED + 1);
	for (u32 i = 0; i < THREADS; i++) {
		worker[i] = (struct worker){.number = i};
		started += !pthread_create(&worker[i].thread, NULL, work, &worker[i]);
	}
	CHECK_EQ(started, THREADS);
	if (started < THREADS)
		return false;	/* the others wait at the barrier for good */
	for (u32 i = 0; i < ENDED; i++)
		pthread_join(worker[i].thread, NULL);
	pthread_barrier_wait(&burned);
	return true;
}

static void end_workers(void)
{
	pthread_barrier_wait(&seen);
	for (u32 i = ENDED; i < THREADS; i++)
		pthread_join(worker[i].thread, NULL);
	pthread_barrier_destroy(&burned);
	pthread_barrier_destroy(&seen);
}

static void check_worker(const struct task *self, const struct worker *w)
{
	const struct task *t = find(&table, w->tid);
	char name[16];

	if (w->number < ENDED) {
		CHECK_ROW(w->number, !t);
		return;
	}
	CHECK_ROW(w->number, t != NULL);
	if (!t)
		return;
	snprintf(name, sizeof(name), "worker %u", w->number);
	CHECK_STR_ROW(w->number, t->comm, name);
	CHECK_ROW(w->number, t->thread && !t->kernel && t > self);
	CHECK_EQ_ROW(w->number, t->tgid, getpid());
	CHECK_EQ_ROW(w->number, t->ppid, self->ppid);
	CHECK_EQ_ROW(w->number, t->uid, self->uid);
	CHECK_EQ_ROW(w->number, t->rss_bytes, self->rss_bytes);
	CHECK_EQ_ROW(w->number, t->threads, self->threads);
	CHECK_ROW(w->number, t->start_boot_ns >= self->start_boot_ns);
	CHECK_ROW(w->number, !(t->have & TASK_HAVE_OWN));
	CHECK_ROW(w->number, t->runtime_ns >= w->burned_ns);
	CHECK_EQ_ROW(w->number, t->user_ns + t->system_ns, t->runtime_ns);
}

/* Reading the process's clock brings the run time of every running thread up
 * to date: so the bounds are exact, without a tick of tolerance. */
static void check_threads(const struct backend_ops *ops)
{
	u64 before = clock_ns(CLOCK_PROCESS_CPUTIME_ID), after, own, own_after, live = 0;
	const struct task *self;

	own = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	sample(ops, &everything);
	own_after = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	after = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	self = find(&table, (u32)getpid());
	CHECK(self != NULL);
	if (!self)
		return;
	CHECK(self->runtime_ns >= before && self->runtime_ns <= after);
	CHECK(self->have & TASK_HAVE_OWN);
	CHECK(self->own_runtime_ns >= own && self->own_runtime_ns <= own_after);
	CHECK_EQ(self->user_ns + self->system_ns, self->runtime_ns);
	CHECK_EQ(self->threads, THREADS - ENDED + 1);
	for (u32 i = 0; i < THREADS; i++)
		check_worker(self, &worker[i]);
	for (u32 i = 0; i < table.n; i++)
		live += table.task[i].tgid == self->pid && table.task[i].thread ?
			table.task[i].runtime_ns : 0;
	/* what is left is the ended threads' */
	CHECK(self->runtime_ns >= self->own_runtime_ns + live + worker[0].burned_ns +
	      worker[1].burned_ns + worker[2].burned_ns);
}

static void test_threads(void)
{
	if (!start_workers())
		return;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		if (!setup(both[i], ROOM, ROOM))
			break;
		check_threads(both[i]);
		/* not asked for, they have no entry, and count all the same */
		sample(both[i], &(struct task_request){0});
		CHECK_ROW(i, find(&table, (u32)getpid()) && !find(&table, worker[THREADS - 1].tid));
		CHECK_ROW(i, find(&table, (u32)getpid())->threads == THREADS - ENDED + 1);
		CHECK_ROW(i, table.states.known && table.states.running >= 1);
		teardown(both[i]);
	}
	end_workers();
}

/* ---- children --------------------------------------------------------- */

static struct person {
	const char *name;
	u32 uid;
	int nice, signo;
	bool tty;
	char state;
	pid_t pid;
} people[] = {
	{.name = "plain", .state = 'S'},
	{.name = "fifteen bytes..", .state = 'S'},
	{.name = "a) R (\n\033[1m", .state = 'S'},
	{.name = "nobody", .uid = 12345, .state = 'S'},
	{.name = "nice", .nice = 7, .state = 'S'},
	{.name = "urgent", .nice = -5, .state = 'S'},
	{.name = "stopped", .signo = SIGSTOP, .state = 'T'},
	{.name = "zombie", .signo = SIGKILL, .state = 'Z'},
	{.name = "with tty", .tty = true, .state = 'S'},
};

static _Noreturn void be(const struct person *p, const char *tty, int ready)
{
	prctl(PR_SET_NAME, p->name);
	if (p->tty && (setsid() < 0 || open(tty, O_RDWR) < 0))
		_exit(1);
	if (p->nice && setpriority(PRIO_PROCESS, 0, p->nice))
		_exit(1);
	if (p->uid && setuid(p->uid))
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)!write(ready, "", 1);
	for (;;)
		pause();
}

static bool start_person(struct person *p, const char *tty)
{
	int ready[2];
	siginfo_t info;
	bool ok;
	char c;

	if (pipe2(ready, O_CLOEXEC))
		return false;
	p->pid = fork();
	if (p->pid == 0)
		be(p, tty, ready[1]);
	close(ready[1]);
	ok = p->pid > 0 && read(ready[0], &c, 1) == 1;
	close(ready[0]);
	if (ok && p->signo) {
		kill(p->pid, p->signo);
		waitid(P_PID, (id_t)p->pid, &info, WEXITED | WSTOPPED | WNOWAIT);
	}
	return ok;
}

/* It sleeps from the moment it has told us; soon, not at once. */
static void wait_state(const struct backend_ops *ops, const struct person *p)
{
	const struct task *t;
	u32 turns = 0;

	do {
		sample(ops, &everything);
		t = find(&table, (u32)p->pid);
	} while (t && t->state == 'R' && turns++ < 1000000);
}

/* What /proc says of it, read by the backend that is tested on its own. */
static void check_against_proc(size_t row, const struct task *t)
{
	struct task_table one;
	struct proc_watch w;
	const struct task *want;

	CHECK_EQ_ROW(row, task_table_init(&one, 1), 0);
	CHECK_EQ_ROW(row, proc_watch_open(&w, t->pid), 0);
	CHECK_EQ_ROW(row, proc_watch_sample(&w, &(struct task_request){.extra = UINT32_MAX}, &one), 0);
	want = &one.task[0];
	CHECK_EQ_ROW(row, t->ppid, want->ppid);
	CHECK_EQ_ROW(row, t->uid, want->uid);
	CHECK_EQ_ROW(row, t->state, want->state);
	CHECK_EQ_ROW(row, t->nice, want->nice);
	CHECK_EQ_ROW(row, t->priority, want->priority);
	CHECK_EQ_ROW(row, t->tty_nr, want->tty_nr);
	CHECK_EQ_ROW(row, t->vsize_bytes, want->vsize_bytes);
	CHECK_EQ_ROW(row, t->oom_score_adj, want->oom_score_adj);
	CHECK_EQ_ROW(row, t->min_flt, want->min_flt);
	CHECK_EQ_ROW(row, t->have & TASK_HAVE_RSS, want->have & TASK_HAVE_RSS);
	CHECK_ROW(row, t->start_boot_ns / (10 * NSEC_PER_MSEC) == want->start_boot_ns / (10 * NSEC_PER_MSEC));
	CHECK_STR_ROW(row, t->comm, want->comm);
	proc_watch_close(&w);
	task_table_free(&one);
}

static void check_person(const struct backend_ops *ops, size_t row, const struct person *p)
{
	const struct task *t;

	wait_state(ops, p);
	t = find(&table, (u32)p->pid);
	CHECK_ROW(row, t != NULL);
	if (!t)
		return;
	CHECK_EQ_ROW(row, t->tgid, p->pid);
	CHECK_EQ_ROW(row, t->ppid, getpid());
	CHECK_EQ_ROW(row, t->uid, p->uid);
	CHECK_EQ_ROW(row, t->state, p->state);
	CHECK_EQ_ROW(row, t->nice, p->nice);
	CHECK_EQ_ROW(row, t->priority, 20 + p->nice);
	CHECK_EQ_ROW(row, t->tty_nr != 0, p->tty);
	CHECK_EQ_ROW(row, !(t->have & TASK_HAVE_RSS), p->state == 'Z');
	CHECK_ROW(row, !t->thread && !t->kernel && t->threads == 1);
	CHECK_STR_ROW(row, t->comm, p->name);
	check_against_proc(row, t);
}

static void test_children(void)
{
	int pty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	const char *tty = pty >= 0 && !grantpt(pty) && !unlockpt(pty) ? ptsname(pty) : NULL;

	if (geteuid() != 0) {
		test_skip("needs root");
		return;
	}
	CHECK(tty != NULL);
	for (size_t i = 0; tty && i < ARRAY_LEN(people); i++)
		CHECK_ROW(i, start_person(&people[i], tty));
	for (size_t b = 0; tty && b < ARRAY_LEN(both) && setup(both[b], ROOM, ROOM); b++) {
		for (size_t i = 0; i < ARRAY_LEN(people); i++)
			check_person(both[b], 10 * b + i, &people[i]);
		CHECK_ROW(b, table.states.stopped >= 1 && table.states.zombie >= 1);
		teardown(both[b]);
	}
	for (size_t i = 0; tty && i < ARRAY_LEN(people); i++) {
		kill(people[i].pid, SIGKILL);
		waitpid(people[i].pid, NULL, 0);
	}
	if (pty >= 0)
		close(pty);
}

/* ---- room ------------------------------------------------------------- */

/* Bytes that are not zero between the last record and the end of the mapping. */
static u32 spilled(u32 room)
{
	size_t used = room * sizeof(struct task_rec), page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (used + page - 1) / page * page;
	FILE *maps = fopen("/proc/self/maps", "re");
	u32 maps_seen = 0, bad = 0;
	char line[512];

	while (maps && fgets(line, sizeof(line), maps)) {
		unsigned long from, to;

		if (!strstr(line, "bpf-map") || sscanf(line, "%lx-%lx", &from, &to) != 2 ||
		    to - from != size)
			continue;
		maps_seen++;
		for (const char *p = (const char *)from + used; p < (const char *)to; p++)
			bad += *p != 0;
	}
	if (maps)
		fclose(maps);
	return maps_seen == 1 ? bad : UINT32_MAX;
}

/* How many tasks the machine has, threads counted. */
static u32 count_all(const struct backend_ops *ops, struct backend *ample, struct task_table *all)
{
	task_table_reset(all);
	CHECK_EQ(ops->sample(ample, &everything, all), 0);
	CHECK_EQ(all->lost, 0);
	return all->n;
}

/* Others start and end meanwhile, and one that does both between two counts
 * goes unnoticed: the difference met most often tells. */
static void check_room(const struct backend_ops *ops, u32 room)
{
	enum { TRIES = 60, FAR = 4 };
	u32 met[2 * FAR + 1] = {0}, most = FAR;
	struct backend *ample;
	struct task_table all;
	struct diag why;

	CHECK_EQ(ops->open(&ample, ROOM, true, &why), 0);
	CHECK_EQ(task_table_init(&all, ROOM), 0);
	for (u32 i = 0; i < TRIES; i++) {
		u32 before = count_all(ops, ample, &all), at;

		sample(ops, &everything);
		/* by thread number, once they began anew, a thread may come before its
		 * process, which then has no room */
		CHECK_ROW(room, table.n == room || (ops == &backend_iter && table.n < room));
		at = table.n + table.lost + FAR - before;
		if (count_all(ops, ample, &all) == before && at < ARRAY_LEN(met))
			met[at]++;
	}
	for (u32 i = 0; i < ARRAY_LEN(met); i++)
		most = met[i] > met[most] ? i : most;
	CHECK_EQ_ROW(room, most, FAR);
	task_table_free(&all);
	ops->close(ample);
}

/* Threads that only are, so that the machine has more tasks than any room tried. */
static void *idle(void *until)
{
	pthread_barrier_wait(until);
	return NULL;
}

static void check_rooms(const u32 *rooms, size_t n)
{
	for (size_t b = 0; b < ARRAY_LEN(both); b++) {
		for (size_t i = 0; i < n; i++) {
			if (!setup(both[b], rooms[i], ROOM))
				return;
			check_room(both[b], rooms[i]);
			CHECK_EQ_ROW(rooms[i], spilled(rooms[i]), 0);
			teardown(both[b]);
		}
	}
}

static void test_room(void)
{
	/* as many pages as no other map of the probe has: its variables take 1, 2 or 5 */
	const u32 page = (u32)sysconf(_SC_PAGESIZE) / sizeof(struct task_rec);
	const u32 rooms[] = {2 * page + 1, 3 * page + page / 3};
	static pthread_t thread[1024];
	static pthread_barrier_t until;
	pthread_attr_t small;
	u32 n = MIN(rooms[1], (u32)ARRAY_LEN(thread)), started = 0;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	pthread_barrier_init(&until, NULL, n + 1);
	while (started < n && !pthread_create(&thread[started], &small, idle, &until))
		started++;
	CHECK_EQ(started, n);
	if (started < n)
		return;		/* those that run wait for the rest: the process is lost */
	check_rooms(rooms, ARRAY_LEN(rooms));
	pthread_barrier_wait(&until);
	while (n--)
		pthread_join(thread[n], NULL);
	pthread_barrier_destroy(&until);
	pthread_attr_destroy(&small);
}

/* Again and again: nothing is left as it stands beyond the end. */
static void test_small_table(void)
{
	static const struct task_request plain = {.threads = false};

	for (size_t b = 0; b < ARRAY_LEN(both) && setup(both[b], ROOM, 5); b++) {
		for (u32 i = 0; i < 4; i++) {
			sample(both[b], i ? &plain : &everything);
			CHECK_EQ_ROW(b, table.n, 5);
			CHECK_ROW(b, table.lost > 0);
		}
		teardown(both[b]);
	}
}

/* ---- who is where, and frozen ------------------------------------------------------- */

static bool write_word(const char *folder, const char *name, const char *word)
{
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = write(fd, word, strlen(word));
	close(fd);
	return n > 0;
}

static void end_in(const char *folder, pid_t pid)
{
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	for (u32 i = 0; i < 100 && rmdir(folder); i++)
		usleep(10000);
}

/* A sleeper in a cgroup of its own; its pid, 0 where none can be made. */
static pid_t start_in(const char *folder)
{
	pid_t pid;
	char text[16];

	if (mkdir(folder, 0755))
		return 0;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	snprintf(text, sizeof(text), "%d", (int)pid);
	if (pid > 0 && write_word(folder, "cgroup.procs", text))
		return pid;
	end_in(folder, pid);
	return 0;
}

static bool frozen_is(const struct backend_ops *ops, u32 pid, bool frozen)
{
	static const struct task_request with = {.extra = TASK_EXTRA_FROZEN};
	const struct task *t;

	sample(ops, &with);
	t = find(&table, pid);
	return t && t->have & TASK_HAVE_FROZEN && t->frozen == frozen;
}

static bool cgroup_is(const struct backend_ops *ops, u32 pid, const char *folder)
{
	static const struct task_request with = {.extra = TASK_EXTRA_CGROUP};
	const struct task *t;
	struct stat st;

	sample(ops, &with);
	t = find(&table, pid);
	return t && t->have & TASK_HAVE_CGROUP && !stat(folder, &st) && t->cgroup_id == st.st_ino;
}

/* It sleeps all the time, and others move it. */
static void move_and_ask(const struct backend_ops *ops, const char *folder, u32 pid)
{
	static const struct task_request plain = {.threads = false};
	char root[64], text[16];
	const struct task *t;

	snprintf(root, sizeof(root), "%.*s", (int)(strrchr(folder, '/') - folder), folder);
	snprintf(text, sizeof(text), "%u", pid);
	for (u32 i = 0; i < 3; i++)
		sample(ops, &plain);
	t = find(&table, pid);
	CHECK(t && !(t->have & TASK_HAVE_CGROUP) && !t->cgroup_id);
	CHECK(cgroup_is(ops, pid, folder));
	CHECK(write_word(root, "cgroup.procs", text));
	CHECK(cgroup_is(ops, pid, root));
	sample(ops, &plain);
	t = find(&table, pid);
	CHECK(t && !(t->have & TASK_HAVE_CGROUP) && !t->cgroup_id);
	CHECK(write_word(folder, "cgroup.procs", text));
	CHECK(cgroup_is(ops, pid, folder));
}

/* It sleeps all the time: that it is in a cgroup has to be found out when somebody
 * asks, not when it runs next. */
static void ask_later(const struct backend_ops *ops, const char *folder, u32 pid)
{
	static const struct task_request plain = {.threads = false};
	enum { KTHREADD = 2 };
	const struct task *t;

	for (u32 i = 0; i < 3; i++)
		sample(ops, &plain);
	t = find(&table, pid);
	CHECK(t && !(t->have & TASK_HAVE_FROZEN));
	CHECK(frozen_is(ops, pid, false));
	CHECK(frozen_is(ops, pid, false));
	t = find(&table, KTHREADD);
	CHECK(t && !(t->have & TASK_HAVE_FROZEN));	/* it is in the root, which has no such state */
	CHECK(write_word(folder, "cgroup.freeze", "1"));
	for (u32 ms = 0; ms < 20000 && !frozen_is(ops, pid, true); ms += 10)
		usleep(10000);
	CHECK(frozen_is(ops, pid, true));
	CHECK(write_word(folder, "cgroup.freeze", "0"));
	for (u32 ms = 0; ms < 20000 && !frozen_is(ops, pid, false); ms += 10)
		usleep(10000);
	CHECK(frozen_is(ops, pid, false));
}

static void test_cgroup(void)
{
	char folder[64];
	pid_t pid;

	snprintf(folder, sizeof(folder), "/sys/fs/cgroup/%spt-unit-%d",
		 access("/sys/fs/cgroup/unified", F_OK) ? "" : "unified/", (int)getpid());
	pid = start_in(folder);
	if (!pid) {
		test_skip("no cgroup v2 to make one in");
		return;
	}
	for (size_t i = 0; i < 2 * ARRAY_LEN(both) && setup_for(both[i / 2], ROOM, ROOM, i & 1); i++) {
		ask_later(both[i / 2], folder, (u32)pid);
		move_and_ask(both[i / 2], folder, (u32)pid);
		teardown(both[i / 2]);
	}
	end_in(folder, pid);
}

/* ---- those that ran, between two walks ---------------------------------- */

static void check_split(size_t row, const struct task *t, bool wanted)
{
	CHECK_ROW(row, t && t->runtime_ns > 0);
	if (!t)
		return;
	CHECK_EQ_ROW(row, t->counted, wanted);
	CHECK_EQ_ROW(row, t->user_ns + t->system_ns, wanted ? t->runtime_ns : 0);
}

/* The parts of the CPU time are there when they are wanted, and else not written:
 * a walk would add to them. */
static void test_refresh_splits_time(void)
{
	const struct backend_ops *ops = &backend_walk_refresh;
	static struct task_ask ask = {.n = 1};

	if (!setup(ops, ROOM, ROOM) || !start_workers())
		return;
	ask.pid[0] = (u32)getpid();
	for (size_t wanted = 0; wanted < 2; wanted++) {
		const struct task_request want = {.threads = true, .extra = wanted ? UINT32_MAX : 0};

		sample(ops, &want);
		for (u32 turn = 0; turn < 3; turn++) {
			CHECK(ops->refresh(backend, &want, &ask, &table) >= 0);
			check_split(wanted, find(&table, ask.pid[0]), wanted);
			check_split(wanted, find(&table, worker[ENDED].tid), wanted);
		}
	}
	end_workers();
	teardown(ops);
}

/* ---- without the right to ---------------------------------------------- */

static void test_not_permitted(void)
{
	for (size_t b = 0; b < ARRAY_LEN(both); b++) {
		int status = -1;
		pid_t pid = fork();

		if (pid == 0) {
			struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
			struct __user_cap_data_struct none[2] = {{0}};
			struct diag why = {0};

			if (syscall(SYS_capset, &head, none))
				_exit(2);
			_exit(both[b]->open(&backend, 100, true, &why) < 0 && !backend && *why.what ? 0 : 1);
		}
		CHECK_ROW(b, pid > 0 && waitpid(pid, &status, 0) == pid);
		CHECK_EQ_ROW(b, status, 0);
	}
}

TESTS(tasks_bpf,
	{"threads", test_threads},
	{"children", test_children},
	{"room", test_room},
	{"small table", test_small_table},
	{"cgroup, frozen", test_cgroup},
	{"refresh splits time", test_refresh_splits_time},
	{"not permitted", test_not_permitted})
