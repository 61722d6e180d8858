/* loader/load.c - object_load(): the kernel's types, the maps, the programs. */
#include "loader/object_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/diag.h"
#include "loader/kbtf.h"
#include "loader/link.h"
#include "loader/upload.h"

enum {
	LOAD_TRIES = 5,			/* when signals interrupt the verifier */
	LOG_MIN = 64 << 10,
	LOG_MAX = 16 << 20,
	NAME_TEXT = 128,
};

struct load {
	struct object *o;
	struct image *img;
	struct kbtf kbtf;
	struct btf kernel;
	struct wanted *names;
	int btf_fd;		/* of the object's types; negative for none */
	int *map_fd;
	bool raised;		/* RLIMIT_MEMLOCK */
	bool know;
	struct diag_facts facts;
};

static const struct diag_facts *facts(struct load *l)
{
	if (!l->know)
		diag_facts_read(&l->facts);
	l->know = true;
	return &l->facts;
}

/* Before 5.11 the kernel charges maps and programs to RLIMIT_MEMLOCK, 64 KiB
 * by default, and says EPERM.  True when a second try may go better. */
static bool raise_memlock(struct load *l)
{
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	struct rlimit lim;

	if (l->raised)
		return false;
	l->raised = true;
	if (getrlimit(RLIMIT_MEMLOCK, &lim) || lim.rlim_cur == RLIM_INFINITY)
		return false;
	if (!setrlimit(RLIMIT_MEMLOCK, &all))
		return true;
	if (lim.rlim_cur == lim.rlim_max)
		return false;
	lim.rlim_cur = lim.rlim_max;
	return !setrlimit(RLIMIT_MEMLOCK, &lim);
}

/* ---- the kernel's types --------------------------------------------------------- */

/* "bpf_iter_task": what the verifier attaches a program to. */
static bool target_name(const struct obj_prog *p, const struct attach_row **row,
			char name[NAME_TEXT])
{
	const char *target;

	*row = attach_find(p->section, &target);
	if (!*row || (*row)->btf_kind == KIND_VOID)
		return false;
	snprintf(name, NAME_TEXT, "%s%s", (*row)->btf_prefix, target);
	return true;
}

static int want_targets(struct load *l, char (*text)[NAME_TEXT])
{
	const struct attach_row *row;
	int err = 0;

	for (u32 i = 0; !err && i < l->o->nprog; i++)
		if (l->o->prog[i].want && target_name(&l->o->prog[i], &row, text[i]))
			err = wanted_add(l->names, text[i], KIND_BIT(row->btf_kind));
	return err;
}

static int read_kernel(struct load *l, struct diag *why)
{
	const char *what = "types of the kernel, " KBTF_PATH;
	int err;

	if (!l->names->n)
		return 0;
	err = kbtf_open(&l->kbtf, KBTF_PATH);
	if (!err)
		err = btf_open(&l->kernel, l->kbtf.blob, l->names);
	return err ? diag_explain(why, STAGE_BTF, -err, what, NULL, facts(l)) : 0;
}

static int relocate(struct load *l, struct diag *why)
{
	struct core core;
	int err = core_open(&core, &l->img->btf, &l->kernel, l->names);

	if (!err) {
		err = link_relocate(l->img, &core);
		core_close(&core);
	}
	return err ? diag_say(why, -err, "out of memory") : 0;
}

/* ---- maps ------------------------------------------------------------------------ */

/* A ring is a power of two of pages, whose size is not the compiler's to know. */
static u32 ring_size(u32 want)
{
	u64 n = (u64)sysconf(_SC_PAGESIZE);

	while (n < want)
		n *= 2;
	return n > UINT32_MAX ? want : (u32)n;
}

/* "%.8s%.7s" of object and section, as libbpf names them: bpftool shows it. */
static void map_name(const struct load *l, const struct map_spec *m, char name[16])
{
	if (m->init && !strchr(m->name + 1, '.'))
		snprintf(name, 16, "%.8s%.7s", l->o->name, m->name);
	else
		snprintf(name, 16, "%.15s", m->name);
}

static int create_map(struct load *l, const struct map_spec *m)
{
	char name[16];
	struct bpf_map_args a = {
		.name = name,
		.type = m->type,
		.key_size = m->key_size,
		.value_size = m->value_size,
		.max_entries = m->type == BPF_MAP_TYPE_RINGBUF ? ring_size(m->max_entries)
							       : m->max_entries,
		.flags = m->flags,
		.extra = m->extra,
		.btf_fd = -1,
	};
	int fd;

	map_name(l, m, name);
	if (m->value_type) {
		a.btf_fd = l->btf_fd;
		a.key_type = m->key_type;
		a.value_type = m->value_type;
	}
	fd = bpf_map_create(&a);
	if (fd == -EPERM && raise_memlock(l))
		fd = bpf_map_create(&a);
	if (fd < 0 && fd != -EPERM && a.btf_fd >= 0) {
		/* not every type of map takes types */
		a.btf_fd = -1;
		fd = bpf_map_create(&a);
	}
	return fd;
}

static int fill_map(int fd, const struct map_spec *m)
{
	const u32 zero = 0;
	int err;

	if (!m->init)
		return 0;
	err = bpf_map_update(fd, &zero, m->init);
	/* frozen before any program is loaded: to the verifier its values are
	 * constants, and what they switch off is dead code */
	if (!err && m->readonly)
		err = bpf_map_freeze(fd);
	return err;
}

static int create_maps(struct load *l, struct diag *why)
{
	char what[NAME_TEXT];

	l->map_fd = calloc(l->img->nmap + 1, sizeof(*l->map_fd));
	if (!l->map_fd)
		return diag_say(why, ENOMEM, "out of memory");
	for (u32 i = 0; i < l->img->nmap; i++) {
		const struct map_spec *m = &l->img->map[i];
		struct obj_map *om = &l->o->map[i];
		int fd = create_map(l, m);
		int err = fd < 0 ? fd : fill_map(fd, m);

		if (fd >= 0)
			om->fd = l->map_fd[i] = fd;
		om->value_size = m->value_size;
		om->max_entries = m->max_entries;
		if (err) {
			snprintf(what, sizeof(what), "map %s", m->name);
			return diag_explain(why, STAGE_MAP, -err, what, NULL, facts(l));
		}
	}
	return 0;
}

/* ---- programs ---------------------------------------------------------------------- */

static int load_patiently(struct load *l, const struct bpf_prog_args *a)
{
	int fd = -EAGAIN;

	for (u32 i = 0; i < LOAD_TRIES && fd == -EAGAIN; i++)
		fd = bpf_prog_load(a);
	if (fd == -EPERM && raise_memlock(l))
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
static bool describe_poison(struct load *l, const struct program *p, const char *log, char *text)
{
	const char *hit = strstr(log, ": (85) call unknown#195896080");
	const char *digit = hit;
	struct core_relo r;

	while (digit && digit > log && digit[-1] >= '0' && digit[-1] <= '9')
		digit--;
	if (!digit || digit == hit ||
	    !link_find_relo(l->img, p, (u32)strtoul(digit, NULL, 10), &r))
		return false;
	core_describe(&l->img->btf, &r, text, NAME_TEXT);
	return true;
}

static int explain_refusal(struct load *l, const struct program *p, const struct bpf_prog_args *a,
			   int err, struct diag *why)
{
	char what[NAME_TEXT], field[NAME_TEXT];

	snprintf(what, sizeof(what), "program %s", a->name);
	err = diag_explain(why, STAGE_PROG, -err, what, a->log, facts(l));
	if (a->log && describe_poison(l, p, a->log, field))
		snprintf(why->what, sizeof(why->what), "%.100s: this kernel's %s", what, field);
	return err;
}

/* Where the program belongs, in the kernel's types. */
static int find_target(struct load *l, const struct obj_prog *p, struct bpf_prog_args *a,
		       struct diag *why)
{
	const struct attach_row *row;
	char name[NAME_TEXT];
	bool has = target_name(p, &row, name);

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
	return diag_say(why, ESRCH, "program %s: this kernel has no %s", p->name, name);
}

static int load_prog(struct load *l, struct obj_prog *p, struct diag *why)
{
	const struct link in = {l->img, l->kernel.n ? &l->kernel : NULL, l->names, l->map_fd};
	struct bpf_prog_args a = {.name = p->name, .license = l->img->license,
				  .btf_fd = -1};
	struct program code;
	size_t mapped = 0;
	int fd;
	int err = find_target(l, p, &a, why);

	if (!err)
		err = link_program(&code, &in, &l->img->func[p->func], why);
	if (err)
		return err;
	a.insn = code.insn;
	a.ninsn = code.ninsn;
	if (code.nfunc_info) {
		a.btf_fd = l->btf_fd;
		a.func = (struct bytes){(const void *)code.func_info,
					code.nfunc_info * sizeof(*code.func_info)};
		a.line = (struct bytes){(const void *)code.line_info,
					code.nline_info * sizeof(*code.line_info)};
	}
	fd = load_patiently(l, &a);
	if (fd < 0 && fd != -EPERM)
		fd = load_with_log(l, &a, &mapped);
	if (fd < 0)
		fd = explain_refusal(l, &code, &a, fd, why);
	if (a.log)
		munmap(a.log, mapped);
	program_free(&code);
	return fd;
}

static int load_progs(struct load *l, struct diag *why)
{
	struct diag *spare = malloc(sizeof(*spare));
	int first = -ENODATA;
	u32 loaded = 0;

	if (!spare)
		return diag_say(why, ENOMEM, "out of memory");
	diag_say(why, ENODATA, "no program was wanted");
	for (u32 i = 0; i < l->o->nprog; i++) {
		struct obj_prog *p = &l->o->prog[i];
		int fd;

		if (!p->want)
			continue;
		fd = load_prog(l, p, spare);
		if (fd >= 0) {
			p->fd = fd;
			loaded++;
			continue;
		}
		if (first == -ENODATA) {
			first = fd;
			*why = *spare;
		}
		p->why = malloc(sizeof(*p->why));
		if (p->why)
			*p->why = *spare;
	}
	free(spare);
	if (!loaded)
		return first;
	*why = (struct diag){0};
	return 0;
}

int load_image(struct object *o, struct diag *why)
{
	struct load l = {.o = o, .img = o->img, .btf_fd = -1};
	char (*targets)[NAME_TEXT] = calloc(o->nprog + 1u, sizeof(*targets));
	int err = -ENOMEM;

	l.names = calloc(1, sizeof(*l.names));
	if (targets && l.names) {
		err = want_targets(&l, targets);
		if (!err)
			err = link_want(l.img, l.names);
	}
	if (err)
		diag_say(why, -err, err == -ENOMEM ? "object %s: out of memory"
						   : "object %s wants too many names", o->name);
	else
		err = read_kernel(&l, why);
	if (!err)
		err = relocate(&l, why);
	if (!err) {
		/* a kernel that refuses the types may still take the programs */
		l.btf_fd = btf_upload(l.img);
		if (l.btf_fd == -EPERM && raise_memlock(&l))
			l.btf_fd = btf_upload(l.img);
		err = create_maps(&l, why);
	}
	if (!err)
		err = load_progs(&l, why);

	if (l.btf_fd >= 0)
		close(l.btf_fd);
	btf_close(&l.kernel);
	kbtf_close(&l.kbtf);
	if (l.names)
		wanted_free(l.names);
	free(l.names);
	free(l.map_fd);
	free(targets);
	return err;
}
