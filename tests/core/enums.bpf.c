/* tests/core/enums.bpf.c - enumerators: by name, flavours aside. */
#include "tests/core/core.h"

enum moved { ONE = 1, TWO, GONE_VALUE, MINUS = -1 };
enum flavour___mine { FLAVOUR_A___mine = 3 };
enum nowhere { NOWHERE = 9 };
typedef enum { BY_TYPEDEF = 4 } picked;

CASE(enum_exists)
{
	use(VALUE_EXISTS(enum moved, ONE));	/* = enumval_exists | enum moved | 0 | 1 */
	use(VALUE_EXISTS(enum moved, GONE_VALUE));	/* = enumval_exists | enum moved | 2 | 0 */
	use(VALUE_EXISTS(enum nowhere, NOWHERE));	/* = enumval_exists | enum nowhere | 0 | 0 */
	return 0;
}

/* 32 bits are extended with their sign, whatever the enum's own is. */
CASE(enum_value)
{
	use(VALUE(enum moved, ONE));		/* = enumval_value | enum moved | 0 | 17 */
	use(VALUE(enum moved, TWO));		/* = enumval_value | enum moved | 1 | -2147483648 */
	use(VALUE(enum moved, MINUS));		/* = enumval_value | enum moved | 3 | -77 */
	use(VALUE(picked, BY_TYPEDEF));		/* = enumval_value | picked | 0 | 5 */
	return 0;
}

/* Both halves of the wide load: the second must not stay an opcode 0. */
CASE(enum_poison)
{
	use(VALUE(enum moved, GONE_VALUE));	/* = enumval_value | enum moved | 2 | poison */
	use(VALUE(enum nowhere, NOWHERE));	/* = enumval_value | enum nowhere | 0 | poison */
	return 0;
}

CASE(enum_flavours)
{
	use(VALUE(enum flavour___mine, FLAVOUR_A___mine));	/* = enumval_value | enum flavour___mine | 0 | 31 */
	return 0;
}
