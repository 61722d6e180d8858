/* tests/unit/test_config.c - settings from text, to text, and changed in place. */
#include <stdio.h>

#include "tests/unit/test.h"
#include "ui/config_edit.h"
#include "ui/htoprc.h"

static struct yaml y;
static struct config_log conf_log;
static struct settings s, base;
static char text[65536];

static struct config_result read_text(struct settings *to, const char *from)
{
	config_log_init(&conf_log);
	memset(conf_log.text, 0, sizeof(conf_log.text));
	return config_read(to, &y, (struct bytes){(const unsigned char *)from, strlen(from)}, "f", &conf_log);
}

static const char *written(const struct settings *from)
{
	struct out o = {.buf = text, .cap = sizeof(text) - 1};

	memset(text, 0, sizeof(text));
	config_write(&o, from);
	CHECK(!o.full);
	return text;
}

/* --generate-config is the default, and comes back as itself. */
static void test_round_trip(void)
{
	static char once[65536];
	struct config_result r;

	settings_init(&s);
	memcpy(once, written(&s), sizeof(once));
	memset(&s, 0xff, sizeof(s));
	settings_init(&base);
	s = base;
	s.delay_ns = 0;
	s.ntab = 5;
	r = read_text(&s, once);
	CHECK(!r.broken && !r.bad && !r.unknown && !conf_log.lines);
	CHECK_STR(written(&s), once);
	s.theme = THEME_NORD;
	s.color[STYLE_BAR_USER] = (struct look){INK_RGB | 0x12ab, INK_INDEX | 200, ATTR_BOLD, true};
	s.layout = LAYOUT_THREE_33_34_33;
	s.meters[1].n = 2;
	s.meters[1].meter[0] = (struct meter_setting){"CPU(3)", METER_GRAPH};
	s.meters[1].meter[1] = (struct meter_setting){"Clock", METER_AUTO};
	memcpy(s.tab[1].name, "a \"b\": #c", 10);
	s.tab[1].tree = true;
	s.cgroups.columns.n = 3;
	s.cgroups.sort = (struct sort_choice){COL_GROUP_MEMORY, true};
	s.cgroups.tree = false;
	memcpy(once, written(&s), sizeof(once));
	settings_init(&s);
	r = read_text(&s, once);
	CHECK(!r.broken && !r.bad && !r.unknown);
	CHECK_STR(written(&s), once);
	CHECK_STR(s.tab[1].name, "a \"b\": #c");
	CHECK_STR(s.meters[1].meter[0].name, "CPU(3)");
	CHECK(s.cgroups.columns.n == 3 && s.cgroups.sort.column == COL_GROUP_MEMORY && !s.cgroups.tree);
}

/* Every column's title leads back to it: it is what a save writes. */
static void test_titles(void)
{
	for (u32 i = 0; i < COL_N; i++)
		CHECK_EQ_ROW(i, column_find(columns[i].title, strlen(columns[i].title)), i);
	for (u32 i = 0; i < settings_count; i++)
		CHECK_ROW(i, setting_find(settings_table[i].name, strlen(settings_table[i].name)) == &settings_table[i]);
}

static void test_wrong_values(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"delay: 1s\nnonsense: 1", "pitstop: f:2: \"nonsense\": unknown key\n"},
		{"delay: soon", "pitstop: f:1: \"soon\": not a duration, as 500ms or 1.5s\n"},
		{"delay: 1ms", "pitstop: f:1: \"1ms\": out of range\n"},
		{"delay: [1s]", "pitstop: f:1: a single value belongs here\n"},
		{"delay:", "pitstop: f:1: a single value belongs here\n"},
		{"mouse: maybe", "pitstop: f:1: \"maybe\": neither true nor false\n"},
		{"highlight_seconds: 0", "pitstop: f:1: \"0\": no number in its range\n"},
		{"memory: all", "pitstop: f:1: \"all\": none of: free htop\n"},
		{"tabs: x", "pitstop: f:1: a list belongs here, an item a tab\n"},
		{"tabs:\n  - x", "pitstop: f:2: a tab has a name and columns\n"},
		{"tabs:\n  - name: A\n    columns: [pid, foo]\n    color: red\n    sort: bar",
		 "pitstop: f:3: \"foo\": no such column\npitstop: f:4: \"color\": unknown key\n"
		 "pitstop: f:5: \"bar\": no such column\n"},
		{"tabs:\n  - name: 123456789012345678901234",
		 "pitstop: f:2: \"123456789012345678901234\": longer than 23 bytes\n"},
		{"cgroups: [pid]", "pitstop: f:1: columns, sort, tree_sort and tree belong here\n"},
		{"cgroups: {columns: [Path, foo], tree: 2}",
		 "pitstop: f:1: \"foo\": no such column\npitstop: f:1: \"2\": neither true nor false\n"},
		{"meters: some", "pitstop: f:1: \"some\": neither auto nor a list for each column\n"},
		{"meters: [[CPU dial]]", "pitstop: f:1: \"CPU\": its mode is none of: auto bar text graph led\n"},
		{"meters: [[], [], [], [], []]", "pitstop: f:1: more columns than 4\n"},
		{"colors: {nothing: red, bar_user: reddish}",
		 "pitstop: f:1: \"nothing\": unknown key\n"
		 "pitstop: f:1: \"reddish\": no colour, as in: red, \"#ff8800 bold\", 208 on black\n"},
		{"color_depth: \"\xe2\x80\xae\xc2\x9b\"",
		 "pitstop: f:1: not text\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		settings_init(&s);
		read_text(&s, rows[i].text);
		CHECK_STR_ROW(i, conf_log.text, rows[i].want);
	}
	/* and what is right beside it counts */
	settings_init(&s);
	read_text(&s, "delay: never\nhide_kernel_threads: no\nfoo: 1\ntheme: mc\n");
	CHECK(!s.hide_kernel_threads && s.theme == THEME_MC && s.delay_ns == NSEC_PER_SEC);
	CHECK_EQ(conf_log.lines, 2);
	CHECK_STR(conf_log.first, "f:1: \"never\": not a duration, as 500ms or 1.5s");
}

static void test_looks(void)
{
	static const struct {
		const char *text, *want;	/* NULL: none */
	} rows[] = {
		{"red", "red"}, {"bright-blue on black bold", "bright-blue on black bold"},
		{"#FF8800", "#ff8800"}, {"bold 208 reverse", "208 bold reverse"}, {"default", "default"},
		{"12 on #001122 underline", "bright-blue on #001122 underline"}, {"bold", "default bold"},
		{"#ff88", NULL}, {"#ff88zz", NULL}, {"256", NULL}, {"red green", NULL}, {"red on", NULL},
		{"on on red", NULL}, {"red on bold", NULL}, {"a-word-that-is-long-beyond-all", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char buf[64] = {0};
		struct out o = {.buf = buf, .cap = sizeof(buf) - 1};
		struct look l;
		bool ok = look_parse(&l, rows[i].text);

		CHECK_EQ_ROW(i, ok, rows[i].want != NULL);
		if (!ok || !rows[i].want)
			continue;
		look_write(&o, &l);
		CHECK_STR_ROW(i, buf, rows[i].want);
	}
}

/* ---- in place ---- */

static void set_delay(void) { s.delay_ns = 2 * (u64)NSEC_PER_SEC; }
static void set_tree(void) { s.tab[0].tree = true; }
static void set_columns(void) { s.tab[0].columns = (struct column_list){2, {COL_PID, COL_CMDLINE}}; }
static void drop_tab(void) { s.ntab = 1; }
static void set_meters(void)
{
	s.meters[0] = (struct meter_column){1, {{"Clock", METER_LED}}};
}
static void add_tab(void)
{
	s.tab[s.ntab] = s.tab[0];
	memcpy(s.tab[s.ntab].name, "More", 5);
	s.tab[s.ntab].columns = (struct column_list){1, {COL_PID}};
	s.ntab++;
}

static void test_edits(void)
{
	static const char two[] = "# head\ntabs: # t\n  - name: A # a\n    x: 1\n    columns: [pid, # why\n"
				  "      user]\n    sort: pid\n  # between\n  - name: B\n    columns:\n      - pid # p\n"
				  "      # u\n      - user\n# end\nmouse: true\n";
	static const struct {
		const char *text;
		void (*change)(void);
		const char *want;
	} rows[] = {
		{"delay: 1s", set_delay, "delay: 2s"},
		{"# a\ndelay:   '1s'   # b\n\nfoo: bar\n", set_delay, "# a\ndelay:   2s   # b\n\nfoo: bar\n"},
		{"delay: 1s # no newline", set_delay, "delay: 2s # no newline"},
		{"foo: bar", set_delay, "foo: bar\ndelay: 2s\n"},
		{"", set_delay, "delay: 2s\n"}, {"foo: bar\n...\n", set_delay, "foo: bar\ndelay: 2s\n...\n"},
		{"tabs:\n- name: A\n  tree: no", add_tab,
		 "tabs:\n- name: A\n  tree: no\n- name: More\n  columns: [PID]\n  sort: CPU%:desc\n"
		 "  tree_sort: PID:asc\n  tree: false\n"},
		{"meters: auto\nfoo: 1\n", set_meters, "meters: [[Clock led]]\nfoo: 1\n"},
		{"meters:\n  - [CPU] # c\n  - [] \nfoo: 1\n", set_meters,
		 "# c\nmeters: [[Clock led]] \nfoo: 1\n"},
		{two, set_tree,
		 "# head\ntabs: # t\n  - name: A # a\n    x: 1\n    columns: [pid, # why\n"
		 "      user]\n    sort: pid\n    tree: true\n  # between\n  - name: B\n    columns:\n      - pid # p\n"
		 "      # u\n      - user\n# end\nmouse: true\n"},
		{two, set_columns,
		 "# head\ntabs: # t\n  - name: A # a\n    x: 1\n    # why\n    columns: [PID, Command]\n"
		 "    sort: pid\n  # between\n  - name: B\n    columns:\n      - pid # p\n"
		 "      # u\n      - user\n# end\nmouse: true\n"},
		{two, drop_tab,
		 "# head\ntabs: # t\n  - name: A # a\n    x: 1\n    columns: [pid, # why\n"
		 "      user]\n    sort: pid\n  # between\n# p\n# u\n# end\nmouse: true\n"},
		{two, add_tab,
		 "# head\ntabs: # t\n  - name: A # a\n    x: 1\n    columns: [pid, # why\n"
		 "      user]\n    sort: pid\n  # between\n  - name: B\n    columns:\n      - pid # p\n"
		 "      # u\n      - user\n  - name: More\n    columns: [PID]\n    sort: PID:asc\n"
		 "    tree_sort: PID:asc\n    tree: false\n# end\nmouse: true\n"},
		{"tabs: [{name: A}]\nfoo: 1\n", set_columns,
		 "tabs: \n  - name: A\n    columns: [PID, Command]\n    sort: CPU%:desc\n"
		 "    tree_sort: PID:asc\n    tree: false\nfoo: 1\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		static struct settings back;
		static char got[65536];
		struct out o = {.buf = got, .cap = sizeof(got) - 1};
		struct config_result r;

		settings_init(&base);
		r = read_text(&base, rows[i].text);
		CHECK_ROW(i, !r.broken && !r.bad);
		s = base;
		rows[i].change();
		memset(got, 0, sizeof(got));
		CHECK_EQ_ROW(i, config_edit(&o, &y, &base, &s), 1);
		CHECK_STR_ROW(i, got, rows[i].want);
		settings_init(&back);
		r = read_text(&back, got);
		CHECK_ROW(i, !r.broken && !r.bad && config_agrees(&base, &s, &back));
	}
	/* nothing changed: not a byte; other tabs than were read: not at all */
	settings_init(&base);
	read_text(&base, two);
	s = base;
	CHECK_EQ(config_edit(&(struct out){.buf = text, .cap = sizeof(text)}, &y, &base, &s), 0);
	CHECK(!strncmp(text, two, sizeof(two) - 1));
	base.ntab = 1;
	set_tree();
	CHECK_EQ(config_edit(&(struct out){.buf = text, .cap = sizeof(text)}, &y, &base, &s), -1);
}

/* ---- htop's file ---- */

static void import(const char *rc)
{
	config_log_init(&conf_log);
	memset(conf_log.text, 0, sizeof(conf_log.text));
	settings_init(&s);
	htoprc_read(&s, (struct bytes){(const unsigned char *)rc, strlen(rc)}, "rc", &conf_log);
}

static void test_htoprc_new(void)
{
	import("# Beware!\nhtop_version=3.2.2\nconfig_reader_min_version=3\nfields=0 1\nhide_kernel_threads=0\n"
	       "hide_userland_threads=1\nhighlight_changes=1\nhighlight_changes_delay_secs=9\nscreen_tabs=0\n"
	       "enable_mouse=0\ndelay=25\nhide_function_bar=2\nheader_layout=three_33_34_33\n"
	       "column_meters_0=AllCPUs Memory\ncolumn_meter_modes_0=1 3\ncolumn_meters_2=Tasks Clock\n"
	       "column_meter_modes_2=2 4\ntree_view=1\nsort_key=46\ncolor_scheme=4\n"
	       "screen:Main=PID USER M_RESIDENT PERCENT_CPU TIME Command\n.sort_key=PERCENT_MEM\n"
	       ".tree_sort_key=M_VIRT\n.tree_view=1\n.sort_direction=-1\n.tree_sort_direction=-1\n"
	       "screen:I/O=PID NO_SUCH IO_READ_RATE\n.sort_key=IO_READ_RATE\n.sort_direction=1\n.tree_view=0\n"
	       "header_margin=1\n");
	CHECK_STR(conf_log.text, "pitstop: rc:27: \"NO_SUCH\": a column that is not known here\n"
				 "pitstop: rc: \"header_margin\": of no meaning here\n");
	CHECK(!s.hide_kernel_threads && s.hide_user_threads && s.highlight_changes && !s.show_tabs && !s.mouse);
	CHECK(!s.show_function_bar && s.highlight_seconds == 9 && s.delay_ns == 2500ull * NSEC_PER_MSEC);
	CHECK(s.layout == LAYOUT_THREE_33_34_33 && s.theme == THEME_MC && s.ntab == 2);
	CHECK_STR(s.meters[0].meter[1].name, "Memory");
	CHECK(s.meters[0].n == 2 && s.meters[0].meter[1].mode == METER_GRAPH && !s.meters[1].n);
	CHECK(s.meters[2].meter[1].mode == METER_LED);
	CHECK_STR(s.tab[0].name, "Main");
	CHECK_EQ(s.tab[0].columns.n, 6);
	CHECK(s.tab[0].columns.id[2] == COL_RSS && s.tab[0].columns.id[4] == COL_CPU_TIME);
	CHECK(s.tab[0].tree && s.tab[0].sort.column == COL_MEMORY && s.tab[0].sort.descending);
	CHECK(s.tab[0].tree_sort.column == COL_VSIZE && s.tab[0].tree_sort.descending);
	CHECK_STR(s.tab[1].name, "I/O");
	CHECK(s.tab[1].columns.n == 2 && !s.tab[1].sort.descending && s.tab[1].sort.column == COL_READ_RATE);
}

/* Every column of htop that is one here, by name and by number (htop's
 * ProcessField.h, less one). */
static void test_htoprc_columns(void)
{
	static const struct {
		const char *name, *number;
		enum column_id id;
	} rows[] = {
		{"PID", "0", COL_PID}, {"Command", "1", COL_CMDLINE}, {"STATE", "2", COL_STATE},
		{"PPID", "3", COL_PPID}, {"PGRP", "4", COL_PGRP}, {"SESSION", "5", COL_SESSION},
		{"TTY", "6", COL_TTY}, {"TPGID", "7", COL_TPGID}, {"MINFLT", "9", COL_MINOR_FAULTS},
		{"CMINFLT", "10", COL_CMINFLT}, {"MAJFLT", "11", COL_MAJOR_FAULTS},
		{"CMAJFLT", "12", COL_CMAJFLT}, {"UTIME", "13", COL_USER_TIME},
		{"STIME", "14", COL_SYSTEM_TIME}, {"CUTIME", "15", COL_CUTIME}, {"CSTIME", "16", COL_CSTIME},
		{"PRIORITY", "17", COL_PRIORITY}, {"NICE", "18", COL_NICE},
		{"STARTTIME", "20", COL_START_TIME}, {"PROCESSOR", "37", COL_LAST_CPU},
		{"M_VIRT", "38", COL_VSIZE}, {"M_RESIDENT", "39", COL_RSS}, {"M_SHARE", "40", COL_SHARED},
		{"M_TRS", "41", COL_CODE}, {"M_DRS", "42", COL_DATA}, {"ST_UID", "45", COL_UID},
		{"PERCENT_CPU", "46", COL_CPU}, {"PERCENT_MEM", "47", COL_MEMORY}, {"USER", "48", COL_USER},
		{"TIME", "49", COL_CPU_TIME}, {"NLWP", "50", COL_THREADS}, {"TGID", "51", COL_TGID},
		{"PERCENT_NORM_CPU", "52", COL_CPU_OF_ALL}, {"ELAPSED", "53", COL_ELAPSED},
		{"SCHEDULERPOLICY", "54", COL_POLICY}, {"RCHAR", "102", COL_RCHAR}, {"WCHAR", "103", COL_WCHAR},
		{"SYSCR", "104", COL_SYSCR}, {"SYSCW", "105", COL_SYSCW}, {"RBYTES", "106", COL_READ},
		{"WBYTES", "107", COL_WRITE}, {"CNCLWB", "108", COL_CNCLWB},
		{"IO_READ_RATE", "109", COL_READ_RATE}, {"IO_WRITE_RATE", "110", COL_WRITE_RATE},
		{"IO_RATE", "111", COL_IO_RATE}, {"CGROUP", "112", COL_CGROUP}, {"OOM", "113", COL_OOM_SCORE},
		{"IO_PRIORITY", "114", COL_IO_PRIORITY}, {"M_PSS", "118", COL_PSS}, {"M_SWAP", "119", COL_SWAP},
		{"M_PSSWP", "120", COL_SWAP_PSS}, {"CTXT", "121", COL_SWITCHES}, {"SECATTR", "122", COL_LABEL},
		{"COMM", "123", COL_COMM}, {"EXE", "124", COL_EXE}, {"CWD", "125", COL_CWD},
		{"AUTOGROUP_ID", "126", COL_AUTOGROUP}, {"AUTOGROUP_NICE", "127", COL_AUTOGROUP_NICE},
		{"CCGROUP", "128", COL_CCGROUP}, {"CONTAINER", "129", COL_CONTAINER},
		{"M_PRIV", "130", COL_PRIVATE}, {"GPU_TIME", "131", COL_GPU_TIME},
		{"GPU_PERCENT", "132", COL_GPU}, {"ISCONTAINER", "133", COL_IN_CONTAINER},
	};
	char rc[96];

	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(rc, sizeof(rc), "config_reader_min_version=3\nscreen:x=%s\n", rows[i].name);
		import(rc);
		CHECK_ROW(i, s.tab[0].columns.n == 1 && s.tab[0].columns.id[0] == rows[i].id);
		snprintf(rc, sizeof(rc), "fields=%s\n", rows[i].number);
		import(rc);
		CHECK_ROW(i, s.tab[0].columns.n == 1 && s.tab[0].columns.id[0] == rows[i].id);
	}
}

/* htop 2: numbers, halves, and directions of another meaning. */
static void test_htoprc_old(void)
{
	import("fields=0 48 17 38 46 1\nsort_key=46\nsort_direction=1\ntree_view=0\nhide_threads=0\n"
	       "left_meters=LeftCPUs x,y Swap\nleft_meter_modes=1 2 3\nright_meters=Tasks\nright_meter_modes=2\n");
	CHECK(s.tab[0].columns.n == 6 && s.tab[0].columns.id[3] == COL_VSIZE);
	CHECK(s.tab[0].sort.column == COL_CPU && s.tab[0].sort.descending && s.ntab == 2);
	CHECK_STR(s.meters[0].meter[0].name, "LeftCPUs");
	CHECK(s.meters[0].n == 2 && s.meters[0].meter[1].mode == METER_GRAPH);
	CHECK(s.meters[1].n == 1 && s.meters[1].meter[0].mode == METER_TEXT);
	import("config_reader_min_version=9\ndelay=15\nscreen:Main=PID\n");
	CHECK_STR(conf_log.text, "pitstop: rc:1: \"9\": written by a newer htop: what is understood is taken\n");
	CHECK(s.delay_ns == 1500ull * NSEC_PER_MSEC && s.tab[0].columns.n == 1);
}

TESTS(config, {"round_trip", test_round_trip}, {"titles", test_titles}, {"wrong_values", test_wrong_values},
      {"looks", test_looks}, {"edits", test_edits}, {"htoprc_new", test_htoprc_new},
      {"htoprc_columns", test_htoprc_columns}, {"htoprc_old", test_htoprc_old})
