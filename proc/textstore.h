/* proc/textstore.h - strings that come and go, in two halves of memory: when
 * one is full, those still in use move to the other.  In a steady state nothing
 * is allocated, whatever comes and goes. */
#ifndef PROC_TEXTSTORE_H
#define PROC_TEXTSTORE_H

#include "loader/base.h"

struct textstore {
	char *half[2];
	u32 at;			/* the half in use */
	size_t cap, len;	/* of one half */
	bool fixed;		/* it does not grow: what finds no room is left empty */
};

/* The place that living strings move to. */
struct textstore_move {
	char *to;
	size_t len;
};

/* Calls textstore_keep() for each string that is still in use. */
typedef void textstore_living_fn(void *arg, struct textstore_move *m);

int textstore_init(struct textstore *s, size_t cap) MUST_CHECK;
void textstore_free(struct textstore *s);	/* takes half-built ones */

/* Makes *to a copy of text; living strings may move for it, *to's old one is
 * given up.  Without memory *to is left empty. */
void textstore_set(struct textstore *s, struct bytes *to, struct bytes text,
		   textstore_living_fn *living, void *arg);

void textstore_keep(struct textstore_move *m, struct bytes *text);

#endif
