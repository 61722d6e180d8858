/* loader/start.c - the first instructions of the program: they unpack its
 * constants and apply the relative relocations of DT_RELR, then go to the C
 * library's own start.
 *
 * Constants (texts, tables, probes) are packed in the file (loader/pack/pack.c),
 * which saves a quarter of it and takes three milliseconds here.
 *
 * A static-pie relocates itself.  As DT_REL its tables of pointers would take 16
 * bytes a pointer in the file, as DT_RELR a bit; but musl applies that form only
 * since 1.2.4.  Until it is applied no pointer in memory is right: this calls
 * nothing through one, and reaches what it needs relative to itself. */
#include "loader/unpack.h"

#include <elf.h>
#include <sys/mman.h>

/* ELF gABI, "Dynamic Section" */
enum { TAG_RELRSZ = 35, TAG_RELR = 36 };

#define HIDDEN	__attribute__((visibility("hidden")))

/* Both made by the linker; the program's first byte is where it was loaded. */
extern HIDDEN Elf64_Dyn _DYNAMIC[];
extern HIDDEN unsigned char __ehdr_start[];

HIDDEN void start_relocate(void);

/* The stack is as the kernel left it, which is as a call wants it, and as
 * _start finds it again. */
#if defined(__x86_64__)
__asm__(".pushsection .text.start_entry,\"ax\",@progbits\n"
	".globl start_entry\n"
	".hidden start_entry\n"
	".type start_entry,@function\n"
	"start_entry:\n"
	"	xor %ebp, %ebp\n"	/* the outermost frame */
	"	call start_relocate\n"
	"	jmp _start\n"
	".size start_entry, . - start_entry\n"
	".popsection\n");
#elif defined(__aarch64__)
__asm__(".pushsection .text.start_entry,\"ax\",@progbits\n"
	".globl start_entry\n"
	".hidden start_entry\n"
	".type start_entry,@function\n"
	"start_entry:\n"
	"	mov x29, xzr\n"		/* the outermost frame */
	"	mov x30, xzr\n"
	"	bl start_relocate\n"
	"	b _start\n"
	".size start_entry, . - start_entry\n"
	".popsection\n");
#else
#error "no entry for this architecture"
#endif

static const Elf64_Phdr *find_packed(void)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)(const void *)__ehdr_start;
	const Elf64_Phdr *ph = (const Elf64_Phdr *)(const void *)(__ehdr_start + e->e_phoff);

	for (u32 i = 0; i < e->e_phnum; i++)
		if (ph[i].p_type == PT_PACKED)
			return &ph[i];
	return NULL;	/* as it was linked, or a test */
}

/* What is packed lies where variables begin as zero, and so does the model. */
static void start_unpack(void)
{
	const Elf64_Phdr *ph = find_packed();
	unsigned char *from;
	struct pack_model *m;

	if (!ph)
		return;
	from = __ehdr_start + ph->p_vaddr;
	m = (struct pack_model *)(((uintptr_t)from + ph->p_filesz + PACK_MODEL_ALIGN) & -(uintptr_t)PACK_MODEL_ALIGN);
	if (!unpack(__ehdr_start + ph->p_paddr, ph->p_memsz, (struct bytes){from, ph->p_filesz}, m))
		__builtin_trap();
	memset(from, 0, (size_t)((unsigned char *)(m + 1) - from));
}

/* Constants stay constant: the linker gave them pages of their own.  Where it is
 * refused, they are right and not guarded. */
__attribute__((constructor)) static void start_protect(void)
{
	const Elf64_Phdr *ph = find_packed();

	if (ph)
		mprotect(__ehdr_start + ph->p_paddr, ph->p_memsz, PROT_READ);
}

/* A word of the table is an address, which holds a pointer, or, when odd, a map
 * of the 63 words after those that the words before it spoke of (ELF gABI,
 * "Relative Relocation Table"). */
void start_relocate(void)
{
	const u64 base = (u64)(uintptr_t)__ehdr_start;
	const u64 *table = NULL;
	u64 *at = NULL, n = 0;

	start_unpack();
	for (Elf64_Dyn *d = _DYNAMIC; d->d_tag != DT_NULL; d++) {
		if (d->d_tag == TAG_RELR) {
			table = (const u64 *)(uintptr_t)(base + d->d_un.d_ptr);
		} else if (d->d_tag == TAG_RELRSZ) {
			n = d->d_un.d_val / sizeof(*table);
			d->d_un.d_val = 0;	/* a C library that can do it finds it done */
		}
	}
	for (; table && n; n--, table++) {
		u64 word = *table;

		if (!(word & 1)) {
			at = (u64 *)(uintptr_t)(base + word);
			*at++ += base;
			continue;
		}
		for (u32 i = 0; word >>= 1; i++)
			if (word & 1)
				at[i] += base;
		at += 63;
	}
}
