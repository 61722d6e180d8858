/* tests/fuzz/fuzz_cgroup.c - any bytes as the path of a cgroup, as a process's
 * file about it, as the file that a runtime keeps of a container, as a list of
 * CPUs: whatever is found lies within. */
#include "proc/alone.h"
#include "proc/cgroup_path.h"
#include "proc/container_name.h"
#include "proc/cpuset.h"
#include "proc/guard.h"
#include "proc/target.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct bytes part, struct bytes whole)
{
	if (part.n && (part.p < whole.p || part.p + part.n > whole.p + whole.n))
		abort();
}

static void path(struct bytes all)
{
	struct cgroup_owner o;
	char *out = malloc(all.n + 1);

	cgroup_owner_of(&o, all);
	inside(o.unit, all);
	inside(o.container, all);
	inside(o.pod, all);
	if (o.runtime >= RUNTIME_N || (o.runtime && !o.container.n) || unit_unescape(all, out) > all.n ||
	    cgroup_compress(all, out, all.n / 2) > all.n / 2)
		abort();
	free(out);
}

/* What a person names, and what decides whether it may be frozen. */
static void target(struct bytes all)
{
	static const struct hierarchy h = {.fd = -1, .place = "/sys/fs/cgroup", .root = "/a"};
	static char room[CGROUP_PATH];
	static struct target t;
	struct bytes part = {0};
	struct alone a;
	char *text = malloc(all.n + 1);

	memcpy(text, all.p, all.n);
	text[all.n] = 0;
	if (guard_name(all, &part))
		inside(part, all);
	if (target_owner_path(all, TARGET_UNIT) > all.n || target_owner_path(all, TARGET_CONTAINER) > all.n)
		abort();
	if (!cgroup_path(&h, all, room) && (*room != '/' || cgroup_parent(room) > strlen(room) || strstr(room, "/../")))
		abort();
	if (alone_parse(&a, text) && (!a.who.pid || !a.home))
		abort();
	if (!target_parse(&t, text))
		inside(t.name, (struct bytes){(u8 *)text, all.n});
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = {data, size}, line;
	struct cpuset cpus;
	bool v1;

	path(all);
	if (size)
		target(all);
	line = cgroup_line(all, &v1);
	if (line.p < data || line.p > data + size) {
		if (line.n != 1 || *line.p != '/' || v1)
			abort();
	} else {
		inside(line, all);
		path(line);
	}
	(void)cgroup_has_v1(all);
	for (u32 depth = 0; depth < 3; depth++)
		inside(json_string_at(all, "Name", depth), all);
	if (!cpuset_parse(&cpus, all) && cpuset_next(&cpus, 0) > CPUSET_CPUS)
		abort();
	return 0;
}
