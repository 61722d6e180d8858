/* tests/unit/test_emergency.c - who stands on top in an emergency, which key means whom,
 * and that nothing of it stays. */
#include "proc/history.h"
#include "tests/unit/fake_model.h"
#include "tests/unit/golden.h"
#include "tests/unit/test.h"
#include "ui/emergency.h"

#include <errno.h>

#define MS	((u64)NSEC_PER_MSEC)
#define SEC	((u64)NSEC_PER_SEC)
#define MIB	((u64)1 << 20)

enum { ROWS = 24, COLS = 80, WIDE = 120 };

static struct cell cells[ROWS * WIDE];
static struct ui_state ui;
static struct fake fake;

static void start(void)
{
	struct options o = {.sort = COL_CPU, .sort_descending = true, .delay_ns = SEC, .filter = "post"};

	fake_init(&fake, 64);
	fake_server(&fake);
	ui_state_init(&ui, &o, 0);
}

static void draw(struct frame *f, u64 now_ns)
{
	struct surface s = {COLS, ROWS, COLS, cells, false};

	*f = (struct frame){.model = &fake.model, .order = &fake.order, .backend = "walk", .now_ns = now_ns};
	view_draw(&s, &ui, f);
}

static void press(struct frame *f, u32 key)
{
	struct event ev = {.kind = EVENT_KEY, .key = key};

	view_event(&ui, f, &ev, ROWS, COLS);
}

static u64 rank(const struct model *m, u32 pid)
{
	for (u32 i = 0; i < m->ntask; i++)
		if (m->row[i].t->pid == pid)
			return columns[COL_GROWTH].key(m, &m->row[i]);
	return 0;
}

/* 1 grows fast, 2 slowly, 3 is big, 4 shrinks, 5 is smaller, 6 is new and its cgroup grows. */
static void who_grows_is_on_top(void)
{
	static struct task_table table[2];
	struct snapshot snap[2] = {0};
	struct model m = {0};
	struct cgroups *cgroups;

	CHECK(!cgroups_new(&cgroups) && !task_table_init(&table[0], 8) && !task_table_init(&table[1], 8));
	CHECK(!model_reserve(&m, 8, 1));
	m.cgroups = cgroups;
	for (u64 i = 0; i < 10; i++) {
		const u64 rss[] = {0, 10 * MIB + i * 8 * MIB, 10 * MIB + i * 2 * MIB, 900 * MIB, 700 * MIB - i * MIB, 300 * MIB, 5 * MIB};
		struct task_table *t = &table[i % 2];

		history_want(&m.history, true, (struct task_id){0});
		task_table_reset(t);
		t->mono_ns = (i + 1) * SEC;
		for (u32 pid = 1; pid <= 6; pid++) {
			struct task x = {.pid = pid, .start_boot_ns = pid == 6 ? (100 + i) * SEC : pid, .have = TASK_HAVE_RSS,
					 .rss_bytes = rss[pid]};

			if (pid == 1 || pid == 6)
				cgroups_put(cgroups, &x, 9, BYTES_LIT("/bomb.service"));
			*task_table_add(t, pid) = x;
		}
		snap[i % 2] = (struct snapshot){.mono_ns = t->mono_ns, .boot_ns = (101 + i) * SEC,
						.have = SRC_BIT(SRC_TASKS), .tasks = t};
		model_step(&m, i ? &snap[(i + 1) % 2] : NULL, &snap[i % 2], 4096);
	}
	CHECK(rank(&m, 1) > rank(&m, 6) && rank(&m, 6) > rank(&m, 2));	/* what it has taken in its second */
	CHECK(rank(&m, 2) > rank(&m, 3) && rank(&m, 3) > rank(&m, 4) && rank(&m, 4) > rank(&m, 5));
	model_free(&m);
	task_table_free(&table[0]);
	task_table_free(&table[1]);
	cgroups_free(cgroups);
}

static void a_key_is_for_who_was_drawn(void)
{
	struct task_id first;
	struct frame f;

	start();
	draw(&f, SEC);
	press(&f, '!');
	draw(&f, 2 * SEC);
	first = ui.emergency.line[0].who;
	CHECK(first.pid);
	f.now_ns += 299 * MS;
	press(&f, '1');
	CHECK(ui.stop.wish == STOP_NOTHING && strstr(ui.message, "press it again"));
	f.now_ns += MS;
	press(&f, '0');
	CHECK(ui.stop.wish == STOP_NOTHING);
	press(&f, '1');
	CHECK(ui.stop.wish == STOP_FIRST_AID && ui.stop.nwho == 1);
	CHECK(ui.stop.who[0].pid == first.pid && ui.cursor.pid == first.pid);
	/* another in that line: its time begins anew */
	ui.stop.wish = STOP_NOTHING;
	ui.emergency.line[0].who.pid++;
	draw(&f, 9 * SEC);
	press(&f, '1');
	CHECK(ui.stop.wish == STOP_NOTHING);
	ui.emergency.line[0].who.start_boot_ns++;
	f.now_ns += SEC;
	press(&f, '1');
	CHECK(ui.stop.wish == STOP_NOTHING && strstr(ui.message, "nobody"));
	ui.read_only = true;
	draw(&f, 10 * SEC);
	f.now_ns += SEC;
	press(&f, 'f');
	CHECK(ui.stop.wish == STOP_NOTHING && strstr(ui.message, "--read-only"));
	fake_free(&fake);
}

/* Tags of before are not in sight: a thaw is of the one under the cursor. */
static void tags_wait(void)
{
	struct event thaw = {.kind = EVENT_KEY, .key = 'f', .mods = MOD_ALT};
	struct frame f;

	start();
	draw(&f, SEC);
	press(&f, ' ');
	CHECK_EQ(ui.tagged.n, 1);
	press(&f, '!');
	draw(&f, 2 * SEC);
	press(&f, KEY_DOWN);
	CHECK(ui.cursor.pid && !idset_has(&ui.tagged, ui.cursor));
	view_event(&ui, &f, &thaw, ROWS, COLS);
	CHECK(ui.stop.wish == STOP_AT_ONCE && ui.stop.nwho == 1 && ui.stop.who[0].pid == ui.cursor.pid);
	press(&f, KEY_ESC);
	CHECK_EQ(ui.tagged.n, 1);
	fake_free(&fake);
}

static void from_every_view_and_back(void)
{
	struct frame f;

	start();
	for (u32 v = 0; v < VIEWS; v++) {
		ui_state_view(&ui, (enum view)v);
		draw(&f, SEC);
		press(&f, '!');
		CHECK_ROW(v, ui.mode == MODE_EMERGENCY && ui.view == VIEW_PROCESSES);
		press(&f, KEY_ESC);
		CHECK_ROW(v, ui.view == (enum view)v && ui.mode == ui_state_home(&ui));
	}
	fake_free(&fake);
}

static void nothing_of_it_stays(void)
{
	static struct settings during, before;
	struct column_list columns_before;
	struct frame f;
	u32 shown;

	start();
	draw(&f, SEC);
	shown = fake.order.n;
	columns_before = ui.columns;
	ui_state_settings(&ui, &before);
	press(&f, '!');
	CHECK(ui.mode == MODE_EMERGENCY && ui.sort == COL_GROWTH && !ui.spec.filter[0]);
	CHECK(ui_state_needs(&ui) & SRC_BIT(SRC_PRESSURE) && ui_state_extra(&ui) & TASK_EXTRA_SWAP && ui_state_history(&ui));
	ui.delay_ns = 16 * MS;
	CHECK_EQ(ui_state_delay(&ui), 250 * MS);
	ui.delay_ns = 60 * SEC;
	CHECK_EQ(ui_state_delay(&ui), SEC);
	ui.delay_ns = SEC;
	draw(&f, 2 * SEC);
	CHECK(fake.order.n > shown);		/* the filter hides nobody */
	ui_state_settings(&ui, &during);
	CHECK(!memcmp(&before, &during, sizeof(before)));
	press(&f, KEY_ESC);
	draw(&f, 3 * SEC);
	CHECK(ui.mode == MODE_NORMAL && ui.sort == COL_CPU && !strcmp(ui.spec.filter, "post"));
	CHECK(!memcmp(&ui.columns, &columns_before, sizeof(columns_before)));
	CHECK_EQ(fake.order.n, shown);
	fake_free(&fake);
}

/* Memory and pressure as they are made up. */
static void the_screen(void)
{
	static const struct { u32 rows, cols; const char *golden; } row[] = {
		{24, 80, "emergency_80x24"}, {24, 120, "emergency_120x24"}, {5, 20, "emergency_20x5"},
	};
	struct resident ready = {.on = true, .locked = 11 << 20, .wanted = 12 << 20, .lock_err = -EPERM,
				 .oom_err = -EACCES, .oom_score_adj = 0};
	struct memory_model *m;
	struct frame f;

	start();
	draw(&f, SEC);
	m = &fake.model.memory;
	m->left = 4 << 20;
	m->total = 256 << 20;
	m->swap_total = 0;
	m->exhaustion_known = true;
	m->exhausted_in_ns = 3 * (u64)NSEC_PER_SEC;
	fake.model.have |= SRC_BIT(SRC_PRESSURE);
	fake.model.pressure[PRESSURE_MEMORY].some.avg_centi[0] = 3420;
	fake.model.pressure[PRESSURE_MEMORY].full.avg_centi[0] = 1200;
	fake.model.pressure[PRESSURE_IO].some.avg_centi[0] = 5;
	ui.ascii = true;
	press(&f, '!');
	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		struct surface s = {row[i].cols, row[i].rows, row[i].cols, cells, ui.ascii};

		f.resident = &ready;
		memset(cells, 0xff, sizeof(cells));
		view_draw(&s, &ui, &f);
		golden_check(row[i].golden, &s);
	}
	fake_free(&fake);
}

TESTS(emergency,
      {"the screen", the_screen},
      {"who grows is on top", who_grows_is_on_top},
      {"a key is for who was drawn", a_key_is_for_who_was_drawn},
      {"tags wait", tags_wait},
      {"from every view and back", from_every_view_and_back},
      {"nothing of it stays", nothing_of_it_stays})
