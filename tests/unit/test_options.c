/* tests/unit/test_options.c - command lines, what becomes of them, and what is
 * said about those that are wrong. */
#include "proc/users.h"
#include "tests/unit/test.h"
#include "ui/version.h"
#include "ui/options_table.h"

#include <stdio.h>
#include <unistd.h>

enum { WORDS = 16 };

static struct options o;
static char text[OPTIONS_TEXT + 1];

/* Words are separated by one blank; "~" stands for a blank within one. */
static enum options_result parse(const char *line)
{
	static char copy[1024];
	static char self[] = "pitstop", *argv[WORDS + 1];
	struct out out = {.buf = text, .cap = OPTIONS_TEXT};
	enum options_result result;
	int argc = 1;

	argv[0] = self;
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *at = copy; at && *at && argc < WORDS;) {
		argv[argc++] = at;
		at = strchr(at, ' ');
		if (at)
			*at++ = '\0';
	}
	for (int i = 1; i < argc; i++)
		for (char *c = argv[i]; *c; c++)
			if (*c == '~')
				*c = ' ';
	argv[argc] = NULL;
	result = options_parse(&o, argc, argv, &out);
	CHECK(!out.full);
	text[out.len] = '\0';
	return result;
}

static void defaults(void)
{
	CHECK_EQ(parse(""), OPTIONS_RUN);
	CHECK_STR(text, "");
	CHECK_EQ(o.output, OUTPUT_SCREEN);
	CHECK(!o.output_set && !o.tree && !o.threads && !o.kernel && !o.user_set && !o.read_only);
	CHECK(!o.sort_set && !o.columns_set && !o.bench && !o.json && o.mouse);
	CHECK_EQ(o.delay_ns, NSEC_PER_SEC);
	CHECK_EQ(o.iterations, 0);
	CHECK_EQ(o.bench_samples, 100);
	CHECK_EQ(o.sort, COL_CPU);
	CHECK(o.sort_descending);
	CHECK_EQ(o.columns.n, columns_default.n);
	CHECK_EQ(o.backend, BACKEND_N);
	CHECK_EQ(o.color, CHOICE_AUTO);
}

static void durations(void)
{
	static const struct {
		const char *line;
		u64 ns;
	} rows[] = {
		{"-d 500", 500000000}, {"-d500ms", 500000000}, {"--delay=2s", 2000000000},
		{"--delay 1m", 60000000000}, {"-d 1.5s", 1500000000}, {"-d 10ms", 10000000},
		{"-d 10", 10000000}, {"-d 1h", 3600000000000}, {"-d 60m", 3600000000000},
		{"-d 0.01s", 10000000}, {"-d 0.5m", 30000000000}, {"-d 12.25", 12250000},
		{"--del 1s", 1000000000}, {"--ludicrous", 16000000}, {"--ludicrous -d 1s", 1000000000},
		{"-d 0.1234567891234s", 123456789},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_EQ_ROW(i, parse(rows[i].line), OPTIONS_RUN);
		CHECK_EQ_ROW(i, o.delay_ns, rows[i].ns);
	}
}

static void wrong_lines(void)
{
	/* each message is one line "pitstop: WHAT: WHY" and names the option */
	static const struct {
		const char *line, *names;
	} rows[] = {
		{"-d 0", "-d, --delay: \"0\""}, {"--delay=9ms", "--delay"}, {"-d 61m", "--delay"},
		{"-d 1x", "--delay"}, {"-d .5s", "--delay"}, {"-d 1.s", "--delay"},
		{"-d -1", "--delay"}, {"-d 99999999999999999999s", "--delay"}, {"-d", "--delay"},
		{"--delay", "--delay"}, {"--delay=", "--delay"}, {"-d 1~s", "--delay"},
		{"-d 1e3", "--delay"}, {"-d 3600001", "--delay"}, {"-d 9.99ms", "--delay"},
		{"-n 0", "--iterations"}, {"-n -1", "--iterations"}, {"-n x", "--iterations"},
		{"-n 4294967296", "--iterations"}, {"-n 18446744073709551617", "--iterations"},
		{"-n", "--iterations"},
		{"--view cgroup", "--view"}, {"--view=x", "--view"},
		{"-u no-such-user-here", "--user"}, {"-u 4294967295", "--user"},
		{"-p 0", "--pid"}, {"-p x", "--pid"}, {"-p 1,,2", "--pid"}, {"-p 1,", "--pid"},
		{"-p -1", "--pid"}, {"-p 2147483648", "--pid"}, {"-p 99999999999999999999", "--pid"},
		{"-s nothing", "--sort"}, {"-s cpu:up", "--sort"}, {"-s :asc", "--sort"},
		{"-s cpu:", "--sort"}, {"-c pid,nothing", "\"nothing\""}, {"-c ,pid", "--columns"},
		{"-c pid,", "--columns"}, {"--columns=", "--columns"},
		{"--backend=perf", "--backend"}, {"--color sometimes", "--color"},
		{"--batch --json", "--batch: cannot stand together with --json"},
		{"--doctor --json", "--json: cannot"}, {"--bench --batch", "--batch"},
		{"--bench --json --doctor", "--bench"}, {"--bench=0", "--bench"}, {"--bench=10001", "--bench"},
		{"--bench=x", "--bench"}, {"--bench=", "--bench"}, {"--bench x", "\"x\""},
		{"extra", "\"extra\""}, {"-- -t", "\"-t\""}, {"-", "\"-\""}, {"-t word -H", "\"word\""},
		{"--tree=yes", "--tree"}, {"--no-such", "\"--no-such\""}, {"-z", "\"-z\""},
		{"-tz", "\"-z\""}, {"--t", "--t"}, {"--no-such=x", "\"--no-such\""}, {"--=x", "\"--\""},
		{"--bench 1.5", "\"1.5\""},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_EQ_ROW(i, parse(rows[i].line), OPTIONS_WRONG);
		CHECK_ROW(i, !strncmp(text, "pitstop: ", 9));
		CHECK_ROW(i, strstr(text, rows[i].names) != NULL);
		CHECK_ROW(i, *text && text[strlen(text) - 1] == '\n');
		CHECK_ROW(i, strchr(text, '\n') && strstr(text, ": ") < strchr(text, '\n'));
	}
}

static void flags(void)
{
	CHECK_EQ(parse("-tHk --read-only --ascii --no-mouse"), OPTIONS_RUN);
	CHECK(o.tree && o.threads && o.kernel && o.read_only && o.ascii && !o.mouse);
	CHECK_EQ(parse("--tree --threads --kernel-threads"), OPTIONS_RUN);
	CHECK(o.tree && o.threads && o.kernel);
	CHECK_EQ(parse("-tn5"), OPTIONS_RUN);
	CHECK(o.tree);
	CHECK_EQ(o.iterations, 5);
	CHECK_EQ(parse("-Hn 7 --"), OPTIONS_RUN);
	CHECK_EQ(o.iterations, 7);
	CHECK_EQ(parse("--once"), OPTIONS_RUN);
	CHECK_EQ(o.iterations, 1);
	CHECK_EQ(parse("--view processes --color=never"), OPTIONS_RUN);
	CHECK_EQ(o.color, CHOICE_NEVER);
	CHECK_EQ(parse("--color always"), OPTIONS_RUN);
	CHECK_EQ(o.color, CHOICE_ALWAYS);
	CHECK_EQ(parse("--backend auto"), OPTIONS_RUN);
	CHECK_EQ(o.backend, BACKEND_N);
	CHECK_EQ(parse("--backend=proc"), OPTIONS_RUN);
	CHECK_EQ(o.backend, BACKEND_PROC);
}

static void outputs(void)
{
	static const struct {
		const char *line;
		enum output output;
		bool bench, json;
		u32 samples;
	} rows[] = {
		{"-b", OUTPUT_BATCH, false, false, 100}, {"--batch -b", OUTPUT_BATCH, false, false, 100},
		{"--json", OUTPUT_JSON, false, true, 100}, {"--doctor", OUTPUT_DOCTOR, false, false, 100},
		{"--bench", OUTPUT_BENCH, true, false, 100}, {"--bench=200", OUTPUT_BENCH, true, false, 200},
		{"--bench 200", OUTPUT_BENCH, true, false, 200},
		{"--bench --json", OUTPUT_BENCH, true, true, 100},
		{"--json --bench 5 -t", OUTPUT_BENCH, true, true, 5},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_EQ_ROW(i, parse(rows[i].line), OPTIONS_RUN);
		CHECK_EQ_ROW(i, o.output, rows[i].output);
		CHECK_ROW(i, o.output_set);
		CHECK_EQ_ROW(i, o.bench, rows[i].bench);
		CHECK_EQ_ROW(i, o.json, rows[i].json);
		CHECK_EQ_ROW(i, o.bench_samples, rows[i].samples);
	}
}

static void choices(void)
{
	CHECK_EQ(users_load(), 0);
	CHECK_EQ(parse("-u root"), OPTIONS_RUN);
	CHECK(o.user_set && o.uid == 0);
	CHECK_EQ(parse("-u --once"), OPTIONS_RUN);
	CHECK(o.user_set && o.uid == (u32)geteuid());
	CHECK_EQ(parse("--user=1234567"), OPTIONS_RUN);
	CHECK_EQ(o.uid, 1234567);
	CHECK_EQ(parse("-p 1,22 --pid=333"), OPTIONS_RUN);
	CHECK_EQ(o.npid, 3);
	CHECK_EQ(o.pid[2], 333);
	CHECK_EQ(parse("-F fire~fox|x"), OPTIONS_RUN);
	CHECK_STR(o.filter, "fire fox|x");
	CHECK_EQ(parse("-s mem"), OPTIONS_RUN);
	CHECK(o.sort == COL_MEMORY && o.sort_set && o.sort_descending);
	CHECK_EQ(parse("-s pid"), OPTIONS_RUN);
	CHECK(o.sort == COL_PID && !o.sort_descending);
	CHECK_EQ(parse("-s RES:asc"), OPTIONS_RUN);
	CHECK(o.sort == COL_RSS && !o.sort_descending);
	CHECK_EQ(parse("--sort=user:desc"), OPTIONS_RUN);
	CHECK(o.sort == COL_USER && o.sort_descending);
	CHECK_EQ(parse("-c comm,PID,cpu,comm"), OPTIONS_RUN);
	CHECK_EQ(o.columns.n, 3);
	CHECK(o.columns.id[0] == COL_COMM && o.columns.id[2] == COL_CPU && o.columns_set);
}

static void too_many_pids(void)
{
	char line[512] = "-p 1";

	for (u32 i = 1; i < FILTER_PIDS; i++)
		strcat(line, ",1");
	CHECK_EQ(parse(line), OPTIONS_RUN);
	CHECK_EQ(o.npid, FILTER_PIDS);
	strcat(line, ",1");
	CHECK_EQ(parse(line), OPTIONS_WRONG);
}

static void long_filter(void)
{
	char line[FILTER_TEXT + 8] = "-F ";

	memset(line + 3, 'x', FILTER_TEXT - 1);
	CHECK_EQ(parse(line), OPTIONS_RUN);
	line[3 + FILTER_TEXT - 1] = 'x';
	CHECK_EQ(parse(line), OPTIONS_WRONG);
	CHECK(strlen(text) < 200);
}

/* What somebody types is shown to him, but not sent to his terminal. */
static void hostile_words(void)
{
	CHECK_EQ(parse("\033]0;x\a"), OPTIONS_WRONG);
	CHECK(!strchr(text, '\033') && !strchr(text, '\a'));
	CHECK_EQ(parse("-d \xff\n1"), OPTIONS_WRONG);
	CHECK_STR(text, "pitstop: -d, --delay: \"??1\": not a duration\n"
			"From 10ms to 1h, as in: 500 (milliseconds), 500ms, 1.5s, 2m\n");
}

static void texts(void)
{
	static const char *const lines[] = {
		"-h", "--help", "-th", "-V", "--version", "-s help", "-c help", "--sort=help -t",
		"--help --no-such",
	};

	for (u32 i = 0; i < ARRAY_LEN(lines); i++) {
		CHECK_EQ_ROW(i, parse(lines[i]), OPTIONS_DONE);
		CHECK_ROW(i, *text && text[strlen(text) - 1] == '\n');
	}
	CHECK_EQ(parse("-V"), OPTIONS_DONE);
	CHECK(strncmp(text, "pitstop ", 8) == 0);
	CHECK(strncmp(text + 8, pitstop_version, strlen(pitstop_version)) == 0);
	CHECK_STR(text + 8 + strlen(pitstop_version), "\n");
}

static void lines_fit(void)
{
	static const char *const lines[] = {"-h", "-c help"};

	for (u32 i = 0; i < ARRAY_LEN(lines); i++) {
		parse(lines[i]);
		for (char *at = text; *at; at += strcspn(at, "\n") + 1)
			CHECK_ROW(at - text, strcspn(at, "\n") <= (i ? 110 : 80));
	}
}

static void table(void)
{
	parse("-h");
	for (u32 i = 0; i < options_count; i++) {
		const struct option *opt = &options_table[i];

		CHECK_ROW(i, opt->name && opt->help);
		CHECK_ROW(i, strlen(opt->help) <= 52);
		CHECK_ROW(i, !opt->optional || opt->arg);
		CHECK_ROW(i, (opt->values == VALUES_WORDS) == (opt->words != NULL));
		CHECK_ROW(i, opt->values == VALUES_NONE || opt->arg);
		CHECK_ROW(i, opt->parse || opt->value < sizeof(struct options));
		CHECK_ROW(i, strstr(text, opt->name) && strstr(text, opt->help));
		for (u32 j = 0; j < i; j++) {
			CHECK_ROW(i, strcmp(opt->name, options_table[j].name) != 0);
			CHECK_ROW(i, !opt->letter || opt->letter != options_table[j].letter);
		}
	}
}

static void generators(void)
{
	static void (*const write[])(struct out *) = {
		options_write_help, options_write_mdoc, options_write_bash, options_write_zsh,
		options_write_fish,
	};

	for (u32 i = 0; i < ARRAY_LEN(write); i++) {
		struct out out = {.buf = text, .cap = OPTIONS_TEXT};

		write[i](&out);
		CHECK_ROW(i, !out.full && out.len);
		text[out.len] = '\0';
		for (u32 k = 0; k < options_count; k++)
			CHECK_ROW(k, strstr(text, options_table[k].name) != NULL);
	}
}

TESTS(options,
	{"defaults", defaults}, {"durations", durations}, {"wrong_lines", wrong_lines},
	{"flags", flags}, {"outputs", outputs}, {"choices", choices},
	{"too_many_pids", too_many_pids}, {"long_filter", long_filter},
	{"hostile_words", hostile_words}, {"texts", texts}, {"lines_fit", lines_fit},
	{"table", table}, {"generators", generators})
