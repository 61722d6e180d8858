/* ui/term.h - the terminal: raw mode, alternate screen, size, and back to how
 * it was on every way out. */
#ifndef UI_TERM_H
#define UI_TERM_H

#include "ui/style.h"

struct term_options {
	bool mouse;
	bool ascii;		/* asked for: overrides the locale */
	bool color_set;		/* --color was given: */
	bool color;		/* always or never */
};

struct term {
	u32 rows, cols;
	enum color_depth depth;
	bool depth_asked;	/* by --color: no setting changes it */
	bool ascii;
	bool sync;		/* synchronized output is worth a try (struct screen) */
	bool size_unknown;	/* the kernel knows none: ask with term_ask_size() */
};

/* What the environment and the options say of colour and characters, without
 * touching the terminal (NO_COLOR, TERM, COLORTERM, LC_ALL > LC_CTYPE > LANG). */
void term_detect(struct term *t, const struct term_options *opt);

/* True when TERM and standard output allow a full screen. */
bool term_usable(void);

/* Raw mode, alternate screen, mouse, bracketed paste; installs the handlers
 * that restore all of it on a fatal signal or a crash.  0 or -errno. */
int term_open(struct term *t, const struct term_options *opt) MUST_CHECK;

/* Whether clicks come from now on; of a terminal that can. */
void term_mouse(bool on);

/* Puts everything back.  May be called from a signal handler, and twice. */
void term_restore(void);

/* Signals set these; poll(2) wakes up by the descriptor. */
enum term_signal { TERM_RESIZED = 1, TERM_QUIT = 2, TERM_STOP = 4, TERM_CONTINUED = 8 };

int term_signal_fd(void);		/* readable when a signal came */
u32 term_signals(int *signo);		/* takes what came; *signo: the one that says quit */

/* Restores, stops as SIGTSTP would, and on continuing takes the screen again.
 * The key stops the whole job, as the terminal does; a signal was for us alone. */
void term_suspend(struct term *t, bool whole_job);

/* Reads the size from the kernel; leaves size_unknown set when it has none. */
void term_size(struct term *t);

/* Asks the terminal itself (CPR, ECMA-48 8.3.14): the answer is EVENT_SIZE. */
void term_ask_size(void);

/* The descriptor to poll for what term_read() reads. */
int term_fd(void);

/* One write(2) of a frame; waits for a slow terminal at most budget_ms and
 * says -EAGAIN when it did not take all (the next frame must repaint). */
int term_write(const char *buf, size_t n, int budget_ms) MUST_CHECK;

/* What arrived; 0 at the end of input, -EAGAIN when nothing did. */
int term_read(u8 *buf, size_t cap) MUST_CHECK;

#endif
