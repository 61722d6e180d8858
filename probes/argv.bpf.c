/* probes/argv.bpf.c - the command lines of up to ARGV_BATCH processes in one
 * call (Linux 6.4: the open-coded counting loop; a plain one is verified 64
 * times over and takes 30 ms to load).
 *
 * Run by the reader of names, never by the main process: copying from another
 * process can sleep on its page faults.  A process whose mmap lock is held for
 * writing is passed over instead of waited for.  Cost: about 1 us a process.
 * Shared with user space: struct argv_req. */
#include "probes/kern.bpf.h"

u32 argv_count = 0;		/* requests filled in; user space sets it */
u32 argv_at = 0;		/* the one being answered */

struct {
	MAP_UINT(type, BPF_MAP_TYPE_ARRAY_);
	MAP_UINT(map_flags, BPF_F_MMAPABLE_);
	MAP_UINT(max_entries, ARGV_BATCH);
	MAP_TYPE(key, u32);
	MAP_TYPE(value, struct argv_req);
} argv_requests SEC(".maps");

extern struct task_struct *bpf_task_from_pid(s32 pid) KSYM;
extern void bpf_task_release(struct task_struct *t) KSYM;

extern int bpf_iter_num_new(struct bpf_iter_num *it, s32 start, s32 end) KSYM;
extern s32 *bpf_iter_num_next(struct bpf_iter_num *it) KSYM;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) KSYM;

enum { RWSEM_WRITER_LOCKED = 1 };	/* kernel/locking/rwsem.c */

/* The bytes from arg_start to env_end when the environment follows directly,
 * as fs/proc/base.c treats a process that wrote its title over both. */
INLINE u32 copy_args(struct argv_req *q, struct task_struct *t, struct mm_struct *mm)
{
	u64 start = mm->arg_start, end = mm->arg_end;
	u64 env_start = mm->env_start, env_end = mm->env_end;
	u64 len, room;

	if (!start || end < start)
		return ARGV_NO_MM;
	q->arg_len = end - start;
	if (env_start == end && env_end > env_start)
		q->env_len = env_end - env_start;
	len = q->arg_len + q->env_len;
	if (q->offset >= len)
		return ARGV_OK;
	room = len - q->offset;
	if (room > ARGV_CHUNK)
		room = ARGV_CHUNK;
	if (bpf_copy_from_user_task(q->data, (u32)room, (void *)(start + q->offset), t, 0))
		return ARGV_FAULT;
	q->len = (u32)room;
	return ARGV_OK;
}

INLINE u32 answer(struct argv_req *q, struct task_struct *t)
{
	struct task_struct *seen = task_cast(t);
	struct mm_struct *mm = seen->mm;

	if (!mm || seen->flags & PF_KTHREAD)
		return ARGV_NO_MM;
	if (core_field_exists(mm->mmap_lock.count.counter) &&
	    mm->mmap_lock.count.counter & RWSEM_WRITER_LOCKED)
		return ARGV_BUSY;
	return copy_args(q, t, mm);
}

INLINE void answer_at(u32 i)
{
	struct argv_req *q = bpf_map_lookup_elem(&argv_requests, &i);
	struct task_struct *t;

	if (!q)
		return;
	argv_at = i;
	q->arg_len = q->env_len = 0;
	q->len = 0;
	q->status = ARGV_GONE;
	t = bpf_task_from_pid((s32)q->pid);
	if (!t)
		return;
	q->status = answer(q, t);
	bpf_task_release(t);
}

SEC("syscall")
int argv_read(void *ctx)
{
	struct bpf_iter_num it;
	s32 *i;

	(void)ctx;
	bpf_iter_num_new(&it, 0, ARGV_BATCH);
	while ((i = bpf_iter_num_next(&it)) && (u32)*i < argv_count)
		answer_at((u32)*i);
	bpf_iter_num_destroy(&it);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
