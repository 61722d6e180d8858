/* proc/cgroup_files.c - see proc/cgroup_files.h; the forms are those of the
 * kernel's cgroup-v2.rst and cgroup-v1/. */
#include "proc/cgroup_files.h"
#include "proc/scan.h"
#include "proc/system.h"

enum { PPM_OF_ONE = 1000000 };

const struct cgroup_file_info cgroup_files[CGF_N] = {
	[CGF_EVENTS]        = {"cgroup.events", "freezer", "freezer.state"},
	[CGF_CPU]           = {"cpu.stat", "cpu", "cpu.stat"},
	[CGF_MEMORY]        = {"memory.current", "memory", "memory.usage_in_bytes"},
	[CGF_SWAP]          = {.name = "memory.swap.current"},
	[CGF_MEMORY_EVENTS] = {"memory.events", "memory", "memory.oom_control"},
	[CGF_IO]            = {"io.stat", "blkio", "blkio.throttle.io_service_bytes"},
	[CGF_PIDS]          = {"pids.current", "pids", "pids.current"},
	[CGF_PRESSURE + PRESSURE_CPU]    = {.name = "cpu.pressure"},
	[CGF_PRESSURE + PRESSURE_MEMORY] = {.name = "memory.pressure"},
	[CGF_PRESSURE + PRESSURE_IO]     = {.name = "io.pressure"},
	[CGF_HIGH]          = {.name = "memory.high"},
	[CGF_MAX]           = {"memory.max", "memory", "memory.limit_in_bytes"},
	[CGF_SWAP_MAX]      = {.name = "memory.swap.max"},
	[CGF_PIDS_MAX]      = {"pids.max", "pids", "pids.max"},
	[CGF_CPU_WEIGHT]    = {.name = "cpu.weight"},
	[CGF_CPU_MAX]       = {.name = "cpu.max"},
	[CGF_IO_WEIGHT]     = {.name = "io.weight"},
};

/* Lines "key number", and what one of the number is. */
static const struct {
	u8 file, value;
	u16 unit;
	char key[16];
} keys[] = {
	{CGF_EVENTS, CGV_FROZEN, 1, "frozen "},
	{CGF_CPU, CGV_USAGE, 1000, "usage_usec "},
	{CGF_CPU, CGV_THROTTLES, 1, "nr_throttled "},
	{CGF_CPU, CGV_THROTTLED, 1000, "throttled_usec "},
	{CGF_CPU, CGV_THROTTLED, 1, "throttled_time "},		/* v1 */
	{CGF_MEMORY_EVENTS, CGV_OOM_KILLS, 1, "oom_kill "},
};

/* Files that are one number, or "max". */
static const u8 number_of[CGF_N] = {
	[CGF_MEMORY] = CGV_MEMORY, [CGF_SWAP] = CGV_SWAP, [CGF_PIDS] = CGV_PIDS, [CGF_HIGH] = CGV_HIGH,
	[CGF_MAX] = CGV_MAX, [CGF_SWAP_MAX] = CGV_SWAP_MAX, [CGF_PIDS_MAX] = CGV_PIDS_MAX,
	[CGF_CPU_WEIGHT] = CGV_CPU_WEIGHT, [CGF_IO_WEIGHT] = CGV_IO_WEIGHT,
};

static void put(struct cgroup_reading *r, u32 value, u64 v)
{
	r->value[value] = v;
	r->have |= 1u << value;
}

static int parse_keys(enum cgroup_file file, struct bytes text, struct cgroup_reading *r)
{
	struct scan s = scan_of(text), line;

	while (scan_line(&s, &line)) {
		for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
			u64 v;

			if (keys[i].file != file || !scan_text(&line, keys[i].key, strlen(keys[i].key)))
				continue;
			if (!scan_u64(&line, &v) || __builtin_mul_overflow(v, keys[i].unit, &v))
				return -EBADMSG;
			put(r, keys[i].value, v);
		}
	}
	return 0;
}

/* freezer.state of v1; who is on the way is not there. */
static bool parse_state(struct bytes text, struct cgroup_reading *r)
{
	struct scan s = scan_of(text);
	bool frozen = SCAN_LIT(&s, "FROZEN"), thawed = SCAN_LIT(&s, "THAWED") || SCAN_LIT(&s, "FREEZING");

	if (frozen || thawed)
		put(r, CGV_FROZEN, frozen);
	return frozen || thawed;
}

static bool scan_limit(struct scan *s, u64 *v)
{
	*v = CGROUP_NO_LIMIT;
	return SCAN_LIT(s, "max") || scan_u64(s, v);
}

static int parse_number(enum cgroup_file file, struct bytes text, struct cgroup_reading *r)
{
	struct scan s = scan_of(text);
	u64 v;

	(void)SCAN_LIT(&s, "default ");		/* io.weight; other lines are of single devices */
	if (!scan_limit(&s, &v))
		return -EBADMSG;
	/* v1 has for "none" what is left of s64 when it is cut to whole pages */
	put(r, (u32)number_of[file], file == CGF_MAX && v >> 62 ? CGROUP_NO_LIMIT : v);
	return 0;
}

/* "max 100000": quota and period, us. */
static int parse_quota(struct bytes text, struct cgroup_reading *r)
{
	struct scan s = scan_of(text);
	u64 quota, period;

	if (!scan_limit(&s, &quota) || !scan_u64(&s, &period) || !period)
		return -EBADMSG;
	put(r, CGV_QUOTA, quota == CGROUP_NO_LIMIT ? quota : mul_div(quota, PPM_OF_ONE, period));
	return 0;
}

/* "8:0 rbytes=1 wbytes=2 rios=..." a device; of v1 "8:0 Read 1" and so on, with
 * "Total 3" at the end.  A device that has done nothing may have no fields. */
static int parse_io(struct bytes text, struct cgroup_reading *r)
{
	static const struct {
		char key[8];
		bool v1;
		u8 value;
	} fields[] = {
		{"rbytes=", false, CGV_READ}, {"wbytes=", false, CGV_WRITE},
		{"Read", true, CGV_READ}, {"Write", true, CGV_WRITE},
	};
	struct scan s = scan_of(text), line;
	u64 sum[CGV_COUNTERS] = {0};

	while (scan_line(&s, &line)) {
		struct bytes field;

		while (scan_field(&line, &field)) {
			for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
				struct scan f = {field.p, field.p + field.n};
				u64 v, *to = &sum[fields[i].value];

				if (!scan_text(&f, fields[i].key, strlen(fields[i].key)))
					continue;
				if (!scan_u64(fields[i].v1 ? &line : &f, &v) || __builtin_add_overflow(*to, v, to))
					return -EBADMSG;
			}
		}
	}
	put(r, CGV_READ, sum[CGV_READ]);
	put(r, CGV_WRITE, sum[CGV_WRITE]);
	return 0;
}

static u32 values_of(enum cgroup_file file)
{
	u32 values = 0;

	if (file == CGF_IO)
		return 1u << CGV_READ | 1u << CGV_WRITE;
	if (file == CGF_CPU_MAX)
		return 1u << CGV_QUOTA;
	if (number_of[file])
		return 1u << number_of[file];
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i].file == file)
			values |= 1u << keys[i].value;
	return values;
}

static int parse_pressure(u32 kind, struct bytes text, struct cgroup_reading *r)
{
	int err = pressure_parse(&r->pressure[kind], text);

	r->pressed &= ~(1u << kind);
	r->pressed |= err ? 0 : 1u << kind;
	return err;
}

void cgroup_file_forget(enum cgroup_file file, struct cgroup_reading *r, bool all)
{
	bool pressure = file >= CGF_PRESSURE && file < CGF_PRESSURE + PRESSURE_KINDS;

	if (pressure && all)
		r->pressed &= ~(1u << (file - CGF_PRESSURE));
	if (!pressure)
		r->have &= ~(values_of(file) & (all ? UINT32_MAX : (1u << CGV_COUNTERS) - 1));
}

int cgroup_file_parse(enum cgroup_file file, struct bytes text, struct cgroup_reading *r)
{
	int err = 0;

	if (file >= CGF_PRESSURE && file < CGF_PRESSURE + PRESSURE_KINDS)
		return parse_pressure(file - CGF_PRESSURE, text, r);
	r->have &= ~values_of(file);
	if (file == CGF_IO)
		err = parse_io(text, r);
	else if (file == CGF_CPU_MAX)
		err = parse_quota(text, r);
	else if (number_of[file])
		err = parse_number(file, text, r);
	else if (file != CGF_EVENTS || !parse_state(text, r))
		err = parse_keys(file, text, r);
	if (err)
		r->have &= ~values_of(file);
	return err;
}
