/* ui/report_programs.c - the BPF programs, as a field of the JSON line. */
#include "ui/json.h"
#include "ui/program_columns.h"
#include "ui/report.h"

enum { ATTACH_ROOM = 4096 };

static void put_owners(struct json *j, const struct program_table *t, u32 prog_id)
{
	static const char *const via[] = {[VIA_FD] = "fd", [VIA_LINK] = "link", [VIA_PIN] = "pin"};
	u32 n;
	const struct program_owner *o = program_owners(t, prog_id, &n);

	if (!n && !t->owners_known)
		return;
	json_open(j, "owners", '[');
	for (; n--; o++) {
		json_open(j, NULL, '{');
		if (o->path) {
			json_str(j, "path", o->path);
		} else {
			json_u64(j, "pid", o->pid);
			json_bytes(j, "comm", (struct bytes){(const unsigned char *)o->comm,
							     strnlen(o->comm, sizeof(o->comm))});
		}
		json_str(j, "via", via[o->via]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_text(struct json *j, const char *key, const char *text, size_t room)
{
	size_t n = strnlen(text, room);

	if (n)
		json_bytes(j, key, (struct bytes){(const unsigned char *)text, n});
}

static void put_identity(struct json *j, const struct model *m, const struct program_row *r)
{
	const struct program_facts *more = r->more;
	char text[32];
	struct out o = {.buf = text, .cap = sizeof(text)};

	json_u64(j, "id", r->rec->id);
	program_put_type(&o, r->rec->type);
	put_text(j, "type", text, o.len);
	put_text(j, "name", more->name, sizeof(more->name));
	put_text(j, "function", more->function, sizeof(more->function));
	o.len = 0;
	program_put_tag(&o, r);
	put_text(j, "tag", text, o.len);
	json_u64(j, "uid", more->uid);
	json_fixed(j, "loaded_at", (m->boot_time_ns + r->rec->loaded_boot_ns) / (10 * NSEC_PER_MSEC), 2);
	if (r->own) {
		json_key(j, "own");
		sink_str(j->sink, "true");
	}
}

static void put_runs(struct json *j, const struct program_row *r)
{
	json_u64(j, "run_count", r->rec->run_cnt);
	json_u64(j, "run_time_ns", r->rec->run_ns);
	if (r->have & PROGRAM_HAVE_RATES) {
		json_fixed(j, "events_per_s", r->events_milli, 3);
		json_percent(j, "cpu_percent", r->cpu_ppm);
	}
	if (r->have & PROGRAM_HAVE_AVERAGE)
		json_u64(j, "average_ns", r->average_ns);
	if (r->rec->run_cnt)
		json_u64(j, "total_average_ns", r->total_average_ns);
	json_u64(j, "recursion_misses", r->rec->misses);
}

static void put_program(struct json *j, const struct model *m, const struct program_row *r)
{
	const struct program_table *t = m->programs.table;
	char text[ATTACH_ROOM];
	struct out attach = {.buf = text, .cap = sizeof(text)};

	json_open(j, NULL, '{');
	put_identity(j, m, r);
	put_runs(j, r);
	if (r->more->verified_insns)
		json_u64(j, "verified_insns", r->more->verified_insns);
	json_u64(j, "jited_bytes", r->more->jited_bytes);
	json_u64(j, "xlated_bytes", (u64)r->more->xlated_insns * 8);
	json_u64(j, "memlock_bytes", r->more->pages * (u64)page_size());
	json_open(j, "maps", '[');
	for (u32 i = 0; i < MIN(r->more->nmap, (u32)PROGRAM_MAPS); i++)
		json_u64(j, NULL, r->more->map[i]);
	json_close(j, ']');
	program_put_attach(&attach, t, r);
	put_text(j, "attach", text, attach.len);
	put_owners(j, t, r->rec->id);
	json_close(j, '}');
}

void report_json_programs(struct json *j, const struct program_spec *spec, const struct model *m)
{
	u32 n;

	if (!m->programs.table)
		return;
	json_open(j, "programs", '[');
	n = program_order(spec, m);
	for (u32 i = 0; i < n && !j->sink->err; i++)
		put_program(j, m, &m->programs.row[m->programs.order[i]]);
	json_close(j, ']');
}
