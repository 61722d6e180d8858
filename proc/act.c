/* proc/act.c - what is done to a process, once it is sure which. */
#include "proc/act.h"

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

enum { PATH_ROOM = 32, STAT_ROOM = 1024 };

/* "/proc/PID" and what follows */
static const char *path_of(char room[static PATH_ROOM], u32 pid, const char *rest)
{
	size_t n;

	memcpy(room, "/proc/", 6);
	n = 6 + put_u64(room + 6, pid);
	memcpy(room + n, rest, strlen(rest) + 1);
	return room;
}

/* 0 when the number still names the same task.  /proc rounds down to ticks, and
 * so may have whoever gave the start. */
static int check(struct task_id who)
{
	const struct proc_units units = {
		.page_size = (u32)sysconf(_SC_PAGESIZE),
		.ticks_per_s = (u32)sysconf(_SC_CLK_TCK),
	};
	u64 tick_ns = NSEC_PER_SEC / units.ticks_per_s;
	char path[PATH_ROOM], buf[STAT_ROOM];
	struct bytes text;
	struct task now = {0};
	int err = procfile_read_at(-1, path_of(path, who.pid, "/stat"), buf, sizeof(buf), &text);

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
	err = check(who);
	if (!err && fd >= 0)
		err = syscall(NR_PIDFD_SEND_SIGNAL, fd, signo, NULL, 0) ? -errno : 0;
	else if (!err)		/* an older kernel, or a filter that refuses pidfds */
		err = kill((pid_t)who.pid, signo) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return err;
}

static int add_nice(id_t tid, int add)
{
	int now;

	errno = 0;
	now = getpriority(PRIO_PROCESS, tid);
	if (now == -1 && errno)
		return -errno;
	return setpriority(PRIO_PROCESS, tid, now + add) ? -errno : 0;
}

/* Every thread, and the first thing that went wrong; a thread that has ended
 * meanwhile is nothing wrong. */
static int add_nice_to_all(u32 pid, int add)
{
	struct dirscan dir;
	char path[PATH_ROOM];
	const char *name;
	int first = 0;
	int fd = open(path_of(path, pid, "/task"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	dirscan_begin(&dir, fd);
	while ((name = dirscan_next(&dir))) {
		u32 tid = (u32)strtoul(name, NULL, 10);
		int err = tid ? add_nice(tid, add) : 0;

		if (err && (err != -ESRCH || tid == pid) && !first)
			first = err;
	}
	close(fd);
	return first;
}

int act_nice(struct task_id who, bool thread, int add)
{
	int err = check(who);

	if (err)
		return err;
	return thread ? add_nice(who.pid, add) : add_nice_to_all(who.pid, add);
}
