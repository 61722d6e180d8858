/* proc/users.c - user names, from /etc/passwd and nowhere else. */
#include "proc/scan.h"
#include "proc/users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PASSWD_MAX = 64 * 1024 * 1024,	/* a million users; more is no passwd file */
	UID_NONE = UINT32_MAX,		/* (uid_t)-1: "no user" to chown(2), setreuid(2) */
};

struct users {
	char *text;		/* the whole file; names point into it */
	struct user *user;	/* [n], in its order */
	u32 *index;		/* uid -> position + 1, open addressing */
	u32 n;
	u32 index_mask;
};

/* The one table of this program: names mean the same everywhere. */
static struct users users;

/* name:password:uid:gid:...  Blank lines, comments and the "+" and "-" lines
 * of NIS name nobody. */
static bool passwd_line(struct scan line, struct user *out)
{
	const unsigned char *name = line.at;
	const unsigned char *colon = memchr(name, ':', scan_left(&line));
	const unsigned char *uid;
	u32 v;

	if (!colon || colon == name || memchr("#+-", *name, 3))
		return false;
	line.at = colon + 1;
	uid = memchr(line.at, ':', scan_left(&line));
	if (!uid)
		return false;
	line.at = uid + 1;
	if (!scan_u32(&line, &v) || !scan_byte(&line, ':') || v == UID_NONE)
		return false;
	*out = (struct user){v, {name, (size_t)(colon - name)}};
	return true;
}

u32 passwd_parse(struct bytes text, struct user *out, u32 cap, u32 *lost)
{
	struct scan s = scan_of(text), line;
	struct user user;
	u32 n = 0;

	*lost = 0;
	while (scan_line(&s, &line)) {
		if (!passwd_line(line, &user))
			continue;
		if (n < cap)
			out[n++] = user;
		else
			++*lost;
	}
	return n;
}

static u32 home(const struct users *u, u32 uid)
{
	return (uid * 0x9e3779b1u) >> __builtin_clz(u->index_mask);
}

/* The first name of a uid stays, as for getpwuid(3). */
static void index_add(struct users *u, u32 pos)
{
	u32 at = home(u, u->user[pos].uid);

	for (; u->index[at]; at = (at + 1) & u->index_mask)
		if (u->user[u->index[at] - 1].uid == u->user[pos].uid)
			return;
	u->index[at] = pos + 1;
}

static void users_free(struct users *u)
{
	free(u->text);
	free(u->user);
	free(u->index);
	*u = (struct users){0};
}

/* All of it, or -EFBIG: it may grow while it is read. */
static int read_file(const char *path, struct users *u, struct bytes *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err = 0;
	struct stat st;
	size_t len = 0, cap;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0) {
		err = -errno;
		goto out;
	}
	if (st.st_size > PASSWD_MAX) {
		err = -EFBIG;
		goto out;
	}
	cap = (size_t)st.st_size + 4096;
	u->text = malloc(cap);
	if (!u->text) {
		err = -ENOMEM;
		goto out;
	}
	while (len < cap && (n = read(fd, u->text + len, cap - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		err = -errno;
	else if (len == cap)
		err = -EFBIG;
	*text = (struct bytes){(const unsigned char *)u->text, len};
out:
	close(fd);
	return err;
}

static int build(struct users *u, struct bytes text)
{
	u32 cap, lost, slots = 2;

	passwd_parse(text, NULL, 0, &cap);
	while (slots < 2 * cap)
		slots *= 2;
	u->user = calloc(MAX(cap, 1), sizeof(*u->user));
	u->index = calloc(slots, sizeof(*u->index));
	if (!u->user || !u->index)
		return -ENOMEM;
	u->index_mask = slots - 1;
	u->n = passwd_parse(text, u->user, cap, &lost);
	for (u32 i = 0; i < u->n; i++)
		index_add(u, i);
	return 0;
}

int users_load(void)
{
	struct users fresh = {0};
	struct bytes text;
	int err = read_file("/etc/passwd", &fresh, &text);

	if (!err)
		err = build(&fresh, text);
	if (err) {
		users_free(&fresh);	/* what was known before stays */
		return err;
	}
	users_free(&users);
	users = fresh;
	return 0;
}

struct bytes users_name(u32 uid)
{
	const struct users *u = &users;

	if (!u->n)
		return (struct bytes){0};
	for (u32 at = home(u, uid); u->index[at]; at = (at + 1) & u->index_mask)
		if (u->user[u->index[at] - 1].uid == uid)
			return u->user[u->index[at] - 1].name;
	return (struct bytes){0};
}

/* A name that looks like a number is a name first, as chown(1) has it. */
int users_uid(const char *name, u32 *uid)
{
	size_t n = strlen(name);
	struct scan s = {(const unsigned char *)name, (const unsigned char *)name + n};
	u32 v;

	for (u32 i = 0; i < users.n; i++) {
		if (users.user[i].name.n == n && memcmp(users.user[i].name.p, name, n) == 0) {
			*uid = users.user[i].uid;
			return 0;
		}
	}
	if (!n || *name < '0' || *name > '9' || !scan_u32(&s, &v) || s.at != s.end || v == UID_NONE)
		return -ENOENT;
	*uid = v;
	return 0;
}

void users_each(void (*fn)(void *arg, u32 uid, struct bytes name), void *arg)
{
	for (u32 i = 0; i < users.n; i++)
		fn(arg, users.user[i].uid, users.user[i].name);
}
