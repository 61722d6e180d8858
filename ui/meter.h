/* ui/meter.h - a meter of the header: THE table of all there are, and how each
 * is drawn: as a bar, as text, as a graph of its history or in big digits. */
#ifndef UI_METER_H
#define UI_METER_H

#include "ui/view.h"

/* Writes along one row. */
struct pen {
	struct surface *s;
	u32 row, col;
};

void pen_str(struct pen *p, const char *text, enum style style);
void pen_out(struct pen *p, const struct out *text, enum style style);

/* One colour of a bar.  Its character is the second sign, for those without
 * colours. */
struct bar_part {
	u64 value;
	enum style style;
	char c;
};

struct bar {
	const char *label;	/* right-aligned in BAR_LABEL columns */
	const struct bar_part *part;
	u32 parts;
	u64 full;		/* value of a full bar; 0: unknown */
	const char *text;	/* at the right end, inside */
	enum style text_style;
};

enum { BAR_LABEL = 3, BAR_MIN = 12 };	/* BAR_MIN: room for "100.0%" and edges */

/* Over the full width of row 0 of s. */
void bar_draw(struct surface *s, const struct bar *b);

/* ---- the table ---- */

enum { METER_VALUES = 8, METER_ROOM = 128, METER_GRAPH_ROWS = 4, METER_LED_ROWS = 3 };

#define METER_BIT(mode)	(1u << (mode))

enum { METER_ALL_CPUS = UINT32_MAX };

/* What a meter reads from. */
struct meter_context {
	const struct frame *f;
	const struct settings *settings;
	u32 cpu;			/* METER_ALL_CPUS: all of them together */
	u32 cols;			/* that it has on the screen */
	bool ascii;
};

/* What there is to show of it now. */
struct reading {
	u64 value[METER_VALUES];	/* of meter_values[first ...] */
	u8 first, n;
	bool known;
	const char *why;		/* what stands there when it is not; NULL: N/A */
	u64 full;			/* what fills a bar and a graph; 0: nobody knows */
	u64 level;			/* for the graph; 0: the first value */
	struct out text;		/* in a bar, behind the caption, in big digits */
	char room[METER_ROOM];
};

enum meter_unit { UNIT_PPM, UNIT_BYTES, UNIT_RATE, UNIT_COUNT };

/* A part of a bar (c: what without colours tells it from its neighbours), and a
 * number of a text; with no c or no label it is only the other. */
struct meter_value {
	char label[8];
	char c;
	u8 style;
	u8 unit;			/* enum meter_unit */
};

extern const struct meter_value meter_values[];

/* Text stands in the row itself: a pointer would cost its relocation as well. */
struct meter {
	char name[SETTINGS_NAME];	/* as in htop's file and in config.yaml */
	char caption[16];
	char help[38];			/* for the setup screen */
	u8 modes;			/* METER_BIT of those it has */
	u8 own;				/* enum meter_mode: unless another is wished for */
	u8 rank;			/* who goes first where there is no room: the highest */
	u8 first, n;			/* of meter_values[] */
	u8 arg;				/* to read() */
	u32 sources;			/* SRC_BIT */
	void (*read)(const struct meter *m, const struct meter_context *c, struct reading *r);
};

extern const struct meter meters[];
extern const u32 meter_count;

/* A set of CPUs: which of them, in so many columns, as its row's arg says. */
enum cpu_half { CPU_HALF_NONE, CPU_HALF_ALL, CPU_HALF_LEFT, CPU_HALF_RIGHT };
enum { CPU_SET_COLS = 0xf };
#define CPU_SET(half, cols)	((half) << 4 | (cols))
enum cpu_half meter_cpu_half(const struct meter *m);	/* CPU_HALF_NONE: it is no set */

/* The meter of a setting's name, in any case; "CPU(3)" sets *cpu to 2, others to
 * METER_ALL_CPUS.  NULL: there is none. */
const struct meter *meter_find(const char *name, u32 *cpu);

/* The mode it has when that one is wished for: its own, where it lacks it. */
enum meter_mode meter_mode_of(const struct meter *m, u8 wish);

/* 1, METER_GRAPH_ROWS or METER_LED_ROWS. */
u32 meter_mode_rows(enum meter_mode mode);

/* Reads a meter.  The text ends with a NUL. */
void meter_read(const struct meter *m, const struct meter_context *c, struct reading *r);

/* Draws it over all of s; cols and ascii of c follow from s. */
void meter_draw(struct surface *s, const struct meter *m, const struct meter_context *c,
		enum meter_mode mode);

#endif
