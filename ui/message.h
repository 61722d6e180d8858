/* ui/message.h - what goes to standard error. */
#ifndef UI_MESSAGE_H
#define UI_MESSAGE_H

#include "ui/sink.h"

/* "pitstop: WHAT: WHY", and a second line where something can be done (hint may
 * be NULL or empty).  Returns EXIT_FAILURE, for the caller to return. */
int complain(const char *what, const char *why, const char *hint);

/* The exit status for a finished output: a reader that has gone away is no
 * error, a full device is, and is complained of. */
int sink_status(const struct sink *s);

#endif
