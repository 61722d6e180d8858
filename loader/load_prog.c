/* loader/load_prog.c - the programs of an object, into the kernel, each on its
 * own: one that fails is only missing. */
#include "loader/object_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/link.h"

enum {
	LOAD_TRIES = 5,			/* when signals interrupt the verifier */
	LOG_MIN = 64 << 10,
	LOG_MAX = 16 << 20,
};

static int load_patiently(struct load *l, const struct bpf_prog_args *a)
{
	int fd = -EAGAIN;

	for (u32 i = 0; i < LOAD_TRIES && fd == -EAGAIN; i++)
		fd = bpf_prog_load(a);
	if (fd == -EPERM && load_raise_memlock(l))
		fd = bpf_prog_load(a);
	return fd;
}

/* The refused program once more, with a log.  The kernel keeps the end of a
 * log that is too long only since 6.4, so the buffer grows, to a limit. */
static int load_with_log(struct load *l, struct bpf_prog_args *a, size_t *mapped)
{
	int fd = -ENOSPC;

	for (size_t n = LOG_MIN; fd == -ENOSPC && n <= LOG_MAX; n *= 4) {
		void *mem = mmap(NULL, n, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (mem == MAP_FAILED)
			break;
		if (a->log)
			munmap(a->log, *mapped);
		a->log = mem;
		a->log_len = (u32)n;
		*mapped = n;
		fd = load_patiently(l, a);
	}
	return fd;
}

/* "12: (85) call unknown#195896080": which access was that? */
static bool describe_access(struct load *l, const struct program *p, const char *log, char *text)
{
	const char *hit = strstr(log, ": (85) call unknown#195896080");
	const char *digit = hit;
	struct core_relo r;

	while (digit && digit > log && digit[-1] >= '0' && digit[-1] <= '9')
		digit--;
	if (!digit || digit == hit ||
	    !link_find_relo(l->img, p, (u32)strtoul(digit, NULL, 10), &r))
		return false;
	core_describe(&l->img->btf, &r, text, LOAD_TEXT);
	return true;
}

/* "call unknown#2002000012": which weak function was that?  Of several that are
 * not there, the one that came last into the kernel says most. */
static const char *missing_kfunc(const struct load *l, const struct program *p, const char *log)
{
	const char *name = NULL;

	if (!log || !strstr(log, "(85) call unknown#2002"))
		return NULL;
	for (u32 i = 0; i < p->ninsn; i++) {
		u32 sym = (u32)p->insn[i].imm - KFUNC_POISON;
		const char *other;

		if (p->insn[i].code != INSN_CALL || p->insn[i].src_reg || !sym ||
		    sym >= l->img->elf.nsym)
			continue;
		other = elf_symbol_name(&l->img->elf, sym);
		if (!name || diag_since(other) > diag_since(name))
			name = other;
	}
	return name;
}

static int explain_refusal(struct load *l, const struct program *p, const struct bpf_prog_args *a,
			   int err, struct diag *why)
{
	const char *kfunc = missing_kfunc(l, p, a->log);
	char what[LOAD_TEXT], field[LOAD_TEXT];

	snprintf(what, sizeof(what), "program %s", a->name);
	err = diag_explain(why, STAGE_PROG, -err, what, a->log, load_facts(l));
	if (kfunc)
		return diag_explain(why, STAGE_TARGET, -err, what, kfunc, load_facts(l));
	if (a->log && describe_access(l, p, a->log, field))
		snprintf(why->what, sizeof(why->what), "%.100s: this kernel's %s", what, field);
	return err;
}

/* Where the program belongs, in the kernel's types. */
static int find_target(struct load *l, const struct obj_prog *p, struct bpf_prog_args *a,
		       struct diag *why)
{
	const struct attach_row *row;
	char name[LOAD_TEXT], what[LOAD_TEXT];
	bool has = load_target_name(p, &row, name);

	if (!row)
		return diag_say(why, EINVAL, "program %s: section %s means nothing here", p->name,
				p->section);
	a->type = row->prog_type;
	a->attach_type = row->attach_type;
	a->flags = row->flags;
	if (!has)
		return 0;
	a->attach_btf_id = link_kernel_type(&l->kernel, l->names, row->btf_kind, name);
	if (a->attach_btf_id)
		return 0;
	snprintf(what, sizeof(what), "program %s", p->name);
	return diag_explain(why, STAGE_TARGET, ESRCH, what, name, load_facts(l));
}

/* Whether a program means nothing without the kernel's types. */
static bool needs_kernel(const struct bpf_prog_args *a, const struct program *p)
{
	for (u32 i = 0; i < p->nfunc; i++)
		if (p->func[i]->relocated)
			return true;
	return a->type == BPF_PROG_TYPE_TRACING;
}

static int no_kernel(struct load *l, struct diag *why)
{
	return diag_explain(why, STAGE_BTF, -l->kernel_err, KBTF_PATH, NULL, load_facts(l));
}

int load_prepare(struct load *l, const struct obj_prog *p, struct program *code,
		 struct bpf_prog_args *a, struct diag *why)
{
	const struct link in = {l->img, l->kernel.n ? &l->kernel : NULL, l->names, l->map_fd,
				l->ksym};
	int err;

	*a = (struct bpf_prog_args){.name = p->name, .license = l->img->license, .btf_fd = -1};
	err = find_target(l, p, a, why);
	if (!err)
		err = link_program(code, &in, &l->img->func[p->func], why);
	if (err)
		return err == -ESRCH && l->kernel_err ? no_kernel(l, why) : err;
	if (l->kernel_err && needs_kernel(a, code)) {
		program_free(code);
		return no_kernel(l, why);
	}
	a->insn = code->insn;
	a->ninsn = code->ninsn;
	if (code->nfunc_info) {
		a->btf_fd = l->btf_fd;
		a->func = (struct bytes){(const void *)code->func_info,
					 code->nfunc_info * sizeof(*code->func_info)};
		a->line = (struct bytes){(const void *)code->line_info,
					 code->nline_info * sizeof(*code->line_info)};
	}
	return 0;
}

static int load_prog(struct load *l, struct obj_prog *p, struct diag *why)
{
	struct bpf_prog_args a;
	struct program code;
	size_t mapped = 0;
	int fd, err = load_prepare(l, p, &code, &a, why);

	if (err)
		return err;
	fd = load_patiently(l, &a);
	if (fd < 0 && fd != -EPERM) {
		err = fd;
		fd = load_with_log(l, &a, &mapped);
		if (fd == -ENOSPC)	/* is said of the log alone */
			fd = err;
	}
	if (fd < 0)
		fd = explain_refusal(l, &code, &a, fd, why);
	if (a.log)
		munmap(a.log, mapped);
	program_free(&code);
	return fd;
}

/* ---- one by one, and hook by hook ------------------------------------------------ */

/* What became of the programs so far. */
struct tally {
	u32 loaded;
	int err;		/* of the first that failed, with its reason in *why */
	struct diag *why, *spare;
};

static void note_failure(struct tally *t, struct obj_prog *p, int err)
{
	if (!t->err) {
		t->err = err;
		*t->why = *t->spare;
	}
	p->why = malloc(sizeof(*p->why));
	if (p->why)
		*p->why = *t->spare;
}

static bool try_prog(struct load *l, struct obj_prog *p, struct tally *t)
{
	int fd = load_prog(l, p, t->spare);

	if (fd < 0)
		note_failure(t, p, fd);
	else
		p->fd = fd;
	return fd >= 0;
}

/* Loads and attaches; a program that does not attach is not kept. */
static bool try_form(struct load *l, struct obj_prog *p, struct tally *t)
{
	int err;

	if (!try_prog(l, p, t))
		return false;
	err = object_attach_prog(p, t->spare);
	if (!err)
		return true;
	close(p->fd);
	p->fd = -1;
	note_failure(t, p, err);
	return false;
}

static void try_hook(struct load *l, const struct object_hook *h, struct tally *t)
{
	const char *winner = NULL;

	for (u32 i = 0; i < OBJECT_FORMS && h->form[i]; i++) {
		struct obj_prog *p = object_find_prog(l->o, h->form[i]);

		if (!p->want || p->fd >= 0 || p->why)
			continue;
		if (!winner && try_form(l, p, t)) {
			winner = p->name;
			t->loaded++;
			continue;
		}
		if (winner && (p->why = malloc(sizeof(*p->why))))
			diag_say(p->why, ENODATA, "program %s is not needed: %s is attached",
				 p->name, winner);
	}
}

int load_progs(struct load *l, struct diag *why)
{
	struct tally t = {.why = why, .spare = malloc(sizeof(*t.spare))};

	if (!t.spare)
		return diag_say(why, ENOMEM, "out of memory");
	for (u32 i = 0; i < l->o->nprog; i++) {
		struct obj_prog *p = &l->o->prog[i];

		if (p->want && !p->in_hook)
			t.loaded += try_prog(l, p, &t);
	}
	for (u32 i = 0; i < l->o->nhook; i++)
		try_hook(l, &l->o->hook[i], &t);
	free(t.spare);
	if (!t.loaded && t.err)
		return t.err;
	if (!t.loaded)
		return diag_say(why, ENODATA, "no program was wanted");
	*why = (struct diag){0};
	return 0;
}
