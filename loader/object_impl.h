/* loader/object_impl.h - inside of an object: what is left after load, and
 * what load works with.  Only object.c and load*.c include it. */
#ifndef LOADER_OBJECT_IMPL_H
#define LOADER_OBJECT_IMPL_H

#include "loader/attach.h"
#include "loader/diag.h"
#include "loader/image.h"
#include "loader/kbtf.h"
#include "loader/object.h"

struct obj_prog {
	const char *name, *section;
	bool want;
	bool in_hook;		/* load attaches it */
	int fd;			/* -1: none */
	struct attached at;
	u32 func;		/* in image->func */
	struct diag *why;	/* owned: why it was not loaded */
};

/* Rows are those of image->map. */
struct obj_map {
	const char *name;
	int fd;			/* -1: none */
	u32 type, key_size, value_size, max_entries;
	void *mem;		/* owned mapping of len bytes */
	size_t len;
};

/* A variable of a data section. */
struct obj_var {
	const char *name;
	u32 map;
	u32 off, size;
};

/* One allocation: the arrays and the names follow the struct. */
struct object {
	struct image *img;	/* owned; NULL after load */
	struct obj_prog *prog;
	struct obj_map *map;
	struct obj_var *var;
	u32 nprog, nmap, nvar;
	const struct object_hook *hook;	/* the caller's */
	u32 nhook;
	char name[16];
};

struct obj_prog *object_find_prog(const struct object *o, const char *name);
/* 0 or -errno; the reason in *why. */
int object_attach_prog(struct obj_prog *p, struct diag *why) MUST_CHECK;

/* ---- what load works with ----------------------------------------------------- */

enum { LOAD_TEXT = 128 };

struct load {
	struct object *o;
	struct image *img;
	struct kbtf kbtf;
	struct btf kernel;	/* empty when nothing needs it, or kernel_err says why */
	int kernel_err;
	char (*target)[LOAD_TEXT];	/* by program, see load_target_name() */
	struct wanted *names;
	int btf_fd;		/* of the object's types; negative for none */
	int *map_fd;
	u64 *ksym;		/* as ksym_read() gives it */
	bool raised;		/* RLIMIT_MEMLOCK */
	bool know;
	struct diag_facts facts;
};

const struct diag_facts *load_facts(struct load *l);
/* Before 5.11 the kernel charges maps and programs to RLIMIT_MEMLOCK, 64 KiB
 * by default, and says EPERM.  True when a second try may go better. */
bool load_raise_memlock(struct load *l);

/* "bpf_iter_task": the kernel type that the verifier attaches a program to.
 * False when it needs none; *row is NULL when its section means nothing. */
bool load_target_name(const struct obj_prog *p, const struct attach_row **row,
		      char name[LOAD_TEXT]);

/* The steps of load, in this order; load_end() follows whatever failed.  The
 * kernel's types are those of the file at btf_path. */
int load_begin(struct load *l, struct object *o, const char *btf_path,
	       struct diag *why) MUST_CHECK;
int load_relocate(struct load *l, struct diag *why) MUST_CHECK;
void load_types(struct load *l);
int load_maps(struct load *l, struct diag *why) MUST_CHECK;
int load_progs(struct load *l, struct diag *why) MUST_CHECK;
void load_end(struct load *l);

/* One program, ready for bpf_prog_load(): *code, which the caller frees, and
 * *args, which points into it. */
struct program;
struct bpf_prog_args;
int load_prepare(struct load *l, const struct obj_prog *p, struct program *code,
		 struct bpf_prog_args *args, struct diag *why) MUST_CHECK;

/* All of them: the work of object_load().  Keeps nothing but descriptors and
 * reasons in o. */
int load_image(struct object *o, struct diag *why) MUST_CHECK;

#endif
