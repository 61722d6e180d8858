/* probes/tasks.bpf.c - every task of the machine into one mapped array.
 *
 * Two entries share one body.  walk: a syscall program, run once a refresh,
 * loops over all threads with the open-coded iterator (Linux 6.7); the threads
 * of a process follow each other.  iter: an iter/task program (Linux 5.8); the
 * order is that of thread numbers.
 *
 * Cost: about 0.2 us a task with walk, 0.6 us with iter; nothing between
 * refreshes.  Shared with user space: struct task_rec, struct task_walk. */
#include "probes/kern.bpf.h"

/* Set before loading.  lockdown=confidentiality forbids bpf_probe_read_kernel;
 * then user space reads the memory of processes before Linux 6.2 itself. */
const volatile u32 no_probe_read = 0;

/* Set before loading: nothing of struct task_more will be wanted, and the verifier
 * need not look at what fills it. */
const volatile u32 no_more = 0;

struct task_walk task_walk = {};

struct {
	MAP_UINT(type, BPF_MAP_TYPE_ARRAY_);
	MAP_UINT(map_flags, BPF_F_MMAPABLE_);
	MAP_UINT(max_entries, 1024);	/* user space sets it */
	MAP_TYPE(key, u32);
	MAP_TYPE(value, struct task_rec);
} tasks SEC(".maps");

struct {
	MAP_UINT(type, BPF_MAP_TYPE_ARRAY_);
	MAP_UINT(map_flags, BPF_F_MMAPABLE_);
	MAP_UINT(max_entries, 1024);	/* as many as tasks, or 1 with no_more */
	MAP_TYPE(key, u32);
	MAP_TYPE(value, struct task_more);
} tasks_more SEC(".maps");

/* A kernel page counter may be seen below zero for a moment. */
INLINE u64 pages(u64 count)
{
	return count & ~((long long)count >> 63);
}

INLINE u32 pages32(u64 count)
{
	count = pages(count);
	return count >> 32 ? ~0u : (u32)count;
}

/* Writes a field, and that something of the record is new if it is.  What is known of
 * that goes to memory at once: in a register it would double what the verifier has to
 * follow with each field.  The verifier, too, takes the likely way first; the other one
 * leaves less unknown behind, which it has seen then. */
#define PUT(r, field, value) \
	do { \
		__typeof__((r)->field) now = (value); \
		if (UNLIKELY((r)->field != now)) { \
			(r)->field = now; \
			(r)->changed = task_walk.number; \
		} \
	} while (0)

INLINE void put_rss(struct task_rec *r, struct mm_struct *mm)
{
	if (core_type_exists(struct mm_rss_stat)) {
		struct mm_struct___before_6_2 *old = (void *)mm;
		u64 count[4] = {};

		if (no_probe_read ||
		    bpf_probe_read_kernel(count, sizeof(count), &old->rss_stat.count))
			return;
		PUT(r, rss_file_pages, pages(count[0]));
		PUT(r, rss_anon_pages, pages(count[1]));
		PUT(r, swap_pages, pages32(count[2]));
		PUT(r, rss_shmem_pages, pages32(count[3]));
	} else {
		PUT(r, rss_file_pages, pages(mm->rss_stat[0].count));
		PUT(r, rss_anon_pages, pages(mm->rss_stat[1].count));
		PUT(r, swap_pages, pages32(mm->rss_stat[2].count));
		PUT(r, rss_shmem_pages, pages32(mm->rss_stat[3].count));
	}
	r->flags |= TASK_REC_RSS;
}

/* new_encode_dev() of include/linux/kdev_t.h, as /proc/PID/stat has it. */
INLINE u32 tty_number(struct tty_struct *tty)
{
	struct tty_driver *driver;
	u32 major, minor;

	if (!tty)
		return 0;
	driver = tty->driver;
	major = driver->major;
	minor = driver->minor_start + tty->index;
	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

/* As cgroup.events has it, which the root lacks (cgroup_events_show()). */
INLINE u32 frozen(struct cgroup *c)
{
	if (!c->level)
		return 0;
	return c->flags & 1ul << CGRP_FROZEN ? TASK_REC_CGROUP | TASK_REC_FROZEN : TASK_REC_CGROUP;
}

/* What others change, too: its parent ends, its pages are reclaimed. */
INLINE void put_process(struct task_rec *r, struct task_struct *cast)
{
	struct mm_struct *mm = cast->mm;
	u32 before = r->flags;

	PUT(r, ppid, cast->real_parent->tgid);
	r->flags &= TASK_REC_LEADER | TASK_REC_KTHREAD;
	if (mm && !(r->flags & TASK_REC_KTHREAD)) {
		r->flags |= TASK_REC_MM;
		put_rss(r, mm);
	}
	if (task_walk.want & TASK_WANT_FROZEN) {
		if (task_walk.frozen || !(before & TASK_REC_CGROUP))
			r->flags |= frozen(cast->cgroups->dfl_cgrp);
		else
			r->flags |= TASK_REC_CGROUP;
	}
	if (UNLIKELY(r->flags != before))
		r->changed = task_walk.number;
}

/* What only the threads of the process change. */
INLINE void put_own_process(struct task_rec *r, struct task_struct *t, struct task_struct *cast)
{
	struct signal_struct *s = cast->signal;
	struct mm_struct *mm = cast->mm;

	/* Before any living thread: one that ends in between is missing from this
	 * snapshot, never counted twice. */
	r->dead_runtime_ns = s->sum_sched_runtime;
	r->exec_id = t->self_exec_id;
	r->euid = cast->real_cred->euid.val;
	r->nr_threads = s->nr_threads;
	if (mm)
		r->vsize_pages = mm->total_vm;
}

/* What ended threads left. */
INLINE void put_ended(struct task_more *m, struct signal_struct *s, u32 want)
{
	if (want & TASK_WANT_TIMES) {
		m->utime_ns = s->utime;
		m->stime_ns = s->stime;
	}
	if (want & TASK_WANT_EVENTS) {
		m->min_flt = s->min_flt;
		m->maj_flt = s->maj_flt;
		m->nvcsw = s->nvcsw;
		m->nivcsw = s->nivcsw;
	}
	if (want & TASK_WANT_IO && core_field_exists(s->ioac.read_bytes)) {
		m->read_bytes = s->ioac.read_bytes;
		m->write_bytes = s->ioac.write_bytes;
	}
}

INLINE void put_more_of_process(struct task_more *m, struct task_struct *cast, u32 want)
{
	struct signal_struct *s = cast->signal;

	put_ended(m, s, want);
	if (want & TASK_WANT_TTY)
		m->tty = tty_number(s->tty);
	if (want & TASK_WANT_OOM)
		m->oom_score_adj = (s16)s->oom_score_adj;
}

INLINE void add_counters(struct task_more *m, struct task_struct *t, u32 want)
{
	if (want & TASK_WANT_TIMES) {
		m->utime_ns += t->utime;
		m->stime_ns += t->stime;
	}
	if (want & TASK_WANT_EVENTS) {
		m->min_flt += t->min_flt;
		m->maj_flt += t->maj_flt;
		m->nvcsw += t->nvcsw;
		m->nivcsw += t->nivcsw;
	}
	if (want & TASK_WANT_IO && core_field_exists(t->ioac.read_bytes)) {
		m->read_bytes += t->ioac.read_bytes;
		m->write_bytes += t->ioac.write_bytes;
	}
}

/* Every thread has its own. */
INLINE void put_sched(struct task_more *m, struct task_struct *t, struct task_struct *cast)
{
	struct io_context *io;

	m->policy = t->policy;
	if (!core_field_exists(t->io_context))
		return;
	io = cast->io_context;
	if (io)
		m->io_priority = io->ioprio;
}

INLINE u32 wanted(void)
{
	/* Read each time anew: a bit that is tested twice is known the second time,
	 * and the verifier then follows every combination of bits on its own. */
	return *(volatile u32 *)&task_walk.want;
}

/* What a thread counted is added to what ended threads left, or to nothing. */
INLINE void put_more(struct task_rec *r, struct task_more *m, struct task_struct *t,
		     struct task_struct *cast)
{
	__builtin_memset(m, 0, sizeof(*m));
	if (r->flags & TASK_REC_LEADER)
		put_more_of_process(m, cast, wanted());
	add_counters(m, t, wanted());
	if (wanted() & TASK_WANT_SCHED)
		put_sched(m, t, cast);
	if (wanted() & TASK_WANT_IO && core_field_exists(t->ioac.read_bytes))
		r->flags |= TASK_REC_IO;
}

INLINE void put_state(struct task_rec *r, struct task_struct *t)
{
	u32 state;

	if (core_field_exists(t->__state))
		state = t->__state;
	else
		state = (u32)((struct task_struct___before_5_14 *)t)->state;
	if (state & TASK_DEAD)	/* before that it is ending for an instant, not a zombie */
		state |= t->exit_state;
	PUT(r, state, state);
}

INLINE void put_cpu(struct task_rec *r, struct task_struct *t)
{
	if (core_field_exists(((struct task_struct___before_5_16 *)t)->cpu))
		r->cpu = ((struct task_struct___before_5_16 *)t)->cpu;
	else if (core_field_exists(t->thread_info.cpu))
		r->cpu = t->thread_info.cpu;
}

INLINE void put_comm(struct task_rec *r, struct task_struct *t)
{
	/* two loads of eight bytes instead of a helper call; both arrays are
	 * 16 bytes and aligned */
	const u64 *from = (const u64 *)&t->comm;
	u64 *to = (u64 *)&r->comm;

	to[0] = from[0];
	to[1] = from[1];
}

/* What only the threads of its process change of a task. */
INLINE void put_own(struct task_rec *r, struct task_struct *t, struct task_struct *cast)
{
	u32 flags = t->flags & PF_KTHREAD ? TASK_REC_KTHREAD : 0;

	r->tid = t->pid;
	r->tgid = t->tgid;
	r->address = (u32)(u64)t;
	r->start_boot_ns = t->start_boottime;
	r->runtime_ns = t->se.sum_exec_runtime;
	if (r->tid == r->tgid)
		flags |= TASK_REC_LEADER;
	if ((r->flags ^ flags) & TASK_REC_LEADER)
		task_walk.moved = task_walk.number;
	r->flags = flags;
	r->changed = task_walk.number;
	put_cpu(r, t);
	put_comm(r, t);
	if (flags & TASK_REC_LEADER)
		put_own_process(r, t, cast);
}

/* Whether the record is that of a process of one thread, which has not run since
 * it was written: who ran, however shortly, has more runtime by the time it
 * sleeps.  A third of the cache lines of a task need not be read then.  (Another
 * process may share its memory: until this one runs again vsize_pages is that of
 * before.) */
INLINE u32 slept(const struct task_rec *r, struct task_struct *t, struct task_struct *cast)
{
	return r->state && r->tid == t->pid && r->address == (u32)(u64)t && r->flags & TASK_REC_LEADER &&
	       r->runtime_ns && r->runtime_ns == t->se.sum_exec_runtime &&
	       r->nr_threads == 1 && cast->signal->nr_threads == 1;
}

/* The same task twice: numbers are loaded through t, which the verifier trusts,
 * with one instruction; through cast (see task_cast()) it takes ten, because the
 * JIT checks the address (BPF_PROBE_MEM), but pointers are followed at no cost
 * when it is loaded.  A quarter of the walk's time. */
INLINE void put_task(struct task_rec *r, struct task_struct *t, struct task_struct *cast)
{
	put_state(r, t);
	/* others change it, too, but behind those the verifier has more to follow */
	if (task_walk.want & TASK_WANT_CGROUP && t->pid == t->tgid)
		PUT(r, cgroup_id, cast->cgroups->dfl_cgrp->kn->id);
	if (UNLIKELY(!slept(r, t, cast)))
		put_own(r, t, cast);
	PUT(r, prio, (s16)t->prio);
	PUT(r, nice, (s16)(t->static_prio - 120));
	if (r->flags & TASK_REC_LEADER)
		put_process(r, cast);
}

/* At the end of a turn of a loop.  The verifier goes through another one for
 * whatever a turn left in the registers, of use or not: on 6.12 five times as many
 * instructions. */
#define FORGET() \
	asm volatile("r0 = 0; r1 = 0; r2 = 0; r3 = 0; r4 = 0; r5 = 0; r6 = 0; r7 = 0; r8 = 0; r9 = 0" \
		     ::: "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9")

INLINE void keep(struct task_struct *t, struct task_struct *cast)
{
	u32 at = task_walk.kept;
	struct task_more *m;
	struct task_rec *r;

	if (!t->pid)		/* the idle tasks */
		return;
	task_walk.seen++;
	r = bpf_map_lookup_elem(&tasks, &at);
	if (!r)			/* no room: seen says how much is needed */
		return;
	put_task(r, t, cast);
	if (!no_more && task_walk.want & TASK_WANT_MORE) {
		m = bpf_map_lookup_elem(&tasks_more, &at);
		if (!m)
			return;
		put_more(r, m, t, cast);
	}
	task_walk.kept = at + 1;
}

SEC("iter/task")
int iter(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;

	if (!t)
		return 0;
	/* the cast is there since 6.2, and surely where this type is (6.4) */
	keep(t, core_type_exists(struct bpf_iter_num) ? task_cast(t) : t);
	return 0;
}

/* The root of v2 counts those below it: mostly there is none, and then nobody's
 * cgroup has to be looked at. */
INLINE u32 anybody_frozen(struct task_struct *t)
{
	struct cgroup *root = &t->cgroups->dfl_cgrp->root->cgrp;

	return core_field_exists(root->freezer.nr_frozen_descendants) ? root->freezer.nr_frozen_descendants : 1;
}

SEC("syscall")
int walk(void *ctx)
{
	struct bpf_iter_task it;
	struct task_struct *t;

	(void)ctx;
	bpf_rcu_read_lock();
	task_walk.frozen = anybody_frozen(task_cast(bpf_get_current_task_btf()));
	bpf_iter_task_new(&it, 0, BPF_TASK_ITER_ALL_THREADS);
	while ((t = bpf_iter_task_next(&it))) {
		keep(t, task_cast(t));
		FORGET();
	}
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

/* ---- only those that ran: see probes/switches.bpf.c ---- */

struct task_ask task_ask = {};

extern struct task_struct *bpf_task_from_pid(s32 pid) KSYM;
extern void bpf_task_release(struct task_struct *t) KSYM;
extern int bpf_iter_num_new(struct bpf_iter_num *it, s32 start, s32 end) KSYM;
extern s32 *bpf_iter_num_next(struct bpf_iter_num *it) KSYM;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) KSYM;

/* All threads, the main one first.  The number may be another's by now, even
 * that of a thread that is no process. */
INLINE void keep_process(struct task_struct *lead)
{
	struct bpf_iter_task it;
	struct task_struct *t;

	if (lead->pid != lead->tgid)
		return;
	bpf_iter_task_new(&it, lead, BPF_TASK_ITER_PROC_THREADS);
	while ((t = bpf_iter_task_next(&it))) {
		keep(t, task_cast(t));
		FORGET();
	}
	bpf_iter_task_destroy(&it);
}

SEC("syscall")
int refresh(void *ctx)
{
	struct bpf_iter_num asked;
	struct task_struct *lead;
	s32 *i;

	(void)ctx;
	bpf_rcu_read_lock();
	bpf_iter_num_new(&asked, 0, TASK_ASK_MAX);
	while ((i = bpf_iter_num_next(&asked))) {
		if ((u32)*i >= task_ask.n || (u32)*i >= TASK_ASK_MAX)
			break;
		lead = bpf_task_from_pid((s32)task_ask.pid[(u32)*i]);
		if (!lead)
			continue;
		keep_process(lead);
		bpf_task_release(lead);
	}
	bpf_iter_num_destroy(&asked);
	bpf_rcu_read_unlock();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
