/* loader/attach.h - what the name of a program's section says about it, and
 * the way to its hook. */
#ifndef LOADER_ATTACH_H
#define LOADER_ATTACH_H

#include "loader/uapi.h"

/* How a program hangs on its hook.  One descriptor holds it, whatever the
 * form: a perf link keeps its event alive. */
struct attached {
	int fd;			/* -1: it does not */
	const char *form;	/* "link", "raw_tp open", "perf link", "perf ioctl" */
	const char *why, *hint;	/* words for a failure that its errno does not tell; or NULL */
};

struct attach_row {
	const char *section;	/* all of it, or up to and with the '/' before the target */
	u32 prog_type, attach_type, flags;
	const char *btf_prefix;	/* before the target: the type in the kernel's BTF, */
	u32 btf_kind;		/* of this kind; KIND_VOID when it needs none */
	/* target is what follows the '/'.  0 or -errno.  NULL: such programs
	 * are only run. */
	int (*attach)(int prog_fd, const struct attach_row *row, const char *target,
		      struct attached *out);
};

/* NULL for sections that mean nothing here.  *target is "" when there is none. */
const struct attach_row *attach_find(const char *section, const char **target);

/* The number behind "config:" of a perf format file; -EBADMSG for other text. */
int attach_config_bit(const char *text) MUST_CHECK;

/* "sched_switch+0x10" into its parts, name cut at the '+'; -EINVAL when that is
 * no name, or does not fit. */
int attach_function(const char *target, char *name, size_t cap, u64 *off) MUST_CHECK;

#endif
