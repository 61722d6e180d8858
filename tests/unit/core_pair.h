/* tests/unit/core_pair.h - two made-up BTFs, local and target, and one record
 * asked of them. */
#ifndef TESTS_UNIT_CORE_PAIR_H
#define TESTS_UNIT_CORE_PAIR_H

#include <errno.h>

#include "loader/core.h"
#include "tests/unit/btf_gen.h"
#include "tests/unit/test.h"

/* Local types l, target types t; then pair_open(). */
static struct pair {
	struct gen l, t;
	struct btf lb, tb;
	struct wanted names;
	struct core core;
} p;

static inline void pair_reset(void)
{
	static const char *const access[] = {"0", "0:0", "0:1", "0:2", "1", "0:0:0", "0:0:5",
					     "2:1", "0:1:1", "0:", "x", "0:9", "0:0:0:0", "9",
					     "2147483648:0", "2147483647:0"};

	memset(&p, 0, sizeof(p));
	for (size_t i = 0; i < ARRAY_LEN(access); i++)
		gen_str(&p.l, access[i]);
}

static inline void pair_open(void)
{
	CHECK_EQ(btf_open(&p.lb, gen_blob(&p.l), NULL), 0);
	for (u32 id = 1; id < p.lb.n; id++) {
		struct core_relo r = {.type_id = id};

		CHECK_EQ(core_want(&p.names, &p.lb, &r), 0);
	}
	CHECK_EQ(btf_open(&p.tb, gen_blob(&p.t), &p.names), 0);
	CHECK_EQ(core_open(&p.core, &p.lb, &p.tb, &p.names), 0);
}

static inline void pair_close(void)
{
	core_close(&p.core);
	wanted_free(&p.names);
	btf_close(&p.lb);
	btf_close(&p.tb);
}

static inline struct core_relo record(u32 id, const char *access, u32 kind)
{
	struct core_relo r = {.type_id = id, .kind = kind};

	for (u32 off = 1; off < p.lb.strs.n; off += (u32)strlen(btf_str(&p.lb, off)) + 1)
		if (!strcmp(btf_str(&p.lb, off), access))
			r.access_off = off;
	return r;
}

static inline int resolve(u32 id, const char *access, u32 kind, struct core_result *res)
{
	struct core_relo r = record(id, access, kind);

	memset(res, 0, sizeof(*res));
	return core_resolve(&p.core, &r, res);
}

/* The value, or a mark for what is none. */
enum { POISONED = 0xdead, FAILED = 0xfa11 };

static inline u64 value(u32 id, const char *access, u32 kind)
{
	struct core_result res;

	if (resolve(id, access, kind, &res))
		return FAILED;
	return res.poison ? POISONED : res.new;
}

#endif
