/* ui/report_ask.c - what a report asks processes for. */
#include "ui/filter_columns.h"
#include "ui/report.h"

enum { FACTS_WAIT_MS = 20000 };		/* they cost, and somebody asked for them */

static void ask_listed(struct names *names, const struct report *r, struct order *order,
		       const struct order_spec *spec, u32 facts)
{
	order_build(order, r->model, spec, NULL, NULL);
	names_facts_budget(names, UINT64_MAX);
	for (u32 i = 0; i < order->n; i++)
		names_want_facts(names, r->model->row[order_line(order, i)->row].t->name, facts, true);
	names_send(names);
	names_wait(names, clock_ns(CLOCK_MONOTONIC) + (u64)FACTS_WAIT_MS * NSEC_PER_MSEC, true);
}

void report_ask(struct names *names, const struct report *r, struct order *order,
		const struct ui_state *ui, u32 facts)
{
	u32 filtered = filter_facts(ui->spec.program) & FACT_OF_TASKS;
	struct order_spec all = ui->spec;

	all.program = NULL;
	all.filter[0] = 0;
	if (filtered)
		ask_listed(names, r, order, &all, filtered);
	if (facts & ~filtered)
		ask_listed(names, r, order, &ui->spec, facts);
}
