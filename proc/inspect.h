/* proc/inspect.h - what a person asks about one process: its environment, its
 * open files, its locks, its command line.
 *
 * Read by a child, line by line, because it may block: on the process's own
 * lock, on a dead mount.  What has come is shown, and how long it takes.  System
 * calls come from a probe, which is there as long as the list is. */
#ifndef PROC_INSPECT_H
#define PROC_INSPECT_H

#include "proc/task.h"

enum inspect_kind {
	INSPECT_ENVIRONMENT,	/* NAME=value, as it was at its execve(2) or as it wrote since */
	INSPECT_FILES,		/* descriptors, and files that are mapped or otherwise in use */
	INSPECT_LOCKS,		/* of files, held through its descriptors */
	INSPECT_COMMAND,	/* an argument a line */
	INSPECT_DETAIL,		/* the page about it: files, cgroup, limits, capabilities, namespaces */
	INSPECT_CALLS,		/* system calls, as they happen */
	INSPECT_KINDS
};

enum inspect_state {
	INSPECT_READING,
	INSPECT_DONE,
	INSPECT_REFUSED,	/* not permitted */
	INSPECT_GONE,		/* it has ended */
	INSPECT_FAILED,
	INSPECT_STUCK,		/* the child was given up */
};

/* What a line of INSPECT_DETAIL begins with. */
enum { DETAIL_HEADING = 'H', DETAIL_TEXT = 'T' };

struct inspect;		/* opaque: owns the child, its connection and the text */

/* 0 or -errno.  Takes an existing one anew (refresh) when *i is not NULL. */
int inspect_open(struct inspect **i, enum inspect_kind kind, struct task_id who) MUST_CHECK;
void inspect_close(struct inspect *i);		/* takes NULL */

enum inspect_kind inspect_kind(const struct inspect *i);
struct task_id inspect_who(const struct inspect *i);
enum inspect_state inspect_state(const struct inspect *i);

/* Readable when there is more; -1 when no more will come. */
int inspect_fd(const struct inspect *i);

/* CLOCK_MONOTONIC when the child is given up unless it says something before;
 * UINT64_MAX: never. */
u64 inspect_deadline(const struct inspect *i);

/* Takes what has come; never blocks.  True when something changed. */
bool inspect_receive(struct inspect *i, u64 now_ns);

/* What has come so far.  Bytes of others: hostile. */
u32 inspect_lines(const struct inspect *i);
struct bytes inspect_line(const struct inspect *i, u32 line);
/* Of INSPECT_CALLS: takes no more down, or goes on. */
void inspect_stop(struct inspect *i, bool stop);
/* Lines from its beginning that are no longer kept: the others have moved up. */
u64 inspect_dropped(const struct inspect *i);
/* What a probe had no room for. */
u64 inspect_lost(const struct inspect *i);

/* There was more than room for it. */
bool inspect_cut(const struct inspect *i);

#endif
