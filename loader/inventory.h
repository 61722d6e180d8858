/* loader/inventory.h - bpf(2) commands on what others have loaded.  No state, no
 * messages; results as in loader/bpf.h.
 *
 * A descriptor keeps what it stands for in the kernel: close it at once. */
#ifndef LOADER_INVENTORY_H
#define LOADER_INVENTORY_H

#include "loader/uapi.h"

enum inventory { INVENTORY_PROG, INVENTORY_LINK, INVENTORY_BTF, INVENTORY_MAP };

/* The next id above this one, -ENOENT: there is none.  CAP_SYS_ADMIN. */
int inventory_next(enum inventory kind, u32 after, u32 *id) MUST_CHECK;
/* -ENOENT: no such id, or it is being unloaded.  CAP_SYS_ADMIN. */
int inventory_fd(enum inventory kind, u32 id) MUST_CHECK;
/* A struct uapi_..._info, whose fields the caller has zeroed or set to buffers.
 * A kernel that knows less of it leaves the rest as it is. */
int inventory_info(int fd, void *info, u32 len) MUST_CHECK;
/* What is pinned at a path of a bpffs. */
int inventory_pinned(const char *path) MUST_CHECK;
/* Programs that hang on a cgroup's descriptor by this attach type; *n: room for ids,
 * then how many there are. */
int inventory_attached(int target_fd, u32 attach_type, u32 *ids, u32 *n) MUST_CHECK;

struct inventory_hook {
	u32 prog_id;
	u64 offset, address;	/* of a probe; 0: at the begin, not told */
};

/* What a perf event, the descriptor of some process, runs: of which tracepoint or
 * function, empty where only the address is known.  CAP_SYS_ADMIN. */
int inventory_task_fd(u32 pid, u32 fd, char *name, u32 room, struct inventory_hook *hook) MUST_CHECK;
/* From now on runs of programs are counted and timed, until all such descriptors
 * are closed (Linux 5.8).  CAP_SYS_ADMIN. */
int inventory_enable_stats(void) MUST_CHECK;

#endif
