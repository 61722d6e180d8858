/* ui/clipboard.h - text to the clipboard of the terminal that the person sits at,
 * by OSC 52 (xterm ctlseqs, "Manipulate Selection Data"): over ssh, and through
 * tmux and GNU screen.  It is set, never read. */
#ifndef UI_CLIPBOARD_H
#define UI_CLIPBOARD_H

#include "ui/out.h"

/* What stands between us and that terminal. */
enum clipboard_via { CLIPBOARD_DIRECT, CLIPBOARD_TMUX, CLIPBOARD_SCREEN };

/* By the environment's TERM, TMUX and STY, "" for none. */
enum clipboard_via clipboard_via(const char *term, const char *tmux, const char *sty);

/* Terminals take about 74,000 characters (hterm and those that followed it: 74,994). */
enum { CLIPBOARD_TEXT = 54 << 10 };

/* Room for the sequence of as much text, whatever is in between. */
enum { CLIPBOARD_ROOM = 160 << 10 };

void clipboard_put(struct out *o, enum clipboard_via via, struct bytes text);

#endif
