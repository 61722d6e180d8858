/* proc/reader.c - the child process that reads names.
 *
 * It may block on any process it looks at; nobody waits for it.  It asks the
 * kernel for many command lines in one call where it can (probes/argv.bpf.c),
 * and reads /proc otherwise. */
#include "proc/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "probes/abi.h"
#include "proc/backend.h"
#include "proc/helper.h"
#include "proc/privilege.h"

extern const unsigned char bpf_argv[], bpf_argv_end[];

struct argv_program {
	struct object *object;
	struct argv_req *req;	/* [ARGV_BATCH] */
	u32 *count;
	int fd;			/* -1: not to be had */
};

struct child {
	struct reader_share *share;
	struct argv_program argv;
	int proc_fd;
};

/* Where the next bytes go; NULL when fewer than n are left. */
static char *text_room(struct reader_share *s, u32 n)
{
	return READER_TEXT - s->text_len < n ? NULL : s->text + s->text_len;
}

static struct reader_string text_keep(struct reader_share *s, u32 len)
{
	struct reader_string str = {s->text_len, len};

	s->text_len += len;
	return str;
}

static size_t put_path(char *path, u32 pid, const char *file)
{
	size_t n = put_u64(path, pid), len = strlen(file);

	memcpy(path + n, file, len + 1);
	return n + len;
}

/* All of a file of a process; false when it cannot be read. */
static bool read_file(struct child *c, u32 pid, const char *file, u32 max, struct reader_string *out)
{
	struct reader_share *s = c->share;
	char path[32], *to = text_room(s, max);
	u32 len = 0;
	ssize_t n = -1;
	int fd;

	put_path(path, pid, file);
	if (!to)
		return false;
	fd = openat(c->proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while (len < max && (n = read(fd, to + len, max - len)) > 0)
		len += (u32)n;
	close(fd);
	if (n < 0)
		return false;
	*out = text_keep(s, len);
	return true;
}

static void read_exe(struct child *c, u32 pid, struct reader_string *out)
{
	enum { PATH_BYTES = 4096 };
	char path[32], *to = text_room(c->share, PATH_BYTES);
	ssize_t n;

	put_path(path, pid, "/exe");
	n = to ? readlinkat(c->proc_fd, path, to, PATH_BYTES) : -1;
	if (n > 0)
		*out = text_keep(c->share, (u32)n);
}

/* What a process that wrote its own title over argv shows, as get_mm_cmdline()
 * of fs/proc/base.c does it: the last byte of argv is no NUL any more, so the
 * title ends at the first NUL, which may lie in the environment. */
static u32 title_len(const char *text, u32 len, u64 arg_len)
{
	if (arg_len > len || !arg_len || text[arg_len - 1] == '\0')
		return (u32)MIN(arg_len, len);
	return MIN((u32)strnlen(text, len) + 1, len);
}

/* The rest of a command line longer than one chunk, a chunk at a time. */
static bool read_long(struct child *c, const struct reader_request *r, u64 arg_len,
		      struct reader_string *out)
{
	struct reader_share *s = c->share;
	u32 want = (u32)MIN(arg_len, r->max), len = 0, ret;
	struct argv_req *q = &c->argv.req[0];
	char *to = text_room(s, want);

	if (!to)
		return false;
	while (len < want) {
		q->pid = r->pid;
		q->offset = len;
		*c->argv.count = 1;
		if (bpf_prog_run(c->argv.fd, &ret) || q->status != ARGV_OK || !q->len)
			return false;
		memcpy(to + len, q->data, MIN(q->len, want - len));
		len += MIN(q->len, want - len);
	}
	*out = text_keep(s, len);
	return true;
}

static void set_cmdline(struct reader_answer *a, struct reader_string s)
{
	a->cmdline = s;
	a->state = s.len ? NAME_KNOWN : NAME_NONE;
}

static void answer_from_proc(struct child *c, const struct reader_request *r, struct reader_answer *a)
{
	struct reader_string s = {0};

	a->state = text_room(c->share, r->max) ? NAME_NONE : NAME_UNKNOWN;
	if (read_file(c, r->pid, "/cmdline", r->max, &s))
		set_cmdline(a, s);
}

static void answer_from_kernel(struct child *c, const struct reader_request *r,
			       const struct argv_req *q, struct reader_answer *a)
{
	struct reader_share *s = c->share;
	u32 len = q->len;
	char *to;

	a->state = NAME_NONE;
	if (q->status == ARGV_BUSY)
		a->state = NAME_UNKNOWN;
	/* hidden from BPF, or memory with a hole in it: /proc may know more */
	if (q->status == ARGV_GONE || q->status == ARGV_FAULT)
		answer_from_proc(c, r, a);
	if (q->status != ARGV_OK)
		return;
	if (!text_room(s, (u32)MIN(MAX(q->arg_len, len), r->max))) {
		a->state = NAME_UNKNOWN;	/* there will be room in the next batch */
		return;
	}
	if (q->arg_len > len && len == ARGV_CHUNK) {
		struct reader_string str;

		if (read_long(c, r, q->arg_len, &str))
			set_cmdline(a, str);
		return;
	}
	len = MIN(title_len(q->data, len, q->arg_len), r->max);
	to = text_room(s, len);
	memcpy(to, q->data, len);
	set_cmdline(a, text_keep(s, len));
}

/* Asks for the command lines of requests [from, to) in one call.  The answers
 * are copied out first: a long one needs the array again. */
static void batch_from_kernel(struct child *c, u32 from, u32 to)
{
	static struct argv_req got[ARGV_BATCH];
	struct reader_share *s = c->share;
	u32 ret;

	for (u32 i = from; i < to; i++) {
		struct argv_req *q = &c->argv.req[i - from];

		q->pid = s->req[i].want & NAMES_CMDLINE ? s->req[i].pid : 0;
		q->offset = 0;
	}
	*c->argv.count = to - from;
	if (bpf_prog_run(c->argv.fd, &ret))
		return;
	memcpy(got, c->argv.req, (to - from) * sizeof(got[0]));
	for (u32 i = from; i < to; i++)
		if (s->req[i].want & NAMES_CMDLINE)
			answer_from_kernel(c, &s->req[i], &got[i - from], &s->answer[i]);
}

static void answer_rest(struct child *c, const struct reader_request *r, struct reader_answer *a)
{
	if (r->want & NAMES_EXE)
		read_exe(c, r->pid, &a->exe);
	if (r->want & NAMES_COMM) {
		if (read_file(c, r->pid, "/comm", 256, &a->comm) && a->comm.len)
			a->comm.len--;	/* the newline */
		a->state = NAME_NONE;	/* that a kernel thread has no command line is known */
	}
}

/* Progress is published before each step that may block, so that the parent
 * can tell who is at fault. */
static void publish(u32 *where, u32 value)
{
	__atomic_store_n(where, value, __ATOMIC_RELEASE);
}

/* Room left for what a batch of command lines takes in the usual case. */
static bool text_nearly_full(const struct reader_share *s, u32 max)
{
	return READER_TEXT - s->text_len < max + ARGV_BATCH * ARGV_CHUNK;
}

static void answer_facts(struct child *c, const struct reader_request *r, struct reader_answer *a)
{
	facts_read(c->proc_fd, r->pid, r->facts, &a->facts);
	for (u32 i = 0; i < FACT_TEXTS; i++) {
		struct bytes text = a->facts.text[i];
		char *to = text_room(c->share, (u32)text.n);

		if (!to || !text.n)
			continue;
		memcpy(to, text.p, text.n);
		a->text[i] = text_keep(c->share, (u32)text.n);
	}
}

/* One by one: who blocks is known at once. */
static void answer_all_facts(struct child *c)
{
	struct reader_share *s = c->share;
	u32 n = MIN(s->nreq, READER_REQUESTS);
	u64 spent = 0;

	for (u32 i = 0; i < n && spent < s->budget_ns; i++) {
		publish(&s->first, i);
		publish(&s->last, i + 1);
		answer_facts(c, &s->req[i], &s->answer[i]);
		spent += s->answer[i].facts.cost_ns;
		publish(&s->done, i + 1);
	}
}

static void answer_all_names(struct child *c)
{
	struct reader_share *s = c->share;
	bool kernel = c->argv.fd >= 0;
	u32 n = MIN(s->nreq, READER_REQUESTS), step = kernel ? ARGV_BATCH : 1;

	for (u32 from = 0; from < n; from += step) {
		u32 to = MIN(from + step, n);

		if (from && text_nearly_full(s, s->req[from].max))
			break;
		publish(&s->first, from);
		publish(&s->last, to);
		if (kernel)
			batch_from_kernel(c, from, to);
		for (u32 i = from; i < to; i++) {
			if (!kernel && s->req[i].want & NAMES_CMDLINE)
				answer_from_proc(c, &s->req[i], &s->answer[i]);
			answer_rest(c, &s->req[i], &s->answer[i]);
		}
		publish(&s->done, to);
	}
}

int argv_object_open(struct object **out, struct diag *why)
{
	struct bytes elf = {bpf_argv, (size_t)(bpf_argv_end - bpf_argv)};
	int err = pid_namespace_check(why);

	*out = NULL;
	if (!err)
		err = object_open(out, "argv", elf, why);
	if (!err)
		err = object_load(*out, why);
	if (err) {
		object_close(*out);
		*out = NULL;
	}
	return err;
}

static void answer_all(struct child *c)
{
	c->share->text_len = 0;
	memset(c->share->answer, 0, sizeof(c->share->answer));
	if (c->share->facts)
		answer_all_facts(c);
	else
		answer_all_names(c);
}

static void argv_open(struct argv_program *p)
{
	struct diag why;
	int err = argv_object_open(&p->object, &why);

	p->fd = -1;
	if (!err)
		err = object_mmap(p->object, "argv_requests", ARGV_BATCH * sizeof(*p->req), &p->req);
	if (!err)
		err = object_var(p->object, "argv_count", sizeof(*p->count), &p->count);
	if (!err)
		p->fd = object_prog(p->object, "argv_read", NULL);
}

static _Noreturn void child_main(struct reader_share *share, int fd, pid_t parent)
{
	struct child c = {.share = share};
	char byte;

	fd = helper_settle(fd, parent, "pitstop-names");
	c.proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	privilege_load_begin();		/* a reader that was replaced starts with less */
	argv_open(&c.argv);
	privilege_drop(PRIVILEGE_READ);
	publish(&share->method, c.argv.fd >= 0 ? READER_KERNEL : READER_PROC);
	for (;;) {
		ssize_t n = read(fd, &byte, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n != 1)
			_exit(0);
		answer_all(&c);
		n = share->notify;
		publish(&share->finished, 1);
		if (n && write(fd, &byte, 1) != 1)
			_exit(0);
	}
}

int reader_map(struct reader *r)
{
	void *m = mmap(NULL, sizeof(*r->share), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (m == MAP_FAILED)
		return -errno;
	r->share = m;
	return 0;
}

void reader_unmap(struct reader *r)
{
	if (r->share)
		munmap(r->share, sizeof(*r->share));
	r->share = NULL;
}

int reader_start(struct reader *r)
{
	pid_t parent = getpid(), pid;
	int fd;

	r->share->first = r->share->last = r->share->done = 0;
	r->share->method = READER_NOT_YET;
	pid = helper_fork(&fd);
	if (pid == 0)
		child_main(r->share, fd, parent);
	if (pid < 0)
		return pid;
	r->pid = pid;
	r->fd = fd;
	return 0;
}

u32 reader_stop(struct reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	if (r->pid > 0)
		kill(r->pid, SIGKILL);	/* our own child, not yet waited for */
	r->fd = -1;
	r->pid = 0;
	return reader_reap();
}

u32 reader_reap(void)
{
	u32 n = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		n++;
	return n;
}
