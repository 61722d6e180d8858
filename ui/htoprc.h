/* ui/htoprc.h - htop's file, taken over on request. */
#ifndef UI_HTOPRC_H
#define UI_HTOPRC_H

#include "ui/config.h"

/* Sets what an htoprc says over what *s holds: columns, meters and their modes,
 * layout, screens, sort, tree, hide flags, delay, colours.  What is not known
 * here goes to the log by its name; the rest counts. */
void htoprc_read(struct settings *s, struct bytes text, const char *file, struct config_log *log);

/* $HTOPRC, $XDG_CONFIG_HOME/htop/htoprc, ~/.config/htop/htoprc, ~/.htoprc: the
 * first there is, or the one named.  False, with a line in the log: none. */
bool htoprc_load(struct settings *s, const char *named, struct config_log *log);

#endif
