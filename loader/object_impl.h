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

struct load {
	struct object *o;
	struct image *img;
	struct kbtf kbtf;
	struct btf kernel;
	struct wanted *names;
	int btf_fd;		/* of the object's types; negative for none */
	int *map_fd;
	u64 *ksym;		/* addresses of typeless externs, by symbol; NULL for none */
	bool raised;		/* RLIMIT_MEMLOCK */
	bool know;
	struct diag_facts facts;
};

const struct diag_facts *load_facts(struct load *l);
/* Before 5.11 the kernel charges maps and programs to RLIMIT_MEMLOCK, 64 KiB
 * by default, and says EPERM.  True when a second try may go better. */
bool load_raise_memlock(struct load *l);

int load_maps(struct load *l, struct diag *why) MUST_CHECK;
int load_progs(struct load *l, struct diag *why) MUST_CHECK;

/* The work of object_load(); keeps nothing but descriptors and reasons in o. */
int load_image(struct object *o, struct diag *why) MUST_CHECK;

/* "bpf_iter_task": the kernel type that the verifier attaches a program to.
 * False when it needs none; *row is NULL when its section means nothing. */
enum { LOAD_TEXT = 128 };

bool load_target_name(const struct obj_prog *p, const struct attach_row **row,
		      char name[LOAD_TEXT]);

#endif
