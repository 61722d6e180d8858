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

#endif
