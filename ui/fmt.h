/* ui/fmt.h - numbers in fixed fields, as htop's users know them by sight.
 * Each writes exactly the width it names, right-aligned, no NUL. */
#ifndef UI_FMT_H
#define UI_FMT_H

#include "loader/base.h"

enum { FMT_BYTES_WIDTH = 5, FMT_PERCENT_WIDTH = 5, FMT_TIME_WIDTH = 9, FMT_RATE_WIDTH = 11 };

/* KiB without a suffix up to 99999, then 97.6M 1000M 9.76G ... */
void fmt_bytes(char out[static FMT_BYTES_WIDTH], u64 bytes);
/* 1000000 ppm are 100 %: 0.0 ... 999.9, above without decimals */
void fmt_percent(char out[static FMT_PERCENT_WIDTH], u64 ppm);
/* 0:01.23, 12:34.56, then 1h02:03, 1d02h03m, 12d02h, 1y035d */
void fmt_time(char out[static FMT_TIME_WIDTH], u64 ns);
/* 512.00 B/s, 1.50 M/s */
void fmt_rate(char out[static FMT_RATE_WIDTH], u64 bytes_per_s);
/* Right-aligned in width columns; '#' all over when it does not fit. */
void fmt_u64(char *out, unsigned width, u64 v);
void fmt_s64(char *out, unsigned width, s64 v);
/* A size for meters, at most 5 characters: 7.91G 512M 0K; returns the length. */
size_t fmt_size(char out[static 8], u64 bytes);
/* "12 days, 03:14:07" or "03:14:07"; returns the length, at most 31. */
size_t fmt_uptime(char out[static 32], u64 ns);

#endif
