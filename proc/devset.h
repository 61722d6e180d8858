/* proc/devset.h - the devices of one kind below /sys: who they are is looked at
 * now and then, their small files are kept open and cost one pread(2) each. */
#ifndef PROC_DEVSET_H
#define PROC_DEVSET_H

#include "proc/snapshot.h"

enum {
	DEVSET_FILES = DEVICE_COUNTS,
	DEVSET_LOOK_S = 30,	/* how old the list may get */
};

struct devset_kind {
	const char *dir;			/* "/sys/block" */
	/* Whether a name in it is meant; dir_fd is open on dir. */
	bool (*want)(int dir_fd, const char *name);
	const char *file[DEVSET_FILES];		/* of each device; NULL: no more */
};

struct device {
	u64 key;		/* of its name: tells devices apart, not more */
	int fd[DEVSET_FILES];
};

struct devset {
	const struct devset_kind *kind;
	struct device dev[DEVICES_MAX];
	u32 n;
	int err;		/* of the last look: -ENOENT no such class, -E2BIG more than fit */
	bool looked;		/* false: look again, whatever the time */
	u64 looked_ns;
};

/* Looks for devices when it is time to, or when one went away; 0 or -errno of
 * the last look. */
int devset_refresh(struct devset *s, u64 mono_ns) MUST_CHECK;

/* A file of device i, from its beginning, whole.  -ENODEV, and a new look at
 * the next refresh, when it is gone. */
int devset_read(struct devset *s, u32 i, u32 file, char *buf, size_t cap, struct bytes *out) MUST_CHECK;

void devset_close(struct devset *s);

#endif
