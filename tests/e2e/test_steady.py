"""What a refresh costs and what it leaves behind: system calls, memory,
descriptors.  Counted by strace and by the kernel, not by pitstop."""
import collections
import json
import os
import re
import signal
import struct
import subprocess

import lib
from lib import Skip, Tmux, Workload, check, equal, test, wait_for

MOST_CALLS = 8          # a refresh of the screen, in the best backend
WARM = 20               # samples after which nothing may grow any more
SAMPLES = 100
PEAK = 1500
COUNTS = (100, 2000)    # processes more than the machine has
FRAME = b"\x1b[?2026h"
# a sanitizer's runtime maps and asks on its own, and looks for leaks at the end
QUIET = {"ASAN_OPTIONS": "detect_leaks=0"}


def no_sanitizer(what):
    if lib.SAN:
        raise Skip("sanitizers %s of their own" % what)


def need_walk():
    lib.need_bpf()
    if "walk" not in lib.backends():
        raise Skip("this kernel has no iterator that walks all tasks")


# ---- strace ----------------------------------------------------------------------

class Trace:
    """strace around a command; its lines, without the signals and the ends."""

    def __init__(self, *options):
        lib.need_command("strace")
        self.path = os.path.join(lib.scratch(), "trace")
        self.prefix = ("strace", "-o", self.path, *options)

    def lines(self):
        return lib.read(self.path).decode(errors="replace").splitlines()

    def calls(self):
        """Of each task its system calls, in order: (name, the line)."""
        found = collections.defaultdict(list)
        for line in lib.read(self.path).decode(errors="replace").splitlines():
            # "PID " only with -f; "<... resumed>" is the end of a call seen before
            m = re.match(r"(\d+ +)?(\w+)\(", line)
            if m:
                found[int(m[1] or 0)].append((m[2], line))
        return found


def screen_for(samples, *args, trace=None, **more):
    """pitstop in a terminal for so many samples, to its end."""
    with Tmux(lib.PITSTOP, "-d", "10ms", "-n", str(samples), *args, env=QUIET,
              prefix=trace.prefix if trace else (), **more) as t:
        equal(t.wait_end(), 0, "status")


def gaps(calls):
    """What the main process did from each walk to the next: lists of names."""
    run = re.compile(r".*\bbpf\((BPF_PROG_(TEST_)?RUN|0xa)\b")
    at = [i for i, (_, line) in enumerate(calls) if run.match(line)]
    return [[name for name, _ in calls[a:b]] for a, b in zip(at, at[1:])]


def most_frequent(values):
    return collections.Counter(values).most_common(1)[0][0]


def summary(names):
    return " ".join("%s:%d" % item for item in sorted(collections.Counter(names).items()))


# ---- memory ------------------------------------------------------------------------

class Spawner:
    """A shell whose children come and go as fast as it can."""

    def __enter__(self):
        self.p = subprocess.Popen(["sh", "-c", "while :; do sh -c : & sh -c 'exec sleep 0.05' & wait; done"],
                                  start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        os.killpg(self.p.pid, signal.SIGKILL)
        self.p.wait()


def pass_frames(t, n):
    """Until so many more have been written: each is of a refresh, and the cost
    that is shown changes with nearly each."""
    end = t.raw().count(FRAME) + n
    wait_for(lambda: t.raw().count(FRAME) >= end, "frame %d" % end)


def reach_peak(t, processes=PEAK):
    """Memory grows with the number of processes, and what was taken for the
    most stays: no other test on this machine gets beyond it later."""
    with Workload("crowd", processes):
        pass_frames(t, WARM)
    pass_frames(t, WARM)


def family(t):
    """pitstop and its reader of names."""
    own = lib.own_pid_under(t.pid) if lib.stat(t.pid).comm == b"strace" else t.pid
    return wait_for(lambda: (lambda c: [own, *c] if len(c) == 1 else None)(lib.children_of(own)),
                    "one child of pitstop, the reader of names")


def growth(t, value, frames=SAMPLES, meanwhile=lambda: None):
    """What value() is more after so many frames.  A starved machine may have
    the reader replaced, which takes memory: then once more."""
    for _ in range(5):
        members, before = family(t), value()
        meanwhile()
        pass_frames(t, frames)
        after = value()
        if family(t) == members:
            return [b - a for a, b in zip(before, after)]
    raise lib.Failed("the reader of names was replaced again and again")


@test
def no_memory_is_taken_once_it_runs():
    """Not in the main process, and not in the reader of names."""
    no_sanitizer("map memory")
    for backend in lib.backends():
        trace = Trace("-f", "-e", "trace=brk,mmap,munmap,mremap")
        with Spawner(), Workload("hog", 2, 15), Workload("churn"), \
                Tmux(lib.PITSTOP, "-d", "10ms", "--backend", backend, prefix=trace.prefix) as t:
            reach_peak(t)
            check(len(trace.lines()) > 20, "strace sees nothing")
            more = growth(t, lambda: [len(trace.lines())])[0]
            equal(trace.lines()[-more:] if more else [], [],
                  "%s: brk, mmap, munmap, mremap in %d frames" % (backend, SAMPLES))


@test
def nothing_is_allocated_once_it_runs():
    binary = os.path.join(lib.TOOLS, "pitstop-alloc")
    if not os.path.exists(binary):
        raise Skip("no %s: not built with sanitizers" % os.path.basename(binary))
    for backend in lib.backends():
        path = os.path.join(lib.scratch(), "count")

        def count(path=path):
            return list(struct.unpack("Q", lib.read(path)))
        with Spawner(), Workload("hog", 2, 15), \
                Tmux(binary, "-d", "10ms", "--backend", backend, env={"PITSTOP_ALLOC_COUNT": path}) as t:
            reach_peak(t)
            check(count()[0] > 0, "nothing was ever counted")
            equal(growth(t, count), [0], "%s: allocations in %d frames" % (backend, SAMPLES))
            keys = ("t", "t", "H", "H", "K", "M", "P", "F6", "Enter")
            equal(growth(t, count, meanwhile=lambda: [t.keys(key) for key in keys]), [0],
                  "%s: allocations for keys" % backend)


@test
def no_more_is_allocated_for_many_processes():
    """At both counts, while the processes are there."""
    binary = os.path.join(lib.TOOLS, "pitstop-alloc")
    if not os.path.exists(binary):
        raise Skip("no %s: not built with sanitizers" % os.path.basename(binary))
    path = os.path.join(lib.scratch(), "count")

    def count():
        return list(struct.unpack("Q", lib.read(path)))
    with Tmux(binary, "-d", "10ms", env={"PITSTOP_ALLOC_COUNT": path}) as t:
        reach_peak(t, max(COUNTS))
        for n in COUNTS:
            with Workload("crowd", n):
                pass_frames(t, WARM)
                equal(growth(t, count), [0], "allocations in %d frames, %d processes more" % (SAMPLES, n))


def open_files(t):
    """Of each process the least while some frames pass: some are open during a
    sample only."""
    members, counts, end = family(t), [], t.raw().count(FRAME) + 10

    def counted():
        counts.append([len(os.listdir("/proc/%d/fd" % p)) for p in members])
        return t.raw().count(FRAME) >= end
    wait_for(counted, "ten frames", pause=0.002)
    return [min(column) for column in zip(*counts)]


def data_kb(pid):
    return int(lib.status(pid)["VmData"].split()[0])


@test
def neither_memory_nor_descriptors_grow():
    for backend in lib.backends():
        with Spawner(), Workload("churn"), Tmux(lib.PITSTOP, "-d", "10ms", "-H", "--backend", backend, env=QUIET) as t:
            reach_peak(t)
            equal(growth(t, lambda: open_files(t), frames=300), [0, 0],
                  backend + ": open files after 300 frames")
            if not lib.SAN:         # freed memory is kept back there
                equal(growth(t, lambda: [data_kb(p) for p in family(t)], frames=300), [0, 0],
                      backend + ": VmData in KiB after 300 frames")


# ---- system calls ------------------------------------------------------------------

def calls_a_refresh():
    trace = Trace()
    # so many that the names of all are known long before the last
    screen_for(WARM + 3 * SAMPLES, "--backend", "walk", trace=trace, cols=120, rows=40)
    found = gaps(trace.calls()[0])[WARM:]
    check(len(found) >= 3 * SAMPLES - 5, "only %d walks were seen" % len(found))
    # the least: new processes of others, and what is read every 2 s, come on top
    usual = min((tuple(sorted(names)) for names in found), key=len)
    return len(usual), usual


@test
def as_many_system_calls_for_many_processes():
    no_sanitizer("make system calls")
    need_walk()
    got = []
    for n in COUNTS:
        with Workload("crowd", n):
            count, names = calls_a_refresh()
        print("# a refresh with %d processes more: %d system calls: %s" % (n, count, summary(names)))
        got.append(count)
    equal(got[0], got[1], "system calls a refresh, %d and %d processes" % COUNTS)
    check(got[0] <= MOST_CALLS, "%d system calls a refresh, wanted at most %d" % (got[0], MOST_CALLS))


@test
def bench_counts_its_system_calls_right():
    no_sanitizer("make system calls")
    need_walk()
    trace = Trace()
    r = lib.run("--bench=100", "--json", "--backend", "walk", prefix=trace.prefix, env=lib.environment(**QUIET))
    equal((r.status, r.err), (0, ""), "status and messages of --bench")
    said = json.loads(r.out)["bench"]["syscalls"]
    # 99 whole gaps, and the parts before the first walk and after the last; it
    # leaves out the clock by which it measures its own CPU time
    found = [[name for name in gap if name != "clock_gettime"] for gap in gaps(trace.calls()[0])[-99:]]
    equal(len(found), 99, "walks after the first")
    seen = sum(map(len, found)) + most_frequent(map(len, found))
    print("# --bench says %.2f a refresh, strace counts %.2f: %s" % (said, seen / 100, summary(found[-1])))
    lib.between(said * 100, seen - MOST_CALLS, seen + MOST_CALLS, "system calls of 100 refreshes")


@test
def stream_counts_its_system_calls_right():
    no_sanitizer("make system calls")
    need_walk()
    trace = Trace()
    found = lib.objects("-n", "40", "-d", "20ms", "--backend", "walk", prefix=trace.prefix,
                        env=lib.environment(**QUIET))[10:]
    said = most_frequent(o["self"]["syscalls"] for o in found)
    seen = gaps(trace.calls()[0])[10:]
    usual = most_frequent(tuple(sorted(names)) for names in seen)
    print("# --json says %d a refresh, strace counts %d: %s" % (said, len(usual), summary(usual)))
    equal(said, len(usual), "self.syscalls")


if __name__ == "__main__":
    lib.main()
