/* ui/stop_run.h - --freeze and --thaw: acts, reports, and that is all. */
#ifndef UI_STOP_RUN_H
#define UI_STOP_RUN_H

#include "ui/options.h"
#include "ui/sink.h"

/* The exit status: EXIT_FAILURE when one of the targets was not done. */
int stop_run(const struct options *o, struct sink *out);

#endif
