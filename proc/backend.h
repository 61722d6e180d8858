/* proc/backend.h - the three ways to learn of every task, behind one record.
 * One row of one table each, tried in the order of the table. */
#ifndef PROC_BACKEND_H
#define PROC_BACKEND_H

#include "loader/object.h"
#include "probes/abi.h"
#include "proc/source.h"
#include "proc/task.h"

struct task_request {
	bool threads;		/* an entry for every thread, too */
	u32 extra;		/* enum task_extra */
};

struct backend;		/* opaque: what an open backend owns */

struct backend_ops {
	const char *how;	/* for --doctor: "BPF program, run by one call" */

	/* room: how many tasks to be ready for; extra: whether for TASK_WANT_MORE, too,
	 * of which BPF otherwise tells nothing.  0 or -errno with the reason. */
	int (*open)(struct backend **out, u32 room, bool extra, struct diag *why);

	/* Fills the (reset) table; sets out->mono_ns.  0 or -errno.  Tasks for
	 * which there was no room are in out->lost; open again with more. */
	int (*sample)(struct backend *b, const struct task_request *want, struct task_table *out);

	/* NULL where it cannot.  Of the table that sample() filled last, only those
	 * processes again that are named: as sample() would have them now, new ones
	 * behind all others; who has ended stays.  Sets out->mono_ns; the names of new entries are TASK_NONE.
	 * Returns enum refreshed or -errno. */
	int (*refresh)(struct backend *b, const struct task_request *want, const struct task_ask *ask,
		       struct task_table *out);

	void (*close)(struct backend *b);	/* takes NULL */
};

enum refreshed {
	REFRESH_NAMES = 1u << 0,	/* somebody is new, has another program or cgroup */
	REFRESH_MORE  = 1u << 1,	/* somebody had no room or took another's number: sample() tells */
};

extern const struct backend_ops backend_walk, backend_iter, backend_proc;
/* walk with refresh; its open succeeds without, too, and refresh then gives -ENOSYS. */
extern const struct backend_ops backend_walk_refresh;
extern const struct backend_ops *const backends[BACKEND_N];

/* BPF has the numbers of the initial pid namespace; in any other they would name
 * other processes: -EXDEV with the reason. */
int pid_namespace_check(struct diag *why) MUST_CHECK;

/* Where BPF can tell of processes: zeroed room for one that reads what its programs
 * tell, in the pointer at out, which is the caller's.  0; otherwise -errno, perhaps with
 * the reason, and NULL. */
int bpf_reader_new(void *out, size_t size, struct diag *why) MUST_CHECK;

/* One process that a BPF iterator is not shown although /proc has it: its
 * files stay open, so that a refresh costs two system calls.  The owner is
 * that of the moment of opening. */
struct proc_watch {
	u32 pid, uid;
	int stat_fd, statm_fd;
};

int proc_watch_open(struct proc_watch *w, u32 pid) MUST_CHECK;
void proc_watch_close(struct proc_watch *w);
/* Adds it (and its threads, if wanted) to the table; -ENOENT when it is gone. */
int proc_watch_sample(struct proc_watch *w, const struct task_request *want,
		      struct task_table *out) MUST_CHECK;

/* The kernel's split of a run time into user and system (cputime_adjust() in
 * kernel/sched/cputime.c): the ratio is sampled, the sum is exact. */
void cputime_scale(u64 runtime_ns, u64 utime, u64 stime, u64 *user_ns, u64 *system_ns);

/* The letter for __state | exit_state, as /proc/PID/stat shows it. */
char task_state_char(u32 state);

#endif
