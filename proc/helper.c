/* proc/helper.c - a child process for what may block without an end. */
#include "proc/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/base.h"
#include "proc/resident.h"

static void forget_signals(void)
{
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, sig == SIGINT || sig == SIGQUIT || sig == SIGTSTP ? SIG_IGN : SIG_DFL);
}

/* The parent's terminal, pipes and maps must not stay open because we are
 * stuck. */
static int forget_files(int fd)
{
	enum { SYS_CLOSE_RANGE = 436, OURS = 3, MANY = 1024 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < OURS; i++)
		if (null < 0 || dup2(null, i) < 0)
			close(i);
	if (fd != OURS)
		dup3(fd, OURS, O_CLOEXEC);
	if (syscall(SYS_CLOSE_RANGE, OURS + 1, UINT32_MAX, 0))	/* Linux 5.9 */
		for (int i = OURS + 1; i < MANY; i++)
			close(i);
	return OURS;
}

int helper_settle(int fd, pid_t parent, const char *name)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	resident_child();
	forget_signals();
	prctl(PR_SET_NAME, name);
	return forget_files(fd);
}

pid_t helper_fork(int *fd)
{
	int pair[2], err;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	pid = fork();
	err = pid < 0 ? -errno : 0;
	close(pair[pid ? 1 : 0]);
	*fd = pair[pid ? 0 : 1];
	if (!err && pid && fcntl(*fd, F_SETFL, O_NONBLOCK) < 0) {
		err = -errno;
		kill(pid, SIGKILL);	/* not yet waited for */
	}
	if (err)
		close(*fd);
	return err ? err : pid;
}
