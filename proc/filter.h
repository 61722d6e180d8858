/* proc/filter.h - which processes are to be seen, in words: a text becomes a
 * program once, and the program is asked about every row.
 *
 * Plain text is what it is in htop: a part of the command, "a|b" either, ASCII
 * case ignored.  A text is more than that only when it holds, where a word can
 * begin and outside of quotes,
 *	- the name of a column and behind it one of = == != < <= > >= ~ =~ !~
 *	- "and" or "or", or && or || between blanks, not at the begin
 *	- "not" at the begin, with something behind it
 *	- at the begin a word, and between blanks one of these operators, with something
 *	  behind it: whoever writes that means a column, and is told when there is none
 * or when all of it stands in quotes.  Then it is
 *	or:	and { ("or" | "||" | "|") and }
 *	and:	term { ("and" | "&&") term }
 *	term:	("not" | "!") term | "(" or ")" | COLUMN OPERATOR VALUE | plain text
 * where a single | joins only what a comparison follows.
 * In a VALUE of words, too, a|b is either.  Quotes take away every meaning, that
 * of | included; a backslash takes it from the quote behind it.
 *
 * A comparison with a value that is not known is false, whatever the operator,
 * != and !~ included; its negation with "not" is true. */
#ifndef PROC_FILTER_H
#define PROC_FILTER_H

#include "proc/model.h"
#include "proc/regex.h"

enum {
	FILTER_TEXT = 128,	/* bytes, with the NUL */
	FILTER_TERMS = 32,
	FILTER_STEPS = 128,
	FILTER_DEPTH = 16,	/* of parentheses */
	FILTER_ROOM = 256,	/* for a value that has to be written first */
	FILTER_NO_FIELD = UINT32_MAX,
};

/* What a bare number means, and which units may stand behind it. */
enum filter_kind {
	FILTER_WORDS,		/* no number at all */
	FILTER_COUNT,		/* k m g t: thousands */
	FILTER_BYTES,		/* k m g t: of 1024 */
	FILTER_PERCENT,
	FILTER_TIME,		/* kept in ns; ns us ms s m h d w, and one of them must be given */
	FILTER_TIME_NS,		/* the same, ns where none is given */
	FILTER_SECONDS,		/* kept in s, likewise */
};

struct filter_value {
	bool is_words;
	struct bytes words;
	struct bytes also;	/* another way to write it, or nothing */
	double number;		/* exact below 2^53: 9 PB, 104 days in ns */
};

/* Whether a text holds what is looked for. */
typedef bool filter_search(struct bytes text, struct bytes what);

/* The columns, handed over by who has them, and with them what a row is: a
 * struct task_row unless contains is set. */
struct filter_fields {
	/* By a name as people type it; FILTER_NO_FIELD when there is none. */
	u32 (*find)(const char *name, size_t len);
	enum filter_kind (*kind)(u32 field, const char *name, size_t len);
	/* False when it is unknown.  Words may be put into room. */
	bool (*value)(u32 field, const struct model *m, const void *row,
		      char room[static FILTER_ROOM], struct filter_value *v);
	/* Whether one of the texts that plain words are looked for in holds them;
	 * NULL: a task's command. */
	bool (*contains)(const struct model *m, const void *row, struct bytes what, filter_search *search);
};

enum filter_op {
	FILTER_CONTAINS,	/* plain text, of no column */
	FILTER_EQ, FILTER_NE, FILTER_LT, FILTER_LE, FILTER_GT, FILTER_GE,
	FILTER_LIKE, FILTER_UNLIKE,	/* ~ !~ */
};

struct filter_term {
	u8 op;			/* enum filter_op */
	bool is_words;
	bool literal;		/* it stood in quotes: a | is a | */
	u8 words, nwords;	/* what it is compared with: in filter.words */
	u32 field;
	double number;
	struct regex regex;
};

/* Steps work on one truth value. */
enum filter_step_op { STEP_TERM, STEP_NOT, STEP_AND, STEP_OR };

struct filter_step {
	u8 op;			/* enum filter_step_op */
	u8 arg;			/* term; AND, OR: where to go on when there is no need to look */
};

/* Zeroed: lets everything pass. */
struct filter {
	const struct filter_fields *fields;
	char text[FILTER_TEXT];		/* as it was given */
	bool language;			/* else text says all */
	u8 nstep, nterm;
	u8 nwords;
	struct filter_step step[FILTER_STEPS];
	struct filter_term term[FILTER_TERMS];
	char words[FILTER_TEXT];	/* values and texts without their quotes */
	struct regex_code code;
};

/* False, and *e says where and why, when the text is no filter; f is void then.
 * fields must outlive f. */
bool filter_compile(struct filter *f, const char *text, const struct filter_fields *fields,
		    struct parse_error *e) MUST_CHECK;

bool filter_pass(const struct filter *f, const struct model *m, const void *row);

/* Whether a text contains one of the alternatives "a|b|c", ASCII case ignored;
 * an empty filter fits all. */
bool filter_match(struct bytes text, const char *filter);

/* The same of what is shown as a row's command, or of its comm. */
bool filter_command(const struct model *m, const struct task_row *r, const char *filter);

/* A decimal number without an exponent; returns its length, 0 where there is
 * none.  Read from JSON and from a filter, the same digits are the same value. */
size_t filter_number(struct bytes s, double *v);

#endif
