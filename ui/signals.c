/* ui/signals.c - numbers of include/uapi/asm-generic/signal.h, which x86_64 and
 * aarch64 share. */
#include "ui/signals.h"

#include <signal.h>

/* Where real-time signals begin for programs that use glibc: what people type. */
enum { RT_FIRST = 34 };

static const char *const names[] = {
	[SIGHUP] = "SIGHUP", [SIGINT] = "SIGINT", [SIGQUIT] = "SIGQUIT", [SIGILL] = "SIGILL",
	[SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT", [SIGBUS] = "SIGBUS", [SIGFPE] = "SIGFPE",
	[SIGKILL] = "SIGKILL", [SIGUSR1] = "SIGUSR1", [SIGSEGV] = "SIGSEGV",
	[SIGUSR2] = "SIGUSR2", [SIGPIPE] = "SIGPIPE", [SIGALRM] = "SIGALRM",
	[SIGTERM] = "SIGTERM", [SIGSTKFLT] = "SIGSTKFLT", [SIGCHLD] = "SIGCHLD",
	[SIGCONT] = "SIGCONT", [SIGSTOP] = "SIGSTOP", [SIGTSTP] = "SIGTSTP",
	[SIGTTIN] = "SIGTTIN", [SIGTTOU] = "SIGTTOU", [SIGURG] = "SIGURG",
	[SIGXCPU] = "SIGXCPU", [SIGXFSZ] = "SIGXFSZ", [SIGVTALRM] = "SIGVTALRM",
	[SIGPROF] = "SIGPROF", [SIGWINCH] = "SIGWINCH", [SIGIO] = "SIGIO", [SIGPWR] = "SIGPWR",
	[SIGSYS] = "SIGSYS",
};

const char *signal_name(u32 signo, char room[static SIGNAL_NAME])
{
	if (signo < ARRAY_LEN(names))
		return names[signo];
	if (signo < RT_FIRST || signo > SIGNAL_LAST)
		return NULL;
	memcpy(room, "SIGRTMIN+", 9);
	if (signo == RT_FIRST)
		room[8] = 0;
	else
		room[9 + put_u64(room + 9, signo - RT_FIRST)] = 0;
	return room;
}
