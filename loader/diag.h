/* loader/diag.h - from an errno and a verifier log to words. */
#ifndef LOADER_DIAG_H
#define LOADER_DIAG_H

#include "loader/facts.h"
#include "loader/object.h"

enum diag_stage {
	STAGE_BTF    = 1 << 0,	/* reading the kernel's BTF */
	STAGE_MAP    = 1 << 1,
	STAGE_PROG   = 1 << 2,
	STAGE_ATTACH = 1 << 3,
	STAGE_RUN    = 1 << 4,	/* of a program or an iterator */
	STAGE_TARGET = 1 << 5,	/* looking for what a program is to be attached to */
};

/* Words without a table; returns -err. */
int diag_say(struct diag *d, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* what: "program walk".  log is the verifier's, or NULL; of STAGE_TARGET, the
 * name that was not found.  Its tail goes into d->log.  Returns -err. */
int diag_explain(struct diag *d, enum diag_stage stage, int err, const char *what, const char *log,
		 const struct diag_facts *f);

/* The first kernel, as KERNEL(), that has this function or target; 0: not known. */
u32 diag_since(const char *name);

/* The last n lines of d->log that say something: without the verifier's
 * statistics and without the newline of the last. */
struct bytes diag_last_lines(const struct diag *d, u32 n);

/* From now on each log goes to fn, whole, when it is explained; nothing but its
 * tail is kept in any case.  NULL ends that. */
typedef void diag_log_fn(const char *what, const char *log);
void diag_log_to(diag_log_fn *fn);

#endif
