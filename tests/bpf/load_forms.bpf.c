/* tests/bpf/load_forms.bpf.c - hooks in several forms, HOOK__FORM in the order of
 * preference: the first that attaches wins. */
#include "tests/bpf/load.bpf.h"

#define HOOK(section, name) SEC(section) int name(void *ctx) { (void)ctx; return count(1); }

HOOK("fentry/vfs_open", opened__fentry)
HOOK("kprobe/vfs_open", opened__kprobe)
HOOK("raw_tp/sys_enter", opened__raw_tp)

HOOK("fentry/no_such_function", forked__fentry)
HOOK("tp/sched/sched_process_fork", forked__tp)
HOOK("tp_btf/sched_process_fork", forked__tp_btf)

HOOK("kprobe/no_such_function", nothing__kprobe)
HOOK("tp_btf/no_such_tracepoint", nothing__tp_btf)

LICENSE_GPL;
