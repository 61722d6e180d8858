/* tests/oracle/load_libbpf.c - "load_libbpf OBJECT.o...": the same work as
 * tests/tools/loadtime.c, done by the distribution's libbpf. */
#include <bpf/libbpf.h>
#include <stdio.h>

#include "tests/loaded.h"

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: load_libbpf OBJECT.o...\n", stderr);
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		struct bpf_object *o = bpf_object__open_file(argv[i], NULL);

		if (!o || bpf_object__load(o)) {
			perror(argv[i]);
			return 1;
		}
	}
	return say_loaded();
}
