/* ui/menu.c - the panel at the left, as htop's. */
#include "ui/menu_impl.h"
#include "proc/users.h"
#include "ui/deed.h"
#include "ui/signals.h"

/* ---- sort by ---- */

static struct bytes column_label(u32 value, char room[static LABEL_ROOM])
{
	const char *title = columns[value].title;

	(void)room;
	return (struct bytes){(const unsigned char *)title, strlen(title)};
}

static void choose_column(struct ui_state *ui, const struct frame *f, u32 value)
{
	(void)f;
	ui_state_sort(ui, (enum column_id)value, columns[value].big_first);
}

/* ---- users ---- */

static struct bytes user_label(u32 value, char room[static LABEL_ROOM])
{
	struct bytes name;

	if (value == MENU_ALL_USERS)
		return BYTES_LIT("All users");
	name = users_name(value);
	if (name.n)
		return name;
	return (struct bytes){(const unsigned char *)room, put_u64(room, value)};
}

static void choose_user(struct ui_state *ui, const struct frame *f, u32 value)
{
	(void)f;
	ui->spec.by_user = value != MENU_ALL_USERS;
	ui->spec.uid = ui->spec.by_user ? value : 0;
	ui->order_stale = true;
}

/* ---- signals ---- */

/* "15 SIGTERM": typing the number jumps there. */
static struct bytes signal_label(u32 value, char room[static LABEL_ROOM])
{
	char name[SIGNAL_NAME];
	size_t n = put_u64(room, value), len;
	const char *text = value ? signal_name(value, name) : "Cancel";

	len = text ? strlen(text) : 0;
	room[n++] = ' ';
	if (len)
		memcpy(room + n, text, len);
	return (struct bytes){(const unsigned char *)room, n + len};
}

static void choose_signal(struct ui_state *ui, const struct frame *f, u32 value)
{
	if (value)
		deed_choose(ui, f, (s32)value);
}

static const struct menu_kind kinds[MODE_N] = {
	[MODE_SORT] = {.title = "Sort by", .cols = 16, .label = column_label, .choose = choose_column},
	[MODE_USER] = {.title = "Show processes of:", .cols = 20, .label = user_label, .choose = choose_user},
	[MODE_SIGNAL] = {.title = "Send signal:", .cols = 16, .label = signal_label, .choose = choose_signal},
	[MODE_AFFINITY] = {"CPUs to use:", 15, cpu_label, choose_cpus, cpu_mark, toggle_cpu},
	[MODE_IO_PRIORITY] = {"I/O priority:", 15, io_label, choose_io, io_mark, NULL},
	[MODE_POLICY] = {"Policy:", 20, policy_label, choose_policy, policy_mark, toggle_reset},
	[MODE_RT_PRIORITY] = {"Priority:", 15, priority_label, choose_priority, priority_mark, NULL},
};

static const struct menu_kind *kind_of(const struct ui_state *ui)
{
	return kinds[ui->mode].title ? &kinds[ui->mode] : NULL;
}

/* ---- filling ---- */

void menu_begin(struct ui_state *ui, enum mode mode)
{
	memset(&ui->menu, 0, offsetof(struct menu, value));
	ui->mode = mode;
}

void menu_add(struct menu *menu, u32 value)
{
	if (menu->n < MENU_MAX)
		menu->value[menu->n++] = value;
	else
		menu->lost++;
}

void menu_point(struct menu *menu, u32 value)
{
	for (u32 i = 0; i < menu->n; i++)
		if (menu->value[i] == value)
			menu->cursor = i;
}

void menu_open_sort(struct ui_state *ui)
{
	bool shown = false;

	menu_begin(ui, MODE_SORT);
	for (u32 i = 0; i < ui->columns.n; i++) {
		menu_add(&ui->menu, ui->columns.id[i]);
		shown |= ui->columns.id[i] == ui->sort;
	}
	if (!shown)		/* --sort may name a column that is not on the screen */
		menu_add(&ui->menu, ui->sort);
	menu_point(&ui->menu, ui->sort);
}

static u32 lower(u32 c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

static int compare_labels(struct bytes a, struct bytes b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return lower(a.p[i]) < lower(b.p[i]) ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

/* Into its alphabetical place behind "All users", once. */
static void add_user(struct menu *menu, u32 uid)
{
	char room[2][LABEL_ROOM];
	struct bytes name = user_label(uid, room[0]);
	u32 at;

	for (u32 i = 1; i < menu->n; i++)
		if (menu->value[i] == uid)
			return;
	at = menu->n;
	menu_add(menu, uid);
	if (menu->n == at)
		return;
	for (; at > 1; at--) {
		u32 before = menu->value[at - 1];

		if (compare_labels(user_label(before, room[1]), name) <= 0)
			break;
		menu->value[at] = before;
	}
	menu->value[at] = uid;
}

void menu_open_user(struct ui_state *ui, const struct model *m)
{
	menu_begin(ui, MODE_USER);
	menu_add(&ui->menu, MENU_ALL_USERS);
	for (u32 i = 0; i < m->ntask; i++)
		if (!i || m->row[i].t->uid != m->row[i - 1].t->uid)
			add_user(&ui->menu, m->row[i].t->uid);
	if (ui->spec.by_user)
		menu_point(&ui->menu, ui->spec.uid);
}

void menu_open_signal(struct ui_state *ui)
{
	char room[SIGNAL_NAME];

	menu_begin(ui, MODE_SIGNAL);
	menu_add(&ui->menu, 0);
	for (u32 i = SIGNAL_FIRST; i <= SIGNAL_LAST; i++)
		if (signal_name(i, room))
			menu_add(&ui->menu, i);
	menu_point(&ui->menu, ui->last_signal);
}

/* ---- drawing ---- */

bool menu_is_open(const struct ui_state *ui)
{
	return kind_of(ui);
}

u32 menu_cols(const struct ui_state *ui, u32 cols)
{
	const struct menu_kind *kind = kind_of(ui);

	return kind ? MIN(kind->cols, cols) : 0;
}

static void draw_mark(struct surface *body, u32 row, enum menu_mark mark, enum style style)
{
	static const char *const text[] = {
		[MARK_NONE] = "", [MARK_OFF] = "[ ]", [MARK_ON] = "[x]", [MARK_NOW] = "now",
	};

	surface_str(body, row, mark == MARK_NOW && body->cols > BOX_COLS ? body->cols - BOX_COLS : 0,
		    text[mark], style);
}

void menu_draw(struct surface *title, struct surface *body, struct ui_state *ui)
{
	const struct menu_kind *kind = kind_of(ui);
	struct menu *menu = &ui->menu;
	char room[LABEL_ROOM];

	if (!kind || !body->rows)
		return;
	surface_clear(title, STYLE_HEADER);
	surface_str(title, 0, 0, kind->title, STYLE_HEADER);
	surface_clear(body, STYLE_TEXT);
	menu->top = MIN(menu->top, menu->cursor);
	if (menu->cursor - menu->top >= body->rows)
		menu->top = menu->cursor - body->rows + 1;
	for (u32 i = 0; i < body->rows && menu->top + i < menu->n; i++) {
		u32 entry = menu->top + i;
		enum style style = entry == menu->cursor ? STYLE_CURSOR : STYLE_TEXT;

		surface_fill(body, i, 0, body->cols - 1, ' ', style);
		surface_text(body, i, kind->toggle ? BOX_COLS : 0, body->cols - 1,
			     kind->label(menu->value[entry], room), style);
		if (kind->mark)
			draw_mark(body, i, kind->mark(ui, menu->value[entry]), style);
	}
}

/* ---- keys ---- */

void menu_move(struct ui_state *ui, s64 entry)
{
	struct menu *menu = &ui->menu;

	menu->cursor = (u32)MAX(MIN(entry, (s64)menu->n - 1), 0);
	menu->typed[0] = 0;
}

static bool jump(struct ui_state *ui, const struct menu_kind *kind)
{
	struct menu *menu = &ui->menu;
	struct bytes typed = {(const unsigned char *)menu->typed, strlen(menu->typed)};
	char room[LABEL_ROOM];

	for (u32 i = 0; i < menu->n; i++) {
		struct bytes label = kind->label(menu->value[i], room);

		label.n = MIN(label.n, typed.n);
		if (compare_labels(label, typed) == 0) {
			menu->cursor = i;
			return true;
		}
	}
	return false;
}

/* A letter that fits nothing after those before it begins anew. */
void menu_type(struct ui_state *ui, u32 key)
{
	const struct menu_kind *kind = kind_of(ui);
	char *typed = ui->menu.typed;
	size_t n = strlen(typed);

	if (!kind || key < 0x20 || key > 0x7e)
		return;
	if (n + 1 < MENU_TYPED) {
		typed[n] = (char)key;
		typed[n + 1] = 0;
		if (jump(ui, kind))
			return;
	}
	typed[0] = (char)key;
	typed[1] = 0;
	if (!jump(ui, kind))
		typed[0] = 0;
}

void menu_choose(struct ui_state *ui, const struct frame *f)
{
	const struct menu_kind *kind = kind_of(ui);
	const struct menu *menu = &ui->menu;

	menu_close(ui);
	if (kind && menu->cursor < menu->n)
		kind->choose(ui, f, menu->value[menu->cursor]);
}

void menu_toggle(struct ui_state *ui)
{
	const struct menu_kind *kind = kind_of(ui);
	const struct menu *menu = &ui->menu;

	if (kind && kind->toggle && menu->cursor < menu->n)
		kind->toggle(ui, menu->value[menu->cursor]);
}

void menu_click(struct ui_state *ui, const struct frame *f)
{
	const struct menu_kind *kind = kind_of(ui);
	enum menu_mark mark = MARK_NONE;

	if (kind && kind->mark && ui->menu.cursor < ui->menu.n)
		mark = kind->mark(ui, ui->menu.value[ui->menu.cursor]);
	if (mark == MARK_ON || mark == MARK_OFF)
		menu_toggle(ui);
	else
		menu_choose(ui, f);
}

void menu_close(struct ui_state *ui)
{
	ui->mode = ui_state_home(ui);
}
