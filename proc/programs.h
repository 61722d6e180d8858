/* proc/programs.h - every BPF program that is loaded: what it is, how often it
 * ran and for how long, where it hangs and who holds it.
 *
 * One read(2) has an iterator write all of them into mapped memory.  Where the
 * kernel's iterators cannot be had, four system calls a program do the same; no
 * descriptor is kept, as it would keep the program loaded.  While the source is
 * open, the kernel counts and times runs, which costs each run some ns. */
#ifndef PROC_PROGRAMS_H
#define PROC_PROGRAMS_H

#include "loader/object.h"
#include "probes/abi.h"

struct programs;	/* opaque */

enum program_via { VIA_FD, VIA_LINK, VIA_PIN };

/* Who keeps a program loaded. */
struct program_owner {
	u32 prog_id;
	u8 via;			/* enum program_via */
	bool self;		/* pitstop or a child of its */
	u32 pid;		/* 0 of a pin */
	char comm[TASK_COMM_LEN];
	const char *path;	/* of a pin, else NULL */
};

enum { PROGRAM_LINK_TEXT = 124 };

struct program_link {
	u32 prog_id, id, type;
	char text[PROGRAM_LINK_TEXT];	/* what it leads to: "sched_switch", "eth0"; may be empty */
};

/* One instant.  Sorted by id; owners and links by the program's. */
struct program_table {
	u64 mono_ns;
	u32 n;
	u32 stats_cost_ns;	/* what statistics add to a run, measured; 0: unknown */
	bool timed;		/* statistics were on since the table before, for all we know */
	struct prog_rec *rec;		/* [n] */
	u32 *slot;			/* [n], of the program's facts in more[] */
	const struct prog_more *more;
	const struct program_owner *owner;
	const struct program_link *link;
	u32 nowner, nlink;
	bool owners_known;	/* by descriptors; pins are known in any case */
};

/* 0, or -errno with the reason when no program can be seen. */
int programs_open(struct programs **out, struct diag *why) MUST_CHECK;
/* Statistics are as they were found again.  Takes NULL. */
void programs_close(struct programs *p);

/* Owners and links are up to 5 s old; a second when fresh, or when programs came
 * or went.  Older where looking at them takes more than 1 % of a CPU. */
int programs_sample(struct programs *p, bool fresh) MUST_CHECK;
const struct program_table *programs_cur(const struct programs *p);
const struct program_table *programs_prev(const struct programs *p);	/* NULL before the second */

/* What is missing and why: i from 0; NULL when there is no more. */
const char *programs_missing(const struct programs *p, u32 i);

/* The kernel's word for a type, NULL for one that is newer than this program. */
const char *program_type_name(u32 type);

/* Those of one program: the first, and how many. */
const struct program_owner *program_owners(const struct program_table *t, u32 prog_id, u32 *n);
const struct program_link *program_links(const struct program_table *t, u32 prog_id, u32 *n);

/* ---- model --------------------------------------------------------------- */

enum program_have {
	PROGRAM_HAVE_RATES = 1u << 0,
	PROGRAM_HAVE_AVERAGE = 1u << 1,	/* it ran in the window */
};

struct program_row {
	const struct prog_rec *rec;
	const struct prog_more *more;
	u32 have;
	bool own;		/* pitstop's */
	u64 runs, ns;		/* in the window; with PROGRAM_HAVE_RATES */
	u64 events_milli;	/* a second */
	u64 cpu_ppm;		/* of one CPU */
	u64 average_ns;		/* of a run in the window */
	u64 total_average_ns;	/* of all counted runs; 0: none was */
};

struct program_model {
	const struct program_table *table;	/* NULL: nobody asked for programs */
	u32 n, cap;
	struct program_row *row;		/* [n], by id */
	u64 events_milli, cpu_ppm;		/* of all whose rates are known */
	u32 own;
};

int program_model_reserve(struct program_model *m, u32 n) MUST_CHECK;
void program_model_free(struct program_model *m);
/* Pure.  prev may be NULL.  A counter that went backwards, and an id that
 * another program has now, make rates unknown. */
void program_model_step(struct program_model *m, const struct program_table *prev,
			const struct program_table *cur);

#endif
