/* proc/order.h - which rows are shown and in which order: filter, sort, tree.
 * Pure functions of a model; the caller brings the memory. */
#ifndef PROC_ORDER_H
#define PROC_ORDER_H

#include "proc/filter.h"

/* How a column sorts.  A key is compared as a number first, and 0, which means
 * unknown, stands last in either direction; text breaks ties where the key is
 * only the beginning of one; the pid breaks all that is left, so that no row
 * jumps. */
typedef u64 order_key_fn(const struct model *m, const struct task_row *r);
typedef struct bytes order_text_fn(const struct model *m, const struct task_row *r);

enum { FILTER_PIDS = 64 };

struct order_spec {
	order_key_fn *key;	/* exactly one of key and text is set */
	order_text_fn *text;	/* compared without regard to ASCII case */
	bool descending;
	bool tree;
	bool threads;		/* show threads */
	bool kernel;		/* show kernel threads */
	bool ended;		/* show what ended in the window */
	bool no_containers;	/* hide what is inside of a container */
	bool groups;		/* cgroups, and no tasks */
	bool inside;		/* with groups: tasks as well, below the cgroup they are in */
	struct bytes within;	/* only tasks in this cgroup or below it; n 0: all */
	bool within_v1;		/* it is one of v1 */
	bool by_user;
	u32 uid;
	u32 npid;
	u32 pid[FILTER_PIDS];	/* only these processes; none: all */
	char filter[FILTER_TEXT];	/* plain text, "a|b" either; "": all */
	const struct filter *program;	/* asked instead of it, where there is one */
};

/* One line of the table. */
struct order_line {
	u32 row;		/* in model.row */
	u16 depth;		/* tree: 0 is a root */
	bool last;		/* tree: no sibling below */
	bool folded;		/* tree: has children and they are hidden */
	bool parent;		/* tree: has children */
	bool context;		/* tree: passes no filter, somebody below does */
	u32 trunk[4];		/* tree: bit d set: the ancestor at depth d has a sibling below */
};

/* Tells whether a process's children are hidden; asked for tree order only. */
typedef bool order_folded_fn(const void *arg, const struct task *t);

struct order {
	u32 n, cap;
	u32 left;		/* of the n, at the end: sorted and given a line when asked for */
	struct order_line *line;	/* [cap]; order_line() */
	bool groups;			/* built with that */
	struct order_scratch *scratch;	/* for sorting and the tree */
};

int order_reserve(struct order *o, u32 tasks) MUST_CHECK;
void order_free(struct order *o);

void order_build(struct order *o, const struct model *m, const struct order_spec *s,
		 order_folded_fn *folded, const void *arg);

/* One of the n lines.  Only as many are sorted as were asked for: the first few of
 * many rows cost one look at each, whatever column they are sorted by. */
const struct order_line *order_line(struct order *o, u32 line);

/* Whether a row passes the filter, all other choices aside. */
bool order_passes(const struct order_spec *s, const struct model *m, const struct task_row *r);

/* Line that shows the task, TASK_NONE if none does. */
u32 order_find(const struct order *o, const struct model *m, u32 pid, u64 start_boot_ns);

#endif
