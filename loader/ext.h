/* loader/ext.h - records of .BTF.ext: what belongs to which instruction.
 *
 * ext_open() checks all of it; walking it cannot fail.  Nothing is aligned:
 * copy records out. */
#ifndef LOADER_EXT_H
#define LOADER_EXT_H

#include "loader/btf.h"

enum ext_kind { EXT_FUNC, EXT_LINE, EXT_CORE, EXT_KINDS };

struct ext {
	const struct btf *btf;
	struct bytes part[EXT_KINDS];	/* runs, behind the record size */
	u32 stride[EXT_KINDS];
};

/* The records of one kind for one ELF section, in the order of instructions. */
struct ext_run {
	const char *section;
	const unsigned char *rec;
	u32 n, stride;
};

int ext_open(struct ext *out, const struct btf *btf, struct bytes blob) MUST_CHECK;
/* *at starts at 0. */
bool ext_next(const struct ext *e, enum ext_kind kind, u32 *at, struct ext_run *out);

#endif
