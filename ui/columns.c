/* ui/columns.c - the table of columns, and what its rows take from a task. */
#include "proc/source.h"
#include "proc/users.h"
#include "ui/columns_impl.h"
#include "ui/columns_cgroup.h"
#include "ui/columns_group.h"
#include "ui/columns_sched.h"

/* ---- columns whose value is one number ------------------------------------- */

/* Unknown is 0, and stands last. */
static u64 rank(u64 v)
{
	return v < UINT64_MAX ? v + 1 : v;
}

static void put_signed(struct sink *s, u64 v)
{
	sink_s64(s, (s64)v);
}

/* Start times are exact to 10 ms in every backend, and shown so. */
static void put_start(struct sink *s, u64 unix_ns)
{
	sink_fixed(s, unix_ns / (10 * NSEC_PER_MSEC), 2);
}

static const struct {
	void (*draw)(struct surface *s, const struct cell_context *c, u64 v);
	void (*put)(struct sink *s, u64 v);
} number_kinds[NUMBER_KINDS] = {
	[NUMBER_COUNT]    = {cell_number, sink_u64},
	[NUMBER_TALLY]    = {cell_tally, sink_u64},
	[NUMBER_BYTES]    = {cell_bytes, sink_u64},
	[NUMBER_RATE]     = {cell_rate, sink_u64},
	[NUMBER_TIME]     = {cell_time, sink_u64},
	[NUMBER_SHARE]    = {cell_percent, sink_percent},
	[NUMBER_START]    = {cell_start, put_start},
	[NUMBER_SIGNED]   = {cell_signed, put_signed},
	[NUMBER_PRIORITY] = {cell_priority, put_signed},
	[NUMBER_NICE]     = {cell_nice, put_signed},
};

u64 number_key(const struct model *m, const struct task_row *r, number_get_fn *get,
	       enum number_kind kind)
{
	u64 v;

	if (!get(m, r, &v))
		return 0;
	return kind < NUMBER_SIGNED ? rank(v) : v ^ 1ull << 63;
}

/* A limit that is none, as "max" in a file of a cgroup. */
static bool no_limit(enum number_kind kind, u64 v)
{
	return kind < NUMBER_SIGNED && v == UINT64_MAX;
}

void number_draw(struct surface *s, const struct cell_context *c, const struct task_row *r,
		 number_get_fn *get, enum number_kind kind)
{
	u64 v;

	if (!get(c->model, r, &v))
		cell_unknown(s, c);
	else if (no_limit(kind, v))
		cell_no_limit(s, c);
	else
		number_kinds[kind].draw(s, c, v);
}

bool number_json(struct sink *s, const struct model *m, const struct task_row *r,
		 number_get_fn *get, enum number_kind kind)
{
	u64 v;

	if (!get(m, r, &v) || no_limit(kind, v))
		return false;
	number_kinds[kind].put(s, v);
	return true;
}

static u64 private_bytes(const struct task *t)
{
	return t->rss_bytes - MIN(t->rss_bytes, t->shared_bytes);
}

#define COUNT(name, known, value)	NUMBER(static, name, NUMBER_COUNT, known, value)
#define TALLY(name, known, value)	NUMBER(static, name, NUMBER_TALLY, known, value)
#define BYTES(name, known, value)	NUMBER(static, name, NUMBER_BYTES, known, value)
#define RATE(name, known, value)	NUMBER(static, name, NUMBER_RATE, known, value)
#define TIME(name, known, value)	NUMBER(static, name, NUMBER_TIME, known, value)
#define SHARE(name, known, value)	NUMBER(static, name, NUMBER_SHARE, known, value)
#define SIGNED(name, known, value)	NUMBER(static, name, NUMBER_SIGNED, known, value)

COUNT(pid, true, t->pid)
COUNT(ppid, true, t->ppid)
COUNT(tgid, true, t->tgid)
COUNT(uid, true, t->uid)
SHARE(cpu, r->have & ROW_HAVE_CPU, r->cpu_ppm)
SHARE(cpu_of_all, r->have & ROW_HAVE_CPU && m->ncpu_online, r->cpu_ppm / m->ncpu_online)
TIME(cpu_time, true, t->runtime_ns)
TIME(user_time, t->have & TASK_HAVE_TIMES, t->user_ns)
TIME(system_time, t->have & TASK_HAVE_TIMES, t->system_ns)
COUNT(threads, true, t->threads)
NUMBER(static, priority, NUMBER_PRIORITY, true, t->priority)
NUMBER(static, nice, NUMBER_NICE, true, t->nice)
COUNT(last_cpu, true, t->last_cpu)
NUMBER(static, start_time, NUMBER_START, m->boot_time_ns, m->boot_time_ns + t->start_boot_ns)
TIME(elapsed, m->boot_ns > t->start_boot_ns, m->boot_ns - t->start_boot_ns)
BYTES(vsize, t->have & TASK_HAVE_RSS, t->vsize_bytes)
BYTES(rss, t->have & TASK_HAVE_RSS, t->rss_bytes)
BYTES(shared, t->have & TASK_HAVE_SHARED, t->shared_bytes)
BYTES(private, t->have & TASK_HAVE_RSS && t->have & TASK_HAVE_SHARED, private_bytes(t))
BYTES(swap, t->have & TASK_HAVE_SWAP, t->swap_bytes)
SHARE(memory, t->have & TASK_HAVE_RSS && m->memory.known, r->mem_ppm)
TALLY(minor_faults, t->have & TASK_HAVE_FAULTS, t->min_flt)
TALLY(major_faults, t->have & TASK_HAVE_FAULTS, t->maj_flt)
TALLY(faults, r->have & ROW_HAVE_FAULTS, r->faults_per_s)
TALLY(voluntary, t->have & TASK_HAVE_SWITCHES, t->nvcsw)
TALLY(involuntary, t->have & TASK_HAVE_SWITCHES, t->nivcsw)
TALLY(switches, r->have & ROW_HAVE_SWITCHES, r->switches)
BYTES(read, t->have & TASK_HAVE_IO, t->read_bytes)
BYTES(write, t->have & TASK_HAVE_IO, t->write_bytes)
RATE(read_rate, r->have & ROW_HAVE_IO, r->read_bytes_per_s)
RATE(write_rate, r->have & ROW_HAVE_IO, r->write_bytes_per_s)
RATE(io_rate, r->have & ROW_HAVE_IO, r->read_bytes_per_s + r->write_bytes_per_s)
COUNT(cgroup_id, t->have & TASK_HAVE_CGROUP, t->cgroup_id)
SIGNED(oom, t->have & TASK_HAVE_OOM, t->oom_score_adj)

/* ---- columns that are words ------------------------------------------------ */

static struct bytes text_user(const struct model *m, const struct task_row *r)
{
	(void)m;
	return users_name(r->t->uid);
}

static void draw_user(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	cell_user(s, c, r->t->uid);
}

static bool json_user(struct sink *s, const struct model *m, const struct task_row *r)
{
	struct bytes name = text_user(m, r);

	if (!name.n)
		return false;
	sink_json_string(s, name);
	return true;
}

/* comm is cut at 15 bytes; of a kernel thread /proc gives more. */
static struct bytes text_comm(const struct model *m, const struct task_row *r)
{
	const struct task *t = r->t;

	if (t->group)
		return column_group_name(m, r, &(struct order_line){.depth = 1});
	if (t->kernel) {
		const struct name *name = model_name(m, r);

		if (name->comm.n)
			return name->comm;
	}
	return (struct bytes){(const unsigned char *)t->comm, strnlen(t->comm, sizeof(t->comm))};
}

static void draw_comm(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	cell_text(s, c, text_comm(c->model, r),
		  r->t->kernel ? STYLE_KERNEL : r->t->thread ? STYLE_THREAD : STYLE_TEXT);
}

static bool json_comm(struct sink *s, const struct model *m, const struct task_row *r)
{
	sink_json_string(s, text_comm(m, r));
	return true;
}

/* A thread is told from its siblings by its comm.  NULs that a process left
 * behind when it wrote its title are not shown. */
static struct bytes text_cmdline(const struct model *m, const struct task_row *r)
{
	struct bytes text = {NULL, 0};

	if (r->t->group)
		return model_cgroup(m, r)->path;
	if (!r->t->thread && !r->t->kernel)
		text = model_name(m, r)->cmdline;
	while (text.n && !text.p[text.n - 1])
		text.n--;
	return text.n ? text : text_comm(m, r);
}

static bool json_cmdline(struct sink *s, const struct model *m, const struct task_row *r)
{
	const struct name *name = model_name(m, r);
	struct bytes text = name->cmdline;
	struct json j = {.sink = s};

	if (name->state != NAME_KNOWN || r->t->kernel || r->t->state == 'Z')
		return false;
	json_open(&j, NULL, '[');
	while (text.n) {
		const unsigned char *nul = memchr(text.p, '\0', text.n);
		size_t n = nul ? (size_t)(nul - text.p) : text.n;

		json_bytes(&j, NULL, (struct bytes){text.p, n});
		n += nul != NULL;
		text.p += n;
		text.n -= n;
	}
	json_close(&j, ']');
	return true;
}

/* ---- states ---------------------------------------------------------------- */

/* What is busy or needs a look first; what sleeps last. */
static u64 key_state(const struct model *m, const struct task_row *r)
{
	static const char order[] = "RDTtFZXPIS";
	const char *at = memchr(order, r->t->frozen ? 'F' : r->t->state, sizeof(order) - 1);

	(void)m;
	return at ? (u64)(at - order) + 1 : sizeof(order) + 1;
}

static void draw_state(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	if (!r->t->frozen || r->t->state == 'Z')
		cell_state(s, c, r->t->state);
	else
		cell_text(s, c, s->ascii ? BYTES_LIT("F") : BYTES_LIT("\u2744"), STYLE_FROZEN);
}

static bool json_state(struct sink *s, const struct model *m, const struct task_row *r)
{
	(void)m;
	sink_json_string(s, (struct bytes){(const unsigned char *)&r->t->state, 1});
	return true;
}

static u64 key_kernel(const struct model *m, const struct task_row *r)
{
	(void)m;
	return r->t->kernel + 1u;
}

static void draw_kernel(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	if (r->t->kernel)
		cell_text(s, c, BYTES_LIT("yes"), STYLE_KERNEL);
	else
		cell_text(s, c, BYTES_LIT("no"), STYLE_DIM);
}

static bool json_kernel(struct sink *s, const struct model *m, const struct task_row *r)
{
	(void)m;
	sink_str(s, r->t->kernel ? "true" : "false");
	return true;
}

/* ---- terminals ------------------------------------------------------------- */

enum { TTY_NAME = 24 };

/* Documentation/admin-guide/devices.txt, as far as people log in there. */
static const struct tty_range {
	u32 major, first, last;
	const char *name;
} tty_ranges[] = {
	{4, 0, 63, "tty"},
	{4, 64, 255, "ttyS"},
	{136, 0, (1u << 20) - 1, "pts/"},
	{204, 64, 79, "ttyAMA"},
	{229, 0, 255, "hvc"},
};

/* new_encode_dev() in include/linux/kdev_t.h, undone.  Returns the length, 0
 * without a terminal. */
static size_t tty_name(char out[static TTY_NAME], u32 nr)
{
	u32 major = nr >> 8 & 0xfff, minor = (nr & 0xff) | (nr >> 12 & 0xfff00);
	size_t n;

	if (!nr)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(tty_ranges); i++) {
		const struct tty_range *t = &tty_ranges[i];

		if (major == t->major && minor >= t->first && minor <= t->last) {
			n = strlen(t->name);
			memcpy(out, t->name, n);
			return n + put_u64(out + n, minor - t->first);
		}
	}
	n = put_u64(out, major);
	out[n++] = ':';
	return n + put_u64(out + n, minor);
}

static u64 key_tty(const struct model *m, const struct task_row *r)
{
	u32 nr = r->t->tty_nr;

	(void)m;
	/* major before minor, so that pts/300 follows pts/299 */
	return (u64)(nr >> 8 & 0xfff) << 32 | (nr & 0xff) | (nr >> 12 & 0xfff00);
}

static void draw_tty(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	char name[TTY_NAME];
	size_t n = tty_name(name, r->t->tty_nr);

	if (n)
		cell_text(s, c, (struct bytes){(unsigned char *)name, n}, STYLE_TEXT);
	else
		cell_text(s, c, BYTES_LIT("-"), STYLE_DIM);
}

static bool json_tty(struct sink *s, const struct model *m, const struct task_row *r)
{
	char name[TTY_NAME];
	size_t n = tty_name(name, r->t->tty_nr);

	(void)m;
	if (!n)
		return false;
	sink_json_string(s, (struct bytes){(unsigned char *)name, n});
	return true;
}

/* ---- the table ------------------------------------------------------------- */

#define NUMBER_FNS(n)	.key = key_##n, .draw = draw_##n, .json = json_##n
#define TEXT_FNS(n)	.text = text_##n, .draw = draw_##n, .json = json_##n

const struct column columns[COL_N] = {
	[COL_PID] = {"pid", "PID", "process number (of a thread: its own)",
		.width = 7, .in_json = true, NUMBER_FNS(pid)},
	[COL_PPID] = {"ppid", "PPID", "parent's process number",
		.width = 7, .in_json = true, NUMBER_FNS(ppid)},
	[COL_UID] = {"uid", "UID", "effective user, as a number",
		.width = 10, .htop = "ST_UID", .in_json = true, NUMBER_FNS(uid)},
	[COL_USER] = {"user", "USER", "effective user, by name",
		.width = 10, .left = true, .in_json = true, TEXT_FNS(user)},
	[COL_COMM] = {"comm", "COMM", "name of the main thread",
		.width = 15, .left = true, .in_json = true, TEXT_FNS(comm)},
	[COL_CMDLINE] = {"cmdline", "Command", "command line with its arguments",
		.width = 0, .left = true, .in_json = true,
		.facts = FACT_EXE, .text = text_cmdline, .draw = cell_command, .json = json_cmdline},
	[COL_EXE] = {"exe", "EXE", "file that is executed, red when it is gone; of rows on the screen",
		.width = 15, .left = true, .in_json = true, .facts = FACT_EXE, TEXT_FNS(exe)},
	[COL_STATE] = {"state", "S", "R run, S sleep, D blocked, T t stopped, Z zombie, I idle, F frozen",
		.width = 1, .left = true, .in_json = true, .extra = TASK_EXTRA_FROZEN, NUMBER_FNS(state)},
	[COL_KERNEL] = {"kernel", "KERN", "whether it is a kernel thread",
		.width = 4, .left = true, .big_first = true, .in_json = true, NUMBER_FNS(kernel)},
	[COL_CPU] = {"cpu_percent", "CPU%", "CPU time in the window, % of one CPU",
		.width = 5, .htop = "PERCENT_CPU", .big_first = true, .in_json = true, NUMBER_FNS(cpu)},
	[COL_CPU_TIME] = {"cpu_time_ns", "TIME+", "CPU time since the start, min:s (JSON: ns)",
		.width = 9, .big_first = true, .in_json = true, NUMBER_FNS(cpu_time)},
	[COL_USER_TIME] = {"user_ns", "UTIME", "CPU time in user mode, min:s (JSON: ns)",
		.width = 9, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_TIMES, NUMBER_FNS(user_time)},
	[COL_SYSTEM_TIME] = {"system_ns", "STIME", "CPU time in the kernel, min:s (JSON: ns)",
		.width = 9, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_TIMES, NUMBER_FNS(system_time)},
	[COL_THREADS] = {"threads", "NLWP", "number of threads",
		.width = 5, .big_first = true, .in_json = true, NUMBER_FNS(threads)},
	[COL_PRIORITY] = {"priority", "PRI", "priority: 20 is nice 0, below 0 (or RT) real time",
		.width = 3, .in_json = true, NUMBER_FNS(priority)},
	[COL_NICE] = {"nice", "NI", "nice value, -20 to 19, higher yields to others",
		.width = 3, .in_json = true, NUMBER_FNS(nice)},
	[COL_LAST_CPU] = {"last_cpu", "PSR", "CPU it ran on last",
		.width = 4, .htop = "PROCESSOR", .in_json = true, NUMBER_FNS(last_cpu)},
	[COL_START_TIME] = {"start_time", "START", "when it started (JSON: Unix time, s)",
		.width = 5, .htop = "STARTTIME", .big_first = true, .in_json = true, NUMBER_FNS(start_time)},
	[COL_VSIZE] = {"vsize_bytes", "VIRT", "address space, KiB (JSON: bytes)",
		.width = 5, .htop = "M_VIRT", .big_first = true, .in_json = true, NUMBER_FNS(vsize)},
	[COL_RSS] = {"rss_bytes", "RES", "resident memory, KiB (JSON: bytes)",
		.width = 5, .htop = "M_RESIDENT", .big_first = true, .in_json = true, NUMBER_FNS(rss)},
	[COL_SHARED] = {"shared_bytes", "SHR", "resident memory of files and shared, KiB (JSON: bytes)",
		.width = 5, .htop = "M_SHARE", .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_SHARED, NUMBER_FNS(shared)},
	[COL_PRIVATE] = {"private_bytes", "PRIV", "resident memory less shared, KiB (JSON: bytes)",
		.width = 5, .htop = "M_PRIV", .big_first = true,
		.extra = TASK_EXTRA_SHARED, NUMBER_FNS(private)},
	[COL_SWAP] = {"swap_bytes", "SWAP", "memory swapped out, KiB (JSON: bytes)",
		.width = 5, .htop = "M_SWAP", .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_SWAP, NUMBER_FNS(swap)},
	[COL_MEMORY] = {"memory_percent", "MEM%", "resident memory, % of the machine's",
		.width = 5, .htop = "PERCENT_MEM", .big_first = true, .in_json = true, NUMBER_FNS(memory)},
	[COL_MINOR_FAULTS] = {"minor_faults", "MINFLT", "page faults without I/O",
		.width = 10, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_EVENTS, NUMBER_FNS(minor_faults)},
	[COL_MAJOR_FAULTS] = {"major_faults", "MAJFLT", "page faults that needed I/O",
		.width = 10, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_EVENTS, NUMBER_FNS(major_faults)},
	[COL_FAULTS] = {"faults_per_s", "FLT/s", "page faults of both kinds in the window, per s",
		.width = 7, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_EVENTS, NUMBER_FNS(faults)},
	[COL_VOLUNTARY] = {"voluntary_switches", "VCSW", "context switches because it had to wait",
		.width = 10, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_EVENTS, NUMBER_FNS(voluntary)},
	[COL_INVOLUNTARY] = {"involuntary_switches", "ICSW", "context switches because it lost the CPU",
		.width = 10, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_EVENTS, NUMBER_FNS(involuntary)},
	[COL_READ] = {"read_bytes", "RBYTES", "read from block devices, KiB (JSON: bytes)",
		.width = 6, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_IO, NUMBER_FNS(read)},
	[COL_WRITE] = {"write_bytes", "WBYTES", "written to block devices, KiB (JSON: bytes)",
		.width = 6, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_IO, NUMBER_FNS(write)},
	[COL_READ_RATE] = {"read_bytes_per_s", "READ/s", "read from block devices in the window, per s",
		.width = 11, .big_first = true, .in_json = true, .htop = "IO_READ_RATE", .facts = FACT_GROUP(CGF_IO),
		.extra = TASK_EXTRA_IO, NUMBER_FNS(read_rate)},
	[COL_WRITE_RATE] = {"write_bytes_per_s", "WRITE/s", "written to block devices in the window, per s",
		.width = 11, .big_first = true, .in_json = true, .htop = "IO_WRITE_RATE", .facts = FACT_GROUP(CGF_IO),
		.extra = TASK_EXTRA_IO, NUMBER_FNS(write_rate)},
	[COL_TTY] = {"tty", "TTY", "controlling terminal",
		.width = 8, .left = true, .in_json = true,
		.extra = TASK_EXTRA_TTY, NUMBER_FNS(tty)},
	[COL_CGROUP_ID] = {"cgroup_id", "CGID", "cgroup, as the inode of its directory",
		.width = 10, .in_json = true,
		.extra = TASK_EXTRA_CGROUP, NUMBER_FNS(cgroup_id)},
	[COL_OOM] = {"oom_score_adj", "OOMADJ", "adjustment for the OOM killer, -1000 to 1000",
		.width = 6, .big_first = true, .in_json = true,
		.extra = TASK_EXTRA_OOM, NUMBER_FNS(oom)},
	[COL_TGID] = {"tgid", "TGID", "process that a thread belongs to",
		.width = 7, NUMBER_FNS(tgid)},
	[COL_CPU_OF_ALL] = {"cpu_percent_of_all", "NCPU%", "CPU time in the window, % of all CPUs",
		.width = 5, .htop = "PERCENT_NORM_CPU", .big_first = true, NUMBER_FNS(cpu_of_all)},
	[COL_ELAPSED] = {"elapsed_ns", "ELAPSED", "time since the start, min:s (JSON: ns)",
		.width = 9, .big_first = true, NUMBER_FNS(elapsed)},
	[COL_SWITCHES] = {"switches_in_window", "CTXT", "context switches in the window",
		.width = 7, .big_first = true, .extra = TASK_EXTRA_EVENTS, NUMBER_FNS(switches)},
	[COL_IO_RATE] = {"io_bytes_per_s", "IO/s", "read and written in the window, per s",
		.width = 11, .htop = "IO_RATE", .big_first = true, .facts = FACT_GROUP(CGF_IO),
		.extra = TASK_EXTRA_IO, NUMBER_FNS(io_rate)},
	[COL_PSS] = {"pss_bytes", "PSS", "memory, shared pages in part, KiB; of rows on the screen",
		.width = 5, .htop = "M_PSS", .big_first = true, .facts = FACT_MEMORY, NUMBER_FNS(pss)},
	[COL_USS] = {"uss_bytes", "USS", "memory that nobody shares, KiB; of rows on the screen",
		.width = 5, .big_first = true, .facts = FACT_MEMORY, NUMBER_FNS(uss)},
	[COL_SWAP_PSS] = {"swap_pss_bytes", "PSSWP", "swap, shared in part, KiB; of rows on the screen",
		.width = 5, .htop = "M_PSSWP", .big_first = true,
		.facts = FACT_MEMORY, NUMBER_FNS(swap_pss)},
	[COL_FILES] = {"files", "FD", "open file descriptors; of rows on the screen",
		.width = 6, .big_first = true, .facts = FACT_FILES, NUMBER_FNS(files)},
	[COL_OOM_SCORE] = {"oom_score", "OOM", "who is killed first has the highest; of rows on the screen",
		.width = 5, .big_first = true, .facts = FACT_OOM, NUMBER_FNS(oom_score)},
	[COL_GPU_TIME] = {"gpu_time_ns", "GPU_TIME", "time of GPU engines (DRM), min:s; of rows on the screen",
		.width = 9, .big_first = true, .facts = FACT_GPU, NUMBER_FNS(gpu_time)},
	[COL_GPU] = {"gpu_percent", "GPU%", "time of GPU engines, % of one; of rows on the screen",
		.width = 5, .htop = "GPU_PERCENT", .big_first = true, .facts = FACT_GPU, NUMBER_FNS(gpu)},
	[COL_CWD] = {"cwd", "CWD", "current directory; of rows on the screen",
		.width = 25, .left = true, .facts = FACT_CWD, TEXT_FNS(cwd)},
	[COL_LABEL] = {"security_label", "SECATTR", "security label; of rows on the screen",
		.width = 20, .left = true, .facts = FACT_LABEL, TEXT_FNS(label)},
	[COL_WCHAN] = {"wchan", "WCHAN", "kernel function it waits in; of rows on the screen",
		.width = 20, .left = true, .facts = FACT_WCHAN, TEXT_FNS(wchan)},
	[COL_AUTOGROUP] = {"autogroup", "AGRP", "number of its autogroup; of rows on the screen",
		.width = 6, .htop = "AUTOGROUP_ID", .facts = FACT_AUTOGROUP, NUMBER_FNS(autogroup)},
	[COL_AUTOGROUP_NICE] = {"autogroup_nice", "ANI", "nice value of its autogroup; of rows on the screen",
		.width = 3, .facts = FACT_AUTOGROUP, NUMBER_FNS(autogroup_nice)},
	[COL_CPU_HISTORY] = {"cpu_history_percent", "CPU-HIST", "CPU% in the last 20 samples; a whole CPU is full height",
		.width = 10, .big_first = true, .history = true,
		.key = key_cpu, .draw = draw_cpu_history, .json = json_cpu_history},
	[COL_RSS_HISTORY] = {"rss_history_bytes", "RES-HIST", "change of resident memory in the last 20 samples",
		.width = 10, .big_first = true, .history = true,
		.key = key_rss, .draw = draw_rss_history, .json = json_rss_history},
	[COL_PGRP] = {"pgrp", "PGRP", "process group; of rows on the screen",
		.width = 7, .facts = FACT_STAT, NUMBER_FNS(pgrp)},
	[COL_SESSION] = {"session", "SID", "session; of rows on the screen",
		.width = 7, .facts = FACT_STAT, NUMBER_FNS(session)},
	[COL_TPGID] = {"tpgid", "TPGID", "process group in its terminal's foreground; of rows on the screen",
		.width = 7, .facts = FACT_STAT, NUMBER_FNS(tpgid)},
	[COL_CMINFLT] = {"children_minor_faults", "CMINFLT", "page faults without I/O of children it waited for; of rows on the screen",
		.width = 10, .big_first = true, .facts = FACT_STAT, NUMBER_FNS(cminflt)},
	[COL_CMAJFLT] = {"children_major_faults", "CMAJFLT", "page faults with I/O of children it waited for; of rows on the screen",
		.width = 10, .big_first = true, .facts = FACT_STAT, NUMBER_FNS(cmajflt)},
	[COL_CUTIME] = {"children_user_ns", "CUTIME", "user CPU time of children it waited for, min:s; of rows on the screen",
		.width = 9, .big_first = true, .facts = FACT_STAT, NUMBER_FNS(cutime)},
	[COL_CSTIME] = {"children_system_ns", "CSTIME", "kernel CPU time of children it waited for, min:s; of rows on the screen",
		.width = 9, .big_first = true, .facts = FACT_STAT, NUMBER_FNS(cstime)},
	[COL_CODE] = {"code_bytes", "CODE", "size of its code, KiB; of rows on the screen",
		.width = 5, .htop = "M_TRS", .big_first = true, .facts = FACT_SIZES, NUMBER_FNS(code)},
	[COL_DATA] = {"data_bytes", "DATA", "size of its data and stack, KiB; of rows on the screen",
		.width = 5, .htop = "M_DRS", .big_first = true, .facts = FACT_SIZES, NUMBER_FNS(data)},
	[COL_RCHAR] = {"rchar_bytes", "RCHAR", "bytes it read, caches and pipes too, KiB; of rows on the screen",
		.width = 6, .big_first = true, .facts = FACT_CALLS, NUMBER_FNS(rchar)},
	[COL_WCHAR] = {"wchar_bytes", "WCHAR", "bytes it wrote, caches and pipes too, KiB; of rows on the screen",
		.width = 6, .big_first = true, .facts = FACT_CALLS, NUMBER_FNS(wchar)},
	[COL_SYSCR] = {"read_calls", "SYSCR", "system calls that read; of rows on the screen",
		.width = 9, .big_first = true, .facts = FACT_CALLS, NUMBER_FNS(syscr)},
	[COL_SYSCW] = {"write_calls", "SYSCW", "system calls that write; of rows on the screen",
		.width = 9, .big_first = true, .facts = FACT_CALLS, NUMBER_FNS(syscw)},
	[COL_CNCLWB] = {"cancelled_write_bytes", "CNCLWB", "written to files that went before they reached a device, KiB",
		.width = 6, .big_first = true, .facts = FACT_CALLS, NUMBER_FNS(cnclwb)},
	[COL_CGROUP] = {"cgroup", "CGROUP", "cgroup, as in /proc/PID/cgroup",
		.width = 35, .left = true, .in_json = true,
		.extra = TASK_EXTRA_CGROUP, TEXT_FNS(cgroup)},
	[COL_CCGROUP] = {"ccgroup", "CCGROUP", "cgroup, in htop's short form",
		.width = 25, .left = true, .extra = TASK_EXTRA_CGROUP, TEXT_FNS(ccgroup)},
	[COL_UNIT] = {"unit", "UNIT", "systemd unit",
		.width = 20, .left = true, .in_json = true,
		.extra = TASK_EXTRA_CGROUP, TEXT_FNS(unit)},
	[COL_CONTAINER] = {"container", "CONTAINER", "container: its name, else its id",
		.width = 16, .left = true, .in_json = true,
		.extra = TASK_EXTRA_CGROUP, TEXT_FNS(container)},
	[COL_IN_CONTAINER] = {"in_container", "CONT", "whether it is in a container",
		.width = 4, .htop = "ISCONTAINER", .left = true, .big_first = true,
		.extra = TASK_EXTRA_CGROUP, NUMBER_FNS(in_container)},
	[COL_FROZEN] = {"frozen", "FROZEN", "whether its cgroup is frozen, by itself or by one above",
		.width = 6, .left = true, .in_json = true, .facts = FACT_GROUP(CGF_EVENTS),
		.extra = TASK_EXTRA_CGROUP | TASK_EXTRA_FROZEN, NUMBER_FNS(frozen)},
	[COL_POLICY] = {"policy", "SCHED", "scheduling policy: OTHER BATCH IDLE FIFO RR",
		.width = 8, .htop = "SCHEDULERPOLICY", .left = true,
		.extra = TASK_EXTRA_SCHED, TEXT_FNS(policy)},
	[COL_IO_PRIORITY] = {"io_priority", "IO", "I/O priority: R0 to R7, B0 to B7 (none set: by nice), id",
		.width = 2, .left = true, .extra = TASK_EXTRA_SCHED, NUMBER_FNS(io_priority)},
	[COL_GROWTH] = {"growth_bytes_per_s", "GROW/s", "growth of its memory, last seconds; sorts who grows, then the biggest",
		.width = 11, .big_first = true, .history = true, .extra = TASK_EXTRA_SWAP, NUMBER_FNS(growth)},
	[COL_GROUP_GROWTH] = {"cg_growth_bytes_per_s", "CGROW/s", "growth of the memory of all in its cgroup, last seconds",
		.width = 11, .big_first = true, .history = true,
		.extra = TASK_EXTRA_SWAP | TASK_EXTRA_CGROUP, NUMBER_FNS(group_growth)},
	[COL_PATH] = {"path", "Path", "a cgroup's path; in the tree, its name",
		.width = 0, .left = true, .text = text_path, .draw = cell_command, .json = json_path},
	[COL_PROCESSES] = {"processes", "PROCS", "processes in a cgroup and below it",
		.width = 6, .big_first = true, NUMBER_FNS(group_processes)},
	[COL_THROTTLED] = {"throttled_percent", "THR%", "time its tasks were held back by cpu.max, % of one CPU",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_CPU), NUMBER_FNS(group_throttled)},
	[COL_THROTTLES] = {"throttles", "NTHR", "how often a cgroup was held back by cpu.max",
		.width = 6, .big_first = true, .facts = FACT_GROUP(CGF_CPU), NUMBER_FNS(group_throttles)},
	[COL_GROUP_MEMORY] = {"memory_bytes", "MEMORY", "memory of a cgroup, caches included; of a process, RES; KiB",
		.width = 6, .big_first = true, .facts = FACT_GROUP(CGF_MEMORY), NUMBER_FNS(group_memory)},
	[COL_GROUP_HIGH] = {"memory_high_bytes", "HIGH", "memory above which a cgroup is slowed, KiB",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_HIGH), NUMBER_FNS(group_high)},
	[COL_GROUP_MAX] = {"memory_max_bytes", "MAX", "most memory a cgroup may have, KiB",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_MAX), NUMBER_FNS(group_max)},
	[COL_GROUP_SWAP] = {"memory_swap_bytes", "SWP", "swap of a cgroup, KiB",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_SWAP), NUMBER_FNS(group_swap)},
	[COL_GROUP_SWAP_MAX] = {"memory_swap_max_bytes", "SWPMAX", "most swap a cgroup may have, KiB",
		.width = 6, .big_first = true, .facts = FACT_GROUP(CGF_SWAP_MAX), NUMBER_FNS(group_swap_max)},
	[COL_OOM_KILLS] = {"oom_kills", "OOMK", "processes of a cgroup that the OOM killer has killed",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_MEMORY_EVENTS), NUMBER_FNS(group_oom_kills)},
	[COL_PIDS] = {"pids", "PIDS", "tasks of a cgroup, as the pids controller counts them",
		.width = 6, .big_first = true, .facts = FACT_GROUP(CGF_PIDS), NUMBER_FNS(group_pids)},
	[COL_PIDS_MAX] = {"pids_max", "PMAX", "most tasks a cgroup may have",
		.width = 6, .big_first = true, .facts = FACT_GROUP(CGF_PIDS_MAX), NUMBER_FNS(group_pids_max)},
	[COL_CPU_PRESSURE] = {"cpu_pressure_percent", "PSIC", "tasks of a cgroup stalled for CPU, % of the last 10 s",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_PRESSURE + PRESSURE_CPU), NUMBER_FNS(group_cpu_pressure)},
	[COL_MEMORY_PRESSURE] = {"memory_pressure_percent", "PSIM", "tasks of a cgroup stalled for memory, % of the last 10 s",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_PRESSURE + PRESSURE_MEMORY), NUMBER_FNS(group_memory_pressure)},
	[COL_IO_PRESSURE] = {"io_pressure_percent", "PSII", "tasks of a cgroup stalled for I/O, % of the last 10 s",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_PRESSURE + PRESSURE_IO), NUMBER_FNS(group_io_pressure)},
	[COL_CPU_WEIGHT] = {"cpu_weight", "CPUW", "a cgroup's weight for CPU time, 100 unless set",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_CPU_WEIGHT), NUMBER_FNS(group_weight)},
	[COL_CPU_MAX] = {"cpu_max_percent", "CPUMX", "most CPU time a cgroup may have, % of one CPU",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_CPU_MAX), NUMBER_FNS(group_cpu_max)},
	[COL_IO_WEIGHT] = {"io_weight", "IOW", "a cgroup's weight for I/O, 100 unless set",
		.width = 5, .big_first = true, .facts = FACT_GROUP(CGF_IO_WEIGHT), NUMBER_FNS(group_io_weight)},
};

/* htop's main screen. */
const struct column_list columns_default = {
	.n = 12,
	.id = {COL_PID, COL_USER, COL_PRIORITY, COL_NICE, COL_VSIZE, COL_RSS, COL_PRIVATE,
	       COL_STATE, COL_CPU, COL_MEMORY, COL_CPU_TIME, COL_CMDLINE},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool same_word(const char *name, size_t len, const char *word, size_t word_len)
{
	if (len != word_len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (lower(name[i]) != lower(word[i]))
			return false;
	return true;
}

/* What some are called elsewhere. */
static const struct {
	char name[5];
	u8 id;
} aliases[] = {
	{"name", COL_COMM}, {"cmd", COL_CMDLINE}, {"args", COL_CMDLINE},
};

static bool column_is(const struct column *c, const char *name, size_t len)
{
	size_t n = strlen(c->title);

	if (same_word(name, len, c->name, strlen(c->name)) || same_word(name, len, c->title, n) ||
	    (len && same_word(name, len, c->htop, strlen(c->htop))))
		return true;
	return strchr("%+", c->title[n - 1]) && same_word(name, len, c->title, n - 1);
}

/* A field's name without the unit at its end. */
static bool column_is_bare(const struct column *c, const char *name, size_t len)
{
	static const char units[][9] = {"_bytes", "_ns", "_percent"};
	size_t n = strlen(c->name);

	for (u32 i = 0; i < ARRAY_LEN(units); i++) {
		size_t unit = strlen(units[i]);

		if (n == len + unit && !strcmp(c->name + len, units[i]))
			return same_word(name, len, c->name, len);
	}
	return false;
}

enum column_id column_find(const char *name, size_t len)
{
	for (u32 i = 0; i < COL_N; i++)
		if (column_is(&columns[i], name, len))
			return (enum column_id)i;
	for (u32 i = 0; i < COL_N; i++)
		if (column_is_bare(&columns[i], name, len))
			return (enum column_id)i;
	for (u32 i = 0; i < ARRAY_LEN(aliases); i++)
		if (same_word(name, len, aliases[i].name, strlen(aliases[i].name)))
			return (enum column_id)aliases[i].id;
	return COL_N;
}

u32 columns_extra(const struct column_list *l)
{
	u32 extra = 0;

	for (u32 i = 0; i < l->n; i++)
		extra |= columns[l->id[i]].extra;
	return extra;
}

u32 columns_facts(const struct column_list *l)
{
	u32 facts = 0;

	for (u32 i = 0; i < l->n; i++)
		facts |= columns[l->id[i]].facts;
	return facts;
}
