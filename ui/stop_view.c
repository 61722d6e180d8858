/* ui/stop_view.c - the dialog of ui/stop.h, in the place of the table. */
#include "proc/stop.h"
#include "ui/meter.h"
#include "ui/page.h"
#include "ui/stop.h"

enum { LINE_ROOM = 512, PID_COLS = 8 };

static void put_paths(struct out *o, const struct stop_view *v)
{
	if (v->n == 1) {
		out_str(o, v->text + v->target[0].path);
		return;
	}
	out_u64(o, v->n);
	out_str(o, " cgroups");
}

static void put_processes(struct out *o, u32 n)
{
	out_u64(o, n);
	out_str(o, n == 1 ? " process" : " processes");
}

/* Only of the one that is chosen it is known what it hits. */
static void put_choice(struct out *o, const struct stop_view *v, enum stop_choice choice)
{
	static const char *const what[] = {
		[STOP_OWNER] = "the unit or container, whole", [STOP_CGROUP] = "the cgroup, whole",
		[STOP_ALONE] = "alone, without the others of the cgroup",
		[STOP_END] = "END everybody in it (SIGKILL), all at once",
	};
	bool here = v->choice == choice;

	out_str(o, here ? "(*) " : "( ) ");
	if (choice == STOP_ALONE)
		out_str(o, v->nwho == 1 ? "this process " : "these processes ");
	out_str(o, what[v->own && choice == STOP_OWNER ? STOP_CGROUP : choice]);
	if (here && choice != STOP_ALONE && v->n) {
		out_str(o, ": ");
		put_paths(o, v);
	}
}

static void put_frozen(struct out *o, const struct stop_view *v)
{
	bool here = v->choice == STOP_OWNER;

	out_str(o, here ? "(*) what is frozen" : "( ) what is frozen");
	if (!here || v->n != 1)
		return;
	out_str(o, ": ");
	put_paths(o, v);
}

static const char *verb(const struct stop_view *v)
{
	u32 thaws = 0;

	if (v->done)
		return "Not done";
	if (v->offered)
		return "An earlier pitstop was interrupted. Undo what it left: put back and thaw ";
	if (v->choice == STOP_END)
		return "End ";
	for (u32 i = 0; i < v->n; i++)
		thaws += v->target[i].deed == STOP_THAW;
	return thaws == v->n ? "Thaw " : thaws ? "Freeze some and thaw others: " : "Freeze ";
}

static u32 put_line(struct surface *s, u32 row, struct out *o, enum style style)
{
	if (row < s->rows)
		surface_text(s, row, 1, s->cols, (struct bytes){(const u8 *)o->buf, MIN(o->len, o->cap)}, style);
	o->len = 0;
	return row + 1;
}

static u32 draw_choices(struct surface *s, u32 row, const struct stop_view *v)
{
	char text[LINE_ROOM];
	struct out o = {.buf = text, .cap = sizeof(text)};
	bool thaw = v->nwho && !(v->choices & 1u << STOP_ALONE);

	if (v->guarded) {	/* first, and short: a screen of 20x5 shows it, too */
		out_str(&o, "Guarded: ");
		out_str(&o, v->why);
		row = put_line(s, row, &o, STYLE_ERROR);
		out_str(&o, "Type yes: ");
		out_bytes(&o, "yes", v->typed);
		out_str(&o, "_");
		row = put_line(s, row, &o, STYLE_ERROR);
	}
	for (u32 i = 0; i < STOP_CHOICES && !v->offered; i++) {
		if (!(v->choices & 1u << i))
			continue;
		if (thaw && i == STOP_OWNER)
			put_frozen(&o, v);
		else
			put_choice(&o, v, (enum stop_choice)i);
		row = put_line(s, row, &o, v->choice == i ? STYLE_BASENAME : STYLE_TEXT);
	}
	for (u32 i = 0; i < v->n && v->n > 1 && row + 4 < s->rows; i++) {
		const struct stop_target *t = &v->target[i];

		out_str(&o, t->deed == STOP_THAW ? "    thaw   " : t->deed == STOP_KILL ? "    end    " : "    freeze ");
		if (t->who.pid)
			out_u64(&o, t->who.pid);
		else
			out_str(&o, v->text + t->path);
		row = put_line(s, row, &o, STYLE_TEXT);
	}
	if (v->lost) {
		out_u64(&o, v->lost);
		out_str(&o, " more than there is room for: left out");
		row = put_line(s, row, &o, STYLE_WARNING);
	}
	return row;
}

static void draw_who(struct surface *s, u32 row, struct ui_state *ui, const struct frame *f)
{
	const struct task_table *tasks = f->model->tasks;
	const struct stop_view *v = &ui->stop;

	ui->stop.lines = v->npid;
	stop_scroll(ui, v->top, s->rows > row ? s->rows - row : 0);
	for (u32 i = v->top; i < v->npid && row < s->rows; i++, row++) {
		u32 at = tasks ? task_table_find(tasks, v->pid[i], 0) : TASK_NONE;
		char text[24];
		struct out o = {.buf = text, .cap = sizeof(text)};

		out_u64(&o, v->pid[i]);
		surface_text(s, row, PID_COLS - MIN((u32)o.len, (u32)PID_COLS), PID_COLS,
			     (struct bytes){(const u8 *)text, o.len}, STYLE_TEXT);
		if (at != TASK_NONE)
			surface_str(s, row, PID_COLS + 1, tasks->task[at].comm, STYLE_BASENAME);
	}
}

static void draw_told(struct surface *s, struct stop_view *v)
{
	struct page p = {.s = s, .top = v->top};
	const u8 *at = (const u8 *)v->told, *end = at + v->told_n;

	while (at < end) {
		const u8 *nl = memchr(at, '\n', (size_t)(end - at));

		nl = nl ? nl : end;		/* the last may have found no room */
		page_wrapped(&p, (struct bytes){at, (size_t)(nl - at)}, STYLE_TEXT);
		at = nl + (nl < end);
	}
	v->lines = p.line;
}

void stop_draw(struct surface *title, struct surface *body, struct ui_state *ui, const struct frame *f)
{
	struct stop_view *v = &ui->stop;
	struct pen p = {title, 0, 0};
	char text[128];
	struct out o = {.buf = text, .cap = sizeof(text)};
	u32 row;

	out_str(&o, verb(v));
	if (!v->done) {
		put_processes(&o, v->processes);
		out_char(&o, '?');
	}
	surface_clear(title, STYLE_HEADER);
	if (title->rows)
		pen_out(&p, &o, STYLE_HEADER);
	surface_clear(body, STYLE_TEXT);
	if (v->done) {
		draw_told(body, v);
		return;
	}
	row = draw_choices(body, 0, v);
	draw_who(body, row, ui, f);
}
