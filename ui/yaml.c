/* ui/yaml.c - text to a tree of nodes.  Section numbers are those of YAML 1.2.2. */
#include "ui/yaml.h"
#include "ui/text.h"

struct level {
	u16 node;		/* a list or a map */
	u32 indent;		/* of its entries */
};

struct scan {
	struct yaml *y;
	u32 at, begin, end;	/* in the text: next byte, the line without its newline */
	u32 line;
	u32 bom;		/* bytes of one at the start */
	u32 depth;
	struct level level[YAML_DEPTH];
	u16 open;		/* its value may follow on lines further in; 0: none */
	u16 entry;		/* of the root: the one being read */
	bool skip;		/* up to the next key in the first column */
	bool done;		/* "..." */
};

static const char too_deep[] = "nested too deeply", unclosed[] = "a quote that is not closed on its line";

static char peek(const struct scan *s, u32 ahead)
{
	return s->at + ahead < s->end ? (char)s->y->text.p[s->at + ahead] : '\n';
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends(char c)	/* what may follow ':' and '-' */
{
	return blank(c) || c == '\n';
}

static bool wrong(struct scan *s, const char *why)
{
	struct yaml *y = s->y;

	if (y->errors++ < YAML_ERRORS)
		y->error(y->arg, s->line, why);
	y->node[s->entry].bad = true;
	s->skip = true;
	s->open = 0;
	s->depth = 1;
	return false;
}

static struct yaml_node *node_new(struct scan *s, u16 parent, u16 *id)
{
	struct yaml *y = s->y;
	struct yaml_node *up = &y->node[parent];

	if (y->n == YAML_NODES) {
		wrong(s, "more entries than there is room for");
		s->done = true;
		return NULL;
	}
	*id = (u16)y->n++;
	y->node[*id] = (struct yaml_node){.parent = parent, .line = s->line, .at = s->at,
					  .indent = s->at - s->begin};
	if (up->last)
		y->node[up->last].next = *id;
	else
		up->first = *id;
	up->last = *id;
	if (!parent)
		s->entry = *id;
	return &y->node[*id];
}

/* ---- lines ---- */

/* The next line; false at the end of the text. */
static bool next_line(struct scan *s)
{
	const struct bytes *text = &s->y->text;
	const unsigned char *nl;

	if (s->line && s->end == text->n)
		return false;
	s->begin = s->at = s->line ? s->end + 1 : s->bom;
	if (s->begin >= text->n)
		return false;
	nl = memchr(text->p + s->begin, '\n', text->n - s->begin);
	s->end = nl ? (u32)(nl - text->p) : (u32)text->n;
	s->line++;
	return true;
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && blank(peek(s, 0)))
		s->at++;
}

/* At the end of what counts on this line. */
static bool line_over(const struct scan *s)
{
	bool apart = s->at == s->begin || blank((char)s->y->text.p[s->at - 1]);

	return s->at >= s->end || (peek(s, 0) == '#' && apart);
}

/* 5.1: text and nothing else. */
static bool printable(struct scan *s)
{
	struct bytes rest = {s->y->text.p + s->begin, s->end - s->begin};
	u32 c;

	while (rest.n) {
		size_t took = utf8_decode(rest, &c);

		if (!took || (c < ' ' && !blank((char)c)) || (c >= 0x7f && c < 0xa0))
			return false;
		rest.p += took;
		rest.n -= took;
	}
	return true;
}

/* ---- scalars ---- */

/* Past a quoted text, on one line; false when it is not closed. */
static bool quoted(struct scan *s)
{
	char quote = peek(s, 0);

	for (s->at++; s->at < s->end; s->at++) {
		char c = peek(s, 0);

		if (c == '\\' && quote == '"') {
			s->at++;
		} else if (c == quote && quote == '\'' && peek(s, 1) == '\'') {
			s->at++;
		} else if (c == quote) {
			s->at++;
			return true;
		}
	}
	s->at = s->end;
	return false;
}

/* Past a plain text (7.3.3): up to a comment, ": ", or in flow an indicator. */
static void plain(struct scan *s, bool flow)
{
	u32 last = s->at;

	for (; s->at < s->end && !line_over(s); s->at++) {
		char c = peek(s, 0);

		if ((c == ':' && (ends(peek(s, 1)) || (flow && strchr(",[]{}", peek(s, 1))))) ||
		    (flow && strchr(",[]{}", c)))
			break;
		if (!blank(c))
			last = s->at + 1;
	}
	s->at = last;
}

static bool scalar(struct scan *s, struct yaml_node *node, bool flow)
{
	char c = peek(s, 0);

	node->kind = YAML_SCALAR;
	node->at = s->at;
	if (c == '"' || c == '\'') {
		if (!quoted(s))
			return wrong(s, unclosed);
	} else if (strchr("&*!|>%@`,[]{}", c) || ((c == '-' || c == '?' || c == ':') && ends(peek(s, 1)))) {
		return wrong(s, "this needs quotes: anchors, tags and blocks of text are not understood");
	} else {
		plain(s, flow);
	}
	node->n = s->at - node->at;
	return true;
}

static bool same_key(const struct yaml *y, const struct yaml_node *a, const struct yaml_node *b)
{
	return a->key_n == b->key_n && !memcmp(y->text.p + a->key_at, y->text.p + b->key_at, a->key_n);
}

/* A key and its colon; the scan ends up behind it. */
static bool key(struct scan *s, struct yaml_node *node, bool flow)
{
	const struct yaml *y = s->y;
	const struct yaml_node *other;

	node->indent = s->at - s->begin;
	if (!scalar(s, node, flow))
		return false;
	node->kind = YAML_NULL;
	node->key_at = node->at;
	node->key_n = node->n;
	skip_blanks(s);
	if (!node->key_n || peek(s, 0) != ':')
		return wrong(s, "neither \"key: value\" nor \"- value\"");
	s->at++;
	node->at = s->at;
	node->n = 0;
	for (u16 i = y->node[node->parent].first; i; i = other->next) {
		other = &y->node[i];
		if (other != node && same_key(y, other, node))
			return wrong(s, "this key is said twice");
	}
	return true;
}

/* ---- flow: 7.4 ---- */

/* To the next byte that counts, on later lines if need be. */
static bool flow_next(struct scan *s)
{
	for (;;) {
		skip_blanks(s);
		if (!line_over(s))
			return true;
		if (!next_line(s))
			return wrong(s, "a bracket that is not closed");
		if (!printable(s))
			return wrong(s, "not text");
	}
}

/* One entry of a list or a map in flow; *inner: it opens another. */
static bool flow_entry(struct scan *s, u16 parent, u16 *inner)
{
	struct yaml_node *node = node_new(s, parent, inner);
	char c;

	if (!node)
		return false;
	if (s->y->node[parent].kind == YAML_MAP) {
		if (!key(s, node, true) || !flow_next(s))
			return false;
	}
	c = peek(s, 0);
	node->flow = true;
	if (c == '[' || c == '{')
		return true;
	*inner = 0;
	return scalar(s, node, true);
}

static bool flow(struct scan *s, u16 id)
{
	struct yaml *y = s->y;
	u16 stack[YAML_DEPTH];
	u32 depth = 0;
	bool after = false;	/* an entry: a comma or the end is due */

	while (id || depth) {
		struct yaml_node *top;

		if (id) {
			if (depth == YAML_DEPTH)
				return wrong(s, too_deep);
			top = &y->node[id];
			top->kind = peek(s, 0) == '[' ? YAML_LIST : YAML_MAP;
			top->flow = true;
			top->at = s->at++;
			stack[depth++] = id;
			after = false;
		}
		top = &y->node[stack[depth - 1]];
		id = 0;
		if (!flow_next(s))
			return false;
		if (peek(s, 0) == (top->kind == YAML_LIST ? ']' : '}')) {
			top->n = ++s->at - top->at;
			depth--;
			after = true;
		} else if (after) {
			if (peek(s, 0) != ',')
				return wrong(s, "a comma or the closing bracket is missing");
			s->at++;
			after = false;
		} else {
			if (!flow_entry(s, stack[depth - 1], &id))
				return false;
			after = !id;
		}
	}
	return true;
}

/* ---- blocks: 8.2 ---- */

static bool push(struct scan *s, u16 node, u32 indent, enum yaml_kind kind)
{
	if (s->depth == YAML_DEPTH)
		return wrong(s, too_deep);
	s->y->node[node].kind = kind;
	s->level[s->depth++] = (struct level){node, indent};
	return true;
}

static bool value(struct scan *s, u16 id)
{
	struct yaml_node *node = &s->y->node[id];
	char c;

	skip_blanks(s);
	if (line_over(s)) {
		s->open = id;
		return true;
	}
	c = peek(s, 0);
	if (c == '[' || c == '{' ? !flow(s, id) : !scalar(s, node, false))
		return false;
	skip_blanks(s);
	if (!line_over(s))
		return wrong(s, "something behind the value: quote it, or begin a line");
	return true;
}

/* Whether "key:" stands here. */
static bool key_ahead(const struct scan *s)
{
	struct scan try = *s;

	if (peek(s, 0) == '[' || peek(s, 0) == '{')
		return false;
	if (peek(s, 0) == '"' || peek(s, 0) == '\'') {
		if (!quoted(&try))
			return false;
	} else {
		plain(&try, false);
	}
	skip_blanks(&try);
	return peek(&try, 0) == ':' && ends(peek(&try, 1));
}

static bool dash(const struct scan *s)
{
	return peek(s, 0) == '-' && ends(peek(s, 1));
}

/* What stands on a line behind its indentation: dashes, a key, a value. */
static bool entry(struct scan *s)
{
	u16 parent = s->level[s->depth - 1].node, id;
	struct yaml_node *node;

	while (dash(s)) {
		node = node_new(s, parent, &id);
		if (!node)
			return false;
		node->at = ++s->at;
		skip_blanks(s);
		if (dash(s)) {
			if (!push(s, id, s->at - s->begin, YAML_LIST))
				return false;
		} else if (!line_over(s) && key_ahead(s)) {
			if (!push(s, id, s->at - s->begin, YAML_MAP))
				return false;
		} else {
			return value(s, id);
		}
		parent = id;
	}
	node = node_new(s, parent, &id);
	return node && key(s, node, false) && value(s, id);
}

/* Brings the levels in step with a line's indentation. */
static bool settle(struct scan *s, u32 indent)
{
	const struct yaml *y = s->y;
	struct level *top;
	u16 open = s->open;

	s->open = 0;
	if (open) {
		const struct yaml_node *o = &y->node[open];
		bool keyed = o->key_n && dash(s);	/* a list may stand below its key */

		if ((indent > o->indent || (keyed && indent == o->indent)) &&
		    !push(s, open, indent, dash(s) ? YAML_LIST : YAML_MAP))
			return false;
	}
	for (;; s->depth--) {
		top = &s->level[s->depth - 1];
		if (s->depth == 1 || top->indent < indent)
			break;
		if (top->indent == indent && (y->node[top->node].kind == YAML_MAP || dash(s)))
			break;
	}
	if (top->indent != indent)
		return wrong(s, "indented like no line above");
	return !dash(s) || y->node[top->node].kind == YAML_LIST || wrong(s, "a list where a key belongs");
}

static bool marker(const struct scan *s, const char *three)
{
	return s->end - s->begin >= 3 && !memcmp(s->y->text.p + s->begin, three, 3) && ends(peek(s, 3));
}

static void take_line(struct scan *s)
{
	u32 indent;

	if (!printable(s)) {
		wrong(s, "not text");
		return;
	}
	if (marker(s, "---") && s->y->n == 1)
		return;
	if (marker(s, "...")) {
		s->y->end = s->begin;
		s->done = true;
		return;
	}
	while (peek(s, 0) == ' ')
		s->at++;
	indent = s->at - s->begin;
	skip_blanks(s);
	if (line_over(s))
		return;
	if (s->skip && (indent || dash(s)))
		return;
	s->skip = false;
	if (s->at - s->begin != indent)
		wrong(s, "a tab before the text: indent by blanks");
	else if (settle(s, indent))
		entry(s);
}

bool yaml_parse(struct yaml *y, struct bytes text, yaml_error_fn *error, void *arg)
{
	struct scan s = {.y = y, .depth = 1};

	if (text.n >= 3 && !memcmp(text.p, "\xef\xbb\xbf", 3))
		s.bom = 3;
	y->text = text;
	y->end = (u32)text.n;
	y->error = error;
	y->arg = arg;
	y->errors = 0;
	y->n = 1;
	y->node[0] = (struct yaml_node){.kind = YAML_MAP};
	while (!s.done && y->errors < YAML_ERRORS && next_line(&s))
		take_line(&s);
	return !y->errors;
}

/* ---- reading ---- */

static s32 hex(const unsigned char *p, u32 n)
{
	s32 v = 0;

	for (u32 i = 0; i < n; i++) {
		u32 c = p[i] | 0x20u;

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return -1;
		v = v << 4 | (s32)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return v;
}

/* 5.7, those that a name can have use for; how many bytes it takes, 0: none. */
static u32 escape(const unsigned char *p, size_t n, char *out)
{
	static const char names[] = "nt\"\\/ ", bytes[] = "\n\t\"\\/ ";
	const char *at = n > 1 ? memchr(names, p[1], sizeof(names) - 1) : NULL;
	s32 v;

	if (at) {
		*out = bytes[at - names];
		return 2;
	}
	v = n > 3 && p[1] == 'x' ? hex(p + 2, 2) : -1;
	if (v <= 0 || v > '~')
		return 0;
	*out = (char)v;
	return 4;
}

static s32 unquote(struct bytes raw, char *out, size_t cap)
{
	char quote = raw.n >= 2 && (raw.p[0] == '"' || raw.p[0] == '\'') ? (char)raw.p[0] : 0;
	size_t end = raw.n - !!quote, n = 0;

	for (size_t i = !!quote; i < end; n++) {
		char c = (char)raw.p[i];
		u32 took = 1;

		if (n + 1 >= cap)
			return -1;
		if (quote == '\'' && c == '\'')
			took = 2;
		else if (quote == '"' && c == '\\')
			took = escape(raw.p + i, end - i, &c);
		if (!took)
			return -1;
		out[n] = c;
		i += took;
	}
	out[n] = 0;
	return (s32)n;
}

s32 yaml_scalar(const struct yaml *y, const struct yaml_node *node, char *out, size_t cap)
{
	return unquote((struct bytes){y->text.p + node->at, node->kind == YAML_SCALAR ? node->n : 0}, out, cap);
}

s32 yaml_key(const struct yaml *y, const struct yaml_node *node, char *out, size_t cap)
{
	return unquote((struct bytes){y->text.p + node->key_at, node->key_n}, out, cap);
}

u32 yaml_end(const struct yaml *y, const struct yaml_node *node)
{
	while (!node->flow && node->last)
		node = &y->node[node->last];
	return node->at + node->n;
}
