/* tests/fuzz/fuzz_filter.c - any bytes as a filter, asked about rows of a
 * made-up machine, and as a regular expression with a text behind a NUL. */
#include <stdlib.h>

#include "tests/unit/fake_model.h"
#include "ui/filter_columns.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static struct fake fake;
static struct filter filter, again;
static struct regex_code code;

static void require(bool ok)
{
	if (!ok)
		abort();
}

static bool holds_only(const struct parse_error *e, size_t n)
{
	return e->why && *e->why && e->at <= n;
}

static void check_program(const struct filter *f)
{
	require(f->nterm <= FILTER_TERMS && f->nstep <= FILTER_STEPS && f->nwords <= FILTER_TEXT);
	require(f->language == (f->nstep > 0));
	for (u32 i = 0; i < f->nstep; i++) {
		const struct filter_step *s = &f->step[i];

		require(s->op != STEP_TERM || s->arg < f->nterm);
		require(s->op < STEP_AND || (s->arg > i && s->arg <= f->nstep));
	}
	for (u32 i = 0; i < f->nterm; i++) {
		require(f->term[i].words + f->term[i].nwords <= f->nwords);
		require(f->term[i].op == FILTER_CONTAINS || f->term[i].field < COL_N);
	}
}

/* "not" of a whole filter passes exactly the others. */
static void check_negation(const char *text)
{
	char not[FILTER_TEXT + 8] = "not (";
	struct parse_error e;
	size_t n = strlen(text);

	if (!filter.language || n + 7 > FILTER_TEXT)
		return;
	memcpy(not + 5, text, n);
	memcpy(not + 5 + n, ")", 2);
	if (!filter_compile(&again, not, &filter_columns, &e))
		return;			/* nested too deeply now */
	for (u32 i = 0; i < fake.model.ntask; i++) {
		const struct task_row *r = &fake.model.row[i];

		require(filter_pass(&filter, &fake.model, r) != filter_pass(&again, &fake.model, r));
	}
}

static void check_filter(const char *text)
{
	struct parse_error e = {0, NULL};

	if (!filter_compile(&filter, text, &filter_columns, &e)) {
		require(holds_only(&e, strnlen(text, FILTER_TEXT)));
		return;
	}
	check_program(&filter);
	(void)filter_extra(&filter);
	for (u32 i = 0; i < fake.model.ntask; i++) {
		bool pass = filter_pass(&filter, &fake.model, &fake.model.row[i]);

		require(filter.language || pass == filter_command(&fake.model, &fake.model.row[i], text));
	}
	check_negation(text);
}

static void check_code(const struct regex *re)
{
	require(code.ninsn <= REGEX_INSNS && code.nset <= REGEX_SETS && code.nrange <= REGEX_RANGES);
	for (u32 i = re->start; i < code.ninsn; i++) {
		const struct regex_insn *insn = &code.insn[i];
		s32 to = (s32)i + insn->to;

		if (insn->op == REGEX_JUMP || insn->op == REGEX_SPLIT)
			require(to >= re->start && to < code.ninsn);
		require(insn->op != REGEX_SET || insn->c < code.nset);
	}
	require(code.insn[code.ninsn - 1].op == REGEX_MATCH);
}

/* What it begins with must not change who matches: said anew as ()E, nothing is
 * known of that. */
static void check_regex(struct bytes expression, struct bytes text)
{
	struct parse_error e = {0, NULL};
	unsigned char any[FILTER_TEXT + 8] = "(|){1}(";
	struct regex re;
	bool match;

	memset(&code, 0, sizeof(code));
	if (!regex_compile(&code, &re, expression, &e)) {
		require(holds_only(&e, expression.n));
		return;
	}
	check_code(&re);
	match = regex_match(&code, &re, text);
	memcpy(any + 7, expression.p, expression.n);
	any[7 + expression.n] = ')';
	memset(&code, 0, sizeof(code));
	if (regex_compile(&code, &re, (struct bytes){any, expression.n + 8}, &e))
		require(regex_match(&code, &re, text) == match);
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	char text[FILTER_TEXT + 2] = "";
	size_t len = MIN(n, sizeof(text) - 1);

	if (!fake.names) {
		fake_init(&fake, 64);
		fake_server(&fake);
	}
	if (len)
		memcpy(text, p, len);
	check_filter(text);
	len = strnlen(text, FILTER_TEXT - 8);
	p += MIN(n, len + 1);
	n -= MIN(n, len + 1);
	check_regex((struct bytes){(const unsigned char *)text, len}, (struct bytes){p, n});
	return 0;
}
