/* ui/keymap.h - the key table: every key, what it does, and how the help, the
 * function bar and the manual call it. */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include "ui/action.h"

/* One way to press it. */
struct chord {
	u32 key : 21;		/* enum key, a character; 0: none */
	u32 mods : 3;		/* enum key_mod */
	u32 prefix : 7;		/* the key that comes before it, ASCII; 0: none */
	u32 digits : 1;		/* '0' stands for '0' to '9' */
};

/* The last of the keys that it stands for. */
static inline u32 chord_last(const struct chord *c)
{
	return c->key + (c->digits ? 9 : 0);
}

enum key_group {
	GROUP_MOVE, GROUP_FIND, GROUP_SHOW, GROUP_SORT, GROUP_TREE, GROUP_ACT, GROUP_COPY, GROUP_VISUAL, GROUP_EMERGENCY, GROUP_ABOUT,
	GROUP_PROGRAM, GROUP_FIELD, GROUP_MENU, GROUP_DIALOG, GROUP_LIST, GROUP_DETAIL, GROUP_SETUP, GROUP_CGROUPS, GROUP_PROGRAMS, GROUP_PROGRAM_PAGE,
	GROUP_HELP, GROUP_N
};

enum { CHORD_MAX = 5 };

#define MODE_BIT(m)	(1u << (m))

struct binding {
	u32 modes;		/* MODE_BIT: where it holds */
	u8 group;		/* enum key_group */
	struct chord chord[CHORD_MAX];
	u8 action;		/* enum action */
	s16 arg;
	const char *label;	/* in the function bar, NULL: not there */
	const char *help;
};

extern const struct binding keymap[];
extern const u32 keymap_n;
extern const char *const key_group_title[GROUP_N];

/* Whether a row of the same group before it says the same: keys of several modes
 * that are one to whoever reads of them. */
bool keymap_said(const struct binding *b);

/* The row that a key press means in a mode after a prefix (0: none), or NULL. */
const struct binding *keymap_find(enum mode mode, u32 prefix, const struct event *ev);

/* Whether a key begins a sequence. */
bool keymap_prefix(enum mode mode, const struct event *ev);

/* "F3", "Ctrl-L", "Alt-J", "g g", "0-9" */
void chord_write(struct out *out, const struct chord *c);

/* Where htop's meaning of a key and vi's disagree: lines for help and manual. */
extern const char *const keymap_notes[];
extern const u32 keymap_notes_n;

#endif
