/* proc/filter_match.c - a row against a filter: no allocation, no system call,
 * time that the filter's size bounds. */
#include "proc/filter.h"

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 'a' - 'A') : c;
}

/* A NUL between arguments is seen, and so found, as a space. */
static bool same_letter(unsigned char text, unsigned char wanted)
{
	return lower(text ? text : ' ') == lower(wanted);
}

static bool same_at(const unsigned char *text, struct bytes what)
{
	size_t k = 0;

	while (k < what.n && same_letter(text[k], what.p[k]))
		k++;
	return k == what.n;
}

static bool contains(struct bytes text, struct bytes what)
{
	for (size_t at = 0; at + what.n <= text.n; at++)
		if (same_at(text.p + at, what))
			return true;
	return false;
}

static bool equal(struct bytes text, struct bytes what)
{
	return text.n == what.n && same_at(text.p, what);
}

/* One of the alternatives in what; an empty one is none. */
static bool either(struct bytes text, struct bytes what, filter_search *compare)
{
	bool found = !what.n;

	while (!found && what.n) {
		const unsigned char *bar = memchr(what.p, '|', what.n);
		size_t n = bar ? (size_t)(bar - what.p) : what.n;

		found = n && compare(text, (struct bytes){what.p, n});
		what.p += n + !!bar;
		what.n -= n + !!bar;
	}
	return found;
}

static bool contains_either(struct bytes text, struct bytes what)
{
	return either(text, what, contains);
}

static struct bytes string_bytes(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

bool filter_match(struct bytes text, const char *filter)
{
	return contains_either(text, string_bytes(filter));
}

static bool in_command(const struct model *m, const struct task_row *r, struct bytes what,
		       filter_search *search)
{
	const struct name *name = model_name(m, r);
	struct bytes path = r->t->group ? model_cgroup(m, r)->path : (struct bytes){0};
	struct bytes comm = {(const unsigned char *)r->t->comm,
			     strnlen(r->t->comm, sizeof(r->t->comm))};

	return search(path, what) || search(name->cmdline, what) || search(name->comm, what) || search(comm, what);
}

bool filter_command(const struct model *m, const struct task_row *r, const char *filter)
{
	return in_command(m, r, string_bytes(filter), contains_either);
}

/* ---- terms ---- */

static bool compare_numbers(u8 op, double a, double b)
{
	switch (op) {
	case FILTER_EQ:
		return a == b;
	case FILTER_NE:
		return a != b;
	case FILTER_LT:
		return a < b;
	case FILTER_LE:
		return a <= b;
	case FILTER_GT:
		return a > b;
	default:
		return a >= b;
	}
}

static bool compare_words(const struct filter *f, const struct filter_term *t,
			  const struct filter_value *v)
{
	struct bytes what = {(const unsigned char *)f->words + t->words, t->nwords};
	bool is;

	if (t->op == FILTER_LIKE || t->op == FILTER_UNLIKE)
		return regex_match(&f->code, &t->regex, v->words) == (t->op == FILTER_LIKE);
	if (t->literal)
		is = equal(v->words, what) || equal(v->also, what);
	else
		is = either(v->words, what, equal) || either(v->also, what, equal);
	return is == (t->op == FILTER_EQ);
}

static bool plain(const struct filter *f, const struct model *m, const void *row, struct bytes what,
		  filter_search *search)
{
	return f->fields && f->fields->contains ? f->fields->contains(m, row, what, search)
						: in_command(m, row, what, search);
}

static bool term_holds(const struct filter *f, const struct filter_term *t, const struct model *m,
		       const void *row)
{
	struct bytes what = {(const unsigned char *)f->words + t->words, t->nwords};
	char room[FILTER_ROOM];
	struct filter_value v;

	if (t->op == FILTER_CONTAINS)
		return plain(f, m, row, what, t->literal ? contains : contains_either);
	if (!f->fields->value(t->field, m, row, room, &v) || v.is_words != t->is_words)
		return false;
	return v.is_words ? compare_words(f, t, &v) : compare_numbers(t->op, v.number, t->number);
}

bool filter_pass(const struct filter *f, const struct model *m, const void *row)
{
	bool is = true;

	if (!f->language)
		return plain(f, m, row, string_bytes(f->text), contains_either);
	for (u32 i = 0; i < f->nstep;) {
		const struct filter_step *s = &f->step[i++];

		if (s->op == STEP_TERM)
			is = term_holds(f, &f->term[s->arg], m, row);
		else if (s->op == STEP_NOT)
			is = !is;
		else if (is == (s->op == STEP_OR))
			i = s->arg;
	}
	return is;
}

size_t filter_number(struct bytes s, double *v)
{
	bool minus = s.n && *s.p == '-';
	size_t at = minus, digits = 0;
	double unit = 1;

	for (*v = 0; at < s.n; at++) {
		unsigned char c = s.p[at];

		if (c == '.' && unit == 1) {
			unit = 0.1;
		} else if (c < '0' || c > '9') {
			break;
		} else if (unit == 1) {
			*v = *v * 10 + (c - '0');
			digits++;
		} else {
			*v += unit * (c - '0');
			unit /= 10;
			digits++;
		}
	}
	*v = minus ? -*v : *v;
	return digits ? at : 0;
}
