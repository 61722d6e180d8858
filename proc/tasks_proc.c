/* proc/tasks_proc.c - every process from /proc: works on any kernel, for any
 * user, at a price.
 *
 * Cost: four system calls a process (fstatat; openat, read, close of stat) and
 * three for each file more that a column asks for. */
#include "proc/backend.h"
#include "proc/dirscan.h"
#include "proc/pidfiles.h"
#include "proc/procfile.h"
#include "proc/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	PROC_SUPER_MAGIC = 0x9fa0,	/* linux/magic.h */
	PATH_ROOM = sizeof("/proc/4294967295/task/4294967295/oom_score_adj"),
	TEXT_ROOM = 8192,		/* status of a user in some 600 groups */
};

struct backend {
	int proc_fd;
};

/* One pass over some of /proc.  path is dir_fd's, and of it the first stem
 * bytes stay: "" or "/proc/". */
struct pass {
	int dir_fd;
	const struct task_request *want;
	struct task_table *out;
	struct proc_units units;
	size_t stem;
	char path[PATH_ROOM];
	char text[TEXT_ROOM];
};

static void pass_begin(struct pass *p, const struct task_request *want, struct task_table *out)
{
	p->want = want;
	p->out = out;
	p->units.page_size = page_size();
	p->units.ticks_per_s = ticks_per_second();
}

/* The directory's name if it is a process or thread, else 0. */
static u32 name_pid(const char *name)
{
	struct scan s = {(const unsigned char *)name, (const unsigned char *)name + strlen(name)};
	u32 pid;

	return scan_u32(&s, &pid) && s.at == s.end ? pid : 0;
}

static const char *path_file(struct pass *p, size_t at, const char *file)
{
	size_t n = strlen(file) + 1;

	/* PATH_ROOM holds the longest there is; anything else is a slip here. */
	if (at > PATH_ROOM || n > PATH_ROOM - at)
		abort();
	memcpy(p->path + at, file, n);
	return p->path;
}

/* The file of the process or thread whose directory path names up to at. */
static int read_text(struct pass *p, size_t at, const char *file, struct bytes *text)
{
	return procfile_read_at(p->dir_fd, path_file(p, at, file), p->text, sizeof(p->text), text);
}

static void read_io_priority(const struct pass *p, struct task *t)
{
	enum { IOPRIO_WHO_PROCESS = 1 };	/* include/uapi/linux/ioprio.h */
	long io;

	if (!(p->want->extra & TASK_EXTRA_SCHED))
		return;
	++syscall_count;
	io = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, t->pid);
	if (io < 0)
		return;
	t->io_priority = (u32)io;
	t->have |= TASK_HAVE_IO_PRIORITY;
}

static int read_stat(struct pass *p, size_t at, struct task *t)
{
	struct bytes text;
	int err = read_text(p, at, "/stat", &text);

	t->at_ns = clock_ns(CLOCK_MONOTONIC);
	if (!err)
		err = pid_stat_parse(t, text, &p->units);
	if (!err)
		read_io_priority(p, t);
	return err;
}

static int statm_parse(struct pass *p, struct task *t, struct bytes text)
{
	return pid_statm_parse(t, text, &p->units);
}

static int io_parse(struct pass *p, struct task *t, struct bytes text)
{
	(void)p;
	return pid_io_parse(t, text);
}

static int status_parse(struct pass *p, struct task *t, struct bytes text)
{
	(void)p;
	return pid_status_parse(t, text);
}

static int oom_parse(struct pass *p, struct task *t, struct bytes text)
{
	struct scan s = scan_of(text);
	s64 v;

	(void)p;
	if (!scan_s64(&s, &v) || v < INT32_MIN || v > INT32_MAX)
		return -EBADMSG;
	t->oom_score_adj = (s32)v;
	t->have |= TASK_HAVE_OOM;
	return 0;
}

/* Files that only some columns need. */
static const struct {
	u32 extra;
	const char *file;
	bool needs_mm;		/* says nothing of a task without an address space */
	int (*parse)(struct pass *p, struct task *t, struct bytes text);
} extras[] = {
	{TASK_EXTRA_SHARED, "/statm",         true,  statm_parse},
	{TASK_EXTRA_IO,     "/io",            false, io_parse},
	{TASK_EXTRA_SWAP,   "/status",        true,  status_parse},
	{TASK_EXTRA_OOM,    "/oom_score_adj", false, oom_parse},
};

/* What may not be read (io of other users), or is gone, stays unknown. */
static void read_extras(struct pass *p, size_t at, u32 which, struct task *t)
{
	for (size_t i = 0; i < ARRAY_LEN(extras); i++) {
		struct bytes text;

		if (!(which & extras[i].extra))
			continue;
		if (extras[i].needs_mm && !(t->have & TASK_HAVE_RSS))
			continue;
		if (!read_text(p, at, extras[i].file, &text))
			(void)!extras[i].parse(p, t, text);
	}
}

/* path names a thread's directory up to at.  The main thread gives its
 * process what is its own; every other gets an entry. */
static void add_thread(struct pass *p, size_t at, struct task *process)
{
	struct task t = {0}, *entry;

	if (read_stat(p, at, &t))
		return;		/* it ended */
	if (t.pid == process->pid) {
		process->own_runtime_ns = t.runtime_ns;
		process->have |= TASK_HAVE_OWN;
		return;
	}
	entry = task_table_add(p->out, t.pid);
	if (!entry)
		return;
	*entry = t;
	entry->have &= ~(u32)TASK_HAVE_RSS;	/* the process's, counted there */
	entry->vsize_bytes = entry->rss_bytes = 0;
	entry->tgid = process->pid;
	entry->uid = process->uid;
	entry->name = TASK_NONE;
	entry->thread = true;
}

static void add_threads(struct pass *p, size_t at, struct task *process)
{
	struct dirscan dir;
	const char *name;
	int fd;

	++syscall_count;
	fd = openat(p->dir_fd, path_file(p, at, "/task/"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	at += sizeof("/task/") - 1;
	dirscan_begin(&dir, fd);
	while ((name = dirscan_next(&dir))) {
		u32 tid = name_pid(name);

		if (tid)
			add_thread(p, at + put_u64(p->path + at, tid), process);
	}
	++syscall_count;
	close(fd);
}

/* The owner of /proc/PID is the effective user, of a process that cannot be
 * dumped as well (task_dump_owner() in fs/proc/base.c spares the directory). */
static int read_uid(struct pass *p, size_t at, u32 *uid)
{
	struct stat st;

	++syscall_count;
	if (fstatat(p->dir_fd, path_file(p, at, ""), &st, 0) < 0)
		return -errno;
	*uid = st.st_uid;
	return 0;
}

/* With threads wanted, the main thread's own share is read even where it is
 * the only one: others before it may have ended. */
static void add_entry(struct pass *p, size_t at, const struct task *t)
{
	bool threads = p->want->threads && !t->kernel;
	struct task *entry = task_table_add(p->out, t->pid);

	if (!entry) {
		p->out->lost += threads ? t->threads - 1 : 0;
		return;
	}
	*entry = *t;
	if (threads)
		add_threads(p, at, entry);
	/* a kernel thread, or a process that ended before its thread was read */
	if (p->want->threads && !(entry->have & TASK_HAVE_OWN) && entry->threads <= 1) {
		entry->own_runtime_ns = entry->runtime_ns;
		entry->have |= TASK_HAVE_OWN;
	}
}

static int add_process(struct pass *p, u32 pid)
{
	size_t at = p->stem + put_u64(p->path + p->stem, pid);
	struct task t = {0};
	int err = read_uid(p, at, &t.uid);

	if (!err)
		err = read_stat(p, at, &t);
	if (err)
		return err;
	t.pid = t.tgid = pid;
	t.name = TASK_NONE;
	read_extras(p, at, p->want->extra, &t);
	add_entry(p, at, &t);
	return 0;
}

/* Ended since its name was read (ESRCH: between open and read), or another
 * user's under hidepid=1: either way /proc shows no such process. */
static bool is_gone(int err)
{
	return err == -ENOENT || err == -ESRCH || err == -EACCES || err == -EPERM;
}

static void watch_pass(struct pass *p, const struct task_request *want, struct task_table *out)
{
	pass_begin(p, want, out);
	p->dir_fd = AT_FDCWD;
	p->stem = sizeof("/proc/") - 1;
	memcpy(p->path, "/proc/", p->stem);
}

int proc_watch_open(struct proc_watch *w, u32 pid)
{
	struct pass p;
	size_t at;
	int err;

	watch_pass(&p, NULL, NULL);
	at = p.stem + put_u64(p.path + p.stem, pid);
	*w = (struct proc_watch){.pid = pid, .stat_fd = -1, .statm_fd = -1};
	err = read_uid(&p, at, &w->uid);
	if (err)
		return err;
	w->stat_fd = open(path_file(&p, at, "/stat"), O_RDONLY | O_CLOEXEC);
	w->statm_fd = open(path_file(&p, at, "/statm"), O_RDONLY | O_CLOEXEC);
	if (w->stat_fd >= 0 && w->statm_fd >= 0)
		return 0;
	err = -errno;
	proc_watch_close(w);
	return err;
}

void proc_watch_close(struct proc_watch *w)
{
	if (w->stat_fd >= 0)
		close(w->stat_fd);
	if (w->statm_fd >= 0)
		close(w->statm_fd);
	w->stat_fd = w->statm_fd = -1;
}

int proc_watch_sample(struct proc_watch *w, const struct task_request *want, struct task_table *out)
{
	struct procfile stat = {.fd = w->stat_fd}, statm = {.fd = w->statm_fd};
	struct task t = {0};
	struct bytes text;
	struct pass p;
	size_t at;
	int err;

	watch_pass(&p, want, out);
	at = p.stem + put_u64(p.path + p.stem, w->pid);
	err = procfile_read(&stat, p.text, sizeof(p.text), &text);
	t.at_ns = clock_ns(CLOCK_MONOTONIC);
	if (!err)
		err = pid_stat_parse(&t, text, &p.units);
	if (err)
		return is_gone(err) ? -ENOENT : err;
	t.pid = t.tgid = w->pid;
	t.uid = w->uid;
	t.name = TASK_NONE;
	if (t.have & TASK_HAVE_RSS && !procfile_read(&statm, p.text, sizeof(p.text), &text))
		(void)!pid_statm_parse(&t, text, &p.units);
	read_io_priority(&p, &t);
	read_extras(&p, at, want->extra & ~(u32)TASK_EXTRA_SHARED, &t);
	add_entry(&p, at, &t);
	return 0;
}

static int sample(struct backend *b, const struct task_request *want, struct task_table *out)
{
	struct pass p;
	struct dirscan dir;
	const char *name;

	pass_begin(&p, want, out);
	p.dir_fd = b->proc_fd;
	p.stem = 0;
	out->mono_ns = clock_ns(CLOCK_MONOTONIC);
	out->states.known = want->threads;
	dirscan_rewind(&dir, b->proc_fd);
	while ((name = dirscan_next(&dir))) {
		u32 pid = name_pid(name);
		int err = pid ? add_process(&p, pid) : 0;

		if (err && !is_gone(err))
			return err;
	}
	for (u32 i = 0; i < out->n; i++)
		task_states_count(&out->states, out->task[i].state);
	out->walk_ns = clock_ns(CLOCK_MONOTONIC) - out->mono_ns;
	return dir.err;
}

static int say(struct diag *why, int err, const char *what, const char *hint)
{
	memset(why, 0, sizeof(*why));
	why->err = -err;
	memcpy(why->what, what, MIN(strlen(what), DIAG_TEXT - 1u));
	memcpy(why->hint, hint, MIN(strlen(hint), DIAG_TEXT - 1u));
	return err;
}

static void proc_close(struct backend *b)
{
	if (!b)
		return;
	if (b->proc_fd >= 0)
		close(b->proc_fd);
	free(b);
}

/* Every /proc has a process 1; who does not see it sees few others either.
 * Not a failure: a note, with err 0. */
static void note_hidden(int proc_fd, struct diag *why)
{
	int fd = openat(proc_fd, "1/stat", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	else if (is_gone(-errno))
		say(why, 0, "/proc is mounted with hidepid: processes of other users are not shown",
		    "run as root; with hidepid=1 or 2, the group of its gid= option will do");
}

static int proc_open(struct backend **out, u32 room, bool extra, struct diag *why)
{
	struct backend *b = malloc(sizeof(*b));
	struct statfs fs;
	int err;

	(void)room, (void)extra;	/* keeps nothing of a task */
	*out = NULL;
	if (!b)
		return say(why, -ENOMEM, "out of memory", "");
	b->proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = b->proc_fd < 0 ? -errno : 0;
	if (!err && fstatfs(b->proc_fd, &fs) < 0)
		err = -errno;
	if (!err && fs.f_type != PROC_SUPER_MAGIC)
		err = -ENOENT;
	if (err) {
		proc_close(b);
		return say(why, err, err == -ENOENT ? "/proc is not mounted" : strerror(-err),
			    "mount -t proc proc /proc");
	}
	note_hidden(b->proc_fd, why);
	*out = b;
	return 0;
}

const struct backend_ops backend_proc = {
	.how = "files of /proc, one by one",
	.open = proc_open,
	.sample = sample,
	.close = proc_close,
};
