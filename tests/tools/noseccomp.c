/* tests/tools/noseccomp.c - runs a command for which bpf(2) is refused, as it
 * is in most containers:
 *
 *	noseccomp ERROR[+AFTER][*TIMES] all|CMD[,CMD]...|prog:NAME COMMAND [ARG]...
 *
 * ERROR is a name below or a number.  With numbers (enum bpf_cmd) only those
 * commands of bpf(2) are refused; with prog:NAME only the loading of programs
 * of that name, which a supervisor reads out of the caller (Linux 5.5).  AFTER,
 * TIMES, for prog: alone: the first so many go well, then so many do not. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

enum { COMMANDS_MAX = 16, INSNS_MAX = COMMANDS_MAX + 6, SKIP = 77, POLL_MS = 100 };

static struct sock_filter insn[INSNS_MAX];
static struct sock_fprog filter = {.filter = insn};

static void emit(uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	insn[filter.len++] = (struct sock_filter){code, jt, jf, k};
}

static unsigned long after, times = ULONG_MAX;

static uint32_t parse_error(const char *text)
{
	static const struct {
		const char *name;
		uint32_t number;
	} errors[] = {
		{"EPERM", EPERM}, {"ENOSYS", ENOSYS}, {"EAGAIN", EAGAIN}, {"EACCES", EACCES},
		{"EINVAL", EINVAL}, {"E2BIG", E2BIG}, {"ENOMEM", ENOMEM}, {"ENOTSUPP", 524},
		{"ENOENT", ENOENT}, {"EBUSY", EBUSY},
	};
	size_t len = strcspn(text, "+*");
	const char *plus = strchr(text, '+'), *star = strchr(text, '*');

	after = plus ? strtoul(plus + 1, NULL, 10) : 0;
	times = star ? strtoul(star + 1, NULL, 10) : ULONG_MAX;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strlen(errors[i].name) == len && !strncmp(text, errors[i].name, len))
			return errors[i].number;
	return (uint32_t)strtoul(text, NULL, 10);
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

static void build_filter(uint32_t action, const uint32_t *cmd, unsigned n)
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
	emit(BPF_RET | BPF_K, 0, 0, action);
	if (!n)
		emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
}

/* A descriptor to listen on if flags ask for one, 0 else; -1 with errno. */
static int install(unsigned flags)
{
	/* an ordinary user may install a filter only with this set */
	if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
}

static int run(char **command)
{
	execvp(command[0], command);
	perror(command[0]);
	return 127;
}

/* ---- refusing one program by name ---------------------------------------------- */

static bool loads(const struct seccomp_notif *call, const char *name)
{
	union bpf_attr attr = {0};
	struct iovec to = {&attr, sizeof(attr)};
	struct iovec from = {(void *)(uintptr_t)call->data.args[1], (size_t)call->data.args[2]};

	if (from.iov_len > sizeof(attr))
		from.iov_len = sizeof(attr);
	if (process_vm_readv((pid_t)call->pid, &to, 1, &from, 1, 0) < 0)
		return false;
	return !strncmp(attr.prog_name, name, sizeof(attr.prog_name));
}

static bool one_of_those(void)
{
	if (after) {
		after--;
		return false;
	}
	return times && times--;
}

static void answer(int listener, const char *name, uint32_t error)
{
	struct seccomp_notif call = {0};
	struct seccomp_notif_resp resp = {0};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
		return;		/* its caller has gone */
	resp.id = call.id;
	resp.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (loads(&call, name) && one_of_those()) {
		resp.flags = 0;
		resp.error = -(int32_t)error;
	}
	(void)!ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The command runs in a child that shares our descriptors until it executes;
 * that is how we get to its listener. */
static int supervise(const char *name, uint32_t error, char **command)
{
	static const uint32_t prog_load = BPF_PROG_LOAD;
	int ready[2], go[2], status, listener;
	pid_t child;

	build_filter(SECCOMP_RET_USER_NOTIF, &prog_load, 1);
	if (pipe(ready) || pipe(go))
		return SKIP;
	child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER);
		if (write(ready[1], &listener, sizeof(listener)) < 0 || listener < 0 ||
		    read(go[0], &status, 1) < 0)
			_exit(SKIP);
		syscall(SYS_unshare, CLONE_FILES);
		for (int i = 0; i < 2; i++) {
			close(ready[i]);
			close(go[i]);
		}
		_exit(run(command));
	}
	if (child < 0 || read(ready[0], &listener, sizeof(listener)) < 0 || listener < 0 ||
	    write(go[1], "", 1) < 0)
		return SKIP;
	while (waitpid(child, &status, WNOHANG) == 0) {
		struct pollfd p = {.fd = listener, .events = POLLIN};

		if (poll(&p, 1, POLL_MS) > 0 && p.revents & POLLIN)
			answer(listener, name, error);
	}
	return status_of(status);
}

int main(int argc, char **argv)
{
	uint32_t cmd[COMMANDS_MAX], error;

	if (argc < 4) {
		fprintf(stderr, "usage: noseccomp ERROR[+AFTER][*TIMES] all|CMD[,CMD]...|prog:NAME COMMAND [ARG]...\n");
		return 2;
	}
	error = parse_error(argv[1]);
	if (!strncmp(argv[2], "prog:", 5))
		return supervise(argv[2] + 5, error, argv + 3);
	build_filter(SECCOMP_RET_ERRNO | error, cmd, parse_commands(argv[2], cmd));
	if (install(0) < 0) {
		perror("noseccomp: install the filter");
		return SKIP;
	}
	return run(argv + 3);
}
