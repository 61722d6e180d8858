/* proc/calls.c - from records of system calls to lines. */
#include "proc/calls.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "probes/abi.h"
#include "proc/backend.h"
#include "proc/ring.h"

extern const unsigned char bpf_calls[], bpf_calls_end[];

enum { THREADS = 256, AT_CWD = -100, ERRNO_MOST = 4095, RESTART_FIRST = 512, RESTART_LAST = 516 };

/* ---- names -------------------------------------------------------------------- */

struct names_table {
	const u16 *number;
	u32 n;
	const char *name;	/* one behind the other */
};

#define X(number, name)	number,
static const u16 call_numbers[] = {
#include "proc/call_names.inc"
};
static const u16 error_numbers[] = {
#include "proc/errno_names.inc"
};
#undef X
#define X(number, name)	#name "\0"
static const char call_names[] =
#include "proc/call_names.inc"
	;
static const char error_names[] =
#include "proc/errno_names.inc"
	;
#undef X

_Static_assert(sizeof(struct call_rec) <= RING_RECORD_MAX, "a record in two parts is put together");

static const struct names_table calls_by_number = {call_numbers, ARRAY_LEN(call_numbers), call_names};
static const struct names_table errors_by_number = {error_numbers, ARRAY_LEN(error_numbers), error_names};

static const char *name_of(const struct names_table *t, u64 number)
{
	const char *name = t->name;

	for (u32 i = 0; i < t->n; i++, name += strlen(name) + 1)
		if (t->number[i] == number)
			return name;
	return NULL;
}

/* What the arguments of a call are, a letter each:
 *   d descriptor  a directory's descriptor  i number  u size or count  x bits
 *   o mode  p address  s string  w bytes that go in, their length follows
 *   r bytes that come out, the result is their length
 * From the manual, section 2.  Others show three numbers. */
static const char signatures[] =
	"read dru write dwu open sxo close d stat sp fstat dp lstat sp poll pui lseek dii mmap puxxdx "
	"mprotect pux munmap pu brk p rt_sigaction ippu rt_sigprocmask ippu rt_sigreturn - ioctl dxp "
	"pread64 druu pwrite64 dwuu readv dpu writev dpu access so pipe p select upppp sched_yield - "
	"mremap puuxp msync pux mincore pup madvise pui dup d dup2 dd pause - nanosleep pp alarm u "
	"getpid - sendfile ddpu socket ixi connect dpu accept dpp sendto dwuxpu recvfrom druxpp "
	"sendmsg dpx recvmsg dpx shutdown di bind dpu listen di getsockname dpp getpeername dpp "
	"socketpair ixip setsockopt diipu getsockopt diipp clone xpppp fork - vfork - execve spp exit i "
	"wait4 ipxp kill ii uname p fcntl dip flock di fsync d fdatasync d truncate si ftruncate di "
	"getdents dpu getcwd ru chdir s fchdir d rename ss mkdir so rmdir s creat so link ss unlink s "
	"symlink ss readlink spu chmod so fchmod do chown sii fchown dii lchown sii umask o "
	"gettimeofday pp getrlimit ip getrusage ip sysinfo p times p ptrace iipp getuid - getgid - "
	"geteuid - getegid - getppid - getpgrp - setsid - sigaltstack pp statfs sp fstatfs dp "
	"prctl ixxxx arch_prctl xp setrlimit ip chroot s sync - mount sspxp umount2 sx gettid - "
	"setxattr sspux getxattr sspu futex pxuppx sched_setaffinity iup sched_getaffinity iup "
	"getdents64 dpu set_tid_address p fadvise64 diii clock_gettime ip clock_nanosleep ixpp "
	"exit_group i epoll_wait dpui epoll_ctl didp tgkill iii waitid iipxp inotify_add_watch dsx "
	"openat asxo mkdirat aso mknodat asox fchownat asiix newfstatat aspx unlinkat asx "
	"renameat asas renameat2 asasx linkat asasx symlinkat sas readlinkat aspu fchmodat aso "
	"faccessat aso pselect6 uppppp ppoll puppu set_robust_list pu utimensat aspx epoll_pwait dpuip "
	"epoll_pwait2 dpupp timerfd_create ix eventfd2 ux timerfd_settime dxpp accept4 dppx "
	"signalfd4 dpux epoll_create1 x dup3 ddx pipe2 px inotify_init1 x prlimit64 iipp syncfs d "
	"sendmmsg dpux recvmmsg dpuxp getrandom rux memfd_create sx execveat asppx bpf ipu "
	"copy_file_range dpdpux statx asxxp rseq puxx pidfd_send_signal dipx clone3 pu close_range uux "
	"openat2 aspu pidfd_open ix pidfd_getfd ddx faccessat2 asox restart_syscall - ";

/* Its letters, end excluded; "" for one without arguments. */
static struct bytes signature_of(const char *name)
{
	const char *at = signatures;
	size_t n = name ? strlen(name) : 0;

	while (n && *at) {
		const char *letters = strchr(at, ' ') + 1, *end = strchr(letters, ' ');

		if ((size_t)(letters - at) == n + 1 && !memcmp(at, name, n))
			return (struct bytes){(const unsigned char *)letters, *letters == '-' ? 0 : (size_t)(end - letters)};
		at = end + 1;
	}
	return BYTES_LIT("xxx");
}

/* ---- the probe ---------------------------------------------------------------- */

struct calls {
	struct object *object;
	struct ring ring;
	u32 *stopped;
	const u64 *lost;
	u64 wall_ns;		/* local time of day, less CLOCK_MONOTONIC */
	u16 how[CALLS_MAX];	/* enum call_how */
	char line[CALLS_LINE];	/* of calls_waiting_line() */
	u32 nwaiting;
	struct call_rec waiting[THREADS];	/* where each thread's last call began */
};

static u16 how_of(const char *name, struct bytes letters)
{
	u16 how = 0;

	for (u32 i = 0; i < letters.n; i++) {
		bool text = letters.p[i] == 's', in = letters.p[i] == 'w', out = letters.p[i] == 'r';

		if (!how && (text || in || out))
			how = (u16)((i + 1) | (in ? CALL_HOW_IN : 0) | (out ? CALL_HOW_OUT : 0));
		else if (text && !(how >> CALL_HOW_OTHER & CALL_HOW_ARG))
			how |= (u16)((i + 1) << CALL_HOW_OTHER);
	}
	return how && !strncmp(name, "execve", 6) ? how | CALL_HOW_EARLY : how;
}

static void fill_how(struct calls *c)
{
	const char *name = call_names;

	for (u32 i = 0; i < ARRAY_LEN(call_numbers); i++, name += strlen(name) + 1)
		if (call_numbers[i] < CALLS_MAX)
			c->how[call_numbers[i]] = how_of(name, signature_of(name));
}

static int map_results(struct calls *c)
{
	int err = object_var(c->object, "calls_stopped", sizeof(*c->stopped), &c->stopped);

	if (!err)
		err = object_var(c->object, "calls_lost", sizeof(*c->lost), &c->lost);
	if (!err)
		err = object_map(c->object, "calls");
	return err < 0 ? err : ring_open(&c->ring, err, CALL_RING_BYTES);
}

static int load(struct calls *c, u32 tgid, struct diag *why)
{
	struct bytes elf = {bpf_calls, (size_t)(bpf_calls_end - bpf_calls)};
	static const char *const programs[] = {"call_ends", "call_begins"};
	int err = object_open(&c->object, "calls", elf, why);

	if (!err)
		err = object_set_var(c->object, "calls_tgid", &tgid, sizeof(tgid));
	if (!err)
		err = object_set_var(c->object, "calls_how", c->how, sizeof(c->how));
	if (!err)
		err = object_load(c->object, why);
	if (!err)
		err = map_results(c);
	for (u32 i = 0; err >= 0 && i < ARRAY_LEN(programs); i++)
		err = object_attach(c->object, programs[i], why);
	return err < 0 ? err : 0;
}

static u64 local_offset_ns(void)
{
	u64 real = clock_ns(CLOCK_REALTIME);
	time_t now = (time_t)(real / NSEC_PER_SEC);
	struct tm tm;

	if (localtime_r(&now, &tm))
		real += (u64)tm.tm_gmtoff * NSEC_PER_SEC;
	return real - clock_ns(CLOCK_MONOTONIC);
}

int calls_open(struct calls **out, u32 tgid, struct diag *why)
{
	int err = bpf_reader_new(out, sizeof(**out), why);

	if (err)
		return err;
	(*out)->wall_ns = local_offset_ns();
	fill_how(*out);
	err = load(*out, tgid, why);
	if (err) {
		calls_close(*out);
		*out = NULL;
	}
	return err;
}

void calls_close(struct calls *c)
{
	if (!c)
		return;
	ring_close(&c->ring);
	object_close(c->object);
	free(c);
}

void calls_stop(struct calls *c, bool stop)
{
	if (*c->stopped == stop)
		return;
	__atomic_store_n(c->stopped, stop, __ATOMIC_RELAXED);
	c->nwaiting = 0;	/* their ends may go unseen */
}

u64 calls_lost(const struct calls *c)
{
	return __atomic_load_n(c->lost, __ATOMIC_RELAXED);
}

/* ---- lines -------------------------------------------------------------------- */

struct text {
	char *p;
	size_t n;
};

__attribute__((format(printf, 2, 3)))
static void put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p + t->n, CALLS_LINE - t->n, fmt, ap);
	va_end(ap);
	t->n = MIN(t->n + (size_t)MAX(n, 0), (size_t)CALLS_LINE - 1);
}

/* As a string of C; what is above ASCII stays, the screen knows what is text. */
static void put_quoted(struct text *t, const char *p, u32 n, bool cut)
{
	static const char plain[] = "\n\t\r\"\\\0", letter[] = "ntr\"\\0";

	put(t, "\"");
	for (u32 i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)p[i];
		const char *at = memchr(plain, ch, sizeof(plain) - 1);

		if (at)
			put(t, "\\%c", letter[at - plain]);
		else if (ch < ' ' || ch == 0x7f)
			put(t, "\\%o", ch);
		else
			put(t, "%c", ch);
	}
	put(t, cut ? "\"..." : "\"");
}

/* True when its text is there. */
static bool put_text(struct text *t, const struct call_rec *r, u32 how, u32 i)
{
	u32 which = (how & CALL_HOW_ARG) == i + 1 ? 0 : 1;
	bool bytes = !which && how & (CALL_HOW_IN | CALL_HOW_OUT);
	s16 n = r->len[which];
	u64 all = how & CALL_HOW_OUT ? r->ret : r->arg[(i + 1) % 6];

	if (!(how & CALL_HOW_ARG) || n < 0 || n > CALL_TEXT)
		return false;
	put_quoted(t, r->text[which], (u32)n, bytes ? all > (u64)n : n == CALL_TEXT - 1);
	return true;
}

static void put_arg(struct text *t, const struct call_rec *r, u32 how, u32 i, char letter)
{
	u64 v = r->arg[i];

	if (strchr("swr", letter) && put_text(t, r, how, i))
		return;
	switch (letter) {
	case 'a':
		if ((s32)v == AT_CWD) {
			put(t, "AT_FDCWD");
			return;
		}
		/* fall through */
	case 'd': case 'i':
		put(t, "%d", (s32)v);
		return;
	case 'u':
		put(t, "%llu", (unsigned long long)v);
		return;
	case 'o':
		put(t, "0%o", (u32)v);
		return;
	default:
		put(t, v || letter == 'x' ? "%#llx" : "NULL", (unsigned long long)v);
	}
}

/* 17:05:01.123456   4242 openat(AT_FDCWD, "/etc/hosts", 0x80000, 00) */
static void put_call(struct text *t, const struct calls *c, const struct call_rec *r, u64 began_ns)
{
	u64 us = (c->wall_ns + began_ns) / NSEC_PER_USEC % (86400ull * 1000000);
	const char *name = name_of(&calls_by_number, r->nr);
	struct bytes letters = signature_of(name);
	u32 how = r->nr < CALLS_MAX ? c->how[r->nr] : 0, s = (u32)(us / 1000000);

	put(t, "%02u:%02u:%02u.%06u %7u ", s / 3600, s / 60 % 60, s % 60, (u32)(us % 1000000), r->tid);
	if (name)
		put(t, "%s(", name);
	else
		put(t, "call_%u(", r->nr);
	for (u32 i = 0; i < letters.n && i < ARRAY_LEN(r->arg); i++) {
		if (letters.p[i] == 'o' && !r->arg[i] && i + 1 == letters.n)
			break;		/* of what opens without making */
		if (i)
			put(t, ", ");
		put_arg(t, r, how, i, (char)letters.p[i]);
	}
	put(t, ")");
}

static void put_result(struct text *t, u64 ret)
{
	u64 err = 0 - ret;
	const char *name = err && err <= ERRNO_MOST ? name_of(&errors_by_number, err) : NULL;

	if (name)
		put(t, " = -1 %s", name);
	else if (err >= RESTART_FIRST && err <= RESTART_LAST)
		put(t, " = ? interrupted");
	else if (ret > INT32_MAX && err > ERRNO_MOST)
		put(t, " = %#llx", (unsigned long long)ret);
	else
		put(t, " = %lld", (long long)ret);
}

static void put_end(struct calls *c, const struct call_rec *end, struct text *t)
{
	struct call_rec r = *end;
	u32 i = 0;

	while (i < c->nwaiting && c->waiting[i].tid != end->tid)
		i++;
	/* rt_sigreturn restores the registers, and the number is among them */
	if (i < c->nwaiting && end->nr == UINT32_MAX)
		r.nr = c->waiting[i].nr;
	if (i == c->nwaiting || c->waiting[i].nr != r.nr) {
		put_call(t, c, &r, r.time_ns);		/* we came in the middle of it */
		put_result(t, r.ret);
		return;
	}
	if (end->nr == UINT32_MAX || (r.nr < CALLS_MAX && c->how[r.nr] & CALL_HOW_EARLY))
		r = c->waiting[i];
	put_call(t, c, &r, c->waiting[i].time_ns);
	put_result(t, end->ret);
	put(t, " <%u.%06u>", (u32)((end->time_ns - c->waiting[i].time_ns) / NSEC_PER_SEC),
	    (u32)((end->time_ns - c->waiting[i].time_ns) / NSEC_PER_USEC % 1000000));
	c->waiting[i] = c->waiting[--c->nwaiting];
}

static void begin(struct calls *c, const struct call_rec *r)
{
	u32 i = 0;

	while (i < c->nwaiting && c->waiting[i].tid != r->tid)
		i++;
	if (i == THREADS)
		return;
	c->nwaiting = MAX(c->nwaiting, i + 1);
	c->waiting[i] = *r;
}

void calls_take(struct calls *c, calls_line_fn *line, void *arg)
{
	char room[CALLS_LINE];
	struct bytes rec;

	while ((rec = ring_next(&c->ring)).p) {
		struct call_rec r = {.len = {-1, -1}};
		struct text t = {room, 0};

		if (rec.n != sizeof(r) && rec.n != CALL_REC_BYTES)
			continue;
		memcpy(&r, rec.p, rec.n);
		if (r.flags & CALL_REC_BEGIN) {
			begin(c, &r);
			continue;
		}
		put_end(c, &r, &t);
		line(arg, room, t.n);
	}
	ring_done(&c->ring);
}

u32 calls_waiting(const struct calls *c)
{
	return c->nwaiting;
}

struct bytes calls_waiting_line(struct calls *c, u32 i)
{
	struct text t = {c->line, 0};

	if (i < c->nwaiting) {
		put_call(&t, c, &c->waiting[i], c->waiting[i].time_ns);
		put(&t, " ...");
	}
	return (struct bytes){(const unsigned char *)c->line, t.n};
}
