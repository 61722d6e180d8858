/* ui/columns_draw.c - see ui/columns_draw.h. */
#include "ui/columns_draw.h"
#include "proc/users.h"
#include "ui/fmt.h"

#include <time.h>

enum { CELL_NUMBER = 20, SECONDS_DAY = 86400, SECONDS_YEAR = 365 * 86400 };

/* A selected row has been given its style already; cells keep to it. */
static enum style ink(const struct surface *s, const struct cell_context *c, enum style style)
{
	return c->selected && s->cols ? (enum style)s->cell[0].style : style;
}

static void at_right(struct surface *s, const struct cell_context *c, struct bytes text,
		     enum style style)
{
	u32 col = text.n < s->cols ? s->cols - (u32)text.n : 0;

	surface_text(s, 0, col, s->cols - col, text, ink(s, c, style));
}

static struct bytes chars(const char *p, size_t n)
{
	return (struct bytes){(const unsigned char *)p, n};
}

void cell_unknown(struct surface *s, const struct cell_context *c)
{
	at_right(s, c, BYTES_LIT("N/A"), STYLE_DIM);
}

void cell_no_limit(struct surface *s, const struct cell_context *c)
{
	at_right(s, c, BYTES_LIT("max"), STYLE_DIM);
}

void cell_number(struct surface *s, const struct cell_context *c, u64 v)
{
	char text[CELL_NUMBER];
	unsigned width = MIN(s->cols, CELL_NUMBER);

	fmt_u64(text, width, v);
	at_right(s, c, chars(text, width), STYLE_TEXT);
}

/* Digits in groups of three, told apart by colour: 12345678. */
void cell_tally(struct surface *s, const struct cell_context *c, u64 v)
{
	enum { GROUP = 3 };

	cell_number(s, c, v);
	if (c->selected)
		return;
	if (s->cols > GROUP && v >= 1000)
		surface_style(s, 0, 0, s->cols - GROUP, STYLE_MEGA);
	if (s->cols > 2 * GROUP && v >= 1000000)
		surface_style(s, 0, 0, s->cols - 2 * GROUP, STYLE_GIGA);
}

void cell_signed(struct surface *s, const struct cell_context *c, u64 v)
{
	char text[CELL_NUMBER];
	unsigned width = MIN(s->cols, CELL_NUMBER);

	fmt_s64(text, width, (s64)v);
	at_right(s, c, chars(text, width), STYLE_TEXT);
}

/* As htop: what stands for mebibytes and more has a colour of its own, in a
 * plain number of KiB the digits before the last three. */
void cell_bytes(struct surface *s, const struct cell_context *c, u64 bytes)
{
	char text[FMT_BYTES_WIDTH];
	char unit;

	fmt_bytes(text, bytes);
	unit = text[FMT_BYTES_WIDTH - 1];
	if (unit == 'M') {
		at_right(s, c, chars(text, sizeof(text)), STYLE_MEGA);
	} else if (unit < '0' || unit > '9') {
		at_right(s, c, chars(text, sizeof(text)), STYLE_GIGA);
	} else {
		at_right(s, c, chars(text, sizeof(text)), STYLE_TEXT);
		if (s->cols >= FMT_BYTES_WIDTH && !c->selected)
			surface_style(s, 0, s->cols - FMT_BYTES_WIDTH, FMT_BYTES_WIDTH - 3,
				      STYLE_MEGA);
	}
}

void cell_rate(struct surface *s, const struct cell_context *c, u64 bytes_per_s)
{
	char text[FMT_RATE_WIDTH];

	fmt_rate(text, bytes_per_s);
	at_right(s, c, chars(text, sizeof(text)), bytes_per_s == 0 ? STYLE_DIM
		 : bytes_per_s < 1 << 20 ? STYLE_TEXT : bytes_per_s < 1 << 30 ? STYLE_MEGA : STYLE_GIGA);
}

void cell_percent(struct surface *s, const struct cell_context *c, u64 ppm)
{
	enum { LEAST_SHOWN = PPM / 2000, FULL = PPM - LEAST_SHOWN };
	char text[FMT_PERCENT_WIDTH];
	enum style style = ppm < LEAST_SHOWN ? STYLE_DIM : ppm >= FULL ? STYLE_MEGA : STYLE_TEXT;

	fmt_percent(text, ppm);
	at_right(s, c, chars(text, sizeof(text)), style);
}

void cell_time(struct surface *s, const struct cell_context *c, u64 ns)
{
	char text[FMT_TIME_WIDTH];

	fmt_time(text, ns);
	at_right(s, c, chars(text, sizeof(text)), STYLE_TEXT);
}

/* The highest real-time priorities are "RT", as in htop and top. */
void cell_priority(struct surface *s, const struct cell_context *c, u64 v)
{
	if ((s64)v <= -100)
		at_right(s, c, BYTES_LIT("RT"), STYLE_TEXT);
	else
		cell_signed(s, c, v);
}

void cell_nice(struct surface *s, const struct cell_context *c, u64 v)
{
	char text[CELL_NUMBER];
	unsigned width = MIN(s->cols, CELL_NUMBER);
	s64 nice = (s64)v;

	fmt_s64(text, width, nice);
	at_right(s, c, chars(text, width),
		 nice > 0 ? STYLE_HIGH_NICE : nice < 0 ? STYLE_LOW_NICE : STYLE_DIM);
}

static size_t two_digits(char *dst, int v)
{
	dst[0] = (char)('0' + v / 10 % 10);
	dst[1] = (char)('0' + v % 10);
	return 2;
}

void cell_start(struct surface *s, const struct cell_context *c, u64 unix_ns)
{
	static const char month[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = (time_t)(c->model->real_ns / NSEC_PER_SEC);
	time_t then = (time_t)(unix_ns / NSEC_PER_SEC);
	char text[24];
	size_t n;
	struct tm tm;

	if (!localtime_r(&then, &tm)) {
		cell_unknown(s, c);
		return;
	}
	if (now - then < SECONDS_DAY) {
		n = two_digits(text, tm.tm_hour);
		text[n++] = ':';
		n += two_digits(text + n, tm.tm_min);
	} else if (now - then < SECONDS_YEAR) {
		memcpy(text, month + (size_t)tm.tm_mon * 3, 3);
		n = 3 + two_digits(text + 3, tm.tm_mday);
	} else {
		n = put_u64(text, (u64)tm.tm_year + 1900);
	}
	at_right(s, c, chars(text, n), STYLE_TEXT);
}

void cell_text(struct surface *s, const struct cell_context *c, struct bytes text,
	       enum style style)
{
	surface_text(s, 0, 0, s->cols, text, ink(s, c, style));
}

static enum style state_style(char state)
{
	switch (state) {
	case 'R':
		return STYLE_RUNNING;
	case 'D':
		return STYLE_BLOCKED;
	case 'Z':
	case 'X':
		return STYLE_ZOMBIE;
	case 'T':
	case 't':
		return STYLE_STOPPED;
	default:
		return STYLE_DIM;
	}
}

void cell_state(struct surface *s, const struct cell_context *c, char state)
{
	cell_text(s, c, chars(&state, 1), state_style(state));
}

void cell_user(struct surface *s, const struct cell_context *c, u32 uid)
{
	char digits[CELL_NUMBER];
	struct bytes name = users_name(uid);

	if (!name.n)
		name = chars(digits, put_u64(digits, uid));
	cell_text(s, c, name, uid == c->own_uid ? STYLE_TEXT : STYLE_DIM);
}

/* ---- the command: branches, program, arguments; scrolled to the left ------- */

/* A place on the line; the first columns may lie outside at the left. */
struct pen {
	struct surface *s;
	u32 skip;		/* columns still to be passed over */
	u32 col;
	bool measure;		/* nothing is drawn: col tells how wide it would be */
};

static void pen_text(struct pen *p, struct bytes text, enum style style)
{
	struct glyph g;

	if (p->measure) {
		p->col += text_width(text, p->s->ascii);
		return;
	}
	while (p->skip && text.n) {
		size_t n = text_next(text, p->s->ascii, &g);

		text.p += n;
		text.n -= n;
		/* half of a wide character is a blank */
		if (g.width > p->skip)
			p->col += g.width - p->skip;
		p->skip -= MIN(p->skip, g.width);
	}
	if (text.n && p->col < p->s->cols)
		p->col += surface_text(p->s, 0, p->col, p->s->cols - p->col, text, style);
}

/* Arguments with a blank where the NUL is. */
static void pen_arguments(struct pen *p, struct bytes text, enum style style)
{
	while (text.n && (p->measure || p->col < p->s->cols)) {
		const unsigned char *nul = memchr(text.p, '\0', text.n);
		size_t n = nul ? (size_t)(nul - text.p) : text.n;

		pen_text(p, (struct bytes){text.p, n}, style);
		if (nul)
			pen_text(p, BYTES_LIT(" "), style);
		n += nul != NULL;
		text.p += n;
		text.n -= n;
	}
}

/* What in a command line is the program's own name: [*from, *to).  A process
 * that writes its title (one argument, "nginx: worker process") names itself
 * before the first colon or blank; a path may hold blanks only if arguments
 * follow it. */
static void basename_of(struct bytes text, size_t *from, size_t *to)
{
	const unsigned char *nul = memchr(text.p, '\0', text.n);
	size_t end = nul ? (size_t)(nul - text.p) : text.n;

	for (size_t i = 0; i < end; i++)
		if ((!nul && text.p[i] == ' ') ||
		    (text.p[i] == ':' && i + 1 < end && text.p[i + 1] == ' '))
			end = i;
	*to = end;
	*from = 0;
	for (size_t i = 0; i + 1 < end; i++)
		if (text.p[i] == '/')
			*from = i + 1;
}

size_t column_branches(char out[static COLUMN_BRANCHES], const struct order_line *l, bool ascii)
{
	const char *side = ascii ? "|  " : "\u2502  ";
	const char *last = ascii ? "`- " : "\u2514\u2500 ", *more = ascii ? "|- " : "\u251c\u2500 ";
	const char *last_folded = ascii ? "`+ " : "\u2514+ ", *more_folded = ascii ? "|+ " : "\u251c+ ";
	unsigned depth = MIN(l->depth, ARRAY_LEN(l->trunk) * 32 - 1);
	const char *piece;
	size_t n = 0;

	/* Roots have no line between them, so branches begin at depth 1. */
	for (unsigned d = 1; d <= depth; d++) {
		if (d < depth)
			piece = l->trunk[d / 32] >> d % 32 & 1 ? side : "   ";
		else if (l->folded)
			piece = l->last ? last_folded : more_folded;
		else
			piece = l->last ? last : more;
		memcpy(out + n, piece, strlen(piece));
		n += strlen(piece);
	}
	if (!depth && l->folded) {
		memcpy(out, "+ ", 2);
		n = 2;
	}
	return n;
}

void cell_draw(struct surface *s, const struct cell_context *c, enum column_id id,
	       const struct task_row *r)
{
	static const u8 of_ended[] = {COL_PPID, COL_UID, COL_USER, COL_COMM, COL_CMDLINE, COL_STATE,
				      COL_CPU, COL_CPU_TIME, COL_CGROUP_ID};

	if (r->t->group ? !column_of_group(id) : r->t->ended && !memchr(of_ended, id, sizeof(of_ended)))
		cell_unknown(s, c);
	else if (r->t->group || id <= COL_PATH || id > COL_IO_WEIGHT || id == COL_GROUP_MEMORY)
		columns[id].draw(s, c, r);
}

size_t column_ended(char out[static COLUMN_ENDED], const struct model *m, const struct task *t)
{
	struct out o = {.buf = out, .cap = COLUMN_ENDED};
	u32 at = m->tasks ? task_table_find(m->tasks, t->ppid, 0) : TASK_NONE;

	out_char(&o, '<');
	out_str(&o, *t->comm ? t->comm : "other commands");
	out_lit(&o, "> x");
	out_u64(&o, t->ended);
	if (*t->comm) {
		out_str(&o, at == TASK_NONE ? " of process " : " of ");
		if (at != TASK_NONE) {
			out_str(&o, m->tasks->task[at].comm);
			out_char(&o, ' ');
		}
		out_u64(&o, t->ppid);
	}
	return o.len;
}

/* The styles of a command's parts. */
struct command_ink {
	enum style text, name, comm;
};

static struct command_ink command_ink(const struct surface *s, const struct cell_context *c,
				      const struct task_row *r, bool deleted)
{
	const struct task *t = r->t;
	enum style text = t->kernel ? STYLE_KERNEL : t->thread ? STYLE_THREAD : STYLE_TEXT;
	enum style name = deleted ? STYLE_DELETED : text == STYLE_TEXT ? STYLE_BASENAME : text;

	return (struct command_ink){ink(s, c, text), ink(s, c, name), ink(s, c, STYLE_COMM)};
}

/* [path/]name, then arguments. */
static void put_command(struct pen *p, struct bytes text, bool no_path, const struct command_ink *i)
{
	size_t from, to;

	basename_of(text, &from, &to);
	if (!no_path)
		pen_text(p, (struct bytes){text.p, from}, i->text);
	pen_text(p, (struct bytes){text.p + from, to - from}, i->name);
	pen_arguments(p, (struct bytes){text.p + to, text.n - to}, i->text);
}

/* What is behind the last slash. */
static struct bytes file_name(struct bytes path)
{
	const unsigned char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	size_t skip = slash ? (size_t)(slash + 1 - path.p) : 0;

	return (struct bytes){path.p + skip, path.n - skip};
}

static bool same_bytes(struct bytes a, struct bytes b)
{
	return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

/* A comm holds 15 bytes of a name. */
static bool named_after(struct bytes comm, struct bytes file)
{
	return same_bytes(comm, (struct bytes){file.p, MIN(file.n, (size_t)TASK_COMM - 1)});
}

/* Executable, the name that the process goes by if that is another, arguments;
 * all of the command line when it begins with something else. */
static void put_merged(struct pen *p, struct bytes exe, struct bytes comm, struct bytes cmdline,
		       const struct cell_context *c, const struct command_ink *i)
{
	const char *bar = p->s->ascii ? "|" : "\u2502";
	const struct bytes between = chars(bar, strlen(bar));
	struct bytes file = file_name(exe), first;
	const unsigned char *nul = cmdline.n ? memchr(cmdline.p, '\0', cmdline.n) : NULL;

	first = (struct bytes){cmdline.p, nul ? (size_t)(nul - cmdline.p) : cmdline.n};
	if (!c->look.no_path)
		pen_text(p, (struct bytes){exe.p, exe.n - file.n}, i->text);
	pen_text(p, file, i->name);
	if (!named_after(comm, file)) {
		pen_text(p, between, i->text);
		pen_text(p, comm, i->comm);
	}
	if (same_bytes(file_name(first), file)) {
		pen_arguments(p, (struct bytes){cmdline.p + first.n, cmdline.n - first.n}, i->text);
	} else if (!same_bytes(cmdline, comm)) {
		pen_text(p, between, i->text);
		put_command(p, cmdline, c->look.no_path, i);
	}
}

static void put_all(struct pen *p, const struct cell_context *c, const struct task_row *r)
{
	const struct task *t = r->t;
	struct bytes text = columns[COL_CMDLINE].text(c->model, r), exe = {NULL, 0};
	struct command_ink inks;
	char branches[COLUMN_BRANCHES];
	bool deleted;

	if (!t->thread && !t->kernel)
		exe = model_name(c->model, r)->exe;
	deleted = exe_deleted(&exe);
	inks = command_ink(p->s, c, r, deleted);
	if (c->line)
		pen_text(p, chars(branches, column_branches(branches, c->line, p->s->ascii)),
			 ink(p->s, c, STYLE_TREE));
	if (t->group) {
		pen_text(p, column_group_name(c->model, r, c->line), inks.text);
		return;
	}
	if (t->ended) {
		char ended[COLUMN_ENDED];

		pen_text(p, chars(ended, column_ended(ended, c->model, t)), inks.text);
		return;
	}
	if (c->look.merged && exe.n)
		put_merged(p, exe, columns[COL_COMM].text(c->model, r), text, c, &inks);
	else if (text.n)
		put_command(p, text, c->look.no_path, &inks);
}

void cell_command(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	struct pen p = {.s = s, .skip = c->scroll};

	put_all(&p, c, r);
}

u32 cell_command_width(const struct cell_context *c, const struct task_row *r, bool ascii)
{
	struct surface none = {.ascii = ascii};
	struct pen p = {.s = &none, .measure = true};

	put_all(&p, c, r);
	return p.col;
}
