/* proc/program_holders.c - what keeps programs loaded: descriptors of processes,
 * links, and names in a bpffs. */
#include "proc/programs_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "loader/inventory.h"
#include "proc/dirscan.h"
#include "proc/procfile.h"
#include "proc/program_text.h"

enum {
	PINS_MAX = 4096,	/* names that a walk of the bpffs looks at */
	PIN_DEPTH = 8,
	PLACES_MAX = 1024,	/* that no link leads to */
	PATH_ROOM = 4096,
	MOUNTS_ROOM = 65536,
	CGROUP_HANDLE = 0xfe,	/* FILEID_KERNFS, include/linux/exportfs.h */
};

struct holders {
	struct program_owner *owner;
	struct program_link *link, *old;	/* found now, and the time before */
	u32 nowner, owner_cap, nlink, nold, link_cap, old_cap;
	u32 nreal;				/* of link[]: they have an id; the others lie behind */
	struct path {
		struct path *next;
		char text[];
	} *paths;				/* of the pins in owner[] */
	u32 pins;				/* names looked at so far */
	char mounts[MOUNTS_ROOM];
};

int holders_new(struct holders **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : -ENOMEM;
}

static void forget_paths(struct holders *h)
{
	while (h->paths) {
		struct path *next = h->paths->next;

		free(h->paths);
		h->paths = next;
	}
}

void holders_free(struct holders *h)
{
	if (!h)
		return;
	forget_paths(h);
	free(h->owner);
	free(h->link);
	free(h->old);
	free(h);
}

void holders_show(const struct holders *h, struct program_table *t)
{
	t->owner = h->owner;
	t->nowner = h->nowner;
	t->link = h->link;
	t->nlink = h->nlink;
}

/* ---- mounts -------------------------------------------------------------------- */

static struct scan read_mounts(struct holders *h)
{
	struct bytes text;

	if (procfile_read_at(-1, "/proc/self/mounts", h->mounts, sizeof(h->mounts) - 1, &text))
		text.n = 0;
	return scan_of((struct bytes){(const unsigned char *)h->mounts, text.n});
}

/* ---- links ----------------------------------------------------------------------- */

static void say(struct program_link *l, const char *text)
{
	size_t n = MIN(strlen(text), sizeof(l->text) - 1);

	memcpy(l->text, text, n);
	l->text[n] = '\0';
}

/* The kernel names a cgroup by number; the file system opens it by that. */
static void say_cgroup(struct holders *h, struct program_link *l, u64 id)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + sizeof(id)];
	} handle = {.head = {.handle_bytes = sizeof(id), .handle_type = CGROUP_HANDLE}};
	struct scan mounts = read_mounts(h);
	const char *root = mounts_next(&mounts, "cgroup2");
	int mount = root ? open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	char self[40], path[PATH_ROOM];
	ssize_t n = -1;
	int fd;

	memcpy(handle.room + sizeof(struct file_handle), &id, sizeof(id));
	fd = mount < 0 ? -1 : open_by_handle_at(mount, &handle.head, O_PATH | O_CLOEXEC);
	if (fd >= 0) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
		n = readlink(self, path, sizeof(path) - 1);
		close(fd);
	}
	if (mount >= 0)
		close(mount);
	path[n > 0 ? n : 0] = '\0';
	if (n > 0)
		say(l, path);
	else
		snprintf(l->text, sizeof(l->text), "cgroup %llu", (unsigned long long)id);
}

static void say_interface(struct program_link *l, u32 ifindex)
{
	char name[IF_NAMESIZE];

	/* of another network namespace it has only its number */
	if (if_indextoname(ifindex, name))
		say(l, name);
	else
		snprintf(l->text, sizeof(l->text), "interface %u", ifindex);
}

static void say_perf(struct program_link *l, const struct uapi_link_info *info, const char *name)
{
	if (info->perf.type == PERF_TRACEPOINT || !info->perf.offset)
		say(l, name);
	else
		snprintf(l->text, sizeof(l->text), "%.100s+%#x", name, info->perf.offset);
}

/* The kernel writes names only into a buffer that is there from the beginning,
 * and where, depends on the type. */
static void ask_name(struct uapi_link_info *info, int fd, char *name, u32 room)
{
	u64 at = (u64)(uintptr_t)name;

	*name = '\0';
	switch (info->type) {
	case LINK_RAW_TRACEPOINT:
	case LINK_ITER:
		*info = (struct uapi_link_info){.type = info->type, .name = at, .name_len = room};
		break;
	case LINK_PERF_EVENT:
		*info = (struct uapi_link_info){.type = info->type};
		info->perf.name = at;
		info->perf.name_len = room;
		break;
	case LINK_UPROBE_MULTI:
		*info = (struct uapi_link_info){.type = info->type};
		info->uprobe_multi.path = at;
		info->uprobe_multi.path_size = room;
		break;
	default:
		return;
	}
	if (inventory_info(fd, info, sizeof(*info)))
		*name = '\0';
}

static void describe(struct holders *h, struct program_link *l)
{
	struct uapi_link_info info = {0};
	char name[PATH_ROOM];
	int fd = inventory_fd(INVENTORY_LINK, l->id);

	l->text[0] = name[0] = '\0';
	if (fd < 0)
		return;
	if (!inventory_info(fd, &info, sizeof(info)))
		ask_name(&info, fd, name, sizeof(name));
	++syscall_count;
	close(fd);
	switch (info.type) {
	case LINK_CGROUP:
		say_cgroup(h, l, info.cgroup_id);
		break;
	case LINK_XDP:
	case LINK_TCX:
	case LINK_NETKIT:
		say_interface(l, info.ifindex);
		break;
	case LINK_NETNS:
		snprintf(l->text, sizeof(l->text), "net:[%u]", info.netns_ino);
		break;
	case LINK_PERF_EVENT:
		say_perf(l, &info, name);
		break;
	case LINK_KPROBE_MULTI:
		snprintf(l->text, sizeof(l->text), "%u functions", info.kprobe_multi.count);
		break;
	default:
		say(l, name);
	}
	l->type = info.type;
	l->prog_id = info.prog_id;
}

static int by_program(const void *a, const void *b)
{
	const struct program_link *x = a, *y = b;

	if (x->prog_id != y->prog_id)
		return x->prog_id < y->prog_id ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static bool room_for_one(void *array, u32 n, u32 *cap, size_t size)
{
	void *old, *more;
	u32 want = *cap * 2 + 64;

	if (n < *cap)
		return true;
	memcpy(&old, array, sizeof(old));
	more = realloc(old, want * size);
	if (!more)
		return false;
	memcpy(array, &more, sizeof(more));
	*cap = want;
	return true;
}

/* An id is never used twice, but a link may be given another program. */
static void add_link(struct holders *h, u32 id, u32 prog_id)
{
	struct program_link *l, *known = NULL;

	if (!room_for_one(&h->link, h->nlink, &h->link_cap, sizeof(*h->link)))
		return;
	l = &h->link[h->nlink++];
	*l = (struct program_link){.id = id, .prog_id = prog_id};
	if (prog_id && h->nold)
		known = bsearch(l, h->old, h->nold, sizeof(*l), by_program);
	if (known)
		*l = *known;
	else
		describe(h, l);
}

void holders_links(struct holders *h, const struct prog_link_rec *found, u32 n)
{
	struct program_link *link = h->link;
	u32 cap = h->link_cap, id = 0;

	h->link = h->old;
	h->link_cap = h->old_cap;
	h->old = link;
	h->old_cap = cap;
	h->nold = h->nlink;
	h->nlink = 0;
	for (u32 i = 0; i < n; i++)
		add_link(h, found[i].id, found[i].prog_id);
	while (!n && !inventory_next(INVENTORY_LINK, id, &id))
		add_link(h, id, 0);
	holders_sort(h);
	h->nreal = h->nlink;
}

void holders_sort(struct holders *h)
{
	if (h->nlink)
		qsort(h->link, h->nlink, sizeof(*h->link), by_program);
}

static int by_program_alone(const void *id, const void *link)
{
	u32 wanted = *(const u32 *)id, has = ((const struct program_link *)link)->prog_id;

	return wanted < has ? -1 : wanted > has;
}

bool holders_linked(const struct holders *h, u32 prog_id)
{
	return h->nreal && bsearch(&prog_id, h->link, h->nreal, sizeof(*h->link), by_program_alone);
}

void holders_place(struct holders *h, u32 prog_id, u32 type, const char *text)
{
	struct program_link l = {.prog_id = prog_id, .type = type};

	say(&l, text);
	if (!prog_id || h->nlink - h->nreal >= PLACES_MAX || holders_linked(h, prog_id))
		return;
	for (u32 i = h->nreal; i < h->nlink; i++)
		if (h->link[i].prog_id == prog_id && !strcmp(h->link[i].text, l.text))
			return;
	if (room_for_one(&h->link, h->nlink, &h->link_cap, sizeof(*h->link)))
		h->link[h->nlink++] = l;
}

bool holders_cgroup_root(struct holders *h, char *path, size_t cap)
{
	struct scan mounts = read_mounts(h);
	const char *root = mounts_next(&mounts, "cgroup2");
	size_t n = root ? strlen(root) : cap;

	if (n >= cap)
		return false;
	memcpy(path, root, n + 1);
	return true;
}

/* ---- owners ---------------------------------------------------------------------- */

static int by_owner(const void *a, const void *b)
{
	const struct program_owner *x = a, *y = b;

	if (x->prog_id != y->prog_id)
		return x->prog_id < y->prog_id ? -1 : 1;
	if (x->via != y->via)
		return x->via < y->via ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->path && y->path ? strcmp(x->path, y->path) : 0;
}

static struct program_owner *add_owner(struct holders *h, u32 prog_id, enum program_via via)
{
	struct program_owner *o;

	if (!room_for_one(&h->owner, h->nowner, &h->owner_cap, sizeof(*h->owner)))
		return NULL;
	o = &h->owner[h->nowner++];
	*o = (struct program_owner){.prog_id = prog_id, .via = (u8)via};
	return o;
}

static void add_pin(struct holders *h, u32 prog_id, const char *path)
{
	size_t n = strlen(path) + 1;
	struct path *keep = malloc(sizeof(*keep) + n);
	struct program_owner *o = keep ? add_owner(h, prog_id, VIA_PIN) : NULL;

	if (!o) {
		free(keep);
		return;
	}
	memcpy(keep->text, path, n);
	keep->next = h->paths;
	h->paths = keep;
	o->path = keep->text;
}

/* A pin of a program, or of a link that has one: both say so. */
static void look_at_pin(struct holders *h, const char *path)
{
	int fd = inventory_pinned(path);
	u64 id;

	if (fd < 0)
		return;
	if (fdinfo_of(fd, "prog_id:", &id))
		add_pin(h, (u32)id, path);
	++syscall_count;
	close(fd);
}

/* path: the folder's, in a buffer of PATH_ROOM that is used for its entries. */
static void walk_pins(struct holders *h, char *path, u32 depth)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t n = strlen(path);
	struct dirscan dir;
	const char *name;

	if (fd < 0)
		return;
	dirscan_begin(&dir, fd);
	while (h->pins < PINS_MAX && (name = dirscan_next(&dir))) {
		size_t len = strlen(name);

		if (!strcmp(name, ".") || !strcmp(name, "..") || n + len + 2 > PATH_ROOM)
			continue;
		h->pins++;
		path[n] = '/';
		memcpy(path + n + 1, name, len + 1);
		look_at_pin(h, path);
		if (depth)
			walk_pins(h, path, depth - 1);
		path[n] = '\0';
	}
	close(fd);
}

static void find_pins(struct holders *h)
{
	struct scan mounts = read_mounts(h);
	const char *on;
	char path[PATH_ROOM];
	size_t n;

	forget_paths(h);
	h->pins = 0;
	while ((on = mounts_next(&mounts, "bpf"))) {
		n = strlen(on);
		if (n >= sizeof(path))
			continue;
		memcpy(path, on, n + 1);
		walk_pins(h, path, PIN_DEPTH);
	}
}

void holders_owners(struct holders *h, const struct prog_owner_rec *owner, u32 n)
{
	h->nowner = 0;
	for (u32 i = 0; i < n; i++) {
		const struct prog_owner_rec *r = &owner[i];
		struct program_owner *o = add_owner(h, r->prog_id, r->link_id ? VIA_LINK : VIA_FD);

		if (!o)
			break;
		o->pid = r->pid;
		o->self = r->self;
		memcpy(o->comm, r->comm, sizeof(o->comm));
	}
	find_pins(h);
	if (h->nowner)
		qsort(h->owner, h->nowner, sizeof(*h->owner), by_owner);
	n = 0;
	/* one descriptor of several, one mount of several, is enough */
	for (u32 i = 0; i < h->nowner; i++)
		if (!n || by_owner(&h->owner[n - 1], &h->owner[i]))
			h->owner[n++] = h->owner[i];
	h->nowner = n;
}
