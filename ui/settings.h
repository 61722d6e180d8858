/* ui/settings.h - everything a person owns: what config.yaml holds, what a save
 * writes back, what the setup screen changes.  Plain data of fixed size.
 *
 * settings_table[] has one row a key.  The reader, the writer, --generate-config,
 * the manual, the import of htop's file and the setup screen are made from it. */
#ifndef UI_SETTINGS_H
#define UI_SETTINGS_H

#include "ui/columns.h"

enum {
	SETTINGS_TABS = 8,
	SETTINGS_NAME = 24,		/* bytes of a tab's or a meter's name, its NUL included */
	SETTINGS_METERS = 32,		/* meters in one column of the header */
	HEADER_COLUMNS = 4,
};

struct sort_choice {
	enum column_id column;
	bool descending;
};

/* One screen: Tab goes from one to the next, and each keeps its own choices. */
struct tab_setting {
	char name[SETTINGS_NAME];
	struct column_list columns;
	struct sort_choice sort;	/* of the list */
	struct sort_choice tree_sort;	/* of the tree, among siblings */
	bool tree;
};

/* As numbered in htop's file. */
enum meter_mode { METER_AUTO, METER_BAR, METER_TEXT, METER_GRAPH, METER_LED, METER_MODES };
extern const char *const meter_mode_name[METER_MODES];	/* "auto" (the meter's own), "bar" ... */

/* Named as in htop's file, in any case: LeftCPUs2, Memory, LoadAverage, "CPU(3)".
 * ui/meter.h says which there are. */
struct meter_setting {
	char name[SETTINGS_NAME];
	u8 mode;			/* enum meter_mode */
};

/* In htop's order and by htop's names. */
enum header_layout {
	LAYOUT_ONE_100, LAYOUT_TWO_50_50, LAYOUT_TWO_33_67, LAYOUT_TWO_67_33,
	LAYOUT_THREE_33_34_33, LAYOUT_THREE_25_25_50, LAYOUT_THREE_25_50_25,
	LAYOUT_THREE_50_25_25, LAYOUT_THREE_40_30_30, LAYOUT_THREE_30_40_30,
	LAYOUT_THREE_30_30_40, LAYOUT_THREE_40_20_40, LAYOUT_FOUR_25_25_25_25, LAYOUT_N
};
extern const u8 header_layout_share[LAYOUT_N][HEADER_COLUMNS];	/* %; 0: no such column */

/* No meter in any column: the layout that pitstop chooses for this machine. */
struct meter_column {
	u32 n;
	struct meter_setting meter[SETTINGS_METERS];
};

enum memory_kind { MEMORY_FREE, MEMORY_HTOP };

struct settings {
	u64 delay_ns;
	bool hide_user_threads, hide_kernel_threads, hide_containers;
	bool program_path;		/* commands with their folders */
	bool merged_command;		/* exe, comm and command line in one */
	bool shadow_other_users;
	bool highlight_changes;		/* new and gone processes */
	u32 highlight_seconds;
	bool follow_sticky;		/* Esc and the end of a search do not end following */
	bool show_meters, show_tabs, show_function_bar;
	bool detailed_cpu;		/* irq, softirq, steal, guest and iowait of their own */
	bool cpus_from_one;
	u8 memory;			/* enum memory_kind: what "used" means */
	u8 layout;			/* enum header_layout */
	struct meter_column meters[HEADER_COLUMNS];
	u32 ntab;			/* at least one */
	struct tab_setting tab[SETTINGS_TABS];
	struct tab_setting cgroups;	/* has no name */
	bool mouse;
	u8 theme;			/* enum theme */
	u8 color_depth;			/* 0: as the terminal says; else 1 + enum color_depth */
	struct look color[STYLE_N];	/* those that are set win over the theme's */
	bool save_on_exit;
};

enum setting_kind {
	SETTING_BOOL,		/* bool */
	SETTING_TIME,		/* u64, ns; least and most in ms */
	SETTING_NUMBER,		/* u32, least to most */
	SETTING_CHOICE,		/* u8, which of words */
	SETTING_METERS,		/* meters[] */
	SETTING_TABS,		/* tab[], ntab */
	SETTING_TAB,		/* struct tab_setting, without a name */
	SETTING_COLORS,		/* color[] */
};

/* Where the setup screen and the manual put it. */
enum setting_group { SETTINGS_DISPLAY, SETTINGS_HEADER, SETTINGS_TABS_GROUP, SETTINGS_COLORS, SETTINGS_PROGRAM,
		     SETTINGS_GROUPS };

struct setting {
	const char *name;	/* its key in config.yaml */
	const char *help;	/* one line */
	const char *words;	/* SETTING_CHOICE: the values, separated by blanks */
	const char *htoprc;	/* the key of the same meaning in htop's file, or NULL */
	bool htoprc_inverted;	/* 1 there is false here */
	u8 kind, group;
	u16 at;			/* offset in struct settings */
	u32 least, most;
	u32 init;		/* the default; SETTING_TIME in ms */
};

extern const struct setting settings_table[];
extern const u32 settings_count;

/* The row of a key, or NULL. */
const struct setting *setting_find(const char *name, size_t len);

/* The defaults of the table, and htop's tabs. */
void settings_init(struct settings *s);

/* Whether a tab shows a column. */
bool settings_show(const struct settings *s, enum column_id id);

/* Value i of a SETTING_CHOICE as a word, empty past the last; and back, -1: none. */
struct bytes setting_word(const struct setting *row, u32 i);
s32 setting_choice(const struct setting *row, const char *word, size_t len);

#endif
