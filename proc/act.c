/* proc/act.c - what is done to a process, once it is sure which. */
#include "proc/act_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/dirscan.h"
#include "proc/pidfiles.h"
#include "proc/procfile.h"

/* Of 5.3 and 5.1, the same on every architecture; a build host may not know them. */
enum { NR_PIDFD_SEND_SIGNAL = 424, NR_PIDFD_OPEN = 434 };

enum { STAT_ROOM = 1024 };

const char *act_path(char room[static ACT_PATH], u32 pid, const char *rest)
{
	size_t n;

	memcpy(room, "/proc/", 6);
	n = 6 + put_u64(room + 6, pid);
	memcpy(room + n, rest, strlen(rest) + 1);
	return room;
}

/* /proc rounds down to ticks, and
 * so may have whoever gave the start. */
int act_check(struct task_id who)
{
	const struct proc_units units = {
		.page_size = page_size(),
		.ticks_per_s = ticks_per_second(),
	};
	u64 tick_ns = NSEC_PER_SEC / units.ticks_per_s;
	char path[ACT_PATH], buf[STAT_ROOM];
	struct bytes text;
	struct task now = {0};
	int err = procfile_read_at(-1, act_path(path, who.pid, "/stat"), buf, sizeof(buf), &text);

	if (err == -ENOENT && !access("/proc/self/stat", F_OK))
		return -ESRCH;
	if (!err)
		err = pid_stat_parse(&now, text, &units);
	if (err)
		return err;
	return now.start_boot_ns / tick_ns == who.start_boot_ns / tick_ns ? 0 : -ESRCH;
}

int act_signal(struct task_id who, int signo)
{
	int fd = (int)syscall(NR_PIDFD_OPEN, who.pid, 0);
	int open_err = fd < 0 ? errno : 0;
	int err;

	if (open_err == ESRCH)
		return -ESRCH;
	err = act_check(who);
	if (!err && fd >= 0)
		err = syscall(NR_PIDFD_SEND_SIGNAL, fd, signo, NULL, 0) ? -errno : 0;
	else if (!err)		/* an older kernel, or a filter that refuses pidfds */
		err = kill((pid_t)who.pid, signo) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return err;
}

int act_pidfd(struct task_id who)
{
	int fd = (int)syscall(NR_PIDFD_OPEN, who.pid, 0);
	int err = fd < 0 ? -errno : act_check(who);

	if (fd >= 0 && err)
		close(fd);
	return err ? err : fd;
}

/* The open directory is that process's and no other's, whoever gets the number
 * after the check. */
int act_on(struct task_id who, bool thread, act_thread_fn *fn, const void *arg)
{
	struct dirscan dir;
	char path[ACT_PATH];
	const char *name;
	int fd = thread ? -1 : open(act_path(path, who.pid, "/task"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int open_err = fd < 0 && !thread ? -errno : 0, first = act_check(who);

	if (first || open_err || thread) {
		if (fd >= 0)
			close(fd);
		return first ? first : open_err ? open_err : fn(who.pid, arg);
	}
	dirscan_begin(&dir, fd);
	while ((name = dirscan_next(&dir))) {
		u32 tid = (u32)strtoul(name, NULL, 10);
		int err = tid ? fn(tid, arg) : 0;

		if (err && (err != -ESRCH || tid == who.pid) && !first)
			first = err;
	}
	close(fd);
	return first;
}

static int add_nice(u32 tid, const void *arg)
{
	const int *add = arg;
	int now;

	errno = 0;
	now = getpriority(PRIO_PROCESS, tid);
	if (now == -1 && errno)
		return -errno;
	return setpriority(PRIO_PROCESS, tid, now + *add) ? -errno : 0;
}

int act_nice(struct task_id who, bool thread, int add)
{
	return act_on(who, thread, add_nice, &add);
}
