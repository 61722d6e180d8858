/* tests/tools/kcore.c - usage: kcore OBJECT.bpf.o...
 *
 * Since 5.17 the kernel can apply CO-RE records itself.  Each program is loaded
 * twice, relocated by us and by the kernel, with the same maps, and what the
 * verifier made of both is compared.  One line each, separated by tabs:
 *
 *	OBJECT PROGRAM same INSNS RECORDS
 *	OBJECT PROGRAM differs WHERE
 *	OBJECT PROGRAM refused REASON		by both, so there is nothing to compare
 *
 * Status 1 when anything differs. */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "loader/bpf.h"
#include "loader/link.h"
#include "loader/object_impl.h"
#include "tests/tools/elffile.h"

/* A log that finds no room makes a load fail with ENOSPC that succeeded otherwise. */
enum { MAX_XLATED = 1 << 20, LOG = 16 << 20 };

static int status;
static char log_text[LOG];

/* Places in union bpf_attr since 5.17, behind attach_prog_fd. */
enum {
	CORE_CNT_AT = 116,
	CORE_RELOS_AT = 128,
	CORE_SIZE_AT = 136,
	CORE_ATTR_LEN = 140,
};

_Static_assert(offsetof(union bpf_attr, attach_prog_fd) + 4 == CORE_CNT_AT, "place of core_relo_cnt");

struct twice {
	struct load l;
	const struct obj_prog *prog;
	struct program raw;		/* as the compiler wrote it, linked */
	struct core_relo *relo;		/* its records, at their places in raw */
	u32 nrelo;
};

/* ---- records --------------------------------------------------------------------- */

static void add_records(struct twice *t, const struct func *f)
{
	const struct ext *ext = &t->l.img->ext;
	struct ext_run run;

	for (u32 at = 0; ext_next(ext, EXT_CORE, &at, &run);) {
		if (strcmp(run.section, f->section) != 0)
			continue;
		for (u32 i = 0; i < run.n; i++) {
			struct core_relo r;
			u32 insn;

			memcpy(&r, run.rec + (size_t)i * run.stride, sizeof(r));
			insn = r.insn_off / (u32)sizeof(struct bpf_insn) - f->start;
			if (insn >= f->n)
				continue;
			r.insn_off = (f->at + insn) * (u32)sizeof(struct bpf_insn);
			t->relo[t->nrelo++] = r;
		}
	}
}

static void find_records(struct twice *t)
{
	const struct ext *ext = &t->l.img->ext;

	t->relo = calloc(ext->part[EXT_CORE].n / sizeof(struct core_relo) + 1, sizeof(*t->relo));
	if (!t->relo)
		abort();
	for (u32 i = 0; i < t->raw.nfunc; i++)
		add_records(t, t->raw.func[i]);
}

/* ---- the kernel -------------------------------------------------------------------- */

static u64 addr(const void *p)
{
	return (u64)(uintptr_t)p;
}

/* bpf_prog_load() with records for the kernel to apply; the BTF goes along even
 * without func_info, because the records mean its types. */
static int load_with_records(const struct twice *t, const struct bpf_prog_args *a)
{
	_Alignas(8) u8 bytes[CORE_ATTR_LEN + 4] = {0};
	union bpf_attr attr;
	const u64 relos = addr(t->relo);
	const u32 size = sizeof(*t->relo);
	long r;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = a->type;
	attr.expected_attach_type = a->attach_type;
	attr.prog_flags = a->flags;
	attr.attach_btf_id = a->attach_btf_id;
	attr.license = addr(a->license);
	attr.insns = addr(a->insn);
	attr.insn_cnt = a->ninsn;
	attr.log_buf = addr(log_text);
	attr.log_size = sizeof(log_text);
	attr.log_level = 1;
	attr.prog_btf_fd = (u32)t->l.btf_fd;
	attr.func_info = addr(a->func.p);
	attr.func_info_rec_size = sizeof(struct uapi_func_info);
	attr.func_info_cnt = (u32)(a->func.n / sizeof(struct uapi_func_info));
	memcpy(bytes, &attr, CORE_CNT_AT);
	memcpy(bytes + CORE_CNT_AT, &t->nrelo, sizeof(t->nrelo));
	memcpy(bytes + CORE_RELOS_AT, &relos, sizeof(relos));
	memcpy(bytes + CORE_SIZE_AT, &size, sizeof(size));
	/* without records the call is one that older kernels know */
	r = syscall(SYS_bpf, BPF_PROG_LOAD, bytes, t->nrelo ? CORE_ATTR_LEN : CORE_CNT_AT);
	return r < 0 ? -errno : (int)r;
}

/* The verified instructions; owned by the caller, NULL when they are not shown. */
static struct bpf_insn *verified(int fd, u32 *n)
{
	struct bpf_insn *insn = calloc(MAX_XLATED, sizeof(*insn));
	struct bpf_prog_info info = {0};
	union bpf_attr attr;

	if (!insn)
		abort();
	info.xlated_prog_insns = addr(insn);
	info.xlated_prog_len = MAX_XLATED * sizeof(*insn);
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (u32)fd;
	attr.info.info_len = offsetof(struct bpf_prog_info, load_time);
	attr.info.info = addr(&info);
	if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info)) ||
	    !info.xlated_prog_insns) {
		free(insn);
		return NULL;
	}
	*n = info.xlated_prog_len / (u32)sizeof(*insn);
	return insn;
}

/* ---- one program ---------------------------------------------------------------------- */

static void report(const struct twice *t, const char *how, const char *text)
{
	printf("%s\t%s\t%s\t%s\n", t->l.o->name, t->prog->name, how, text);
	if (!strcmp(how, "differs"))
		status = 1;
}

static const char *last_line(void)
{
	char *end = log_text + strlen(log_text);

	for (int lines = 0; end > log_text && lines < 3; end--)
		lines += end[-1] == '\n';
	return log_text[0] ? end + (end > log_text) : "no log";
}

static void compare(const struct twice *t, int ours, int theirs)
{
	struct bpf_insn *a, *b;
	u32 na = 0, nb = 0, i = 0;
	char text[128];

	a = verified(ours, &na);
	b = verified(theirs, &nb);
	while (a && b && i < na && i < nb && !memcmp(a + i, b + i, sizeof(*a)))
		i++;
	if (!a || !b)
		report(t, "refused", "the kernel does not show instructions here");
	else if (na != nb || i < na) {
		snprintf(text, sizeof(text), "instruction %u: ours of %u, the kernel's of %u", i, na, nb);
		report(t, "differs", text);
	} else {
		snprintf(text, sizeof(text), "%u\t%u", na, t->nrelo);
		report(t, "same", text);
	}
	free(a);
	free(b);
}

static void judge(const struct twice *t, int ours, int theirs)
{
	char text[256];

	if (ours >= 0 && theirs >= 0) {
		compare(t, ours, theirs);
		return;
	}
	if (theirs == -E2BIG && t->nrelo) {
		report(t, "refused", "this kernel relocates nothing (before 5.17)");
		return;
	}
	snprintf(text, sizeof(text), "ours: %s, the kernel's: %s", ours < 0 ? strerror(-ours) : "loads",
		 theirs < 0 ? strerror(-theirs) : "loads");
	report(t, ours == theirs ? "refused" : "differs", text);
	if (ours != theirs)
		fprintf(stderr, "kcore: %s: %s\n", t->prog->name, last_line());
}

/* The same image twice: first as it is, then with the records applied. */
static int load_both(struct twice *t, int fd[2], struct diag *why)
{
	struct bpf_prog_args args;
	struct program ours;
	int err = load_maps(&t->l, why);

	if (!err)
		err = load_prepare(&t->l, t->prog, &t->raw, &args, why);
	if (err)
		return err;
	find_records(t);
	fd[1] = load_with_records(t, &args);
	if (fd[1] == -EPERM)
		log_text[0] = 0;
	err = load_relocate(&t->l, why);
	if (!err)
		err = load_prepare(&t->l, t->prog, &ours, &args, why);
	if (!err) {
		fd[0] = bpf_prog_load(&args);
		program_free(&ours);
	}
	free(t->relo);
	program_free(&t->raw);
	return err;
}

static void try_program(const struct elffile *f, const char *name)
{
	struct twice t = {.l.btf_fd = -1};
	struct object *o = NULL;
	struct diag why = {0};
	int fd[2] = {-1, -1};
	int err = -1;

	if (!open_alone(f, name, &o, &why)) {
		printf("%s\t%s\trefused\t%s\n", f->name, name, why.what);
		return;
	}
	err = load_begin(&t.l, o, KBTF_PATH, &why);
	t.prog = object_find_prog(o, name);
	if (!err) {
		load_types(&t.l);
		err = load_both(&t, fd, &why);
	}
	if (err)
		report(&t, "refused", why.what);
	else
		judge(&t, fd[0], fd[1]);
	for (u32 i = 0; i < ARRAY_LEN(fd); i++)
		if (fd[i] >= 0)
			close(fd[i]);
	load_end(&t.l);
	object_close(o);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: kcore OBJECT.bpf.o...\n");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		struct elffile f;

		if (!elffile_open(&f, argv[i]))
			return 1;
		for (u32 k = 0; k < f.img.nfunc; k++)
			if (f.img.func[k].entry)
				try_program(&f, f.img.func[k].name);
		elffile_close(&f);
		fflush(stdout);
	}
	return status;
}
