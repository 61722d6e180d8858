/* tests/tools/crowd.c - many tasks of one kind, for the bench to look at.
 * "crowd KIND N [SHARE or RATE]" prints "ready PID", and ends with all of its
 * tasks when its standard input is closed or SIGTERM arrives: they are gone
 * before it is.  A page or two of memory of its own for each.
 *
 *   sleeping N         processes that wait for a signal that does not come
 *   threads N          the same as threads of one process, the main one counted
 *   active N PERCENT   that share of N processes works 20 us ten times a second
 *   churning N RATE    N sleeping processes, the oldest of which gives way to a
 *                      new one RATE times a second
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	STACK = 8192,		/* of a thread: holds its libc's own record too, touches two pages */
	TICK_MS = 10,		/* churning: how often the oldest give way */
	WORK_NS = 20000, PAUSE_NS = 100000000,
};

static volatile sig_atomic_t terminated;

static void on_sigterm(int signo)
{
	(void)signo;
	terminated = 1;
}

/* They share a process group that nobody else is in. */
static _Noreturn void end(int status)
{
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	_exit(status);
}

static _Noreturn void cannot(const char *what)
{
	fprintf(stderr, "crowd: cannot %s: %s\n", what, strerror(errno));
	end(1);
}

static _Noreturn void sleep_forever(void)
{
	for (;;)
		pause();
}

static uint64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static _Noreturn void work_now_and_then(unsigned long i)
{
	struct timespec pause_for = {.tv_nsec = (long)(i * 7919 % PAUSE_NS)};

	for (;;) {		/* not all at once: the first pause differs */
		nanosleep(&pause_for, NULL);
		pause_for.tv_nsec = PAUSE_NS;
		for (uint64_t until = now_ns(CLOCK_THREAD_CPUTIME_ID) + WORK_NS;
		     now_ns(CLOCK_THREAD_CPUTIME_ID) < until;)
			;
	}
}

/* A child that dies with its parent, however that ends.  0 in the child. */
static pid_t child(pid_t parent)
{
	pid_t pid = fork();

	if (pid < 0)
		cannot("fork");
	if (pid)
		return pid;
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (terminated || getppid() != parent)	/* or the signal came before this */
		_exit(1);
	return 0;
}

/* Until the end of input, or for so long; false at the end. */
static int wait_ms(int ms)
{
	struct pollfd in = {.fd = 0, .events = POLLIN};

	return !terminated && poll(&in, 1, ms) == 0;
}

static _Noreturn void stay(void)
{
	printf("ready %d\n", (int)getpid());
	fflush(stdout);
	while (wait_ms(-1))
		;
	end(0);
}

static void crowd_active(unsigned long n, unsigned long percent)
{
	pid_t parent = getpid();

	for (unsigned long i = 0; i < n && !terminated; i++) {
		if (child(parent))
			continue;
		if (i * percent / 100 != (i + 1) * percent / 100)
			work_now_and_then(i);
		sleep_forever();
	}
	stay();
}

static void crowd_sleeping(unsigned long n, unsigned long unused)
{
	(void)unused;
	crowd_active(n, 0);
}

static void *sleep_in_thread(void *arg)
{
	(void)arg;
	sleep_forever();
}

/* One mapping for all stacks: as many mappings as threads no process may have. */
static void crowd_threads(unsigned long n, unsigned long unused)
{
	char *stacks = mmap(NULL, n * STACK, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	pthread_attr_t attr;
	pthread_t t;

	(void)unused;
	if (stacks == MAP_FAILED)
		cannot("map stacks");
	pthread_attr_init(&attr);
	for (unsigned long i = 1; i < n && !terminated; i++) {
		pthread_attr_setstack(&attr, stacks + i * STACK, STACK);
		errno = pthread_create(&t, &attr, sleep_in_thread, NULL);
		if (errno)
			cannot("start a thread");
	}
	stay();
}

static void replace(pid_t *oldest, pid_t parent)
{
	kill(*oldest, SIGKILL);
	waitpid(*oldest, NULL, 0);
	*oldest = child(parent);
	if (!*oldest)
		sleep_forever();
}

static void crowd_churning(unsigned long n, unsigned long rate)
{
	pid_t parent = getpid(), *pids = calloc(n + 1, sizeof(*pids));
	unsigned long at = 0;
	uint64_t began, done = 0;

	if (!pids || !n)
		cannot("keep that many children");
	for (unsigned long i = 0; i < n && !terminated; i++) {
		pids[i] = child(parent);
		if (!pids[i])
			sleep_forever();
	}
	printf("ready %d\n", (int)parent);
	fflush(stdout);
	began = now_ns(CLOCK_MONOTONIC);
	while (wait_ms(TICK_MS)) {
		uint64_t due = (now_ns(CLOCK_MONOTONIC) - began) / 1000000 * rate / 1000;

		for (; done < due && !terminated; done++, at = (at + 1) % n)
			replace(&pids[at], parent);
	}
	end(0);
}

static const struct {
	const char *name;
	void (*run)(unsigned long n, unsigned long how);
} kinds[] = {
	{"sleeping", crowd_sleeping}, {"threads", crowd_threads},
	{"active", crowd_active}, {"churning", crowd_churning},
};

int main(int argc, char **argv)
{
	struct sigaction term = {.sa_handler = on_sigterm};

	for (size_t i = 0; argc > 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		setpgid(0, 0);
		sigaction(SIGTERM, &term, NULL);
		kinds[i].run(strtoul(argv[2], NULL, 10), argc > 3 ? strtoul(argv[3], NULL, 10) : 0);
	}
	fprintf(stderr, "usage: crowd sleeping|threads|active|churning N [PERCENT|RATE]\n");
	return 2;
}
