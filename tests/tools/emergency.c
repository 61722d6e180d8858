/* tests/tools/emergency.c - fills the machine's memory and has pitstop freeze whoever does
 * it, through its keyboard: "emergency PITSTOP CGROUP|-" starts PITSTOP --emergency on a
 * terminal of its own and, once that is ready, a process that takes all the memory there is,
 * in the cgroup whose directory is named.  With less than 2 % left it presses the key of the
 * first line, where that process has to stand, and prints what came of it: NAME=VALUE lines. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	ROWS = 24, COLS = 80, FIRST = 4,	/* the first process: below three lines and the titles */
	LEFT_PERCENT = 2, SLOW_PERCENT = 8,
	FAST_BYTES = 1 << 20, FAST_MS = 10, SLOW_BYTES = 64 << 10, SLOW_MS = 50,
	PATIENCE_MS = 240000, STILL_MS = 2000,
};

struct shared {
	atomic_ulong steps;
	atomic_ulong bytes;
};

static char cell[ROWS][COLS + 1];
static unsigned row, col;
static int master, meminfo, events = -1;
static pid_t pitstop, leak;
static struct shared *shared;

static _Noreturn void fail(const char *what)
{
	printf("failed=%s: %s\n", what, strerror(errno));
	for (unsigned i = 0; i < ROWS; i++)
		printf("screen=%s\n", cell[i]);
	fflush(stdout);
	if (leak > 0)
		kill(leak, SIGKILL);
	if (pitstop > 0)
		kill(pitstop, SIGTERM);
	_exit(1);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- the machine ---------------------------------------------------------- */

static unsigned long number_behind(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoul(at + strlen(name), NULL, 10) : 0;
}

/* KiB.  The file stays open: its room in the kernel is there already. */
static unsigned long memory(const char *name)
{
	static char text[4096];
	ssize_t n = pread(meminfo, text, sizeof(text) - 1, 0);

	if (n < 0)
		fail("meminfo");
	text[n] = 0;
	return number_behind(text, name);
}

static unsigned long in_file(const char *path, const char *name)
{
	static char text[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	while (len < sizeof(text) - 1 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	text[len] = 0;
	return number_behind(text, name);
}

/* ---- the terminal: the part of a VT100 that pitstop uses ------------------- */

static void sequence(const char *args, char final)
{
	unsigned a = (unsigned)strtoul(args, NULL, 10);
	const char *second = strchr(args, ';');
	unsigned b = second ? (unsigned)strtoul(second + 1, NULL, 10) : 0;

	if (*args == '?' || *args == '>')
		return;
	switch (final) {
	case 'H':
		row = (a ? a : 1) - 1;
		col = (b ? b : 1) - 1;
		break;
	case 'C':
		col += a ? a : 1;
		break;
	case 'G':
		col = (a ? a : 1) - 1;
		break;
	case 'K':
		for (unsigned i = col; row < ROWS && i < COLS; i++)
			cell[row][i] = ' ';
		break;
	case 'J':
		for (unsigned r = a ? 0 : row + 1; r < ROWS; r++)
			memset(cell[r], ' ', COLS);
		break;
	default:
		break;
	}
}

static void put(unsigned char c)
{
	static char args[32];
	static unsigned n, state;	/* 0 text, 1 behind ESC, 2 in a sequence, 3 one more to skip */

	if (state == 1) {
		state = c == '[' ? 2 : c == '(' || c == ')' ? 3 : 0;
		n = 0;
	} else if (state == 2 && (c < '@' || c > '~')) {
		if (n < sizeof(args) - 1)
			args[n++] = (char)c;
	} else if (state >= 2) {
		args[n] = 0;
		if (state == 2)
			sequence(args, (char)c);
		state = 0;
	} else if (c == 27) {
		state = 1;
	} else if (c == '\r') {
		col = 0;
	} else if (c == '\n') {
		row++;
	} else if (c >= ' ' && (c & 0xc0) != 0x80) {	/* not the rest of a longer one */
		if (row < ROWS && col < COLS)
			cell[row][col] = c < 0x80 ? (char)c : '?';
		col++;
	}
}

/* What comes within so many ms. */
static void pump(int ms)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	unsigned char buf[4096];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return;
	n = read(master, buf, sizeof(buf));
	if (n <= 0)
		fail("pitstop's terminal");
	for (ssize_t i = 0; i < n; i++)
		put(buf[i]);
}

static bool on_screen(unsigned from, unsigned to, const char *text)
{
	for (unsigned i = from; i < to; i++)
		if (strstr(cell[i], text))
			return true;
	return false;
}

static void start_pitstop(char *path)
{
	char *argv[] = {path, (char[]){"--emergency"}, (char[]){"-d"}, (char[]){"250ms"}, NULL};
	char *env[] = {(char[]){"TERM=linux"}, (char[]){"HOME=/"}, NULL};
	struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
	int slave;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) || unlockpt(master) || ioctl(master, TIOCSWINSZ, &size))
		fail("a terminal");
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	pitstop = slave < 0 ? -1 : fork();
	if (pitstop < 0)
		fail("fork");
	if (pitstop) {
		close(slave);
		return;
	}
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(slave, i);
	execve(path, argv, env);
	_exit(127);
}

/* ---- the process that takes it all ------------------------------------------ */

static _Noreturn void take_all(const char *cgroup, unsigned long total)
{
	char path[256];
	size_t at = 0, all = (size_t)total * 1024 * 2;
	char *mem = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "leak");
	fd = open("/proc/self/oom_score_adj", O_WRONLY);
	if (fd < 0 || write(fd, "0", 1) != 1 || close(fd))
		_exit(2);
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = *cgroup == '-' ? -1 : open(path, O_WRONLY);
	if (*cgroup != '-' && (fd < 0 || write(fd, "0", 1) != 1 || close(fd)))
		_exit(3);
	for (;;) {
		bool slow = memory("MemAvailable:") * 100 < total * SLOW_PERCENT;
		size_t end = at + (slow ? SLOW_BYTES : FAST_BYTES);

		for (; at < end && at < all; at += 4096)
			mem[at] = 1;
		atomic_store(&shared->bytes, at);
		atomic_fetch_add(&shared->steps, 1);
		usleep((slow ? SLOW_MS : FAST_MS) * 1000);
	}
}

static bool is_frozen(void)
{
	char text[128];
	ssize_t n = events < 0 ? -1 : pread(events, text, sizeof(text) - 1, 0);

	if (n < 0)
		return true;		/* alone, in a cgroup that we do not know: its steps tell */
	text[n] = 0;
	return strstr(text, "frozen 1");
}

/* ---- all of it ---------------------------------------------------------------- */

static void stay(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd < 0 || write(fd, "-1000", 5) != 5 || close(fd) || mlockall(MCL_CURRENT | MCL_FUTURE))
		fail("staying alive");
}

static void run(const char *cgroup)
{
	unsigned long total = memory("MemTotal:"), left, steps, least;
	uint64_t end = now_ms() + PATIENCE_MS, pressed, still;
	char pid[24], path[64];

	while (!on_screen(0, 3, " locked")) {
		pump(100);
		if (now_ms() > end)
			fail("pitstop does not get ready");
	}
	leak = fork();
	if (leak < 0)
		fail("fork");
	if (!leak)
		take_all(cgroup, total);
	snprintf(pid, sizeof(pid), " %d ", (int)leak);
	do {
		pump(20);
		left = memory("MemAvailable:");
		if (now_ms() > end || waitpid(leak, NULL, WNOHANG) == leak)
			fail("it was not seen in time");
	} while (left * 100 >= total * LEFT_PERCENT || !on_screen(FIRST, FIRST + 1, pid));
	for (unsigned i = 0; i <= FIRST; i++)
		printf("screen=%s\n", cell[i]);
	if (write(master, "1", 1) != 1)
		fail("the key");
	pressed = still = now_ms();
	steps = atomic_load(&shared->steps);
	least = left;
	for (;;) {
		unsigned long seen = atomic_load(&shared->steps), is = memory("MemAvailable:");

		if (seen != steps || !is_frozen())
			still = now_ms();
		steps = seen;
		least = is < least ? is : least;
		if (now_ms() - still >= STILL_MS)
			break;
		if (now_ms() > end || waitpid(leak, NULL, WNOHANG) == leak)
			fail("it was not frozen");
		pump(5);
	}
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pitstop);
	printf("total_kib=%lu\nleft_kib=%lu\nleast_kib=%lu\nleak_kib=%lu\nfrozen_ms=%llu\nlocked_kib=%lu\n",
	       total, left, least, atomic_load(&shared->bytes) / 1024, (unsigned long long)(still - pressed),
	       in_file(path, "VmLck:"));
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)pitstop);
	printf("oom_score_adj=-%lu\n", in_file(path, "-"));
	for (unsigned i = 0; i <= FIRST; i++)
		printf("after=%s\n", cell[i]);
	printf("told=%s\n", cell[ROWS - 2]);
}

int main(int argc, char **argv)
{
	char path[256];
	int status;

	if (argc != 3) {
		fprintf(stderr, "usage: emergency PITSTOP CGROUP|-\n");
		return 2;
	}
	for (unsigned i = 0; i < ROWS; i++)
		memset(cell[i], ' ', COLS);
	meminfo = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	if (argv[2][0] != '-') {
		snprintf(path, sizeof(path), "%s/cgroup.events", argv[2]);
		events = open(path, O_RDONLY | O_CLOEXEC);
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	start_pitstop(argv[1]);
	stay();
	run(argv[2]);
	kill(leak, SIGKILL);
	waitpid(leak, NULL, 0);
	if (write(master, "q", 1) != 1)
		fail("the last key");
	while (waitpid(pitstop, &status, WNOHANG) == 0) {
		struct pollfd p = {.fd = master, .events = POLLIN};
		char rest[1024];

		if (poll(&p, 1, 50) > 0 && read(master, rest, sizeof(rest)) < 0)
			usleep(10000);	/* its side is closed */
	}
	printf("status=%d\noom_kill=%lu\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
	       in_file("/proc/vmstat", "oom_kill "));
	return 0;
}
