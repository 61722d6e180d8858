/* proc/stop.h - one thing that is frozen, thawed or ended, and what came of it in
 * words: what the command line and the keys have in common. */
#ifndef PROC_STOP_H
#define PROC_STOP_H

#include "proc/alone.h"

enum stop_deed { STOP_FREEZE, STOP_THAW, STOP_KILL };
enum { STOP_WHY = 900, STOP_AWAKE = 4 };

struct stop {
	enum stop_deed deed;
	struct task_id who;		/* pid 0: the cgroup at path, whole */
	const struct hierarchy *h;
	char path[CGROUP_PATH];		/* of a process: where it is, once begun */
	struct freeze_job job;
	int err;			/* once it is done */
	bool idle;			/* it was so already */
	bool moved;			/* in a cgroup of its own, or back from there */
	u32 left;			/* who was to go home, and did not */
};

void stop_begin(struct stop *s, const struct cgroupfs *fs, u32 budget_ms);
/* True when it is done; nothing is held then. */
bool stop_step(struct stop *s);
/* Steps until then. */
int stop_wait(struct stop *s);
void stop_end(struct stop *s);		/* gives up waiting */

/* Why it was not done, and what could be done about it, a command or "".  Names are
 * hostile. */
void stop_why(const struct stop *s, char why[static STOP_WHY], char hint[static STOP_WHY]);

/* What is meant, and the command that thaws a cgroup, for a shell. */
void stop_undo(const char *what, const char *path, char hint[static STOP_WHY]);

/* An alone cgroup that somebody left half done; LEFT_WHOLE: it is as it should be. */
enum leftover { LEFT_WHOLE, LEFT_EMPTY, LEFT_HOMELESS, LEFT_AWAKE, LEFTOVERS };
extern const char *const leftover_words[LEFTOVERS];
enum leftover stop_leftover(const struct hierarchy *h, const char *path);

#endif
