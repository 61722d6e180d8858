/* tests/fuzz/fuzz_key.c - any bytes from a terminal, with pauses anywhere. */
#include "ui/key.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check(const struct key_parser *k, bool complete, const struct event *ev)
{
	require(k->n < KEY_PENDING);
	require(complete == (ev->kind != EVENT_NONE));
	if (ev->kind == EVENT_KEY)
		require(ev->key && ev->key <= KEY_UNKNOWN && (ev->key <= 0x10ffff || ev->key >= KEY_FIRST));
	if (ev->kind == EVENT_PASTE)
		require(ev->key <= 0x10ffff);
	if (ev->kind == EVENT_SIZE)
		require(ev->row && ev->col);
	require(ev->mods <= 7 && ev->button <= MOUSE_OTHER);
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct key_parser k = {0};
	struct event ev;

	for (size_t i = 0; i < n; i++) {
		bool complete;

		/* 0xfe stands for a pause: no terminal sends it */
		complete = p[i] == 0xfe ? key_timeout(&k, &ev) : key_feed(&k, p[i], &ev);
		check(&k, complete, &ev);
	}
	/* A pause, or two inside a paste, and the keys are back. */
	key_timeout(&k, &ev);
	if (k.pasting) {
		require(!key_feed(&k, KEY_ESC, &ev));
		require(key_timeout(&k, &ev) && ev.kind == EVENT_PASTE_END);
	}
	require(key_feed(&k, 'q', &ev) && ev.kind == EVENT_KEY && ev.key == 'q' && !ev.mods);
	return 0;
}
