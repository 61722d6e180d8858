/* proc/privilege.c - capabilities that outlive the loading. */
#include "proc/privilege.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/base.h"

/* Numbers of include/uapi/linux/capability.h, some newer than a build host's. */
static const struct {
	u8 cap;
	const char *what_for;
} kept[] = {
	{2,  "DAC_READ_SEARCH: files of other users' processes"},
	{19, "SYS_PTRACE: /proc/PID/exe and io of other users' processes"},
	{38, "PERFMON: a larger array is loaded when tasks outgrow this one"},
	{39, "BPF: the same"},
};

enum { CAP_SYS_ADMIN_ = 21, CAP_BPF_ = 39 };

void privilege_drop(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};
	u64 keep = 0;

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		keep |= 1ull << kept[i].cap;
	/* before Linux 5.8 there is no CAP_BPF: loading needs SYS_ADMIN */
	if (prctl(PR_CAPBSET_READ, CAP_BPF_, 0, 0, 0) < 0)
		keep |= 1ull << CAP_SYS_ADMIN_;
	if (syscall(SYS_capget, &head, data))
		return;
	for (u32 i = 0; i < 2; i++) {
		u32 mask = (u32)(keep >> 32 * i);

		data[i].permitted &= mask;
		data[i].effective &= mask;
		data[i].inheritable = 0;
	}
	(void)!syscall(SYS_capset, &head, data);
}
