/* proc/pidfiles.c - the text files of one process to numbers.
 * Fields and units: proc_pid_stat(5), proc_pid_statm(5), proc_pid_io(5),
 * proc_pid_status(5); fs/proc/array.c writes them. */
#include "proc/pidfiles.h"
#include "proc/scan.h"

/* Fields of stat by the number that the manual gives them. */
enum stat_field {
	STAT_STATE = 3, STAT_PPID = 4, STAT_TTY_NR = 7, STAT_FLAGS = 9, STAT_MINFLT = 10,
	STAT_MAJFLT = 12, STAT_UTIME = 14, STAT_STIME = 15, STAT_PRIORITY = 18, STAT_NICE = 19,
	STAT_THREADS = 20, STAT_STARTTIME = 22, STAT_VSIZE = 23, STAT_RSS = 24,
	STAT_STARTCODE = 26, STAT_ENDCODE = 27, STAT_STARTSTACK = 28, STAT_PROCESSOR = 39,
	STAT_POLICY = 41,
	STAT_ARG_START = 48, STAT_LAST = 52
};

enum { PF_KTHREAD = 0x00200000 };	/* include/linux/sched.h */

static u64 ticks_ns(u64 ticks, const struct proc_units *u)
{
	return mul_div(ticks, NSEC_PER_SEC, u->ticks_per_s);
}

/* Fields 4 and up, which are numbers all: the signed ones in two's complement.
 * What an older kernel does not have stays 0 (3.5 added 48, the oldest here). */
static bool stat_numbers(struct scan *s, u64 field[STAT_LAST + 1])
{
	unsigned i;

	for (i = STAT_STATE + 1; i <= STAT_LAST && s->at < s->end && *s->at != '\n'; i++) {
		s64 negative;

		if (!scan_byte(s, ' '))
			return false;
		if (scan_u64(s, &field[i]))
			continue;
		if (!scan_s64(s, &negative))
			return false;
		field[i] = (u64)negative;
	}
	return i > STAT_PROCESSOR;
}

static bool is_letter(unsigned char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool fits_s32(u64 v)
{
	return (s64)v >= INT32_MIN && (s64)v <= INT32_MAX;
}

static void take_comm(struct task *t, const unsigned char *from, const unsigned char *to)
{
	size_t n = (size_t)(to - from);

	/* The full name of a kernel thread is longer (proc_task_name()). */
	n = MIN(n, sizeof(t->comm) - 1);
	memcpy(t->comm, from, n);
	memset(t->comm + n, 0, sizeof(t->comm) - n);
}

/* Where execve(2) put code, stack and arguments, which the kernel places at
 * random, and the name.  Without the right to trace the process the addresses
 * are 0 or 1 and the name is all there is: a process that starts its own
 * program anew then looks unchanged.  Kernel threads never call execve, and
 * the name of a kworker changes with its work. */
static u64 exec_mark(const struct task *t, const u64 *field)
{
	static const enum stat_field part[] = {
		STAT_STARTCODE, STAT_ENDCODE, STAT_STARTSTACK, STAT_ARG_START,
	};
	u64 name[TASK_COMM / sizeof(u64)], mark = 0;

	if (t->kernel)
		return 0;
	memcpy(name, t->comm, sizeof(name));
	for (size_t i = 0; i < ARRAY_LEN(part) + ARRAY_LEN(name); i++) {
		mark ^= i < ARRAY_LEN(part) ? field[part[i]] : name[i - ARRAY_LEN(part)];
		mark *= 0x9e3779b97f4a7c15u;
		mark ^= mark >> 32;
	}
	return mark;
}

static bool in_range(const u64 *field)
{
	return field[STAT_PPID] <= INT32_MAX && field[STAT_THREADS] <= INT32_MAX &&
	       field[STAT_PROCESSOR] <= INT32_MAX && fits_s32(field[STAT_PRIORITY]) &&
	       fits_s32(field[STAT_NICE]);
}

static void take_numbers(struct task *t, const u64 *field, const struct proc_units *u)
{
	t->state = (char)field[STAT_STATE];
	t->ppid = (u32)field[STAT_PPID];
	t->tty_nr = (u32)field[STAT_TTY_NR];
	t->kernel = field[STAT_FLAGS] & PF_KTHREAD;
	t->counted = true;
	t->min_flt = field[STAT_MINFLT];
	t->maj_flt = field[STAT_MAJFLT];
	t->user_ns = ticks_ns(field[STAT_UTIME], u);
	t->system_ns = ticks_ns(field[STAT_STIME], u);
	if (__builtin_add_overflow(t->user_ns, t->system_ns, &t->runtime_ns))
		t->runtime_ns = UINT64_MAX;
	t->priority = (s32)field[STAT_PRIORITY];
	t->nice = (s32)field[STAT_NICE];
	t->threads = (u32)field[STAT_THREADS];
	t->start_boot_ns = ticks_ns(field[STAT_STARTTIME], u);
	t->last_cpu = (u32)field[STAT_PROCESSOR];
	t->policy = (u32)field[STAT_POLICY];
	/* No address space, no size: kernel threads, zombies, the exiting. */
	t->vsize_bytes = field[STAT_VSIZE];
	t->rss_bytes = mul_div(field[STAT_RSS], u->page_size, 1);
	t->have &= ~(u32)TASK_HAVE_RSS;
	t->have |= TASK_HAVE_TIMES | TASK_HAVE_FAULTS | TASK_HAVE_POLICY;
	if (t->vsize_bytes && !t->kernel)
		t->have |= TASK_HAVE_RSS;
}

int pid_stat_parse(struct task *t, struct bytes text, const struct proc_units *u)
{
	u64 field[STAT_LAST + 1] = {0}, pid;
	const unsigned char *open, *close;
	struct scan s = scan_of(text);

	/* The name ends at the last parenthesis: nothing after it has one. */
	close = text.n ? memrchr(text.p, ')', text.n) : NULL;
	if (!close || !scan_u64(&s, &pid) || !pid || pid > INT32_MAX || !SCAN_LIT(&s, " (") ||
	    s.at > close)
		return -EBADMSG;
	open = s.at;
	s.at = close + 1;
	if (!scan_byte(&s, ' ') || s.at == s.end || !is_letter(*s.at))
		return -EBADMSG;
	field[STAT_STATE] = *s.at++;
	/* The newline is the proof that no number was cut short. */
	if (!stat_numbers(&s, field) || !memchr(s.at, '\n', scan_left(&s)) || !in_range(field))
		return -EBADMSG;
	t->pid = (u32)pid;
	take_comm(t, open, close);
	take_numbers(t, field, u);
	t->exec_id = exec_mark(t, field);
	return 0;
}

int pid_statm_parse(struct task *t, struct bytes text, const struct proc_units *u)
{
	struct scan s = scan_of(text);
	u64 size, resident, shared;

	if (!scan_u64(&s, &size) || !scan_u64(&s, &resident) || !scan_u64(&s, &shared))
		return -EBADMSG;
	if (!size)		/* it lost its address space since */
		return 0;
	t->vsize_bytes = mul_div(size, u->page_size, 1);
	t->rss_bytes = mul_div(resident, u->page_size, 1);
	t->shared_bytes = mul_div(shared, u->page_size, 1);
	t->have |= TASK_HAVE_RSS | TASK_HAVE_SHARED;
	return 0;
}

int pid_io_parse(struct task *t, struct bytes text)
{
	static const struct scan_key keys[] = {
		SCAN_KEY("read_bytes:", struct task, read_bytes),
		SCAN_KEY("write_bytes:", struct task, write_bytes),
	};
	u32 found;
	int err = scan_keys(scan_of(text), keys, ARRAY_LEN(keys), t, &found);

	if (err || found != SCAN_ALL_KEYS(ARRAY_LEN(keys)))
		return -EBADMSG;
	t->have |= TASK_HAVE_IO;
	return 0;
}

int pid_status_parse(struct task *t, struct bytes text)
{
	static const struct scan_key keys[] = {
		SCAN_KEY("VmSwap:", struct task, swap_bytes),	/* kB until scaled below */
	};
	u32 found;
	int err = scan_keys(scan_of(text), keys, ARRAY_LEN(keys), t, &found);

	if (err)
		return err;
	if (!found)		/* kernel threads and zombies have no such line */
		return 0;
	t->swap_bytes = mul_div(t->swap_bytes, 1024, 1);
	t->have |= TASK_HAVE_SWAP;
	return 0;
}
