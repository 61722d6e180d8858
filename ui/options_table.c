/* ui/options_table.c - the table of options, and what each does with its
 * argument. */
#include "ui/options_table.h"
#include "proc/target.h"
#include "proc/users.h"
#include "ui/bench.h"
#include "ui/filter_columns.h"
#include "ui/text.h"
#include "ui/value.h"
#include "ui/version.h"

#include <unistd.h>
#include <limits.h>

/* ---- arguments ------------------------------------------------------------- */

static bool take_delay(struct parse *p, const struct option *opt, const char *arg)
{
	static const char hint[] = "From 10ms to 1h, as in: 500 (milliseconds), 500ms, 1.5s, 2m";
	const u64 least = 10 * NSEC_PER_MSEC, most = 3600ull * NSEC_PER_SEC;
	u64 ns;

	if (!parse_duration(arg, &ns))
		return option_wrong(p, opt, arg, "not a duration", hint);
	if (ns < least)
		return option_wrong(p, opt, arg, "shorter than 10ms", hint);
	if (ns > most)
		return option_wrong(p, opt, arg, "longer than 1h", hint);
	p->o->delay_ns = ns;
	p->o->delay_set = true;
	return true;
}

static bool take_changes(struct parse *p, const struct option *opt, const char *arg)
{
	u64 s = 5;

	if (arg && (!parse_number(arg, 3600, &s) || !s))
		return option_wrong(p, opt, arg, "not a number from 1 to 3600", "Seconds; without them: 5.");
	p->o->changes_ns = s * NSEC_PER_SEC;
	return true;
}

static bool take_ludicrous(struct parse *p, const struct option *opt, const char *arg)
{
	p->o->walk_ppm = 100000;
	if (arg && !parse_percent(arg, &p->o->walk_ppm))
		return option_wrong(p, opt, arg, "not a share of a CPU",
				    "Per cent, from 0.001 to 100; without: 10.");
	p->o->delay_ns = 16 * NSEC_PER_MSEC;
	p->o->delay_set = true;
	return true;
}

static bool take_iterations(struct parse *p, const struct option *opt, const char *arg)
{
	u64 n;

	if (!parse_number(arg, UINT32_MAX, &n) || !n)
		return option_wrong(p, opt, arg, "not a number from 1 to 4294967295",
				    "Without this option there is no end.");
	p->o->iterations = (u32)n;
	return true;
}

static bool take_once(struct parse *p, const struct option *opt, const char *arg)
{
	(void)opt;
	(void)arg;
	p->o->iterations = 1;
	return true;
}

const char *const view_name[VIEWS] = {
	[VIEW_PROCESSES] = "Processes", [VIEW_CGROUPS] = "Cgroups", [VIEW_PROGRAMS] = "Programs",
};

static bool take_view(struct parse *p, const struct option *opt, const char *arg)
{
	u32 v = 0;

	while (v < VIEWS && strcasecmp(arg, view_name[v]) != 0)
		v++;
	if (v == VIEWS)
		return option_wrong(p, opt, arg, "no such view", "One of: processes, cgroups, programs");
	p->o->view = (enum view)v;
	return true;
}

static bool take_user(struct parse *p, const struct option *opt, const char *arg)
{
	p->o->uid = geteuid();
	if (arg && users_uid(arg, &p->o->uid) < 0)
		return option_wrong(p, opt, arg, "no such user", "A name from /etc/passwd, or a number.");
	p->o->user_set = true;
	return true;
}

static bool take_pids(struct parse *p, const struct option *opt, const char *arg)
{
	for (;;) {
		size_t len = strcspn(arg, ",");
		char digits[12];
		u64 pid;

		if (len >= sizeof(digits))
			return option_wrong_part(p, opt, arg, len, "not a process number", NULL);
		memcpy(digits, arg, len);
		digits[len] = '\0';
		if (!parse_number(digits, INT_MAX, &pid) || !pid)
			return option_wrong_part(p, opt, arg, len, "not a process number",
						 "Numbers from 1 on, separated by commas.");
		if (p->o->npid == FILTER_PIDS)
			return option_wrong_part(p, opt, arg, len, "more than 64 processes named", NULL);
		p->o->pid[p->o->npid++] = (u32)pid;
		if (!arg[len])
			return true;
		arg += len + 1;
	}
}

/* The text, and below it a mark where it is wrong. */
static void point_at(struct out *out, const char *text, size_t at)
{
	struct bytes left = {(const unsigned char *)text, strlen(text)};
	size_t end = left.n > at ? left.n - at : 0;
	struct glyph g;
	u32 col = 0;

	while (left.n) {
		size_t took = text_next(left, false, &g);

		col += left.n > end ? g.width : 0;
		out_bytes(out, g.utf8, g.len);
		left.p += took;
		left.n -= took;
	}
	out_char(out, '\n');
	out_pad(out, ' ', col);
	out_lit(out, "^\n");
}

/* Nothing to look for is more often a variable without a value than a wish. */
static bool take_filter(struct parse *p, const struct option *opt, const char *arg)
{
	struct parse_error e = {0, "nothing to look for"};
	struct filter f;
	size_t len = strlen(arg);

	if (len >= FILTER_TEXT)
		return option_wrong(p, opt, arg, "longer than 127 bytes", NULL);
	if (*arg && *arg != '|' &&
	    filter_compile(&f, arg, p->o->view == VIEW_PROGRAMS ? &program_fields : &filter_columns, &e)) {
		memcpy(p->o->filter, arg, len + 1);
		return true;
	}
	option_wrong(p, opt, arg, e.why, NULL);
	if (*arg)
		point_at(p->out, arg, e.at);
	return false;
}

/* "help" in place of a column lists them. */
static bool columns_asked(struct parse *p, const char *arg)
{
	if (strcmp(arg, "help") != 0)
		return false;
	if (p->o->view == VIEW_PROGRAMS)
		options_write_program_columns(p->out);
	else
		options_write_columns(p->out);
	p->done = true;
	return true;
}

/* Its number in the view's table, its size when there is none. */
static u32 column_named(const struct parse *p, const char *name, size_t len)
{
	return p->o->view == VIEW_PROGRAMS ? program_column_find(name, len) : (u32)column_find(name, len);
}

static u32 columns_of(const struct parse *p)
{
	return p->o->view == VIEW_PROGRAMS ? (u32)PROG_COLS : (u32)COL_N;
}

static bool take_sort(struct parse *p, const struct option *opt, const char *arg)
{
	size_t len = strcspn(arg, ":");
	const char *way = arg + len;
	u32 id = column_named(p, arg, len);

	if (columns_asked(p, arg))
		return true;
	if (id == columns_of(p))
		return option_wrong_part(p, opt, arg, len, "no such column",
					 "The columns are in: pitstop --sort help");
	if (*way && strcmp(way, ":asc") != 0 && strcmp(way, ":desc") != 0)
		return option_wrong(p, opt, arg, "neither :asc nor :desc", NULL);
	if (p->o->view == VIEW_PROGRAMS) {
		p->o->programs.sort = (u8)id;
		p->o->programs.descending = *way ? way[1] == 'd' : program_columns[id].big_first;
		return true;
	}
	p->o->sort = (enum column_id)id;
	p->o->sort_set = true;
	p->o->sort_descending = *way ? way[1] == 'd' : columns[id].big_first;
	return true;
}

static bool column_listed(const struct column_list *l, u32 id)
{
	for (u32 i = 0; i < l->n; i++)
		if (l->id[i] == id)
			return true;
	return false;
}

static bool take_columns(struct parse *p, const struct option *opt, const char *arg)
{
	struct column_list list = {.n = 0};

	if (columns_asked(p, arg))
		return true;
	for (;;) {
		size_t len = strcspn(arg, ",");
		u32 id = column_named(p, arg, len);

		if (id == columns_of(p))
			return option_wrong_part(p, opt, arg, len, "no such column",
						 "The columns are in: pitstop --columns help");
		if (!column_listed(&list, id))
			list.id[list.n++] = (u8)id;
		if (!arg[len])
			break;
		arg += len + 1;
	}
	if (p->o->view == VIEW_PROGRAMS) {
		memcpy(p->o->programs.column, list.id, list.n);
		p->o->programs.ncolumn = (u8)list.n;
		return true;
	}
	p->o->columns = list;
	p->o->columns_set = true;
	return true;
}

static bool take_late(struct parse *p, const struct option *opt, const char *arg)
{
	p->late[opt->value].opt = opt;
	p->late[opt->value].arg = arg;
	return true;
}

bool options_settle_view(struct parse *p)
{
	static option_fn *const takers[LATE_N] = {
		[LATE_FILTER] = take_filter, [LATE_SORT] = take_sort, [LATE_COLUMNS] = take_columns,
	};

	for (u32 i = 0; i < LATE_N && !p->done; i++)
		if (p->late[i].opt && !takers[i](p, p->late[i].opt, p->late[i].arg))
			return false;
	return true;
}

static bool take_output(struct parse *p, const struct option *opt, const char *arg)
{
	(void)arg;
	p->outputs |= 1u << opt->value;
	return true;
}

_Static_assert(BENCH_MAX == 10000, "the message says so");

static bool take_bench(struct parse *p, const struct option *opt, const char *arg)
{
	u64 n = p->o->bench_samples;

	if (arg && (!parse_number(arg, BENCH_MAX, &n) || !n))
		return option_wrong(p, opt, arg, "not a number from 1 to 10000", NULL);
	p->o->bench_samples = (u32)n;
	return take_output(p, opt, NULL);
}

static bool take_profile(struct parse *p, const struct option *opt, const char *arg)
{
	u64 n = p->o->profile_s;

	if (arg && (!parse_number(arg, 3600, &n) || !n))
		return option_wrong(p, opt, arg, "not a number of seconds from 1 to 3600", NULL);
	p->o->profile_s = (u32)n;
	p->o->view = VIEW_PROGRAMS;
	return take_output(p, opt, NULL);
}

static bool take_stop(struct parse *p, const struct option *opt, const char *arg)
{
	static struct target t;
	const char *why = target_parse(&t, arg);

	if (why)
		return option_wrong(p, opt, arg, why, "One of: pid:N, unit:NAME, container:NAME-or-ID, cgroup:PATH");
	if (p->o->nstops == STOPS_MAX)
		return option_wrong(p, opt, arg, "more than 64 targets", NULL);
	p->o->stop[p->o->nstops++] = (struct stop_order){arg, opt->value};
	p->outputs |= 1u << OUTPUT_STOP;
	return true;
}

static bool take_backend(struct parse *p, const struct option *opt, const char *arg)
{
	u32 id = 0;

	while (id < BACKEND_N && strcmp(arg, backend_name[id]) != 0)
		id++;
	if (id == BACKEND_N && strcmp(arg, "auto") != 0)
		return option_wrong(p, opt, arg, "no such backend", "One of: auto, walk, iter, proc");
	p->o->backend = (enum backend_id)id;
	return true;
}

static bool take_color(struct parse *p, const struct option *opt, const char *arg)
{
	static const char *const names[] = {
		[CHOICE_AUTO] = "auto", [CHOICE_NEVER] = "never", [CHOICE_ALWAYS] = "always",
	};

	for (u32 i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(arg, names[i]) != 0)
			continue;
		p->o->color = (enum choice)i;
		return true;
	}
	return option_wrong(p, opt, arg, "neither auto, always nor never", NULL);
}

static bool take_no_mouse(struct parse *p, const struct option *opt, const char *arg)
{
	(void)opt;
	(void)arg;
	p->o->mouse = false;
	return true;
}

static bool take_no_color(struct parse *p, const struct option *opt, const char *arg)
{
	(void)opt;
	(void)arg;
	p->o->color = CHOICE_NEVER;
	return true;
}

static bool take_config(struct parse *p, const struct option *opt, const char *arg)
{
	(void)opt;
	p->o->config = arg;
	return true;
}

static bool take_htoprc(struct parse *p, const struct option *opt, const char *arg)
{
	(void)opt;
	p->o->import_htoprc = true;
	p->o->htoprc = arg;
	return true;
}

static bool take_help(struct parse *p, const struct option *opt, const char *arg)
{
	(void)opt;
	(void)arg;
	options_write_help(p->out);
	p->done = true;
	return true;
}

static bool take_version(struct parse *p, const struct option *opt, const char *arg)
{
	(void)opt;
	(void)arg;
	out_lit(p->out, "pitstop ");
	out_str(p->out, pitstop_version);
	out_char(p->out, '\n');
	p->done = true;
	return true;
}

/* ---- the table ------------------------------------------------------------- */

#define FLAG(member)	.value = offsetof(struct options, member)
#define STOP_WORDS	"pid: unit: container: cgroup:"

const struct option options_table[] = {
	{.letter = 'd', .name = "delay", .arg = "TIME", .parse = take_delay,
	 .help = "time between samples, 10ms to 1h (default 1s)",
	 .more = "A number alone is in milliseconds; units are ms, s, m and h."},
	{.letter = 'n', .name = "iterations", .arg = "N", .parse = take_iterations,
	 .help = "stop after N samples (default: never)"},
	{.name = "once", .parse = take_once,
	 .help = "the same as -n 1: one window, one output"},
	{.name = "ludicrous", .arg = "SHARE", .optional = true, .parse = take_ludicrous,
	 .help = "60 frames a second; SHARE of a CPU for walks (10 %)",
	 .more = "All tasks are walked as often as that allows, per cent of one CPU; between walks, those "
		 "that ran are refreshed, as a probe on context switches tells. Rates are of the last half "
		 "to one second, and rows change places four times a second. The header shows the time of "
		 "frames that half of them and 99 % do not exceed, and how many came too late."},
	{.name = "view", .arg = "NAME", .parse = take_view,
	 .values = VALUES_WORDS, .words = "processes cgroups programs",
	 .help = "begin with: processes (default), cgroups, programs",
	 .more = "Programs are those of BPF; while they are shown, the kernel counts and times their "
		 "runs, which takes each run some ns more."},
	{.name = "emergency", FLAG(emergency),
	 .help = "begin with who takes the memory, a key freezes each",
	 .more = "As the key ! does: see EMERGENCY."},
	{.letter = 't', .name = "tree", FLAG(tree),
	 .help = "begin as a tree"},
	{.letter = 'H', .name = "threads", FLAG(threads),
	 .help = "show threads"},
	{.letter = 'k', .name = "kernel-threads", FLAG(kernel),
	 .help = "show kernel threads"},
	{.name = "exited", FLAG(ended),
	 .help = "show what ended since the last sample, too",
	 .more = "A row for each command and parent, with the CPU time that no other row shows. JSON has "
		 "them always."},
	{.letter = 'u', .name = "user", .arg = "NAME|UID", .optional = true, .any_word = true, .parse = take_user,
	 .values = VALUES_USER, .help = "only processes of this user, or of your own"},
	{.letter = 'p', .name = "pid", .arg = "PID,...", .parse = take_pids, .values = VALUES_PID,
	 .help = "only these processes",
	 .more = "May be given several times, for 64 processes in all."},
	{.letter = 'F', .name = "filter", .arg = "TEXT", .parse = take_late, .value = LATE_FILTER,
	 .help = "only what contains or passes TEXT: see THE FILTER",
	 .more = "Plain text is looked for in the command, without regard to case; a|b means either. "
		 "Comparisons of columns, and, or and not make it a language, that of F4."},
	{.letter = 's', .name = "sort", .arg = "COLUMN[:asc|:desc]", .parse = take_late, .value = LATE_SORT,
	 .values = VALUES_COLUMN,
	 .help = "sort by COLUMN (default cpu); help lists them",
	 .more = "Numbers that grow with use sort downwards unless told otherwise."},
	{.name = "highlight-changes", .arg = "SECS", .optional = true, .parse = take_changes,
	 .help = "mark processes that came or went (5 seconds)",
	 .more = "New ones are green, and those that ended stay, in red, for so long."},
	{.letter = 'c', .name = "columns", .arg = "NAME,...", .parse = take_late, .value = LATE_COLUMNS,
	 .values = VALUES_COLUMNS,
	 .help = "columns or JSON fields to show; help lists them",
	 .more = "Names are those of the JSON fields or of the screen, in any case."},
	{.letter = 'b', .name = "batch", .parse = take_output, .value = OUTPUT_BATCH,
	 .help = "plain text frames to standard output",
	 .more = "This is also what happens when standard output is no terminal and no other output "
		 "was asked for."},
	{.name = "json", .parse = take_output, .value = OUTPUT_JSON,
	 .help = "one JSON object a line to standard output"},
	{.name = "bench", .arg = "N", .optional = true, .parse = take_bench,
	 .value = OUTPUT_BENCH,
	 .help = "N samples as fast as they go (100), and their cost",
	 .more = "Prints percentiles of each stage and counts system calls; with --json, as one "
		 "object."},
	{.name = "profile", .arg = "SECONDS", .optional = true, .parse = take_profile,
	 .value = OUTPUT_PROFILE,
	 .help = "what pitstop's own BPF programs cost, in SECONDS (5)",
	 .more = "Runs, mean time and share of one CPU of each, by the kernel's own clock, and what "
		 "counting and timing adds."},
	{.name = "doctor", .parse = take_output, .value = OUTPUT_DOCTOR,
	 .help = "what works on this machine, what does not, and why",
	 .more = "Also what would change that. The exit status is 0 if the best way to see the tasks "
		 "runs, and 1 if not."},
	{.name = "freeze", .arg = "TARGET", .parse = take_stop, .values = VALUES_WORDS, .words = STOP_WORDS,
	 .help = "stop TARGET until it is thawed, say so, and exit",
	 .more = "TARGET is pid:N, that process alone; unit:NAME, container:NAME-or-ID or cgroup:PATH, with "
		 "everything below. May be given several times. Exits when the kernel has confirmed it."},
	{.name = "thaw", .arg = "TARGET", .parse = take_stop, .value = true, .values = VALUES_WORDS,
	 .words = STOP_WORDS,
	 .help = "let TARGET go on",
	 .more = "A process that was moved to be frozen alone goes back to its cgroup."},
	{.name = "force", FLAG(force),
	 .help = "freeze also what is guarded",
	 .more = "That is what pitstop runs under, process 1, and the service manager's and container "
		 "runtimes' own units."},
	{.name = "backend", .arg = "NAME", .parse = take_backend, .values = VALUES_BACKEND,
	 .help = "where tasks come from: auto, walk, iter, proc",
	 .more = "By default the first that works, in this order; one that is named must work."},
	{.name = "verbose", FLAG(verbose),
	 .help = "show the verifier's log of what was refused",
	 .more = "All of it, to standard error; without this option the last lines stand in "
		 "--doctor, and below the message of a --backend that cannot run."},
	{.name = "read-only", FLAG(read_only),
	 .help = "no action on any process"},
	{.letter = 'U', .name = "ascii", FLAG(ascii),
	 .help = "write nothing but ASCII"},
	{.name = "color", .arg = "WHEN", .parse = take_color,
	 .values = VALUES_WORDS, .words = "auto always never",
	 .help = "colours: auto (default), always, never"},
	{.letter = 'C', .name = "no-color", .parse = take_no_color,
	 .help = "the same as --color never"},
	{.letter = 'M', .name = "no-mouse", .parse = take_no_mouse,
	 .help = "leave the mouse to the terminal"},
	{.name = "no-meters", FLAG(no_meters),
	 .help = "begin without the header"},
	{.name = "no-function-bar", FLAG(no_function_bar),
	 .help = "without the line of keys at the bottom"},
	{.name = "config", .arg = "FILE", .parse = take_config, .values = VALUES_FILE,
	 .help = "the configuration; no other file is read",
	 .more = "One that is not understood is an error. Options of the command line win over what a "
		 "configuration says, and hold for one run."},
	{.name = "generate-config", FLAG(generate_config),
	 .help = "print the default configuration with comments",
	 .more = "With --import-htoprc: what that gives."},
	{.name = "import-htoprc", .arg = "FILE", .optional = true, .parse = take_htoprc, .values = VALUES_FILE,
	 .help = "begin with the settings of htop's file",
	 .more = "Without FILE, the one that htop would read. Nothing is written unless saving is asked "
		 "for, by Ctrl-S or --save."},
	{.name = "save", FLAG(save),
	 .help = "save changed settings when quitting",
	 .more = "As save_on_exit in the configuration does for every run. Quitting by Ctrl-C saves nothing."},
	{.letter = 'h', .name = "help", .parse = take_help,
	 .help = "print this help"},
	{.letter = 'V', .name = "version", .parse = take_version,
	 .help = "print the version"},
};

const u32 options_count = ARRAY_LEN(options_table);

const struct option_alias option_aliases[] = {
	{"no-colour", "no-color"}, {"no-unicode", "ascii"}, {"readonly", "read-only"}, {"sort-key", "sort"},
	{"max-iterations", "iterations"}, {"no-functionbar", "no-function-bar"},
};

const u32 option_aliases_count = ARRAY_LEN(option_aliases);
