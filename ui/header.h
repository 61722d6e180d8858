/* ui/header.h - the meters on top: which there are, and where they stand. */
#ifndef UI_HEADER_H
#define UI_HEADER_H

#include "ui/meter.h"

enum { HEADER_ITEMS = HEADER_COLUMNS * SETTINGS_METERS };

/* One meter of the header. */
struct header_item {
	const struct meter *meter;
	u32 cpu;		/* METER_ALL_CPUS: none in particular */
	u8 mode;		/* enum meter_mode */
	u8 column;
};

/* The meters that settings name, column by column, without the names that are
 * not known; how many. */
u32 header_items(const struct settings *s, u32 ncpu, struct header_item out[static HEADER_ITEMS]);

/* Whether no meter is named: then it is laid out for this machine. */
bool header_is_auto(const struct settings *s);
/* Names them, as they would be chosen: from then on they can be changed. */
void header_settle(struct settings *s, u32 ncpu);

/* SRC_BIT of all that they show. */
u32 header_sources(const struct settings *s);

/* How many rows of a screen it takes: at most a third of them where nobody has
 * said what it holds, else as many as leave something to the table. */
u32 header_rows(const struct settings *s, const struct model *m, u32 rows, u32 cols);

/* Draws into s, as many rows high as header_rows() said. */
void header_draw(struct surface *s, const struct settings *set, const struct frame *f);

#endif
