/* probes/kern.bpf.h - the few kernel types and helpers that the probes touch.
 *
 * Fields are found by name at load time (CO-RE), so only those read are
 * declared, in any order.  Integers are declared unsigned even where the
 * kernel has them signed: the loader can then widen or narrow a load when a
 * field's size differs between kernels, which it must refuse for signed ones. */
#ifndef PROBES_KERN_BPF_H
#define PROBES_KERN_BPF_H

#include "probes/abi.h"

#define SEC(s)		__attribute__((section(s), used))
#define INLINE		static inline __attribute__((always_inline))
#define UNLIKELY(x)	__builtin_expect(!!(x), 0)
#define KSYM		__attribute__((section(".ksyms"))) __attribute__((weak))
#define MAP_UINT(n, v)	int (*n)[v]
#define MAP_TYPE(n, t)	__typeof__(t) *n

/* Kinds of the compiler's own CO-RE records (enum bpf_core_relo_kind). */
#define core_field_exists(f)	__builtin_preserve_field_info(f, 2)
#define core_type_id(t)		__builtin_btf_type_id(*(t *)0, 1)
#define core_type_exists(t)	__builtin_preserve_type_info(*(t *)0, 0)

enum { BPF_MAP_TYPE_HASH_ = 1, BPF_MAP_TYPE_ARRAY_ = 2, BPF_MAP_TYPE_RINGBUF_ = 27, BPF_F_MMAPABLE_ = 1 << 10 };
enum { BPF_NOEXIST_ = 1, BPF_RB_NO_WAKEUP_ = 1, BPF_RB_AVAIL_DATA_ = 0, BPF_RB_RING_SIZE_ = 1 };

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value,
					 u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static void *(*const bpf_ringbuf_reserve)(void *ring, u64 size, u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, u64 flags) = (void *)132;
static u64 (*const bpf_ringbuf_query)(void *ring, u64 flags) = (void *)134;
static void *(*const bpf_get_current_task_btf)(void) = (void *)158;
static long (*const bpf_probe_read_kernel)(void *dst, u32 size, const void *src) = (void *)113;
static long (*const bpf_copy_from_user_task)(void *dst, u32 size, const void *user,
					     void *task, u64 flags) = (void *)191;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head;

typedef struct {
	u64 counter;
} atomic64_t;

typedef struct {
	u32 counter;
} atomic_t;

struct rw_semaphore {
	atomic64_t count;
};

/* Counters of a process's pages, in the order of enum mm_counters:
 * file, anonymous, swap, shared (include/linux/mm_types_task.h). */
struct percpu_counter {
	u64 count;
};

struct mm_struct {
	u64 total_vm;
	u64 arg_start, arg_end, env_start, env_end;
	struct rw_semaphore mmap_lock;
	struct percpu_counter rss_stat[4];	/* from 6.2, commit f1a7941243c1 */
};

struct mm_rss_stat {
	atomic64_t count[4];
};

struct mm_struct___before_6_2 {
	struct mm_rss_stat rss_stat;
};

struct kuid {
	u32 val;
};

struct cred {
	struct kuid euid;
};

struct io_context {
	u16 ioprio;
};

struct kernfs_node {
	u64 id;
};

struct cgroup_freezer_state {
	int nr_frozen_descendants;
};

struct cgroup {
	unsigned long flags;	/* CGRP_*: bit numbers */
	int level;		/* 0: the root */
	struct kernfs_node *kn;
	struct cgroup_root *root;
	struct cgroup_freezer_state freezer;
};

struct cgroup_root {
	struct cgroup cgrp;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct tty_driver {
	u32 major;
	u32 minor_start;
};

struct tty_struct {
	u32 index;
	struct tty_driver *driver;
};

struct task_io_accounting {
	u64 read_bytes, write_bytes;
};

struct sched_entity {
	u64 sum_exec_runtime;
};

struct thread_info {
	u32 cpu;
};

struct signal_struct {
	u32 nr_threads;
	atomic_t live;		/* threads that have not begun to exit */
	u32 flags, group_exit_code;
	u64 utime, stime, sum_sched_runtime;
	u64 nvcsw, nivcsw, min_flt, maj_flt;
	struct task_io_accounting ioac;
	struct tty_struct *tty;
	unsigned short oom_score_adj;
};

struct task_struct {
	u32 pid, tgid;
	u32 flags;
	u32 __state;		/* from 5.14 */
	u32 exit_state, exit_code;
	u32 prio, static_prio;
	u32 policy;
	struct thread_info thread_info;
	struct task_struct *real_parent, *group_leader;
	struct signal_struct *signal;
	struct mm_struct *mm;
	struct cred *real_cred;
	struct css_set *cgroups;
	struct io_context *io_context;	/* with CONFIG_BLOCK; NULL: nothing was set */
	u64 start_boottime;
	struct sched_entity se;
	u64 utime, stime;
	u64 nvcsw, nivcsw, min_flt, maj_flt;
	struct task_io_accounting ioac;
	u64 self_exec_id;
	char comm[TASK_COMM_LEN];
};

struct task_struct___before_5_14 {
	u64 state;		/* long; renamed by commit 2f064a59a11f */
};

struct task_struct___before_5_16 {
	u32 cpu;		/* moved to thread_info by commit bcf9033e5449 */
};

struct bpf_iter_meta;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop

/* kernel/bpf/bpf_iter.c, from 6.4; the iterator lives on the stack. */
struct bpf_iter_num {
	u64 opaque[1];
} __attribute__((aligned(8)));

/* kernel/bpf/task_iter.c, from 6.7; likewise. */
struct bpf_iter_task {
	u64 opaque[3];
} __attribute__((aligned(8)));

enum { BPF_TASK_ITER_ALL_THREADS = 1, BPF_TASK_ITER_PROC_THREADS = 2 };

extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, u32 flags) KSYM;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) KSYM;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) KSYM;
extern void bpf_rcu_read_lock(void) KSYM;
extern void bpf_rcu_read_unlock(void) KSYM;

enum { PF_KTHREAD = 0x00200000, TASK_DEAD = 0x80 };	/* include/linux/sched.h */
enum { CGRP_FROZEN = 3 };		/* include/linux/cgroup-defs.h, from 5.2 on */

/* from 6.2 */
extern void *bpf_rdonly_cast(const void *obj, u32 btf_id) KSYM;

/* The same task, whose pointers the verifier follows without more ado.  Of any
 * other it looks up for each pointer whether its type is on a list of safe
 * ones, each time through all of the kernel's BTF: 8 ms more until walk is
 * loaded, 15 for iter, 1 for argv_read. */
INLINE struct task_struct *task_cast(struct task_struct *t)
{
	return bpf_rdonly_cast(t, core_type_id(struct task_struct));
}

#endif
