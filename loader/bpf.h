/* loader/bpf.h - one function for each bpf(2) command in use.  No state, no
 * messages; the result is a descriptor or 0, or -errno. */
#ifndef LOADER_BPF_H
#define LOADER_BPF_H

#include "loader/base.h"

struct bpf_insn;

/* Runs a BPF_PROG_TYPE_SYSCALL program once, without context (Linux 5.14).
 * *retval is what the program returned. */
int bpf_prog_run(int prog_fd, u32 *retval) MUST_CHECK;

/* Runs a socket filter on an empty packet that often; *ns is the mean of a run. */
int bpf_prog_time(int prog_fd, u32 repeat, u32 *ns) MUST_CHECK;

/* A new pass of an attached iterator; read it to its end, then close it. */
int bpf_iter_create(int link_fd) MUST_CHECK;

/* The BTF ids mean nothing without btf_fd; -1 stands for none. */
struct bpf_map_args {
	const char *name;	/* cut to 15 characters, others than [A-Za-z0-9_.] replaced */
	u32 type, key_size, value_size, max_entries, flags;
	u32 numa_node;		/* with BPF_F_NUMA_NODE */
	u64 extra;
	int btf_fd;
	u32 key_type, value_type;
};

int bpf_map_create(const struct bpf_map_args *a) MUST_CHECK;
int bpf_map_update(int map_fd, const void *key, const void *value) MUST_CHECK;
/* value has room for the map's value; of a per-CPU map, for that of every
 * possible CPU, each rounded up to 8. */
int bpf_map_lookup(int map_fd, const void *key, void *value) MUST_CHECK;
/* User space can no longer write the map. */
int bpf_map_freeze(int map_fd) MUST_CHECK;

/* log takes the kernel's complaint, NUL-terminated; NULL for none. */
int bpf_btf_load(struct bytes btf, char *log, u32 log_len) MUST_CHECK;

struct bpf_prog_args {
	const char *name;	/* as in bpf_map_args */
	const char *license;
	u32 type, attach_type, flags;
	u32 attach_btf_id;	/* in the kernel's own BTF */
	const struct bpf_insn *insn;
	u32 ninsn;
	int btf_fd;		/* of func and line; -1 for none */
	struct bytes func;	/* struct uapi_func_info[] */
	struct bytes line;	/* struct uapi_line_info[] */
	char *log;		/* NULL: the fast way, without a log */
	u32 log_len;
};

/* -EAGAIN when a signal came while the verifier was at work, -ENOSPC when only
 * the log did not fit. */
int bpf_prog_load(const struct bpf_prog_args *a) MUST_CHECK;

struct bpf_link_args {
	int prog_fd;
	int target_fd;		/* 0 where the program says where it belongs */
	u32 attach_type;
	const void *iter_info;	/* union bpf_iter_link_info, NULL for none */
	u32 iter_info_len;
};

/* A link that lives as long as its descriptor. */
int bpf_link_create(const struct bpf_link_args *a) MUST_CHECK;
/* name is NULL for programs that say at load where they belong. */
int bpf_raw_tracepoint_open(int prog_fd, const char *name) MUST_CHECK;

/* Instructions that the verifier walked (Linux 5.16), 0 if unknown. */
u32 bpf_prog_verified_insns(int prog_fd);

/* The kernel takes the time of every run while the descriptor returned is open
 * (Linux 5.8, CAP_SYS_ADMIN). */
int bpf_enable_stats(void) MUST_CHECK;
/* How often it has run, and for how long, while that was on. */
int bpf_prog_stats(int prog_fd, u64 *runs, u64 *ns) MUST_CHECK;

#endif
