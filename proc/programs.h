/* proc/programs.h - the source of BPF programs: every one that is loaded, what it
 * is, how often it ran and for how long, where it hangs and who holds it.
 *
 * One read(2) has an iterator write all of them into mapped memory.  Where the
 * kernel's iterators cannot be had, four system calls a program do the same; no
 * descriptor is kept, as it would keep the program loaded.  While the source is
 * open, the kernel counts and times runs, which costs each run some ns. */
#ifndef PROC_PROGRAMS_H
#define PROC_PROGRAMS_H

#include "loader/object.h"
#include "proc/program.h"

struct programs;	/* opaque */

/* 0, or -errno with the reason when no program can be seen. */
int programs_open(struct programs **out, struct diag *why) MUST_CHECK;
/* Statistics are as they were found again.  Takes NULL. */
void programs_close(struct programs *p);

/* Owners and links are up to 5 s old; a second when fresh, or when programs came
 * or went.  Older where looking at them takes more than 1 % of a CPU.  watch: the
 * id of a program that is looked at closely, its maps included; 0: none. */
int programs_sample(struct programs *p, u32 watch, bool fresh) MUST_CHECK;
const struct program_table *programs_cur(const struct programs *p);
const struct program_table *programs_prev(const struct programs *p);	/* NULL before the second */

/* What is missing and why: i from 0; NULL when there is no more. */
const char *programs_missing(const struct programs *p, u32 i);

#endif
