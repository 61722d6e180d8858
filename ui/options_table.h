/* ui/options_table.h - a row of the option table: what the parser, the help,
 * the manual and the completions are made of. */
#ifndef UI_OPTIONS_TABLE_H
#define UI_OPTIONS_TABLE_H

#include "ui/options.h"

/* What a shell offers behind an option. */
enum option_values {
	VALUES_NONE,		/* nothing to offer */
	VALUES_WORDS,		/* option.words */
	VALUES_BACKEND,
	VALUES_COLUMN,
	VALUES_COLUMNS,		/* several, with commas */
	VALUES_USER,
	VALUES_PID,
	VALUES_FILE,
};

/* One run of options_parse(). */
struct parse {
	struct options *o;
	struct out *out;
	int argc, at;		/* at: the next word */
	char **argv;
	u32 outputs;		/* bit for each enum output that was named */
	bool done;		/* text for standard output was written: stop, exit 0 */
	struct {
		const struct option *opt;	/* NULL: was not given */
		const char *arg;
	} late[3];		/* LATE_N */
};

struct option;

/* What -F, -s and -c name is of the view, which may be named behind them. */
enum { LATE_FILTER, LATE_SORT, LATE_COLUMNS, LATE_N };

/* arg is NULL for an option without one.  False: wrong, the message is written. */
typedef bool option_fn(struct parse *p, const struct option *opt, const char *arg);

struct option {
	char letter;		/* 0: it has a long name only */
	bool optional;		/* the argument may be left out */
	bool any_word;		/* and is any next word but an option; else digits alone */
	enum option_values values;
	const char *name;
	const char *arg;	/* NULL: takes none */
	const char *help;	/* a part of a sentence, at most 52 characters */
	const char *more;	/* sentences that only the manual has room for; or NULL */
	const char *words;	/* separated by blanks */
	option_fn *parse;	/* NULL: sets the bool at value */
	u32 value;		/* offset in struct options, or an enum output */
};

/* Takes those; false: wrong, the message is written. */
bool options_settle_view(struct parse *p);

extern const struct option options_table[];
extern const u32 options_count;

/* Names that htop has for the same, in full. */
struct option_alias {
	const char *name, *means;
};
extern const struct option_alias option_aliases[];
extern const u32 option_aliases_count;

/* "pitstop: -d, --delay: "0": WHY", and a line with the way out unless hint is
 * NULL.  The word is made safe and cut.  Both are false, for the caller to
 * return. */
bool option_wrong(struct parse *p, const struct option *opt, const char *arg, const char *why,
		  const char *hint);
bool option_wrong_part(struct parse *p, const struct option *opt, const char *arg, size_t len,
		       const char *why, const char *hint);

#endif
