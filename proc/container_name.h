/* proc/container_name.h - what people call a container, from the files that its
 * runtime keeps on disk: no daemon is asked, no socket opened.  Of rootless
 * containers they lie in somebody's home, which may be anywhere: not read. */
#ifndef PROC_CONTAINER_NAME_H
#define PROC_CONTAINER_NAME_H

#include "proc/cgroup_path.h"

enum { CONTAINER_NAME = 256 };

/* Writes the name, of a pod's container "pod/container"; returns its length, 0
 * when it cannot be read.  A few system calls; id is lower-case hexadecimal. */
size_t container_name(enum container_runtime runtime, struct bytes id, char out[static CONTAINER_NAME]);

/* Pure: the string at a key, or the first of the array there.  depth: how many
 * brackets lie around the key; those around text do not count, and where they
 * close the search ends.  n == 0: none, or one with an escape in it. */
struct bytes json_string_at(struct bytes text, const char *key, u32 depth);

#endif
