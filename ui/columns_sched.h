/* ui/columns_sched.h - the columns about scheduling and I/O priorities. */
#ifndef UI_COLUMNS_SCHED_H
#define UI_COLUMNS_SCHED_H

#include "ui/columns.h"

order_text_fn text_policy;
void draw_policy(struct surface *s, const struct cell_context *c, const struct task_row *r);
bool json_policy(struct sink *s, const struct model *m, const struct task_row *r);

/* What is served first sorts first. */
order_key_fn key_io_priority;
void draw_io_priority(struct surface *s, const struct cell_context *c, const struct task_row *r);
bool json_io_priority(struct sink *s, const struct model *m, const struct task_row *r);

#endif
