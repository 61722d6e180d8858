/* loader/object.c - the life of one BPF object: open, set, attach, map, close. */
#include "loader/object_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/maptype.h"

/* ---- open ---------------------------------------------------------------------- */

static u32 data_map_of(const struct image *img, const Elf64_Sym *sym)
{
	u32 m = 0;

	while (m < img->nmap && !(img->map[m].init && img->map[m].sec == sym->st_shndx))
		m++;
	return m;
}

static bool is_var(const struct image *img, u32 s, u32 *map)
{
	const Elf64_Sym *sym = &img->elf.sym[s];
	u32 size;

	*map = data_map_of(img, sym);
	if (ELF64_ST_TYPE(sym->st_info) != STT_OBJECT || *map == img->nmap)
		return false;
	size = img->map[*map].value_size;
	return sym->st_size && sym->st_size <= size && sym->st_value <= size - sym->st_size;
}

/* What the small struct will hold; counted, then allocated at once. */
struct room {
	size_t nprog, nvar, text;
};

static struct room count_room(const struct image *img)
{
	struct room r = {0};
	u32 map;

	for (u32 i = 0; i < img->nfunc; i++) {
		const struct func *f = &img->func[i];

		if (!f->entry)
			continue;
		r.nprog++;
		r.text += strlen(f->name) + strlen(f->section) + 2;
	}
	for (u32 i = 0; i < img->nmap; i++)
		r.text += strlen(img->map[i].name) + 1;
	for (u32 s = 1; s < img->elf.nsym; s++) {
		if (!is_var(img, s, &map))
			continue;
		r.nvar++;
		r.text += strlen(elf_symbol_name(&img->elf, s)) + 1;
	}
	return r;
}

static const char *keep(char **text, const char *s)
{
	size_t n = strlen(s) + 1;
	char *at = memcpy(*text, s, n);

	*text += n;
	return at;
}

static void fill(struct object *o, const struct image *img, char *text)
{
	u32 map;

	for (u32 i = 0; i < img->nfunc; i++) {
		const struct func *f = &img->func[i];

		if (f->entry)
			o->prog[o->nprog++] = (struct obj_prog){
				.name = keep(&text, f->name),
				.section = keep(&text, f->section),
				.want = f->needed,
				.fd = -1,
				.at.fd = -1,
				.func = i,
			};
	}
	for (u32 i = 0; i < img->nmap; i++)
		o->map[o->nmap++] = (struct obj_map){
			.name = keep(&text, img->map[i].name),
			.fd = -1,
		};
	for (u32 s = 1; s < img->elf.nsym; s++) {
		const Elf64_Sym *sym = &img->elf.sym[s];

		if (is_var(img, s, &map))
			o->var[o->nvar++] = (struct obj_var){
				.name = keep(&text, elf_symbol_name(&img->elf, s)),
				.map = map,
				.off = (u32)sym->st_value,
				.size = (u32)sym->st_size,
			};
	}
}

static struct object *allocate(const struct image *img)
{
	struct room r = count_room(img);
	struct object *o = calloc(1, sizeof(*o) + r.nprog * sizeof(*o->prog) +
					     img->nmap * sizeof(*o->map) +
					     r.nvar * sizeof(*o->var) + r.text);

	if (!o)
		return NULL;
	o->prog = (struct obj_prog *)(o + 1);
	o->map = (struct obj_map *)(o->prog + r.nprog);
	o->var = (struct obj_var *)(o->map + img->nmap);
	fill(o, img, (char *)(o->var + r.nvar));
	return o;
}

int object_open(struct object **out, const char *name, struct bytes elf, struct diag *why)
{
	struct image *img = calloc(1, sizeof(*img));
	struct object *o;
	int err;

	*out = NULL;
	if (!img)
		return diag_say(why, ENOMEM, "out of memory");
	err = image_open(img, name, elf, why);
	if (err)
		goto fail;
	o = allocate(img);
	if (!o) {
		err = diag_say(why, ENOMEM, "out of memory");
		image_close(img);
		goto fail;
	}
	o->img = img;
	strncpy(o->name, name, sizeof(o->name) - 1);
	img->name = o->name;
	*out = o;
	return 0;
fail:
	free(img);
	return err;
}

void object_close(struct object *o)
{
	if (!o)
		return;
	for (u32 i = 0; i < o->nprog; i++) {
		if (o->prog[i].at.fd >= 0)
			close(o->prog[i].at.fd);
		if (o->prog[i].fd >= 0)
			close(o->prog[i].fd);
		free(o->prog[i].why);
	}
	for (u32 i = 0; i < o->nmap; i++) {
		if (o->map[i].mem)
			munmap(o->map[i].mem, o->map[i].len);
		if (o->map[i].fd >= 0)
			close(o->map[i].fd);
	}
	if (o->img) {
		image_close(o->img);
		free(o->img);
	}
	free(o);
}

/* ---- by name ------------------------------------------------------------------- */

struct obj_prog *object_find_prog(const struct object *o, const char *name)
{
	for (u32 i = 0; i < o->nprog; i++)
		if (!strcmp(o->prog[i].name, name))
			return &o->prog[i];
	return NULL;
}

static struct obj_map *find_map(const struct object *o, const char *name)
{
	for (u32 i = 0; i < o->nmap; i++)
		if (!strcmp(o->map[i].name, name))
			return &o->map[i];
	return NULL;
}

static const struct obj_var *find_var(const struct object *o, const char *name)
{
	for (u32 i = 0; i < o->nvar; i++)
		if (!strcmp(o->var[i].name, name))
			return &o->var[i];
	return NULL;
}

/* ---- before load --------------------------------------------------------------- */

int object_set_var(struct object *o, const char *var, const void *val, size_t n)
{
	const struct obj_var *v = find_var(o, var);

	if (!v)
		return -ENOENT;
	if (!o->img)
		return -EBUSY;
	if (v->size != n)
		return -EINVAL;
	memcpy(o->img->map[v->map].init + v->off, val, n);
	return 0;
}

int object_set_max_entries(struct object *o, const char *map, u32 n)
{
	const struct obj_map *m = find_map(o, map);

	if (!m)
		return -ENOENT;
	if (!o->img)
		return -EBUSY;
	if (!n || o->img->map[m - o->map].init)
		return -EINVAL;
	o->img->map[m - o->map].max_entries = n;
	return 0;
}

int object_want(struct object *o, const char *prog, bool wanted)
{
	struct obj_prog *p = object_find_prog(o, prog);

	if (!p)
		return -ENOENT;
	if (!o->img)
		return -EBUSY;
	p->want = o->img->func[p->func].needed = wanted;
	return 0;
}

int object_set_hooks(struct object *o, const struct object_hook *hooks, u32 n)
{
	if (!o->img)
		return -EBUSY;
	for (u32 h = 0; h < n; h++) {
		for (u32 i = 0; i < OBJECT_FORMS && hooks[h].form[i]; i++) {
			int err = object_want(o, hooks[h].form[i], true);

			if (err)
				return err;
			object_find_prog(o, hooks[h].form[i])->in_hook = true;
		}
	}
	o->hook = hooks;
	o->nhook = n;
	return 0;
}

int object_load(struct object *o, struct diag *why)
{
	int err;

	if (!o->img)
		return diag_say(why, EBUSY, "object %s is loaded already", o->name);
	err = load_image(o, why);
	image_close(o->img);
	free(o->img);
	o->img = NULL;
	return err;
}

/* ---- after load ---------------------------------------------------------------- */

int object_prog(const struct object *o, const char *prog, struct diag *why)
{
	const struct obj_prog *p = object_find_prog(o, prog);
	struct diag unused;

	if (!why)
		why = &unused;
	if (!p)
		return diag_say(why, ENOENT, "object %s has no program %s", o->name, prog);
	if (p->fd >= 0)
		return p->fd;
	if (!p->why)
		return diag_say(why, ENODATA, "program %s was not loaded", prog);
	*why = *p->why;
	return -why->err;
}

int object_map(const struct object *o, const char *map)
{
	const struct obj_map *m = find_map(o, map);

	if (!m)
		return -ENOENT;
	return m->fd >= 0 ? m->fd : -ENODATA;
}

int object_map_shape(const struct object *o, const char *map, struct object_map_shape *out)
{
	const struct obj_map *m = find_map(o, map);

	if (!m)
		return -ENOENT;
	if (m->fd < 0)
		return -ENODATA;
	*out = (struct object_map_shape){
		.type = m->type,
		.key_size = m->key_size,
		.value_size = m->value_size,
		.max_entries = m->max_entries,
		.cpus = map_is_per_cpu(m->type) ? map_possible_cpus() : 1,
	};
	return 0;
}

u32 object_prog_verified_insns(const struct object *o, const char *prog)
{
	int fd = object_prog(o, prog, NULL);

	return fd < 0 ? 0 : bpf_prog_verified_insns(fd);
}

/* array_map_mmap() in kernel/bpf/arraymap.c: elements are 8-aligned, the whole
 * is rounded up to pages. */
static int map_memory(struct obj_map *m)
{
	u64 page = (u64)page_size();
	u64 len = (m->value_size + 7ull) / 8 * 8;
	void *mem;

	if (m->mem)
		return 0;
	if (m->fd < 0)
		return -ENODATA;
	if (__builtin_mul_overflow(len, m->max_entries, &len) || len > SIZE_MAX - page)
		return -EFBIG;
	len = (len + page - 1) / page * page;
	mem = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
	if (mem == MAP_FAILED)
		return -errno;
	m->mem = mem;
	m->len = len;
	return 0;
}

int object_mmap(struct object *o, const char *map, size_t least, void *out)
{
	struct obj_map *m = find_map(o, map);
	int err = m ? map_memory(m) : -ENOENT;

	if (err)
		return err;
	memcpy(out, &m->mem, sizeof(m->mem));
	return m->len < least ? -EINVAL : 0;
}

int object_var(struct object *o, const char *var, size_t size, void *out)
{
	const struct obj_var *v = find_var(o, var);
	int err = v ? map_memory(&o->map[v->map]) : -ENOENT;
	char *at;

	if (err)
		return err;
	at = (char *)o->map[v->map].mem + v->off;
	memcpy(out, &at, sizeof(at));
	return v->size != size ? -EINVAL : 0;
}

/* ---- attach -------------------------------------------------------------------- */

int object_attach_prog(struct obj_prog *p, struct diag *why)
{
	struct attached at = {.fd = -1};
	const struct attach_row *row;
	struct diag_facts facts;
	const char *target;
	char what[64];
	int err;

	row = attach_find(p->section, &target);
	err = row && row->attach ? row->attach(p->fd, row, target, &at) : -EOPNOTSUPP;
	if (!err) {
		p->at = at;
		return 0;
	}
	if (at.why) {
		diag_say(why, -err, "program %s: %s", p->name, at.why);
		snprintf(why->hint, sizeof(why->hint), "%s", at.hint);
		return err;
	}
	diag_facts_read(&facts);
	snprintf(what, sizeof(what), "program %s", p->name);
	return diag_explain(why, STAGE_ATTACH, -err, what, NULL, &facts);
}

int object_attach(struct object *o, const char *prog, struct diag *why)
{
	int fd = object_prog(o, prog, why);
	struct obj_prog *p;
	int err;

	if (fd < 0)
		return fd;
	p = object_find_prog(o, prog);
	err = p->at.fd >= 0 ? 0 : object_attach_prog(p, why);
	return err ? err : p->at.fd;
}

int object_detach(struct object *o, const char *prog)
{
	struct obj_prog *p = object_find_prog(o, prog);

	if (!p)
		return -ENOENT;
	if (p->at.fd >= 0)
		close(p->at.fd);
	p->at = (struct attached){.fd = -1};
	return 0;
}

const char *object_attached_as(const struct object *o, const char *prog)
{
	const struct obj_prog *p = object_find_prog(o, prog);

	return p ? p->at.form : NULL;
}

/* A form that did not attach is not left loaded. */
const char *object_hook_form(const struct object *o, const char *hook, struct diag *why)
{
	const struct object_hook *h = o->hook;
	struct diag unused;

	if (!why)
		why = &unused;
	diag_say(why, ENOENT, "object %s has no hook %s", o->name, hook);
	for (u32 i = 0; i < o->nhook; i++, h++) {
		if (strcmp(h->name, hook) != 0)
			continue;
		for (u32 k = 0; k < OBJECT_FORMS && h->form[k]; k++)
			if (object_prog(o, h->form[k], why) >= 0)
				return h->form[k];
	}
	return NULL;
}
