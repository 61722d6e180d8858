/* proc/parse_system.c - text of the system's files to numbers.
 * Their forms: proc_stat(5), proc_meminfo(5), proc_loadavg(5), proc_vmstat(5),
 * Documentation/accounting/psi.rst. */
#include "proc/scan.h"
#include "proc/system.h"

enum {
	CPU_NUMBER_MAX = 65535,		/* NR_CPUS is 8192 where it is largest */
	CPU_COLUMNS_MIN = CPU_IDLE + 1,	/* steal came with 2.6.11, guest_nice with 2.6.33 */
};

/* The numbers after "cpu" or "cpuN"; columns that the kernel lacks are 0. */
static bool cpu_line(struct scan line, struct cpu_raw *out)
{
	unsigned n = 0;

	*out = (struct cpu_raw){.online = true};
	while (n < CPU_TIMES && scan_u64(&line, &out->tick[n]))
		n++;
	return n >= CPU_COLUMNS_MIN;
}

/* One line that begins with "cpu". */
static bool stat_cpu(struct snapshot *snap, struct scan line, bool *total)
{
	struct cpu_raw cpu;
	u64 number;

	if (line.at < line.end && scan_is_blank(*line.at)) {
		*total = true;
		return cpu_line(line, &snap->stat.total);
	}
	if (!scan_u64(&line, &number) || number > CPU_NUMBER_MAX || !cpu_line(line, &cpu))
		return false;
	if (number < snap->cpu_cap)
		snap->cpu[number] = cpu;
	snap->ncpu = MAX(snap->ncpu, (u32)number + 1);
	return true;
}

int stat_parse(struct snapshot *snap, struct bytes text)
{
	struct scalars { u64 boot_time_s, forks, running; } v;
	static const struct scan_key keys[] = {
		SCAN_KEY("btime ", struct scalars, boot_time_s),
		SCAN_KEY("processes ", struct scalars, forks),
		SCAN_KEY("procs_running ", struct scalars, running),
	};
	struct scan s = scan_of(text), rest = s, line;
	bool total = false;
	u32 found;

	/* A CPU that is offline has no line, and numbers may have holes. */
	snap->ncpu = 0;
	for (u32 i = 0; i < snap->cpu_cap; i++)
		snap->cpu[i].online = false;
	while (scan_line(&s, &line) && SCAN_LIT(&line, "cpu")) {
		if (!stat_cpu(snap, line, &total))
			return -EBADMSG;
		rest = s;
	}
	if (!total || scan_keys(rest, keys, ARRAY_LEN(keys), &v, &found) ||
	    found != SCAN_ALL_KEYS(ARRAY_LEN(keys)) || v.running > UINT32_MAX)
		return -EBADMSG;
	snap->stat.boot_time_s = v.boot_time_s;
	snap->stat.forks = v.forks;
	snap->stat.running = (u32)v.running;
	return 0;
}

int meminfo_parse(struct meminfo_raw *out, struct bytes text)
{
	enum { TOTAL, FREE, AVAILABLE, REQUIRED = 1u << TOTAL | 1u << FREE };
	static const struct scan_key keys[] = {
		[TOTAL]     = SCAN_KEY("MemTotal:", struct meminfo_raw, total),
		[FREE]      = SCAN_KEY("MemFree:", struct meminfo_raw, free),
		[AVAILABLE] = SCAN_KEY("MemAvailable:", struct meminfo_raw, available),
		SCAN_KEY("Buffers:", struct meminfo_raw, buffers),
		SCAN_KEY("Cached:", struct meminfo_raw, cached),
		SCAN_KEY("SReclaimable:", struct meminfo_raw, sreclaimable),
		SCAN_KEY("Shmem:", struct meminfo_raw, shmem),
		SCAN_KEY("SwapTotal:", struct meminfo_raw, swap_total),
		SCAN_KEY("SwapFree:", struct meminfo_raw, swap_free),
		SCAN_KEY("SwapCached:", struct meminfo_raw, swap_cached),
		SCAN_KEY("Zswap:", struct meminfo_raw, zswap),
		SCAN_KEY("Zswapped:", struct meminfo_raw, zswapped),
		SCAN_KEY("HugePages_Total:", struct meminfo_raw, huge_total),
		SCAN_KEY("HugePages_Free:", struct meminfo_raw, huge_free),
		SCAN_KEY("Hugepagesize:", struct meminfo_raw, huge_size),
	};
	struct meminfo_raw m = {0};
	u32 found;
	int err = scan_keys(scan_of(text), keys, ARRAY_LEN(keys), &m, &found);

	if (err || (found & REQUIRED) != REQUIRED)
		return -EBADMSG;
	m.have_available = found & 1u << AVAILABLE;
	*out = m;
	return 0;
}

/* OpenZFS, module/zfs/arc.c: "name type data". */
int arcstats_parse(struct arc_raw *out, struct bytes text)
{
	enum { SIZE, C_MIN, REQUIRED = 1u << SIZE | 1u << C_MIN };
	static const struct scan_key keys[] = {
		[SIZE]  = SCAN_KEY("size ", struct arc_raw, size),
		[C_MIN] = SCAN_KEY("c_min ", struct arc_raw, min),
		SCAN_KEY("c_max ", struct arc_raw, max),
		SCAN_KEY("compressed_size ", struct arc_raw, compressed),
		SCAN_KEY("uncompressed_size ", struct arc_raw, uncompressed),
	};
	struct scan s = scan_of(text), line;
	struct arc_raw arc = {0};
	u32 found = 0;

	while (scan_line(&s, &line)) {
		for (u32 i = 0; i < ARRAY_LEN(keys); i++) {
			u64 v;

			if (!scan_text(&line, keys[i].key, keys[i].len))
				continue;
			if (!scan_skip(&line, 1) || !scan_u64(&line, &v))
				return -EBADMSG;
			memcpy((char *)&arc + keys[i].offset, &v, sizeof(v));
			found |= 1u << i;
			break;
		}
	}
	if ((found & REQUIRED) != REQUIRED)
		return -EBADMSG;
	*out = arc;
	return 0;
}

int vmstat_parse(struct vmstat_raw *out, struct bytes text)
{
	static const struct scan_key keys[] = {
		SCAN_KEY("pswpin ", struct vmstat_raw, swap_in_pages),
		SCAN_KEY("pswpout ", struct vmstat_raw, swap_out_pages),
	};
	struct vmstat_raw v;
	u32 found;
	int err = scan_keys(scan_of(text), keys, ARRAY_LEN(keys), &v, &found);

	if (err || found != SCAN_ALL_KEYS(ARRAY_LEN(keys)))
		return -EBADMSG;
	*out = v;
	return 0;
}

/* "1.07" to 107.  The kernel writes two decimals, always. */
static bool scan_centi(struct scan *s, u32 *centi)
{
	struct scan c = *s;
	u32 whole, part;

	if (!scan_u32(&c, &whole) || !scan_byte(&c, '.') || scan_left(&c) < 2)
		return false;
	if (c.at[0] < '0' || c.at[0] > '9' || c.at[1] < '0' || c.at[1] > '9')
		return false;
	part = (u32)(c.at[0] - '0') * 10 + (u32)(c.at[1] - '0');
	if (__builtin_mul_overflow(whole, 100u, &whole) ||
	    __builtin_add_overflow(whole, part, centi))
		return false;
	c.at += 2;
	*s = c;
	return true;
}

int loadavg_parse(struct loadavg_raw *out, struct bytes text)
{
	struct scan s = scan_of(text);
	struct loadavg_raw l;

	for (size_t i = 0; i < ARRAY_LEN(l.load_centi); i++)
		if (!scan_centi(&s, &l.load_centi[i]))
			return -EBADMSG;
	if (!scan_u32(&s, &l.running) || !scan_byte(&s, '/') || !scan_u32(&s, &l.total))
		return -EBADMSG;
	*out = l;
	return 0;
}

/* What stands after "some" or "full". */
static bool pressure_numbers(struct scan *s, struct pressure_line *out)
{
	if (!SCAN_LIT(s, " avg10=") || !scan_centi(s, &out->avg_centi[0]) ||
	    !SCAN_LIT(s, " avg60=") || !scan_centi(s, &out->avg_centi[1]) ||
	    !SCAN_LIT(s, " avg300=") || !scan_centi(s, &out->avg_centi[2]) ||
	    !SCAN_LIT(s, " total=") || !scan_u64(s, &out->total_us))
		return false;
	out->present = true;
	return true;
}

/* cpu has no "full" before Linux 5.13, irq has no "some". */
int pressure_parse(struct pressure_raw *out, struct bytes text)
{
	struct scan s = scan_of(text), line;
	struct pressure_raw p = {0};

	while (scan_line(&s, &line)) {
		struct pressure_line *which = SCAN_LIT(&line, "some") ? &p.some :
					      SCAN_LIT(&line, "full") ? &p.full : NULL;

		if (which && !pressure_numbers(&line, which))
			return -EBADMSG;
	}
	if (!p.some.present && !p.full.present)
		return -EBADMSG;
	*out = p;
	return 0;
}

/* proc_sys_fs(5): handles in use, free ones of those (0 since 2.6), the most. */
int file_nr_parse(struct files_raw *out, struct bytes text)
{
	struct scan s = scan_of(text);
	u64 made, spare, most;

	if (!scan_u64(&s, &made) || !scan_u64(&s, &spare) || !scan_u64(&s, &most) || spare > made)
		return -EBADMSG;
	*out = (struct files_raw){made - spare, most};
	return 0;
}
