/* ui/columns_cgroup.c - see ui/columns_cgroup.h. */
#include "proc/cgroup_tree.h"
#include "ui/columns_cgroup.h"
#include "ui/columns_draw.h"
#include "ui/json.h"

enum { SHORT_ID = 12 };		/* as docker ps shows them */

static void draw_words(struct surface *s, const struct cell_context *c, struct bytes text)
{
	if (text.n)
		cell_text(s, c, text, STYLE_TEXT);
	else
		cell_text(s, c, BYTES_LIT("-"), STYLE_DIM);
}

static bool put_words(struct sink *s, struct bytes text)
{
	if (text.n)
		sink_json_string(s, text);
	return text.n;
}

/* A string of the row's cgroup g: cell, JSON value and what it sorts by. */
#define WORDS(name, value)								\
	struct bytes text_##name(const struct model *m, const struct task_row *r)	\
	{										\
		const struct cgroup *g = model_cgroup(m, r);				\
											\
		return value;								\
	}										\
	void draw_##name(struct surface *s, const struct cell_context *c, const struct task_row *r) \
	{										\
		draw_words(s, c, text_##name(c->model, r));				\
	}

#define WORDS_JSON(name)								\
	bool json_##name(struct sink *s, const struct model *m, const struct task_row *r) \
	{										\
		return put_words(s, text_##name(m, r));					\
	}

static struct bytes container_words(const struct cgroup *g)
{
	return g->name.n ? g->name : (struct bytes){g->container.p, MIN(g->container.n, (size_t)SHORT_ID)};
}

WORDS(cgroup, g->path)
WORDS_JSON(cgroup)
WORDS(ccgroup, g->compressed)
WORDS_JSON(ccgroup)
WORDS(unit, g->unit)
WORDS_JSON(unit)
WORDS(container, container_words(g))

bool json_container(struct sink *s, const struct model *m, const struct task_row *r)
{
	const struct cgroup *g = model_cgroup(m, r);
	struct json j = {.sink = s};

	if (!g->runtime)
		return false;
	json_open(&j, NULL, '{');
	json_str(&j, "runtime", runtime_name[g->runtime]);
	json_bytes(&j, "id", g->container);
	if (g->name.n)
		json_bytes(&j, "name", g->name);
	json_close(&j, '}');
	return true;
}

/* Whether that is known. */
static bool frozen_of(const struct model *m, const struct task_row *r, bool *is)
{
	const struct cgroup_reading *now = r->t->group ? &model_group(m, r)->node->now : NULL;

	*is = now ? now->value[CGV_FROZEN] : r->t->frozen;
	return now ? now->have >> CGV_FROZEN & 1 : r->t->have & TASK_HAVE_FROZEN;
}

u64 key_frozen(const struct model *m, const struct task_row *r)
{
	bool is;

	return frozen_of(m, r, &is) ? 1u + !is : 3;
}

void draw_frozen(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	bool is;

	if (!frozen_of(c->model, r, &is))
		cell_text(s, c, BYTES_LIT("-"), STYLE_DIM);
	else if (is)
		cell_text(s, c, BYTES_LIT("frozen"), STYLE_FROZEN);
	else
		cell_text(s, c, BYTES_LIT("no"), STYLE_DIM);
}

bool json_frozen(struct sink *s, const struct model *m, const struct task_row *r)
{
	bool is;

	if (!frozen_of(m, r, &is))
		return false;
	sink_str(s, is ? "true" : "false");
	return true;
}

u64 key_in_container(const struct model *m, const struct task_row *r)
{
	return model_contained(m, r);
}

void draw_in_container(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	if (model_contained(c->model, r))
		cell_text(s, c, BYTES_LIT("yes"), STYLE_TEXT);
	else
		cell_text(s, c, BYTES_LIT("no"), STYLE_DIM);
}

bool json_in_container(struct sink *s, const struct model *m, const struct task_row *r)
{
	if (!model_cgroup(m, r)->path.n)
		return false;
	sink_str(s, model_contained(m, r) ? "true" : "false");
	return true;
}
