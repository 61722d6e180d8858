/* tests/tools/loadtime.c - "loadtime OBJECT.o...": loads every program of every
 * object with the product's loader and says when that was done, as
 * tests/oracle/load_libbpf.c does with libbpf.  Nothing is attached. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/object.h"
#include "tests/loaded.h"

static int map_file(const char *path, struct bytes *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p = MAP_FAILED;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return -1;
	*out = (struct bytes){p, (size_t)st.st_size};
	return 0;
}

static int load(const char *path)
{
	struct object *o;
	struct bytes elf;
	struct diag why;

	if (map_file(path, &elf)) {
		perror(path);
		return -1;
	}
	/* stays open until the process ends, as a user of the programs would keep it */
	if (object_open(&o, "bench", elf, &why) || object_load(o, &why)) {
		fprintf(stderr, "%s: %s\n%s", path, why.what, why.log);
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: loadtime OBJECT.o...\n", stderr);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		if (load(argv[i]))
			return 1;
	return say_loaded();
}
