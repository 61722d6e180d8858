/* ui/report_json.c - one sample as one line of JSON, schema 1.
 *
 * The order of fields is the schema's.  What is unknown is left out. */
#include "ui/json.h"
#include "ui/report.h"

#include <sys/utsname.h>

enum { SCHEMA = 1 };

void report_host_read(struct report_host *h, const char *backend)
{
	struct utsname u;

	*h = (struct report_host){.backend = backend};
	if (uname(&u))
		return;
	memcpy(h->name, u.nodename, sizeof(h->name));
	memcpy(h->kernel, u.release, sizeof(h->kernel));
	memcpy(h->arch, u.machine, sizeof(h->arch));
}

static bool has(const struct model *m, enum source source)
{
	return m->have & SRC_BIT(source);
}

/* Of a model made without samples there is no record of them. */
static bool has_exited(const struct model *m)
{
	return has(m, SRC_EXITED) && m->exited;
}

static struct bytes text_of_comm(const char comm[TASK_COMM])
{
	return (struct bytes){(const unsigned char *)comm, strnlen(comm, TASK_COMM)};
}

static void put_host(struct json *j, const struct report *r)
{
	const struct report_host *h = r->host;
	const struct model *m = r->model;

	json_open(j, "host", '{');
	json_str(j, "name", h->name);
	json_str(j, "kernel", h->kernel);
	json_str(j, "arch", h->arch);
	if (m->ncpu_online)
		json_u64(j, "cpus", m->ncpu_online);
	if (m->boot_time_ns)
		json_fixed(j, "boot_time", m->boot_time_ns / (10 * NSEC_PER_MSEC), 2);
	json_fixed(j, "uptime", m->boot_ns / (10 * NSEC_PER_MSEC), 2);
	json_close(j, '}');
}

static void put_backend(struct json *j, const struct report *r)
{
	json_open(j, "backend", '{');
	json_str(j, "tasks", r->host->backend);
	json_u64(j, "lost", r->model->tasks_lost);
	if (has_exited(r->model))
		json_u64(j, "exited_lost", exited_lost(r->model->exited));
	json_open(j, "missing", '[');
	for (u32 i = 0; i < r->nmissing; i++) {
		json_open(j, NULL, '{');
		json_str(j, "source", r->missing[i].source);
		json_str(j, "why", r->missing[i].why);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

/* Of --ludicrous; in the line that is written, this one is not counted yet. */
static void put_frames(struct json *j, const struct self_model *self)
{
	const struct frames *f = &self->frames;

	if (!f->on)
		return;
	json_u64(j, "walks", self->walks);
	json_u64(j, "partial", self->partial);
	json_u64(j, "frames", f->shown);
	json_u64(j, "frames_missed", f->missed);
	if (f->shown + f->missed) {
		json_u64(j, "frame_p50_us", frames_percentile_us(f, 50));
		json_u64(j, "frame_p99_us", frames_percentile_us(f, 99));
	}
}

static void put_self(struct json *j, const struct self_model *self)
{
	json_open(j, "self", '{');
	json_u64(j, "collect_us", self->collect_us);
	json_u64(j, "model_us", self->model_us);
	json_u64(j, "output_us", self->output_us);
	json_u64(j, "syscalls", self->syscalls);
	put_frames(j, self);
	if (self->cpu_known)
		json_percent(j, "cpu_percent", self->cpu_ppm);
	if (self->rss_bytes)
		json_u64(j, "rss_bytes", self->rss_bytes);
	json_close(j, '}');
}

static void put_shares(struct json *j, const struct cpu_model *cpu)
{
	static const char *const name[CPU_SHARES] = {
		[SHARE_USER] = "user", [SHARE_NICE] = "nice", [SHARE_SYSTEM] = "system",
		[SHARE_IOWAIT] = "iowait", [SHARE_IRQ] = "irq", [SHARE_SOFTIRQ] = "softirq",
		[SHARE_STEAL] = "steal", [SHARE_GUEST] = "guest", [SHARE_IDLE] = "idle",
	};

	if (!cpu->known)
		return;
	json_open(j, "percent", '{');
	for (u32 i = 0; i < CPU_SHARES; i++)
		json_percent(j, name[i], cpu->ppm[i]);
	json_close(j, '}');
}

static void put_cpu(struct json *j, const struct model *m)
{
	if (!has(m, SRC_STAT))
		return;
	json_open(j, "cpu", '{');
	put_shares(j, &m->cpu_total);
	json_open(j, "per_cpu", '[');
	for (u32 i = 0; i < m->ncpu; i++) {
		if (!m->cpu[i].online)
			continue;
		json_open(j, NULL, '{');
		json_u64(j, "cpu", i);
		put_shares(j, &m->cpu[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void put_load(struct json *j, const struct model *m)
{
	if (!has(m, SRC_LOADAVG))
		return;
	json_open(j, "load", '[');
	for (u32 i = 0; i < ARRAY_LEN(m->loadavg.load_centi); i++)
		json_fixed(j, NULL, m->loadavg.load_centi[i], 2);
	json_close(j, ']');
}

static void put_tasks(struct json *j, const struct model *m)
{
	const struct task_totals *t = &m->totals;

	if (!has(m, SRC_TASKS))
		return;
	json_open(j, "tasks", '{');
	json_u64(j, "processes", t->processes);
	json_u64(j, "threads", t->threads);
	json_u64(j, "kernel_threads", t->kernel_threads);
	json_u64(j, "running", t->states.running);
	if (t->states.known)
		json_u64(j, "uninterruptible", t->states.uninterruptible);
	json_u64(j, "zombie", t->states.zombie);
	json_u64(j, "stopped", t->states.stopped);
	if (t->states.frozen_known)
		json_u64(j, "frozen", t->states.frozen);
	json_close(j, '}');
}

static void put_memory(struct json *j, const struct memory_model *mem)
{
	if (!mem->known)
		return;
	json_open(j, "memory", '{');
	json_u64(j, "total_bytes", mem->total);
	json_u64(j, "used_bytes", mem->used);
	json_u64(j, "available_bytes", mem->available);
	json_u64(j, "free_bytes", mem->free);
	json_u64(j, "buffers_bytes", mem->buffers);
	json_u64(j, "cached_bytes", mem->cached);
	json_u64(j, "shmem_bytes", mem->shmem);
	if (mem->zram_known) {
		json_open(j, "zram", '{');
		json_u64(j, "original_bytes", mem->zram.original);
		json_u64(j, "compressed_bytes", mem->zram.compressed);
		json_u64(j, "used_bytes", mem->zram.used);
		json_close(j, '}');
	}
	json_close(j, '}');
	json_open(j, "swap", '{');
	json_u64(j, "total_bytes", mem->swap_total);
	json_u64(j, "used_bytes", mem->swap_used);
	if (mem->swap_rates_known) {
		json_u64(j, "in_bytes_per_s", mem->swap_in_per_s);
		json_u64(j, "out_bytes_per_s", mem->swap_out_per_s);
	}
	json_close(j, '}');
}

static void put_pressure_line(struct json *j, const char *name, const struct pressure_line *l)
{
	if (!l->present)
		return;
	json_open(j, name, '{');
	json_fixed(j, "avg10", l->avg_centi[0], 2);
	json_fixed(j, "avg60", l->avg_centi[1], 2);
	json_fixed(j, "avg300", l->avg_centi[2], 2);
	json_u64(j, "total_us", l->total_us);
	json_close(j, '}');
}

void report_json_pressure(struct json *j, const struct pressure_raw pressure[static PRESSURE_KINDS], u32 kinds)
{
	static const char *const name[PRESSURE_KINDS] = {
		[PRESSURE_CPU] = "cpu", [PRESSURE_MEMORY] = "memory", [PRESSURE_IO] = "io",
	};

	json_open(j, "pressure", '{');
	for (u32 i = 0; i < PRESSURE_KINDS; i++) {
		const struct pressure_raw *p = &pressure[i];

		if (!(kinds >> i & 1) || (!p->some.present && !p->full.present))
			continue;
		json_open(j, name[i], '{');
		put_pressure_line(j, "some", &p->some);
		put_pressure_line(j, "full", &p->full);
		json_close(j, '}');
	}
	json_close(j, '}');
}

/* One column of one process.  The key is taken back when the value turns out
 * to be unknown: it still stands in the buffer, as there was room for it. */
void report_json_field(struct json *j, enum column_id id, const struct model *m, const struct task_row *row)
{
	struct json before = *j;
	size_t mark;

	if (!sink_room(j->sink, JSON_KEY_BYTES))
		return;
	mark = j->sink->out.len;
	json_key(j, columns[id].name);
	if (columns[id].json(j->sink, m, row))
		return;
	j->sink->out.len = mark;
	*j = before;
}

static void put_process(struct json *j, const struct report *r, const struct task_row *row)
{
	json_open(j, NULL, '{');
	if (r->columns) {
		for (u32 i = 0; i < r->columns->n; i++)
			report_json_field(j, (enum column_id)r->columns->id[i], r->model, row);
	} else {
		for (u32 i = 0; i < COL_N; i++)
			if (columns[i].in_json)
				report_json_field(j, (enum column_id)i, r->model, row);
	}
	json_close(j, '}');
}

static void put_processes(struct json *j, const struct report *r)
{
	json_open(j, "processes", '[');
	for (u32 i = 0; i < r->order->n && !j->sink->err; i++) {
		const struct task_row *row = &r->model->row[order_line(r->order, i)->row];

		if (!row->t->thread && !order_line(r->order, i)->context)
			put_process(j, r, row);
	}
	json_close(j, ']');
}

/* A process stands for its main thread, whose own share of the times it has. */
static void put_thread(struct json *j, const struct model *m, const struct task_row *row)
{
	const struct task *t = row->t;
	bool has_time = t->thread || t->have & TASK_HAVE_OWN;
	bool has_cpu = row->have & (t->thread ? ROW_HAVE_CPU : ROW_HAVE_OWN);

	json_open(j, NULL, '{');
	json_u64(j, "tid", t->pid);
	json_u64(j, "pid", t->tgid);
	report_json_field(j, COL_COMM, m, row);
	report_json_field(j, COL_STATE, m, row);
	if (has_cpu)
		json_percent(j, "cpu_percent", t->thread ? row->cpu_ppm : row->own_cpu_ppm);
	if (has_time)
		json_u64(j, "cpu_time_ns", t->thread ? t->runtime_ns : t->own_runtime_ns);
	report_json_field(j, COL_LAST_CPU, m, row);
	json_close(j, '}');
}

static void put_threads(struct json *j, const struct report *r)
{
	json_open(j, "threads", '[');
	for (u32 i = 0; i < r->order->n && !j->sink->err; i++)
		if (!order_line(r->order, i)->context)
			put_thread(j, r->model, &r->model->row[order_line(r->order, i)->row]);
	json_close(j, ']');
}

static void put_exited_group(struct json *j, const struct report *r, const struct exited_group *g)
{
	u32 at = g->first, pid;

	json_open(j, NULL, '{');
	if (!g->rest) {
		json_bytes(j, "comm", text_of_comm(g->comm));
		json_u64(j, "ppid", g->ppid);
		json_bytes(j, "parent_comm", text_of_comm(g->parent_comm));
		json_u64(j, "uid", g->uid);
	}
	json_u64(j, "count", g->count);
	json_u64(j, "failed", g->failed);
	json_u64(j, "cpu_time_ns", g->cpu_ns);
	if (!g->rest) {
		json_open(j, "pids", '[');
		while ((pid = exited_pid(r->model->exited, &at)))
			json_u64(j, NULL, pid);
		json_close(j, ']');
	}
	json_close(j, '}');
}

static void put_exited(struct json *j, const struct report *r)
{
	const struct exited_group *g;
	u32 n;

	if (!has_exited(r->model))
		return;
	json_open(j, "exited", '[');
	g = exited_groups(r->model->exited, &n);
	for (u32 i = 0; i < n && !j->sink->err; i++)
		put_exited_group(j, r, &g[i]);
	json_close(j, ']');
}

bool report_json(struct sink *s, const struct report *r)
{
	const struct model *m = r->model;
	struct json j = {.sink = s};

	json_open(&j, NULL, '{');
	json_u64(&j, "schema", SCHEMA);
	json_fixed(&j, "time", m->real_ns / NSEC_PER_MSEC, 3);
	json_fixed(&j, "interval", m->window_ns / NSEC_PER_MSEC, 3);
	put_host(&j, r);
	put_backend(&j, r);
	put_self(&j, &m->self);
	put_cpu(&j, m);
	put_load(&j, m);
	put_tasks(&j, m);
	put_memory(&j, &m->memory);
	if (has(m, SRC_PRESSURE))
		report_json_pressure(&j, m->pressure, UINT32_MAX);
	put_processes(&j, r);
	if (r->threads)
		put_threads(&j, r);
	put_exited(&j, r);
	report_json_groups(&j, r);
	report_json_programs(&j, r->programs, m);
	json_close(&j, '}');
	sink_char(s, '\n');
	return !s->err && s->flush(s);
}
