/* loader/diag.h - from an errno and a verifier log to words. */
#ifndef LOADER_DIAG_H
#define LOADER_DIAG_H

#include "loader/object.h"

enum diag_stage {
	STAGE_BTF    = 1 << 0,	/* reading the kernel's BTF */
	STAGE_MAP    = 1 << 1,
	STAGE_PROG   = 1 << 2,
	STAGE_ATTACH = 1 << 3,
};

/* What is true of this process and this kernel, as far as it explains a
 * refusal. */
struct diag_facts {
	bool can_bpf;		/* CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN */
	bool in_userns;		/* capabilities of a user namespace do not count */
	bool charges_memlock;	/* kernels before 5.11 */
	u64 memlock;		/* RLIMIT_MEMLOCK, bytes */
	bool confidential;	/* lockdown=confidentiality */
	char lsm[96];		/* "lockdown,capability,..."; empty when unreadable */
};

void diag_facts_read(struct diag_facts *f);

/* Words without a table; returns -err. */
int diag_say(struct diag *d, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* what: "program walk".  log may be NULL, its tail goes into d->log.  Returns
 * -err. */
int diag_explain(struct diag *d, enum diag_stage stage, int err, const char *what, const char *log,
		 const struct diag_facts *f);

#endif
