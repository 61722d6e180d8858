/* loader/facts.h - what is true of this process and this kernel, as far as it
 * explains why bpf(2) was refused.  Nothing is decided by these: what works is
 * found by trying it. */
#ifndef LOADER_FACTS_H
#define LOADER_FACTS_H

#include "loader/base.h"

enum lockdown {
	LOCKDOWN_UNKNOWN,	/* securityfs is not mounted */
	LOCKDOWN_ABSENT,	/* not in this kernel */
	LOCKDOWN_NONE,
	LOCKDOWN_INTEGRITY,
	LOCKDOWN_CONFIDENTIALITY,
};

/* KERNEL(5, 11) compares as versions do. */
#define KERNEL(major, minor)	((u32)(major) << 16 | (u32)(minor))

struct diag_facts {
	u32 kernel;		/* KERNEL(); 0: unknown */
	u64 caps;		/* effective capabilities */
	bool can_bpf;		/* CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN */
	bool in_userns;		/* so that capabilities do not count */
	bool filtered;		/* a seccomp filter is active */
	bool charges_memlock;	/* BPF memory: kernels before 5.11 */
	u64 memlock;		/* RLIMIT_MEMLOCK, bytes */
	bool sysfs;		/* is mounted on /sys */
	bool btf_dir;		/* /sys/kernel/btf is there: this kernel has BTF */
	enum lockdown lockdown;
	char lsm[128];		/* "lockdown,capability,..."; empty when unknown */
	char exe[128];		/* the file to give capabilities to */
};

/* Needs no privilege; without /proc or /sys the rest is still true. */
void diag_facts_read(struct diag_facts *f);

#endif
