/* ui/htoprc.c - "key=value" lines as htop 2 to 3.5 write them (htop's Settings.c
 * says what they mean).  Screens and columns have names since reader version 3,
 * numbers before. */
#include "ui/config_file.h"
#include "ui/htoprc.h"
#include "ui/message.h"
#include "ui/value.h"

#include <stdlib.h>

enum { READER = 3, HTOPRC_MAX = 65536, WORD = 48, TENTHS_MS = 100 };

/* htop's columns by the number in files before version 3 (one less than in
 * ProcessField.h), by name, and as they are called here where that differs. */
static const struct htop_column {
	u8 number;
	const char *name, *here;
} htop_columns[] = {
	{0, "PID", NULL}, {1, "Command", NULL}, {2, "STATE", NULL}, {3, "PPID", NULL}, {4, "PGRP", NULL},
	{5, "SESSION", NULL}, {6, "TTY", NULL}, {6, "TTY_NR", "tty"}, {7, "TPGID", NULL},
	{9, "MINFLT", NULL}, {11, "MAJFLT", NULL}, {13, "UTIME", NULL}, {14, "STIME", NULL},
	{17, "PRIORITY", NULL}, {18, "NICE", NULL}, {20, "STARTTIME", "start_time"},
	{37, "PROCESSOR", "last_cpu"}, {38, "M_VIRT", "virt"}, {38, "M_SIZE", "virt"},
	{39, "M_RESIDENT", "res"}, {40, "M_SHARE", "shr"}, {45, "ST_UID", "uid"},
	{46, "PERCENT_CPU", "cpu"}, {47, "PERCENT_MEM", "mem"}, {48, "USER", NULL}, {49, "TIME", NULL},
	{50, "NLWP", NULL}, {51, "TGID", NULL}, {52, "PERCENT_NORM_CPU", "ncpu"}, {53, "ELAPSED", NULL},
	{54, "SCHEDULERPOLICY", "policy"}, {106, "RBYTES", NULL}, {107, "WBYTES", NULL},
	{109, "IO_READ_RATE", "read_bytes_per_s"}, {110, "IO_WRITE_RATE", "write_bytes_per_s"},
	{111, "IO_RATE", "io_bytes_per_s"}, {112, "CGROUP", NULL}, {113, "OOM", NULL},
	{114, "IO_PRIORITY", NULL}, {118, "M_PSS", "pss"}, {119, "M_SWAP", "swap"}, {121, "CTXT", NULL},
	{123, "PROC_COMM", "comm"}, {124, "PROC_EXE", "exe"}, {125, "CWD", NULL},
	{130, "M_PRIV", "priv"},
};

static const u8 color_schemes[] = {
	THEME_DEFAULT, THEME_MONO, THEME_BLACK_ON_WHITE, THEME_LIGHT, THEME_MC, THEME_BLACK_NIGHT,
	THEME_BROKEN_GRAY, THEME_NORD,
};

struct import {
	struct settings *s;
	const char *file;
	struct config_log *log;
	u32 line;
	u32 version;			/* config_reader_min_version */
	struct tab_setting *tab;	/* whose lines come */
	u32 ntab;			/* screens so far */
	bool old_order;			/* htop 2: a direction of 1 is the column's own */
	bool meters;			/* the first of them was seen */
	u64 dropped[HEADER_COLUMNS];	/* bit for each meter that is left out: its mode is too */
	char others[1024];		/* keys that mean nothing here */
	struct out other;
};

static void say(const struct import *im, const char *why, const char *word)
{
	config_say(im->log, im->file, im->line, why, word);
}

/* The next word of *text, cut to its room; false at the end. */
static bool next_word(const char **text, char word[static WORD])
{
	size_t n;

	*text += strspn(*text, " \t");
	n = strcspn(*text, " \t");
	if (!n)
		return false;
	memcpy(word, *text, MIN(n, (size_t)WORD - 1));
	word[MIN(n, (size_t)WORD - 1)] = 0;
	*text += n;
	return true;
}

/* ---- screens ---- */

static enum column_id find_column(const struct import *im, const char *word)
{
	u64 number = UINT64_MAX;
	enum column_id id = COL_N;
	bool numbered = parse_number(word, 255, &number);

	for (u32 i = 0; i < ARRAY_LEN(htop_columns) && id == COL_N; i++) {
		const struct htop_column *c = &htop_columns[i];
		const char *here = c->here ? c->here : c->name;

		if (numbered ? c->number == number : !strcmp(c->name, word))
			id = column_find(here, strlen(here));
	}
	if (id == COL_N)
		id = column_find(word, strlen(word));
	if (id == COL_N)
		say(im, "a column that is not known here", word);
	return id;
}

static void take_columns(const struct import *im, struct column_list *l, const char *value)
{
	struct column_list list = {.n = 0};
	char word[WORD];

	while (next_word(&value, word)) {
		enum column_id id = find_column(im, word);
		bool twice = false;

		for (u32 i = 0; i < list.n; i++)
			twice |= list.id[i] == id;
		if (id != COL_N && !twice)
			list.id[list.n++] = (u8)id;
	}
	if (list.n)
		*l = list;
	else
		say(im, "no column of it is known here: those of the main screen are shown", NULL);
}

static void take_screen(struct import *im, const char *name, const char *value)
{
	struct tab_setting *t = &im->s->tab[im->ntab];
	static struct settings fresh;
	struct out shown = {.buf = t->name, .cap = sizeof(t->name) - 1};

	im->tab = NULL;
	if (im->ntab == SETTINGS_TABS) {
		say(im, "more screens than 8: this one is left out", name);
		return;
	}
	settings_init(&fresh);
	*t = fresh.tab[0];
	memset(t->name, 0, sizeof(t->name));
	message_words(&shown, (struct bytes){(const unsigned char *)name, strlen(name)});
	im->tab = t;
	im->s->ntab = ++im->ntab;
	take_columns(im, &t->columns, value);
}

static void take_sort(const struct import *im, struct sort_choice *sort, const char *value)
{
	enum column_id id = find_column(im, value);

	if (id != COL_N)
		*sort = (struct sort_choice){id, columns[id].big_first};
}

static void take_direction(const struct import *im, struct sort_choice *sort, const char *value)
{
	bool down = value[0] == '-';

	sort->descending = im->old_order ? down != columns[sort->column].big_first : down;
}

/* Since version 3 these stand there once more for older readers. */
static bool old_screen_key(const char *key)
{
	static const char *const keys[] = {
		"fields", "sort_key", "tree_sort_key", "sort_direction", "tree_sort_direction", "tree_view",
		"tree_view_always_by_pid", "all_branches_collapsed",
	};

	for (u32 i = 0; i < ARRAY_LEN(keys); i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

/* A line of a screen; false when it says something that has no meaning here. */
static bool screen_line(struct import *im, const char *key, const char *value)
{
	struct tab_setting *t = im->tab;

	if (!strcmp(key, "fields"))
		take_columns(im, &t->columns, value);
	else if (!strcmp(key, "sort_key"))
		take_sort(im, &t->sort, value);
	else if (!strcmp(key, "tree_sort_key"))
		take_sort(im, &t->tree_sort, value);
	else if (!strcmp(key, "sort_direction"))
		take_direction(im, &t->sort, value);
	else if (!strcmp(key, "tree_sort_direction"))
		t->tree_sort.descending = value[0] == '-';
	else if (!strcmp(key, "tree_view"))
		t->tree = value[0] == '1';
	else if (strcmp(key, "tree_view_always_by_pid") != 0)
		return value[0] != '1';
	else if (value[0] == '1')
		t->tree_sort = (struct sort_choice){COL_PID, false};
	return true;
}

/* ---- meters ---- */

/* Of a header column, by either of its names; false when it is none. */
static bool meter_line(struct import *im, const char *key, const char *value)
{
	static const struct {
		const char *key;
		u8 column;
		bool modes;
	} keys[] = {
		{"left_meters", 0, false}, {"left_meter_modes", 0, true}, {"right_meters", 1, false},
		{"right_meter_modes", 1, true}, {"column_meters_0", 0, false}, {"column_meter_modes_0", 0, true},
		{"column_meters_1", 1, false}, {"column_meter_modes_1", 1, true}, {"column_meters_2", 2, false},
		{"column_meter_modes_2", 2, true}, {"column_meters_3", 3, false}, {"column_meter_modes_3", 3, true},
	};
	struct meter_column *c;
	char word[WORD];
	u32 i = 0, n = 0;
	u64 *dropped, mode;

	while (i < ARRAY_LEN(keys) && strcmp(keys[i].key, key) != 0)
		i++;
	if (i == ARRAY_LEN(keys))
		return false;
	if (!im->meters)
		memset(im->s->meters, 0, sizeof(im->s->meters));
	im->meters = true;
	c = &im->s->meters[keys[i].column];
	dropped = &im->dropped[keys[i].column];
	for (u64 bit = 1; bit && n < SETTINGS_METERS && next_word(&value, word); bit <<= 1) {
		if (keys[i].modes && !(*dropped & bit)) {
			c->meter[n++].mode = parse_number(word, METER_LED, &mode) ? (u8)mode : METER_AUTO;
		} else if (!keys[i].modes && meter_name(word)) {
			memcpy(c->meter[n++].name, word, strlen(word) + 1);
			c->n = n;
		} else if (!keys[i].modes) {
			*dropped |= bit;
			say(im, "a meter that is not known here", word);
		}
	}
	return true;
}

/* ---- settings ---- */

static void take_setting(struct import *im, const struct setting *row, const char *value)
{
	void *at = (char *)im->s + row->at;
	s32 choice;
	u64 v;

	if (row->kind == SETTING_CHOICE) {	/* by number in old files */
		choice = setting_choice(row, value, strlen(value));
		if (choice < 0 && parse_number(value, LAYOUT_N - 1, &v))
			choice = (s32)v;
		if (choice >= 0)
			*(u8 *)at = (u8)choice;
		else
			say(im, "not known here", value);
		return;
	}
	if (!parse_number(value, UINT32_MAX, &v)) {
		say(im, "no number", value);
		return;
	}
	if (row->kind == SETTING_BOOL)
		*(bool *)at = !v == row->htoprc_inverted;
	else if (row->kind == SETTING_TIME)
		*(u64 *)at = MAX(MIN(v * TENTHS_MS, (u64)row->most), (u64)row->least) * NSEC_PER_MSEC;
	else if (row->kind == SETTING_NUMBER)
		*(u32 *)at = (u32)MAX(MIN(v, (u64)row->most), (u64)row->least);
}

static void take_version(struct import *im, const char *value)
{
	u64 v = 0;

	if (!parse_number(value, UINT32_MAX, &v) || v > READER)
		say(im, "written by a newer htop: what is understood is taken", value);
	im->version = (u32)v;
	im->old_order = false;
}

static void take_scheme(struct import *im, const char *value)
{
	u64 v;

	if (parse_number(value, ARRAY_LEN(color_schemes) - 1, &v))
		im->s->theme = color_schemes[v];
	else
		say(im, "colours that are not known here", value);
}

static void take_other(struct import *im, const char *key)
{
	if (im->other.len)
		out_lit(&im->other, ", ");
	out_str(&im->other, key);
}

static void take_line(struct import *im, const char *key, const char *value)
{
	static const char screen[] = "screen:";

	for (u32 i = 0; i < settings_count; i++) {
		if (!settings_table[i].htoprc || strcmp(settings_table[i].htoprc, key) != 0)
			continue;
		take_setting(im, &settings_table[i], value);
		return;
	}
	if (!strcmp(key, "config_reader_min_version")) {
		take_version(im, value);
	} else if (!strcmp(key, "color_scheme")) {
		take_scheme(im, value);
	} else if (!strncmp(key, screen, sizeof(screen) - 1)) {
		take_screen(im, key + sizeof(screen) - 1, value);
	} else if (key[0] == '.' || old_screen_key(key)) {
		bool counts = key[0] == '.' ? im->ntab : im->version < READER && !im->ntab;

		if (counts && im->tab && !screen_line(im, key + (key[0] == '.'), value))
			take_other(im, key);
	} else if (strcmp(key, "htop_version") != 0 && !meter_line(im, key, value)) {
		take_other(im, key);
	}
}

/* ---- the file ---- */

void htoprc_read(struct settings *s, struct bytes text, const char *file, struct config_log *log)
{
	struct import im = {.s = s, .file = file, .log = log, .tab = &s->tab[0], .old_order = true};

	im.other = (struct out){.buf = im.others, .cap = sizeof(im.others) - 1};
	while (text.n) {
		const unsigned char *nl = memchr(text.p, '\n', text.n), *eq;
		size_t n = nl ? (size_t)(nl - text.p) : text.n;
		char line[2048], *value;

		im.line++;
		eq = memchr(text.p, '=', n);
		if (n >= sizeof(line)) {
			say(&im, "longer than any line htop writes", NULL);
		} else if (eq && text.p[0] != '#' && !memchr(text.p, 0, n)) {
			memcpy(line, text.p, n);
			line[n] = 0;
			value = line + (eq - text.p);
			*value++ = 0;
			take_line(&im, line, value);
		}
		text.p += n + !!nl;
		text.n -= n + !!nl;
	}
	im.others[im.other.len] = 0;
	im.line = 0;
	if (im.other.len)
		say(&im, "of no meaning here", im.others);
}

bool htoprc_load(struct settings *s, const char *named, struct config_log *log)
{
	static const struct {
		const char *dir_env, *rest, *home_rest;
	} places[] = {
		{"HTOPRC", "", ""}, {"XDG_CONFIG_HOME", "/htop/htoprc", "/.config/htop/htoprc"},
		{"HOME", "/.htoprc", "/.htoprc"},
	};
	static char text[HTOPRC_MAX];
	char path[CONFIG_PATH];
	s64 n = -1;

	if (named) {
		n = config_slurp(named, text, sizeof(text));
		if (n < 0)
			config_say(log, named, 0, strerror((int)-n), NULL);
	}
	for (u32 i = 0; i < ARRAY_LEN(places) && !named && n < 0; i++) {
		const char *var = getenv(places[i].dir_env);

		if (i == 0 && (!var || *var != '/'))
			continue;
		if (config_place(path, places[i].dir_env, places[i].rest, places[i].home_rest))
			n = config_slurp(path, text, sizeof(text));
	}
	if (n >= 0)
		htoprc_read(s, (struct bytes){(unsigned char *)text, (size_t)n}, named ? named : path, log);
	else if (!named)
		config_say(log, "--import-htoprc", 0,
			   "there is none: HTOPRC, XDG_CONFIG_HOME/htop/htoprc, ~/.config/htop/htoprc, ~/.htoprc", NULL);
	return n >= 0;
}
