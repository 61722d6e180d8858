/* ui/report.h - the model as text: JSON lines, plain frames, benchmark and
 * doctor reports.  All write into an out; none computes a metric. */
#ifndef UI_REPORT_H
#define UI_REPORT_H

#include "proc/doctor.h"
#include "ui/json.h"
#include "ui/state.h"

/* What a report says beyond the model; constant over a run. */
struct report_host {
	char name[65], kernel[65], arch[65];
	const char *backend;	/* "walk" */
};

struct report_missing {
	const char *source, *why;
};

struct report {
	const struct model *model;
	const struct report_host *host;
	struct order *order;	/* the processes to list, in order */
	const struct order_spec *spec;	/* the cgroups to list in JSON; NULL: all */
	const struct column_list *columns;	/* NULL: the default set */
	const struct program_spec *programs;	/* which, how, in which order */
	const struct report_missing *missing;
	u32 nmissing;
	bool threads;			/* list threads too: the order holds them */
	bool ascii;			/* plain frames: nothing but ASCII */
};

/* Reads the names of the host and its kernel. */
void report_host_read(struct report_host *h, const char *backend);

/* Asks for what only asking tells (enum fact), and waits for it: what the filter
 * judges by of all rows, then what columns show of those it lets pass. */
void report_ask(struct names *names, const struct report *r, struct order *order,
		const struct ui_state *ui, u32 facts);

/* Both end with a flush; false once writing has failed, sink->err says why. */
bool report_json(struct sink *s, const struct report *r);	/* one line */
/* One frame, ended by an empty line: a reader knows then that it is complete.
 * Cut at width columns, 0: never. */
bool report_batch(struct sink *s, const struct report *r, u32 width);
/* One row of it, with its newline. */
void report_batch_row(struct sink *s, const struct report *r, const struct column_list *list,
		      const struct order_line *at);
/* Its field "programs", if the model has any. */
void report_json_programs(struct json *j, const struct program_spec *spec, const struct model *m);
/* And "cgroups". */
void report_json_groups(struct json *j, const struct report *r);
/* One column of one row, if it is known; pressure of the kinds in the mask. */
void report_json_field(struct json *j, enum column_id id, const struct model *m, const struct task_row *row);
void report_json_pressure(struct json *j, const struct pressure_raw p[static PRESSURE_KINDS], u32 kinds);
bool report_doctor(struct sink *s, const struct doctor *d);
/* Examines and reports; the exit status. */
int doctor_run(struct sink *s);

#endif
