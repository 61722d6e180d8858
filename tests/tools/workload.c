/* tests/tools/workload.c - processes of every kind that a test wants to see in
 * a monitor.  "workload MODE [ARG]..." prints "ready PID..." once the processes
 * named are in the state asked for, and ends, with all of its children, when
 * its standard input is closed or SIGTERM arrives.  Where the machine does not
 * permit a mode it prints "cannot REASON" and ends with status 77. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/fuse.h>

enum { CHILDREN_MAX = 200000, CANNOT = 77, THREAD_STACK = 256 * 1024, MIB = 1 << 20 };

static pid_t children[CHILDREN_MAX];
static unsigned nchildren;
static volatile sig_atomic_t terminated;
static atomic_bool finished;
static atomic_ulong sink;	/* keeps the burning from being optimised away */
static char own_path[4096];	/* of this executable: what a child runs */
static char **own_argv, **own_environ;

/* ---- common parts ---------------------------------------------------------- */

static void on_sigterm(int signo)
{
	(void)signo;
	terminated = 1;
}

static _Noreturn void end(int status)
{
	for (unsigned i = 0; i < nchildren; i++)
		kill(children[i], SIGKILL);
	for (unsigned i = 0; i < nchildren; i++)
		while (waitpid(children[i], NULL, 0) < 0 && errno == EINTR)
			;
	_exit(status);
}

static _Noreturn void cannot(const char *what)
{
	printf("cannot %s: %s\n", what, strerror(errno));
	fflush(stdout);
	end(CANNOT);
}

/* A child that dies with its parent, however that ends.  0 in the child. */
static pid_t child(void)
{
	pid_t parent = getpid(), pid;

	if (nchildren == CHILDREN_MAX) {
		errno = E2BIG;
		cannot("keep that many children");
	}
	pid = fork();
	if (pid < 0)
		cannot("fork");
	if (pid) {
		children[nchildren++] = pid;
		return pid;
	}
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	nchildren = 0;
	return 0;
}

static _Noreturn void sleep_forever(void)
{
	for (;;)
		pause();
}

static void ready(pid_t pid)
{
	printf("ready %d\n", (int)pid);
	fflush(stdout);
}

/* One line of standard input; false when it has been closed. */
static bool next_command(void)
{
	char c;
	ssize_t n;

	while (!terminated) {
		n = read(0, &c, 1);
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n == 1 && c == '\n')
			return true;
	}
	return false;
}

static _Noreturn void until_closed(void)
{
	while (next_command())
		;
	end(0);
}

static bool input_closed(void)
{
	struct pollfd p = {.fd = 0, .events = POLLIN};

	return terminated || (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)));
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* CPU time, however busy the machine is. */
static void burn(uint64_t ns)
{
	uint64_t until = clock_ns(CLOCK_THREAD_CPUTIME_ID) + ns;
	unsigned long x = 1;

	do {
		for (int i = 0; i < 20000; i++)
			x = x * 6364136223846793005 + 1442695040888963407;
	} while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < until);
	atomic_fetch_add(&sink, x);
}

static pthread_t start_thread(void *(*fn)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	errno = pthread_create(&t, &attr, fn, arg);
	if (errno)
		cannot("start a thread");
	pthread_attr_destroy(&attr);
	return t;
}

/* The letter in /proc/PID/stat; comm of ours holds no parenthesis here. */
static char state_of(pid_t pid)
{
	char path[64], buf[512], *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	buf[n < 0 ? 0 : n] = 0;
	p = strrchr(buf, ')');
	return p && p[1] ? p[2] : 0;
}

static void wait_for_state(pid_t pid, char state)
{
	while (state_of(pid) != state && !input_closed())
		usleep(1000);
}

static unsigned long number(char **argv, int i, unsigned long fallback)
{
	return argv[i] ? strtoul(argv[i], NULL, 10) : fallback;
}

/* ---- modes ------------------------------------------------------------------ */

static void *hog_thread(void *arg)
{
	(void)arg;
	while (!atomic_load(&finished))
		burn(10000000);
	return NULL;
}

/* hog N [NICE]: N threads, the main one among them, all of them burning. */
static void mode_hog(char **argv)
{
	unsigned long n = number(argv, 0, 1);

	if (setpriority(PRIO_PROCESS, 0, (int)number(argv, 1, 0)) < 0)
		cannot("set the nice value");
	for (unsigned long i = 1; i < n; i++)
		start_thread(hog_thread, NULL);
	ready(getpid());
	while (!input_closed())
		burn(10000000);
	end(0);
}

static void *short_thread(void *arg)
{
	(void)arg;
	burn(3000000);
	return NULL;
}

/* churn: threads that come, burn 3 ms and go, four at a time. */
static void mode_churn(char **argv)
{
	pthread_t t[4];
	bool announced = false;

	(void)argv;
	while (!input_closed()) {
		for (int i = 0; i < 4; i++)
			t[i] = start_thread(short_thread, NULL);
		for (int i = 0; i < 4; i++)
			pthread_join(t[i], NULL);
		if (!announced)
			ready(getpid());
		announced = true;
	}
	end(0);
}

/* sleeper [ANYTHING]... */
static void mode_sleeper(char **argv)
{
	(void)argv;
	ready(getpid());
	until_closed();
}

/* stopped: by SIGSTOP, state T */
static void mode_stopped(char **argv)
{
	pid_t pid = child();

	(void)argv;
	if (!pid) {
		raise(SIGSTOP);
		sleep_forever();
	}
	waitpid(pid, NULL, WUNTRACED);
	wait_for_state(pid, 'T');
	ready(pid);
	until_closed();
}

/* traced: stopped under ptrace, state t */
static void mode_traced(char **argv)
{
	pid_t pid = child();

	(void)argv;
	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(1);
		raise(SIGSTOP);
		sleep_forever();
	}
	waitpid(pid, NULL, WUNTRACED);
	wait_for_state(pid, 't');
	ready(pid);
	until_closed();
}

/* zombie: ended and not waited for, state Z */
static void mode_zombie(char **argv)
{
	siginfo_t info;
	pid_t pid = child();

	(void)argv;
	if (!pid) {
		burn(30000000);
		_exit(0);
	}
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	ready(pid);
	until_closed();
}

/* blocked: waits for a vfork()ed child, state D */
static void mode_blocked(char **argv)
{
	pid_t pid = child();

	(void)argv;
	if (!pid) {
		/* vfork() has no safe use that a compiler accepts here */
		pid_t inner = (pid_t)syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);

		if (!inner) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			sleep_forever();
		}
		sleep_forever();
	}
	wait_for_state(pid, 'D');
	ready(pid);
	until_closed();
}

static void *leaderless_thread(void *arg)
{
	(void)arg;
	wait_for_state(getpid(), 'Z');
	ready(getpid());
	until_closed();
}

/* leaderless: the main thread has ended, another one lives on */
static void mode_leaderless(char **argv)
{
	(void)argv;
	start_thread(leaderless_thread, NULL);
	/* not pthread_exit(): no destructor may end the process */
	syscall(SYS_exit, 0);
}

/* niced N */
static void mode_niced(char **argv)
{
	if (setpriority(PRIO_PROCESS, 0, (int)number(argv, 0, 7)) < 0)
		cannot("set the nice value");
	ready(getpid());
	until_closed();
}

/* realtime PRIORITY */
static void mode_realtime(char **argv)
{
	struct sched_param p = {.sched_priority = (int)number(argv, 0, 10)};

	/* by number: musl's own wrapper always fails */
	if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &p) < 0)
		cannot("become a real-time process");
	ready(getpid());
	until_closed();
}

/* Writes the file to the disk and reads it back from there, so that the
 * process has block I/O; then keeps it mapped and resident. */
static void map_file(const char *path, size_t len)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	static char block[MIB];
	const volatile char *p;

	if (fd < 0)
		cannot("open the file to map");
	memset(block, 'x', sizeof(block));
	for (size_t done = 0; done < len; done += MIB)
		if (write(fd, block, MIB) != MIB)
			cannot("write the file to map");
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	p = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		cannot("map the file");
	for (size_t i = 0; i < len; i += 4096)
		(void)p[i];
	close(fd);
}

static void map_memory(size_t len, int flags)
{
	char *p = mmap(NULL, len, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		cannot("map memory");
	memset(p, 1, len);
}

/* rss FILE FILE-MIB ANON-MIB SHARED-MIB */
static void mode_rss(char **argv)
{
	if (!argv[0] || !argv[1] || !argv[2] || !argv[3]) {
		errno = EINVAL;
		cannot("do rss without a file and three sizes");
	}
	map_file(argv[0], number(argv, 1, 0) * MIB);
	map_memory(number(argv, 2, 0) * MIB, MAP_PRIVATE);
	map_memory(number(argv, 3, 0) * MIB, MAP_SHARED);
	ready(getpid());
	until_closed();
}

/* exec [NEW-ARGV...]: on a line of input becomes that, the same program under
 * other arguments */
static void mode_exec(char **argv)
{
	ready(getpid());
	if (!next_command())
		end(0);
	execv(own_path, argv);
	cannot("exec");
}

/* rename LENGTH: on a line of input sets its comm and, as setproctitle(3)
 * does, writes a title of that length over its arguments and environment */
static void mode_rename(char **argv)
{
	static char title[65536];
	unsigned long len = number(argv, 0, 20);
	char *start = own_argv[0], *stop = start;

	for (char **a = own_argv; *a; a++)
		stop = *a + strlen(*a) + 1;
	for (char **e = own_environ; *e; e++)
		stop = *e == stop ? *e + strlen(*e) + 1 : stop;
	ready(getpid());
	if (!next_command())
		end(0);
	if (len >= (unsigned long)(stop - start))
		len = (unsigned long)(stop - start) - 1;
	if (len >= sizeof(title))
		len = sizeof(title) - 1;
	for (unsigned long i = 0; i < len; i++)
		title[i] = (char)('0' + i % 10);
	memcpy(title, "pt-title: ", len < 10 ? len : 10);
	prctl(PR_SET_NAME, "pt-renamed");
	memset(start, 0, (size_t)(stop - start));
	memcpy(start, title, len);
	ready(getpid());
	until_closed();
}

/* crowd N: N sleeping children */
static void mode_crowd(char **argv)
{
	unsigned long n = number(argv, 0, 100);

	for (unsigned long i = 0; i < n && !terminated; i++)
		if (!child())
			sleep_forever();
	ready(getpid());
	until_closed();
}

/* ---- hostile names ------------------------------------------------------------ */

#define LONG10(s)	s s s s s s s s s s
#define FAMILY		"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"

enum { HOSTILE_ARGS = 7 };

/* Each has an argument pt-hostile-N, for a test to find it by. */
static const struct {
	const char *comm;
	const char *argv[HOSTILE_ARGS];
} hostile[] = {
	{"\x1b[31mRED\x1b[7mZ",		/* escape sequences: colour, title, clipboard, C1 */
	 {"\x1b]0;PWNED\x07inj", "pt-hostile-0", "\x1b]52;c;UFdORUQ=\x07", "\xc2\x9b" "31mC1",
	  "\x1b[2J\x1b[H", "\x1bP+q544e\x1b\\"}},
	{"\xe2\x80\xaegpj.exe",		/* right-to-left override, isolates, marks */
	 {"\xe2\x80\xae" "evil", "pt-hostile-1", "\xe2\x81\xa6iso\xe2\x81\xa9", "\xe2\x80\x8e\xe2\x80\x8f",
	  "\xe2\x80\x8bzero\xef\xbb\xbf"}},
	{"b\xff\xfe\xc0\x80\xed\xa0\x80",	/* invalid: bytes, overlong, surrogate, cut */
	 {"\xf8\x88\x80\x80\x80", "pt-hostile-2", "\xe2\x82", "\xf4\x90\x80\x80", "ok\xff"}},
	{"new\nline\ttab\r",
	 {"a\nb", "pt-hostile-3", "\r\n99999 root 20 0 fake\n", "\v\f\b\a"}},
	{"\xe6\xbc\xa2\xe5\xad\x97",	/* wide, combining, emoji */
	 {"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", "pt-hostile-4",
	  "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88", FAMILY, "\xef\xbc\xa1",
	  "\xcc\x81start"}},
	{") Z 0 (0 0",			/* what breaks a parser of /proc/PID/stat */
	 {"two words", "pt-hostile-5", "", "  ", ")"}},
	{"",				/* no name at all */
	 {"", "pt-hostile-6"}},
	{"\"\\/\x7f\x01{",		/* what breaks a writer of JSON */
	 {"\"}],\"x\":[{\"", "pt-hostile-7", "\\u0000\\", "\x9b\x7f\xc2\x80\xc2\x9f", "\xed\xbf\xbf"}},
	{"pt-long",
	 {"pt-hostile-8", LONG10(LONG10("0123456789")), LONG10(LONG10(LONG10("abcdefg \t\n")))}},
	/* a comm that the kernel cut in the middle of a character */
	{"12345678901234\xe6",
	 {"pt-hostile-9"}},
};

enum { HOSTILE_N = sizeof(hostile) / sizeof(hostile[0]) };

/* What such a child does after its exec: the environment says which it is. */
static _Noreturn void hostile_child(const char *index, const char *fd)
{
	prctl(PR_SET_NAME, hostile[strtoul(index, NULL, 10) % HOSTILE_N].comm);
	if (write((int)strtol(fd, NULL, 10), "", 1) != 1)
		_exit(1);
	close((int)strtol(fd, NULL, 10));
	sleep_forever();
}

static void exec_hostile(unsigned i, int fd)
{
	char index[32], ready_fd[32], *argv[HOSTILE_ARGS + 1], *env[3] = {index, ready_fd, NULL};

	snprintf(index, sizeof(index), "PT_HOSTILE=%u", i);
	snprintf(ready_fd, sizeof(ready_fd), "PT_READY_FD=%d", fd);
	memcpy(argv, hostile[i].argv, sizeof(hostile[i].argv));
	argv[HOSTILE_ARGS] = NULL;
	execve(own_path, argv, env);
	_exit(1);
}

/* hostile: one child for each row of the table */
static void mode_hostile(char **argv)
{
	int fd[2];
	char c;

	(void)argv;
	if (pipe(fd) < 0)
		cannot("make a pipe");
	for (unsigned i = 0; i < HOSTILE_N; i++) {
		if (!child())
			exec_hostile(i, fd[1]);
		if (read(fd[0], &c, 1) != 1)
			cannot("start a child");
	}
	printf("ready");
	for (unsigned i = 0; i < nchildren; i++)
		printf(" %d", (int)children[i]);
	printf("\n");
	fflush(stdout);
	until_closed();
}

/* ---- a process whose memory cannot be read --------------------------------------
 * Reading a command line takes the mmap lock of its process.  Here a helper
 * holds that lock for reading while it waits for a page of a FUSE file whose
 * server never answers, and a thread of the process wants it for writing:
 * whoever comes next, "ps" too, queues behind that thread until the server
 * ends.  (Moving the arguments onto such a page, or onto one of userfaultfd,
 * does not do: the kernel refuses to wait there.) */

enum { STUCK_BYTES = 4096 };

static void fuse_answer(int fd, uint64_t unique, int error, const void *body, size_t n)
{
	struct fuse_out_header h = {.len = (uint32_t)(sizeof(h) + n), .error = error, .unique = unique};
	struct iovec v[2] = {{&h, sizeof(h)}, {(void *)(uintptr_t)body, n}};

	while (writev(fd, v, n ? 2 : 1) < 0 && errno == EINTR)
		;
}

static void fuse_serve_one(int fd, const struct fuse_in_header *in, int asked)
{
	struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION,
				     .max_readahead = STUCK_BYTES, .max_write = STUCK_BYTES};
	struct fuse_attr_out attr = {.attr_valid = 3600,
				     .attr = {.ino = 1, .size = STUCK_BYTES, .blocks = 8,
					      .mode = S_IFREG | 0444, .nlink = 1, .blksize = 4096}};
	struct fuse_open_out opened = {.fh = 1, .open_flags = FOPEN_KEEP_CACHE};

	switch (in->opcode) {
	case FUSE_INIT:
		fuse_answer(fd, in->unique, 0, &init, sizeof(init));
		break;
	case FUSE_GETATTR:
		fuse_answer(fd, in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		fuse_answer(fd, in->unique, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:		/* not answered: that is the point */
		if (write(asked, "", 1) != 1)
			_exit(1);
		break;
	case FUSE_FORGET:	/* takes no answer */
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		fuse_answer(fd, in->unique, -ENOSYS, NULL, 0);
	}
}

/* Writes a byte to asked when somebody waits for the page. */
static _Noreturn void fuse_serve(int fd, int asked)
{
	static char buf[FUSE_MIN_READ_BUFFER + STUCK_BYTES] __attribute__((aligned(8)));

	for (;;) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n >= (ssize_t)sizeof(struct fuse_in_header))
			fuse_serve_one(fd, (const void *)buf, asked);
		else if (n >= 0 || (errno != EINTR && errno != ENOENT))
			_exit(0);	/* ENODEV: unmounted */
	}
}

/* What the processes of this mode share. */
struct stuck {
	const void *page;	/* of the FUSE file, at the same address in all of them */
	int asked[2];		/* the server writes a byte when somebody waits for the page */
	int go[2];		/* a byte: the thread may ask for the lock */
	atomic_int *tid;	/* of that thread */
};

static void *want_mmap_lock(void *arg)
{
	const struct stuck *s = arg;
	char c;

	atomic_store(s->tid, (int)syscall(SYS_gettid));
	if (read(s->go[0], &c, 1) == 1)
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return NULL;
}

/* Waits for the page by a path that holds the lock of pid meanwhile. */
static _Noreturn void hold_mmap_lock(const struct stuck *s, pid_t pid)
{
	char path[64], c;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	_exit(fd < 0 || pread(fd, &c, 1, (off_t)(uintptr_t)s->page) != 1);
}

static void stuck_prepare(struct stuck *s, const char *file)
{
	char options[128];
	struct stat st;
	int dev, fd;

	dev = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (dev < 0)
		cannot("open /dev/fuse");
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		cannot("make a mount namespace");
	snprintf(options, sizeof(options), "fd=%d,rootmode=100000,user_id=0,group_id=0", dev);
	if (mount("pt-stuck", file, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		cannot("mount a FUSE file system");
	s->tid = mmap(NULL, sizeof(*s->tid), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->tid == MAP_FAILED || pipe(s->asked) < 0 || pipe(s->go) < 0)
		cannot("make a pipe");
	if (!child())
		fuse_serve(dev, s->asked[1]);
	close(dev);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	/* fstat() fetches the size: a page beyond the end would only be refused */
	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size != STUCK_BYTES)
		cannot("open the FUSE file");
	s->page = mmap(NULL, STUCK_BYTES, PROT_READ, MAP_PRIVATE, fd, 0);
	if (s->page == MAP_FAILED)
		cannot("map the FUSE file");
}

/* stuckmm FILE: an empty file to mount over, in a mount namespace of its own */
static void mode_stuckmm(char **argv)
{
	struct stuck s;
	pid_t victim;
	char c;

	if (!argv[0]) {
		errno = EINVAL;
		cannot("do stuckmm without a file");
	}
	stuck_prepare(&s, argv[0]);
	victim = child();
	if (!victim) {
		prctl(PR_SET_NAME, "pt-stuck");
		start_thread(want_mmap_lock, &s);
		sleep_forever();
	}
	while (!atomic_load(s.tid))
		usleep(1000);
	if (!child())
		hold_mmap_lock(&s, victim);
	if (read(s.asked[0], &c, 1) != 1 || write(s.go[1], "", 1) != 1)
		cannot("hold the mmap lock");
	wait_for_state(atomic_load(s.tid), 'D');
	ready(victim);
	until_closed();
}

/* brief N MS [THREADS]: at a line of input N children, four at a time, whose THREADS
 * burn MS together; then "ready" with the CPU time of all, us, as the kernel charged it. */
static void mode_brief(char **argv)
{
	unsigned long n = number(argv, 0, 200), ms = number(argv, 1, 10), threads = number(argv, 2, 1);
	struct rusage all;

	ready(getpid());
	if (!next_command())
		end(0);
	for (unsigned long i = 0; i < n + 4; i++) {
		if (i >= 4)
			wait(NULL);
		if (i >= n || fork())
			continue;
		prctl(PR_SET_NAME, "pt-brief");
		for (unsigned long k = 1; k < threads; k++)
			start_thread(short_thread, NULL);
		if (ms)
			burn(ms * 1000000 / threads);
		_exit(i % 2);
	}
	getrusage(RUSAGE_CHILDREN, &all);
	ready((pid_t)((all.ru_utime.tv_sec + all.ru_stime.tv_sec) * 1000000 + all.ru_utime.tv_usec + all.ru_stime.tv_usec));
	until_closed();
}

/* Takes KIB more each MS, MIB in all, and counts its steps in a file that others can look into. */
static void mode_leak(char **argv)
{
	unsigned long kib = number(argv, 0, 256), ms = number(argv, 1, 50), mib = number(argv, 2, 64);
	struct pollfd in = {.fd = 0, .events = POLLIN};
	atomic_ulong *steps = NULL;
	size_t at = 0, all = mib * MIB;
	char *mem = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int fd = argv[0] && argv[1] && argv[2] && argv[3] ? open(argv[3], O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd >= 0 && !ftruncate(fd, sizeof(*steps)))
		steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mem == MAP_FAILED || !steps || steps == MAP_FAILED)
		cannot("leak into a file");
	ready(getpid());
	while (!terminated && poll(&in, 1, (int)ms) <= 0) {
		for (size_t end = at + kib * 1024; at < end && at < all; at += 4096)
			mem[at] = 1;
		atomic_fetch_add(steps, 1);
	}
	end(0);
}

/* ---- main --------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*run)(char **argv);
} modes[] = {
	{"hog", mode_hog}, {"churn", mode_churn}, {"sleeper", mode_sleeper},
	{"stopped", mode_stopped}, {"traced", mode_traced}, {"zombie", mode_zombie},
	{"blocked", mode_blocked}, {"leaderless", mode_leaderless}, {"niced", mode_niced},
	{"realtime", mode_realtime}, {"rss", mode_rss}, {"exec", mode_exec},
	{"rename", mode_rename}, {"hostile", mode_hostile}, {"stuckmm", mode_stuckmm},
	{"crowd", mode_crowd}, {"brief", mode_brief}, {"leak", mode_leak},
};

int main(int argc, char **argv, char **envp)
{
	const char *index = getenv("PT_HOSTILE"), *fd = getenv("PT_READY_FD");
	struct sigaction term = {.sa_handler = on_sigterm};

	if (index && fd)
		hostile_child(index, fd);
	if (readlink("/proc/self/exe", own_path, sizeof(own_path) - 1) < 0)
		return 1;
	own_argv = argv;
	own_environ = envp;
	sigaction(SIGTERM, &term, NULL);
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(argv[1], modes[i].name))
			modes[i].run(argv + 2);
	fprintf(stderr, "usage: workload MODE [ARG]...\nmodes:");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		fprintf(stderr, " %s", modes[i].name);
	fprintf(stderr, "\n");
	return 2;
}
