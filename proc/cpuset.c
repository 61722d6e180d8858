/* proc/cpuset.c - a set of CPUs. */
#include "proc/cpuset.h"
#include "proc/scan.h"

int cpuset_parse(struct cpuset *s, struct bytes text)
{
	struct scan c = scan_of(text);
	u32 first, last;

	memset(s, 0, sizeof(*s));
	scan_byte(&c, '\n');
	while (c.at < c.end) {
		if (!scan_u32(&c, &first))
			return -EBADMSG;
		last = first;
		if (scan_byte(&c, '-') && (!scan_u32(&c, &last) || last < first))
			return -EBADMSG;
		for (u32 cpu = first; cpu <= MIN(last, CPUSET_CPUS - 1u); cpu++)
			s->bit[cpu / 64] |= 1ull << cpu % 64;
		if (!scan_byte(&c, ',') && !scan_byte(&c, '\n') && c.at < c.end)
			return -EBADMSG;
	}
	return 0;
}

u32 cpuset_next(const struct cpuset *s, u32 from)
{
	while (from < CPUSET_CPUS && !cpuset_has(s, from))
		from += s->bit[from / 64] >> from % 64 ? 1 : 64 - from % 64;
	return from;
}
