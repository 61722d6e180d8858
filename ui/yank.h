/* ui/yank.h - what is copied of the processes that are meant, as text. */
#ifndef UI_YANK_H
#define UI_YANK_H

#include "ui/view.h"

/* Puts what the letter stands for (y the line, p the pid ...) of those that are
 * meant (ui/chosen.h) into ui->yank, a line each, for the session to send; or
 * says why there is nothing.  Control characters of others do not get there. */
void yank_take(struct ui_state *ui, const struct frame *f, char letter);

/* Copies what had to wait for a sample, after that was drawn. */
void yank_again(struct ui_state *ui, const struct frame *f);

#endif
