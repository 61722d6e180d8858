/* main.c - options, sources, loop, restore: the only place where parts meet. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/measure.h"
#include "bench/profile.h"
#include "loader/diag.h"
#include "proc/init.h"
#include "proc/privilege.h"
#include "proc/ready.h"
#include "proc/sample.h"
#include "proc/startup.h"
#include "proc/users.h"
#include "ui/config_start.h"
#include "ui/message.h"
#include "ui/options.h"
#include "ui/session.h"
#include "ui/stop_run.h"

enum {
	EXIT_WRONG_USAGE = 2,
	MISSING_MAX = BACKEND_N + SRC_N + 4,	/* 3: about programs; 1: between walks */
	NAMES_WAIT_MS = 2000,		/* a report waits so long for names that are on their way */
	LOG_LINES = 3,			/* of a verifier's log that nobody asked for */
};

struct app {
	struct options opt;
	struct ui_state ui;
	struct sampler *sampler;
	struct model model;
	struct ready ready;	/* for an emergency */
	struct order order;
	struct report_host host;
	struct report_missing missing[MISSING_MAX];
	u32 page_size;
	struct sample_want more;	/* than what the state shows */
	u64 started_ns;
};

static struct app app;
static struct config_file config;
static struct session session;
static char text[1 << 16];

/* ---- sampling --------------------------------------------------------- */

/* What the model says next; 0 or -errno. */
static int refresh(void *arg)
{
	struct app *a = arg;
	struct sample_want want = {ui_state_needs(&a->ui) | a->more.sources, ui_state_extra(&a->ui) | a->more.extra,
				   a->ui.view == VIEW_PROGRAMS, a->ui.program.who.id, a->ui.view == VIEW_CGROUPS,
				   ui_state_group_files_of_all(&a->ui), a->more.fresh};
	const struct snapshot *cur;
	u64 sampled;
	int err;

	names_receive(sampler_names(a->sampler), clock_ns(CLOCK_MONOTONIC));
	session_keep(&a->ui, &a->model, sampler_names(a->sampler));
	err = sampler_sample(a->sampler, &want);
	cur = sampler_cur(a->sampler);
	sampled = clock_ns(CLOCK_MONOTONIC);
	err = err ? err : model_reserve_for(&a->model, cur);
	err = err ? err : order_reserve(&a->order, a->model.row_room);
	if (err)	/* in an emergency nothing ends for want of a sample */
		return a->ready.resident.on ? 0 : err;
	model_step(&a->model, sampler_prev(a->sampler), cur, a->page_size);
	a->model.self.model_us = (clock_ns(CLOCK_MONOTONIC) - sampled) / NSEC_PER_USEC;
	ready_step(&a->ready, a->ui.emergency.on, a->sampler, &a->model);
	names_send(sampler_names(a->sampler));
	return 0;
}

static void collect_missing(struct app *a, struct report *r)
{
	struct report_missing *m = a->missing;

	r->missing = m;
	while (m < a->missing + MISSING_MAX && sampler_missing(a->sampler, (u32)(m - a->missing), &m->source, &m->why))
		m++;
	r->nmissing = (u32)(m - a->missing);
}

/* ---- outputs ---------------------------------------------------------- */

static int run_reports(struct app *a)
{
	struct report r = {.model = &a->model, .host = &a->host, .order = &a->order, .spec = &a->ui.spec,
			   .columns = a->opt.columns_set || a->opt.settings ? &a->ui.columns : NULL,
			   .programs = &a->ui.programs.spec, .threads = a->opt.threads, .ascii = session.term.ascii};
	struct names *names = sampler_names(a->sampler);
	struct sink out = sink_to(STDOUT_FILENO, text, sizeof(text));
	u32 facts = a->opt.columns_set || columns[a->ui.sort].facts ? ui_state_facts(&a->ui) : 0;
	u64 next = clock_ns(CLOCK_MONOTONIC) + a->opt.delay_ns, began;
	int err = refresh(a);
	bool ok = true;

	sampler_watch_exits(a->sampler);
	if (sampler_notice(a->sampler) && !a->opt.json)
		complain("tasks", sampler_notice(a->sampler), NULL);
	for (u32 i = 0; !err && ok && (!a->opt.iterations || i < a->opt.iterations); i++) {
		names_wait(names, next, false);
		frames_begin(&a->model.self.frames, clock_ns(CLOCK_MONOTONIC), a->opt.delay_ns, false);
		err = refresh(a);
		if (err)
			break;
		names_wait(names, clock_ns(CLOCK_MONOTONIC) + (u64)NAMES_WAIT_MS * NSEC_PER_MSEC, true);
		report_ask(names, &r, &a->order, &a->ui, facts);
		began = clock_ns(CLOCK_MONOTONIC);
		collect_missing(a, &r);
		order_build(&a->order, &a->model, &a->ui.spec, NULL, NULL);
		ok = a->opt.output == OUTPUT_JSON ? report_json(&out, &r) : report_batch(&out, &r, 0);
		a->model.self.output_us = (clock_ns(CLOCK_MONOTONIC) - began) / NSEC_PER_USEC;
		next = frames_end(&a->model.self.frames, clock_ns(CLOCK_MONOTONIC), next + a->opt.delay_ns);
	}
	return err ? complain("tasks", strerror(-err), NULL) : sink_status(&out);
}

static struct frame make_frame(void *arg)
{
	struct app *a = arg;

	return (struct frame){.model = &a->model, .order = &a->order, .now_ns = clock_ns(CLOCK_MONOTONIC),
			      .backend = a->host.backend, .resident = &a->ready.resident,
			      .inspect = session.inspect, .notice = sampler_notice(a->sampler), .frame_us = a->model.self.output_us};
}

/* Puts the difference to the frame before into session.screen.out. */
static void draw(void *arg)
{
	struct app *a = arg;
	struct frame f = make_frame(a);

	session_draw(&session, &a->ui, &f);
	a->model.self.output_us = (clock_ns(CLOCK_MONOTONIC) - f.now_ns) / NSEC_PER_USEC;
	a->ui.resample |= session_ask_rows(&session, &a->ui, &f, sampler_names(a->sampler), sampler_groups(a->sampler));
}

/* Names that are still on their way are no part of a refresh. */
static void settle(void *arg)
{
	struct app *a = arg;

	names_wait(sampler_names(a->sampler), clock_ns(CLOCK_MONOTONIC) + (u64)NAMES_WAIT_MS * NSEC_PER_MSEC, true);
	sampler_watch_exits(a->sampler);
}

static int run_measured(struct app *a)
{
	struct measured m = {a, refresh, make_frame, draw, settle, &a->ui, &session.screen.out, &a->model,
			     sampler_names(a->sampler), a->started_ns};
	struct sink out = sink_to(STDOUT_FILENO, text, sizeof(text));
	int err = a->opt.output == OUTPUT_BENCH ? bench_run(&m, &session.screen, &a->opt, &a->host, &out)
						: profile_run(&m, &a->opt, &out);

	return err ? complain("samples", strerror(-err), NULL) : sink_status(&out);
}

/* ---- screen ----------------------------------------------------------- */

static int screen_loop(struct app *a)
{
	struct names *names = sampler_names(a->sampler);
	u32 samples = 0, news = SESSION_DRAW;
	u64 next = 0;
	int err = 0;

	while (!err && !a->ui.quit && !session.signo) {
		if (a->ui.resample || clock_ns(CLOCK_MONOTONIC) >= next) {
			if (a->opt.iterations && samples++ == a->opt.iterations)
				break;
			if (a->ui.forget)
				sampler_forget(a->sampler);
			next = frames_begin(&a->model.self.frames, clock_ns(CLOCK_MONOTONIC),
					    ui_state_delay(&a->ui), a->ui.forget);
			a->ui.resample = a->ui.forget = false;
			err = refresh(a);
			news = SESSION_DRAW;
		}
		if (!err && news & SESSION_DRAW) {
			draw(a);
			err = session_write(&session);
			next = frames_end(&a->model.self.frames, clock_ns(CLOCK_MONOTONIC), next);
			sampler_watch_exits(a->sampler);
		}
		if (err)
			break;
		struct frame f = make_frame(a);
		news = session_wait(&session, &a->ui, &f, names_fd(names), MIN(next, names_deadline(names)));
		if (news & SESSION_OTHER || clock_ns(CLOCK_MONOTONIC) >= names_deadline(names))
			news |= names_receive(names, clock_ns(CLOCK_MONOTONIC)) ? SESSION_DRAW : 0;
		news |= a->ui.suspend || a->ui.redraw_all ? SESSION_DRAW : 0;
		err = session_obey(&session, &a->ui);
	}
	return err;
}

static int run_screen(struct app *a)
{
	int err = session_open(&session, &config, &a->ui.settings);

	a->model.programs.keep = true;
	a->ui.views |= privilege_has(PRIVILEGE_LOAD) ? 1u << VIEW_PROGRAMS : 0;
	/* only now: the terminal may belong to another user */
	privilege_drop(PRIVILEGE_READ | PRIVILEGE_LOAD | PRIVILEGE_EMERGENCY | (a->ui.read_only ? 0 : PRIVILEGE_ACTS) |
		       (a->ui.views & 1u << VIEW_PROGRAMS ? PRIVILEGE_PROGRAMS : 0));
	if (!err)
		err = screen_loop(a);
	session_end(&session);
	if (err && err != -EIO && err != -EPIPE)	/* those: the terminal is gone */
		return complain("screen", strerror(-err), NULL);
	return a->ui.interrupt ? 128 + SIGINT : config_finish(&config, &a->ui);
}

/* ---- start ------------------------------------------------------------ */

static int start(struct app *a)
{
	struct sampler_options so = {a->opt.backend, NAMES_CMDLINE | NAMES_COMM, a->opt.walk_ppm, ui_state_extra(&a->ui)};
	struct diag why;

	a->more.fresh = a->opt.output != OUTPUT_SCREEN && a->opt.output != OUTPUT_BENCH;
	if (a->opt.output == OUTPUT_JSON) {
		a->more.sources = SRC_BIT(SRC_VMSTAT) | SRC_BIT(SRC_PRESSURE) | SRC_BIT(SRC_ZRAM);
		a->more.extra = a->opt.columns_set ? TASK_EXTRA_FROZEN : TASK_EXTRA_CHEAP;
	}
	so.extra |= a->more.extra;
	if (a->opt.output == OUTPUT_JSON || a->opt.columns_set || settings_show(&a->ui.settings, COL_EXE))
		so.names |= NAMES_EXE;
	if (sampler_open(&a->sampler, &so, &why)) {
		complain(a->opt.backend == BACKEND_N ? "tasks" : "--backend",
			 *why.what ? why.what : strerror(why.err), why.hint);
		complain_lines(diag_last_lines(&why, a->opt.verbose ? 0 : LOG_LINES));
		return EXIT_FAILURE;
	}
	if (a->opt.view == VIEW_PROGRAMS && sampler_open_programs(a->sampler, &why))
		return complain("programs", why.what, why.hint);
	a->page_size = page_size();
	a->model.names = sampler_names(a->sampler);
	a->model.cgroups = sampler_cgroups(a->sampler);
	session_detect(&session, &a->opt, &a->ui);
	report_host_read(&a->host, sampler_backend(a->sampler));
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static int (*const run[])(struct app *) = {
		[OUTPUT_SCREEN] = run_screen, [OUTPUT_BATCH] = run_reports,
		[OUTPUT_JSON] = run_reports, [OUTPUT_BENCH] = run_measured, [OUTPUT_PROFILE] = run_measured,
	};
	struct sink out = sink_to(STDOUT_FILENO, text, sizeof(text));
	struct app *a = &app;
	int status;

	argc = init_become(argc, argv);
	startup_fds();
	a->started_ns = clock_ns(CLOCK_MONOTONIC);
	signal(SIGPIPE, SIG_IGN);
	(void)!users_load();	/* without it every user is a number */
	switch (options_parse(&a->opt, argc, argv, &out.out)) {
	case OPTIONS_DONE:
		sink_flush_fd(&out);
		return sink_status(&out);
	case OPTIONS_WRONG:
		(void)!write(STDERR_FILENO, out.out.buf, out.out.len);
		return EXIT_WRONG_USAGE;
	case OPTIONS_RUN:
		break;
	}
	diag_log_to(a->opt.verbose ? complain_log : NULL);
	if (a->opt.output == OUTPUT_SCREEN && !term_usable())
		a->opt.output = OUTPUT_BATCH;
	if (!config_start(&config, &a->opt, &a->ui))
		return EXIT_WRONG_USAGE;
	if (a->opt.generate_config)
		return config_print(&out);
	if (a->opt.output == OUTPUT_DOCTOR || a->opt.output == OUTPUT_STOP)
		return a->opt.output == OUTPUT_STOP ? stop_run(&a->opt, &out) : doctor_run(&out);
	status = start(a);
	if (a->opt.output != OUTPUT_SCREEN)
		privilege_drop(PRIVILEGE_READ | PRIVILEGE_LOAD |
			       (a->opt.view == VIEW_PROGRAMS ? PRIVILEGE_PROGRAMS : 0));
	if (!status)
		status = run[a->opt.output](a);
	sampler_close(a->sampler);
	return status;
}
