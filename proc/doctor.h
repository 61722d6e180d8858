/* proc/doctor.h - what works on this machine and what does not, why, and what
 * would change it. */
#ifndef PROC_DOCTOR_H
#define PROC_DOCTOR_H

#include "loader/base.h"

enum verdict { VERDICT_FACT, VERDICT_WORKS, VERDICT_MISSING };

enum { DOCTOR_TEXT = 256, DOCTOR_LINES = 48 };

struct doctor_line {
	enum verdict verdict;
	char what[24];			/* "walk" */
	char text[DOCTOR_TEXT];		/* how it works, or why it does not */
	char hint[DOCTOR_TEXT];		/* what would change that; may be empty */
};

struct doctor {
	u32 n;
	struct doctor_line line[DOCTOR_LINES];
	bool best_backend;		/* the first of the task backends runs */
};

/* Tries everything by doing it. */
void doctor_examine(struct doctor *d);

#endif
