/* loader/image.h - one BPF object as the compiler wrote it: functions, maps,
 * data.  Parsing only, no kernel.  Lives from object_open() to the end of
 * object_load(). */
#ifndef LOADER_IMAGE_H
#define LOADER_IMAGE_H

#include "loader/core.h"
#include "loader/elf.h"
#include "loader/ext.h"

struct diag;

enum {
	IMAGE_MAX_INSNS = 1000000,	/* BPF_COMPLEXITY_LIMIT_INSNS: more could never load */
	IMAGE_MAX_DATA = 64 << 20,	/* of all data sections; those of zeros count apart */
};

struct func {
	const char *name, *section;
	u32 sec;		/* ELF section */
	u32 start;		/* its first instruction there */
	u32 n;			/* instructions */
	struct bpf_insn *insn;	/* private copy, CO-RE is applied to it */
	u32 *sym;		/* for each instruction the symbol it refers to, or 0 */
	bool entry;		/* a program of its own, not only called */
	bool needed;		/* entry: load tries it */
	bool relocated;		/* a CO-RE record has been applied to it */
	int err;		/* CO-RE could not relocate it, at this record */
	struct core_relo bad;

	/* the linker's, for one program at a time */
	struct func *caller;
	u32 at;			/* place in the linked program */
	u32 scan;
	bool linked;
};

struct map_spec {
	const char *name;
	u32 sec;		/* ELF section and place in it: how code refers to it */
	u64 sec_off;
	u32 type, key_size, value_size, max_entries, flags, numa_node;
	u64 extra;
	u32 key_type, value_type;	/* BTF ids, 0 for none */
	unsigned char *init;	/* data section: its contents, value_size bytes; owned */
	bool readonly;		/* data section that user space freezes */
};

struct image {
	const char *name;
	struct elf elf;
	struct btf btf;
	void *btf_copy;		/* owned; the section is not always aligned */
	struct ext ext;
	const char *license;
	struct func *func;
	u32 nfunc;
	struct map_spec *map;
	u32 nmap;
	struct bpf_insn *insn;	/* of all functions */
	u32 *sym;
	u32 ninsn;
};

/* elf must outlive the image.  Words in *why on failure. */
int image_open(struct image *img, const char *name, struct bytes elf, struct diag *why) MUST_CHECK;
void image_close(struct image *img);

/* The second half of image_open(), in image_map.c. */
int image_read_maps(struct image *img, struct diag *why) MUST_CHECK;

struct func *image_func_at(struct image *img, u32 sec, u64 insn);
bool image_is_code(const struct elf *e, u32 sec);

/* What a symbol of the object stands for that is defined elsewhere. */
enum extern_kind {
	EXTERN_NONE,		/* it is defined here, or has no name */
	EXTERN_FUNC,		/* a function of the kernel */
	EXTERN_VAR,		/* a variable of the kernel, by its type */
	EXTERN_ADDRESS,		/* a symbol of the kernel, declared as void */
	EXTERN_CONFIG,		/* a line of the kernel's configuration */
	EXTERN_UNTYPED,		/* nobody knows */
};

/* *type is its FUNC or VAR, 0 when there is none; may be NULL. */
enum extern_kind image_extern(const struct image *img, u32 sym, u32 *type);

/* First type of that kind and name, 0 when there is none. */
u32 image_find_type(const struct image *img, u32 kind, const char *name);
/* Where a variable of a DATASEC lies: compilers leave it to the symbol. */
int image_var_offset(const struct image *img, u32 sec, const struct btf_type *datasec, u32 i,
		     u64 *off) MUST_CHECK;

#endif
