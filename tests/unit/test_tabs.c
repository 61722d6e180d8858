/* tests/unit/test_tabs.c - the line of tabs, and what each keeps of its own. */
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"
#include "ui/tabs.h"
#include "ui/view.h"

enum { ROWS = 24, COLS = 80 };

static struct cell cells[ROWS * COLS];
static struct ui_state ui;
static struct fake fake;

static void start(const struct options *o)
{
	if (fake.model.row)		/* the test before */
		fake_free(&fake);
	fake_init(&fake, 64);
	ui_state_init(&ui, o, 0);
	ui.views &= 1u << o->view;	/* others are offered, too */
}

static struct frame frame(void)
{
	return (struct frame){.model = &fake.model, .order = &fake.order, .backend = "walk",
			      .now_ns = NSEC_PER_SEC};
}

static void send(struct event ev)
{
	struct surface s = {COLS, ROWS, COLS, cells, false};
	struct frame f = frame();

	view_draw(&s, &ui, &f);
	view_event(&ui, &f, &ev, ROWS, COLS);
	view_draw(&s, &ui, &f);
}

static void press(u32 key)
{
	send((struct event){.kind = EVENT_KEY, .key = key});
}

static u32 tab_row(void)
{
	struct frame f = frame();
	struct layout at = view_layout(&ui, &f, ROWS, COLS);

	CHECK(at.tab_rows == 1);
	return at.header_rows;
}

static void test_each_its_own(void)
{
	struct options o = {.delay_ns = NSEC_PER_SEC};

	start(&o);
	CHECK(ui.tab == 0 && ui.sort == COL_CPU && ui.columns.n == columns_default.n);
	press('M');
	press(KEY_TAB);
	CHECK(ui.tab == 1 && ui.sort == COL_IO_RATE && ui.spec.descending && ui.resample);
	CHECK(ui.columns.id[2] == COL_IO_PRIORITY && !ui.spec.tree);
	press('t');
	press('T');
	CHECK(ui.spec.tree && ui.sort == COL_CPU_TIME);
	press(KEY_TAB);
	CHECK(ui.tab == 0 && ui.sort == COL_MEMORY && !ui.spec.tree);
	press(KEY_BACKTAB);
	CHECK(ui.tab == 1 && ui.spec.tree && ui.sort == COL_CPU_TIME);
	press('t');
	CHECK(!ui.spec.tree && ui.sort == COL_IO_RATE);
}

static void test_click(void)
{
	struct options o = {.delay_ns = NSEC_PER_SEC};

	start(&o);
	for (u32 col = 0; col < 20; col++) {
		u32 want = col >= 9 && col < 14 ? 1 : col >= 2 && col < 8 ? 0 : 1 - ui.tab;

		ui.tab = 1 - want;
		send((struct event){.kind = EVENT_MOUSE, .button = MOUSE_LEFT, .row = tab_row(), .col = col});
		CHECK_EQ_ROW(col, ui.tab, want == 1 - ui.tab ? ui.tab : want);
		CHECK_ROW(col, (tabs_at(&ui, col) == UINT32_MAX) == (col < 2 || col == 8 || col >= 14));
	}
}

/* A view that is offered has a tab behind those of the processes. */
static void test_views(void)
{
	struct options o = {.delay_ns = NSEC_PER_SEC, .view = VIEW_PROGRAMS};

	start(&o);
	CHECK(ui.view == VIEW_PROGRAMS && ui.mode == MODE_PROGRAMS && tab_row());
	CHECK(tabs_at(&ui, 15) == 2 && tabs_at(&ui, 24) == 2 && tabs_at(&ui, 25) == UINT32_MAX);
	press('9');
	CHECK(ui.view == VIEW_PROGRAMS);
	press('2');
	CHECK(ui.view == VIEW_PROCESSES && ui.mode == MODE_NORMAL && ui.tab == 1 && ui.resample);
	press(KEY_TAB);
	CHECK(ui.view == VIEW_PROGRAMS && ui.tab == 1);
	press(KEY_TAB);
	CHECK(ui.view == VIEW_PROCESSES && ui.tab == 0);
	press(KEY_BACKTAB);
	CHECK(ui.view == VIEW_PROGRAMS && ui.mode == MODE_PROGRAMS);
	send((struct event){.kind = EVENT_MOUSE, .button = MOUSE_LEFT, .row = tab_row(), .col = 10});
	CHECK(ui.view == VIEW_PROCESSES && ui.tab == 1);
	send((struct event){.kind = EVENT_MOUSE, .button = MOUSE_LEFT, .row = tab_row(), .col = 16});
	CHECK(ui.view == VIEW_PROGRAMS);
}

/* The command line is of the first tab, and wins over its settings. */
static void test_options_win(void)
{
	static struct settings s, now;
	struct options o = {.delay_ns = NSEC_PER_SEC, .settings = &s};

	settings_init(&s);
	s.tab[0].tree = true;
	s.tab[0].sort = (struct sort_choice){COL_PID, true};
	s.tab[0].tree_sort = (struct sort_choice){COL_RSS, true};
	s.delay_ns = 3 * (u64)NSEC_PER_SEC;
	s.hide_kernel_threads = false;
	start(&o);
	CHECK(ui.spec.tree && ui.sort == COL_RSS && ui.spec.kernel && !ui.spec.threads);
	CHECK(ui.delay_ns == s.delay_ns);
	ui_state_settings(&ui, &now);
	CHECK(now.tab[0].tree && now.tab[0].sort.column == COL_PID && now.tab[0].sort.descending);
	CHECK(now.tab[0].tree_sort.column == COL_RSS && !now.hide_kernel_threads);
	o.sort_set = true;
	o.sort = COL_NICE;
	start(&o);
	CHECK(!ui.spec.tree && ui.sort == COL_NICE);
	o.tree = o.delay_set = true;
	start(&o);
	CHECK(ui.spec.tree && ui.sort == COL_NICE && ui.delay_ns == NSEC_PER_SEC);
	s.show_function_bar = s.show_meters = false;
	o = (struct options){.delay_ns = NSEC_PER_SEC, .settings = &s};
	start(&o);
	CHECK(ui.no_header);
	press('H');
	ui_state_settings(&ui, &now);
	CHECK(!now.hide_user_threads && !now.show_meters);
}

TESTS(tabs, {"each_its_own", test_each_its_own}, {"click", test_click}, {"views", test_views},
      {"options_win", test_options_win})
