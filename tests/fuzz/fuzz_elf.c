/* tests/fuzz/fuzz_elf.c - any bytes as an ELF file: accepted means that every
 * accessor stays inside. */
#include "tests/fuzz/mutate.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	u32 sink = 0;
	struct elf e;

	if (elf_open(&e, (struct bytes){p, n}))
		return 0;
	for (u32 i = 0; i < e.nsec; i++) {
		struct bytes data = elf_data(&e, i);

		sink += (u32)strlen(elf_section_name(&e, i));
		if (data.n)
			sink += data.p[0] + data.p[data.n - 1];
	}
	for (u32 i = 0; i < e.nsym; i++)
		sink += (u32)strlen(elf_symbol_name(&e, i));
	return sink == UINT32_MAX || elf_find_section(&e, ".BTF") >= e.nsec;
}

size_t LLVMFuzzerCustomMutator(unsigned char *p, size_t n, size_t max, unsigned seed)
{
	struct dice d = dice_new(seed);

	if (!roll(&d, 4))
		return LLVMFuzzerMutate(p, n, max);
	mutate_elf(&d, p, n);
	return n;
}
