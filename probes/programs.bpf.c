/* probes/programs.bpf.c - what is loaded into the kernel's BPF machine: programs
 * with their run counters, links, and the processes that hold either.
 *
 * Three iterators, each fills one mapped array; a read(2) of them returns
 * nothing.  programs costs about 0.3 us a program and CPU when nothing is new,
 * links 0.1 us a link, owners 0.05 us a file that is open anywhere.
 *
 * The counters are per CPU, and the kernel lets no program read another's
 * per-CPU memory by name without data symbols in kallsyms.  A per-CPU map of our
 * own tells how far apart the CPUs' memories lie: the address of its element on
 * each CPU less the address that stands for all of them. */
#include "probes/kern.bpf.h"

static u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*const bpf_probe_read_kernel_str)(void *dst, u32 size, const void *src) = (void *)115;
static void *(*const bpf_map_lookup_percpu_elem)(void *map, const void *key, u32 cpu) = (void *)195;

enum { BPF_MAP_TYPE_PERCPU_ARRAY_ = 6, FUNCS_MAX = 256, CPUS_MAX = 4096 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* An enum is none of the integers to CO-RE. */
enum bpf_prog_type { SOME_PROG_TYPE };
enum bpf_link_type { SOME_LINK_TYPE };

struct bpf_array {
	void *pptrs[1];
};

struct bpf_map {
	u32 id;
};

struct user_struct {
	struct kuid uid;
};

struct btf_type {
	u32 name_off;
};

struct btf {
	struct btf_type **types;
	char *strings;
};

struct bpf_func_info {
	u32 type_id;
};

typedef struct {
	u64 a;
} u64_stats_t;		/* a u64 before 5.16 */

struct bpf_prog_stats {
	u64_stats_t cnt, nsecs, misses;
};

struct bpf_prog;

struct bpf_prog_aux {
	u32 id;
	u32 used_map_cnt;
	u32 func_cnt;
	u32 verified_insns;
	char *attach_func_name;
	struct bpf_prog **func;
	struct bpf_map **used_maps;
	struct user_struct *user;
	u64 load_time;
	char name[PROG_NAME_LEN];
	struct btf *btf;
	struct bpf_func_info *func_info;
};

struct bpf_prog {
	unsigned short pages;
	enum bpf_prog_type type;
	u32 len;
	u32 jited_len;
	u8 tag[PROG_TAG_LEN];
	struct bpf_prog_stats *stats;
	struct bpf_prog_aux *aux;
};

struct bpf_link {
	u32 id;
	enum bpf_link_type type;
	struct bpf_prog *prog;
};

struct file {
	void *f_op;
	void *private_data;
};

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	struct bpf_prog *prog;
};

struct bpf_iter__bpf_link {
	struct bpf_iter_meta *meta;
	struct bpf_link *link;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
};

#pragma clang attribute pop

#define ARRAY(name, record) \
struct { \
	MAP_UINT(type, BPF_MAP_TYPE_ARRAY_); \
	MAP_UINT(map_flags, BPF_F_MMAPABLE_); \
	MAP_UINT(max_entries, 1024);	/* user space sets it */ \
	MAP_UINT(key_size, sizeof(u32)); \
	MAP_UINT(value_size, sizeof(record));	/* by type, .BTF would describe it */ \
} name SEC(".maps")

ARRAY(progs, struct prog_rec);
ARRAY(progs_more, struct prog_more);
ARRAY(links, struct prog_link_rec);
ARRAY(owners, struct prog_owner_rec);

/* Each CPU's element holds what to add to a per-CPU address for that CPU. */
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY_);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, u32);
	MAP_TYPE(value, u64);
} distance SEC(".maps");

struct prog_walk prog_walk = {};

/* Possible ones; 0: user space asks for the counters of each program. */
const volatile u32 cpus = 1;

static u64 *distance_of(u32 cpu)
{
	u32 key = 0;

	return bpf_map_lookup_percpu_elem(&distance, &key, cpu);
}

#define READ(dst, src)	bpf_probe_read_kernel(&(dst), sizeof(dst), src)

/* Through memory, where an address is but a number. */
INLINE u64 number(u64 *room, const void *address)
{
	*(const void *volatile *)room = address;
	return *(volatile u64 *)room;
}

INLINE void measure(void)
{
	for (u32 cpu = 0; cpu < cpus; cpu++) {
		struct bpf_array *map;
		u64 *d = distance_of(cpu);
		u64 all = 0;

		if (!d)
			return;
		map = (void *)number(d, &distance);
		READ(all, &map->pptrs[0]);
		*d = number(d, d) - all;
	}
}

INLINE void put_counters(struct prog_rec *r, struct bpf_prog *prog)
{
	u64 cnt = 0, ns = 0, misses = 0, stats = 0;

	if (cpus)	/* where they are; otherwise no load of what older kernels lack */
		stats = number(&r->run_cnt, prog->stats);
	for (u32 cpu = 0; cpu < cpus; cpu++) {
		u64 *d = distance_of(cpu), v[3] = {};
		struct bpf_prog_stats *s;

		if (!d)
			break;
		s = (void *)(stats + *d);
		READ(v[0], &s->cnt);
		READ(v[1], &s->nsecs);
		READ(v[2], &s->misses);
		cnt += v[0];
		ns += v[1];
		misses += v[2];
	}
	r->run_cnt = cnt;
	r->run_ns = ns;
	r->misses = misses;
}

INLINE void put_names(struct prog_more *m, struct bpf_prog *prog, struct bpf_prog_aux *aux)
{
	struct btf *btf = aux->btf;
	struct btf_type *t = 0;
	u32 off = 0;

	*(u64 *)m->tag = *(u64 *)&prog->tag;
	((u64 *)m->name)[0] = ((u64 *)&aux->name)[0];
	((u64 *)m->name)[1] = ((u64 *)&aux->name)[1];
	m->function[0] = m->target[0] = 0;
	if (aux->attach_func_name)
		bpf_probe_read_kernel_str(m->target, sizeof(m->target), aux->attach_func_name);
	if (!btf || !aux->func_info)
		return;
	READ(t, btf->types + aux->func_info->type_id);
	if (!READ(off, &t->name_off) && off)
		bpf_probe_read_kernel_str(m->function, sizeof(m->function), btf->strings + off);
}

INLINE void put_maps(struct prog_more *m, struct bpf_prog_aux *aux)
{
	u32 n = aux->used_map_cnt;

	m->nmap = n;
	for (u32 i = 0; i < PROG_MAPS_MAX && i < n; i++) {
		struct bpf_map *map = 0;
		u32 id = 0;

		READ(map, aux->used_maps + i);
		READ(id, &map->id);
		m->map[i] = id;
	}
}

/* As bpf_prog_get_info_by_fd() has it: the main program counts as one of several. */
INLINE u32 jited_bytes(struct bpf_prog *prog, struct bpf_prog_aux *aux)
{
	u32 n = aux->func_cnt, sum = 0;

	if (!n)
		return prog->jited_len;
	for (u32 i = 0; i < FUNCS_MAX && i < n; i++) {
		struct bpf_prog *part = 0;
		u32 len = 0;

		READ(part, aux->func + i);
		READ(len, &part->jited_len);
		sum += len;
	}
	return sum;
}

INLINE void put_more(struct prog_more *m, struct bpf_prog *prog, struct bpf_prog_aux *aux)
{
	m->id = aux->id;
	m->uid = aux->user->uid.val;
	m->verified_insns = core_field_exists(aux->verified_insns) ? aux->verified_insns : 0;	/* 5.16 */
	m->xlated_insns = prog->len;
	m->jited_bytes = jited_bytes(prog, aux);
	m->pages = prog->pages;
	put_names(m, prog, aux);
	put_maps(m, aux);
}

SEC("iter/bpf_prog")
int programs(struct bpf_iter__bpf_prog *ctx)
{
	struct bpf_prog *prog = ctx->prog;
	u32 at = prog_walk.kept;
	struct bpf_prog_aux *aux;
	struct prog_more *m;
	struct prog_rec *r;

	if (!prog)
		return 0;
	if (!prog_walk.seen++)
		measure();
	r = bpf_map_lookup_elem(&progs, &at);
	m = bpf_map_lookup_elem(&progs_more, &at);
	if (!r || !m)
		return 0;
	aux = prog->aux;
	r->id = aux->id;
	r->type = prog->type;
	r->loaded_boot_ns = aux->load_time;
	put_counters(r, prog);
	m->id = 0;
	if (r->id > prog_walk.known)
		put_more(m, prog, aux);
	prog_walk.kept = at + 1;
	return 0;
}

SEC("iter/bpf_link")
int links_of(struct bpf_iter__bpf_link *ctx)
{
	struct bpf_link *link = ctx->link;
	u32 at = prog_walk.kept;
	struct prog_link_rec *r;

	if (!link)
		return 0;
	prog_walk.seen++;
	r = bpf_map_lookup_elem(&links, &at);
	if (!r)
		return 0;
	r->id = link->id;
	r->type = link->type;
	r->prog_id = link->prog ? link->prog->aux->id : 0;
	prog_walk.kept = at + 1;
	return 0;
}

INLINE u32 prog_id_of(struct bpf_prog *prog)
{
	struct bpf_prog_aux *aux = 0;
	u32 id = 0;

	READ(aux, &prog->aux);
	READ(id, &aux->id);
	return id;
}

INLINE void learn(struct bpf_iter__task_file *ctx, struct file *f)
{
	if (ctx->fd == prog_walk.prog_fd)
		prog_walk.prog_ops = (u64)f->f_op;
	if (ctx->fd == prog_walk.link_fd)
		prog_walk.link_ops = (u64)f->f_op;
}

SEC("iter/task_file")
int owners_of(struct bpf_iter__task_file *ctx)
{
	u32 at = prog_walk.kept, me = bpf_get_current_pid_tgid() >> 32, link_id = 0;
	struct task_struct *t = ctx->task;
	struct file *f = ctx->file;
	struct bpf_prog *prog = 0;
	struct prog_owner_rec *r;
	u64 ops;

	if (!t || !f || t->pid != t->tgid)
		return 0;
	if (t->tgid == me)
		learn(ctx, f);
	ops = (u64)f->f_op;
	if (ops == prog_walk.prog_ops) {
		prog = f->private_data;
	} else if (ops == prog_walk.link_ops) {
		struct bpf_link *link = f->private_data;

		READ(link_id, &link->id);
		READ(prog, &link->prog);
	} else {
		return 0;
	}
	prog_walk.seen++;
	r = bpf_map_lookup_elem(&owners, &at);
	if (!r)
		return 0;
	r->prog_id = prog_id_of(prog);
	r->link_id = link_id;
	r->pid = t->tgid;
	r->self = t->tgid == me || t->real_parent->tgid == me;
	((u64 *)r->comm)[0] = ((const u64 *)&t->comm)[0];
	((u64 *)r->comm)[1] = ((const u64 *)&t->comm)[1];
	prog_walk.kept = at + 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
