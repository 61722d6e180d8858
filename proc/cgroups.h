/* proc/cgroups.h - the cgroups that processes are in: each looked up once, when
 * a process shows a number that is not known, and kept while processes are in it.
 *
 * A cgroup of v2 is its id (the inode of its directory), which never names
 * another one while it lives, and never gets another path.  Where a process is
 * in v2's root and v1 is mounted too, or the backend gives no id, its own file
 * says where it is, if that is wanted: all of them with the proc backend; else
 * those of new processes, of those that changed, and some of the others in turn,
 * so that what a refresh costs does not grow with their number.
 *
 * Fixed memory: rooms for CGROUPS_MAX, and strings; what finds no room is
 * counted.  Nothing is allocated once strings have grown to what there is. */
#ifndef PROC_CGROUPS_H
#define PROC_CGROUPS_H

#include "proc/cgroup_path.h"
#include "proc/task.h"

enum { CGROUPS_MAX = 1 << 14, ROOT_CGROUP = 1 };	/* the root of v2: its id */

struct cgroup {
	u64 id;			/* in v2; 0: unknown */
	struct bytes path;	/* as in /proc/PID/cgroup; empty: not known */
	struct bytes compressed;	/* cgroup_compress() */
	struct bytes unit;	/* readable: unit_unescape() */
	struct bytes container;	/* id or name, whole */
	struct bytes name;	/* of the container, where its runtime's files tell it */
	enum container_runtime runtime;
	bool v1;		/* the path is one of v1; the id is that of v2's root */
	bool monitor;		/* not in the container: watches over it */
};

/* All that a path says, into g.  set makes copies, and may move what room is not;
 * room: CGROUP_ROOM bytes, of which path must be no part. */
enum { CGROUP_ROOM = 1 << 14 };
typedef void cgroup_set_fn(void *arg, struct bytes *to, struct bytes text);
void cgroup_describe(struct cgroup *g, struct bytes path, char *room, cgroup_set_fn *set, void *arg);
/* g's texts are still in use. */
struct textstore_move;
void cgroup_keep(struct textstore_move *m, struct cgroup *g);

struct cgroups;		/* opaque */

/* Directories to list, opened anew, the caller's: the root of v2, and where v1's
 * hierarchies are, if their paths are those of /proc here; -1: none. */
void cgroups_places(const struct cgroups *c, int *v2, int *v1);

int cgroups_new(struct cgroups **out) MUST_CHECK;
void cgroups_free(struct cgroups *c);	/* takes NULL */

struct cgroups_want {
	bool files;		/* processes' own files may be read, */
	bool each;		/* and those of all that have no id are */
	bool frozen;		/* who is not known to be frozen or not is looked at: a file a cgroup */
	bool names;		/* of all new containers at once, not some at a time */
};

/* Gives every task of cur its entry (task.cgroup), and its id where only /proc
 * tells it.  prev: the table before, or NULL. */
void cgroups_update(struct cgroups *c, struct task_table *cur, const struct task_table *prev,
		    struct cgroups_want want);

/* The entry of a task, task.cgroup; never NULL, empty when there is none. */
const struct cgroup *cgroups_get(const struct cgroups *c, u32 index);

/* On: no memory is taken any more, and no file of a container's runtime read;
 * what finds no room has no path or name. */
void cgroups_hold(struct cgroups *c, bool on);

/* For tests: a cgroup as if it had been looked up. */
void cgroups_put(struct cgroups *c, struct task *t, u64 id, struct bytes path);

#endif
