/* tests/unit/btf_gen.h - writes small BTF blobs for tests.  Ids count from 1 in
 * the order of the calls; members follow their type. */
#ifndef TESTS_UNIT_BTF_GEN_H
#define TESTS_UNIT_BTF_GEN_H

#include <stdlib.h>

#include "loader/btf.h"

enum { GEN_WORDS = 2048, GEN_CHARS = 2048 };

struct gen {
	u32 word[GEN_WORDS];
	u32 nword, ntype;
	char str[GEN_CHARS];
	u32 nstr;
	u32 blob[GEN_WORDS + GEN_CHARS / 4 + 16];
};

static inline u32 gen_str(struct gen *g, const char *s)
{
	u32 at = g->nstr ? g->nstr : 1;
	size_t n = strlen(s) + 1;

	if (!*s)
		return 0;
	if (at + n > GEN_CHARS)
		abort();
	memcpy(g->str + at, s, n);
	g->nstr = at + (u32)n;
	return at;
}

static inline void gen_word(struct gen *g, u32 w)
{
	if (g->nword == GEN_WORDS)
		abort();
	g->word[g->nword++] = w;
}

/* size is the type referred to for kinds that have no size. */
static inline u32 gen_type(struct gen *g, const char *name, u32 kind, u32 vlen, u32 size)
{
	gen_word(g, gen_str(g, name));
	gen_word(g, kind << 24 | vlen);
	gen_word(g, size);
	return ++g->ntype;
}

enum { GEN_KFLAG = 0x80 };	/* or it to a kind */

static inline u32 gen_int(struct gen *g, const char *name, u32 size, u32 encoding)
{
	u32 id = gen_type(g, name, KIND_INT, 0, size);

	gen_word(g, encoding << 24 | size * 8);
	return id;
}

static inline u32 gen_ptr(struct gen *g, u32 to)
{
	return gen_type(g, "", KIND_PTR, 0, to);
}

static inline u32 gen_array(struct gen *g, u32 of, u32 n)
{
	u32 id = gen_type(g, "", KIND_ARRAY, 0, 0);

	gen_word(g, of);
	gen_word(g, 0);
	gen_word(g, n);
	return id;
}

static inline void gen_member(struct gen *g, const char *name, u32 type, u32 bit_off)
{
	gen_word(g, gen_str(g, name));
	gen_word(g, type);
	gen_word(g, bit_off);
}

/* A structure of one member. */
static inline u32 gen_struct1(struct gen *g, const char *name, u32 size, const char *member,
			      u32 type, u32 bit_off)
{
	u32 id = gen_type(g, name, KIND_STRUCT, 1, size);

	gen_member(g, member, type, bit_off);
	return id;
}

static inline void gen_enumerator(struct gen *g, const char *name, s32 value)
{
	gen_word(g, gen_str(g, name));
	gen_word(g, (u32)value);
}

static inline struct bytes gen_blob(struct gen *g)
{
	const u32 types = g->nword * 4, strs = g->nstr ? g->nstr : 1;
	/* the first six words of struct btf_header: since 7.1 it has eight */
	const u32 h[6] = {BTF_VERSION << 16 | BTF_MAGIC, sizeof(h), 0, types, types, strs};
	unsigned char *p = (unsigned char *)g->blob;

	memcpy(p, h, sizeof(h));
	memcpy(p + sizeof(h), g->word, types);
	memcpy(p + sizeof(h) + types, g->str, strs);
	return (struct bytes){p, sizeof(h) + types + strs};
}

#endif
