/* tests/core/core.h - programs whose CO-RE records are the test.  They are
 * relocated, never run.
 *
 * A CASE is one section.  The comments "= KIND | ROOT-TYPE | ACCESS | RESULT"
 * in it are what `relocate` must print for its records, in their order, against
 * the types of the .target.c beside it.  Local and target layouts differ in
 * every case, so that one which was not relocated is seen. */
#ifndef TESTS_CORE_CORE_H
#define TESTS_CORE_CORE_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

#define CORE		__attribute__((preserve_access_index))
#define CASE(n)		__attribute__((section("raw_tp/" #n), used)) int n(void **ctx __attribute__((unused)))
#define ARG(T)		((T *)ctx[0])
/* Uses a value; a barrier that keeps the records in order. */
#define use(v)		sink((long)(v))
#define addr(f)		__builtin_preserve_access_index(&(f))

#define BYTE_OFFSET(f)	__builtin_preserve_field_info(f, 0)
#define BYTE_SIZE(f)	__builtin_preserve_field_info(f, 1)
#define EXISTS(f)	__builtin_preserve_field_info(f, 2)
#define SIGNED(f)	__builtin_preserve_field_info(f, 3)
#define LSHIFT(f)	__builtin_preserve_field_info(f, 4)
#define RSHIFT(f)	__builtin_preserve_field_info(f, 5)
#define TYPE_ID_LOCAL(T)	__builtin_btf_type_id(*(T *)0, 0)
#define TYPE_ID_TARGET(T)	__builtin_btf_type_id(*(T *)0, 1)
#define TYPE_EXISTS(T)	__builtin_preserve_type_info(*(T *)0, 0)
#define TYPE_SIZE(T)	__builtin_preserve_type_info(*(T *)0, 1)
#define VALUE_EXISTS(T, v)	__builtin_preserve_enum_value(*(T *)v, 0)
#define VALUE(T, v)	__builtin_preserve_enum_value(*(T *)v, 1)

static long (*sink)(long) = (void *)7;

#endif
