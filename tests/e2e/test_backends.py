"""walk, iter and proc say the same, and what /proc says, field by field.

How a value is compared:
  constant    equal in /proc before, /proc after and pitstop's sample between
  counter     not below /proc's value before, not above the one after
Tolerances, each for a reason of the kernel's:
  run time    a running thread's is brought up to date by the scheduler's tick:
              10 ms (HZ=100) for each CPU that can hold a running thread
  user/system from /proc in 10 ms; the kernel scales the split and never lets a
              part shrink, which a single reading cannot know: 2 ticks + 2 %
  proc        run time is two counters of 10 ms: 2 ticks
  memory      counters are kept per CPU and folded in batches of
              max(32, 2 x CPUs) pages; a plain read may lack those
"""
import os
import pty
import subprocess
import time

import lib
from lib import TICK, Workload, asleep, between, by_pid, check, equal, snapshot, test

NS = 1000000000
CPUS = os.cpu_count()
LAG = 0.010 * CPUS * NS
BATCH = 3 * CPUS * max(32, 2 * CPUS) * lib.PAGE       # file, anon and shmem
CLOCK_STEP = 0.02       # s: boot time is read anew by every run, and adjusted by NTP
ALL = "pid,ppid,uid,user,comm,cmdline,exe,state,kernel,cpu_percent,cpu_time_ns,user_ns,system_ns,threads," \
      "priority,nice,last_cpu,start_time,vsize_bytes,rss_bytes,shared_bytes,swap_bytes,memory_percent," \
      "minor_faults,major_faults,faults_per_s,voluntary_switches,involuntary_switches,read_bytes,write_bytes," \
      "read_bytes_per_s,write_bytes_per_s,tty,cgroup_id,oom_score_adj,cgroup,unit,container,in_container"
# what /proc does not give, or gives at the price of a file for every thread
NOT_IN_PROC = {"voluntary_switches", "involuntary_switches"}


def sample(backend, *args):
    return snapshot("--backend", backend, "-k", "-c", ALL, *args)


# ---- one process against /proc -------------------------------------------------

def constants(pid):
    """What does not change while a process does nothing."""
    s, st = lib.stat(pid), lib.status(pid)
    want = {"pid": pid, "ppid": s.ppid, "uid": int(st["Uid"].split()[1]), "state": s.state, "kernel": s.kernel,
            "threads": s.threads, "priority": s.priority, "nice": s.nice,
            "oom_score_adj": int(lib.read("/proc/%d/oom_score_adj" % pid))}
    if not s.kernel:
        want["comm"] = lib.as_json(lib.read("/proc/%d/comm" % pid)[:-1])
    if "VmSize" in st:
        statm = [int(n) * lib.PAGE for n in lib.read("/proc/%d/statm" % pid).split()]
        want.update(vsize_bytes=statm[0], swap_bytes=int(st["VmSwap"].split()[0]) * 1024,
                    exe=os.readlink("/proc/%d/exe" % pid),
                    cmdline=[lib.as_json(a) for a in lib.read("/proc/%d/cmdline" % pid).split(b"\0")[:-1]])
    return want


def counters(pid):
    """What only grows, as (field, value, tolerance)."""
    s = lib.stat(pid)
    io = dict(line.split(": ") for line in lib.read("/proc/%d/io" % pid).decode().splitlines())
    split = 2 * TICK * NS
    own = [("cpu_time_ns", lib.cpu_clock_ns(pid), LAG), ("user_ns", int(s.utime * TICK * NS), split),
           ("system_ns", int(s.stime * TICK * NS), split),
           ("minor_faults", s.minflt, 0), ("major_faults", s.majflt, 0),
           ("read_bytes", int(io["read_bytes"]), 0), ("write_bytes", int(io["write_bytes"]), 0)]
    tasks = [read_switches(pid, t) for t in os.listdir("/proc/%d/task" % pid)]
    live = [t for t in tasks if t]
    return own + [("voluntary_switches", sum(v for v, _ in live), 0),
                  ("involuntary_switches", sum(i for _, i in live), 0)]


def read_switches(pid, tid):
    try:
        text = lib.read("/proc/%d/task/%s/status" % (pid, tid)).decode(errors="replace")
    except OSError:                 # the thread has ended
        return None
    values = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return int(values["voluntary_ctxt_switches"]), int(values["nonvoluntary_ctxt_switches"])


def compare(backend, pid, changing=(), growing=True):
    """changing: constants that are none in this process.  Where threads end,
    their switches are in pitstop's sum and nowhere in /proc."""
    before, low = constants(pid), counters(pid)
    got = by_pid(sample(backend))[pid]
    after, high = constants(pid), counters(pid)
    check_constants(backend, got, before, after, changing)
    if growing:
        for (field, a, slack), (_, b, _) in zip(low, high):
            slack += 2 * TICK * NS if backend == "proc" and field.endswith("_ns") else 0
            slack += 0.02 * b if field in ("user_ns", "system_ns") else 0
            b = float("inf") if "threads" in changing and "switches" in field else b
            if field in got or field not in NOT_IN_PROC or backend != "proc":
                between(got[field], a - slack, b + slack, "%s: %s of %s" % (backend, field, pid))
    return got


def check_constants(backend, got, before, after, changing):
    for field, value in before.items():
        if field in changing or after[field] != value:
            continue
        equal(got.get(field), value, "%s: %s of %d" % (backend, field, before["pid"]))


def compare_memory(backend, pid, got):
    pages = [int(n) for n in lib.read("/proc/%d/statm" % pid).split()]
    rss, shared = pages[1] * lib.PAGE, pages[2] * lib.PAGE
    between(got["rss_bytes"], rss - BATCH, rss + BATCH, "%s: rss_bytes of %d" % (backend, pid))
    between(got["shared_bytes"], shared - BATCH, shared + BATCH, "%s: shared_bytes of %d" % (backend, pid))
    total = os.sysconf("SC_PHYS_PAGES") * lib.PAGE
    want = 100.0 * got["rss_bytes"] / total
    between(got["memory_percent"], want - 0.001, want + 0.001, "%s: memory_percent of %d" % (backend, pid))


def of_every_backend(pid, **how):
    got = {}
    for backend in lib.backends():
        got[backend] = compare(backend, pid, **how)
    return got


# ---- workloads ------------------------------------------------------------------

@test
def sleeper():
    with Workload("sleeper", "with", "", "arguments ") as w:
        asleep(w)
        with open("/proc/%d/oom_score_adj" % w.pid, "w") as f:
            f.write("321")
        for backend, got in of_every_backend(w.pid).items():
            equal(got["state"], "S", backend + ": state")
            equal(got["oom_score_adj"], 321, backend + ": oom_score_adj")
            equal(got["last_cpu"], lib.stat(w.pid).cpu, backend + ": last_cpu")
            check(abs(got["cpu_percent"]) < 0.01, "%s: a sleeper at %r %%" % (backend, got["cpu_percent"]))
            compare_memory(backend, w.pid, got)


@test
def start_time():
    """Seconds since 1970, as ps computes it from the boot time: /proc/stat has
    that in whole seconds."""
    btime = int(next(line for line in lib.read("/proc/stat").decode().splitlines() if line.startswith("btime")).split()[1])
    began = time.time()
    with Workload("sleeper") as w:
        want = btime + lib.stat(w.pid).start * TICK
        times = {b: by_pid(sample(b))[w.pid]["start_time"] for b in lib.backends()}
        for backend, got in times.items():
            between(got, want - 1.01, want + 1.01, backend + ": start_time")
            between(got, began - TICK - CLOCK_STEP, time.time() + CLOCK_STEP, backend + ": start_time by the clock")
        check(max(times.values()) - min(times.values()) <= CLOCK_STEP, "start times differ: %r" % times)


@test
def hog_of_50_threads():
    with Workload("hog", 50, 19) as w:
        for backend, got in of_every_backend(w.pid, changing=("state",)).items():
            equal(got["threads"], 50, backend + ": threads")
            equal(got["state"], "R", backend + ": state")
            # a new thread may still wait for a lock of its libc
            lib.wait_for(lambda b=backend: by_state(b, "R") >= 50, backend + " to count 50 burning threads as running")


def by_state(backend, letter):
    name = {"R": "running", "D": "uninterruptible", "Z": "zombie", "T": "stopped"}[letter]
    return snapshot("--backend", backend, "-H")["tasks"][name]


@test
def threads_that_come_and_go():
    """The time of ended threads counts; the process clock has it, too."""
    with Workload("churn", preexec_fn=lambda: os.nice(10)) as w:
        for backend in lib.backends():
            compare(backend, w.pid, changing=("threads", "state", "vsize_bytes"))


@test
def stopped_traced_zombie_blocked():
    for mode, letter, total in (("stopped", "T", "T"), ("traced", "t", "T"), ("zombie", "Z", "Z"), ("blocked", "D", "D")):
        before = {b: by_state(b, total) for b in lib.backends()}
        with Workload(mode) as w:
            for backend, got in of_every_backend(w.pid).items():
                equal(got["state"], letter, "%s: state of %s" % (backend, mode))
            for backend in lib.backends():
                lib.wait_for(lambda b=backend: by_state(b, total) > before[b],
                             "%s to count one more in state %s" % (backend, letter))


@test
def zombie_keeps_its_time_and_loses_the_rest():
    with Workload("zombie") as w:
        for backend, got in of_every_backend(w.pid).items():
            low = 30000000 - (2 * TICK * NS if backend == "proc" else 0)
            between(got["cpu_time_ns"], low, 500000000, backend + ": CPU time of a zombie that burnt 30 ms")
            for field in ("vsize_bytes", "rss_bytes", "shared_bytes", "cmdline", "memory_percent"):
                check(field not in got, "%s: a zombie has %s" % (backend, field))


@test
def main_thread_ended_before_the_others():
    with Workload("leaderless") as w:
        for backend, got in of_every_backend(w.pid, growing=False).items():
            equal((got["state"], got["threads"]), ("Z", 2), backend + ": state and threads")


@test
def niced_and_real_time():
    for mode, value in (("niced", 7), ("niced", 19), ("realtime", 10)):
        try:
            with Workload(mode, value) as w:
                asleep(w)
                got = of_every_backend(w.pid)
        except lib.Skip:
            if mode == "niced":
                raise
            continue
        for backend, p in got.items():
            want = (20 + value, value) if mode == "niced" else (-1 - value, 0)
            equal((p["priority"], p["nice"]), want, "%s: priority and nice of %s" % (backend, mode))


@test
def huge_memory_of_three_kinds():
    mib = 1 << 20
    with Workload("rss", os.path.join(lib.scratch(), "mapped"), 96, 160, 64) as w:
        asleep(w)
        for backend, got in of_every_backend(w.pid).items():
            compare_memory(backend, w.pid, got)
            between(got["rss_bytes"], 320 * mib - BATCH, 420 * mib, backend + ": rss_bytes")
            between(got["shared_bytes"], 160 * mib - BATCH, 200 * mib, backend + ": shared_bytes")


@test
def just_executed():
    with Workload("exec", "after-the-exec", "sleeper", "pt-new-argument") as w:
        start = {b: by_pid(sample(b))[w.pid]["start_time"] for b in lib.backends()}
        w.go_on()
        asleep(w)
        for backend, got in of_every_backend(w.pid).items():
            equal(got["cmdline"], ["after-the-exec", "sleeper", "pt-new-argument"], backend + ": cmdline")
            between(got["start_time"] - start[backend], -CLOCK_STEP, CLOCK_STEP, backend + ": start time moved by exec")


@test
def renamed():
    """A short title, and one that grows over the environment."""
    for length in (20, 3000):
        with Workload("rename", length, env=lib.environment(PT_ROOM="x" * 5000)) as w:
            w.go_on()
            asleep(w)
            for backend in lib.backends():
                got = compare(backend, w.pid, changing=("cmdline",))
                equal(got["comm"], "pt-renamed", backend + ": comm")
                want = lib.as_json(lib.read("/proc/%d/cmdline" % w.pid)).rstrip("\0").split("\0")
                equal([a for a in got["cmdline"] if a], want, "%s: cmdline after a title of %d" % (backend, length))
                equal(len(want[0]), length, "length of the title")


SLEEPER = """
import mmap, os, signal, sys
size = int(sys.argv[2])
memory = mmap.mmap(os.open(sys.argv[1], os.O_RDWR), size)
for at in range(0, size, mmap.PAGESIZE):
    memory[at] = 1
print(os.getpid(), flush=True)
signal.pause()
"""


@test
def what_others_change_of_a_sleeper():
    """Its nice value, its pages and its parent change, and it never runs."""
    size = 32 << 20
    for backend in lib.backends():
        path = os.path.join(lib.scratch(), "mapped")
        with open(path, "wb") as f:
            f.truncate(size)
        parent = subprocess.Popen(["sh", "-c", 'python3 -c "$@" & wait', "sh", SLEEPER, path, str(size)],
                                  stdout=subprocess.PIPE)
        pid = int(parent.stdout.readline())
        lib.wait_for(lambda: lib.stat(pid).state == "S", "the process to sleep")
        ran = schedstat_ns(pid)[0]
        with lib.Stream("-d", "50ms", "-p", str(pid), "-c", "pid,ppid,nice,rss_bytes", "--backend", backend) as s:
            def until(met, what):
                s.until(lambda o: met(by_pid(o)[pid]), "%s: %s" % (backend, what))

            until(lambda p: p["rss_bytes"] > size and p["ppid"] == parent.pid, "the process as it was")
            os.setpriority(os.PRIO_PROCESS, pid, 7)
            until(lambda p: p["nice"] == 7, "the nice value")
            os.truncate(path, 0)
            until(lambda p: p["rss_bytes"] < size, "the pages that went")
            parent.kill()
            parent.wait()
            until(lambda p: p["ppid"] == lib.stat(pid).ppid != parent.pid, "the new parent")
        equal(schedstat_ns(pid)[0], ran, "run time of what was to sleep")
        os.kill(pid, 9)


@test
def kernel_threads():
    names = {pid: lib.read("/proc/%d/comm" % pid)[:-1] for pid in kernel_pids()}
    if not names:
        raise lib.Skip("no kernel thread is visible: a container")
    steady = [pid for pid, name in names.items() if not name.startswith(b"kworker")]
    for backend in lib.backends():
        found = by_pid(sample(backend))
        for pid in steady:
            p = found.get(pid)
            check(p is not None, "%s: kernel thread %d is not listed" % (backend, pid))
            equal((p["kernel"], p["comm"]), (True, lib.as_json(names[pid])), "%s: kernel thread %d" % (backend, pid))
            s = lib.stat(pid)
            equal((p["ppid"], p["nice"], p["priority"]), (s.ppid, s.nice, s.priority),
                  "%s: parent, nice and priority of %s" % (backend, p["comm"]))


def kernel_pids():
    return [pid for pid in lib.proc_pids() if (lambda s: s and s.kernel)(stat_or_none(pid))]


def stat_or_none(pid):
    try:
        return lib.stat(pid)
    except OSError:
        return None


@test
def terminal_of_a_process():
    pid, fd = pty.fork()
    if pid == 0:
        os.execlp("sleep", "sleep", "1000000")
    try:
        os.set_blocking(fd, False)
        lib.wait_for(lambda: lib.read("/proc/%d/comm" % pid) == b"sleep\n", "the exec")
        want = os.readlink("/proc/%d/fd/0" % pid)[len("/dev/"):]
        for backend in lib.backends():
            found = by_pid(sample(backend))
            equal(found[pid]["tty"], want, backend + ": tty")
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(fd)
    with Workload("sleeper", start_new_session=True) as w:
        for backend in lib.backends():
            check("tty" not in by_pid(sample(backend))[w.pid], backend + ": a process without a terminal has one")


@test
def cgroup_is_the_inode_of_its_directory():
    root = cgroup2_root()
    if not root or os.geteuid() != 0:
        raise lib.Skip("no cgroup v2 is mounted, or not root")
    lib.need_bpf()
    try:
        folder = os.path.join(root, "pt-test-%d" % os.getpid())
        os.mkdir(folder)
    except OSError as e:
        raise lib.Skip("cannot make a cgroup: %s" % e.strerror)
    try:
        with Workload("sleeper") as w:
            with open(os.path.join(folder, "cgroup.procs"), "w") as f:
                f.write(str(w.pid))
            for backend in lib.backends():
                got = by_pid(sample(backend))[w.pid].get("cgroup_id")
                equal(got, os.stat(folder).st_ino, backend + ": cgroup_id")
    finally:
        lib.wait_for(lambda: not lib.read(os.path.join(folder, "cgroup.procs")), "the cgroup to be empty")
        os.rmdir(folder)


def cgroup2_root():
    for line in lib.read("/proc/self/mountinfo").decode().splitlines():
        words = line.split()
        if words[words.index("-") + 1] == "cgroup2":
            return words[4]
    return None


@test
def as_ps_shows_it():
    lib.need_command("ps")
    with Workload("sleeper", "pt-ps") as a, Workload("niced", 5) as b, Workload("stopped") as c, Workload("zombie") as d:
        pids = [asleep(a).pid, asleep(b).pid, c.pid, d.pid]
        out = subprocess.run(["ps", "-o", "pid=,ppid=,euid=,ni=,nlwp=,s=,comm=", "-p", ",".join(map(str, pids))],
                             stdout=subprocess.PIPE, check=True, text=True).stdout
        for backend in lib.backends():
            found = by_pid(sample(backend))
            for line in out.splitlines():
                pid, ppid, uid, nice, threads, state, comm = line.split(None, 6)
                p = found[int(pid)]
                equal([p[k] for k in ("ppid", "uid", "nice", "threads", "state", "comm")],
                      [int(ppid), int(uid), int(nice), int(threads), state, comm.replace(" <defunct>", "")],
                      "%s: what ps says of %s" % (backend, pid))


# ---- the whole machine -----------------------------------------------------------

@test
def nobody_is_missing_and_nobody_is_invented():
    with Workload("crowd", 200):
        for backend in lib.backends():
            before = {pid: s.start for pid in lib.proc_pids() for s in [stat_or_none(pid)] if s}
            listed = set(by_pid(sample(backend)))
            after = {pid: s.start for pid in lib.proc_pids() for s in [stat_or_none(pid)] if s}
            stayed = {pid for pid, start in before.items() if after.get(pid) == start}
            equal(stayed - listed, set(), backend + ": processes of /proc that are not listed")
            check(1 in listed, backend + ": pid 1 is not listed")
            # some come and go while we look: those two lists do not know them
            odd = [pid for pid in listed - set(before) - set(after) if os.path.exists("/proc/%d" % pid)]
            equal(odd, [], backend + ": processes that /proc does not have")


EXACT = ("ppid", "uid", "user", "comm", "cmdline", "exe", "kernel", "threads", "priority", "nice", "vsize_bytes",
         "swap_bytes", "tty", "oom_score_adj")
# not user_ns and system_ns: where somebody read them early, the kernel sticks to
# what it said then, and a kernel thread's split may differ by all there is
GROWING = ("cpu_time_ns", "minor_faults", "major_faults", "voluntary_switches",
           "involuntary_switches", "read_bytes", "write_bytes")


@test
def backends_agree_on_every_process():
    """A sample of walk before and one after hold in between whatever the
    others saw: of a process that did not run meanwhile every constant is the
    same, and counters lie between."""
    lib.need_bpf()
    first, *others = lib.backends()
    with Workload("hog", 3, 19), Workload("stopped"), Workload("zombie"), Workload("hostile"), Workload("leaderless"):
        before = by_pid(sample(first))
        middle = {b: by_pid(sample(b)) for b in others}
        after = by_pid(sample(first))
        same = [pid for pid in before if pid in after and
                abs(before[pid]["start_time"] - after[pid]["start_time"]) <= CLOCK_STEP]
        check(len(same) > 10, "only %d processes to compare" % len(same))
        for backend, found in middle.items():
            for pid in same:
                agree(backend, before[pid], found.get(pid), after[pid])
        idle = sum(before[pid]["cpu_time_ns"] == after[pid]["cpu_time_ns"] for pid in same)
        check(idle > 10, "only %d processes did not run meanwhile" % idle)


def agree(backend, a, p, b):
    pid = a["pid"]
    check(p is not None, "%s does not list %d (%s)" % (backend, pid, a["comm"]))
    idle = a["cpu_time_ns"] == b["cpu_time_ns"]
    for field in EXACT if idle else ():
        if a.get(field) == b.get(field):
            equal(p.get(field), a.get(field), "%s: %s of %d (%s)" % (backend, field, pid, a["comm"]))
    between(p["start_time"], a["start_time"] - CLOCK_STEP, a["start_time"] + CLOCK_STEP, "%s: start_time of %d" % (backend, pid))
    for field in GROWING:
        # unknown to walk, too: a process hidden from BPF, whose io is not readable either
        if field not in p and (field not in a or backend == "proc" and field in NOT_IN_PROC):
            continue
        check(field in p, "%s: %s of %d (%s) is missing" % (backend, field, pid, a["comm"]))
        if field not in a or field not in b:
            continue
        slack = 2 * TICK * NS + LAG if field == "cpu_time_ns" else 0
        between(p[field], a[field] - slack, b[field] + slack, "%s: %s of %d (%s)" % (backend, field, pid, a["comm"]))
    parts = p["user_ns"] + p["system_ns"]
    between(parts, p["cpu_time_ns"] - 2 * TICK * NS, p["cpu_time_ns"] + 2 * TICK * NS, "%s: user and system time of %d" % (backend, pid))
    for field in ("rss_bytes", "shared_bytes"):
        if idle and a.get(field) == b.get(field) is not None:
            between(p[field], a[field] - BATCH, a[field] + BATCH, "%s: %s of %d (%s)" % (backend, field, pid, a["comm"]))


# ---- CPU % -------------------------------------------------------------------------

def schedstat_ns(pid):
    """Run time of all live threads, and when that was: the middle of reading."""
    began = time.monotonic()
    total = 0
    for tid in os.listdir("/proc/%d/task" % pid):
        total += int(lib.read("/proc/%d/task/%s/schedstat" % (pid, tid)).split()[0])
    return total, (began + time.monotonic()) / 2


def cpu_clock(pid):
    began = time.monotonic()
    return lib.cpu_clock_ns(pid), (began + time.monotonic()) / 2


def expect_rate(backend, workload, truth, share):
    """Over four windows of a second: pitstop's percentages against the truth
    read when each object arrives.  The first object's window began before."""
    with workload as w, lib.Stream("-d", "1s", "-p", str(w.pid), "--backend", backend) as s:
        s.next()
        t0, at0 = truth(w.pid)
        seen = [s.next() for _ in range(4)]
        t1, at1 = truth(w.pid)
        length = sum(o["interval"] for o in seen)
        got = sum(by_pid(o)[w.pid]["cpu_percent"] * o["interval"] for o in seen) / length
        want = 100.0 * (t1 - t0) / NS / (at1 - at0)
        between(got, want * (1 - share), want * (1 + share), "%s: %% of one CPU" % backend)


@test
def cpu_percent_of_a_hog_by_its_schedstat():
    for backend in lib.backends():
        expect_rate(backend, Workload("hog", 50, 19), schedstat_ns, 0.02)


@test
def cpu_percent_of_threads_that_come_and_go():
    for backend in lib.backends():
        expect_rate(backend, Workload("churn"), cpu_clock, 0.02)


@test
def cpu_percent_of_threads():
    """Each thread's share, and that they sum up to the process's."""
    with Workload("hog", 4, 19) as w:
        for backend in lib.backends():
            obj = lib.objects("-d", "1s", "-n", "1", "-H", "-p", str(w.pid), "--backend", backend)[0]
            whole = by_pid(obj)[w.pid]["cpu_percent"]
            parts = [t["cpu_percent"] for t in obj["threads"]]
            equal(len(parts), 4, backend + ": threads")
            # from /proc each of them is a count of 10 ms
            slack = 2 + (len(parts) + 2) * 2 * TICK * 100 if backend == "proc" else 2
            between(sum(parts), whole - slack, whole + slack, backend + ": sum of the threads' CPU %")


@test
def a_process_that_vanishes_is_simply_gone():
    with Workload("sleeper", "pt-vanishes") as w, lib.Stream("-d", "100ms") as s:
        s.until(lambda o: w.pid in by_pid(o), "the process to be listed")
        w.close()
        s.until(lambda o: w.pid not in by_pid(o), "the process to be gone")


if __name__ == "__main__":
    lib.main()
