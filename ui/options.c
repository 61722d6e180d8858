/* ui/options.c - the words of the command line, taken by the table of options.
 * Behaves as getopt_long(3) does, which writes its own messages and so cannot
 * be used: ours name what is wrong and say what would be right. */
#include "ui/options_table.h"

/* ---- messages -------------------------------------------------------------- */

enum { QUOTED_MAX = 64 };

/* A word of the command line, made safe and cut to a length that leaves the
 * line readable. */
static void put_quoted(struct out *out, const char *word, size_t len)
{
	struct bytes text = {(const unsigned char *)word, len};
	struct glyph g;

	out_char(out, '"');
	for (u32 n = 0; text.n && n < QUOTED_MAX; n++) {
		size_t took = text_next(text, false, &g);

		out_bytes(out, g.utf8, g.len);
		text.p += took;
		text.n -= took;
	}
	if (text.n)
		out_lit(out, "...");
	out_char(out, '"');
}

static void put_option(struct out *out, const struct option *opt)
{
	if (opt->letter) {
		out_char(out, '-');
		out_char(out, opt->letter);
		out_lit(out, ", ");
	}
	out_lit(out, "--");
	out_str(out, opt->name);
}

bool option_wrong_part(struct parse *p, const struct option *opt, const char *arg, size_t len,
		       const char *why, const char *hint)
{
	out_lit(p->out, "pitstop: ");
	put_option(p->out, opt);
	out_lit(p->out, ": ");
	put_quoted(p->out, arg, len);
	out_lit(p->out, ": ");
	out_str(p->out, why);
	out_char(p->out, '\n');
	if (hint) {
		out_str(p->out, hint);
		out_char(p->out, '\n');
	}
	return false;
}

bool option_wrong(struct parse *p, const struct option *opt, const char *arg, const char *why,
		  const char *hint)
{
	return option_wrong_part(p, opt, arg, strlen(arg), why, hint);
}

/* For what is no option of the table. */
static bool wrong_word(struct parse *p, const char *word, size_t len, const char *why)
{
	out_lit(p->out, "pitstop: ");
	put_quoted(p->out, word, len);
	out_lit(p->out, ": ");
	out_str(p->out, why);
	out_lit(p->out, "\nThe options are in: pitstop --help\n");
	return false;
}

/* ---- words ----------------------------------------------------------------- */

static bool take(struct parse *p, const struct option *opt, const char *arg)
{
	if (opt->parse)
		return opt->parse(p, opt, arg);
	*(bool *)((char *)p->o + opt->value) = true;
	return true;
}

static bool all_digits(const char *s)
{
	return *s && !s[strspn(s, "0123456789")];
}

/* The argument of an option that stands in a word of its own. */
static bool take_next(struct parse *p, const struct option *opt)
{
	const char *next = p->at < p->argc ? p->argv[p->at] : NULL;

	if (!opt->arg)
		return take(p, opt, NULL);
	/* An optional one is taken when it cannot be anything else. */
	if (opt->optional && !(next && (opt->any_word ? *next != '-' : all_digits(next))))
		return take(p, opt, NULL);
	if (!next) {
		out_lit(p->out, "pitstop: ");
		put_option(p->out, opt);
		out_lit(p->out, ": needs an argument\nWrite it as: --");
		out_str(p->out, opt->name);
		out_char(p->out, ' ');
		out_str(p->out, opt->arg);
		out_char(p->out, '\n');
		return false;
	}
	p->at++;
	return take(p, opt, next);
}

/* By its whole name, or by a beginning that only one has. */
static const struct option *option_find(const char *name, size_t len, bool *ambiguous)
{
	const struct option *found = NULL;

	*ambiguous = false;
	for (u32 i = 0; i < options_count; i++) {
		const struct option *opt = &options_table[i];

		if (strncmp(opt->name, name, len) != 0)
			continue;
		if (!opt->name[len]) {
			*ambiguous = false;
			return opt;
		}
		*ambiguous = found != NULL;
		found = opt;
	}
	for (u32 i = 0; i < option_aliases_count && !found; i++)
		if (!strncmp(option_aliases[i].name, name, len) && !option_aliases[i].name[len])
			return option_find(option_aliases[i].means, strlen(option_aliases[i].means), ambiguous);
	return *ambiguous ? NULL : found;
}

/* word begins with "--". */
static bool take_long(struct parse *p, const char *word)
{
	const char *name = word + 2, *value;
	size_t len = strcspn(name, "=");
	const struct option *opt;
	bool ambiguous;

	opt = option_find(name, len, &ambiguous);
	if (!opt)
		return wrong_word(p, word, len + 2,
				  ambiguous ? "more than one option begins so" : "no such option");
	if (!name[len])
		return take_next(p, opt);
	value = name + len + 1;
	if (!opt->arg)
		return option_wrong(p, opt, value, "takes no argument", NULL);
	return take(p, opt, value);
}

/* word begins with "-": letters without an argument, then perhaps one with. */
static bool take_letters(struct parse *p, const char *word)
{
	for (const char *c = word + 1; *c && !p->done; c++) {
		const struct option *opt = NULL;

		for (u32 i = 0; i < options_count && !opt; i++)
			if (options_table[i].letter == *c)
				opt = &options_table[i];
		if (!opt) {
			char letter[2] = {'-', *c};

			return wrong_word(p, letter, sizeof(letter), "no such option");
		}
		if (opt->arg)
			return c[1] ? take(p, opt, c + 1) : take_next(p, opt);
		if (!take(p, opt, NULL))
			return false;
	}
	return true;
}

/* Options may stand anywhere; nothing else may stand at all. */
static bool take_words(struct parse *p)
{
	while (p->at < p->argc && !p->done) {
		const char *word = p->argv[p->at++];
		bool ok;

		if (!strcmp(word, "--"))
			break;
		if (word[0] != '-' || !word[1])
			return wrong_word(p, word, strlen(word), "not an option");
		ok = word[1] == '-' ? take_long(p, word) : take_letters(p, word);
		if (!ok)
			return false;
	}
	if (p->at < p->argc && !p->done)
		return wrong_word(p, p->argv[p->at], strlen(p->argv[p->at]), "not an option");
	return true;
}

/* At most one output, but that --bench can be told to speak JSON. */
static bool settle_output(struct parse *p)
{
	static const char *const names[] = {
		[OUTPUT_BATCH] = "--batch", [OUTPUT_JSON] = "--json",
		[OUTPUT_BENCH] = "--bench", [OUTPUT_DOCTOR] = "--doctor",
		[OUTPUT_PROFILE] = "--profile", [OUTPUT_STOP] = "--freeze or --thaw",
	};
	u32 left = p->outputs;
	u32 first;

	p->o->bench = left & 1u << OUTPUT_BENCH;
	if (left & 1u << OUTPUT_PROFILE)
		p->o->view = VIEW_PROGRAMS;
	p->o->json = left & 1u << OUTPUT_JSON;
	p->o->output_set = left != 0;
	if (!left)
		return true;
	if (p->o->bench && p->o->json)
		left &= ~(1u << OUTPUT_JSON);
	first = (u32)__builtin_ctz(left);
	left &= left - 1;
	if (p->o->emergency) {
		out_lit(p->out, "pitstop: --emergency: cannot stand together with ");
		out_str(p->out, names[first]);
		out_lit(p->out, "\nIts keys are those of a screen.\n");
		return false;
	}
	if (!left) {
		p->o->output = (enum output)first;
		return true;
	}
	out_lit(p->out, "pitstop: ");
	out_str(p->out, names[first]);
	out_lit(p->out, ": cannot stand together with ");
	out_str(p->out, names[__builtin_ctz(left)]);
	out_lit(p->out, "\nEach is an output of its own: name one.\n");
	return false;
}

static bool settle_stops(struct parse *p)
{
	if (p->o->nstops && p->o->read_only)
		out_lit(p->out, "pitstop: --read-only: cannot stand together with --freeze or --thaw\n");
	else if (!p->o->nstops && p->o->force)
		out_lit(p->out, "pitstop: --force: there is nothing to force without --freeze\n");
	else
		return true;
	return false;
}

enum options_result options_parse(struct options *o, int argc, char **argv, struct out *out)
{
	struct parse p = {.o = o, .out = out, .argc = argc, .argv = argv, .at = 1};

	*o = (struct options){
		.output = OUTPUT_SCREEN,
		.delay_ns = NSEC_PER_SEC,
		.bench_samples = 100,
		.profile_s = 5,
		.mouse = true,
		.sort = COL_CPU,
		.sort_descending = true,
		.columns = columns_default,
		.programs = {.sort = PROG_COL_CPU, .descending = true},
		.backend = BACKEND_N,
		.color = CHOICE_AUTO,
	};
	if (!take_words(&p))
		return OPTIONS_WRONG;
	if (!p.done && !options_settle_view(&p))
		return OPTIONS_WRONG;
	if (p.done)
		return OPTIONS_DONE;
	return settle_output(&p) && settle_stops(&p) ? OPTIONS_RUN : OPTIONS_WRONG;
}
