/* tests/unit/test_order.c - which rows of a made-up model are shown, where, and
 * below whom. */
#include "tests/unit/fake_model.h"
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>

static struct fake fake;

static u64 key_cpu(const struct model *m, const struct task_row *r)
{
	(void)m;
	return r->cpu_ppm;
}

static u64 key_pid(const struct model *m, const struct task_row *r)
{
	(void)m;
	return r->t->pid;
}

static struct bytes text_comm(const struct model *m, const struct task_row *r)
{
	(void)m;
	return (struct bytes){(const unsigned char *)r->t->comm, strlen(r->t->comm)};
}

/* ---- what is shown, as text ------------------------------------------- */

static char shown[16384];

static void put_line(const struct order_line *l, bool tree, u32 pid)
{
	size_t n = strlen(shown), room = sizeof(shown) - n;

	if (!tree)
		snprintf(shown + n, room, "%s%u", n ? " " : "", pid);
	else
		snprintf(shown + n, room, "%s%u/%u%s%s%s%s%s%x", n ? " " : "", pid, l->depth,
			 l->context ? "C" : "", l->last ? "L" : "", l->parent ? "P" : "", l->folded ? "F" : "",
			 l->trunk[0] ? "|" : "/", l->trunk[0]);
}

/* "1 2 3": pids from the top.  In a tree each is PID/DEPTH, L for last, P for
 * parent, F for folded, C for an ancestor that passes no filter, and /0 or
 * |TRUNK in hexadecimal. */
static const char *show(const struct order_spec *s, order_folded_fn *folded, const void *arg)
{
	order_build(&fake.order, &fake.model, s, folded, arg);
	shown[0] = '\0';
	for (u32 i = 0; i < fake.order.n; i++) {
		const struct order_line *l = order_line(&fake.order, i);

		put_line(l, s->tree, fake.model.row[l->row].t->pid);
	}
	return shown;
}

/* ---- sort ------------------------------------------------------------- */

static const struct fake_task sorted[] = {
	{.pid = 30, .cpu_centi = 50, .comm = "bash"},
	{.pid = 10, .cpu_centi = 50, .comm = "Bash"},
	{.pid = 20, .cpu_centi = 7, .comm = "longer-name-2"},
	{.pid = 50, .cpu_centi = 900, .comm = "longer-name-1"},
	{.pid = 40, .cpu_centi = 50, .comm = "LONGER-NAME-1"},
	{.pid = 60, .cpu_centi = 0, .comm = "longer-n"},
	{.pid = 70, .cpu_centi = 0, .comm = ""},
	{.pid = 80, .cpu_centi = 0, .comm = "\xc3\xa9"},	/* é: bytes, not letters */
};

static void test_sort(void)
{
	static const struct {
		struct order_spec spec;
		const char *want;
	} rows[] = {
		{{.key = key_pid}, "10 20 30 40 50 60 70 80"},
		{{.key = key_pid, .descending = true}, "80 70 60 50 40 30 20 10"},
		{{.key = key_cpu}, "20 10 30 40 50 60 70 80"},	/* unknown: last */
		{{.key = key_cpu, .descending = true}, "50 10 30 40 20 60 70 80"},
		{{.text = text_comm}, "10 30 60 40 50 20 80 70"},
		{{.text = text_comm, .descending = true}, "80 20 40 50 60 10 30 70"},
	};

	fake_init(&fake, ARRAY_LEN(sorted));
	for (size_t i = 0; i < ARRAY_LEN(sorted); i++)
		fake_add(&fake, &sorted[i]);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_STR_ROW(i, show(&rows[i].spec, NULL, NULL), rows[i].want);
	fake_free(&fake);
}

static const struct order_spec *oracle_spec;

static int oracle(const void *a, const void *b)
{
	const struct task_row *x = a, *y = b;
	int c = oracle_spec->text ? strcasecmp(x->t->comm, y->t->comm) :
		x->cpu_ppm < y->cpu_ppm ? -1 : x->cpu_ppm > y->cpu_ppm;

	if (oracle_spec->key && !x->cpu_ppm != !y->cpu_ppm)
		return x->cpu_ppm ? -1 : 1;
	if (!c)
		return x->t->pid < y->t->pid ? -1 : 1;
	return oracle_spec->descending ? -c : c;
}

static void check_against_qsort(size_t row, const struct order_spec *s, struct task_row *want)
{
	u32 n = fake.model.ntask, wrong = 0, at;

	memcpy(want, fake.model.row, n * sizeof(*want));
	oracle_spec = s;
	qsort(want, n, sizeof(*want), oracle);
	order_build(&fake.order, &fake.model, s, NULL, NULL);
	CHECK_EQ_ROW(row, fake.order.n, n);
	/* looked for and looked at here and there, before all of it is there */
	for (u32 i = 0; i < MIN(n, 20u); i++) {
		at = (u32)random() % MIN(n, i < 10 ? 50u : n);
		wrong += order_find(&fake.order, &fake.model, want[at].t->pid, want[at].t->start_boot_ns) != at;
		at = (u32)random() % MIN(n, i < 10 ? 50u : n);
		wrong += fake.model.row[order_line(&fake.order, at)->row].t != want[at].t;
	}
	for (u32 i = 0; i < fake.order.n; i++)
		wrong += fake.model.row[order_line(&fake.order, i)->row].t != want[i].t;
	CHECK_EQ_ROW(row, wrong, 0);
}

/* pid * 7919 modulo a prime: every pid once, in no order. */
static void add_random(u32 n)
{
	static const char *const stem[] = {"kworker/", "Kworker/", "a", "chrome-thread-", ""};
	char comm[TASK_COMM];

	for (u32 i = 1; i <= n; i++) {
		snprintf(comm, sizeof(comm), "%s%lu", stem[random() % 5], (unsigned long)random() % 40);
		fake_add(&fake, &(struct fake_task){.pid = (u32)(i * 7919ull % 104729), .comm = comm,
						    .cpu_centi = (u32)random() % 50});
	}
}

static void test_sort_random(void)
{
	enum { MANY = 10000 };
	static const struct order_spec specs[] = {
		{.key = key_cpu}, {.key = key_cpu, .descending = true},
		{.text = text_comm}, {.text = text_comm, .descending = true},
	};
	static const u32 counts[] = {0, 1, 2, 7, 8, 9, 16, 17, 63, 64, 65, 1000, MANY};
	struct task_row *want = calloc(MANY, sizeof(*want));

	CHECK(want != NULL);
	if (!want)
		return;
	srandom(1);
	for (size_t c = 0; c < ARRAY_LEN(counts); c++) {
		fake_init(&fake, MANY);
		add_random(counts[c]);
		for (size_t i = 0; i < ARRAY_LEN(specs); i++)
			check_against_qsort(c * 10 + i, &specs[i], want);
		fake_free(&fake);
	}
	free(want);
}

/* ---- filter ----------------------------------------------------------- */

static const struct fake_task people[] = {
	{.pid = 1, .uid = 0, .comm = "init", .cmdline = "/sbin/init splash"},
	{.pid = 2, .uid = 0, .comm = "kthreadd", .kernel = true},
	{.pid = 3, .uid = 33, .comm = "nginx", .cmdline = "nginx: worker process"},
	{.pid = 4, .uid = 33, .comm = "pool", .thread_of = 3},
	{.pid = 5, .uid = 1000, .comm = "Web Content", .cmdline = "firefox -contentproc -Tab"},
	{.pid = 6, .uid = 1000, .comm = "a|b", .cmdline = "x"},
};

static void test_filter(void)
{
	static const struct {
		const char *filter, *want;
	} rows[] = {
		{"", "1 2 3 4 5 6"},
		{"init", "1"},
		{"INIT", "1"},
		{"sbin/Init sp", "1"},		/* the NUL between arguments is a space */
		{"splash ", "1"},		/* the last one too */
		{"splash  ", ""},
		{"kthread", "2"},
		{"nginx|firefox", "3 5"},
		{"nope|FIREFOX|pool", "4 5"},
		{"worker process", "3"},
		{"web content", "5"},		/* comm, though a command line is shown */
		{"-tab", "5"},
		{"|init", "1"},
		{"init|", "1"},
		{"init||x", "1 3 5 6"},
		{"a|b", "1 2 5 6"},
		{"zzz", ""},
		{"initsplash", ""},
	};

	fake_init(&fake, ARRAY_LEN(people));
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		fake_add(&fake, &people[i]);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct order_spec s = {.key = key_pid, .threads = true, .kernel = true};

		snprintf(s.filter, sizeof(s.filter), "%s", rows[i].filter);
		CHECK_STR_ROW(i, show(&s, NULL, NULL), rows[i].want);
	}
	fake_free(&fake);
}

static void test_select(void)
{
	static const struct {
		struct order_spec spec;
		const char *want;
	} rows[] = {
		{{.key = key_pid}, "1 3 5 6"},
		{{.key = key_pid, .kernel = true}, "1 2 3 5 6"},
		{{.key = key_pid, .threads = true}, "1 3 4 5 6"},
		{{.key = key_pid, .by_user = true}, "1"},
		{{.key = key_pid, .by_user = true, .kernel = true}, "1 2"},
		{{.key = key_pid, .by_user = true, .uid = 1000}, "5 6"},
		{{.key = key_pid, .by_user = true, .uid = 33, .threads = true}, "3 4"},
		{{.key = key_pid, .by_user = true, .uid = 99}, ""},
		{{.key = key_pid, .npid = 2, .pid = {6, 1}}, "1 6"},
		{{.key = key_pid, .npid = 1, .pid = {3}}, "3"},
		{{.key = key_pid, .npid = 1, .pid = {3}, .threads = true}, "3 4"},
		{{.key = key_pid, .npid = 1, .pid = {4}, .threads = true}, ""},
		{{.key = key_pid, .npid = 1, .pid = {2}}, ""},
		{{.key = key_pid, .npid = 1, .pid = {7}}, ""},
		{{.key = key_pid, .npid = 2, .pid = {1, 5}, .by_user = true, .uid = 1000}, "5"},
		{{.key = key_pid, .npid = 2, .pid = {1, 5}, .filter = "init"}, "1"},
	};

	fake_init(&fake, ARRAY_LEN(people));
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		fake_add(&fake, &people[i]);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_STR_ROW(i, show(&rows[i].spec, NULL, NULL), rows[i].want);
	fake_free(&fake);
}

/* A command line that belongs to no text at all: bytes, NULs, no end. */
static void test_filter_bytes(void)
{
	static const unsigned char raw[] = {'a', 0, 0, 0xff, 'B', 0x80, 'c'};
	static const struct {
		const char *filter;
		bool want;
	} rows[] = {
		{"a", true}, {"a  \xff", true}, {"\xff" "b\x80" "C", true}, {"c", true},
		{"cc", false}, {"a \xff", false}, {"bc", false},
	};
	struct name name = {.state = NAME_KNOWN, .cmdline = {raw, sizeof(raw)}};
	struct task_row *r;
	struct task *t;

	fake_init(&fake, 1);
	r = fake_add(&fake, &(struct fake_task){.pid = 1, .comm = ""});
	t = &fake.tasks.task[0];
	CHECK_EQ(names_put(fake.names, t, &name), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, filter_command(&fake.model, r, rows[i].filter), rows[i].want);
	fake_free(&fake);
}

/* ---- tree ------------------------------------------------------------- */

enum { PEOPLE = 16, FOLDS = 4 };

static bool folded_in(const void *arg, const struct task *t)
{
	for (const u32 *pid = arg; *pid; pid++)
		if (*pid == t->pid)
			return true;
	return false;
}

/* cpu_centi orders the siblings where it is not the pid. */
#define P(id, parent, ...)	{.pid = (id), .ppid = (parent), .comm = "c" #id, __VA_ARGS__}

static const struct {
	const char *what;
	struct fake_task task[PEOPLE];
	struct order_spec spec;
	u32 folded[FOLDS];
	const char *want;
} trees[] = {
	{"empty", {P(0, 0)}, {.key = key_pid}, {0}, ""},
	{"one", {P(1, 0)}, {.key = key_pid}, {0}, "1/0L/0"},
	{"own parent", {P(1, 1)}, {.key = key_pid}, {0}, "1/0L/0"},
	{"children before parents", {P(3, 2), P(2, 1), P(1, 0)}, {.key = key_pid}, {0},
	 "1/0LP/0 2/1LP/0 3/2L/0"},
	{"siblings by pid", {P(1, 0), P(4, 1), P(2, 1), P(3, 1)}, {.key = key_pid}, {0},
	 "1/0LP/0 2/1/0 3/1/0 4/1L/0"},
	{"siblings the other way", {P(1, 0), P(4, 1), P(2, 1), P(3, 1)},
	 {.key = key_pid, .descending = true}, {0}, "1/0LP/0 4/1/0 3/1/0 2/1L/0"},
	{"siblings by CPU, equal ones by pid",
	 {P(1, 0), P(4, 1, .cpu_centi = 9), P(2, 1, .cpu_centi = 9), P(3, 1, .cpu_centi = 50)},
	 {.key = key_cpu, .descending = true}, {0}, "1/0LP/0 3/1/0 2/1/0 4/1L/0"},
	{"a busy child does not move its parent",
	 {P(1, 0), P(2, 0, .cpu_centi = 5), P(3, 1, .cpu_centi = 99)},
	 {.key = key_cpu, .descending = true}, {0}, "2/0/0 1/0LP/0 3/1L/0"},
	{"trunk", {P(1, 0), P(2, 1), P(3, 2), P(4, 3), P(5, 1), P(6, 5), P(9, 0)},
	 {.key = key_pid}, {0},
	 "1/0P/0 2/1P|1 3/2LP|3 4/3L|3 5/1LP|1 6/2L|1 9/0L/0"},
	{"folded", {P(1, 0), P(2, 1), P(3, 2), P(4, 3), P(5, 1), P(6, 5)}, {.key = key_pid},
	 {2}, "1/0LP/0 2/1PF/0 5/1LP/0 6/2L/0"},
	{"all folded", {P(1, 0), P(2, 1), P(3, 2), P(4, 0), P(5, 4)}, {.key = key_pid},
	 {1, 4}, "1/0PF/0 4/0LPF/0"},
	{"folded within folded", {P(1, 0), P(2, 1), P(3, 2), P(4, 1), P(5, 0)}, {.key = key_pid},
	 {1, 2}, "1/0PF/0 5/0L/0"},
	{"folded without children is not folded", {P(1, 0), P(2, 1)}, {.key = key_pid},
	 {2}, "1/0LP/0 2/1L/0"},
	{"parent filtered out", {P(1, 0), P(2, 1, .uid = 5), P(3, 2), P(4, 3), P(5, 2)},
	 {.key = key_pid, .by_user = true}, {0}, "1/0/0 3/0P/0 4/1L|1 5/0L/0"},
	{"child filtered out", {P(1, 0), P(2, 1, .uid = 5)}, {.key = key_pid, .by_user = true},
	 {0}, "1/0L/0"},
	{"kernel threads hidden", {P(2, 0, .kernel = true), P(3, 2, .kernel = true), P(4, 2)},
	 {.key = key_pid}, {0}, "4/0L/0"},
	{"threads below their process", {P(1, 0), P(2, 1), P(20, 1, .thread_of = 2),
	 P(21, 1, .thread_of = 2), P(3, 2), P(4, 1)}, {.key = key_pid, .threads = true}, {0},
	 "1/0LP/0 2/1P/0 3/2|2 20/2|2 21/2L|2 4/1L/0"},
	{"threads of a folded process", {P(1, 0), P(2, 1), P(20, 1, .thread_of = 2)},
	 {.key = key_pid, .threads = true}, {2}, "1/0LP/0 2/1LPF/0"},
	{"threads not shown", {P(1, 0), P(2, 1), P(20, 1, .thread_of = 2)}, {.key = key_pid}, {0},
	 "1/0LP/0 2/1L/0"},
	{"thread whose process is filtered out", {P(1, 0), P(20, 0, .thread_of = 1)},
	 {.key = key_pid, .threads = true, .filter = "c20"}, {0}, "1/0CLP/0 20/1L/0"},
	{"ancestors of a match", {P(1, 0), P(2, 1), P(3, 2), P(4, 1), P(5, 4), P(33, 2)},
	 {.key = key_pid, .filter = "c3"}, {0}, "1/0CLP/0 2/1CLP/0 3/2/0 33/2L/0"},
	{"a match below a match", {P(1, 0), P(31, 1), P(2, 31), P(32, 2)},
	 {.key = key_pid, .filter = "c3"}, {0}, "1/0CLP/0 31/1LP/0 2/2CLP/0 32/3L/0"},
	{"no match, no ancestors", {P(1, 0), P(2, 1)}, {.key = key_pid, .filter = "c3"}, {0}, ""},
	{"ancestors of another user", {P(1, 0), P(2, 1, .uid = 5), P(3, 2), P(4, 3)},
	 {.key = key_pid, .by_user = true, .filter = "c4"}, {0}, "3/0CLP/0 4/1L/0"},
	{"a folded ancestor", {P(1, 0), P(2, 1), P(3, 2)}, {.key = key_pid, .filter = "c3"}, {2},
	 "1/0CLP/0 2/1CLPF/0"},
	{"ancestors in a ring", {P(1, 2), P(2, 1), P(3, 1)}, {.key = key_pid, .filter = "c3"}, {0},
	 "1/0CLP/0 2/0CP/0 3/0L/0"},
};

/* A trunk bit of 0 has no sibling below at that depth: see show(). */
static void test_tree(void)
{
	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		struct order_spec s = trees[i].spec;

		s.tree = true;
		fake_init(&fake, PEOPLE);
		for (u32 k = 0; k < PEOPLE && trees[i].task[k].pid; k++)
			fake_add(&fake, &trees[i].task[k]);
		CHECK_STR_ROW(i, show(&s, folded_in, trees[i].folded), trees[i].want);
		fake_free(&fake);
	}
}

/* Every row once and nothing else. */
static void check_all_once(size_t row)
{
	u32 n = fake.model.ntask, twice = 0;
	bool *seen = calloc(n, sizeof(*seen));

	CHECK_EQ_ROW(row, fake.order.n, n);
	for (u32 i = 0; seen && i < fake.order.n; i++) {
		twice += seen[order_line(&fake.order, i)->row];
		seen[order_line(&fake.order, i)->row] = true;
	}
	CHECK_EQ_ROW(row, twice, 0);
	free(seen);
}

/* Parents that were read at different moments can lead in a circle. */
static void test_tree_rings(void)
{
	static const struct fake_task rings[][PEOPLE] = {
		{P(1, 2), P(2, 1)},
		{P(1, 2), P(2, 3), P(3, 1)},
		{P(1, 2), P(2, 1), P(3, 1), P(4, 3), P(5, 0), P(6, 5)},
		{P(1, 2), P(2, 1), P(3, 4), P(4, 3)},
		{P(3, 2), P(2, 3, .thread_of = 3)},
		{P(5, 0), P(6, 7), P(7, 6), P(70, 6, .thread_of = 7)},
	};
	static const struct order_spec s = {.key = key_pid, .tree = true, .threads = true};

	for (size_t i = 0; i < ARRAY_LEN(rings); i++) {
		fake_init(&fake, PEOPLE);
		for (u32 k = 0; k < PEOPLE && rings[i][k].pid; k++)
			fake_add(&fake, &rings[i][k]);
		show(&s, NULL, NULL);
		check_all_once(i);
		show(&s, folded_in, (const u32[]){1, 3, 5, 0});
		CHECK_ROW(i, fake.order.n > 0 && fake.order.n <= fake.model.ntask);
		fake_free(&fake);
	}
}

/* A chain: deeper than a line has trunk bits. */
static void test_tree_deep(void)
{
	enum { DEEP = 300 };
	static const struct order_spec s = {.key = key_pid, .tree = true};
	u32 wrong = 0, bits = 0;

	fake_init(&fake, 2 * DEEP);
	for (u32 i = 1; i <= DEEP; i++) {
		fake_add(&fake, &(struct fake_task){.pid = i, .ppid = i - 1, .comm = "deep"});
		fake_add(&fake, &(struct fake_task){.pid = 1000 + i, .ppid = i - 1, .comm = "leaf"});
	}
	order_build(&fake.order, &fake.model, &s, NULL, NULL);
	check_all_once(0);
	for (u32 i = 0; i < DEEP; i++) {
		const struct order_line *l = order_line(&fake.order, i);

		wrong += fake.model.row[l->row].t->pid != i + 1 || l->depth != i || l->last;
	}
	CHECK_EQ(wrong, 0);
	/* the deepest: each ancestor has a leaf below, as far as there are bits */
	for (u32 i = 0; i < ARRAY_LEN(fake.order.line->trunk); i++)
		bits += (u32)__builtin_popcount(fake.order.line[DEEP - 1].trunk[i]);
	CHECK_EQ(bits, 32 * ARRAY_LEN(fake.order.line->trunk));
	/* from the top down: leaf 1300 is the last of all leaves to be left behind */
	CHECK_EQ(fake.model.row[fake.order.line[DEEP].row].t->pid, 1000 + DEEP);
	CHECK_EQ(fake.order.line[DEEP].depth, DEEP - 1);
	CHECK_EQ(fake.order.line[2 * DEEP - 1].depth, 0);
	fake_free(&fake);
}

/* ---- the rest --------------------------------------------------------- */

static void test_find(void)
{
	static const struct order_spec s = {.key = key_cpu, .descending = true, .filter = "task"};
	static const struct order_spec other = {.key = key_cpu, .filter = "none of them"};
	const struct task *t;
	u32 line;

	fake_init(&fake, 40);
	fake_many(&fake, 40);
	t = fake.model.row[17].t;
	order_build(&fake.order, &fake.model, &s, NULL, NULL);
	line = order_find(&fake.order, &fake.model, t->pid, t->start_boot_ns);
	CHECK_EQ(line, 17);
	CHECK(fake.model.row[order_line(&fake.order, line)->row].t == t);
	CHECK_EQ(order_find(&fake.order, &fake.model, t->pid, t->start_boot_ns + 1), TASK_NONE);
	CHECK_EQ(order_find(&fake.order, &fake.model, 999999, 1), TASK_NONE);
	order_build(&fake.order, &fake.model, &other, NULL, NULL);	/* what is not shown is not found */
	CHECK_EQ(order_find(&fake.order, &fake.model, t->pid, t->start_boot_ns), TASK_NONE);
	fake_free(&fake);
}

static void test_reserve(void)
{
	static const struct order_spec s = {.key = key_pid}, tree = {.key = key_pid, .tree = true};
	struct order o = {0};
	struct order_line *line;

	fake_init(&fake, 40);
	fake_many(&fake, 40);
	order_build(&o, &fake.model, &s, NULL, NULL);	/* no room at all */
	CHECK_EQ(o.n, 0);
	CHECK_EQ(order_reserve(&o, 8), 0);
	order_build(&o, &fake.model, &s, NULL, NULL);
	CHECK_EQ(o.n, 8);
	order_build(&o, &fake.model, &tree, NULL, NULL);
	CHECK_EQ(o.n, 8);
	line = o.line;
	CHECK_EQ(order_reserve(&o, 7), 0);
	CHECK(o.line == line && o.cap == 8);
	CHECK_EQ(order_reserve(&o, 40), 0);
	order_build(&o, &fake.model, &tree, NULL, NULL);
	CHECK_EQ(o.n, 40);
	order_free(&o);
	order_free(&o);
	fake_free(&fake);
}

TESTS(order,
	{"sort", test_sort},
	{"sort against qsort", test_sort_random},
	{"filter", test_filter},
	{"filter any bytes", test_filter_bytes},
	{"select", test_select},
	{"tree", test_tree},
	{"tree of rings", test_tree_rings},
	{"tree 300 deep", test_tree_deep},
	{"find", test_find},
	{"reserve", test_reserve})
