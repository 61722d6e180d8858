/* tests/unit/test_keymap.c - what holds for the table of keys as a whole. */
#include "ui/keymap.h"
#include "tests/unit/test.h"

#include <string.h>

static void no_key_twice(void)
{
	for (u32 i = 0; i < keymap_n; i++) {
		const struct binding *b = &keymap[i];

		CHECK_ROW(i, b->modes && b->help && b->action && b->chord[0].key);
		for (u32 j = 0; j < CHORD_MAX * MODE_N; j++) {
			const struct chord *c = &b->chord[j / MODE_N];
			enum mode mode = (enum mode)(j % MODE_N);
			struct event ev = {.kind = EVENT_KEY, .key = chord_last(c),
					   .mods = c->mods};

			if (c->key && b->modes & MODE_BIT(mode))
				CHECK_ROW(i, keymap_find(mode, c->prefix, &ev) == b);
		}
	}
}

/* No text field has a plain character for a command. */
static void fields_take_all_text(void)
{
	for (u32 c = ' '; c < 0x7f; c++) {
		struct event ev = {.kind = EVENT_KEY, .key = c};

		for (enum mode m = MODE_SEARCH; m <= MODE_FILTER; m++)
			CHECK_ROW(c, !keymap_find(m, 0, &ev) && !keymap_prefix(m, &ev));
	}
}

static void manual(void)
{
	static char text[16384];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};

	keys_write_mdoc(&o);
	CHECK(!o.full);
	text[o.len] = 0;
	for (u32 i = 0; i < keymap_n; i++)
		CHECK_ROW(i, strstr(text, keymap[i].help));
}

TESTS(keymap, {"no_key_twice", no_key_twice}, {"fields_take_all_text", fields_take_all_text},
      {"manual", manual})
