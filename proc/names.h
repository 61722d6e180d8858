/* proc/names.h - what a process is called beyond comm: its command line, its
 * executable, and a kernel thread's full name.
 *
 * Read once for each (pid, start time) and again after an execve, by a child
 * process with a time budget: reading another process's memory can block on
 * its lock, on swap, on a dead mount or on userfaultfd for as long as it
 * likes.  A child that makes no progress is killed and the process at fault is
 * left with its comm.  The main process never blocks here. */
#ifndef PROC_NAMES_H
#define PROC_NAMES_H

#include "loader/base.h"
#include "proc/facts.h"
#include "proc/task.h"

enum name_state {
	NAME_UNKNOWN,		/* not asked for yet, or on its way */
	NAME_KNOWN,
	NAME_NONE,		/* it has none: kernel thread, zombie, empty argv, not permitted */
	NAME_STUCK,		/* the process blocks whoever reads it */
};

/* Bytes are valid until the next names_put(), names_step() or names_receive(). */
struct name {
	u32 pid;
	u64 start_boot_ns;
	u64 exec_id;
	u8 state;		/* enum name_state */
	struct bytes cmdline;	/* arguments with a NUL after each, as in /proc/PID/cmdline */
	struct bytes exe;	/* target of /proc/PID/exe; n == 0: unknown */
	struct bytes comm;	/* kernel thread: all of it, n == 0: use task.comm */
};

struct names;	/* opaque: owns the strings, the child and the memory shared with it */

enum names_want {
	NAMES_CMDLINE = 1u << 0,
	NAMES_EXE     = 1u << 1,
	NAMES_COMM    = 1u << 2,	/* of kernel threads */
};

/* An empty table.  Without names_start() it asks nobody: what names_put()
 * tells it is all it knows, as a replay or a test wants it. */
int names_new(struct names **out) MUST_CHECK;
void names_free(struct names *n);	/* ends the child too; takes NULL */

/* Makes the entry of t (t->name is set) and fills it.  0 or -ENOMEM. */
int names_put(struct names *n, struct task *t, const struct name *what) MUST_CHECK;

/* Starts the child.  want: enum names_want.  0 or -errno. */
int names_start(struct names *n, u32 want) MUST_CHECK;

/* After each walk, before the model: begin, a step for each process, end.  t->name is
 * the entry that it had before, or TASK_NONE, and becomes its own; what has to be
 * asked is queued.  Those without a step have ended and are forgotten.  names_step():
 * 0 or -ENOMEM.  Where names_begin() says so, those who are as they were in the round
 * before may be left out, and names_end() is told how many were. */
bool names_begin(struct names *n) MUST_CHECK;
int names_step(struct names *n, struct task *t) MUST_CHECK;
void names_end(struct names *n, u32 same);

/* On: room for so many processes is taken, as far as there is memory, and from
 * then on none: nobody is asked, no child started.  Whoever finds no room has no
 * entry. */
void names_hold(struct names *n, bool on, u32 processes);

/* How many rounds a name stays there after its process. */
void names_linger(struct names *n, u32 rounds);

/* Asks again for one that is on the screen, so that setproctitle() shows, and
 * puts it before the others; not for who surely has not run since it was asked. */
void names_refresh(struct names *n, const struct task *t);

/* Facts are read for those who are asked about, so many at a time as the budget
 * allows until it is set again; UINT64_MAX: all of them.  Setting it drops what
 * is still queued. */
void names_facts_budget(struct names *n, u64 budget_ns);
/* Asks for what of want (enum fact) is not known of an entry, and with again
 * also for what is old: the longer reading took, the later it is read again. */
void names_want_facts(struct names *n, u32 id, u32 want, bool again);
/* What is known so far, never NULL; texts as valid as names. */
const struct facts *names_facts(const struct names *n, u32 id);

/* Hands the next questions to the child if it is idle. */
void names_send(struct names *n);

/* Readable when names that were not known are there; -1 when none is awaited. */
int names_fd(const struct names *n);

/* Takes the answers, kills and replaces a child that is stuck.  True when a
 * name changed.  Never blocks.  Call it when names_fd() is readable, at
 * names_deadline(), and with every sample. */
bool names_receive(struct names *n, u64 now_ns);

/* When to call names_receive() at the latest although nothing is readable;
 * UINT64_MAX: never. */
u64 names_deadline(const struct names *n);

/* Sleeps until a moment of CLOCK_MONOTONIC, or until names_idle() where that is
 * asked for, and takes the answers that come. */
void names_wait(struct names *n, u64 end_ns, bool until_idle);

/* Nothing is queued and nothing on its way. */
bool names_idle(const struct names *n);

/* The child's pid, 0 without one: its cost is pitstop's own. */
u32 names_child(const struct names *n);

/* How the child reads: "kernel" (bpf_copy_from_user_task) or "/proc". */
const char *names_method(const struct names *n);

/* The entry of a task; NULL when it has none yet. */
const struct name *names_get(const struct names *n, u32 id);

#endif
