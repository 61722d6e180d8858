/* ui/view.h - a model and a state to a frame, and an event to another state. */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "proc/resident.h"
#include "ui/key.h"
#include "ui/state.h"

/* What a frame shows.  Everything is const but the order, which is rebuilt
 * from the model and the state, and the places the state keeps of the last
 * frame (cursor, top). */
struct frame {
	const struct model *model;
	struct order *order;
	const struct inspect *inspect;	/* the list about one process, NULL: none yet */
	const char *backend;		/* "walk" */
	const char *notice;		/* what is lost on this machine, one line, or NULL */
	const struct meter_history *meter_history;	/* of the meters, NULL: none is kept */
	u64 now_ns;			/* CLOCK_MONOTONIC */
	const struct resident *resident;	/* how ready for an emergency, NULL: nobody asked */
	u64 frame_us;			/* CPU time of the frame before */
};

/* Where the parts of a frame lie, top to bottom; the same for drawing and for
 * the mouse.  A part without room has no rows. */
struct layout {
	u32 rows, cols;
	u32 header_rows;		/* from row 0 */
	u32 tab_rows;			/* the line of tabs, below the header */
	u32 title_rows;			/* column titles, below both */
	u32 body_rows;			/* at least one */
	u32 notice_rows;
	u32 bar_rows;			/* keys, at the bottom */
	u32 menu_cols;			/* at the left of titles and body */
};

struct layout view_layout(const struct ui_state *ui, const struct frame *f, u32 rows, u32 cols);

/* Brings the order of the processes up to date for a screen of that size.
 * view_draw() does so by itself: this is for who times the two apart. */
void view_sort(struct ui_state *ui, struct frame *f, u32 rows, u32 cols);

/* Draws all of s. */
void view_draw(struct surface *s, struct ui_state *ui, struct frame *f);

/* Acts on one event; the frame is the one on the screen.  True when something
 * changed that must be drawn. */
bool view_event(struct ui_state *ui, struct frame *f, const struct event *ev, u32 rows, u32 cols);

/* The key table as text, for the help screen and the manual. */
void keys_write_mdoc(struct out *out);

#endif
