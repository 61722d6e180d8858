/* ui/columns_sched.c - see ui/columns_sched.h. */
#include "ui/columns_sched.h"
#include "ui/columns_draw.h"
#include "ui/sched_names.h"

enum { NICE_LEAST = -20, NICE_STEPS = 5 };	/* a level of BE: task_nice_ioprio(), linux/ioprio.h */

struct bytes text_policy(const struct model *m, const struct task_row *r)
{
	const char *name = r->t->have & TASK_HAVE_POLICY ? policy_name(r->t->policy) : "";

	(void)m;
	return (struct bytes){(const unsigned char *)name, strlen(name)};
}

void draw_policy(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	struct bytes name = text_policy(c->model, r);

	if (!name.n)
		cell_text(s, c, BYTES_LIT("-"), STYLE_DIM);
	else
		cell_text(s, c, name, r->t->policy == POLICY_OTHER ? STYLE_DIM : STYLE_TEXT);
}

bool json_policy(struct sink *s, const struct model *m, const struct task_row *r)
{
	struct bytes name = text_policy(m, r);

	if (name.n)
		sink_json_string(s, name);
	return name.n;
}

/* What the kernel goes by where nothing was set: task_nice_ioclass() and
 * task_nice_ioprio() of include/linux/ioprio.h. */
static u32 in_force(const struct task *t)
{
	u32 io = t->io_priority;

	if (io >> IO_CLASS_SHIFT != IO_CLASS_NONE)
		return io;
	if (t->policy == POLICY_IDLE)
		return IO_CLASS_IDLE << IO_CLASS_SHIFT;
	return (t->policy == POLICY_FIFO || t->policy == POLICY_RR ? IO_CLASS_RT : IO_CLASS_BE) << IO_CLASS_SHIFT |
	       (u32)(t->nice - NICE_LEAST) / NICE_STEPS;
}

u64 key_io_priority(const struct model *m, const struct task_row *r)
{
	(void)m;
	return r->t->have & TASK_HAVE_IO_PRIORITY ? in_force(r->t) : 0;
}

void draw_io_priority(struct surface *s, const struct cell_context *c, const struct task_row *r)
{
	static const char letter[] = "?RBi";
	u32 io = in_force(r->t), class = io >> IO_CLASS_SHIFT;
	char text[2] = {class < sizeof(letter) - 1 ? letter[class] : '?',
			class == IO_CLASS_IDLE ? 'd' : (char)('0' + (io & (IO_LEVELS - 1)))};

	if (!(r->t->have & TASK_HAVE_IO_PRIORITY))
		cell_text(s, c, BYTES_LIT("-"), STYLE_DIM);
	else
		cell_text(s, c, (struct bytes){(const unsigned char *)text, sizeof(text)},
			  io == r->t->io_priority ? STYLE_TEXT : STYLE_DIM);
}

bool json_io_priority(struct sink *s, const struct model *m, const struct task_row *r)
{
	char text[16];
	struct out o = {.buf = text, .cap = sizeof(text)};

	(void)m;
	if (!(r->t->have & TASK_HAVE_IO_PRIORITY))
		return false;
	io_priority_write(&o, r->t->io_priority);
	sink_json_string(s, (struct bytes){(const unsigned char *)text, o.len});
	return true;
}
