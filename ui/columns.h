/* ui/columns.h - every column of the process table, in one place.  A row is
 * the screen's heading and cell, the JSON field, the sort order and the help. */
#ifndef UI_COLUMNS_H
#define UI_COLUMNS_H

#include "proc/order.h"
#include "ui/cells.h"
#include "ui/sink.h"

enum column_id {
	COL_PID, COL_PPID, COL_UID, COL_USER, COL_COMM, COL_CMDLINE, COL_EXE, COL_STATE, COL_KERNEL,
	COL_CPU, COL_CPU_TIME, COL_USER_TIME, COL_SYSTEM_TIME, COL_THREADS, COL_PRIORITY, COL_NICE,
	COL_LAST_CPU, COL_START_TIME, COL_VSIZE, COL_RSS, COL_SHARED, COL_PRIVATE, COL_SWAP, COL_MEMORY,
	COL_MINOR_FAULTS, COL_MAJOR_FAULTS, COL_FAULTS, COL_VOLUNTARY, COL_INVOLUNTARY,
	COL_READ, COL_WRITE, COL_READ_RATE, COL_WRITE_RATE, COL_TTY, COL_CGROUP_ID, COL_OOM,
	COL_TGID, COL_CPU_OF_ALL, COL_ELAPSED, COL_SWITCHES, COL_IO_RATE, COL_PSS, COL_USS, COL_SWAP_PSS,
	COL_FILES, COL_OOM_SCORE, COL_GPU_TIME, COL_GPU, COL_CWD, COL_LABEL, COL_WCHAN, COL_AUTOGROUP,
	COL_AUTOGROUP_NICE, COL_CPU_HISTORY, COL_RSS_HISTORY,
	COL_PGRP, COL_SESSION, COL_TPGID, COL_CMINFLT, COL_CMAJFLT, COL_CUTIME, COL_CSTIME,
	COL_CODE, COL_DATA, COL_RCHAR, COL_WCHAR, COL_SYSCR, COL_SYSCW, COL_CNCLWB,
	COL_CGROUP, COL_CCGROUP, COL_UNIT, COL_CONTAINER, COL_IN_CONTAINER, COL_FROZEN,
	COL_POLICY, COL_IO_PRIORITY, COL_GROWTH, COL_GROUP_GROWTH,
	/* of cgroups alone: column_of_group() */
	COL_PATH, COL_PROCESSES, COL_THROTTLED, COL_THROTTLES, COL_GROUP_MEMORY, COL_GROUP_HIGH, COL_GROUP_MAX,
	COL_GROUP_SWAP, COL_GROUP_SWAP_MAX, COL_OOM_KILLS, COL_PIDS, COL_PIDS_MAX, COL_CPU_PRESSURE,
	COL_MEMORY_PRESSURE, COL_IO_PRESSURE, COL_CPU_WEIGHT, COL_CPU_MAX, COL_IO_WEIGHT,
	COL_N
};

/* How people want their rows; nothing set: as htop starts. */
struct row_look {
	bool no_path;		/* programs without the folder they are in */
	bool merged;		/* executable, name and arguments in one */
	bool shadow;		/* rows of other users are dim */
	u64 changes_ns;		/* who came or went so long ago is marked; 0: nobody */
};

/* What a cell needs beyond its row. */
struct cell_context {
	const struct model *model;
	const struct order_line *line;	/* tree position; NULL outside a tree */
	u32 own_uid;			/* other users' names are dim */
	u32 scroll;			/* columns to skip at the left of the last column's text */
	bool selected;			/* the row's own style wins over the cells' */
	struct row_look look;
};

struct column {
	char name[24];		/* JSON field; --columns and --sort take it */
	char title[12];		/* on the screen; they take it too, in any case */
	const char *help;	/* one line, with the unit */
	char htop[20];		/* htop's name where it is neither; they take it too */
	u8 width;		/* columns on the screen; 0: all that is left */
	bool left;		/* left-aligned */
	bool big_first;		/* first press sorts downwards */
	bool in_json;		/* part of JSON that did not ask for columns: costs nothing extra */
	u32 facts;		/* enum fact: read for it, of rows on the screen */
	bool history;		/* shows the last samples: they are kept while it is shown */
	u32 extra;		/* enum task_extra: what the backend must read for it */
	order_key_fn *key;	/* exactly one of key and text */
	order_text_fn *text;
	/* Draws into s, a rectangle one row high and as wide as the column. */
	void (*draw)(struct surface *s, const struct cell_context *c, const struct task_row *r);
	/* Writes the JSON value; false and nothing written when it is unknown. */
	bool (*json)(struct sink *s, const struct model *m, const struct task_row *r);
};

extern const struct column columns[COL_N];

/* By JSON name, screen title or htop's name, ASCII case ignored; "%" and "+" at
 * the end of a title may be left out (cpu, mem, time), and the unit at the end
 * of a field (rss, shared).  COL_N if there is none. */
enum column_id column_find(const char *name, size_t len);

/* htop's default screen. */
enum { COLUMNS_MAX = COL_N };
struct column_list {
	u8 n;
	u8 id[COLUMNS_MAX];	/* enum column_id */
};
extern const struct column_list columns_default;
extern const struct column_list columns_groups;	/* of the view of cgroups */

/* Whether a cgroup's row has a value there. */
bool column_of_group(u32 id);
/* Its path, on a line below another in the tree the last part of it. */
struct bytes column_group_name(const struct model *m, const struct task_row *r, const struct order_line *l);

/* The branches before a command in a tree, at most COLUMN_BRANCHES bytes. */
enum { COLUMN_BRANCHES = 128 * 7 };
size_t column_branches(char out[static COLUMN_BRANCHES], const struct order_line *l, bool ascii);

/* What stands for a command that has ended, so many times: "<awk> x400 of sh 17". */
enum { COLUMN_ENDED = 128 };
size_t column_ended(char out[static COLUMN_ENDED], const struct model *m, const struct task *t);

/* Sum of columns[].extra over a list. */
u32 columns_extra(const struct column_list *l);
/* And of columns[].facts. */
u32 columns_facts(const struct column_list *l);

/* Whether the file of a process is gone; cuts off the words that say so. */
bool exe_deleted(struct bytes *exe);

#endif
