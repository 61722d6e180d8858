"""The loader against this kernel: every kind of section, map, call, datum and
extern, each loaded alone, attached, and made to happen (tests/tools/attach.c)."""
import glob
import os
import subprocess

import lib
from lib import Skip, check, contains, equal, need_root, test

TOOL = os.path.join(lib.TOOLS, "attach")
OBJECTS = os.path.join(lib.TOOLS, "bpf")
FORKS = 3       # of the tool: what each program must have seen at least
KPROBES = os.path.exists("/sys/bus/event_source/devices/kprobe/type")
# Only a try tells whether trampolines and kernel variables are to be had.
DENIED = "security module"

RAW, PERF, ITER, RUN = "raw_tp open", "perf link", "iter", "run"
NO_LOAD, NO_ATTACH = "no-load", "no-attach"

# program: what must be so.  Two: the second where this machine refuses the first.
HOOKS = {
    "tp_btf_fork": (RAW, 3), "raw_tp_exec": (RAW, 3), "raw_tracepoint_fork": (RAW, 3),
    "tp_fork": (PERF, 3), "tracepoint_exec": (PERF, 3),
    "fentry_open": ((RAW, 3), (NO_LOAD, DENIED)), "fexit_open": ((RAW, 3), (NO_LOAD, DENIED)),
    "kprobe_open": (PERF, 3) if KPROBES else (NO_ATTACH, "CONFIG_KPROBE_EVENTS"),
    "kretprobe_open": (PERF, 3) if KPROBES else (NO_ATTACH, "CONFIG_KPROBE_EVENTS"),
    "iter_task": (ITER, 3), "iter_s_task": (ITER, 3), "iter_map": (ITER, 1),
    "iter_cgroup": (ITER, 1), "run": (RUN, 1), "not_by_default": (RAW, 3),
    "no_tp_btf": (NO_LOAD, "no btf_trace_no_such_tracepoint"),
    "no_raw_tp": (NO_ATTACH, "no such tracepoint"), "no_tp": (NO_ATTACH, "no such tracepoint"),
    "no_category": (NO_ATTACH, "CATEGORY/NAME"),
    "no_kprobe": (NO_ATTACH, "no such function to probe" if KPROBES else "CONFIG_KPROBE_EVENTS"),
    "no_fentry": (NO_LOAD, "no no_such_function"), "no_iter": (NO_LOAD, "no bpf_iter_no_such_thing"),
    "no_section": (NO_LOAD, "section xyz/thing means nothing here"),
}
EXTERNS = {
    "typed_variable": ((RAW, 3), (NO_LOAD, "No such file")),     # needs CONFIG_KALLSYMS_ALL
    "weak_variable": (RAW, 3), "symbol": (RAW, 3), "weak_symbol": (RAW, 3),
    "kernel_function": ((RAW, 3), (NO_LOAD, "no function bpf_rcu_read_lock")),     # 6.2
    "weak_function": (RAW, 3),
    "strong_variable": (NO_LOAD, "no variable no_such_strong_variable"),
    "strong_symbol": (NO_LOAD, "shows no symbol no_such_strong_symbol"),
    "strong_function": (NO_LOAD, "no function bpf_no_such_strong_function"),
    "kconfig": (NO_LOAD, "(.kconfig) is not read here"),
}


def run(*names, options=()):
    """{program: (section, form, rest)} of objects; nothing is left open."""
    need_root()
    paths = [os.path.join(OBJECTS, n + ".bpf.o") for n in names]
    p = subprocess.run([TOOL, *options, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       text=True)
    equal((p.returncode, p.stderr), (0, ""), "attach " + " ".join(names))
    rows = [line.split("\t") for line in p.stdout.splitlines()]
    if rows and all(len(r) > 4 and ("CAP_BPF" in r[4] or "not available" in r[4]) for r in rows):
        raise Skip(rows[0][4])
    return {r[1]: (r[2], r[3], r[4:]) for r in rows}


def fits(row, want):
    form, more = want
    if row[1] != form:
        return False
    if isinstance(more, str):
        return more in row[2][0]
    return int(row[2][0]) >= more and int(row[2][1]) > 0


def agree(rows, wanted):
    equal(sorted(rows), sorted(wanted), "programs")
    for name, want in wanted.items():
        either = want if isinstance(want[0], tuple) else (want,)
        check(any(fits(rows[name], w) for w in either),
              "%s: got %r, wanted %r" % (name, rows[name], want))


@test
def sections():
    agree(run("load_hooks"), HOOKS)


@test
def forms():
    """The first form that attaches holds the hook, and the others are not kept."""
    rows = run("load_forms")
    attached = [p for p, r in rows.items() if r[1] not in (NO_LOAD, NO_ATTACH) and r[0] != "hook"]
    for hook in ("opened", "forked"):
        first = [p for p in rows if p in attached and p.startswith(hook + "__")][0]
        equal(rows[hook][1], first, "form of " + hook)
        check(int(rows[hook][2][0]) >= FORKS, "%s saw %s events" % (hook, rows[hook][2][0]))
    equal(rows["opened"][1] == "opened__raw_tp",
          rows["opened__fentry"][1] == NO_LOAD and not KPROBES, "the last form was needed")
    equal(rows["nothing"][1], NO_LOAD, "a hook without a form")


@test
def maps():
    agree(run("load_maps"), {n: (RAW, 3) for n in (
        "hash", "lru", "array", "percpu_hash", "percpu_array", "ringbuf", "by_size", "perf_array")})
    agree(run("load_storage"), {"task_storage": (RAW, 3)})


@test
def calls():
    agree(run("load_calls"), {n: (RAW, 3) for n in (
        "diamond", "diamond_mirrored", "linkages", "core_in_call", "same_section", "callback",
        "callbacks_and_calls")})


@test
def data():
    agree(run("load_data"), {"read_data": (RAW, 3), "dead_branch": (RAW, 3)})


@test
def externs():
    agree(run("load_externs"), EXTERNS)


@test
def new_types():
    agree(run("load_newtypes"), {"needs_types": (RAW, 3)})


@test
def no_tracefs():
    """Without tracefs classic tracepoints have no numbers, and the words say so."""
    if any(glob.glob(root + "/events/sched") for root in
           ("/sys/kernel/tracing", "/sys/kernel/debug/tracing")):
        raise Skip("tracefs is mounted here")
    section, form, rest = run("load_hooks", options=["-n"])["tp_fork"]
    equal(form, NO_ATTACH, section)
    contains(rest[0], "tracefs is not mounted", section)


if __name__ == "__main__":
    lib.main()
