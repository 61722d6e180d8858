/* tests/unit/test_act.c - acts on children of our own. */
#include "proc/act.h"
#include "tests/unit/own.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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

static void scheduling(void)
{
	pid_t pid = sleeper();
	struct task_id who = id_of(pid), other = {who.pid, who.start_boot_ns + NSEC_PER_SEC};
	struct act_sched now, want;
	cpu_set_t got;
	u32 cpu;

	CHECK_EQ(act_look(other, &now), -ESRCH);
	CHECK_EQ(act_look(who, &now), 0);
	CHECK_EQ(now.policy, POLICY_OTHER);
	CHECK_EQ(now.priority, 0);
	CHECK_EQ(now.io_priority, 0);
	CHECK(!now.reset_on_fork);
	cpu = cpuset_next(&now.cpus, 0);
	CHECK(cpu < CPUSET_CPUS && cpuset_has(&now.online, cpu));

	want = now;
	memset(&want.cpus, 0, sizeof(want.cpus));
	CHECK_EQ(act_affinity(who, false, &want), -EDOM);	/* none at all */
	cpuset_flip(&want.cpus, cpu);
	CHECK_EQ(act_affinity(other, false, &want), -ESRCH);
	CHECK_EQ(act_affinity(who, false, &want), 0);
	CHECK_EQ(sched_getaffinity(pid, sizeof(got), &got), 0);
	CHECK(CPU_COUNT(&got) == 1 && CPU_ISSET(cpu, &got));
	CHECK_EQ(act_affinity(who, true, &now), 0);
	CHECK_EQ(act_look(who, &want), 0);
	CHECK(cpuset_same(&want.cpus, &now.cpus));

	want.policy = POLICY_BATCH;
	want.priority = 50;		/* means nothing with this one */
	want.reset_on_fork = true;
	want.io_priority = IO_CLASS_BE << IO_CLASS_SHIFT | 6;
	CHECK_EQ(act_policy(other, false, &want), -ESRCH);
	CHECK_EQ(act_policy(who, false, &want), 0);
	CHECK_EQ(syscall(SYS_sched_getscheduler, pid), POLICY_BATCH | 0x40000000);
	CHECK_EQ(act_io_priority(other, true, &want), -ESRCH);
	CHECK_EQ(act_io_priority(who, false, &want), 0);
	CHECK_EQ(syscall(SYS_ioprio_get, 1, pid), 2 << 13 | 6);
	CHECK_EQ(act_look(who, &now), 0);
	CHECK(now.policy == POLICY_BATCH && now.reset_on_fork && now.io_priority == want.io_priority);
	kill(pid, SIGKILL);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
	CHECK_EQ(act_look(who, &now), -ESRCH);
	CHECK_EQ(act_policy(who, false, &want), -ESRCH);
}

static void cpu_lists(void)
{
	static const struct {
		const char *text;
		int err;
		u32 n, last;
	} row[] = {
		{"0-1\n", 0, 2, 1}, {"0\n", 0, 1, 0}, {"\n", 0, 0, 0}, {"", 0, 0, 0},
		{"0-3,8,62-65\n", 0, 9, 65}, {"8191", 0, 1, 8191}, {"8190-9000\n", 0, 2, 8191},
		{"8192\n", 0, 0, 0}, {"3-1", -EBADMSG, 0, 0}, {"1-", -EBADMSG, 0, 0},
		{"1;2", -EBADMSG, 0, 0}, {"4294967296", -EBADMSG, 0, 0}, {"-1", -EBADMSG, 0, 0},
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		struct bytes text = {(const unsigned char *)row[i].text, strlen(row[i].text)};
		struct cpuset s;
		u32 n = 0, last = 0;

		CHECK_ROW(i, cpuset_parse(&s, text) == row[i].err);
		if (row[i].err)
			continue;
		for (u32 cpu = cpuset_next(&s, 0); cpu < CPUSET_CPUS; cpu = cpuset_next(&s, cpu + 1)) {
			last = cpu;
			n++;
		}
		CHECK_ROW(i, n == row[i].n && last == row[i].last);
	}
}

TESTS(act, {"signals", signals}, {"nice_values", nice_values}, {"scheduling", scheduling},
      {"cpu_lists", cpu_lists});
