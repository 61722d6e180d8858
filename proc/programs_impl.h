/* proc/programs_impl.h - what programs.c and program_holders.c share. */
#ifndef PROC_PROGRAMS_IMPL_H
#define PROC_PROGRAMS_IMPL_H

#include "probes/abi.h"
#include "proc/programs.h"
#include "proc/scan.h"

struct holders;		/* owners, links and pins as they were last found */

int holders_new(struct holders **out) MUST_CHECK;
void holders_free(struct holders *h);	/* takes NULL */
/* What an iterator has just written; without any link (n 0) they are asked for
 * one by one.  What does not fit in memory is left out. */
void holders_links(struct holders *h, const struct prog_link_rec *link, u32 n);
/* And pins, which it looks for itself. */
void holders_owners(struct holders *h, const struct prog_owner_rec *owner, u32 n);
/* After both: places that no link leads to. */
void holders_places(struct holders *h, struct program_table *t);
void holders_show(const struct holders *h, struct program_table *t);

/* For holders_places(): one that was found, said once; dropped when a link leads
 * to the program.  Then all is put in order. */
void holders_place(struct holders *h, u32 prog_id, u32 type, const char *text);
bool holders_linked(const struct holders *h, u32 prog_id);
void holders_sort(struct holders *h);
/* Where version 2 is mounted; false: nowhere, or too far down. */
bool holders_cgroup_root(struct holders *h, char *path, size_t cap);

/* Those of the program that somebody looks at closely, as they were last read. */
struct program_maps {
	u32 of, n;
	struct program_map map[PROGRAM_MAPS];
};

void program_maps_read(struct program_maps *m, const struct program_facts *f);

#endif
