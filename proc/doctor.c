/* proc/doctor.c - tries every source and says how it went. */
#include "proc/doctor_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "loader/diag.h"
#include "probes/abi.h"
#include "proc/between.h"
#include "proc/exits_bpf.h"
#include "proc/reader.h"
#include "proc/system.h"

enum {
	TASKS_ROOM = 65536,
	LOG_LINES = 3,
};

struct doctor_line *doctor_say(struct doctor *d, enum verdict v, const char *what, const char *fmt, ...)
{
	static struct doctor_line spare;
	struct doctor_line *l = d->n < DOCTOR_LINES ? &d->line[d->n++] : &spare;
	va_list ap;

	*l = (struct doctor_line){.verdict = v};
	snprintf(l->what, sizeof(l->what), "%s", what);
	va_start(ap, fmt);
	vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
	return l;
}

static void say_missing(struct doctor *d, const char *what, const struct diag *why, const char *instead)
{
	struct doctor_line *l = doctor_say(d, VERDICT_MISSING, what, "%s%s", why->what, instead);
	struct bytes log = diag_last_lines(why, LOG_LINES);

	snprintf(l->hint, sizeof(l->hint), "%s", why->hint);
	snprintf(l->log, sizeof(l->log), "%.*s", (int)log.n, (const char *)log.p);
}

/* What a backend says of every task, once. */
static int try_backend(enum backend_id id, struct task_table *table, struct diag *why)
{
	const struct task_request want = {0};
	struct backend *b = NULL;
	int err = task_table_init(table, TASKS_ROOM);

	*why = (struct diag){0};
	if (!err)
		err = backends[id]->open(&b, table->cap, true, why);
	if (!err)
		err = backends[id]->sample(b, &want, table);
	backends[id]->close(b);
	if (err && !*why->what)
		snprintf(why->what, sizeof(why->what), "%s", strerror(-err));
	return err;
}

static void try_backends(struct doctor *d)
{
	d->tasks = BACKEND_N;
	for (u32 id = 0; id < BACKEND_N; id++) {
		struct task_table table = {0};
		struct diag why;
		struct doctor_line *l;

		if (try_backend((enum backend_id)id, &table, &why)) {
			say_missing(d, backend_name[id], &why, "");
		} else {
			l = doctor_say(d, VERDICT_WORKS, backend_name[id], "%s: %u %s in %llu us",
				       backends[id]->how, table.n, table.n == 1 ? "process" : "processes",
				       (unsigned long long)(table.walk_ns / NSEC_PER_USEC));
			snprintf(l->hint, sizeof(l->hint), "%s", why.what);	/* it does not see all */
			d->tasks = MIN(d->tasks, id);
		}
		task_table_free(&table);
	}
}

static void try_argv(struct doctor *d)
{
	struct object *o;
	struct diag why = {0};

	if (argv_object_open(&o, &why))
		say_missing(d, "command lines", &why, "; read from /proc instead");
	else
		doctor_say(d, VERDICT_WORKS, "command lines", "BPF program, run by one call for %u processes",
			   ARGV_BATCH);
	object_close(o);
}

static void try_exits(struct doctor *d)
{
	const struct source_info *info = &source_info[SRC_EXITED];
	struct diag why = {0};
	struct exits *e;
	u32 ended, freed;

	if (exits_open(&e, &why)) {
		say_missing(d, info->name, &why, "");
		return;
	}
	exits_cost(e, &ended, &freed);
	if (ended && freed)
		doctor_say(d, VERDICT_WORKS, info->name, "%s: probes on their end, %u ns and %u ns for each",
			   info->feeds, ended, freed);
	else
		doctor_say(d, VERDICT_WORKS, info->name, "%s: probes on their end", info->feeds);
	exits_close(e);
}

static void try_between(struct doctor *d)
{
	static struct between b;

	b = (struct between){.on = true};
	between_attach(&b, d->tasks == BACKEND_WALK ? &backend_walk_refresh : &backend_proc);
	if (*b.why)
		doctor_say(d, VERDICT_MISSING, "between walks", "%s", b.why);
	else
		doctor_say(d, VERDICT_WORKS, "between walks", "who ran, for --ludicrous: a probe on context switches");
	between_close(&b);
}

static void try_sources(struct doctor *d)
{
	static struct cpu_raw cpu[1024];
	struct snapshot snap = {.cpu = cpu, .cpu_cap = ARRAY_LEN(cpu)};
	struct system *s;

	if (system_open(&s))
		return;
	system_sample(s, UINT32_MAX, &snap);
	for (u32 src = SRC_STAT; src < SRC_EXITED; src++) {
		const char *why = system_why(s, (enum source)src);

		if (why)
			doctor_say(d, VERDICT_MISSING, source_info[src].name, "%s", why);
		else
			doctor_say(d, VERDICT_WORKS, source_info[src].name, "%s", source_info[src].feeds);
	}
	system_close(s);
}

void doctor_examine(struct doctor *d)
{
	*d = (struct doctor){0};
	doctor_facts(d);
	try_backends(d);
	try_argv(d);
	try_sources(d);
	try_exits(d);
	try_between(d);
}
