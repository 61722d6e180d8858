/* loader/ksym.h - addresses of kernel symbols, for externs that have no type:
 * extern const void name __ksym. */
#ifndef LOADER_KSYM_H
#define LOADER_KSYM_H

#include "loader/image.h"

#define KSYM_PATH "/proc/kallsyms"

enum { KSYM_MISSING = 0, KSYM_AMBIGUOUS = 1 };	/* no address is that small */

struct ksym_want {
	const char *name;
	u64 addr;
};

/* One line, "ffffffff81000000 T _stext" with an optional "\t[module]".  Two
 * symbols of one name with different addresses are ambiguous; addresses that
 * kptr_restrict hides are zero and count as missing. */
void ksym_line(struct ksym_want *want, u32 n, struct bytes line);

/* *out: an address or one of the above for each symbol of the object, owned by
 * the caller; NULL when no symbol needs one: then nothing is read.  Without the
 * file all are missing.  -ENOMEM only. */
int ksym_read(u64 **out, const struct image *img) MUST_CHECK;

#endif
