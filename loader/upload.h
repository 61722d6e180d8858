/* loader/upload.h - gives an object's BTF to the kernel, in words that this
 * kernel knows. */
#ifndef LOADER_UPLOAD_H
#define LOADER_UPLOAD_H

#include "loader/image.h"

/* The descriptor, or -errno.  Type ids are those of img->btf. */
int btf_upload(const struct image *img) MUST_CHECK;

#endif
