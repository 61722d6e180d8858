/* loader/kbtf.h - the bytes of the running kernel's BTF. */
#ifndef LOADER_KBTF_H
#define LOADER_KBTF_H

#include "loader/base.h"

#define KBTF_PATH "/sys/kernel/btf/vmlinux"

struct kbtf {
	struct bytes blob;
	void *mem;		/* owned mapping of len bytes */
	size_t len;
	bool mapped;		/* not copied (Linux 6.16) */
};

/* Any file that holds BTF.  -ENOENT: this kernel exposes none. */
int kbtf_open(struct kbtf *out, const char *path) MUST_CHECK;
void kbtf_close(struct kbtf *k);	/* takes one that is all zero */

#endif
