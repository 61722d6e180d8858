/* proc/doctor_impl.h - the two halves of an examination: what is so, and what
 * works. */
#ifndef PROC_DOCTOR_IMPL_H
#define PROC_DOCTOR_IMPL_H

#include "proc/doctor.h"

/* Adds a line; never NULL. */
struct doctor_line *doctor_say(struct doctor *d, enum verdict v, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

void doctor_facts(struct doctor *d);

#endif
