/* loader/object_impl.h - inside of an object: what is left after load, and
 * what load works with.  Only object.c and load.c include it. */
#ifndef LOADER_OBJECT_IMPL_H
#define LOADER_OBJECT_IMPL_H

#include "loader/attach.h"
#include "loader/image.h"
#include "loader/object.h"

struct obj_prog {
	const char *name, *section;
	bool want;
	int fd, link_fd;	/* -1: none */
	u32 func;		/* in image->func */
	struct diag *why;	/* owned: why it was not loaded */
};

/* Rows are those of image->map. */
struct obj_map {
	const char *name;
	int fd;			/* -1: none */
	u32 value_size, max_entries;
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
	char name[16];
};

/* The work of object_load(); keeps nothing but descriptors and reasons in o. */
int load_image(struct object *o, struct diag *why) MUST_CHECK;

#endif
