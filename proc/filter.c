/* proc/filter.c - the text of a filter to its program: a recursive descent over
 * the text as it stands, for words mean different things in different places. */
#include "proc/filter.h"

struct reader {
	struct filter *f;
	struct bytes text;
	size_t at;
	u32 depth;
	struct parse_error *e;
};

/* COLUMN OPERATOR, as far as it has been read. */
struct comparison {
	u32 field;
	enum filter_op op;
	enum filter_kind kind;
	size_t op_at, value_at;
};

static const struct {
	char text[3];
	u8 op;
} operators[] = {	/* longer ones first */
	{"==", FILTER_EQ}, {"!=", FILTER_NE}, {"<=", FILTER_LE}, {">=", FILTER_GE},
	{"=~", FILTER_LIKE}, {"!~", FILTER_UNLIKE},
	{"=", FILTER_EQ}, {"<", FILTER_LT}, {">", FILTER_GT}, {"~", FILTER_LIKE},
};

static const char missing_term[] = "something to filter by is missing";

static bool wrong(struct reader *r, size_t at, const char *why)
{
	*r->e = (struct parse_error){(u32)at, why};
	return false;
}

/* ---- looking at the text ---- */

/* The byte there, NUL beyond the end. */
static char look(const struct reader *r, size_t at)
{
	return at < r->text.n ? (char)r->text.p[at] : '\0';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

static size_t past_blanks(const struct reader *r, size_t at)
{
	while (is_blank(look(r, at)))
		at++;
	return at;
}

static bool text_at(const struct reader *r, size_t at, const char *what)
{
	size_t n = strlen(what);

	return n <= r->text.n - MIN(at, r->text.n) && !strncasecmp((const char *)r->text.p + at, what, n);
}

/* A word of the language, with something else behind it. */
static bool word_at(const struct reader *r, size_t at, const char *word)
{
	char next = look(r, at + strlen(word));

	return text_at(r, at, word) && (!next || is_blank(next) || next == '(' || is_quote(next) || next == '!');
}

/* Where the quote that opens there is closed, 0 when it is not. */
static size_t quote_end(const struct reader *r, size_t at)
{
	char quote = look(r, at);

	for (at++; at < r->text.n; at++) {
		if (look(r, at) == quote)
			return at;
		at += look(r, at) == '\\';
	}
	return 0;
}

/* Length of the operator there, 0 for none. */
static size_t operator_at(const struct reader *r, size_t at, enum filter_op *op)
{
	for (u32 i = 0; i < ARRAY_LEN(operators); i++) {
		if (text_at(r, at, operators[i].text)) {
			*op = (enum filter_op)operators[i].op;
			return strlen(operators[i].text);
		}
	}
	return 0;
}

static size_t name_length(const struct reader *r, size_t at)
{
	size_t end = at;

	while (end < r->text.n && !strchr(" \t=!<>~()\"'&|", look(r, end)))
		end++;
	return end - at;
}

static bool comparison_at(const struct reader *r, size_t at, struct comparison *c)
{
	const char *name = (const char *)r->text.p + at;
	size_t n = name_length(r, at);

	c->op_at = past_blanks(r, at + n);
	c->value_at = c->op_at + operator_at(r, c->op_at, &c->op);
	if (!n || c->value_at == c->op_at)
		return false;
	c->field = r->f->fields->find(name, n);
	if (c->field == FILTER_NO_FIELD)
		return false;
	c->kind = r->f->fields->kind(c->field, name, n);
	return true;
}

/* and, or: the step, and its length. */
static size_t joint_at(const struct reader *r, size_t at, enum filter_step_op *op)
{
	static const struct {
		char text[4];
		u8 op;
	} joints[] = {	/* words first */
		{"and", STEP_AND}, {"or", STEP_OR}, {"&&", STEP_AND}, {"||", STEP_OR},
	};

	for (u32 i = 0; i < ARRAY_LEN(joints); i++) {
		const char *text = joints[i].text;

		if (i < 2 ? word_at(r, at, text) : text_at(r, at, text)) {
			*op = (enum filter_step_op)joints[i].op;
			return strlen(text);
		}
	}
	return 0;
}

/* ---- plain text or language ---- */

static bool something_behind(const struct reader *r, size_t at)
{
	return past_blanks(r, at) < r->text.n;
}

/* "foo = 3": where there is no such column, read_text() says so. */
static bool unknown_column_at(const struct reader *r, size_t at)
{
	size_t end = at + name_length(r, at), op_at = past_blanks(r, end), value_at;
	char first = look(r, at) | 0x20;
	enum filter_op op;

	value_at = op_at + operator_at(r, op_at, &op);
	return first >= 'a' && first <= 'z' && op_at > end && value_at > op_at && is_blank(look(r, value_at)) &&
	       something_behind(r, value_at);
}

/* What only the language has, where a word can begin; first: nothing but
 * parentheses is before it. */
static bool language_at(const struct reader *r, size_t at, bool first)
{
	enum filter_step_op op;
	struct comparison c;
	size_t n;

	if (comparison_at(r, at, &c))
		return true;
	if (first)
		return (word_at(r, at, "not") && something_behind(r, at + 3)) || unknown_column_at(r, at);
	n = joint_at(r, at, &op);
	return n && (is_blank(look(r, at + n)) || look(r, at + n) == '(') && something_behind(r, at + n);
}

static bool is_language(const struct reader *r)
{
	bool first = true;
	char before = ' ';

	for (size_t at = 0; at < r->text.n; at++) {
		char c = look(r, at);
		bool begins = is_blank(before) || before == '(' || before == '!';

		before = c;
		if (is_quote(c) && begins && quote_end(r, at)) {
			size_t end = quote_end(r, at);

			if (at == past_blanks(r, 0) && !something_behind(r, end + 1))
				return true;
			at = end;
			before = 'q';
			first = false;
			continue;
		}
		if (begins && !is_blank(c) && language_at(r, at, first))
			return true;
		first &= is_blank(c) || c == '(' || c == '!';
	}
	return false;
}

/* ---- steps, terms, words ---- */

static bool emit(struct reader *r, enum filter_step_op op, u32 arg)
{
	struct filter *f = r->f;

	if (f->nstep == FILTER_STEPS)
		return wrong(r, r->at, "the filter is too long");
	f->step[f->nstep++] = (struct filter_step){(u8)op, (u8)arg};
	return true;
}

static struct filter_term *new_term(struct reader *r, enum filter_op op)
{
	struct filter *f = r->f;

	if (f->nterm == FILTER_TERMS) {
		wrong(r, r->at, "too many terms");
		return NULL;
	}
	if (!emit(r, STEP_TERM, f->nterm))
		return NULL;
	f->term[f->nterm] = (struct filter_term){.op = (u8)op, .is_words = true, .words = f->nwords};
	return &f->term[f->nterm++];
}

/* Words are never more than the text that they come from. */
static void keep_word(struct reader *r, struct filter_term *t, char c)
{
	r->f->words[r->f->nwords++] = c;
	t->nwords++;
}

/* What stands in quotes.  An expression keeps its backslashes. */
static bool read_quoted(struct reader *r, struct filter_term *t)
{
	size_t at = r->at, end = quote_end(r, at);
	bool raw = t->op == FILTER_LIKE || t->op == FILTER_UNLIKE;

	t->literal = true;
	if (!end)
		return wrong(r, at, "this quote is not closed");
	if (end == at + 1)
		return wrong(r, at, "nothing stands in the quotes");
	for (at++; at < end; at++) {
		char next = look(r, at + 1);

		if (!raw && look(r, at) == '\\' && (is_quote(next) || next == '\\'))
			at++;
		keep_word(r, t, look(r, at));
	}
	r->at = end + 1;
	return true;
}

/* ---- comparisons ---- */

enum { MIB = 1 << 20 };

static const struct unit {
	u16 kinds;		/* bit: enum filter_kind */
	char name[4];
	u64 factor;
} units[] = {
	{1 << FILTER_BYTES, "b", 1}, {1 << FILTER_BYTES, "k", 1024}, {1 << FILTER_BYTES, "m", MIB},
	{1 << FILTER_BYTES, "g", 1024ull * MIB}, {1 << FILTER_BYTES, "t", (u64)MIB * MIB},
	{1 << FILTER_COUNT, "k", 1000}, {1 << FILTER_COUNT, "m", 1000000},
	{1 << FILTER_COUNT, "g", 1000000000}, {1 << FILTER_COUNT, "t", 1000000000000},
	{1 << FILTER_PERCENT, "%", 1},
	{1 << FILTER_TIME, "ns", 1}, {1 << FILTER_TIME, "us", 1000},
	{1 << FILTER_TIME, "ms", NSEC_PER_MSEC}, {1 << FILTER_TIME, "s", NSEC_PER_SEC},
	{1 << FILTER_TIME, "m", 60ull * NSEC_PER_SEC}, {1 << FILTER_TIME, "h", 3600ull * NSEC_PER_SEC},
	{1 << FILTER_TIME, "d", 86400ull * NSEC_PER_SEC}, {1 << FILTER_TIME, "w", 604800ull * NSEC_PER_SEC},
};

static bool ends_value(const struct reader *r, size_t at)
{
	char c = look(r, at);

	return !c || is_blank(c) || c == ')' || c == '|' || text_at(r, at, "&&");
}

static const struct unit *unit_at(struct reader *r, enum filter_kind kind, size_t n)
{
	bool time = kind == FILTER_TIME_NS || kind == FILTER_SECONDS;

	if (kind == FILTER_BYTES && n > 1)	/* kb and kib are k */
		n -= text_at(r, r->at + 1, "ib") && n == 3 ? 2 : text_at(r, r->at + 1, "b") && n == 2;
	for (u32 i = 0; i < ARRAY_LEN(units); i++)
		if (units[i].kinds & 1 << (time ? FILTER_TIME : kind) && strlen(units[i].name) == n &&
		    text_at(r, r->at, units[i].name))
			return &units[i];
	return NULL;
}

static const char *wrong_unit(enum filter_kind kind)
{
	if (kind == FILTER_PERCENT)
		return "no unit of this column: it is %";
	return kind == FILTER_BYTES || kind == FILTER_COUNT ? "no unit of this column: they are k m g t"
							    : "a time needs its unit: ns us ms s m h d w";
}

static bool read_number(struct reader *r, struct filter_term *t, enum filter_kind kind)
{
	struct bytes left = {r->text.p + r->at, r->text.n - r->at};
	size_t n = filter_number(left, &t->number), at;
	const struct unit *u;
	double factor = 1;

	t->is_words = false;
	if (!n)
		return wrong(r, r->at, "a number is missing");
	at = r->at += n;
	for (n = 0; !ends_value(r, at + n); n++)
		;
	if (n || kind == FILTER_TIME) {
		u = unit_at(r, kind, n);
		if (!u && (n || t->number != 0))
			return wrong(r, at, wrong_unit(kind));
		factor = u ? (double)u->factor : 1;
	}
	t->number *= factor;
	if (n && kind == FILTER_SECONDS)
		t->number /= NSEC_PER_SEC;
	r->at = at + n;
	return true;
}

/* To the next blank; parentheses may be a part of it, as long as they are its own. */
static void read_word(struct reader *r, struct filter_term *t)
{
	bool raw = t->op == FILTER_LIKE || t->op == FILTER_UNLIKE;
	u32 depth = 0;

	while (r->at < r->text.n && !is_blank(look(r, r->at))) {
		char c = look(r, r->at);

		if ((c == ')' && !depth) || (!raw && (text_at(r, r->at, "&&") || text_at(r, r->at, "||"))))
			break;
		depth += c == '(';
		depth -= c == ')';
		keep_word(r, t, c);
		r->at++;
		if (raw && c == '\\' && r->at < r->text.n)
			keep_word(r, t, look(r, r->at++));
	}
}

static bool read_words(struct reader *r, struct filter_term *t)
{
	size_t at = r->at + is_quote(look(r, r->at));
	struct bytes words;

	if (at > r->at) {
		if (!read_quoted(r, t))
			return false;
	} else {
		read_word(r, t);
		if (!t->nwords)
			return wrong(r, at, "a value is missing");
	}
	if (t->op != FILTER_LIKE && t->op != FILTER_UNLIKE)
		return true;
	words = (struct bytes){(const unsigned char *)r->f->words + t->words, t->nwords};
	if (regex_compile(&r->f->code, &t->regex, words, r->e))
		return true;
	r->e->at += (u32)at;
	return false;
}

static bool read_comparison(struct reader *r, const struct comparison *c)
{
	bool words = c->kind == FILTER_WORDS;
	bool order = c->op >= FILTER_LT && c->op <= FILTER_GE, like = c->op >= FILTER_LIKE;
	struct filter_term *t;

	if (words ? order : like)
		return wrong(r, c->op_at, words ? "this column holds words: = != ~ !~"
						: "this column holds numbers: = != < <= > >=");
	t = new_term(r, c->op);
	if (!t)
		return false;
	t->field = c->field;
	r->at = past_blanks(r, c->value_at);
	return words ? read_words(r, t) : read_number(r, t, c->kind);
}

/* ---- plain text inside of the language ---- */

/* Whether plain text ends before the word there. */
static bool ends_text(const struct reader *r, size_t at)
{
	enum filter_step_op op;
	struct comparison c;

	return joint_at(r, at, &op) || comparison_at(r, at, &c) ||
	       (look(r, at) == '|' && comparison_at(r, past_blanks(r, at + 1), &c));
}

/* Somebody meant a column that there is not. */
static bool lone_operator(const struct reader *r, size_t at)
{
	enum filter_op op;
	size_t n = operator_at(r, at, &op);

	return n && (is_blank(look(r, at + n)) || at + n == r->text.n);
}

static bool read_text(struct reader *r)
{
	size_t from = r->at, at = from, end = from, word = from;
	struct filter_term *t;
	u32 depth = 0;

	for (; at < r->text.n && (depth || look(r, at) != ')'); at++) {
		char c = look(r, at);
		bool begins = at > from && is_blank(look(r, at - 1)) && !is_blank(c);

		if (begins && ends_text(r, at))
			break;
		if (begins && lone_operator(r, at))
			return wrong(r, word, "no such column");
		if (begins)
			word = at;
		depth += c == '(';
		depth -= c == ')';
		end = is_blank(c) ? end : at + 1;
	}
	t = new_term(r, FILTER_CONTAINS);
	for (at = from; t && at < end; at++)
		keep_word(r, t, look(r, at));
	r->at = end;
	return t;
}

/* ---- terms and what joins them ---- */

static bool read_or(struct reader *r);

static bool read_group(struct reader *r)
{
	size_t at = r->at++;

	if (r->depth == FILTER_DEPTH)
		return wrong(r, at, "nested too deeply");
	r->depth++;
	if (!read_or(r))
		return false;
	r->depth--;
	if (look(r, r->at) != ')')
		return wrong(r, at, "this ( is not closed");
	r->at++;
	return true;
}

static bool read_term(struct reader *r)
{
	struct filter_term *t;
	enum filter_step_op op;
	struct comparison c;
	bool negated = false;

	for (;; negated = !negated) {
		r->at = past_blanks(r, r->at);
		if (look(r, r->at) == '!')
			r->at++;
		else if (word_at(r, r->at, "not"))
			r->at += 3;
		else
			break;
	}
	if (r->at == r->text.n || look(r, r->at) == ')' || joint_at(r, r->at, &op))
		return wrong(r, r->at, missing_term);
	if (look(r, r->at) == '(') {
		if (!read_group(r))
			return false;
	} else if (comparison_at(r, r->at, &c)) {
		if (!read_comparison(r, &c))
			return false;
	} else if (is_quote(look(r, r->at))) {
		t = new_term(r, FILTER_CONTAINS);
		if (!t || !read_quoted(r, t))
			return false;
	} else if (!read_text(r)) {
		return false;
	}
	return !negated || emit(r, STEP_NOT, 0);
}

/* Behind a term: what joins it to the next, if that is this step. */
static bool take_joint(struct reader *r, enum filter_step_op wanted)
{
	enum filter_step_op op = STEP_OR;
	struct comparison c;
	size_t n;

	r->at = past_blanks(r, r->at);
	n = joint_at(r, r->at, &op);
	if (!n)		/* a|b are alternatives of one term, but for this */
		n = look(r, r->at) == '|' && comparison_at(r, past_blanks(r, r->at + 1), &c);
	if (!n || op != wanted)
		return false;
	r->at += n;
	return true;
}

static bool read_joined(struct reader *r, enum filter_step_op op, bool (*part)(struct reader *r))
{
	if (!part(r))
		return false;
	while (take_joint(r, op)) {
		u32 step = r->f->nstep;

		if (!emit(r, op, 0) || !part(r))
			return false;
		r->f->step[step].arg = r->f->nstep;
	}
	return true;
}

static bool read_and(struct reader *r)
{
	return read_joined(r, STEP_AND, read_term);
}

static bool read_or(struct reader *r)
{
	return read_joined(r, STEP_OR, read_and);
}

bool filter_compile(struct filter *f, const char *text, const struct filter_fields *fields,
		    struct parse_error *e)
{
	struct reader r = {.f = f, .e = e};
	size_t n = strnlen(text, FILTER_TEXT);

	memset(f, 0, sizeof(*f));
	f->fields = fields;
	r.text = (struct bytes){(const unsigned char *)text, n};
	if (n == FILTER_TEXT)
		return wrong(&r, FILTER_TEXT - 1, "longer than 127 bytes");
	memcpy(f->text, text, n);
	f->language = is_language(&r);
	if (!f->language)
		return true;
	if (!read_or(&r))
		return false;
	if (r.at < n)
		return wrong(&r, r.at, look(&r, r.at) == ')' ? "no ( belongs to this )"
							      : "and or or is missing here");
	return true;
}
