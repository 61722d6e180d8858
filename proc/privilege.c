/* proc/privilege.c - capabilities that outlive the loading. */
#include "proc/privilege.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/bpf.h"

enum { CAP_SYS_ADMIN_ = 21, CAP_BPF_ = 39 };

/* Numbers of include/uapi/linux/capability.h, some newer than a build host's. */
static const struct {
	u8 cap;
	u32 uses;
	const char *what_for;
} kept[] = {
	{2,  PRIVILEGE_READ, "DAC_READ_SEARCH: open them"},
	{19, PRIVILEGE_READ, "SYS_PTRACE: exe and io of a process"},
	{1,  PRIVILEGE_CGROUP, "DAC_OVERRIDE: cgroups that a user was given"},
	{5,  PRIVILEGE_ACT,  "KILL: signals"},
	{23, PRIVILEGE_ACT,  "SYS_NICE: priorities, also of a process that has more than we"},
	{38, PRIVILEGE_LOAD, "PERFMON: programs that read the kernel's memory"},
	{39, PRIVILEGE_LOAD, "BPF: maps and programs"},
	{14, PRIVILEGE_EMERGENCY, "IPC_LOCK: memory beyond RLIMIT_MEMLOCK"},
	{24, PRIVILEGE_EMERGENCY, "SYS_RESOURCE: a lower oom_score_adj"},
	{CAP_SYS_ADMIN_, PRIVILEGE_PROGRAMS, "SYS_ADMIN: BPF objects by their ids"},
};

/* Out of effect mostly. */
enum { PRIVILEGE_IDLE = PRIVILEGE_LOAD | PRIVILEGE_PROGRAMS | PRIVILEGE_EMERGENCY | PRIVILEGE_CGROUP };

#define CAP(n)	(1ull << (n))

static u64 idle_caps;	/* permitted, and out of effect while nothing is loaded */

static u64 caps_for(u32 uses)
{
	u64 caps = 0;

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if (kept[i].uses & uses)
			caps |= CAP(kept[i].cap);
	/* before Linux 5.8 there is no CAP_BPF: loading needs SYS_ADMIN */
	if (uses & PRIVILEGE_LOAD && prctl(PR_CAPBSET_READ, CAP_BPF_, 0, 0, 0) < 0)
		caps |= CAP(CAP_SYS_ADMIN_);
	return caps;
}

/* What is held anew: as much of both as is permitted now. */
static bool set_caps(u64 permitted, u64 effective)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	if (syscall(SYS_capget, &head, data))
		return false;
	for (u32 i = 0; i < 2; i++) {
		data[i].permitted &= (u32)(permitted >> 32 * i);
		data[i].effective = data[i].permitted & (u32)(effective >> 32 * i);
		data[i].inheritable = 0;
	}
	return !syscall(SYS_capset, &head, data);
}

/* Before 5.19 (c8644cd0efe7) and with kernel.unprivileged_bpf_disabled, any
 * command of bpf(2) needs CAP_BPF, one that cannot succeed included. */
static bool running_needs_caps(void)
{
	return bpf_map_freeze(-1) == -EPERM;
}

void privilege_drop(u32 uses)
{
	u64 read = caps_for(uses & ~(u32)PRIVILEGE_IDLE);
	u64 load = caps_for(PRIVILEGE_LOAD | (uses & PRIVILEGE_IDLE)), run = 0;

	idle_caps = 0;
	if (!set_caps(UINT64_MAX, read))
		return;
	if (running_needs_caps())
		run = caps_for(PRIVILEGE_LOAD) & (CAP(CAP_BPF_) | CAP(CAP_SYS_ADMIN_));
	if (uses & PRIVILEGE_IDLE)
		idle_caps = load & ~run;
	set_caps(read | run | idle_caps, read | run);
	(void)!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static u64 get_caps(u64 *permitted)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	if (syscall(SYS_capget, &head, data))
		memset(data, 0, sizeof(data));
	*permitted = (u64)data[1].permitted << 32 | data[0].permitted;
	return (u64)data[1].effective << 32 | data[0].effective;
}

static u64 effective_caps(void)
{
	u64 permitted;

	return get_caps(&permitted);
}

bool privilege_has(u32 uses)
{
	u64 permitted, wanted = caps_for(uses);

	get_caps(&permitted);
	return !(wanted & ~permitted);
}

void privilege_load_begin(void)
{
	if (idle_caps)
		set_caps(UINT64_MAX, effective_caps() | idle_caps);
}

void privilege_load_end(void)
{
	if (idle_caps)
		set_caps(UINT64_MAX, effective_caps() & ~idle_caps);
}

static u64 aside_caps;

void privilege_own_begin(void)
{
	setfsuid(getuid());
	if (!getuid())
		return;
	aside_caps = effective_caps();
	if (aside_caps)
		set_caps(UINT64_MAX, 0);
}

void privilege_own_end(void)
{
	setfsuid(geteuid());
	if (aside_caps)
		set_caps(UINT64_MAX, aside_caps);
	aside_caps = 0;
}
