/* ui/htoprc.c - "key=value" lines as htop 2 to 3.5 write them (htop's Settings.c
 * says what they mean).  Screens and columns have names since reader version 3,
 * numbers before. */
#include "ui/config_file.h"
#include "ui/htoprc.h"
#include "ui/message.h"
#include "ui/value.h"

#include <stdlib.h>

enum { READER = 3, HTOPRC_MAX = 65536, WORD = 48, TENTHS_MS = 100 };

/* htop's columns by the number in files before version 3: one less than in its
 * ProcessField.h.  By name column_find() knows them. */
static const struct {
	u8 number, id;
} numbered[] = {
	{0, COL_PID}, {1, COL_CMDLINE}, {2, COL_STATE}, {3, COL_PPID}, {4, COL_PGRP}, {5, COL_SESSION},
	{6, COL_TTY}, {7, COL_TPGID}, {9, COL_MINOR_FAULTS}, {10, COL_CMINFLT}, {11, COL_MAJOR_FAULTS},
	{12, COL_CMAJFLT}, {13, COL_USER_TIME}, {14, COL_SYSTEM_TIME}, {15, COL_CUTIME}, {16, COL_CSTIME},
	{17, COL_PRIORITY}, {18, COL_NICE}, {20, COL_START_TIME}, {37, COL_LAST_CPU}, {38, COL_VSIZE},
	{39, COL_RSS}, {40, COL_SHARED}, {41, COL_CODE}, {42, COL_DATA}, {45, COL_UID}, {46, COL_CPU},
	{47, COL_MEMORY}, {48, COL_USER}, {49, COL_CPU_TIME}, {50, COL_THREADS}, {51, COL_TGID},
	{52, COL_CPU_OF_ALL}, {53, COL_ELAPSED}, {54, COL_POLICY}, {102, COL_RCHAR}, {103, COL_WCHAR},
	{104, COL_SYSCR}, {105, COL_SYSCW}, {106, COL_READ}, {107, COL_WRITE}, {108, COL_CNCLWB},
	{109, COL_READ_RATE}, {110, COL_WRITE_RATE}, {111, COL_IO_RATE}, {112, COL_CGROUP},
	{113, COL_OOM_SCORE}, {114, COL_IO_PRIORITY}, {118, COL_PSS}, {119, COL_SWAP}, {120, COL_SWAP_PSS},
	{121, COL_SWITCHES}, {122, COL_LABEL}, {123, COL_COMM}, {124, COL_EXE}, {125, COL_CWD},
	{126, COL_AUTOGROUP}, {127, COL_AUTOGROUP_NICE}, {128, COL_CCGROUP}, {129, COL_CONTAINER},
	{130, COL_PRIVATE}, {131, COL_GPU_TIME}, {132, COL_GPU}, {133, COL_IN_CONTAINER},
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
	enum column_id id = column_find(word, strlen(word));
	u64 number;

	for (u32 i = 0; i < ARRAY_LEN(numbered) && parse_number(word, 255, &number); i++)
		if (numbered[i].number == number)
			id = (enum column_id)numbered[i].id;
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
