/* ui/columns_facts.c - columns of what is read only of rows on the screen. */
#include "ui/columns_impl.h"

static const struct facts *facts_of(const struct model *m, const struct task_row *r)
{
	return names_facts(m->names, r->t->name);
}

#define FACT(name, kind, fact, field) \
	NUMBER(, name, kind, facts_of(m, r)->have & (fact), facts_of(m, r)->field)

FACT(pss, NUMBER_BYTES, FACT_MEMORY, pss_bytes)
FACT(uss, NUMBER_BYTES, FACT_MEMORY, uss_bytes)
FACT(swap_pss, NUMBER_BYTES, FACT_MEMORY, swap_pss_bytes)
FACT(files, NUMBER_TALLY, FACT_FILES, files)
FACT(oom_score, NUMBER_COUNT, FACT_OOM, oom_score)
FACT(gpu_time, NUMBER_TIME, FACT_GPU, gpu_ns)
FACT(gpu, NUMBER_SHARE, FACT_GPU_RATE, gpu_ppm)
FACT(autogroup, NUMBER_COUNT, FACT_AUTOGROUP, autogroup)
FACT(autogroup_nice, NUMBER_NICE, FACT_AUTOGROUP, autogroup_nice)

FACT(pgrp, NUMBER_COUNT, FACT_STAT, pgrp)
FACT(session, NUMBER_COUNT, FACT_STAT, session)
NUMBER(, tpgid, NUMBER_COUNT, facts_of(m, r)->have & FACT_STAT && facts_of(m, r)->tpgid > 0,
       facts_of(m, r)->tpgid)
FACT(cminflt, NUMBER_TALLY, FACT_STAT, children_min_flt)
FACT(cmajflt, NUMBER_TALLY, FACT_STAT, children_maj_flt)
FACT(cutime, NUMBER_TIME, FACT_STAT, children_user_ns)
FACT(cstime, NUMBER_TIME, FACT_STAT, children_system_ns)
FACT(code, NUMBER_BYTES, FACT_SIZES, code_bytes)
FACT(data, NUMBER_BYTES, FACT_SIZES, data_bytes)
FACT(rchar, NUMBER_BYTES, FACT_CALLS, io[IO_RCHAR])
FACT(wchar, NUMBER_BYTES, FACT_CALLS, io[IO_WCHAR])
FACT(syscr, NUMBER_TALLY, FACT_CALLS, io[IO_SYSCR])
FACT(syscw, NUMBER_TALLY, FACT_CALLS, io[IO_SYSCW])
FACT(cnclwb, NUMBER_BYTES, FACT_CALLS, io[IO_CANCELLED])

/* ---- words ----------------------------------------------------------------- */

void word_draw(struct surface *s, const struct cell_context *c, struct bytes text)
{
	if (text.n)
		cell_text(s, c, text, STYLE_TEXT);
	else
		cell_text(s, c, BYTES_LIT("N/A"), STYLE_DIM);
}

bool word_json(struct sink *s, struct bytes text)
{
	if (text.n)
		sink_json_string(s, text);
	return text.n;
}

#define WORD(name)									\
	void draw_##name(struct surface *s, const struct cell_context *c,		\
			 const struct task_row *r)					\
	{										\
		word_draw(s, c, text_##name(c->model, r));				\
	}										\
	bool json_##name(struct sink *s, const struct model *m, const struct task_row *r)	\
	{										\
		return word_json(s, text_##name(m, r));					\
	}

/* The words of one fact. */
#define FACT_WORD(name, which)								\
	struct bytes text_##name(const struct model *m, const struct task_row *r)	\
	{										\
		return facts_of(m, r)->text[which];					\
	}										\
	WORD(name)

FACT_WORD(cwd, FACT_TEXT_CWD)
FACT_WORD(label, FACT_TEXT_LABEL)
FACT_WORD(wchan, FACT_TEXT_WCHAN)

struct bytes text_exe(const struct model *m, const struct task_row *r)
{
	return model_name(m, r)->exe;
}

/* The path without what the kernel puts behind that of a file that is gone
 * (d_path() of fs/d_path.c). */
bool exe_deleted(struct bytes *exe)
{
	static const char gone[] = " (deleted)";
	size_t n = sizeof(gone) - 1;

	if (exe->n <= n || memcmp(exe->p + exe->n - n, gone, n) != 0)
		return false;
	exe->n -= n;
	return true;
}

/* The file's name alone; red when the file is gone, as in htop. */
void draw_exe(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	struct bytes exe = text_exe(c->model, r);
	const unsigned char *slash;
	bool deleted;

	if (!exe.n) {
		word_draw(s, c, exe);
		return;
	}
	deleted = exe_deleted(&exe);
	slash = memrchr(exe.p, '/', exe.n);
	if (slash && slash + 1 < exe.p + exe.n) {
		exe.n -= (size_t)(slash + 1 - exe.p);
		exe.p = slash + 1;
	}
	cell_text(s, c, exe, deleted ? STYLE_DELETED : STYLE_TEXT);
}

bool json_exe(struct sink *s, const struct model *m, const struct task_row *r)
{
	return word_json(s, text_exe(m, r));
}
