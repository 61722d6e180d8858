#!/usr/bin/env python3
"""bench/bench.py BUILD [PART...] - what a refresh costs, and how that compares
to htop; the bytes of a frame and the time until a key is answered; what loading
costs, and how that compares to libbpf.

Prints figures and asserts nothing.  CPU time is the kernel's own account in
ns (schedstat) over a stretch of running, after the start has passed; frames
are counted as they come to the terminal.
"""
import contextlib
import fcntl
import json
import os
import pty
import random
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

BUILD = sys.argv[1]
PITSTOP = os.path.abspath(os.path.join(BUILD, "pitstop"))
WORKLOAD = os.path.abspath(os.path.join(BUILD, "tests", "workload"))
ROWS, COLS = 50, 200


class Crowd:
    """That many sleeping processes, gone when the block ends."""

    def __init__(self, n):
        self.n = n

    def __enter__(self):
        self.p = subprocess.Popen([WORKLOAD, "crowd", str(self.n)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.p.stdout.readline()
        return self

    def pids(self):
        with open(f"/proc/{self.p.pid}/task/{self.p.pid}/children") as f:
            return [int(word) for word in f.read().split()]

    def __exit__(self, *_):
        self.p.stdin.close()
        self.p.wait()


def median(values):
    return sorted(values)[len(values) // 2]


def start_in_terminal(argv, **env):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-256color", **env})
        # the size must be there before the program asks
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
        os.execvp(argv[0], argv)
    return pid, fd


def cpu_of(pid):
    """CPU seconds of a process, its threads and its children."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as f:
            total += int(f.read().split()[0]) / 1e9
        with open(f"/proc/{pid}/task/{task}/children") as f:
            total += sum(cpu_of(int(child)) for child in f.read().split())
    return total


def watch(fd, seconds):
    """Reads the screen for that long and counts the frames: bursts of output
    with a pause between them."""
    end = time.monotonic() + seconds
    frames, last = 0, 0.0
    while (left := end - time.monotonic()) > 0:
        if not select.select([fd], [], [], left)[0]:
            break
        os.read(fd, 65536)
        now = time.monotonic()
        frames += now - last > 0.1
        last = now
    return frames


def per_refresh(argv, seconds=12):
    """CPU seconds of a refresh once a program has settled."""
    pid, fd = start_in_terminal(argv)
    try:
        watch(fd, 5)
        before = cpu_of(pid)
        frames = watch(fd, seconds)
        return (cpu_of(pid) - before) / max(frames, 1), frames
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def first_frame(argv, mark):
    """Seconds from the start until mark is on its way to the screen."""
    began = time.monotonic()
    pid, fd = start_in_terminal(argv)
    seen = b""
    while mark not in seen:
        seen += os.read(fd, 65536)
    took = time.monotonic() - began
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return took


def bench(backend, samples):
    out = subprocess.run([PITSTOP, "--bench", str(samples), "--json", "--backend", backend],
                         stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out)["bench"]


def show(title, b):
    s = b["stages"]
    print(f"{title:22} {b['processes']:7} {b['tasks']:7} "
          f"{s['walk']['p50_us'] / b['tasks']:9.3f} {s['walk']['p50_us']:10.0f} "
          f"{s['total']['p50_us']:10.0f} {s['total']['p99_us']:10.0f} {b['cpu_us']:10.0f} {b['syscalls']:9.2f}")


def scaling():
    print(f"{'':22} {'procs':>7} {'tasks':>7} {'us/task':>9} {'walk us':>10} "
          f"{'total p50':>10} {'p99':>10} {'CPU us':>10} {'syscalls':>9}")
    for n in (100, 1000, 10000):
        with Crowd(n):
            for backend, samples in (("walk", 300), ("iter", 200), ("proc", 10)):
                show(f"{backend}, {n} sleepers", bench(backend, samples))


def against_htop(n=5000):
    if not shutil.which("htop"):
        print("\nno htop here to compare with")
        return
    with Crowd(n):
        ours, our_frames = per_refresh([PITSTOP, "-d", "1s"])
        theirs, their_frames = per_refresh(["htop", "-d", "10"])
    version = subprocess.run(["htop", "--version"], stdout=subprocess.PIPE, text=True).stdout.split("\n")[0]
    print(f"\nCPU time of one refresh at {n} processes, screen {COLS}x{ROWS}, once a second:")
    print(f"  {version:14} {theirs * 1000:8.2f} ms  ({their_frames} refreshes)")
    print(f"  {'pitstop':14} {ours * 1000:8.2f} ms  ({our_frames} refreshes)   {theirs / ours:.0f} times less")


def frames(argv, seconds, **env):
    """The bytes of each frame of a program that nobody touches, its start left out."""
    pid, fd = start_in_terminal(argv, **env)
    sizes, last = [], 0.0
    watch(fd, 4)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            n, now = len(os.read(fd, 65536)), time.monotonic()
            if now - last > 0.1:
                sizes.append(0)
            sizes[-1] += n
            last = now
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return sizes


def bytes_of_frames(seconds=20):
    """The whole machine as it is, and a table of 45 processes of which five work."""
    print(f"\nbytes of a steady frame, screen {COLS}x{ROWS}, once a second (median, largest):")
    depths = (("256 colours", {"COLORTERM": ""}), ("16 colours", {"TERM": "xterm"}),
              ("no colour", {"NO_COLOR": "1"}))
    with contextlib.ExitStack() as stack:
        crowd = stack.enter_context(Crowd(40))
        busy = [subprocess.Popen(["sh", "-c", "while sleep 0.0%d; do :; done" % (i + 2)]) for i in range(5)]
        stack.callback(lambda: [(p.kill(), p.wait()) for p in busy])
        some = crowd.pids() + [p.pid for p in busy]
        for what, more in ((f"{len(some)} processes", ["-p", ",".join(map(str, some))]), ("this machine", [])):
            for depth, env in depths:
                got = frames([PITSTOP, "-d", "1s", *more], seconds, **env)
                print(f"  {what + ', ' + depth:30} {median(got):6} {max(got):6}")


# From the last row each changes the screen in this order.  None is Esc, which
# waits by itself for what may follow it.
END = b"\x1b[F"
KEYS = (b"\x1b[H", b"j", b"j", b"\x1b[A", b"\x1b[6~", b"\x1b[5~", END, b"\x1b[H", b"t", END, b"\x1b[H", b"j",
        b"t", b"I", b"I", b"/", b"1", b"2", b"\x7f", b"\x7f", b"\r",
        b"\\", b"s", b"l", b"\x7f", b"\x7f", b"\r")
FRAME_END = b"\x1b[?2026l"


def answer(fd, slave, key):
    """Seconds from the press of a key until its frame has come: the first that
    ends when nothing is left to be read by the program."""
    seen, unread = b"", b"\0" * 4
    began = time.monotonic()
    os.write(fd, key)
    while not seen.endswith(FRAME_END) or struct.unpack("i", unread)[0]:
        seen += os.read(fd, 1 << 17)
        took = time.monotonic() - began
        unread = fcntl.ioctl(slave, termios.FIONREAD, b"\0" * 4)
    return took


def answers(n=10000, presses=1000):
    with Crowd(n):
        pid, fd = start_in_terminal([PITSTOP, "-d", "1s"])
        watch(fd, 6)
        slave = os.open(f"/proc/{pid}/fd/0", os.O_RDWR | os.O_NOCTTY)
        got = []
        for i in range(presses):
            if i % len(KEYS) == 0:
                os.write(fd, END)
            watch(fd, random.uniform(0.05, 0.2))
            got.append(answer(fd, slave, KEYS[i % len(KEYS)]) * 1000)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(slave)
        os.close(fd)
    got.sort()
    rank = {name: got[min(presses - 1, presses * per_mille // 1000)]
            for name, per_mille in (("p50", 500), ("p95", 950), ("p99", 990), ("max", 1000))}
    print(f"\nfrom a key press to the end of its frame, {n} processes, sampling each second, {presses} presses:")
    print("  " + "  ".join(f"{name} {ms:.2f} ms" for name, ms in rank.items()))


def start_up(runs=9):
    times = sorted(first_frame([PITSTOP], b"Command") for _ in range(runs))
    print(f"\nfirst frame: median {times[runs // 2] * 1000:.1f} ms after fork, "
          f"max {times[-1] * 1000:.1f} ms ({runs} runs)")
    print(f"binary: {os.path.getsize(PITSTOP) / 1024:.1f} KiB")


def load_once(argv):
    """One loader from its start to its line: milliseconds until everything was
    loaded, and of the whole process; CPU milliseconds of the whole process,
    the kernel's work included; the peak of resident memory in KiB."""
    r, w = os.pipe()
    began = time.monotonic_ns()
    pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, w, 1)])
    os.close(w)
    _, status, usage = os.wait4(pid, 0)
    ended = time.monotonic_ns()
    line = os.read(r, 256).split()
    os.close(r)
    if status or len(line) != 3:
        raise SystemExit(f"{argv[0]}: could not load")
    return ((int(line[0]) - began) / 1e6, (ended - began) / 1e6,
            (usage.ru_utime + usage.ru_stime) * 1e3, int(line[2]))


def against_libbpf(runs=30):
    """The same objects by either loader, in turn."""
    loaders = {"pitstop": os.path.join(BUILD, "tests", "loadtime"),
               "libbpf": os.path.join(BUILD, "tests", "oracle", "load_libbpf")}
    print(f"\nfrom the start of a process until the programs are loaded, medians of {runs}:")
    print(f"{'':34} {'loaded ms':>10} {'exit ms':>9} {'CPU ms':>9} {'peak KiB':>9}")
    for names in (("tasks",), ("argv",), ("tasks", "argv")):
        objects = [os.path.join(BUILD, "probes", n + ".bpf.o") for n in names]
        got = {which: [] for which in loaders}
        for _ in range(runs):
            for which, path in loaders.items():
                got[which].append(load_once([os.path.abspath(path)] + objects))
        mid = {which: [median(column) for column in zip(*rows)] for which, rows in got.items()}
        for which, (loaded, whole, cpu, peak) in mid.items():
            print(f"{' + '.join(names) + ', ' + which:34} {loaded:10.2f} {whole:9.2f} {cpu:9.2f} {peak:9}")
        print(f"{'  times less':34} " + " ".join(
            f"{theirs / ours:{width}.1f}" for theirs, ours, width in zip(mid["libbpf"], mid["pitstop"], (10, 9, 9, 9))))


def programs(n=1000, refreshes=50):
    """A refresh of the view of BPF programs beside one run of bpftool, in the same run."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "e2e"))
    os.environ.setdefault("PITSTOP", PITSTOP)
    os.environ.setdefault("PT_TOOLS", os.path.abspath(os.path.join(BUILD, "tests")))
    import bpfsys

    def collect(*args):
        out = subprocess.run([PITSTOP, "--json", "-d", "100ms", "-n", str(refreshes), *args],
                             stdout=subprocess.PIPE, check=True).stdout
        own = [json.loads(line)["self"] for line in out.splitlines()]
        return median([o["collect_us"] for o in own]) / 1e3, median([o["syscalls"] for o in own])

    held = [bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV0 + bpfsys.EXIT, "pt_bench") for _ in range(n)]
    try:
        (both, calls), (tasks, others) = collect("--view", "programs"), collect()
        print(f"\n{n} BPF programs: {both - tasks:.2f} ms and {calls - others} system calls a refresh, beside those for tasks")
        if shutil.which("bpftool"):
            times = []
            for _ in range(5):
                pid = os.posix_spawnp("bpftool", ["bpftool", "prog", "show"], os.environ,
                                      file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
                usage = os.wait4(pid, 0)[2]
                times.append(1e3 * (usage.ru_utime + usage.ru_stime))
            theirs = median(times)
            print(f"  bpftool prog show: {theirs:.0f} ms of CPU, {theirs / max(both - tasks, 0.001):.0f} times as much")
    finally:
        for fd in held:
            os.close(fd)


def strace(*args, seconds):
    """System calls by name, all of the stretch."""
    p = subprocess.run(["timeout", "-s", "INT", str(seconds), "strace", "-f", "-c", "-U", "calls,name", *args],
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    rows = [line.split() for line in p.stderr.decode().splitlines()]
    return {r[1]: int(r[0]) for r in rows if len(r) == 2 and r[0].isdigit() and r[1] != "total"}


def cgroups(slices=50, units=39, delay=1):
    """A refresh of the view of cgroups with 40 of 2,000 on the screen, beside a reader of every file."""
    with open("/proc/self/mounts") as f:
        top = next(line.split()[1] for line in f if line.split()[2] == "cgroup2") + "/pt_bench.slice"
    made = [top] + [f"{top}/s{i}.slice" for i in range(slices)]
    made += [f"{top}/s{i}.slice/u{j}.service" for i in range(slices) for j in range(units)]
    for path in made:
        os.mkdir(path)
    try:
        argv = [PITSTOP, "--view", "cgroups", "--read-only", "-d", f"{delay}s"]
        ms = 1e3 * per_refresh(argv)[0]
        pid, fd = start_in_terminal(argv)
        watch(fd, 3)
        calls = strace("-p", str(pid), seconds=10 * delay + 1)
        each = sum(calls.values()) / max(calls.get("bpf", 10), 1)
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        os.close(fd)
        read = 0
        for path in made:       # as systemd-cgtop and its like: each file opened, read and closed
            read += 3 * sum(os.path.exists(f"{path}/{name}") for name in (
                "cgroup.procs", "cpu.stat", "memory.current", "io.stat", "pids.current", "cpu.pressure", "memory.pressure",
                "io.pressure", "cgroup.events"))
        print(f"\n{len(made)} cgroups, {ROWS} rows of screen: {each:.0f} system calls and {ms:.1f} ms of CPU a refresh; "
              f"a reader of every file: {read}, {read / each:.0f} times as many")
        if shutil.which("systemd-cgtop"):
            rounds = 4
            theirs = strace("systemd-cgtop", "--batch", f"--iterations={rounds}", "--delay=1", seconds=60)
            print(f"  systemd-cgtop: {sum(theirs.values()) / rounds:.0f} calls a refresh, "
                  f"{sum(theirs.values()) / rounds / each:.0f} times as many")
    finally:
        for path in reversed(made):
            os.rmdir(path)


PARTS = {"scaling": scaling, "htop": against_htop, "frames": bytes_of_frames, "keys": answers,
         "start": start_up, "programs": programs, "cgroups": cgroups, "libbpf": against_libbpf}

if __name__ == "__main__":
    for name in sys.argv[2:] or PARTS:
        PARTS[name]()
