/* ui/term.c - taking the terminal and giving it back, on every way out.
 *
 * There is one terminal, and signal handlers must reach it: hence the only
 * state of the ui/ room that is not passed around.  ISIG is off: Ctrl-C and
 * Ctrl-Z are keys, so that pasted text that holds their bytes does nothing. */
#include "ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* What is switched on, and its mirror image; constants, so that a crash handler
 * can write them.
 *	1049		alternate screen (xterm ctlseqs)
 *	25, 7		cursor shown, DECAWM auto-wrap (DEC private modes)
 *	1000, 1006	mouse presses, SGR coordinates (xterm ctlseqs)
 *	2004		bracketed paste (xterm ctlseqs)
 *	2026		synchronized output: a frame may have been cut off
 *	SGR 0, ED 2, EL, CUP: ECMA-48 8.3.117, 8.3.39, 8.3.41, 8.3.21 */
#define ENTER_PLAIN	"\033[?25l\033[?7l\033[m\033[H\033[2J"
#define ENTER_FULL	"\033[?1049h" ENTER_PLAIN "\033[?2004h"
#define ENTER_MOUSE	"\033[?1000h\033[?1006h"
#define LEAVE_MOUSE	"\033[?1006l\033[?1000l"
#define LEAVE_PLAIN	"\033[?7h\033[?25h\033[m\033[999;1H\r\n\033[K"
#define LEAVE_FULL	"\033[?2026l" LEAVE_MOUSE "\033[?2004l\033[?7h\033[?25h\033[m\033[?1049l"

#define TEXT(s)		{("" s), sizeof(s) - 1}

struct text {
	const char *p;
	size_t n;
};

enum profile { PLAIN, FULL, FULL_MOUSE };

static const struct {
	struct text enter, leave;
} profiles[] = {
	[PLAIN] = {TEXT(ENTER_PLAIN), TEXT(LEAVE_PLAIN)},
	[FULL] = {TEXT(ENTER_FULL), TEXT(LEAVE_FULL)},
	[FULL_MOUSE] = {TEXT(ENTER_FULL ENTER_MOUSE), TEXT(LEAVE_FULL)},
};

struct family {
	const char *prefix;
	enum color_depth depth;
	bool full;		/* alternate screen, mouse, paste, synchronized output */
	bool ascii;		/* its font has little else */
};

/* What a TERM that begins like this can do; the first row that fits counts.
 * Anything else gets what a VT100 understood. */
static const struct family families[] = {
	{"linux",     COLOR_8,    false, true},	/* 256 or 512 glyphs */
	{"vte",       COLOR_16,   true,  false},
	{"vt",        COLOR_NONE, false, true},
	{"ansi",      COLOR_8,    false, true},
	{"cons25",    COLOR_8,    false, true},
	{"xterm",     COLOR_16,   true,  false},
	{"screen",    COLOR_16,   true,  false},
	{"tmux",      COLOR_16,   true,  false},
	{"rxvt",      COLOR_16,   true,  false},
	{"alacritty", COLOR_256,  true,  false},
	{"foot",      COLOR_256,  true,  false},
	{"kitty",     COLOR_256,  true,  false},
	{"ghostty",   COLOR_256,  true,  false},
	{"wezterm",   COLOR_256,  true,  false},
	{"contour",   COLOR_256,  true,  false},
	{"mintty",    COLOR_256,  true,  false},
	{"gnome",     COLOR_16,   true,  false},
	{"vscode",    COLOR_256,  true,  false},
	{"konsole",   COLOR_16,   true,  false},
	{"putty",     COLOR_16,   true,  false},
	{"st-",       COLOR_16,   true,  false},
	{"Eterm",     COLOR_8,    true,  false},
	{"mlterm",    COLOR_16,   true,  false},
	{"nsterm",    COLOR_16,   true,  false},
	{"iterm",     COLOR_16,   true,  false},
	{"cygwin",    COLOR_8,    false, false},
};

static struct termios saved;
static int tty_fd = -1;
static int wake[2] = {-1, -1};		/* pipe: handlers write, poll(2) reads */
static volatile sig_atomic_t raw;	/* the terminal is ours */
static volatile sig_atomic_t profile;
static volatile sig_atomic_t came[NSIG];

/* --- what the terminal is -------------------------------------------------- */

static const char *env(const char *name)
{
	const char *v = getenv(name);

	return v ? v : "";
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static struct family family_of(const char *term)
{
	struct family f = {"", COLOR_NONE, false, false};
	bool rich = ends_with(term, "-256color") || ends_with(term, "-direct");

	f.full = rich;			/* a newcomer that says so is a modern one */
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		if (strncmp(term, families[i].prefix, strlen(families[i].prefix)) != 0)
			continue;
		f = families[i];
		break;
	}
	if (f.full && (rich || (*f.prefix && *env("COLORTERM"))))
		f.depth = COLOR_256;
	if (f.full && (!strcmp(env("COLORTERM"), "truecolor") || !strcmp(env("COLORTERM"), "24bit")))
		f.depth = COLOR_TRUE;
	return f;
}

static bool is_dumb(const char *term)
{
	return !*term || !strcmp(term, "dumb");
}

static enum color_depth depth_of(const char *term, const struct term_options *opt)
{
	enum color_depth known = is_dumb(term) ? COLOR_NONE : family_of(term).depth;

	if (opt->color_set)
		return opt->color ? MAX(known, COLOR_8) : COLOR_NONE;
	return *env("NO_COLOR") ? COLOR_NONE : known;
}

/* Only C, POSIX, or a charset that is named and is not UTF-8 mean ASCII.  No
 * locale at all (containers, initramfs) is a modern terminal more often than
 * not, so there TERM decides. */
static bool locale_ascii(bool plain_term)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *v = "", *charset;

	for (size_t i = 0; i < ARRAY_LEN(names) && !*v; i++)
		v = env(names[i]);
	if (!*v)
		return plain_term;
	charset = strchr(v, '.');
	if (!charset)
		return !strcmp(v, "C") || !strcmp(v, "POSIX");
	return strncasecmp(charset, ".UTF-8", 6) != 0 && strncasecmp(charset, ".UTF8", 5) != 0;
}

void term_detect(struct term *t, const struct term_options *opt)
{
	struct family f = family_of(env("TERM"));

	t->depth = depth_of(env("TERM"), opt);
	t->depth_asked = opt->color_set;
	t->ascii = opt->ascii || f.ascii || locale_ascii(!f.full);
	t->sync = f.full;
}

bool term_usable(void)
{
	return !is_dumb(env("TERM")) && isatty(STDOUT_FILENO);
}

/* --- taking and giving back ------------------------------------------------ */

/* A few constant bytes.  The descriptor does not block, but these must not get
 * lost behind a frame that is still on its way: wait a little, never for ever. */
static void write_text(struct text t)
{
	struct pollfd pfd = {.fd = tty_fd, .events = POLLOUT};

	for (int tries = 0; t.n && tries < 10; tries++) {
		ssize_t n = write(tty_fd, t.p, t.n);

		if (n > 0) {
			t.p += n;
			t.n -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			poll(&pfd, 1, 50);
		} else if (n < 0 && errno != EINTR) {
			return;
		}
	}
}

/* True while the shell, or another job, has the terminal. */
static bool in_background(void)
{
	pid_t front = tcgetpgrp(tty_fd);

	return front >= 0 && front != getpgrp();
}

static bool asked_to_quit(void)
{
	return came[SIGHUP] || came[SIGINT] || came[SIGTERM] || came[SIGQUIT];
}

/* Waits as tcsetattr(3) would, but so that a stopped job can still be told to
 * end ("kill %1").  The pause is for an orphaned group, which nothing stops. */
static bool await_foreground(void)
{
	while (in_background() && !asked_to_quit()) {
		raise(SIGTTOU);
		poll(NULL, 0, in_background() ? 100 : 0);
	}
	return !asked_to_quit();
}

/* Input that arrived for the program must not reach the shell: TCSAFLUSH. */
static void enter(void)
{
	struct termios t;

	if (!await_foreground())
		return;
	t = saved;
	t.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
	t.c_oflag &= ~(tcflag_t)OPOST;
	t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	t.c_cflag = (t.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	raw = 1;			/* first: a signal in between restores */
	tcsetattr(tty_fd, TCSAFLUSH, &t);
	write_text(profiles[profile].enter);
}

/* All that is called here is async-signal-safe.  In the background the modes are
 * the shell's by now, and setting them would stop us (SIGTTOU). */
void term_restore(void)
{
	int err = errno;

	if (raw) {
		raw = 0;
		write_text(profiles[profile].leave);
		if (!in_background())
			tcsetattr(tty_fd, TCSAFLUSH, &saved);
	}
	errno = err;
}

static void on_signal(int signo)
{
	int err = errno;
	bool quit = signo == SIGHUP || signo == SIGINT || signo == SIGTERM || signo == SIGQUIT;

	/* Asked again before anybody listened: the loop hangs somewhere. */
	if (quit && came[signo]) {
		term_restore();
		signal(signo, SIG_DFL);
		raise(signo);
	}
	came[signo] = 1;
	(void)!write(wake[1], "", 1);	/* a full pipe wakes as well */
	errno = err;
}

/* SA_RESETHAND has put the default action back: it runs as soon as this
 * returns, with the registers of the fault in the core dump. */
static void on_crash(int signo)
{
	term_restore();
	raise(signo);
}

static int install_handlers(void)
{
	static const int events[] = {
		SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGWINCH, SIGTSTP, SIGCONT,
	};
	/* and what else ends a process that does not handle it, signal(7) */
	static const int crashes[] = {
		SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2, SIGALRM,
		SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGXCPU, SIGXFSZ, SIGSTKFLT,
	};
	static char stack[65536];	/* a stack overflow leaves no other; AVX-512 frames are big */
	stack_t alt = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction on_event = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	struct sigaction on_fault = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | (int)SA_RESETHAND};
	struct sigaction old;

	if (sigaltstack(&alt, NULL) < 0)
		return -errno;
	sigfillset(&on_event.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		/* nohup stays in force */
		if (events[i] == SIGHUP && !sigaction(SIGHUP, NULL, &old) && old.sa_handler == SIG_IGN)
			continue;
		if (sigaction(events[i], &on_event, NULL) < 0)
			return -errno;
	}
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		if (sigaction(crashes[i], &on_fault, NULL) < 0)
			return -errno;
	for (int signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		(void)!sigaction(signo, &on_fault, NULL);
	return 0;
}

/* A description of our own for the terminal behind standard output: O_NONBLOCK
 * on the inherited one would be the shell's as well.  Falls back to that. */
static int open_tty(void)
{
	static const char *const paths[] = {"/proc/self/fd/1", "/dev/tty"};
	unsigned want = 0, got = 0;

	if (ioctl(STDOUT_FILENO, TIOCGDEV, &want) < 0)
		return STDOUT_FILENO;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		int fd = open(paths[i], O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (!ioctl(fd, TIOCGDEV, &got) && got == want)
			return fd;
		close(fd);
	}
	return STDOUT_FILENO;
}

int term_open(struct term *t, const struct term_options *opt)
{
	int err;

	if (tty_fd < 0)
		tty_fd = open_tty();
	if (tcgetattr(tty_fd, &saved) < 0)
		return -errno;
	if (wake[0] < 0 && pipe2(wake, O_NONBLOCK | O_CLOEXEC) < 0)
		return -errno;
	profile = !family_of(env("TERM")).full ? PLAIN : opt->mouse ? FULL_MOUSE : FULL;
	err = install_handlers();
	if (err)
		return err;
	term_detect(t, opt);
	enter();
	term_size(t);
	return 0;
}

void term_mouse(bool on)
{
	if (profile == PLAIN || on == (profile == FULL_MOUSE))
		return;
	profile = on ? FULL_MOUSE : FULL;
	if (on)
		(void)!write(tty_fd, ENTER_MOUSE, sizeof(ENTER_MOUSE) - 1);
	else
		(void)!write(tty_fd, LEAVE_MOUSE, sizeof(LEAVE_MOUSE) - 1);
}

/* --- signals --------------------------------------------------------------- */

int term_signal_fd(void)
{
	return wake[0];
}

static bool take(int signo)
{
	bool was = came[signo];

	if (was)
		came[signo] = 0;
	return was;
}

u32 term_signals(int *signo)
{
	static const struct {
		int signo;
		enum term_signal what;
	} kinds[] = {
		{SIGWINCH, TERM_RESIZED}, {SIGTSTP, TERM_STOP}, {SIGCONT, TERM_CONTINUED},
		{SIGPIPE, TERM_QUIT}, {SIGHUP, TERM_QUIT}, {SIGTERM, TERM_QUIT},
		{SIGQUIT, TERM_QUIT}, {SIGINT, TERM_QUIT},
	};
	char drain[64];
	u32 what = 0;

	/* First the pipe: a signal in between leaves a byte for the next time. */
	while (read(wake[0], drain, sizeof(drain)) == (ssize_t)sizeof(drain))
		continue;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!take(kinds[i].signo))
			continue;
		what |= kinds[i].what;
		if (kinds[i].what == TERM_QUIT)
			*signo = kinds[i].signo;
	}
	/* After SIGSTOP, which nothing can catch, the shell has the terminal in
	 * its own modes: take it again. */
	if (what & TERM_CONTINUED && !(what & TERM_QUIT) && raw)
		enter();
	return what;
}

void term_suspend(struct term *t, bool whole_job)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, old;

	term_restore();
	sigaction(SIGTSTP, &stop, &old);
	kill(whole_job ? 0 : getpid(), SIGTSTP);	/* returns when continued */
	sigaction(SIGTSTP, &old, NULL);
	came[SIGTSTP] = came[SIGCONT] = 0;
	/* The shell may have set other modes meanwhile: those come back. */
	if (await_foreground())
		tcgetattr(tty_fd, &saved);
	enter();
	term_size(t);
}

/* --- size ------------------------------------------------------------------ */

static u32 env_number(const char *name)
{
	u32 v = 0;

	for (const char *s = env(name); *s; s++) {
		if (*s < '0' || *s > '9' || v > 1000)
			return 0;
		v = v * 10 + (u32)(*s - '0');
	}
	return v;
}

void term_size(struct term *t)
{
	struct winsize ws = {0};
	u32 rows, cols;

	ioctl(tty_fd < 0 ? STDOUT_FILENO : tty_fd, TIOCGWINSZ, &ws);
	t->size_unknown = !ws.ws_row || !ws.ws_col;
	rows = t->size_unknown ? env_number("LINES") : ws.ws_row;
	cols = t->size_unknown ? env_number("COLUMNS") : ws.ws_col;
	t->rows = rows ? rows : 24;
	t->cols = cols ? cols : 80;
}

/* DECSC, CUP as far as it goes, DSR 6 (ECMA-48 8.3.35), DECRC. */
void term_ask_size(void)
{
	static const struct text ask = TEXT("\0337\033[999;999H\033[6n\0338");

	write_text(ask);
}

/* --- frames and keys ------------------------------------------------------- */

static s64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);	/* vDSO: no system call */
	return (s64)ts.tv_sec * 1000 + ts.tv_nsec / NSEC_PER_MSEC;
}

int term_write(const char *buf, size_t n, int budget_ms)
{
	struct pollfd pfd = {.fd = tty_fd, .events = POLLOUT};
	s64 end = 0;

	while (n) {
		ssize_t w = write(tty_fd, buf, n);
		s64 now;

		syscall_count++;
		if (w < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (w > 0) {
			buf += w;
			n -= (size_t)w;
		}
		if (!n)
			break;
		now = now_ms();
		end = end ? end : now + budget_ms;
		if (now >= end)
			return -EAGAIN;
		syscall_count++;
		poll(&pfd, 1, (int)(end - now));
	}
	return 0;
}

int term_fd(void)
{
	return tty_fd;
}

int term_read(u8 *buf, size_t cap)
{
	ssize_t n = read(tty_fd, buf, cap);

	syscall_count++;
	if (n >= 0)
		return (int)n;
	if (errno == EIO)		/* the other side hung up */
		return 0;
	return errno == EINTR ? -EAGAIN : -errno;
}
