/* proc/program_maps.c - the maps of one program, each by a few system calls. */
#include "proc/programs_impl.h"

#include <unistd.h>

#include "loader/inventory.h"
#include "proc/program_text.h"

static void ask(struct program_map *m, u32 id)
{
	struct bpf_map_info info = {0};
	int fd = inventory_fd(INVENTORY_MAP, id);

	*m = (struct program_map){.id = id};
	if (fd < 0)
		return;
	if (!inventory_info(fd, &info, sizeof(info))) {
		m->type = info.type;
		m->key_bytes = info.key_size;
		m->value_bytes = info.value_size;
		m->entries = info.max_entries;
		memcpy(m->name, info.name, sizeof(m->name));
		if (!fdinfo_of(fd, "memlock:", &m->memory_bytes))
			m->memory_bytes = 0;
	}
	++syscall_count;
	close(fd);
}

void program_maps_read(struct program_maps *m, const struct program_facts *f)
{
	m->of = f->id;
	m->n = MIN(f->nmap, (u32)PROGRAM_MAPS);
	for (u32 i = 0; i < m->n; i++)
		ask(&m->map[i], f->map[i]);
}
