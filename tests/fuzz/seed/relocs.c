/* tests/fuzz/seed/relocs.c - a record of every kind that the compiler writes. */
#define SEED_ATTR __attribute__((preserve_access_index))
#include "tests/fuzz/seed/kernel.h"

#define FIELD(f, kind)	__builtin_preserve_field_info(f, kind)
#define TYPE(t, kind)	__builtin_preserve_type_info(*(t *)0, kind)
#define ENUMERATOR(v, kind)	__builtin_preserve_enum_value(*(enum colour *)v, kind)

__attribute__((section("iter/task"))) int fields(struct task *t)
{
	u64 sum = 0;

	if (!t)
		return 0;
	sum += FIELD(t->flags, 0) + FIELD(t->state, 1) + FIELD(t->o, 2) +
	       FIELD(t->sign, 3) + FIELD(t->bits, 4) + FIELD(t->more, 5);
	return (int)(sum + t->flags + t->state + t->in[2].b + t->moved[1] + t->tail[3]);
}

__attribute__((section("raw_tp/x"))) int types(struct task *t)
{
	return (int)(__builtin_btf_type_id(*t, 0) + __builtin_btf_type_id(*t, 1) +
		     TYPE(struct task, 0) + TYPE(struct inner, 1) + TYPE(handler, 0) +
		     ENUMERATOR(RED, 0) + ENUMERATOR(GREEN, 1));
}

char LICENSE[] __attribute__((section("license"))) = "GPL";
