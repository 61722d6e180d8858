/* loader/attach.h - what the name of a program's section says about it. */
#ifndef LOADER_ATTACH_H
#define LOADER_ATTACH_H

#include "loader/uapi.h"

struct attach_row {
	const char *section;	/* all of it, or up to and with the '/' before the target */
	u32 prog_type, attach_type, flags;
	const char *btf_prefix;	/* before the target: the type in the kernel's BTF, */
	u32 btf_kind;		/* of this kind; KIND_VOID when it needs none */
	/* target is what follows the '/'.  NULL: such programs are only run. */
	int (*attach)(int prog_fd, const struct attach_row *row, const char *target);
};

/* NULL for sections that mean nothing here.  *target is "" when there is none. */
const struct attach_row *attach_find(const char *section, const char **target);

#endif
