/* tests/unit/test_json.c - the JSON output: exact strings for made-up models
 * with hostile names, and validity by a strict checker of its own. */
#include "tests/unit/test.h"
#include "ui/json.h"
#include "ui/report.h"
#include "ui/text.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- RFC 8259, strictly; well-formed UTF-8 as well ------------------------- */

struct check {
	const unsigned char *at, *end;
	int depth;
};

static bool check_value(struct check *c);

static bool eat(struct check *c, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0)
		return false;
	c->at += n;
	return true;
}

static bool check_escape(struct check *c)
{
	if (c->at == c->end)
		return false;
	if (*c->at != 'u')
		return *c->at && strchr("\"\\/bfnrt", *c->at++);
	c->at++;
	for (int i = 0; i < 4; i++, c->at++)
		if (c->at == c->end || !*c->at || !strchr("0123456789abcdefABCDEF", *c->at))
			return false;
	return true;
}

static bool check_string(struct check *c)
{
	if (!eat(c, "\""))
		return false;
	while (c->at < c->end && *c->at != '"') {
		u32 code;
		size_t n = utf8_decode((struct bytes){c->at, (size_t)(c->end - c->at)}, &code);

		/* C1 and DEL are legal JSON, but not ours */
		if (!n || code < 0x20 || (code >= 0x7f && code < 0xa0))
			return false;
		c->at += n;
		if (code == '\\' && !check_escape(c))
			return false;
	}
	return eat(c, "\"");
}

static bool digits(struct check *c)
{
	const unsigned char *begin = c->at;

	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
	return c->at > begin;
}

static bool check_number(struct check *c)
{
	eat(c, "-");
	if (!eat(c, "0") && !digits(c))
		return false;
	if (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		return false;		/* 01 */
	return !eat(c, ".") || digits(c);
}

static bool check_list(struct check *c, const char *close, bool keys)
{
	if (eat(c, close))
		return true;
	do {
		if (keys && !(check_string(c) && eat(c, ":")))
			return false;
		if (!check_value(c))
			return false;
	} while (eat(c, ","));
	return eat(c, close);
}

static bool check_value(struct check *c)
{
	bool ok;

	if (c->at == c->end || ++c->depth > 32)
		return false;
	if (*c->at == '"')
		ok = check_string(c);
	else if (eat(c, "{"))
		ok = check_list(c, "}", true);
	else if (eat(c, "["))
		ok = check_list(c, "]", false);
	else
		ok = eat(c, "true") || eat(c, "false") || eat(c, "null") || check_number(c);
	c->depth--;
	return ok;
}

static bool json_valid(const char *text, size_t n)
{
	struct check c = {(const unsigned char *)text, (const unsigned char *)text + n, 0};

	return check_value(&c) && c.at == c.end;
}

/* ---- a sink into memory, through a small buffer ---------------------------- */

static char text[1 << 16];
static size_t text_len;
static char small[SINK_MIN];

static bool keep(struct sink *s)
{
	if (s->out.full || text_len + s->out.len >= sizeof(text)) {
		s->err = ENOSPC;
		return false;
	}
	memcpy(text + text_len, s->out.buf, s->out.len);
	text_len += s->out.len;
	text[text_len] = '\0';
	s->out.len = 0;
	return true;
}

static struct sink memory_sink(void)
{
	text_len = 0;
	text[0] = '\0';
	return (struct sink){.out = {.buf = small, .cap = sizeof(small)}, .flush = keep};
}

static void strings(void)
{
	static const struct {
		struct bytes in;
		const char *want;
	} rows[] = {
		{BYTES_LIT(""), "\"\""},
		{BYTES_LIT("plain"), "\"plain\""},
		{BYTES_LIT("a\"b\\c/"), "\"a\\\"b\\\\c/\""},
		{BYTES_LIT("\b\f\n\r\t\0\x1b\x7f"), "\"\\b\\f\\n\\r\\t\\u0000\\u001b\\u007f\""},
		{BYTES_LIT("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"), "\"\\u0080\\u009b\\u009f\xc2\xa0\""},
		{BYTES_LIT("\xe2\x80\xae\xf0\x9f\x98\x80"), "\"\xe2\x80\xae\xf0\x9f\x98\x80\""},
		/* what is no UTF-8: as Unicode's table 3-8 and Python's "replace" have it */
		{BYTES_LIT("\xff" "a\xc0\xaf"), "\"\ufffda\ufffd\ufffd\""},
		{BYTES_LIT("\xed\xa0\x80"), "\"\ufffd\ufffd\ufffd\""},
		{BYTES_LIT("\xe2\x82"), "\"\ufffd\""},
		{BYTES_LIT("\xf0\x9f\x98" "x"), "\"\ufffdx\""},
		{BYTES_LIT("\xf4\x90\x80\x80"), "\"\ufffd\ufffd\ufffd\ufffd\""},
		{BYTES_LIT("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf" "A"), "\"\ufffd\ufffd\ufffd\ufffdA\""},
		{BYTES_LIT("\xe0\x80\xf0\x80\xc2"), "\"\ufffd\ufffd\ufffd\ufffd\ufffd\""},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		struct sink s = memory_sink();

		sink_json_string(&s, rows[i].in);
		CHECK_ROW(i, s.flush(&s));
		CHECK_STR_ROW(i, text, rows[i].want);
		CHECK_ROW(i, json_valid(text, text_len));
	}
}

static void checker(void)
{
	static const char *const bad[] = {
		"", "{", "{\"a\"}", "[1,]", "01", "1.", "-", "\"\x1f\"", "\"\\x\"", "\"\\u00g0\"",
		"\"\xff\"", "{\"a\":1,}", "[1 2]", "tru", "\"", "{}x",
	};
	static const char *const good[] = {
		"{}", "[]", "[0,-1,10.5,\"\\u0000\"]", "{\"a\":{\"b\":[true,false]}}",
	};

	for (u32 i = 0; i < ARRAY_LEN(bad); i++)
		CHECK_ROW(i, !json_valid(bad[i], strlen(bad[i])));
	for (u32 i = 0; i < ARRAY_LEN(good); i++)
		CHECK_ROW(i, json_valid(good[i], strlen(good[i])));
}

static void percents(void)
{
	static const struct {
		u64 ppm;
		const char *want;
	} rows[] = {
		{0, "0"}, {1, "0.0001"}, {10000, "1"}, {125000, "12.5"}, {123456, "12.3456"},
		{1000000, "100"}, {79990001, "7999.0001"}, {100, "0.01"},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		struct sink s = memory_sink();

		sink_percent(&s, rows[i].ppm);
		CHECK_ROW(i, s.flush(&s));
		CHECK_STR_ROW(i, text, rows[i].want);
	}
}

/* ---- reports --------------------------------------------------------------- */

static struct task tasks[3];
static struct task_row rows[3];
static struct order_line lines[3];
static struct order order;
static struct cpu_model cpus[3];
static struct model m;
static struct report_host host;
static struct report r;
static struct names *names;

/* The least a machine can give: one process, nothing known of it. */
static void least(void)
{
	names_free(names);
	names = NULL;
	memset(tasks, 0, sizeof(tasks));
	memset(rows, 0, sizeof(rows));
	memset(lines, 0, sizeof(lines));
	tasks[0] = (struct task){
		.pid = 7, .tgid = 7, .ppid = 1, .uid = 4294967294u, .threads = 1, .priority = 20,
		.state = 'S', .name = TASK_NONE, .comm = "a\"\x1b",
	};
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		rows[i].t = &tasks[i];
		lines[i].row = i;
	}
	m = (struct model){
		.window_ns = NSEC_PER_SEC, .real_ns = 1795245600123000000ull, .ntask = 1, .row = rows,
		.boot_ns = 5 * (u64)NSEC_PER_SEC, .cpu = cpus,
	};
	order = (struct order){.n = 1, .cap = 3, .line = lines};
	host = (struct report_host){.name = "h", .kernel = "6.18", .arch = "x86_64", .backend = "walk"};
	r = (struct report){.model = &m, .host = &host, .order = &order};
}

static bool write_report(void)
{
	struct sink s = memory_sink();

	return report_json(&s, &r);
}

#define LEAST_HEAD \
	"{\"schema\":1,\"time\":1795245600.123,\"interval\":1.000," \
	"\"host\":{\"name\":\"h\",\"kernel\":\"6.18\",\"arch\":\"x86_64\",\"uptime\":5.00}," \
	"\"backend\":{\"tasks\":\"walk\",\"lost\":0,\"missing\":[]}," \
	"\"self\":{\"collect_us\":0,\"model_us\":0,\"output_us\":0,\"syscalls\":0},"

static void unknown_is_absent(void)
{
	least();
	CHECK(write_report());
	CHECK_STR(text, LEAST_HEAD
		"\"processes\":[{\"pid\":7,\"ppid\":1,\"uid\":4294967294,\"comm\":\"a\\\"\\u001b\","
		"\"state\":\"S\",\"kernel\":false,\"cpu_time_ns\":0,\"threads\":1,\"priority\":20,"
		"\"nice\":0,\"last_cpu\":0}]}\n");
	CHECK(json_valid(text, text_len - 1));
}

/* Everything there can be. */
static void most(void)
{
	static const struct report_missing missing[] = {{"zram", "not \"loaded\""}};
	struct name what = {
		.state = NAME_KNOWN,
		.cmdline = BYTES_LIT("/bin/x\0\0a\xff\n\0"), .exe = BYTES_LIT("/bin/x (deleted)"),
	};
	struct task *t = &tasks[0];

	least();
	if (names_new(&names) || names_put(names, t, &what))
		abort();
	m.names = names;
	m.have = ~0u;
	m.boot_time_ns = 1795000000987654321ull;
	m.ncpu = 2;
	m.ncpu_online = 1;
	m.tasks_lost = 3;
	cpus[0] = m.cpu_total = (struct cpu_model){
		.ppm = {[SHARE_USER] = 250000, [SHARE_IDLE] = 750000}, .online = true, .known = true,
	};
	cpus[1] = (struct cpu_model){.online = false};
	m.loadavg = (struct loadavg_raw){.load_centi = {5, 120, 1234}};
	m.totals = (struct task_totals){1, 2, 3, {4, 5, 6, 7, .known = true, .frozen = 8, .frozen_known = true}};
	m.memory = (struct memory_model){
		.total = 1000, .used = 100, .available = 900, .free = 50, .buffers = 1, .cached = 2,
		.shmem = 3, .swap_total = 4, .swap_used = 5, .swap_in_per_s = 6, .swap_out_per_s = 7,
		.zram = {8, 9, 10, 1}, .known = true, .swap_rates_known = true, .zram_known = true,
	};
	m.pressure[PRESSURE_CPU].some = (struct pressure_line){{1, 20, 300}, 4000, true};
	m.self = (struct self_model){.collect_us = 1, .model_us = 2, .output_us = 3, .syscalls = 4, .cpu_ppm = 5000,
				     .rss_bytes = 6, .cpu_known = true};
	t->have = ~0u;
	t->frozen = true;
	t->start_boot_ns = 12345678999;
	t->runtime_ns = 30;
	t->own_runtime_ns = 10;
	t->user_ns = 20;
	t->system_ns = 10;
	t->nice = -20;
	t->priority = -100;
	t->last_cpu = 1;
	t->vsize_bytes = 500;
	t->rss_bytes = 400;
	t->shared_bytes = 100;
	t->swap_bytes = 1;
	t->min_flt = 11;
	t->maj_flt = 12;
	t->nvcsw = 13;
	t->nivcsw = 14;
	t->read_bytes = 15;
	t->write_bytes = 16;
	t->tty_nr = 0x8803;
	t->cgroup_id = 17;
	t->oom_score_adj = -1000;
	t->threads = 2;
	rows[0] = (struct task_row){
		.t = t, .have = ~ROW_GONE, .mem_ppm = 400000, .cpu_ppm = 1500000, .own_cpu_ppm = 500000,
		.faults_per_s = 18, .read_bytes_per_s = 19, .write_bytes_per_s = 20,
	};
	tasks[1] = (struct task){
		.pid = 8, .tgid = 7, .state = 'R', .thread = true, .runtime_ns = 20, .name = t->name,
		.comm = "worker",
	};
	rows[1].have = ROW_HAVE_CPU;
	rows[1].cpu_ppm = 1000000;
	m.ntask = order.n = 2;
	r.missing = missing;
	r.nmissing = 1;
	r.threads = true;
}

static void all_fields(void)
{
	most();
	CHECK(write_report());
	CHECK_STR(text,
		"{\"schema\":1,\"time\":1795245600.123,\"interval\":1.000,"
		"\"host\":{\"name\":\"h\",\"kernel\":\"6.18\",\"arch\":\"x86_64\",\"cpus\":1,"
		"\"boot_time\":1795000000.98,\"uptime\":5.00},"
		"\"backend\":{\"tasks\":\"walk\",\"lost\":3,"
		"\"missing\":[{\"source\":\"zram\",\"why\":\"not \\\"loaded\\\"\"}]},"
		"\"self\":{\"collect_us\":1,\"model_us\":2,\"output_us\":3,\"syscalls\":4,"
		"\"cpu_percent\":0.5,\"rss_bytes\":6},"
		"\"cpu\":{\"percent\":{\"user\":25,\"nice\":0,\"system\":0,\"iowait\":0,\"irq\":0,"
		"\"softirq\":0,\"steal\":0,\"guest\":0,\"idle\":75},\"per_cpu\":[{\"cpu\":0,"
		"\"percent\":{\"user\":25,\"nice\":0,\"system\":0,\"iowait\":0,\"irq\":0,"
		"\"softirq\":0,\"steal\":0,\"guest\":0,\"idle\":75}}]},"
		"\"load\":[0.05,1.20,12.34],"
		"\"tasks\":{\"processes\":1,\"threads\":2,\"kernel_threads\":3,\"running\":4,"
		"\"uninterruptible\":5,\"zombie\":6,\"stopped\":7,\"frozen\":8},"
		"\"memory\":{\"total_bytes\":1000,\"used_bytes\":100,\"available_bytes\":900,"
		"\"free_bytes\":50,\"buffers_bytes\":1,\"cached_bytes\":2,\"shmem_bytes\":3,"
		"\"zram\":{\"original_bytes\":8,\"compressed_bytes\":9,\"used_bytes\":10}},"
		"\"swap\":{\"total_bytes\":4,\"used_bytes\":5,\"in_bytes_per_s\":6,\"out_bytes_per_s\":7},"
		"\"pressure\":{\"cpu\":{\"some\":{\"avg10\":0.01,\"avg60\":0.20,\"avg300\":3.00,"
		"\"total_us\":4000}}},"
		"\"processes\":[{\"pid\":7,\"ppid\":1,\"uid\":4294967294,\"comm\":\"a\\\"\\u001b\","
		"\"cmdline\":[\"/bin/x\",\"\",\"a\ufffd\\n\"],\"exe\":\"/bin/x (deleted)\","
		"\"state\":\"S\",\"kernel\":false,\"cpu_percent\":150,\"cpu_time_ns\":30,\"user_ns\":20,"
		"\"system_ns\":10,\"threads\":2,\"priority\":-100,\"nice\":-20,\"last_cpu\":1,"
		"\"start_time\":1795000013.33,\"vsize_bytes\":500,\"rss_bytes\":400,"
		"\"shared_bytes\":100,\"swap_bytes\":1,\"memory_percent\":40,\"minor_faults\":11,"
		"\"major_faults\":12,\"faults_per_s\":18,\"voluntary_switches\":13,"
		"\"involuntary_switches\":14,\"read_bytes\":15,\"write_bytes\":16,"
		"\"read_bytes_per_s\":19,\"write_bytes_per_s\":20,\"tty\":\"pts/3\",\"cgroup_id\":17,"
		"\"oom_score_adj\":-1000,\"frozen\":true}],"
		"\"threads\":[{\"tid\":7,\"pid\":7,\"comm\":\"a\\\"\\u001b\",\"state\":\"S\","
		"\"cpu_percent\":50,\"cpu_time_ns\":10,\"last_cpu\":1},"
		"{\"tid\":8,\"pid\":7,\"comm\":\"worker\",\"state\":\"R\",\"cpu_percent\":100,"
		"\"cpu_time_ns\":20,\"last_cpu\":0}]}\n");
	CHECK(json_valid(text, text_len - 1));
	CHECK(!memchr(text, '\n', text_len - 1));
}

/* Each column says the same whatever the place where its key ended up. */
static void columns_chosen(void)
{
	static const struct column_list list = {.n = 4, .id = {COL_RSS, COL_CPU, COL_PRIVATE, COL_PID}};
	const char *at;

	most();
	r.columns = &list;
	r.threads = false;
	CHECK(write_report());
	at = strstr(text, "\"processes\":[");
	CHECK_STR(at ? at : "", "\"processes\":[{\"rss_bytes\":400,\"cpu_percent\":150,"
				"\"private_bytes\":300,\"pid\":7}]}\n");
	rows[0].have = 0;
	tasks[0].have = 0;
	CHECK(write_report());
	at = strstr(text, "\"processes\":[");
	CHECK_STR(at ? at : "", "\"processes\":[{\"pid\":7}]}\n");
}

static void kernel_threads_and_zombies(void)
{
	struct name what = {.state = NAME_KNOWN, .cmdline = BYTES_LIT("old\0"),
			    .comm = BYTES_LIT("kworker/u8:2-events_unbound")};
	static const struct column_list list = {.n = 3, .id = {COL_COMM, COL_CMDLINE, COL_KERNEL}};

	least();
	if (names_new(&names) || names_put(names, &tasks[0], &what))
		abort();
	m.names = names;
	r.columns = &list;
	tasks[0].kernel = true;
	CHECK(write_report());
	CHECK(strstr(text, "[{\"comm\":\"kworker/u8:2-events_unbound\",\"kernel\":true}]"));
	tasks[0].kernel = false;
	tasks[0].state = 'Z';
	CHECK(write_report());
	CHECK(strstr(text, "[{\"comm\":\"a\\\"\\u001b\",\"kernel\":false}]"));
	tasks[0].state = 'S';
	CHECK(write_report());
	CHECK(strstr(text, "\"cmdline\":[\"old\"],\"kernel\":false}]"));
}

/* Every byte in every string, through a buffer that has to be flushed often. */
static void hostile(void)
{
	static unsigned char all[3 * 256];
	struct name what = {.state = NAME_KNOWN, .cmdline = {all, sizeof(all)}, .exe = {all, sizeof(all)}};

	for (u32 i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)(i < 256 ? i : i < 512 ? 0xe0 + i % 32 : i * 7);
	most();
	if (names_put(names, &tasks[0], &what))
		abort();
	memset(tasks[0].comm, 0xff, sizeof(tasks[0].comm));
	memset(host.name, 0x9b, sizeof(host.name) - 1);
	CHECK(write_report());
	CHECK(json_valid(text, text_len - 1));
	names_free(names);
	names = NULL;
}

/* ---- the end of the pipe --------------------------------------------------- */

static void broken_pipe(void)
{
	char buf[SINK_MIN];
	struct sink s = {.out = {.buf = buf, .cap = sizeof(buf)}, .flush = sink_flush_fd};
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	close(fd[0]);
	signal(SIGPIPE, SIG_IGN);
	s.fd = fd[1];
	least();
	CHECK(!report_json(&s, &r));
	CHECK_EQ(s.err, EPIPE);
	CHECK(!sink_room(&s, 1));
	signal(SIGPIPE, SIG_DFL);
	close(fd[1]);
}

static void full_device(void)
{
	char buf[SINK_MIN];
	struct sink s = {.out = {.buf = buf, .cap = sizeof(buf)}, .flush = sink_flush_fd};
	FILE *full = fopen("/dev/full", "w");

	if (!full) {
		test_skip("no /dev/full");
		return;
	}
	s.fd = fileno(full);
	sink_str(&s, "x");
	CHECK(!s.flush(&s));
	CHECK_EQ(s.err, ENOSPC);
	fclose(full);
}

TESTS(json,
	{"checker", checker}, {"strings", strings}, {"percents", percents},
	{"unknown_is_absent", unknown_is_absent}, {"all_fields", all_fields},
	{"columns_chosen", columns_chosen},
	{"kernel_threads_and_zombies", kernel_threads_and_zombies}, {"hostile", hostile},
	{"broken_pipe", broken_pipe}, {"full_device", full_device})
