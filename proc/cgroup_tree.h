/* proc/cgroup_tree.h - all cgroups there are, and what the kernel says of those
 * that somebody looks at.
 *
 * Directories are listed in full once.  From then on a new cgroup shows by a
 * process in it; by the number of all, which v2's root tells in one read: when it
 * changes, directories are listed again, many in a sample; or when its directory's
 * turn comes, a few in each.  One that is gone shows by its files.
 *
 * Files are read of the rows that were asked for, through descriptors that are
 * kept: one system call each.  Of all rows, when asked, in turn. */
#ifndef PROC_CGROUP_TREE_H
#define PROC_CGROUP_TREE_H

#include "proc/cgroup_files.h"
#include "proc/cgroups.h"

struct cgroup_node {
	u64 key;		/* a hash of the path: names it for good */
	u32 up;			/* index of the one above, which is less; of the root: its own */
	u32 entry;		/* in the table of cgroups of a process right in it, 0: none seen */
	u32 pass;		/* the listing in which it was last seen */
	u32 absent;		/* 1 << enum cgroup_file: the kernel has no such file here */
	u32 asked;		/* likewise: those that were read, or tried */
	struct cgroup cgroup;	/* path, id (0: not known), unit, container */
	u64 slow_ns;		/* when limits were read */
	u64 before_ns;		/* of counters: 0: there was no reading before */
	u64 before[CGV_COUNTERS];
	u32 before_have;
	struct cgroup_reading now;
};

struct cgroup_tree {
	u32 n, cap;
	struct cgroup_node *node;	/* [n], the root first */
	bool by_path;			/* tasks belong to a node by their path, not by their id */
	u32 lost;			/* found no room */
	u32 all;			/* files that all rows are read for, */
	u64 oldest_ns;			/* and CLOCK_MONOTONIC of the oldest reading; 0: some have none */
	struct cgroup_reader *reader;
};

/* Where to look: directories, which the tree closes. */
struct cgroup_places {
	int v2;			/* root of v2, -1: none */
	int v1;			/* where v1's hierarchies are mounted by name, -1: not to be used */
};

int cgroup_tree_open(struct cgroup_tree **out, struct cgroup_places places) MUST_CHECK;
void cgroup_tree_close(struct cgroup_tree *t);	/* takes NULL */

/* What was wanted of the next sample is not any more: another frame was drawn. */
void cgroup_tree_want_none(struct cgroup_tree *t);
/* Of the next sample a row wants these files (1 << enum cgroup_file).  True: it
 * has never been read, and is worth a sample of its own. */
bool cgroup_tree_want(struct cgroup_tree *t, const struct cgroup_node *node, u32 files);

struct cgroup_tree_want {
	u32 all;		/* files that all rows are read for */
	u64 young_ns;		/* a reading no older than this is good enough */
	bool fresh;		/* all of that at once, and all directories */
	bool still;		/* the tasks stand still: only what was never read */
};

/* Nodes move: pointers and indices are valid until the next sample. */
int cgroup_tree_sample(struct cgroup_tree *t, const struct cgroups *c, const struct task_table *tasks,
		       const struct cgroup_tree_want *want) MUST_CHECK;

/* Index of the node that a task is right in, TASK_NONE where that is not known. */
u32 cgroup_tree_find(const struct cgroup_tree *t, const struct cgroups *c, const struct task *task);

#endif
