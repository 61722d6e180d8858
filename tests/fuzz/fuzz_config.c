/* tests/fuzz/fuzz_config.c - any text as a configuration: what comes back is in
 * bounds, what is said is safe to show, and a text without errors can be changed
 * in place: the new text says what was meant, and changing nothing changes
 * nothing. */
#include "ui/config_edit.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static struct yaml y;
static struct config_log conf_log;
static struct settings base, now, back;
static char edited[65536], again[65536];

static struct config_result read_text(struct settings *s, struct bytes text)
{
	config_log_init(&conf_log);
	return config_read(s, &y, text, "f", &conf_log);
}

static void check_list(const struct column_list *l)
{
	must(l->n && l->n <= COLUMNS_MAX);
	for (u32 i = 0; i < l->n; i++)
		must(l->id[i] < COL_N);
}

static void check_settings(const struct settings *s)
{
	must(s->delay_ns >= 10 * NSEC_PER_MSEC && s->delay_ns <= 3600ull * NSEC_PER_SEC);
	must(s->layout < LAYOUT_N && s->theme < THEME_N && s->ntab && s->ntab <= SETTINGS_TABS);
	for (u32 i = 0; i < s->ntab; i++) {
		must(memchr(s->tab[i].name, 0, SETTINGS_NAME) != NULL);
		must(s->tab[i].sort.column < COL_N && s->tab[i].tree_sort.column < COL_N);
		check_list(&s->tab[i].columns);
	}
	for (u32 i = 0; i < HEADER_COLUMNS; i++) {
		must(s->meters[i].n <= SETTINGS_METERS);
		for (u32 j = 0; j < s->meters[i].n; j++)
			must(s->meters[i].meter[j].mode < METER_MODES &&
			     memchr(s->meters[i].meter[j].name, 0, SETTINGS_NAME));
	}
}

static void check_log(void)
{
	for (size_t i = 0; i < conf_log.out.len; i++)
		must((u8)conf_log.text[i] >= ' ' || conf_log.text[i] == '\n');
}

/* Some other settings, by the bits of a byte. */
static void change(u8 how)
{
	now = base;
	if (how & 1)
		now.delay_ns = 7 * (u64)NSEC_PER_SEC;
	if (how & 2)
		now.tab[0].tree = !now.tab[0].tree;
	if (how & 4)
		now.tab[now.ntab - 1].columns = (struct column_list){2, {COL_NICE, COL_PID}};
	if (how & 8)
		now.ntab = 1;
	if (how & 16 && now.ntab < SETTINGS_TABS) {
		now.tab[now.ntab] = now.tab[0];
		memcpy(now.tab[now.ntab++].name, "a\"#: \\", 7);
	}
	if (how & 32)
		now.meters[3] = (struct meter_column){1, {{"Clock", METER_LED}}};
	if (how & 64)
		now.color[STYLE_DIM] = (struct look){INK_RGB | 0xabcdef, 0, ATTR_BOLD, true};
}

static void check_edits(struct bytes text, u8 how)
{
	struct out o = {.buf = edited, .cap = sizeof(edited)}, same = {.buf = again, .cap = sizeof(again)};
	struct config_result r;

	must(config_edit(&same, &y, &base, &base) == 0);
	must(same.len == text.n && (!text.n || !memcmp(again, text.p, text.n)));
	change(how);
	if (config_edit(&o, &y, &base, &now) < 0)
		return;			/* no room, or the file has no such tabs */
	settings_init(&back);
	r = read_text(&back, (struct bytes){(unsigned char *)edited, o.len});
	must(!r.broken && !r.bad && config_agrees(&base, &now, &back));
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct bytes text = {p, n};
	struct config_result r;
	u8 how = n ? p[n - 1] : 0;

	settings_init(&base);
	r = read_text(&base, text);
	check_log();
	check_settings(&base);
	if (!r.broken && !r.bad && n < sizeof(edited) / 2)
		check_edits(text, how);
	return 0;
}
