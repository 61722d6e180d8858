/* proc/programs.c - ids, facts and counters of every BPF program. */
#include "proc/programs_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/diag.h"
#include "loader/inventory.h"
#include "loader/maptype.h"
#include "proc/privilege.h"
#include "proc/procfile.h"
#include "proc/program_stats.h"
#include "proc/program_text.h"

extern const unsigned char bpf_programs[], bpf_programs_end[];

_Static_assert(sizeof(struct program_run) == sizeof(struct prog_rec) &&
	       offsetof(struct program_run, misses) == offsetof(struct prog_rec, misses) &&
	       sizeof(struct program_facts) == sizeof(struct prog_more) &&
	       offsetof(struct program_facts, target) == offsetof(struct prog_more, target),
	       "records are copied whole");

enum {
	ROOM_FIRST = 256,
	SLOW_S = 5,		/* how old owners and links may be */
	FRESH_S = 1,		/* the same when a report asks, or programs came or went */
	SLOW_SHARE = 100,	/* of the time since, that looking at them may take */
};

enum walker { WALK_PROGS, WALK_LINKS, WALK_OWNERS, WALKERS };

static const char *const walker_prog[WALKERS] = {"programs", "links_of", "owners_of"};

/* What --json names as missing. */
enum lack { LACK_STATS, LACK_ITER, LACK_OWNERS, LACKS };	/* what hurts most comes first */

struct programs {
	struct object *object;		/* NULL: a system call for each thing */
	int iter[WALKERS];		/* links, the object's; -1: this one cannot be had */
	bool counts;			/* the walk brings counters */
	struct prog_walk *walk;
	const struct prog_rec *rec;
	const struct prog_more *more;
	const struct prog_link_rec *link;
	const struct prog_owner_rec *owner;
	u32 room;			/* of each array */

	struct program_facts *facts;	/* [2 * cap]: what does not change of a program */
	u32 *spare, nspare;		/* slots of facts that no program has */
	struct program_table table[2];
	u32 cap;			/* of either */
	u32 cur, taken;

	struct program_stats stats;
	bool held;
	struct holders *holders;
	u64 slow_ns, slow_cost_ns;	/* when owners and links were looked at, and how long */
	bool knew;			/* the last walk of owners knew from the begin what to look for */
	bool changed;			/* programs came or went since */
	u32 watched;			/* id of the program whose maps are wanted, 0: none */
	struct program_maps maps;
	char why[LACKS][2 * DIAG_TEXT];
};

/* ---- the iterators --------------------------------------------------------- */

static int map_results(struct programs *p)
{
	int err = object_var(p->object, "prog_walk", sizeof(*p->walk), &p->walk);

	if (!err)
		err = object_mmap(p->object, "progs", p->room * sizeof(*p->rec), &p->rec);
	if (!err)
		err = object_mmap(p->object, "progs_more", p->room * sizeof(*p->more), &p->more);
	if (!err)
		err = object_mmap(p->object, "links", p->room * sizeof(*p->link), &p->link);
	if (!err)
		err = object_mmap(p->object, "owners", p->room * sizeof(*p->owner), &p->owner);
	return err;
}

static void put_why(struct programs *p, enum lack l, const char *before, const struct diag *d)
{
	snprintf(p->why[l], sizeof(p->why[l]), *d->hint ? "%s%s; %s" : "%s%s", before, d->what, d->hint);
}

static int attach_all(struct programs *p, struct diag *why)
{
	struct diag d = {0};

	for (u32 i = 0; i < WALKERS; i++)
		p->iter[i] = object_attach(p->object, walker_prog[i], i == WALK_PROGS ? why : &d);
	if (p->iter[WALK_OWNERS] < 0)
		put_why(p, LACK_OWNERS, "owners by descriptor: ", &d);
	return MIN(p->iter[WALK_PROGS], 0);
}

static int set_up(struct programs *p, u32 cpus, struct diag *why)
{
	static const char *const arrays[] = {"progs", "progs_more", "links", "owners"};
	struct bytes elf = {bpf_programs, (size_t)(bpf_programs_end - bpf_programs)};
	int err = object_open(&p->object, "programs", elf, why);

	if (!err)
		err = object_set_var(p->object, "cpus", &cpus, sizeof(cpus));
	for (u32 i = 0; !err && i < ARRAY_LEN(arrays); i++)
		err = object_set_max_entries(p->object, arrays[i], p->room);
	if (!err)
		err = object_load(p->object, why);
	if (!err)
		err = map_results(p);
	return err ? err : attach_all(p, why);
}

static void shut(struct programs *p)
{
	object_close(p->object);
	p->object = NULL;
	for (u32 i = 0; i < WALKERS; i++)
		p->iter[i] = -1;
}

/* The possible CPUs; 0 when some number between has none: the kernel's helper
 * would not notice, and hand out memory that is nobody's. */
static u32 cpus_in_a_row(void)
{
	char buf[128];
	struct bytes text;

	if (procfile_read_at(-1, "/sys/devices/system/cpu/possible", buf, sizeof(buf), &text) ||
	    memchr(text.p, ',', text.n))
		return 0;
	return map_possible_cpus();
}

/* With counters; on kernels whose programs cannot reach other CPUs' memory
 * (before 5.19), without. */
static int load(struct programs *p, struct diag *why)
{
	u32 cpus = cpus_in_a_row();
	int err;

	for (int tries = 0; tries < 2; tries++, cpus = 0) {
		*why = (struct diag){0};
		err = set_up(p, cpus, why);
		p->counts = cpus;
		if (!err)
			break;
		shut(p);
	}
	return err;
}

/* One read(2) visits all and returns nothing; see iter_run() of tasks_bpf.c. */
static int run(struct programs *p, enum walker w)
{
	char none[64];
	ssize_t n;
	int fd;

	p->walk->seen = p->walk->kept = 0;
	if (w == WALK_OWNERS) {
		p->knew = p->walk->prog_ops && p->walk->link_ops;
		p->walk->prog_fd = (u32)object_prog(p->object, walker_prog[WALK_OWNERS], NULL);
		p->walk->link_fd = (u32)p->iter[WALK_OWNERS];
	}
	fd = bpf_iter_create(p->iter[w]);
	if (fd < 0)
		return fd;
	do {
		++syscall_count;
		n = read(fd, none, sizeof(none));
	} while (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
	n = n < 0 ? -errno : 0;
	++syscall_count;
	close(fd);
	return (int)n;
}

/* The arrays anew, for more; without memory some are lost. */
static bool outgrow(struct programs *p)
{
	struct diag why;

	int err;

	p->room = p->walk->seen + p->walk->seen / 4;
	shut(p);
	privilege_load_begin();
	err = load(p, &why);
	privilege_load_end();
	return !err;
}

static int walk(struct programs *p, enum walker w)
{
	int err = run(p, w);

	while (!err && p->walk->seen > p->walk->kept && p->walk->seen > p->room)
		err = outgrow(p) ? run(p, w) : -ENOMEM;
	return err;
}

/* ---- the same, one by one ---------------------------------------------------- */

static u32 pages_of(int fd)
{
	u64 bytes;

	return fdinfo_of(fd, "memlock:", &bytes) ? (u32)(bytes / (u64)page_size()) : 0;
}

static void facts_of(struct program_facts *m, int fd, struct uapi_prog_info *info)
{
	*m = (struct program_facts){
		.id = info->id, .uid = info->uid, .verified_insns = info->verified_insns,
		.xlated_insns = info->xlated_bytes / 8, .jited_bytes = info->jited_bytes,
		.pages = pages_of(fd), .nmap = info->nmap,
	};
	memcpy(m->tag, info->tag, sizeof(m->tag));
	memcpy(m->name, info->name, sizeof(m->name));
	*info = (struct uapi_prog_info){.nmap = MIN(m->nmap, PROGRAM_MAPS),
					.maps = (u64)(uintptr_t)m->map};
	if (m->nmap && inventory_info(fd, info, sizeof(*info)))
		m->nmap = 0;
}

/* -ENOENT: it is gone.  facts may be NULL. */
static int ask_one(u32 id, struct program_run *r, struct program_facts *facts)
{
	struct uapi_prog_info info = {0};
	int fd = inventory_fd(INVENTORY_PROG, id), err;

	if (fd < 0)
		return fd;
	err = inventory_info(fd, &info, sizeof(info));
	if (!err)
		*r = (struct program_run){info.id, info.type, info.load_time,
				       info.run_cnt, info.run_ns, info.misses};
	if (!err && facts)
		facts_of(facts, fd, &info);
	++syscall_count;
	close(fd);
	return err;
}

/* ---- tables -------------------------------------------------------------------- */

static bool grow(void *array, size_t bytes)
{
	void *old, *more;

	memcpy(&old, array, sizeof(old));
	more = realloc(old, bytes);
	if (more)
		memcpy(array, &more, sizeof(more));
	return more;
}

static int tables_reserve(struct programs *p, u32 n)
{
	u32 cap = n + n / 4;

	if (n <= p->cap)
		return 0;
	if (!grow(&p->facts, 2 * cap * sizeof(*p->facts)) || !grow(&p->spare, 2 * cap * sizeof(*p->spare)))
		return -ENOMEM;
	for (u32 i = 0; i < 2; i++) {
		struct program_table *t = &p->table[i];

		if (!grow(&t->rec, cap * sizeof(*t->rec)) || !grow(&t->slot, cap * sizeof(*t->slot)))
			return -ENOMEM;
		t->more = p->facts;
	}
	for (u32 slot = 2 * p->cap; slot < 2 * cap; slot++)
		p->spare[p->nspare++] = slot;
	p->cap = cap;
	return 0;
}

static struct program_table *cur_table(struct programs *p)
{
	return &p->table[p->cur];
}

/* Where prev has the same program; slots of those that are gone become spare.
 * Both are sorted by id: *at only grows. */
static bool known_slot(struct programs *p, const struct program_table *prev, u32 *at,
		       const struct program_run *r, u32 *slot)
{
	for (; *at < prev->n && prev->rec[*at].id <= r->id; ++*at) {
		if (prev->rec[*at].id == r->id && prev->rec[*at].loaded_boot_ns == r->loaded_boot_ns) {
			*slot = prev->slot[(*at)++];
			return true;
		}
		p->spare[p->nspare++] = prev->slot[*at];
		p->changed = true;
	}
	return false;
}

/* One that was not there before.  more: what the walk wrote, NULL: ask. */
static int take_new(struct programs *p, struct program_table *t, u32 i, const struct prog_more *more)
{
	struct program_facts *m = &p->facts[t->slot[i] = p->spare[--p->nspare]];
	int err = 0;

	p->changed = true;
	if (more)
		memcpy(m, more, sizeof(*m));
	else
		err = ask_one(t->rec[i].id, &t->rec[i], m);
	if (err)
		p->spare[p->nspare++] = t->slot[i];
	return err;
}

static void forget_rest(struct programs *p, const struct program_table *prev, u32 at)
{
	for (; at < prev->n; at++) {
		p->spare[p->nspare++] = prev->slot[at];
		p->changed = true;
	}
}

/* Everything that the walk wrote; a program that it took for a known one, and
 * is not (ids begin anew after 2^31), makes it go once more. */
static int take_walked(struct programs *p, struct program_table *t, const struct program_table *prev)
{
	u32 n = p->walk->kept, at = 0;

	for (u32 i = 0; p->walk->known && i < n; i++) {
		const struct prog_rec *r = &p->rec[i];

		while (at < prev->n && prev->rec[at].id < r->id)
			at++;
		if (!p->more[i].id && (at == prev->n || prev->rec[at].id != r->id ||
				       prev->rec[at].loaded_boot_ns != r->loaded_boot_ns))
			return -EAGAIN;
	}
	at = 0;
	for (u32 i = 0; i < n; i++) {
		memcpy(&t->rec[i], &p->rec[i], sizeof(t->rec[i]));
		if (!known_slot(p, prev, &at, &t->rec[i], &t->slot[i]))
			(void)!take_new(p, t, i, &p->more[i]);
	}
	t->n = n;
	forget_rest(p, prev, at);
	return 0;
}

/* What the walk could not bring.  Of one that is gone it stays 0: then it went
 * backwards, and no rate is known. */
static void ask_counters(struct program_table *t)
{
	privilege_load_begin();
	for (u32 i = 0; i < t->n; i++)
		(void)!ask_one(t->rec[i].id, &t->rec[i], NULL);
	privilege_load_end();
}

static int sample_walk(struct programs *p, struct program_table *t, const struct program_table *prev)
{
	int err;

	p->walk->known = prev->n ? prev->rec[prev->n - 1].id : 0;
	do {
		err = walk(p, WALK_PROGS);
		if (!err)
			err = tables_reserve(p, p->walk->kept);
		if (!err)
			err = take_walked(p, t, prev);
		p->walk->known = 0;
	} while (err == -EAGAIN);
	if (!err && !p->counts)
		ask_counters(t);
	return err;
}

static int sample_each(struct programs *p, struct program_table *t, const struct program_table *prev)
{
	u32 id = 0, at = 0;
	int err;

	t->n = 0;
	privilege_load_begin();
	while (!(err = inventory_next(INVENTORY_PROG, id, &id))) {
		err = tables_reserve(p, t->n + 1);
		if (err)
			break;
		if (ask_one(id, &t->rec[t->n], NULL))	/* unloaded since */
			continue;
		if (known_slot(p, prev, &at, &t->rec[t->n], &t->slot[t->n]) || !take_new(p, t, t->n, NULL))
			t->n++;
	}
	privilege_load_end();
	forget_rest(p, prev, at);
	return err == -ENOENT ? 0 : err;
}

/* Nobody tells an ordinary user whether statistics are on; a counter that moves does. */
static bool some_moved(const struct program_table *t, const struct program_table *prev)
{
	for (u32 i = 0, at = 0; i < t->n; i++) {
		while (at < prev->n && prev->rec[at].id < t->rec[i].id)
			at++;
		if (at < prev->n && prev->rec[at].id == t->rec[i].id &&
		    prev->rec[at].run_cnt != t->rec[i].run_cnt)
			return true;
	}
	return false;
}

/* ---- owners and links ------------------------------------------------------------ */

static bool slow_due(const struct programs *p, bool fresh, u64 now)
{
	const u64 age = fresh || p->changed ? FRESH_S : SLOW_S;

	/* a report every second finds them new; the clocks of two loops differ a bit */
	return !p->slow_ns || now - p->slow_ns > MAX(age * NSEC_PER_SEC - NSEC_PER_SEC / 10,
						     p->slow_cost_ns * SLOW_SHARE);
}

/* The first walk learns from our own descriptors how those of programs and links
 * look, and may have met them last of all: the next one tells.  Arrays that were
 * outgrown meanwhile take what was learned with them. */
static u32 walk_owners(struct programs *p)
{
	for (int tries = 0; tries < 4; tries++) {
		if (walk(p, WALK_OWNERS))
			return 0;
		if (p->knew)
			break;
	}
	return p->walk->kept;
}

/* Of one that is gone they stay as they were last seen. */
static void look_at_maps(struct programs *p, const struct program_table *t)
{
	for (u32 i = 0; p->watched && i < t->n; i++)
		if (t->rec[i].id == p->watched)
			program_maps_read(&p->maps, &p->facts[t->slot[i]]);
}

static void look_at_holders(struct programs *p, struct program_table *t)
{
	u32 n = 0;

	if (p->object && p->iter[WALK_LINKS] >= 0 && !walk(p, WALK_LINKS))
		n = p->walk->kept;
	privilege_load_begin();
	holders_links(p->holders, p->link, n);
	privilege_load_end();
	n = 0;
	if (p->object && p->iter[WALK_OWNERS] >= 0)
		n = walk_owners(p);
	privilege_load_begin();
	holders_owners(p->holders, p->owner, n);
	holders_places(p->holders, t);
	look_at_maps(p, t);
	privilege_load_end();
	p->changed = false;
}

/* ---- the source ------------------------------------------------------------------- */

int programs_sample(struct programs *p, u32 watch, bool fresh)
{
	struct program_table *prev = cur_table(p), *t = &p->table[!p->cur];
	u64 began;
	int err;

	t->mono_ns = clock_ns(CLOCK_MONOTONIC);
	t->boot_ns = clock_ns(CLOCK_BOOTTIME);
	err = p->object ? sample_walk(p, t, prev) : sample_each(p, t, prev);
	t->stats_cost_ns = p->stats.cost_ns;
	t->owners_known = p->object && p->iter[WALK_OWNERS] >= 0;
	t->timed = p->held || some_moved(t, prev);
	began = clock_ns(CLOCK_MONOTONIC);
	if (watch != p->watched)
		p->slow_ns = 0;
	p->watched = watch;
	if (!err && slow_due(p, fresh || watch, began)) {
		look_at_holders(p, t);
		p->slow_ns = clock_ns(CLOCK_MONOTONIC);
		p->slow_cost_ns = p->slow_ns - began;
	}
	if (err)
		return err;
	holders_show(p->holders, t);
	t->maps_of = p->maps.of;
	t->map = p->maps.map;
	t->nmap = p->maps.n;
	p->cur = !p->cur;
	p->taken++;
	return 0;
}

/* Only whoever may look at each program may do without the iterators. */
static int check_access(struct programs *p, struct diag *why)
{
	u32 id;
	int err;

	if (p->object)
		return 0;
	err = inventory_next(INVENTORY_PROG, 0, &id);
	if (!err || err == -ENOENT)
		return 0;
	if (!*why->what)
		diag_say(why, -err, "%s", strerror(-err));
	return err;
}

int programs_open(struct programs **out, struct diag *why)
{
	struct programs *p = calloc(1, sizeof(*p));
	int err = p ? holders_new(&p->holders) : -ENOMEM;

	*out = NULL;
	*why = (struct diag){0};
	if (err) {
		free(p);
		return err;
	}
	privilege_load_begin();
	p->room = ROOM_FIRST;
	p->stats.fd = -1;
	if (load(p, why))
		put_why(p, LACK_ITER, "system calls for each, owners only by pins: ", why);
	err = check_access(p, why);
	if (!err && program_stats_hold(&p->stats, PROGRAM_STATS_SYSCTL))
		snprintf(p->why[LACK_STATS], sizeof(p->why[LACK_STATS]),
			 "counters stand still: switching run statistics on needs CAP_SYS_ADMIN");
	else if (!err)
		p->held = true;
	privilege_load_end();
	if (err) {
		programs_close(p);
		return err;
	}
	*out = p;
	return 0;
}

void programs_close(struct programs *p)
{
	if (!p)
		return;
	program_stats_release(&p->stats);
	object_close(p->object);
	holders_free(p->holders);
	for (u32 i = 0; i < 2; i++) {
		free(p->table[i].rec);
		free(p->table[i].slot);
	}
	free(p->facts);
	free(p->spare);
	free(p);
}

const struct program_table *programs_cur(const struct programs *p)
{
	return &p->table[p->cur];
}

const struct program_table *programs_prev(const struct programs *p)
{
	return p->taken > 1 ? &p->table[!p->cur] : NULL;
}

const char *programs_missing(const struct programs *p, u32 i)
{
	for (u32 l = 0; l < LACKS; l++)
		if (*p->why[l] && !i--)
			return p->why[l];
	return NULL;
}
