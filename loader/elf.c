/* loader/elf.c - bounded reader of one relocatable 64-bit ELF object. */
#include "loader/elf.h"

#include <errno.h>

#include "loader/uapi.h"

enum { MACHINE_BPF = 247 };	/* the first compilers left it EM_NONE */

static const void *table(struct bytes file, u64 off, u64 n, size_t each)
{
	const void *p;

	if (n > file.n / each)
		return NULL;
	p = bytes_at(file, off, n * each);
	return (uintptr_t)p % _Alignof(u64) ? NULL : p;
}

/* A string table that ends with NUL: any offset below n is a whole string. */
static int string_table(const struct elf *e, u32 sec, struct bytes *out)
{
	const Elf64_Shdr *sh;
	const unsigned char *p;

	if (sec >= e->nsec)
		return -EBADMSG;
	sh = &e->sec[sec];
	if (sh->sh_type != SHT_STRTAB)
		return -EBADMSG;
	p = bytes_at(e->file, sh->sh_offset, sh->sh_size);
	if (!p || !sh->sh_size || p[sh->sh_size - 1])
		return -EBADMSG;
	*out = (struct bytes){p, sh->sh_size};
	return 0;
}

static int open_sections(struct elf *e, const Elf64_Ehdr *eh)
{
	e->nsec = eh->e_shnum;
	if (!e->nsec || e->nsec >= SHN_LORESERVE || eh->e_shentsize != sizeof(*e->sec))
		return -EBADMSG;
	e->sec = table(e->file, eh->e_shoff, e->nsec, sizeof(*e->sec));
	if (!e->sec || string_table(e, eh->e_shstrndx, &e->secnames))
		return -EBADMSG;
	for (u32 i = 0; i < e->nsec; i++) {
		const Elf64_Shdr *sh = &e->sec[i];

		if (sh->sh_name >= e->secnames.n)
			return -EBADMSG;
		if (sh->sh_type != SHT_NOBITS && sh->sh_type != SHT_NULL &&
		    !bytes_at(e->file, sh->sh_offset, sh->sh_size))
			return -EBADMSG;
	}
	return 0;
}

static int open_symbols(struct elf *e, u32 sec)
{
	const Elf64_Shdr *sh = &e->sec[sec];

	if (e->sym || sh->sh_entsize != sizeof(*e->sym))
		return -EBADMSG;
	e->nsym = (u32)MIN(sh->sh_size / sizeof(*e->sym), (u64)UINT32_MAX);
	e->sym = table(e->file, sh->sh_offset, e->nsym, sizeof(*e->sym));
	if (!e->sym || string_table(e, sh->sh_link, &e->symnames))
		return -EBADMSG;
	for (u32 i = 0; i < e->nsym; i++)
		if (e->sym[i].st_name >= e->symnames.n)
			return -EBADMSG;
	return 0;
}

int elf_open(struct elf *out, struct bytes file)
{
	struct elf e = {.file = file};
	const Elf64_Ehdr *eh = table(file, 0, 1, sizeof(*eh));
	int err;

	if (!eh || memcmp(eh->e_ident, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_ident[EI_DATA] != ELFDATA2LSB ||
	    eh->e_type != ET_REL || (eh->e_machine != MACHINE_BPF && eh->e_machine != EM_NONE))
		return -ENOEXEC;
	err = open_sections(&e, eh);
	for (u32 i = 0; !err && i < e.nsec; i++)
		if (e.sec[i].sh_type == SHT_SYMTAB)
			err = open_symbols(&e, i);
	if (err)
		return err;
	*out = e;
	return 0;
}

struct bytes elf_data(const struct elf *e, u32 sec)
{
	const Elf64_Shdr *sh = &e->sec[sec];

	if (sh->sh_type == SHT_NOBITS || sh->sh_type == SHT_NULL)
		return (struct bytes){0};
	return (struct bytes){e->file.p + sh->sh_offset, sh->sh_size};
}

const char *elf_section_name(const struct elf *e, u32 sec)
{
	return (const char *)e->secnames.p + e->sec[sec].sh_name;
}

const char *elf_symbol_name(const struct elf *e, u32 sym)
{
	return (const char *)e->symnames.p + e->sym[sym].st_name;
}

u32 elf_find_section(const struct elf *e, const char *name)
{
	for (u32 i = 1; i < e->nsec; i++)
		if (!strcmp(elf_section_name(e, i), name))
			return i;
	return 0;
}
