/* tests/unit/test_settings.c - every setting that is on or off does something:
 * from the start, when the setup screen changes it, and by its key, and what a
 * key changed is what a save writes. */
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"
#include "ui/view.h"

enum { ROWS = 30, COLS = 160, ME = 1000 };

static struct cell cells[2][ROWS * COLS];
static struct ui_state ui;
static struct fake fake;

static void start(struct settings *s)
{
	static struct options o;

	o = (struct options){.delay_ns = NSEC_PER_SEC, .settings = s};
	fake_init(&fake, 64);
	fake_server(&fake);
	ui_state_init(&ui, &o, ME);
}

static struct frame frame(void)
{
	return (struct frame){.model = &fake.model, .order = &fake.order, .backend = "walk",
			      .now_ns = NSEC_PER_SEC};
}

static void draw(u32 which)
{
	struct surface s = {COLS, ROWS, COLS, cells[which], false};
	struct frame f = frame();

	ui.order_stale = true;
	view_draw(&s, &ui, &f);
}

static bool same(void)
{
	return !memcmp(cells[0], cells[1], sizeof(cells[0]));
}

static void press(u32 key, u8 mods)
{
	struct event ev = {.kind = EVENT_KEY, .key = key, .mods = mods};
	struct frame f = frame();

	view_event(&ui, &f, &ev, ROWS, COLS);
}

#define ROW(member, ...)	{offsetof(struct settings, member), #member, __VA_ARGS__}

/* What a key does, and where the fake machine shows none of it. */
static const struct {
	size_t at;
	const char *name;
	u32 key;
	u8 mods;
	bool unseen;
} switches[] = {
	ROW(hide_user_threads, 'H', 0, false),
	ROW(hide_kernel_threads, 'K', 0, false),
	ROW(hide_containers, 'O', 0, false),
	ROW(program_path, 'p', 0, false),
	ROW(merged_command, 'm', 0, true),
	ROW(shadow_other_users, 0, 0, false),
	ROW(highlight_changes, 'c', MOD_ALT, true),
	ROW(follow_sticky, 0, 0, true),
	ROW(show_meters, '#', 0, false),
	ROW(detailed_cpu, 0, 0, false),
	ROW(cpus_from_one, 0, 0, false),
	ROW(show_tabs, 0, 0, false),
	ROW(show_function_bar, 0, 0, false),
	ROW(mouse, 0, 0, true),
	ROW(save_on_exit, 0, 0, true),
};

static void test_switches(void)
{
	static struct settings s, plain, now;
	u32 bools = 0;

	for (u32 i = 0; i < settings_count; i++)
		bools += settings_table[i].kind == SETTING_BOOL;
	CHECK_EQ(bools, ARRAY_LEN(switches));
	settings_init(&plain);
	for (u32 i = 0; i < ARRAY_LEN(switches); i++) {
		bool *flag = (bool *)((char *)&s + switches[i].at), to;

		start(&plain);
		draw(0);
		fake_free(&fake);
		s = plain;
		to = *flag = !*flag;
		start(&s);
		draw(1);
		CHECK_ROW(i, same() == switches[i].unseen);
		ui_state_settings(&ui, &now);
		CHECK_ROW(i, *(bool *)((char *)&now + switches[i].at) == to);
		fake_free(&fake);
		if (!switches[i].key)
			continue;
		start(&plain);
		draw(0);
		press(switches[i].key, switches[i].mods);
		ui.message_until_ns = 0;
		draw(0);
		CHECK_ROW(i, same());
		ui_state_settings(&ui, &now);
		CHECK_ROW(i, *(bool *)((char *)&now + switches[i].at) == to);
		fake_free(&fake);
	}
}

/* As the setup screen does it: it changes the settings and has them applied. */
static void test_live(void)
{
	static struct settings s, plain;

	settings_init(&plain);
	for (u32 i = 0; i < ARRAY_LEN(switches); i++) {
		bool *flag = (bool *)((char *)&s + switches[i].at);

		s = plain;
		*flag = !*flag;
		start(&s);
		draw(0);
		fake_free(&fake);
		start(&plain);
		draw(1);
		ui_state_settings(&ui, &ui.settings);
		ui.settings = s;
		ui_state_apply(&ui);
		draw(1);
		CHECK_ROW(i, same());
		fake_free(&fake);
	}
}

TESTS(settings, {"switches", test_switches}, {"live", test_live})
