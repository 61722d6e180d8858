/* tests/fuzz/fuzz_ext.c - any bytes as .BTF.ext: every record of every run lies
 * inside, a walk ends, and what it met is all there is. */
#include <stdlib.h>

#include "tests/fuzz/mutate.h"

static u32 sink;

static u64 walk(const struct ext *e, enum ext_kind kind, struct bytes blob)
{
	struct ext_run run;
	u64 met = 0;

	for (u32 at = 0; ext_next(e, kind, &at, &run);) {
		u64 len = (u64)run.n * run.stride;

		if (!bytes_at(blob, (u64)(run.rec - blob.p), len))
			abort();
		sink += run.rec[0] + run.rec[len - 1] + (u32)strlen(run.section);
		met += 2 * sizeof(u32) + len;
	}
	return met;
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	static const unsigned char names[] = "\0.text\0syscall";
	const struct btf btf = {.strs = {names, sizeof(names)}, .n = 1};
	const struct bytes blob = {p, n};
	struct ext e;

	if (ext_open(&e, &btf, blob))
		return 0;
	for (u32 k = 0; k < EXT_KINDS; k++)
		if (walk(&e, (enum ext_kind)k, blob) != e.part[k].n)
			abort();
	return sink == UINT32_MAX;
}

size_t LLVMFuzzerCustomMutator(unsigned char *p, size_t n, size_t max, unsigned seed)
{
	struct dice d = dice_new(seed);

	if (!roll(&d, 4))
		return LLVMFuzzerMutate(p, n, max);
	mutate_ext(&d, p, n);
	return n;
}
