/* loader/image.c - one BPF object as the compiler wrote it: its functions. */
#include "loader/image.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/diag.h"

bool image_is_code(const struct elf *e, u32 sec)
{
	return sec && sec < e->nsec && e->sec[sec].sh_type == SHT_PROGBITS &&
	       e->sec[sec].sh_flags & SHF_EXECINSTR;
}

static bool is_func(const struct elf *e, const Elf64_Sym *s)
{
	return ELF64_ST_TYPE(s->st_info) == STT_FUNC && image_is_code(e, s->st_shndx);
}

struct func *image_func_at(struct image *img, u32 sec, u64 insn)
{
	for (u32 i = 0; i < img->nfunc; i++) {
		struct func *f = &img->func[i];

		if (f->sec == sec && insn >= f->start && insn - f->start < f->n)
			return f;
	}
	return NULL;
}

u32 image_find_type(const struct image *img, u32 kind, const char *name)
{
	for (u32 id = 1; id < img->btf.n; id++) {
		const struct btf_type *t = btf_type(&img->btf, id);

		if (btf_kind(t) == kind && !strcmp(btf_name(&img->btf, t), name))
			return id;
	}
	return 0;
}

int image_var_offset(const struct image *img, u32 sec, const struct btf_type *datasec, u32 i,
		     u64 *off)
{
	const struct elf *e = &img->elf;
	const struct btf_type *var = btf_type(&img->btf, btf_secinfos(datasec)[i].type);
	const char *name = btf_name(&img->btf, var);

	/* the compiler fills in the static ones, a linker all */
	if (datasec->size || (btf_kind(var) == KIND_VAR &&
			      btf_linkage_of_var(var) == LINKAGE_STATIC)) {
		*off = btf_secinfos(datasec)[i].offset;
		return 0;
	}
	for (u32 s = 1; s < e->nsym; s++) {
		if (e->sym[s].st_shndx != sec || strcmp(elf_symbol_name(e, s), name) != 0)
			continue;
		*off = e->sym[s].st_value;
		return 0;
	}
	return -ENOENT;
}

static bool in_datasec(const struct image *img, const char *name, u32 var)
{
	const struct btf_type *t = btf_type(&img->btf, image_find_type(img, KIND_DATASEC, name));

	for (u32 i = 0; i < btf_vlen(t); i++)
		if (btf_secinfos(t)[i].type == var)
			return true;
	return false;
}

enum extern_kind image_extern(const struct image *img, u32 sym, u32 *type)
{
	const char *name = elf_symbol_name(&img->elf, sym);
	u32 unused;

	if (!type)
		type = &unused;
	*type = 0;
	if (img->elf.sym[sym].st_shndx != SHN_UNDEF || !*name)
		return EXTERN_NONE;
	*type = image_find_type(img, KIND_FUNC, name);
	if (*type)
		return EXTERN_FUNC;
	*type = image_find_type(img, KIND_VAR, name);
	if (!*type)
		return EXTERN_UNTYPED;
	if (in_datasec(img, ".kconfig", *type))
		return EXTERN_CONFIG;
	return btf_skip(&img->btf, btf_type(&img->btf, *type)->type) ? EXTERN_VAR : EXTERN_ADDRESS;
}

/* ---- functions ------------------------------------------------------------- */

static int check_func(const struct image *img, u32 s, u64 *total, struct diag *why)
{
	const struct elf *e = &img->elf;
	const Elf64_Sym *sym = &e->sym[s];

	if (!sym->st_size || sym->st_value % sizeof(struct bpf_insn) ||
	    sym->st_size % sizeof(struct bpf_insn) ||
	    !bytes_at(elf_data(e, sym->st_shndx), sym->st_value, sym->st_size))
		return diag_say(why, EBADMSG, "function %s lies outside of its section",
				elf_symbol_name(e, s));
	*total += sym->st_size / sizeof(struct bpf_insn);
	if (*total > IMAGE_MAX_INSNS)
		return diag_say(why, E2BIG, "more than %d instructions", IMAGE_MAX_INSNS);
	return 0;
}

static void add_func(struct image *img, u32 s)
{
	const struct elf *e = &img->elf;
	const Elf64_Sym *sym = &e->sym[s];
	struct func *f = &img->func[img->nfunc++];

	f->name = elf_symbol_name(e, s);
	f->section = elf_section_name(e, sym->st_shndx);
	f->sec = sym->st_shndx;
	f->start = (u32)(sym->st_value / sizeof(*f->insn));
	f->n = (u32)(sym->st_size / sizeof(*f->insn));
	f->insn = img->insn + img->ninsn;
	f->sym = img->sym + img->ninsn;
	f->entry = ELF64_ST_BIND(sym->st_info) != STB_LOCAL && strcmp(f->section, ".text") != 0;
	f->needed = f->section[0] != '?';
	memcpy(f->insn, elf_data(e, f->sec).p + sym->st_value, sym->st_size);
	img->ninsn += f->n;
}

static int read_funcs(struct image *img, struct diag *why)
{
	const struct elf *e = &img->elf;
	u64 total = 0;
	u32 n = 0;

	for (u32 s = 1; s < e->nsym; s++) {
		int err;

		if (!is_func(e, &e->sym[s]))
			continue;
		err = check_func(img, s, &total, why);
		if (err)
			return err;
		n++;
	}
	if (!n)
		return diag_say(why, ENOEXEC, "the object has no programs");
	img->func = calloc(n, sizeof(*img->func));
	img->insn = calloc(total, sizeof(*img->insn));
	img->sym = calloc(total, sizeof(*img->sym));
	if (!img->func || !img->insn || !img->sym)
		return diag_say(why, ENOMEM, "out of memory");
	for (u32 s = 1; s < e->nsym; s++)
		if (is_func(e, &e->sym[s]))
			add_func(img, s);
	return 0;
}

/* ---- relocations ----------------------------------------------------------- */

static int add_reloc(struct image *img, u32 sec, const Elf64_Rel *rel)
{
	u64 sym = ELF64_R_SYM(rel->r_info);
	u64 insn = rel->r_offset / sizeof(struct bpf_insn);
	struct func *f;
	u32 i;

	if (rel->r_offset % sizeof(struct bpf_insn) || !sym || sym >= img->elf.nsym)
		return -EBADMSG;
	/* between functions lie the bodies of overridden weak ones */
	f = image_func_at(img, sec, insn);
	if (!f)
		return 0;
	i = (u32)insn - f->start;
	if (f->insn[i].code != INSN_CALL && f->insn[i].code != INSN_LD_IMM64)
		return -EBADMSG;
	f->sym[i] = (u32)sym;
	return 0;
}

static int read_relocs(struct image *img, struct diag *why)
{
	const struct elf *e = &img->elf;

	for (u32 i = 1; i < e->nsec; i++) {
		const Elf64_Shdr *sh = &e->sec[i];
		struct bytes data = elf_data(e, i);
		int err = 0;

		if (sh->sh_type != SHT_REL || !image_is_code(e, sh->sh_info))
			continue;
		for (u64 at = 0; !err && at < data.n; at += sizeof(Elf64_Rel)) {
			const void *p = bytes_at(data, at, sizeof(Elf64_Rel));
			Elf64_Rel rel;

			if (p) {
				memcpy(&rel, p, sizeof(rel));
				err = add_reloc(img, sh->sh_info, &rel);
			}
			if (!p || err)
				return diag_say(why, EBADMSG, "malformed relocation of section %s",
						elf_section_name(e, sh->sh_info));
		}
	}
	return 0;
}

/* ---- the whole ------------------------------------------------------------- */

static int read_btf(struct image *img, struct diag *why)
{
	u32 sec = elf_find_section(&img->elf, ".BTF");
	struct bytes data, ext;
	int err;

	if (!sec)
		return diag_say(why, ENOEXEC, "the object has no BTF (compile with -g)");
	data = elf_data(&img->elf, sec);
	img->btf_copy = malloc(data.n + 1);
	if (!img->btf_copy)
		return diag_say(why, ENOMEM, "out of memory");
	if (data.n)
		memcpy(img->btf_copy, data.p, data.n);
	err = btf_open(&img->btf, (struct bytes){img->btf_copy, data.n}, NULL);
	if (err)
		return diag_say(why, -err, "the object's BTF is malformed");
	sec = elf_find_section(&img->elf, ".BTF.ext");
	if (!sec)
		return 0;
	ext = elf_data(&img->elf, sec);
	err = ext_open(&img->ext, &img->btf, ext);
	return err ? diag_say(why, -err, "the object's .BTF.ext is malformed") : 0;
}

static void read_license(struct image *img)
{
	struct bytes data = elf_data(&img->elf, elf_find_section(&img->elf, "license"));

	img->license = data.n && !data.p[data.n - 1] ? (const char *)data.p : "";
}

int image_open(struct image *img, const char *name, struct bytes elf, struct diag *why)
{
	int err;

	*img = (struct image){.name = name};
	err = elf_open(&img->elf, elf);
	if (err)
		return diag_say(why, -err, "not a BPF object of this byte order, or cut short");
	read_license(img);
	err = read_btf(img, why);
	if (!err)
		err = read_funcs(img, why);
	if (!err)
		err = read_relocs(img, why);
	if (!err)
		err = image_read_maps(img, why);
	if (err)
		image_close(img);
	return err;
}

void image_close(struct image *img)
{
	for (u32 i = 0; i < img->nmap; i++)
		free(img->map[i].init);
	free(img->map);
	free(img->func);
	free(img->insn);
	free(img->sym);
	btf_close(&img->btf);
	free(img->btf_copy);
	*img = (struct image){0};
}
