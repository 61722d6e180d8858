/* loader/elf.h - bounded reader of one relocatable 64-bit ELF object.
 *
 * elf_open() checks the whole container once: every table, name and section
 * body lies inside the file.  The accessors after it cannot fail. */
#ifndef LOADER_ELF_H
#define LOADER_ELF_H

#include <elf.h>

#include "loader/base.h"

struct elf {
	struct bytes file;
	const Elf64_Shdr *sec;
	u32 nsec;
	struct bytes secnames;
	const Elf64_Sym *sym;	/* sym[0] is the null symbol */
	u32 nsym;
	struct bytes symnames;
};

/* Points into file, owns nothing.  -ENOEXEC: not a little-endian BPF object;
 * -EBADMSG: something in it lies outside of it. */
int elf_open(struct elf *out, struct bytes file) MUST_CHECK;

/* Empty for sections without bytes (SHT_NOBITS). */
struct bytes elf_data(const struct elf *e, u32 sec);
const char *elf_section_name(const struct elf *e, u32 sec);
const char *elf_symbol_name(const struct elf *e, u32 sym);
/* Index of the first section of that name, 0 when there is none. */
u32 elf_find_section(const struct elf *e, const char *name);

#endif
