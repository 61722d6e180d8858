"""--ludicrous: frames in slots of 16 ms, and between walks of all tasks those that
ran, as a probe on context switches tells."""
import collections
import json
import os
import re
import signal
import subprocess
import sys
import time

import denied
import lib
from lib import Skip, Stream, Tmux, Workload, check, contains, equal, objects, run, test, wait_for

SLOT_S = 0.016
RARE = "--ludicrous=0.001"      # of a CPU: a walk every few seconds at the most
WHY = "between walks"


def missing(o):
    return {m["source"]: m["why"] for m in o["backend"]["missing"]}


def need_refresh():
    lib.need_bpf()
    why = missing(objects("--ludicrous", "-n", "2", "-p", "1")[-1]).get(WHY)
    if why:
        raise Skip("nothing is refreshed between walks: " + why)


def slots(o):
    return o["self"]["frames"] + o["self"]["frames_missed"]


def settled(s):
    """An object from after the first walks, with the probe attached."""
    return s.until(lambda o: o["self"]["walks"] >= 2 and slots(o) > 5, "two walks")


def process(o, pid):
    return next((p for p in o["processes"] if p["pid"] == pid), None)


THREADS = """
import sys, threading, time
def burn(s):
    end = time.thread_time() + s
    while time.thread_time() < end:
        pass
print("ready", flush=True)
while True:
    t = [threading.Thread(target=burn, args=(0.002,)) for _ in range(3)]
    for each in t: each.start()
    for each in t: each.join()
"""


@test
def time_grows_without_a_walk():
    need_refresh()
    with Workload("hog", 3, 19) as hog, Stream(RARE, "-p", str(hog.pid)) as s:
        seen = collections.defaultdict(list)

        def ten(o):
            p = process(o, hog.pid)
            times = seen[o["self"]["walks"]]
            times.append(p["cpu_time_ns"])
            return len(set(times)) >= 10
        o = s.until(ten, "ten different times with as many walks")
        times = seen[o["self"]["walks"]]
        equal(times, sorted(times), "the times one after the other")
        check(process(o, hog.pid)["cpu_time_ns"] <= lib.cpu_clock_ns(hog.pid), "more time than it used")


def stands_still(pid):
    """Its CPU time, once no thread of it runs any more."""
    used = lib.cpu_clock_ns(pid)
    time.sleep(0.1)
    return used if lib.cpu_clock_ns(pid) == used else None


@test
def a_process_is_the_sum_of_its_threads():
    """Those that ended, too: stopped, it has used to the nanosecond what its CPU clock says."""
    need_refresh()
    with subprocess.Popen([sys.executable, "-c", THREADS], stdout=subprocess.PIPE) as p:
        try:
            p.stdout.readline()
            with Stream(RARE, "-H", "-p", str(p.pid)) as s:
                walks = settled(s)["self"]["walks"]
                before = process(s.next(), p.pid)["cpu_time_ns"]
                s.until(lambda o: process(o, p.pid)["cpu_time_ns"] > before + 20000000, "some threads")
                os.kill(p.pid, signal.SIGSTOP)
                used = wait_for(lambda: stands_still(p.pid), "all threads to stop")
                o = s.until(lambda o: process(o, p.pid)["cpu_time_ns"] >= used, "its time")
                equal(process(o, p.pid)["cpu_time_ns"], used, "after the stop")
                if o["self"]["walks"] != walks:
                    print("# a walk came in between: %d, %d" % (walks, o["self"]["walks"]))
        finally:
            p.kill()


@test
def a_new_process_shows_without_a_walk():
    need_refresh()
    with Stream(RARE, "-c", "pid,comm,cmdline", "-F", "shown at once") as s:
        for _ in range(5):
            walks = settled(s)["self"]["walks"]
            with Workload("sleeper", "shown at once") as w:
                o = s.until(lambda o: process(o, w.pid), "process %d" % w.pid)
                named = s.until(lambda o: process(o, w.pid).get("cmdline"), "its command line")
            equal(process(named, w.pid)["cmdline"][-1], "shown at once", "its last argument")
            if o["self"]["walks"] == walks:
                return
        raise lib.Failed("there was a walk each time")


@test
def rates_are_those_of_their_window():
    """Half a second and more: of one frame a process that runs would have 0 % or 100 %."""
    need_refresh()
    with Workload("hog", 1) as hog, Stream("--ludicrous", "-p", str(hog.pid)) as s:
        s.until(lambda o: o["interval"] >= 0.5, "a window of half a second")
        kept = [s.next() for _ in range(120)]
    for o in kept:
        check(o["interval"] >= 0.5, "a window of %s s" % o["interval"])
    # from one object to another that is a window later: the same time in both figures
    last = kept[-1]
    near = min(kept, key=lambda o: abs(last["time"] - o["time"] - last["interval"]))
    if abs(last["time"] - near["time"] - last["interval"]) < 0.1:
        used = process(last, hog.pid)["cpu_time_ns"] - process(near, hog.pid)["cpu_time_ns"]
        want = used / (last["time"] - near["time"]) / 1e7
        lib.between(process(last, hog.pid)["cpu_percent"], want * 0.8 - 3, want * 1.25 + 3, "CPU per cent")


@test
def slots_go_by():
    """Shown and missed together are the time that went by, however loaded the machine is."""
    with Stream("--ludicrous", "-p", "1") as s:
        a = settled(s)
        b = s.until(lambda o: o["time"] > a["time"] + 3, "three seconds")
    gone = (b["time"] - a["time"]) / SLOT_S
    # an object's time is that of its beginning, which may be anywhere in its slot
    lib.between(slots(b) - slots(a), gone - 2, gone + 2, "slots in %.3f s" % (b["time"] - a["time"]))
    check(b["self"]["frame_p50_us"] <= b["self"]["frame_p99_us"], "percentiles: %r" % b["self"])


@test
def the_screen_keeps_to_its_slots():
    began = time.monotonic()
    with Tmux(lib.PITSTOP, "--ludicrous", "-n", "150", "-p", "1") as t:
        equal(t.wait_end(), 0, "status")
    check(time.monotonic() - began > 149 * SLOT_S, "faster than 16 ms a frame")
    with Tmux(lib.PITSTOP, "--ludicrous", cols=160) as t:
        t.wait(lambda lines: re.search(r"frame +[\d.]+/ *[\d.]+ ms . +[\d.]+ % missed", "\n".join(lines)),
               "the frames' times")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


def links_of(pid):
    found = []
    for fd in os.listdir("/proc/%d/fd" % pid):
        try:
            found.append(os.readlink("/proc/%d/fd/%s" % (pid, fd)))
        except FileNotFoundError:
            pass
    return [f for f in found if "bpf_link" in f or "bpf-link" in f or "raw-tracepoint" in f]


def programs():
    """Of all that are loaded, the names by their ids."""
    out = subprocess.run(["bpftool", "-j", "prog", "show"], capture_output=True, timeout=lib.PATIENCE)
    return {p["id"]: p.get("name") for p in json.loads(out.stdout)}


def own_programs(pid):
    name = programs()
    return {name.get(i) for i in lib.program_ids(pid)}


@test
def the_probe_is_there_in_this_mode_only():
    need_refresh()
    lib.need_command("bpftool")
    with Stream("-d", "50ms", "-p", "1") as s:
        for _ in range(5):
            s.next()
        check("switched" not in own_programs(s.p.pid) and "refresh" not in own_programs(s.p.pid),
              "without --ludicrous: %r" % own_programs(s.p.pid))
        without = len(links_of(s.p.pid))
    with Stream("--ludicrous", "-p", "1") as s:
        settled(s)
        wait_for(lambda: {"switched", "refresh"} <= own_programs(s.p.pid), "both programs")
        equal(len(links_of(s.p.pid)), without + 1, "links")
        s.p.kill()
        s.p.wait()
    wait_for(lambda: "switched" not in programs().values(), "the probe to go with one that was killed")


@test
def profile_shows_the_probe():
    need_refresh()
    r = run("--profile=2", "--ludicrous")
    equal(r.status, 0, "status: " + r.err)
    runs = {m[1]: int(m[2]) for m in re.finditer(r"^(\w+) +(\d+) +\d+ +[\d.]+$", r.text, re.M)}
    check(runs.get("switched", 0) > 0 and runs.get("refresh", 0) + runs.get("walk", 0) > 0, "probes: %r" % runs)
    window = re.match(r"(\d+) samples in ([\d.]+) s", r.text)
    equal(int(window[1]), 125, "samples of 16 ms in two seconds")
    check(float(window[2]) >= 1.9, "the time they took: %s" % window[2])


@test
def other_backends_say_what_is_lost():
    for backend in ("iter", "proc"):
        if backend not in lib.backends():
            continue
        o = objects("--ludicrous", "-n", "5", "--backend", backend, "-p", "1")[-1]
        contains(missing(o)[WHY], "backend walk", "why, with " + backend)


@test
def without_privilege():
    lib.need_root()
    r = denied.nobody().run("--ludicrous", "--json", "-n", "5")
    equal(r.status, 0, "status")
    o = lib.parse_json(r.out.splitlines()[-1])
    check(missing(o).get(WHY), "no word of what is lost: %r" % missing(o))


@test
def share_is_checked():
    for share in ("0", "101", "x", "5s", "1e3", "-1"):
        r = run("--ludicrous=" + share)
        equal(r.status, 2, "status of --ludicrous=" + share)
        contains(r.err, "not a share of a CPU", "message")
    for share in ("1", "0.5%", "100%"):
        equal(run("--ludicrous=" + share, "--json", "-n", "1", "-p", "1").status, 0, share)


def calls_a_refresh(tasks):
    """System calls from one frame to the next between walks: the most frequent list of those without
    a word with the reader of names, who is asked when somebody new comes."""
    trace = os.path.join(lib.scratch(), "trace")
    with Workload("crowd", tasks):
        with Tmux(lib.PITSTOP, RARE, "-n", "300", prefix=("strace", "-o", trace)) as t:
            equal(t.wait_end(), 0, "status")
    names = re.findall(r"^(\w+)\((BPF_PROG_TEST_RUN|BPF_PROG_RUN|0xa)?", lib.read(trace).decode(errors="replace"), re.M)
    at = [i for i, (_, what) in enumerate(names) if what]
    gaps = [tuple(sorted(name for name, _ in names[a:b])) for a, b in zip(at, at[1:])]
    quiet = [g for g in gaps if not {"sendto", "recvfrom"} & set(g)]
    check(quiet, "somebody came in each of %d frames" % len(gaps))
    return collections.Counter(quiet).most_common(1)[0][0]


@test
def as_many_calls_at_any_number():
    need_refresh()
    lib.need_command("strace")
    if lib.SAN:
        raise Skip("sanitizers make system calls of their own")
    few, many = calls_a_refresh(100), calls_a_refresh(1000)
    equal(many, few, "system calls a frame at 1,000 and at 100")
    print("# %d system calls a frame: %s" % (len(few), " ".join(few)))


if __name__ == "__main__":
    lib.main()
