/* ui/config_write.c - settings to text. */
#include "ui/config.h"
#include "ui/text.h"
#include "ui/value.h"

/* ---- scalars ---- */

/* Whether a word means itself wherever it stands, in flow too. */
static bool plain(const char *s)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.%+()-* ";
	size_t n = strlen(s);

	return n && s[strspn(s, fine)] == 0 && s[0] != ' ' && s[n - 1] != ' ' && !strchr("-%*", s[0]);
}

static void write_word(struct out *o, const char *s)
{
	static const char hex[] = "0123456789abcdef";

	if (plain(s)) {
		out_str(o, s);
		return;
	}
	out_char(o, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			out_char(o, '\\');
		if ((u8)*s >= ' ' && *s != 0x7f) {
			out_char(o, *s);
			continue;
		}
		out_lit(o, "\\x");
		out_char(o, hex[(u8)*s >> 4]);
		out_char(o, hex[*s & 15]);
	}
	out_char(o, '"');
}

static void write_bool(struct out *o, bool v)
{
	out_str(o, v ? "true" : "false");
}

/* ---- tabs ---- */

static void write_sort(struct out *o, const struct sort_choice *s)
{
	write_word(o, columns[s->column].title);
	out_str(o, s->descending ? ":desc" : ":asc");
}

void tab_leaf_write(struct out *o, const struct tab_setting *t, enum tab_leaf leaf)
{
	switch (leaf) {
	case TAB_NAME:
		write_word(o, t->name);
		return;
	case TAB_COLUMNS:
		for (u32 i = 0; i < t->columns.n; i++) {
			out_str(o, i ? ", " : "[");
			write_word(o, columns[t->columns.id[i]].title);
		}
		out_char(o, ']');
		return;
	case TAB_SORT:
		write_sort(o, &t->sort);
		return;
	case TAB_TREE_SORT:
		write_sort(o, &t->tree_sort);
		return;
	case TAB_TREE:
		write_bool(o, t->tree);
		return;
	case TAB_LEAVES:
		return;
	}
}

void tab_write(struct out *o, const struct tab_setting *t, u32 indent)
{
	for (u32 i = 0; i < TAB_LEAVES; i++) {
		out_pad(o, ' ', indent);
		out_str(o, i ? "  " : "- ");
		out_str(o, tab_leaf_name[i]);
		out_lit(o, ": ");
		tab_leaf_write(o, t, (enum tab_leaf)i);
		out_char(o, '\n');
	}
}

/* ---- meters, colours ---- */

static void write_meters(struct out *o, const struct settings *s)
{
	u32 n = HEADER_COLUMNS;

	while (n && !s->meters[n - 1].n)
		n--;
	if (!n)
		out_lit(o, "auto");
	for (u32 i = 0; i < n; i++) {
		out_str(o, i ? ", [" : "[[");
		for (u32 j = 0; j < s->meters[i].n; j++) {
			const struct meter_setting *m = &s->meters[i].meter[j];

			if (j)
				out_lit(o, ", ");
			out_str(o, m->name);
			if (m->mode == METER_AUTO)
				continue;
			out_char(o, ' ');
			out_str(o, meter_mode_name[m->mode]);
		}
		out_char(o, ']');
	}
	if (n)
		out_char(o, ']');
}

static void write_colors(struct out *o, const struct settings *s)
{
	bool any = false;

	for (u32 i = 0; i < STYLE_N; i++) {
		if (!s->color[i].set)
			continue;
		out_str(o, any ? ", " : "{");
		out_str(o, style_name((enum style)i));
		out_lit(o, ": \"");
		look_write(o, &s->color[i]);
		out_char(o, '"');
		any = true;
	}
	out_str(o, any ? "}" : "{}");
}

/* ---- a setting ---- */

void setting_write(struct out *o, const struct settings *s, const struct setting *row)
{
	const void *at = (const char *)s + row->at;
	char text[DURATION_TEXT];
	struct bytes word;

	switch ((enum setting_kind)row->kind) {
	case SETTING_BOOL:
		write_bool(o, *(const bool *)at);
		return;
	case SETTING_TIME:
		out_bytes(o, text, duration_write(text, *(const u64 *)at));
		return;
	case SETTING_NUMBER:
		out_u64(o, *(const u32 *)at);
		return;
	case SETTING_CHOICE:
		word = setting_word(row, *(const u8 *)at);
		out_bytes(o, (const char *)word.p, word.n);
		return;
	case SETTING_METERS:
		write_meters(o, s);
		return;
	case SETTING_TABS:
		out_char(o, '\n');
		for (u32 i = 0; i < s->ntab; i++)
			tab_write(o, &s->tab[i], 2);
		return;
	case SETTING_TAB:
		for (u32 i = TAB_COLUMNS; i < TAB_LEAVES; i++) {
			out_str(o, i == TAB_COLUMNS ? "{" : ", ");
			out_str(o, tab_leaf_name[i]);
			out_lit(o, ": ");
			tab_leaf_write(o, at, (enum tab_leaf)i);
		}
		out_char(o, '}');
		return;
	case SETTING_COLORS:
		write_colors(o, s);
		return;
	}
}

/* ---- the file ---- */

void config_write(struct out *o, const struct settings *s)
{
	out_lit(o, "# Configuration of pitstop, a strict part of YAML: $XDG_CONFIG_HOME/pitstop/config.yaml\n"
		   "# or ~/.config/pitstop/config.yaml, over /etc/pitstop/config.yaml.  Every key may be\n"
		   "# left out; options of the command line win.  Ctrl-S in pitstop saves what was changed\n"
		   "# there, and leaves comments, order and all other lines as they are.\n");
	for (u32 i = 0; i < settings_count; i++) {
		const struct setting *row = &settings_table[i];

		if (!i || row->group != row[-1].group)
			out_char(o, '\n');
		out_lit(o, "# ");
		out_str(o, row->help);
		if (row->words) {
			out_lit(o, "; one of:\n#   ");
			out_str(o, row->words);
		}
		out_char(o, '\n');
		out_str(o, row->name);
		out_char(o, ':');
		if (row->kind != SETTING_TABS)
			out_char(o, ' ');
		setting_write(o, s, row);
		if (row->kind != SETTING_TABS)
			out_char(o, '\n');
	}
}

/* ---- the manual ---- */

void config_write_mdoc(struct out *o)
{
	static struct settings s;

	settings_init(&s);
	out_lit(o, ".Bl -tag -width Ds -compact\n");
	for (u32 i = 0; i < settings_count; i++) {
		const struct setting *row = &settings_table[i];

		out_lit(o, ".It Cm ");
		out_str(o, row->name);
		if (row->kind != SETTING_TABS && row->kind != SETTING_TAB) {
			out_lit(o, " : ");
			setting_write(o, &s, row);
		}
		out_char(o, '\n');
		out_str(o, row->help);
		if (row->words) {
			out_lit(o, "; one of\n.Ql ");
			out_str(o, row->words);
		}
		out_char(o, '\n');
	}
	out_lit(o, ".El\n.Pp\nElements of\n.Cm colors :\n");
	for (u32 i = 0; i < STYLE_N; i++) {
		out_str(o, style_name((enum style)i));
		out_str(o, i + 1 < STYLE_N ? i % 6 == 5 ? ",\n" : ", " : ".\n");
	}
}
