"""The loader against this kernel: every kind of section, map, call, datum and
extern, each loaded alone, attached, and made to happen (tests/tools/attach.c)."""
import difflib
import glob
import os
import re
import struct
import subprocess
import tempfile

import lib
from lib import Skip, check, contains, equal, need_root, test

def tool(name):
    return os.path.join(lib.TOOLS, name)


OBJECTS = tool("bpf")
PROBES = os.path.join(os.path.dirname(lib.TOOLS), "probes")
VMLINUX = "/sys/kernel/btf/vmlinux"
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
    "no_tp_btf": (NO_LOAD, "no_such_tracepoint"),
    "no_raw_tp": (NO_ATTACH, "no such tracepoint"), "no_tp": (NO_ATTACH, "no such tracepoint"),
    "no_category": (NO_ATTACH, "CATEGORY/NAME"),
    "no_kprobe": (NO_ATTACH, "no such function to probe" if KPROBES else "CONFIG_KPROBE_EVENTS"),
    "no_fentry": (NO_LOAD, "this kernel has no "), "no_iter": (NO_LOAD, "no_such_thing"),
    "no_section": (NO_LOAD, "section xyz/thing means nothing here"),
}
EXTERNS = {
    "typed_variable": ((RAW, 3), (NO_LOAD, "No such file")),     # needs CONFIG_KALLSYMS_ALL
    "weak_variable": (RAW, 3), "symbol": (RAW, 3), "weak_symbol": (RAW, 3),
    "kernel_function": ((RAW, 3), (NO_LOAD, "no function bpf_rcu_read_lock")),     # 6.2
    "weak_function": (RAW, 3),
}
MISSING = {
    "strong_variable": (NO_LOAD, "no variable no_such_strong_variable"),
    "strong_symbol": (NO_LOAD, "shows no symbol no_such_strong_symbol"),
    "strong_function": (NO_LOAD, "no function bpf_no_such_strong_function"),
    "weak_unguarded": (NO_LOAD, "has no function bpf_no_such_function"),
    "kconfig": (NO_LOAD, "(.kconfig) is not read here"),
}


def output(*command):
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return p.returncode, p.stderr, p.stdout


def run(*names, options=(), under=()):
    """{program: (section, form, rest)} of objects; nothing is left open."""
    need_root()
    status, err, out = output(*under, tool("attach"), *options,
                              *(os.path.join(OBJECTS, n + ".bpf.o") for n in names))
    equal((status, err), (0, ""), "attach " + " ".join(names))
    rows = [line.split("\t") for line in out.splitlines()]
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
    agree(run("load_sleepable"), {"sleepable_ring": (ITER, 3)})
    agree(run("load_maps"), {n: (RAW, 3) for n in (
        "hash", "lru", "array", "percpu_hash", "percpu_array", "ringbuf", "by_size", "perf_array")})
    agree(run("load_storage"), {"task_storage": (RAW, 3)})


@test
def map_definitions():
    """What the loader does not do is refused when the object is opened, by name."""
    for name, why in (("bad_pinned", "map pinned: pinning is not supported"),
                      ("bad_nested", "map outer: maps of maps and arrays of programs are not supported"),
                      ("bad_member", "map odd: cannot use its member colour"),
                      ("bad_sizes", "map odd: cannot use its member value")):
        status, err, out = output(tool("attach"), os.path.join(OBJECTS, name + ".bpf.o"))
        equal((status, out), (1, ""), name)
        contains(err, why, name)


@test
def calls():
    agree(run("load_calls"), {n: (RAW, 3) for n in (
        "diamond", "diamond_mirrored", "linkages", "core_in_call", "callback",
        "callbacks_and_calls")})
    agree(run("load_beside"), {"same_section": (RAW, 3)})


@test
def data():
    agree(run("load_data"), {"read_data": (RAW, 3), "dead_branch": (RAW, 3)})


@test
def externs():
    agree(run("load_externs"), EXTERNS)
    agree(run("load_missing"), MISSING)


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


@test
def relocations():
    wanted = {n: (RAW, 3) for n in ("fields", "resized", "sizes", "signs", "existence", "guarded",
                                    "bitfield", "types", "type_ids", "enums")}
    wanted["unguarded"] = (NO_LOAD, "struct task_struct___own has no usable field no_such_field")
    agree(run("load_core"), wanted)


# ---- kernels that lack something --------------------------------------------------------------

@test
def no_kernel_types():
    """A kernel without BTF still takes what needs none, and the last form of a hook."""
    why = (NO_LOAD, "BTF")
    rows = run("load_hooks", "load_core", options=["-B"])
    for name in ("raw_tp_exec", "raw_tracepoint_fork"):
        check(fits(rows[name], (RAW, 3)), "%s: %r" % (name, rows[name]))
    check(fits(rows["tp_fork"], (PERF, 3)), "tp_fork: %r" % (rows["tp_fork"],))
    for name in ("tp_btf_fork", "iter_task", "fentry_open", "fields", "types"):
        check(fits(rows[name], why), "%s: %r" % (name, rows[name]))
    check(fits(run("load_externs", options=["-B"])["typed_variable"], why), "typed_variable")
    rows = run("load_forms", options=["-B"])
    equal(rows["forked"][1], "forked__tp", "form of forked")


@test
def object_types_refused():
    """What the kernel makes of the object's own BTF must not matter more than it has to."""
    refused = (tool("noseccomp"), "EINVAL", "18")     # BPF_BTF_LOAD
    rows = run("load_calls", under=refused)
    for name in ("diamond", "core_in_call"):
        check(fits(rows[name], (RAW, 3)), "%s: %r" % (name, rows[name]))
    for name, row in run("load_maps", under=refused).items():
        check(fits(row, (RAW, 3)), "%s: %r" % (name, row))
    equal(run("load_storage", under=refused)["task_storage"][1], NO_LOAD, "what must have types")


@test
def no_perf_links():
    """Before 5.15 an ioctl ties a program to its event."""
    rows = run("load_hooks", under=(tool("noseccomp"), "EINVAL", "28"))     # BPF_LINK_CREATE
    for name in ("tp_fork", "tracepoint_exec"):
        check(fits(rows[name], ("perf ioctl", 3)), "%s: %r" % (name, rows[name]))
    check(fits(rows["tp_btf_fork"], (RAW, 3)), "tp_btf needs no BPF_LINK_CREATE")


# ---- other loaders -----------------------------------------------------------------------------

# Programs that no loader gets into a kernel, or none into every kernel.
REFUSED = ("no_", "strong_", "nothing__tp_btf", "forked__fentry", "kconfig", "unguarded", "weak_unguarded",
           "typed_variable", "fentry_", "fexit_", "opened__fentry")


@test
def kernel_relocates_the_same():
    """The kernel's own CO-RE (5.17) makes the same programs of our objects."""
    need_root()
    objects = sorted(glob.glob(OBJECTS + "/load_*.bpf.o")) + sorted(glob.glob(PROBES + "/*.bpf.o"))
    status, err, out = output(tool("kcore"), *objects)
    equal((status, err), (0, ""), "kcore\n" + out)
    rows = [line.split("\t") for line in out.splitlines()]
    if any("before 5.17" in r[3] for r in rows):
        raise Skip("this kernel does not relocate")
    for row in rows:
        check(row[2] == "same" or row[1].startswith(REFUSED), "\t".join(row))
    records = sum(int(r[4]) for r in rows if r[2] == "same")
    check(records > 150, "records compared: %d" % records)


def own_btf(path):
    """The .BTF section of an object, as a file of its own."""
    data = open(path, "rb").read()
    at, = struct.unpack_from("<Q", data, 40)
    size, n, names = struct.unpack_from("<HHH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, at + i * size) for i in range(n)]
    for s in sections:
        start = sections[names][4] + s[0]
        if data[start:data.index(b"\0", start)] == b".BTF":
            f = tempfile.NamedTemporaryFile(suffix=".btf")
            f.write(data[s[4]:s[4] + s[5]])
            f.flush()
            return f
    raise lib.Failed("no .BTF in " + path)


# libbpf refuses these objects as a whole.
NOT_FOR_LIBBPF = {
    "load_beside": "a static function outside of .text",
    "load_missing": "a strong extern that no kernel has",
}


def same_as_libbpf(btf):
    if not os.path.exists(tool("oracle/link_libbpf")):
        raise Skip("tests/oracle/link_libbpf was not built")
    objects = [o for o in sorted(glob.glob(OBJECTS + "/load_*.bpf.o")) +
               sorted(glob.glob(PROBES + "/*.bpf.o"))
               if os.path.basename(o).split(".")[0] not in NOT_FOR_LIBBPF]
    status, err, theirs = output(tool("oracle/link_libbpf"), btf, *objects)
    equal((status, err), (0, ""), "link_libbpf " + btf)
    status, err, ours = output(tool("link"), btf, *objects)
    equal(status, 0, "link %s: %s" % (btf, err))
    diff = list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "libbpf", "ours",
                                     lineterm="", n=30))
    check(not diff, "instructions differ for %s\n%s" % (btf, "\n".join(diff[:80])))
    return ours


@test
def libbpf_links_the_same():
    """Instruction by instruction, for this kernel and for other types: those that
    the objects declare are another layout of the same names."""
    need_root()
    here = same_as_libbpf(VMLINUX)
    check(here.count("\n") > 1500, "%d lines compared" % here.count("\n"))
    for other in ("/load_core.bpf.o", "/load_calls.bpf.o"):
        with own_btf(OBJECTS + other) as f:
            check(same_as_libbpf(f.name) != here, "the types made no difference")
    with own_btf(PROBES + "/tasks.bpf.o") as f:
        same_as_libbpf(f.name)


def release(path):
    """5.10.0-32 of a path, as numbers."""
    return [int(n) for n in re.findall(r"\d+", os.path.basename(os.path.dirname(path)).split("-", 1)[1])]


def kernel_btf(image):
    """The BTF inside of an uncompressed kernel image (aarch64's mostly are)."""
    data = open(image, "rb").read()
    at = -1
    while True:
        at = data.find(b"\x9f\xeb\x01\x00", at + 1)      # magic, version, flags
        if at < 0:
            return None
        head, _, types, strings, n = struct.unpack_from("<IIIII", data, at + 4)
        if head in (24, 32) and types > 1 << 20 and at + head + strings + n <= len(data):
            return data[at:at + head + strings + n]


@test
def libbpf_links_the_same_for_other_kernels():
    """With the types of kernels that make test-vm has fetched: the oldest, the newest,
    and one between."""
    need_root()
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    seen = {}
    images = sorted((glob.glob(cache + "/pitstop/vm/aarch64-*/**/vmlinuz*", recursive=True)), key=release)
    for image in images[::max(1, (len(images) - 1) // 2)]:
        btf = kernel_btf(image)
        if not btf:
            continue
        with tempfile.NamedTemporaryFile(suffix=".btf") as f:
            f.write(btf)
            f.flush()
            seen[image] = same_as_libbpf(f.name)
    if not seen:
        raise Skip("no uncompressed kernel in the cache of make test-vm")
    if len(seen) > 1:
        check(len(set(seen.values())) > 1, "all kernels gave the same instructions")


if __name__ == "__main__":
    lib.main()
