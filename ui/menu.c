/* ui/menu.c - the panel at the left, as htop's. */
#include "ui/menu.h"
#include "proc/users.h"
#include "ui/deed.h"
#include "ui/signals.h"

enum { LABEL_ROOM = 24 };

/* A kind of menu is a row. */
struct menu_kind {
	const char *title;
	u32 cols;		/* with the gap to the table */
	struct bytes (*label)(u32 value, char room[static LABEL_ROOM]);
	void (*choose)(struct ui_state *ui, const struct frame *f, u32 value);
};

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
	[MODE_SORT] = {"Sort by", 16, column_label, choose_column},
	[MODE_USER] = {"Show processes of:", 20, user_label, choose_user},
	[MODE_SIGNAL] = {"Send signal:", 16, signal_label, choose_signal},
};

static const struct menu_kind *kind_of(const struct ui_state *ui)
{
	return kinds[ui->mode].title ? &kinds[ui->mode] : NULL;
}

/* ---- filling ---- */

static void open_menu(struct ui_state *ui, enum mode mode)
{
	memset(&ui->menu, 0, sizeof(ui->menu));
	ui->mode = mode;
}

static void add(struct menu *menu, u32 value)
{
	if (menu->n < MENU_MAX)
		menu->value[menu->n++] = value;
	else
		menu->lost++;
}

static void point_at(struct menu *menu, u32 value)
{
	for (u32 i = 0; i < menu->n; i++)
		if (menu->value[i] == value)
			menu->cursor = i;
}

void menu_open_sort(struct ui_state *ui)
{
	bool shown = false;

	open_menu(ui, MODE_SORT);
	for (u32 i = 0; i < ui->columns.n; i++) {
		add(&ui->menu, ui->columns.id[i]);
		shown |= ui->columns.id[i] == ui->sort;
	}
	if (!shown)		/* --sort may name a column that is not on the screen */
		add(&ui->menu, ui->sort);
	point_at(&ui->menu, ui->sort);
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
	add(menu, uid);
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
	open_menu(ui, MODE_USER);
	add(&ui->menu, MENU_ALL_USERS);
	for (u32 i = 0; i < m->ntask; i++)
		if (!i || m->row[i].t->uid != m->row[i - 1].t->uid)
			add_user(&ui->menu, m->row[i].t->uid);
	if (ui->spec.by_user)
		point_at(&ui->menu, ui->spec.uid);
}

void menu_open_signal(struct ui_state *ui)
{
	char room[SIGNAL_NAME];

	open_menu(ui, MODE_SIGNAL);
	add(&ui->menu, 0);
	for (u32 i = SIGNAL_FIRST; i <= SIGNAL_LAST; i++)
		if (signal_name(i, room))
			add(&ui->menu, i);
	point_at(&ui->menu, ui->last_signal);
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
		surface_text(body, i, 0, body->cols - 1, kind->label(menu->value[entry], room),
			     style);
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

void menu_close(struct ui_state *ui)
{
	ui->mode = MODE_NORMAL;
}
