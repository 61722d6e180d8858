/* ui/style.h - what a cell means, and how a terminal shows that.  A view names
 * the meaning; the palette in force turns it into SGR sequences. */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include "ui/out.h"

enum style {
	STYLE_TEXT,		/* default colours */
	STYLE_DIM,		/* unimportant: other users, unknown values */
	STYLE_BOLD,
	STYLE_LABEL,		/* name of a meter */
	STYLE_VALUE,		/* its number */
	STYLE_BAR_EDGE,		/* brackets */
	STYLE_BAR_NICE, STYLE_BAR_USER, STYLE_BAR_SYSTEM, STYLE_BAR_VIRTUAL, STYLE_BAR_IOWAIT,
	STYLE_MEM_USED, STYLE_MEM_BUFFERS, STYLE_MEM_SHARED, STYLE_MEM_CACHE,
	STYLE_SWAP_USED,
	STYLE_HEADER,		/* column titles */
	STYLE_HEADER_SORT,	/* the one sorted by */
	STYLE_TAGGED,		/* a tagged row */
	STYLE_CURSOR,		/* the selected row */
	STYLE_CURSOR_FOLLOW,	/* while it is followed */
	STYLE_CURSOR_IDLE,	/* while another part has the keys */
	STYLE_RUNNING, STYLE_BLOCKED, STYLE_ZOMBIE, STYLE_STOPPED, STYLE_FROZEN,
	STYLE_BASENAME,		/* the program's name within a command line */
	STYLE_THREAD,
	STYLE_KERNEL,
	STYLE_TREE,		/* branches */
	STYLE_MEGA, STYLE_GIGA,	/* digits of large numbers */
	STYLE_HIGH_NICE, STYLE_LOW_NICE,
	STYLE_DELETED,		/* an executable that is gone */
	STYLE_COMM,		/* a name of its own in a merged command */
	STYLE_NEW, STYLE_GONE,	/* rows of processes that came or went */
	STYLE_GRAPH,		/* the last samples of a process */
	STYLE_KEY,		/* F1 in the function bar */
	STYLE_KEY_LABEL,	/* Help */
	STYLE_FIELD,		/* text being typed */
	STYLE_FIELD_FAILED,	/* a search that found nothing */
	STYLE_WARNING, STYLE_ERROR,
	STYLE_TAB, STYLE_TAB_ACTIVE,
	STYLE_N
};

enum color_depth { COLOR_NONE, COLOR_8, COLOR_16, COLOR_256, COLOR_TRUE };

enum theme {
	THEME_DEFAULT, THEME_MONO, THEME_LIGHT, THEME_GRUVBOX_DARK, THEME_GRUVBOX_LIGHT,
	THEME_BLACK_ON_WHITE, THEME_MC, THEME_BLACK_NIGHT, THEME_BROKEN_GRAY, THEME_NORD, THEME_N
};
#define THEME_WORDS	"default mono light gruvbox-dark gruvbox-light black-on-white mc black-night " \
			"broken-gray nord"

/* How an element looks.  A colour is 0 for the ground's own, INK_INDEX and a
 * number of the terminal's 256, or INK_RGB and 0xrrggbb. */
enum { INK_INDEX = 1 << 24, INK_RGB = 2 << 24, INK_VALUE = 0xffffff };
enum { ATTR_BOLD = 1, ATTR_UNDERLINE = 2, ATTR_REVERSE = 4 };

struct look {
	u32 fg, bg;
	u8 attr;
	bool set;
};

/* No sequence is longer: "ESC[0;1;4;7;38;2;255;255;255;48;2;255;255;255m". */
enum { STYLE_PUT_MAX = 48 };

/* A theme as one terminal can show it. */
struct palette {
	bool ground;			/* it has a background of its own */
	bool can_undo;			/* single attributes end too: 22, 24, 27; not on a VT100 */
	u8 blank[STYLE_N];		/* the first style in which a blank looks the same */
	struct look look[STYLE_N];
};

/* own: [STYLE_N] or NULL, those that are set win over the theme's. */
void palette_make(struct palette *p, enum theme theme, const struct look *own, enum color_depth depth);

/* "red", "#ff8800 bold", "208 on black underline", "default"; false: not a look. */
bool look_parse(struct look *l, const char *text);
void look_write(struct out *o, const struct look *l);

/* The name of an element: "bar_user". */
const char *style_name(enum style s);

/* Appends the shortest sequence that takes a terminal from one style to another;
 * nothing when they look the same.  STYLE_N: whatever it was before. */
void style_put(struct out *o, const struct palette *p, enum style from, enum style to);

#endif
