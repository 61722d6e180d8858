/* ui/config.c - text to settings.  One function a kind of setting; what is wrong
 * with a value is said with its line, and the value stays what it was. */
#include "ui/config.h"
#include "ui/meter.h"
#include "ui/message.h"
#include "ui/text.h"
#include "ui/value.h"

enum { TEXT_MAX = 256 };	/* the longest scalar that means anything */

/* ---- saying what is wrong ---- */

void config_log_init(struct config_log *log)
{
	log->out = (struct out){.buf = log->text, .cap = sizeof(log->text)};
	log->lines = 0;
	log->first[0] = 0;
}

void config_say(struct config_log *log, const char *file, u32 line, const char *why, const char *word)
{
	static const char program[] = "pitstop: ";
	char buf[1024];
	struct out o = {.buf = buf, .cap = sizeof(buf)};
	size_t n;

	out_str(&o, program);
	message_words(&o, (struct bytes){(const unsigned char *)file, strlen(file)});
	if (line) {
		out_char(&o, ':');
		out_u64(&o, line);
	}
	out_lit(&o, ": ");
	if (word) {
		out_char(&o, '"');
		message_words(&o, (struct bytes){(const unsigned char *)word, strlen(word)});
		out_lit(&o, "\": ");
	}
	out_str(&o, why);
	n = MIN(o.len - (sizeof(program) - 1), sizeof(log->first) - 1);
	if (!log->lines++) {
		memcpy(log->first, buf + sizeof(program) - 1, n);
		log->first[n] = 0;
	}
	out_char(&o, '\n');
	out_bytes(&log->out, buf, o.len);
}

/* ---- values ---- */

struct reader {
	const struct yaml *y;
	struct settings *s;
	const char *file;
	struct config_log *log;
	struct config_result result;
};

static bool bad(struct reader *r, const struct yaml_node *n, const char *why, const char *word)
{
	config_say(r->log, r->file, n->line, why, word);
	r->result.bad++;
	return false;
}

static bool parse_bool(const char *text, bool *v)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};

	for (u32 i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*v = i & 1;
		return true;
	}
	return false;
}

const char *setting_parse(struct settings *s, const struct setting *row, const char *text)
{
	void *at = (char *)s + row->at;
	u64 v = 0;
	s32 choice;

	switch ((enum setting_kind)row->kind) {
	case SETTING_BOOL:
		return parse_bool(text, at) ? NULL : "neither true nor false";
	case SETTING_TIME:
		if (!parse_duration(text, &v))
			return "not a duration, as 500ms or 1.5s";
		if (v < (u64)row->least * NSEC_PER_MSEC || v > (u64)row->most * NSEC_PER_MSEC)
			return "out of range";
		*(u64 *)at = v;
		return NULL;
	case SETTING_NUMBER:
		if (!parse_number(text, row->most, &v) || v < row->least)
			return "no number in its range";
		*(u32 *)at = (u32)v;
		return NULL;
	case SETTING_CHOICE:
		choice = setting_choice(row, text, strlen(text));
		if (choice < 0)
			return row->words;
		*(u8 *)at = (u8)choice;
		return NULL;
	case SETTING_METERS:
	case SETTING_TABS:
	case SETTING_TAB:
	case SETTING_COLORS:
		break;
	}
	return "not a single value";
}

/* The text of a scalar; false when the node is none. */
static bool text_of(struct reader *r, const struct yaml_node *n, char out[static TEXT_MAX])
{
	if (n->kind != YAML_SCALAR)
		return bad(r, n, "a single value belongs here", NULL);
	if (yaml_scalar(r->y, n, out, TEXT_MAX) < 0)
		return bad(r, n, "too long, or an escape that is not understood", NULL);
	return true;
}

static bool read_scalar(struct reader *r, const struct setting *row, const struct yaml_node *n)
{
	char text[TEXT_MAX], why[TEXT_MAX] = "none of: ";
	const char *wrong;

	if (!text_of(r, n, text))
		return false;
	wrong = setting_parse(r->s, row, text);
	if (wrong && wrong == row->words) {
		strncat(why, wrong, sizeof(why) - strlen(why) - 1);
		wrong = why;
	}
	return !wrong || bad(r, n, wrong, text);
}

const char *sort_parse(struct sort_choice *sort, const char *text)
{
	size_t len = strcspn(text, ":");
	enum column_id id = column_find(text, len);
	const char *way = text + len;

	if (id == COL_N)
		return "no such column";
	if (*way && strcmp(way, ":asc") != 0 && strcmp(way, ":desc") != 0)
		return "neither :asc nor :desc";
	*sort = (struct sort_choice){id, *way ? way[1] == 'd' : columns[id].big_first};
	return NULL;
}

/* ---- tabs ---- */

const char *const tab_leaf_name[TAB_LEAVES] = {
	[TAB_NAME] = "name", [TAB_COLUMNS] = "columns", [TAB_SORT] = "sort", [TAB_TREE_SORT] = "tree_sort",
	[TAB_TREE] = "tree",
};

static bool listed(const struct column_list *l, enum column_id id)
{
	for (u32 i = 0; i < l->n; i++)
		if (l->id[i] == id)
			return true;
	return false;
}

static void read_columns(struct reader *r, struct column_list *l, const struct yaml_node *n)
{
	struct column_list list = {.n = 0};
	char text[TEXT_MAX];

	if (n->kind != YAML_LIST) {
		bad(r, n, "a list belongs here, as [pid, user, command]", NULL);
		return;
	}
	for (u16 i = n->first; i; i = r->y->node[i].next) {
		const struct yaml_node *item = &r->y->node[i];
		enum column_id id;

		if (!text_of(r, item, text))
			continue;
		id = column_find(text, strlen(text));
		if (id == COL_N)
			bad(r, item, "no such column", text);
		else if (!listed(&list, id))
			list.id[list.n++] = (u8)id;
	}
	if (list.n)
		*l = list;
}

static void read_leaf(struct reader *r, struct tab_setting *t, enum tab_leaf leaf, const struct yaml_node *n)
{
	char text[TEXT_MAX];
	const char *why = NULL;

	if (leaf == TAB_COLUMNS) {
		read_columns(r, &t->columns, n);
		return;
	}
	if (!text_of(r, n, text))
		return;
	if (leaf == TAB_SORT)
		why = sort_parse(&t->sort, text);
	else if (leaf == TAB_TREE_SORT)
		why = sort_parse(&t->tree_sort, text);
	else if (leaf == TAB_TREE)
		why = parse_bool(text, &t->tree) ? NULL : "neither true nor false";
	else if (strlen(text) >= sizeof(t->name))
		why = "longer than 23 bytes";
	else
		memcpy(t->name, text, strlen(text) + 1);
	if (why)
		bad(r, n, why, text);
}

static void read_tab(struct reader *r, struct tab_setting *t, const struct yaml_node *n)
{
	char key[TEXT_MAX];

	for (u16 i = n->first; i; i = r->y->node[i].next) {
		const struct yaml_node *leaf = &r->y->node[i];
		u32 k = 0;

		if (yaml_key(r->y, leaf, key, sizeof(key)) < 0)
			key[0] = 0;
		while (k < TAB_LEAVES && strcmp(key, tab_leaf_name[k]) != 0)
			k++;
		if (k < TAB_LEAVES) {
			read_leaf(r, t, (enum tab_leaf)k, leaf);
		} else {
			config_say(r->log, r->file, leaf->line, "unknown key", key);
			r->result.unknown++;
		}
	}
}

static bool read_tabs(struct reader *r, const struct setting *row, const struct yaml_node *n)
{
	static struct settings fresh;
	u32 ntab = 0;

	(void)row;
	if (n->kind != YAML_LIST || !n->first)
		return bad(r, n, "a list belongs here, an item a tab", NULL);
	settings_init(&fresh);
	for (u16 i = n->first; i; i = r->y->node[i].next) {
		const struct yaml_node *item = &r->y->node[i];
		struct tab_setting *t;

		if (item->kind != YAML_MAP) {
			bad(r, item, "a tab has a name and columns", NULL);
			continue;
		}
		if (ntab == SETTINGS_TABS)
			return bad(r, item, "more tabs than 8", NULL);
		t = &r->s->tab[ntab++];
		*t = fresh.tab[0];
		read_tab(r, t, item);
	}
	r->s->ntab = MAX(ntab, 1u);
	return true;
}

static bool read_groups(struct reader *r, const struct setting *row, const struct yaml_node *n)
{
	(void)row;
	if (n->kind != YAML_MAP)
		return bad(r, n, "columns, sort, tree_sort and tree belong here", NULL);
	read_tab(r, &r->s->cgroups, n);
	return true;
}

/* ---- meters ---- */

bool meter_name(const char *name)
{
	size_t n = strlen(name);
	u32 cpu;

	return n < SETTINGS_NAME && meter_find(name, &cpu) &&
	       n == strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789()_.-");
}

/* "Memory graph": a name, and a mode unless it is the meter's own. */
static const char *parse_meter(struct meter_setting *m, char *text)
{
	char *mode = strchr(text, ' ');

	*m = (struct meter_setting){.mode = METER_AUTO};
	if (mode) {
		*mode++ = 0;
		while (m->mode < METER_MODES && strcmp(mode, meter_mode_name[m->mode]) != 0)
			m->mode++;
		if (m->mode == METER_MODES)
			return "its mode is none of: auto bar text graph led";
	}
	if (!meter_name(text))
		return "no meter that is known here";
	memcpy(m->name, text, strlen(text) + 1);
	return NULL;
}

static void read_meter_column(struct reader *r, struct meter_column *c, const struct yaml_node *n)
{
	char text[TEXT_MAX];

	if (n->kind != YAML_LIST) {
		bad(r, n, "a list belongs here, as [CPU bar, Memory bar]", NULL);
		return;
	}
	for (u16 i = n->first; i; i = r->y->node[i].next) {
		const struct yaml_node *item = &r->y->node[i];
		const char *why = "more than 32 in one column";

		if (!text_of(r, item, text))
			continue;
		if (c->n < SETTINGS_METERS)
			why = parse_meter(&c->meter[c->n], text);
		if (why)
			bad(r, item, why, text);
		else
			c->n++;
	}
}

static bool read_meters(struct reader *r, const struct setting *row, const struct yaml_node *n)
{
	char text[TEXT_MAX];
	u32 at = 0;

	(void)row;
	if (n->kind == YAML_SCALAR) {
		if (!text_of(r, n, text))
			return false;
		if (strcmp(text, "auto") != 0)
			return bad(r, n, "neither auto nor a list for each column", text);
	} else if (n->kind != YAML_LIST) {
		return bad(r, n, "a list for each column belongs here", NULL);
	}
	memset(r->s->meters, 0, sizeof(r->s->meters));
	for (u16 i = n->first; i; i = r->y->node[i].next) {
		if (at == HEADER_COLUMNS)
			return bad(r, &r->y->node[i], "more columns than 4", NULL);
		read_meter_column(r, &r->s->meters[at++], &r->y->node[i]);
	}
	return true;
}

/* ---- colours ---- */

s32 style_find(const char *name, size_t len)
{
	for (s32 i = 0; i < STYLE_N; i++)
		if (!strncmp(style_name((enum style)i), name, len) && !style_name((enum style)i)[len])
			return i;
	return -1;
}

static bool read_colors(struct reader *r, const struct setting *row, const struct yaml_node *n)
{
	char text[TEXT_MAX];

	(void)row;
	if (n->kind != YAML_MAP)
		return n->kind == YAML_NULL || bad(r, n, "a map belongs here, as {bar_user: green}", NULL);
	for (u16 i = n->first; i; i = r->y->node[i].next) {
		const struct yaml_node *item = &r->y->node[i];
		struct look look;
		s32 style;

		if (yaml_key(r->y, item, text, sizeof(text)) < 0)
			text[0] = 0;
		style = style_find(text, strlen(text));
		if (style < 0) {
			config_say(r->log, r->file, item->line, "unknown key", text);
			r->result.unknown++;
		} else if (text_of(r, item, text)) {
			if (look_parse(&look, text))
				r->s->color[style] = look;
			else
				bad(r, item, "no colour, as in: red, \"#ff8800 bold\", 208 on black", text);
		}
	}
	return true;
}

/* ---- the whole ---- */

static void say_yaml(void *arg, u32 line, const char *why)
{
	struct reader *r = arg;

	config_say(r->log, r->file, line, why, NULL);
}

static bool (*const read_kind[])(struct reader *, const struct setting *, const struct yaml_node *) = {
	[SETTING_BOOL] = read_scalar, [SETTING_TIME] = read_scalar, [SETTING_NUMBER] = read_scalar,
	[SETTING_CHOICE] = read_scalar, [SETTING_METERS] = read_meters, [SETTING_TABS] = read_tabs,
	[SETTING_TAB] = read_groups, [SETTING_COLORS] = read_colors,
};

struct config_result config_read(struct settings *s, struct yaml *y, struct bytes text, const char *file,
				 struct config_log *log)
{
	struct reader r = {y, s, file, log, {0}};
	char key[TEXT_MAX];

	r.result.broken = !yaml_parse(y, text, say_yaml, &r);
	for (u16 i = y->node[0].first; i; i = y->node[i].next) {
		const struct yaml_node *n = &y->node[i];
		const struct setting *row;

		if (n->bad)
			continue;
		row = yaml_key(y, n, key, sizeof(key)) < 0 ? NULL : setting_find(key, strlen(key));
		if (row) {
			read_kind[row->kind](&r, row, n);
		} else {
			config_say(log, file, n->line, "unknown key", key);
			r.result.unknown++;
		}
	}
	return r.result;
}
