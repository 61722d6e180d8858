/* ui/options_help.c - the option and column tables in the forms people and
 * shells read: --help, mdoc(7), completions. */
#include "ui/options_table.h"

enum { HELP_COLUMN = 28, NAME_COLUMN = 24, TITLE_COLUMN = 10, MDOC_COLUMNS = 76 };

/* ---- --help ---------------------------------------------------------------- */

/* Goes on at a column, on the next line if the text is past it already. */
static void pad_to(struct out *out, size_t line_start, size_t column)
{
	size_t used = out->len - line_start;

	if (used + 1 > column) {
		out_char(out, '\n');
		used = 0;
	}
	out_pad(out, ' ', column - used);
}

void options_write_help(struct out *out)
{
	out_lit(out, "Usage: pitstop [OPTION]...\n"
		     "Shows what this machine is doing, and why.\n\n");
	for (u32 i = 0; i < options_count; i++) {
		const struct option *opt = &options_table[i];
		size_t start = out->len;

		out_lit(out, "  ");
		if (opt->letter) {
			out_char(out, '-');
			out_char(out, opt->letter);
			out_lit(out, ", --");
		} else {
			out_lit(out, "    --");
		}
		out_str(out, opt->name);
		if (opt->arg) {
			out_str(out, opt->optional ? "[=" : " ");
			out_str(out, opt->arg);
			out_str(out, opt->optional ? "]" : "");
		}
		pad_to(out, start, HELP_COLUMN);
		out_str(out, opt->help);
		out_char(out, '\n');
	}
	out_lit(out, "\nExit status: 0 done, 1 could not do what was asked, 2 wrong usage.\n"
		     "The manual has more: man pitstop\n");
}

static void list_column(struct out *out, const char *name, const char *title, const char *help)
{
	size_t start = out->len;

	out_str(out, name);
	pad_to(out, start, NAME_COLUMN);
	out_str(out, title);
	pad_to(out, start, NAME_COLUMN + TITLE_COLUMN);
	out_str(out, help);
	out_char(out, '\n');
}

void options_write_columns(struct out *out)
{
	for (u32 i = 0; i < COL_N; i++)
		list_column(out, columns[i].name, columns[i].title, columns[i].help);
}

void options_write_program_columns(struct out *out)
{
	for (u32 i = 0; i < PROG_COLS; i++)
		list_column(out, program_columns[i].name, program_columns[i].title, program_columns[i].help);
}

/* ---- the manual ------------------------------------------------------------ */

/* A word of mdoc text, with option dashes that stay dashes. */
static void mdoc_word(struct out *out, const char *word, size_t len)
{
	bool dash = true;	/* "--x" has two, "read-only" only a hyphen */

	for (size_t i = 0; i < len; i++) {
		dash = dash && word[i] == '-';
		if (dash || word[i] == '\\')
			out_char(out, '\\');
		out_char(out, word[i] == '\\' ? 'e' : word[i]);
	}
}

/* Text lines of mdoc: each sentence begins one, and none is too long. */
static void mdoc_text(struct out *out, const char *text)
{
	size_t start = out->len;

	while (*text) {
		size_t len = strcspn(text, " ");

		mdoc_word(out, text, len);
		text += len;
		if (!*text)
			break;
		text++;
		if (text[-2] == '.' || out->len - start + strcspn(text, " ") > MDOC_COLUMNS) {
			out_char(out, '\n');
			start = out->len;
		} else {
			out_char(out, ' ');
		}
	}
}

/* A help text as a sentence. */
static void mdoc_sentence(struct out *out, const char *text)
{
	bool small = *text >= 'a' && *text <= 'z';

	out_char(out, small ? (char)(*text - ('a' - 'A')) : *text);
	mdoc_text(out, text + 1);
	out_lit(out, ".\n");
}

void options_write_mdoc(struct out *out)
{
	out_lit(out, ".Bl -tag -width Ds\n");
	for (u32 i = 0; i < options_count; i++) {
		const struct option *opt = &options_table[i];

		out_lit(out, ".It ");
		if (opt->letter) {
			out_lit(out, "Fl ");
			out_char(out, opt->letter);
			out_lit(out, " , ");
		}
		out_lit(out, "Fl -");
		out_str(out, opt->name);
		if (opt->arg) {
			out_str(out, opt->optional ? " Ns Op = Ns Ar " : " Ar ");
			out_str(out, opt->arg);
		}
		out_char(out, '\n');
		mdoc_sentence(out, opt->help);
		if (opt->more) {
			mdoc_text(out, opt->more);
			out_char(out, '\n');
		}
	}
	out_lit(out, ".El\n");
}

static void mdoc_columns(struct out *out)
{
	out_lit(out, ".Bl -column \"involuntary_switches\" \"Command\" \"meaning\"\n"
		     ".It Sy JSON field Ta Sy screen Ta Sy meaning\n");
}

static void mdoc_column(struct out *out, const char *name, const char *title, const char *help)
{
	out_lit(out, ".It Cm ");
	out_str(out, name);
	out_lit(out, " Ta ");
	out_str(out, title);
	out_lit(out, " Ta\n");
	mdoc_text(out, help);
	out_char(out, '\n');
}

void options_write_columns_mdoc(struct out *out)
{
	mdoc_columns(out);
	for (u32 i = 0; i < COL_N; i++)
		mdoc_column(out, columns[i].name, columns[i].title, columns[i].help);
	out_lit(out, ".El\n");
}

void options_write_program_columns_mdoc(struct out *out)
{
	mdoc_columns(out);
	for (u32 i = 0; i < PROG_COLS; i++)
		mdoc_column(out, program_columns[i].name, program_columns[i].title, program_columns[i].help);
	out_lit(out, ".El\n");
}

/* ---- words a shell can offer ----------------------------------------------- */

static void put_columns(struct out *out)
{
	for (u32 i = 0; i < COL_N; i++) {
		if (i)
			out_char(out, ' ');
		out_str(out, columns[i].name);
	}
}

static void put_backends(struct out *out)
{
	out_lit(out, "auto");
	for (u32 i = 0; i < BACKEND_N; i++) {
		out_char(out, ' ');
		out_str(out, backend_name[i]);
	}
}

/* The words themselves; false when the shell has to find them. */
static bool put_words(struct out *out, const struct option *opt)
{
	switch (opt->values) {
	case VALUES_WORDS:
		out_str(out, opt->words);
		return true;
	case VALUES_BACKEND:
		put_backends(out);
		return true;
	case VALUES_COLUMN:
	case VALUES_COLUMNS:
		put_columns(out);
		return true;
	case VALUES_NONE:
	case VALUES_USER:
	case VALUES_PID:
	case VALUES_FILE:
		return false;
	}
	return false;
}

/* Between single quotes; those in special get a backslash. */
static void put_quoted(struct out *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'') {
			out_lit(out, "'\\''");
			continue;
		}
		if (strchr(special, *text))
			out_char(out, '\\');
		out_char(out, *text);
	}
}

static void put_names(struct out *out, const struct option *opt, const char *between)
{
	if (opt->letter) {
		out_char(out, '-');
		out_char(out, opt->letter);
		out_str(out, between);
	}
	out_lit(out, "--");
	out_str(out, opt->name);
}

/* ---- bash ------------------------------------------------------------------ */

static void bash_option(struct out *out, const struct option *opt)
{
	out_lit(out, "\t");
	put_names(out, opt, "|");
	out_lit(out, ")\n\t\t");
	switch (opt->values) {
	case VALUES_WORDS:
	case VALUES_BACKEND:
	case VALUES_COLUMN:
		out_lit(out, "mapfile -t COMPREPLY < <(compgen -W '");
		put_words(out, opt);
		out_lit(out, "' -- \"$cur\")\n\t\t");
		break;
	case VALUES_COLUMNS:
		out_lit(out, "mapfile -t COMPREPLY < <(compgen -P \"$list\" -W '");
		put_words(out, opt);
		out_lit(out, "' -- \"${cur##*,}\")\n\t\tcompopt -o nospace\n\t\t");
		break;
	case VALUES_USER:
		out_lit(out, "mapfile -t COMPREPLY < <(compgen -u -- \"$cur\")\n\t\t");
		break;
	case VALUES_PID:
		out_lit(out, "mapfile -t COMPREPLY < <(compgen -P \"$list\" -W "
			     "\"$(cd /proc && echo [0-9]*)\" -- \"${cur##*,}\")\n"
			     "\t\tcompopt -o nospace\n\t\t");
		break;
	case VALUES_FILE:
		out_lit(out, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\t\tcompopt -o filenames\n\t\t");
		break;
	case VALUES_NONE:
		break;
	}
	out_lit(out, "return ;;\n");
}

void options_write_bash(struct out *out)
{
	out_lit(out, "# bash completion for pitstop; written by docgen from the option table.\n\n"
		     "_pitstop()\n{\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} list\n\n"
		     "\t# readline makes three words of --name=value\n"
		     "\tif [[ $cur == = ]]; then\n"
		     "\t\tcur=\n"
		     "\telif [[ $prev == = ]]; then\n"
		     "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
		     "\tfi\n"
		     "\tlist=${cur%\"${cur##*,}\"}\n"
		     "\tCOMPREPLY=()\n"
		     "\tcase $prev in\n");
	for (u32 i = 0; i < options_count; i++)
		if (options_table[i].arg && !options_table[i].optional)
			bash_option(out, &options_table[i]);
	out_lit(out, "\tesac\n\tmapfile -t COMPREPLY < <(compgen -W '");
	for (u32 i = 0; i < options_count; i++) {
		if (i)
			out_char(out, ' ');
		put_names(out, &options_table[i], " ");
	}
	out_lit(out, "' -- \"$cur\")\n}\n\ncomplete -F _pitstop pitstop\n");
}

/* ---- zsh ------------------------------------------------------------------- */

/* What follows the explanation: ":NAME:action". */
static void zsh_argument(struct out *out, const struct option *opt)
{
	out_str(out, opt->optional ? "::" : ":");
	put_quoted(out, opt->arg, "[]:\\");
	out_char(out, ':');
	switch (opt->values) {
	case VALUES_WORDS:
	case VALUES_BACKEND:
	case VALUES_COLUMN:
		out_char(out, '(');
		put_words(out, opt);
		out_char(out, ')');
		break;
	case VALUES_COLUMNS:
		out_lit(out, "_values -s , column ");
		put_words(out, opt);
		break;
	case VALUES_USER:
		out_lit(out, "_users");
		break;
	case VALUES_PID:
		out_lit(out, "_sequence _pids");
		break;
	case VALUES_FILE:
		out_lit(out, "_files");
		break;
	case VALUES_NONE:
		break;
	}
}

void options_write_zsh(struct out *out)
{
	out_lit(out, "#compdef pitstop\n"
		     "# zsh completion for pitstop; written by docgen from the option table.\n\n"
		     "_arguments -s -S");
	for (u32 i = 0; i < options_count; i++) {
		const struct option *opt = &options_table[i];
		bool needs = opt->arg && !opt->optional;

		out_lit(out, " \\\n\t");
		if (opt->letter) {
			/* either form once: '(-d --delay)'{-d+,--delay=}'[...]' */
			out_lit(out, "'(");
			put_names(out, opt, " ");
			out_lit(out, ")'{");
			put_names(out, opt, needs ? "+," : ",");
			out_str(out, needs ? "=}'" : "}'");
		} else {
			out_char(out, '\'');
			put_names(out, opt, "");
			out_str(out, opt->optional ? "=-" : needs ? "=" : "");
		}
		out_char(out, '[');
		put_quoted(out, opt->help, "[]:\\");
		out_char(out, ']');
		if (opt->arg)
			zsh_argument(out, opt);
		out_char(out, '\'');
	}
	out_char(out, '\n');
}

/* ---- fish ------------------------------------------------------------------ */

static void fish_values(struct out *out, const struct option *opt)
{
	switch (opt->values) {
	case VALUES_WORDS:
	case VALUES_BACKEND:
	case VALUES_COLUMN:
		out_lit(out, " -a '");
		put_words(out, opt);
		out_char(out, '\'');
		break;
	case VALUES_COLUMNS:
		out_lit(out, " -a '(__fish_complete_list , \"printf %s\\\\\\n ");
		put_words(out, opt);
		out_lit(out, "\")'");
		break;
	case VALUES_USER:
		out_lit(out, " -a '(__fish_complete_users)'");
		break;
	case VALUES_PID:
		out_lit(out, " -a '(__fish_complete_list , __fish_complete_pids)'");
		break;
	case VALUES_FILE:
		out_lit(out, " -F");
		break;
	case VALUES_NONE:
		break;
	}
}

void options_write_fish(struct out *out)
{
	out_lit(out, "# fish completion for pitstop; written by docgen from the option table.\n\n"
		     "complete -c pitstop -f\n");
	for (u32 i = 0; i < options_count; i++) {
		const struct option *opt = &options_table[i];

		out_lit(out, "complete -c pitstop");
		if (opt->letter) {
			out_lit(out, " -s ");
			out_char(out, opt->letter);
		}
		out_lit(out, " -l ");
		out_str(out, opt->name);
		if (opt->arg && !opt->optional)
			out_lit(out, " -x");
		fish_values(out, opt);
		out_lit(out, " -d '");
		for (const char *c = opt->help; *c; c++) {
			if (*c == '\'' || *c == '\\')
				out_char(out, '\\');
			out_char(out, *c);
		}
		out_lit(out, "'\n");
	}
}
