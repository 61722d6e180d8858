/* ui/state.c - the choices at the start, what they need, and the few that are
 * more than one field. */
#include "ui/header.h"
#include "ui/emergency.h"
#include "ui/view_detail.h"
#include "ui/filter_columns.h"
#include "ui/program_columns.h"

#include <signal.h>

enum { MESSAGE_S = 3 };

/* ---- tabs ---- */

static void tab_load(struct ui_state *ui, const struct tab_setting *t)
{
	const struct sort_choice *sort = t->tree ? &t->tree_sort : &t->sort;

	ui->columns = t->columns;
	ui->spec.tree = t->tree;
	ui->other_sort = t->tree ? t->sort : t->tree_sort;
	ui_state_sort(ui, sort->column, sort->descending);
}

/* What an emergency shows is nobody's choice. */
static struct shown shown_by_choice(const struct ui_state *ui)
{
	if (ui->emergency.on)
		return ui->emergency.before;
	return (struct shown){ui->spec, ui->columns, ui->sort, ui->other_sort};
}

static void tab_store(const struct ui_state *ui, struct tab_setting *t)
{
	struct shown is = shown_by_choice(ui);
	struct sort_choice now = {is.sort, is.spec.descending};

	t->columns = is.columns;
	t->tree = is.spec.tree;
	t->sort = t->tree ? is.other_sort : now;
	t->tree_sort = t->tree ? now : is.other_sort;
}

static struct tab_setting *tab_shown(struct ui_state *ui)
{
	return ui->spec.groups ? &ui->settings.cgroups : &ui->settings.tab[ui->tab];
}

/* From processes to cgroups and back. */
static void swap_tables(struct ui_state *ui)
{
	struct view_keep now = {.cursor = ui->cursor, .line = ui->line, .top = ui->top, .fold_all = ui->fold_all};
	struct parse_error e;

	memcpy(now.filter, ui->spec.filter, sizeof(now.filter));
	tab_store(ui, tab_shown(ui));
	ui->spec.groups = !ui->spec.groups;
	tab_load(ui, tab_shown(ui));
	(void)!ui_state_filter(ui, ui->other.filter, &e);	/* it was in force */
	ui->cursor = ui->other.cursor;
	ui->line = ui->other.line;
	ui->top = ui->other.top;
	ui->fold_all = ui->other.fold_all;
	ui->other = now;
	ui->follow = false;
	ui->hscroll = 0;
	ui->tagged.n = 0;		/* nothing is done to what is not in sight */
}

void ui_state_view(struct ui_state *ui, enum view view)
{
	if (view != VIEW_PROGRAMS && (view == VIEW_CGROUPS) != ui->spec.groups)
		swap_tables(ui);
	if (view == VIEW_CGROUPS)
		ui->spec.within.n = 0;
	ui->view = view;
	ui->mode = ui_state_home(ui);
	ui->resample = true;	/* it needs other sources */
}

void ui_state_tab(struct ui_state *ui, u32 tab)
{
	if (tab >= ui->settings.ntab)
		return;
	ui_state_view(ui, VIEW_PROCESSES);
	tab_store(ui, tab_shown(ui));
	ui->tab = tab;
	tab_load(ui, tab_shown(ui));
	ui->hscroll = 0;
}

static void look_load(struct ui_state *ui)
{
	const struct settings *s = &ui->settings;

	ui->look = (struct row_look){
		.no_path = !s->program_path, .merged = s->merged_command, .shadow = s->shadow_other_users,
		.changes_ns = s->highlight_changes ? s->highlight_seconds * (u64)NSEC_PER_SEC : 0,
	};
}

void ui_state_settings(const struct ui_state *ui, struct settings *s)
{
	struct order_spec spec = shown_by_choice(ui).spec;

	*s = ui->settings;
	tab_store(ui, ui->spec.groups ? &s->cgroups : &s->tab[ui->tab]);
	s->delay_ns = ui->delay_ns;
	s->hide_user_threads = !spec.threads;
	s->hide_kernel_threads = !spec.kernel;
	s->hide_containers = spec.no_containers;
	s->program_path = !ui->look.no_path;
	s->merged_command = ui->look.merged;
	s->shadow_other_users = ui->look.shadow;
	s->highlight_changes = ui->look.changes_ns;
	s->show_meters = !ui->no_header;
}

/* What the command line says of the first tab. */
static void init_tab(struct ui_state *ui, const struct options *o)
{
	tab_load(ui, tab_shown(ui));
	if (o->columns_set)
		ui->columns = o->columns;
	if (o->tree != ui->spec.tree && (o->tree || o->sort_set))
		ui_state_tree(ui);
	if (o->sort_set)	/* asked for by name: it holds for the tree as well */
		ui_state_sort(ui, ui_state_column(ui, o->sort), o->sort_descending);
}

void ui_state_init(struct ui_state *ui, const struct options *o, u32 own_uid)
{
	if (ui->begun)
		memset(ui, 0, sizeof(*ui));
	ui->begun = true;
	if (o->settings)
		ui->settings = *o->settings;
	else
		settings_init(&ui->settings);
	ui->settings.show_function_bar &= !o->no_function_bar;
	ui->settings.save_on_exit |= o->save;
	ui->no_header = o->no_meters || !ui->settings.show_meters;
	look_load(ui);
	if (o->changes_ns)
		ui->look.changes_ns = o->changes_ns;
	ui->ascii = o->ascii;
	ui->read_only = o->read_only;
	ui->ludicrous = o->walk_ppm;
	ui->delay_ns = o->delay_set || !o->settings ? o->delay_ns : ui->settings.delay_ns;
	ui->own_uid = own_uid;
	ui->last_signal = SIGTERM;
	ui->view = o->view;
	ui->views = (1u << o->view | 1u << VIEW_CGROUPS) & ~(1u << VIEW_PROCESSES);
	ui->mode = ui_state_home(ui);
	ui->programs = (struct programs_view){.spec = o->programs, .stale = true};
	ui->spec.threads = o->threads || !ui->settings.hide_user_threads;
	ui->spec.kernel = o->kernel || !ui->settings.hide_kernel_threads;
	ui->spec.no_containers = ui->settings.hide_containers && o->output != OUTPUT_JSON;
	ui->spec.ended = o->ended && o->output != OUTPUT_JSON;
	ui->spec.by_user = o->user_set;
	ui->spec.uid = o->uid;
	ui->spec.npid = MIN(o->npid, (u32)FILTER_PIDS);
	memcpy(ui->spec.pid, o->pid, sizeof(ui->spec.pid));
	ui->output = (u8)o->output;
	ui->spec.groups = o->view == VIEW_CGROUPS && o->output != OUTPUT_JSON;
	init_tab(ui, o);
	/* it has been looked at */
	if (ui->view == VIEW_PROGRAMS)
		(void)!filter_compile(&ui->programs.spec.filter, o->filter, &program_fields, &ui->filter_error);
	else
		(void)!ui_state_filter(ui, o->filter, &ui->filter_error);
	if (o->emergency)
		emergency_enter(ui);
}

enum mode ui_state_home(const struct ui_state *ui)
{
	if (ui->emergency.on)
		return MODE_EMERGENCY;
	return ui->view == VIEW_PROGRAMS ? MODE_PROGRAMS : MODE_NORMAL;
}

enum mode ui_state_keys(const struct ui_state *ui)
{
	return ui->mode == MODE_NORMAL && ui->view == VIEW_CGROUPS ? MODE_CGROUPS : ui->mode;
}

void ui_state_enter(struct ui_state *ui, const struct cgroup *g)
{
	size_t n = MIN(g->path.n, sizeof(ui->within));

	ui_state_view(ui, VIEW_PROCESSES);
	memcpy(ui->within, g->path.p, n);
	ui->spec.within = (struct bytes){(const unsigned char *)ui->within, n};
	ui->spec.within_v1 = g->v1;
}

enum column_id ui_state_column(const struct ui_state *ui, enum column_id id)
{
	if (!ui->spec.groups)
		return id;
	return id == COL_MEMORY || id == COL_RSS ? COL_GROUP_MEMORY : id == COL_PID ? COL_PATH : id;
}

u32 ui_state_needs(const struct ui_state *ui)
{
	u32 needs = 0;

	if (!ui->paused && ui->mode != MODE_VISUAL) {
		needs |= SRC_BIT(SRC_TASKS);
		if (ui->spec.threads || ui->mode == MODE_DETAIL)
			needs |= SRC_BIT(SRC_THREADS);
	}
	/* Shares of memory are of MemTotal, shown in the table or not. */
	needs |= SRC_BIT(SRC_MEMINFO);
	if (ui->emergency.on)
		needs |= SRC_BIT(SRC_PRESSURE);
	else if (!ui->no_header)
		needs |= header_sources(&ui->settings);
	return needs;
}

u64 ui_state_delay(const struct ui_state *ui)
{
	enum { LEAST_MS = 250, MOST_MS = 1000 };
	u64 delay = ui->delay_ns;

	if (ui->emergency.on)
		delay = MIN(MAX(delay, (u64)LEAST_MS * NSEC_PER_MSEC), (u64)MOST_MS * NSEC_PER_MSEC);
	return delay;
}

u32 ui_state_extra(const struct ui_state *ui)
{
	u32 watched = ui->watched.pid ? TASK_EXTRA_IO | columns_extra(&detail_facts) : 0;

	if (ui->view == VIEW_CGROUPS && !ui->spec.inside)
		return watched | ui->yank.extra | TASK_EXTRA_CGROUP;
	return (ui->view == VIEW_CGROUPS || ui->spec.within.n ? TASK_EXTRA_CGROUP : 0) |
	       columns_extra(&ui->columns) | columns[ui->sort].extra |
	       filter_extra(ui->spec.program) | (ui->spec.no_containers ? TASK_EXTRA_CGROUP : 0) |
	       ui->yank.extra | watched;
}

u32 ui_state_facts(const struct ui_state *ui)
{
	return (columns_facts(&ui->columns) | columns[ui->sort].facts | filter_facts(ui->spec.program)) & FACT_OF_TASKS;
}

u32 ui_state_group_files(const struct ui_state *ui)
{
	return columns_facts(&ui->columns) >> FACT_GROUPS;
}

u32 ui_state_group_files_of_all(const struct ui_state *ui)
{
	u32 facts = columns[ui->sort].facts | filter_facts(ui->spec.program);

	if (ui->output == OUTPUT_JSON)
		return UINT32_MAX;
	if (ui->output == OUTPUT_BATCH)
		facts |= columns_facts(&ui->columns);
	return facts >> FACT_GROUPS;
}

bool ui_state_history(const struct ui_state *ui)
{
	for (u32 i = 0; i < ui->columns.n; i++)
		if (columns[ui->columns.id[i]].history)
			return true;
	return false;
}

bool ui_state_filter(struct ui_state *ui, const char *text, struct parse_error *e)
{
	u32 extra = ui_state_extra(ui);
	struct filter f;

	if (!filter_compile(&f, text, &filter_columns, e))
		return false;
	ui->filter = f;
	memcpy(ui->spec.filter, f.text, sizeof(ui->spec.filter));
	ui->spec.program = f.language ? &ui->filter : NULL;
	ui->order_stale = true;
	ui->resample |= (ui_state_extra(ui) & ~extra) != 0;
	return true;
}

void ui_state_sort(struct ui_state *ui, enum column_id column, bool descending)
{
	ui->sort = column;
	ui->spec.key = columns[column].key;
	ui->spec.text = columns[column].text;
	ui->spec.descending = descending;
	ui->order_stale = true;
}

static bool column_remove(struct column_list *l, enum column_id id)
{
	for (u32 i = 0; i < l->n; i++) {
		if (l->id[i] != id)
			continue;
		memmove(&l->id[i], &l->id[i + 1], l->n - i - 1u);
		l->n--;
		return true;
	}
	return false;
}

/* Before the last one, which takes what is left of the line. */
static void column_insert(struct column_list *l, enum column_id id)
{
	if (l->n == COLUMNS_MAX)
		return;
	if (l->n)
		l->id[l->n] = l->id[l->n - 1];
	l->id[l->n ? l->n - 1 : 0] = (u8)id;
	l->n++;
}

void ui_state_units(struct ui_state *ui)
{
	if (column_remove(&ui->columns, COL_UNIT))
		column_insert(&ui->columns, COL_CGROUP);
	else if (!column_remove(&ui->columns, COL_CGROUP))
		column_insert(&ui->columns, COL_UNIT);
}

void ui_state_tree(struct ui_state *ui)
{
	struct sort_choice now = {ui->sort, ui->spec.descending};

	ui->spec.tree = !ui->spec.tree;
	ui_state_sort(ui, ui->other_sort.column, ui->other_sort.descending);
	ui->other_sort = now;
}

void ui_state_apply(struct ui_state *ui)
{
	if (!ui->spec.groups)
		tab_load(ui, tab_shown(ui));
	ui->delay_ns = ui->settings.delay_ns;
	ui->no_header = !ui->settings.show_meters;
	ui->spec.threads = !ui->settings.hide_user_threads;
	ui->spec.kernel = !ui->settings.hide_kernel_threads;
	ui->spec.no_containers = ui->settings.hide_containers;
	look_load(ui);
	ui->resample = ui->restyle = true;
}

/* init and kthreadd stay open when all is folded: else nothing would be left. */
static bool fold_default(const struct ui_state *ui, const struct task *t)
{
	return ui->fold_all && t->pid > 2 && t->group != 1;
}

bool ui_state_folded(const void *arg, const struct task *t)
{
	const struct ui_state *ui = arg;

	return idset_has(&ui->folded, task_id(t)) != fold_default(ui, t);
}

bool ui_state_fold(struct ui_state *ui, const struct task *t, bool fold)
{
	bool list = fold != fold_default(ui, t);

	if (list == idset_has(&ui->folded, task_id(t)))
		return true;
	ui->order_stale = true;
	if (list)
		return idset_add(&ui->folded, task_id(t));
	idset_remove(&ui->folded, task_id(t));
	return true;
}

void ui_state_say(struct ui_state *ui, u64 now_ns, const char *text)
{
	size_t n = MIN(strlen(text), sizeof(ui->message) - 1);

	memcpy(ui->message, text, n);
	ui->message[n] = 0;
	ui->message_until_ns = now_ns + (u64)MESSAGE_S * NSEC_PER_SEC;
}
