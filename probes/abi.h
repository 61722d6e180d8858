/* probes/abi.h - every record that crosses from the kernel to user space.
 * Read by the probes, by proc/ and by tests; includes nothing of ours.
 * Fixed-width fields, no padding left to the compiler, sizes pinned. */
#ifndef PROBES_ABI_H
#define PROBES_ABI_H

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __INT16_TYPE__ s16;
typedef __INT32_TYPE__ s32;

enum { TASK_COMM_LEN = 16 };

/* What a record says of its task, beyond numbers. */
enum task_rec_flags {
	TASK_REC_LEADER  = 1u << 0,	/* tid == tgid: the fields of the process are filled */
	TASK_REC_KTHREAD = 1u << 1,	/* PF_KTHREAD */
	TASK_REC_MM      = 1u << 2,	/* has an address space: memory fields are filled */
	TASK_REC_IO      = 1u << 3,	/* the kernel accounts block I/O (CONFIG_TASK_IO_ACCOUNTING) */
	TASK_REC_RSS     = 1u << 4,	/* rss_* and swap_pages are filled */
	TASK_REC_CGROUP  = 1u << 5,	/* leader, with TASK_WANT_FROZEN: not in v2's root, and */
	TASK_REC_FROZEN  = 1u << 6,	/* its cgroup is frozen, itself or by one above */
};

/* One task (thread): what every refresh needs, two cache lines.  A field that a
 * flag or a remark below says is not filled is not written either, and holds
 * what the record's last owner left there. */
struct task_rec {
	u32 tid;
	u32 tgid;
	u32 ppid;		/* leader: real_parent->tgid */
	u32 flags;		/* enum task_rec_flags */
	u64 start_boot_ns;	/* start_boottime */
	u64 runtime_ns;		/* this thread's se.sum_exec_runtime; lags by at most a tick */
	u64 dead_runtime_ns;	/* leader: of threads that ended (signal->sum_sched_runtime) */
	u32 exec_id;		/* leader: changes when the process calls execve */
	u32 changed;		/* number of the walk that wrote something else than was there */
	u32 state;		/* __state | exit_state, the kernel's bits */
	u32 nr_threads;		/* leader: live threads, itself included */
	s16 prio;		/* kernel scale: 120 is nice 0, below 100 real time */
	s16 nice;
	u32 address;		/* the low half of task_struct's: the probe's own */

	u64 vsize_pages;	/* leader with TASK_REC_MM */
	u64 rss_file_pages;	/* with TASK_REC_RSS, so the next three */
	u64 rss_anon_pages;
	u32 rss_shmem_pages;	/* at most UINT32_MAX, 16 TiB, and so the next */
	u32 swap_pages;
	u64 cgroup_id;		/* leader, with TASK_WANT_CGROUP: inode of its directory in cgroup v2 */
	u32 euid;		/* leader, as the initial user namespace counts */
	u32 cpu;		/* the CPU it last ran on */
	char comm[TASK_COMM_LEN];
};

_Static_assert(sizeof(struct task_rec) == 128, "abi: task_rec");

/* The groups of TASK_WANT_MORE, in an array of their own: the record of a task
 * has the same index in both.  A group that is not wanted is not written. */
struct task_more {
	u64 utime_ns;		/* raw, unscaled; leader: + ended threads, so the next seven */
	u64 stime_ns;
	u64 min_flt;
	u64 maj_flt;
	u64 nvcsw;
	u64 nivcsw;
	u64 read_bytes;		/* block I/O, as in /proc/PID/io; with TASK_REC_IO */
	u64 write_bytes;
	u32 tty;		/* leader: new_encode_dev() form, 0 for none */
	s16 oom_score_adj;	/* leader */
	u16 io_priority;	/* class << 13 | level */
	u32 policy;
	u32 pad;
};

_Static_assert(sizeof(struct task_more) == 80, "abi: task_more");

/* Groups of fields that are read only when they are wanted: each costs a cache
 * miss or more for every task. */
enum task_want {
	TASK_WANT_IO     = 1u << 1,
	TASK_WANT_OOM    = 1u << 3,
	TASK_WANT_TIMES  = 1u << 4,	/* utime_ns, stime_ns */
	TASK_WANT_EVENTS = 1u << 5,	/* faults and switches */
	TASK_WANT_TTY    = 1u << 6,
	TASK_WANT_CGROUP = 1u << 7,
	TASK_WANT_SCHED  = 1u << 12,	/* policy, io_priority */
	TASK_WANT_FROZEN = 1u << 13,	/* TASK_REC_CGROUP, TASK_REC_FROZEN */

	TASK_WANT_REC    = TASK_WANT_CGROUP | TASK_WANT_FROZEN,	/* in struct task_rec itself */
	TASK_WANT_MORE   = TASK_WANT_IO | TASK_WANT_OOM | TASK_WANT_TIMES | TASK_WANT_EVENTS |
			   TASK_WANT_TTY | TASK_WANT_SCHED,
};

/* Between user space and either entry of probes/tasks.bpf.c; lives in the
 * program's .bss, mapped.  User space sets want, counts number on, and zeroes
 * seen and kept. */
struct task_walk {
	u32 want;		/* enum task_want */
	u32 seen;		/* tasks met, the idle ones not counted */
	u32 kept;		/* records written: seen, or the room there was */
	u32 number;		/* of this walk, never 0; it wraps after two years of 60 a second */
	u32 moved;		/* the walk that last found a process where there was none, or none any more */
	u32 frozen;		/* some cgroup may be frozen */
};

_Static_assert(sizeof(struct task_walk) == 24, "abi: task_walk");

/* Processes that the program refresh looks at, in .bss of probes/tasks.bpf.c. */
enum { TASK_ASK_MAX = 4096 };

struct task_ask {
	u32 n;
	u32 pid[TASK_ASK_MAX];	/* of the initial pid namespace */
};

_Static_assert(sizeof(struct task_ask) == 4 + 4 * TASK_ASK_MAX, "abi: task_ask");

/* probes/switches.bpf.c: in its .bss, mapped.  User space counts epoch on, and
 * takes numbers out of the ring by writing 0; nobody writes head but the probe. */
enum { SWITCH_LIST = 2048, SWITCH_MARKS = 1 << 16, SWITCH_CPUS = 2048 };

struct switches {
	u32 epoch;
	u32 head;		/* numbers listed so far, lost ones too; it wraps */
	u32 lost;		/* that found the ring full */
	u32 pad;
	u32 pid[SWITCH_LIST];	/* processes that left a CPU; 0: taken, or not written yet */
	struct {
		u32 pid;	/* the process that is on that CPU, 0: none */
		u32 apart[15];	/* no two CPUs write one cache line */
	} on_cpu[SWITCH_CPUS];
};

_Static_assert(sizeof(struct switches) == 16 + 4 * SWITCH_LIST + 64 * SWITCH_CPUS &&
	       (int)TASK_ASK_MAX >= (int)SWITCH_LIST + (int)SWITCH_CPUS, "abi: switches");

/* probes/exits.bpf.c: what a process leaves in the ring, twice.  When its last
 * thread ends: all of this, with the CPU time as far as it is charged by then.
 * When the kernel frees its main thread: only the first four fields, with the
 * time that is exact. */
enum exit_rec_flags {
	EXIT_REC_FINAL   = 1u << 0,	/* the second one: ends before cgroup_id */
	EXIT_REC_KTHREAD = 1u << 1,
};

/* Some 1,600 processes can end between two samples for each CPU, 6,500 at the most. */
enum { EXIT_RING_OF_CPU = 1 << 18, EXIT_RING_MAX = 1 << 20, EXITS_ON_THE_WAY = 4096 };

struct exit_rec {
	u32 flags;		/* enum exit_rec_flags */
	u32 pid;
	u64 start_boot_ns;
	u64 runtime_ns;		/* all threads, from the start */
	u64 cgroup_id;
	u32 ppid;
	u32 euid;
	u32 status;		/* as wait(2) has it */
	u32 pad;
	char comm[TASK_COMM_LEN];
	char parent_comm[TASK_COMM_LEN];
};

enum { EXIT_REC_FINAL_BYTES = 24 };

_Static_assert(sizeof(struct exit_rec) == 80 &&
	       __builtin_offsetof(struct exit_rec, cgroup_id) == EXIT_REC_FINAL_BYTES, "abi: exit_rec");

/* In the .bss of that program, mapped.  User space writes the first field only. */
struct exit_watch {
	u64 since_boot_ns;	/* who started later has been in no sample */
	u64 lost;		/* processes that found no room in the ring */
	u64 lost_runtime_ns;	/* CPU time that no record tells of, of those that were in no sample */
};

_Static_assert(sizeof(struct exit_watch) == 24, "abi: exit_watch");

/* probes/calls.bpf.c: the beginning or the end of one system call. */
enum { CALLS_MAX = 512, CALL_TEXT = 128, CALL_RING_BYTES = 1 << 20 };

/* What is read besides the arguments; one number of a call. */
enum call_how {
	CALL_HOW_ARG   = 7,		/* 1 + the argument that points to it; 0: nothing is */
	CALL_HOW_OTHER = 3,		/* so far up, that of another string; 0: none */
	CALL_HOW_IN    = 1 << 6,	/* it is no string, the next argument is its length */
	CALL_HOW_OUT   = 1 << 7,	/* the call writes it, the result is its length */
	CALL_HOW_EARLY = 1 << 8,	/* it is read when the call begins */
};

enum { CALL_REC_BEGIN = 1 };

struct call_rec {
	u64 time_ns;		/* CLOCK_MONOTONIC */
	u64 ret;
	u64 arg[6];
	u32 tid;
	u32 nr;
	u32 flags;
	s16 len[2];		/* bytes of text; -1: it was not read */
	char text[2][CALL_TEXT];	/* absent where calls_how says so */
};

enum { CALL_REC_BYTES = 80 };

_Static_assert(sizeof(struct call_rec) == CALL_REC_BYTES + 2 * CALL_TEXT, "abi: call_rec");

/* probes/argv.bpf.c: the memory of one process between arg_start and env_end,
 * asked for by the reader of names, answered in place. */
enum { ARGV_CHUNK = 4096, ARGV_BATCH = 64 };

enum argv_status {
	ARGV_OK = 0,
	ARGV_GONE,		/* no such process */
	ARGV_NO_MM,		/* kernel thread or zombie */
	ARGV_BUSY,		/* somebody holds its mmap lock for writing */
	ARGV_FAULT,		/* the memory could not be read */
};

struct argv_req {
	u32 pid;
	u32 status;		/* enum argv_status */
	u64 offset;		/* bytes to skip from arg_start */
	u64 arg_len;		/* answer: arg_end - arg_start */
	u64 env_len;		/* answer: env_end - env_start when it follows directly, else 0 */
	u32 len;		/* answer: bytes in data */
	u32 pad;
	char data[ARGV_CHUNK];
};

_Static_assert(sizeof(struct argv_req) == 40 + ARGV_CHUNK, "abi: argv_req");

/* probes/programs.bpf.c: every loaded BPF program, link and their owners, each
 * kind by an iterator of its own into an array of its own. */
enum { PROG_NAME_LEN = 16, PROG_TAG_LEN = 8, PROG_SYMBOL_LEN = 128, PROG_MAPS_MAX = 64 };

/* What changes while a program is loaded. */
struct prog_rec {
	u32 id;
	u32 type;		/* enum bpf_prog_type */
	u64 loaded_boot_ns;	/* since boot; with id it is a program's identity */
	u64 run_cnt;		/* the sums of all CPUs; they stand still while statistics are off */
	u64 run_ns;
	u64 misses;		/* runs that recursion prevented */
};

_Static_assert(sizeof(struct prog_rec) == 40, "abi: prog_rec");

/* What does not, in an array of its own with the same index; written only for
 * ids above prog_walk.known. */
struct prog_more {
	u32 id;			/* 0: not written */
	u32 uid;		/* who loaded it, as the initial user namespace counts */
	u32 verified_insns;
	u32 xlated_insns;
	u32 jited_bytes;	/* subprograms included */
	u32 pages;		/* that it holds */
	u32 nmap;		/* may be more than map[] holds */
	u32 pad;
	u8 tag[PROG_TAG_LEN];
	char name[PROG_NAME_LEN];
	char function[PROG_SYMBOL_LEN];	/* by its own BTF; empty: it has none */
	char target[PROG_SYMBOL_LEN];	/* function or tracepoint that it was loaded for */
	u32 map[PROG_MAPS_MAX];
};

_Static_assert(sizeof(struct prog_more) == 568, "abi: prog_more");

struct prog_link_rec {
	u32 id;
	u32 prog_id;		/* 0: a link that holds none (struct_ops) */
	u32 type;		/* enum bpf_link_type */
	u32 pad;
};

_Static_assert(sizeof(struct prog_link_rec) == 16, "abi: prog_link_rec");

/* A process that holds a program, by its own descriptor or by that of a link. */
struct prog_owner_rec {
	u32 prog_id;
	u32 link_id;		/* 0: by a descriptor of the program */
	u32 pid;		/* as the initial pid namespace counts */
	u32 self;		/* the reader, or a child of its */
	char comm[TASK_COMM_LEN];
};

_Static_assert(sizeof(struct prog_owner_rec) == 32, "abi: prog_owner_rec");

/* In the probe's .bss, mapped.  User space zeroes seen and kept before it reads
 * an iterator, and owns known and the descriptors. */
struct prog_walk {
	u32 known;		/* ids up to this one need no struct prog_more */
	u32 seen;
	u32 kept;
	u32 pad;
	u32 prog_fd, link_fd;	/* descriptors of the reader: what they look like inside */
	u64 prog_ops, link_ops;	/* learned from them; 0: not yet */
};

_Static_assert(sizeof(struct prog_walk) == 40, "abi: prog_walk");

#endif
