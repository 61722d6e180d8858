/* loader/load_map.c - the maps of an object, in the kernel. */
#include "loader/object_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "loader/bpf.h"
#include "loader/maptype.h"

/* "%.8s%.7s" of object and section, as libbpf names them: bpftool shows it. */
static void map_name(const struct load *l, const struct map_spec *m, char name[16])
{
	if (m->init && !strchr(m->name + 1, '.'))
		snprintf(name, 16, "%.8s%.7s", l->o->name, m->name);
	else
		snprintf(name, 16, "%.15s", m->name);
}

static int create_map(struct load *l, const struct map_spec *m, u32 max_entries)
{
	char name[16];
	struct bpf_map_args a = {
		.name = name,
		.type = m->type,
		.key_size = m->key_size,
		.value_size = m->value_size,
		.max_entries = max_entries,
		.flags = m->flags,
		.numa_node = m->numa_node,
		.extra = m->extra,
		.btf_fd = -1,
	};
	int fd;

	map_name(l, m, name);
	if (m->value_type && map_takes_types(m->type)) {
		a.btf_fd = l->btf_fd;
		a.key_type = m->key_type;
		a.value_type = m->value_type;
	}
	fd = bpf_map_create(&a);
	if (fd == -EPERM && load_raise_memlock(l))
		fd = bpf_map_create(&a);
	if (fd < 0 && fd != -EPERM && a.btf_fd >= 0) {
		/* a kernel may refuse types of keys or values that its newer
		 * brothers take: the map works without */
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

static int load_map(struct load *l, const struct map_spec *m, struct obj_map *om)
{
	u32 max = map_entries(m->type, m->max_entries, (u64)page_size(),
			      m->max_entries ? 1 : map_possible_cpus());

	om->fd = create_map(l, m, max);
	om->type = m->type;
	om->key_size = m->key_size;
	om->value_size = m->value_size;
	om->max_entries = max;
	return om->fd < 0 ? om->fd : fill_map(om->fd, m);
}

int load_maps(struct load *l, struct diag *why)
{
	char what[LOAD_TEXT];

	l->map_fd = calloc(l->img->nmap + 1u, sizeof(*l->map_fd));
	if (!l->map_fd)
		return diag_say(why, ENOMEM, "out of memory");
	for (u32 i = 0; i < l->img->nmap; i++) {
		int err = load_map(l, &l->img->map[i], &l->o->map[i]);

		l->map_fd[i] = l->o->map[i].fd;
		if (!err)
			continue;
		snprintf(what, sizeof(what), "map %s", l->img->map[i].name);
		return diag_explain(why, STAGE_MAP, -err, what, NULL, load_facts(l));
	}
	return 0;
}
