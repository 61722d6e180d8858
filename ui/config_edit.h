/* ui/config_edit.h - a configuration changed in place: the lines of what a person
 * changed, and no others. */
#ifndef UI_CONFIG_EDIT_H
#define UI_CONFIG_EDIT_H

#include "ui/config.h"

/* Writes the text of *y with the settings that differ between base and now as
 * they are in now.  Comments, order, unknown keys and all other lines stay; a
 * comment within a list that is written anew moves above it.  Returns how many
 * settings differ, or -1 when that cannot be done here: too much for the room in
 * *o, or another number of tabs than base has. */
s32 config_edit(struct out *o, const struct yaml *y, const struct settings *base, const struct settings *now);

/* Whether back has what now has, wherever that differs from base. */
bool config_agrees(const struct settings *base, const struct settings *now, const struct settings *back);

#endif
