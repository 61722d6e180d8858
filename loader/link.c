/* loader/link.c - from the functions of an image to one flat program. */
#include "loader/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "loader/diag.h"
#include "loader/ksym.h"

/* A program being put together. */
struct linker {
	const struct link *in;
	struct program *out;
	struct diag *why;
};

/* ---- CO-RE over all functions --------------------------------------------- */

typedef int relo_fn(void *arg, struct func *f, const struct core_relo *r);

/* Every record of a function that load needs. */
static int each_relo(struct image *img, relo_fn *fn, void *arg)
{
	struct ext_run run;

	for (u32 at = 0; ext_next(&img->ext, EXT_CORE, &at, &run);) {
		u32 sec = elf_find_section(&img->elf, run.section);

		for (u32 i = 0; i < run.n; i++) {
			struct core_relo r;
			struct func *f;
			int err;

			memcpy(&r, run.rec + (size_t)i * run.stride, sizeof(r));
			f = image_func_at(img, sec, r.insn_off / sizeof(struct bpf_insn));
			if (!f || (f->entry && !f->needed))
				continue;
			err = fn(arg, f, &r);
			if (err)
				return err;
		}
	}
	return 0;
}

struct want_arg {
	const struct image *img;
	struct wanted *names;
};

static int want_relo(void *arg, struct func *f, const struct core_relo *r)
{
	const struct want_arg *w = arg;

	(void)f;
	return core_want(w->names, &w->img->btf, r);
}

int link_want(struct image *img, struct wanted *names)
{
	struct want_arg w = {img, names};
	const struct elf *e = &img->elf;
	int err = each_relo(img, want_relo, &w);

	for (u32 s = 1; !err && s < e->nsym; s++) {
		enum extern_kind kind = image_extern(img, s, NULL);

		if (kind == EXTERN_FUNC || kind == EXTERN_VAR)
			err = wanted_add(names, elf_symbol_name(e, s),
					 KIND_BIT(kind == EXTERN_FUNC ? KIND_FUNC : KIND_VAR));
	}
	return err;
}

static int apply_relo(void *arg, struct func *f, const struct core_relo *r)
{
	struct core *core = arg;
	struct core_result res;
	u32 i = r->insn_off / (u32)sizeof(struct bpf_insn) - f->start;
	int err = r->insn_off % sizeof(struct bpf_insn) ? -EINVAL : core_resolve(core, r, &res);

	f->relocated = true;
	if (!err)
		err = core_patch(f->insn + i, f->n - i, &res);
	if (err && !f->err) {
		f->err = err;
		f->bad = *r;
	}
	return err == -ENOMEM ? err : 0;
}

int link_relocate(struct image *img, struct core *core)
{
	return each_relo(img, apply_relo, core);
}

bool link_find_relo(const struct image *img, const struct program *p, u32 insn,
		    struct core_relo *out)
{
	const struct func *f = NULL;
	struct ext_run run;

	for (u32 i = 0; i < p->nfunc; i++)
		if (insn >= p->func[i]->at && insn - p->func[i]->at < p->func[i]->n)
			f = p->func[i];
	if (!f)
		return false;
	insn = f->start + (insn - f->at);
	for (u32 at = 0; ext_next(&img->ext, EXT_CORE, &at, &run);) {
		if (strcmp(run.section, f->section) != 0)
			continue;
		for (u32 i = 0; i < run.n; i++) {
			memcpy(out, run.rec + (size_t)i * run.stride, sizeof(*out));
			if (out->insn_off / sizeof(struct bpf_insn) == insn)
				return true;
		}
	}
	return false;
}

/* ---- externs ---------------------------------------------------------------- */

u32 link_kernel_type(const struct btf *kernel, const struct wanted *names, u32 kind,
		     const char *name)
{
	const struct name_want *w = wanted_find(names, name);
	size_t n = name_essential_len(name);
	u32 first = 0;

	for (u32 h = w ? w->hits : 0; h; h = names->hit[h - 1].next) {
		u32 id = names->hit[h - 1].id;
		const struct btf_type *t = btf_type(kernel, id);

		if (btf_kind(t) == kind && strlen(btf_name(kernel, t)) == n)
			first = id;	/* the chain runs backwards */
	}
	return first;
}

/* The kernel's id of a function or variable; 0: it has none that fits. */
static u32 find_extern(struct linker *l, u32 kind, u32 mine, const char *name, bool *unlike)
{
	const struct link *in = l->in;
	const struct btf *local = &in->img->btf;
	u32 theirs = in->kernel ? link_kernel_type(in->kernel, in->names, kind, name) : 0;

	/* of a variable the type itself counts, not how const either side has it */
	*unlike = theirs &&
		  core_types_compat(local, btf_skip(local, btf_type(local, mine)->type), in->kernel,
				    btf_skip(in->kernel, btf_type(in->kernel, theirs)->type)) <= 0;
	return *unlike ? 0 : theirs;
}

static int missing_address(struct linker *l, const char *name, u64 state)
{
	if (state == KSYM_AMBIGUOUS)
		return diag_say(l->why, EINVAL, "this kernel has several symbols %s", name);
	diag_say(l->why, ESRCH, "this kernel shows no symbol %s", name);
	snprintf(l->why->hint, sizeof(l->why->hint), "%s",
		 KSYM_PATH " lists data only with CONFIG_KALLSYMS_ALL, addresses only to "
		 "CAP_SYSLOG (kernel.kptr_restrict)");
	return -ESRCH;
}

/* What stands for an extern: the kernel's type id or an address.  Both 0: it
 * has none that fits, and the object can live without. */
static int resolve_extern(struct linker *l, u32 sym, s32 *id, u64 *address)
{
	const struct link *in = l->in;
	const char *name = elf_symbol_name(&in->img->elf, sym);
	bool weak = ELF64_ST_BIND(in->img->elf.sym[sym].st_info) == STB_WEAK, unlike = false;
	u32 mine;
	enum extern_kind kind = image_extern(in->img, sym, &mine);

	*id = 0;
	*address = 0;
	switch (kind) {
	case EXTERN_FUNC:
	case EXTERN_VAR:
		*id = (s32)find_extern(l, kind == EXTERN_FUNC ? KIND_FUNC : KIND_VAR, mine, name,
				       &unlike);
		if (*id || weak)
			return 0;
		return diag_say(l->why, ESRCH, "this kernel has no %s %s%s",
				kind == EXTERN_FUNC ? "function" : "variable", name,
				unlike ? " of the type that the program expects" : "");
	case EXTERN_ADDRESS:
		*address = in->ksym ? in->ksym[sym] : KSYM_MISSING;
		if (*address > KSYM_AMBIGUOUS || (weak && *address == KSYM_MISSING))
			return 0;
		return missing_address(l, name, *address);
	case EXTERN_CONFIG:
		return diag_say(l->why, EOPNOTSUPP, "extern %s: the kernel's configuration "
				"(.kconfig) is not read here", name);
	case EXTERN_NONE:
	case EXTERN_UNTYPED:
	default:
		return diag_say(l->why, EINVAL, "extern %s has no type", name);
	}
}

/* ---- one instruction ---------------------------------------------------------- */

static int append(struct linker *l, struct func *f, struct func *caller)
{
	struct program *p = l->out;
	char what[DIAG_TEXT / 2];

	if (f->err) {
		core_describe(&l->in->img->btf, &f->bad, what, sizeof(what));
		return diag_say(l->why, -f->err, "function %s cannot be relocated (%s)", f->name,
				what);
	}
	f->linked = true;
	f->caller = caller;
	f->scan = 0;
	f->at = p->ninsn;
	memcpy(p->insn + p->ninsn, f->insn, f->n * sizeof(*f->insn));
	p->ninsn += f->n;
	p->func[p->nfunc++] = f;
	return 0;
}

/* Refers to the start of a function; appends it when it is new.  *f becomes
 * the function to go on with: callees come right behind their first caller. */
static int refer_func(struct linker *l, struct func **f, u32 i, u32 sec, s64 target)
{
	struct func *callee = target < 0 ? NULL : image_func_at(l->in->img, sec, (u64)target);
	u32 at = (*f)->at + i;
	int err = 0;

	if (!callee || callee->start != (u64)target)
		return diag_say(l->why, EBADMSG, "function %s calls into nowhere", (*f)->name);
	if (!callee->linked) {
		err = append(l, callee, *f);
		*f = callee;
	}
	l->out->insn[at].imm = (s32)callee->at - (s32)at - 1;
	return err;
}

static int link_call(struct linker *l, struct func **f, u32 i, u32 sym)
{
	struct bpf_insn *insn = &l->out->insn[(*f)->at + i];
	const Elf64_Sym *s = &l->in->img->elf.sym[sym];
	u64 address;
	s32 id;
	int err;

	if (!sym)	/* static, in the same section: the compiler has resolved it */
		return refer_func(l, f, i, (*f)->sec, (s64)(*f)->start + i + insn->imm + 1);
	if (s->st_shndx != SHN_UNDEF)
		return refer_func(l, f, i, s->st_shndx,
				  (s64)(s->st_value / sizeof(*insn)) + insn->imm + 1);
	err = resolve_extern(l, sym, &id, &address);
	if (err)
		return err;
	insn->src_reg = CALL_KFUNC;
	insn->off = 0;
	insn->imm = id;
	if (!id)	/* dead code behind the test for its address, or refused */
		*insn = (struct bpf_insn){.code = INSN_CALL, .imm = (s32)(KFUNC_POISON + sym)};
	return 0;
}

static int link_address(struct linker *l, struct func **f, u32 i, u32 sym)
{
	const struct image *img = l->in->img;
	struct bpf_insn *insn = &l->out->insn[(*f)->at + i];
	const Elf64_Sym *s = &img->elf.sym[sym];
	u64 off = s->st_value + (u64)(s64)insn->imm;

	if (i + 1 >= (*f)->n)
		return diag_say(l->why, EBADMSG, "function %s is cut short", (*f)->name);
	if (s->st_shndx == SHN_UNDEF) {
		u64 address;
		s32 id;
		int err = resolve_extern(l, sym, &id, &address);

		insn[0].src_reg = id ? LD_BTF_ID : 0;
		insn[0].imm = id ? id : (s32)(u32)address;
		insn[1].imm = (s32)(u32)(address >> 32);
		return err;
	}
	if (image_is_code(&img->elf, s->st_shndx)) {
		insn[0].src_reg = LD_FUNC;
		return refer_func(l, f, i, s->st_shndx, (s64)(off / sizeof(*insn)));
	}
	for (u32 m = 0; m < img->nmap; m++) {
		const struct map_spec *map = &img->map[m];

		if (map->sec != s->st_shndx || (!map->init && map->sec_off != off))
			continue;
		insn[0].src_reg = map->init ? LD_MAP_VALUE : LD_MAP_FD;
		insn[0].imm = l->in->map_fd[m];
		insn[1].imm = map->init ? (s32)off : 0;
		return 0;
	}
	return diag_say(l->why, EBADMSG, "function %s refers to %s, which is no map and no data",
			(*f)->name, elf_symbol_name(&img->elf, sym));
}

static int link_code(struct linker *l, struct func *entry)
{
	struct func *f = entry;
	int err = append(l, entry, NULL);

	while (!err && f) {
		const struct bpf_insn *insn;
		u32 i, sym;

		if (f->scan >= f->n) {
			f = f->caller;
			continue;
		}
		i = f->scan++;
		sym = f->sym[i];
		insn = &l->out->insn[f->at + i];
		if (insn->code == INSN_LD_IMM64) {
			f->scan++;	/* its second half is no instruction */
			if (sym)
				err = link_address(l, &f, i, sym);
		} else if (insn->code == INSN_CALL && insn->src_reg == CALL_SUBPROG) {
			err = link_call(l, &f, i, sym);
		}
	}
	return err;
}

/* ---- func_info and line_info --------------------------------------------------- */

static bool func_type(const struct image *img, const struct func *f, u32 *type)
{
	struct ext_run run;

	for (u32 at = 0; ext_next(&img->ext, EXT_FUNC, &at, &run);) {
		if (strcmp(run.section, f->section) != 0)
			continue;
		for (u32 i = 0; i < run.n; i++) {
			struct uapi_func_info r;

			memcpy(&r, run.rec + (size_t)i * run.stride, sizeof(r));
			if (r.insn_off / sizeof(struct bpf_insn) != f->start)
				continue;
			*type = r.type_id;
			return true;
		}
	}
	return false;
}

/* Appends the lines of one function; false when the kernel would refuse them
 * (check_btf_line() in kernel/bpf/verifier.c): the first line is at the first
 * instruction, they go up, none is inside of a wide load. */
static bool add_lines(const struct image *img, struct program *p, const struct func *f, u32 cap)
{
	u32 first = p->nline_info;
	struct ext_run run;

	for (u32 at = 0; ext_next(&img->ext, EXT_LINE, &at, &run);) {
		if (strcmp(run.section, f->section) != 0)
			continue;
		for (u32 i = 0; i < run.n; i++) {
			struct uapi_line_info r;
			u32 insn;

			memcpy(&r, run.rec + (size_t)i * run.stride, sizeof(r));
			insn = r.insn_off / (u32)sizeof(struct bpf_insn) - f->start;
			if (insn >= f->n)
				continue;
			r.insn_off = f->at + insn;
			if (p->nline_info == cap || !p->insn[r.insn_off].code ||
			    (p->nline_info > first &&
			     p->line_info[p->nline_info - 1].insn_off >= r.insn_off))
				return false;
			p->line_info[p->nline_info++] = r;
		}
	}
	return p->nline_info > first && p->line_info[first].insn_off == f->at;
}

static int link_info(const struct image *img, struct program *p)
{
	u32 stride = img->ext.stride[EXT_LINE];
	u32 cap = stride ? (u32)(img->ext.part[EXT_LINE].n / stride) : 0;

	p->func_info = calloc(p->nfunc, sizeof(*p->func_info));
	p->line_info = calloc(cap + 1, sizeof(*p->line_info));
	if (!p->func_info || !p->line_info)
		return -ENOMEM;
	/* all functions or none: the kernel counts */
	for (u32 i = 0; i < p->nfunc; i++) {
		p->func_info[i].insn_off = p->func[i]->at;
		if (!func_type(img, p->func[i], &p->func_info[i].type_id))
			return 0;
	}
	p->nfunc_info = p->nfunc;
	for (u32 i = 0; i < p->nfunc; i++) {
		if (!add_lines(img, p, p->func[i], cap)) {
			p->nline_info = 0;
			break;
		}
	}
	return 0;
}

int link_program(struct program *out, const struct link *l, struct func *entry, struct diag *why)
{
	struct program p = {0};
	struct linker linker = {l, &p, why};
	int err;

	p.insn = calloc(l->img->ninsn, sizeof(*p.insn));
	p.func = calloc(l->img->nfunc, sizeof(*p.func));
	if (!p.insn || !p.func) {
		err = diag_say(why, ENOMEM, "out of memory");
		goto fail;
	}
	for (u32 i = 0; i < l->img->nfunc; i++)
		l->img->func[i].linked = false;
	err = link_code(&linker, entry);
	if (err)
		goto fail;
	err = link_info(l->img, &p);
	if (err) {
		diag_say(why, -err, "out of memory");
		goto fail;
	}
	*out = p;
	return 0;
fail:
	program_free(&p);
	return err;
}

void program_free(struct program *p)
{
	free(p->insn);
	free(p->func);
	free(p->func_info);
	free(p->line_info);
	*p = (struct program){0};
}
