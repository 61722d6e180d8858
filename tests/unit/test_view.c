/* tests/unit/test_view.c - whole frames from made-up models, compared as text
 * with tests/golden/NAME.txt.  GOLDEN_WRITE=1 rewrites those; read the
 * difference before committing it. */
#include "proc/history.h"
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"
#include "ui/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 200, COLS = 500, TEXT = ROWS * (COLS * GLYPH_BYTES / 4 + 1) };

static struct cell cells[ROWS * COLS];
static char got[TEXT], want[TEXT];
static struct ui_state ui;
static struct fake fake;

static void start(void)
{
	struct options o = {.sort = COL_CPU, .delay_ns = NSEC_PER_SEC};

	fake_init(&fake, 64);
	fake_server(&fake);
	ui_state_init(&ui, &o, 0);
}

static struct frame frame(void)
{
	return (struct frame){.model = &fake.model, .order = &fake.order, .backend = "walk",
			      .now_ns = NSEC_PER_SEC, .frame_us = 412};
}

static struct surface draw(const char *notice, u32 rows, u32 cols)
{
	struct surface s = {cols, rows, cols, cells, ui.ascii};
	struct frame f = frame();

	f.notice = notice;
	memset(cells, 0xff, sizeof(cells));	/* a view must draw every cell */
	view_draw(&s, &ui, &f);
	return s;
}

static void key(u32 code)
{
	struct event ev = {.kind = EVENT_KEY, .key = code};
	struct frame f = frame();

	view_event(&ui, &f, &ev, 24, 80);
}

static void type(const char *text)
{
	while (*text)
		key((unsigned char)*text++);
}

/* A row of the screen as text without the blanks at its end. */
static size_t row_text(const struct surface *s, u32 row, char *to)
{
	size_t n = 0, end = 0;

	for (u32 col = 0; col < s->cols; col++) {
		const struct cell *c = &s->cell[row * s->stride + col];

		memcpy(to + n, c->utf8, c->len);
		n += c->len;
		if (c->len && (c->len != 1 || c->utf8[0] != ' '))
			end = n;
	}
	to[end++] = '\n';
	return end;
}

static bool read_file(const char *path, char *to)
{
	FILE *f = fopen(path, "r");
	size_t n;

	to[0] = 0;
	if (!f)
		return false;
	n = fread(to, 1, TEXT - 1, f);
	to[n] = 0;
	return fclose(f) == 0;
}

static void write_file(const char *path)
{
	FILE *f = fopen(path, "w");

	CHECK(f && fputs(got, f) >= 0);
	CHECK(f && fclose(f) == 0);
}

static void golden(const char *name, const struct surface *s)
{
	char path[128];
	size_t n = 0;

	for (u32 row = 0; row < s->rows; row++)
		n += row_text(s, row, got + n);
	got[n] = 0;
	snprintf(path, sizeof(path), "tests/golden/%s.txt", name);
	if (getenv("GOLDEN_WRITE"))
		write_file(path);
	CHECK(read_file(path, want));
	if (strcmp(got, want))
		printf("# %s differs:\n%s", path, got);
	CHECK(!strcmp(got, want));
}

static void plain(void)
{
	struct surface s;

	start();
	s = draw(NULL, 24, 80);
	golden("list_80x24", &s);
	fake_free(&fake);
}

static void notice_line(void)
{
	struct surface s;

	start();
	s = draw("no BPF: reading /proc instead", 24, 80);
	golden("notice_80x24", &s);
	fake_free(&fake);
}

static void tiny(void)
{
	struct surface s;

	start();
	s = draw("no BPF: reading /proc instead", 5, 20);
	golden("list_20x5", &s);
	fake_free(&fake);
}

static void large(void)
{
	struct surface s;

	start();
	fake_cpus(&fake, 64);
	fake.cpu[3].online = false;
	fake.cpu[5].known = false;
	s = draw(NULL, 50, 200);
	golden("list_200x50", &s);
	fake_free(&fake);
}

static void ascii_tree(void)
{
	struct surface s;

	start();
	ui.ascii = true;
	type("tK");
	s = draw(NULL, 24, 80);
	golden("tree_ascii_80x24", &s);
	for (u32 i = 0; i < 24 * 80; i++)
		CHECK_ROW(i, cells[i].len == 1 && (unsigned char)cells[i].utf8[0] < 0x80);
	fake_free(&fake);
}

static void tree(void)
{
	struct surface s;

	start();
	type("tHK");
	s = draw(NULL, 30, 100);
	golden("tree_100x30", &s);
	fake_free(&fake);
}

static void filter(void)
{
	struct surface s;

	start();
	type("\\postgres");
	s = draw(NULL, 24, 80);
	golden("filter_typing_80x24", &s);
	key(KEY_ENTER);
	type("FZ");
	s = draw(NULL, 24, 80);
	golden("filter_kept_80x24", &s);
	key(KEY_F4);
	type(" and pid > 5g0 or x");
	s = draw(NULL, 24, 80);
	golden("filter_error_80x24", &s);
	for (u32 i = 0; i < 9; i++)
		key(KEY_LEFT);
	s = draw(NULL, 24, 40);
	golden("filter_error_40x24", &s);
	key(KEY_ESC);
	type("t\\cc1");
	s = draw(NULL, 24, 80);
	golden("filter_tree_80x24", &s);
	CHECK_EQ(cells[8 * 80 + 4].style, STYLE_DIM);		/* 410, and not 4121 */
	CHECK(cells[10 * 80 + 4].style != STYLE_DIM);
	fake_free(&fake);
}

static void menus(void)
{
	struct surface s;

	start();
	type(">");
	s = draw(NULL, 24, 80);
	golden("menu_sort_80x24", &s);
	key(KEY_ESC);
	type("u7");
	s = draw(NULL, 24, 80);
	golden("menu_user_80x24", &s);
	key(KEY_ESC);
	type("  k");
	s = draw(NULL, 24, 80);
	golden("menu_signal_80x24", &s);
	key(KEY_ENTER);
	s = draw(NULL, 24, 80);
	golden("ask_80x24", &s);
	ui.deed.done = true;
	ui.mode = MODE_RESULT;
	ui.deed.target[1].err = -EPERM;
	s = draw(NULL, 24, 80);
	golden("result_80x24", &s);
	fake_free(&fake);
}

static void help(void)
{
	struct surface s;

	start();
	type("h");
	s = draw(NULL, 24, 80);
	golden("help_80x24", &s);
	s = draw(NULL, 180, 80);
	golden("help_80x180", &s);
	key(KEY_END);			/* and all that is left of it */
	s = draw(NULL, 180, 80);
	CHECK(ui.help_top < 179);
	golden("help_end_80x180", &s);
	/* 80 columns show all of it: a wider screen adds nothing */
	for (u32 end = 0; end < 2; end++) {
		s = draw(NULL, 190, 100);
		for (u32 row = 0; row < s.rows - 1; row++)
			CHECK_ROW(row, s.cell[row * s.stride + 80].utf8[0] == ' ');
		key(KEY_END);
	}
	fake_free(&fake);
}

static void unknown_machine(void)
{
	struct surface s;

	start();
	fake.model.have = SRC_BIT(SRC_TASKS);
	fake.model.memory.known = false;
	fake.model.self.cpu_known = false;
	s = draw(NULL, 24, 80);
	golden("unknown_80x24", &s);
	fake_free(&fake);
}

static void no_header(void)
{
	struct surface s;

	start();
	ui.no_header = true;
	ui.hscroll = 10;
	s = draw(NULL, 12, 80);
	golden("no_header_scrolled_80x12", &s);
	fake_free(&fake);
}

static bool whole(const struct surface *s)
{
	for (u32 i = 0; i < s->rows * s->cols; i++) {
		const struct cell *c = &s->cell[i];

		if (c->len > GLYPH_BYTES || c->style >= STYLE_N || (c->len && !c->width))
			return false;
		if (c->width == 2 && ((i + 1) % s->cols == 0 || s->cell[i + 1].len))
			return false;
		if (!c->len && (i % s->cols == 0 || s->cell[i - 1].width != 2))
			return false;
	}
	return true;
}

/* Every size draws every cell, in every mode, and shows a process. */
static void sizes(void)
{
	static const struct {
		u32 rows, cols;
	} more[] = {{200, 500}, {200, 1}, {1, 500}, {50, 200}, {100, 50}};

	for (u32 ncpu = 0; ncpu <= FAKE_CPUS; ncpu = ncpu ? ncpu * 8 : 1) {
		start();
		fake_cpus(&fake, ncpu);
		for (u32 i = 0; i < 40 * 100 + ARRAY_LEN(more); i++) {
			bool listed = i < 40 * 100;
			u32 rows = listed ? i / 100 + 1 : more[i - 4000].rows;
			u32 cols = listed ? i % 100 + 1 : more[i - 4000].cols;
			struct surface s;

			ui.mode = (enum mode)(i % MODE_N);
			ui.hscroll = i % 7 ? 0 : i % 90;
			ui.no_header = i % 11 == 0;
			s = draw(i % 3 ? NULL : "something is missing", rows, cols);
			CHECK_ROW(i, whole(&s));
		}
		fake_free(&fake);
	}
}

static bool has_cursor(const struct surface *s)
{
	for (u32 i = 0; i < s->rows * s->cols; i++)
		if (s->cell[i].style == STYLE_CURSOR)
			return true;
	return false;
}

static void small_shows_a_process(void)
{
	start();
	for (u32 rows = 1; rows < 12; rows++) {
		struct surface s = draw("something is missing", rows, 20);

		CHECK_ROW(rows, has_cursor(&s));
	}
	fake_free(&fake);
}

static void empty_machine(void)
{
	struct surface s;

	start();
	fake_step(&fake);
	s = draw(NULL, 24, 80);
	CHECK(whole(&s));
	key(KEY_DOWN);
	key('F');
	type("t+*");
	s = draw(NULL, 24, 80);
	CHECK(whole(&s));
	fake_free(&fake);
}

static void needs(void)
{
	start();
	CHECK_EQ(ui_state_needs(&ui),
		 SRC_BIT(SRC_TASKS) | SRC_BIT(SRC_STAT) | SRC_BIT(SRC_MEMINFO) |
			 SRC_BIT(SRC_LOADAVG) | SRC_BIT(SRC_PRESSURE));
	type("H#");
	CHECK_EQ(ui_state_needs(&ui),
		 SRC_BIT(SRC_TASKS) | SRC_BIT(SRC_THREADS) | SRC_BIT(SRC_MEMINFO));
	type("Z");
	CHECK_EQ(ui_state_needs(&ui), SRC_BIT(SRC_MEMINFO));
	CHECK_EQ(ui_state_extra(&ui), columns_extra(&columns_default));
	fake_free(&fake);
}

static void long_text(void)
{
	start();
	key('\\');
	for (u32 i = 0; i < 300; i++)
		key(i % 2 ? 'a' : 0x65e5);
	draw(NULL, 24, 80);
	CHECK(strlen(ui.spec.filter) < FILTER_TEXT);
	CHECK(strlen(ui.spec.filter) > FILTER_TEXT - 5);
	for (u32 i = 0; i < 300; i++)
		key(KEY_BACKSPACE);
	CHECK_STR(ui.spec.filter, "");
	fake_free(&fake);
}

static void many_folds(void)
{
	struct task t = {0};

	start();
	for (u32 i = 0; i < IDSET_MAX; i++) {
		t.pid = 7 + i * 7919 % IDSET_MAX;	/* a prime: every pid once, in no order */
		CHECK_ROW(i, ui_state_fold(&ui, &t, true));
	}
	t.pid = 6;
	CHECK(!ui_state_fold(&ui, &t, true));
	for (u32 i = 0; i < IDSET_MAX; i++) {
		t.pid = 7 + i;
		CHECK_ROW(i, ui_state_folded(&ui, &t));
		CHECK_ROW(i, ui_state_fold(&ui, &t, false) && !ui_state_folded(&ui, &t));
	}
	CHECK_EQ(ui.folded.n, 0);
	fake_free(&fake);
}

/* The page about one process, after samples in which it did more and more. */
static void detail_page(void)
{
	struct surface s;
	struct model *m = &fake.model;

	start();
	setenv("TZ", "UTC", 1);
	m->boot_time_ns = m->real_ns - m->boot_ns;
	type("900");
	key(KEY_ENTER);
	history_want(&m->history, ui_state_history(&ui), ui.watched);
	for (u32 i = 0; i < 100; i++) {
		fake_server(&fake);
		for (u32 k = 0; k < m->ntask; k++) {
			m->row[k].cpu_ppm = i * 12000;
			m->row[k].have |= ROW_HAVE_IO;
			m->row[k].read_bytes_per_s = i % 10 << 20;
		}
		history_step(m->history, m, NULL);
	}
	s = draw(NULL, 24, 80);
	golden("detail_80x24", &s);
	s = draw(NULL, 50, 200);
	golden("detail_200x50", &s);
	s = draw(NULL, 10, 40);
	golden("detail_40x10", &s);
	key(KEY_END);
	s = draw(NULL, 24, 80);
	golden("detail_end_80x24", &s);
	key(KEY_HOME);
	ui.ascii = true;
	fake_many(&fake, 3);		/* it has ended */
	s = draw(NULL, 24, 80);
	golden("detail_gone_80x24", &s);
	history_free(m->history);
	fake_free(&fake);
}

/* Names, arguments and lines of files are others' bytes. */
static void detail_of_a_hostile_one(void)
{
	struct surface s;

	start();
	type("1400");
	key(KEY_ENTER);
	for (u32 rows = 1; rows < 40; rows++) {
		for (u32 cols = 1; cols < 100; cols += 7) {
			s = draw(NULL, rows, cols);
			for (u32 i = 0; i < rows * cols; i++)
				CHECK(!cells[i].len || (u8)cells[i].utf8[0] >= ' ');
		}
	}
	CHECK_EQ(s.rows, 39);
	fake_free(&fake);
}

static u32 first_pid(void)
{
	return fake.model.row[fake.order.line[0].row].t->pid;
}

/* A frame of --ludicrous so much later, with the use of CPU turned round. */
static u32 first_after(u32 ms)
{
	struct model *m = &fake.model;

	for (u32 i = 0; i < m->ntask / 2; i++) {
		u64 ppm = m->row[i].cpu_ppm;

		m->row[i].cpu_ppm = m->row[m->ntask - 1 - i].cpu_ppm;
		m->row[m->ntask - 1 - i].cpu_ppm = ppm;
	}
	m->boot_ns += ms * (u64)NSEC_PER_MSEC;
	draw(NULL, 24, 80);
	return first_pid();
}

/* Rows change places four times a second, or when there are others. */
static void rows_hold_still(void)
{
	start();
	fake_many(&fake, 20);
	fake.model.boot_ns = 100 * (u64)NSEC_PER_SEC;
	ui.spec.kernel = true;
	fake.model.self.frames.on = true;
	draw(NULL, 24, 80);
	CHECK_EQ(first_pid(), 10);
	CHECK_EQ(first_after(16), 10);
	CHECK_EQ(first_after(16), 10);
	CHECK_EQ(first_after(217), 10);
	CHECK_EQ(first_after(1), 10);	/* 250 ms: sorted, and the first is first again */
	CHECK_EQ(first_after(250), 200);
	CHECK_EQ(first_after(16), 200);
	fake.model.places++;
	CHECK_EQ(first_after(16), 200);
	fake.model.places++;
	CHECK_EQ(first_after(16), 10);
	CHECK_EQ(first_after(16), 10);
	ui.order_stale = true;		/* a key asked for it */
	CHECK_EQ(first_after(16), 10);
	fake.model.self.frames.on = false;
	CHECK_EQ(first_after(16), 200);
	CHECK_EQ(first_after(16), 10);
	fake_free(&fake);
}

/* What the header says of frames has room in half a narrow screen. */
static void times_of_frames(void)
{
	struct frames *f = &fake.model.self.frames;
	struct surface s;

	start();
	*f = (struct frames){.on = true, .shown = 990, .missed = 10};
	fake.model.self.cpu_known = true;
	fake.model.self.cpu_ppm = 23000;
	f->bucket[12] = 980;
	f->bucket[40] = 20;
	for (u32 cols = 80; cols <= 160; cols += 80) {
		size_t n = 0;

		s = draw(NULL, 24, cols);
		for (u32 row = 0; row < s.rows; row++)
			n += row_text(&s, row, got + n);
		got[n] = 0;
		CHECK_ROW(cols, strstr(got, "0.0/0.1 ms \xc2\xb7 1.0 % missed \xc2\xb7 2.3 % cpu\n"));
		CHECK_EQ_ROW(cols, strstr(got, "ms \xc2\xb7 frame 0.0/0.1 ms") != NULL, cols == 160);
	}
	fake_free(&fake);
}

TESTS(view, {"rows_hold_still", rows_hold_still}, {"times_of_frames", times_of_frames}, {"list", plain}, {"notice", notice_line}, {"tiny", tiny}, {"large", large},
      {"tree_ascii", ascii_tree}, {"tree", tree}, {"filter", filter}, {"menus", menus},
      {"help", help}, {"unknown", unknown_machine}, {"no_header", no_header}, {"sizes", sizes},
      {"small_shows_a_process", small_shows_a_process}, {"empty", empty_machine},
      {"needs", needs}, {"long_text", long_text},
      {"many_folds", many_folds}, {"detail_page", detail_page},
      {"detail_of_a_hostile_one", detail_of_a_hostile_one})
