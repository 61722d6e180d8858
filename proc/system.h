/* proc/system.h - the sources that are one small file of text each: opened
 * once, read with one pread(2) a refresh, parsed by pure functions. */
#ifndef PROC_SYSTEM_H
#define PROC_SYSTEM_H

#include "proc/snapshot.h"

struct system;	/* opaque: owns the open files */

int system_open(struct system **out) MUST_CHECK;
void system_close(struct system *s);

/* Reads the sources whose bit is set in needed and sets their bit in
 * snap->have if they answered.  Never fails as a whole.  A snapshot with too
 * few cpu[] keeps what fits: compare snap->ncpu with snap->cpu_cap. */
void system_sample(struct system *s, u32 needed, struct snapshot *snap);

/* Why a source that was tried is missing, or NULL when it is not. */
const char *system_why(const struct system *s, enum source src);

/* Parsers: bytes in, numbers out; 0 or -EBADMSG.  No I/O, any bytes at all. */
int stat_parse(struct snapshot *snap, struct bytes text) MUST_CHECK;
int meminfo_parse(struct meminfo_raw *out, struct bytes text) MUST_CHECK;
int arcstats_parse(struct arc_raw *out, struct bytes text) MUST_CHECK;	/* of ZFS */
int loadavg_parse(struct loadavg_raw *out, struct bytes text) MUST_CHECK;
int vmstat_parse(struct vmstat_raw *out, struct bytes text) MUST_CHECK;
int pressure_parse(struct pressure_raw *out, struct bytes text) MUST_CHECK;
int file_nr_parse(struct files_raw *out, struct bytes text) MUST_CHECK;

#endif
