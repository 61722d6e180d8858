/* proc/regex.h - regular expressions of the filter: matched in time linear in
 * the text, by following all ways at once; nothing allocates.
 *
 *   . [abc] [^a-z] [[:digit:]] \d \w \s \D \W \S ^ $ \b \B ( ) (?: ) |
 *   * + ? {n} {n,} {n,m}
 *
 * ASCII case is ignored.  A character is one of UTF-8, or a byte that is part of
 * none; a NUL is a space, as between the arguments of a command line.  \d \w \s
 * and \b know ASCII.  Whether a text matches is all that is told, so a ? behind
 * a repetition changes nothing. */
#ifndef PROC_REGEX_H
#define PROC_REGEX_H

#include "loader/base.h"

enum {
	REGEX_INSNS = 512,
	REGEX_SETS = 24,
	REGEX_RANGES = 48,
	REGEX_DEPTH = 16,	/* of parentheses */
	REGEX_REPEAT = 255,	/* the largest number in {} */
	REGEX_BYTE = 0x110000,	/* or'ed with a byte that is no UTF-8 */
};

enum regex_op {
	REGEX_CHAR,		/* c, folded */
	REGEX_ANY,
	REGEX_SET,		/* c is an index */
	REGEX_JUMP,		/* to */
	REGEX_SPLIT,		/* to, and on */
	REGEX_BEGIN, REGEX_END,
	REGEX_WORD_EDGE, REGEX_NO_WORD_EDGE,
	REGEX_MATCH,
};

struct regex_insn {
	u8 op;			/* enum regex_op */
	s16 to;			/* relative: code can be moved and copied */
	u32 c;
};

struct regex_set {
	u64 ascii[2];		/* bitmap; both cases of a letter are set */
	u8 range, n;		/* characters that are not ASCII: in regex_code.range */
	bool negated;
};

struct regex_range {
	u32 first, last;
};

/* Room for all the expressions of one filter; zeroed before the first. */
struct regex_code {
	u16 ninsn, nset, nrange;
	struct regex_insn insn[REGEX_INSNS];
	struct regex_set set[REGEX_SETS];
	struct regex_range range[REGEX_RANGES];
};

struct regex {
	u16 start;		/* in regex_code.insn */
	bool anchored;		/* can begin nowhere but at the begin of a text */
	bool anything;		/* what it begins with cannot be told */
	bool wide;		/* it may begin with a character that is not ASCII */
	u64 first[2];		/* the others that it may begin with */
};

struct parse_error {
	u32 at;			/* byte of the text */
	const char *why;	/* a few words */
};

/* Appends an expression to the code.  False: *e says what is wrong. */
bool regex_compile(struct regex_code *code, struct regex *re, struct bytes text,
		   struct parse_error *e);

/* Whether some part of the text matches. */
bool regex_match(const struct regex_code *code, const struct regex *re, struct bytes text);

/* The next character of s (n > 0), letters folded; returns its length. */
size_t regex_char(struct bytes s, u32 *c);

static inline bool regex_ascii(const u64 bitmap[2], u32 c)
{
	return bitmap[c >> 6 & 1] >> (c & 63) & 1;
}

#endif
