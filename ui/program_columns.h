/* ui/program_columns.h - the columns of the table of BPF programs: one row of
 * one table each, read by the screen and by plain frames. */
#ifndef UI_PROGRAM_COLUMNS_H
#define UI_PROGRAM_COLUMNS_H

#include "proc/filter.h"
#include "proc/model.h"
#include "ui/out.h"

enum program_column_id {
	PROG_COL_ID, PROG_COL_TYPE, PROG_COL_NAME, PROG_COL_EVENTS, PROG_COL_AVERAGE,
	PROG_COL_CPU, PROG_COL_TOTAL_AVERAGE, PROG_COL_MISSES, PROG_COL_MEMORY, PROG_COL_MAPS,
	PROG_COL_LOADED, PROG_COL_USER, PROG_COL_ATTACH, PROG_COL_OWNERS,
	PROG_COLS_SHOWN,	/* those before are shown unless others are asked for */
	PROG_COL_TAG = PROG_COLS_SHOWN, PROG_COL_RUNS, PROG_COL_TIME, PROG_COL_INSNS,
	PROG_COL_VERIFIED, PROG_COL_JITED,
	PROG_COLS
};

/* A row of the table, or with row NULL their sum. */
struct program_cell {
	const struct model *model;
	const struct program_row *row;
};

struct program_column {
	const char *name;	/* as in JSON where it is there, with its unit at the end */
	const char *title;
	const char *help;
	u8 width;		/* of words: what the screen gives them; the last take the rest */
	bool words;		/* at the left, foreign bytes; else a number, at the right */
	bool big_first;		/* sorted downwards unless told otherwise */
	/* Writes nothing where nothing is known. */
	void (*put)(struct out *o, const struct program_cell *c);
	u64 (*rank)(const struct program_cell *c);	/* NULL: sorted as words */
	u32 scale;		/* rank of what a person calls 1 */
};

extern const struct program_column program_columns[PROG_COLS];

/* By name, by name without its unit, by title, case ignored; PROG_COLS: none. */
u32 program_column_find(const char *name, size_t len);

/* Which programs are shown, how, and in which order. */
struct program_spec {
	u8 ncolumn, column[PROG_COLS];	/* 0: those shown by default */
	u8 sort;			/* enum program_column_id */
	bool descending;
	struct filter filter;
};

/* Fills model.programs.order with the rows that pass; returns how many. */
u32 program_order(const struct program_spec *spec, const struct model *m);
/* Whether its name, type, place or owners hold it: a|b either. */
bool program_match(const struct model *m, const struct program_row *r, const char *text);
/* The nth column of a spec, PROG_COLS past the last. */
u32 program_column_at(const struct program_spec *spec, u32 n);

extern const struct filter_fields program_fields;

/* Where it hangs: the function it was loaded for, or what its links lead to. */
void program_put_attach(struct out *o, const struct program_table *t, const struct program_row *r);
/* The kernel's word, or the number of a type that is newer than this program. */
void program_put_type(struct out *o, u32 type);
/* Its function by BTF, else its name, else its tag. */
void program_put_name(struct out *o, const struct program_row *r);
/* "comm(123)", or where its pin is. */
void program_put_owner(struct out *o, const struct program_owner *w);
/* What statistics add to a run: "+18 ns a run" as it was measured, else the ~20 ns
 * that the kernel's authors tell (commit 492ecee892c2). */
void program_put_cost(struct out *o, const struct program_table *t);
/* Sixteen digits. */
void program_put_tag(struct out *o, const struct program_row *r);

#endif
