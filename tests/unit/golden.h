/* tests/unit/golden.h - a screen as text, compared with tests/golden/NAME.txt.
 * GOLDEN_WRITE=1 rewrites it; read the difference before committing it. */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include "ui/cells.h"

void golden_check(const char *name, const struct surface *s);

#endif
