/* ui/view_program.c - see ui/view_program.h. */
#include "ui/view_program.h"

#include "proc/program_history.h"
#include "ui/fmt.h"
#include "ui/graph.h"
#include "ui/meter.h"
#include "ui/page.h"
#include "ui/program_columns.h"
#include "ui/view_programs.h"

enum {
	PAIR_LABEL = 11, PAIR_COLS = 32,	/* a title and its value */
	GRAPHS_BESIDE = 120,			/* from as many columns on they stand side by side */
	GRAPH_LEAST = 3, GRAPH_MOST = 8,	/* rows of one */
	TEXT_ROOM = 1024,
	EXACT_BYTES = 10000,			/* fewer are told one by one */
};

/* ---- opening, moving ---- */

/* What is known of it now, to be kept when it goes. */
static void look(struct ui_state *ui, const struct frame *f)
{
	struct program_page *d = &ui->program;
	const struct program_row *r = program_row(&f->model->programs, d->who);
	struct out attach = {.buf = d->attach, .cap = sizeof(d->attach)};

	d->gone = !r;
	d->row.rec = &d->run;
	d->row.more = &d->facts;
	if (d->gone)
		return;
	d->run = *r->rec;
	d->facts = *r->more;
	d->row = *r;
	d->row.rec = &d->run;
	d->row.more = &d->facts;
	d->seen_boot_ns = f->model->programs.table->boot_ns;
	program_put_attach(&attach, f->model->programs.table, r);
	d->attach_n = (u32)attach.len;
}

void act_program(struct action_context *c)
{
	struct ui_state *ui = c->ui;
	const struct program_row *r = programs_row(ui, c->f->model);

	if (!r)
		return;
	memset(&ui->program, 0, sizeof(ui->program));
	ui->program.who = program_id(r->rec);
	ui->mode = MODE_PROGRAM;
	look(ui, c->f);
	ui->resample = !ui->paused;	/* its maps */
}

void act_program_close(struct action_context *c)
{
	c->ui->program.who.id = 0;
	c->ui->mode = ui_state_home(c->ui);
}

void program_scroll(struct ui_state *ui, s64 top, u32 rows)
{
	struct program_page *d = &ui->program;

	d->top = (u32)MAX(MIN(top, (s64)d->lines - rows), 0);
}

void act_program_move(struct action_context *c)
{
	program_scroll(c->ui, (s64)c->ui->program.top + c->arg, c->at->body_rows);
}

void act_program_page(struct action_context *c)
{
	program_scroll(c->ui, (s64)c->ui->program.top + (s64)c->arg * MAX(c->at->body_rows - 1, 1u), c->at->body_rows);
}

void act_program_edge(struct action_context *c)
{
	program_scroll(c->ui, c->arg < 0 ? 0 : UINT32_MAX, c->at->body_rows);
}

static u32 tag_of(const struct ui_state *ui, struct program_id who)
{
	u32 i = 0;

	while (i < ui->programs.ntag && !program_same(ui->programs.tag[i].who, who))
		i++;
	return i;
}

bool programs_tagged(const struct ui_state *ui, struct program_id who)
{
	return tag_of(ui, who) < ui->programs.ntag;
}

void act_program_tag(struct action_context *c)
{
	struct programs_view *v = &c->ui->programs;
	const struct program_row *r = programs_row(c->ui, c->f->model);
	u32 at = r ? tag_of(c->ui, program_id(r->rec)) : 0;

	if (!c->arg) {
		v->ntag = 0;
		return;
	}
	if (!r)
		return;
	if (at < v->ntag) {
		v->tag[at] = v->tag[--v->ntag];
	} else if (v->ntag < PROGRAMS_TAGGED) {
		struct program_tagged *t = &v->tag[v->ntag++];
		struct out o = {.buf = t->name, .cap = sizeof(t->name)};

		*t = (struct program_tagged){.who = program_id(r->rec)};
		program_put_name(&o, r);
	} else {
		ui_state_say(c->ui, c->f->now_ns, "no more can be laid over each other");
		return;
	}
	c->arg = 1;
	act_programs_move(c);
}

/* ---- graphs ---- */

enum graph_kind { GRAPH_CPU, GRAPH_EVENTS, GRAPH_AVERAGE, GRAPHS };

/* One of the programs that are laid over each other. */
struct curve {
	u32 n;
	struct program_sample sample[PROGRAM_HISTORY];
};

struct digest {
	bool known;		/* now */
	u64 now, average, most;
};

static bool value_of(const struct program_sample *s, u32 kind, u64 *v)
{
	*v = kind == GRAPH_CPU ? s->cpu_ppm : kind == GRAPH_EVENTS ? s->events_milli : s->average_ns;
	if (kind == GRAPH_AVERAGE ? s->average_ns != PROGRAM_UNKNOWN : s->cpu_ppm != PROGRAM_UNKNOWN)
		return true;
	*v = 0;
	return false;
}

/* The average of a run is that of all of them: each sample weighs as its runs. */
static struct digest digest(const struct curve *c, u32 kind)
{
	double sum = 0, weights = 0;
	struct digest d = {0};

	for (u32 i = 0; i < c->n; i++) {
		const struct program_sample *s = &c->sample[i];
		double weight = kind == GRAPH_AVERAGE ? (double)s->events_milli : 1;
		u64 v;

		d.known = value_of(s, kind, &v);
		if (!d.known)
			continue;
		d.now = v;
		d.most = MAX(d.most, v);
		sum += weight * (double)v;
		weights += weight;
	}
	d.average = weights > 0 ? (u64)(sum / weights + 0.5) : 0;
	return d;
}

static void out_value(struct out *o, u32 kind, u64 v)
{
	if (kind == GRAPH_CPU)
		out_fixed(o, v / 10, 3);
	else if (kind == GRAPH_EVENTS)
		out_fixed(o, v / 100, 1);
	else
		out_u64(o, v);
	out_str(o, kind == GRAPH_CPU ? "%" : kind == GRAPH_EVENTS ? "/s" : " ns");
}

/* "0.532%, mean 0.480%, max 1.210%" */
static void out_digest(struct out *o, u32 kind, const struct digest *d)
{
	if (d->known)
		out_value(o, kind, d->now);
	else
		out_char(o, '-');
	out_lit(o, ", mean ");
	out_value(o, kind, d->average);
	out_lit(o, ", max ");
	out_value(o, kind, d->most);
}

static const char *const graph_name[GRAPHS] = {"CPU ", "Events ", "A run "};
static const enum style graph_style[GRAPHS] = {STYLE_BAR_USER, STYLE_MEM_USED, STYLE_BAR_SYSTEM};

/* One curve is drawn in dots; of several each has its letter, which is no less
 * without colours. */
static void draw_letters(struct surface *s, const struct graph *g, u32 from, char letter)
{
	u32 n = MIN(g->n, s->cols);

	for (u32 i = 0; i < n; i++) {
		u64 v = g->v[g->n - n + i];
		u32 row = g->rows - 1 - (g->full ? (u32)mul_div(v, g->rows - 1, g->full) : 0);

		if (v && row >= from && row - from < s->rows)
			surface_fill(s, row - from, s->cols - n + i, 1, letter, g->style);
	}
}

struct graphs {
	const struct curve *curve;	/* the page's own, then those of the tagged ones */
	u32 ncurve;
	u32 rows;			/* of one, without its legend */
};

/* Into s, its legend above; cut: how many of its lines are above the screen. */
static void draw_graph(struct surface *s, const struct graphs *all, u32 kind, u32 cut)
{
	struct surface part = surface_part(s, !cut, 0, s->rows, s->cols - (s->cols > 1));
	struct graph g = {.rows = all->rows, .style = graph_style[kind]};
	static u64 v[PROGRAM_HISTORY];
	char text[128];
	struct out o = {.buf = text, .cap = sizeof(text)};
	struct digest d = digest(&all->curve[0], kind);
	struct pen pen = {s, 0, 0};

	if (!cut) {
		out_digest(&o, kind, &d);
		pen_str(&pen, graph_name[kind], STYLE_LABEL);
		pen_out(&pen, &o, STYLE_TEXT);
	}
	for (u32 i = 0; i < all->ncurve; i++)
		g.full = MAX(g.full, digest(&all->curve[i], kind).most);
	g.v = v;
	for (u32 k = all->ncurve; k-- > 0;) {
		g.n = all->curve[k].n;
		for (u32 i = 0; i < g.n; i++)
			value_of(&all->curve[k].sample[i], kind, &v[i]);
		if (all->ncurve == 1)
			graph_draw(&part, &g, cut ? cut - 1 : 0);
		else
			draw_letters(&part, &g, cut ? cut - 1 : 0, (char)('a' + k));
	}
}

/* "b 1234 name: CPU 0.5%, ...": what the letters stand for, and their values. */
static void put_curve(struct page *p, const struct curve *c, char letter, struct program_id who, const char *name)
{
	char text[TEXT_ROOM];
	struct out o = {.buf = text, .cap = sizeof(text)};

	out_char(&o, letter);
	out_char(&o, ' ');
	out_u64(&o, who.id);
	out_char(&o, ' ');
	out_str(&o, name);
	if (!program_row(&p->f->model->programs, who))
		out_lit(&o, " (unloaded)");
	for (u32 kind = 0; kind < GRAPHS; kind++) {
		struct digest d = digest(c, kind);

		out_str(&o, kind ? "; " : ": ");
		out_str(&o, graph_name[kind]);
		out_digest(&o, kind, &d);
	}
	page_wrapped(p, (struct bytes){(const u8 *)text, o.len}, STYLE_TEXT);
}

static void put_span(struct page *p, u64 span_ns)
{
	const struct program_table *t = p->f->model->programs.table;
	char text[128], time[FMT_TIME_WIDTH];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};

	out_str(&o, span_ns ? "The last " : "The last minutes");
	fmt_time(time, span_ns);
	if (span_ns)
		out_trimmed(&o, time, sizeof(time));
	out_lit(&o, "; counting costs ");
	program_put_cost(&o, t);
	text[o.len] = '\0';
	page_text(p, text, STYLE_DIM);
}

/* As high as leaves room for some of what is below. */
static u32 graph_rows(const struct surface *s, u32 beside)
{
	u32 rows = s->rows * 3 / 5 / (GRAPHS / beside);

	return MAX(MIN(rows, (u32)GRAPH_MOST + 1), (u32)GRAPH_LEAST + 1) - 1;
}

static void put_graphs(struct page *p)
{
	static struct curve curve[1 + PROGRAMS_TAGGED];
	const struct program_history *h = p->f->model->programs.history;
	const struct programs_view *v = &p->ui->programs;
	const struct program_page *d = &p->ui->program;
	u32 beside = p->s->cols >= GRAPHS_BESIDE ? GRAPHS : 1, cols = p->s->cols / beside, other[PROGRAMS_TAGGED];
	u32 end = program_history_last(h, d->who);
	struct graphs g = {.curve = curve, .ncurve = 1, .rows = graph_rows(p->s, beside)};

	curve[0].n = program_history_get(h, d->who, end, curve[0].sample);
	for (u32 i = 0; i < v->ntag; i++) {
		if (program_same(v->tag[i].who, d->who))
			continue;
		other[g.ncurve - 1] = i;
		curve[g.ncurve].n = program_history_get(h, v->tag[i].who, end, curve[g.ncurve].sample);
		g.ncurve++;
	}
	for (u32 i = 0; i < GRAPHS; i += beside) {
		u32 cut;
		struct surface s = page_lines(p, 1 + g.rows, &cut);

		for (u32 k = 0; k < beside && s.rows; k++) {
			struct surface part = surface_part(&s, 0, k * cols, s.rows, cols);

			draw_graph(&part, &g, i + k, cut);
		}
	}
	put_span(p, program_history_span(h, end, curve[0].n));
	for (u32 k = 1; k < g.ncurve; k++) {
		const struct program_tagged *t = &v->tag[other[k - 1]];

		if (k == 1)
			put_curve(p, &curve[0], 'a', d->who, "this one");
		put_curve(p, &curve[k], (char)('a' + k), t->who, t->name);
	}
}

/* ---- facts ---- */

static void out_bytes_of(struct out *o, u64 bytes)
{
	char text[8];

	if (bytes < EXACT_BYTES) {
		out_u64(o, bytes);
		out_lit(o, " B");
	} else {
		out_bytes(o, text, fmt_size(text, bytes));
	}
}

enum fact_kind {
	FACT_TAG, FACT_NAME, FACT_RUNS, FACT_RUN_TIME, FACT_INSNS, FACT_VERIFIED, FACT_JITED, FACT_PAGES, FACTS
};

static const char *const fact_title[FACTS] = {
	"TAG", "NAME", "RUNS", "RUN TIME", "INSNS", "VERIFIED", "MACHINE", "MEM",
};

/* Nothing where nothing is known. */
static void out_fact(struct out *o, u32 fact, const struct program_row *r)
{
	switch (fact) {
	case FACT_TAG:
		program_put_tag(o, r);
		break;
	case FACT_NAME:
		out_bytes(o, r->more->name, strnlen(r->more->name, PROGRAM_NAME));
		break;
	case FACT_RUNS:
		out_u64(o, r->rec->run_cnt);
		break;
	case FACT_RUN_TIME:
		out_fixed(o, r->rec->run_ns / NSEC_PER_USEC, 3);
		out_lit(o, " ms");
		break;
	case FACT_INSNS:
		out_u64(o, r->more->xlated_insns);
		break;
	case FACT_VERIFIED:
		if (r->more->verified_insns)
			out_u64(o, r->more->verified_insns);
		break;
	case FACT_JITED:
		out_bytes_of(o, r->more->jited_bytes);
		break;
	default:
		out_bytes_of(o, r->more->pages * (u64)page_size());
	}
}

static void put_facts(struct page *p)
{
	static const u8 shown[] = {
		PROG_COL_TYPE, PROG_COL_USER, PROG_COL_LOADED, PROG_COL_TOTAL_AVERAGE, PROG_COL_MISSES,
		PROG_COL_MAPS,
	};
	const struct program_cell cell = {p->f->model, &p->ui->program.row};
	u32 each = MAX(p->s->cols / PAIR_COLS, 1u), n = ARRAY_LEN(shown) + FACTS;
	bool loaded = !p->ui->program.gone;

	for (u32 i = 0; i < n; i += each) {
		struct surface s = page_line(p);

		for (u32 k = 0; k < each && i + k < n; k++) {
			u32 at = i + k, fact = at - (u32)ARRAY_LEN(shown), col = k * PAIR_COLS;
			bool own = at >= ARRAY_LEN(shown);
			char text[TEXT_ROOM];
			struct out o = {.buf = text, .cap = sizeof(text)};

			surface_str(&s, 0, col, own ? fact_title[fact] : program_columns[shown[at]].title, STYLE_LABEL);
			if (own)
				out_fact(&o, fact, cell.row);
			else if (loaded || shown[at] != PROG_COL_LOADED)
				program_columns[shown[at]].put(&o, &cell);
			surface_text(&s, 0, col + PAIR_LABEL, PAIR_COLS - PAIR_LABEL - 1,
				     o.len ? (struct bytes){(const u8 *)text, o.len} : BYTES_LIT("-"), STYLE_TEXT);
		}
	}
}

static void put_out(struct page *p, const struct out *o)
{
	page_wrapped(p, (struct bytes){(const u8 *)o->buf, o->len}, STYLE_TEXT);
}

/* A word of the kernel's, or the number of what is newer than this program. */
static void out_word(struct out *o, const char *word, u32 number)
{
	if (word)
		out_str(o, word);
	else
		out_u64(o, number);
	out_char(o, ' ');
}

static void put_map(struct page *p, const struct program_map *m)
{
	char text[TEXT_ROOM];
	struct out o = {.buf = text, .cap = sizeof(text)};

	out_u64(&o, m->id);
	out_char(&o, ' ');
	if (m->type) {
		out_word(&o, program_map_type_name(m->type), m->type);
		out_bytes(&o, m->name, strnlen(m->name, sizeof(m->name)));
		out_lit(&o, ": key ");
		out_u64(&o, m->key_bytes);
		out_lit(&o, " B, value ");
		out_u64(&o, m->value_bytes);
		out_lit(&o, " B, ");
		out_u64(&o, m->entries);
		out_lit(&o, " entries");
		if (m->memory_bytes) {
			out_lit(&o, ", ");
			out_bytes_of(&o, m->memory_bytes);
		}
	}
	put_out(p, &o);
}

static void put_maps(struct page *p)
{
	const struct program_page *d = &p->ui->program;
	const struct program_table *t = p->f->model->programs.table;
	bool known = t && t->maps_of == d->who.id;
	u32 n = MIN(d->facts.nmap, (u32)PROGRAM_MAPS);

	if (d->facts.nmap)
		page_heading(p, d->facts.nmap > PROGRAM_MAPS ? "Maps, the first of them" : "Maps");
	for (u32 i = 0; i < n; i++) {
		struct program_map only = {.id = d->facts.map[i]};

		put_map(p, known && i < t->nmap && t->map[i].id == only.id ? &t->map[i] : &only);
	}
}

static void put_links(struct page *p)
{
	const struct program_page *d = &p->ui->program;
	const struct program_link *l;
	u32 n = 0;

	if (d->attach_n) {
		page_heading(p, "Attached to");
		page_wrapped(p, (struct bytes){(const u8 *)d->attach, d->attach_n}, STYLE_TEXT);
	}
	l = d->gone ? NULL : program_links(p->f->model->programs.table, d->who.id, &n);
	if (n)
		page_heading(p, "Links");
	for (; n--; l++) {
		char text[TEXT_ROOM];
		struct out o = {.buf = text, .cap = sizeof(text)};

		if (l->id) {
			out_u64(&o, l->id);
			out_char(&o, ' ');
		}
		out_word(&o, program_link_type_name(l->type), l->type);
		out_str(&o, l->text);
		put_out(p, &o);
	}
}

static void put_owners(struct page *p)
{
	static const char *const via[] = {
		[VIA_FD] = " by a descriptor", [VIA_LINK] = " by a link", [VIA_PIN] = ": its pin",
	};
	const struct program_page *d = &p->ui->program;
	const struct program_table *t = p->f->model->programs.table;
	const struct program_owner *w;
	u32 n = 0;

	if (d->gone)
		return;
	w = program_owners(t, d->who.id, &n);
	page_heading(p, "Held by");
	if (!n)
		page_text(p, t->owners_known ? "no process and no pin" : "no pin; processes are not known", STYLE_DIM);
	for (; n--; w++) {
		char text[TEXT_ROOM];
		struct out o = {.buf = text, .cap = sizeof(text)};

		program_put_owner(&o, w);
		out_str(&o, via[w->via]);
		put_out(p, &o);
	}
}

static void put_all(struct page *p)
{
	p->line = 0;
	p->top = p->ui->program.top;
	put_graphs(p);
	put_facts(p);
	put_links(p);
	put_maps(p);
	put_owners(p);
}

/* ---- drawing ---- */

static void draw_title(struct surface *s, const struct program_page *d)
{
	char text[TEXT_ROOM], span[FMT_TIME_WIDTH];
	struct out o = {.buf = text, .cap = sizeof(text)};

	surface_clear(s, STYLE_HEADER);
	out_lit(&o, "BPF program ");
	out_u64(&o, d->who.id);
	out_char(&o, ' ');
	program_put_name(&o, &d->row);
	fmt_time(span, d->seen_boot_ns - MIN(d->seen_boot_ns, d->run.loaded_boot_ns));
	out_str(&o, d->gone ? ": UNLOADED, was there for " : ": loaded for ");
	out_trimmed(&o, span, sizeof(span));
	surface_text(s, 0, 0, s->cols, (struct bytes){(const u8 *)text, o.len},
		     d->gone ? STYLE_HEADER_SORT : STYLE_HEADER);
}

void program_draw(struct surface *title, struct surface *body, struct ui_state *ui, const struct frame *f)
{
	struct page p = {.s = body, .ui = ui, .f = f};
	struct program_page *d = &ui->program;

	look(ui, f);
	if (title->rows)
		draw_title(title, d);
	surface_clear(body, STYLE_TEXT);
	put_all(&p);
	if (p.line == d->lines)
		return;
	d->lines = p.line;		/* it may have got shorter */
	program_scroll(ui, d->top, body->rows);
	surface_clear(body, STYLE_TEXT);
	put_all(&p);
}
