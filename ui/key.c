/* ui/key.c - what terminals send for keys, without terminfo.
 *
 * The grammar is that of ECMA-48 5.4 (CSI) and 5.6 (strings), the meanings are
 * in tables below: xterm, Linux console, rxvt, VT220, tmux and screen.  A
 * sequence is taken whole or swallowed whole: no part of it becomes a key,
 * because a key may send a signal to a process. */
#include "ui/key.h"

#include "ui/text.h"

enum { ESC = 0x1b, BEL = 7, CAN = 0x18, SUB = 0x1a, PARAMS_MAX = 4, PARAM_LIMIT = 1 << 21 };

struct letter_key {
	u8 final;
	u8 mods;
	u32 key;
};

/* CSI 1 ; mods FINAL, and CSI FINAL alone (xterm ctlseqs, "PC-Style Function
 * Keys"); small letters are rxvt's with Shift. */
static const struct letter_key csi_letters[] = {
	{'A', 0, KEY_UP}, {'B', 0, KEY_DOWN}, {'C', 0, KEY_RIGHT}, {'D', 0, KEY_LEFT},
	{'H', 0, KEY_HOME}, {'F', 0, KEY_END}, {'Z', 0, KEY_BACKTAB},
	{'P', 0, KEY_F1}, {'Q', 0, KEY_F2}, {'R', 0, KEY_F3}, {'S', 0, KEY_F4},
	{'a', MOD_SHIFT, KEY_UP}, {'b', MOD_SHIFT, KEY_DOWN},
	{'c', MOD_SHIFT, KEY_RIGHT}, {'d', MOD_SHIFT, KEY_LEFT},
};

/* SS3 FINAL: cursor and keypad keys in application mode (VT220), PF1-PF4;
 * small letters to d are rxvt's with Ctrl. */
static const struct letter_key ss3_letters[] = {
	{'A', 0, KEY_UP}, {'B', 0, KEY_DOWN}, {'C', 0, KEY_RIGHT}, {'D', 0, KEY_LEFT},
	{'H', 0, KEY_HOME}, {'F', 0, KEY_END}, {'M', 0, KEY_ENTER}, {'I', 0, KEY_TAB},
	{'P', 0, KEY_F1}, {'Q', 0, KEY_F2}, {'R', 0, KEY_F3}, {'S', 0, KEY_F4},
	{'a', MOD_CTRL, KEY_UP}, {'b', MOD_CTRL, KEY_DOWN},
	{'c', MOD_CTRL, KEY_RIGHT}, {'d', MOD_CTRL, KEY_LEFT},
	{'X', 0, '='}, {'j', 0, '*'}, {'k', 0, '+'}, {'l', 0, ','}, {'m', 0, '-'}, {'n', 0, '.'},
	{'o', 0, '/'}, {'p', 0, '0'}, {'q', 0, '1'}, {'r', 0, '2'}, {'s', 0, '3'}, {'t', 0, '4'},
	{'u', 0, '5'}, {'v', 0, '6'}, {'w', 0, '7'}, {'x', 0, '8'}, {'y', 0, '9'},
};

/* CSI [ LETTER: the Linux console's first five. */
static const struct letter_key console_letters[] = {
	{'A', 0, KEY_F1}, {'B', 0, KEY_F2}, {'C', 0, KEY_F3}, {'D', 0, KEY_F4}, {'E', 0, KEY_F5},
};

/* CSI NUMBER ; mods ~ (DEC VT220; 7 and 8: rxvt; 25-34: F13-F20, which the
 * Linux console sends for Shift). */
static const struct {
	u8 mods;
	u32 key;
} tilde_keys[] = {
	[1] = {0, KEY_HOME}, [2] = {0, KEY_INSERT}, [3] = {0, KEY_DELETE}, [4] = {0, KEY_END},
	[5] = {0, KEY_PGUP}, [6] = {0, KEY_PGDN}, [7] = {0, KEY_HOME}, [8] = {0, KEY_END},
	[11] = {0, KEY_F1}, [12] = {0, KEY_F2}, [13] = {0, KEY_F3}, [14] = {0, KEY_F4},
	[15] = {0, KEY_F5}, [17] = {0, KEY_F6}, [18] = {0, KEY_F7}, [19] = {0, KEY_F8},
	[20] = {0, KEY_F9}, [21] = {0, KEY_F10}, [23] = {0, KEY_F11}, [24] = {0, KEY_F12},
	[25] = {MOD_SHIFT, KEY_F1}, [26] = {MOD_SHIFT, KEY_F2}, [28] = {MOD_SHIFT, KEY_F3},
	[29] = {MOD_SHIFT, KEY_F4}, [31] = {MOD_SHIFT, KEY_F5}, [32] = {MOD_SHIFT, KEY_F6},
	[33] = {MOD_SHIFT, KEY_F7}, [34] = {MOD_SHIFT, KEY_F8},
};

enum { PASTE_BEGIN = 200, PASTE_END = 201 };

static bool key_event(struct event *ev, u32 key, u8 mods)
{
	*ev = (struct event){.kind = EVENT_KEY, .key = key, .mods = mods};
	return true;
}

static bool letter_event(struct event *ev, const struct letter_key *t, size_t n, u8 final, u8 mods)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].final == final)
			return key_event(ev, t[i].key, t[i].mods | mods);
	return key_event(ev, KEY_UNKNOWN, 0);
}

#define LETTER_EVENT(ev, t, final, mods) letter_event((ev), (t), ARRAY_LEN(t), (final), (mods))

/* xterm: 1 + Shift 1, Alt 2, Ctrl 4, Meta 8. */
static u8 modifiers(u32 param)
{
	u32 bits = param ? param - 1 : 0;

	return (u8)((bits & 7) | (bits & 8 ? MOD_ALT : 0));
}

/* One byte that stands for itself. */
static bool byte_event(struct event *ev, u8 byte, u8 mods)
{
	switch (byte) {
	case 0:				/* Ctrl-Space */
		return key_event(ev, ' ', mods | MOD_CTRL);
	case '\b':			/* terminals disagree on what Backspace sends */
		return key_event(ev, KEY_BACKSPACE, mods);
	case '\n':
		return key_event(ev, KEY_ENTER, mods);
	default:
		return key_event(ev, byte, mods);
	}
}

struct csi {
	u8 private, final;
	bool rxvt;			/* ends in $, which the standard has as intermediate */
	bool intermediate;
	unsigned n;
	u32 param[PARAMS_MAX];		/* 0: left out */
};

/* Takes a complete control sequence apart, from behind the introducer. */
static void csi_parse(struct csi *c, const u8 *s, size_t n)
{
	*c = (struct csi){.final = s[n - 1], .n = 1};
	if (n > 1 && s[0] >= '<' && s[0] <= '?')
		c->private = s[0];
	c->rxvt = c->final == '$';
	for (size_t i = c->private ? 1 : 0; i + 1 < n; i++) {
		u32 *v = &c->param[MIN(c->n, (unsigned)PARAMS_MAX) - 1];

		if (s[i] >= '0' && s[i] <= '9')
			*v = *v < PARAM_LIMIT ? *v * 10 + (s[i] - '0') : PARAM_LIMIT;
		else if (s[i] == ';')
			c->n++;
		else
			c->intermediate = true;
	}
}

/* SGR mouse, xterm ctlseqs "Extended coordinates": CSI < b ; x ; y M, or m for
 * a release.  b: 3 button, 4 Shift, 8 Alt, 16 Ctrl, 32 motion, 64 wheel. */
static bool mouse_event(struct event *ev, const struct csi *c)
{
	u32 b = c->param[0];
	u8 button = b & 64 ? MOUSE_WHEEL_UP + (b & 3) : MOUSE_LEFT + (b & 3);

	if (c->final != 'M' || c->n != 3 || !c->param[1] || !c->param[2] || b & 32)
		return false;
	if (b >= 128 || (b & 64 && (b & 3) > 1) || (b & 67) == 3)
		button = MOUSE_OTHER;
	*ev = (struct event){
		.kind = EVENT_MOUSE, .button = button, .col = c->param[1] - 1, .row = c->param[2] - 1,
		.mods = (u8)((b & 4 ? MOD_SHIFT : 0) | (b & 8 ? MOD_ALT : 0) | (b & 16 ? MOD_CTRL : 0)),
	};
	return true;
}

/* CSI number ; mods ~ and rxvt's CSI number $ ^ @ (Shift, Ctrl, both). */
static bool tilde_event(struct event *ev, const struct csi *c, u8 mods)
{
	u32 number = c->param[0];

	if (c->final == '$' || c->final == '@')
		mods |= MOD_SHIFT;
	if (c->final == '^' || c->final == '@')
		mods |= MOD_CTRL;
	if (number >= ARRAY_LEN(tilde_keys) || !tilde_keys[number].key)
		return key_event(ev, KEY_UNKNOWN, 0);
	return key_event(ev, tilde_keys[number].key, tilde_keys[number].mods | mods);
}

/* CSI code point ; mods u (fixterms, kitty), with Ctrl as everywhere else. */
static bool codepoint_event(struct event *ev, u32 cp, u8 mods)
{
	if (cp > 0x10ffff)
		return key_event(ev, KEY_UNKNOWN, 0);
	if (mods & MOD_CTRL && cp >= 'a' && cp <= 'z')
		return key_event(ev, KEY_CTRL(cp), mods & ~MOD_CTRL);
	return key_event(ev, cp, mods);
}

static bool csi_event(struct key_parser *p, struct event *ev, const struct csi *c, u8 mods)
{
	u8 final = c->final;

	if (c->private == '<' && (final == 'M' || final == 'm'))
		return !p->pasting && mouse_event(ev, c);
	if (final == '~' && c->n == 1 && c->param[0] == PASTE_END && p->pasting) {
		p->pasting = false;
		*ev = (struct event){.kind = EVENT_PASTE_END};
		return true;
	}
	/* Other private sequences and those with intermediates are reports. */
	if (p->pasting || c->private || (c->intermediate && !c->rxvt))
		return false;
	mods |= modifiers(c->n > 1 ? c->param[1] : 0);
	if (final == '~' && c->param[0] == PASTE_BEGIN) {
		p->pasting = true;
		return false;
	}
	if (final == '~' && c->param[0] == PASTE_END)
		return false;
	/* CPR, ECMA-48 8.3.14, or F3 with modifiers: the size is never asked
	 * for where the last row could be the first. */
	if (final == 'R' && c->n == 2 && c->param[0] && c->param[1] &&
	    (c->param[0] > 1 || c->param[1] > 16)) {
		*ev = (struct event){.kind = EVENT_SIZE, .row = c->param[0], .col = c->param[1]};
		return true;
	}
	if (final == '~' || final == '$' || final == '^' || final == '@')
		return tilde_event(ev, c, mods);
	if (final == 'u' && c->param[0])
		return codepoint_event(ev, c->param[0], mods);
	return LETTER_EVENT(ev, csi_letters, final, mods);
}

/* --- where a sequence ends ------------------------------------------------ */

enum step { MORE, DONE, ABORT };

/* X10 mouse reports, which a terminal without SGR ones sends: three bytes of
 * any value behind CSI M, that must not be taken for keys. */
enum { X10_LENGTH = 5 };

/* s: everything behind the ESC, the new byte last. */
static enum step csi_step(const u8 *s, size_t n)
{
	u8 byte = s[n - 1];

	if (n > 1 && s[1] == 'M')
		return n < X10_LENGTH ? MORE : DONE;
	if (byte < 0x20 || byte >= 0x7f)
		return ABORT;
	if (n <= 2)
		return byte == '[' || byte < 0x40 ? MORE : DONE;
	if (byte == '$')		/* rxvt ends with it, DECRPM goes on */
		return s[1] == '?' ? MORE : DONE;
	return byte >= 0x40 || s[1] == '[' ? DONE : MORE;
}

static enum step ss3_step(const u8 *s, size_t n)
{
	u8 byte = s[n - 1];

	if (byte < 0x20 || byte >= 0x7f)
		return ABORT;
	return n == 1 || (byte >= '0' && byte <= '9') ? MORE : DONE;
}

/* Strings end with ST (ESC \) or, by xterm's habit, BEL. */
static enum step string_step(const u8 *s, size_t n)
{
	u8 byte = s[n - 1];

	if (byte == CAN || byte == SUB || byte == BEL)
		return DONE;
	if (n > 1 && s[n - 2] == ESC)
		return byte == '\\' ? DONE : ABORT;
	return MORE;
}

/* DCS SOS OSC PM APC, ECMA-48 5.6 */
static bool is_string(u8 byte)
{
	return byte == 'P' || byte == 'X' || byte == ']' || byte == '^' || byte == '_';
}

static bool in_string(const struct key_parser *p)
{
	return p->n > 1 && p->pending[0] == ESC && is_string(p->pending[1]);
}

/* --- meaning -------------------------------------------------------------- */

static bool csi_done(struct key_parser *p, struct event *ev, const u8 *s, size_t n, u8 mods)
{
	struct csi c;

	if (s[1] == 'M')
		return false;
	if (s[1] == '[')
		return LETTER_EVENT(ev, console_letters, s[2], mods) && !p->pasting;
	csi_parse(&c, s + 1, n - 1);
	return csi_event(p, ev, &c, mods);
}

static bool sequence_done(struct key_parser *p, struct event *ev, size_t n)
{
	const u8 *s = p->pending + 1;
	u8 mods = p->twice ? MOD_ALT : 0, digit;

	if (is_string(s[0]))
		return false;			/* an answer nobody asked for */
	if (p->overlong)
		return !p->pasting && key_event(ev, KEY_UNKNOWN, 0);
	if (s[0] == '[')
		return csi_done(p, ev, s, n, mods);
	digit = n > 2 ? s[1] - '0' : 0;		/* old konsole: SS3 mods FINAL */
	return LETTER_EVENT(ev, ss3_letters, s[n - 1], mods | modifiers(digit)) && !p->pasting;
}

static bool feed(struct key_parser *p, u8 byte, struct event *ev);

static bool feed_sequence(struct key_parser *p, struct event *ev)
{
	const u8 *s = p->pending + 1;
	size_t n = p->n - 1u;
	u8 byte = s[n - 1];
	enum step step = s[0] == '[' ? csi_step(s, n) : s[0] == 'O' ? ss3_step(s, n) : string_step(s, n);
	bool broken_by_escape = in_string(p);

	if (step == MORE) {
		/* Too long to mean anything: only its end still matters. */
		if (p->n == KEY_PENDING) {
			p->overlong = true;
			p->pending[--p->n - 1] = byte;
		}
		return false;
	}
	p->n = 0;
	if (step == DONE)
		return sequence_done(p, ev, n);
	/* What broke the sequence counts anew. */
	if (broken_by_escape)
		feed(p, ESC, ev);
	return feed(p, byte, ev);
}

static size_t utf8_length(u8 lead)
{
	return lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* pending: a character, maybe behind an ESC. */
static bool feed_char(struct key_parser *p, struct event *ev)
{
	size_t at = p->pending[0] == ESC ? 1 : 0, n = p->n - at;
	const u8 *s = p->pending + at;
	u8 mods = at ? MOD_ALT : 0, byte = s[n - 1];
	u32 cp;

	if (n > 1 && (byte & 0xc0) != 0x80) {
		p->n = 0;			/* cut off: this one counts anew */
		return feed(p, byte, ev);
	}
	if (s[0] >= 0x80 && n < utf8_length(s[0]))
		return false;
	p->n = 0;
	if (!utf8_decode((struct bytes){s, n}, &cp))
		cp = KEY_UNKNOWN;
	if (p->pasting) {
		*ev = (struct event){.kind = EVENT_PASTE, .key = cp};
		return !at && cp != KEY_UNKNOWN;
	}
	if (at && cp == '\t')			/* the Linux console's Shift-Tab */
		return key_event(ev, KEY_BACKTAB, 0);
	return cp < 0x80 ? byte_event(ev, byte, mods) : key_event(ev, cp, mods);
}

static bool feed(struct key_parser *p, u8 byte, struct event *ev)
{
	if (!p->n)
		p->twice = p->overlong = false;
	if (byte == ESC && !in_string(p)) {
		/* Right behind another one it is rxvt's Alt; anywhere else it
		 * ends what was not complete. */
		p->twice = p->n == 1 && p->pending[0] == ESC;
		p->overlong = false;
		p->pending[0] = ESC;
		p->n = 1;
		return false;
	}
	p->pending[p->n++] = byte;
	if (p->pending[0] == ESC && (p->pending[1] == '[' || p->pending[1] == 'O' || in_string(p)))
		return feed_sequence(p, ev);
	return feed_char(p, ev);
}

bool key_feed(struct key_parser *p, u8 byte, struct event *ev)
{
	bool complete = feed(p, byte, ev);

	if (!complete)
		*ev = (struct event){.kind = EVENT_NONE};
	return complete;
}

bool key_waiting(const struct key_parser *p)
{
	return p->n > 0;
}

bool key_timeout(struct key_parser *p, struct event *ev)
{
	unsigned n = p->n;

	*ev = (struct event){.kind = EVENT_NONE};
	p->n = 0;
	if (!n || p->pending[0] != ESC)
		return false;			/* a character that never ended */
	if (p->pasting) {
		/* The end of the paste was lost: Escape brings the keys back. */
		if (n > 1)
			return false;
		p->pasting = false;
		ev->kind = EVENT_PASTE_END;
		return true;
	}
	if (n == 1)
		return key_event(ev, KEY_ESC, 0);
	if (n == 2 && p->pending[1] < 0x80)
		return byte_event(ev, p->pending[1], MOD_ALT);
	return key_event(ev, KEY_UNKNOWN, 0);
}
