/* loader/maptype.c - what the type of a map means for creating and reading it. */
#include "loader/maptype.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	NO_TYPES = 1 << 0,	/* map_check_btf() of kernel/bpf/syscall.c refuses them */
	PER_CPU = 1 << 1,
	RING = 1 << 2,
	CPU_EACH = 1 << 3,	/* 0 entries: as many as CPUs */
};

static const struct {
	u32 type, traits;
} rows[] = {
	{BPF_MAP_TYPE_PERF_EVENT_ARRAY, NO_TYPES | CPU_EACH},
	{BPF_MAP_TYPE_CGROUP_ARRAY, NO_TYPES},
	{BPF_MAP_TYPE_STACK_TRACE, NO_TYPES},
	{BPF_MAP_TYPE_ARRAY_OF_MAPS, NO_TYPES},
	{BPF_MAP_TYPE_HASH_OF_MAPS, NO_TYPES},
	{BPF_MAP_TYPE_DEVMAP, NO_TYPES},
	{BPF_MAP_TYPE_DEVMAP_HASH, NO_TYPES},
	{BPF_MAP_TYPE_CPUMAP, NO_TYPES},
	{BPF_MAP_TYPE_XSKMAP, NO_TYPES},
	{BPF_MAP_TYPE_SOCKMAP, NO_TYPES},
	{BPF_MAP_TYPE_SOCKHASH, NO_TYPES},
	{BPF_MAP_TYPE_QUEUE, NO_TYPES},
	{BPF_MAP_TYPE_STACK, NO_TYPES},
	{BPF_MAP_TYPE_RINGBUF, NO_TYPES | RING},
	{MAP_USER_RINGBUF, NO_TYPES | RING},
	{MAP_ARENA, NO_TYPES},
	{BPF_MAP_TYPE_PERCPU_HASH, PER_CPU},
	{BPF_MAP_TYPE_PERCPU_ARRAY, PER_CPU},
	{BPF_MAP_TYPE_LRU_PERCPU_HASH, PER_CPU},
	{BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, PER_CPU},
};

static u32 traits(u32 type)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].type == type)
			return rows[i].traits;
	return 0;
}

bool map_takes_types(u32 type)
{
	return !(traits(type) & NO_TYPES);
}

bool map_is_per_cpu(u32 type)
{
	return traits(type) & PER_CPU;
}

u32 map_entries(u32 type, u32 want, u64 page, u32 cpus)
{
	u64 n = page;

	if (traits(type) & CPU_EACH && !want)
		return cpus;
	if (!(traits(type) & RING))
		return want;
	while (n < want)
		n *= 2;
	return n > UINT32_MAX ? want : (u32)n;
}

u32 map_cpus_of(const char *text)
{
	u64 last = 0;

	for (;;) {
		char *end;
		unsigned long n = strtoul(text, &end, 10);

		if (end == text || *text < '0' || *text > '9' || n >= UINT32_MAX || n < last)
			return 0;
		last = n;
		if (*end != ',' && *end != '-')
			return *end && *end != '\n' ? 0 : (u32)last + 1;
		text = end + 1;
	}
}

u32 map_possible_cpus(void)
{
	int fd = open("/sys/devices/system/cpu/possible", O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	u32 cpus;

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = 0;
	cpus = map_cpus_of(text);
	return cpus ? cpus : 1;
}
