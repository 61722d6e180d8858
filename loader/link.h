/* loader/link.h - from the functions of an image to one flat program that the
 * kernel takes: types relocated, calls resolved, maps put in.  No kernel. */
#ifndef LOADER_LINK_H
#define LOADER_LINK_H

#include "loader/image.h"

struct diag;

/* libbpf's number for a call to a weak kernel function that is not there. */
enum { KFUNC_POISON = 2002000000 };

struct link {
	struct image *img;
	const struct btf *kernel;	/* with its names; NULL when nothing needs it */
	const struct wanted *names;
	const int *map_fd;		/* one for each img->map */
	const u64 *ksym;		/* as ksym_read() gives it; NULL when nothing needs it */
};

struct program {
	struct bpf_insn *insn;		/* owned, as the next three */
	u32 ninsn;
	struct func **func;		/* in the order of the code */
	u32 nfunc;
	struct uapi_func_info *func_info;
	u32 nfunc_info;			/* 0 or nfunc */
	struct uapi_line_info *line_info;
	u32 nline_info;			/* 0 when the kernel would not take them */
};

/* The names that the needed functions look for in the kernel's BTF. */
int link_want(struct image *img, struct wanted *names) MUST_CHECK;

/* Applies CO-RE to every needed function, in the order of the object.  What
 * fails is noted in the function.  -ENOMEM only. */
int link_relocate(struct image *img, struct core *core) MUST_CHECK;

int link_program(struct program *out, const struct link *l, struct func *entry,
		 struct diag *why) MUST_CHECK;
void program_free(struct program *p);

/* The CO-RE record of an instruction of a linked program. */
bool link_find_relo(const struct image *img, const struct program *p, u32 insn,
		    struct core_relo *out);

/* Id of the kernel type with exactly this name, without a flavour, and kind;
 * the first if there are several, 0 for none. */
u32 link_kernel_type(const struct btf *kernel, const struct wanted *names, u32 kind,
		     const char *name);

#endif
