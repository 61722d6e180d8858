/* tests/unit/test_ghosts.c - tasks that ended stay among the rows for a while. */
#include "proc/ghosts.h"
#include "proc/settle.h"
#include "tests/unit/test.h"

#include <stdio.h>

#define SEC	((u64)NSEC_PER_SEC)

static struct task_table table[2];
static struct snapshot snap[2];
static struct model model;
static struct names *names;
static u32 samples;

static void open_world(u64 linger_ns)
{
	CHECK(!task_table_init(&table[0], 16) && !task_table_init(&table[1], 16));
	CHECK(!model_reserve(&model, 16, 1));
	CHECK(!names_new(&names));
	model.names = names;
	model.linger_ns = linger_ns;
	names_linger(names, 5);
	samples = 0;
}

static void close_world(void)
{
	model_free(&model);
	names_free(names);
	task_table_free(&table[0]);
	task_table_free(&table[1]);
}

/* A sample at a second; each letter is a process (its pid), small ones are threads
 * of the last before.  Returns the rows, those that are gone behind a dash. */
static const char *sample(u64 second, const char *who, bool threads)
{
	static char rows[64];
	u32 at = samples++ % 2;
	struct task_table *t = &table[at];
	u32 process = 0;
	size_t n = 0;
	bool moved;

	task_table_reset(t);
	t->mono_ns = second * SEC;
	snap[at] = (struct snapshot){.mono_ns = t->mono_ns, .tasks = t,
				     .have = SRC_BIT(SRC_TASKS) | (threads ? SRC_BIT(SRC_THREADS) : 0)};
	for (; *who; who++) {
		struct task *task = task_table_add(t, (u32)*who);

		task->thread = *who >= 'a';
		process = task->thread ? process : task->pid;
		task->tgid = process;
		task->start_boot_ns = 1;
		task->at_ns = t->mono_ns;
		task->runtime_ns = second * SEC / 4;
	}
	CHECK(!settle_tasks(t, samples > 1 ? &table[!at] : NULL, names, &moved));
	model_step(&model, samples > 1 ? &snap[!at] : NULL, &snap[at], 4096);
	for (u32 i = 0; i < model.ntask; i++) {
		if (model.row[i].have & ROW_GONE)
			rows[n++] = '-';
		rows[n++] = (char)model.row[i].t->pid;
	}
	rows[n] = 0;
	return rows;
}

static void stay_and_go(void)
{
	open_world(3 * SEC);
	CHECK_STR(sample(10, "ABC", false), "ABC");
	CHECK_STR(sample(11, "BAC", false), "BAC");
	CHECK_STR(sample(12, "CA", false), "CA-B");
	CHECK(model.row[2].have & ROW_HAVE_CPU && model.row[2].cpu_ppm == PPM / 4);
	CHECK_STR(sample(13, "A", false), "A-B-C");
	CHECK_STR(sample(14, "AD", false), "AD-B-C");
	CHECK_STR(sample(15, "AD", false), "AD-C");
	CHECK_STR(sample(99, "AD", false), "AD");
	model.linger_ns = 0;
	CHECK_STR(sample(100, "A", false), "A");
	CHECK(!model.ghosts);
	close_world();
}

/* The pid is another's at once; and threads that nobody asks for any more live. */
static void not_mistaken(void)
{
	open_world(3 * SEC);
	sample(10, "AxyB", true);
	CHECK_STR(sample(11, "AyB", true), "AyB-x");
	CHECK_STR(sample(12, "AB", false), "AB-x");
	table[0].task[0].start_boot_ns = table[1].task[0].start_boot_ns = 0;
	CHECK_STR(sample(13, "AB", false), "AB-x-A");
	close_world();
}

/* Its name lives as long, and is never another's. */
static void names_linger_on(void)
{
	const struct name title = {.state = NAME_KNOWN, .cmdline = BYTES_LIT("it\0")};
	const struct name *n;
	u32 id;

	open_world(60 * SEC);
	sample(10, "AB", false);
	id = table[0].task[1].name;
	CHECK(!names_put(names, &table[0].task[1], &title));
	CHECK_STR(sample(11, "A", false), "A-B");
	n = model_name(&model, &model.row[1]);
	CHECK(n->cmdline.n == 3 && !memcmp(n->cmdline.p, "it", 3));
	for (u32 i = 12; i < 30; i++)
		sample(i, i < 20 ? "A" : "ACDEF", false);
	CHECK(id != TASK_NONE && !model_name(&model, &model.row[model.ntask - 1])->cmdline.n);
	close_world();
}

TESTS(ghosts,
	{"stay and go", stay_and_go}, {"not mistaken", not_mistaken},
	{"names linger on", names_linger_on})
