/* proc/textstore.c - strings that come and go, in two halves of memory. */
#include "proc/textstore.h"

#include <errno.h>
#include <sys/mman.h>

static char *map_room(size_t n)
{
	void *m = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return m == MAP_FAILED ? NULL : m;
}

int textstore_init(struct textstore *s, size_t cap)
{
	*s = (struct textstore){.half = {map_room(cap), map_room(cap)}, .cap = cap};
	if (s->half[0] && s->half[1])
		return 0;
	textstore_free(s);
	return -ENOMEM;
}

void textstore_free(struct textstore *s)
{
	for (u32 i = 0; i < 2; i++)
		if (s->half[i])
			munmap(s->half[i], s->cap);
	*s = (struct textstore){0};
}

void textstore_keep(struct textstore_move *m, struct bytes *text)
{
	if (!text->n)
		return;
	memcpy(m->to + m->len, text->p, text->n);
	text->p = (unsigned char *)m->to + m->len;
	m->len += text->n;
}

static size_t move_living(char *to, textstore_living_fn *living, void *arg)
{
	struct textstore_move m = {.to = to};

	living(arg, &m);
	return m.len;
}

/* Room for need more bytes: first by leaving the dead behind, and only when
 * that yields less than a quarter by larger halves. */
static int reserve(struct textstore *s, size_t need, textstore_living_fn *living, void *arg)
{
	struct textstore grown;
	size_t cap = s->cap;
	int err;

	if (s->cap - s->len >= need)
		return 0;
	s->len = move_living(s->half[!s->at], living, arg);
	s->at = !s->at;
	if (s->len + need <= cap - cap / 4)
		return 0;
	if (s->fixed)
		return s->cap - s->len >= need ? 0 : -ENOMEM;
	while (cap - cap / 4 < s->len + need)
		cap *= 2;
	err = textstore_init(&grown, cap);
	if (err)
		return s->cap - s->len >= need ? 0 : err;
	grown.len = move_living(grown.half[0], living, arg);
	textstore_free(s);
	*s = grown;
	return 0;
}

void textstore_set(struct textstore *s, struct bytes *to, struct bytes text,
		   textstore_living_fn *living, void *arg)
{
	char *at;

	to->n = 0;
	if (!text.n || reserve(s, text.n, living, arg))
		return;
	at = s->half[s->at] + s->len;
	memcpy(at, text.p, text.n);
	s->len += text.n;
	*to = (struct bytes){(unsigned char *)at, text.n};
}
