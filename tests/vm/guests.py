"""The guests of the matrix, and what is checked in each."""
import dataclasses
import glob
import json
import os
import re

import expect
import packages
from compare import Comparison, read_proc
from expect import version

BOTH = ("x86_64", "aarch64")
# label, suites it may come from, name of the package; the first column is what people say
KERNELS = (
    ("5.10", "bullseye", r"linux-image-5\.10\..*-cloud-%(deb)s"),
    ("6.1", "bookworm,bookworm-security", r"linux-image-6\.1\.0-.*-cloud-%(deb)s"),
    ("6.12", "bookworm-security,trixie", r"linux-image-6\.12\..*-cloud-%(deb)s"),
    ("6.16", "trixie-backports", r"linux-image-6\.16\..*-cloud-%(deb)s"),
    ("6.18", "trixie-backports", r"linux-image-6\.18\..*-cloud-%(deb)s"),
    ("newest", "sid", r"linux-image-[0-9.]+\+.*-cloud-%(deb)s"),
    ("next", "experimental", r"linux-image-[0-9].*-cloud-%(deb)s"),
    ("6.12-16k", "trixie", r"linux-image-6\.12\..*-%(deb)s-16k"),
)
PAGE = {"6.12-16k": 16384}


@dataclasses.dataclass
class Guest:
    arch: str
    kernel: str                 # a label of KERNELS, or "uml"
    job: str = "all"
    words: str = ""             # for the kernel's command line
    special: str = ""           # what is odd about it, part of its name
    term: str = ""              # try the screen with this TERM
    cpu: str = ""
    memory: int = 512           # MiB

    @property
    def name(self):
        return "vm/%s/%s%s" % (self.arch, self.kernel, "/" + self.special if self.special else "")


def matrix():
    for label, _, _ in KERNELS:
        for arch in BOTH:
            if label in PAGE:
                continue
            yield Guest(arch, label, term="linux" if arch == "x86_64" else "vt100")
    yield Guest("aarch64", "6.12-16k", cpu="neoverse-n1", term="vt100")


def specials():
    yield Guest("aarch64", "6.12-16k", "unit", special="unit", cpu="neoverse-n1")      # takes longest
    for arch, kernel in (("x86_64", "6.1"), ("aarch64", "6.12")):
        yield Guest(arch, kernel, "user", special="user", term="vt100")
    for arch, kernel in (("x86_64", "6.12"), ("aarch64", "6.18"), ("x86_64", "5.10")):
        yield Guest(arch, kernel, "caps", special="caps", term="linux")
    yield Guest("x86_64", "5.10", "memlock", special="memlock")
    yield Guest("x86_64", "6.12", "all", "lockdown=integrity", "integrity")
    for kernel in ("6.1", "6.12"):
        yield Guest("x86_64", kernel, "all", "lockdown=confidentiality", "confidentiality")
    yield Guest("x86_64", "uml", "all", special="no-btf")
    yield Guest("aarch64", "6.12", "nobtf", special="no-btf")
    yield Guest("x86_64", "6.12", "all", "psi=0", "no-psi")
    yield Guest("x86_64", "6.18", "emergency", special="emergency", memory=256)
    for arch in BOTH:
        yield Guest(arch, "6.12", "init", "splash -- -k", "init")


class Wrong(Exception):
    pass


def need(ok, what):
    if not ok:
        raise Wrong(what)


class Results:
    """What a guest left, and what it should be."""

    def __init__(self, guest, release, files):
        self.guest, self.release, self.files = guest, release, files
        self.version = version(release)
        self.page = PAGE.get(guest.kernel, 4096)
        self.cpus = int(self.text("cpus") or 1)

    def text(self, name):
        return self.files.get(name, b"").decode(errors="replace").strip()

    def status(self, name):
        return int(self.text(name + ".status"))

    def json(self, name):
        need(self.status(name) == 0, "%s ended with %d: %s" % (name, self.status(name), self.text(name + ".err")))
        return json.loads(self.files[name + ".out"])

    def why_not(self, what, since):
        """A pattern of the reason why something of BPF's does not work in this guest, None if it does."""
        if self.guest.job == "user":
            return r"CAP_BPF and CAP_PERFMON"
        if self.guest.job == "memlock":
            return r"RLIMIT_MEMLOCK is .*5\.11"
        if self.guest.special == "no-btf":
            return r"(exposes no|hides the kernel's) BTF"
        if self.guest.special == "confidentiality" and what in expect.READS_MEMORY:
            return r"lockdown=confidentiality forbids bpf_probe_read_kernel"
        if self.version < since:
            return expect.WHY_NOT.get(what, r".")
        return None

    def backend_why_not(self, backend):
        return None if backend == "proc" else self.why_not(backend, expect.BACKEND_SINCE[backend])

    def best_backend(self):
        return next(b for b in expect.BACKEND_SINCE if not self.backend_why_not(b))

    def workload(self, name):
        m = re.search(r"^%s:ready (\d+)" % name, self.text("workloads"), re.M)
        return int(m.group(1)) if m else None


# ---- checks: name, function of Results ------------------------------------------------

def check_workloads(r):
    lines = r.text("workloads").splitlines()
    refused = [line for line in lines if "ready" not in line]
    need(len(lines) == 10 and not refused, "not all workloads run: %s" % (refused or lines))


def check_backend(r, backend):
    why = r.backend_why_not(backend)
    if why:
        said = r.text(backend + ".err").splitlines()
        need(r.status(backend) == 1, "%s should not run here, status %d" % (backend, r.status(backend)))
        need(1 <= len(said) <= 2 and said[0].startswith("pitstop: --backend: "), "not one clear line: %r" % said)
        need(re.search(why, " ".join(said)), "wrong reason, not /%s/: %r" % (why, said))
        return
    sample = r.json(backend)
    need(sample["backend"]["tasks"] == backend, "another backend ran: %r" % sample["backend"])
    need(sample["backend"]["lost"] == 0, "lost %r" % sample["backend"]["lost"])
    c = Comparison(r, backend, sample, read_proc(r.files[backend + ".before"]), read_proc(r.files[backend + ".after"]))
    wrong = c.run()
    need(c.values > 500, "only %d values were compared" % c.values)
    need(not wrong, "%d of %d values: %s" % (len(wrong), c.values, "; ".join(wrong[:4])))


def check_workload_states(r):
    """Each kind of process looks the same to every backend."""
    want = {"sleeper": "S", "stopped": "T", "zombie": "Z", "traced": "t", "leaderless": "Z", "hog": "R"}
    for backend in expect.BACKEND_SINCE:
        if r.backend_why_not(backend):
            continue
        got = {p["pid"]: p for p in r.json(backend)["processes"]}
        states = {name: got[r.workload(name)]["state"] for name in want}
        need(states == want, "%s: %r" % (backend, states))
        nice = (got[r.workload("niced")]["nice"], got[r.workload("realtime")]["priority"])
        need(nice == (7, -11), "%s: nice and priority %r" % (backend, nice))
        need(got[r.workload("sleeper")]["cmdline"][1:] == ["sleeper", "an argument", ""],
             "%s: %r" % (backend, got[r.workload("sleeper")]["cmdline"]))
        if backend != "proc" and r.text("cgroup_id"):
            need(got[r.workload("sleeper")]["cgroup_id"] == int(r.text("cgroup_id")), backend + ": cgroup_id")


def check_auto(r):
    backend = r.json("auto")["backend"]
    best = r.best_backend()
    need(backend["tasks"] == best, "ran %s, the best here is %s: %r" % (backend["tasks"], best, backend))
    need(r.status("batch") == 0, "batch ended with %d: %s" % (r.status("batch"), r.text("batch.err")))
    said = r.text("batch.err").splitlines()
    if best == "walk":
        need(not said, "said %r" % said)
    elif r.backend_why_not("iter"):
        need(1 <= len(said) <= 2 and said[0].startswith("pitstop: tasks: "), "not one clear line: %r" % said)
        need(re.search(r.backend_why_not("iter"), " ".join(said)), "wrong reason: %r" % said)
    pressure = [m for m in backend["missing"] if m["source"] == "pressure"]
    need(bool(pressure) != bool(r.text("pressure")), "pressure is %r, the kernel has %r" % (pressure, r.text("pressure")))


def doctor_rows(text):
    """What is said of each subject: its mark (works, no or nothing) and words.  Mark and subject have
    columns of their own; longer words go on below."""
    rows, what = {}, None
    for line in text.splitlines():
        words = line[24:].strip()
        if line[6:24].strip():
            what = line[6:24].strip()
            rows.setdefault(what, [line[:6].strip(), words])
        elif what:
            rows[what][1] += ("" if rows[what][1].endswith(",") else " ") + words
    return rows


def check_doctor_facts(r, rows):
    """What it says of the kernel and of itself, against the files it has that from."""
    def says(what, pattern):
        need(what in rows and re.search(pattern, rows[what][1]), "%s is not /%s/: %r" % (what, pattern, rows.get(what)))

    says("kernel", re.escape(r.release) + " " + r.guest.arch)
    if r.guest.special == "no-btf":
        says("btf", r"^none: ")
    else:
        says("btf", r"^%s bytes, \d{5,} types, %s" % (r.text("btf"), "mapped" if r.version >= (6, 16) else "read"))
    caps = {"user": "^none", "caps": "^bpf perfmon$", "memlock": "^bpf perfmon$"}
    says("capabilities", caps.get(r.guest.job, "^bpf perfmon sys_admin"))
    locked = re.search(r"\[(\w+)\]", r.text("lockdown"))
    says("lockdown", "^" + (locked.group(1) if locked else "this kernel has none"))
    says("security modules", "^%s$" % r.text("lsm"))
    memlock = "BPF memory %s towards it$" % ("counts" if r.version < (5, 11) else "does not count")
    says("memlock", "^no limit$" if r.guest.job == "caps" else memlock)
    says("unprivileged bpf", "^%s:" % r.text("unprivileged"))
    says("user namespace", "initial")


def check_exited(r):
    """pitstop -V in a loop: each that ended, and at least what an execve costs."""
    sample = r.json("exited")
    why = r.why_not("exits/ended", (5, 8))
    said = [m["why"] for m in sample["backend"]["missing"] if m["source"] == "exited"]
    need(bool(said) == bool(why) == ("exited" not in sample), "expected %s, missing: %r" % (why, sample["backend"]["missing"]))
    if why:
        need(re.search(why, said[0]), "wrong reason: %r" % said)
        return
    own = [g for g in sample["exited"] if g.get("comm") == "pitstop"]
    need(sum(g["count"] for g in own) > 0, "of the loop: %r" % own)
    need(sum(g["failed"] for g in own) == 0 and all(g["ppid"] == own[0]["ppid"] for g in own), "parent, status: %r" % own)
    need(all(10**5 < g["cpu_time_ns"] / g["count"] < 10**9 for g in own if g["count"]), "CPU time: %r" % own)


def check_ludicrous(r):
    """Between walks, those that ran; where that cannot be had, a word of it, and frames all the same."""
    need(r.status("ludicrous") == 0, "status %d: %s" % (r.status("ludicrous"), r.text("ludicrous.err")))
    lines = [json.loads(line) for line in r.files["ludicrous.out"].splitlines()]
    said = [m["why"] for m in lines[-1]["backend"]["missing"] if m["source"] == "between walks"]
    why, pid = r.backend_why_not("walk"), r.workload("hog")
    need(len(lines) == 40 and bool(said) == bool(why), "%d lines, missing %r, expected %r" % (len(lines), said, why))
    times = [p["cpu_time_ns"] for o in lines for p in o["processes"] if p["pid"] == pid]
    need(len(times) == 40 and times == sorted(times), "the hog's times: %r" % times)
    need(why or len(set(times)) > lines[-1]["self"]["walks"] + 3, "they stand still between walks: %r" % times)


def check_doctor(r):
    rows = doctor_rows(r.files["doctor.out"].decode())
    need(r.status("doctor") == (0 if r.best_backend() == "walk" else 1), "status %d" % r.status("doctor"))
    check_doctor_facts(r, rows)
    for backend in expect.BACKEND_SINCE:
        why = r.backend_why_not(backend)
        need(rows[backend][0] == ("no" if why else "works"), "%s: %r" % (backend, rows[backend]))
        need(not why or re.search(why, rows[backend][1]), "%s: wrong reason: %r" % (backend, rows[backend]))
    why = r.why_not("argv/argv_read", (6, 4))
    need(rows["command lines"][0] == ("no" if why else "works"), "command lines: %r" % (rows["command lines"],))
    why = r.why_not("exits/ended", (5, 8))
    need(rows["exited"][0] == ("no" if why else "works"), "exited: %r" % (rows["exited"],))
    has = "works" if r.text("pressure") else "no"
    need(rows["pressure"][0] == has, "pressure: %r" % (rows["pressure"],))
    need("Tasks come from %s" % r.best_backend() in r.text("doctor.out"), "the end: " + r.text("doctor.out")[-120:])


def check_programs(r):
    """pitstop's own programs, which it finds among all in every way that a kernel has."""
    if r.guest.job in ("user", "memlock"):
        need(r.status("programs") == 1, "status %d" % r.status("programs"))
        need(re.search(r"^pitstop: programs: ", r.text("programs.err"), re.M), r.text("programs.err"))
        return
    obj = r.json("programs")
    own = {p["name"]: p for p in obj["programs"]}
    if r.guest.special == "no-btf":
        need(not own, "programs where none is loaded: %r" % sorted(own))
        return
    task = own[r.best_backend()]
    need(task["type"] == ("syscall" if r.best_backend() == "walk" else "tracing"), "type: %r" % task)
    need(task["maps"] and task["xlated_bytes"] and task["memlock_bytes"], "facts: %r" % task)
    need(abs(task["loaded_at"] - obj["time"]) < 60, "loaded at %r, it is %r" % (task["loaded_at"], obj["time"]))
    counted = r.guest.job != "caps"         # the statistics take CAP_SYS_ADMIN
    need((task["run_count"] > 0) == counted and ("events_per_s" in task) == counted, "runs: %r" % task)
    if r.guest.special == "confidentiality":
        return
    need(task["own"] and task["function"] == r.best_backend() and task["owners"], "own: %r" % task)
    walker = own["programs"]
    need(walker["attach"].startswith("bpf_iter_bpf_prog"), "attached to: %r" % walker)
    one_walk = sum(p["id"] <= walker["id"] for p in obj["programs"])
    need(not counted or walker["run_count"] > one_walk, "runs of the walk: %r" % walker)


def check_cgroups(r):
    """A tree of v2 with its controllers: limits, weights, throttling, who is frozen."""
    rows = {c["path"]: c for c in r.json("cgroups")["cgroups"]}
    held, inside, empty = (rows["/held.slice" + p] for p in ("", "/held.service", "/empty.service"))
    told = tuple(held.get(k) for k in ("memory_max_bytes", "pids_max", "cpu_weight", "cpu_max_percent", "oom_kills", "frozen"))
    need(told == (32 << 20, 33, 50, 20, 0, False), "limits %r of %r" % (told, held))
    need("memory_high_bytes" not in held and "memory_max_bytes" not in inside, "no limit, no number: %r" % held)
    need(held["throttled_percent"] > 10 and held["throttles"] > 0, "throttling: %r" % held)
    need(held["processes"] == inside["processes"] == held["pids"] == 1 and empty["processes"] == 0, "processes: %r" % held)
    need(3000 << 10 <= held["memory_bytes"] <= 32 << 20 and held["cpu_usage_ns"] > 0, "memory and CPU: %r" % held)
    need(inside["unit"] == "held.service", "unit: %r" % inside)
    if r.text("pressure"):
        need(held["pressure"]["cpu"]["some"]["total_us"] > 0, "pressure: %r" % held)
    else:
        need("pressure" not in held, "no pressure, no number: %r" % held)
    need("read_bytes_per_s" in held, "I/O: %r" % held)
    frozen = {c["path"]: c.get("frozen") for c in r.json("frozen")["cgroups"]}
    need(frozen["/held.slice/held.service"] is True and frozen["/held.slice"] is True and frozen.get("/") is None,
         "frozen: %r" % frozen)


def probe_lines(r):
    return {tuple(line.split("\t")[:2]): line.split("\t")[2:] for line in r.text("probes.out").splitlines()}


def check_probes(r):
    lines = probe_lines(r)
    for obj, prog, form, since in expect.PROBES:
        why = r.why_not(obj + "/" + prog, since)
        got = lines.get((obj, prog), ["", "it was not tried"])
        need(got[0] == ("-" if why else form), "%s/%s: %s, expected %s" % (obj, prog, " ".join(got), "a reason" if why else form))
        need(not why or re.search(why, got[1]), "%s/%s: wrong reason: %s" % (obj, prog, got[1]))
    need(len(lines) == len(expect.PROBES), "programs that nothing is expected of: %r" % sorted(lines))


def hook_lines(r):
    return {line.split("\t")[1]: line.split("\t")[3:] for line in r.text("forms.out").splitlines()}


def check_hooks(r):
    """Every kind of hook, in a guest without anything odd about it."""
    lines = hook_lines(r)
    need(r.status("forms") == 0, "status %d: %s" % (r.status("forms"), r.text("forms.err")))
    for prog, form, since in expect.HOOKS:
        want = expect.hook_form(form, since, r.guest.arch, r.version)
        got = lines.pop(prog, ["", "it was not tried"])
        need(got[0] == want if want else got[0] in ("no-load", "no-attach"), "%s: %s, expected %s" % (prog, got, want))
        need(not want or int(got[1]) > 0, "%s is attached and counted nothing" % prog)
    bad = {prog: got for prog, got in lines.items() if got[0] not in ("no-load", "no-attach")}
    need(lines and not bad, "not refused: %r" % bad)


def check_reasons(r):
    """What this kernel refuses, it refuses for the reason that is given."""
    lines = {}
    for line in r.text("words.out").splitlines():
        fields = line.split("\t")
        lines[fields[1]] = fields[3:]
    need(lines and r.status("words") == 0, "status %d: %s" % (r.status("words"), r.text("words.err")))
    for prog, arch, before, why in expect.REASONS:
        if r.version >= before or arch not in (None, r.guest.arch):
            continue
        got = lines.get(prog, ["", "it was not tried"])
        need(got[0] in ("no-load", "no-attach") and re.search(why, got[1]), "%s: %r, expected %s" % (prog, got, why))


def check_kcore(r):
    """The kernel relocates what we relocate, to the same instructions (5.17)."""
    rows = [line.split("\t") for line in r.text("kcore.out").splitlines()]
    need(rows and r.status("kcore") == 0, "status %d: %s" % (r.status("kcore"), r.text("kcore.err")))
    if r.version < (5, 17):
        need(not [row for row in rows if row[2] == "same" and int(row[4])], "a kernel that cannot relocate did")
        return
    need(not [row for row in rows if row[2] == "differs"], "differs: %r" % [row for row in rows if row[2] == "differs"])
    same = [row for row in rows if row[2] == "same"]
    need(len(same) > 30 and sum(int(row[4]) for row in same) > 100, "few programs were compared: %d" % len(same))
    probes = {row[1] for row in same} & {"walk", "iter", "argv_read"}
    need("iter" in probes and ("walk" in probes) == (r.version >= (6, 7)), "probes compared: %r" % sorted(probes))


def check_emergency(r, name):
    """With the memory nearly gone one key froze who took it, and nobody was killed."""
    lines = [line.partition("=")[::2] for line in r.text(name + ".out").splitlines()]
    got = dict(lines)
    need(r.status(name) == 0 and "failed" not in got, "status %d: %s %s" % (r.status(name), lines, r.text(name + ".err")))
    total, left, least = (int(got[k + "_kib"]) for k in ("total", "left", "least"))
    need(total < 256 * 1024 and left < total * 0.02, "%d of %d KiB were left" % (left, total))
    need(int(got["leak_kib"]) > total / 3, "the process took %s KiB" % got["leak_kib"])
    need(int(got["locked_kib"]) > 4096 and got["oom_score_adj"] == "-1000", "not ready: %r" % got)
    need("frozen: " in got["told"], "it was not told: %r" % got["told"])
    need(got["status"] == "0" and got["oom_kill"] == "0", "status %(status)s, OOM kills %(oom_kill)s" % got)
    need(not r.text("oom"), "the OOM killer fired: " + r.text("oom"))
    return "%.2f %% left at the key, %.2f %% at the least; it stood still after %s ms" % (
        100 * left / total, 100 * least / total, got["frozen_ms"])


def check_freezing(r):
    """A unit stops and goes on, a process alone is moved and moved back, guards hold."""
    for name, status, out, err in (
            ("whole", 0, "frozen: /system.slice/web.service, 2 processes", ""), ("child", 1, "", "frozen with others"),
            ("thaw", 0, "thawed: /system.slice/web.service", ""), ("alone", 0, "alone, in /system.slice/pitstop-alone.", ""),
            ("home", 0, "thawed: process", ""), ("guarded", 1, "", "guarded: docker.service"),
            ("above", 1, "", "guarded: docker.service"), ("root", 1, "", "the root cgroup cannot be frozen")):
        name = "freeze." + name
        need(r.status(name) == status and out in r.text(name + ".out") and err in r.text(name + ".err"),
             "%s: %d, %s, %s" % (name, r.status(name), r.text(name + ".out"), r.text(name + ".err")))
    need("/system.slice/pitstop-alone." in r.text("freeze.alone.cgroup"), r.text("freeze.alone.cgroup"))
    need(r.text("freeze.home.cgroup").endswith("0::/system.slice/web.service"), r.text("freeze.home.cgroup"))
    for backend in expect.BACKEND_SINCE:
        if not r.backend_why_not(backend):
            seen = r.json("freeze." + backend)
            need(seen["processes"][0]["frozen"] is True and seen["tasks"]["frozen"] == 2, "%s: %r" % (backend, seen))


# Groups of unit tests that say nothing on an emulated CPU.
UNIT_LEFT_OUT = {"names": "its programs race with the clock, which an emulated CPU loses"}


def unit_groups():
    found = []
    for path in glob.glob(os.path.join(packages.TOP, "tests/unit/test_*.c")):
        with open(path) as f:
            found += re.findall(r"^TESTS\((\w+),", f.read(), re.M)
    return sorted(set(found) - set(UNIT_LEFT_OUT))


def left_out(guest):
    """Names and reasons."""
    return ["unit/%s: %s" % item for item in UNIT_LEFT_OUT.items()] if guest.job == "unit" else []


def check_unit(r):
    text = r.text("unit.out")
    bad = re.findall(r"^not ok (.*)", text, re.M)
    need(r.status("unit") == 0 and not bad, "%s" % (bad or text.splitlines()[-3:]))
    need(len(re.findall(r"^ok ", text, re.M)) > 200, "few tests ran")


def checks(guest):
    if guest.job == "unit":
        return [("unit tests", check_unit)]
    if guest.job == "emergency":
        return [(name, lambda r, n=name: check_emergency(r, n)) for name in ("unit", "alone")]
    backends = [("backend " + b, lambda r, b=b: check_backend(r, b)) for b in expect.BACKEND_SINCE]
    return [("workloads", check_workloads), *backends, ("states", check_workload_states), ("auto", check_auto),
            ("exited", check_exited), ("ludicrous", check_ludicrous), ("doctor", check_doctor), ("probes", check_probes),
            ("programs", check_programs), ("cgroups", check_cgroups)] + \
        ([("freezing", check_freezing)] if guest.job in ("all", "nobtf") else []) + \
        ([] if guest.special else [("hooks", check_hooks), ("reasons", check_reasons), ("kernel's own CO-RE", check_kcore)])
