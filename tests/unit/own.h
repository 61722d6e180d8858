/* tests/unit/own.h - processes that a test has started itself. */
#ifndef TESTS_UNIT_OWN_H
#define TESTS_UNIT_OWN_H

#include <sys/types.h>

#include "proc/task.h"

/* As /proc has it. */
struct task_id id_of(pid_t pid);

#endif
