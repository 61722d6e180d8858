/* ui/signals.h - the signals by name, as kill -l lists them. */
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

#include "loader/base.h"

enum { SIGNAL_FIRST = 1, SIGNAL_LAST = 64, SIGNAL_NAME = 16 };

/* "SIGTERM", "SIGRTMIN+3"; NULL for the two that the C library keeps. */
const char *signal_name(u32 signo, char room[static SIGNAL_NAME]);

#endif
