/* tests/oracle/relocated.c - what libbpf makes of an object's programs on
 * another kernel, up to the point where the kernel would see them.
 *
 * usage: relocated OBJECT.o TARGET-BTF
 *
 * Prints "libbpf MAJOR.MINOR", then a line a program: its name and its
 * instructions in hexadecimal, subprograms behind it.  Exit status 1 and the
 * line "refused ERRNO" when libbpf does not relocate it, 2 when it was not
 * allowed to get so far. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool relocated;

/* Called for each program when all of them are relocated, before its load. */
static int stop_here(struct bpf_program *prog, struct bpf_prog_load_opts *opts, long cookie)
{
	(void)prog;
	(void)opts;
	(void)cookie;
	relocated = true;
	return -ECANCELED;
}

static int quiet(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	return 0;
}

/* Sections that libbpf knows are taken over too: their own handlers would ask
 * the running kernel. */
static int take_over(void)
{
	static const char *const sections[] = {
		NULL, "raw_tp+", "tp_btf+", "iter+", "iter.s+", "syscall", "tp+", "tracepoint+",
		"fentry+", "fexit+", "kprobe+",
	};
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = stop_here);

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		int err = libbpf_register_prog_handler(sections[i], BPF_PROG_TYPE_RAW_TRACEPOINT,
						       0, &opts);

		if (err < 0)
			return err;
	}
	return 0;
}

static void print_insns(const struct bpf_program *prog)
{
	const struct bpf_insn *insn = bpf_program__insns(prog);

	printf("%s", bpf_program__name(prog));
	for (size_t i = 0; i < bpf_program__insn_cnt(prog); i++) {
		uint64_t word;

		memcpy(&word, insn + i, sizeof(word));
		printf(" %016" PRIx64, word);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts);
	struct bpf_program *prog;
	struct bpf_object *obj;
	int err;

	if (argc != 3) {
		fputs("usage: relocated OBJECT.o TARGET-BTF\n", stderr);
		return 2;
	}
	opts.btf_custom_path = argv[2];
	libbpf_set_print(quiet);
	printf("libbpf %u.%u\n", libbpf_major_version(), libbpf_minor_version());
	err = take_over();
	obj = err ? NULL : bpf_object__open_file(argv[1], &opts);
	if (!obj) {
		printf("refused %d\n", err ? -err : errno);
		return 1;
	}
	bpf_object__for_each_program(prog, obj)
		bpf_program__set_autoload(prog, true);
	err = bpf_object__load(obj);
	if (relocated) {
		bpf_object__for_each_program(prog, obj)
			print_insns(prog);
		err = 0;
	} else {
		printf("refused %d\n", -err);
	}
	bpf_object__close(obj);
	return !err ? 0 : err == -EPERM ? 2 : 1;
}
