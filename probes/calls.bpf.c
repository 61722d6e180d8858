/* probes/calls.bpf.c - the system calls of one process, all its threads.
 *
 * Attached only while somebody looks: it makes every system call of the machine
 * take the kernel's slow path.  Which arguments point to something worth reading
 * stands in a table that user space fills before loading, so that one object
 * does for every architecture.  Strings are read when the call returns: the
 * kernel has brought their pages in by then; of execve before, since they are
 * gone afterwards.
 *
 * Linux 5.8.  Shared with user space: struct call_rec, enum call_how. */
#include "probes/kern.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
	u64 di, si, dx, r10, r8, r9, orig_ax;
};

struct pt_regs___arm64 {
	u64 regs[31];
	u64 orig_x0;
	u32 syscallno;
};

#pragma clang attribute pop

static u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static long (*const bpf_probe_read_user)(void *dst, u32 size, const void *src) = (void *)112;
static long (*const bpf_probe_read_user_str)(void *dst, u32 size, const void *src) = (void *)114;

const volatile u32 calls_tgid = 0;
const volatile u16 calls_how[CALLS_MAX] = {};

u32 calls_stopped = 0;		/* user space writes it */
u64 calls_lost = 0;

struct {
	MAP_UINT(type, BPF_MAP_TYPE_RINGBUF_);
	MAP_UINT(max_entries, CALL_RING_BYTES);
} calls SEC(".maps");

INLINE void put_args(struct call_rec *r, struct pt_regs *regs)
{
	if (core_field_exists(regs->orig_ax)) {
		r->arg[0] = regs->di;
		r->arg[1] = regs->si;
		r->arg[2] = regs->dx;
		r->arg[3] = regs->r10;
		r->arg[4] = regs->r8;
		r->arg[5] = regs->r9;
	} else {
		struct pt_regs___arm64 *arm = (void *)regs;

		r->arg[0] = arm->orig_x0;
		r->arg[1] = arm->regs[1];
		r->arg[2] = arm->regs[2];
		r->arg[3] = arm->regs[3];
		r->arg[4] = arm->regs[4];
		r->arg[5] = arm->regs[5];
	}
}

INLINE u32 number_of(struct pt_regs *regs)
{
	if (core_field_exists(regs->orig_ax))
		return (u32)regs->orig_ax;
	return ((struct pt_regs___arm64 *)regs)->syscallno;
}

/* One that is known only at run time; there are eight numbers from arg on. */
INLINE u64 arg_at(const struct call_rec *r, u32 i)
{
	return *(const u64 *)((const char *)r->arg + (i & 7) * sizeof(u64));
}

_Static_assert(__builtin_offsetof(struct call_rec, arg) + 8 * sizeof(u64) <= sizeof(struct call_rec), "arg_at");

INLINE s16 read_text(char *to, u64 from)
{
	long n = bpf_probe_read_user_str(to, CALL_TEXT, (void *)from);

	return n > 0 ? (s16)(n - 1) : -1;
}

INLINE s16 read_bytes(char *to, u64 from, u64 len)
{
	u32 n = len > CALL_TEXT ? CALL_TEXT : (u32)len;

	return bpf_probe_read_user(to, n, (void *)from) ? -1 : (s16)n;
}

INLINE void put_texts(struct call_rec *r, u32 how)
{
	u32 at = how & CALL_HOW_ARG, other = how >> CALL_HOW_OTHER & CALL_HOW_ARG;

	if (how & CALL_HOW_IN)
		r->len[0] = read_bytes(r->text[0], arg_at(r, at - 1), arg_at(r, at));
	else if (!(how & CALL_HOW_OUT))
		r->len[0] = read_text(r->text[0], arg_at(r, at - 1));
	else if ((long long)r->ret > 0)
		r->len[0] = read_bytes(r->text[0], arg_at(r, at - 1), r->ret);
	if (other)
		r->len[1] = read_text(r->text[1], arg_at(r, other - 1));
}

INLINE void put_rec(struct call_rec *r, struct pt_regs *regs, u32 nr, u64 ret, u32 flags)
{
	r->time_ns = bpf_ktime_get_ns();
	r->ret = ret;
	r->tid = (u32)bpf_get_current_pid_tgid();
	r->nr = nr;
	r->flags = flags;
	r->len[0] = r->len[1] = -1;
	put_args(r, regs);
}

/* Two sizes, each known when it is reserved.  A function of its own, once for
 * both programs; hidden, so that the verifier follows it from each. */
__attribute__((noinline, visibility("hidden"))) void tell(struct pt_regs *regs, u32 nr, u64 ret, u32 flags, u32 how)
{
	struct call_rec *r;

	if (how & CALL_HOW_ARG) {
		r = bpf_ringbuf_reserve(&calls, sizeof(*r), 0);
		if (r) {
			put_rec(r, regs, nr, ret, flags);
			put_texts(r, how);
			bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP_);
		}
	} else {
		r = bpf_ringbuf_reserve(&calls, CALL_REC_BYTES, 0);
		if (r) {
			put_rec(r, regs, nr, ret, flags);
			bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP_);
		}
	}
	if (!r)
		__sync_fetch_and_add(&calls_lost, 1);
}

INLINE int ours(void)
{
	return bpf_get_current_pid_tgid() >> 32 == calls_tgid && !calls_stopped;
}

INLINE u32 how_of(u32 nr)
{
	return nr < CALLS_MAX ? calls_how[nr] : 0;
}

SEC("tp_btf/sys_enter")
int call_begins(u64 *ctx)
{
	u32 nr = (u32)ctx[1], how;

	if (!ours())
		return 0;
	how = how_of(nr);
	tell((struct pt_regs *)ctx[0], nr, 0, CALL_REC_BEGIN, how & CALL_HOW_EARLY ? how : 0);
	return 0;
}

SEC("tp_btf/sys_exit")
int call_ends(u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[0];
	u32 nr, how;

	if (!ours())
		return 0;
	nr = number_of(regs);
	how = how_of(nr);
	tell(regs, nr, ctx[1], 0, how & CALL_HOW_EARLY ? 0 : how);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
