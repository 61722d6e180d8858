/* ui/key.h - bytes from the terminal to events.  A pure, incremental parser:
 * a sequence may arrive in any number of pieces. */
#ifndef UI_KEY_H
#define UI_KEY_H

#include "loader/base.h"

/* Characters are their code point; everything else lies above Unicode. */
enum key {
	KEY_NONE = 0,
	KEY_TAB = 9, KEY_ENTER = 13, KEY_ESC = 27, KEY_BACKSPACE = 127,
	KEY_FIRST = 0x110000,	/* behind the last code point */
	KEY_UP = KEY_FIRST, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END,
	KEY_PGUP, KEY_PGDN, KEY_INSERT, KEY_DELETE, KEY_BACKTAB,
	KEY_F1, KEY_F2, KEY_F3, KEY_F4, KEY_F5, KEY_F6, KEY_F7, KEY_F8, KEY_F9, KEY_F10,
	KEY_F11, KEY_F12,
	KEY_UNKNOWN,		/* a complete sequence that means nothing to us */
};

enum key_mod { MOD_SHIFT = 1, MOD_ALT = 2, MOD_CTRL = 4 };

/* Ctrl-A is 1 ... Ctrl-Z is 26, without MOD_CTRL: the terminal's own code. */
#define KEY_CTRL(c)	((c) & 0x1f)

enum event_kind {
	EVENT_NONE,		/* nothing complete yet */
	EVENT_KEY,
	EVENT_MOUSE,
	EVENT_PASTE,		/* one character of pasted text, in key; line ends as sent */
	EVENT_PASTE_END,
	EVENT_SIZE,		/* answer to a cursor position report: row, col are the size */
};

enum mouse_button { MOUSE_LEFT, MOUSE_MIDDLE, MOUSE_RIGHT, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN, MOUSE_OTHER };

struct event {
	enum event_kind kind;
	u32 key;		/* enum key or a code point */
	u8 mods;		/* enum key_mod */
	u8 button;		/* enum mouse_button; only presses are events, and the wheel */
	u32 row, col;		/* mouse: from 0; size: rows, columns */
};

enum { KEY_PENDING = 64 };

struct key_parser {
	u8 pending[KEY_PENDING];
	u8 n;
	bool pasting;
	bool twice;		/* ESC ESC: rxvt's way to say Alt */
	bool overlong;
};

/* Takes one byte.  Returns true when *ev is a complete event. */
bool key_feed(struct key_parser *p, u8 byte, struct event *ev);

/* True while an ESC waits for what may follow; after KEY_ESC_MS without a byte
 * call key_timeout() for what it was: the Escape key, or Alt with a key. */
bool key_waiting(const struct key_parser *p);
bool key_timeout(struct key_parser *p, struct event *ev);

enum { KEY_ESC_MS = 40 };

#endif
