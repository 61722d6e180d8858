/* proc/cgroup_reader.h - reads files of cgroups, and keeps those of the rows on
 * the screen open.  Used by proc/cgroup_tree.c alone. */
#ifndef PROC_CGROUP_READER_H
#define PROC_CGROUP_READER_H

#include "proc/cgroup_tree.h"

struct cgroup_reader;

int cgroup_reader_new(struct cgroup_reader **out, struct cgroup_places places) MUST_CHECK;
void cgroup_reader_free(struct cgroup_reader *r);	/* takes NULL; closes the places */

/* A sample begins; after it, files of rows that were not read with keep are let go. */
void cgroup_reader_begin(struct cgroup_reader *r);
void cgroup_reader_end(struct cgroup_reader *r);

/* Reads what of the files is due.  False: the cgroup is gone. */
bool cgroup_reader_read(struct cgroup_reader *r, struct cgroup_node *node, u32 files, bool keep);

/* The files of a row stay open. */
void cgroup_reader_keep(struct cgroup_reader *r, u64 key);

/* nr_descendants of the root of v2, kept open; false where that is not told. */
bool cgroup_reader_count(struct cgroup_reader *r, u64 *n);

/* Whether there is a hierarchy to list. */
bool cgroup_reader_lists(const struct cgroup_reader *r);
/* A directory to list, from the hierarchy that the tree is of; -errno. */
int cgroup_reader_dir(struct cgroup_reader *r, struct bytes path);

#endif
