/* tests/tools/switchcost.c - what the probe on context switches costs over an empty
 * program in its place: both are attached, the kernel times every run of each, and
 * two processes wake each other through pipes.  The probe's epoch counts on as often
 * as it does 60 frames a second.
 *
 * usage: switchcost EMPTY.bpf.o [SECONDS]
 * One line of JSON: {"empty_ns": a, "probe_ns": b, "over_ns": b - a, "switches": n} */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/object.h"
#include "proc/switches.h"

extern const unsigned char bpf_switches[], bpf_switches_end[];

enum { FRAME_MS = 16 };

static int fail(const char *what, const char *why)
{
	fprintf(stderr, "switchcost: %s: %s\n", what, why);
	return EXIT_FAILURE;
}

/* Hands a byte on until the other end is closed. */
static void pass_on(int from, int to)
{
	char c;

	while (read(from, &c, 1) == 1 && write(to, &c, 1) == 1)
		;
	_exit(0);
}

/* Two processes and one byte. */
static bool start_pair(pid_t pid[2])
{
	int a[2], b[2];

	if (pipe(a) || pipe(b) || write(a[1], "x", 1) != 1)
		return false;
	for (u32 i = 0; i < 2; i++) {
		pid[i] = fork();
		if (!pid[i])
			pass_on(i ? b[0] : a[0], i ? a[1] : b[1]);
	}
	return pid[0] > 0 && pid[1] > 0;
}

static int load(struct object **o, const char *name, struct bytes elf, const char *prog)
{
	struct diag why = {0};
	int err = object_open(o, name, elf, &why);

	if (!err)
		err = object_load(*o, &why);
	if (!err)
		err = object_attach(*o, prog, &why);
	return err < 0 ? fail(prog, *why.what ? why.what : strerror(-err)) : 0;
}

static bool read_object(const char *path, struct bytes *elf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p = MAP_FAILED;

	if (fd >= 0 && !fstat(fd, &st))
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	*elf = (struct bytes){p, p == MAP_FAILED ? 0 : (size_t)st.st_size};
	return elf->n;
}

/* As pitstop does: whoever ran is listed, and the list emptied. */
static u64 run(struct switches *s, u32 seconds)
{
	static struct task_ask ask;
	struct switch_reader reader = {.cpus = 1};
	u64 frames = 0;

	for (u32 ms = 0; ms < seconds * 1000; ms += FRAME_MS) {
		poll(NULL, 0, FRAME_MS);
		frames += switches_drain(s, &reader, &ask);
	}
	return frames;
}

static int report(const struct object *empty, const struct object *probe)
{
	u64 runs[2] = {0}, ns[2] = {0};
	double mean[2];

	(void)!bpf_prog_stats(object_prog(empty, "empty", NULL), &runs[0], &ns[0]);
	(void)!bpf_prog_stats(object_prog(probe, "switched", NULL), &runs[1], &ns[1]);
	if (!runs[0] || !runs[1])
		return fail("statistics", "no run was counted");
	for (u32 i = 0; i < 2; i++)
		mean[i] = (double)ns[i] / (double)runs[i];
	printf("{\"empty_ns\": %.1f, \"probe_ns\": %.1f, \"over_ns\": %.1f, \"switches\": %llu}\n",
	       mean[0], mean[1], mean[1] - mean[0], (unsigned long long)runs[1]);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct bytes probe_elf = {bpf_switches, (size_t)(bpf_switches_end - bpf_switches)}, elf;
	u32 seconds = argc > 2 ? (u32)strtoul(argv[2], NULL, 10) : 3;
	struct object *empty = NULL, *probe = NULL;
	int stats, status = EXIT_FAILURE;
	pid_t pid[2] = {0};
	struct switches *shared;

	if (argc < 2 || !read_object(argv[1], &elf))
		return fail("usage", "switchcost EMPTY.bpf.o [SECONDS]");
	if (load(&empty, "empty", elf, "empty") || load(&probe, "switches", probe_elf, "switched"))
		return EXIT_FAILURE;
	if (object_var(probe, "switches", sizeof(*shared), &shared))
		return fail("switches", "no such variable");
	stats = bpf_enable_stats();
	if (stats < 0)
		fail("statistics", strerror(-stats));
	else if (!start_pair(pid))
		fail("pipes", strerror(errno));
	else if (!run(shared, seconds))
		fail("frames", "none had everybody who ran");
	else
		status = report(empty, probe);
	for (u32 i = 0; i < 2; i++)
		if (pid[i] > 0)
			kill(pid[i], SIGKILL);
	return status;
}
