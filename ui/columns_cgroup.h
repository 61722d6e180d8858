/* ui/columns_cgroup.h - the columns about cgroups, units and containers. */
#ifndef UI_COLUMNS_CGROUP_H
#define UI_COLUMNS_CGROUP_H

#include "ui/columns.h"

typedef void column_draw_fn(struct surface *s, const struct cell_context *c, const struct task_row *r);
typedef bool column_json_fn(struct sink *s, const struct model *m, const struct task_row *r);

order_text_fn text_cgroup, text_ccgroup, text_unit, text_container;
order_key_fn key_in_container, key_frozen;
column_draw_fn draw_cgroup, draw_ccgroup, draw_unit, draw_container, draw_in_container, draw_frozen;
column_json_fn json_cgroup, json_ccgroup, json_unit, json_container, json_in_container, json_frozen;

#endif
