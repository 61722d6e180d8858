/* tests/fuzz/fuzz_btf.c - any bytes as BTF, asked for everything about every
 * type, and as the target of the CO-RE records of itself. */
#include <stdlib.h>

#include "tests/fuzz/mutate.h"

enum { TYPES_MAX = 32, ACCESS_MAX = 4 };	/* of one input: keeps a run short */

static void relocate(struct core *c, u32 id, u32 str_off)
{
	char text[64];

	for (u32 kind = 0; kind <= CORE_KINDS; kind++) {
		struct core_relo r = {.type_id = id, .access_off = str_off, .kind = kind};
		struct bpf_insn insn[2] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}};
		struct core_result res;

		if (!core_resolve(c, &r, &res) && core_patch(insn, 2, &res) < 0)
			insn[0].code = 0;
		core_describe(c->local, &r, text, sizeof(text));
	}
}

/* The strings of an input that look like one serve as access strings. */
static void relocate_all(const struct btf *b, struct wanted *names)
{
	struct core core;
	u32 used = 0;

	if (core_open(&core, b, b, names))
		return;
	for (u32 off = 1; off < b->strs.n && used < ACCESS_MAX;) {
		const char *s = btf_str(b, off);

		for (u32 id = 0; *s >= '0' && *s <= '9' && id < MIN(b->n, (u32)TYPES_MAX); id++)
			relocate(&core, id, off);
		used += *s >= '0' && *s <= '9';
		off += (u32)strlen(s) + 1;
	}
	core_close(&core);
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct wanted *names = calloc(1, sizeof(*names));
	struct btf b, again;
	u32 size, sum = 0;

	if (!names || btf_open(&b, (struct bytes){p, n}, NULL)) {
		free(names);
		return 0;
	}
	for (u32 id = 0; id < b.n; id++) {
		const struct btf_type *t = btf_type(&b, id);
		struct core_relo r = {.type_id = id};

		sum += btf_skip(&b, id) + (u32)strlen(btf_name(&b, t));
		sum += btf_size(&b, id, &size) ? 0 : size;
		if (core_want(names, &b, &r))
			break;
	}
	if (!btf_open(&again, (struct bytes){p, n}, names)) {
		relocate_all(&again, names);
		btf_close(&again);
	}
	wanted_free(names);
	free(names);
	btf_close(&b);
	return sum == UINT32_MAX;
}

size_t LLVMFuzzerCustomMutator(unsigned char *p, size_t n, size_t max, unsigned seed)
{
	struct dice d = dice_new(seed);

	if (!roll(&d, 8))
		return LLVMFuzzerMutate(p, n, max);
	return mutate_btf(&d, p, n, max);
}
