/* ui/config_start.h - the configuration at the start and at the end. */
#ifndef UI_CONFIG_START_H
#define UI_CONFIG_START_H

#include "ui/config_file.h"
#include "ui/sink.h"
#include "ui/state.h"

/* Reads the files into o->settings, with htop's over them where that is asked for,
 * and sets up *ui from them under what the command line says.  A report for a
 * program takes no more from them than how often.  What is wrong is said on
 * standard error.  False: it is an error. */
bool config_start(struct config_file *f, struct options *o, struct ui_state *ui);

/* --generate-config; the exit status. */
int config_print(struct sink *out);

/* When quitting, but for Ctrl-C: saves what was changed where that is wanted; the
 * exit status. */
int config_finish(struct config_file *f, const struct ui_state *ui);

#endif
