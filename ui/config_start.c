/* ui/config_start.c - the configuration at the start and at the end. */
#include "ui/config_start.h"
#include "ui/htoprc.h"
#include "ui/message.h"

#include <stdlib.h>
#include <unistd.h>

static struct config_log config_log;
static struct settings settings;

static void report(struct ui_state *ui)
{
	struct config_log *log = &config_log;

	if (!log->lines)
		return;
	(void)!write(STDERR_FILENO, log->text, log->out.len);
	if (log->out.full)
		complain("configuration", "there is more like this", NULL);
	ui_state_say(ui, clock_ns(CLOCK_MONOTONIC), log->first);
}

bool config_start(struct config_file *f, struct options *o, struct ui_state *ui)
{
	static struct ui_state base;	/* before the import: that can be saved */
	struct settings *s = &settings;
	bool ok;

	config_log_init(&config_log);
	settings_init(s);
	ok = o->generate_config || config_load(f, s, o->config, &config_log);
	o->settings = s;
	ui_state_init(&base, o, geteuid());
	ui_state_settings(&base, &f->base);
	ok = ok && (!o->import_htoprc || htoprc_load(s, o->htoprc, &config_log));
	o->delay_ns = o->delay_set ? o->delay_ns : s->delay_ns;
	if (!o->generate_config && (o->output == OUTPUT_JSON || o->output == OUTPUT_BENCH))
		o->settings = NULL;
	ui_state_init(ui, o, geteuid());
	report(ui);
	return ok;
}

int config_print(struct sink *out)
{
	config_write(&out->out, &settings);
	sink_flush_fd(out);
	return sink_status(out);
}

int config_finish(struct config_file *f, const struct ui_state *ui)
{
	struct settings *now = &settings;
	char said[2048];
	struct out o = {.buf = said, .cap = sizeof(said) - 1};

	if (!ui->settings.save_on_exit)
		return EXIT_SUCCESS;
	ui_state_settings(ui, now);
	if (config_save(f, now, &o))
		return EXIT_SUCCESS;
	said[o.len] = 0;
	return complain("settings", said, NULL);
}
