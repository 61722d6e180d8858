/* ui/config_edit.c - edits are runs of bytes to replace, found by the nodes of the
 * tree, and applied in one pass. */
#include "ui/config_edit.h"

enum { EDITS = 192, POOL = 32768, VALUE = 16384 };

struct edit {
	u32 at, n;		/* these bytes of the text */
	u32 from, len;		/* become these of the pool */
};

static struct editor {
	const struct yaml *y;
	struct out pool;
	bool full;
	u32 n;
	struct edit edit[EDITS];
	char text[POOL];
} ed;

/* ---- edits ---- */

/* What is put into the pool until edit_end() replaces [at, at + n). */
static void edit_begin(u32 at, u32 n)
{
	if (ed.n == EDITS) {
		ed.full = true;
		ed.n--;
	}
	ed.edit[ed.n] = (struct edit){.at = at, .n = n, .from = (u32)ed.pool.len};
}

static void edit_end(void)
{
	struct edit e = ed.edit[ed.n];
	u32 i = ed.n++;

	e.len = (u32)ed.pool.len - e.from;
	for (; i && ed.edit[i - 1].at > e.at; i--)
		ed.edit[i] = ed.edit[i - 1];
	ed.edit[i] = e;
}

static void apply(struct out *o)
{
	const char *text = (const char *)ed.y->text.p;
	u32 at = 0;

	for (u32 i = 0; i < ed.n; i++) {
		const struct edit *e = &ed.edit[i];

		if (e->at < at) {		/* they overlap */
			ed.full = true;
			return;
		}
		out_bytes(o, text + at, e->at - at);
		out_bytes(o, ed.text + e->from, e->len);
		at = e->at + e->n;
	}
	out_bytes(o, text + at, ed.y->text.n - at);
}

/* ---- places ---- */

static u32 line_start(u32 at)
{
	while (at && ed.y->text.p[at - 1] != '\n')
		at--;
	return at;
}

/* Behind its newline, or at the end of the text. */
static u32 line_end(u32 at)
{
	const struct bytes *t = &ed.y->text;
	const unsigned char *nl = at < t->n ? memchr(t->p + at, '\n', t->n - at) : NULL;

	return nl ? (u32)(nl - t->p) + 1 : (u32)t->n;
}

/* New lines go here; the last line may want its newline first. */
static void insert_at(u32 at)
{
	bool whole = !at || ed.y->text.p[at - 1] == '\n';

	for (u32 i = 0; i < ed.n; i++)
		whole |= ed.edit[i].at == at;
	edit_begin(at, 0);
	if (!whole)
		out_char(&ed.pool, '\n');
}

/* ---- comments of what goes ---- */

/* Whether a quoted text begins here, behind c. */
static bool opens_quote(char quote, char c)
{
	return (quote == '"' || quote == '\'') && strchr(" \t\n[{,:-", c);
}

/* Puts every comment in [at, end) on a line of its own. */
static void keep_comments(u32 at, u32 end, u32 indent)
{
	const char *text = (const char *)ed.y->text.p;
	char quote = 0, before = '\n';

	for (; at < end; before = text[at++]) {
		u32 stop;

		if (quote) {
			at += text[at] == '\\' && quote == '"';
			if (at < end && text[at] == quote)
				quote = 0;
		} else if (opens_quote(text[at], before)) {
			quote = text[at];
		} else if (text[at] == '#' && strchr(" \t\n", before)) {
			stop = line_end(at);
			out_pad(&ed.pool, ' ', indent);
			out_bytes(&ed.pool, text + at, stop - at);
			if (text[stop - 1] != '\n')
				out_char(&ed.pool, '\n');
			at = MIN(stop, end) - 1;
		}
		if (at < end && text[at] == '\n')
			quote = 0;
	}
}

/* ---- values ---- */

static void replace(const struct yaml_node *node, struct bytes value)
{
	u32 end = yaml_end(ed.y, node);
	bool block = node->kind == YAML_NULL || (!node->flow && node->first);

	if (line_end(node->at) < end) {		/* over several lines */
		edit_begin(line_start(node->key_at), 0);
		keep_comments(node->at, end, node->indent);
		edit_end();
	}
	edit_begin(node->at, end - node->at);
	if (block && value.n && value.p[0] != '\n')
		out_char(&ed.pool, ' ');
	out_bytes(&ed.pool, (const char *)value.p, value.n);
	edit_end();
}

static void put_leaf(const struct tab_setting *t, enum tab_leaf leaf, u32 indent)
{
	out_pad(&ed.pool, ' ', indent);
	out_str(&ed.pool, tab_leaf_name[leaf]);
	out_lit(&ed.pool, ": ");
	tab_leaf_write(&ed.pool, t, leaf);
	out_char(&ed.pool, '\n');
}

static const struct yaml_node *child(const struct yaml_node *map, const char *name)
{
	char key[32];

	for (u16 i = map->first; i; i = ed.y->node[i].next)
		if (yaml_key(ed.y, &ed.y->node[i], key, sizeof(key)) >= 0 && !strcmp(key, name))
			return &ed.y->node[i];
	return NULL;
}

static void edit_leaf(const struct yaml_node *item, const struct tab_setting *was,
		      const struct tab_setting *is, enum tab_leaf leaf)
{
	const struct yaml_node *node = child(item, tab_leaf_name[leaf]);
	char a[2048], b[2048];
	struct out before = {.buf = a, .cap = sizeof(a)}, after = {.buf = b, .cap = sizeof(b)};

	tab_leaf_write(&before, was, leaf);
	tab_leaf_write(&after, is, leaf);
	ed.full |= after.full;
	if (before.len == after.len && !memcmp(a, b, after.len))
		return;
	if (node) {
		replace(node, (struct bytes){(const unsigned char *)b, after.len});
		return;
	}
	insert_at(line_end(yaml_end(ed.y, item)));
	put_leaf(is, leaf, ed.y->node[item->first].indent);
	edit_end();
}

/* The tabs of a block list, one by one. */
static void edit_tabs(const struct yaml_node *list, const struct settings *base, const struct settings *now)
{
	const struct yaml_node *item = NULL;
	u32 at = 0, end = 0;

	for (u16 i = list->first; i; i = item->next, at++) {
		item = &ed.y->node[i];
		end = line_end(yaml_end(ed.y, item));
		if (at < now->ntab) {
			for (u32 leaf = 0; leaf < TAB_LEAVES; leaf++)
				edit_leaf(item, &base->tab[at], &now->tab[at], (enum tab_leaf)leaf);
			continue;
		}
		edit_begin(line_start(item->at), end - line_start(item->at));
		keep_comments(line_start(item->at), end, list->indent);
		edit_end();
	}
	if (at >= now->ntab)
		return;
	insert_at(end);
	for (; at < now->ntab; at++)
		tab_write(&ed.pool, &now->tab[at], item->indent);
	edit_end();
}

/* Whether it is a list of maps, each on lines of its own; *n: how many. */
static bool plain_tabs(const struct yaml_node *list, u32 *n)
{
	*n = 0;
	for (u16 i = list->first; i; i = ed.y->node[i].next, ++*n)
		if (ed.y->node[i].kind != YAML_MAP || ed.y->node[i].flow)
			return false;
	return list->kind == YAML_LIST && !list->flow;
}

static void append(const struct setting *row, struct bytes value)
{
	insert_at(ed.y->end);
	out_str(&ed.pool, row->name);
	out_char(&ed.pool, ':');
	if (value.p[0] != '\n')
		out_char(&ed.pool, ' ');
	out_bytes(&ed.pool, (const char *)value.p, value.n);
	if (value.p[value.n - 1] != '\n')
		out_char(&ed.pool, '\n');
	edit_end();
}

/* False when the tabs of the file are not those that were read. */
static bool edit_row(const struct setting *row, struct bytes value, const struct settings *base,
		     const struct settings *now)
{
	const struct yaml_node *node = child(&ed.y->node[0], row->name);
	u32 tabs;

	if (row->kind == SETTING_TABS && plain_tabs(node, &tabs)) {
		if (tabs != base->ntab)
			return false;
		edit_tabs(node, base, now);
	} else {
		value.n -= value.p[value.n - 1] == '\n';
		replace(node, value);
	}
	return true;
}

/* ---- the whole ---- */

/* Two settings as text; false when they are not the same. */
static struct compared {
	char a[VALUE], b[VALUE];
	size_t n;			/* of b */
} pair;

static bool same(const struct settings *x, const struct settings *y, const struct setting *row)
{
	struct out a = {.buf = pair.a, .cap = VALUE}, b = {.buf = pair.b, .cap = VALUE};

	setting_write(&a, x, row);
	setting_write(&b, y, row);
	ed.full |= b.full;
	pair.n = b.len;
	return a.len == b.len && !memcmp(pair.a, pair.b, b.len);
}

s32 config_edit(struct out *o, const struct yaml *y, const struct settings *base, const struct settings *now)
{
	struct bytes value = {(const unsigned char *)pair.b, 0};
	s32 changed = 0;

	ed.y = y;
	ed.n = 0;
	ed.full = false;
	ed.pool = (struct out){.buf = ed.text, .cap = sizeof(ed.text)};
	/* New keys come behind all that is there, new tabs at its end included. */
	for (u32 i = 0; i < 2 * settings_count; i++) {
		const struct setting *row = &settings_table[i % settings_count];
		bool there = child(&y->node[0], row->name), second = i >= settings_count;

		if (there == second || same(base, now, row))
			continue;
		changed++;
		value.n = pair.n;
		if (!there)
			append(row, value);
		else if (!edit_row(row, value, base, now))
			return -1;
	}
	apply(o);
	return ed.full || ed.pool.full || o->full ? -1 : changed;
}

bool config_agrees(const struct settings *base, const struct settings *now, const struct settings *back)
{
	for (u32 i = 0; i < settings_count; i++)
		if (!same(base, now, &settings_table[i]) && !same(now, back, &settings_table[i]))
			return false;
	return true;
}
