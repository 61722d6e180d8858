/* tests/tools/link.c - usage: link BTF OBJECT.bpf.o...
 *
 * Prints the final instructions of each program, fields relocated for the kernel
 * that the BTF file is of; functions, variables and symbols are those of this
 * kernel, as libbpf has it in the counterpart, tests/oracle/link_libbpf.c.
 * Nothing is loaded.  A program that cannot be linked has "error" for its
 * instructions, the reason is on standard error. */
#include <stdlib.h>

#include "loader/kbtf.h"
#include "loader/link.h"
#include "loader/object_impl.h"
#include "tests/tools/elffile.h"
#include "tests/tools/insns.h"

static const char *name_of(void *arg, int fd)
{
	const struct image *img = arg;

	return img->map[fd].name;
}

/* Fields are those of the BTF file, functions and variables those of this kernel. */
static int link_one(struct load *types, const struct load *kernel, const char *prog,
		    struct program *code, struct diag *why)
{
	struct image *img = types->img;
	int *fake = calloc(img->nmap + 1u, sizeof(*fake));
	const struct link in = {img, &kernel->kernel, kernel->names, fake, kernel->ksym};
	int err = load_relocate(types, why);

	for (u32 m = 0; m < img->nmap; m++)
		fake[m] = (int)m;
	if (!err)
		err = link_program(code, &in, &img->func[object_find_prog(types->o, prog)->func],
				   why);
	free(fake);
	return err;
}

static void print_program(const struct elffile *f, const struct func *fn, const char *btf)
{
	struct load types = {.btf_fd = -1}, kernel = types;
	struct program code;
	struct object *o = NULL;
	struct diag why;
	int err = -1;

	if (open_alone(f, fn->name, &o, &why)) {
		err = load_begin(&types, o, btf, &why);
		if (!err)
			err = load_begin(&kernel, o, KBTF_PATH, &why);
		if (!err && types.kernel_err)
			err = diag_say(&why, -types.kernel_err, "%s: no BTF", btf);
		if (!err)
			err = link_one(&types, &kernel, fn->name, &code, &why);
	}
	if (err) {
		printf("%s\nerror\n", fn->name);
		fprintf(stderr, "%s: %s: %s\n", f->name, fn->name, why.what);
	} else {
		print_insns(fn->name, code.insn, code.ninsn, name_of, types.img);
		program_free(&code);
	}
	load_end(&types);
	load_end(&kernel);
	object_close(o);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: link BTF OBJECT.bpf.o...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		struct elffile f;

		if (!elffile_open(&f, argv[i]))
			return 1;
		for (u32 k = 0; k < f.img.nfunc; k++)
			if (f.img.func[k].entry)
				print_program(&f, &f.img.func[k], argv[1]);
		elffile_close(&f);
	}
	return 0;
}
