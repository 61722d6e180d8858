/* tests/unit/test_keymap_acts.c - keys in the views beside the processes', and
 * that each row of the key table does something somewhere. */
#include "proc/cgroup_tree.h"
#include "tests/unit/own.h"
#include "tests/unit/typing.h"
#include "ui/emergency.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct ui_state before;

/* ---- the table itself ---- */

/* As many BPF programs as there are tasks, in their own view. */
static void show_programs(void)
{
	static struct program_run rec[TASKS];
	static u32 slot[TASKS];
	static const struct program_facts more = {.name = "probe"};
	static struct program_table table;

	for (u32 i = 0; i < TASKS; i++)
		rec[i] = (struct program_run){.id = i + 1, .type = 1 + i % 2, .run_cnt = 1, .run_ns = i};
	table = (struct program_table){.n = TASKS, .rec = rec, .slot = slot, .more = &more};
	CHECK_EQ(program_model_reserve(&fake.model.programs, TASKS), 0);
	program_model_step(&fake.model.programs, NULL, &table);
	ui.view = VIEW_PROGRAMS;
	ui.mode = MODE_PROGRAMS;
	draw();
}

/* Two cgroups, in their own view. */
static void show_groups(void)
{
	static struct cgroup_node node[] = {
		{.key = 1ull << 40 | 1, .cgroup.path = {(const unsigned char *)"/", 1}},
		{.key = 1ull << 41 | 1, .cgroup.path = {(const unsigned char *)"/a", 2}},
	};
	static struct model_group group[ARRAY_LEN(node)];
	struct model *m = &fake.model;

	m->group = group;
	for (u32 i = 0; i < ARRAY_LEN(node); i++) {
		group[i] = (struct model_group){.node = &node[i], .task = {
			.pid = 1u << 31 | i, .start_boot_ns = node[i].key, .name = TASK_NONE, .ended = 1, .group = i + 1}};
		m->ngroup = i + 1;
		m->row[model_group_row(m, i)] = (struct task_row){.t = &group[i].task};
	}
	CHECK(model_rows(m) <= m->row_cap);
	ui_state_view(&ui, VIEW_CGROUPS);
	draw();
}

/* What comes behind a ! is pressed when the deed is done, behind a ? when it is asked for. */
#define ASKED "c<F9><Enter>"
#define RESULTS ASKED "!"

static void programs(void)
{
	static const struct {
		const char *keys;
		u32 cursor, line, top, n;
	} rows[] = {
		{"", 1, 0, 0, 40}, {"jj", 3, 2, 0, 40}, {"jjk", 2, 1, 0, 40}, {"k", 1, 0, 0, 40},
		{"G", 40, 39, 24, 40}, {"Ggg", 1, 0, 0, 40}, {"<PgDn>", 17, 16, 1, 40},
		/* the cursor stays on its program: by id, downwards, upwards */
		{"jj<<<<<", 3, 2, 2, 40}, {"jj<<<<<I", 3, 37, 22, 40}, {"jj<<<<<II", 3, 2, 2, 40},
		/* socket_filter has the odd ids */
		{"jj\\socket<Enter>", 3, 1, 0, 20}, {"jj\\kprobe<Enter>", 6, 2, 0, 20},
		{"jj\\nosuch", 0, 0, 0, 0}, {"jj\\kprobe<Esc>", 6, 5, 0, 40}, {"<F1>q", 1, 0, 0, 40},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		start();
		fake_server(&fake);
		show_programs();
		keys(-1, rows[i].keys);
		draw();
		CHECK_EQ_ROW(i, ui.programs.cursor, rows[i].cursor);
		CHECK_EQ_ROW(i, ui.programs.line, rows[i].line);
		CHECK_EQ_ROW(i, ui.programs.top, rows[i].top);
		CHECK_EQ_ROW(i, ui.programs.n, rows[i].n);
		program_model_free(&fake.model.programs);
		fake_free(&fake);
	}
}

/* Some situation must exist in which a key changes something. */
static const char *const situations[] = {
	"", "j", "<Right>", "G", "tjjjj", "t", "/post<Enter>", "F", "/post", "\\post one", "<F6>",
	"<F6><Home>", "u", "u<End>", "<F1>", "<F1>G", " ", "k", ASKED,
	ASKED "?<Down>", RESULTS, RESULTS "<Down>", "l", "lG",
	"l<Right>", "l/word<Enter>", "l/word", "l\\word",
	"V", "VG", "jG<Ctrl-O>", "<PgDn>", "<PgDn>jjj", "Vjjjj", "V<PgDn><Right>", "j<Alt-Down><Alt-Down>Gj",
	"<Enter>", "<Enter>G", "4121<Enter>G", "tzM", "tzc", "tjjzC", "V$", "jV", "jV<PgDn>",
	"<F2>", "<F2>j", "<F2><Right>", "<F2><Right>5", "<F2>jj<Right>", "<F2>jjj<Right>",
	"l<Right>", "l/word<Enter>", "l/word", "l\\word", "/post one<Ctrl-Left>", "/post<Enter>/",
	"/post<Enter>/<Up>",
	"a", "Y<Home>", "YF<Enter>", "i<End>",
	/* in the table of BPF programs */
	"$", "%", "%j", "%G", "@", "@j", "@G", "@<Right>", "@\\pro be", "@ ", "@<Enter>", "@<Enter>jjj",
	"@/pro<Enter>", "@/pro", "^",
};

/* The dialog about freezing, with something above and below everywhere. */
static void open_stop(void)
{
	ui.mode = MODE_STOP;
	ui.stop = (struct stop_view){.choice = STOP_CGROUP, .choices = (1u << STOP_CHOICES) - 1, .guarded = true,
				     .typed = 1, .npid = STOP_PIDS, .top = STOP_PIDS / 2};
}

static bool does_something(const struct binding *b, const struct chord *c, const char *situation)
{
	bool changed;

	start();
	fake_server(&fake);
	for (u32 pid = 5000; pid < 5040; pid++)
		add(pid, 0);
	draw();
	if (*situation == '@')
		show_programs();
	if (*situation == '%')
		emergency_enter(&ui);
	if (*situation == '^')
		open_stop();
	if (*situation == '$')
		show_groups();
	keys(-1, strpbrk(situation, "!?") ? ASKED : situation + (*situation && strchr("@%^$", *situation) != NULL));
	now_ns += NSEC_PER_SEC;
	ui.deed.n *= TASKS;		/* more than the screen has lines */
	if (strpbrk(situation, "!?")) {
		ui.mode = strchr(situation, '!') ? MODE_RESULT : MODE_ASK;
		keys(-1, strpbrk(situation, "!?") + 1);
	}
	ui.detail.wish = ui.resample = false;
	before = ui;
	if (b->modes & MODE_BIT(ui_state_keys(&ui))) {
		if (c->prefix)
			press(c->prefix, 0);
		press(c->digits ? '2' : c->key, c->mods);	/* 0 alone is no pid, there is no tab 9 */
	}
	changed = memcmp(&before, &ui, sizeof(ui));
	program_model_free(&fake.model.programs);
	fake_free(&fake);
	return changed;
}

/* A list to scroll and search: the arguments of a shell that waits. */
static pid_t open_list(void)
{
	enum { WORDS = 200 };
	static char word[] = "a word", sh[] = "sh", c[] = "-c", wait[] = "sleep 60; :";
	char *argv[WORDS + 4] = {sh, c, wait};
	pid_t pid;

	for (u32 i = 3; i < WORDS + 3; i++)
		argv[i] = word;
	pid = vfork();
	if (!pid) {
		execv("/bin/sh", argv);
		_exit(1);
	}
	CHECK_EQ(inspect_open(&list, INSPECT_COMMAND, id_of(pid)), 0);
	while (inspect_state(list) == INSPECT_READING) {
		struct pollfd p = {.fd = inspect_fd(list), .events = POLLIN};

		poll(&p, 1, -1);
		inspect_receive(list, clock_ns(CLOCK_MONOTONIC));
	}
	CHECK_EQ(inspect_lines(list), WORDS + 3);
	return pid;
}

/* From a cgroup to its processes and back; each view keeps its place and its filter. */
static void cgroups(void)
{
	static const struct {
		const char *keys;
		u32 view, line, n;
		const char *filter, *within;
	} rows[] = {
		{"", VIEW_CGROUPS, 0, 2, "", ""}, {"j", VIEW_CGROUPS, 1, 2, "", ""},
		{"j<Enter>", VIEW_PROCESSES, 0, 0, "", "/a"}, {"<Enter>", VIEW_PROCESSES, 0, TASKS, "", "/"},
		{"j<Enter><Esc>", VIEW_CGROUPS, 1, 2, "", ""}, {"\\a<Enter><Enter>", VIEW_PROCESSES, 0, TASKS, "", "/"},
		{"j\\a<Enter><Enter><Esc>", VIEW_CGROUPS, 1, 2, "a", ""}, {"j1\\nobody", VIEW_PROCESSES, 0, 0, "nobody", ""},
		{"j1\\nobody<Enter><Tab><Tab>", VIEW_CGROUPS, 1, 2, "", ""}, {"jzM", VIEW_CGROUPS, 0, 2, "", ""},
		{"-", VIEW_CGROUPS, 0, 1, "", ""}, {"o", VIEW_CGROUPS, 0, TASKS + 2, "", ""}, {"t", VIEW_CGROUPS, 0, 2, "", ""},
		{"<F9>", VIEW_CGROUPS, 0, 2, "", ""}, {"2", VIEW_PROCESSES, 0, TASKS, "", ""},
		{"!", VIEW_PROCESSES, 0, TASKS, "", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		start();
		fake_many(&fake, TASKS);
		show_groups();
		keys(-1, rows[i].keys);
		draw();
		CHECK_EQ_ROW(i, ui.view, rows[i].view);
		CHECK_EQ_ROW(i, ui.line, rows[i].line);
		CHECK_EQ_ROW(i, fake.order.n, rows[i].n);
		CHECK_STR_ROW(i, ui.spec.filter, rows[i].filter);
		CHECK_ROW(i, ui.spec.within.n == strlen(rows[i].within) &&
			  !memcmp(ui.within, rows[i].within, strlen(rows[i].within)));
		fake_free(&fake);
	}
}

static void every_row_acts(void)
{
	pid_t shell = open_list();

	for (u32 i = 0; i < keymap_n; i++) {
		for (u32 j = 0; j < CHORD_MAX && keymap[i].chord[j].key; j++) {
			bool acts = false;

			for (u32 k = 0; k < ARRAY_LEN(situations) && !acts; k++)
				acts = does_something(&keymap[i], &keymap[i].chord[j],
						      situations[k]);
			CHECK_ROW(i, acts);
		}
	}
	inspect_close(list);
	list = NULL;
	kill(shell, SIGKILL);
	waitpid(shell, NULL, 0);
}

TESTS(keys_of_views, {"programs", programs}, {"cgroups", cgroups}, {"every_row_acts", every_row_acts})
