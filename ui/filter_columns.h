/* ui/filter_columns.h - the columns as the filter sees them: by the names that
 * --columns takes, with the values that JSON shows, in the units that the
 * fields' names carry.  So whatever is a column can be filtered by. */
#ifndef UI_FILTER_COLUMNS_H
#define UI_FILTER_COLUMNS_H

#include "ui/columns.h"

extern const struct filter_fields filter_columns;

/* What a bare number means for a field of such a name; typed: how many bytes of it
 * the person wrote. */
enum filter_kind filter_kind_of(const char *name, size_t typed);

/* enum task_extra of the columns that a filter names; NULL: none. */
u32 filter_extra(const struct filter *f);
/* enum fact, likewise: who is to pass is known only once all were asked. */
u32 filter_facts(const struct filter *f);

#endif
