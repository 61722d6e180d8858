/* tests/unit/test_act.c - acts on children of our own. */
#include "proc/act.h"
#include "tests/unit/own.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid) {
		for (;;)
			pause();
	}
	return pid;
}

static void signals(void)
{
	pid_t pid = sleeper();
	struct task_id who = id_of(pid), other = who;
	int status = 0;

	other.start_boot_ns += NSEC_PER_SEC;
	CHECK_EQ(act_signal(other, SIGKILL), -ESRCH);	/* the same number, somebody else */
	other.start_boot_ns = who.start_boot_ns - NSEC_PER_SEC;
	CHECK_EQ(act_signal(other, SIGKILL), -ESRCH);
	CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);	/* unharmed */
	who.start_boot_ns += 1234567;			/* BPF knows it finer than /proc */
	CHECK_EQ(act_signal(who, SIGTERM), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	CHECK_EQ(act_signal(who, SIGTERM), -ESRCH);
	CHECK_EQ(act_signal((struct task_id){(u32)getpid(), id_of(getpid()).start_boot_ns}, 1000), -EINVAL);
}

static void nice_values(void)
{
	pid_t pid = sleeper();
	struct task_id who = id_of(pid), other = {who.pid, who.start_boot_ns + NSEC_PER_SEC};

	CHECK_EQ(act_nice(who, false, 3), 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, (id_t)pid), 3);
	CHECK_EQ(act_nice(who, true, 2), 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, (id_t)pid), 5);
	CHECK_EQ(act_nice(who, false, 100), 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, (id_t)pid), 19);
	CHECK_EQ(act_nice(other, false, -3), -ESRCH);
	CHECK_EQ(getpriority(PRIO_PROCESS, (id_t)pid), 19);
	kill(pid, SIGKILL);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
	CHECK_EQ(act_nice(who, false, 1), -ESRCH);
	CHECK_EQ(act_nice(who, true, 1), -ESRCH);
}

TESTS(act, {"signals", signals}, {"nice_values", nice_values});
