/* proc/program_stats.c - see proc/program_stats.h. */
#include "proc/program_stats.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/inventory.h"
#include "proc/helper.h"
#include "proc/procfile.h"

static int put(const char *path, char c)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = fd < 0 || write(fd, &c, 1) != 1 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

/* What ends its parent must not end it; the end of the connection does. */
static void watch(int fd, pid_t parent, const char *sysctl)
{
	int err;
	char c;

	fd = helper_settle(fd, parent, "pitstop-stats");
	prctl(PR_SET_PDEATHSIG, 0);
	setsid();
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_IGN);
	err = put(sysctl, '1');
	if (!err && write(fd, "", 1) == 1)
		(void)!read(fd, &c, 1);
	if (!err)
		put(sysctl, '0');
	_exit(0);
}

int program_stats_hold_sysctl(struct program_stats *s, const char *sysctl)
{
	struct pollfd p = {.events = POLLIN};
	pid_t self = getpid();
	struct bytes text;
	char buf[16], c;
	int err = procfile_read_at(-1, sysctl, buf, sizeof(buf), &text);

	*s = (struct program_stats){.fd = -1};
	if (err || (text.n && *text.p == '1'))
		return err;
	s->child = helper_fork(&s->fd);
	if (s->child == 0)
		watch(s->fd, self, sysctl);
	if (s->child < 0) {
		err = s->child;
		*s = (struct program_stats){.fd = -1};
		return err;
	}
	p.fd = s->fd;
	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	if (read(s->fd, &c, 1) == 1)
		return 0;
	program_stats_release(s);
	return -EPERM;
}

int program_stats_hold(struct program_stats *s, const char *sysctl)
{
	int fd = inventory_enable_stats();

	*s = (struct program_stats){.fd = fd};
	/* whoever may not may still find them on */
	return fd >= 0 ? 0 : program_stats_hold_sysctl(s, sysctl);
}

void program_stats_release(struct program_stats *s)
{
	if (s->fd >= 0)
		close(s->fd);
	while (s->child > 0 && waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
		;
	*s = (struct program_stats){.fd = -1};
}
