/* ui/keybar.c - see ui/keybar.h.  The labels are the key table's. */
#include "ui/keybar.h"
#include "ui/chosen.h"
#include "ui/meter.h"
#include "ui/setup.h"
#include "ui/view_field.h"
#include "ui/view_inspect.h"
#include "proc/users.h"

enum { LABEL = 6, FILTER_SHOWN = 24, COST_LEAST = 24 };

static const char *label_of(const struct binding *b, const struct ui_state *ui)
{
	if (b->action == ACT_TREE && ui->spec.tree)
		return "List";
	if ((b->action == ACT_FILTER && ui->spec.filter[0]) ||
	    (b->action == ACT_PROGRAMS_FILTER && ui->programs.spec.filter.text[0]) ||
	    (b->action == ACT_INSPECT_FILTER && ui->inspect.filter[0]))
		return "FILTER";
	if (b->action == ACT_SETUP_DO)
		return setup_label(ui, (enum setup_op)b->arg);
	if (b->action == ACT_INSPECT_STOP && ui->inspect.stopped)
		return "Resume";
	return b->label;
}

static bool on_bar(const struct binding *b, const struct ui_state *ui)
{
	bool calls = b->action == ACT_INSPECT_SCROLL || b->action == ACT_INSPECT_STOP;

	return b->modes & MODE_BIT(ui_state_keys(ui)) && label_of(b, ui) &&
	       (!calls || ui->inspect.kind == INSPECT_CALLS);
}

/* Draws one label, or only measures it when s is NULL; returns its columns. */
static u32 put_label(struct surface *s, u32 col, const struct binding *b, const struct ui_state *ui)
{
	const char *label = label_of(b, ui);
	u32 cols = MAX((u32)strlen(label), (u32)LABEL);
	char name[16];
	struct out o = {.buf = name, .cap = sizeof(name)};

	chord_write(&o, &b->chord[0]);
	if (s) {
		struct pen p = {s, 0, col};

		pen_out(&p, &o, STYLE_KEY);
		surface_fill(s, 0, p.col, cols, ' ', STYLE_KEY_LABEL);
		pen_str(&p, label, STYLE_KEY_LABEL);
	}
	return (u32)o.len + cols;
}

/* In the order of the key table, but Quit at the end as in htop. */
static u32 each_label(struct surface *s, const struct ui_state *ui, u32 wanted,
		      const struct binding **hit)
{
	u32 col = 0;

	for (u32 last = 0; last < 2; last++) {
		for (u32 i = 0; i < keymap_n; i++) {
			const struct binding *b = &keymap[i];
			u32 from = col;

			if (!on_bar(b, ui) || (b->action == ACT_QUIT) != last)
				continue;
			col += put_label(s, col, b, ui);
			if (hit && wanted >= from && wanted < col)
				*hit = b;
		}
	}
	return col;
}

const struct binding *keybar_at(const struct ui_state *ui, u32 col)
{
	const struct binding *hit = NULL;

	each_label(NULL, ui, col, &hit);
	return hit;
}

u32 keybar_field_col(const struct ui_state *ui, u32 cols)
{
	return MIN(each_label(NULL, ui, 0, NULL), cols / 2);
}

/* ---- what is in force ---- */

/* With a gap before it: it may stand right behind a label. */
static void say(struct out *o, const char *what)
{
	out_str(o, o->len ? "  " : " ");
	out_str(o, what);
}

static void say_filter(struct out *o, const char *filter)
{
	size_t n = strlen(filter);

	say(o, "FILTER: ");
	if (n > FILTER_SHOWN) {
		for (n = FILTER_SHOWN; n && ((unsigned char)filter[n] & 0xc0) == 0x80; n--)
			;
	}
	out_bytes(o, filter, n);
}

/* The last part of a path. */
static void say_end(struct out *o, struct bytes path)
{
	const unsigned char *last = memrchr(path.p, '/', path.n);
	size_t n = path.n - (size_t)(last + 1 - path.p);

	out_bytes(o, (const char *)last + (n > 0), n ? MIN(n, (size_t)FILTER_SHOWN) : 1);
}

/* Values that order the table are not all of this sample. */
static void say_age(struct out *o, u64 age_ns)
{
	if (age_ns == UINT64_MAX) {
		say(o, "READING ALL");
		return;
	}
	say(o, "UP TO ");
	out_u64(o, age_ns / NSEC_PER_SEC);
	out_str(o, " s OLD");
}

static void say_visual(struct out *o, const struct ui_state *ui, const struct frame *f)
{
	u32 first, last;

	chosen_range(ui, f, &first, &last);
	say(o, "VISUAL: ");
	out_u64(o, last - first + 1u);
}

static void write_status(struct out *o, const struct ui_state *ui, const struct frame *f)
{
	if (ui->prefix) {
		char key[] = {(char)ui->prefix, 0};

		say(o, key);
	}
	if (ui->mode == MODE_VISUAL)
		say_visual(o, ui, f);
	if (ui->pid_typed) {
		say(o, "PID: ");
		out_u64(o, ui->pid_typed);
	}
	if (ui->spec.by_user) {
		struct bytes name = users_name(ui->spec.uid);

		say(o, "USER: ");
		if (name.n)
			out_bytes(o, (const char *)name.p, name.n);
		else
			out_u64(o, ui->spec.uid);
	}
	if (ui->spec.within.n) {
		say(o, "IN: ");
		say_end(o, ui->spec.within);
	}
	if (f->model->groups_age_ns)
		say_age(o, f->model->groups_age_ns);
	if (ui->spec.filter[0])
		say_filter(o, ui->spec.filter);
	if (ui->spec.no_containers)
		say(o, "NO CONTAINERS");
	if (ui->follow)
		say(o, "FOLLOW");
	if (ui->paused)
		say(o, "PAUSED");
}

void keybar_draw(struct surface *s, const struct ui_state *ui, const struct frame *f)
{
	char buf[256];
	struct out status = {.buf = buf, .cap = sizeof(buf)};
	struct bytes text = {(const unsigned char *)buf, 0};
	u32 col, width;

	surface_clear(s, STYLE_KEY_LABEL);
	col = each_label(s, ui, 0, NULL);
	if (ui->mode == MODE_SEARCH || ui->mode == MODE_FILTER || ui->mode == MODE_PROGRAMS_FILTER ||
	    ui->mode == MODE_PROGRAMS_SEARCH ||
	    (inspect_mode(ui) && ui->mode != MODE_INSPECT)) {
		field_draw(s, keybar_field_col(ui, s->cols), ui);
		return;
	}
	if (ui->mode == MODE_PROGRAMS && ui->programs.spec.filter.text[0])
		say_filter(&status, ui->programs.spec.filter.text);
	if (ui->mode == MODE_PROGRAMS && ui->paused)
		say(&status, "PAUSED");
	if (ui->mode != MODE_NORMAL && ui->mode != MODE_VISUAL && ui->mode != MODE_PROGRAMS)
		return;
	if (ui->mode != MODE_PROGRAMS)
		write_status(&status, ui, f);
	text.n = status.len;
	width = text_width(text, s->ascii);
	if (ui->no_header && s->cols > col && s->cols - col > width + COST_LEAST + 3) {
		struct surface cost = surface_part(s, 0, s->cols - width - 2 - COST_LEAST, 1,
						   COST_LEAST);

		struct meter_context c = {.f = f, .settings = &ui->settings};

		meter_draw(&cost, meter_find("Cost", &c.cpu), &c, METER_TEXT);
	}
	/* it matters more than labels: it covers them where there is no room */
	surface_text(s, 0, s->cols > width ? s->cols - width : 0, s->cols, text, STYLE_WARNING);
}
