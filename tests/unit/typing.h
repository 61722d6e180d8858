/* tests/unit/typing.h - keys as a person types them into a screen of made-up
 * tasks: what the tests of keys share.  Its state is that of the file that
 * includes it. */
#ifndef TESTS_UNIT_TYPING_H
#define TESTS_UNIT_TYPING_H

#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"
#include "ui/keymap.h"
#include "ui/menu.h"

#define MAYBE_UNUSED	__attribute__((unused))

enum { ROWS = 24, COLS = 80, BODY = 6, BODY_ROWS = 17, TASKS = 40 };

static struct cell cells[ROWS * COLS];
static struct ui_state ui;
static struct fake fake;
MAYBE_UNUSED static struct inspect *list;
static u64 now_ns;

MAYBE_UNUSED static void start(void)
{
	struct options o = {.delay_ns = NSEC_PER_SEC, .programs = {.sort = PROG_COL_CPU, .descending = true}};

	now_ns = NSEC_PER_SEC;
	fake_init(&fake, 64);
	ui_state_init(&ui, &o, 0);
	ui.settings.show_tabs = false;	/* rows are counted without: test_tabs has it */
}

static struct frame frame(void)
{
	return (struct frame){.model = &fake.model, .order = &fake.order, .backend = "walk",
			      .now_ns = now_ns, .inspect = list};
}

MAYBE_UNUSED static void draw(void)
{
	struct surface s = {COLS, ROWS, COLS, cells, false};
	struct frame f = frame();

	view_draw(&s, &ui, &f);
}

MAYBE_UNUSED static bool send(struct event ev)
{
	struct frame f = frame();

	return view_event(&ui, &f, &ev, ROWS, COLS);
}

MAYBE_UNUSED static bool press(u32 key, u8 mods)
{
	return send((struct event){.kind = EVENT_KEY, .key = key, .mods = mods});
}

MAYBE_UNUSED static bool click(enum mouse_button button, u32 row, u32 col)
{
	return send((struct event){.kind = EVENT_MOUSE, .button = (u8)button, .row = row,
				   .col = col});
}

/* ---- a notation for keys: characters, <NAME> as the help calls it, and
 * {pasted text} ---- */

MAYBE_UNUSED static bool named(const char *name, size_t n, struct chord *out)
{
	for (u32 i = 0; i < keymap_n; i++) {
		for (u32 j = 0; j < CHORD_MAX && keymap[i].chord[j].key; j++) {
			char text[32];
			struct out o = {.buf = text, .cap = sizeof(text)};

			*out = keymap[i].chord[j];
			chord_write(&o, out);
			if (!out->prefix && o.len == n && !memcmp(text, name, n))
				return true;
		}
	}
	return false;
}

MAYBE_UNUSED static void paste(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		send((struct event){.kind = EVENT_PASTE, .key = (unsigned char)text[i]});
	send((struct event){.kind = EVENT_PASTE_END});
}

/* What the loop reads for a menu, as of two CPUs and a process that may use one. */
MAYBE_UNUSED static void look(void)
{
	struct deed *d = &ui.deed;

	if (!d->look)
		return;
	d->look = false;
	memset(&d->sched, 0, sizeof(d->sched));
	d->sched.online.bit[0] = 3;
	d->sched.cpus.bit[0] = 2;
	menu_open_sched(&ui);
}

MAYBE_UNUSED static void keys(long row, const char *text)
{
	while (*text) {
		const char *end = NULL;
		struct chord c;
		u32 key;

		if (*text == '<' || *text == '{')
			end = strchr(text, *text == '<' ? '>' : '}');
		if (end && *text == '{') {
			paste(text + 1, (size_t)(end - text - 1));
			text = end + 1;
		} else if (end) {
			bool known = named(text + 1, (size_t)(end - text - 1), &c);

			CHECK_ROW(row, known);
			press(c.key, c.mods);
			text = end + 1;
		} else {
			text += utf8_decode((struct bytes){(const unsigned char *)text,
							   strlen(text)}, &key);
			press(key, 0);
		}
		look();
		draw();
	}
}

MAYBE_UNUSED static void add(u32 pid, u32 cpu)
{
	fake_add(&fake, &(struct fake_task){.pid = pid, .cpu_centi = cpu, .comm = "task"});
}

MAYBE_UNUSED static void sample(const u32 *pid, u32 n)
{
	fake_step(&fake);
	for (u32 i = 0; i < n; i++)
		add(pid[i], 1000 - i);
	draw();
}

#endif
