/* ui/screen.h - the frame on the terminal and the one being drawn; their
 * difference is what is written. */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "ui/cells.h"

struct screen {
	struct surface back;	/* views draw here */
	struct surface front;	/* what the terminal shows */
	struct out out;		/* large enough for any frame of this size */
	struct palette palette;	/* see palette_make(); before the first frame */
	bool repaint;		/* front is unknown: write everything */
	bool sync;		/* wrap frames in synchronized output (mode 2026) */
};

/* Sizes both frames (at least 1x1, at most 1000x1000) and forgets what the
 * terminal shows.  Memory is taken here and nowhere else.  0 or -ENOMEM. */
int screen_resize(struct screen *s, u32 rows, u32 cols) MUST_CHECK;
void screen_free(struct screen *s);

/* Puts the difference of back and front into out (emptied first), then treats
 * the terminal as showing back.  out.len == 0: nothing changed.  When out is
 * full, repaint is set for the next frame. */
void screen_diff(struct screen *s);

#endif
