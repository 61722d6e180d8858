/* tests/unit/test_columns_graph.c - graphs of the last samples in a cell. */
#include "proc/history.h"
#include "tests/unit/test.h"
#include "ui/columns_draw.h"

enum { COLS = 10 };

static struct task_table table[2];
static struct snapshot snap[2];
static struct model model;

static void open_world(void)
{
	CHECK(!task_table_init(&table[0], 4) && !task_table_init(&table[1], 4));
	CHECK(!model_reserve(&model, 4, 1));
	model.history = NULL;
	history_want(&model.history, true, (struct task_id){0});
}

static void close_world(void)
{
	model_free(&model);
	task_table_free(&table[0]);
	task_table_free(&table[1]);
}

/* One process that ran for so many ms of this second and has so many MiB. */
static void step(u32 at, u64 runtime_ms, u64 mib)
{
	struct task_table *t = &table[at % 2];
	struct task *task;

	task_table_reset(t);
	t->mono_ns = (at + 1) * (u64)NSEC_PER_SEC;
	task = task_table_add(t, 7);
	task->at_ns = t->mono_ns;
	task->have = TASK_HAVE_RSS;
	task->rss_bytes = mib << 20;
	task->runtime_ns = runtime_ms * NSEC_PER_MSEC;
	snap[at % 2] = (struct snapshot){.mono_ns = t->mono_ns, .have = SRC_BIT(SRC_TASKS), .tasks = t};
	model_step(&model, at ? &snap[!(at % 2)] : NULL, &snap[at % 2], 4096);
}

static const char *drawn(enum column_id id, bool ascii)
{
	static char text[COLS * GLYPH_BYTES + 1];
	struct cell cells[COLS];
	struct cell_context context = {.model = &model};
	struct surface s = {COLS, 1, COLS, cells, ascii};
	size_t n = 0;

	surface_clear(&s, STYLE_TEXT);
	columns[id].draw(&s, &context, &model.row[0]);
	for (u32 i = 0; i < COLS; i++) {
		memcpy(text + n, cells[i].utf8, cells[i].len);
		n += cells[i].len;
	}
	text[n] = 0;
	return text;
}

/* First sight is unknown; then 0, 1/1000, 1/4, 1/2, 3/4 and all of a CPU. */
static void cpu(void)
{
	static const u32 ms[] = {500, 500, 501, 751, 1251, 2001, 3001};

	open_world();
	for (u32 i = 0; i < ARRAY_LEN(ms); i++)
		step(i, ms[i], 1);
	CHECK_STR(drawn(COL_CPU_HISTORY, false), "       ⢀⣠⣾");
	CHECK_STR(drawn(COL_CPU_HISTORY, true), "       .:#");
	/* three CPUs: the most there was is full height */
	step(ARRAY_LEN(ms), 6001, 1);
	CHECK_STR(drawn(COL_CPU_HISTORY, true), "       ..#");
	close_world();
}

static void memory(void)
{
	open_world();
	for (u32 i = 0; i < 6; i++)
		step(i, 0, 100);
	CHECK_STR(drawn(COL_RSS_HISTORY, true), "       ...");
	CHECK_STR(drawn(COL_RSS_HISTORY, false), "       ⣀⣀⣀");
	step(6, 0, 110);
	step(7, 0, 120);
	CHECK_STR(drawn(COL_RSS_HISTORY, true), "      ...#");
	for (u32 i = 8; i < 60; i++)
		step(i, 0, 120);
	CHECK_STR(drawn(COL_RSS_HISTORY, true), "..........");
	close_world();
}

static void nothing_kept(void)
{
	open_world();
	history_want(&model.history, false, (struct task_id){0});
	step(0, 0, 1);
	CHECK_STR(drawn(COL_RSS_HISTORY, true), "          ");
	close_world();
}

TESTS(columns_graph, {"cpu", cpu}, {"memory", memory}, {"nothing kept", nothing_kept})
