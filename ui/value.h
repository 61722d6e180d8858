/* ui/value.h - numbers and durations as people write them, on the command line
 * and in files. */
#ifndef UI_VALUE_H
#define UI_VALUE_H

#include "loader/base.h"

/* Decimal digits and nothing else, at most max. */
bool parse_number(const char *s, u64 max, u64 *v);

/* 500, 500ms, 1.5s, 2m, 1h; saturates.  False when it is no duration. */
bool parse_duration(const char *s, u64 *ns);

/* 10, 0.5, 10%: per cent, from 0.001 to 100; false when it is none. */
bool parse_percent(const char *s, u32 *ppm);

/* The shortest text that parse_duration() takes back; its length. */
enum { DURATION_TEXT = 24 };
size_t duration_write(char out[static DURATION_TEXT], u64 ns);

#endif
