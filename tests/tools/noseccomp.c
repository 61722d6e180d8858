/* tests/tools/noseccomp.c - runs a command for which bpf(2) is refused, as it
 * is in most containers: "noseccomp EPERM|ENOSYS|EINVAL CMD[,CMD]...|all COMMAND...".
 * With numbers (enum bpf_cmd) only those commands of bpf(2) are refused. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

enum { COMMANDS_MAX = 16, INSNS_MAX = COMMANDS_MAX + 6 };

static struct sock_filter insn[INSNS_MAX];
static unsigned short ninsn;

static void emit(uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	insn[ninsn++] = (struct sock_filter){code, jt, jf, k};
}

/* "all", or decimal numbers with commas between; how many, 0 for all. */
static unsigned parse_commands(const char *text, uint32_t *cmd)
{
	unsigned n = 0;
	char *end = NULL;

	if (!strcmp(text, "all"))
		return 0;
	while (n < COMMANDS_MAX) {
		cmd[n++] = (uint32_t)strtoul(text, &end, 10);
		if (*end != ',')
			break;
		text = end + 1;
	}
	return n;
}

static void build_filter(uint32_t error, const uint32_t *cmd, unsigned n)
{
	/* the low half of the first argument, on a little-endian machine */
	const uint32_t arg0 = offsetof(struct seccomp_data, args);

	emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
	emit(BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(n ? n + 1 : 1), SYS_bpf);
	if (n) {
		emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, arg0);
		for (unsigned i = 0; i < n; i++)
			emit(BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)(n - i), 0, cmd[i]);
		emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
	}
	emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | error);
	if (!n)
		emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
}

int main(int argc, char **argv)
{
	struct sock_fprog prog = {.filter = insn};
	uint32_t cmd[COMMANDS_MAX];
	unsigned n;

	if (argc < 4) {
		fprintf(stderr, "usage: noseccomp EPERM|ENOSYS|EINVAL CMD[,CMD]...|all COMMAND [ARG]...\n");
		return 2;
	}
	n = parse_commands(argv[2], cmd);
	build_filter(!strcmp(argv[1], "ENOSYS") ? ENOSYS : !strcmp(argv[1], "EINVAL") ? EINVAL : EPERM,
		     cmd, n);
	prog.len = ninsn;
	/* an ordinary user may install a filter only with this set */
	if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return 1;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0) < 0) {
		perror("noseccomp: install the filter");
		return 77;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
