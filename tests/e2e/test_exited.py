"""What came and went between two samples: its CPU time against the kernel's own
sums, in JSON and on the screen."""
import json
import os
import re
import signal
import subprocess

import lib
from lib import Skip, Tmux, Workload, check, between, equal, run, snapshot, test, wait_for

TICK_NS = 10000000


def need_exits():
    lib.need_bpf()
    for line in run("--doctor").text.splitlines():
        if line.startswith("no    exited"):
            raise Skip("no process is seen to end here:" + line[len("no    exited"):])


class Stream:
    """pitstop --json, a sample each window, until the block ends."""

    def __init__(self, window, *args):
        self.path = os.path.join(lib.scratch(), "stream")
        with open(self.path, "wb") as out:
            self.p = subprocess.Popen([lib.PITSTOP, "--json", "-d", window, *args], stdout=out)
        self.wait_for_probe()

    def links(self):
        fds = "/proc/%d/fd" % self.p.pid
        names = []
        for fd in os.listdir(fds):
            try:
                names.append(os.readlink("%s/%s" % (fds, fd)))
            except FileNotFoundError:
                pass
        return [n for n in names if "bpf_link" in n or "bpf-link" in n or "raw-tracepoint" in n]

    def wait_for_probe(self):
        wait_for(lambda: len(self.links()) >= 2, lambda: "probes: %r" % self.links())

    def objects(self):
        with open(self.path, encoding="utf-8") as f:
            return [json.loads(line) for line in f.read().splitlines(True) if line.endswith("\n")]

    def more(self, n):
        """Waits for n windows from now on."""
        had = len(self.objects())
        wait_for(lambda: len(self.objects()) >= had + n, "%d windows after %d" % (n, had))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.wait()


def groups(objects, comm):
    return [g for o in objects for g in o["exited"] if g.get("comm") == comm]


def total(found, key):
    return sum(g[key] for g in found)


def brief(n, ms, threads=1, window=8):
    """The samples around n children that ran within one window, and what the kernel charged them, ns."""
    while window < lib.PATIENCE:
        with Stream("%ds" % window) as s, Workload("brief", n, ms, threads) as w:
            w.go_on()
            within = not s.objects()
            s.more(2)
            if within:
                return s.objects(), w.pids[0] * 1000, w.pid
        window *= 2
    raise Skip("the machine is too busy for so many children in one window")


@test
def short_lives_are_charged():
    need_exits()
    objects, charged, parent = brief(200, 10)
    check(charged > 200 * 10 * 1000 * 990, "the workload ran %d ns" % charged)
    found = groups(objects, "pt-brief")
    equal(total(found, "count"), 200, "children")
    equal(total(found, "failed"), 100, "with a status")
    equal(len({p for g in found for p in g["pids"]}), 200, "pids")
    for g in found:
        equal((g["ppid"], g["parent_comm"], g["uid"]), (parent, "workload", os.geteuid()), "parent, user")
    between(total(found, "cpu_time_ns") / charged, 0.99, 1.05, "share of what the kernel charged")
    equal([o["backend"]["exited_lost"] for o in objects if o["backend"]["exited_lost"]], [], "lost")


@test
def threads_of_short_lives_too():
    need_exits()
    objects, charged, _ = brief(50, 12, threads=4)
    found = groups(objects, "pt-brief")
    equal(total(found, "count"), 50, "children")
    between(total(found, "cpu_time_ns") / charged, 0.99, 1.05, "share of what the kernel charged")


@test
def more_than_the_ring_holds():
    """Who finds no room is counted, and the time is right all the same."""
    need_exits()
    objects, charged, _ = brief(14000, 0, window=10)
    named, rest = groups(objects, "pt-brief"), groups(objects, None)
    check(total(rest, "count"), "none was lost of 14000")
    equal(sum(o["backend"]["exited_lost"] for o in objects), total(rest, "count"), "lost, and the rest")
    check(total(named, "count") + total(rest, "count") >= 14000, "only %d and %d" % (total(named, "count"), total(rest, "count")))
    for g in rest:
        check("pids" not in g and "ppid" not in g, "the rest has %r" % g)
    check(total(named, "cpu_time_ns") + total(rest, "cpu_time_ns") >= 0.99 * charged, "%d and %d of %d" %
          (total(named, "cpu_time_ns"), total(rest, "cpu_time_ns"), charged))


def possible_cpus():
    """The list is 0-3 or 0,2-5: the kernel has an entry up to the last of it."""
    return int(re.split("[-,]", lib.read("/sys/devices/system/cpu/possible").decode().strip())[-1]) + 1


@test
def the_ring_is_of_the_machines_size():
    """256 KiB a CPU, a power of two, 1 MiB at the most."""
    need_exits()
    with Stream("1s") as s:
        rings = [int(re.search(rb"^max_entries:\s*(\d+)", text, re.M).group(1)) for text in lib.fdinfos(s.p.pid)
                 if re.search(rb"^map_type:\s*27$", text, re.M)]     # BPF_MAP_TYPE_RINGBUF
    equal(rings, [{1: 256 << 10, 2: 512 << 10}.get(possible_cpus(), 1 << 20)], "bytes of the ring, of which there is one")


@test
def only_what_no_row_has_shown():
    need_exits()
    with Stream("1s") as s, Workload("hog", 1) as w:
        wait_for(lambda: any(p["pid"] == w.pid and p["cpu_time_ns"] > 10**9 for o in s.objects() for p in o["processes"]),
                 "a second of CPU time")
        os.kill(w.pid, signal.SIGKILL)
        _, _, used = os.wait4(w.p.pid, 0)
        w.p.returncode = -signal.SIGKILL
        s.more(2)
        objects = s.objects()
    gone = [g for o in objects for g in o["exited"] if w.pid in g.get("pids", ())]
    equal(len(gone), 1, "groups that have it")
    shown = max(p["cpu_time_ns"] for o in objects for p in o["processes"] if p["pid"] == w.pid)
    rest = (used.ru_utime + used.ru_stime) * 10**9 - shown
    cpu = sum(g["cpu_time_ns"] for g in groups(objects, gone[0]["comm"]) if g["ppid"] == gone[0]["ppid"])
    between(cpu, rest * 0.98 - TICK_NS, rest * 1.02 + TICK_NS, "CPU time since the last row")
    equal((gone[0]["count"], gone[0]["failed"]), (1, 1), "it, and that it was killed")


@test
def a_zombie_is_counted_once():
    need_exits()
    with Stream("500ms") as s:
        child = subprocess.Popen(["sh", "-c", "exit 3"])
        wait_for(lambda: any(p["pid"] == child.pid and p["state"] == "Z" for o in s.objects() for p in o["processes"]), "the zombie")
        s.more(1)
        child.wait()
        s.more(2)
        gone = [g for o in s.objects() for g in o["exited"] if child.pid in g.get("pids", ())]
    equal([(g["count"] >= 1, g["failed"] >= 1) for g in gone], [(True, True)], "groups that have it")


@test
def the_consumer_is_at_the_top():
    """A loop of short commands: they stand where their sum belongs, above the shell that starts them."""
    need_exits()
    lib.need_command("awk")
    loop = subprocess.Popen(["sh", "-c", "while :; do awk 'BEGIN { while (i < 9000) i++ }'; done"])
    try:
        with Tmux(lib.PITSTOP, "-d", "1s", "-F", "awk|while") as t:
            wait_for(lambda: any("while :" in line for line in t.lines()), "the loop")
            check(not any("<awk> x" in line for line in t.lines()), "shown unasked\n" + "\n".join(t.lines()))
            t.keys("X")
            row = r"N/A +\w+ .* X +([\d.]+) .*<awk> x(\d+) of sh %d" % loop.pid
            found = wait_for(lambda: [m for m in (re.search(row, line) for line in t.lines()) if m and int(m[2]) > 20],
                             lambda: "the row of what ended:\n" + "\n".join(t.lines()))
            check(float(found[0][1]) > 5, "CPU%%: %r" % found[0][0])

            def order():
                lines = t.lines()
                awk = [i for i, line in enumerate(lines) if re.search(row, line)]
                sh = [i for i, line in enumerate(lines) if line.split()[:1] == [str(loop.pid)]]
                return awk and sh and awk[0] < sh[0]
            wait_for(order, lambda: "the consumer above the loop:\n" + "\n".join(t.lines()))
            # no action reaches it
            t.keys("Home", "k", "Enter")
            t.keys("X")
            wait_for(lambda: not any("<awk> x" in line for line in t.lines()), lambda: "no row again:\n" + "\n".join(t.lines()))
        equal(loop.poll(), None, "the loop's status")
    finally:
        loop.kill()
        loop.wait()


@test
def batch_shows_it_when_asked():
    need_exits()
    loop = subprocess.Popen(["sh", "-c", "while :; do awk 'BEGIN { while (i < 9000) i++ }'; done"])
    try:
        asked = run("-b", "--once", "--exited", "-d", "1s").text
        check(re.search(r"(?m)^ +N/A .*<awk> x\d+ of sh %d$" % loop.pid, asked), "no row\n" + asked)
        check("<awk>" not in run("-b", "--once", "-d", "1s").text, "shown unasked")
    finally:
        loop.kill()
        loop.wait()


@test
def without_the_probe_it_says_why():
    lib.need_root()
    obj = snapshot(user=lib.NOBODY)
    check("exited" not in obj and "exited_lost" not in obj["backend"], "exited without a probe")
    why = [m["why"] for m in obj["backend"]["missing"] if m["source"] == "exited"]
    check(len(why) == 1 and why[0], "missing: %r" % obj["backend"]["missing"])
    check("exited" not in snapshot("--backend", "proc"), "exited with --backend proc")


@test
def an_event_costs_less_than_a_microsecond():
    """The kernel's own count of time, the best of several: whatever else the machine does adds to it."""
    need_exits()
    if lib.SAN:
        raise Skip("the same probe as without sanitizers")
    best = [10**9, 10**9]
    for _ in range(10):
        m = re.search(r"works exited .*?(\d+) ns and\s+(\d+) ns for each", run("--doctor").text, re.S)
        if not m:
            raise Skip("the kernel does not tell what a program takes")
        best = [min(b, int(n)) for b, n in zip(best, m.groups())]
        if max(best) < 1000:
            return
    raise lib.Failed("ns an event: %r" % best)


lib.main()
