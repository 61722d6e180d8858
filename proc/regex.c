/* proc/regex.c - regular expressions to code: a recursive descent that emits as
 * it reads.  Jumps are relative, so that what is repeated is simply moved and
 * copied. */
#include "proc/regex.h"

struct reader {
	struct regex_code *code;
	struct bytes text;
	size_t at;
	u32 depth;
	struct parse_error *e;
};

/* Named kinds of characters, as pairs of first and last. */
static const struct kind {
	char name[7], pairs[9];
} kinds[] = {
	{"digit", "09"}, {"word", "azAZ09__"}, {"space", "  \t\r"},	/* \d \w \s: these first */
	{"alpha", "azAZ"}, {"alnum", "azAZ09"}, {"lower", "azAZ"}, {"upper", "azAZ"},
	{"punct", "!/:@[`{~"}, {"xdigit", "09afAF"}, {"blank", "  \t\t"},
	{"cntrl", "\x01\x1f\x7f\x7f"}, {"graph", "!~"}, {"print", " ~"},
};

static const char too_large[] = "the expression is too large";

static bool wrong(struct reader *r, size_t at, const char *why)
{
	*r->e = (struct parse_error){(u32)at, why};
	return false;
}

static bool ended(const struct reader *r)
{
	return r->at >= r->text.n;
}

/* The byte there, NUL at the end. */
static char peek(const struct reader *r)
{
	return ended(r) ? '\0' : (char)r->text.p[r->at];
}

/* ---- code ---- */

static bool emit(struct reader *r, enum regex_op op, u32 c)
{
	if (r->code->ninsn == REGEX_INSNS)
		return wrong(r, r->at, too_large);
	r->code->insn[r->code->ninsn++] = (struct regex_insn){.op = (u8)op, .c = c};
	return true;
}

static bool insert_split(struct reader *r, u32 at)
{
	struct regex_insn *i = &r->code->insn[at];
	u32 n = r->code->ninsn - at;

	if (!emit(r, REGEX_SPLIT, 0))
		return false;
	memmove(i + 1, i, n * sizeof(*i));
	*i = (struct regex_insn){.op = REGEX_SPLIT};
	return true;
}

static void aim(struct reader *r, u32 from, u32 to)
{
	r->code->insn[from].to = (s16)((s32)to - (s32)from);
}

/* ---- sets ---- */

static void set_ascii(struct regex_set *s, u32 c)
{
	s->ascii[c >> 6] |= 1ull << (c & 63);
}

static bool set_range(struct reader *r, struct regex_set *s, u32 first, u32 last)
{
	struct regex_code *code = r->code;

	for (u32 c = first; c <= last && c < 0x80; c++)
		set_ascii(s, c);
	if (last < 0x80)
		return true;
	if (code->nrange == REGEX_RANGES)
		return wrong(r, r->at, too_large);
	code->range[code->nrange++] = (struct regex_range){MAX(first, 0x80u), last};
	s->n++;
	return true;
}

static bool set_kind(struct reader *r, struct regex_set *s, const struct kind *k, bool negated)
{
	struct regex_set in = {.n = 0};

	for (const char *p = k->pairs; *p; p += 2)
		for (u32 c = (u8)p[0]; c <= (u8)p[1]; c++)
			set_ascii(&in, c);
	for (u32 i = 0; i < 2; i++)
		s->ascii[i] |= negated ? ~in.ascii[i] : in.ascii[i];
	return !negated || set_range(r, s, 0x80, UINT32_MAX - 1);
}

/* Both cases of every letter. */
static void set_fold(struct regex_set *s)
{
	for (u32 c = 'a'; c <= 'z'; c++) {
		u32 upper = c - 'a' + 'A';

		if (regex_ascii(s->ascii, c))
			set_ascii(s, upper);
		else if (regex_ascii(s->ascii, upper))
			set_ascii(s, c);
	}
}

static struct regex_set *set_new(struct reader *r)
{
	struct regex_code *code = r->code;

	if (code->nset == REGEX_SETS) {
		wrong(r, r->at, too_large);
		return NULL;
	}
	code->set[code->nset] = (struct regex_set){.range = (u8)code->nrange};
	return emit(r, REGEX_SET, code->nset) ? &code->set[code->nset++] : NULL;
}

/* What \d \w \s and the same in capitals mean, NULL for other letters. */
static const struct kind *kind_of(char letter)
{
	static const char letters[] = "dws";
	const char *at = letter ? strchr(letters, letter | 0x20) : NULL;

	return at ? &kinds[at - letters] : NULL;
}

/* ---- characters ---- */

/* The character there, its case kept. */
static u32 take_char(struct reader *r)
{
	struct bytes left = {r->text.p + r->at, r->text.n - r->at};
	u32 c;

	r->at += regex_char(left, &c);
	return c < 0x80 ? *left.p : c;
}

/* Behind a backslash, a character that means itself or a control character. */
static bool escaped_char(struct reader *r, u32 *c)
{
	static const char from[] = "tnrfv", to[] = "\t\n\r\f\v";
	size_t at = r->at;
	const char *control;

	if (ended(r))
		return wrong(r, at - 1, "nothing behind the backslash");
	*c = take_char(r);
	control = *c && *c < 0x80 ? strchr(from, (char)*c) : NULL;
	if (control)
		*c = (u8)to[control - from];
	else if (*c >= '0' && *c <= '9')
		return wrong(r, at - 1, "no references to what matched before");
	else if (*c < 0x80 && (*c | 0x20) >= 'a' && (*c | 0x20) <= 'z')
		return wrong(r, at - 1, "no such escape");
	return true;
}

/* ---- [...] ---- */

/* [:digit:] inside a set; *took is false when nothing like that stands there. */
static bool named_kind(struct reader *r, struct regex_set *s, bool *took)
{
	const unsigned char *p = r->text.p + r->at, *end;
	size_t left = r->text.n - r->at;

	*took = left > 3 && p[0] == '[' && p[1] == ':';
	end = *took ? memchr(p + 2, ':', left - 2) : NULL;
	*took = end && (size_t)(end - p) + 1 < left && end[1] == ']';
	if (!*took)
		return true;
	for (u32 i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t n = strlen(kinds[i].name);

		if (n == (size_t)(end - p) - 2 && !memcmp(kinds[i].name, p + 2, n)) {
			r->at += n + 4;
			return set_kind(r, s, &kinds[i], false);
		}
	}
	return wrong(r, r->at, "no such kind of characters");
}

/* One end of a range, or all of a \d; then *kind is true. */
static bool set_member(struct reader *r, struct regex_set *s, u32 *c, bool *kind)
{
	const struct kind *k;

	if (!named_kind(r, s, kind))
		return false;
	if (*kind)
		return true;
	if (peek(r) != '\\') {
		*c = take_char(r);
		return true;
	}
	r->at++;
	k = kind_of(peek(r));
	*kind = k;
	if (!k)
		return escaped_char(r, c);
	return set_kind(r, s, k, r->text.p[r->at++] < 'a');
}

static bool set_item(struct reader *r, struct regex_set *s)
{
	size_t at = r->at;
	u32 first, last;
	bool kind;

	if (!set_member(r, s, &first, &kind))
		return false;
	if (kind)
		return true;
	last = first;
	if (peek(r) == '-' && r->at + 1 < r->text.n && r->text.p[r->at + 1] != ']') {
		r->at++;
		if (!set_member(r, s, &last, &kind))
			return false;
		if (kind || last < first)
			return wrong(r, at, "no such range");
	}
	return set_range(r, s, first, last);
}

/* At the '['. */
static bool read_set(struct reader *r)
{
	struct regex_set *s = set_new(r);
	size_t at = r->at++;
	bool first = true;

	if (!s)
		return false;
	s->negated = peek(r) == '^';
	r->at += s->negated;
	for (; !ended(r) && (first || peek(r) != ']'); first = false)
		if (!set_item(r, s))
			return false;
	if (ended(r))
		return wrong(r, at, "this [ is not closed");
	r->at++;
	set_fold(s);
	return true;
}

/* ---- what can be repeated, and how often ---- */

static bool read_alternatives(struct reader *r);

/* At the '('. */
static bool read_group(struct reader *r)
{
	size_t at = r->at++;

	if (r->depth == REGEX_DEPTH)
		return wrong(r, at, "nested too deeply");
	if (peek(r) == '?') {
		if (r->at + 1 >= r->text.n || r->text.p[r->at + 1] != ':')
			return wrong(r, at, "of (? only (?: is known");
		r->at += 2;
	}
	r->depth++;
	if (!read_alternatives(r))
		return false;
	r->depth--;
	if (ended(r))
		return wrong(r, at, "this ( is not closed");
	r->at++;
	return true;
}

static bool emit_char(struct reader *r, u32 c)
{
	return emit(r, REGEX_CHAR, c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
}

static bool read_escape(struct reader *r, bool *repeats)
{
	const struct kind *k;
	struct regex_set *s;
	char letter;
	u32 c;

	r->at++;
	letter = peek(r);
	k = kind_of(letter);
	if (k) {
		s = set_new(r);
		r->at++;
		return s && set_kind(r, s, k, letter < 'a');
	}
	if (letter == 'b' || letter == 'B') {
		*repeats = false;
		r->at++;
		return emit(r, letter == 'b' ? REGEX_WORD_EDGE : REGEX_NO_WORD_EDGE, 0);
	}
	return escaped_char(r, &c) && emit_char(r, c);
}

/* repeats: what follows may say how often. */
static bool read_atom(struct reader *r, bool *repeats)
{
	char c = peek(r);

	*repeats = c != '^' && c != '$';
	switch (c) {
	case '(':
		return read_group(r);
	case '[':
		return read_set(r);
	case '\\':
		return read_escape(r, repeats);
	case '.':
		r->at++;
		return emit(r, REGEX_ANY, 0);
	case '^':
	case '$':
		r->at++;
		return emit(r, c == '^' ? REGEX_BEGIN : REGEX_END, 0);
	default:
		return emit_char(r, take_char(r));
	}
}

enum { ENDLESS = UINT32_MAX };

struct times {
	u32 min, max;		/* max: ENDLESS */
};

static bool read_count(struct reader *r, u32 *v)
{
	size_t at = r->at;

	for (*v = 0; peek(r) >= '0' && peek(r) <= '9'; r->at++)
		*v = MIN(*v * 10 + (u32)(peek(r) - '0'), (u32)REGEX_REPEAT + 1);
	return r->at != at;
}

/* {n} {n,} {,m} {n,m}; anything else in braces is what it looks like. */
static bool read_braces(struct reader *r, struct times *t)
{
	size_t at = r->at++;
	bool min = read_count(r, &t->min), max = false;

	t->max = t->min;
	if (peek(r) == ',') {
		r->at++;
		max = read_count(r, &t->max);
		if (!max)
			t->max = ENDLESS;
	}
	if ((min || max) && peek(r) == '}') {
		r->at++;
		return true;
	}
	r->at = at;
	return false;
}

/* Whether there is a repetition. */
static bool read_times(struct reader *r, struct times *t)
{
	char c = peek(r);

	if (c == '{')
		return read_braces(r, t);
	if (!c || !strchr("*+?", c))
		return false;
	*t = (struct times){c == '+', c == '?' ? 1 : ENDLESS};
	r->at++;
	return true;
}

/* The code from there on, once, becomes so many copies of it. */
static bool repeat(struct reader *r, u32 from, struct times t)
{
	struct regex_code *code = r->code;
	u32 len = code->ninsn - from, body = from, last = from;
	u32 copies = t.max == ENDLESS ? MAX(t.min, 1u) : t.max;

	if (!copies) {
		code->ninsn = (u16)from;
		return true;
	}
	if (!t.min) {
		if (!insert_split(r, from))
			return false;
		body++;
	}
	for (u32 i = 1; i < copies; i++) {
		last = code->ninsn;
		if (i >= t.min && !emit(r, REGEX_SPLIT, 0))
			return false;
		if (len > REGEX_INSNS - code->ninsn)
			return wrong(r, r->at, too_large);
		memcpy(&code->insn[code->ninsn], &code->insn[body], len * sizeof(*code->insn));
		code->ninsn = (u16)(code->ninsn + len);
	}
	if (t.max == ENDLESS) {		/* back to the last copy, or to the way around it */
		if (!emit(r, t.min ? REGEX_SPLIT : REGEX_JUMP, 0))
			return false;
		aim(r, code->ninsn - 1u, last);
	}
	/* each one that need not be has a way to the end */
	for (u32 i = t.min, at = from + t.min * len; i < copies; i++, at += len + 1)
		aim(r, at, code->ninsn);
	return true;
}

static bool read_piece(struct reader *r)
{
	u32 from = r->code->ninsn;
	size_t at = r->at;
	struct times t;
	bool repeats;

	if (read_times(r, &t))
		return wrong(r, at, "nothing to repeat");
	if (!read_atom(r, &repeats))
		return false;
	at = r->at;
	if (!read_times(r, &t))
		return true;
	if (!repeats)
		return wrong(r, at, "nothing to repeat");
	if ((t.max != ENDLESS && t.max > REGEX_REPEAT) || t.min > REGEX_REPEAT)
		return wrong(r, at, "repeated more than 255 times");
	if (t.min > t.max)
		return wrong(r, at, "at least more than at most");
	r->at += peek(r) == '?';
	return repeat(r, from, t);
}

/* Up to the end or to a ')'. */
static bool read_alternatives(struct reader *r)
{
	u32 from = r->code->ninsn, jump;

	while (!ended(r) && peek(r) != '|' && peek(r) != ')')
		if (!read_piece(r))
			return false;
	if (peek(r) != '|')
		return true;
	r->at++;
	if (!insert_split(r, from) || !emit(r, REGEX_JUMP, 0))
		return false;
	jump = r->code->ninsn - 1u;
	aim(r, from, r->code->ninsn);
	if (!read_alternatives(r))
		return false;
	aim(r, jump, r->code->ninsn);
	return true;
}

/* ---- what a match can begin with ---- */

static void first_of(struct regex *re, const struct regex_code *code, const struct regex_insn *i)
{
	const struct regex_set *s = &code->set[i->op == REGEX_SET ? i->c : 0];

	if (i->op == REGEX_CHAR && i->c < 0x80)
		re->first[i->c >> 6] |= 1ull << (i->c & 63);
	for (u32 k = 0; k < 2; k++)
		if (i->op != REGEX_CHAR)
			re->first[k] |= i->op == REGEX_ANY ? UINT64_MAX :
					s->negated ? ~s->ascii[k] : s->ascii[k];
	re->wide |= i->op != REGEX_CHAR || i->c >= 0x80;
}

/* All that can be reached without a character, taking every condition but that
 * of the begin for fulfilled. */
static void look_ahead(struct regex *re, const struct regex_code *code)
{
	bool reached[REGEX_INSNS] = {false};
	bool more = true;

	reached[re->start] = true;
	while (more) {
		more = false;
		for (u32 pc = re->start; pc < code->ninsn; pc++) {
			const struct regex_insn *i = &code->insn[pc];
			bool on = i->op > REGEX_JUMP && i->op != REGEX_BEGIN && i->op != REGEX_MATCH;
			bool off = i->op == REGEX_JUMP || i->op == REGEX_SPLIT;

			if (!reached[pc])
				continue;
			if (on && !reached[pc + 1])
				more = reached[pc + 1] = true;
			if (off && !reached[pc + (u32)i->to])
				more = reached[pc + (u32)i->to] = true;
		}
	}
	re->anchored = true;
	for (u32 pc = re->start; pc < code->ninsn; pc++) {
		if (!reached[pc])
			continue;
		if (code->insn[pc].op <= REGEX_SET)
			first_of(re, code, &code->insn[pc]);
		re->anything |= code->insn[pc].op == REGEX_MATCH;
		re->anchored &= code->insn[pc].op > REGEX_SET && code->insn[pc].op != REGEX_MATCH;
	}
}

bool regex_compile(struct regex_code *code, struct regex *re, struct bytes text,
		   struct parse_error *e)
{
	struct reader r = {.code = code, .text = text, .e = e};

	*re = (struct regex){.start = code->ninsn};
	if (!read_alternatives(&r))
		return false;
	if (!ended(&r))
		return wrong(&r, r.at, "no ( belongs to this )");
	if (!emit(&r, REGEX_MATCH, 0))
		return false;
	look_ahead(re, code);
	return true;
}
