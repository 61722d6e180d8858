/* loader/upload.h - gives an object's BTF to the kernel, in words that this
 * kernel knows. */
#ifndef LOADER_UPLOAD_H
#define LOADER_UPLOAD_H

#include "loader/image.h"

/* A copy of an object's BTF that may be changed: header, types, one INT of ours,
 * strings.  Whatever is rewritten keeps the length of its record and its id,
 * because instructions and maps hold ids. */
struct draft {
	const struct image *img;
	unsigned char *blob;	/* owned; 4-aligned */
	size_t len;
	u32 byte_type;		/* id of our INT: what rewritten members are made of */
};

/* As the newest kernel takes it: variables placed, externs gone, the header's
 * layout section (7.1) left out. */
int draft_open(struct draft *d, const struct image *img) MUST_CHECK;
void draft_close(struct draft *d);

/* The changes to BTF that kernels have learned, newest first: an older kernel
 * lacks that of its row and of all rows before it. */
enum { DRAFT_STEPS = 8 };

/* The release that step is about, "6.0". */
const char *draft_since(u32 step);
/* Rewrites what kernels before draft_since(step) refuse; whether there was any. */
bool draft_rewrite(struct draft *d, u32 step);

/* The descriptor, or -errno: a kernel that refuses even the oldest form gets no
 * BTF, which programs and maps can mostly do without.  Ids are those of
 * img->btf. */
int btf_upload(const struct image *img) MUST_CHECK;

#endif
