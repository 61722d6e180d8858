/* ui/report_doctor.c - --doctor: a line for each fact and each source, and
 * below what is missing, what would bring it back. */
#include "ui/report.h"

static const char *const mark[] = {
	[VERDICT_FACT] = "      ", [VERDICT_WORKS] = "works ", [VERDICT_MISSING] = "no    ",
};

bool report_doctor(struct sink *s, const struct doctor *d)
{
	enum { WHAT = 18 };

	for (u32 i = 0; i < d->n; i++) {
		const struct doctor_line *l = &d->line[i];

		if (!sink_room(s, sizeof(*l) + 2 * WHAT))
			return false;
		out_str(&s->out, mark[l->verdict]);
		out_str(&s->out, l->what);
		out_pad(&s->out, ' ', strlen(l->what) < WHAT ? WHAT - strlen(l->what) : 1);
		out_str(&s->out, l->text);
		out_char(&s->out, '\n');
		if (!*l->hint)
			continue;
		out_pad(&s->out, ' ', strlen(mark[0]) + WHAT);
		out_str(&s->out, l->hint);
		out_char(&s->out, '\n');
	}
	return s->flush(s);
}
