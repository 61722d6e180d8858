/* proc/program_model.c - from two tables of programs to rates. */
#include "proc/program_history.h"

#include <errno.h>
#include <stdlib.h>

enum { MILLI = 1000, PPM_PER_ONE = 1000000 };

/* enum bpf_prog_type in include/uapi/linux/bpf.h, by the words that bpftool has. */
static const char *const type_name[] = {
	"unspec", "socket_filter", "kprobe", "sched_cls", "sched_act", "tracepoint", "xdp",
	"perf_event", "cgroup_skb", "cgroup_sock", "lwt_in", "lwt_out", "lwt_xmit", "sock_ops",
	"sk_skb", "cgroup_device", "sk_msg", "raw_tracepoint", "cgroup_sock_addr",
	"lwt_seg6local", "lirc_mode2", "sk_reuseport", "flow_dissector", "cgroup_sysctl",
	"raw_tracepoint_writable", "cgroup_sockopt", "tracing", "struct_ops", "ext", "lsm",
	"sk_lookup", "syscall", "netfilter",
};

const char *program_type_name(u32 type)
{
	return type < ARRAY_LEN(type_name) ? type_name[type] : NULL;
}

/* The nth word of a list without gaps, from 0: a table of pointers would be
 * three times as large. */
static const char *word_at(const char *words, u32 n)
{
	while (*words && n--)
		words += strlen(words) + 1;
	return *words ? words : NULL;
}

/* enum bpf_map_type there. */
const char *program_map_type_name(u32 type)
{
	return word_at("unspec\0hash\0array\0prog_array\0perf_event_array\0percpu_hash\0percpu_array\0"
		       "stack_trace\0cgroup_array\0lru_hash\0lru_percpu_hash\0lpm_trie\0array_of_maps\0"
		       "hash_of_maps\0devmap\0sockmap\0cpumap\0xskmap\0sockhash\0cgroup_storage\0"
		       "reuseport_sockarray\0percpu_cgroup_storage\0queue\0stack\0sk_storage\0devmap_hash\0"
		       "struct_ops\0ringbuf\0inode_storage\0task_storage\0bloom_filter\0user_ringbuf\0"
		       "cgrp_storage\0arena\0insn_array\0", type);
}

/* enum bpf_link_type there. */
const char *program_link_type_name(u32 type)
{
	return word_at("unspec\0raw_tracepoint\0tracing\0cgroup\0iter\0netns\0xdp\0perf_event\0"
		       "kprobe_multi\0struct_ops\0netfilter\0tcx\0uprobe_multi\0netkit\0sockmap\0", type);
}

/* Of n records sorted by their first field, a program's id, those with this one. */
static const void *those_of(const void *from, u32 n, size_t size, u32 prog_id, u32 *count)
{
	const char *at = from;
	u32 low = 0, high = n;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (*(const u32 *)(const void *)(at + mid * size) < prog_id)
			low = mid + 1;
		else
			high = mid;
	}
	for (high = low; high < n; high++)
		if (*(const u32 *)(const void *)(at + high * size) != prog_id)
			break;
	*count = high - low;
	return n ? at + low * size : NULL;
}

_Static_assert(offsetof(struct program_owner, prog_id) == 0 &&
	       offsetof(struct program_link, prog_id) == 0, "the first field");

const struct program_owner *program_owners(const struct program_table *t, u32 prog_id, u32 *n)
{
	return those_of(t->owner, t->nowner, sizeof(*t->owner), prog_id, n);
}

const struct program_link *program_links(const struct program_table *t, u32 prog_id, u32 *n)
{
	return those_of(t->link, t->nlink, sizeof(*t->link), prog_id, n);
}

int program_model_reserve(struct program_model *m, u32 n)
{
	struct program_row *row;
	u32 *order;

	if (!n || !m->keep) {
		program_history_free(m->history);
		m->history = NULL;
	} else if (!m->history) {
		m->history = program_history_new();
	}
	if (n <= m->cap)
		return 0;
	n += n / 4;
	row = realloc(m->row, n * sizeof(*row));
	if (!row)
		return -ENOMEM;
	m->row = row;
	order = realloc(m->order, n * sizeof(*order));
	if (!order)
		return -ENOMEM;
	m->order = order;
	m->cap = n;
	return 0;
}

void program_model_free(struct program_model *m)
{
	program_history_free(m->history);
	free(m->row);
	free(m->order);
	*m = (struct program_model){0};
}

static bool is_own(const struct program_table *t, u32 id)
{
	u32 n;
	const struct program_owner *o = program_owners(t, id, &n);

	while (n--)
		if (o[n].self)
			return true;
	return false;
}

static void put_rates(struct program_row *r, const struct program_run *before, u64 window_ns)
{
	u64 runs, ns;

	if (!window_ns || before->loaded_boot_ns != r->rec->loaded_boot_ns ||
	    !counter_delta(before->run_cnt, r->rec->run_cnt, &runs) ||
	    !counter_delta(before->run_ns, r->rec->run_ns, &ns))
		return;
	r->have |= PROGRAM_HAVE_RATES;
	r->runs = runs;
	r->ns = ns;
	r->events_milli = mul_div(runs, (u64)MILLI * NSEC_PER_SEC, window_ns);
	r->cpu_ppm = mul_div(ns, PPM_PER_ONE, window_ns);
	if (runs) {
		r->have |= PROGRAM_HAVE_AVERAGE;
		r->average_ns = ns / runs;
	}
}

void program_model_step(struct program_model *m, const struct program_table *prev,
			const struct program_table *cur)
{
	const bool comparable = prev && cur->timed;
	u32 at = 0;

	m->table = cur;
	m->n = MIN(cur->n, m->cap);
	m->events_milli = m->cpu_ppm = 0;
	m->own = 0;
	for (u32 i = 0; i < m->n; i++) {
		struct program_row *r = &m->row[i];

		*r = (struct program_row){.rec = &cur->rec[i], .more = &cur->more[cur->slot[i]]};
		r->own = is_own(cur, r->rec->id);
		m->own += r->own;
		if (r->rec->run_cnt)
			r->total_average_ns = r->rec->run_ns / r->rec->run_cnt;
		while (comparable && at < prev->n && prev->rec[at].id < r->rec->id)
			at++;
		if (comparable && at < prev->n && prev->rec[at].id == r->rec->id)
			put_rates(r, &prev->rec[at], cur->mono_ns - prev->mono_ns);
		m->events_milli += r->events_milli;
		m->cpu_ppm += r->cpu_ppm;
	}
	if (m->history)
		program_history_step(m->history, m);
}

const struct program_row *program_row(const struct program_model *m, struct program_id who)
{
	for (u32 i = 0; m->table && i < m->n; i++)
		if (program_same(program_id(m->row[i].rec), who))
			return &m->row[i];
	return NULL;
}
