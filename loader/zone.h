/* loader/zone.h - how far a time zone is from UTC: what localtime_r(), which is
 * our own (loader/zone.c), asks. */
#ifndef LOADER_ZONE_H
#define LOADER_ZONE_H

#include "loader/base.h"

/* By a file of tzfile(5), RFC 8536: seconds east of UTC at a time.  False for a
 * file that is none; what it says of no time is UTC. */
bool zone_of_file(struct bytes file, s64 at, s32 *east) MUST_CHECK;

/* By the value of TZ as POSIX has it: "CET-1CEST,M3.5.0,M10.5.0/3".  False when
 * it is no such text; it need not end there. */
bool zone_of_rule(const char *rule, s64 at, s32 *east) MUST_CHECK;

#endif
