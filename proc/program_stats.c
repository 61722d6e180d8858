/* proc/program_stats.c - see proc/program_stats.h. */
#include "proc/program_stats.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/inventory.h"
#include "proc/helper.h"
#include "proc/procfile.h"

static int put(const char *path, char c)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = fd < 0 || write(fd, &c, 1) != 1 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

/* What ends its parent must not end it; the end of the connection does. */
static void watch(int fd, pid_t parent, const char *sysctl)
{
	int err;
	char c;

	fd = helper_settle(fd, parent, "pitstop-stats");
	prctl(PR_SET_PDEATHSIG, 0);
	setsid();
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_IGN);
	err = put(sysctl, '1');
	if (!err && write(fd, "", 1) == 1)
		(void)!read(fd, &c, 1);
	if (!err)
		put(sysctl, '0');
	_exit(0);
}

int program_stats_hold_sysctl(struct program_stats *s, const char *sysctl)
{
	struct pollfd p = {.events = POLLIN};
	pid_t self = getpid();
	struct bytes text;
	char buf[16], c;
	int err = procfile_read_at(-1, sysctl, buf, sizeof(buf), &text);

	*s = (struct program_stats){.fd = -1};
	if (err || (text.n && *text.p == '1'))
		return err;
	s->child = helper_fork(&s->fd);
	if (s->child == 0)
		watch(s->fd, self, sysctl);
	if (s->child < 0) {
		err = s->child;
		*s = (struct program_stats){.fd = -1};
		return err;
	}
	p.fd = s->fd;
	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	if (read(s->fd, &c, 1) == 1)
		return 0;
	program_stats_release(s);
	return -EPERM;
}

/* The least of some means, as interrupts only add; 0: it could not be had. */
static u32 time_of_a_run(int prog)
{
	enum { TRIES = 5, RUNS = 4000 };
	u32 least = UINT32_MAX, ns;

	for (int i = 0; i < TRIES; i++) {
		if (bpf_prog_time(prog, RUNS, &ns))
			return 0;
		least = MIN(least, ns);
	}
	return least;
}

/* A program that does nothing. */
static int load_nothing(void)
{
	static const struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(&(struct bpf_prog_args){
		.name = "nothing", .license = "GPL", .type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insn = nothing, .ninsn = ARRAY_LEN(nothing), .btf_fd = -1,
	});
}

int program_stats_hold(struct program_stats *s, const char *sysctl)
{
	int prog = load_nothing(), err = 0;
	u32 without = time_of_a_run(prog), with;

	*s = (struct program_stats){.fd = inventory_enable_stats()};
	/* whoever may not may still find them on */
	if (s->fd < 0)
		err = program_stats_hold_sysctl(s, sysctl);
	with = err ? 0 : time_of_a_run(prog);
	if (without && with > without)
		s->cost_ns = with - without;
	if (prog >= 0)
		close(prog);
	return err;
}

void program_stats_release(struct program_stats *s)
{
	if (s->fd >= 0)
		close(s->fd);
	while (s->child > 0 && waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
		;
	*s = (struct program_stats){.fd = -1};
}
