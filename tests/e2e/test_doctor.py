"""--doctor tells the truth, and each refusal is explained in the words of
loader/diag.c: made to happen here, by a seccomp filter, a mount, a user, or an
object that the kernel does not take."""
import os
import re
import struct
import subprocess

import lib
from denied import ITER_CREATE, LINK_CREATE, MAP_CREATE, PROG_TEST_RUN, Prefixed, after, bpf_refused, mounted_over, nobody
from lib import SAN, TOOLS, Skip, Workload, by_pid, check, contains, equal, test

KERNEL = tuple(int(n) for n in re.findall(r"\d+", os.uname().release)[:2])
VMLINUX = "/sys/kernel/btf/vmlinux"
REPORT = "please report this, with the log that --verbose shows"


class Report:
    """What --doctor printed: a text, hint and log for each line of it."""

    def __init__(self, text):
        self.text, self.rows, what = text, {}, None
        for line in text.splitlines():
            check(len(line) <= 80, "wider than 80 columns: %r" % line)
            mark, name, rest = line[:6].strip(), line[6:24].strip(), line[24:]
            if name and line[:6] in ("      ", "works ", "no    "):
                what = name
                self.rows[what] = [mark, rest, "", ""]
                kind = 1
            elif what and line[:24].isspace():
                kind = {">": 2, "|": 3}.get(rest[0], kind)
                row = self.rows[what]
                row[kind] += ("\n" if kind == 3 and rest[0] == "|" and row[kind] else
                              " " if row[kind] else "") + \
                    (rest[2:] if kind > 1 else rest)

    def mark(self, what):
        return self.rows[what][0]

    def of(self, what):
        check(what in self.rows, "--doctor has no line %r\n%s" % (what, self.text))
        return self.rows[what][1]

    def expect(self, what, mark, text, hint=""):
        self.of(what)
        # a list may be broken behind a comma
        got, want = ([t.replace(", ", ",") for t in row] for row in (self.rows[what][:3], (mark, text, hint)))
        equal(got, want, "--doctor's line of %s" % what)


def doctor(where=None, status=None):
    where = where or Prefixed()
    r = where.run("--doctor")
    if status is not None:
        equal((r.status, r.err), (status, ""), "status and messages of --doctor")
    return Report(r.text)


def need_walk():
    lib.need_bpf()
    if lib.backends()[0] != "walk":
        raise Skip("this kernel has no walk")


# ---- facts ------------------------------------------------------------------------

def btf_types(blob):
    """How many, counted by the format's own description (btf.rst)."""
    magic, _, _, hdr, at, size = struct.unpack_from("<HBBIII", blob)
    equal(magic, 0xeb9f, "magic of " + VMLINUX)
    each = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0), 19: (0, 12)}
    n, at, end = 0, hdr + at, hdr + at + size
    while at < end:
        info = struct.unpack_from("<4xI4x", blob, at)[0]
        fixed, more = each.get(info >> 24 & 31, (0, 0))
        at += 12 + fixed + more * (info & 0xffff)
        n += 1
    return n


@test
def facts_are_those_of_the_system():
    d = doctor()
    page = os.sysconf("SC_PAGE_SIZE")
    u = os.uname()
    equal(d.of("kernel"), "%s %s" % (u.release, u.machine) + (", pages of %d KiB" % (page // 1024) if page != 4096 else ""),
          "kernel")
    if os.path.exists(VMLINUX):
        blob = lib.read(VMLINUX)
        how = "mapped" if KERNEL >= (6, 16) else "read (Linux 6.16 lets it be mapped)"
        equal(d.of("btf"), "%d bytes, %d types, %s" % (len(blob), btf_types(blob), how), "BTF")
    effective = int(lib.status(os.getpid())["CapEff"], 16)
    for bit, name in ((39, "bpf"), (38, "perfmon"), (21, "sys_admin"), (19, "sys_ptrace"), (5, "kill")):
        equal(name in d.of("capabilities").split(), bool(effective >> bit & 1), "whether it holds " + name)
    for what, name in (("unprivileged bpf", "unprivileged_bpf_disabled"), ("perf events", "perf_event_paranoid")):
        value = lib.read("/proc/sys/kernel/" + name).decode().strip()
        check(d.of(what).startswith(value + ": "), "%s is %r, not %s" % (what, d.of(what), value))
    initial = os.readlink("/proc/self/ns/pid") == "pid:[4026531836]"
    equal(d.of("pid namespace") == "the initial one", initial, "whether this is the initial pid namespace")
    charged = "BPF memory counts" if KERNEL < (5, 11) else "BPF memory does not count"
    if d.of("memlock") != "no limit":
        contains(d.of("memlock"), charged, "memlock")


@test
def what_cannot_be_read_is_unknown():
    unmounted = "unknown: securityfs is not mounted"
    d = doctor(mounted_over("/sys/kernel/security") if os.path.ismount("/sys/kernel/security") else None)
    equal((d.of("lockdown"), d.of("security modules")), (unmounted, unmounted), "without securityfs")
    d = doctor(after("mount -t securityfs pt-none /sys/kernel/security"))
    check("unknown" not in d.of("lockdown") + d.of("security modules"), "with securityfs\n" + d.text)


@test
def sources_are_those_that_work():
    d = doctor(status=0 if lib.backends()[0] == "walk" else 1)
    for backend in ("walk", "iter", "proc"):
        equal(d.mark(backend), "works" if backend in lib.backends() else "no", backend)
    check(re.search(r": \d+ processes in \d+ us$", d.of("proc")), d.text)
    contains(d.text, "\nTasks come from %s" % lib.backends()[0], "the last line")
    for source in ("stat", "meminfo", "loadavg", "vmstat"):
        equal(d.mark(source), "works", source)


@test
def without_proc_or_sys():
    if SAN:
        raise Skip("the sanitizers' own runtime reads /proc")
    d = doctor(mounted_over("/proc"))
    d.expect("proc", "no", "/proc is not mounted", "mount -t proc proc /proc")
    equal(d.of("user namespace"), "unknown: /proc is not mounted", "user namespace without /proc")
    for source in ("stat", "pressure"):
        contains(d.of(source), "/proc is not mounted; mount -t proc proc /proc", source)
    if lib.backends()[0] == "walk":
        equal(d.mark("walk"), "works", "walk without /proc")
    d = doctor(mounted_over("/sys", "/proc"), status=1)
    d.expect("walk", "no", VMLINUX + ": /sys is not mounted", "mount it: mount -t sysfs sysfs /sys")
    contains(d.text, "There is no way to see the tasks", "the last line")


@test
def hidden_processes_are_told_of():
    where = after("mount -t proc -o hidepid=2 pt-none /proc")
    where.prefix += nobody().prefix
    d = doctor(where, status=1)
    contains(d.of("/proc"), "hidepid", "/proc with hidepid")


# ---- privileges --------------------------------------------------------------------

@test
def privileges_that_lack():
    lib.need_bpf()
    user = nobody()
    d = doctor(user, status=1)
    for what in ("walk", "iter"):
        d.expect(what, "no", "map tasks: needs CAP_BPF and CAP_PERFMON",
                 "run as root, or: setcap cap_bpf,cap_perfmon+ep " + user.binary)
    contains(d.of("command lines"), "; read from /proc instead", "command lines")
    equal(d.of("capabilities"), "none of use here", "capabilities")
    for caps in (("bpf",), ("perfmon",)):
        contains(doctor(nobody(*caps), status=1).text, "needs CAP_BPF and CAP_PERFMON", "with %s alone" % caps)
    if lib.backends()[0] == "walk":
        equal(doctor(nobody("bpf", "perfmon"), status=0).mark("walk"), "works", "walk with both")


@test
def a_user_namespace():
    lib.need_bpf()
    lib.need_command("unshare")
    if subprocess.run(["unshare", "-Ur", "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no user namespace can be made here")
    d = doctor(Prefixed("unshare", "-Ur"), status=1)
    d.expect("walk", "no", "map tasks: capabilities inside a user namespace do not count for bpf()",
             "run it as root outside of the rootless container")
    contains(d.of("user namespace"), "not the initial one", "user namespace")
    contains(d.of("capabilities"), "do not count", "capabilities")
    d = doctor(Prefixed("unshare", "-U"), status=1)
    contains(d.of("walk"), "outside of a user namespace", "walk without capabilities")


@test
def a_pid_namespace():
    """Its numbers mean other processes to BPF: neither tasks nor command lines come from there."""
    lib.need_bpf()
    lib.need_command("unshare")
    where = Prefixed("unshare", "--pid", "--fork", "--mount-proc")
    d = doctor(where, status=1)
    for what in ("walk", "iter", "command lines"):
        contains(d.of(what), "pid namespace of its own", what)
    contains(d.rows["walk"][2], "--pid=host", "its hint")
    where.prefix += ("sh", "-c", 'sleep 30 & "$@"; kill $!', "sh")
    found = [p["cmdline"] for p in where.snapshot("-c", "pid,comm,cmdline")["processes"] if p["comm"] == "sleep"]
    equal(found, [["sleep", "30"]], "command line in a pid namespace")


# ---- bpf(2) refused ------------------------------------------------------------------

@test
def each_error_of_loading():
    need_walk()
    what = "program walk: "
    for error, text, hint in (
            ("EAGAIN", "interrupted by signals each time", "try again"),
            ("EACCES", "blocked by a seccomp filter or a security module", None),
            ("EPERM", "blocked by a seccomp filter or a security module", None),
            ("EINVAL", "this kernel does not know such programs", "a newer kernel may"),
            ("E2BIG", "too large or too new for this kernel", "a newer kernel may take it"),
            ("ENOMEM", "the kernel is out of memory", ""),
            ("ENOTSUPP", "this kernel has no JIT that takes it (ENOTSUPP)",
             "sysctl net.core.bpf_jit_enable=1, or a newer kernel"),
            ("ENOSYS", "bpf() is not available (a seccomp filter, or no CONFIG_BPF_SYSCALL)",
             "in a container: let its seccomp profile allow bpf(2)")):
        where = bpf_refused(error, "prog:walk")
        d = doctor(where, status=1)
        d.expect("walk", "no", what + text, d.rows["walk"][2] if hint is None else hint)
        contains(d.of("seccomp"), "active", "seccomp")
        equal(d.mark("iter"), "works", "iter when only walk is refused")
        r = where.run("--json", "--once", "--backend", "walk")
        equal((r.status, r.err.splitlines()[0]), (1, "pitstop: --backend: " + what + text), "--backend walk")
        equal(where.snapshot()["backend"]["tasks"], "iter", "the automatic backend")


@test
def a_signal_while_loading_is_no_failure():
    need_walk()
    equal(bpf_refused("EAGAIN*4", "prog:walk").snapshot("--backend", "walk")["backend"]["tasks"], "walk", "backend")


@test
def each_command_that_is_refused():
    need_walk()
    filtered = "blocked by a seccomp filter or a security module"
    for error, command, row, text in (
            ("EPERM", MAP_CREATE, "walk", "map tasks: " + filtered),
            ("E2BIG", MAP_CREATE, "walk", "map tasks: larger than the kernel allows, or too new for it"),
            ("EINVAL", MAP_CREATE, "walk", "map tasks: this kernel does not know such maps"),
            ("EPERM", PROG_TEST_RUN, "walk", "running walk: " + filtered),
            ("ENOTSUPP", PROG_TEST_RUN, "walk", "running walk: this kernel does not run such programs (ENOTSUPP)"),
            ("EPERM", ITER_CREATE, "iter", "running iter: " + filtered),
            ("EPERM", LINK_CREATE, "iter", "program iter: " + filtered),
            ("EBUSY", LINK_CREATE, "iter", "program iter: another program holds this place"),
            ("EINVAL", LINK_CREATE, "iter", "program iter: the kernel does not accept it in this form"),
            ("ENOTSUPP", LINK_CREATE, "iter", "program iter: not supported by this kernel and architecture (ENOTSUPP)")):
        d = doctor(bpf_refused(error, str(command)))
        equal((d.mark(row), d.of(row)), ("no", text), "%s of command %d" % (error, command))


@test
def a_probe_that_fails_takes_only_its_own_feature():
    need_walk()
    where = bpf_refused("EINVAL", "prog:argv_read")
    with Workload("sleeper", "pt alone") as w:
        obj = where.snapshot()
        equal(obj["backend"]["tasks"], "walk", "backend without the program for command lines")
        equal(by_pid(obj)[w.pid]["cmdline"][1:], ["sleeper", "pt alone"], "command line, from /proc")
    d = doctor(where, status=0)
    d.expect("command lines", "no", "program argv_read: this kernel does not know such programs; read from /proc instead",
             "a newer kernel may")


# ---- the kernel's types -----------------------------------------------------------------

def with_btf(blob):
    path = os.path.join(lib.scratch(), "btf")
    with open(path, "wb") as f:
        f.write(blob)
    os.chmod(os.path.dirname(path), 0o755)
    return after("mount --bind %s %s" % (path, VMLINUX))


def renamed(*names):
    """The kernel's types, but that these names are others."""
    blob = bytearray(lib.read(VMLINUX))
    for name in names:
        at = blob.find(b"\0" + name + b"\0")
        check(at > 0, "no %r in this kernel's BTF" % name)
        blob[at + 1:at + 2] = b"Q"
    return with_btf(bytes(blob))


@test
def types_that_cannot_be_had():
    lib.need_bpf()
    blob = lib.read(VMLINUX)
    start = sum(struct.unpack_from("<II", blob, 4))
    unknown = blob[:start + 4] + struct.pack("<I", 31 << 24) + blob[start + 8:]
    newer = "the kernel's BTF format is newer than this build"
    malformed = "the kernel's BTF is malformed"
    for where, text, hint, fact in (
            (mounted_over("/sys/kernel/btf"), "something hides the kernel's BTF from this process",
             "make /sys/kernel/btf visible in the container", "none: something hides the kernel's BTF from this process"),
            (mounted_over("/sys"), "/sys is not mounted", "mount it: mount -t sysfs sysfs /sys", "none: /sys is not mounted"),
            (after("mount -t tmpfs pt-none /sys/kernel", "true"), "the kernel exposes no BTF (CONFIG_DEBUG_INFO_BTF)",
             "boot a kernel built with BTF, as most distributions' are", None),
            (with_btf(unknown), newer, "use a newer release of this program", "are newer than this build"),
            (with_btf(blob[:1000]), malformed, None, "are malformed"),
            (with_btf(b"no BTF at all" * 99), malformed, None, "are malformed")):
        d = doctor(where, status=1)
        for row in ("walk", "iter"):
            d.expect(row, "no", VMLINUX + ": " + text, d.rows[row][2] if hint is None else hint)
        contains(d.of("btf"), fact or text, "BTF")
        equal(where.snapshot()["backend"]["tasks"], "proc", "backend")


@test
def a_field_that_the_kernel_lacks():
    """Unguarded: named, with the last lines of the log.  Guarded: only the field is gone."""
    need_walk()
    where = renamed(b"sum_exec_runtime")
    d = doctor(where, status=1)
    d.expect("walk", "no", "program walk: this kernel's struct task_struct has no usable field se.sum_exec_runtime",
             "the kernel is too old, too new or changed for this program")
    last = d.rows["walk"][3].splitlines()
    check(1 < len(last) <= 3 and last[-1] == "invalid func unknown#195896080", "the end of the log: %r" % last)
    r = where.run("--once", "--backend", "walk")
    lines = r.err.splitlines()
    contains(lines[0], "program walk: this kernel's struct task_struct has no usable field", "the message")
    equal(([line[:2] for line in lines[2:]], lines[-1]), (["| "] * 3, "| invalid func unknown#195896080"), "log below it")
    plain = renamed(b"read_bytes").snapshot("-k", "--backend", "walk")
    own = by_pid(plain)[os.getpid()]
    check("read_bytes" not in own and "cpu_time_ns" in own, "without a field that is asked for first: %r" % own)


@test
def a_function_that_the_kernel_lacks():
    need_walk()
    d = doctor(renamed(b"bpf_iter_task_new"), status=1)
    contains(d.of("walk"), "this kernel has no function bpf_iter_task_new", "walk")
    equal(d.mark("iter"), "works", "iter")
    d = doctor(renamed(b"bpf_iter_task"), status=0)
    contains(d.of("iter"), "program iter: this kernel has no iterator task", "iter")
    check(d.rows["iter"][2], "no hint\n" + d.text)


@test
def verbose_shows_the_whole_log():
    need_walk()
    where = renamed(b"sum_exec_runtime")
    r = where.run("--verbose", "--once", "--backend", "walk")
    lines = r.err.splitlines()
    equal(lines[0], "pitstop: program walk: the verifier's log:", "the first line")
    log = [line for line in lines if line.startswith("| ")]
    check(len(log) > 20 and log[-1].startswith("| processed "), "a log of %d lines, the last is %r" % (len(log), log[-1:]))
    equal(log.count("| invalid func unknown#195896080"), 1, "the log, and its end again")
    r = where.run("--verbose", "--doctor")
    for program in ("walk", "iter"):
        contains(r.err, "pitstop: program %s: the verifier's log:\n| " % program, "--doctor --verbose")
    equal(Prefixed().run("--verbose", "--json", "--once", "-d", "50ms").err, "", "--verbose where nothing is refused")


# ---- programs that the kernel refuses -------------------------------------------------------

def load(*programs, prefix=(), options=("-a",)):
    obj = os.path.join(TOOLS, "bpf/refused.bpf.o")
    p = subprocess.run([*prefix, os.path.join(TOOLS, "load"), *options, obj, *programs], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=lib.PATIENCE)
    rows = [line.split("\t") for line in p.stdout.decode().splitlines()]
    equal([row[0] for row in rows], list(programs), "programs: %r" % p.stderr)
    return {row[0]: row[1:] for row in rows}, p.stderr.decode()


@test
def each_reason_to_refuse_a_program():
    lib.need_bpf()
    want = {
        "unknown_helper": ("this kernel does not let such programs use helper number 9999", "a newer kernel may"),
        "forbidden_helper": ("this kernel does not let such programs use helper bpf_set_retval"
                             if KERNEL >= (5, 18) else None, "a newer kernel may"),
        "outside": ("the kernel's verifier refused it", REPORT),
        "lacking_field": ("this kernel's struct task_struct has no usable field no_such_field",
                          "the kernel is too old, too new or changed for this program"),
        "lacking_tracepoint": ("this kernel has no tracepoint no_such_tracepoint",
                               "a kernel of another version or configuration may have it"),
        "lacking_iterator": ("this kernel has no iterator no_such_iterator",
                             "a kernel of another version or configuration may have it"),
        "lacking_section": ("section no_such_section means nothing here", ""),
        "lacking_raw_tracepoint": ("this kernel has no such tracepoint", ""),
    }
    got, _ = load(*want, "good", "guarded_field")
    for program, (text, hint) in want.items():
        if text:
            equal(got[program][:2], ["program %s: %s" % (program, text), hint], program)
    equal((got["good"], got["guarded_field"]), (["ok"], ["ok"]), "those that are right, beside the others")
    equal(got["outside"][2], "invalid bpf_context access off=4000 size=8", "the last line of its log")


@test
def the_whole_log_goes_to_whom_asked():
    lib.need_bpf()
    _, log = load("outside", options=("-v",))
    contains(log, "program outside\n", "log")
    contains(log, "invalid bpf_context access off=4000 size=8\nprocessed ", "log")
    equal(load("outside", options=())[1], "", "log that nobody asked for")


if __name__ == "__main__":
    lib.main()
