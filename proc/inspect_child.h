/* proc/inspect_child.h - the child's half of proc/inspect.c. */
#ifndef PROC_INSPECT_CHILD_H
#define PROC_INSPECT_CHILD_H

#include "proc/inspect.h"

/* Ends every list: an empty line cannot be one of it, so a single byte tells
 * how it went, enum inspect_state. */
enum { INSPECT_END = 1 };

/* Writes the lines to fd, a NUL behind each, then INSPECT_END, the state and a
 * NUL, and ends the process. */
_Noreturn void inspect_child(int fd, enum inspect_kind kind, struct task_id who);

#endif
