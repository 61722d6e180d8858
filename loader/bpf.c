/* loader/bpf.c - one function for each bpf(2) command in use. */
#include "loader/bpf.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/uapi.h"

u64 syscall_count;

/* The kernel refuses bytes behind the fields it knows unless they are zero,
 * so each command passes the attribute up to the last field in use. */
#define ATTR_LEN(field) \
	(offsetof(union bpf_attr, field) + sizeof(((union bpf_attr *)0)->field))

/* Where map_extra (5.16) lies in union bpf_attr: behind the last field of 5.10. */
enum { MAP_EXTRA_AT = 64 };

_Static_assert(ATTR_LEN(btf_vmlinux_value_type_id) == MAP_EXTRA_AT, "place of map_extra");

static int bpf_call(enum bpf_cmd cmd, union bpf_attr *attr, size_t len)
{
	long r = syscall(SYS_bpf, cmd, attr, len);

	return r < 0 ? -errno : (int)r;
}

static u64 addr(const void *p)
{
	return (u64)(uintptr_t)p;
}

/* bpf_obj_name_cpy() in kernel/bpf/syscall.c: 15 characters of [A-Za-z0-9_.] */
static void put_name(char dst[BPF_OBJ_NAME_LEN], const char *name)
{
	for (size_t i = 0; i < BPF_OBJ_NAME_LEN - 1 && name[i]; i++) {
		char c = name[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '_' || c == '.';

		dst[i] = ok ? c : '_';
	}
}

int bpf_prog_run(int prog_fd, u32 *retval)
{
	union bpf_attr attr;
	int err;

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = (u32)prog_fd;
	syscall_count++;
	err = bpf_call(BPF_PROG_TEST_RUN, &attr, ATTR_LEN(test));
	if (!err)
		*retval = attr.test.retval;
	return err;
}

int bpf_prog_time(int prog_fd, u32 repeat, u32 *ns)
{
	static const char packet[64];		/* no shorter than an Ethernet header */
	union bpf_attr attr;
	int err;

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = (u32)prog_fd;
	attr.test.data_in = addr(packet);
	attr.test.data_size_in = sizeof(packet);
	attr.test.repeat = repeat;
	syscall_count++;
	err = bpf_call(BPF_PROG_TEST_RUN, &attr, ATTR_LEN(test));
	if (!err)
		*ns = attr.test.duration;
	return err;
}

int bpf_iter_create(int link_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.iter_create.link_fd = (u32)link_fd;
	syscall_count++;
	return bpf_call(BPF_ITER_CREATE, &attr, ATTR_LEN(iter_create));
}

int bpf_map_create(const struct bpf_map_args *a)
{
	union bpf_attr attr;
	size_t len = ATTR_LEN(btf_value_type_id);

	memset(&attr, 0, sizeof(attr));
	put_name(attr.map_name, a->name);
	attr.map_type = a->type;
	attr.key_size = a->key_size;
	attr.value_size = a->value_size;
	attr.max_entries = a->max_entries;
	attr.map_flags = a->flags;
	attr.numa_node = a->numa_node;
	if (a->btf_fd >= 0) {
		attr.btf_fd = (u32)a->btf_fd;
		attr.btf_key_type_id = a->key_type;
		attr.btf_value_type_id = a->value_type;
	}
	if (a->extra) {
		memcpy((char *)&attr + MAP_EXTRA_AT, &a->extra, sizeof(a->extra));
		len = MAP_EXTRA_AT + sizeof(a->extra);
	}
	return bpf_call(BPF_MAP_CREATE, &attr, len);
}

int bpf_map_update(int map_fd, const void *key, const void *value)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (u32)map_fd;
	attr.key = addr(key);
	attr.value = addr(value);
	return bpf_call(BPF_MAP_UPDATE_ELEM, &attr, ATTR_LEN(flags));
}

int bpf_map_lookup(int map_fd, const void *key, void *value)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (u32)map_fd;
	attr.key = addr(key);
	attr.value = addr(value);
	return bpf_call(BPF_MAP_LOOKUP_ELEM, &attr, ATTR_LEN(flags));
}

int bpf_map_freeze(int map_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (u32)map_fd;
	return bpf_call(BPF_MAP_FREEZE, &attr, ATTR_LEN(map_fd));
}

int bpf_btf_load(struct bytes btf, char *log, u32 log_len)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.btf = addr(btf.p);
	attr.btf_size = (u32)btf.n;
	if (log) {
		attr.btf_log_buf = addr(log);
		attr.btf_log_size = log_len;
		attr.btf_log_level = 1;
	}
	return bpf_call(BPF_BTF_LOAD, &attr, ATTR_LEN(btf_log_level));
}

int bpf_prog_load(const struct bpf_prog_args *a)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	put_name(attr.prog_name, a->name);
	attr.prog_type = a->type;
	attr.expected_attach_type = a->attach_type;
	attr.prog_flags = a->flags;
	attr.attach_btf_id = a->attach_btf_id;
	attr.license = addr(a->license);
	attr.insns = addr(a->insn);
	attr.insn_cnt = a->ninsn;
	if (a->btf_fd >= 0) {
		attr.prog_btf_fd = (u32)a->btf_fd;
		attr.func_info = addr(a->func.p);
		attr.func_info_rec_size = sizeof(struct uapi_func_info);
		attr.func_info_cnt = (u32)(a->func.n / sizeof(struct uapi_func_info));
		attr.line_info = addr(a->line.p);
		attr.line_info_rec_size = sizeof(struct uapi_line_info);
		attr.line_info_cnt = (u32)(a->line.n / sizeof(struct uapi_line_info));
	}
	if (a->log) {
		attr.log_buf = addr(a->log);
		attr.log_size = a->log_len;
		attr.log_level = 1;
	}
	return bpf_call(BPF_PROG_LOAD, &attr, ATTR_LEN(attach_prog_fd));
}

int bpf_link_create(const struct bpf_link_args *a)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (u32)a->prog_fd;
	attr.link_create.target_fd = (u32)a->target_fd;
	attr.link_create.attach_type = a->attach_type;
	attr.link_create.iter_info = addr(a->iter_info);
	attr.link_create.iter_info_len = a->iter_info_len;
	return bpf_call(BPF_LINK_CREATE, &attr, ATTR_LEN(link_create.iter_info_len));
}

int bpf_raw_tracepoint_open(int prog_fd, const char *name)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.name = addr(name);
	attr.raw_tracepoint.prog_fd = (u32)prog_fd;
	return bpf_call(BPF_RAW_TRACEPOINT_OPEN, &attr, ATTR_LEN(raw_tracepoint.prog_fd));
}

/* A kernel that does not know a field leaves its zero. */
static int prog_info(int prog_fd, unsigned char info[static PROG_INFO_LEN])
{
	union bpf_attr attr;

	memset(info, 0, PROG_INFO_LEN);
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (u32)prog_fd;
	attr.info.info_len = PROG_INFO_LEN;
	attr.info.info = addr(info);
	return bpf_call(BPF_OBJ_GET_INFO_BY_FD, &attr, ATTR_LEN(info));
}

u32 bpf_prog_verified_insns(int prog_fd)
{
	_Alignas(8) unsigned char info[PROG_INFO_LEN];
	u32 n;

	if (prog_info(prog_fd, info) < 0)
		return 0;
	memcpy(&n, info + PROG_INFO_VERIFIED_INSNS, sizeof(n));
	return n;
}

int bpf_enable_stats(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.enable_stats.type = BPF_STATS_RUN_TIME;
	return bpf_call(BPF_ENABLE_STATS, &attr, ATTR_LEN(enable_stats));
}

int bpf_prog_stats(int prog_fd, u64 *runs, u64 *ns)
{
	_Alignas(8) unsigned char info[PROG_INFO_LEN];
	int err = prog_info(prog_fd, info);

	memcpy(runs, info + offsetof(struct bpf_prog_info, run_cnt), sizeof(*runs));
	memcpy(ns, info + offsetof(struct bpf_prog_info, run_time_ns), sizeof(*ns));
	return err;
}
