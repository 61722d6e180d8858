/* proc/resident.c - see proc/resident.h. */
#include "proc/resident.h"
#include "proc/privilege.h"
#include "proc/procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	OOM_LEAST = -1000,		/* OOM_SCORE_ADJ_MIN, linux/oom.h */
	SMALL = 1 << 20,
	MAPS_ROOM = 8192,
	STACK_DEEP = 64 << 10,		/* what calls take, signals included */
	LOCK_ONFAULT_ = 1,		/* MLOCK_ONFAULT, Linux 4.4 */
};

static const char oom_file[] = "/proc/self/oom_score_adj";
static s32 child_score;
static bool child_has_score;

/* ---- the OOM killer -------------------------------------------------------- */

static int oom_read(s32 *score)
{
	char buf[16];
	struct bytes text;
	int err = procfile_read_at(-1, oom_file, buf, sizeof(buf) - 1, &text);

	if (err)
		return err;
	buf[text.n] = 0;
	*score = (s32)strtol(buf, NULL, 10);
	return 0;
}

static int oom_write(s32 score)
{
	char text[16] = "-";
	size_t n = score < 0;
	int fd = open(oom_file, O_WRONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	n += put_u64(text + n, (u64)(score < 0 ? -(s64)score : score));
	err = write(fd, text, n) < 0 ? -errno : 0;
	close(fd);
	return err;
}

static void oom_lower(struct resident *r)
{
	r->oom_err = oom_read(&r->oom_before);
	r->oom_score_adj = r->oom_before;
	if (!r->oom_err && r->oom_before > OOM_LEAST)
		r->oom_err = oom_write(OOM_LEAST);
	if (r->oom_err)
		return;
	r->oom_score_adj = OOM_LEAST;
	child_score = r->oom_before;
	child_has_score = true;
}

void resident_child(void)
{
	if (child_has_score)
		(void)!oom_write(child_score);
	child_has_score = false;
}

/* ---- pages ------------------------------------------------------------------ */

struct mapping {
	unsigned char *p;
	size_t n;
	bool write;
};

/* "55557bb84000-55557bb85000 rw-p 00000000 00:00 0    [heap]".  False: it is none that can go
 * away: the kernel's own, those that nobody may read, and shared ones, which are BPF maps and
 * what only the reader of names writes to. */
static bool mapping_of(const char *line, size_t n, struct mapping *m)
{
	char *at;
	u64 from = strtoul(line, &at, 16), to = *at == '-' ? strtoul(at + 1, &at, 16) : 0;

	if (to <= from || line + n - at < 6 || at[1] != 'r' || at[4] != 'p')
		return false;
	*m = (struct mapping){(unsigned char *)(uintptr_t)from, (size_t)(to - from), at[2] == 'w'};
	return !memmem(at, (size_t)(line + n - at), " [v", 3);
}

/* All of a page: what a sanitizer fences in, too. */
__attribute__((no_sanitize("address")))
static void touch(const struct mapping *m)
{
	size_t page = (size_t)page_size();

	for (size_t i = 0; i < m->n; i += page) {
		volatile unsigned char *p = m->p + i;

		if (m->write)
			*p = *p;
		else
			(void)*p;
	}
}

struct locking {
	struct resident *r;
	u64 spare;
	const unsigned char *sparse;
	bool large;		/* this round is of the large ones, else of the others */
};

/* What is there is locked as it is, which takes no memory; then the rest of it
 * is touched, if that can be spared. */
static void lock(struct locking *l, const struct mapping *m)
{
	struct resident *r = l->r;
	long err;

	if ((m->n > SMALL) != l->large)
		return;
	err = syscall(SYS_mlock2, m->p, m->n, LOCK_ONFAULT_) ? -errno : 0;
	if (l->sparse >= m->p && l->sparse < m->p + m->n)
		return;
	r->wanted += m->n;
	if (err == -ENOSYS || err == -EINVAL)
		err = m->n > l->spare ? -ENOSPC : mlock(m->p, m->n) ? -errno : 0;
	if (!err && m->n > l->spare)
		err = -ENOSPC;
	if (err) {
		r->lock_err = r->lock_err ? r->lock_err : (int)err;
		return;
	}
	touch(m);
	l->spare -= m->n;
	r->locked += m->n;
}

/* Line by line: the file may be longer than any room. */
static int each_mapping(struct locking *l)
{
	char buf[MAPS_ROOM];
	size_t len = 0;
	ssize_t n;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while ((n = read(fd, buf + len, sizeof(buf) - len)) > 0) {
		char *from = buf, *end;

		len += (size_t)n;
		while ((end = memchr(from, '\n', (size_t)(buf + len - from)))) {
			struct mapping m;

			if (mapping_of(from, (size_t)(end - from), &m))
				lock(l, &m);
			from = end + 1;
		}
		len = (size_t)(buf + len - from);
		memmove(buf, from, len);
	}
	close(fd);
	return n < 0 ? -errno : 0;
}

/* The stack's mapping grows when it is touched below: first, so that it is locked. */
static __attribute__((noinline)) void deepen_stack(size_t left)
{
	volatile char page[4096];

	page[0] = 0;
	if (left > sizeof(page))
		deepen_stack(left - sizeof(page));
	page[1] = page[0];
}

void resident_begin(struct resident *r, u64 spare, const void *sparse)
{
	struct locking l = {.r = r, .spare = spare, .sparse = sparse};
	int err;

	*r = (struct resident){.on = true};
	deepen_stack(STACK_DEEP);
	privilege_load_begin();
	err = each_mapping(&l);
	l.large = true;
	if (!err)
		err = each_mapping(&l);
	oom_lower(r);
	privilege_load_end();
	r->lock_err = r->lock_err ? r->lock_err : err;
}

void resident_end(struct resident *r)
{
	if (!r->on)
		return;
	munlockall();
	if (!r->oom_err)
		(void)!oom_write(r->oom_before);	/* higher is always allowed */
	child_has_score = false;
	*r = (struct resident){0};
}
