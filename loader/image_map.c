/* loader/image_map.c - the maps of an object: those that it defines in .maps,
 * and one for each section of global data. */
#include "loader/image.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/diag.h"

enum { DATASEC_KEY = sizeof(u32) };

/* ---- definitions in .maps --------------------------------------------------
 * A definition is a structure that is never stored: __uint(x, N) declares a
 * pointer to an array of N, __type(x, T) a pointer to T. */

static bool number_of(const struct image *img, u32 type, u32 *out)
{
	const struct btf_type *t = btf_type(&img->btf, btf_skip(&img->btf, type));

	if (btf_kind(t) != KIND_PTR)
		return false;
	t = btf_type(&img->btf, btf_skip(&img->btf, t->type));
	if (btf_kind(t) != KIND_ARRAY)
		return false;
	*out = btf_array(t)->nelems;
	return true;
}

/* __ulong(x, N): an enumerator, because N may need 64 bits. */
static bool wide_number_of(const struct image *img, u32 type, u64 *out)
{
	const struct btf_type *t = btf_type(&img->btf, btf_skip(&img->btf, type));
	u32 small;

	if (btf_is(t, ENUMS) && btf_vlen(t)) {
		*out = btf_enumerator(&img->btf, t, 0).value;
		return true;
	}
	if (!number_of(img, type, &small))
		return false;
	*out = small;
	return true;
}

static bool type_of(const struct image *img, u32 type, u32 *id, u32 *size)
{
	const struct btf_type *t = btf_type(&img->btf, btf_skip(&img->btf, type));
	u32 n;

	if (btf_kind(t) != KIND_PTR || btf_size(&img->btf, t->type, &n) || (*size && *size != n))
		return false;
	*id = t->type;
	*size = n;
	return true;
}

static bool size_of(const struct image *img, u32 type, u32 *size)
{
	u32 n;

	if (!number_of(img, type, &n) || (*size && *size != n))
		return false;
	*size = n;
	return true;
}

static bool read_member(const struct image *img, struct map_spec *m, const char *name, u32 type)
{
	const struct {
		const char *name;
		u32 *number;
	} numbers[] = {
		{"type", &m->type},
		{"max_entries", &m->max_entries},
		{"map_flags", &m->flags},
		{"numa_node", &m->numa_node},
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (!strcmp(name, numbers[i].name))
			return number_of(img, type, numbers[i].number);
	if (!strcmp(name, "key"))
		return type_of(img, type, &m->key_type, &m->key_size);
	if (!strcmp(name, "value"))
		return type_of(img, type, &m->value_type, &m->value_size);
	if (!strcmp(name, "key_size"))
		return size_of(img, type, &m->key_size);
	if (!strcmp(name, "value_size"))
		return size_of(img, type, &m->value_size);
	if (!strcmp(name, "map_extra"))
		return wide_number_of(img, type, &m->extra);
	return false;
}

/* What map definitions may say elsewhere and not here. */
static const char *unsupported(const struct image *img, const char *member, u32 type)
{
	u32 how;

	if (!strcmp(member, "values"))
		return "maps of maps and arrays of programs are not supported";
	if (!strcmp(member, "pinning") && !(number_of(img, type, &how) && !how))
		return "pinning is not supported";
	return NULL;
}

static int read_members(const struct image *img, struct map_spec *m, const struct btf_type *def,
			struct diag *why)
{
	const struct btf *b = &img->btf;

	for (u32 k = 0; k < btf_vlen(def); k++) {
		const struct btf_member *f = btf_members(def) + k;
		const char *name = btf_str(b, f->name_off);
		const char *no = unsupported(img, name, f->type);

		if (no)
			return diag_say(why, EOPNOTSUPP, "map %s: %s", m->name, no);
		if (strcmp(name, "pinning") != 0 && !read_member(img, m, name, f->type))
			return diag_say(why, EBADMSG, "map %s: cannot use its member %s", m->name,
					name);
	}
	return 0;
}

static int read_definition(struct image *img, u32 sec, const struct btf_type *datasec, u32 i,
			   struct diag *why)
{
	const struct btf *b = &img->btf;
	const struct btf_type *var = btf_type(b, btf_secinfos(datasec)[i].type);
	struct map_spec *m = &img->map[img->nmap];
	const struct btf_type *def;

	if (btf_kind(var) != KIND_VAR)
		return diag_say(why, EBADMSG, "section .maps holds what is not a variable");
	m->name = btf_name(b, var);
	m->sec = sec;
	def = btf_type(b, btf_skip(b, var->type));
	if (btf_kind(def) != KIND_STRUCT || image_var_offset(img, sec, datasec, i, &m->sec_off))
		return diag_say(why, EBADMSG, "map %s has no definition", m->name);
	img->nmap++;
	return read_members(img, m, def, why);
}

static int read_definitions(struct image *img, u32 sec, u32 type, struct diag *why)
{
	const struct btf_type *datasec = btf_type(&img->btf, type);
	int err = 0;

	for (u32 i = 0; !err && i < btf_vlen(datasec); i++)
		err = read_definition(img, sec, datasec, i, why);
	return err;
}

/* ---- global data ----------------------------------------------------------- */

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static bool is_data(const struct elf *e, u32 sec)
{
	const Elf64_Shdr *sh = &e->sec[sec];
	const char *name = elf_section_name(e, sec);

	if (!(sh->sh_flags & SHF_ALLOC) || !sh->sh_size)
		return false;
	if (sh->sh_type == SHT_NOBITS)
		return starts(name, ".bss");
	return sh->sh_type == SHT_PROGBITS && (starts(name, ".data") || starts(name, ".rodata"));
}

/* Sections do not overlap: together they hold no more than the file, and their
 * copies must not either. */
static int check_data(const struct elf *e, struct diag *why)
{
	u64 stored = 0, zeros = 0;

	for (u32 i = 1; i < e->nsec; i++) {
		u64 size = e->sec[i].sh_size;

		if (!is_data(e, i))
			continue;
		if (e->sec[i].sh_type == SHT_NOBITS)
			zeros += MIN(size, IMAGE_MAX_DATA + 1ull);
		else
			stored += size;
		if (zeros > IMAGE_MAX_DATA || stored > MIN(e->file.n, (u64)IMAGE_MAX_DATA))
			return diag_say(why, E2BIG, "section %s is too large",
					elf_section_name(e, i));
	}
	return 0;
}

static int add_data(struct image *img, u32 sec, struct diag *why)
{
	const struct elf *e = &img->elf;
	u64 size = e->sec[sec].sh_size;
	struct bytes data = elf_data(e, sec);
	struct map_spec *m = &img->map[img->nmap];

	m->name = elf_section_name(e, sec);
	m->init = calloc(1, size);
	if (!m->init)
		return diag_say(why, ENOMEM, "out of memory");
	if (data.n)
		memcpy(m->init, data.p, data.n);
	img->nmap++;
	m->sec = sec;
	m->type = BPF_MAP_TYPE_ARRAY;
	m->key_size = DATASEC_KEY;
	m->value_size = (u32)size;
	m->max_entries = 1;
	m->readonly = starts(m->name, ".rodata");
	m->flags = m->readonly ? BPF_F_RDONLY_PROG : BPF_F_MMAPABLE;
	/* sections of literals (.rodata.str1.1) have no type */
	m->value_type = image_find_type(img, KIND_DATASEC, m->name);
	return 0;
}

int image_read_maps(struct image *img, struct diag *why)
{
	const struct elf *e = &img->elf;
	u32 sec = elf_find_section(e, ".maps");
	u32 type = sec ? image_find_type(img, KIND_DATASEC, ".maps") : 0;
	size_t n = btf_vlen(btf_type(&img->btf, type));
	int err = check_data(e, why);

	if (err)
		return err;
	for (u32 i = 1; i < e->nsec; i++)
		n += is_data(e, i);
	if (!n)
		return 0;
	img->map = calloc(n, sizeof(*img->map));
	if (!img->map)
		return diag_say(why, ENOMEM, "out of memory");
	if (type)
		err = read_definitions(img, sec, type, why);
	for (u32 i = 1; !err && i < e->nsec; i++)
		if (is_data(e, i))
			err = add_data(img, i, why);
	return err;
}
