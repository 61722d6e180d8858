/* tests/unit/fake_model.h - a machine made up by a test: models without a
 * kernel, a clock or a file. */
#ifndef TESTS_UNIT_FAKE_MODEL_H
#define TESTS_UNIT_FAKE_MODEL_H

#include "proc/order.h"

enum { FAKE_CPUS = 512 };

struct fake {
	struct model model;
	struct task_table tasks;
	struct names *names;
	struct order order;
	struct cpu_model cpu[FAKE_CPUS];
};

struct fake_task {
	u32 pid, ppid, uid;
	char state;
	u32 cpu_centi;		/* hundredths of a per cent of one CPU */
	u32 rss_mib;
	s32 nice;
	const char *comm;
	const char *cmdline;	/* arguments with a blank between; NULL: none */
	bool kernel;
	u32 thread_of;		/* tgid of a thread, 0 */
};

/* Room for that many tasks, two CPUs, 16 GiB, everything known; aborts when
 * there is no memory. */
void fake_init(struct fake *f, u32 tasks);
void fake_free(struct fake *f);

void fake_cpus(struct fake *f, u32 n);

/* Its row is the next one.  start_boot_ns follows from the pid. */
struct task_row *fake_add(struct fake *f, const struct fake_task *t);

/* No task is left; a new instant begins: what is added is the next sample. */
void fake_step(struct fake *f);

/* A small server: a dozen processes of several users, threads, kernel threads. */
void fake_server(struct fake *f);

/* n processes with pids 10, 20, ... and as many hundredths of a per cent of a
 * CPU as there are lines above the end: sorted by CPU% they stand by pid. */
void fake_many(struct fake *f, u32 n);

/* Two snapshots and the model that follows from them.  Everything answered;
 * all else is zero and for the test to fill in. */
enum { WORLD_TASKS = 64, WORLD_CPUS = 8, WORLD_PAGE = 4096 };

#define WORLD_SOURCES	(SRC_BIT(SRC_N) - 1)

struct fake_world {
	struct snapshot snap[2];	/* at 10 s and at 12.5 s */
	struct task_table table[2];
	struct cpu_raw cpu[2][WORLD_CPUS];
	struct model m;
};

/* Aborts when there is no memory. */
void fake_world_open(struct fake_world *w);
void fake_world_close(struct fake_world *w);
void fake_world_step(struct fake_world *w);
/* when: which snapshot. */
void fake_world_add(struct fake_world *w, u32 when, const struct task *t);

#endif
