/* ui/options.h - the command line.  Every option is one row of one table, from
 * which --help, the manual and the completions are made. */
#ifndef UI_OPTIONS_H
#define UI_OPTIONS_H

#include "proc/source.h"
#include "ui/columns.h"
#include "ui/program_columns.h"

struct settings;

enum output { OUTPUT_SCREEN, OUTPUT_BATCH, OUTPUT_JSON, OUTPUT_BENCH, OUTPUT_DOCTOR,
	      OUTPUT_PROFILE, OUTPUT_STOP };
enum view { VIEW_PROCESSES, VIEW_CGROUPS, VIEW_PROGRAMS, VIEWS };
extern const char *const view_name[VIEWS];	/* "Processes": as on a tab; --view takes any case */
enum choice { CHOICE_AUTO, CHOICE_NEVER, CHOICE_ALWAYS };

enum { STOPS_MAX = 64 };

/* A target as it was written: proc/target.h. */
struct stop_order {
	const char *target;
	bool thaw;
};

struct options {
	enum output output;
	enum view view;
	bool output_set;	/* named on the command line */
	bool bench, json;	/* --bench --json: the figures as one object */
	u64 delay_ns;
	u32 walk_ppm;		/* --ludicrous: share of one CPU that walking all tasks may take; 0: without */
	u64 changes_ns;		/* who came or went so long ago is marked; 0: nobody */
	u32 iterations;		/* 0: endless */
	u32 bench_samples;
	u32 profile_s;
	bool tree, threads, kernel, ended, user_set, read_only, emergency, verbose, ascii, mouse, sort_set, sort_descending;
	u32 uid;
	u32 npid, pid[FILTER_PIDS];
	char filter[FILTER_TEXT];
	enum column_id sort;
	struct column_list columns;
	struct program_spec programs;	/* the same of the view of programs, its filter left out */
	bool columns_set;
	enum backend_id backend;	/* BACKEND_N: automatic */
	enum choice color;
	bool delay_set, no_meters, no_function_bar, save;
	u32 nstops;
	struct stop_order stop[STOPS_MAX];
	bool force;
	bool generate_config, import_htoprc;
	const char *config, *htoprc;	/* files named, or NULL */
	const struct settings *settings;	/* what they hold; NULL: the defaults */
};

/* What main() does next. */
enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG };

/* Room that every text below fits in. */
enum { OPTIONS_TEXT = 32768 };

/* OPTIONS_DONE: --help, --version, or a list was written to *out, exit 0.
 * OPTIONS_WRONG: *out holds the message for standard error, exit 2.
 * users_load() comes before: --user asks for names. */
enum options_result options_parse(struct options *o, int argc, char **argv, struct out *out);

/* The table in other forms, for the manual and the shells. */
void options_write_help(struct out *out);
void options_write_mdoc(struct out *out);	/* the OPTIONS section of pitstop.1 */
void options_write_bash(struct out *out);
void options_write_zsh(struct out *out);
void options_write_fish(struct out *out);

/* The table of columns, for "-c help" and for the manual. */
void options_write_columns(struct out *out);
void options_write_program_columns(struct out *out);	/* the same of the view of programs */
void options_write_columns_mdoc(struct out *out);
void options_write_program_columns_mdoc(struct out *out);

#endif
