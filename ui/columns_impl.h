/* ui/columns_impl.h - what the rows of the table of columns are made of. */
#ifndef UI_COLUMNS_IMPL_H
#define UI_COLUMNS_IMPL_H

#include "ui/columns_draw.h"
#include "ui/json.h"

/* How a number sorts, looks and is written. */
enum number_kind {
	NUMBER_COUNT, NUMBER_TALLY, NUMBER_BYTES, NUMBER_RATE, NUMBER_TIME, NUMBER_SHARE,
	NUMBER_START, NUMBER_SIGNED, NUMBER_PRIORITY, NUMBER_NICE, NUMBER_KINDS
};

/* The number of a row; false when it is unknown.  Signed ones as (u64)(s64). */
typedef bool number_get_fn(const struct model *m, const struct task_row *r, u64 *v);

u64 number_key(const struct model *m, const struct task_row *r, number_get_fn *get,
	       enum number_kind kind);
void number_draw(struct surface *s, const struct cell_context *c, const struct task_row *r,
		 number_get_fn *get, enum number_kind kind);
bool number_json(struct sink *s, const struct model *m, const struct task_row *r,
		 number_get_fn *get, enum number_kind kind);

/* The words of a row; none when they are unknown. */
void word_draw(struct surface *s, const struct cell_context *c, struct bytes text);
bool word_json(struct sink *s, struct bytes text);

/* The three faces of a column, for its row in the table. */
#define DECLARE_NUMBER(name)								\
	u64 key_##name(const struct model *m, const struct task_row *r);		\
	DECLARE_FACES(name)
#define DECLARE_WORD(name)								\
	struct bytes text_##name(const struct model *m, const struct task_row *r);	\
	DECLARE_FACES(name)
#define DECLARE_FACES(name)								\
	void draw_##name(struct surface *s, const struct cell_context *c, const struct task_row *r);	\
	bool json_##name(struct sink *s, const struct model *m, const struct task_row *r);

/* ui/columns_facts.c */
DECLARE_NUMBER(pss)
DECLARE_NUMBER(uss)
DECLARE_NUMBER(swap_pss)
DECLARE_NUMBER(files)
DECLARE_NUMBER(oom_score)
DECLARE_NUMBER(gpu_time)
DECLARE_NUMBER(gpu)
DECLARE_NUMBER(autogroup)
DECLARE_NUMBER(autogroup_nice)
DECLARE_NUMBER(pgrp)
DECLARE_NUMBER(session)
DECLARE_NUMBER(tpgid)
DECLARE_NUMBER(cminflt)
DECLARE_NUMBER(cmajflt)
DECLARE_NUMBER(cutime)
DECLARE_NUMBER(cstime)
DECLARE_NUMBER(code)
DECLARE_NUMBER(data)
DECLARE_NUMBER(rchar)
DECLARE_NUMBER(wchar)
DECLARE_NUMBER(syscr)
DECLARE_NUMBER(syscw)
DECLARE_NUMBER(cnclwb)
DECLARE_WORD(exe)
DECLARE_WORD(cwd)
DECLARE_WORD(label)
DECLARE_WORD(wchan)

/* ui/columns_graph.c */
DECLARE_FACES(cpu_history)
DECLARE_FACES(rss_history)

/* ui/columns_growth.c */
DECLARE_NUMBER(growth)
DECLARE_NUMBER(group_growth)

/* known and value are expressions over m (the model), r (the row), t (its task). */
#define NUMBER(linkage, name, kind, known, value)						\
	static bool get_##name(const struct model *m, const struct task_row *r, u64 *v)	\
	{										\
		const struct task *t = r->t;						\
											\
		(void)m;								\
		(void)t;								\
		if (!(known))								\
			return false;							\
		*v = (u64)(s64)(value);							\
		return true;								\
	}										\
	linkage u64 key_##name(const struct model *m, const struct task_row *r)		\
	{										\
		return number_key(m, r, get_##name, kind);				\
	}										\
	linkage void draw_##name(struct surface *s, const struct cell_context *c,	\
				 const struct task_row *r)				\
	{										\
		number_draw(s, c, r, get_##name, kind);					\
	}										\
	linkage bool json_##name(struct sink *s, const struct model *m,			\
				 const struct task_row *r)				\
	{										\
		return number_json(s, m, r, get_##name, kind);				\
	}

#endif
