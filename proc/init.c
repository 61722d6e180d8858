/* proc/init.c - mounts, a child to be pitstop, and a process 1 that never ends:
 * the kernel panics when it does. */
#include "proc/init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "loader/base.h"

/* Where the monitor and its loader look; the marker is there once it is mounted. */
static const struct {
	const char *type, *on, *marker;
} mounts[] = {
	{"proc",       "/proc",                "/proc/self"},
	{"sysfs",      "/sys",                 "/sys/kernel"},
	{"devtmpfs",   "/dev",                 "/dev/null"},
	{"securityfs", "/sys/kernel/security", "/sys/kernel/security/lsm"},
	{"cgroup2",    "/sys/fs/cgroup",       "/sys/fs/cgroup/cgroup.procs"},
};

/* What the kernel lacks stays unmounted: pitstop says what is missing for it. */
static void mount_all(void)
{
	for (size_t i = 0; i < ARRAY_LEN(mounts); i++) {
		if (access(mounts[i].marker, F_OK) == 0)
			continue;
		(void)!mkdir(mounts[i].on, 0755);
		(void)!mount(mounts[i].type, mounts[i].on, mounts[i].type, MS_NOSUID | MS_NOEXEC, NULL);
	}
}

/* The console that the kernel opened is nobody's controlling terminal; keys that
 * send signals, and background jobs, need one.  /dev/console itself cannot be
 * one, the device behind it can (console_ioctl; drivers/tty/tty_io.c). */
static void take_terminal(void)
{
	char path[64] = "/dev/", *name = path + 5, *last;
	ssize_t n;
	int fd = open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);

	setsid();
	if (fd < 0)
		return;
	n = read(fd, name, sizeof(path) - 6);
	close(fd);
	if (n <= 0)
		return;
	name[n] = '\0';
	name[strcspn(name, "\n")] = '\0';
	last = strrchr(name, ' ');		/* of several the last is /dev/console */
	if (last)
		memmove(name, last + 1, strlen(last + 1) + 1);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	for (int std = 0; std < 3; std++)
		dup2(fd, std);
	if (fd > STDERR_FILENO)
		close(fd);
	(void)!ioctl(STDIN_FILENO, TIOCSCTTY, 1);
}

/* Whatever ends is reaped; returns when the child has. */
static int wait_for(pid_t child)
{
	int status = 0;

	for (;;) {
		int got;
		pid_t pid = wait(&got);

		if (pid == child)
			status = got;
		if (pid == child || (pid < 0 && errno != EINTR))
			return status;
	}
}

__attribute__((format(printf, 1, 2)))
static void tell(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	(void)!write(STDOUT_FILENO, text, strlen(text));
}

static void end(int how)
{
	sync();
	reboot(how);
	tell("pitstop: cannot end the machine: %s\n", strerror(errno));
}

/* Returns when pitstop is to be started again. */
static void ask(int status)
{
	char c = 0;

	if (WIFSIGNALED(status))
		tell("pitstop was ended by signal %d", WTERMSIG(status));
	else
		tell("pitstop ended with status %d", WEXITSTATUS(status));
	tell("; it is process 1 here.\n"
	     "Enter: start it again   o Enter: power off   b Enter: boot anew\n");
	signal(SIGCHLD, SIG_IGN);	/* orphans need no parent that waits */
	while (c != '\n') {
		ssize_t n = read(STDIN_FILENO, &c, 1);

		if (n == 0 || (n < 0 && errno != EINTR))
			pause();	/* no console: nobody to ask */
		if (n == 1 && c == 'o')
			end(RB_POWER_OFF);
		if (n == 1 && c == 'b')
			end(RB_AUTOBOOT);
	}
	signal(SIGCHLD, SIG_DFL);
}

/* The kernel hands on every word it does not know itself. */
static int own_options(int argc, char **argv)
{
	int from = 1;

	while (from < argc && argv[from][0] != '-')
		from++;
	for (int i = from; i <= argc; i++)
		argv[i - from + 1] = argv[i];
	return argc - from + 1;
}

int init_become(int argc, char **argv)
{
	pid_t child;

	if (getpid() != 1 || access("/proc/self", F_OK) == 0)
		return argc;
	mount_all();
	argc = own_options(argc, argv);
	while ((child = fork()) > 0)
		ask(wait_for(child));
	if (child == 0)
		take_terminal();
	return argc;		/* without a child process 1 is pitstop itself */
}
