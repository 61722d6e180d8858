/* tests/core/ambiguous.bpf.c - candidates that disagree: no program that needs
 * them can be right.  libbpf refuses the object. */
#include "tests/core/core.h"

struct dev { u32 same, moved, only; } CORE;
enum mode { MODE };

CASE(ambiguous)
{
	use(ARG(struct dev)->moved);	/* = field_byte_offset | struct dev | 0:1 | ambiguous */
	use(ARG(struct dev)->same);	/* = field_byte_offset | struct dev | 0:0 | 8 */
	use(TYPE_SIZE(struct dev));	/* = type_size | struct dev | 0 | ambiguous */
	use(VALUE(enum mode, MODE));	/* = enumval_value | enum mode | 0 | ambiguous */
	use(VALUE_EXISTS(enum mode, MODE));	/* = enumval_exists | enum mode | 0 | 1 */
	return 0;
}

/* What was ambiguous before is not when one of them is known to be meant. */
CASE(decided)
{
	use(ARG(struct dev)->only);	/* = field_byte_offset | struct dev | 0:2 | 16 */
	use(ARG(struct dev)->moved);	/* = field_byte_offset | struct dev | 0:1 | 12 */
	return 0;
}
