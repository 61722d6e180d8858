/* tests/unit/fake_model.c - see tests/unit/fake_model.h. */
#include "tests/unit/fake_model.h"
#include "proc/users.h"

#include <stdlib.h>

enum { FAKE_NOBODY = 70001 };	/* from here on: uids that no passwd file names */

#define MIB	((u64)1 << 20)
#define GIB	((u64)1 << 30)

static void must(bool ok)
{
	if (!ok)
		abort();
}

void fake_init(struct fake *f, u32 tasks)
{
	struct model *m = &f->model;

	memset(f, 0, sizeof(*f));
	(void)!users_load();
	must(!task_table_init(&f->tasks, tasks));
	must(!names_new(&f->names));
	must(!order_reserve(&f->order, tasks));
	m->row = calloc(tasks, sizeof(*m->row));
	must(m->row);
	m->row_cap = tasks;
	m->cpu = f->cpu;
	m->cpu_cap = FAKE_CPUS;
	m->names = f->names;
	m->tasks = &f->tasks;
	m->have = SRC_BIT(SRC_N) - 1;
	m->window_ns = NSEC_PER_SEC;
	m->real_ns = 1795245600ull * NSEC_PER_SEC;
	m->boot_ns = (12 * 86400ull + 3 * 3600 + 14 * 60 + 7) * NSEC_PER_SEC;
	m->memory = (struct memory_model){
		.total = 16 * GIB, .used = 6 * GIB, .available = 10 * GIB, .free = 4 * GIB,
		.buffers = GIB / 2, .cached = 5 * GIB, .shmem = GIB,
		.swap_total = 8 * GIB, .swap_used = 2 * GIB, .known = true,
	};
	m->loadavg = (struct loadavg_raw){{192, 144, 98}, 3, 100};
	for (u32 i = 0; i < PRESSURE_KINDS; i++)
		m->pressure[i].some = (struct pressure_line){{310 * i, 0, 0}, 0, true};
	m->self = (struct self_model){.collect_us = 312, .cpu_ppm = 1200, .cpu_known = true};
	fake_cpus(f, 2);
}

void fake_free(struct fake *f)
{
	order_free(&f->order);
	names_free(f->names);
	task_table_free(&f->tasks);
	free(f->model.row);
	memset(f, 0, sizeof(*f));
}

void fake_cpus(struct fake *f, u32 n)
{
	static const u32 busy[CPU_SHARES] = {
		[SHARE_USER] = 300000, [SHARE_NICE] = 50000, [SHARE_SYSTEM] = 80000,
		[SHARE_IRQ] = 10000, [SHARE_SOFTIRQ] = 10000, [SHARE_STEAL] = 50000,
		[SHARE_IDLE] = 500000,
	};
	struct cpu_model cpu = {.online = true, .known = true};

	must(n <= FAKE_CPUS);
	memcpy(cpu.ppm, busy, sizeof(busy));
	for (u32 i = 0; i < n; i++) {
		f->cpu[i] = cpu;
		f->cpu[i].ppm[SHARE_USER] = 300000 - i * 300000 / n;
	}
	f->model.ncpu = f->model.ncpu_online = n;
	f->model.cpu_total = cpu;
}

static void put_name(struct fake *f, struct task *t, const char *cmdline)
{
	static char text[64 << 10];
	size_t n = strlen(cmdline) + 1;
	struct name name = {.state = NAME_KNOWN, .cmdline = {(unsigned char *)text, n}};

	must(n <= sizeof(text));
	memcpy(text, cmdline, n);
	for (size_t i = 0; i < n; i++)
		if (text[i] == ' ')
			text[i] = 0;
	must(!names_put(f->names, t, &name));
}

static void count(struct task_totals *n, const struct task *t)
{
	if (t->kernel)
		n->kernel_threads++;
	else
		n->threads++;
	if (!t->kernel && !t->thread)
		n->processes++;
	if (t->state == 'R')
		n->states.running++;
}

struct task_row *fake_add(struct fake *f, const struct fake_task *ft)
{
	struct model *m = &f->model;
	struct task_row *r = &m->row[m->ntask];
	struct task *t = task_table_add(&f->tasks, ft->pid);

	must(t);
	t->tgid = ft->thread_of ? ft->thread_of : ft->pid;
	t->ppid = ft->ppid;
	t->have = ft->kernel ? 0 : TASK_HAVE_RSS | TASK_HAVE_SHARED;
	t->start_boot_ns = ft->pid * (u64)NSEC_PER_SEC;
	t->runtime_ns = ft->pid * 1230000000ull;
	t->vsize_bytes = ft->rss_mib * 4 * MIB;
	t->rss_bytes = ft->rss_mib * MIB;
	t->shared_bytes = ft->rss_mib * MIB / 4;
	t->uid = ft->uid;
	t->threads = 1;
	t->nice = ft->nice;
	t->priority = 20 + ft->nice;
	t->state = ft->state ? ft->state : 'S';
	t->kernel = ft->kernel;
	t->thread = ft->thread_of;
	t->name = TASK_NONE;
	strncpy(t->comm, ft->comm, sizeof(t->comm) - 1);
	if (ft->cmdline)
		put_name(f, t, ft->cmdline);
	*r = (struct task_row){.t = t, .have = ROW_HAVE_CPU, .cpu_ppm = ft->cpu_centi * 100ull};
	r->mem_ppm = (u32)mul_div(t->rss_bytes, PPM, m->memory.total);
	count(&m->totals, t);
	m->ntask++;
	return r;
}

void fake_step(struct fake *f)
{
	task_table_reset(&f->tasks);
	f->model.ntask = 0;
	f->model.totals = (struct task_totals){.states.known = true};
	f->model.boot_ns += NSEC_PER_SEC;
	f->model.real_ns += NSEC_PER_SEC;
}

void fake_server(struct fake *f)
{
	static const struct fake_task server[] = {
		{1, 0, 0, 'S', 0, 12, 0, "init", "/sbin/init splash", false, 0},
		{2, 0, 0, 'S', 0, 0, 0, "kthreadd", NULL, true, 0},
		{15, 2, 0, 'I', 10, 0, 0, "kworker/0:1", NULL, true, 0},
		{410, 1, 0, 'S', 0, 30, 0, "sshd", "sshd: /usr/sbin/sshd -D", false, 0},
		{4100, 410, FAKE_NOBODY, 'S', 0, 5, 0, "bash", "-bash", false, 0},
		{4121, 4100, FAKE_NOBODY, 'R', 9870, 512, 5, "cc1", "cc1 -O2 main.c", false, 0},
		{4122, 4100, FAKE_NOBODY, 'D', 40, 2, 0, "dd", "dd if=/dev/sda of=disk.img",
		 false, 0},
		{900, 1, 70002, 'S', 3840, 1200, -5, "postgres", "postgres: writer", false, 0},
		{901, 1, 70002, 'S', 110, 1200, 0, "pg-io", NULL, false, 900},
		{950, 900, 70002, 'S', 120, 640, 0, "postgres", "postgres: checkpointer", false, 0},
		{1200, 1, 70003, 'T', 0, 77, 19, "python3", "/usr/bin/python3 /srv/app.py --port 80",
		 false, 0},
		{1300, 1, 0, 'Z', 0, 0, 0, "defunct", NULL, false, 0},
		{1400, 1, 0, 'S', 0, 3, 0, "\033[31mred",
		 "\033[31mr\xc3\xa9""d \xe6\x97\xa5\xe6\x9c\xac", false, 0},
	};

	fake_step(f);
	for (u32 i = 0; i < ARRAY_LEN(server); i++)
		fake_add(f, &server[i]);
}

void fake_many(struct fake *f, u32 n)
{
	fake_step(f);
	for (u32 i = 0; i < n; i++) {
		struct fake_task t = {.pid = 10 * (i + 1), .ppid = i ? 10 : 0,
				      .cpu_centi = 10 * (n - i), .rss_mib = 1 + i, .comm = "task"};

		fake_add(f, &t);
	}
}

void fake_world_open(struct fake_world *w)
{
	memset(w, 0, sizeof(*w));
	for (u32 i = 0; i < 2; i++) {
		must(!task_table_init(&w->table[i], WORLD_TASKS));
		w->snap[i].mono_ns = (10000 + i * 2500) * (u64)NSEC_PER_MSEC;
		w->table[i].mono_ns = w->snap[i].mono_ns;
		w->snap[i].tasks = &w->table[i];
		w->snap[i].cpu = w->cpu[i];
		w->snap[i].cpu_cap = WORLD_CPUS;
		w->snap[i].have = WORLD_SOURCES;
		w->snap[i].stat.total.online = true;
	}
	must(!model_reserve(&w->m, WORLD_TASKS, WORLD_CPUS));
}

void fake_world_close(struct fake_world *w)
{
	model_free(&w->m);
	task_table_free(&w->table[0]);
	task_table_free(&w->table[1]);
}

void fake_world_step(struct fake_world *w)
{
	model_step(&w->m, &w->snap[0], &w->snap[1], WORLD_PAGE);
}

void fake_world_add(struct fake_world *w, u32 when, const struct task *like)
{
	struct task *t = task_table_add(&w->table[when], like->pid);

	must(t);
	*t = *like;
}
