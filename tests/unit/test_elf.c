/* tests/unit/test_elf.c - the bounded ELF reader: one small good object, then
 * the same with one field broken. */
#include "loader/elf.h"

#include <errno.h>

#include "tests/unit/test.h"

enum { N_SEC = 5, TEXT = 1, SYMTAB = 2, STRTAB = 3, BSS = 4, N_SYM = 2 };

struct file {
	Elf64_Ehdr eh;
	Elf64_Shdr sh[N_SEC];
	Elf64_Sym sym[N_SYM];
	unsigned char text[16];
	char names[32];
};

static const char names[32] = "\0.text\0.symtab\0.strtab\0.bss\0go";

#define AT(field) offsetof(struct file, field)

static struct file good(void)
{
	struct file f = {
		.eh = {
			.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
			.e_type = ET_REL,
			.e_machine = 247,
			.e_shoff = AT(sh),
			.e_shentsize = sizeof(Elf64_Shdr),
			.e_shnum = N_SEC,
			.e_shstrndx = STRTAB,
		},
		.sh = {
			[TEXT] = {.sh_name = 1, .sh_type = SHT_PROGBITS, .sh_offset = AT(text),
				  .sh_size = 16},
			[SYMTAB] = {.sh_name = 7, .sh_type = SHT_SYMTAB, .sh_offset = AT(sym),
				    .sh_size = sizeof(f.sym), .sh_entsize = sizeof(Elf64_Sym),
				    .sh_link = STRTAB},
			[STRTAB] = {.sh_name = 15, .sh_type = SHT_STRTAB, .sh_offset = AT(names),
				    .sh_size = sizeof(names)},
			[BSS] = {.sh_name = 23, .sh_type = SHT_NOBITS, .sh_offset = UINT64_MAX,
				 .sh_size = 4096},
		},
		.sym = {{0}, {.st_name = 28, .st_shndx = TEXT}},
	};

	memcpy(f.names, names, sizeof(names));
	return f;
}

static int open_file(struct elf *e, const struct file *f)
{
	return elf_open(e, (struct bytes){(const unsigned char *)f, sizeof(*f)});
}

static void test_good(void)
{
	struct file f = good();
	struct elf e;

	CHECK_EQ(open_file(&e, &f), 0);
	CHECK_EQ(e.nsec, N_SEC);
	CHECK_EQ(e.nsym, N_SYM);
	CHECK_STR(elf_section_name(&e, TEXT), ".text");
	CHECK_STR(elf_symbol_name(&e, 1), "go");
	CHECK_EQ(elf_data(&e, TEXT).n, 16);
	CHECK(elf_data(&e, TEXT).p == f.text);
	CHECK_EQ(elf_data(&e, BSS).n, 0);
	CHECK_EQ(elf_find_section(&e, ".bss"), BSS);
	CHECK_EQ(elf_find_section(&e, ".nope"), 0);
}

/* One field of the good file, overwritten. */
static const struct {
	size_t at, n;
	u64 value;
	int want;
} broken[] = {
	{AT(eh.e_ident[0]), 1, 0, -ENOEXEC},
	{AT(eh.e_ident[EI_CLASS]), 1, ELFCLASS32, -ENOEXEC},
	{AT(eh.e_ident[EI_DATA]), 1, ELFDATA2MSB, -ENOEXEC},
	{AT(eh.e_type), 2, ET_EXEC, -ENOEXEC},
	{AT(eh.e_machine), 2, 62, -ENOEXEC},
	{AT(eh.e_shoff), 8, sizeof(struct file), -EBADMSG},
	{AT(eh.e_shoff), 8, UINT64_MAX - 8, -EBADMSG},
	{AT(eh.e_shoff), 8, AT(sh) + 1, -EBADMSG},
	{AT(eh.e_shentsize), 2, 63, -EBADMSG},
	{AT(eh.e_shnum), 2, 0, -EBADMSG},
	{AT(eh.e_shnum), 2, 0xff00, -EBADMSG},
	{AT(eh.e_shstrndx), 2, N_SEC, -EBADMSG},
	{AT(eh.e_shstrndx), 2, TEXT, -EBADMSG},
	{AT(sh[TEXT].sh_name), 4, sizeof(names), -EBADMSG},
	{AT(sh[TEXT].sh_offset), 8, UINT64_MAX, -EBADMSG},
	{AT(sh[TEXT].sh_size), 8, UINT64_MAX, -EBADMSG},
	{AT(sh[TEXT].sh_size), 8, sizeof(struct file), -EBADMSG},
	{AT(sh[SYMTAB].sh_entsize), 8, 0, -EBADMSG},
	{AT(sh[SYMTAB].sh_link), 4, 99, -EBADMSG},
	{AT(sh[SYMTAB].sh_offset), 8, AT(sym) + 4, -EBADMSG},
	{AT(sh[STRTAB].sh_size), 8, 0, -EBADMSG},
	{AT(sh[STRTAB].sh_size), 8, 3, -EBADMSG},	/* not closed by NUL */
	{AT(sh[TEXT].sh_type), 4, SHT_SYMTAB, -EBADMSG},	/* a second one */
	{AT(sym[1].st_name), 4, sizeof(names), -EBADMSG},
};

static void test_broken(void)
{
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		struct file f = good();
		struct elf e;

		memcpy((char *)&f + broken[i].at, &broken[i].value, broken[i].n);
		CHECK_EQ_ROW(i, open_file(&e, &f), broken[i].want);
	}
}

/* No prefix of a file is accepted: the names are its last bytes. */
static void test_cut(void)
{
	struct file f = good();
	struct elf e;

	for (size_t n = 0; n < sizeof(f); n++)
		CHECK_ROW(n, elf_open(&e, (struct bytes){(unsigned char *)&f, n}) < 0);
}

TESTS(elf, {"good", test_good}, {"broken", test_broken}, {"cut", test_cut})
