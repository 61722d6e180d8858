/* loader/pack/pack.c - usage: pack LINKED PRODUCT; at build time.
 *
 * Writes the linked program as it ships: without symbols and sections, and with
 * its constants (.packed, see packed.ld) in their packed form, a quarter of the
 * size.  Their place in memory costs no byte of the file: it lies at the end,
 * behind .bss.  The packed form is laid over the start of .bss, which
 * loader/start.c clears again.  No instruction is packed: what runs is mapped
 * from the file as with any program, and nothing becomes executable. */
#include "loader/pack/squeeze.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINKED_MAX = 64 << 20 };

static unsigned char packed[PACK_MAX];

static void fail(const char *what)
{
	fprintf(stderr, "pack: %s\n", what);
	exit(1);
}

static struct bytes read_all(const char *path)
{
	unsigned char *p = malloc(LINKED_MAX);
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!p || !f)
		fail("cannot read the linked program");
	n = fread(p, 1, LINKED_MAX, f);
	if (ferror(f) || !feof(f))
		fail("cannot read the linked program to its end");
	fclose(f);
	return (struct bytes){p, n};
}

static const void *at(struct bytes b, u64 off, u64 len)
{
	const void *p = bytes_at(b, off, len);

	if (!p)
		fail("the linked program is cut short");
	return p;
}

static const Elf64_Shdr *find_section(struct bytes b, const char *name)
{
	const Elf64_Ehdr *e = at(b, 0, sizeof(*e));
	const Elf64_Shdr *s = at(b, e->e_shoff, (u64)e->e_shnum * sizeof(*s));
	size_t n = strlen(name) + 1;

	for (u32 i = 0; i < e->e_shnum; i++)
		if (!memcmp(at(b, s[e->e_shstrndx].sh_offset + s[i].sh_name, n), name, n))
			return &s[i];
	fail("a section is missing");
	return NULL;
}

/* Lays the packed form over the start of .bss, and says so in the header of what
 * nobody reads: nothing here unwinds. */
static u64 lay(struct bytes b, Elf64_Ehdr *e, Elf64_Phdr *ph, size_t n)
{
	const Elf64_Shdr *bss = find_section(b, ".bss"), *from = find_section(b, ".packed");
	Elf64_Phdr *data = NULL, *spare = NULL;

	for (u32 i = 0; i < e->e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD)
			data = &ph[i];
		else if (ph[i].p_type == PT_GNU_EH_FRAME)
			spare = &ph[i];
	}
	if (!data || !spare || bss->sh_size < n + PACK_MODEL_ALIGN + sizeof(struct pack_model) || from->sh_addr < bss->sh_addr + bss->sh_size ||
	    from->sh_addr + from->sh_size != data->p_vaddr + data->p_memsz || bss->sh_addr < data->p_vaddr)
		fail("sections are not where packed.ld puts them");
	*spare = (Elf64_Phdr){
		.p_type = PT_PACKED, .p_flags = PF_R, .p_align = 1,
		.p_offset = data->p_offset + (bss->sh_addr - data->p_vaddr),
		.p_vaddr = bss->sh_addr, .p_filesz = n, .p_paddr = from->sh_addr, .p_memsz = from->sh_size,
	};
	data->p_filesz = bss->sh_addr - data->p_vaddr + n;
	e->e_shoff = 0;
	e->e_shnum = e->e_shstrndx = 0;
	return spare->p_offset;
}

int main(int argc, char **argv)
{
	Elf64_Phdr ph[32] = {0};
	struct bytes b, constants;
	const Elf64_Shdr *from;
	Elf64_Ehdr e;
	u64 end;
	size_t n, heads;
	FILE *out;

	if (argc != 3)
		fail("usage: pack LINKED PRODUCT");
	b = read_all(argv[1]);
	memcpy(&e, at(b, 0, sizeof(e)), sizeof(e));
	if (memcmp(e.e_ident, ELFMAG, SELFMAG) || e.e_phnum > ARRAY_LEN(ph))
		fail("not a program");
	heads = e.e_phnum * sizeof(*ph);
	memcpy(ph, at(b, e.e_phoff, heads), heads);
	from = find_section(b, ".packed");
	constants = (struct bytes){at(b, from->sh_offset, from->sh_size), from->sh_size};
	if (constants.n > PACK_MAX)
		fail("more constants than PACK_MAX");
	n = squeeze(packed, sizeof(packed), constants);
	if (n > sizeof(packed))
		fail("constants that do not get smaller");
	end = lay(b, &e, ph, n);
	out = fopen(argv[2], "wb");
	if (!out || fwrite(&e, sizeof(e), 1, out) != 1 || fseek(out, (long)e.e_phoff, SEEK_SET) ||
	    fwrite(ph, heads, 1, out) != 1 || e.e_phoff + heads > end ||
	    fwrite(at(b, e.e_phoff + heads, end - e.e_phoff - heads), end - e.e_phoff - heads, 1, out) != 1 ||
	    fwrite(packed, n, 1, out) != 1 || fclose(out))
		fail("cannot write");
	return 0;
}
