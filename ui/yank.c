/* ui/yank.c - see ui/yank.h. */
#include "ui/yank.h"
#include "ui/chosen.h"
#include "ui/report.h"

enum { VALUE_ROOM = 8192, SHOWN = 72 };

/* By the name that --columns takes: what has no column here is not known here. */
static const struct yankable {
	char letter;
	const char *column;	/* NULL: all that are on the screen */
	const char *name;
} facts[] = {
	{'y', NULL, "line"}, {'p', "pid", "PID"}, {'u', "user", "user"},
	{'c', "container", "container"}, {'s', "unit", "unit"}, {'n', "comm", "name"},
	{'l', "cmdline", "command line"}, {'g', "gpu", "GPU%"}, {'v', "vram", "VRAM"},
};

static bool no_more(struct sink *s)
{
	(void)s;
	return false;
}

/* The value, or nothing when it is unknown; in room where it is not in place. */
static struct bytes value_of(const struct ui_state *ui, const struct frame *f,
			     const struct task_row *r, enum column_id id, char room[static VALUE_ROOM])
{
	struct sink s = {.out = {.buf = room, .cap = VALUE_ROOM}, .flush = no_more};
	struct order_line line = {.row = (u32)(r - f->model->row)};
	struct report report = {.model = f->model};
	struct bytes text = {0};

	if (id == COL_N) {
		report_batch_row(&s, &report, &ui->columns, &line);
		text = (struct bytes){(const u8 *)room, s.out.len - (s.out.len > 0)};	/* its newline */
		while (text.n && *text.p == ' ') {
			text.p++;
			text.n--;
		}
	} else if (columns[id].text) {
		text = columns[id].text(f->model, r);
		if (!text.n && id == COL_USER)
			out_u64(&s.out, r->t->uid);
	} else {
		(void)columns[id].json(&s, f->model, r);
	}
	return text.n ? text : (struct bytes){(const u8 *)room, s.out.len};
}

/* A line of it, made harmless; false, and nothing of it, when it finds no room. */
static bool put_line(struct out *o, struct bytes text)
{
	size_t before = o->len;

	if (before)
		out_char(o, '\n');
	while (text.n) {
		struct glyph g = {.utf8 = " ", .len = 1};
		size_t n = *text.p ? text_next(text, false, &g) : 1;

		out_bytes(o, g.utf8, g.len);
		text.p += n;
		text.n -= n;
	}
	if (o->full)
		o->len = before;
	return !o->full;
}

static void tell(struct ui_state *ui, u64 now_ns, const struct yankable *what, u32 lost)
{
	const struct yank *y = &ui->yank;
	char text[128];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};
	u32 n = MIN(y->n, (u32)SHOWN);

	out_str(&o, y->lines ? "copied " : lost ? "too long to copy: " : "there is nothing to copy: no ");
	out_str(&o, what->name);
	if (!y->lines && !lost)
		out_str(&o, " is known");
	if (y->lines > 1) {
		out_str(&o, " of ");
		out_u64(&o, y->lines);
		out_str(&o, " processes");
	} else if (y->lines) {
		while (n && n < y->n && (y->text[n] & 0xc0) == 0x80)
			n--;
		out_str(&o, ": ");
		out_bytes(&o, y->text, n);
		out_str(&o, n < y->n ? " ..." : "");
	}
	if (y->lines && lost) {
		out_str(&o, "; no room for ");
		out_u64(&o, lost);
		out_str(&o, " more");
	}
	text[o.len] = 0;
	ui_state_say(ui, now_ns, text);
}

/* For a source that nothing on the screen needs: the next sample reads it.  The
 * range of visual mode would not outlive that. */
static bool waits(struct ui_state *ui, const struct frame *f, enum column_id id, char letter)
{
	u32 extra = id != COL_N ? columns[id].extra & ~ui_state_extra(ui) : 0;

	if (!extra || ui->paused || ui->mode == MODE_VISUAL)
		return false;
	ui->yank.wait = letter;
	ui->yank.extra = extra;
	ui->yank.wait_boot_ns = f->model->boot_ns;
	ui->resample = true;
	return true;
}

void yank_again(struct ui_state *ui, const struct frame *f)
{
	char letter = ui->yank.wait;

	if (!letter || f->model->boot_ns == ui->yank.wait_boot_ns)
		return;
	ui->yank.wait = 0;
	yank_take(ui, f, letter);
	ui->yank.extra = 0;
}

void yank_take(struct ui_state *ui, const struct frame *f, char letter)
{
	struct out o = {.buf = ui->yank.text, .cap = sizeof(ui->yank.text)};
	struct chosen c = chosen_begin(ui, f);
	const struct yankable *what = facts;
	enum column_id id = COL_N;
	const struct task_row *r;
	char room[VALUE_ROOM];
	u32 lost = 0;

	while (what->letter != letter)
		what++;
	if (what->column)
		id = column_find(what->column, strlen(what->column));
	if (waits(ui, f, id, letter))
		return;
	ui->yank.lines = 0;
	while ((!what->column || id != COL_N) && (r = chosen_next(&c))) {
		struct bytes text = value_of(ui, f, r, id, room);

		if (text.n && !o.full && put_line(&o, text))
			ui->yank.lines++;
		else if (text.n)
			lost++;
	}
	ui->yank.n = (u32)o.len;
	ui->yank.due = ui->yank.lines;
	tell(ui, f->now_ns, what, lost);
}
