/* ui/config.h - settings to and from text: the configuration's schema. */
#ifndef UI_CONFIG_H
#define UI_CONFIG_H

#include "ui/settings.h"
#include "ui/yaml.h"

/* What was wrong with files: "pitstop: FILE:LINE: WHY" lines for standard error. */
enum { CONFIG_LOG = 4096 };
struct config_log {
	struct out out;			/* over text: see config_log_init() */
	u32 lines;			/* how many there were; what did not fit is left out */
	char first[128];		/* the first, without "pitstop: ", for the screen */
	char text[CONFIG_LOG];
};
void config_log_init(struct config_log *log);

/* One line; word (may be NULL) is quoted and made safe.  line 0: of the whole file. */
void config_say(struct config_log *log, const char *file, u32 line, const char *why, const char *word);

/* Sets what text says over what *s holds.  What is wrong goes to the log and is
 * left as it was. */
struct config_result {
	bool broken;		/* no YAML */
	u32 bad;		/* values that are not understood */
	u32 unknown;		/* keys that are */
};
struct config_result config_read(struct settings *s, struct yaml *y, struct bytes text, const char *file,
				 struct config_log *log);

/* One setting from its text; NULL, or why not.  Not for SETTING_TABS and
 * SETTING_METERS. */
const char *setting_parse(struct settings *s, const struct setting *row, const char *text);

/* Whether it can be a meter's name: letters, digits, ()_.- */
bool meter_name(const char *name);

/* "CPU%", "cpu:desc", as for --sort; NULL, or why not. */
const char *sort_parse(struct sort_choice *sort, const char *text);

/* "bar_user": a style, or -1. */
s32 style_find(const char *name, size_t len);

/* A value as it stands behind its key; of tabs, the lines below it. */
void setting_write(struct out *o, const struct settings *s, const struct setting *row);

/* One leaf of a tab. */
enum tab_leaf { TAB_NAME, TAB_COLUMNS, TAB_SORT, TAB_TREE_SORT, TAB_TREE, TAB_LEAVES };
extern const char *const tab_leaf_name[TAB_LEAVES];
void tab_leaf_write(struct out *o, const struct tab_setting *t, enum tab_leaf leaf);
/* The whole, as an item of a list at this indentation. */
void tab_write(struct out *o, const struct tab_setting *t, u32 indent);

/* All of it with comments, for --generate-config. */
void config_write(struct out *o, const struct settings *s);

/* The table of settings with their defaults, for the manual. */
void config_write_mdoc(struct out *o);

#endif
