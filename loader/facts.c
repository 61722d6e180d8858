/* loader/facts.c - what is true of this process and this kernel. */
#include "loader/facts.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Of Linux 5.8, include/uapi/linux/capability.h; newer than some headers. */
enum { CAP_NO_PERFMON = 38, CAP_NO_BPF = 39 };

/* PROC_USER_INIT_INO, include/linux/proc_ns.h. */
static const ino_t init_userns = 0xEFFFFFFDu;

static bool read_text(const char *path, char *buf, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, cap - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = 0;
	buf[strcspn(buf, "\n")] = 0;
	return n >= 0;
}

static u32 kernel_version(void)
{
	unsigned long major, minor;
	struct utsname u;
	char *end;

	if (uname(&u) < 0)
		return 0;
	major = strtoul(u.release, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return KERNEL(major, minor);
}

static void read_caps(struct diag_facts *f)
{
	struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct d[2] = {{0}, {0}};

	f->can_bpf = true;	/* do not blame what is not known */
	if (syscall(SYS_capget, &h, d) < 0)
		return;
	f->caps = (u64)d[1].effective << 32 | d[0].effective;
	f->can_bpf = f->caps >> CAP_SYS_ADMIN & 1 ||
		     (f->caps >> CAP_NO_BPF & 1 && f->caps >> CAP_NO_PERFMON & 1);
}

static enum lockdown read_lockdown(bool securityfs)
{
	static const struct {
		const char *word;
		enum lockdown means;
	} words[] = {
		{"[none]", LOCKDOWN_NONE},
		{"[integrity]", LOCKDOWN_INTEGRITY},
		{"[confidentiality]", LOCKDOWN_CONFIDENTIALITY},
	};
	char text[128];

	if (!securityfs)
		return LOCKDOWN_UNKNOWN;
	if (!read_text("/sys/kernel/security/lockdown", text, sizeof(text)))
		return access("/sys/kernel/security/lockdown", F_OK) ? LOCKDOWN_ABSENT
								      : LOCKDOWN_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(text, words[i].word))
			return words[i].means;
	return LOCKDOWN_UNKNOWN;
}

static bool is_mounted(const char *path, long magic)
{
	struct statfs s;

	return !statfs(path, &s) && (long)s.f_type == magic;
}

void diag_facts_read(struct diag_facts *f)
{
	struct rlimit lim = {0};
	struct stat st;
	bool securityfs = is_mounted("/sys/kernel/security", SECURITYFS_MAGIC);

	*f = (struct diag_facts){.kernel = kernel_version()};
	read_caps(f);
	f->in_userns = !stat("/proc/self/ns/user", &st) && st.st_ino != init_userns;
	f->filtered = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) > 0;
	f->charges_memlock = f->kernel && f->kernel < KERNEL(5, 11);
	if (!prlimit(0, RLIMIT_MEMLOCK, NULL, &lim))
		f->memlock = lim.rlim_cur;
	f->sysfs = is_mounted("/sys", SYSFS_MAGIC);
	f->btf_dir = !access("/sys/kernel/btf", F_OK);
	f->lockdown = read_lockdown(securityfs);
	if (securityfs)
		read_text("/sys/kernel/security/lsm", f->lsm, sizeof(f->lsm));
	/* cut: no path; not ended by readlink(2), but by the zeroes of *f */
	if (readlink("/proc/self/exe", f->exe, sizeof(f->exe)) < 1 || f->exe[sizeof(f->exe) - 1])
		snprintf(f->exe, sizeof(f->exe), "FILE");
}
