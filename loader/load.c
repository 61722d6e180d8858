/* loader/load.c - object_load(): the kernel's types, the maps, the programs. */
#include "loader/object_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "loader/ksym.h"
#include "loader/link.h"
#include "loader/upload.h"

const struct diag_facts *load_facts(struct load *l)
{
	if (!l->know)
		diag_facts_read(&l->facts);
	l->know = true;
	return &l->facts;
}

bool load_raise_memlock(struct load *l)
{
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	struct rlimit lim;

	if (l->raised)
		return false;
	l->raised = true;
	if (prlimit(0, RLIMIT_MEMLOCK, NULL, &lim) || lim.rlim_cur == RLIM_INFINITY)
		return false;
	if (!prlimit(0, RLIMIT_MEMLOCK, &all, NULL))
		return true;
	if (lim.rlim_cur == lim.rlim_max)
		return false;
	lim.rlim_cur = lim.rlim_max;
	return !prlimit(0, RLIMIT_MEMLOCK, &lim, NULL);
}

/* ---- the kernel's types --------------------------------------------------------- */

bool load_target_name(const struct obj_prog *p, const struct attach_row **row,
		      char name[LOAD_TEXT])
{
	const char *target;

	*row = attach_find(p->section, &target);
	if (!*row || (*row)->btf_kind == KIND_VOID)
		return false;
	snprintf(name, LOAD_TEXT, "%s%s", (*row)->btf_prefix, target);
	return true;
}

static int want_targets(struct load *l)
{
	const struct attach_row *row;
	int err = 0;

	for (u32 i = 0; !err && i < l->o->nprog; i++)
		if (l->o->prog[i].want && load_target_name(&l->o->prog[i], &row, l->target[i]))
			err = wanted_add(l->names, l->target[i], KIND_BIT(row->btf_kind));
	return err;
}

static int want_names(struct load *l)
{
	int err;

	l->target = calloc(l->o->nprog + 1u, sizeof(*l->target));
	l->names = calloc(1, sizeof(*l->names));
	if (!l->target || !l->names)
		return -ENOMEM;
	err = want_targets(l);
	return err ? err : link_want(l->img, l->names);
}

int load_begin(struct load *l, struct object *o, const char *btf_path, struct diag *why)
{
	int err;

	*l = (struct load){.o = o, .img = o->img, .btf_fd = -1};
	err = want_names(l);
	if (!err)
		err = ksym_read(&l->ksym, l->img);
	if (err)
		return diag_say(why, -err, "object %s: %s", o->name, strerror(-err));
	if (!l->names->n)
		return 0;
	err = kbtf_open(&l->kbtf, btf_path);
	if (!err)
		err = btf_open(&l->kernel, l->kbtf.blob, l->names);
	if (err)
		btf_close(&l->kernel);
	/* some programs can do without: each one that cannot says why */
	l->kernel_err = err;
	return 0;
}

int load_relocate(struct load *l, struct diag *why)
{
	struct core core;
	int err = core_open(&core, &l->img->btf, &l->kernel, l->names);

	if (!err) {
		err = link_relocate(l->img, &core);
		core_close(&core);
	}
	return err ? diag_say(why, -err, "out of memory") : 0;
}

/* A kernel that refuses the types may still take the programs. */
void load_types(struct load *l)
{
	l->btf_fd = btf_upload(l->img);
	if (l->btf_fd == -EPERM && load_raise_memlock(l))
		l->btf_fd = btf_upload(l->img);
}

void load_end(struct load *l)
{
	if (l->btf_fd >= 0)
		close(l->btf_fd);
	btf_close(&l->kernel);
	kbtf_close(&l->kbtf);
	if (l->names)
		wanted_free(l->names);
	free(l->names);
	free(l->map_fd);
	free(l->ksym);
	free(l->target);
}

int load_image(struct object *o, struct diag *why)
{
	struct load l;
	int err = load_begin(&l, o, KBTF_PATH, why);

	if (!err)
		err = load_relocate(&l, why);
	if (!err) {
		load_types(&l);
		err = load_maps(&l, why);
	}
	if (!err)
		err = load_progs(&l, why);
	load_end(&l);
	return err;
}
