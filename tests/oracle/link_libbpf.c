/* tests/oracle/link_libbpf.c - usage: link_libbpf BTF OBJECT.bpf.o...
 *
 * What tests/tools/link.c prints, as libbpf does it.  libbpf makes its maps in
 * the kernel; the program is caught on its way there and not loaded. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "tests/tools/insns.h"

static bool printed;

static const char *name_of(void *arg, int fd)
{
	struct bpf_object *o = arg;
	struct bpf_map *map;

	bpf_object__for_each_map(map, o)
		if (bpf_map__fd(map) == fd)
			return bpf_map__name(map);
	return "?";
}

static struct bpf_object *current;

static int catch(struct bpf_program *prog, struct bpf_prog_load_opts *opts, long cookie)
{
	(void)opts;
	(void)cookie;
	print_insns(bpf_program__name(prog), bpf_program__insns(prog), bpf_program__insn_cnt(prog),
		    name_of, current);
	printed = true;
	return -ECANCELED;
}

/* The n-th program of the object alone; false when there is none. */
static bool print_program(const char *path, const char *btf, int n)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = btf);
	struct bpf_program *prog, *mine = NULL;
	int i = 0;

	current = bpf_object__open_file(path, &opts);
	if (!current) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	bpf_object__for_each_program(prog, current) {
		bpf_program__set_autoload(prog, i == n);
		if (i++ == n)
			mine = prog;
	}
	printed = false;
	if (mine && bpf_object__load(current) && !printed)
		printf("%s\nerror\n", bpf_program__name(mine));
	bpf_object__close(current);
	return mine;
}

int main(int argc, char **argv)
{
	static const char *const sections[] = {
		"iter+", "iter.s+", "tp_btf+", "fentry+", "fentry.s+", "fexit+", "fexit.s+", "raw_tp+",
		"raw_tracepoint+", "tp+", "tracepoint+", "kprobe+", "kretprobe+", "syscall", NULL,
	};
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = catch);

	if (argc < 3) {
		fprintf(stderr, "usage: link_libbpf BTF OBJECT.bpf.o...\n");
		return 2;
	}
	if (!getenv("LIBBPF_LOG"))
		libbpf_set_print(NULL);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (libbpf_register_prog_handler(sections[i], BPF_PROG_TYPE_KPROBE, 0, &opts) < 0)
			return 1;
	for (int i = 2; i < argc; i++)
		for (int n = 0; print_program(argv[i], argv[1], n); n++)
			;
	return 0;
}
