/* ui/session.h - a person at a terminal: frames go out, events come in and
 * change the state, signals and wishes are seen to. */
#ifndef UI_SESSION_H
#define UI_SESSION_H

#include "ui/meter_history.h"
#include "ui/config_file.h"
#include "ui/screen.h"
#include "ui/term.h"
#include "ui/view.h"

struct session {
	struct term term;
	struct term_options term_options;
	struct screen screen;
	struct key_parser keys;
	u64 keyed_ns;		/* when the last bytes came */
	u64 facts_asked_ns, titles_asked_ns;
	u32 asked_first;	/* line of the screen that was first asked for its facts */
	int signo;		/* the signal that asks to end, 0 for none */
	struct inspect *inspect;	/* owned: the list on the screen, NULL: none */
	struct inspect *coming;		/* owned: that of the page about a process, read anew */
	u64 detail_read_ns;
	struct config_file *config;	/* where settings are saved */
	bool stop;		/* SIGTSTP came */
	bool offered;		/* to undo what an earlier run left: once */
	bool mouse;		/* settings.mouse as it was last seen */
	struct meter_history meter_history;	/* of the meters on the screen */
};

enum session_news {
	SESSION_DRAW  = 1u << 0,	/* something changed that must be drawn */
	SESSION_OTHER = 1u << 1,	/* the other descriptor is readable */
};

/* What the terminal can do and is wanted for; in ui, whether it shows but ASCII. */
void session_detect(struct session *s, const struct options *o, struct ui_state *ui);

/* Takes the terminal, and the file where settings are saved; 0 or -errno.  End it
 * on every way out. */
int session_open(struct session *s, struct config_file *config, const struct settings *set) MUST_CHECK;
/* Gives it back; and ends pitstop by the signal that asked for it. */
void session_end(struct session *s);

/* What is kept of samples gone by: histories, tasks that ended. */
void session_keep(const struct ui_state *ui, struct model *m, struct names *names);

/* Draws into screen.out what differs from the frame before. */
void session_draw(struct session *s, struct ui_state *ui, struct frame *f);

/* Writes it.  A terminal too slow for it loses the frame, never a key.  0 or
 * -errno when the terminal is gone. */
int session_write(struct session *s) MUST_CHECK;

/* Sleeps until until_ns, an event, more of a list, or other_fd (-1: none).  Returns what there
 * is, enum session_news; events have changed ui by then. */
u32 session_wait(struct session *s, struct ui_state *ui, struct frame *f, int other_fd, u64 until_ns);

/* Rows on the screen may have given themselves another title: asks them, no more
 * often than once a second.  What is not known of them, and a column shows, is
 * asked for at once, within the budget of that second.  Cgroups (groups: NULL or
 * theirs) are read with the next sample; true: some never were, and it should come
 * soon. */
bool session_ask_rows(struct session *s, const struct ui_state *ui, const struct frame *f,
		      struct names *names, struct cgroup_tree *groups) MUST_CHECK;

/* Does what keys and signals asked of the loop: suspend, repaint.  0 or -errno. */
int session_obey(struct session *s, struct ui_state *ui) MUST_CHECK;

#endif
