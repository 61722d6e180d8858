/* tests/bpf/load_hooks.bpf.c - one program for each kind of section. */
#include "tests/bpf/load.bpf.h"

#define HOOK(section, name) SEC(section) int name(void *ctx) { (void)ctx; return count(1); }

HOOK("tp_btf/sched_process_fork", tp_btf_fork)
HOOK("raw_tp/sched_process_exec", raw_tp_exec)
HOOK("raw_tracepoint/sched_process_fork", raw_tracepoint_fork)
HOOK("tp/sched/sched_process_fork", tp_fork)
HOOK("tracepoint/sched/sched_process_exec", tracepoint_exec)
HOOK("fentry/vfs_open", fentry_open)
HOOK("fexit/vfs_open", fexit_open)
HOOK("kprobe/vfs_open", kprobe_open)
HOOK("kretprobe/vfs_open", kretprobe_open)
HOOK("iter/task", iter_task)
HOOK("iter.s/task", iter_s_task)
HOOK("iter/bpf_map", iter_map)
HOOK("iter/cgroup", iter_cgroup)
HOOK("syscall", run)
HOOK("?raw_tp/sched_process_exec", not_by_default)

/* What must be refused, each for a reason of its own. */
HOOK("tp_btf/no_such_tracepoint", no_tp_btf)
HOOK("raw_tp/no_such_tracepoint", no_raw_tp)
HOOK("tp/sched/no_such_tracepoint", no_tp)
HOOK("tp/sched_process_fork", no_category)
HOOK("kprobe/no_such_function", no_kprobe)
HOOK("fentry/no_such_function", no_fentry)
HOOK("iter/no_such_thing", no_iter)
HOOK("xyz/thing", no_section)

LICENSE_GPL;
