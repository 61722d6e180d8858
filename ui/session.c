/* ui/session.c - a person at a terminal. */
#include "ui/session.h"
#include "proc/cgroup_tree.h"
#include "proc/history.h"
#include "proc/program_history.h"
#include "ui/deed.h"
#include "ui/stop.h"
#include "ui/filter_columns.h"
#include "ui/view_processes.h"
#include "ui/yank.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

enum {
	SLOW_TERMINAL_MS = 100,		/* then the frame is dropped, not the keys */
	FACTS_ASK_MS = 950,		/* a little less than a frame that comes once a second */
	TITLES_ASK_MS = 1950,
	DETAIL_MS = 2000,		/* a child is made for it */
	CLIPBOARD_MS = 1000,		/* it is longer than a frame, and was asked for */
	FACTS_MS = 20,			/* of the reader's time a second */
};

static int fit(struct session *s)
{
	term_size(&s->term);
	if (s->term.size_unknown)
		term_ask_size();
	return screen_resize(&s->screen, s->term.rows, s->term.cols);
}

/* The colours in force: the theme's, the person's own, at the terminal's depth. */
static void dress(struct session *s, const struct settings *set)
{
	u32 depth = s->term.depth_asked || !set->color_depth ? s->term.depth : set->color_depth - 1u;

	palette_make(&s->screen.palette, (enum theme)set->theme, set->color, (enum color_depth)depth);
}

void session_detect(struct session *s, const struct options *o, struct ui_state *ui)
{
	s->term_options = (struct term_options){
		.mouse = o->mouse && ui->settings.mouse, .ascii = o->ascii,
		.color_set = o->color != CHOICE_AUTO, .color = o->color == CHOICE_ALWAYS,
	};
	term_detect(&s->term, &s->term_options);
	ui->ascii = s->term.ascii;
}

int session_open(struct session *s, struct config_file *config, const struct settings *set)
{
	int err = term_open(&s->term, &s->term_options);

	s->config = config;
	if (!err)
		err = fit(s);
	dress(s, set);
	s->mouse = set->mouse;
	s->screen.back.ascii = s->term.ascii;
	s->screen.sync = s->term.sync;
	return err;
}

void session_end(struct session *s)
{
	term_restore();
	inspect_close(s->inspect);
	inspect_close(s->coming);
	s->inspect = s->coming = NULL;
	screen_free(&s->screen);
	if (s->signo) {
		signal(s->signo, SIG_DFL);
		raise(s->signo);
	}
}

void session_keep(const struct ui_state *ui, struct model *m, struct names *names)
{
	if (m->programs.history)
		program_history_hold(m->programs.history, ui->program.who);
	history_want(&m->history, ui_state_history(ui), ui->watched);
	m->linger_ns = ui->look.changes_ns;
	m->self.frames.on = ui->ludicrous;
	/* samples come late, never early, but for those that a key asks for */
	names_linger(names, m->linger_ns ? (u32)(m->linger_ns / ui_state_delay(ui)) + 2 : 0);
}

void session_draw(struct session *s, struct ui_state *ui, struct frame *f)
{
	meter_history_take(&s->meter_history, &ui->settings, f);
	f->meter_history = &s->meter_history;
	view_draw(&s->screen.back, ui, f);
	if (ui->yank.wait) {
		yank_again(ui, f);
		view_draw(&s->screen.back, ui, f);	/* with what it says */
	}
	screen_diff(&s->screen);
}

int session_write(struct session *s)
{
	const struct out *out = &s->screen.out;
	int err = out->len ? term_write(out->buf, out->len, SLOW_TERMINAL_MS) : 0;

	if (err != -EAGAIN)
		return err;
	s->screen.repaint = true;
	return 0;
}

/* True when there is something new to draw. */
static bool take_event(struct session *s, struct ui_state *ui, struct frame *f, const struct event *ev)
{
	struct term *t = &s->term;

	if (ev->kind != EVENT_SIZE)
		return view_event(ui, f, ev, s->screen.back.rows, s->screen.back.cols);
	if (!t->size_unknown || (ev->row == t->rows && ev->col == t->cols))
		return false;
	t->rows = ev->row;
	t->cols = ev->col;
	return screen_resize(&s->screen, t->rows, t->cols) == 0;
}

static bool take_input(struct session *s, struct ui_state *ui, struct frame *f)
{
	u8 buf[256];
	struct event ev;
	bool changed = false;
	int n = term_read(buf, sizeof(buf));

	s->keyed_ns = f->now_ns = clock_ns(CLOCK_MONOTONIC);
	if (n == 0 || (n < 0 && n != -EAGAIN))	/* the terminal is gone */
		ui->quit = true;
	for (int i = 0; i < n; i++) {
		if (!key_feed(&s->keys, buf[i], &ev))
			continue;
		changed |= take_event(s, ui, f, &ev);
		deed_perform(ui, f->now_ns);	/* each, before the next is chosen */
		stop_perform(ui, f->now_ns);
	}
	return changed;
}

static bool take_signals(struct session *s, struct ui_state *ui)
{
	int signo = 0;
	u32 what = term_signals(&signo);

	if (what & TERM_QUIT)
		s->signo = signo;
	if (what & TERM_STOP)
		s->stop = ui->redraw_all = true;
	if (what & TERM_CONTINUED)
		ui->redraw_all = ui->resample = ui->forget = true;
	return what & (TERM_RESIZED | TERM_CONTINUED) && fit(s) == 0;
}

/* When an ESC is a key of its own, whatever else wakes us before. */
static u64 esc_end_ns(const struct session *s)
{
	return key_waiting(&s->keys) ? s->keyed_ns + (u64)KEY_ESC_MS * NSEC_PER_MSEC : UINT64_MAX;
}

/* To the nanosecond: a millisecond is 6 % of a frame. */
static struct timespec wait_time(const struct session *s, u64 until_ns)
{
	u64 now = clock_ns(CLOCK_MONOTONIC), end = MIN(until_ns, esc_end_ns(s));
	u64 ns = end > now ? end - now : 0;

	return (struct timespec){(time_t)MIN(ns / NSEC_PER_SEC, (u64)INT32_MAX), (long)(ns % NSEC_PER_SEC)};
}

/* What was read anew takes the old one's place when it is whole. */
static bool take_coming(struct session *s)
{
	struct inspect *old = s->inspect;

	if (!s->coming || !inspect_receive(s->coming, clock_ns(CLOCK_MONOTONIC)) ||
	    inspect_state(s->coming) != INSPECT_DONE)
		return false;
	s->inspect = s->coming;
	s->coming = old;
	return true;
}

u32 session_wait(struct session *s, struct ui_state *ui, struct frame *f, int other_fd, u64 until_ns)
{
	struct pollfd fds[] = {
		{.fd = term_fd(), .events = POLLIN},
		{.fd = term_signal_fd(), .events = POLLIN},
		{.fd = other_fd, .events = POLLIN},
		{.fd = inspect_fd(s->inspect), .events = POLLIN},
		{.fd = inspect_fd(s->coming), .events = POLLIN},
		{.fd = ui->stop.busy ? stop_fd() : -1, .events = POLLPRI},
	};
	bool changed = false;
	struct timespec time;
	struct event ev;

	if (!s->offered && !ui->emergency.on) {
		s->offered = true;
		stop_offer(ui, f->now_ns);
		return SESSION_DRAW;
	}
	++syscall_count;
	if (ui->yank.due || ui->resample)
		until_ns = 0;
	until_ns = MIN(MIN(until_ns, stop_next_ns(ui)), inspect_deadline(s->coming));
	time = wait_time(s, MIN(until_ns, inspect_deadline(s->inspect)));
	ppoll(fds, ARRAY_LEN(fds), &time, NULL);
	if (fds[0].revents)
		changed |= take_input(s, ui, f);
	else if (clock_ns(CLOCK_MONOTONIC) >= esc_end_ns(s) && key_timeout(&s->keys, &ev))
		changed |= take_event(s, ui, f, &ev);
	if (fds[1].revents)
		changed |= take_signals(s, ui);
	if (s->inspect)
		changed |= inspect_receive(s->inspect, clock_ns(CLOCK_MONOTONIC));
	changed |= take_coming(s);
	changed |= stop_perform(ui, clock_ns(CLOCK_MONOTONIC));
	return (changed ? SESSION_DRAW : 0) | (fds[2].revents ? SESSION_OTHER : 0);
}

/* A filter by facts hides whom it knows nothing of, so those are asked before
 * any is asked again. */
static void ask_all(const struct model *m, struct names *names, u32 facts, bool again)
{
	for (u32 i = 0; facts && i < m->ntask; i++)
		names_want_facts(names, m->row[i].t->name, facts, false);
	for (u32 i = 0; facts && again && i < m->ntask; i++)
		names_want_facts(names, m->row[i].t->name, facts, true);
}

/* Another row is the first every time: the budget may not reach the last. */
bool session_ask_rows(struct session *s, const struct ui_state *ui, const struct frame *f,
		      struct names *names, struct cgroup_tree *groups)
{
	/* nobody is asked in an emergency: who reads may have to wait for memory */
	struct layout l = view_layout(ui, f, s->screen.back.rows, s->screen.back.cols);
	bool due = f->now_ns - s->facts_asked_ns >= (u64)FACTS_ASK_MS * NSEC_PER_MSEC;
	bool titles = f->now_ns - s->titles_asked_ns >= (u64)TITLES_ASK_MS * NSEC_PER_MSEC;
	u32 facts = ui_state_facts(ui), files = ui_state_group_files(ui);
	const struct task_row *r;
	bool unread = false;

	if (ui->emergency.on)
		return false;
	if (due) {
		s->facts_asked_ns = f->now_ns;
		s->asked_first++;
		names_facts_budget(names, FACTS_MS * (u64)NSEC_PER_MSEC);
	}
	if (titles)
		s->titles_asked_ns = f->now_ns;
	if (groups)
		cgroup_tree_want_none(groups);
	for (u32 i = 0; i < l.body_rows; i++) {
		r = processes_row(f, ui->top + (i + s->asked_first) % l.body_rows);
		if (!r)
			continue;
		if (r->t->group) {
			unread |= groups && cgroup_tree_want(groups, model_group(f->model, r)->node, files);
			continue;
		}
		if (titles)
			names_refresh(names, r->t);
		names_want_facts(names, r->t->name, facts, due);
	}
	ask_all(f->model, names, filter_facts(ui->spec.program) & FACT_OF_TASKS, due);
	names_send(names);
	return unread;
}

static void inspect_drop(struct inspect **i)
{
	inspect_close(*i);
	*i = NULL;
}

static bool is_read(const struct inspect *i)
{
	return !i || inspect_state(i) != INSPECT_READING;
}

/* The page about a process: its files are read again every now and then while
 * it is on the screen, beside what is shown. */
static void obey_detail(struct session *s, struct ui_state *ui)
{
	struct detail *d = &ui->detail;
	u64 now = clock_ns(CLOCK_MONOTONIC);
	bool due = ui->mode == MODE_DETAIL && !d->wish && !d->gone && !ui->paused && s->inspect &&
		   is_read(s->inspect) && is_read(s->coming) &&
		   now - s->detail_read_ns >= (u64)DETAIL_MS * NSEC_PER_MSEC;
	int err = 0;

	if (d->leave || d->wish)
		inspect_drop(&s->coming);
	if (d->leave)
		inspect_drop(&s->inspect);
	if (d->wish)
		err = inspect_open(&s->inspect, INSPECT_DETAIL, d->who);
	else if (due)
		err = inspect_open(&s->coming, INSPECT_DETAIL, d->who);
	if (d->wish || due)
		s->detail_read_ns = now;
	d->leave = d->wish = false;
	if (err)
		ui_state_say(ui, now, strerror(-err));
}

static void obey_inspect(struct session *s, struct ui_state *ui)
{
	struct inspect_view *v = &ui->inspect;
	int err = 0;

	if (v->leave) {
		inspect_drop(&s->inspect);
	} else if (v->wish) {
		err = inspect_open(&s->inspect, v->kind, v->who);
	}
	v->leave = v->wish = false;
	inspect_stop(s->inspect, v->stopped);
	if (!err)
		return;
	ui->mode = ui_state_home(ui);
	ui_state_say(ui, clock_ns(CLOCK_MONOTONIC), strerror(-err));
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* A sequence that got through in part is ended by the frame behind it, and that
 * has to be a whole one. */
static int obey_yank(struct session *s, struct ui_state *ui)
{
	static char room[CLIPBOARD_ROOM];
	struct bytes text = {(const u8 *)ui->yank.text, ui->yank.n};
	struct out o = {.buf = room, .cap = sizeof(room)};
	int err;

	if (!ui->yank.due)
		return 0;
	ui->yank.due = false;
	if (!s->term.sync) {
		ui_state_say(ui, clock_ns(CLOCK_MONOTONIC), "not copied: this terminal has no clipboard");
		return 0;
	}
	clipboard_put(&o, clipboard_via(environment("TERM"), environment("TMUX"), environment("STY")), text);
	err = term_write(o.buf, o.len, CLIPBOARD_MS);
	if (err != -EAGAIN)
		return err;
	s->screen.repaint = true;
	ui_state_say(ui, clock_ns(CLOCK_MONOTONIC), "not copied: the terminal is too slow for it");
	return 0;
}

static void obey_save(struct session *s, struct ui_state *ui)
{
	static struct settings now;
	char said[2048];
	struct out o = {.buf = said, .cap = sizeof(said) - 1};

	ui->save = false;
	ui_state_settings(ui, &now);
	(void)!config_save(s->config, &now, &o);
	said[o.len] = 0;
	ui_state_say(ui, clock_ns(CLOCK_MONOTONIC), said);
}

int session_obey(struct session *s, struct ui_state *ui)
{
	int err = obey_yank(s, ui);

	obey_inspect(s, ui);
	obey_detail(s, ui);
	if (ui->save)
		obey_save(s, ui);
	if (ui->suspend || s->stop) {
		term_suspend(&s->term, ui->suspend);
		ui->redraw_all = ui->resample = ui->forget = true;
		err = err ? err : fit(s);
	}
	if (ui->restyle)
		dress(s, &ui->settings);
	if (ui->settings.mouse != s->mouse)	/* changed: until then --no-mouse counts */
		term_mouse(s->mouse = ui->settings.mouse);
	s->screen.repaint |= ui->redraw_all || ui->restyle;
	ui->restyle = false;
	ui->suspend = s->stop = ui->redraw_all = false;
	return err;
}
