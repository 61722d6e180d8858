/* ui/meter.c - bars and values of the header. */
#include "ui/fmt.h"
#include "ui/graph.h"
#include "ui/meter_history.h"

void pen_str(struct pen *p, const char *text, enum style style)
{
	p->col += surface_str(p->s, p->row, p->col, text, style);
}

void pen_out(struct pen *p, const struct out *text, enum style style)
{
	struct bytes b = {(const unsigned char *)text->buf, text->len};

	p->col += surface_text(p->s, p->row, p->col, p->s->cols, b, style);
}

/* Parts end where the rounded running sum does, so that the length of the whole
 * bar never depends on how it is divided. */
static void draw_parts(struct surface *s, const struct bar *b)
{
	u64 sum = 0;
	u32 from = 0;

	for (u32 i = 0; i < b->parts; i++) {
		u32 end;

		sum = MIN(sum + b->part[i].value, b->full);
		end = (u32)mul_div(sum, s->cols, b->full);
		if (mul_div(sum, (u64)s->cols * 2, b->full) & 1)
			end = MIN(end + 1, s->cols);
		surface_fill(s, 0, from, end - from, b->part[i].c, b->part[i].style);
		from = end;
	}
}

void bar_draw(struct surface *s, const struct bar *b)
{
	u32 label = (u32)strlen(b->label), text = (u32)strlen(b->text);
	u32 edge = MAX(MIN(label, s->cols / 2), (u32)BAR_LABEL);
	struct surface in;

	if (s->cols < BAR_LABEL + 3)
		return;
	surface_str(s, 0, label < edge ? edge - label : 0, b->label, STYLE_LABEL);
	surface_str(s, 0, edge, "[", STYLE_BAR_EDGE);
	surface_str(s, 0, s->cols - 1, "]", STYLE_BAR_EDGE);
	in = surface_part(s, 0, edge + 1, 1, s->cols - edge - 2);
	draw_parts(&in, b);
	if (text <= in.cols)
		surface_str(&in, 0, in.cols - text, b->text, b->text_style);
}

/* ---- captions and texts ---- */

/* A CPU's is its number. */
static const char *caption_of(const struct meter *m, const struct meter_context *c, char room[static 24])
{
	if (c->cpu == METER_ALL_CPUS)
		return m->caption;
	room[put_u64(room, (u64)c->cpu + c->settings->cpus_from_one)] = 0;
	return room;
}

/* Words that begin with a digit stand out. */
static void pen_words(struct pen *p, const struct out *text)
{
	for (size_t i = 0, n; i < text->len; i += n) {
		bool number = text->buf[i] >= '0' && text->buf[i] <= '9';
		struct out word = {.buf = text->buf + i};

		for (n = 0; i + n < text->len && text->buf[i + n] != ' '; n++)
			;
		while (i + n < text->len && text->buf[i + n] == ' ')
			n++;
		word.len = n;
		pen_out(p, &word, number ? STYLE_VALUE : STYLE_LABEL);
	}
}

static void put_value(struct out *o, u64 v, u8 unit)
{
	char text[8];

	if (unit == UNIT_COUNT) {
		out_u64(o, v);
	} else if (unit == UNIT_PPM) {
		out_fixed(o, (v + 500) / 1000, 1);
		out_char(o, '%');
	} else {
		out_bytes(o, text, fmt_size(text, v));
		out_str(o, unit == UNIT_RATE ? "/s" : "");
	}
}

static void pen_unknown(struct pen *p, const struct reading *r)
{
	pen_str(p, r->why ? r->why : "N/A", STYLE_DIM);
}

static void draw_text(struct surface *s, const struct reading *r, const char *caption)
{
	struct pen p = {s, 0, 0};

	if (caption[0]) {
		pen_str(&p, caption, STYLE_LABEL);
		pen_str(&p, ": ", STYLE_LABEL);
	}
	if (!r->known) {
		pen_unknown(&p, r);
		return;
	}
	pen_words(&p, &r->text);
	for (u32 i = 0; i < r->n; i++) {
		const struct meter_value *v = &meter_values[r->first + i];
		char room[32];
		struct out o = {.buf = room, .cap = sizeof(room)};

		if (!v->label[0])
			continue;
		out_char(&o, ' ');
		out_str(&o, v->label);
		out_char(&o, ' ');
		pen_out(&p, &o, STYLE_LABEL);
		o.len = 0;
		put_value(&o, r->value[i], v->unit);
		pen_out(&p, &o, STYLE_VALUE);
	}
}

static void draw_bar(struct surface *s, const struct reading *r, const char *caption)
{
	struct bar_part part[METER_VALUES];
	struct bar b = {caption, part, 0, r->full, r->room, STYLE_VALUE};

	if (!r->known) {
		b.text = r->why ? r->why : "N/A";
		b.text_style = STYLE_DIM;
		bar_draw(s, &b);
		return;
	}
	for (u32 i = 0; i < r->n; i++) {
		const struct meter_value *v = &meter_values[r->first + i];

		if (v->c)
			part[b.parts++] = (struct bar_part){r->value[i], (enum style)v->style, v->c};
	}
	bar_draw(s, &b);
}

/* ---- graphs ---- */

enum { GRAPH_LABEL = 7 };	/* columns at the left for caption and value, at least */

/* The value as one word: the text's first, or how high the graph is now. */
static void graph_value(struct pen *p, const struct reading *r)
{
	struct out o = {.buf = (char[24]){0}, .cap = 24};

	if (r->room[0] >= '0' && r->room[0] <= '9')
		out_bytes(&o, r->room, MIN(strcspn(r->room, " /"), o.cap));
	else
		put_value(&o, r->full ? mul_div(r->level, PPM, r->full) : r->level, r->full ? UNIT_PPM : UNIT_RATE);
	pen_out(p, &o, STYLE_VALUE);
}

/* Highest level that the graph shows; at least one. */
static u32 graph_top(const struct meter_history *h, const struct meter *m, u32 cpu, u32 samples)
{
	u32 top = 1;

	for (u32 i = 0; i < samples; i++) {
		u32 level = meter_history_at(h, m, cpu, i);

		if (level != HISTORY_UNKNOWN)
			top = MAX(top, level);
	}
	return top;
}

/* Steps of a sample, of so many in all; what is not zero is seen. */
static u32 steps_of(u32 level, u32 top, u32 all)
{
	u32 steps = level == HISTORY_UNKNOWN ? 0 : (u32)(((u64)level * all + top / 2) / top);

	return MIN(level && level != HISTORY_UNKNOWN ? MAX(steps, 1u) : steps, all);
}

static void put_dots(struct surface *s, u32 row, u32 col, u32 left, u32 right)
{
	if (!s->ascii)
		graph_dots(s, row, col, left, right, STYLE_BAR_USER);
	else if (left || right)
		surface_str(s, row, col, MAX(left, right) > 1 ? ":" : ".", STYLE_BAR_USER);
}

static void draw_graph(struct surface *s, const struct meter *m, const struct meter_context *c,
		       const struct reading *r, const char *caption)
{
	const struct meter_history *h = c->f->meter_history;
	u32 per_cell = s->ascii ? 2 : 4, label = MAX((u32)strlen(caption) + 1, (u32)GRAPH_LABEL);
	struct surface left = surface_part(s, 0, 0, s->rows, MIN(label, s->cols / 3));
	struct surface in = surface_part(s, 0, MIN(label, s->cols / 3), s->rows, s->cols);
	u32 all = in.rows * per_cell, samples = MIN(in.cols * 2, (u32)HISTORY_LEN);
	u32 top = r->full ? PPM : graph_top(h, m, c->cpu, samples);
	struct pen p = {&left, 1, 0};

	surface_str(&left, 0, 0, caption, STYLE_LABEL);
	if (r->known)
		graph_value(&p, r);
	else
		pen_unknown(&p, r);
	for (u32 col = 0; col < in.cols; col++) {
		u32 ago = (in.cols - 1 - col) * 2;
		u32 l = steps_of(meter_history_at(h, m, c->cpu, ago + 1), top, all);
		u32 n = steps_of(meter_history_at(h, m, c->cpu, ago), top, all);

		for (u32 row = 0; row < in.rows; row++) {
			u32 below = (in.rows - 1 - row) * per_cell;

			put_dots(&in, row, col, l > below ? MIN(l - below, per_cell) : 0,
				 n > below ? MIN(n - below, per_cell) : 0);
		}
	}
}

/* ---- big digits ---- */

enum { LED_COLS = 4 };

/* The line that meets in a corner: up, down, sideways. */
static void led_corner(struct surface *s, u32 row, u32 col, u32 joins, bool right)
{
	static const char lines[2][8][4] = {
		{" ", "\xe2\x95\xb5", "\xe2\x95\xb7", "\xe2\x94\x82", "\xe2\x95\xb6", "\xe2\x94\x94",
		 "\xe2\x94\x8c", "\xe2\x94\x9c"},
		{" ", "\xe2\x95\xb5", "\xe2\x95\xb7", "\xe2\x94\x82", "\xe2\x95\xb4", "\xe2\x94\x98",
		 "\xe2\x94\x90", "\xe2\x94\xa4"},
	};
	const char plain[2] = {" ||| +++"[joins], 0};

	surface_str(s, row, col, s->ascii ? plain : lines[right][joins], STYLE_VALUE);
}

/* Seven segments: a above, b and c at the right, d below, e and f at the left, g. */
static void led_digit(struct surface *s, u32 col, u32 digit)
{
	enum { A = 1, B = 2, C = 4, D = 8, E = 16, F = 32, G = 64 };
	static const u8 segments[10] = {
		A | B | C | D | E | F, B | C, A | B | D | E | G, A | B | C | D | G, B | C | F | G,
		A | C | D | F | G, A | C | D | E | F | G, A | B | C, 0x7f, A | B | C | D | F | G,
	};
	static const struct { u8 across, up[2], down[2]; } rows[METER_LED_ROWS] = {
		{A, {0, 0}, {F, B}}, {G, {F, B}, {E, C}}, {D, {E, C}, {0, 0}},
	};
	u32 on = segments[digit];

	for (u32 row = 0; row < METER_LED_ROWS; row++) {
		bool across = on & rows[row].across;

		for (u32 side = 0; side < 2; side++)
			led_corner(s, row, col + side * (LED_COLS - 1),
				   !!(on & rows[row].up[side]) | !!(on & rows[row].down[side]) << 1 |
				   across << 2, side);
		for (u32 i = 1; i < LED_COLS - 1; i++)
			surface_str(s, row, col + i, !across ? " " : s->ascii ? "-" : "\xe2\x94\x80", STYLE_VALUE);
	}
}

static void draw_led(struct surface *s, const struct reading *r, const char *caption)
{
	struct pen p = {s, METER_LED_ROWS - 1, 0};

	pen_str(&p, caption, STYLE_LABEL);
	pen_str(&p, caption[0] ? " " : "", STYLE_LABEL);
	if (!r->known) {
		pen_unknown(&p, r);
		return;
	}
	for (size_t i = 0; i < r->text.len && p.col < s->cols; i++) {
		char c[2] = {r->room[i], 0};

		if (c[0] < '0' || c[0] > '9') {
			pen_str(&p, c, STYLE_LABEL);
			continue;
		}
		led_digit(s, p.col, (u32)(c[0] - '0'));
		p.col += LED_COLS;
	}
}

/* ---- all of them ---- */

u32 meter_mode_rows(enum meter_mode mode)
{
	return mode == METER_GRAPH ? METER_GRAPH_ROWS : mode == METER_LED ? METER_LED_ROWS : 1;
}

void meter_draw(struct surface *s, const struct meter *m, const struct meter_context *context,
		enum meter_mode mode)
{
	struct meter_context c = *context;
	struct reading r;
	const char *caption;
	char room[24];

	if (!s->rows || !s->cols)
		return;
	c.cols = s->cols;
	c.ascii = s->ascii;
	meter_read(m, &c, &r);
	caption = caption_of(m, &c, room);
	if (mode == METER_BAR)
		draw_bar(s, &r, caption);
	else if (mode == METER_GRAPH)
		draw_graph(s, m, &c, &r, caption);
	else if (mode == METER_LED)
		draw_led(s, &r, caption);
	else
		draw_text(s, &r, caption);
}
