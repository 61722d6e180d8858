/* tests/unit/test_setup.c - the setup screen: keys and clicks, what they change,
 * and how it looks. */
#include "tests/unit/fake_model.h"
#include "tests/unit/golden.h"
#include "tests/unit/test.h"
#include "ui/header.h"
#include "ui/setup_impl.h"

enum { ROWS = 24, COLS = 80 };

static struct cell cells[200 * 500];
static struct ui_state ui;
static struct fake fake;

static struct frame frame(void)
{
	return (struct frame){.model = &fake.model, .order = &fake.order, .backend = "walk",
			      .now_ns = NSEC_PER_SEC, .frame_us = 412};
}

static struct surface draw(u32 rows, u32 cols)
{
	struct surface s = {cols, rows, cols, cells, false};
	struct frame f = frame();

	memset(cells, 0xff, sizeof(cells));
	view_draw(&s, &ui, &f);
	return s;
}

static void send(const struct event *ev)
{
	struct frame f = frame();

	view_event(&ui, &f, ev, ROWS, COLS);
	draw(ROWS, COLS);
}

static void key(u32 code)
{
	send(&(struct event){.kind = EVENT_KEY, .key = code});
}

static void click(u32 row, u32 col)
{
	send(&(struct event){.kind = EVENT_MOUSE, .button = MOUSE_LEFT, .row = row, .col = col});
}

/* Letters are keys; < > ^ v are arrows, 1 to 9 after '!' F1 to F9, $ Enter, % Esc. */
static void keys(const char *text)
{
	static const struct {
		char c;
		u32 key;
	} named[] = {
		{'<', KEY_LEFT}, {'>', KEY_RIGHT}, {'^', KEY_UP}, {'v', KEY_DOWN}, {'$', KEY_ENTER}, {'%', KEY_ESC},
	};

	for (; *text; text++) {
		u32 code = (u8)*text;

		for (u32 i = 0; i < ARRAY_LEN(named); i++)
			if (named[i].c == *text)
				code = named[i].key;
		if (*text == '!')
			code = KEY_F1 + (u32)(*++text - '1');
		key(code);
	}
}

static void start(const char *text)
{
	struct options o = {.sort = COL_CPU, .delay_ns = NSEC_PER_SEC};

	fake_init(&fake, 64);
	fake_server(&fake);
	ui_state_init(&ui, &o, 0);
	keys(text);
}

/* "AllCPUs Memory Swap|Tasks ...": as they stand in the settings. */
static const char *meters_now(void)
{
	static char text[512];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};

	for (u32 i = 0; i < HEADER_COLUMNS; i++) {
		if (i)
			out_char(&o, '|');
		for (u32 k = 0; k < ui.settings.meters[i].n; k++) {
			out_str(&o, k ? " " : "");
			out_str(&o, ui.settings.meters[i].meter[k].name);
		}
	}
	text[o.len] = 0;
	return text;
}

static const char *tabs_now(void)
{
	static char text[512];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};

	for (u32 i = 0; i < ui.settings.ntab; i++) {
		out_str(&o, i ? "|" : "");
		out_str(&o, i == ui.tab ? "*" : "");
		out_str(&o, ui.settings.tab[i].name);
	}
	text[o.len] = 0;
	return text;
}

static const char *columns_now(u32 tab)
{
	static char text[512];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};

	for (u32 i = 0; i < ui.settings.tab[tab].columns.n; i++) {
		out_str(&o, i ? " " : "");
		out_str(&o, columns[ui.settings.tab[tab].columns.id[i]].title);
	}
	text[o.len] = 0;
	return text;
}

static void looks(void)
{
	struct surface s;

	start("!2");
	s = draw(ROWS, COLS);
	golden_check("setup_display_80x24", &s);
	keys("v>");
	s = draw(ROWS, COLS);
	golden_check("setup_layout_80x24", &s);
	keys("<v>v$");
	s = draw(30, 120);
	golden_check("setup_meters_120x30", &s);
	s = draw(ROWS, COLS);
	golden_check("setup_meters_80x24", &s);
	s = draw(5, 20);
	golden_check("setup_meters_20x5", &s);
	keys("$<v>>");
	s = draw(ROWS, COLS);
	golden_check("setup_screens_80x24", &s);
	fake_free(&fake);
}

static void opening(void)
{
	static const u32 open[] = {KEY_F2, 'S', 'C'}, close[] = {KEY_F10, KEY_ESC, 'q'};

	for (u32 i = 0; i < 3; i++) {
		start("");
		key(open[i]);
		CHECK_EQ_ROW(i, ui.mode, MODE_SETUP);
		key(close[i]);
		CHECK_EQ_ROW(i, ui.mode, MODE_NORMAL);
		CHECK_ROW(i, !ui.quit);
		fake_free(&fake);
	}
}

static void options(void)
{
	start("!2>");
	CHECK(ui.settings.hide_user_threads && !ui.spec.threads);
	keys("v$");
	CHECK(!ui.settings.hide_user_threads && ui.spec.threads);
	keys("v ");
	CHECK(ui.spec.kernel);
	keys("v$v$v$");
	CHECK(ui.settings.hide_containers && !ui.settings.program_path && ui.settings.merged_command);
	/* numbers: more and less, and typed */
	key(KEY_HOME);
	keys("+");
	CHECK_EQ(ui.delay_ns, 1100ull * NSEC_PER_MSEC);
	keys("!7-");
	CHECK_EQ(ui.delay_ns, 900ull * NSEC_PER_MSEC);
	keys("250");
	CHECK_EQ(ui.mode, MODE_SETUP_TEXT);
	CHECK_EQ(ui.delay_ns, 900ull * NSEC_PER_MSEC);	/* not with every digit */
	keys("$");
	CHECK_EQ(ui.delay_ns, 250ull * NSEC_PER_MSEC);
	keys("77%");
	CHECK_EQ(ui.delay_ns, 250ull * NSEC_PER_MSEC);
	keys("1$");
	CHECK_EQ(ui.delay_ns, 10ull * NSEC_PER_MSEC);	/* the least */
	keys("$99999999999999999999999$");
	CHECK_EQ(ui.delay_ns, 3600000ull * NSEC_PER_MSEC);
	keys("$x$");
	CHECK_EQ(ui.mode, MODE_SETUP);
	CHECK_EQ(ui.delay_ns, 10ull * NSEC_PER_MSEC);
	CHECK_EQ(ui.settings.delay_ns, ui.delay_ns);
	fake_free(&fake);
}

/* What the keys of the table changed is what setup begins with. */
static void keys_before(void)
{
	start("HKt!2>");
	CHECK(!ui.settings.hide_user_threads && !ui.settings.hide_kernel_threads);
	CHECK(ui.settings.tab[0].tree);
	keys("v$");
	CHECK(!ui.spec.threads && ui.spec.kernel && ui.spec.tree);
	fake_free(&fake);
}

static void layouts(void)
{
	start("!2v>");
	CHECK(header_is_auto(&ui.settings));
	key(KEY_END);
	keys("$");
	CHECK_EQ(ui.settings.layout, LAYOUT_FOUR_25_25_25_25);
	CHECK_STR(meters_now(), "AllCPUs Memory Swap|Tasks LoadAverage Uptime Pressure Cost||");
	key(KEY_HOME);
	keys(" ");
	CHECK_EQ(ui.settings.layout, LAYOUT_ONE_100);
	CHECK_STR(meters_now(), "AllCPUs Memory Swap Tasks LoadAverage Uptime Pressure Cost|||");
	fake_free(&fake);
}

static void meters_moved(void)
{
	static const struct {
		const char *keys, *meters;
	} rows[] = {
		{"", "AllCPUs Memory Swap|Tasks LoadAverage Uptime Pressure Cost||"},
		{"!8", "Memory AllCPUs Swap|Tasks LoadAverage Uptime Pressure Cost||"},
		{"vv!7!7!7", "Swap AllCPUs Memory|Tasks LoadAverage Uptime Pressure Cost||"},
		{"v!6", "AllCPUs Swap|Tasks Memory LoadAverage Uptime Pressure Cost||"},
		{"v!6!5", "AllCPUs Memory Swap|Tasks LoadAverage Uptime Pressure Cost||"},
		{"v!5", "AllCPUs Memory Swap|Tasks LoadAverage Uptime Pressure Cost||"},
		{"!9!9", "Swap|Tasks LoadAverage Uptime Pressure Cost||"},
		{"!9!9!9!9", "|Tasks LoadAverage Uptime Pressure Cost||"},
		/* carried */
		{"$v>^$^", "Memory Swap|AllCPUs Tasks LoadAverage Uptime Pressure Cost||"},
		{"$vv$v", "Memory Swap AllCPUs|Tasks LoadAverage Uptime Pressure Cost||"},
		{"$>>>>$", "Memory Swap|AllCPUs Tasks LoadAverage Uptime Pressure Cost||"},
		/* added */
		{">>!5", "AllCPUs Memory Swap CPU|Tasks LoadAverage Uptime Pressure Cost||"},
		{">>v$", "AllCPUs Memory Swap|Tasks LoadAverage Uptime Pressure Cost AllCPUs||"},
		{">>r", "AllCPUs Memory Swap|Tasks LoadAverage Uptime Pressure Cost CPU||"},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		start("!2vv>");
		keys(rows[i].keys);
		CHECK_STR_ROW(i, meters_now(), rows[i].meters);
		fake_free(&fake);
	}
}

static void meter_styles(void)
{
	struct meter_setting *m = ui.settings.meters[0].meter;

	start("!2vv>v");
	keys(" ");
	CHECK_EQ(m[1].mode, METER_TEXT);
	keys("!4");
	CHECK_EQ(m[1].mode, METER_GRAPH);
	keys("tt");
	CHECK_EQ(m[1].mode, METER_BAR);
	/* a column that is full takes no more */
	keys(">>");
	for (u32 i = 0; i < 2 * SETTINGS_METERS; i++)
		keys("!5");
	CHECK_EQ(ui.settings.meters[0].n, SETTINGS_METERS);
	CHECK(strstr(ui.message, "no room"));
	fake_free(&fake);
}

/* Looking at the meters names none. */
static void only_looked(void)
{
	start("!2vv>v>v%");
	CHECK_EQ(ui.mode, MODE_NORMAL);
	CHECK(header_is_auto(&ui.settings));
	keys("!2vv>!4%");
	CHECK(!header_is_auto(&ui.settings));
	fake_free(&fake);
}

static void screens(void)
{
	start("!2vvv>");
	CHECK_STR(tabs_now(), "*Main|I/O");
	keys("!5Net$");
	CHECK_STR(tabs_now(), "*Main|Net|I/O");
	keys("!7");
	CHECK_STR(tabs_now(), "Net|*Main|I/O");
	CHECK_STR(columns_now(0), columns_now(1));
	keys("v!2");
	CHECK_EQ(ui.mode, MODE_SETUP_TEXT);
	key(KEY_CTRL('U'));
	keys("One$");
	CHECK_STR(tabs_now(), "Net|*One|I/O");
	keys("!2two%");
	CHECK_STR(tabs_now(), "Net|*One|I/O");
	keys("!9");
	CHECK_STR(tabs_now(), "Net|*I/O");
	keys("!9!9!9");
	CHECK_EQ(ui.settings.ntab, 1);
	/* as many as there is room for; a long name is cut between characters */
	for (u32 i = 0; i < 10; i++)
		keys("!5\xc3\xa9$");		/* two letters of two bytes */
	CHECK_EQ(ui.settings.ntab, SETTINGS_TABS);
	keys("!2");
	for (u32 i = 0; i < 20; i++)
		send(&(struct event){.kind = EVENT_KEY, .key = 0x20ac});
	keys("$");
	CHECK_EQ(strlen(ui.settings.tab[ui.setup.cursor[1]].name), 22);
	fake_free(&fake);
}

static void tab_columns(void)
{
	start("!2vvv>>");
	CHECK_STR(columns_now(0), "PID USER PRI NI VIRT RES PRIV S CPU% MEM% TIME+ Command");
	keys("v!9!9!8");
	CHECK_STR(columns_now(0), "PID VIRT NI RES PRIV S CPU% MEM% TIME+ Command");
	/* what is shown follows at once */
	CHECK_EQ(ui.columns.n, 10);
	CHECK_EQ(ui.columns.id[1], COL_VSIZE);
	keys(">v$");		/* before the cursor */
	CHECK_STR(columns_now(0), "PID VIRT PPID NI RES PRIV S CPU% MEM% TIME+ Command");
	keys("$");		/* no column twice */
	CHECK_EQ(ui.columns.n, 11);
	for (u32 i = 0; i < 20; i++)
		keys("<!9>");
	CHECK_EQ(ui.columns.n, 1);	/* the last one stays */
	/* of another tab: nothing on the screen changes */
	keys("<<v>!9");
	CHECK_EQ(ui.columns.n, 1);
	CHECK_STR(columns_now(1), "USER IO IO/s READ/s WRITE/s Command");
	fake_free(&fake);
}

static void themes(void)
{
	start("!2vvvv>");
	CHECK_EQ(ui.settings.theme, THEME_DEFAULT);
	ui.restyle = false;
	keys("v");
	CHECK_EQ(ui.settings.theme, THEME_DEFAULT + 1);		/* shown */
	CHECK(ui.restyle);
	keys("<");
	CHECK_EQ(ui.settings.theme, THEME_DEFAULT);		/* and not chosen */
	keys(">v$%");
	CHECK_EQ(ui.settings.theme, THEME_DEFAULT + 2);
	keys("!2vvvv>v%");
	CHECK_EQ(ui.settings.theme, THEME_DEFAULT + 2);
	fake_free(&fake);
}

static void mouse(void)
{
	start("!2");
	click(8, 2);			/* Meters: the third category */
	CHECK_EQ(ui.setup.category, SETUP_METERS);
	click(7, 20);			/* Memory */
	CHECK_EQ(ui.setup.focus, 1);
	CHECK_EQ(ui.setup.cursor[1], 1);
	CHECK(header_is_auto(&ui.settings) || ui.setup.settled);
	click(7, 20);
	CHECK_EQ(ui.settings.meters[0].meter[1].mode, METER_TEXT);
	click(6, 2);
	click(7, 30);			/* threads */
	CHECK(ui.settings.hide_user_threads);
	click(7, 30);
	CHECK(!ui.settings.hide_user_threads);
	click(22, 2);			/* nothing there */
	click(0, 0);
	send(&(struct event){.kind = EVENT_MOUSE, .button = MOUSE_WHEEL_DOWN});
	CHECK_EQ(ui.setup.cursor[1], 2);
	click(ROWS - 1, 40);
	fake_free(&fake);
}

/* Random keys at random sizes. */
static void shaken(void)
{
	static const char *const some[] = {
		"<", ">", "^", "v", "$", "!2", "!4", "!5", "!6", "!7", "!8", "!9", " ", "7", "v>", "<^", "%", "x",
	};
	u32 seed = 7;

	start("");
	for (u32 i = 0; i < 20000; i++) {
		struct event ev = {.kind = EVENT_MOUSE, .button = MOUSE_LEFT};
		struct panel panel[SETUP_PANELS];

		if (!setup_mode(&ui))
			key(KEY_F2);
		seed = seed * 1103515245 + 12345;
		keys(some[seed / 65536 % ARRAY_LEN(some)]);
		if (i % 50 == 0) {
			ev.row = seed / 256 % ROWS;
			ev.col = seed / 65536 % COLS;
			send(&ev);
			draw(1 + seed / 256 % 60, 1 + seed / 65536 % 200);
		}
		CHECK_ROW(i, ui.settings.ntab >= 1 && ui.settings.ntab <= SETTINGS_TABS);
		CHECK_ROW(i, ui.tab < ui.settings.ntab);
		CHECK_ROW(i, ui.settings.layout < LAYOUT_N);
		CHECK_ROW(i, ui.columns.n >= 1 && ui.columns.n <= COLUMNS_MAX);
		CHECK_ROW(i, ui.setup.focus < setup_panels(&ui, panel) || !setup_mode(&ui));
	}
	fake_free(&fake);
}

TESTS(setup,
	{"looks", looks}, {"opening", opening}, {"options", options}, {"keys_before", keys_before},
	{"layouts", layouts}, {"meters_moved", meters_moved}, {"meter_styles", meter_styles},
	{"only_looked", only_looked}, {"screens", screens}, {"tab_columns", tab_columns},
	{"themes", themes}, {"mouse", mouse}, {"shaken", shaken})
