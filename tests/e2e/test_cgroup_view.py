"""--view cgroups: real cgroups, made here, beside what the kernel's own files say;
the screen at three sizes; what a refresh of 2,000 cgroups costs."""
import contextlib
import os
import re
import subprocess

import lib
from lib import PITSTOP, Tmux, Workload, check, equal, snapshot, test, wait_for


def mounted():
    for line in lib.read("/proc/self/mounts").decode().splitlines():
        if line.split()[2] == "cgroup2":
            return line.split()[1]
    raise lib.Skip("no cgroup v2 is mounted here")


@contextlib.contextmanager
def cgroups(*paths):
    """These below one of our own; its path in the hierarchy, and its directory."""
    lib.need_root()
    name = "/pt_view_%d.slice" % os.getpid()       # a "-" would say that it is below pt.slice
    top = mounted() + name
    os.mkdir(top)
    try:
        for path in paths:
            os.makedirs(os.path.join(top, path))
        yield name, top
    finally:
        for folder, _, _ in os.walk(top, topdown=False):
            if os.path.exists(os.path.join(folder, "cgroup.freeze")):
                write(os.path.join(folder, "cgroup.freeze"), "0")
            wait_for(lambda: lib.rmdir(folder), "an empty cgroup %s" % folder)


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def put(pid, folder):
    write(os.path.join(folder, "cgroup.procs"), str(pid))


def keyed(path):
    return {line.split()[0]: int(line.split()[1]) for line in lib.read(path).decode().splitlines()}


def pressure(path):
    """some/full -> total."""
    return {line.split()[0]: int(line.rsplit("=", 1)[1]) for line in lib.read(path).decode().splitlines()}


def by_path(obj):
    return {c["path"]: c for c in obj["cgroups"]}


# ---- JSON ---------------------------------------------------------------------------

@test
def agrees_with_the_files():
    with cgroups("a/b", "docker-%s.scope" % ("0123456789abcdef" * 4), "web.service") as (name, top), \
            Workload("hog") as busy, Workload("sleeper") as sleeper:
        put(busy.pid, top + "/a")
        put(sleeper.pid, top + "/a/b")
        with lib.Stream("--view", "cgroups", "-d", "300ms") as s:
            s.next()
            before = keyed(top + "/a/cpu.stat")["usage_usec"]
            s.next()            # it may have been on its way
            rows = by_path(s.next())
            after = keyed(top + "/a/cpu.stat")["usage_usec"]
        own = {p[len(name):]: c for p, c in rows.items() if p.startswith(name)}
        equal(sorted(own), sorted(["", "/a", "/a/b", "/web.service", "/docker-%s.scope" % ("0123456789abcdef" * 4)]), "paths")
        equal([own[p]["processes"] for p in ("", "/a", "/a/b", "/web.service")], [2, 2, 1, 0], "processes")
        for path, c in own.items():
            equal(c["id"], os.stat(top + path).st_ino, "id of " + path)
            equal(c["frozen"], False, "frozen of " + path)
        lib.between(own["/a"]["cpu_usage_ns"], before * 1000, after * 1000, "cpu_usage_ns")
        check(own["/a"]["cpu_percent"] > 5 and own[""]["cpu_percent"] >= own["/a"]["cpu_percent"] - 0.01 and
              own["/web.service"]["cpu_percent"] == 0, "CPU: %r" % own)
        equal(own["/web.service"]["unit"], "web.service", "unit")
        docker = own["/docker-%s.scope" % ("0123456789abcdef" * 4)]
        equal(docker["container"], {"runtime": "docker", "id": "0123456789abcdef" * 4}, "container")
        if os.path.exists(top + "/a/cpu.pressure"):
            told = own["/a"]["pressure"]["cpu"]["some"]
            check(told["total_us"] <= pressure(top + "/a/cpu.pressure")["some"], "pressure: %r" % told)
        # what this hierarchy has no files for is not there
        for key, file in (("memory_bytes", "memory.current"), ("memory_max_bytes", "memory.max"), ("pids", "pids.current"),
                          ("read_bytes_per_s", "io.stat"), ("throttled_percent", "cpu.max")):
            if not os.path.exists(top + "/a/" + file):
                check(key not in own["/a"], "%s, of which there is no file: %r" % (key, own["/a"]))
        check("frozen" not in rows["/"], "the root cannot be frozen: %r" % rows["/"])


@test
def controllers_are_read():
    """Where v2 has them: memory, pids, their limits."""
    top = mounted()
    have = lib.read(top + "/cgroup.controllers").decode().split()
    if "memory" not in have or "pids" not in have:
        raise lib.Skip("v2 has no memory or no pids controller here")
    write(top + "/cgroup.subtree_control", "+memory +pids" + (" +cpu" if "cpu" in have else ""))
    with cgroups() as (name, folder), Workload("hog") as w:
        write(folder + "/memory.max", str(64 << 20))
        write(folder + "/memory.high", "max")
        write(folder + "/pids.max", "33")
        if "cpu" in have:
            write(folder + "/cpu.weight", "50")
            write(folder + "/cpu.max", "5000 50000")
        put(w.pid, folder)
        with lib.Stream("--view", "cgroups", "-d", "500ms") as s:
            s.next()
            c = wait_for(lambda: (lambda g: g if g.get("throttles") or "cpu" not in have else None)(by_path(s.next())[name]),
                         "a cgroup that is held back", pause=0)
        equal((c["memory_max_bytes"], c["pids_max"], c["pids"]), (64 << 20, 33, 1), "limits: %r" % c)
        check("memory_high_bytes" not in c, "no limit is no number: %r" % c)
        check(0 <= c["memory_bytes"] <= 64 << 20 and c["oom_kills"] == 0, repr(c))
        if "cpu" in have:
            equal((c["cpu_weight"], c["cpu_max_percent"]), (50, 10), "weight and limit of CPU time: %r" % c)
            check(c["cpu_percent"] < 50 and c["throttled_percent"] > 10, repr(c))


@test
def filter_and_batch():
    with cgroups("one", "two/three") as (name, top), Workload("sleeper") as w:
        put(w.pid, top + "/two/three")
        obj = snapshot("--view", "cgroups", "-F", "path ~ ^%s and processes > 0" % name)
        equal(sorted(by_path(obj)), sorted([name, name + "/two", name + "/two/three"]), "cgroups that pass")
        out = lib.run("--batch", "--once", "-d", "60ms", "--view", "cgroups", "-s", "path", "-F", name).out.decode()
        lines = [line.split() for line in out.splitlines()]
        at = next(i for i, words in enumerate(lines) if words[:1] == ["PROCS"])
        equal(lines[at][-1], "Path", "the path comes last")
        equal([words[-1] for words in lines[at + 1:] if words],
              sorted([name, name + "/one", name + "/two", name + "/two/three"]), "rows")
        equal([words[0] for words in lines[at + 1:] if words], ["1", "0", "1", "1"], "processes")


# ---- the screen ---------------------------------------------------------------------

def row_of(lines, text):
    return next((line for line in lines if text in line), None)


@test
def on_the_screen():
    leaf = "bbb%d" % os.getpid()
    for cols, rows in ((80, 24), (200, 50), (60, 16)):
        with cgroups("aaa/%s" % leaf, "zzz\x1b[31m\u202e") as (name, top), Workload("sleeper") as w, \
                Tmux(PITSTOP, "--view", "cgroups", "--read-only", "-d", "200ms", "-F", name + "|workload",
                     cols=cols, rows=rows) as t:    # the filter: others would fill the small screen
            put(w.pid, top + "/aaa/" + leaf)
            t.wait_text("PROCS")
            t.keys("/")
            t.type(leaf)
            t.keys("Enter")
            t.wait(lambda lines: (row_of(lines, leaf) or "").split()[:1] == ["1"], "the cgroup with its process")
            check(not any("\x1b" in line or "\u202e" in line for line in t.lines()), "a hostile name got through")
            t.keys("l")
            t.wait_text("this is no process: f freezes" if cols > 60 else "this is no process")
            # to its processes and back
            t.keys("Enter")
            t.wait(lambda lines: any("IN: " + leaf in line for line in lines) and lib.table_of(lines), "its processes")
            equal(lib.table_of(t.lines()).pids, [w.pid], "processes in it")
            t.keys("Escape")
            t.wait_text("PROCS")
            t.keys("o", "p")    # without its folder there is room for its name
            t.wait(lambda lines: any("workload" in line for line in lines), "the processes inside")
            t.keys("o")
            t.wait(lambda lines: not any("workload" in line for line in lines), "none inside")
            # the fold hides what is below
            t.keys("BSpace")
            t.wait(lambda lines: row_of(lines, "aaa") and not row_of(lines, leaf), "a folded branch")
            t.keys("-")
            t.wait(lambda lines: row_of(lines, leaf), "an unfolded branch")
            t.keys("BTab")
            t.wait(lambda lines: any("READ/s" in line and "PID" in line for line in lines), "the tab before")
            t.keys("q")
            equal(t.wait_end(), 0, "status")


@test
def frozen_shows():
    with cgroups("a/b") as (name, top), Tmux(PITSTOP, "--view", "cgroups", "--read-only", "-d", "200ms", "-F", name, cols=120) as t:
        frozen = lambda yes: lambda lines: (row_of(lines, " b ") or "").split()[4:5] == [yes]
        t.wait(frozen("no"), "a cgroup that is not frozen")
        write(top + "/a/cgroup.freeze", "1")
        t.wait(frozen("frozen"), "one below a frozen one")
        write(top + "/a/cgroup.freeze", "0")
        t.wait(frozen("no"), "one that goes on")


@test
def come_and_go():
    with cgroups("aaa") as (name, top), Tmux(PITSTOP, "--view", "cgroups", "--read-only", "-d", "100ms", "-F", name) as t:
        t.wait_text("aaa")
        os.mkdir(top + "/bbb")
        t.wait_text("bbb")
        os.mkdir(top + "/bbb/ccc")
        os.rmdir(top + "/aaa")
        t.wait(lambda lines: row_of(lines, "ccc") and not row_of(lines, "aaa"), "one came, one went")


# ---- what it costs ------------------------------------------------------------------

def calls_of(pid, seconds):
    """System calls by name while strace looks."""
    lib.need_command("strace")
    p = subprocess.run(["timeout", "-s", "INT", str(seconds), "strace", "-f", "-c", "-U", "calls,name", "-p", str(pid)],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=lib.PATIENCE)
    found = re.findall(r"^\s*(\d+)\s+(\w+)$", p.stderr.decode(), re.M)
    return {name: int(n) for n, name in found if name != "total"}


@test
def cost_is_of_the_screen():
    every = ["s%d.slice/u%d.service" % (i, j) for i in range(50) for j in range(39)]
    with cgroups(*every) as (_, top), Tmux(PITSTOP, "--view", "cgroups", "--read-only", "-d", "200ms", "-F", "service|slice",
                                           cols=120, rows=48) as t:
        t.wait(lambda lines: sum(".service" in line for line in lines) > 30, "a screen of cgroups")
        files = sum(os.path.exists(top + "/" + f) for f in
                    ("cgroup.events", "cgroup.procs", "cpu.stat", "memory.current", "memory.events", "memory.max", "io.stat",
                     "pids.current", "cpu.pressure", "memory.pressure", "io.pressure"))
        most = 3 * files * 2000

        def each():
            calls = calls_of(t.pid, 3)
            samples = calls.get("bpf", 0) or calls.get("getdents64", 1)
            if not calls or not calls.get("pread64"):
                raise lib.Skip("strace cannot look here")
            if not lib.bpf_works():
                raise lib.Skip("without BPF a sample is not to be counted")
            return sum(calls.values()) / samples, calls
        # names of processes that others start meanwhile are read, too
        n, calls = min((each() for _ in range(3)), key=lambda e: e[0])
        print("# 2,000 cgroups, %.0f calls a refresh; a reader of every file: %d (%d files, open, read, close)" % (n, most, files))
        check(n * 20 < most, "%.0f system calls a refresh: %r" % (n, calls))


if __name__ == "__main__":
    lib.main()
