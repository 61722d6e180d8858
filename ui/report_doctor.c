/* ui/report_doctor.c - --doctor: a line for each fact and each source, and
 * below what is missing, what would bring it back.  Words are wrapped at 80
 * columns, the least that a console has. */
#include "ui/message.h"
#include "ui/report.h"

#include <stdlib.h>

enum {
	MARK = 6, WHAT = 18, INDENT = MARK + WHAT, COLS = 80,
	LINE_ROOM = 512,	/* a line of it, were every character four bytes long */
};

static const char *const mark[] = {
	[VERDICT_FACT] = "      ", [VERDICT_WORKS] = "works ", [VERDICT_MISSING] = "no    ",
};

/* How much of text fits into room columns, broken at a blank or behind a comma
 * if there is one. */
static size_t line_len(const char *text, size_t room)
{
	size_t len = strcspn(text, "\n"), at = room;

	if (len <= room)
		return len;
	while (at && text[at] != ' ' && text[at - 1] != ',')
		at--;
	return at ? at : room;
}

/* From the column INDENT on, with the two characters of prefix before each line
 * that the text itself has; first: the cursor is there already.  Paths of files
 * may be in it. */
static void put_wrapped(struct sink *s, const char *text, const char *prefix, bool first)
{
	size_t plen = strlen(prefix);
	bool whole = true;

	while (*text && sink_room(s, LINE_ROOM)) {
		size_t n = line_len(text, COLS - INDENT - plen);

		if (!first)
			out_pad(&s->out, ' ', INDENT);
		first = false;
		if (whole)
			out_str(&s->out, prefix);
		else
			out_pad(&s->out, ' ', plen);
		whole = text[n] == '\n';
		message_words(&s->out, (struct bytes){(const unsigned char *)text, n});
		out_char(&s->out, '\n');
		text += n;
		text += *text == ' ' || *text == '\n';
	}
}

static bool put_line(struct sink *s, const struct doctor_line *l)
{
	size_t n = strlen(l->what);

	if (!sink_room(s, LINE_ROOM))
		return false;
	out_str(&s->out, mark[l->verdict]);
	out_str(&s->out, l->what);
	out_pad(&s->out, ' ', n < WHAT ? WHAT - n : 1);
	put_wrapped(s, *l->text ? l->text : "-", "", true);
	put_wrapped(s, l->hint, "> ", false);
	put_wrapped(s, l->log, "| ", false);
	return !s->err;
}

static void put_sum(struct out *o, enum backend_id tasks)
{
	out_char(o, '\n');
	if (tasks == BACKEND_N) {
		out_lit(o, "There is no way to see the tasks of this machine.\n");
		return;
	}
	out_lit(o, "Tasks come from ");
	out_str(o, backend_name[tasks]);
	if (tasks == 0) {
		out_lit(o, ", the best way there is.\n");
		return;
	}
	out_lit(o, "; the best way, ");
	out_str(o, backend_name[0]);
	out_lit(o, ", does not run here.\n");
}

bool report_doctor(struct sink *s, const struct doctor *d)
{
	for (u32 i = 0; i < d->n; i++)
		if (!put_line(s, &d->line[i]))
			return false;
	if (!sink_room(s, LINE_ROOM))
		return false;
	put_sum(&s->out, d->tasks);
	return s->flush(s);
}

int doctor_run(struct sink *s)
{
	static struct doctor d;

	doctor_examine(&d);
	report_doctor(s, &d);
	return sink_status(s) || d.tasks ? EXIT_FAILURE : EXIT_SUCCESS;
}
