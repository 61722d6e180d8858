/* tests/tools/load.c - loads an object and says how each of its programs named
 * fared: "load [-v] [-a] OBJECT PROGRAM...".  A line for each, by tabs: name,
 * "ok" or what and hint, and the last line of the log.  -v: the whole log to
 * standard error; -a: attach, too. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/diag.h"

static void to_stderr(const char *what, const char *log)
{
	fprintf(stderr, "%s\n%s", what, log);
}

static struct bytes map_file(const char *path)
{
	struct bytes b = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return b;
	b.p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	b.n = b.p == MAP_FAILED ? 0 : (size_t)st.st_size;
	close(fd);
	return b;
}

static bool report(const char *name, int err, const struct diag *why)
{
	struct bytes last = diag_last_lines(why, 1);

	if (err >= 0)
		printf("%s\tok\n", name);
	else
		printf("%s\t%s\t%s\t%.*s\n", name, why->what, why->hint, (int)last.n, (const char *)last.p);
	return err >= 0;
}

int main(int argc, char **argv)
{
	bool attach = false, ok = true;
	struct object *o = NULL;
	struct diag why = {0};
	int opt, err;

	while ((opt = getopt(argc, argv, "va")) != -1) {
		attach |= opt == 'a';
		if (opt == 'v')
			diag_log_to(to_stderr);
	}
	if (argc - optind < 2) {
		fprintf(stderr, "usage: load [-v] [-a] OBJECT PROGRAM...\n");
		return 2;
	}
	err = object_open(&o, "load", map_file(argv[optind]), &why);
	if (!err)
		err = object_load(o, &why);
	for (int i = optind + 1; i < argc; i++) {
		struct diag own = why;
		int fd = o ? object_prog(o, argv[i], &own) : err;

		/* without maps no program was tried */
		if (fd == -ENODATA && err)
			own = why;
		if (fd >= 0 && attach)
			fd = object_attach(o, argv[i], &own);
		ok &= report(argv[i], fd, &own);
	}
	object_close(o);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
