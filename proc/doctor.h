/* proc/doctor.h - what works on this machine and what does not, why, and what
 * would change it. */
#ifndef PROC_DOCTOR_H
#define PROC_DOCTOR_H

#include "proc/source.h"

enum verdict { VERDICT_FACT, VERDICT_WORKS, VERDICT_MISSING };

enum { DOCTOR_TEXT = 320, DOCTOR_LOG = 512, DOCTOR_LINES = 48 };

struct doctor_line {
	enum verdict verdict;
	char what[24];			/* "walk" */
	char text[DOCTOR_TEXT];		/* how it works, or why it does not */
	char hint[DOCTOR_TEXT];		/* what would change that; may be empty */
	char log[DOCTOR_LOG];		/* last lines of the verifier's log; may be empty */
};

struct doctor {
	u32 n;
	struct doctor_line line[DOCTOR_LINES];
	enum backend_id tasks;		/* the first backend that runs; BACKEND_N: none */
};

/* Tries everything by doing it. */
void doctor_examine(struct doctor *d);

#endif
