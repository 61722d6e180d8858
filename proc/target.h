/* proc/target.h - what a person names to be frozen or thawed. */
#ifndef PROC_TARGET_H
#define PROC_TARGET_H

#include "proc/cgroupfs.h"
#include "proc/task.h"

enum target_kind { TARGET_PID, TARGET_UNIT, TARGET_CONTAINER, TARGET_CGROUP };
enum { CANDIDATES = 8, CANDIDATE_ROOM = 2048 };

struct target {
	enum target_kind kind;
	struct bytes name;			/* behind the colon */
	struct task_id who;			/* of TARGET_PID */
	const struct hierarchy *h;		/* where path is; of TARGET_PID NULL */
	char path[CGROUP_PATH];
	u32 ncandidates;			/* more than those that found room, maybe */
	u32 candidates_len;			/* each with its NUL */
	char candidates[CANDIDATE_ROOM];	/* hostile */
};

/* Pure: "pid:N", "unit:NAME", "container:NAME-or-ID", "cgroup:PATH".  NULL, or why not. */
const char *target_parse(struct target *t, const char *text);

/* Finds it: reads all directories of the hierarchies for a unit or a container.
 * 0; -ENOENT or -ESRCH: there is none, candidates are those with a like name;
 * -EEXIST: several, the candidates; or -errno. */
int target_find(struct target *t, const struct cgroupfs *fs);

/* The cgroup of a unit or container that a path lies in, the innermost: its
 * length, 0 where there is none.  Pure. */
size_t target_owner_path(struct bytes path, enum target_kind kind);

/* The hierarchy and the path in which a process can be frozen with all of its
 * cgroup: v2's, or where it is in that one's root, the freezer's of v1; NULL: none. */
const struct hierarchy *target_cgroup(const struct cgroupfs *fs, u32 pid, char path[static CGROUP_PATH]);

#endif
