/* ui/message.h - what goes to standard error. */
#ifndef UI_MESSAGE_H
#define UI_MESSAGE_H

#include "ui/sink.h"

/* "pitstop: WHAT: WHY", and a second line where something can be done (hint may
 * be NULL or empty).  Returns EXIT_FAILURE, for the caller to return. */
int complain(const char *what, const char *why, const char *hint);

/* Words that may quote a name or an argument, made harmless like any. */
void message_words(struct out *o, struct bytes words);

/* More about what was complained of last, each line with a "| " before it. */
void complain_lines(struct bytes lines);
/* A verifier's log, whole; a diag_log_fn. */
void complain_log(const char *what, const char *log);

/* The exit status for a finished output: a reader that has gone away is no
 * error, a full device is, and is complained of. */
int sink_status(const struct sink *s);

#endif
