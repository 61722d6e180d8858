"""What is expected of each kernel."""
import re


def version(release):
    return tuple(int(n) for n in re.match(r"(\d+)\.(\d+)", release).groups())


# What runs from which Linux on.  walk: the open-coded task iterator, c68a78ffe2cb; iter:
# eaaacd23910f.  walk is a syscall program, which 5.10 does not know at all (79a7f8bdb159, 5.14).
BACKEND_SINCE = {"walk": (6, 7), "iter": (5, 8), "proc": (0, 0)}
WHY_NOT = {"walk": r"bpf_iter_task_new.* 6\.7 has it|does not know such programs",
           "argv/argv_read": r"has it|does not know such programs"}
WHY_NOT["tasks/walk"] = WHY_NOT["walk"]
WHY_NOT["tasks/refresh"] = r"has it|does not know such programs"

# object, program, form by which it is attached, since
PROBES = (
    ("tasks", "walk", "run", (6, 7)),
    ("tasks", "iter", "link", (5, 8)),
    ("tasks", "refresh", "run", (6, 7)),
    ("switches", "switched", "link", (5, 16)),      # thread_info.cpu, bcf9033e5449
    ("argv", "argv_read", "run", (6, 4)),
    ("exits", "ended", "link", (5, 8)),
    ("exits", "freed", "link", (5, 8)),
    ("calls", "call_begins", "link", (5, 8)),
    ("calls", "call_ends", "link", (5, 8)),
    ("programs", "programs", "link", (5, 19)),      # bpf_map_lookup_percpu_elem(), 07343110b293
    ("programs", "links_of", "link", (5, 19)),      # 9f88361273082
    ("programs", "owners_of", "link", (5, 8)),
)
# Those that cannot do without bpf_probe_read_kernel().
READS_MEMORY = ("programs/programs", "programs/owners_of")
# More than this from the recorded count is a jump.
INSNS_JUMP = 0.10

COLUMNS = ("pid,ppid,uid,user,comm,cmdline,exe,state,kernel,cpu_percent,cpu_time_ns,user_ns,system_ns,threads,"
           "priority,nice,last_cpu,start_time,vsize_bytes,rss_bytes,shared_bytes,swap_bytes,memory_percent,"
           "minor_faults,major_faults,faults_per_s,voluntary_switches,involuntary_switches,read_bytes,write_bytes,"
           "read_bytes_per_s,write_bytes_per_s,tty,cgroup_id,oom_score_adj")


def fentry_since(arch):
    """Debian's arm64 kernels have ftrace's direct calls from 6.12 on (efc9909fdce0, 6.4)."""
    return (6, 12) if arch == "aarch64" else (5, 8)


# tests/bpf/load_hooks.bpf.c: program, form by which it hangs on its hook, since (or a function of the
# architecture).  What is missing here must be refused, each in words of its own.
HOOKS = (
    ("tp_btf_fork", "raw_tp open", (5, 8)),
    ("raw_tp_exec", "raw_tp open", (5, 8)),
    ("raw_tracepoint_fork", "raw_tp open", (5, 8)),
    ("tp_fork", "perf", (5, 8)),
    ("tracepoint_exec", "perf", (5, 8)),
    ("kprobe_open", "perf", (5, 8)),
    ("kretprobe_open", "perf", (5, 8)),
    ("fentry_open", "raw_tp open", fentry_since),
    ("fexit_open", "raw_tp open", fentry_since),
    ("iter_task", "iter", (5, 8)),
    ("iter_s_task", "iter", (5, 8)),
    ("iter_map", "iter", (5, 8)),
    ("iter_cgroup", "iter", (6, 1)),
    ("run", "run", (5, 14)),
    ("not_by_default", "raw_tp open", (5, 8)),
)
PERF_LINK_SINCE = (5, 15)

# What is refused before a kernel, where (None: everywhere), and the words for it.
REASONS = (
    ("callback", None, (5, 13), "callbacks are not supported by this kernel"),
    ("callbacks_and_calls", None, (5, 13), "callbacks are not supported by this kernel|no helper bpf_loop"),
    ("sleepable_ring", None, (5, 12), "sleepable programs cannot use such a map"),
    ("fentry_open", "aarch64", (6, 4), "not supported by this kernel and architecture"),
    ("fexit_open", "aarch64", (6, 4), "not supported by this kernel and architecture"),
    ("iter_cgroup", None, (6, 1), "no iterator cgroup"),
    ("run", None, (5, 14), "does not know such programs|no program type"),
)


def hook_form(form, since, arch, kernel):
    """None: it must be refused."""
    if kernel < (since(arch) if callable(since) else since):
        return None
    if form == "perf":
        return "perf link" if kernel >= PERF_LINK_SINCE else "perf ioctl"
    return form
