/* tests/unit/test_names.c - the table of names, and the child that reads them:
 * by BPF, and from /proc when BPF is not permitted. */
#include "proc/names.h"
#include "proc/settle.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TASKS = 4096, PATIENCE_S = 30 };	/* as long as it takes, but not for ever */

static bool same(struct bytes got, const char *want, size_t n)
{
	return got.n == n && (!n || !memcmp(got.p, want, n));
}

/* ---- the table -------------------------------------------------------- */

static struct names *names;
static struct task_table tables[2];
static u32 cur;

static void open_table(void)
{
	CHECK_EQ(names_new(&names), 0);
	CHECK_EQ(task_table_init(&tables[0], TASKS), 0);
	CHECK_EQ(task_table_init(&tables[1], TASKS), 0);
}

static void close_table(void)
{
	names_free(names);
	task_table_free(&tables[0]);
	task_table_free(&tables[1]);
}

static struct task *add(u32 pid, u64 start, u64 exec_id)
{
	struct task *t = task_table_add(&tables[cur], pid);

	t->tgid = pid;
	t->start_boot_ns = start;
	t->exec_id = exec_id;
	t->name = TASK_NONE;
	t->state = 'S';
	return t;
}

/* From here on, what is added belongs to the next sample. */
static void next_sample(void)
{
	cur = !cur;
	task_table_reset(&tables[cur]);
}

static int update(void)
{
	bool moved;

	return settle_tasks(&tables[cur], &tables[!cur], names, &moved);
}

static const struct name *name_of(u32 pid)
{
	u32 at = task_table_find(&tables[cur], pid, 0);

	return at == TASK_NONE ? NULL : names_get(names, tables[cur].task[at].name);
}

/* Who ended is gone after so many rounds, however long it had been passed over before. */
static void test_linger(void)
{
	const struct name title = {.state = NAME_KNOWN, .cmdline = BYTES_LIT("it\0")};
	struct task *a, *b;

	open_table();
	names_linger(names, 3);
	a = add(1, 1, 1);
	b = add(2, 1, 1);
	CHECK(!update());
	CHECK(!names_put(names, b, &title));
	for (u32 i = 0; i < 10; i++) {
		(void)!names_begin(names);
		names_end(names, 2);
	}
	for (u32 i = 0; i < 6; i++) {
		const struct name *n;

		(void)!names_begin(names);
		CHECK(!names_step(names, a));
		names_end(names, 0);
		n = names_get(names, b->name);
		CHECK_ROW(i, i < 3 ? n && same(n->cmdline, "it\0", 3) : !n);
	}
	close_table();
}

static void test_put(void)
{
	static const struct name rows[] = {
		{.state = NAME_KNOWN, .cmdline = BYTES_LIT("/bin/sh\0-c\0true\0"), .exe = BYTES_LIT("/bin/dash")},
		{.state = NAME_KNOWN, .cmdline = BYTES_LIT("x")},
		{.state = NAME_NONE, .comm = BYTES_LIT("kworker/u8:2-events_unbound")},
		{.state = NAME_STUCK},
	};

	open_table();
	for (u32 i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, names_put(names, add(i + 1, 7, 8), &rows[i]), 0);
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		const struct name *n = name_of(i + 1);

		CHECK_ROW(i, n != NULL);
		if (!n)
			continue;
		CHECK_EQ_ROW(i, n->pid, i + 1);
		CHECK_EQ_ROW(i, n->start_boot_ns, 7);
		CHECK_EQ_ROW(i, n->exec_id, 8);
		CHECK_EQ_ROW(i, n->state, rows[i].state);
		CHECK_ROW(i, same(n->cmdline, (const char *)rows[i].cmdline.p, rows[i].cmdline.n));
		CHECK_ROW(i, same(n->exe, (const char *)rows[i].exe.p, rows[i].exe.n));
		CHECK_ROW(i, same(n->comm, (const char *)rows[i].comm.p, rows[i].comm.n));
	}
	CHECK(!names_get(names, TASK_NONE) && !names_get(names, 1000) && !names_get(NULL, 0));
	CHECK(names_idle(names) && names_fd(names) == -1 && !names_child(names));
	CHECK_EQ(names_deadline(names), UINT64_MAX);
	CHECK_STR(names_method(names), "none");
	names_refresh(names, &(struct task){.name = 0});	/* nobody to ask */
	names_refresh(names, &(struct task){.name = TASK_NONE});
	names_send(names);
	CHECK(!names_receive(names, 1) && names_idle(names));
	close_table();
	names_free(NULL);
}

/* Entries follow their process; those of ended ones are used again. */
static void test_forget(void)
{
	struct name n = {.state = NAME_KNOWN, .cmdline = BYTES_LIT("stays\0")};
	u32 stays, ends, thread;

	open_table();
	next_sample();
	CHECK_EQ(names_put(names, add(1, 10, 1), &n), 0);
	CHECK_EQ(names_put(names, add(2, 20, 1), &n), 0);
	stays = tables[cur].task[0].name;
	ends = tables[cur].task[1].name;
	next_sample();			/* 1 stays, 2 ended and the pid is another's, 3 is new */
	add(3, 30, 1);
	add(2, 21, 1);
	add(1, 10, 1);
	thread = tables[cur].n;
	*task_table_add(&tables[cur], 11) = (struct task){.pid = 11, .tgid = 1, .thread = true};
	*task_table_add(&tables[cur], 91) = (struct task){.pid = 91, .tgid = 90, .thread = true};
	CHECK_EQ(update(), 0);
	CHECK_EQ(tables[cur].task[2].name, stays);
	CHECK(name_of(1) && same(name_of(1)->cmdline, "stays\0", 6));
	CHECK(name_of(2) && !name_of(2)->cmdline.n && name_of(2)->start_boot_ns == 21);
	CHECK_EQ(tables[cur].task[thread].name, stays);
	CHECK_EQ(tables[cur].task[thread + 1].name, TASK_NONE);
	CHECK(!names_get(names, ends));
	next_sample();
	add(1, 10, 1);
	add(4, 40, 1);
	CHECK_EQ(update(), 0);
	CHECK_EQ(tables[cur].task[0].name, stays);
	CHECK(tables[cur].task[1].name <= 3);	/* one of the three that are free now */
	close_table();
}

/* A title of its own for every (pid, start): some bytes, some kibibytes. */
static size_t make_title(char *to, u32 pid, u64 start)
{
	size_t n = (pid * 37 + start * 101) % 700 + (pid % 97 ? 1 : 20000);

	for (size_t i = 0; i < n; i++)
		to[i] = (char)('a' + (pid + start + i) % 26);
	return n;
}

/* Marks with have those that need a name. */
static void add_some(u32 round, u32 first, u32 last)
{
	for (u32 pid = first; pid < last; pid++) {
		u64 start = (round + pid) / 5;	/* another process every fifth round */
		u32 before = task_table_find(&tables[!cur], pid, 0);
		struct task *t = add(pid, start, 1);

		t->have = before == TASK_NONE || tables[!cur].task[before].start_boot_ns != start;
	}
}

static void put_new(void)
{
	static char title[32768];

	for (u32 i = 0; i < tables[cur].n; i++) {
		struct task *t = &tables[cur].task[i];
		struct name n = {.state = NAME_KNOWN};

		if (!t->have)
			continue;
		t->have = 0;
		n.cmdline = (struct bytes){(unsigned char *)title, make_title(title, t->pid, t->start_boot_ns)};
		n.exe = (struct bytes){n.cmdline.p, n.cmdline.n / 2};
		CHECK_EQ(names_put(names, t, &n), 0);
	}
}

static u32 count_wrong(void)
{
	static char title[32768];
	u32 wrong = 0;

	for (u32 i = 0; i < tables[cur].n; i++) {
		const struct task *t = &tables[cur].task[i];
		const struct name *n = names_get(names, t->name);
		size_t len = make_title(title, t->pid, t->start_boot_ns);

		wrong += !n || !same(n->cmdline, title, len) || !same(n->exe, title, len / 2);
	}
	return wrong;
}

/* Thousands come and go: the strings are moved, the room grows when they need
 * it, and whoever lives keeps the right one. */
static void test_compaction(void)
{
	enum { ROUNDS = 120 };

	open_table();
	for (u32 round = 0; round < ROUNDS; round++) {
		u32 first = 1 + round * 13 % 500, n = round < 60 ? 500 : 3000;

		next_sample();
		add_some(round, first, first + n);
		CHECK_EQ_ROW(round, update(), 0);
		put_new();
		CHECK_EQ_ROW(round, count_wrong(), 0);
	}
	next_sample();
	CHECK_EQ(update(), 0);
	for (u32 id = 0; id < 10; id++)
		CHECK_ROW(id, !names_get(names, id));
	close_table();
}

/* ---- live ------------------------------------------------------------- */

/* A live test runs in a process of its own: the reader's owner waits for any
 * child, and capabilities that are gone do not come back.  It counts what went
 * wrong and says it on standard output. */
static u32 wrong;

#define WANT(c)		want((c), __LINE__, #c)

static void want(bool ok, int line, const char *what)
{
	if (ok)
		return;
	wrong++;
	printf("# %s:%d: %s: %s\n", __FILE__, line, names ? names_method(names) : "", what);
}

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * NSEC_PER_SEC + (u64)t.tv_nsec;
}

/* One turn of the loop of a monitor. */
static void turn(void)
{
	struct pollfd p = {.fd = names_fd(names), .events = POLLIN};

	names_send(names);
	poll(&p, 1, 20);
	names_receive(names, now_ns());
}

/* The same processes, a moment later: who was too busy is asked again. */
static void sample_again(void)
{
	const struct task_table *before = &tables[cur];

	next_sample();
	for (u32 i = 0; i < before->n; i++)
		*task_table_add(&tables[cur], before->task[i].pid) = before->task[i];
	WANT(!update());
}

static bool wait_known(u32 pid)
{
	u64 end = now_ns() + PATIENCE_S * (u64)NSEC_PER_SEC;

	while (name_of(pid) && name_of(pid)->state == NAME_UNKNOWN && now_ns() < end) {
		turn();
		if (name_of(pid)->state == NAME_UNKNOWN)
			sample_again();
	}
	return name_of(pid) && name_of(pid)->state != NAME_UNKNOWN;
}

/* What /proc says, of a file or a link. */
static size_t proc_says(char *to, size_t cap, u32 pid, const char *file)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, file);
	n = readlink(path, to, cap);
	if (n >= 0)
		return (size_t)n;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, to, cap);
	if (fd >= 0)
		close(fd);
	return n < 0 ? 0 : (size_t)n;
}

static bool cmdline_is_procs(u32 pid)
{
	char buf[8192];
	size_t n = proc_says(buf, sizeof(buf), pid, "cmdline");

	return n && name_of(pid) && same(name_of(pid)->cmdline, buf, n);
}

/* A child that obeys bytes: 'x' exec sleep, 'b' exec a shell with much behind it, 't'
 * and 'l' write a title over its arguments, a short one and one longer than they are. */
struct puppet {
	pid_t pid;
	int to, from;
};

static void write_title(bool longer)
{
	unsigned long start = 0, end = 0;
	char stat[2048], *at;
	size_t n = proc_says(stat, sizeof(stat) - 1, (u32)getpid(), "stat");

	stat[n] = '\0';
	at = strrchr(stat, ')');
	for (u32 field = 2; at && field < 48; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, "%lu %lu", &start, &end) != 2 || end <= start)
		_exit(1);
	n = end - start;
	memset((void *)start, longer ? 'L' : '\0', longer ? n + 7 : n);
	memcpy((void *)start, "me", 2);
	if (longer)
		((char *)start)[n + 7] = '\0';
}

/* Becomes a shell that waits, with 5 MB of arguments. */
static _Noreturn void exec_long(void)
{
	enum { ARGS = 50, ARG = 100000 };
	static char sh[] = "sh", c[] = "-c", script[] = "read never", arg[ARG + 1];
	static char *argv[ARGS + 4] = {sh, c, script};
	struct rlimit room;
	int in[2];

	memset(arg, 'x', ARG);
	for (u32 i = 3; i < 3 + ARGS; i++)
		argv[i] = arg;
	if (getrlimit(RLIMIT_STACK, &room))
		_exit(1);
	room.rlim_cur = MIN((rlim_t)64 << 20, room.rlim_max);
	if (setrlimit(RLIMIT_STACK, &room) || pipe(in) || dup2(in[0], 0))
		_exit(1);
	execvp("sh", argv);
	_exit(1);
}

static _Noreturn void puppet_main(int in, int out)
{
	char c;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(in, &c, 1) == 1) {
		if (c == 'b')
			exec_long();
		if (c == 'x')
			execlp("sleep", "sleep", "100000", (char *)NULL);
		write_title(c == 'l');
		if (write(out, &c, 1) != 1)
			break;
	}
	_exit(1);
}

static struct puppet puppet_start(void)
{
	int down[2], up[2];
	struct puppet p = {-1, -1, -1};

	if (pipe2(down, O_CLOEXEC) || pipe2(up, O_CLOEXEC))
		return p;
	p.pid = fork();
	if (p.pid == 0)
		puppet_main(down[0], up[1]);
	close(down[0]);
	close(up[1]);
	p.to = down[1];
	p.from = up[0];
	return p;
}

/* Returns once it is done: exec closes the pipe. */
static void puppet_do(const struct puppet *p, char c)
{
	(void)!write(p->to, &c, 1);
	(void)!read(p->from, &c, 1);
}

/* An exec closes the pipe before the new arguments are in their place. */
static void wait_exec(u32 pid, const char *name)
{
	u64 end = now_ns() + PATIENCE_S * (u64)NSEC_PER_SEC;
	char buf[64] = "";

	while ((proc_says(buf, sizeof(buf), pid, "cmdline") <= strlen(name) || strcmp(buf, name)) && now_ns() < end)
		usleep(1000);
}

static void puppet_end(struct puppet *p)
{
	close(p->to);
	close(p->from);
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
}

static void live_self(void)
{
	char buf[4096];
	u32 self = (u32)getpid();
	size_t n;

	add(self, 1, 1);
	add(2, 1, 1)->kernel = true;
	add(4000000, 1, 1);	/* has just ended */
	WANT(!update());
	WANT(wait_known(self) && name_of(self)->state == NAME_KNOWN);
	WANT(cmdline_is_procs(self));
	n = proc_says(buf, sizeof(buf), self, "exe");
	WANT(n && same(name_of(self)->exe, buf, n));
	WANT(wait_known(2) && name_of(2)->state == NAME_NONE && !name_of(2)->cmdline.n);
	n = proc_says(buf, sizeof(buf), 2, "comm");
	WANT(n ? same(name_of(2)->comm, buf, n - 1) : !name_of(2)->comm.n);
	WANT(wait_known(4000000) && name_of(4000000)->state == NAME_NONE);
	/* the last answer is there before the batch is known to be over */
	names_wait(names, now_ns() + PATIENCE_S * (u64)NSEC_PER_SEC, true);
	WANT(names_idle(names));
}

static void live_exec(void)
{
	struct puppet p = puppet_start();
	u32 pid = (u32)p.pid;

	add(pid, 1, 1);
	WANT(!update());
	WANT(wait_known(pid) && cmdline_is_procs(pid));
	puppet_do(&p, 'x');
	wait_exec(pid, "sleep");
	sample_again();
	WANT(!cmdline_is_procs(pid));	/* nobody has told us yet */
	tables[cur].task[0].exec_id = 2;
	sample_again();
	WANT(name_of(pid)->state == NAME_UNKNOWN);
	WANT(wait_known(pid));
	WANT(same(name_of(pid)->cmdline, "sleep\0" "100000\0", 13));
	puppet_end(&p);
}

static void refresh(u32 pid)
{
	u64 end = now_ns() + PATIENCE_S * (u64)NSEC_PER_SEC;

	names_refresh(names, &tables[cur].task[task_table_find(&tables[cur], pid, 0)]);
	do
		turn();
	while (!names_idle(names) && now_ns() < end);
}

static void live_title(void)
{
	struct puppet p = puppet_start();
	u32 pid = (u32)p.pid;

	add(pid, 1, 1);
	WANT(!update());
	WANT(wait_known(pid));
	puppet_do(&p, 't');
	refresh(pid);
	WANT(same(name_of(pid)->cmdline, "me\0", 3) || name_of(pid)->cmdline.n > 3);
	WANT(cmdline_is_procs(pid));
	puppet_do(&p, 'l');
	tables[cur].task[0].exact = true;	/* it has not run, so it has no other title */
	tables[cur].task[0].runtime_ns = 7;
	refresh(pid);
	WANT(name_of(pid)->cmdline.n > 9 && !memcmp(name_of(pid)->cmdline.p, "meLL", 4));
	puppet_do(&p, 't');
	refresh(pid);
	WANT(!memcmp(name_of(pid)->cmdline.p, "meLL", 4) && !cmdline_is_procs(pid));
	tables[cur].task[0].runtime_ns = 8;
	refresh(pid);
	WANT(memcmp(name_of(pid)->cmdline.p, "meLL", 4) && cmdline_is_procs(pid));
	puppet_end(&p);
}

/* Many processes at once, more than a batch. */
static void live_many(void)
{
	enum { MANY = 600 };
	static struct puppet p[MANY];
	u32 bad = 0;

	for (u32 i = 0; i < MANY; i++) {
		p[i] = puppet_start();
		close(p[i].from);
		p[i].from = -1;
		add((u32)p[i].pid, 1, 1);
	}
	WANT(!update());
	for (u32 i = 0; i < MANY; i++)
		bad += !wait_known((u32)p[i].pid) || !cmdline_is_procs((u32)p[i].pid);
	WANT(bad == 0);
	for (u32 i = 0; i < MANY; i++)
		puppet_end(&p[i]);
}

/* As after a walk that found nothing new about anybody. */
static void sample_unchanged(void)
{
	const struct task_table *before = &tables[cur];

	next_sample();
	for (u32 i = 0; i < before->n; i++) {
		*task_table_add(&tables[cur], before->task[i].pid) = before->task[i];
		tables[cur].changed[i] = 1;
	}
	tables[cur].walk = before->walk + 1;
	tables[cur].moved = 1;
	tables[cur].left = before->walk;
	WANT(!update());
}

/* Who sleeps is passed over, but not while an answer is due that had no room. */
static void live_no_room(void)
{
	u64 end = now_ns() + PATIENCE_S * (u64)NSEC_PER_SEC;
	struct puppet p[2];

	for (u32 i = 0; i < 2; i++) {
		p[i] = puppet_start();
		puppet_do(&p[i], 'b');
		wait_exec((u32)p[i].pid, "sh");
		add((u32)p[i].pid, 1, 1);
	}
	tables[cur].walk = 1;
	WANT(!update());
	for (u32 i = 0; i < 2; i++) {
		u32 pid = (u32)p[i].pid;

		while (name_of(pid)->state == NAME_UNKNOWN && now_ns() < end) {
			turn();
			sample_unchanged();
		}
		WANT(name_of(pid)->state == NAME_KNOWN && name_of(pid)->cmdline.n > 5000000);
	}
	for (u32 i = 0; i < 2; i++)
		puppet_end(&p[i]);
}

/* The reader no longer gets on, or is gone: another takes its place. */
static void live_reader(int signo, bool busy, u32 times)
{
	u32 self = (u32)getpid(), reader;

	add(self, 1, 1);
	WANT(!update());
	WANT(wait_known(self));
	for (u32 i = 0; i < times; i++) {
		u64 end = now_ns() + PATIENCE_S * (u64)NSEC_PER_SEC;

		reader = names_child(names);
		WANT(reader != 0);
		if (!reader)
			return;
		kill((pid_t)reader, SIGSTOP);	/* so that it cannot be done before */
		tables[cur].task[0].exec_id++;
		sample_again();
		if (busy)
			names_send(names);
		kill((pid_t)reader, signo);
		while (names_child(names) == reader && now_ns() < end) {
			turn();
			sample_again();
		}
		WANT(names_child(names) != reader);
		WANT(wait_known(self) && cmdline_is_procs(self));
	}
}

static void live_stopped(void)
{
	live_reader(SIGSTOP, true, 10);
}

static void live_killed(void)
{
	live_reader(SIGKILL, true, 10);
}

static void live_killed_idle(void)
{
	live_reader(SIGKILL, false, 2);
}

/* ---- both ways -------------------------------------------------------- */

enum { CAPS_OF_BPF = 1 << (38 - 32) | 1 << (39 - 32), CAP_SYS_ADMIN_BIT = 1 << 21 };

static bool drop_bpf(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		return false;
	data[0].permitted &= ~(u32)CAP_SYS_ADMIN_BIT;
	data[1].permitted &= ~(u32)CAPS_OF_BPF;
	for (u32 i = 0; i < 2; i++) {
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	return !syscall(SYS_capset, &head, data);
}

static _Noreturn void live_main(void (*body)(void), bool kernel)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	names = NULL;
	wrong = 0;
	if (!kernel && !drop_bpf())
		_exit(2);
	open_table();
	next_sample();
	WANT(!names_start(names, NAMES_CMDLINE | NAMES_EXE | NAMES_COMM));
	WANT(names_child(names) != 0);
	body();
	if (!kernel)
		WANT(strcmp(names_method(names), "kernel") != 0);
	close_table();
	fflush(stdout);
	_exit(wrong ? 1 : 0);
}

static void run_live(void (*body)(void))
{
	for (u32 kernel = 0; kernel < 2; kernel++) {
		int status = -1;
		pid_t pid;

		if (kernel && geteuid() != 0)
			continue;	/* /proc once is enough */
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			live_main(body, kernel);
		CHECK_ROW(kernel, pid > 0 && waitpid(pid, &status, 0) == pid);
		CHECK_EQ_ROW(kernel, status, 0);
	}
}

#define LIVE(what) \
	static void test_##what(void) \
	{ \
		run_live(live_##what); \
	}

LIVE(self)
LIVE(exec)
LIVE(title)
LIVE(many)
LIVE(no_room)
LIVE(stopped)
LIVE(killed)
LIVE(killed_idle)

TESTS(names,
	{"put and get", test_put},
	{"forget", test_forget},
	{"linger", test_linger},
	{"compaction", test_compaction},
	{"own name, a kernel thread's, nobody's", test_self},
	{"exec", test_exec},
	{"setproctitle", test_title},
	{"many", test_many},
	{"no room for an answer", test_no_room},
	{"reader stopped", test_stopped},
	{"reader killed at work", test_killed},
	{"reader killed idle", test_killed_idle})
