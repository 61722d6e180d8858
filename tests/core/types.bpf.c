/* tests/core/types.bpf.c - whether types are there, how large, which; and
 * whether fields are. */
#include "tests/core/core.h"

struct grown { u32 a; } CORE;
union joined { u32 a; };
enum picked { PICK };
typedef u32 number;
typedef void (*callback)(struct grown *, u32);
typedef u32 row[4];
struct gone { u32 a; } CORE;
union gone_union { u32 a; };
enum gone_enum { GONE };
typedef u32 gone_number;
struct was_union { u32 a; };
struct is_function { u32 a; };

CASE(type_existence)
{
	use(TYPE_EXISTS(struct grown));	/* = type_exists | struct grown | 0 | 1 */
	use(TYPE_EXISTS(union joined));	/* = type_exists | union joined | 0 | 1 */
	use(TYPE_EXISTS(enum picked));	/* = type_exists | enum picked | 0 | 1 */
	use(TYPE_EXISTS(number));	/* = type_exists | number | 0 | 1 */
	use(TYPE_EXISTS(struct gone));	/* = type_exists | struct gone | 0 | 0 */
	use(TYPE_EXISTS(union gone_union));	/* = type_exists | union gone_union | 0 | 0 */
	use(TYPE_EXISTS(enum gone_enum));	/* = type_exists | enum gone_enum | 0 | 0 */
	use(TYPE_EXISTS(gone_number));	/* = type_exists | gone_number | 0 | 0 */
	return 0;
}

/* Only a type of the same kind is the same type. */
CASE(kinds_of_types)
{
	use(TYPE_EXISTS(struct was_union));	/* = type_exists | struct was_union | 0 | 0 */
	use(TYPE_EXISTS(struct is_function));	/* = type_exists | struct is_function | 0 | 0 */
	use(TYPE_SIZE(struct is_function));	/* = type_size | struct is_function | 0 | 0 */
	return 0;
}

/* Prototypes are compared argument by argument, arrays by their elements. */
typedef void (*other_callback)(struct grown *);
typedef u32 other_row[4];

CASE(shapes)
{
	use(TYPE_EXISTS(callback));	/* = type_exists | callback | 0 | 1 */
	use(TYPE_EXISTS(other_callback));	/* = type_exists | other_callback | 0 | 0 */
	use(TYPE_EXISTS(row));		/* = type_exists | row | 0 | 1 */
	use(TYPE_EXISTS(other_row));	/* = type_exists | other_row | 0 | 0 */
	return 0;
}

CASE(type_sizes)
{
	use(TYPE_SIZE(struct grown));	/* = type_size | struct grown | 0 | 24 */
	use(TYPE_SIZE(union joined));	/* = type_size | union joined | 0 | 8 */
	use(TYPE_SIZE(number));		/* = type_size | number | 0 | 2 */
	use(TYPE_SIZE(row));		/* = type_size | row | 0 | 28 */
	use(TYPE_SIZE(callback));	/* = type_size | callback | 0 | 8 */
	use(TYPE_SIZE(struct gone));	/* = type_size | struct gone | 0 | 0 */
	return 0;
}

/* Ids of the object's own types, names or not, and of the kernel's.  The first
 * type of the target is its padding. */
CASE(type_ids)
{
	use(TYPE_ID_LOCAL(struct grown));	/* = type_id_local | struct grown | 0 | local */
	use(TYPE_ID_LOCAL(struct { u32 anon_field; }));	/* = type_id_local | struct (anon) | 0 | local */
	use(TYPE_ID_TARGET(struct grown));	/* = type_id_target | struct grown | 0 | target */
	use(TYPE_ID_TARGET(number));		/* = type_id_target | number | 0 | target */
	use(TYPE_ID_TARGET(struct gone));	/* = type_id_target | struct gone | 0 | 0 */
	return 0;
}

struct fields { u32 kept, dropped; struct { u32 in; }; u32 nested[2]; } CORE;

CASE(field_existence)
{
	struct fields *p = ARG(struct fields);

	use(EXISTS(p->kept));		/* = field_exists | struct fields | 0:0 | 1 */
	use(EXISTS(p->dropped));	/* = field_exists | struct fields | 0:1 | 0 */
	use(EXISTS(p->in));		/* = field_exists | struct fields | 0:2:0 | 1 */
	use(EXISTS(p->nested[1]));	/* = field_exists | struct fields | 0:3:1 | 0 */
	use(EXISTS(ARG(struct gone)->a));	/* = field_exists | struct gone | 0:0 | 0 */
	return 0;
}

CASE(field_sizes)
{
	struct fields *p = ARG(struct fields);

	use(BYTE_SIZE(p->kept));	/* = field_byte_size | struct fields | 0:0 | 8 */
	use(BYTE_SIZE(p->nested));	/* = field_byte_size | struct fields | 0:3 | 1 */
	use(BYTE_SIZE(p->dropped));	/* = field_byte_size | struct fields | 0:1 | poison */
	return 0;
}

/* TYPE_MATCHES is younger than the oldest compiler: the test turns the
 * TYPE_EXISTS of these sections into it. */
struct m_same { u32 a; struct grown *p; } CORE;
struct m_less { u32 a, b; };
struct m_sign { u32 a; };
struct m_size { u32 a; };
struct m_dims { u32 a[2]; };
struct m_fwd { struct unseen *p; };
enum m_enum { M_A, M_B };
enum m_enum_less { M_C, M_D };
typedef u32 (*m_fn)(u32, struct grown *);
typedef u32 (*m_fn_other)(u32, struct grown *);

CASE(matches_types)
{
	use(TYPE_EXISTS(struct m_same));	/* = type_matches | struct m_same | 0 | 1 */
	use(TYPE_EXISTS(struct m_less));	/* = type_matches | struct m_less | 0 | 0 */
	use(TYPE_EXISTS(struct m_sign));	/* = type_matches | struct m_sign | 0 | 0 */
	use(TYPE_EXISTS(struct m_size));	/* = type_matches | struct m_size | 0 | 0 */
	use(TYPE_EXISTS(struct m_dims));	/* = type_matches | struct m_dims | 0 | 0 */
	use(TYPE_EXISTS(struct m_fwd));		/* = type_matches | struct m_fwd | 0 | 1 */
	use(TYPE_EXISTS(enum m_enum));		/* = type_matches | enum m_enum | 0 | 1 */
	use(TYPE_EXISTS(enum m_enum_less));	/* = type_matches | enum m_enum_less | 0 | 0 */
	use(TYPE_EXISTS(m_fn));			/* = type_matches | m_fn | 0 | 1 */
	use(TYPE_EXISTS(m_fn_other));		/* = type_matches | m_fn_other | 0 | 0 */
	use(TYPE_EXISTS(struct gone));		/* = type_matches | struct gone | 0 | 0 */
	return 0;
}
