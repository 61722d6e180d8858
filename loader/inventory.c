/* loader/inventory.c - see loader/inventory.h. */
#include "loader/inventory.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	enum bpf_cmd next, fd;
} command[] = {
	[INVENTORY_PROG] = {BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID},
	[INVENTORY_LINK] = {BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID},
	[INVENTORY_BTF]  = {BPF_BTF_GET_NEXT_ID, BPF_BTF_GET_FD_BY_ID},
	[INVENTORY_MAP]  = {BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID},
};

static int ask_long(enum bpf_cmd cmd, union bpf_attr *attr, size_t len)
{
	long r;

	syscall_count++;
	r = syscall(SYS_bpf, cmd, attr, len);
	return r < 0 ? -errno : (int)r;
}

/* The fields behind those in use are zero, which every kernel takes. */
static int ask(enum bpf_cmd cmd, union bpf_attr *attr)
{
	/* as long as on 5.10: ends with the last field that 5.8 has too */
	return ask_long(cmd, attr, offsetof(union bpf_attr, info) + sizeof(attr->info));
}

int inventory_attached(int target_fd, u32 attach_type, u32 *ids, u32 *n)
{
	union bpf_attr attr = {.query = {
		.target_fd = (u32)target_fd, .attach_type = attach_type,
		.prog_ids = (u64)(uintptr_t)ids, .prog_cnt = *n,
	}};
	int err = ask_long(BPF_PROG_QUERY, &attr, offsetof(union bpf_attr, query.prog_cnt) + sizeof(u64));

	*n = attr.query.prog_cnt;
	return err;
}

int inventory_task_fd(u32 pid, u32 fd, char *name, u32 room, struct inventory_hook *hook)
{
	union bpf_attr attr = {.task_fd_query = {
		.pid = pid, .fd = fd, .buf_len = room, .buf = (u64)(uintptr_t)name,
	}};
	int err;

	*name = '\0';
	err = ask_long(BPF_TASK_FD_QUERY, &attr, offsetof(union bpf_attr, task_fd_query) + sizeof(attr.task_fd_query));
	*hook = (struct inventory_hook){attr.task_fd_query.prog_id, attr.task_fd_query.probe_offset,
					attr.task_fd_query.probe_addr};
	return err;
}

int inventory_next(enum inventory kind, u32 after, u32 *id)
{
	union bpf_attr attr = {.start_id = after};
	int err = ask(command[kind].next, &attr);

	*id = attr.next_id;
	return err;
}

int inventory_fd(enum inventory kind, u32 id)
{
	union bpf_attr attr = {.prog_id = id};

	return ask(command[kind].fd, &attr);
}

int inventory_info(int fd, void *info, u32 len)
{
	union bpf_attr attr = {.info = {
		.bpf_fd = (u32)fd, .info_len = len, .info = (u64)(uintptr_t)info,
	}};

	return ask(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

int inventory_pinned(const char *path)
{
	union bpf_attr attr = {.pathname = (u64)(uintptr_t)path};

	return ask(BPF_OBJ_GET, &attr);
}

int inventory_enable_stats(void)
{
	union bpf_attr attr = {.enable_stats = {.type = BPF_STATS_RUN_TIME}};

	return ask(BPF_ENABLE_STATS, &attr);
}
