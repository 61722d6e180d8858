/* proc/tasks_bpf.c - the backends walk and iter: run the program that fills
 * the mapped array, then fold its records, one a thread, into one entry a
 * process.  The records are read in place. */
#include "proc/backend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/diag.h"
#include "probes/abi.h"
#include "proc/pidfiles.h"
#include "proc/procfile.h"

extern const unsigned char bpf_tasks[], bpf_tasks_end[];

_Static_assert((int)TASK_EXTRA_IO == (int)TASK_WANT_IO && (int)TASK_EXTRA_OOM == (int)TASK_WANT_OOM &&
	       (int)TASK_EXTRA_TIMES == (int)TASK_WANT_TIMES &&
	       (int)TASK_EXTRA_EVENTS == (int)TASK_WANT_EVENTS &&
	       (int)TASK_EXTRA_TTY == (int)TASK_WANT_TTY &&
	       (int)TASK_EXTRA_CGROUP == (int)TASK_WANT_CGROUP &&
	       (int)TASK_EXTRA_FROZEN == (int)TASK_WANT_FROZEN &&
	       (int)TASK_EXTRA_SCHED == (int)TASK_WANT_SCHED, "the bits are passed on as they are");
_Static_assert((int)TASK_COMM == (int)TASK_COMM_LEN, "names are copied whole");

struct backend {
	struct object *object;
	struct task_walk *walk;
	const struct task_rec *rec;
	const struct task_more *more;	/* filled only as far as want says */
	u32 room;
	u32 more_room;		/* of more[]: as much, or 1 where nothing may be wanted of it */
	int (*run)(struct backend *b);
	int fd;			/* walk: the program; iter: the link; the object owns it */
	u32 page_size;
	u32 want;		/* enum task_want of this sample that fill more[] */
	u32 seen, kept;		/* of the walk before */
	u64 before_ns;		/* mono_ns of the table before this sample */
	int refresh_fd;		/* the program refresh, or -errno */
	struct task_ask *ask;	/* of it */
};

/* Which fields of a task are filled by which group: most have one bit in both. */
static u32 have_of(u32 want)
{
	enum { SAME = TASK_HAVE_OOM | TASK_HAVE_TIMES | TASK_HAVE_FAULTS | TASK_HAVE_CGROUP | TASK_HAVE_POLICY };

	_Static_assert((int)TASK_HAVE_OOM == (int)TASK_WANT_OOM && (int)TASK_HAVE_TIMES == (int)TASK_WANT_TIMES &&
		       (int)TASK_HAVE_FAULTS == (int)TASK_WANT_EVENTS && (int)TASK_HAVE_CGROUP == (int)TASK_WANT_CGROUP &&
		       (int)TASK_HAVE_POLICY == (int)TASK_WANT_SCHED, "one bit in both");
	return (want & SAME) | (want & TASK_WANT_EVENTS ? TASK_HAVE_SWITCHES : 0) |
	       (want & TASK_WANT_SCHED ? TASK_HAVE_IO_PRIORITY : 0);
}

/* PROC_PID_INIT_INO, include/linux/proc_ns.h. */
int pid_namespace_check(struct diag *why)
{
	static const char what[] = "this is a pid namespace of its own, and BPF's process numbers are the machine's";
	static const char hint[] = "start it outside of the container, or the container with --pid=host";
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) || st.st_ino == 0xEFFFFFFCu)
		return 0;
	*why = (struct diag){.err = EXDEV};
	memcpy(why->what, what, sizeof(what));
	memcpy(why->hint, hint, sizeof(hint));
	return -EXDEV;
}

int bpf_reader_new(void *out, size_t size, struct diag *why)
{
	int err = pid_namespace_check(why);
	void *room = err ? NULL : calloc(1, size);

	memcpy(out, &room, sizeof(room));
	return err ? err : room ? 0 : -ENOMEM;
}

/* lockdown=confidentiality refuses a program that could read any memory. */
static u32 probe_read_forbidden(void)
{
	char buf[128];
	struct bytes text;

	if (procfile_read_at(-1, "/sys/kernel/security/lockdown", buf, sizeof(buf), &text))
		return 0;
	return memmem(text.p, text.n, "[confidentiality]", 17) != NULL;
}

static void bpf_backend_close(struct backend *b)
{
	if (!b)
		return;
	object_close(b->object);
	free(b);
}

static int map_results(struct backend *b)
{
	int err = object_mmap(b->object, "tasks", b->room * sizeof(*b->rec), &b->rec);

	if (!err)
		err = object_mmap(b->object, "tasks_more", b->more_room * sizeof(*b->more), &b->more);
	return err ? err : object_var(b->object, "task_walk", sizeof(*b->walk), &b->walk);
}

/* An entry of probes/tasks.bpf.c, and those that it does without. */
struct entry {
	const char *prog, *other[2];
};

static int load(struct backend *b, const struct entry *e, struct diag *why)
{
	struct bytes elf = {bpf_tasks, (size_t)(bpf_tasks_end - bpf_tasks)};
	u32 no_probe_read = probe_read_forbidden(), no_more = b->more_room < b->room;
	int err = object_open(&b->object, "tasks", elf, why);

	if (!err)
		err = object_set_var(b->object, "no_probe_read", &no_probe_read, sizeof(no_probe_read));
	if (!err)
		err = object_set_var(b->object, "no_more", &no_more, sizeof(no_more));
	if (!err)
		err = object_set_max_entries(b->object, "tasks", b->room);
	if (!err)
		err = object_set_max_entries(b->object, "tasks_more", b->more_room);
	for (u32 i = 0; !err && i < ARRAY_LEN(e->other) && e->other[i]; i++)
		err = object_want(b->object, e->other[i], false);
	if (!err)
		err = object_load(b->object, why);
	if (!err)
		err = b->fd = object_prog(b->object, e->prog, why);
	return err < 0 ? err : 0;
}

static int bpf_backend_open(struct backend **out, u32 room, bool extra, const struct entry *e,
			    struct diag *why)
{
	int err = bpf_reader_new(out, sizeof(**out), why);
	struct backend *b = *out;

	if (err)
		return err;
	b->room = room;
	b->more_room = extra ? room : 1;
	b->fd = b->refresh_fd = -1;
	b->page_size = page_size();
	err = load(b, e, why);
	if (!err)
		err = map_results(b);
	if (err) {
		bpf_backend_close(b);
		*out = NULL;
	}
	return err;
}

/* What the kernel does not let a program read: three system calls a process.
 * The swapped pages, in a longer file, stay unknown. */
static void memory_from_proc(struct task *t, u32 pid, u32 page_size)
{
	struct proc_units units = {.page_size = page_size};
	char path[sizeof("/proc/4294967295/statm")], buf[128];
	struct bytes text;

	snprintf(path, sizeof(path), "/proc/%u/statm", pid);
	if (!procfile_read_at(-1, path, buf, sizeof(buf), &text))
		(void)!pid_statm_parse(t, text, &units);
}

static void take_memory(struct task *t, const struct task_rec *r, u64 page_size)
{
	if (!(r->flags & TASK_REC_RSS)) {
		if (r->flags & TASK_REC_MM)
			memory_from_proc(t, r->tid, (u32)page_size);
		return;
	}
	t->vsize_bytes = r->vsize_pages * page_size;
	t->rss_bytes = (r->rss_file_pages + r->rss_anon_pages + r->rss_shmem_pages) * page_size;
	t->shared_bytes = (r->rss_file_pages + r->rss_shmem_pages) * page_size;
	t->swap_bytes = r->swap_pages * page_size;
	t->have |= TASK_HAVE_RSS | TASK_HAVE_SHARED | TASK_HAVE_SWAP;
}

static void take_counters(const struct backend *b, struct task *t, const struct task_rec *r)
{
	const struct task_more *m = &b->more[r - b->rec];

	t->runtime_ns += r->runtime_ns;
	if (!b->want)
		return;
	t->counted = true;
	t->user_ns += m->utime_ns;
	t->system_ns += m->stime_ns;
	t->min_flt += m->min_flt;
	t->maj_flt += m->maj_flt;
	t->nvcsw += m->nvcsw;
	t->nivcsw += m->nivcsw;
	t->read_bytes += m->read_bytes;
	t->write_bytes += m->write_bytes;
}

/* What a thread has of its own and a process takes from its main thread. */
static void take_thread(struct task *t, const struct task_rec *r, u32 have)
{
	t->tgid = r->tgid;
	t->start_boot_ns = r->start_boot_ns;
	t->last_cpu = r->cpu;
	t->priority = r->prio - 100;
	t->nice = r->nice;
	t->state = task_state_char(r->state);
	t->kernel = r->flags & TASK_REC_KTHREAD;
	t->exact = true;
	t->have |= have;
	if (r->flags & TASK_REC_IO)
		t->have |= TASK_HAVE_IO;
	memcpy(t->comm, r->comm, sizeof(t->comm));
	t->comm[sizeof(t->comm) - 1] = '\0';
}

/* Of a process and of a thread alike. */
static void take_sched(const struct backend *b, struct task *t, const struct task_rec *r)
{
	if (!(b->want & TASK_WANT_SCHED))
		return;
	t->policy = b->more[r - b->rec].policy;
	t->io_priority = b->more[r - b->rec].io_priority;
}

static void take_process(const struct backend *b, struct task *t, const struct task_rec *r)
{
	take_thread(t, r, have_of(b->walk->want) | TASK_HAVE_OWN);
	if (t->have & TASK_HAVE_CGROUP)
		t->cgroup_id = r->cgroup_id;
	take_counters(b, t, r);
	take_memory(t, r, b->page_size);
	take_sched(b, t, r);
	t->runtime_ns += r->dead_runtime_ns;
	t->own_runtime_ns = r->runtime_ns;
	t->ppid = r->ppid;
	t->exec_id = r->exec_id;
	t->uid = r->euid;
	t->threads = r->nr_threads;
	if (r->flags & TASK_REC_CGROUP)
		t->have |= TASK_HAVE_FROZEN;
	t->frozen = r->flags & TASK_REC_FROZEN;
	if (b->want) {
		const struct task_more *m = &b->more[r - b->rec];

		t->tty_nr = m->tty;
		t->oom_score_adj = m->oom_score_adj;
	}
}

/* A thread's entry for the table shows its process's owner and parent. */
static void take_thread_entry(const struct backend *b, struct task *t, const struct task *process,
			      const struct task_rec *r)
{
	take_thread(t, r, 0);
	take_counters(b, t, r);
	take_sched(b, t, r);
	t->thread = true;
	t->ppid = process->ppid;
	t->uid = process->uid;
	t->tty_nr = process->tty_nr;
	t->threads = process->threads;
	t->exec_id = process->exec_id;
	t->cgroup_id = process->cgroup_id;
	t->frozen = process->frozen;
	t->oom_score_adj = process->oom_score_adj;
	t->vsize_bytes = process->vsize_bytes;
	t->rss_bytes = process->rss_bytes;
	t->shared_bytes = process->shared_bytes;
	t->swap_bytes = process->swap_bytes;
	t->have = process->have & ~(u32)TASK_HAVE_OWN;
}

static void add_thread(const struct backend *b, struct task_table *out,
		       const struct task *process, const struct task_rec *r)
{
	struct task *t = task_table_add(out, r->tid);

	if (t)
		take_thread_entry(b, t, process, r);
}

static void fold_threads(struct backend *b, const struct task_request *want,
			 struct task_table *out, u32 kept)
{
	u32 leaders = 0;

	for (u32 i = 0; i < kept; i++) {
		const struct task_rec *r = &b->rec[i];
		u32 at;

		leaders += r->flags & TASK_REC_LEADER;
		if (r->flags & TASK_REC_LEADER)
			continue;
		at = task_table_find(out, r->tgid, leaders - 1);	/* right behind it, mostly */
		if (at == TASK_NONE) {	/* its main thread ended while we walked, or has no room */
			out->lost += b->walk->seen > kept;
			continue;
		}
		take_counters(b, &out->task[at], r);
		if (want->threads)
			add_thread(b, out, &out->task[at], r);
	}
}

/* Whether processes are where they were when the table was filled last: then the
 * entries that did not change since are right. */
static void compare_places(struct backend *b, const struct task_request *want, struct task_table *out, u32 kept)
{
	u32 filled = out->walk;

	if (b->walk->seen != b->seen || b->walk->seen > kept)
		b->walk->moved = b->walk->number;
	b->seen = b->walk->seen;
	b->kept = kept;
	/* where cgroups are wanted, others write to the entries, too */
	out->walk = b->want | (want->extra & TASK_EXTRA_CGROUP) ? 0 : b->walk->number;
	out->moved = b->walk->moved;
	out->left = out->walk && filled >= out->moved && kept <= out->cap ? filled : 0;
}

/* Where the parts were not asked for, they stay unwritten: see task.counted. */
static void scale(const struct backend *b, struct task *t)
{
	if (b->want & TASK_WANT_TIMES)
		cputime_scale(t->runtime_ns, t->user_ns, t->system_ns, &t->user_ns, &t->system_ns);
}

static void fold(struct backend *b, const struct task_request *want, struct task_table *out)
{
	u32 kept = MIN(b->walk->kept, b->room), leaders = 0;

	compare_places(b, want, out, kept);
	out->states = (struct task_states){.known = true};
	for (u32 i = 0; i < kept; i++) {
		const struct task_rec *r = &b->rec[i];
		struct task *t;

		__builtin_prefetch(&b->rec[MIN(i + AHEAD, kept - 1)]);
		task_states_count(&out->states, task_state_char(r->state));
		if (!(r->flags & TASK_REC_LEADER))
			continue;
		leaders++;
		out->states.frozen += r->flags & TASK_REC_FROZEN ? 1 : 0;
		/* memory that the kernel does not tell is read anew each time */
		if (r->changed <= out->left && out->changed[out->n] <= out->left &&
		    (r->flags & (TASK_REC_MM | TASK_REC_RSS)) != TASK_REC_MM) {
			task_table_keep(out);
			continue;
		}
		t = task_table_add(out, r->tid);
		if (!t)
			continue;
		take_process(b, t, r);
		if (!b->want)
			out->changed[out->n - 1] = r->changed;
	}
	if (leaders < kept)
		fold_threads(b, want, out, kept);
	for (u32 i = 0; i < out->n && b->want & TASK_WANT_TIMES; i++)
		scale(b, &out->task[i]);
	if (b->walk->seen > kept)
		out->lost += b->walk->seen - kept;
}

/* Numbers are given once, so that those of a backend before tell, too. */
static void number_walk(struct backend *b, u32 kept)
{
	static u32 number;

	b->walk->number = ++number;
	b->walk->frozen = true;
	b->walk->seen = b->walk->kept = kept;
}

static void begin(struct backend *b, const struct task_request *req, struct task_table *out)
{
	b->before_ns = out->mono_ns;
	b->walk->want = (req->extra & TASK_EXTRA_CHEAP ? UINT32_MAX : req->extra) &
			(b->more_room < b->room ? TASK_WANT_REC : TASK_WANT_REC | TASK_WANT_MORE);
	b->want = b->walk->want & TASK_WANT_MORE;
	out->mono_ns = clock_ns(CLOCK_MONOTONIC);
}

static int bpf_backend_sample(struct backend *b, const struct task_request *want, struct task_table *out)
{
	int err;

	begin(b, want, out);
	err = b->run(b);
	if (err)
		return err;
	out->walk_ns = clock_ns(CLOCK_MONOTONIC) - out->mono_ns;
	fold(b, want, out);
	return 0;
}

/* Loading is one command of bpf(2), running another: a filter may refuse either,
 * and that has to be known now, while there are other backends to turn to. */
static int try_once(struct backend **b, int (*run)(struct backend *), const char *what, struct diag *why)
{
	struct diag_facts facts;
	int err = run(*b);

	(*b)->run = run;
	if (!err)
		return 0;
	diag_facts_read(&facts);
	diag_explain(why, STAGE_RUN, -err, what, NULL, &facts);
	bpf_backend_close(*b);
	*b = NULL;
	return err;
}

static int walk_run(struct backend *b)
{
	u32 ret;

	number_walk(b, 0);
	return bpf_prog_run(b->fd, &ret);
}

static int walk_open(struct backend **out, u32 room, bool extra, struct diag *why)
{
	static const struct entry walk = {"walk", {"iter", "refresh"}};
	int err = bpf_backend_open(out, room, extra, &walk, why);

	return err ? err : try_once(out, walk_run, "running walk", why);
}

/* ---- only those that ran ---- */

static int walk_refresh_open(struct backend **out, u32 room, bool extra, struct diag *why)
{
	static const struct entry walk = {"walk", {"iter"}};
	int err = bpf_backend_open(out, room, extra, &walk, why);

	if (err)
		return err;
	(*out)->refresh_fd = object_prog((*out)->object, "refresh", NULL);
	err = object_var((*out)->object, "task_ask", sizeof(*(*out)->ask), &(*out)->ask);
	if (err) {
		bpf_backend_close(*out);
		*out = NULL;
		return err;
	}
	return try_once(out, walk_run, "running walk", why);
}

static u32 patch_thread(const struct backend *b, struct task_table *out, const struct task *process,
			const struct task_rec *r)
{
	u32 at = task_table_find(out, r->tid, TASK_NONE);
	struct task *t = at == TASK_NONE ? task_table_add(out, r->tid) : &out->task[at];

	if (!t || (at != TASK_NONE && (!t->thread || t->start_boot_ns != r->start_boot_ns)))
		return REFRESH_MORE;
	*t = (struct task){.pid = r->tid, .name = process->name, .cgroup = process->cgroup};
	take_thread_entry(b, t, process, r);
	scale(b, t);
	return at == TASK_NONE ? REFRESH_NAMES : 0;
}

/* What no record tells of it, and what must not go back. */
static u32 carry(struct task *now, const struct task *t, u64 t_at_ns)
{
	now->name = t->name;
	now->cgroup = t->cgroup;
	if (!(now->have & TASK_HAVE_CGROUP)) {
		now->have |= t->have & TASK_HAVE_CGROUP;
		now->cgroup_id = t->cgroup_id;
	}
	task_carry_over(now, t, t_at_ns);
	return now->exec_id != t->exec_id || now->cgroup_id != t->cgroup_id ? REFRESH_NAMES : 0;
}

/* Records [from, to): a process's, the main thread's first.  All of it is worked
 * out anew, so that it is the sum of its threads as after a walk. */
static u32 patch_process(const struct backend *b, const struct task_request *want, struct task_table *out,
			 u32 from, u32 to)
{
	const struct task_rec *r = &b->rec[from];
	struct task now = {.pid = r->tid, .name = TASK_NONE}, *t;
	u32 at = task_table_find(out, r->tid, TASK_NONE), what = REFRESH_NAMES;

	take_process(b, &now, r);
	for (u32 i = from + 1; i < to; i++)
		take_counters(b, &now, &b->rec[i]);
	scale(b, &now);
	t = at == TASK_NONE ? task_table_add(out, r->tid) : &out->task[at];
	if (!t || (at != TASK_NONE && (t->thread || t->start_boot_ns != r->start_boot_ns)))
		return REFRESH_MORE;
	if (at != TASK_NONE)
		what = carry(&now, t, t->at_ns ? t->at_ns : b->before_ns);
	*t = now;
	out->changed[t - out->task] = UINT32_MAX;
	for (u32 i = from + 1; i < to && want->threads; i++)
		what |= patch_thread(b, out, t, &b->rec[i]);
	return what;
}

static int walk_refresh(struct backend *b, const struct task_request *want, const struct task_ask *ask,
			struct task_table *out)
{
	u32 what = 0, base = b->kept, moved = b->walk->moved, kept, ret, end;
	int err;

	if (b->refresh_fd < 0)
		return b->refresh_fd;
	begin(b, want, out);
	memcpy(b->ask, ask, sizeof(ask->n) + ask->n * sizeof(*ask->pid));
	number_walk(b, base);	/* behind the records of the walk */
	err = bpf_prog_run(b->refresh_fd, &ret);
	b->walk->moved = moved;
	if (err)
		return err;
	out->walk_ns = clock_ns(CLOCK_MONOTONIC) - out->mono_ns;
	kept = MIN(b->walk->kept, b->room);
	if (b->walk->seen > kept)
		what = REFRESH_MORE;
	for (u32 i = base; i < kept; i = end) {
		for (end = i + 1; end < kept && !(b->rec[end].flags & TASK_REC_LEADER); end++)
			;
		what |= patch_process(b, want, out, i, end);
	}
	return (int)what;
}

/* One read(2) walks all tasks and returns nothing.  The kernel gives up with
 * EAGAIN after a million objects without output (bpf_seq_read() in
 * kernel/bpf/bpf_iter.c) and goes on where it was with the next read. */
static int iter_run(struct backend *b)
{
	char none[64];
	ssize_t n;
	int fd, err = 0;

	number_walk(b, 0);
	fd = bpf_iter_create(b->fd);
	if (fd < 0)
		return fd;
	do {
		++syscall_count;
		n = read(fd, none, sizeof(none));
	} while (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
	if (n < 0)
		err = -errno;
	++syscall_count;
	close(fd);
	return err;
}

static int iter_open(struct backend **out, u32 room, bool extra, struct diag *why)
{
	static const struct entry iter = {"iter", {"walk", "refresh"}};
	int err = bpf_backend_open(out, room, extra, &iter, why);

	if (err)
		return err;
	err = object_attach((*out)->object, "iter", why);
	if (err < 0) {
		bpf_backend_close(*out);
		*out = NULL;
		return err;
	}
	(*out)->fd = err;
	return try_once(out, iter_run, "running iter", why);
}

const struct backend_ops backend_walk = {
	.how = "BPF program, run by one call",
	.open = walk_open,
	.sample = bpf_backend_sample,
	.close = bpf_backend_close,
};

const struct backend_ops backend_walk_refresh = {
	.how = "BPF program, run by one call",
	.open = walk_refresh_open,
	.sample = bpf_backend_sample,
	.refresh = walk_refresh,
	.close = bpf_backend_close,
};

const struct backend_ops backend_iter = {
	.how = "iterator, attached by a link",
	.open = iter_open,
	.sample = bpf_backend_sample,
	.close = bpf_backend_close,
};

const char *const backend_name[BACKEND_N] = {
	[BACKEND_WALK] = "walk",
	[BACKEND_ITER] = "iter",
	[BACKEND_PROC] = "proc",
};

const struct backend_ops *const backends[BACKEND_N] = {
	[BACKEND_WALK] = &backend_walk,
	[BACKEND_ITER] = &backend_iter,
	[BACKEND_PROC] = &backend_proc,
};
