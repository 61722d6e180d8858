/* tests/unit/own.c - processes that a test has started itself. */
#include "tests/unit/own.h"

#include <stdio.h>
#include <unistd.h>

#include "proc/pidfiles.h"
#include "proc/procfile.h"
#include "tests/unit/test.h"

struct task_id id_of(pid_t pid)
{
	const struct proc_units units = {.page_size = 4096, .ticks_per_s = (u32)sysconf(_SC_CLK_TCK)};
	char path[64], buf[1024];
	struct bytes text;
	struct task t = {0};

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	CHECK_EQ(procfile_read_at(-1, path, buf, sizeof(buf), &text), 0);
	CHECK_EQ(pid_stat_parse(&t, text, &units), 0);
	return (struct task_id){(u32)pid, t.start_boot_ns};
}
