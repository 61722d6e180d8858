/* loader/upload.c - gives an object's BTF to the kernel.
 *
 * What the compiler writes is not what the kernel takes: places of variables
 * are missing, externs are there.  And an older kernel refuses a whole BTF for
 * one kind that it does not know. */
#include "loader/upload.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/bpf.h"

struct int_record {
	struct btf_type t;
	u32 data;
};

static struct btf_type *draft_type(const struct draft *d, u32 id)
{
	return (struct btf_type *)(void *)(d->blob + BTF_HEADER_LEN + d->img->btf.off[id]);
}

static u32 info(enum btf_kind kind, u32 vlen)
{
	return (u32)kind << 24 | vlen;
}

static const struct int_record byte_int = {
	.t = {.info = (u32)KIND_INT << 24, .size = 1},
	.data = 8,	/* unsigned, bit offset 0, 8 bits */
};

/* DATASEC and ENUM64 have records as long as members. */
static void make_union(const struct draft *d, struct btf_type *t, u32 size)
{
	struct btf_member *m = (struct btf_member *)(t + 1);
	u32 n = btf_vlen(t);

	t->info = info(KIND_UNION, n);
	t->size = size;
	for (u32 i = 0; i < n; i++)
		m[i] = (struct btf_member){.type = d->byte_type};
}

/* ---- what no kernel takes as it is ------------------------------------------ */

static int by_offset(const void *a, const void *b)
{
	u32 x = ((const struct btf_var_secinfo *)a)->offset;
	u32 y = ((const struct btf_var_secinfo *)b)->offset;

	return (x > y) - (x < y);
}

static void place_variables(const struct draft *d, struct btf_type *t, u32 sec)
{
	struct btf_var_secinfo *v = (struct btf_var_secinfo *)(t + 1);
	u64 off;

	for (u32 i = 0; i < btf_vlen(t); i++)
		if (!image_var_offset(d->img, sec, t, i, &off))
			v[i].offset = (u32)off;
	qsort(v, btf_vlen(t), sizeof(*v), by_offset);
	if (!t->size)
		t->size = (u32)d->img->elf.sec[sec].sh_size;
}

static void fix_datasec(const struct draft *d, struct btf_type *t)
{
	const char *name = btf_name(&d->img->btf, t);
	u32 sec = elf_find_section(&d->img->elf, name);

	if (sec) {
		place_variables(d, t, sec);
		return;
	}
	/* .ksyms and .kconfig are no sections: nothing of ours lies there */
	make_union(d, t, 1);
	t->name_off = 0;
}

/* Calls carry the kernel's own ids: its BTF check wants to hear neither of
 * extern functions nor of extern variables. */
static void fix_extern(const struct draft *d, struct btf_type *t)
{
	struct btf_var *v = (struct btf_var *)(t + 1);

	if (btf_kind(t) == KIND_FUNC && btf_vlen(t) == LINKAGE_EXTERN)
		t->info = info(KIND_TYPEDEF, 0);
	if (btf_kind(t) == KIND_VAR && v->linkage == LINKAGE_EXTERN) {
		v->linkage = LINKAGE_GLOBAL;
		t->type = d->byte_type;
	}
}

/* A hidden function is called from this object only, so the verifier may know
 * its callers: static. */
static void fix_hidden(const struct draft *d)
{
	const struct elf *e = &d->img->elf;

	for (u32 s = 1; s < e->nsym; s++) {
		u32 seen = ELF64_ST_VISIBILITY(e->sym[s].st_other), id;

		if (ELF64_ST_TYPE(e->sym[s].st_info) != STT_FUNC ||
		    (seen != STV_HIDDEN && seen != STV_INTERNAL))
			continue;
		id = image_find_type(d->img, KIND_FUNC, elf_symbol_name(e, s));
		if (id && btf_vlen(draft_type(d, id)) == LINKAGE_GLOBAL)
			draft_type(d, id)->info = info(KIND_FUNC, LINKAGE_STATIC);
	}
}

/* ---- what older kernels do not take ------------------------------------------
 * FUNC (5.0), VAR and DATASEC (5.2) are older than the oldest kernel that runs
 * any program of ours (5.8: iterators, CAP_BPF).  A record with more than 65535
 * members (7.1) has no shorter form of the same length: such a BTF is refused. */

static bool clear_kflag(struct btf_type *t, u32 kinds)
{
	if (!btf_is(t, kinds) || !btf_kflag(t))
		return false;
	t->info &= ~(1u << 31);
	return true;
}

static bool without_attributes(const struct draft *d, struct btf_type *t)
{
	(void)d;
	return clear_kflag(t, KIND_BIT(KIND_TYPE_TAG) | KIND_BIT(KIND_DECL_TAG));
}

static bool without_question_mark(const struct draft *d, struct btf_type *t)
{
	struct btf_header h;
	char *name;

	memcpy(&h, d->blob, sizeof(h));
	if (btf_kind(t) != KIND_DATASEC || t->name_off >= h.str_len)
		return false;
	name = (char *)d->blob + h.hdr_len + h.str_off + t->name_off;
	if (*name != '?')
		return false;
	*name = '_';
	return true;
}

static bool without_enum64(const struct draft *d, struct btf_type *t)
{
	if (btf_kind(t) != KIND_ENUM64)
		return clear_kflag(t, KIND_BIT(KIND_ENUM));
	make_union(d, t, t->size);
	return true;
}

static bool without_type_tag(const struct draft *d, struct btf_type *t)
{
	(void)d;
	if (btf_kind(t) != KIND_TYPE_TAG)
		return false;
	t->info = info(KIND_CONST, 0);
	t->name_off = 0;
	return true;
}

static bool without_decl_tag(const struct draft *d, struct btf_type *t)
{
	(void)d;
	if (btf_kind(t) != KIND_DECL_TAG)
		return false;
	*(struct int_record *)(void *)t = byte_int;
	return true;
}

static bool without_float(const struct draft *d, struct btf_type *t)
{
	(void)d;
	if (btf_kind(t) != KIND_FLOAT)
		return false;
	t->info = info(KIND_STRUCT, 0);
	t->name_off = 0;
	return true;
}

static bool without_empty_datasec(const struct draft *d, struct btf_type *t)
{
	(void)d;
	if (btf_kind(t) != KIND_DATASEC || btf_vlen(t))
		return false;
	t->info = info(KIND_STRUCT, 0);
	t->name_off = 0;
	return true;
}

static bool without_linkage(const struct draft *d, struct btf_type *t)
{
	(void)d;
	if (btf_kind(t) != KIND_FUNC || btf_vlen(t) != LINKAGE_GLOBAL)
		return false;
	t->info = info(KIND_FUNC, LINKAGE_STATIC);
	return true;
}

static const struct {
	const char *since;
	bool (*rewrite)(const struct draft *d, struct btf_type *t);
} steps[DRAFT_STEPS] = {
	{"6.15", without_attributes},		/* on types and declarations: kflag of tags */
	{"6.9", without_question_mark},		/* in names of sections */
	{"6.0", without_enum64},		/* and signed enumerations */
	{"5.17", without_type_tag},
	{"5.16", without_decl_tag},
	{"5.13", without_float},
	{"5.12", without_empty_datasec},
	{"5.6", without_linkage},		/* of functions */
};

const char *draft_since(u32 step)
{
	return steps[step].since;
}

bool draft_rewrite(struct draft *d, u32 step)
{
	bool changed = false;

	for (u32 id = 1; id < d->img->btf.n; id++)
		changed |= steps[step].rewrite(d, draft_type(d, id));
	return changed;
}

/* ---- the whole ---------------------------------------------------------------- */

static int copy(struct draft *d)
{
	const struct btf *b = &d->img->btf;
	const struct btf_header h = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = BTF_HEADER_LEN,
		.type_len = (u32)(b->types.n + sizeof(byte_int)),
		.str_off = (u32)(b->types.n + sizeof(byte_int)),
		.str_len = (u32)b->strs.n,
	};
	unsigned char *p;

	d->len = BTF_HEADER_LEN + h.type_len + h.str_len;
	d->blob = p = malloc(d->len);
	if (!p)
		return -ENOMEM;
	p = (unsigned char *)memcpy(p, &h, BTF_HEADER_LEN) + BTF_HEADER_LEN;
	if (b->types.n)
		memcpy(p, b->types.p, b->types.n);
	memcpy(p + b->types.n, &byte_int, sizeof(byte_int));
	memcpy(p + h.str_off, b->strs.p, b->strs.n);
	return 0;
}

int draft_open(struct draft *d, const struct image *img)
{
	int err;

	*d = (struct draft){.img = img, .byte_type = img->btf.n};
	err = copy(d);
	if (err)
		return err;
	for (u32 id = 1; id < img->btf.n; id++) {
		struct btf_type *t = draft_type(d, id);

		if (btf_kind(t) == KIND_DATASEC)
			fix_datasec(d, t);
		else
			fix_extern(d, t);
	}
	fix_hidden(d);
	return 0;
}

void draft_close(struct draft *d)
{
	free(d->blob);
	*d = (struct draft){0};
}

int btf_upload(const struct image *img)
{
	struct draft d;
	int fd = draft_open(&d, img);

	if (fd)
		return fd;
	fd = bpf_btf_load((struct bytes){d.blob, d.len}, NULL, 0);
	/* -EINVAL: this kernel has not learned the changes down to some step */
	for (u32 i = 0; fd == -EINVAL && i < DRAFT_STEPS; i++)
		if (draft_rewrite(&d, i))
			fd = bpf_btf_load((struct bytes){d.blob, d.len}, NULL, 0);
	draft_close(&d);
	return fd;
}
