/* ui/filter_columns.c - see ui/filter_columns.h. */
#include "ui/filter_columns.h"
#include "proc/users.h"

static u32 find(const char *name, size_t len)
{
	enum column_id id = column_find(name, len);

	return id == COL_N ? (u32)FILTER_NO_FIELD : (u32)id;
}

/* "_per_s" is no unit of time. */
static bool ends(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end), rate = strlen("_per_s");

	if (len > rate && !strcmp(name + len - rate, "_per_s"))
		len -= rate;
	return len > n && !memcmp(name + len - n, end, n);
}

enum filter_kind filter_kind_of(const char *name, size_t typed)
{
	static const struct {
		char end[9];
		u8 kind;
	} kinds[] = {
		{"_bytes", FILTER_BYTES}, {"_percent", FILTER_PERCENT}, {"_ns", FILTER_TIME},
		{"_s", FILTER_SECONDS},
	};

	for (u32 i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!ends(name, kinds[i].end))
			continue;
		/* who writes the unit need not write it twice */
		if (kinds[i].kind == FILTER_TIME && typed == strlen(name))
			return FILTER_TIME_NS;
		return (enum filter_kind)kinds[i].kind;
	}
	return FILTER_COUNT;
}

static enum filter_kind kind(u32 field, const char *name, size_t len)
{
	const struct column *c = &columns[field];

	if (c->text || c->left)		/* words stand at the left */
		return FILTER_WORDS;
	/* another name of that length has no unit at its end */
	return filter_kind_of(c->name, len > 1 && name[len - 2] == 'n' ? len : 0);
}

/* What does not fit is left out: the sink is full, no error of anybody. */
static bool no_more_room(struct sink *s)
{
	(void)s;
	return false;
}

static struct bytes string_bytes(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

/* A value as JSON has it. */
static void read_json(struct bytes json, struct filter_value *v)
{
	bool quoted = json.n > 1 && *json.p == '"', yes = json.n && *json.p == 't';

	v->is_words = quoted || yes || (json.n && *json.p == 'f');
	if (!v->is_words)
		filter_number(json, &v->number);
	v->words = quoted ? (struct bytes){json.p + 1, json.n - 2} : string_bytes(yes ? "yes" : "no");
	if (!quoted)
		v->also = json;
}

static bool value(u32 field, const struct model *m, const void *row,
		  char room[static FILTER_ROOM], struct filter_value *v)
{
	const struct task_row *r = row;
	const struct column *c = &columns[field];
	struct sink s = {.out = {.buf = room, .cap = FILTER_ROOM}, .flush = no_more_room};

	*v = (struct filter_value){.is_words = true};
	if (r->t->group && !column_of_group(field))
		return false;
	if (c->text) {
		v->words = c->text(m, r);
		if (field == COL_USER) {	/* as -u: by name or by number */
			sink_u64(&s, r->t->uid);
			v->also = (struct bytes){(const unsigned char *)room, s.out.len};
			return true;
		}
		return v->words.n;
	}
	if (!c->json(&s, m, r))
		return false;
	read_json((struct bytes){(const unsigned char *)room, s.out.len}, v);
	return true;
}

const struct filter_fields filter_columns = {find, kind, value, NULL};

u32 filter_extra(const struct filter *f)
{
	u32 extra = 0;

	for (u32 i = 0; f && i < f->nterm; i++)
		if (f->term[i].op != FILTER_CONTAINS)
			extra |= columns[f->term[i].field].extra;
	return extra;
}

u32 filter_facts(const struct filter *f)
{
	u32 facts = 0;

	/* COL_CMDLINE asks for what colours it: its words are there without */
	for (u32 i = 0; f && i < f->nterm; i++)
		if (f->term[i].op != FILTER_CONTAINS && f->term[i].field != COL_CMDLINE)
			facts |= columns[f->term[i].field].facts;
	return facts;
}
