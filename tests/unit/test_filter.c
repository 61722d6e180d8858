/* tests/unit/test_filter.c - texts that are plain, texts that are language, who
 * passes, and where an error is pointed at. */
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"
#include "ui/filter_columns.h"

#include <stdio.h>
#include <time.h>

static struct fake fake;
static struct filter filter;
static struct parse_error err;

static bool compile(const char *text)
{
	return filter_compile(&filter, text, &filter_columns, &err);
}

static const struct fake_task people[] = {
	{.pid = 1, .uid = 0, .state = 'S', .comm = "init", .cmdline = "/sbin/init splash"},
	{.pid = 2, .uid = 0, .state = 'I', .comm = "kworker/0:1", .kernel = true},
	{.pid = 3, .uid = 33, .state = 'R', .cpu_centi = 1250, .rss_mib = 2048, .nice = -5,
	 .comm = "nginx", .cmdline = "nginx: worker process"},
	{.pid = 4, .uid = 33, .state = 'S', .rss_mib = 700, .comm = "(sd-pam)", .cmdline = "(sd-pam)"},
	{.pid = 5, .uid = 1000, .state = 'D', .cpu_centi = 25000, .rss_mib = 100, .nice = 10,
	 .comm = "Web Content", .cmdline = "firefox -contentproc -Tab"},
	{.pid = 6, .uid = 1000, .state = 'S', .comm = "a|b", .cmdline = "c++ x&&y not z"},
};

static void start(void)
{
	fake_init(&fake, ARRAY_LEN(people));
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct task_row *r = fake_add(&fake, &people[i]);

		r->have |= people[i].pid == 3 ? ROW_HAVE_IO : 0;
		r->read_bytes_per_s = 5 << 20;
		fake.tasks.task[i].runtime_ns = (u64)people[i].pid * 60 * NSEC_PER_SEC;
		fake.tasks.task[i].tty_nr = people[i].pid == 5 ? 136 << 8 | 3 : 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		if (people[i].pid != 3)
			fake.model.row[i].have &= ~(u32)ROW_HAVE_IO;
}

/* "1 3": who passes. */
static const char *passing(void)
{
	static char text[64];
	size_t n = 0;

	text[0] = '\0';
	for (u32 i = 0; i < fake.model.ntask; i++)
		if (filter_pass(&filter, &fake.model, &fake.model.row[i]))
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u", n ? " " : "",
					      fake.model.row[i].t->pid);
	return text;
}

/* ---- plain text ---- */

static void plain(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", "1 2 3 4 5 6"}, {"init", "1"}, {"worker", "2 3"}, {"firefox -C", "5"}, {"a|b", "1 4 5 6"},
		{"(sd-pam)", "4"}, {"kworker/0:1", "2"}, {"-tab", "5"}, {"c++", "6"}, {"x&&y", "6"},
	};
	static const char *const others[] = {
		"foo bar", "-f", "--user=root", "a=b", "foo=bar", "--type=renderer", "x<y", "!foo", "! foo",
		"not", "not ", "and", "or", "and x", "foo and", "foo and ", "android", "foo or", "notes", "a||b",
		"a&&b", "&& b", "\"", "'", "\"foo", "it's", "\"a\" b", "cpu", "cpu 5", "(cpu)", "name",
		"nice value", "~foo", "/bin/sh -c exit", "[kthreadd]", "foo (bar) baz", "C:\\x", "\xff\xfe",
		"foo =3", "foo= 3", "foo = ", "foo >", "= 3", "-f = 3", "x foo = 3", "a ~b",
		"user:root", "x cpu", "a 'cpu > 5' b", "-cpu=5", "/cpu=5", "x/y=z",
	};

	start();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_ROW(i, compile(rows[i].text) && !filter.language);
		CHECK_STR_ROW(i, passing(), rows[i].want);
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		CHECK_ROW(i, compile(others[i]));
		CHECK_ROW(i, !filter.language);
		CHECK_STR_ROW(i, filter.text, others[i]);
	}
	fake_free(&fake);
}

/* ---- the language ---- */

static const struct {
	const char *text, *want;
} passes[] = {
	{"pid = 3", "3"}, {"pid=3", "3"}, {"PID == 3", "3"}, {"pid != 3", "1 2 4 5 6"}, {"pid<3", "1 2"},
	{"pid <= 3", "1 2 3"}, {"pid > 3", "4 5 6"}, {"pid >= 3", "3 4 5 6"}, {"pid > 3.5", "4 5 6"},
	{"pid > 2 and pid < 5", "3 4"}, {"pid=1 or pid=3", "1 3"}, {"pid=1||pid=3", "1 3"}, {"pid=1 | pid=3", "1 3"},
	{"pid=1|pid=3", "1 3"}, {"pid>1&&pid<4", "2 3"}, {"pid > 1 && not pid = 3", "2 4 5 6"},
	{"not pid = 3", "1 2 4 5 6"}, {"not not pid = 3", "3"}, {"!pid=3", "1 2 4 5 6"}, {"! !pid=3", "3"},
	{"NOT pid=3 AND pid<4", "1 2"}, {"not (pid=3 or pid=4)", "1 2 5 6"}, {"(pid=1)", "1"},
	{"pid=1 or pid=2 and pid=3", "1"}, {"(pid=1 or pid=2) and pid=2", "2"}, {"pid=1 and pid=2 or pid=3", "3"},
	{"pid=1 or pid=2 or pid=3 or pid=4", "1 2 3 4"}, {"pid<5 and pid>1 and pid!=3", "2 4"},
	{"cpu > 5", "3 5"}, {"cpu>12.4", "3 5"}, {"cpu > 12.5", "5"}, {"cpu = 12.5%", "3"}, {"cpu% >= 250", "5"},
	{"cpu_percent > 100", "5"}, {"rss > 1g", "3"}, {"rss = 2G", "3"}, {"RES >= 700m", "3 4"}, {"rss < 700MiB", "1 5 6"},
	{"rss_bytes > 1073741824", "3"}, {"rss > 716799k", "3 4"}, {"rss > 0.5gb", "3 4"}, {"rss > 1tb", ""},
	{"mem > 10", "3"}, {"mem% > 10%", "3"}, {"nice < 0", "3"}, {"ni=-5", "3"}, {"nice > -6 and nice<-4.5", "3"},
	{"time > 4m", "5 6"}, {"time+ <= 120s", "1 2"}, {"time = 1m", "1"}, {"time>=0.1h", "6"}, {"time > 0", "1 2 3 4 5 6"},
	{"cpu_time > 240000ms", "5 6"}, {"cpu_time_ns > 300000000000", "6"}, {"cpu_time_ns = 2m", "2"},
	{"time < 1d", "1 2 3 4 5 6"}, {"time > 1w", ""}, {"read/s > 1m", "3"}, {"read_bytes_per_s = 5m", "3"},
	/* unknown: false, whatever the operator; "not" of that is true */
	{"read/s < 1g", "3"}, {"read/s != 7", "3"}, {"not read/s > 1m", "1 2 4 5 6"}, {"rss >= 0", "1 3 4 5 6"},
	{"tty !~ x", "5"}, {"tty != pts/4", "5"}, {"not tty ~ .", "1 2 3 4 6"},
	{"state = R", "3"}, {"s=d", "5"}, {"state ~ [RD]", "3 5"}, {"state=R|D", "3 5"}, {"state != s", "2 3 5"},
	{"kernel = yes", "2"}, {"kernel=true", "2"}, {"kernel = no", "1 3 4 5 6"}, {"kernel != false", "2"},
	{"tty = pts/3", "5"}, {"tty = PTS/3|tty1", "5"}, {"user = 33", "3 4"}, {"uid=33", "3 4"}, {"user = 33|1000", "3 4 5 6"},
	{"name ~ ^kworker", "2"}, {"name !~ ^kworker", "1 3 4 5 6"}, {"not name ~ ^kworker and pid < 4", "1 3"},
	{"name =~ ^(init|nginx)$", "1 3"}, {"(name ~ ^(init|nginx)$)", "1 3"}, {"name ~ \"web\\s+c\"", "5"},
	{"comm = \"Web Content\"", "5"}, {"comm='web content'", "5"}, {"comm = (sd-pam)", "4"}, {"(comm = (sd-pam))", "4"},
	{"comm = a|b", ""}, {"comm = \"a|b\"", "6"}, {"comm ~ a\\|b", "6"}, {"command ~ ^/sbin/", "1"},
	{"cmdline ~ \"^firefox -c\"", "5"}, {"cmdline = \"/sbin/init splash\"", "1"}, {"cmd ~ [[:punct:]]sd", "4"},
	/* plain text keeps its meaning in there, and may be quoted */
	{"worker and cpu > 5", "3"}, {"worker or pid=1", "1 2 3"}, {"worker process and pid > 1", "3"},
	{"init|firefox and pid>1", "5"}, {"(init|firefox) and not splash", "5"}, {"not worker", "1 4 5 6"},
	{"not (worker)", "1 4 5 6"}, {"(sd-pam) and pid = 4", "4"}, {"c++ and pid > 1", "6"}, {"pid>1 and c++", "6"},
	{"\"worker\"", "2 3"}, {"'a|b'", "6"}, {"\"not z\" and pid > 1", "6"}, {"not \"a|b\" and pid > 4", "5"},
	{"firefox || init", "1 5"}, {"nginx && worker", "3"}, {"pid > 1 and nginx: worker", "3"},
	{"(pid = 3) and (nginx)", "3"}, {"init | pid = 3", "1 3"}, {"--contentproc|-contentproc and pid=5", "5"},
	{"\"sbin\" or \"tab\"", "1 5"}, {"\"x\\\"y\" or pid=1", "1"}, {"pid = 5 and -tab", "5"},
};

static void language(void)
{
	start();
	for (size_t i = 0; i < ARRAY_LEN(passes); i++) {
		bool ok = compile(passes[i].text);

		CHECK_ROW(i, ok && filter.language);
		if (!ok)
			printf("# %s: %u %s\n", passes[i].text, err.at, err.why);
		CHECK_STR_ROW(i, ok ? passing() : err.why, passes[i].want);
	}
	fake_free(&fake);
}

static void errors(void)
{
	static const char units[] = "no unit of this column: they are k m g t";
	static const char time_units[] = "a time needs its unit: ns us ms s m h d w";
	static const struct {
		const char *text;
		u32 at;
		const char *why;
	} rows[] = {
		{"cpu >", 5, "a number is missing"}, {"cpu > ", 6, "a number is missing"}, {"cpu > x", 6, "a number is missing"},
		{"cpu > 5 and", 11, "something to filter by is missing"}, {"cpu > 5 and ", 12, "something to filter by is missing"},
		{"cpu > 5 and not", 15, "something to filter by is missing"}, {"cpu>5 and or pid=1", 10, "something to filter by is missing"},
		{"(cpu > 5", 0, "this ( is not closed"}, {"pid=1 and (cpu > 5", 10, "this ( is not closed"},
		{"cpu > 5)", 7, "no ( belongs to this )"}, {"() and pid=1", 1, "something to filter by is missing"},
		{"cpu > 5 rss > 1g", 8, "and or or is missing here"}, {"cpu > 5 andd rss > 1g", 8, "and or or is missing here"},
		{"firefox cpu > 5", 8, "and or or is missing here"}, {"cpu > 5 | foo", 8, "and or or is missing here"},
		{"comm = Web Content", 11, "and or or is missing here"}, {"pid=1|2", 5, "and or or is missing here"},
		{"cpu > 5q", 7, "no unit of this column: it is %"}, {"rss > 5q", 7, units}, {"rss > 5kbb", 7, units},
		{"pid > 5%", 7, units}, {"time > 5", 8, time_units}, {"time > 5x", 8, time_units},
		{"cpu ~ 5", 4, "this column holds numbers: = != < <= > >="}, {"user > root", 5, "this column holds words: = != ~ !~"},
		{"user = ", 7, "a value is missing"}, {"user=", 5, "a value is missing"}, {"(user = )", 8, "a value is missing"},
		{"user = \"root", 7, "this quote is not closed"}, {"user = \"\"", 7, "nothing stands in the quotes"},
		{"pid=1 and \"foo", 10, "this quote is not closed"}, {"foo > 5 and pid=1", 0, "no such column"},
		{"foo = 3", 0, "no such column"}, {" (cpus > 5", 2, "no such column"}, {"not foo ~ x", 4, "no such column"},
		{"pid=1 and foo != 5", 10, "no such column"}, {"name ~ (", 7, "this ( is not closed"},
		{"name ~ ^a(b", 9, "this ( is not closed"}, {"name ~ \"a b[\"", 11, "this [ is not closed"},
		{"pid=1 and name ~ a**", 19, "nothing to repeat"}, {"rss > 99999999999999999999999999t", 31, NULL},
		{"((((((((((((((((pid=1))))))))))))))))", 0, NULL}, {"(((((((((((((((((pid=1)))))))))))))))))", 16, "nested too deeply"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool ok = compile(rows[i].text);

		if (!rows[i].why)
			continue;
		CHECK_ROW(i, !ok);
		if (ok)
			continue;
		CHECK_STR_ROW(i, err.why, rows[i].why);
		CHECK_EQ_ROW(i, err.at, rows[i].at);
	}
}

/* As much as 127 bytes can hold: nothing is too much for the program. */
static void full(void)
{
	static const char *const parts[] = {"!pid=1&&", "s=R||", "!!!!!!!!", "(", "a or ", "not a or ", "pid=1 and name~a{9} or "};
	char text[FILTER_TEXT + 1];

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		size_t n = strlen(parts[i]), at = 0;

		for (; at + n + 6 < FILTER_TEXT; at += n)
			memcpy(text + at, parts[i], n);
		strcpy(text + at, "pid=1");
		CHECK_ROW(i, compile(text) || err.at <= strlen(text));
	}
	memset(text, 'x', FILTER_TEXT);
	text[FILTER_TEXT] = '\0';
	CHECK(!compile(text));
}

/* Every column can be filtered by, and its kind is that of its JSON value. */
static void columns_all(void)
{
	char text[FILTER_TEXT];

	fake_init(&fake, 64);
	fake_server(&fake);
	for (u32 id = 0; id < COL_N; id++) {
		const struct column *c = &columns[id];
		enum filter_kind kind = filter_columns.kind(id, c->name, strlen(c->name));

		CHECK_EQ_ROW(id, filter_columns.find(c->name, strlen(c->name)), id);
		snprintf(text, sizeof(text), "%s = %s", c->name, kind == FILTER_WORDS ? "x" : "1");
		CHECK_ROW(id, compile(text) && filter.language && filter.nterm == 1);
		CHECK_EQ_ROW(id, filter_extra(&filter), c->extra);
		CHECK_EQ_ROW(id, filter_facts(&filter), id == COL_CMDLINE ? 0 : c->facts);
		for (u32 i = 0; i < fake.model.ntask; i++) {
			char room[FILTER_ROOM];
			struct filter_value v;

			if (filter_columns.value(id, &fake.model, &fake.model.row[i], room, &v))
				CHECK_EQ_ROW(id, v.is_words, kind == FILTER_WORDS);
		}
	}
	fake_free(&fake);
}

/* What a key costs with 10,000 processes; printed, and no limit. */
static void cost(void)
{
	static const char *const rows[] = {
		"postgres", "a|b|nothing", "cpu > 5 and (user = root or rss > 1g) and not name ~ ^kworker",
		"command ~ foo.*bar$", "command ~ (a|b)+c", "cpu>1 and rss>1 and time>1s and nice=0 and threads>0 and pid>0",
	};
	enum { ROWS = 10000 };

	fake_init(&fake, ROWS);
	for (u32 i = 0; i < ROWS; i++)
		fake_add(&fake, &(struct fake_task){.pid = i + 1, .cpu_centi = 600, .rss_mib = 9, .comm = "task",
			 .cmdline = "/usr/lib/some/where/program --option=value --another-option /and/a/file/with/a/long/name"});
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		u64 began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		u32 n = 0;

		CHECK_ROW(i, compile(rows[i]));
		for (u32 k = 0; k < ROWS; k++)
			n += filter_pass(&filter, &fake.model, &fake.model.row[k]);
		printf("# 10,000 rows, %u pass, %4llu us: %s\n", n,
		       (unsigned long long)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - began) / NSEC_PER_USEC, rows[i]);
	}
	fake_free(&fake);
}

TESTS(filter, {"plain", plain}, {"language", language}, {"errors", errors}, {"full", full},
      {"columns", columns_all}, {"cost", cost})
