/* tests/unit/test_keys.c - events in, state out. */
#include "tests/unit/own.h"
#include "tests/unit/typing.h"
#include "ui/keybar.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* ---- the state in words: what differs from the start ---- */

static void say(struct out *o, const char *what)
{
	if (o->len)
		out_char(o, ' ');
	out_str(o, what);
}

static void say_u32(struct out *o, const char *what, u32 v)
{
	if (!v)
		return;
	say(o, what);
	out_char(o, ' ');
	out_u64(o, v);
}

static void say_text(struct out *o, const char *what, const char *text)
{
	if (!*text)
		return;
	say(o, what);
	out_char(o, ' ');
	out_str(o, text);
}

static const char *describe(void)
{
	static const char *const mode[MODE_N] = {
		"", "search:", "filter:", "sort:", "user:", "help:", "signal:", "cpus:", "io:",
		"policy:", "rt:", "ask:", "result:", "list:", "list-search:", "list-filter:", "detail:", "visual:",
	};
	static char text[512];
	const struct {
		bool is;
		const char *name;
	} flag[] = {
		{ui.spec.tree, "tree"}, {ui.follow, "follow"}, {ui.paused, "paused"},
		{ui.spec.threads, "threads"}, {ui.spec.kernel, "kernel"},
		{ui.no_header, "no-header"}, {ui.spec.by_user, "by-user"},
		{ui.search_failed, "failed"}, {ui.fold_all, "fold-all"}, {ui.quit, "quit"},
		{ui.interrupt, "interrupt"}, {ui.suspend, "suspend"}, {ui.redraw_all, "redraw"},
		{ui.resample, "resample"}, {ui.hide_cursor, "no-cursor"},
	};
	struct out o = {.buf = text, .cap = sizeof(text) - 1};

	out_str(&o, mode[ui.mode]);
	say_u32(&o, "pid", ui.cursor.pid);
	say_u32(&o, "top", ui.top);
	say_u32(&o, "left", ui.hscroll);
	say_u32(&o, "folded", ui.folded.n);
	say_u32(&o, "tagged", ui.tagged.n);
	say_u32(&o, "typed", ui.pid_typed);
	say_u32(&o, "help", ui.help_top);
	if (ui.deed.due)
		say(&o, "due");
	if (ui.sort != COL_CPU || !ui.spec.descending) {
		say(&o, columns[ui.sort].title);
		out_str(&o, ui.spec.descending ? "v" : "^");
	}
	say_text(&o, "find", ui.search);
	say_text(&o, "only", ui.spec.filter);
	for (u32 i = 0; i < ARRAY_LEN(flag); i++)
		if (flag[i].is)
			say(&o, flag[i].name);
	text[o.len] = 0;
	return text;
}

/* ---- keys on forty processes: 10, 20 ... 400, all children of 10 ---- */

static void moving(void)
{
	static const struct {
		const char *keys, *want;
	} rows[] = {
		{"", ""},
		{"<Down>", "pid 20"},
		{"<Down><Ctrl-N>j<Alt-j><Up>", "pid 40"},
		{"<Up>", "pid 10"},
		{"<Ctrl-P><Alt-k>", "pid 10"},
		{"k", "signal:"},
		{"<PgDn>", "pid 170 top 16"},
		{"<PgDn><PgDn><PgDn>", "pid 400 top 23"},
		{"<PgDn><PgUp>", "pid 10"},
		{"<Ctrl-D>", "pid 90 top 8"},
		{"<Ctrl-D><Ctrl-U>", "pid 10"},
		{"<End>", "pid 400 top 23"},
		{"G<Home>", "pid 10"},
		{"Ggg", "pid 10"},
		{"Gg", "pid 400 top 23"},
		{"gj", "pid 20"},		/* completes nothing: a key of its own */
		{"<Right>", "left 5"},
		{"<Ctrl-F><Alt-l><Ctrl-B>", "left 5"},
		{"<Left><Alt-h>", ""},
		{"<Right><Right>^", ""},
		{"$<Ctrl-A>", ""},
		{"F", "pid 10 follow"},
		{"FF", "pid 10"},
		{"F<Esc>", "pid 10"},
		{"j<Esc>", "pid 20 no-cursor"},
		{"j<Esc>j", "pid 30"},
		{"<PgDn><S-Up><Alt-Up>", "pid 170 top 14"},
		{"<PgDn><S-Down>", "pid 170 top 16"},	/* the cursor is the first line */
		{"<S-Down>", ""},
		{"j<Alt-Down><Alt-Down><S-Down>", "pid 20 top 1"},
		{"jG<Ctrl-O>", "pid 20 top 1"},
		{"jG<Ctrl-O><Alt-o>", "pid 400 top 23"},
		{"jG<Ctrl-O><Ctrl-O><Alt-o><Alt-o>", "pid 400 top 24"},	/* and a line says so */
		{"jGgg<Ctrl-O><Ctrl-O>", "pid 20 top 1"},
		{"jjV", "visual: pid 30"},
		{"jjVjjkj ", "pid 50 tagged 3 resample"},
		{"jjVkk ", "pid 10 tagged 3 resample"},
		{"jjVG ", "pid 400 top 23 tagged 38 resample"},
		{"jjVgg ", "pid 10 tagged 3 resample"},
		{"V<PgDn> ", "pid 170 top 16 tagged 17 resample"},
		{"jVj<Esc>", "pid 30 resample"},
		{"jVjq#t", "visual: pid 30"},
		{"V<F9><Enter>", "pid 10 due"},
		{" Vjx<Enter>", "ask: pid 30 tagged 1"},
		{"V<F8>", "pid 10 due"},
		{"V}", "pid 10 due"},
		{"V{", "pid 10 due"},
		{"jVjjc", "pid 40 tagged 3 resample"},
		{"Vc", "pid 10 tagged 40 resample"},	/* all are its children */
		{"jc", "pid 20 tagged 1"},
		{"Vyp", "pid 10 resample"},
		{"zo", ""},			/* there is no tree */
		{"{qk1F}", ""},			/* pasted text is no key */
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		start();
		fake_many(&fake, TASKS);
		draw();
		keys(i, rows[i].keys);
		CHECK_STR_ROW(i, describe(), rows[i].want);
		fake_free(&fake);
	}
}

/* ---- keys on the server ---- */

static const struct {
	const char *keys, *want;
} choices[] = {
	{"/post", "search: pid 900 find post"},
	{"/post<F3>", "search: pid 950 find post"},
	{"/post<F3><F3>", "search: pid 900 find post"},
	{"/post<S-F3>", "search: pid 950 find post"},
	{"<F3>POSTG<Enter>", "pid 900 find POSTG follow"},
	{"/post<Enter>n", "pid 950 find post follow"},
	{"/post<Enter>nn", "pid 900 find post follow"},
	{"/post<Enter><S-F3>", "pid 950 find post follow"},
	{"/nowhere", "search: pid 4121 find nowhere failed"},
	{"/nowhere<Ctrl-U>", "search: pid 4121"},
	{"/cc1x<Backspace>", "search: pid 4121 find cc1"},
	{"/nothing|sshd", "search: pid 410 find nothing|sshd"},
	{"/two words<Ctrl-W>", "search: pid 900 find two  failed"},
	{"/post<Esc>", "pid 900"},
	{"/post<Enter>/", "search: pid 900 follow"},
	{"/q1F", "search: find q1F failed"},
	{"/{post}", "search: pid 900 find post"},
	{"/{a\nb\033c}", "search: pid 4121 find abc failed"},
	{"/r\xc3\xa9<Backspace>\xc3\xa9", "search: pid 1400 find r\xc3\xa9"},
	{"/post<Down>", "search: pid 900 find post"},
	{"/post<PgDn>", "pid 4100 find post"},
	{"/ot<Home>p<Right>s<End>g", "search: pid 900 find postg"},
	{"/pXXt<Ctrl-B><Backspace><Ctrl-H>os", "search: pid 900 find post"},
	{"/xpost<Ctrl-A><Delete><Ctrl-E>g", "search: pid 900 find postg"},
	{"/xpost<Ctrl-A><Ctrl-D>", "search: pid 900 find post"},
	{"/post one<Ctrl-Left><Ctrl-K><Backspace>", "search: pid 900 find post"},
	{"/a b post<Alt-b><Ctrl-U>", "search: pid 900 find post"},
	{"/a post<Home><Ctrl-Right><Right><Ctrl-U>", "search: pid 900 find post"},
	{"/a post<Home><Alt-d><Delete>", "search: pid 900 find post"},
	{"/p\xc3\xa9st<Left><Left><Backspace>o", "search: pid 900 find post"},
	{"/p\xc3\xa9st<Ctrl-A><Ctrl-F><Delete>o", "search: pid 900 find post"},
	{"/post<Enter>/sshd<Enter>/<Up>", "search: pid 410 find sshd follow"},
	{"/post<Enter>/sshd<Enter>/<Up><Up><Up>", "search: pid 900 find post follow"},
	{"/post<Enter>/sshd<Enter>/x<Up><Up><Ctrl-N><Down><Down>", "search: pid 410 find x follow failed"},
	{"/post<Enter>/post<Enter>/<Ctrl-P><Ctrl-P>", "search: pid 900 find post follow"},
	{"\\a<Enter>\\<Esc>\\<Up>", "filter: only a"},
	{"\\user = 0 <Enter>", "only user = 0 "},
	{"\\uid = 0<Ctrl-W>", "filter: only uid = 0"},	/* in force until the next is complete */
	{"\\uid = 0<Backspace>12 x<Enter>", "filter: only uid = 12 "},	/* no filter to leave with */
	{"/post<Ctrl-A>", "search: pid 900 find post"},
	{"\\post", "filter: only post"},
	{"\\post<Enter>", "only post"},
	{"<F4>post<Enter><F4>g", "filter: only postg"},
	{"\\post<Enter>\\<Esc>", ""},
	{"\\post<Enter>j", "pid 950 only post"},
	{"\\{post}", "filter: only post"},
	{"t", "PID^ tree"},
	{"tt", ""},
	{"<F5>Ptt", "tree"},
	{"M", "MEM%v"},
	{"T", "TIME+v"},
	{"N", "PID^"},
	{"NP", ""},
	{"I", "CPU%^"},
	{"II", ""},
	{"Z", "paused"},
	{"ZZ", "resample"},
	{"H", "threads resample"},
	{"K", "kernel"},
	{"#", "no-header"},
	{"##", "resample"},
	{"4121", "pid 4121 typed 4121"},
	{"412", "typed 412"},
	{"41<Down>21", "pid 900 typed 21"},
	{"<F6>", "sort:"},
	{"<F6><Up><Up><Enter>", "PRIVv"},
	{"<F6>res<Enter>", "RESv"},
	{"<F6>xyz<Enter>", ""},
	{",<Home><Enter>", "PID^"},
	{"<F6><Down><Esc>", ""},
	{"u", "user:"},
	{"uroot<Enter>", "by-user"},
	{"uroot<Enter>u<Home><Enter>", ""},
	{"u<Down><F10>", ""},
	{"h", "help:"},
	{"?<Down>", "help: help 1"},
	{"<F1><PgDn>", "help: help 22"},
	{"<F1>GggjG<Home>", "help:"},
	{"hx", ""},
	{"<F1>q", ""},
	{"q", "quit"},
	{"<F10>", "quit"},
	{"<Ctrl-C>", "quit interrupt"},
	{"/a<Ctrl-C>", "search: pid 4121 find a quit interrupt"},
	{"<Ctrl-Z>", "suspend"},
	{"<Ctrl-L>", "redraw resample"},
};

static void choosing(void)
{
	for (u32 i = 0; i < ARRAY_LEN(choices); i++) {
		start();
		fake_server(&fake);
		draw();
		keys(i, choices[i].keys);
		CHECK_STR_ROW(i, describe(), choices[i].want);
		fake_free(&fake);
	}
}

static void folding(void)
{
	static const struct {
		const char *keys, *want;
		u32 lines;
	} rows[] = {
		{"", "PID^ tree", 10},
		{"+", "folded 1 PID^ tree", 1},
		{"-", "folded 1 PID^ tree", 1},
		{"=+", "PID^ tree", 10},
		{"j-", "pid 410 folded 1 PID^ tree", 7},
		{"*", "PID^ tree fold-all", 6},
		{"jj*", "pid 410 PID^ tree fold-all", 6},
		{"**", "PID^ tree", 10},
		{"*j+", "pid 410 folded 1 PID^ tree fold-all", 7},
		{"jjjj<Backspace>", "pid 4100 folded 1 PID^ tree", 8},
		{"jjjj<Backspace><Backspace>", "pid 410 folded 2 PID^ tree", 7},
		{"<Backspace>", "PID^ tree", 10},
		{"zc", "pid 1 folded 1 PID^ tree", 1},
		{"zczo", "pid 1 PID^ tree", 10},
		{"zazaza", "pid 1 folded 1 PID^ tree", 1},
		{"jjjzc", "pid 4100 folded 1 PID^ tree", 8},
		{"jjjzczc", "pid 410 folded 2 PID^ tree", 7},
		{"jjjza", "pid 4100 folded 1 PID^ tree", 8},
		{"jjjzC", "pid 410 folded 2 PID^ tree", 7},
		{"jjjzCzO", "pid 410 PID^ tree", 10},
		{"jjjzCzo", "pid 410 folded 1 PID^ tree", 8},
		{"zM", "PID^ tree fold-all", 6},
		{"zMzM", "PID^ tree fold-all", 6},
		{"zMzR", "PID^ tree", 10},
		{"zcggzR", "pid 1 PID^ tree", 10},
		{"zj", "pid 410 PID^ tree", 10},	/* completes nothing: a key of its own */
		{"<S-F6>", "folded 1 PID^ tree", 1},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		start();
		fake_server(&fake);
		draw();
		keys(i, "t");
		keys(i, rows[i].keys);
		CHECK_STR_ROW(i, describe(), rows[i].want);
		CHECK_EQ_ROW(i, fake.order.n, rows[i].lines);
		fake_free(&fake);
	}
}

/* Tags are of processes; c takes the branch below as well. */
static void tagging(void)
{
	static const struct {
		const char *keys, *want;
	} rows[] = {
		{" ", "pid 410 tagged 1 PID^ tree"},
		{"  ", "pid 4100 tagged 2 PID^ tree"},
		{" <Up> ", "pid 410 PID^ tree"},
		{"c", "tagged 10 PID^ tree"},
		{"jjc", "pid 4100 tagged 3 PID^ tree"},
		{"jjcU", "pid 4100 PID^ tree"},
		{"<F9>", "signal: PID^ tree"},
		{"k", "signal: PID^ tree"},
		{"<F9><Esc>", "PID^ tree"},
		{"<F9><Enter>", "due PID^ tree"},
		{"  <F9><Enter>", "ask: pid 4100 tagged 2 PID^ tree"},
		{"  <F9><Enter><Enter>", "ask: pid 4100 tagged 2 PID^ tree"},	/* too soon */
		{"  <F9><Enter><Esc>", "pid 4100 tagged 2 PID^ tree"},
		{"<F8>", "due PID^ tree"},
		{"  ]", "pid 4100 tagged 2 due PID^ tree"},
		{"{", "due PID^ tree"},
		{"a", "cpus: PID^ tree"},
		{"a<Enter>", "due PID^ tree"},
		{"a<Down> <Enter>", "cpus: PID^ tree"},		/* none is ticked */
		{"a<Down>  <Enter>", "due PID^ tree"},
		{"an<Enter>", "cpus: PID^ tree"},
		{"ana<Enter>", "due PID^ tree"},
		{"  a<Enter>", "ask: pid 4100 tagged 2 PID^ tree"},
		{"i", "io: PID^ tree"},
		{"iID<Enter>", "due PID^ tree"},
		{"Y<Enter>", "due PID^ tree"},
		{"Y <Home> <Enter>", "policy: PID^ tree"},
		{"YR<Enter>", "policy: PID^ tree"},		/* "reset on fork" is first */
		{"YRR<Enter>", "rt: PID^ tree"},
		{"YF<Enter>99<Enter>", "due PID^ tree"},
		{"YF<Enter><Esc>", "PID^ tree"},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		start();
		fake_server(&fake);
		draw();
		keys(i, "t");
		keys(i, rows[i].keys);
		CHECK_STR_ROW(i, describe(), rows[i].want);
		fake_free(&fake);
	}
}

/* What a y copies, and what is said; pids of the server, in a tree. */
static void copying(void)
{
	static const struct {
		const char *keys, *text, *said;
	} rows[] = {
		{"yp", "1", "copied PID: 1"},
		{"jyp", "410", "copied PID: 410"},
		{"jyn", "sshd", "copied name: sshd"},
		{"jyl", "sshd: /usr/sbin/sshd -D", "copied command line: sshd: /usr/sbin/sshd -D"},
		{"jyu", "root", "copied user: root"},
		{"4100yu", "70001", "copied user: 70001"},
		{"1400yn", "?[31mred", "copied name: ?[31mred"},
		{"1400yl", "?[31mr\xc3\xa9""d \xe6\x97\xa5\xe6\x9c\xac",
		 "copied command line: ?[31mr\xc3\xa9""d \xe6\x97\xa5\xe6\x9c\xac"},
		{"yg", "", "there is nothing to copy: no GPU% is known"},
		{"yv", "", "there is nothing to copy: no VRAM is known"},
		{"Vjjyp", "1\n410\n4100", "copied PID of 3 processes"},
		{"jVkyp", "1\n410", "copied PID of 2 processes"},
		{" j yp", "1\n4100", "copied PID of 2 processes"},
		{" Vjyp", "410\n4100", "copied PID of 2 processes"},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		start();
		fake_server(&fake);
		draw();
		keys(i, "t");
		keys(i, rows[i].keys);
		CHECK_EQ_ROW(i, ui.yank.due, *rows[i].text != 0);
		CHECK_EQ_ROW(i, ui.yank.n, strlen(rows[i].text));
		CHECK_ROW(i, !memcmp(ui.yank.text, rows[i].text, ui.yank.n));
		CHECK_STR_ROW(i, ui.message, rows[i].said);
		fake_free(&fake);
	}
}

/* The line as --batch has it: whole, whatever the screen shows of it. */
static void copying_a_line(void)
{
	start();
	fake_server(&fake);
	draw();
	keys(0, "1200<Right><Right>yy");
	ui.yank.text[ui.yank.n] = 0;
	CHECK_STR(ui.yank.text, "1200 70003       39  19  308M 78848 59136 T   0.0   0.5  24:36.00 "
				"/usr/bin/python3 /srv/app.py --port 80");
	CHECK_EQ(ui.yank.lines, 1);
	fake_free(&fake);
}

/* Whole lines only, and what was left out is said. */
static void copying_too_much(void)
{
	static char long_name[250];
	u32 want;

	memset(long_name, 'x', sizeof(long_name) - 1);
	want = (CLIPBOARD_TEXT + 1) / (u32)sizeof(long_name);
	start();
	fake_free(&fake);
	fake_init(&fake, 400);
	fake_step(&fake);
	for (u32 i = 1; i <= 300; i++)
		fake_add(&fake, &(struct fake_task){.pid = i, .comm = "x", .cmdline = long_name});
	draw();
	keys(0, "VGyl");
	CHECK_EQ(ui.yank.lines, want);
	CHECK_EQ(ui.yank.n, want * sizeof(long_name) - 1);
	CHECK(strstr(ui.message, "no room for"));
	fake_free(&fake);
}

static void copying_too_long_a_line(void)
{
	static char long_name[CLIPBOARD_TEXT + 2];

	memset(long_name, 'x', sizeof(long_name) - 1);
	start();
	fake_free(&fake);
	fake_init(&fake, 4);
	fake_step(&fake);
	fake_add(&fake, &(struct fake_task){.pid = 1, .comm = "x", .cmdline = long_name});
	draw();
	keys(0, "yl");
	CHECK_EQ(ui.yank.lines, 0);
	CHECK_STR(ui.message, "too long to copy: command line");
	fake_free(&fake);
}

/* Who has ended, or is hidden, is passed over; what came back is another. */
static void jumping_over_the_dead(void)
{
	static const u32 some[] = {10, 30, 400};

	start();
	fake_many(&fake, TASKS);
	draw();
	keys(0, "jG<Home>GggjjG");	/* left: 20, 10, 400, 30 */
	sample(some, 3);
	keys(0, "<Ctrl-O>");
	CHECK_EQ(ui.cursor.pid, 30);
	keys(0, "<Ctrl-O>");
	CHECK_EQ(ui.cursor.pid, 10);
	keys(0, "<Ctrl-O>");
	CHECK_EQ(ui.cursor.pid, 10);
	CHECK_STR(ui.message, "no older place to go back to");
	keys(0, "<Alt-o><Alt-o><Alt-o>");
	CHECK_EQ(ui.cursor.pid, 400);
	CHECK_STR(ui.message, "no newer place to go to");
	fake_free(&fake);
}

/* ---- the cursor over samples ---- */

static void cursor_stays(void)
{
	static const u32 first[] = {10, 20, 30, 40}, turned[] = {40, 30, 20, 10};
	static const u32 gone[] = {40, 30, 10};

	start();
	sample(first, 4);
	CHECK_EQ(ui.cursor.pid, 0);		/* nobody chosen: the first line */
	sample(turned, 4);
	CHECK_EQ(ui.line, 0);
	sample(first, 4);
	keys(0, "j");
	CHECK_EQ(ui.cursor.pid, 20);
	sample(turned, 4);
	CHECK_EQ(ui.cursor.pid, 20);
	CHECK_EQ(ui.line, 2);
	sample(gone, 3);			/* its line is taken by 10 */
	CHECK_EQ(ui.line, 2);
	CHECK_EQ(ui.cursor.pid, 10);
	sample(gone, 1);
	CHECK_EQ(ui.line, 0);
	CHECK_EQ(ui.cursor.pid, 40);
	fake_free(&fake);
}

/* The same pid with another start is another process. */
static void cursor_knows_a_new_process(void)
{
	static const u32 first[] = {10, 20, 30};

	start();
	sample(first, 3);
	keys(0, "jF");
	CHECK(ui.follow);
	fake_step(&fake);
	add(30, 9);
	add(20, 8);
	add(10, 7);
	fake.tasks.task[1].start_boot_ns++;
	draw();
	CHECK_EQ(ui.cursor.pid, 20);		/* by its line, not by its number */
	CHECK(!ui.follow);
	fake_free(&fake);
}

static void sink_to_end(u32 pid)
{
	fake_step(&fake);
	for (u32 i = 1; i <= TASKS; i++)
		add(10 * i, 10 * i == pid ? 0 : 1000 - i);
	draw();
}

static void follow_scrolls(void)
{
	start();
	fake_many(&fake, TASKS);
	draw();
	keys(0, "j");
	sink_to_end(20);
	CHECK_EQ(ui.line, TASKS - 1);
	CHECK_EQ(ui.top, 0);
	keys(0, "F");
	CHECK_EQ(ui.top, TASKS - BODY_ROWS);
	fake_many(&fake, TASKS);
	draw();
	CHECK_EQ(ui.cursor.pid, 20);
	CHECK_EQ(ui.top, 1);
	fake_free(&fake);
}

static void smaller_screen(void)
{
	struct surface s = {COLS, 12, COLS, cells, false};
	struct frame f = frame();

	start();
	fake_many(&fake, TASKS);
	draw();
	keys(0, "<PgDn><F1><Esc>");
	CHECK_STR(describe(), "pid 170 top 16");
	f.model = &fake.model;
	view_draw(&s, &ui, &f);
	CHECK_STR(describe(), "pid 170 top 16");
	press(KEY_END, 0);
	draw();
	view_draw(&s, &ui, &f);
	CHECK(ui.line - ui.top < ui.body_rows);
	fake_free(&fake);
}

static void hidden_thread(void)
{
	start();
	fake_server(&fake);
	draw();
	keys(0, "H901");
	CHECK_EQ(ui.cursor.pid, 901);
	keys(0, "H");
	CHECK_EQ(ui.cursor.pid, 900);
	fake_free(&fake);
}

/* ---- mouse ---- */

static void mouse(void)
{
	start();
	fake_server(&fake);
	draw();
	click(MOUSE_LEFT, BODY - 1, 6);			/* PID */
	CHECK_STR(describe(), "PID^");
	click(MOUSE_LEFT, BODY - 1, 6);
	CHECK_STR(describe(), "PIDv");
	keys(0, "P");
	click(MOUSE_LEFT, BODY + 1, 30);
	CHECK_STR(describe(), "pid 900");
	click(MOUSE_LEFT, BODY + 15, 30);		/* below the last */
	CHECK_STR(describe(), "pid 900");
	click(MOUSE_LEFT, 2, 2);			/* header: nothing */
	click(MOUSE_RIGHT, BODY, 2);
	click(MOUSE_LEFT, 99, 99);
	CHECK_STR(describe(), "pid 900");
	click(MOUSE_LEFT, ROWS - 1, 33);		/* F5Tree */
	CHECK_STR(describe(), "pid 900 PID^ tree");
	draw();
	click(MOUSE_LEFT, BODY + ui.line, 30);		/* on the selected row */
	CHECK_STR(describe(), "pid 900 folded 1 PID^ tree");
	click(MOUSE_LEFT, ROWS - 1, 41);		/* F6SortBy */
	CHECK_EQ(ui.mode, MODE_SORT);
	draw();
	click(MOUSE_LEFT, BODY + 5, 3);			/* RES */
	CHECK_STR(describe(), "pid 900 folded 1 RESv tree");
	click(MOUSE_LEFT, ROWS - 1, 18);		/* F3Search */
	CHECK_EQ(ui.mode, MODE_SEARCH);
	click(MOUSE_LEFT, BODY, 30);			/* elsewhere ends it */
	CHECK_EQ(ui.mode, MODE_NORMAL);
	fake_free(&fake);
}

static void double_click(void)
{
	start();
	fake_server(&fake);
	draw();
	click(MOUSE_LEFT, BODY + 1, 30);
	click(MOUSE_LEFT, BODY + 1, 30);
	CHECK_STR(describe(), "detail: pid 900 resample");
	CHECK_EQ(ui.detail.who.pid, 900);
	CHECK_EQ(ui.watched.pid, 900);
	draw();
	keys(0, "q");
	CHECK_EQ(ui.watched.pid, 0);
	click(MOUSE_LEFT, BODY + 2, 30);
	now_ns += NSEC_PER_SEC;			/* too late */
	click(MOUSE_LEFT, BODY + 2, 30);
	CHECK_EQ(ui.mode, MODE_NORMAL);
	click(MOUSE_LEFT, BODY + 1, 30);	/* on another */
	CHECK_EQ(ui.mode, MODE_NORMAL);
	keys(0, "t");
	ui.resample = false;
	now_ns += NSEC_PER_SEC;
	click(MOUSE_LEFT, BODY + ui.line, 30);
	CHECK_STR(describe(), "pid 900 folded 1 PID^ tree");
	click(MOUSE_LEFT, BODY + ui.line, 30);
	CHECK_STR(describe(), "detail: pid 900 PID^ tree resample");
	fake_free(&fake);
}

/* The page about 4100: its child, its parent, theirs; and back. */
static void going_around(void)
{
	static const struct {
		const char *keys;
		enum mode mode;
		u32 page, cursor;
	} rows[] = {
		{"4100<Enter>", MODE_DETAIL, 4100, 4100},
		{"4100<Enter><Enter>", MODE_DETAIL, 4100, 4100},	/* on no one's line */
		{"4100<Enter>Gkk<Enter>", MODE_DETAIL, 4122, 4100},
		{"4100<Enter>Gkkk<Enter>", MODE_DETAIL, 4121, 4100},
		{"4100<Enter>Gkkk<Enter>Gkk<Enter>", MODE_DETAIL, 1, 4100},
		{"4100<Enter>Gkkk<Enter>Gkkkk<Enter>", MODE_DETAIL, 4100, 4100},
		{"4100<Enter>Gkkk<Enter>q", MODE_NORMAL, 4121, 4121},
		{"H901<Enter>", MODE_DETAIL, 900, 901},
	};

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		start();
		fake_server(&fake);
		draw();
		keys(i, rows[i].keys);
		CHECK_EQ_ROW(i, ui.mode, rows[i].mode);
		CHECK_EQ_ROW(i, ui.detail.who.pid, rows[i].page);
		CHECK_EQ_ROW(i, ui.cursor.pid, rows[i].cursor);
		fake_free(&fake);
	}
}

static void wheel(void)
{
	start();
	fake_many(&fake, TASKS);
	draw();
	click(MOUSE_WHEEL_DOWN, BODY, 3);
	CHECK_STR(describe(), "pid 110 top 10");
	click(MOUSE_WHEEL_UP, BODY, 3);
	CHECK_STR(describe(), "pid 10");
	fake_free(&fake);
}

TESTS(keys, {"moving", moving}, {"choosing", choosing}, {"folding", folding},
      {"tagging", tagging}, {"copying", copying}, {"copying_a_line", copying_a_line},
      {"copying_too_much", copying_too_much},
      {"copying_too_long_a_line", copying_too_long_a_line}, {"jumping_over_the_dead", jumping_over_the_dead},
      {"cursor_stays", cursor_stays},
      {"cursor_knows_a_new_process", cursor_knows_a_new_process},
      {"follow_scrolls", follow_scrolls}, {"smaller_screen", smaller_screen},
      {"hidden_thread", hidden_thread}, {"mouse", mouse}, {"double_click", double_click}, {"going_around", going_around},
      {"wheel", wheel})
