/* proc/inspect.c - what a person asks about one process: the parent's half. */
#include "proc/inspect_child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/act.h"
#include "proc/calls.h"
#include "proc/helper.h"
#include "proc/privilege.h"

enum {
	TEXT_ROOM = 8 << 20,	/* pages that are not written cost nothing */
	LINE_ROOM = 1 << 18,
	QUIET_S = 5,		/* a child that says nothing for so long is given up */
	CALLS_MS = 100,		/* system calls are taken down so often */
	CALLS_LINES = 1 << 15,	/* of them the last are kept: between half of so many and all */
};

/* One mapping, so that nothing has to be allocated while lines come. */
struct inspect {
	enum inspect_kind kind;
	enum inspect_state state;
	struct task_id who;
	pid_t pid;			/* 0: none */
	int fd;				/* -1: no more comes */
	u64 heard_ns;
	u32 len, nline;			/* bytes; whole lines */
	bool cut;
	struct calls *calls;		/* INSPECT_CALLS; fd is of the process then */
	u64 taken_ns;
	u64 dropped;			/* lines of it that are no longer kept */
	u32 begin[LINE_ROOM + 1];	/* begin[nline]: the line that is still coming */
	char text[TEXT_ROOM];
};

/* One that has said its last line is on its way out; any other may be stuck
 * where not even SIGKILL reaches it, and is left to init. */
static void end_child(struct inspect *i)
{
	bool ending = i->state != INSPECT_READING && i->state != INSPECT_STUCK;

	calls_close(i->calls);
	i->calls = NULL;
	if (i->fd >= 0)
		close(i->fd);
	if (i->pid > 0) {
		kill(i->pid, SIGKILL);		/* our own child, not yet waited for */
		waitpid(i->pid, NULL, ending ? 0 : WNOHANG);
	}
	i->fd = -1;
	i->pid = 0;
}

static int start(struct inspect *i)
{
	pid_t parent = getpid(), pid;
	int fd;

	pid = helper_fork(&fd);
	if (pid == 0) {
		fd = helper_settle(fd, parent, "pitstop-inspect");
		privilege_drop(PRIVILEGE_READ);
		inspect_child(fd, i->kind, i->who);
	}
	if (pid < 0)
		return pid;
	i->pid = pid;
	i->fd = fd;
	return 0;
}

static void end_with(struct inspect *i, enum inspect_state state)
{
	i->state = state;
	end_child(i);
}

static void drop_half(struct inspect *i)
{
	u32 n = i->nline / 2, bytes = i->begin[n];

	memmove(i->text, i->text + bytes, i->len - bytes);
	i->len -= bytes;
	i->nline -= n;
	for (u32 k = 0; k <= i->nline; k++)
		i->begin[k] = i->begin[k + n] - bytes;
	i->dropped += n;
}

static void add_line(void *arg, const char *line, size_t n)
{
	struct inspect *i = arg;

	if (i->nline == CALLS_LINES || n >= TEXT_ROOM - i->len)
		drop_half(i);
	memcpy(i->text + i->len, line, n);
	i->text[i->len + n] = 0;
	i->len += (u32)n + 1;
	i->begin[++i->nline] = i->len;
}

/* Why there is nothing stands in the list. */
static void start_calls(struct inspect *i)
{
	struct diag why = {0};
	int err = act_pidfd(i->who);

	if (err >= 0) {
		i->fd = err;
		privilege_load_begin();
		err = calls_open(&i->calls, i->who.pid, &why);
		privilege_load_end();
	}
	if (err >= 0)
		return;
	if (*why.what)
		add_line(i, why.what, strlen(why.what));
	if (*why.hint)
		add_line(i, why.hint, strlen(why.hint));
	end_with(i, err == -ESRCH ? INSPECT_GONE : err == -EPERM ? INSPECT_REFUSED : INSPECT_FAILED);
}

int inspect_open(struct inspect **out, enum inspect_kind kind, struct task_id who)
{
	struct inspect *i = *out;
	int err;

	if (!i) {
		i = mmap(NULL, sizeof(*i), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (i == MAP_FAILED)
			return -errno;
		i->fd = -1;
	}
	end_child(i);
	i->kind = kind;
	i->who = who;
	i->state = INSPECT_READING;
	i->len = i->nline = i->begin[0] = 0;
	i->cut = false;
	i->dropped = 0;
	i->heard_ns = clock_ns(CLOCK_MONOTONIC);
	err = kind == INSPECT_CALLS ? 0 : start(i);
	if (kind == INSPECT_CALLS)
		start_calls(i);
	if (err) {
		inspect_close(i);
		i = NULL;
	}
	*out = i;
	return err;
}

void inspect_close(struct inspect *i)
{
	if (!i)
		return;
	end_child(i);
	munmap(i, sizeof(*i));
}

enum inspect_kind inspect_kind(const struct inspect *i)
{
	return i->kind;
}

struct task_id inspect_who(const struct inspect *i)
{
	return i->who;
}

enum inspect_state inspect_state(const struct inspect *i)
{
	return i->state;
}

int inspect_fd(const struct inspect *i)
{
	return i ? i->fd : -1;
}

u64 inspect_deadline(const struct inspect *i)
{
	if (i && i->calls)
		return i->taken_ns + (u64)CALLS_MS * NSEC_PER_MSEC;
	return i && i->fd >= 0 ? i->heard_ns + (u64)QUIET_S * NSEC_PER_SEC : UINT64_MAX;
}

/* The lines that are whole now.  The last of all says how it went. */
static void split(struct inspect *i, u32 from)
{
	for (u32 at = from; at < i->len && i->state == INSPECT_READING; at++) {
		const char *line = i->text + i->begin[i->nline];

		if (i->text[at])
			continue;
		if (line[0] == INSPECT_END) {
			end_with(i, (enum inspect_state)line[1]);
		} else if (i->nline == LINE_ROOM) {
			i->cut = true;
			end_with(i, INSPECT_DONE);
		} else {
			i->begin[++i->nline] = at + 1;
		}
	}
}

static bool receive_calls(struct inspect *i, u64 now_ns)
{
	struct pollfd gone = {.fd = i->fd, .events = POLLIN};
	bool ended = poll(&gone, 1, 0) > 0;

	if (!ended && now_ns < inspect_deadline(i))
		return false;
	i->taken_ns = now_ns;
	calls_take(i->calls, add_line, i);
	if (ended)
		end_with(i, INSPECT_GONE);
	return true;
}

bool inspect_receive(struct inspect *i, u64 now_ns)
{
	bool changed = false;

	if (i->calls)
		return receive_calls(i, now_ns);

	while (i->fd >= 0) {
		u32 room = TEXT_ROOM - i->len, from = i->len;
		ssize_t n = room ? read(i->fd, i->text + i->len, room) : 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		changed = true;
		i->heard_ns = now_ns;
		if (n > 0) {
			i->len += (u32)n;
			split(i, from);
		} else {	/* no room, or it died before its last line */
			i->cut = !room;
			end_with(i, room ? INSPECT_FAILED : INSPECT_DONE);
		}
	}
	if (now_ns < inspect_deadline(i))
		return changed;
	end_with(i, INSPECT_STUCK);
	return true;
}

u32 inspect_lines(const struct inspect *i)
{
	return i->nline + (i->calls ? calls_waiting(i->calls) : 0);
}

void inspect_stop(struct inspect *i, bool stop)
{
	if (i && i->calls)
		calls_stop(i->calls, stop);
}

u64 inspect_dropped(const struct inspect *i)
{
	return i->dropped;
}

u64 inspect_lost(const struct inspect *i)
{
	return i->calls ? calls_lost(i->calls) : 0;
}

struct bytes inspect_line(const struct inspect *i, u32 line)
{
	if (line >= i->nline && i->calls)
		return calls_waiting_line(i->calls, line - i->nline);
	if (line >= i->nline)
		return (struct bytes){0};
	return (struct bytes){(const unsigned char *)i->text + i->begin[line],
			      i->begin[line + 1] - i->begin[line] - 1};
}

bool inspect_cut(const struct inspect *i)
{
	return i->cut;
}
