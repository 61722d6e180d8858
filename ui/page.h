/* ui/page.h - a page of lines that is longer than the screen: lines are counted
 * from its top, and those beyond the screen are only counted. */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include "ui/view.h"

struct page {
	struct surface *s;
	const struct ui_state *ui;
	const struct frame *f;
	u32 top;		/* the first line on the screen */
	u32 line;		/* the next one */
	struct task_id link;	/* whom the line under the cursor is about; pid 0: nobody */
};

/* Takes n lines; those of them that are on the screen, in place.  *cut: how many
 * of them are above it. */
struct surface page_lines(struct page *p, u32 n, u32 *cut);
struct surface page_line(struct page *p);
void page_text(struct page *p, const char *text, enum style style);
/* With an empty line before it. */
void page_heading(struct page *p, const char *text);
/* As many lines as it takes; a NUL is a blank. */
void page_wrapped(struct page *p, struct bytes text, enum style style);

#endif
