/* proc/regex_match.c - a regular expression against a text: the set of places
 * in the code that the characters so far can have led to, character by
 * character.  No place is visited twice for one character, so the time is that
 * of the text times the code at worst, whatever the expression. */
#include "proc/regex.h"

enum { EDGE = UINT32_MAX };		/* beyond the first and the last character */

struct run {
	const struct regex_code *code;
	u32 before, after;		/* the characters on both sides of where we are */
	u32 n;
	bool matched;
	u64 seen[REGEX_INSNS / 64];
	u16 list[REGEX_INSNS];		/* places that want a character */
	u16 stack[REGEX_INSNS];
};

/* RFC 3629, without overlong forms; surrogates pass, they do no harm here. */
static size_t wide_char(struct bytes s, u32 *c)
{
	static const u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = s.p[0];
	size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	u32 v = lead & (0x7fu >> n);

	*c = REGEX_BYTE | lead;
	if (lead < 0xc2 || lead > 0xf4 || s.n < n)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return 1;
		v = v << 6 | (s.p[i] & 0x3f);
	}
	if (v < least[n] || v >= REGEX_BYTE)
		return 1;
	*c = v;
	return n;
}

size_t regex_char(struct bytes s, u32 *c)
{
	unsigned char b = s.p[0];

	if (b >= 0x80)
		return wide_char(s, c);
	*c = !b ? ' ' : b >= 'A' && b <= 'Z' ? b + 'a' - 'A' : b;
	return 1;
}

static bool in_set(const struct regex_code *code, const struct regex_set *s, u32 c)
{
	bool found = false;

	if (c < 0x80)
		return regex_ascii(s->ascii, c) != s->negated;
	for (u32 i = 0; i < s->n && !found; i++)
		found = c >= code->range[s->range + i].first && c <= code->range[s->range + i].last;
	return found != s->negated;
}

static bool takes(const struct regex_code *code, const struct regex_insn *i, u32 c)
{
	return i->op == REGEX_CHAR ? i->c == c :
	       i->op == REGEX_ANY || in_set(code, &code->set[i->c], c);
}

static bool is_word(u32 c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Whether what an instruction asks of the place holds there. */
static bool holds(const struct run *r, u8 op)
{
	switch (op) {
	case REGEX_BEGIN:
		return r->before == EDGE;
	case REGEX_END:
		return r->after == EDGE;
	case REGEX_WORD_EDGE:
		return is_word(r->before) != is_word(r->after);
	default:
		return is_word(r->before) == is_word(r->after);
	}
}

static u32 push(struct run *r, u32 n, u32 pc)
{
	if (r->seen[pc / 64] >> pc % 64 & 1)
		return n;
	r->seen[pc / 64] |= 1ull << pc % 64;
	r->stack[n] = (u16)pc;
	return n + 1;
}

/* Everywhere that can be reached from pc without a character. */
static void reach(struct run *r, u32 pc)
{
	u32 n = push(r, 0, pc);

	while (n) {
		const struct regex_insn *i;

		pc = r->stack[--n];
		i = &r->code->insn[pc];
		if (i->op <= REGEX_SET) {
			r->list[r->n++] = (u16)pc;
		} else if (i->op == REGEX_MATCH) {
			r->matched = true;
			return;
		} else if (i->op == REGEX_JUMP) {
			n = push(r, n, pc + (u32)i->to);
		} else if (i->op == REGEX_SPLIT) {
			n = push(r, n, pc + (u32)i->to);
			n = push(r, n, pc + 1);
		} else if (holds(r, i->op)) {
			n = push(r, n, pc + 1);
		}
	}
}

static bool may_begin(const struct regex *re, u32 c)
{
	if (re->anything)
		return true;
	return c < 0x80 ? regex_ascii(re->first, c) : c != EDGE && re->wide;
}

bool regex_match(const struct regex_code *code, const struct regex *re, struct bytes text)
{
	u16 next[REGEX_INSNS];		/* where the last character led */
	struct run r;			/* its lists need no zeros */
	u32 nnext = 0;

	r.code = code;
	r.before = EDGE;
	r.matched = false;
	for (;;) {
		size_t took = text.n ? regex_char(text, &r.after) : 0;
		bool begin = r.before == EDGE || (!re->anchored && may_begin(re, took ? r.after : EDGE));

		if (!took)
			r.after = EDGE;
		if (!nnext && !begin && (re->anchored || !took))
			return false;
		if (nnext || begin) {
			memset(r.seen, 0, sizeof(r.seen));
			r.n = 0;
			for (u32 i = 0; i < nnext && !r.matched; i++)
				reach(&r, next[i]);
			if (begin && !r.matched)
				reach(&r, re->start);
			if (r.matched || !took)
				return r.matched;
			nnext = 0;
			for (u32 i = 0; i < r.n; i++)
				if (takes(code, &code->insn[r.list[i]], r.after))
					next[nnext++] = (u16)(r.list[i] + 1);
		}
		r.before = r.after;
		text.p += took;
		text.n -= took;
	}
}
