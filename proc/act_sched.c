/* proc/act_sched.c - where and when a process may run, and who reads first.
 * Raw system calls: musl refuses sched_setscheduler() (its scheduling is per
 * thread, as POSIX is not), and knows none for I/O priorities. */
#include "proc/act_impl.h"
#include "proc/procfile.h"
#include "proc/scan.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	IOPRIO_WHO_PROCESS = 1,		/* include/uapi/linux/ioprio.h */
	RESET_ON_FORK = 0x40000000,	/* SCHED_RESET_ON_FORK, include/uapi/linux/sched.h */
	NICE_LEAST = -20, NICE_MOST = 19,
	TEXT_ROOM = 4096,
};

static long result(long r)
{
	return r < 0 ? -errno : r;
}

/* ---- what is in force ---- */

static int cpus_of(u32 tid, struct cpuset *out)
{
	long n;

	memset(out, 0, sizeof(*out));
	n = result(syscall(SYS_sched_getaffinity, tid, sizeof(out->bit), out->bit));
	return n < 0 ? (int)n : 0;
}

/* Without /sys: those that we could use. */
static int online_cpus(struct cpuset *out)
{
	char buf[TEXT_ROOM];
	struct bytes text;
	int err = procfile_read_at(-1, "/sys/devices/system/cpu/online", buf, sizeof(buf), &text);

	if (!err)
		err = cpuset_parse(out, text);
	return err ? cpus_of(0, out) : 0;
}

/* The two classes without levels have had several in some kernels. */
static u32 io_canonical(u32 io)
{
	u32 class = io >> IO_CLASS_SHIFT;

	return class == IO_CLASS_RT || class == IO_CLASS_BE ? io : class << IO_CLASS_SHIFT;
}

int act_look(struct task_id who, struct act_sched *out)
{
	u32 param = 0;		/* struct sched_param */
	long policy = result(syscall(SYS_sched_getscheduler, who.pid));
	long io = result(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, who.pid));
	int err = cpus_of(who.pid, &out->cpus);

	if (!err)
		err = online_cpus(&out->online);
	if (!err && policy >= 0)
		err = (int)result(syscall(SYS_sched_getparam, who.pid, &param));
	if (!err)
		err = act_check(who);
	if (err)
		return err;
	if (policy < 0)
		return (int)policy;
	out->policy = (u32)policy & ~(u32)RESET_ON_FORK;
	out->reset_on_fork = policy & RESET_ON_FORK;
	out->priority = param;
	out->io_priority = io < 0 ? 0 : io_canonical((u32)io);	/* no block devices in this kernel */
	out->cpus = cpuset_and(&out->cpus, &out->online);
	return 0;
}

/* ---- acts ---- */

static int set_cpus(u32 tid, const void *arg)
{
	const struct act_sched *want = arg;
	struct cpuset now, mask = want->cpus;
	int err;

	if (cpuset_same(&want->cpus, &want->online))
		memset(&mask, 0xff, sizeof(mask));
	err = (int)result(syscall(SYS_sched_setaffinity, tid, sizeof(mask.bit), mask.bit));
	if (!err)
		err = cpus_of(tid, &now);
	if (err)
		return err == -EINVAL ? -EDOM : err;
	now = cpuset_and(&now, &want->online);
	return cpuset_same(&now, &want->cpus) ? 0 : -EDOM;
}

int act_affinity(struct task_id who, bool thread, const struct act_sched *want)
{
	return act_on(who, thread, set_cpus, want);
}

static int set_policy(u32 tid, const void *arg)
{
	const struct act_sched *want = arg;
	bool real_time = want->policy == POLICY_FIFO || want->policy == POLICY_RR;
	u32 param = real_time ? want->priority : 0;

	return (int)result(syscall(SYS_sched_setscheduler, tid,
				   want->policy | (want->reset_on_fork ? (u32)RESET_ON_FORK : 0), &param));
}

int act_policy(struct task_id who, bool thread, const struct act_sched *want)
{
	return act_on(who, thread, set_policy, want);
}

static int set_io_priority(u32 tid, const void *arg)
{
	const struct act_sched *want = arg;

	return (int)result(syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, tid, want->io_priority));
}

int act_io_priority(struct task_id who, bool thread, const struct act_sched *want)
{
	return act_on(who, thread, set_io_priority, want);
}

/* ---- autogroups ---- */

/* "/autogroup-123 nice 5\n": proc_sched_autogroup_show_task() of
 * kernel/sched/autogroup.c; nothing for who is in none. */
static bool autogroup_parse(struct bytes text, int *nice)
{
	struct scan s = scan_of(text);
	u64 id;
	s64 n;

	if (!SCAN_LIT(&s, "/autogroup-") || !scan_u64(&s, &id) || !SCAN_LIT(&s, " nice") || !scan_s64(&s, &n))
		return false;
	*nice = (int)n;
	return true;
}

int act_autogroup_look(struct task_id who, int *nice)
{
	char path[ACT_PATH], buf[128];
	struct bytes text;
	int err = procfile_read_at(-1, act_path(path, who.pid, "/autogroup"), buf, sizeof(buf), &text);
	int other = act_check(who);

	if (other)
		return other;
	if (err == -ENOENT || (!err && !autogroup_parse(text, nice)))
		return -EOPNOTSUPP;
	return err;
}

/* The file stays the same process's after the check, and the write to one that
 * has ended fails. */
int act_autogroup(struct task_id who, int nice)
{
	char path[ACT_PATH], digits[24];
	size_t n = 0;
	int fd, err, now;

	nice = MAX(MIN(nice, (int)NICE_MOST), (int)NICE_LEAST);
	err = act_autogroup_look(who, &now);
	if (err || now == nice)		/* another process of the session was told before */
		return err;
	fd = open(act_path(path, who.pid, "/autogroup"), O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	err = act_check(who);
	if (nice < 0)
		digits[n++] = '-';
	n += put_u64(digits + n, (u64)(nice < 0 ? -nice : nice));
	if (!err && write(fd, digits, n) < 0)
		err = -errno;
	close(fd);
	return err;
}
