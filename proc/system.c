/* proc/system.c - reads the system's files; parse_system.c knows what is in
 * them.  One pread(2) a file and refresh, into one buffer for all: each is
 * parsed before the next is read. */
#include "proc/devices.h"
#include "proc/procfile.h"
#include "proc/system.h"
#include "proc/systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

const struct source_info source_info[SRC_N] = {
	[SRC_TASKS]    = {"tasks",    "the processes"},
	[SRC_THREADS]  = {"threads",  "the threads of a process"},
	[SRC_STAT]     = {"stat",     "the CPU meters, and start times as dates"},
	[SRC_MEMINFO]  = {"meminfo",  "memory and swap, and each process's share of memory"},
	[SRC_LOADAVG]  = {"loadavg",  "the load averages"},
	[SRC_VMSTAT]   = {"vmstat",   "swap traffic"},
	[SRC_PRESSURE] = {"pressure", "how long tasks stall for CPU, memory and I/O"},
	[SRC_ZRAM]     = {"zram",     "what memory is compressed to, and its pool in memory used"},
	[SRC_IRQ_PRESSURE] = {"irq pressure", "how long tasks stall for interrupts"},
	[SRC_DISKS]    = {"disks",    "what disks read and write, and how busy they are"},
	[SRC_NETWORK]  = {"network",  "what network interfaces receive and send"},
	[SRC_BATTERY]  = {"battery",  "how full the batteries are"},
	[SRC_FILES]    = {"files",    "how many files are open"},
	[SRC_EXITED]   = {"exited",   "processes that come and go between two samples"},
	[SRC_SYSTEMD]  = {"systemd",  "how many units have failed"},
};

static const char system_bus[] = "/run/dbus/system_bus_socket";

enum file {
	FILE_STAT, FILE_MEMINFO, FILE_ARCSTATS, FILE_LOADAVG, FILE_VMSTAT,
	FILE_FILE_NR, FILE_IRQ_PRESSURE, FILE_PRESSURE,
	FILE_N = FILE_PRESSURE + PRESSURE_KINDS
};

static const char *const file_path[FILE_N] = {
	[FILE_STAT]    = "/proc/stat",
	[FILE_MEMINFO] = "/proc/meminfo",
	[FILE_ARCSTATS] = "/proc/spl/kstat/zfs/arcstats",
	[FILE_LOADAVG] = "/proc/loadavg",
	[FILE_VMSTAT]  = "/proc/vmstat",
	[FILE_FILE_NR] = "/proc/sys/fs/file-nr",
	[FILE_IRQ_PRESSURE] = "/proc/pressure/irq",
	[FILE_PRESSURE + PRESSURE_CPU]    = "/proc/pressure/cpu",
	[FILE_PRESSURE + PRESSURE_MEMORY] = "/proc/pressure/memory",
	[FILE_PRESSURE + PRESSURE_IO]     = "/proc/pressure/io",
};

enum {
	/* /proc/stat is the longest: 10 numbers a CPU, and 2 bytes and more for
	 * every interrupt the kernel has room for.  A longer one doubles it. */
	TEXT_FIRST = 64 * 1024,
	TEXT_MAX = 64 * 1024 * 1024,
};

struct system {
	struct procfile file[FILE_N];
	char *text;
	size_t text_cap;
	struct devices devices;
	struct systemd systemd;
	bool zfs;		/* it keeps a cache of its own */
	int err[SRC_N];		/* of the last try; the words belong to it */
	char why[SRC_N][SOURCE_WHY];
};

/* Twice the room.  The only allocation after open, and only on a machine that
 * got more CPUs or interrupts than it had then. */
static bool text_grow(struct system *s)
{
	char *text;

	if (s->text_cap > TEXT_MAX / 2)
		return false;
	text = realloc(s->text, s->text_cap * 2);
	if (!text)
		return false;
	s->text = text;
	s->text_cap *= 2;
	return true;
}

static int file_read(struct system *s, struct procfile *f, struct bytes *text)
{
	int err;

	do
		err = procfile_read(f, s->text, s->text_cap, text);
	while (err == -EFBIG && text_grow(s));
	return err;
}

static int sample_stat(struct system *s, struct snapshot *snap)
{
	struct bytes text;
	int err = file_read(s, &s->file[FILE_STAT], &text);

	return err ? err : stat_parse(snap, text);
}

static int sample_meminfo(struct system *s, struct snapshot *snap)
{
	struct bytes text;
	int err = file_read(s, &s->file[FILE_MEMINFO], &text);

	if (!err)
		err = meminfo_parse(&snap->mem, text);
	/* without ZFS there is no such file, and it is not looked for again */
	if (!err && s->zfs && !file_read(s, &s->file[FILE_ARCSTATS], &text))
		(void)!arcstats_parse(&snap->mem.arc, text);
	return err;
}

static int sample_loadavg(struct system *s, struct snapshot *snap)
{
	struct bytes text;
	int err = file_read(s, &s->file[FILE_LOADAVG], &text);

	return err ? err : loadavg_parse(&snap->loadavg, text);
}

/* This one the kernel writes line by line, a page a read(2) (seq_read_iter()):
 * what we want stands in its first half, in the first 4 KiB. */
static int sample_vmstat(struct system *s, struct snapshot *snap)
{
	struct bytes text;
	int err = file_read(s, &s->file[FILE_VMSTAT], &text);

	return err ? err : vmstat_parse(&snap->vmstat, text);
}

static int sample_pressure(struct system *s, struct snapshot *snap)
{
	struct bytes text;
	int err = 0;

	for (u32 i = 0; i < PRESSURE_KINDS && !err; i++) {
		err = file_read(s, &s->file[FILE_PRESSURE + i], &text);
		if (!err)
			err = pressure_parse(&snap->pressure[i], text);
	}
	return err;
}

static int sample_irq_pressure(struct system *s, struct snapshot *snap)
{
	struct bytes text;
	int err = file_read(s, &s->file[FILE_IRQ_PRESSURE], &text);

	return err ? err : pressure_parse(&snap->irq_pressure, text);
}

static int sample_files(struct system *s, struct snapshot *snap)
{
	struct bytes text;
	int err = file_read(s, &s->file[FILE_FILE_NR], &text);

	return err ? err : file_nr_parse(&snap->files, text);
}

/* Devices' files are a page at most: the room is never too small. */
#define SAMPLE_DEVICES(name) \
	static int sample_##name(struct system *s, struct snapshot *snap) \
	{ \
		return name##_sample(&s->devices, (struct text_room){s->text, s->text_cap}, snap); \
	}

SAMPLE_DEVICES(disks)
SAMPLE_DEVICES(network)
SAMPLE_DEVICES(battery)
SAMPLE_DEVICES(zram)

static int sample_systemd(struct system *s, struct snapshot *snap)
{
	return systemd_sample(&s->systemd, snap->mono_ns, &snap->systemd);
}

/* One source that is read here. */
static const struct reader {
	enum source src;
	const char *where;
	int (*sample)(struct system *s, struct snapshot *snap);
} readers[] = {
	{SRC_STAT,     "/proc/stat",         sample_stat},
	{SRC_MEMINFO,  "/proc/meminfo",      sample_meminfo},
	{SRC_LOADAVG,  "/proc/loadavg",      sample_loadavg},
	{SRC_VMSTAT,   "/proc/vmstat",       sample_vmstat},
	{SRC_PRESSURE, "/proc/pressure",     sample_pressure},
	{SRC_ZRAM,     "/sys/block/zram*",   sample_zram},
	{SRC_IRQ_PRESSURE, "/proc/pressure/irq", sample_irq_pressure},
	{SRC_DISKS,    "/sys/block",         sample_disks},
	{SRC_NETWORK,  "/sys/class/net",     sample_network},
	{SRC_BATTERY,  "/sys/class/power_supply", sample_battery},
	{SRC_FILES,    "/proc/sys/fs/file-nr", sample_files},
	{SRC_SYSTEMD,  system_bus,           sample_systemd},
};

/* What an error means for a source (SRC_N: for any); the first that fits. */
static const struct {
	enum source src;
	int err;
	const char *words;
} reasons[] = {
	{SRC_PRESSURE, EOPNOTSUPP, "the kernel was booted without PSI; "
				   "psi=1 on the kernel command line brings it back"},
	/* Booted with psi=0, newer kernels do not make the files at all. */
	{SRC_PRESSURE, ENOENT, "the kernel was booted without PSI, or has none (CONFIG_PSI, "
			       "Linux 4.20); psi=1 on the kernel command line may bring it back"},
	{SRC_VMSTAT, EBADMSG, "the kernel counts no swap traffic (CONFIG_VM_EVENT_COUNTERS)"},
	{SRC_ZRAM, ENOENT, "/sys is not mounted; mount -t sysfs sysfs /sys brings it back"},
	{SRC_DISKS, ENOENT, "/sys is not mounted; mount -t sysfs sysfs /sys brings it back"},
	{SRC_NETWORK, ENOENT, "/sys is not mounted; mount -t sysfs sysfs /sys brings it back"},
	{SRC_BATTERY, ENOENT, "this kernel knows of no batteries, or /sys is not mounted"},
	{SRC_IRQ_PRESSURE, EOPNOTSUPP, "the kernel was booted without PSI; "
				       "psi=1 on the kernel command line brings it back"},
	{SRC_IRQ_PRESSURE, ENOENT, "needs PSI (psi=1 on the kernel command line), Linux 6.1 and "
				   "CONFIG_IRQ_TIME_ACCOUNTING"},
	{SRC_SYSTEMD, ENOENT, "no system bus: no systemd here, or no D-Bus"},
	{SRC_SYSTEMD, EPROTO, "no systemd on this bus"},
	{SRC_N, E2BIG, "more than 64 devices"},
	{SRC_N, ENOENT, "missing, though /proc is mounted"},
	{SRC_N, EFBIG, "longer than 64 MiB, or no memory to read it"},
	{SRC_N, EBADMSG, "not in the form that pitstop knows"},
};

_Static_assert(DEVICES_MAX == 64 && TEXT_MAX == 64 << 20, "the words above name them");

static size_t put_words(char *dst, size_t cap, const char *words)
{
	size_t n = MIN(strlen(words), cap - 1);

	memcpy(dst, words, n);
	dst[n] = '\0';
	return n;
}

static const char *words_for(enum source src, int err)
{
	const u32 elsewhere = SRC_BIT(SRC_ZRAM) | SRC_BIT(SRC_DISKS) | SRC_BIT(SRC_NETWORK) |
			      SRC_BIT(SRC_BATTERY) | SRC_BIT(SRC_SYSTEMD);

	if (err == ENOENT && !(elsewhere & SRC_BIT(src)) && access("/proc/self", F_OK))
		return "/proc is not mounted; mount -t proc proc /proc brings it back";
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].err == err && (reasons[i].src == src || reasons[i].src == SRC_N))
			return reasons[i].words;
	return strerror(err);
}

/* Words are made when the error changes, not each time it is met. */
static void note(struct system *s, const struct reader *r, int err)
{
	char *why = s->why[r->src];
	size_t n;

	if (s->err[r->src] == err)
		return;
	s->err[r->src] = err;
	if (!err)
		return;
	n = put_words(why, SOURCE_WHY, r->where);
	n += put_words(why + n, SOURCE_WHY - n, ": ");
	put_words(why + n, SOURCE_WHY - n, words_for(r->src, -err));
}

int system_open(struct system **out)
{
	struct system *s = calloc(1, sizeof(*s));
	struct bytes text;

	*out = NULL;
	if (!s)
		return -ENOMEM;
	for (u32 i = 0; i < FILE_N; i++)
		s->file[i] = PROCFILE(file_path[i]);
	s->text_cap = TEXT_FIRST;
	s->text = malloc(s->text_cap);
	if (!s->text) {
		system_close(s);
		return -ENOMEM;
	}
	/* Finds its size now.  What is wrong with it shows when it is sampled. */
	if (!file_read(s, &s->file[FILE_STAT], &text) && text.n > s->text_cap / 2)
		text_grow(s);
	s->zfs = access(file_path[FILE_ARCSTATS], R_OK) == 0;
	devices_init(&s->devices);
	systemd_init(&s->systemd, system_bus);
	*out = s;
	return 0;
}

void system_close(struct system *s)
{
	if (!s)
		return;
	for (u32 i = 0; i < FILE_N; i++)
		procfile_close(&s->file[i]);
	devices_close(&s->devices);
	systemd_close(&s->systemd);
	free(s->text);
	free(s);
}

void system_sample(struct system *s, u32 needed, struct snapshot *snap)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		const struct reader *r = &readers[i];
		int err;

		if (!(needed & SRC_BIT(r->src)))
			continue;
		err = r->sample(s, snap);
		snap->have &= ~SRC_BIT(r->src);
		if (!err)
			snap->have |= SRC_BIT(r->src);
		note(s, r, err);
	}
}

const char *system_why(const struct system *s, enum source src)
{
	return src < SRC_N && s->err[src] ? s->why[src] : NULL;
}
