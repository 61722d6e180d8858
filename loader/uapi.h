/* loader/uapi.h - the kernel's BPF interface, as far as the loader uses it.
 *
 * The headers of the build host may be as old as 5.10.  What came later stands
 * here under names of our own, so that no header, old or new, collides. */
#ifndef LOADER_UAPI_H
#define LOADER_UAPI_H

#include <linux/bpf.h>
#include <linux/btf.h>

#include "loader/base.h"

/* include/uapi/linux/btf.h */
enum btf_kind {
	KIND_VOID,
	KIND_INT,
	KIND_PTR,
	KIND_ARRAY,
	KIND_STRUCT,
	KIND_UNION,
	KIND_ENUM,
	KIND_FWD,
	KIND_TYPEDEF,
	KIND_VOLATILE,
	KIND_CONST,
	KIND_RESTRICT,
	KIND_FUNC,
	KIND_FUNC_PROTO,
	KIND_VAR,
	KIND_DATASEC,
	KIND_FLOAT,		/* 5.13 */
	KIND_DECL_TAG,		/* 5.16 */
	KIND_TYPE_TAG,		/* 5.17 */
	KIND_ENUM64,		/* 6.0 */
	KIND_N
};

#define KIND_BIT(k)	(1u << (k))

struct uapi_enum64 {
	u32 name_off;
	u32 lo;
	u32 hi;
};

/* One row of the header's layout section (7.1): how long records of a kind
 * are that this program has never heard of. */
struct uapi_btf_layout {
	u8 info_sz;
	u8 elem_sz;
	u16 flags;
};

enum {
	LINKAGE_STATIC = 0,	/* of BTF functions and variables */
	LINKAGE_GLOBAL = 1,
	LINKAGE_EXTERN = 2,
};

enum {
	PROG_SYSCALL = 31,	/* 5.14 */
	ATTACH_PERF_EVENT = 41,	/* BPF_PERF_EVENT, 5.15 */
};

/* Of union bpf_iter_link_info (6.1): which cgroups a walk visits; fd and id 0
 * are the root. */
struct uapi_iter_cgroup {
	u32 order;
	u32 cgroup_fd;
	u64 cgroup_id;
};

enum { ITER_DESCENDANTS_PRE = 2 };	/* BPF_CGROUP_ITER_DESCENDANTS_PRE */

/* Map types that came after 5.10. */
enum {
	MAP_TASK_STORAGE = 29,	/* 5.11 */
	MAP_USER_RINGBUF = 31,	/* 6.1 */
	MAP_ARENA = 33,		/* 6.9 */
};

/* src_reg of the two instructions that can carry a relocation. */
enum {
	LD_MAP_FD = 1,
	LD_MAP_VALUE = 2,
	LD_BTF_ID = 3,
	LD_FUNC = 4,		/* 5.13 */
	CALL_SUBPROG = 1,
	CALL_KFUNC = 2,		/* 5.13 */
};

enum {
	INSN_LD_IMM64 = BPF_LD | BPF_IMM | BPF_DW,
	INSN_CALL = BPF_JMP | BPF_CALL,
};

/* Records of .BTF.ext as the kernel takes them; later fields are optional. */
struct uapi_func_info {
	u32 insn_off;
	u32 type_id;
};

struct uapi_line_info {
	u32 insn_off;
	u32 file_name_off;
	u32 line_off;
	u32 line_col;
};

/* Where verified_insns (5.16) lies in struct bpf_prog_info. */
enum { PROG_INFO_VERIFIED_INSNS = 216, PROG_INFO_LEN = 224 };

/* struct bpf_prog_info as of 5.16. */
struct uapi_prog_info {
	u32 type, id;
	u8 tag[8];
	u32 jited_bytes, xlated_bytes;
	u64 jited, xlated;
	u64 load_time;
	u32 uid, nmap;
	u64 maps;		/* u32[nmap] */
	char name[16];
	u32 ifindex, gpl;
	u64 netns_dev, netns_ino;
	u32 nksym, nlen;
	u64 ksyms, lens;
	u32 btf_id, func_size;
	u64 func;		/* struct uapi_func_info[nfunc] */
	u32 nfunc, nline;
	u64 line, jited_line;
	u32 njited_line, line_size, jited_line_size, ntag;
	u64 tags;
	u64 run_ns, run_cnt, misses;
	u32 verified_insns, pad;
};

_Static_assert(offsetof(struct uapi_prog_info, verified_insns) == PROG_INFO_VERIFIED_INSNS &&
	       sizeof(struct uapi_prog_info) == PROG_INFO_LEN, "uapi: bpf_prog_info");

/* Types of links (enum bpf_link_type). */
enum {
	LINK_RAW_TRACEPOINT = 1,
	LINK_TRACING = 2,
	LINK_CGROUP = 3,
	LINK_ITER = 4,
	LINK_NETNS = 5,
	LINK_XDP = 6,
	LINK_PERF_EVENT = 7,		/* 5.15; what it is told by: 6.6 */
	LINK_KPROBE_MULTI = 8,		/* 5.18 */
	LINK_NETFILTER = 10,		/* 6.4 */
	LINK_TCX = 11,			/* 6.6 */
	LINK_UPROBE_MULTI = 12,		/* 6.6 */
	LINK_NETKIT = 13,		/* 6.7 */
};

/* Of LINK_PERF_EVENT (enum bpf_perf_event_type). */
enum { PERF_UPROBE = 1, PERF_KPROBE = 3, PERF_TRACEPOINT = 5 };

/* struct bpf_link_info; names go to buffers of the caller's. */
struct uapi_link_info {
	u32 type, id, prog_id, pad;
	union {
		struct {			/* raw_tracepoint, iter */
			u64 name;
			u32 name_len;
		};
		u64 cgroup_id;
		u32 ifindex;			/* xdp, tcx, netkit */
		u32 netns_ino;
		struct {
			u64 addrs;
			u32 count;
		} kprobe_multi;
		struct {
			u64 path, offsets, ref_offsets, cookies;
			u32 path_size, count;
		} uprobe_multi;
		struct {
			u32 type, pad;
			u64 name;
			u32 name_len, offset;	/* the offset not of tracepoints */
		} perf;
		u64 all[8];
	};
};

#endif
