/* tests/tools/elffile.h - an object file for the tools around the loader. */
#ifndef TESTS_TOOLS_ELFFILE_H
#define TESTS_TOOLS_ELFFILE_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/image.h"
#include "loader/object.h"

enum { OBJECT_NAME = 32 };

struct elffile {
	char name[OBJECT_NAME];	/* "load_maps" of ".../load_maps.bpf.o" */
	struct bytes elf;
	struct image img;	/* its programs: functions that are an entry */
};

static inline struct bytes map_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *mem = MAP_FAILED;

	if (fd >= 0 && !fstat(fd, &st) && st.st_size)
		mem = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (mem == MAP_FAILED)
		return (struct bytes){NULL, 0};
	return (struct bytes){mem, (size_t)st.st_size};
}

/* False, with words on standard error, for what is no object. */
static inline bool elffile_open(struct elffile *f, const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct diag why = {.what = "cannot be read"};

	snprintf(f->name, sizeof(f->name), "%.*s", (int)strcspn(base, "."), base);
	f->elf = map_file(path);
	if (f->elf.n && !image_open(&f->img, f->name, f->elf, &why))
		return true;
	fprintf(stderr, "%s: %s\n", path, why.what);
	return false;
}

static inline void elffile_close(struct elffile *f)
{
	image_close(&f->img);
	munmap((void *)(uintptr_t)f->elf.p, f->elf.n);
}

/* The object with this program alone wanted; "" for none. */
static inline bool open_alone(const struct elffile *f, const char *prog, struct object **o,
			      struct diag *why)
{
	if (object_open(o, f->name, f->elf, why))
		return false;
	for (u32 i = 0; i < f->img.nfunc; i++) {
		const struct func *fn = &f->img.func[i];

		if (fn->entry && object_want(*o, fn->name, !strcmp(fn->name, prog)))
			return false;
	}
	return true;
}

#endif
