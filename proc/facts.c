/* proc/facts.c - what is known of a process only by asking for it. */
#include "proc/facts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/dirscan.h"
#include "proc/procfile.h"
#include "proc/scan.h"

enum { PATH_BYTES = 4096, LABEL_BYTES = 512, FILE_BYTES = 4096, CLIENTS = 64 };

/* ---- texts ------------------------------------------------------------ */

/* Lines of proc_pid_smaps(5), in kB: sums over all mappings. */
struct rollup {
	u64 pss, clean, dirty, huge, swap_pss;
};

int smaps_rollup_parse(struct facts *f, struct bytes text)
{
	static const struct scan_key keys[] = {
		SCAN_KEY("Pss:", struct rollup, pss),
		SCAN_KEY("Private_Clean:", struct rollup, clean),
		SCAN_KEY("Private_Dirty:", struct rollup, dirty),
		SCAN_KEY("Private_Hugetlb:", struct rollup, huge),	/* Linux 4.4 */
		SCAN_KEY("SwapPss:", struct rollup, swap_pss),		/* 4.3 */
	};
	enum { NEEDED = 1 << 0 | 1 << 1 | 1 << 2 };
	struct rollup kb = {0};
	u32 found;
	int err = scan_keys(scan_of(text), keys, ARRAY_LEN(keys), &kb, &found);

	if (err || (found & NEEDED) != NEEDED)
		return -EBADMSG;
	f->pss_bytes = mul_div(kb.pss, 1024, 1);
	f->uss_bytes = mul_div(kb.clean + kb.dirty + kb.huge, 1024, 1);
	f->swap_pss_bytes = mul_div(kb.swap_pss, 1024, 1);
	f->have |= FACT_MEMORY;
	return 0;
}

/* "/autogroup-25 nice 0", sched(7) */
int autogroup_parse(struct facts *f, struct bytes text)
{
	struct scan s = scan_of(text);
	s64 nice;
	u32 id;

	if (!SCAN_LIT(&s, "/autogroup-") || !scan_u32(&s, &id) || !SCAN_LIT(&s, " nice") ||
	    !scan_s64(&s, &nice) || nice < -20 || nice > 19)
		return -EBADMSG;
	f->autogroup = id;
	f->autogroup_nice = (s32)nice;
	f->have |= FACT_AUTOGROUP;
	return 0;
}

/* Numbers of proc_pid_stat(5) by its own count: the third ends what is in
 * parentheses, and all that follow are numbers. */
int fact_stat_parse(struct facts *f, struct bytes text)
{
	enum { PGRP = 5, SESSION = 6, TPGID = 8, CMINFLT = 11, CMAJFLT = 13, CUTIME = 16, CSTIME = 17,
	       TICK_NS = NSEC_PER_SEC / 100 };	/* USER_HZ, on every architecture */
	struct scan s = scan_of(text);
	s64 v[CSTIME + 1];

	s.at = text.n ? memrchr(text.p, ')', text.n) : NULL;
	if (!s.at || !SCAN_LIT(&s, ") ") || !scan_skip(&s, 1))
		return -EBADMSG;
	for (u32 i = 4; i <= CSTIME; i++)
		if (!scan_s64(&s, &v[i]))
			return -EBADMSG;
	f->pgrp = (s32)v[PGRP];
	f->session = (s32)v[SESSION];
	f->tpgid = (s32)v[TPGID];
	f->children_min_flt = (u64)v[CMINFLT];
	f->children_maj_flt = (u64)v[CMAJFLT];
	f->children_user_ns = mul_div((u64)v[CUTIME], TICK_NS, 1);
	f->children_system_ns = mul_div((u64)v[CSTIME], TICK_NS, 1);
	f->have |= FACT_STAT;
	return 0;
}

/* Pages of proc_pid_statm(5): size resident shared text lib data dt. */
int fact_sizes_parse(struct facts *f, struct bytes text, u32 page_size)
{
	struct scan s = scan_of(text);
	u64 size, code, data;

	if (!scan_u64(&s, &size) || !scan_skip(&s, 2) || !scan_u64(&s, &code) || !scan_skip(&s, 1) ||
	    !scan_u64(&s, &data))
		return -EBADMSG;
	if (!size)		/* no address space */
		return 0;
	f->code_bytes = mul_div(code, page_size, 1);
	f->data_bytes = mul_div(data, page_size, 1);
	f->have |= FACT_SIZES;
	return 0;
}

int fact_calls_parse(struct facts *f, struct bytes text)
{
	static const struct scan_key keys[FACT_IOS] = {
		[IO_RCHAR] = SCAN_KEY("rchar:", struct facts, io[IO_RCHAR]),
		[IO_WCHAR] = SCAN_KEY("wchar:", struct facts, io[IO_WCHAR]),
		[IO_SYSCR] = SCAN_KEY("syscr:", struct facts, io[IO_SYSCR]),
		[IO_SYSCW] = SCAN_KEY("syscw:", struct facts, io[IO_SYSCW]),
		[IO_CANCELLED] = SCAN_KEY("cancelled_write_bytes:", struct facts, io[IO_CANCELLED]),
	};
	u32 found;

	if (scan_keys(scan_of(text), keys, FACT_IOS, f, &found) || found != SCAN_ALL_KEYS(FACT_IOS))
		return -EBADMSG;
	f->have |= FACT_CALLS;
	return 0;
}

/* Mixes a word of text into what tells clients apart: ids count per device. */
static u64 mix(u64 h, const struct scan *s)
{
	for (const unsigned char *p = s->at; p < s->end; p++)
		h = (h ^ *p) * 0x100000001b3u;
	return h;
}

int drm_fdinfo_parse(struct bytes text, u64 *client, u64 *ns)
{
	struct scan s = scan_of(text), line;
	bool any = false;

	*client = *ns = 0;
	while (scan_line(&s, &line)) {
		u64 v;

		if (SCAN_LIT(&line, "drm-client-id:") || SCAN_LIT(&line, "drm-pdev:")) {
			*client = mix(*client, &line);
			continue;
		}
		if (!SCAN_LIT(&line, "drm-engine-") || SCAN_LIT(&line, "capacity-"))
			continue;
		line.at = memchr(line.at, ':', scan_left(&line));
		if (!line.at || !scan_byte(&line, ':') || !scan_u64(&line, &v) ||
		    __builtin_add_overflow(*ns, v, ns))
			return -EBADMSG;
		any = true;
	}
	return any ? 0 : -EBADMSG;
}

/* ---- reading ---------------------------------------------------------- */

struct reading {
	int proc_fd;
	u32 pid;
	struct facts *f;
	char path[48];
	char file[FILE_BYTES];
	char text[FACT_TEXTS][PATH_BYTES];
};

static const char *path_of(struct reading *r, const char *file)
{
	size_t n = put_u64(r->path, r->pid);

	r->path[n++] = '/';
	memcpy(r->path + n, file, strlen(file) + 1);
	return r->path;
}

static bool read_file(struct reading *r, const char *file, struct bytes *out)
{
	return procfile_read_at(r->proc_fd, path_of(r, file), r->file, sizeof(r->file), out) == 0;
}

static void read_link(struct reading *r, const char *link, enum fact_text which, u32 fact)
{
	ssize_t n = readlinkat(r->proc_fd, path_of(r, link), r->text[which], PATH_BYTES);

	if (n <= 0)
		return;
	r->f->text[which] = (struct bytes){(const unsigned char *)r->text[which], (size_t)n};
	r->f->have |= fact;
}

/* A line of text, without what ends it. */
static void read_word(struct reading *r, const char *file, enum fact_text which, u32 fact)
{
	struct bytes text;

	if (!read_file(r, file, &text))
		return;
	while (text.n && (!text.p[text.n - 1] || text.p[text.n - 1] == '\n'))
		text.n--;
	text.n = MIN(text.n, LABEL_BYTES);
	/* wchan of one that runs, or of one that may not be traced */
	if (!text.n || (text.n == 1 && *text.p == '0'))
		return;
	memcpy(r->text[which], text.p, text.n);
	r->f->text[which] = (struct bytes){(const unsigned char *)r->text[which], text.n};
	r->f->have |= fact;
}

static void read_exe(struct reading *r)
{
	read_link(r, "exe", FACT_TEXT_EXE, FACT_EXE);
}

static void read_cwd(struct reading *r)
{
	read_link(r, "cwd", FACT_TEXT_CWD, FACT_CWD);
}

static void read_label(struct reading *r)
{
	read_word(r, "attr/current", FACT_TEXT_LABEL, FACT_LABEL);
}

static void read_wchan(struct reading *r)
{
	read_word(r, "wchan", FACT_TEXT_WCHAN, FACT_WCHAN);
}

static void read_memory(struct reading *r)
{
	struct bytes text;

	/* what does not parse stays unknown; so below */
	if (read_file(r, "smaps_rollup", &text))
		(void)!smaps_rollup_parse(r->f, text);
}

static void read_stat(struct reading *r)
{
	struct bytes text;

	if (read_file(r, "stat", &text))
		(void)!fact_stat_parse(r->f, text);
}

static void read_sizes(struct reading *r)
{
	struct bytes text;

	if (read_file(r, "statm", &text))
		(void)!fact_sizes_parse(r->f, text, page_size());
}

static void read_calls(struct reading *r)
{
	struct bytes text;

	if (read_file(r, "io", &text))
		(void)!fact_calls_parse(r->f, text);
}

static void read_autogroup(struct reading *r)
{
	struct bytes text;

	if (read_file(r, "autogroup", &text))
		(void)!autogroup_parse(r->f, text);
}

static void read_oom(struct reading *r)
{
	struct bytes text;
	struct scan s;
	u32 score;

	if (!read_file(r, "oom_score", &text))
		return;
	s = scan_of(text);
	if (!scan_u32(&s, &score) || score > INT32_MAX)
		return;
	r->f->oom_score = (s32)score;
	r->f->have |= FACT_OOM;
}

/* Since Linux 6.2 the directory's size is the number (fs/proc/fd.c); before it
 * is 0, and so it is for a process without any. */
static void read_files(struct reading *r)
{
	static struct dirscan dir;
	const char *name;
	struct stat st;
	int fd = openat(r->proc_fd, path_of(r, "fd"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	r->f->files = 0;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		r->f->files = (u32)MIN(st.st_size, INT32_MAX);
		r->f->have |= FACT_FILES;
	} else {
		dirscan_begin(&dir, fd);
		while ((name = dirscan_next(&dir)))
			r->f->files += *name != '.';
		if (!dir.err)
			r->f->have |= FACT_FILES;
	}
	close(fd);
}

/* Time that a descriptor adds; what duplicates one before adds none. */
static void read_gpu_fd(struct reading *r, const char *fd, u64 *seen, u32 *nseen)
{
	char link[24] = "fdinfo/";
	u64 client, ns, before = r->f->gpu_ns;
	struct bytes text;

	memcpy(link + 7, fd, MIN(strlen(fd) + 1, sizeof(link) - 8));
	if (!read_file(r, link, &text) || drm_fdinfo_parse(text, &client, &ns))
		return;
	r->f->have |= FACT_GPU;
	for (u32 i = 0; i < *nseen; i++)
		if (seen[i] == client)
			return;
	if (*nseen < CLIENTS)
		seen[(*nseen)++] = client;
	if (__builtin_add_overflow(before, ns, &r->f->gpu_ns))
		r->f->gpu_ns = before;
}

/* Descriptors of /dev/dri/ alone: readlink(2) tells them without asking their
 * file systems anything. */
static void read_gpu(struct reading *r)
{
	static const char dri[] = "/dev/dri/";
	static struct dirscan dir;
	u64 seen[CLIENTS];
	char target[sizeof(dri) - 1];
	const char *name;
	u32 nseen = 0;
	int fd = openat(r->proc_fd, path_of(r, "fd"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	r->f->gpu_ns = 0;
	dirscan_begin(&dir, fd);
	while ((name = dirscan_next(&dir)))
		if (readlinkat(fd, name, target, sizeof(target)) == sizeof(target) &&
		    memcmp(target, dri, sizeof(target)) == 0)
			read_gpu_fd(r, name, seen, &nseen);
	close(fd);
}

void facts_read(int proc_fd, u32 pid, u32 want, struct facts *f)
{
	static const struct {
		u32 fact;
		void (*read)(struct reading *r);
	} readers[] = {
		{FACT_EXE, read_exe}, {FACT_CWD, read_cwd}, {FACT_MEMORY, read_memory},
		{FACT_OOM, read_oom}, {FACT_FILES, read_files}, {FACT_GPU, read_gpu},
		{FACT_LABEL, read_label}, {FACT_WCHAN, read_wchan}, {FACT_AUTOGROUP, read_autogroup},
		{FACT_STAT, read_stat}, {FACT_SIZES, read_sizes}, {FACT_CALLS, read_calls},
	};
	static struct reading r;
	u64 began = clock_ns(CLOCK_MONOTONIC);

	r.proc_fd = proc_fd;
	r.pid = pid;
	r.f = f;
	*f = (struct facts){.asked = want};
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (want & readers[i].fact)
			readers[i].read(&r);
	f->read_ns = clock_ns(CLOCK_MONOTONIC);
	f->cost_ns = f->read_ns - began;
}
