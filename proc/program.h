/* proc/program.h - BPF programs at one instant, and what follows from two. */
#ifndef PROC_PROGRAM_H
#define PROC_PROGRAM_H

#include "loader/base.h"

enum { PROGRAM_NAME = 16, PROGRAM_TAG = 8, PROGRAM_SYMBOL = 128, PROGRAM_MAPS = 64, PROGRAM_COMM = 16 };

/* What changes while it is loaded; as struct prog_rec of probes/abi.h. */
struct program_run {
	u32 id;
	u32 type;		/* enum bpf_prog_type */
	u64 loaded_boot_ns;	/* since boot; with id it is a program's identity */
	u64 run_cnt, run_ns;	/* of all CPUs; they stand still while statistics are off */
	u64 misses;		/* runs that recursion prevented */
};

/* Which one it is, also when its number is another's. */
struct program_id {
	u32 id;			/* 0: none */
	u64 loaded_boot_ns;
};

static inline struct program_id program_id(const struct program_run *r)
{
	return (struct program_id){r->id, r->loaded_boot_ns};
}

static inline bool program_same(struct program_id a, struct program_id b)
{
	return a.id == b.id && a.loaded_boot_ns == b.loaded_boot_ns;
}

/* What does not; as struct prog_more. */
struct program_facts {
	u32 id;
	u32 uid;		/* who loaded it, as the initial user namespace counts */
	u32 verified_insns;	/* 0: the kernel does not tell */
	u32 xlated_insns;
	u32 jited_bytes;	/* subprograms included */
	u32 pages;
	u32 nmap;		/* may be more than map[] holds */
	u32 pad;
	u8 tag[PROGRAM_TAG];
	char name[PROGRAM_NAME];
	char function[PROGRAM_SYMBOL];	/* by its own BTF; empty: it has none, or it is not known */
	char target[PROGRAM_SYMBOL];	/* function or tracepoint that it was loaded for */
	u32 map[PROGRAM_MAPS];
};

enum program_via { VIA_FD, VIA_LINK, VIA_PIN };

/* Who keeps a program loaded. */
struct program_owner {
	u32 prog_id;
	u8 via;			/* enum program_via */
	bool self;		/* pitstop or a child of its */
	u32 pid;		/* 0 of a pin */
	char comm[PROGRAM_COMM];
	const char *path;	/* of a pin, else NULL */
};

enum { PROGRAM_LINK_TEXT = 124 };

struct program_link {
	u32 prog_id, id, type;
	char text[PROGRAM_LINK_TEXT];	/* what it leads to: "sched_switch", "eth0"; may be empty */
};

/* A map of the program that is looked at closely. */
struct program_map {
	u32 id;
	u32 type;		/* enum bpf_map_type; 0: all that is known is its id */
	u32 key_bytes, value_bytes, entries;
	u64 memory_bytes;	/* 0: the kernel does not tell */
	char name[PROGRAM_NAME];
};

/* One instant.  Sorted by id; owners and links by the program's. */
struct program_table {
	u64 mono_ns, boot_ns;	/* CLOCK_MONOTONIC and CLOCK_BOOTTIME then */
	u32 n;
	u32 stats_cost_ns;	/* what statistics add to a run, measured; 0: unknown */
	bool timed;		/* statistics were on since the table before, for all we know */
	struct program_run *rec;		/* [n] */
	u32 *slot;			/* [n], of the program's facts in more[] */
	const struct program_facts *more;
	const struct program_owner *owner;
	const struct program_link *link;
	u32 nowner, nlink;
	bool owners_known;	/* by descriptors; pins are known in any case */
	u32 maps_of;		/* id of the program whose maps are known, 0: of none */
	const struct program_map *map;
	u32 nmap;
};

/* The kernel's word for a type, NULL for one that is newer than this program. */
const char *program_type_name(u32 type);
const char *program_map_type_name(u32 type);
const char *program_link_type_name(u32 type);

/* Those of one program: the first, and how many. */
const struct program_owner *program_owners(const struct program_table *t, u32 prog_id, u32 *n);
const struct program_link *program_links(const struct program_table *t, u32 prog_id, u32 *n);

/* ---- model --------------------------------------------------------------- */

enum program_have {
	PROGRAM_HAVE_RATES = 1u << 0,
	PROGRAM_HAVE_AVERAGE = 1u << 1,	/* it ran in the window */
};

struct program_row {
	const struct program_run *rec;
	const struct program_facts *more;
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
	u32 *order;				/* [cap], room for a view's choice of them */
	u64 events_milli, cpu_ppm;		/* of all whose rates are known */
	u32 own;
	const char *why;			/* what is missing of them, and why; NULL: nothing */
	bool keep;				/* samples gone by are wanted */
	struct program_history *history;	/* proc/program_history.h; NULL: none is kept */
};

/* Room for n rows; with 0 what is kept of programs is forgotten. */
int program_model_reserve(struct program_model *m, u32 n) MUST_CHECK;
void program_model_free(struct program_model *m);
/* Pure.  prev may be NULL.  A counter that went backwards, and an id that
 * another program has now, make rates unknown. */
void program_model_step(struct program_model *m, const struct program_table *prev,
			const struct program_table *cur);
/* The row of a program, NULL: it is not loaded. */
const struct program_row *program_row(const struct program_model *m, struct program_id who);

#endif
