/* loader/maptype.h - what the type of a map means for creating and reading it. */
#ifndef LOADER_MAPTYPE_H
#define LOADER_MAPTYPE_H

#include "loader/uapi.h"

/* Whether the kernel takes BTF ids of key and value for such a map. */
bool map_takes_types(u32 type);
/* Whether each element has a value for every possible CPU. */
bool map_is_per_cpu(u32 type);

/* max_entries as this machine wants it: a ring is a power of two of pages, whose
 * size is not the compiler's to know, and 0 of a perf event array is one for each
 * of cpus.  What cannot be rounded stays, for the kernel to refuse. */
u32 map_entries(u32 type, u32 want, u64 page, u32 cpus);

/* "0-3,5" is 6: one more than the highest, because maps are indexed by number.
 * 0 for any other text. */
u32 map_cpus_of(const char *text);
/* Those that this machine can ever have; at least 1. */
u32 map_possible_cpus(void);

#endif
